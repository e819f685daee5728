//! What was promised next in follow-ups that come from elsewhere.
//!
//! Who logs a follow-up is asked for the next step; a file is taken without, and the rows are told.

use super::maker::{Maker, Owner};
use crate::record::{FOLLOWUP, Row};
use crate::rules::check::check_next;
use chrono::{DateTime, FixedOffset};
use foldhash::HashMap;
use std::collections::HashSet;

/// Returns the rows that become the last follow-up of an open subject and name neither a next step nor why there is
/// none, in the order of the file.
pub(super) fn without_next(maker: &Maker<'_>, open: &HashSet<&str>) -> Vec<usize> {
    if maker.judge.kind != FOLLOWUP {
        return Vec::new();
    }
    let existing = (0..maker.existing.len()).map(Owner::Existing);
    let mut last: HashMap<&str, (DateTime<FixedOffset>, Owner)> = HashMap::default();
    // Of two at one moment the row comes after the record, as its number will.
    for owner in existing.chain((0..maker.plan.create.len()).map(Owner::New)) {
        let Some((subject, at)) = subject_and_moment(maker.current(owner)) else { continue };
        if open.contains(subject) && last.get(subject).is_none_or(|(latest, _)| *latest <= at) {
            last.insert(subject, (at, owner));
        }
    }
    let new = last.into_values().filter_map(|(_, owner)| match owner {
        Owner::New(at) => maker.plan.create.get(at).map(|candidate| (owner, candidate)),
        Owner::Existing(_) => None,
    });
    let lacks = |owner, row: &Row| check_next(&maker.record(owner, row.clone())).is_some();
    let mut rows: Vec<usize> =
        new.filter(|(owner, one)| lacks(*owner, &one.row)).map(|(_, one)| one.row_number).collect();
    rows.sort_unstable();
    rows
}

fn subject_and_moment(row: &Row) -> Option<(&str, DateTime<FixedOffset>)> {
    Some((row.text("subject")?, row.moment("at")?))
}
