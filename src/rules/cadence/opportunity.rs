//! The contact of an open opportunity: what was promised, and never more than the idle days without one.

use super::{Deadline, History, promised};
use crate::rules::Snapshot;
use crate::words;
use chrono::Duration;
use std::borrow::Cow;

/// Returns when an opportunity wants contact: as promised, but by the last day of the idle limit once that has passed.
pub(super) fn deadline<'a>(snapshot: &Snapshot, history: &History<'a>) -> Deadline<'a> {
    let zone = history.anchor.timezone();
    let days = snapshot.config.cadence.idle_days;
    let day = history.last_touch() + Duration::days(days);
    let label = || words!("Contact: {days} days without one", "{days} 天未跟进，应联系");
    let idle = Deadline::on(day, zone, "idle", Cow::Owned(label()), None);
    match promised(history, zone) {
        Some(promise) if snapshot.as_of.today() <= day || promise.end() <= idle.end() => promise,
        _ => idle,
    }
}
