//! Archives whose core fields nobody has looked at for long: to be asked for at the next contact.
//!
//! A contact that is due by then asks for them too, so it is not said twice.

use super::Scope;
use crate::record::{CUSTOMER, Record};
use crate::rules::cadence::{Due, is_open, next_due_as, on_day, touched_on};
use crate::words;
use chrono::Duration;

/// Returns when the archive wants a look, unless a contact is due before.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let snapshot = scope.snapshot;
    let Some(touched) = touched_on(record, snapshot).filter(|_| record.kind == CUSTOMER && is_open(record)) else {
        return Vec::new();
    };
    let days = snapshot.config.cadence.refresh_days;
    let day = touched + Duration::days(days);
    let is_said = next_due_as(record, snapshot, None).is_some_and(|due| due.at.date_naive() <= day);
    let label = words!("Archive not looked at for {days} days", "档案已 {days} 天未更新");
    if is_said { Vec::new() } else { vec![on_day(day, snapshot, "refresh", label)] }
}
