//! Tickets: to be dispatched, and to be resolved by the promised moment.

use super::Scope;
use crate::record::{Record, TICKET};
use crate::rules::cadence::{Due, at_moment};
use crate::rules::ticket::{Promise, is_open, is_waiting};
use crate::words;
use chrono::TimeDelta;

/// Returns that a ticket waits for a handler, or when what was promised of it is due; nothing while it is on hold.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let snapshot = scope.snapshot;
    if record.kind != TICKET || !is_open(record) {
        return Vec::new();
    }
    let what = record.text("content").unwrap_or_default();
    if is_waiting(record) {
        let minutes = TimeDelta::minutes(snapshot.config.sla.dispatch_minutes);
        let raised = record.moment("raised_at").map(|at| at.with_timezone(&snapshot.as_of.moment.timezone()));
        let by = raised.and_then(|raised| snapshot.config.calendar.add_working_hours(raised, minutes));
        let label = words!("Dispatch: {what}", "派单：{what}");
        return by.map(|by| at_moment(by, snapshot, "dispatch", label)).into_iter().collect();
    }
    let label = words!("Resolve: {what}", "解决：{what}");
    let due = Promise::of(record, snapshot).and_then(|promise| promise.due);
    due.map(|due| at_moment(due, snapshot, "ticket", label)).into_iter().collect()
}
