//! Reviews of opportunities that were won or lost, within `review_days` of the close.
//!
//! Ruling: a quarter after the close nobody is asked any more, nor of deals from before, which bear a waiver.

use super::Scope;
use crate::record::{OPPORTUNITY, Record};
use crate::rules::cadence::{Due, on_day};
use crate::rules::gate::is_waived;
use crate::rules::opportunity::is_open;
use crate::words;
use chrono::Duration;

/// Days after the close on which a review is asked for last.
const LAST: i64 = 90;

/// Returns the day by which a closed opportunity that has no review wants one.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let is_asked = record.kind == OPPORTUNITY && !is_open(record) && !is_waived(record);
    let Some(closed) = record.date("closed_on").filter(|_| is_asked) else { return Vec::new() };
    let snapshot = scope.snapshot;
    if scope.reviewed.contains(record.number.as_str()) || snapshot.as_of.today() > closed + Duration::days(LAST) {
        return Vec::new();
    }
    let number = &record.number;
    let label = words!("Review it: `kehu review add opportunity={number}`", "复盘：`kehu review add 商机={number}`");
    vec![on_day(closed + Duration::days(snapshot.config.stages.review_days), snapshot, "review", label)]
}
