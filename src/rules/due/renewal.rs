//! Renewals: a talk with the customer some months and weeks before the day, and the day itself.
//!
//! A reminder is met by a follow-up on its day or later. The day itself stands until the archive has another.

use super::Scope;
use crate::record::{CUSTOMER, Record, Words};
use crate::rules::cadence::{Due, is_open, on_day, touched_on};
use crate::words;
use chrono::Duration;

/// Returns the first reminder that no follow-up has met; the day of the renewal when it has come.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let snapshot = scope.snapshot;
    let Some(renewal) = record.date("renewal_on").filter(|_| record.kind == CUSTOMER && is_open(record)) else {
        return Vec::new();
    };
    let today = snapshot.as_of.today();
    if renewal <= today {
        let label = words!("Renewal date has come: renew, or change the date", "续约日已到：完成续约或更新日期");
        return vec![on_day(renewal, snapshot, "renewal-day", label)];
    }
    let mut days = snapshot.config.cadence.renewal_days.clone();
    days.sort_unstable();
    let reminders = days.into_iter().rev().map(|before| (renewal - Duration::days(before), before));
    let touched = touched_on(record, snapshot);
    let open = reminders.map(|(day, _)| day).find(|day| touched.is_none_or(|touched| touched < *day));
    open.map(|day| on_day(day, snapshot, "renewal", told(renewal, today))).into_iter().collect()
}

fn told(renewal: chrono::NaiveDate, today: chrono::NaiveDate) -> Words {
    let left = (renewal - today).num_days();
    words!("Renewal on {renewal}, in {left} days", "{renewal} 续约，还有 {left} 天")
}
