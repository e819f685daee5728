//! Expected closes of opportunities: to be closed by then, or expected another day.

use super::Scope;
use crate::record::{OPPORTUNITY, Record};
use crate::rules::cadence::{Due, is_open, on_day};
use crate::words;

/// Returns the day an open opportunity is to be closed by.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let snapshot = scope.snapshot;
    let expected = record.date("expected_on").filter(|_| record.kind == OPPORTUNITY && is_open(record));
    let label = || words!("Expected close: close it, or change the date", "预计成交日：成交、失败或更新日期");
    let due = expected.map(|day| on_day(day, snapshot, "close", label()));
    due.into_iter().collect()
}
