//! Which records are of another currency than the repository's: their amounts are in no sum.

use crate::record::Record;
use crate::rules::Snapshot;

/// Returns the currency of a record's amounts, where it is not the repository's.
pub fn foreign<'a>(record: &'a Record, snapshot: &Snapshot) -> Option<&'a str> {
    let currency = record.text("currency").map(str::trim).filter(|text| !text.is_empty());
    currency.filter(|currency| !currency.eq_ignore_ascii_case(&snapshot.config.settings.currency))
}
