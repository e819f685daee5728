//! Approvals that a deal waits for: of whom may give one as well as of the owner, who may have to ask for it.

use super::Scope;
use crate::record::{OPPORTUNITY, Record};
use crate::rules::cadence::{Due, on_day};
use crate::rules::gate::awaits_approval;
use crate::words;

/// The rule's name.
pub const APPROVAL: &str = "approval";

/// Returns that an opportunity waits for its approval, from the last stage before it is won on, each day anew.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let snapshot = scope.snapshot;
    let amount = awaits_approval(record, &snapshot.config.stages).filter(|_| record.kind == OPPORTUNITY);
    let label = |amount| words!("Approval of {amount} is waited for", "等待审批 {amount}");
    amount.map(|amount| on_day(snapshot.as_of.today(), snapshot, APPROVAL, label(amount))).into_iter().collect()
}
