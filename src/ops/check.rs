//! Check files: that they parse, that their records keep the rules, that references hold.

use super::session::read_config;
use super::{Session, attach};
use crate::record::date::Clock;
use crate::record::{Failure, Finding, KINDS, Lang, Problem, Record, Result, Severity};
use crate::rules::{AsOf, Config, Snapshot, check};
use crate::store::{EditKind, HandEdit, LoadOptions, Repo, Source, codec, parse_path, path_of};
use crate::words;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// What a check came to.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Everything found, by path and line.
    pub findings: Vec<Finding>,
    /// How many records were meant.
    pub records: usize,
}

/// Checks the work tree, a commit, or what is staged; only findings under `paths` when there are any.
///
/// A wrong configuration is a finding like any other; the records are then checked by the defaults.
pub fn check(repo: &Repo, source: &Source, now: DateTime<Tz>, paths: &[String]) -> Result<Checked> {
    let lost = RefCell::new(Vec::new());
    let read = |path: &str| {
        let text = repo.read_text(source, path);
        text.unwrap_or_else(|failure| {
            lost.borrow_mut().push(unreadable(path, failure));
            None
        })
    };
    let (config, mut findings) = match Config::parse(&read) {
        Ok(config) => {
            let lack = check::check_calendar(&config, now.date_naive());
            (config, Vec::from_iter(lack))
        }
        Err(findings) => (Config::default(), findings),
    };
    findings.extend(lost.into_inner());
    let loaded = repo.load(&KINDS, source, LoadOptions { use_index: *source == Source::WorkTree })?;
    let meant = |record: &&Record| under(&path_of(record.kind, &record.number), paths);
    let count = if paths.is_empty() { loaded.records.len() } else { loaded.records.iter().filter(meant).count() };
    findings.extend(loaded.findings);
    if *source == Source::WorkTree {
        findings.extend(unmerged(repo));
    }
    findings.extend(records(repo, source, &loaded.records, &config, now.date_naive())?);
    findings.extend(attach::check(repo, source, loaded.records.iter().filter(meant))?);
    let as_of = AsOf { moment: now, commit: None, edited: false };
    findings.extend(across(repo, source, Snapshot::new(config, as_of, loaded.records))?);
    findings.retain(|finding| under(&finding.path, paths));
    findings
        .sort_by(|a, b| (&a.path, a.line, a.column, a.problem.code).cmp(&(&b.path, b.line, b.column, b.problem.code)));
    findings.dedup();
    Ok(Checked { findings, records: count })
}

/// Names what a merge of git left undecided: the file may be sound and one side's, and nothing can be committed.
fn unmerged(repo: &Repo) -> Vec<Finding> {
    let back = repo.way_back();
    let finding = |path: String| {
        let way = match back {
            Some(abort) => words!(
                "`{abort}` goes back, and `kehu sync` or `kehu merge BRANCH` merge by field, what is in conflict for \
                 `kehu resolve`; or settle it here and `git add {path}`",
                "用 `{abort}` 退回，改用 `kehu sync` 或 `kehu merge 分支` 按字段合并，冲突用 `kehu resolve` 处理；或在此改好后 `git add {path}`"
            ),
            None => words!(
                "settle it and `git add {path}`, or `git restore --source HEAD -SW {path}` goes back",
                "改好后 `git add {path}`，或用 `git restore --source HEAD -SW {path}` 退回"
            ),
        };
        let message = words!("git's index has it undecided, from a merge", "git 索引中它尚未合并完成");
        let problem = Problem { field: None, ..Problem::error("unmerged", "", message).mend(way) };
        Finding { path, line: 0, column: 0, problem }
    };
    // An index that cannot be read says nothing of the files; what writes says that it cannot.
    repo.unmerged().unwrap_or_default().into_iter().map(finding).collect()
}

/// Says that a file of the configuration cannot be read.
fn unreadable(path: &str, failure: Failure) -> Finding {
    let problem = Problem {
        code: "unreadable",
        severity: Severity::Error,
        field: None,
        message: failure.message,
        mend: failure.hints.into_iter().next(),
    };
    Finding { path: path.to_string(), line: 0, column: 0, problem }
}

/// Leaves out what the last commit had already, so that only a new mistake stands in the way of the next.
pub fn fresh(repo: &Repo, findings: Vec<Finding>, now: DateTime<Tz>) -> Result<Vec<Finding>> {
    let (false, Some(head)) = (findings.is_empty(), repo.head()?) else { return Ok(findings) };
    let known = check(repo, &Source::Commit(head), now, &[])?.findings;
    let known: HashSet<_> = known.iter().map(|finding| (&finding.path, &finding.problem)).collect();
    Ok(findings.iter().filter(|finding| !known.contains(&(&finding.path, &finding.problem))).cloned().collect())
}

/// Returns what is wrong with a record by itself, but for values of another type, which reading its file says.
pub fn of_record(record: &Record, config: &Config, today: NaiveDate) -> Vec<Problem> {
    let problems = check::check_record(record, config, today);
    problems.into_iter().filter(|problem| problem.code != "odd-type").collect()
}

/// Returns the errors in the records at these paths, as the last commit has them, each by itself, and without what a stage
/// wants, which [`lacking`](super::gates::lacking) tells.
pub fn errors_at<'p>(session: &Session, paths: impl Iterator<Item = &'p str>) -> Result<Vec<Finding>> {
    let Some(head) = session.repo.head()? else { return Ok(Vec::new()) };
    let source = Source::Commit(head);
    let mut findings = Vec::new();
    for path in paths {
        let Some((kind, number)) = parse_path(path) else { continue };
        let text = match session.repo.read_text(&source, path) {
            Ok(Some(text)) => text,
            Ok(None) => continue,
            Err(failure) => {
                findings.push(unreadable(path, failure));
                continue;
            }
        };
        let (record, wrong) = codec::parse(kind, &number, &text);
        findings.extend(wrong);
        let problems = record.map(|record| of_record(&record, &session.config, session.now.date_naive()));
        findings.extend(problems.into_iter().flatten().map(|problem| codec::place(path, &text, problem)));
    }
    let is_told = |problem: &Problem| problem.severity == Severity::Error && problem.code != check::STAGE_MATERIAL;
    findings.retain(|finding| is_told(&finding.problem));
    Ok(findings)
}

/// Finds what is wrong within one record.
fn records(repo: &Repo, source: &Source, all: &[Record], config: &Config, today: NaiveDate) -> Result<Vec<Finding>> {
    use rayon::prelude::*;
    let stage = repo.progress().stage(&words!("checking records", "检查记录"), all.len());
    let wrong: Vec<(&Record, Vec<Problem>)> = all
        .par_iter()
        .map(|record| (record, of_record(record, config, today)))
        .inspect(|_| stage.advance(1))
        .filter(|(_, problems)| !problems.is_empty())
        .collect();
    let mut findings = Vec::new();
    for (record, problems) in wrong {
        findings.extend(place(repo, source, &path_of(record.kind, &record.number), problems)?);
    }
    Ok(findings)
}

/// Finds what is wrong between records.
fn across(repo: &Repo, source: &Source, snapshot: Snapshot) -> Result<Vec<Finding>> {
    let _stage = repo.progress().stage(&words!("comparing records", "比对记录"), 0);
    let mut by_path: HashMap<String, Vec<Problem>> = HashMap::new();
    for (kind, number, problem) in check::check_snapshot(&snapshot) {
        by_path.entry(path_of(kind, &number)).or_default().push(problem);
    }
    let mut findings = Vec::new();
    for (path, problems) in by_path {
        findings.extend(place(repo, source, &path, problems)?);
    }
    Ok(findings)
}

/// Gives problems of one file their line and column.
fn place(repo: &Repo, source: &Source, path: &str, problems: Vec<Problem>) -> Result<Vec<Finding>> {
    let text = repo.read_text(source, path)?.unwrap_or_default();
    Ok(problems.into_iter().map(|problem| codec::place(path, &text, problem)).collect())
}

/// Tells whether a path is one of `paths` or below one; every path is below none.
pub fn under(path: &str, paths: &[String]) -> bool {
    paths.is_empty()
        || paths.iter().any(|top| {
            path == top || path.strip_prefix(top.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
        })
}

/// Returns the moment to check by, also where the configuration is wrong, and the language where it is not.
pub fn moment(clock: &Clock, repo: &Repo, source: &Source) -> (Option<Lang>, DateTime<Tz>) {
    let config = read_config(repo, source).ok();
    let locale = config.as_ref().map(|config| config.settings.locale);
    (locale, clock.now(config.unwrap_or_default().settings.timezone))
}

/// Returns the problems these hand edits, of all there are, would bring: in their files, and where some were
/// deleted, in files nobody edited, whose references then lead nowhere.
pub fn of_edits(session: &Session, edits: &[HandEdit], all: &[HandEdit]) -> Result<Vec<Finding>> {
    let mut findings = check(&session.repo, &Source::WorkTree, session.now, &[])?.findings;
    let paths: Vec<String> = edits.iter().map(|edit| edit.path.clone()).collect();
    let deletes = edits.iter().any(|edit| edit.kind == EditKind::Deleted);
    let untouched = |path: &str| all.iter().all(|edit| edit.path != path);
    let orphaned = |one: &Finding| deletes && one.problem.code == "missing-reference" && untouched(&one.path);
    findings.retain(|finding| under(&finding.path, &paths) || orphaned(finding));
    fresh(&session.repo, findings, session.now)
}
