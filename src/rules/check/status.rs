//! The status of a lead and what it goes with.

use super::{Context, Found};
use crate::record::{LEAD, Problem, Record};
use crate::rules::Snapshot;
use crate::words;

/// A lead that names the customer it became is converted. One that is converted need not name any: of what was imported
/// that is not known.
pub(super) fn converted(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    let Some(customer) = record.text("converted_to").filter(|_| record.kind == LEAD) else { return };
    if record.text("status") != Some("converted") {
        let message = words!(
            "the lead was converted to `{customer}`, and its status says otherwise",
            "线索已转化为 `{customer}`，状态却不是“已转化”"
        );
        let mend = words!(
            "`kehu undo` of the conversion, which `kehu op log` names, takes it back as a whole; or clear `converted_to=` too",
            "如需取消转化，请用 `kehu op log` 查找该次转化并用 `kehu undo` 撤销；或同时清空 `转化为客户=`"
        );
        problems.push(Problem::error("odd-status", "status", message).mend(mend));
    }
}

/// A warning, since of what was imported the customer may not be known.
pub(super) fn converted_to_nobody(snapshot: &Snapshot, found: &mut Vec<Found>) {
    let is_bare = |lead: &&Record| lead.text("status") == Some("converted") && lead.text("converted_to").is_none();
    for lead in snapshot.records(LEAD).iter().filter(is_bare) {
        let message = words!("the lead is converted, and no customer is named", "线索已转化，未指明客户");
        let mend = words!("name it: `converted_to=…`", "请填写 `转化为客户=…`");
        found.push((LEAD, lead.number.clone(), Problem::warning("unknown-customer", "status", message).mend(mend)));
    }
}
