//! What an update by import leaves as it is, whatever the sheet says: who owns a record that has an owner, and how far a
//! lead has come.
//!
//! A sheet is as old as its export. What people decided since, a hand-over, a disqualification, a conversion, is not
//! taken back by it; the rows are told, with what does it.
//!
//! *Absent on purpose:* stages of opportunities, which their gates hold.

use crate::record::{LEAD, Record, Row, Value};
use crate::rules::lifecycle::is_further;

/// What a row says otherwise and is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// Another owner than the record has.
    Owner,
    /// A status that the lead has left behind, or that only a conversion gives.
    Status,
}

/// Puts back into the row that a record would be what no import changes; returns what that was.
pub fn put_back(record: &Record, current: &Row, merged: &mut Row) -> Vec<Stays> {
    let is_other = |key: &str, merged: &Row| current.get(key).is_some() && merged.get(key) != current.get(key);
    let mut stays = Vec::new();
    if record.get("owner").is_some() && is_other("owner", merged) {
        stays.push(Stays::Owner);
        restore("owner", current.get("owner"), merged);
    }
    let status = |row: &Row| row.text("status").unwrap_or_default().to_string();
    if record.kind == LEAD && is_other("status", merged) && !is_further(&status(current), &status(merged)) {
        stays.push(Stays::Status);
        restore("status", current.get("status"), merged);
    }
    stays
}

fn restore(key: &str, value: Option<&Value>, row: &mut Row) {
    value.into_iter().for_each(|value| drop(row.set(key, value.clone())));
}
