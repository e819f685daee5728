//! Lists of records: filtered, sorted, with stored and computed columns, as a sheet or as JSON.
//!
//! Joins the filter language with the records of a snapshot. One list of names serves filters, `--sort`
//! and `--columns` alike: see [`RecordSchema`].
//!
//! *Invariants:* what is missing sorts last, up or down; equal records stay in the order of their numbers.

mod columns;
mod json;
mod schema;
mod select;
mod wording;

pub use columns::{cell, columns, default_columns, name_references, named_kinds, plain, sheet, stored};
pub use json::{fields_json, record_json, value_json};
pub use schema::{Named, RecordSchema};
pub use select::{SnapshotValues, SortKey, select, sort_keys};
pub use wording::{change_words, field_at, field_words, value_words, value_words_at};

use super::computed::Computed;
use crate::record::{FOLLOWUP, Failure, KINDS, Kind, Result, Words};
use crate::words;

/// Returns the other kinds that must be loaded for these fields of a kind to be computed.
pub fn needs<'a>(kind: Kind, fields: impl IntoIterator<Item = &'a str>) -> Vec<Kind> {
    let find = |name: &str| Computed::find(kind, name).or_else(|| Computed::covering(kind, name));
    let computed: Vec<_> = fields.into_iter().filter_map(find).collect();
    let needed = |other: &Kind| computed.iter().any(|computed| computed.needs(kind).contains(&other.name));
    KINDS.into_iter().filter(needed).collect()
}

/// Tells whether any of these fields of a kind is computed from follow-ups.
pub fn needs_followups<'a>(kind: Kind, fields: impl IntoIterator<Item = &'a str>) -> bool {
    needs(kind, fields).contains(&FOLLOWUP)
}

/// Finds the field of a column or sort key; fails with exit code 2 and the nearest names.
fn named(name: &str, schema: &RecordSchema<'_>) -> Result<Named> {
    schema.named(name).ok_or_else(|| {
        let shown = crate::record::input::shorten(name.trim());
        let failure = Failure::usage(words!("unknown field `{shown}`", "没有字段“{shown}”"));
        let all = words!("`kehu help fields` lists the fields", "用 `kehu help fields` 列出所有字段");
        let near = crate::query::nearest_names(name, schema);
        if near.is_empty() {
            return failure.hint(all);
        }
        let hint = Words {
            en: format!("did you mean `{}`?", near.join("`, `")).into(),
            zh: format!("是否指“{}”？", near.join("”、“")).into(),
        };
        failure.hint(hint).hint(all)
    })
}

/// Splits a list of names at its commas.
fn split_names(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty())
}

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
