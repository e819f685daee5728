//! Make a report: load what it needs, look up what was before the period, compute.

mod earlier;
mod end;

use super::Session;
use super::access::{LeftOut, Readable};
use super::stages::stays;
use crate::query::Filter;
use crate::record::{Finding, KINDS, Label, OPPORTUNITY, Result, Severity, Words};
use crate::report::{Input, Period, Report};
use crate::rules::Snapshot;
use crate::sheet::{Cell, Document, Fact};
use crate::store::{LoadOptions, Source};
use crate::words;
use end::End;
use std::collections::BTreeSet;

/// What a report is asked about.
#[derive(Default)]
pub struct Question {
    /// The period; the report's own when absent.
    pub period: Option<Period>,
    /// Only this person's records.
    pub owner: Option<String>,
    /// Only records of this department's people.
    pub department: Option<String>,
    /// Only records this lets by.
    pub filter: Option<Filter>,
}

/// Makes a report; also returns what could not be read in full.
pub fn report(session: &Session, report: &Report, question: &Question) -> Result<(Document, Vec<Finding>)> {
    let period = report.period(question.period.clone(), session.now.date_naive());
    let end = if report.as_of_end { end::at_end(session, &period)? } else { None };
    let late = end.as_ref().and_then(End::fact);
    let (snapshot, findings, others) = match end {
        Some(end) => (end.snapshot, end.findings, end.others),
        None => snapshot(session)?,
    };
    let earlier = earlier::statuses(session, &snapshot, &period)?;
    let stays = report.wants_stays.then(|| stays(session)).transpose()?;
    let reaches_back = reaches_back(session, &period);
    let seen = session.access()?.seen(OPPORTUNITY);
    let input = Input {
        period: Some(period),
        earlier: Some(&earlier),
        stays: stays.as_ref(),
        reaches_back,
        seen: seen.as_ref(),
        owner: question.owner.as_deref(),
        department: question.department.as_deref(),
        filter: question.filter.as_ref(),
        ..Input::new(&snapshot)
    };
    let stage = session.options.progress.stage(&words!("counting", "统计"), 0);
    let mut document = report.run(&input)?;
    document.facts.extend(left_out(&findings));
    document.facts.extend(others.map(scope));
    document.facts.extend(replayed(session));
    document.facts.extend(late);
    drop(stage);
    // Taking a hundred thousand records apart takes its time, and nobody waits for it.
    rayon::spawn(move || drop(snapshot));
    Ok((document, findings))
}

/// How many files that could not be read are named.
const NAMED: usize = 10;

/// Says in the report itself which files it could not count in full: who reads it did not see it made.
fn left_out(findings: &[Finding]) -> Option<Fact> {
    let wrong = findings.iter().filter(|finding| finding.problem.severity == Severity::Error);
    let paths: Vec<&str> = wrong.map(|finding| finding.path.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let count = paths.len();
    let more = if count > NAMED { " …" } else { "" };
    let shown = paths[..count.min(NAMED)].join(", ") + more;
    let words = words!("{count} files that cannot be read in full: {shown}", "{count} 个文件无法完整读取：{shown}");
    let label = Label::new("Left out", "未计入");
    (count > 0).then(|| Fact::new("left_out", label, Cell::Label(paths.join(","), words)))
}

/// Says in the report that its records are older than the rules they were judged by.
fn replayed(session: &Session) -> Option<Fact> {
    let is_replayed = session.options.as_of.is_some() && session.options.present_config;
    let words = words!("of the present", "现在的配置");
    is_replayed.then(|| Fact::new("config", Label::new("Configuration", "配置"), Cell::Label("now".into(), words)))
}

/// Tells whether some commit was made by the end of a period.
fn reaches_back(session: &Session, period: &Period) -> bool {
    let zone = session.now.timezone();
    period.end().is_some_and(|end| session.repo.resolve(&end.to_string(), &zone).is_ok())
}

/// Says in the report itself whose records it counts, where its maker does not read all.
fn scope(LeftOut { count, what, scope }: LeftOut) -> Fact {
    let words = match count {
        0 => scope,
        _ => {
            let left_out = Words::join([&words!("left out", "未包括"), &what], ": ", "：");
            Words::join([&scope, &left_out], "; ", "；")
        }
    };
    Fact::new("scope", Label::new("Scope", "范围"), Cell::Label(words.en.to_string(), words))
}

/// Loads the records that the maker reads, and finds out whether they are what was committed.
fn snapshot(session: &Session) -> Result<(Snapshot, Vec<Finding>, Option<LeftOut>)> {
    let mut as_of = session.as_of()?;
    let readable = match session.source {
        Source::WorkTree => {
            let options = LoadOptions { use_index: session.options.use_index };
            let (loaded, edited) = session.repo.load_and_compare(options)?;
            as_of.edited = edited;
            session.readable(loaded, &KINDS)?
        }
        Source::Commit(_) => session.load(&KINDS)?,
    };
    let Readable { records, findings, left_out } = readable;
    Ok((Snapshot::new(session.config.clone(), as_of, records), findings, left_out))
}
