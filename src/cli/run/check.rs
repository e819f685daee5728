//! Checks files.

use super::desk::{Delivery, Drawing, as_of, deliver};
use crate::cli::context::Context;
use crate::cli::global::OutputTarget;
use crate::cli::ui::Ui;
use crate::cli::word::CheckRequest;
use crate::ops::check::{Checked, check, fresh, moment};
use crate::ops::session::{describe, past, said};
use crate::record::{Exit, Finding, Label, Lang, Result, Severity, Words, plural};
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::store::{Repo, Source};
use crate::words;
use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &CheckRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let repo = Repo::discover(&context.start_dir()?)?.watched(ui.progress());
    if !request.staged {
        // Not in a hook: git is in the middle of a commit of its own then.
        repo.recover_if_idle(&|note| ui.note(&note));
    }
    let (checked, now) = look(request, &repo, context, ui)?;
    print(&checked, now, context, ui)?;
    let (records, wrong) = (checked.records, errors(&checked));
    let warnings = checked.findings.len() - wrong;
    let (seen, errors, others) = (plural(records, "record"), plural(wrong, "error"), plural(warnings, "warning"));
    ui.note(&words!(
        "checked {seen}: {errors}, {others}",
        "检查了 {records} 条记录：{wrong} 个错误，{warnings} 个警告"
    ));
    Ok(if wrong > 0 { Exit::Invalid } else { Exit::Done })
}

/// Checks what is asked for, the language of the repository being that of the words from now on; returns the moment
/// it was checked as of, too.
fn look(request: &CheckRequest, repo: &Repo, context: &Context, ui: &mut Ui) -> Result<(Checked, DateTime<Tz>)> {
    let start = context.start_dir()?;
    let present = if request.staged { repo.staged(context.git_index.as_deref())? } else { Source::WorkTree };
    let paths = request.paths.iter().map(|path| repo.relative(&start, path)).collect::<Result<Vec<_>>>()?;
    let (locale, now) = moment(&context.clock, repo, &present);
    ui.lang = context.lang(locale);
    let (source, now) = match as_of(context) {
        Some(text) => past(repo, &text, now)?,
        None => (present, now),
    };
    let mut checked = check(repo, &source, now, &paths)?;
    if request.staged {
        checked.findings = fresh(repo, checked.findings, now)?;
    }
    Ok((checked, now))
}

fn errors(checked: &Checked) -> usize {
    checked.findings.iter().filter(|finding| finding.problem.severity == Severity::Error).count()
}

/// Prints the findings: a line each, as annotations of GitHub, or as a table in the format asked for.
fn print(checked: &Checked, now: DateTime<Tz>, context: &Context, ui: &mut Ui) -> Result<()> {
    let (findings, lang) = (&checked.findings, ui.lang);
    let is_github = matches!(&context.output, Some(OutputTarget::Format(name)) if name == "github");
    if is_github || (context.output.is_none() && !context.json) {
        let line = if is_github { annotation } else { line };
        let lines: String = findings.iter().map(|finding| line(finding, lang)).collect();
        return ui.print_all(&lines);
    }
    let all = || findings.iter().map(|finding| finding_json(finding, lang)).collect::<Vec<_>>();
    let json = || {
        json!({
            "schema": "kehu.check",
            "version": 1,
            "records": checked.records,
            "errors": errors(checked),
            "findings": all(),
        })
    };
    let drawing = Drawing::Sheet(sheet(findings));
    deliver(Delivery { now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)
}

fn line(finding: &Finding, lang: Lang) -> String {
    let level = level(finding.problem.severity).get(lang);
    format!("{} [{level} {}]\n", describe(finding).get(lang), finding.problem.code)
}

fn level(severity: Severity) -> Label {
    match severity {
        Severity::Error => Label::new("error", "错误"),
        Severity::Warning => Label::new("warning", "警告"),
    }
}

/// Writes an annotation of a GitHub workflow.
fn annotation(finding: &Finding, lang: Lang) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let level = level(finding.problem.severity).en;
    let (path, code) = (property(&finding.path), property(finding.problem.code));
    let place = format!("file={path},line={},col={},title={code}", finding.line.max(1), finding.column.max(1));
    format!("::{level} {place}::{}\n", escape(said(&finding.problem).get(lang)))
}

fn finding_json(finding: &Finding, lang: Lang) -> Json {
    let problem = &finding.problem;
    json!({
        "path": finding.path,
        "line": finding.line.max(1),
        "column": finding.column.max(1),
        "severity": level(problem.severity).en,
        "code": problem.code,
        "field": problem.field,
        "message": problem.message.get(lang),
        "mend": problem.mend.as_ref().map(|mend| mend.get(lang)),
    })
}

fn sheet(findings: &[Finding]) -> Sheet {
    let columns = vec![
        Column::text("path", "File", "文件"),
        Column::of("line", "Line", "行", ColumnType::Integer),
        Column::of("column", "Column", "列", ColumnType::Integer),
        Column::text("severity", "Severity", "级别"),
        Column::text("code", "Code", "代码"),
        Column::text("message", "Finding", "问题"),
        Column::text("mend", "Mend", "修正"),
    ];
    let mut sheet = Sheet::new("findings", Words::default(), columns);
    let words = |words: &Words| Cell::Label(words.en.to_string(), words.clone());
    for finding in findings {
        let problem = &finding.problem;
        sheet.rows.push(vec![
            Cell::text(&finding.path),
            Cell::count(finding.line.max(1)),
            Cell::count(finding.column.max(1)),
            words(&level(problem.severity).into()),
            Cell::text(problem.code),
            words(&problem.message),
            problem.mend.as_ref().map_or(Cell::Empty, words),
        ]);
    }
    sheet
}
