//! Payments: the instalments of contracts that are still to come, each on its day.

use super::Scope;
use crate::record::{CONTRACT, Record};
use crate::rules::cadence::{Due, on_day};
use crate::rules::contract::receivable;
use crate::sheet::Cell;
use crate::words;

/// Returns what is still to be paid of a contract; nothing of what has no day.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    if record.kind != CONTRACT {
        return Vec::new();
    }
    let snapshot = scope.snapshot;
    let currency = record.text("currency").unwrap_or(&snapshot.config.settings.currency);
    let owed = receivable(record, snapshot.as_of.today());
    let task = |one: &crate::rules::contract::Instalment<'_>| {
        let amount = Cell::Money(one.outstanding()).display(crate::record::Lang::En);
        // The amount stands first, where no narrow screen cuts it.
        let name = one.name;
        let label = words!("{currency} {amount} to come: {name}", "待收 {currency} {amount}：{name}");
        Some(on_day(one.due_on?, snapshot, "payment", label))
    };
    owed.iter().filter_map(task).collect()
}
