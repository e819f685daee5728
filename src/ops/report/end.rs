//! The records as they were when a period ended, with what was entered since although it took place by then.
//!
//! A visit of Friday that is written down on Monday belongs to last week, so does a deal closed on Friday; a lead given to
//! somebody else on Monday does not. What the records said is read from the last commit of the period.
//!
//! *Invariants:* what took place after the period changes nothing; what was entered late is counted in the facts.

use super::snapshot;
use crate::ops::access::{LeftOut, Readable};
use crate::ops::session::{Session, past, read_config};
use crate::record::{CUSTOMER, FOLLOWUP, Finding, KINDS, LEAD, Label, Number, OPPORTUNITY, Record, Result};
use crate::report::Period;
use crate::rules::opportunity::is_open;
use crate::rules::{AsOf, Snapshot};
use crate::sheet::{Cell, Fact};
use crate::store::{LoadOptions, Source};
use crate::words;
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::HashSet;
use std::sync::Arc;

/// What a period left behind when it ended.
pub(super) struct End {
    /// The records, as of the end of its last day.
    pub snapshot: Snapshot,
    /// What could not be read in full.
    pub findings: Vec<Finding>,
    /// What the one who asks does not read.
    pub others: Option<LeftOut>,
    /// How many records were entered since.
    pub since: usize,
}

impl End {
    /// Says how many records of the period were entered after it.
    pub fn fact(&self) -> Option<Fact> {
        let since = self.since;
        let words = words!("{since} records of its days, counted", "{since} 条期间内的记录，已计入");
        let label = Label::new("Entered since", "期后补录");
        (since > 0).then(|| Fact::new("entered_since", label, Cell::Label(since.to_string(), words)))
    }
}

/// Returns the records as they were when `period` ended; nothing where it has not, or where no commit is as old.
pub(super) fn at_end(session: &Session, period: &Period) -> Result<Option<End>> {
    let ended = period.end().filter(|end| *end < session.now.date_naive());
    let Some(end) = ended.filter(|_| session.options.branch.is_none()) else { return Ok(None) };
    let Ok((source, moment)) = past(&session.repo, &end.to_string(), session.now) else { return Ok(None) };
    let Source::Commit(commit) = source else { return Ok(None) };
    let (now, mut findings, _) = snapshot(session)?;
    let options = LoadOptions { use_index: session.options.use_index };
    let loaded = session.repo.load(&KINDS, &source, options)?;
    let known: HashSet<(&'static str, Number)> =
        loaded.records.iter().map(|one| (one.kind.name, one.number.clone())).collect();
    let Readable { mut records, findings: then, left_out } = session.readable(loaded, &KINDS)?;
    findings.extend(then);
    let since = add_since(&mut records, &now, &known, end);
    let config = match session.options.present_config {
        true => session.config.clone(),
        false => Arc::new(read_config(&session.repo, &source)?),
    };
    let as_of = AsOf { moment, commit: Some(commit.to_string()), edited: false };
    Ok(Some(End { snapshot: Snapshot::new(config, as_of, records), findings, others: left_out, since }))
}

/// Adds what is known now of the days up to `end` and was not then; returns how many of these records are of the kinds counted.
fn add_since(
    records: &mut Vec<Record>,
    now: &Snapshot,
    known: &HashSet<(&'static str, Number)>,
    end: NaiveDate,
) -> usize {
    let zone = now.config.settings.timezone;
    let is_new = |record: &&Record| !known.contains(&(record.kind.name, record.number.clone()));
    let mut since = 0;
    for kind in [LEAD, CUSTOMER, FOLLOWUP, OPPORTUNITY] {
        let late = now.records(kind).iter().filter(is_new).filter(|record| took_place(record, zone, end));
        let before = records.len();
        records.extend(late.cloned());
        since += records.len() - before;
    }
    for record in records.iter_mut().filter(|record| record.kind == OPPORTUNITY && is_open(record)) {
        let closed = now.find(record.number.as_str()).filter(|is| !is_open(is) && took_place(is, zone, end));
        if let Some(closed) = closed {
            *record = closed.clone();
            since += 1;
        }
    }
    since
}

/// Tells whether what a record tells took place by the end of a day.
fn took_place(record: &Record, zone: Tz, end: NaiveDate) -> bool {
    let day = if record.kind == FOLLOWUP {
        record.moment("at").map(|at| at.with_timezone(&zone).date_naive())
    } else if record.kind == OPPORTUNITY {
        record.date(if is_open(record) { "opened_on" } else { "closed_on" })
    } else {
        record.date("acquired_on")
    };
    day.is_some_and(|day| day <= end)
}
