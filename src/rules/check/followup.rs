//! Checks of follow-ups: what was promised next.

use super::{Context, Found};
use crate::record::{FOLLOWUP, Problem, Record, Severity};
use crate::rules::{Snapshot, cadence::is_open};
use crate::words;
use std::collections::BTreeSet;

pub(super) fn order(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    let (Some(at), Some(next)) = (record.moment("at"), record.date("next_on")) else { return };
    if record.kind == FOLLOWUP && next < at.date_naive() {
        let day = at.date_naive();
        let message =
            words!("the next date {next} is before the follow-up of {day}", "下次日期 {next} 早于本次跟进 {day}");
        problems.push(Problem::error("next-before", "next_on", message));
    }
}

/// Returns what a follow-up of an open subject lacks: an action and a date, or the reason why there is none.
pub fn check_next(followup: &Record) -> Option<Problem> {
    let has = |key: &str| followup.text(key).is_some_and(|text| !text.trim().is_empty());
    if has("no_next") || (has("next_action") && followup.date("next_on").is_some()) {
        return None;
    }
    let field = if has("next_action") { "next_on" } else { "next_action" };
    let message = words!("an open subject needs a next action and its date", "对象未结，须有下一步行动和下次跟进日期");
    let mend = words!(
        "add `next_action` and `next_on`, or say in `no_next` why there is none",
        "请填写下一步行动（next_action）和下次跟进日期（next_on），或在 no_next 说明原因"
    );
    Some(Problem::error("missing-next", field, message).mend(mend))
}

/// Checks the last follow-up of each open subject; what earlier ones promised is past.
///
/// Who logs one is asked for the next step; of those that came from elsewhere it is only worth a look.
pub(super) fn next(snapshot: &Snapshot, found: &mut Vec<Found>) {
    let subjects: BTreeSet<&str> = snapshot.records(FOLLOWUP).iter().filter_map(|one| one.text("subject")).collect();
    for subject in subjects {
        if !snapshot.find(subject).is_some_and(is_open) {
            continue;
        }
        let Some(last) = snapshot.followups(subject).next_back() else { continue };
        let missing = check_next(last).map(|problem| Problem { severity: Severity::Warning, ..problem });
        found.extend(missing.map(|problem| (last.kind, last.number.clone(), problem)));
    }
}
