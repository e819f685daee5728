//! Records that are about to return to the pool: a warning some days before, due on the last day a contact keeps them.
//!
//! Not told earlier, since the contact that is due before says what is to be done.

use super::Scope;
use crate::record::Record;
use crate::rules::cadence::{Due, on_day};
use crate::rules::pool::returns_on;
use crate::words;
use chrono::{Duration, NaiveDate};

/// Returns the warning, once the day is near.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let snapshot = scope.snapshot;
    let near = snapshot.as_of.today() + Duration::days(snapshot.config.cadence.recycle_warning_days);
    let warn = |day: NaiveDate| {
        on_day(day - Duration::days(1), snapshot, "recycle", words!("Returns to the pool on {day}", "退回公海：{day}"))
    };
    returns_on(record, snapshot).filter(|day| *day <= near).map(warn).into_iter().collect()
}
