//! What commands share: opening the repository, reading filters, delivering the result.

use crate::cli::context::{Context, Talk};
use crate::cli::global::{AsOfArg, OutputTarget};
use crate::cli::noun::list::FieldFilter;
use crate::cli::ui::Ui;
use crate::ops::access::user_names;
use crate::ops::batch::{Action, Outcome, Touched};
use crate::ops::resolve::FilterNames;
use crate::ops::session::describe;
use crate::ops::{Options, Session};
use crate::output::{DrawOptions, FORMATS, Format, find_format, format_for_path};
use crate::query::{self, Filter};
use crate::record::date::Moment;
use crate::record::input::one_of;
use crate::record::{
    Assignment, Change, Dictionary, Exit, Failure, Field, FieldChange, Finding, Kind, Lang, Result, Severity, Target,
    Value,
};
use crate::rules::listing::{self, RecordSchema};
use crate::sheet::{Cell, Document, Sheet};
use crate::words;
use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::{Value as Json, json};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Opens the repository the context points to, and settles the language.
pub fn open(context: &Context, ui: &mut Ui) -> Result<Session> {
    open_on(None, context, ui)
}

/// Opens it to read and to write a branch that is not checked out, where one is named.
pub fn open_on(branch: Option<&str>, context: &Context, ui: &mut Ui) -> Result<Session> {
    let branch = branch.map(str::to_string);
    let session = Session::open(&context.start_dir()?, Options { branch, ..options(context, ui) })?;
    ui.lang = context.lang(Some(session.config.settings.locale));
    Ok(session)
}

/// Refuses a step that wants a reason and is told none, naming the reasons there are; `field` is where it is kept.
///
/// Fails with exit code 2.
pub fn refuse_unreasoned(told: &[Assignment], field: &'static Field, session: &Session) -> Result<()> {
    if told.iter().any(|one| one.target == Target::Field(field) && one.change != Change::Clear) {
        return Ok(());
    }
    let known = field.dictionary().and_then(|name| session.config.dictionary.get(name)).map(one_of);
    let failure = Failure::usage(words!("`--reason` is missing", "缺少 `--reason`"));
    Err(known.into_iter().fold(failure, Failure::hint))
}

/// Returns what operations need to know of the context.
pub fn options(context: &Context, ui: &Ui) -> Options {
    let (ui, progress) = (*ui, ui.progress());
    let undisturbed = progress.clone();
    Options {
        clock: context.clock,
        user: context.user.clone(),
        as_of: as_of(context),
        present_config: context.present_config,
        branch: None,
        dry_run: context.dry_run,
        message: context.message.clone(),
        lock_timeout: context.lock_timeout,
        use_index: context.use_index,
        progress,
        note: Box::new(move |note| undisturbed.pause(|| ui.note(&note))),
    }
}

/// Returns the day, moment or revision that is to be read, as operations take it.
pub fn as_of(context: &Context) -> Option<String> {
    Some(match context.as_of.as_ref()? {
        AsOfArg::Revision(revision) => revision.clone(),
        AsOfArg::Moment(Moment::Day(day)) => day.to_string(),
        AsOfArg::Moment(Moment::Local(local)) => local.format("%Y-%m-%dT%H:%M:%S").to_string(),
        AsOfArg::Moment(Moment::Fixed(fixed)) => fixed.to_rfc3339(),
    })
}

/// Joins `--where` filters and short flags into one; none when nothing was asked.
pub fn filter(session: &Session, kind: Kind, texts: &[String], fields: &[FieldFilter]) -> Result<Option<Filter>> {
    let schema = RecordSchema::new(kind, &session.config);
    let short = |one: &FieldFilter| {
        let values: Vec<String> = one.values.iter().map(|value| quoted(value)).collect();
        format!("{} in ({})", one.field, values.join(", "))
    };
    let me = match session.actor() {
        Err(failure) if session.options.user.is_some() => return Err(failure),
        actor => actor.ok(),
    };
    let names = FilterNames::new(session, kind);
    let context = query::Context { today: Some(session.now.date_naive()), me: me.as_deref(), names: Some(&names) };
    let parts: Vec<String> = texts.iter().cloned().chain(fields.iter().map(short)).collect();
    match parts.as_slice() {
        [] => Ok(None),
        [one] if fields.is_empty() => query::parse_in(one, &schema, &context).map(Some),
        many => {
            // Each is read by itself first, so that a mistake is shown in the words it was made in.
            for part in texts {
                query::parse_in(part, &schema, &context)?;
            }
            for part in fields.iter().map(short) {
                query::read(&part, &schema, &context).map_err(query::Fault::into_plain_failure)?;
            }
            let all = many.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" and ");
            query::parse_in(&all, &schema, &context).map(Some)
        }
    }
}

/// Puts a value in quotes; `me` stays a word, because it means somebody.
fn quoted(value: &str) -> String {
    if value == "me" { value.to_string() } else { format!("\"{}\"", value.replace('"', "\"\"")) }
}

/// Says what is wrong with files that could not be read in full; returns the exit code of a read.
pub fn tell_findings(findings: &[Finding], ui: &Ui) -> Exit {
    for finding in findings {
        ui.warn(&describe(finding));
    }
    let partly = findings.iter().any(|finding| finding.problem.severity == Severity::Error);
    if partly { Exit::Partly } else { Exit::Done }
}

/// A result in every form it may be asked for.
pub struct Delivery<'a> {
    /// The present, for files that carry it.
    pub now: DateTime<Tz>,
    /// Whether CSV is made for Excel.
    pub excel: bool,
    /// What is drawn.
    pub drawing: Drawing,
    /// The JSON form, where it is not that of the document.
    pub json: Option<&'a dyn Fn() -> Json>,
    /// The members of the JSON form, one a line, where it is not that of the document.
    pub lines: Option<&'a dyn Fn() -> Vec<Json>>,
}

/// What is drawn: a report, or a plain list.
pub enum Drawing {
    /// With heading, facts and definition.
    Document(Document),
    /// Nothing but rows.
    Sheet(Sheet),
}

/// Writes a result to where `-o` and `--json` want it; fails as [`refuse_output`] does.
pub fn deliver(delivery: Delivery<'_>, context: &Context, ui: &Ui) -> Result<()> {
    let (format, path) = output(context)?;
    let options = DrawOptions {
        lang: ui.lang,
        width: context.screen.width.filter(|_| path.is_none()),
        color: context.screen.color_stdout && path.is_none(),
        excel: delivery.excel,
        now: delivery.now.fixed_offset(),
    };
    let draw = |out: &mut dyn Write| draw(delivery, format, &options, out);
    put(path.map(|path| path.as_path()), draw, context, ui)
}

/// Puts the names of users in the place of their logins in a column, where the result is for people to read.
pub fn name_users(sheet: &mut Sheet, column: &str, session: &Session, context: &Context) -> Result<()> {
    let at = sheet.columns.iter().position(|one| one.key == column);
    let Some(at) = at.filter(|_| context.wants_names()) else { return Ok(()) };
    let names = user_names(session)?;
    for cell in sheet.rows.iter_mut().filter_map(|row| row.get_mut(at)) {
        let name = if let Cell::Text(login) = cell { names.get(login.as_str()) } else { None };
        if let Some(name) = name {
            *cell = Cell::text(name);
        }
    }
    Ok(())
}

/// Tells whether a format is wanted that no document is drawn in, and into which file; none of it for standard output.
pub fn own_target<'c>(context: &'c Context, name: &str) -> Option<Option<&'c Path>> {
    match context.output.as_ref()? {
        OutputTarget::Format(wanted) => (wanted == name).then_some(None),
        OutputTarget::File(path) => {
            path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(name)).then_some(Some(path))
        }
    }
}

/// Adds to the failure of a format there is not the ending that a command knows besides those of every document.
pub fn with_own_ending(failure: Failure, ending: &'static str) -> Failure {
    match failure.exit {
        Exit::Usage => failure.hint(words!("or `{ending}` here", "此处还可用 `{ending}`")),
        _ => failure,
    }
}

/// Writes what `draw` draws to a file, but in a dry run, or to standard output.
pub fn put(
    path: Option<&Path>,
    draw: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    context: &Context,
    ui: &Ui,
) -> Result<()> {
    match path {
        Some(path) if context.dry_run => {
            ui.note(&words!("would write `{}`", "将写入 `{}`"; path.display()));
            Ok(())
        }
        Some(path) => ui.write_file(path, draw),
        None => ui.emit(draw),
    }
}

/// Fails where a result could not be delivered, for a command that changes something before it has one: with exit code 2
/// where `-o` wants a format there is not, or binary data on a terminal, 1 where its file cannot be written.
pub fn refuse_output(context: &Context, ui: &Ui) -> Result<()> {
    match output(context)?.1 {
        Some(path) if !context.dry_run => ui.try_file(path),
        _ => Ok(()),
    }
}

/// Returns the format that `-o` and `--json` want, and the file it goes to.
fn output(context: &Context) -> Result<(&'static Format, Option<&PathBuf>)> {
    let (format, path) = match &context.output {
        None if context.json => (named("json")?, None),
        None => (named("table")?, None),
        Some(OutputTarget::Format(name)) => (named(name)?, None),
        Some(OutputTarget::File(path)) => (format_for_path(path)?, Some(path)),
    };
    if path.is_none() && format.binary && context.terminal.stdout {
        let name = format.name;
        return Err(Failure::usage(words!("`{name}` is no text for a terminal", "`{name}` 不是可在终端显示的文本"))
            .hint(words!("write it to a file: `-o report.{name}`", "请写入文件：`-o report.{name}`")));
    }
    Ok((format, path))
}

fn draw(delivery: Delivery<'_>, format: &Format, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    match (format.name, delivery.json, delivery.lines) {
        ("json", Some(json), _) => return print_json(&json(), out),
        ("jsonl", _, Some(lines)) => return lines().iter().try_for_each(|line| writeln!(out, "{line}")),
        _ => {}
    }
    match delivery.drawing {
        Drawing::Document(document) => (format.draw_document)(&document, options, out),
        Drawing::Sheet(sheet) => format.draw_sheet(sheet, options, out),
    }
}

/// Writes one JSON value, indented, with a line end.
pub fn print_json(value: &Json, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}

fn named(name: &str) -> Result<&'static Format> {
    find_format(name).ok_or_else(|| {
        let known = FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
        Failure::usage(words!("there is no format `{name}`", "没有格式“{name}”"))
            .hint(words!("the formats are {known}", "可用格式：{known}"))
    })
}

/// Says what a write came to: numbers on stdout, the rest on stderr; of a dry run, the fields on stdout too.
pub fn tell_outcome(outcome: &Outcome, session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    for warning in &outcome.warnings {
        ui.warn(warning);
    }
    if context.json {
        ui.emit(|out| print_json(&outcome_json(outcome, context.dry_run, ui.lang), out))?;
        return Ok(Exit::Done);
    }
    let preview = context.dry_run && context.talk > Talk::Quiet;
    let shown = |touched: &Touched| match preview {
        true => previewed(touched, &session.config.dictionary, ui),
        false => format!("{}\n", touched.number),
    };
    ui.print_all(&outcome.touched.iter().map(shown).collect::<String>())?;
    if context.dry_run {
        ui.note(&words!("nothing was written (`--dry-run`)", "未写入任何内容（`--dry-run`）"));
    } else if outcome.commit.is_none() {
        ui.note(&words!("nothing changed", "没有变化"));
    }
    Ok(Exit::Done)
}

/// Returns a change of one field; `null` for what was or is absent.
pub fn change_json(change: &FieldChange) -> Json {
    let side = |value: &Option<Value>| value.as_ref().map_or(Json::Null, listing::value_json);
    json!({ "field": change.path, "old": side(&change.old), "new": side(&change.new) })
}

/// Returns the number of a record with the fields that would differ.
fn previewed(touched: &Touched, dictionary: &Dictionary, ui: &Ui) -> String {
    let what = match touched.action {
        Action::Created => words!("new", "新建"),
        Action::Updated => words!("changed", "修改"),
        Action::Removed => return format!("{} {}\n", touched.number, words!("removed", "删除").get(ui.lang)),
    };
    let fields = touched.changes.iter().map(|change| listing::change_words(touched.kind, change, dictionary));
    let fields: String = fields.map(|words| format!("  {}\n", words.get(ui.lang))).collect();
    format!("{} {}\n{fields}", touched.number, what.get(ui.lang))
}

fn outcome_json(outcome: &Outcome, dry_run: bool, lang: Lang) -> Json {
    let records = outcome.touched.iter().map(|touched| {
        let action = match touched.action {
            Action::Created => "created",
            Action::Updated => "updated",
            Action::Removed => "removed",
        };
        let fields: Vec<&str> = touched.changes.iter().map(|change| change.path.as_str()).collect();
        json!({
            "kind": touched.kind.name,
            "number": touched.number.as_str(),
            "action": action,
            "fields": fields,
            "changes": touched.changes.iter().map(change_json).collect::<Vec<_>>(),
        })
    });
    json!({
        "schema": "kehu.change",
        "version": 1,
        "dry_run": dry_run,
        "commit": outcome.commit,
        "records": records.collect::<Vec<_>>(),
        "warnings": outcome.warnings.iter().map(|warning| warning.get(lang)).collect::<Vec<_>>(),
    })
}
