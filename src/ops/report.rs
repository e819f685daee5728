//! Make a report: load what it needs, look up what was before the period, compute.

use super::Session;
use crate::query::Filter;
use crate::record::{Finding, KINDS, LEAD, Number, Result};
use crate::report::{Input, Period, Report};
use crate::rules::{AsOf, Snapshot};
use crate::sheet::Document;
use crate::store::{LoadOptions, Source, codec, parse_path};
use crate::words;
use chrono::{NaiveTime, TimeZone};
use std::collections::HashMap;

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
    let (snapshot, findings) = snapshot(session)?;
    let period = report.period(question.period.clone(), session.now.date_naive());
    let earlier = earlier(session, &period)?;
    let input = Input {
        period: Some(period),
        earlier: Some(&earlier),
        owner: question.owner.as_deref(),
        department: question.department.as_deref(),
        filter: question.filter.as_ref(),
        ..Input::new(&snapshot)
    };
    let stage = session.options.progress.stage(&words!("counting", "统计"), 0);
    let document = report.run(&input)?;
    drop(stage);
    // Taking a hundred thousand records apart takes its time, and nobody waits for it.
    rayon::spawn(move || drop(snapshot));
    Ok((document, findings))
}

/// Loads all records, and finds out whether they are what was committed.
fn snapshot(session: &Session) -> Result<(Snapshot, Vec<Finding>)> {
    if session.source != Source::WorkTree {
        return session.snapshot(&KINDS);
    }
    let options = LoadOptions { use_index: session.options.use_index };
    let (loaded, edited) = session.repo.load_and_compare(options)?;
    let as_of = AsOf { edited, ..session.as_of()? };
    Ok((Snapshot::new(session.config.clone(), as_of, loaded.records), loaded.findings))
}

/// Returns the status at the period's beginning of leads whose file has changed since.
fn earlier(session: &Session, period: &Period) -> Result<HashMap<Number, String>> {
    let zone = session.now.timezone();
    let Some(start) = zone.from_local_datetime(&period.from.and_time(NaiveTime::MIN)).earliest() else {
        return Ok(HashMap::new());
    };
    let Some(before) = session.repo.commit_before(&start)? else { return Ok(HashMap::new()) };
    let Some(after) = (match session.source {
        Source::Commit(commit) => Some(commit),
        _ => session.repo.head()?,
    }) else {
        return Ok(HashMap::new());
    };
    let mut earlier = HashMap::new();
    for (path, old, _) in session.repo.changes_between(Some(before), after, LEAD.folder)? {
        let (Some(old), Some((kind, number))) = (old, parse_path(&path)) else { continue };
        let text = String::from_utf8_lossy(&session.repo.blob(old)?).into_owned();
        if let Some(status) =
            codec::parse(kind, &number, &text).0.and_then(|record| record.text("status").map(str::to_string))
        {
            earlier.insert(number, status);
        }
    }
    Ok(earlier)
}
