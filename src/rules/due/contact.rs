//! The next contact of a lead or a customer, by the cadence.

use super::Scope;
use crate::record::{LEAD, Record};
use crate::rules::cadence::{Due, next_due_as};
use crate::rules::score::score_in;

/// Returns the next contact, if the record is open.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let snapshot = scope.snapshot;
    let grade = (record.kind == LEAD).then(|| score_in(record, snapshot).grade);
    next_due_as(record, snapshot, grade.as_deref()).into_iter().collect()
}
