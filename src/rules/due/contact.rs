//! The next contact of a lead or a customer, by the cadence.
//!
//! A lead that went to another owner wants a first response of that one; what the one before promised is told beside it,
//! or the day would come without anybody having seen it.

use super::Scope;
use crate::record::{LEAD, Record};
use crate::rules::cadence::{Due, FIRST_RESPONSE, next_due_as, promise};
use crate::rules::score::score_in;

/// Returns the next contact, if the record is open, and the promise that a first response or an idle record comes before.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let snapshot = scope.snapshot;
    let grade = (record.kind == LEAD).then(|| score_in(record, snapshot).grade);
    let next = next_due_as(record, snapshot, grade.as_deref());
    let hides = next.as_ref().is_some_and(|due| [FIRST_RESPONSE, "idle"].contains(&due.rule));
    let promise = if hides { promise(record, snapshot) } else { None };
    next.into_iter().chain(promise).collect()
}
