//! What a person states about a file: which column is which field, constants, value maps, conditions.
//!
//! A mapping is a TOML file, documented in `docs/import-mapping.md`. The empty mapping states nothing;
//! headings are then matched by name.

mod read;
mod setting;
mod write;

pub use write::write_mapping;

use super::ReadOptions;
use super::condition::Condition;
use super::inner::Inner;
use super::names::RANGES;
use super::unit::Unit;
use crate::record::date::DateOrder;
use crate::record::{Field, Finding, Kind};
use std::collections::BTreeMap;

/// A mapping file, read and checked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    /// The kind the rows are of, if the file says so.
    pub kind: Option<Kind>,
    /// How the file is read.
    pub encoding: Option<String>,
    /// The mark between columns.
    pub delimiter: Option<char>,
    /// The sheet.
    pub sheet: Option<String>,
    /// The row of the headings.
    pub header_row: Option<usize>,
    /// The country of telephone numbers without `+`.
    pub country: Option<String>,
    /// The order of day and month.
    pub date_order: Option<DateOrder>,
    /// How dates are written, as `strftime` says it.
    pub date_format: Option<String>,
    /// Words that mean nothing, in every column.
    pub blank: Vec<String>,
    /// What becomes of headings that are not named here.
    pub others: Others,
    /// What becomes of a value that cannot be read.
    pub on_invalid: OnInvalid,
    /// Required fields (or the group `channel`) that rows of this file may lack.
    pub relax: Vec<String>,
    /// The columns of each field.
    pub columns: Vec<(FieldKey, Source)>,
    /// Constants and templates, which win over columns.
    pub set: Vec<(FieldKey, String)>,
    /// Constants and templates for what is blank otherwise.
    pub default: Vec<(FieldKey, String)>,
    /// What a value in the file means, by field; the value in the file folded.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Headings kept as custom fields.
    pub keep: Vec<String>,
    /// Headings passed over.
    pub ignore: Vec<String>,
    /// Rows passed over.
    pub skip: Vec<Condition>,
    /// Conditions under which fields are set or rows passed over, in order.
    pub rules: Vec<Rule>,
}

/// The columns a field comes from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Source {
    /// Headings, in the order they are joined.
    pub from: Vec<String>,
    /// What stands between them.
    pub join: Option<String>,
    /// How dates in it are written.
    pub date_format: Option<String>,
    /// The order of day and month in it.
    pub date_order: Option<DateOrder>,
    /// The unit of its bare numbers, whatever the heading says.
    pub unit: Option<Unit>,
}

/// What becomes of headings a mapping does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Others {
    /// They are matched by name; what matches nothing is reported.
    #[default]
    Match,
    /// They are kept as custom fields.
    Keep,
    /// They are passed over.
    Ignore,
}

/// What becomes of an optional value that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnInvalid {
    /// The row is rejected.
    #[default]
    Reject,
    /// The text is kept as a custom field, with a warning.
    Keep,
}

/// A rule `[[if]]`: when all its conditions hold, fields are set or the row is passed over.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rule {
    /// The conditions.
    pub when: Vec<Condition>,
    /// What is set.
    pub set: Vec<(FieldKey, String)>,
    /// Whether the row is passed over.
    pub skip: bool,
}

/// What a mapping can fill.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldKey {
    /// The record's own number.
    Number,
    /// A field.
    Own(&'static Field),
    /// A field of the first contact or line, with the key of their table.
    Inner(&'static str, &'static Field),
    /// Both ends of a range.
    Range(&'static str, &'static str),
}

impl FieldKey {
    /// Returns what `key` names in a mapping for `kind`: `phone`, `contacts.email`, `lines.price`, `budget`, `number`.
    pub fn find(kind: Kind, key: &str) -> Option<FieldKey> {
        if key == "number" {
            return Some(FieldKey::Number);
        }
        if let Some((table, field)) = Inner::find(kind, key) {
            return Some(FieldKey::Inner(table, field));
        }
        if let Some((_, _, low, high, _)) = RANGES.iter().find(|(of, name, ..)| *of == kind && *name == key) {
            return Some(FieldKey::Range(low, high));
        }
        kind.field(key).filter(|field| !field.is_table()).map(FieldKey::Own)
    }

    /// Returns the key as mapping files write it.
    pub fn name(&self) -> String {
        match self {
            FieldKey::Number => "number".into(),
            FieldKey::Own(field) => field.key.into(),
            FieldKey::Inner(table, field) => format!("{table}.{}", field.key),
            FieldKey::Range(low, _) => low.trim_end_matches("_min").into(),
        }
    }
}

impl Mapping {
    /// Reads a mapping; `kind` is the kind asked for on the command line, if any.
    ///
    /// Fails with every mistake found, each with its line and column: unknown keys and fields, values of
    /// the wrong type, conditions that cannot be read, a kind other than the one asked for.
    pub fn parse(text: &str, path: &str, kind: Option<Kind>) -> Result<Mapping, Vec<Finding>> {
        read::parse(text, path, kind)
    }

    /// Returns `options` with what the mapping says filled in where the command line said nothing.
    pub fn read_options(&self, options: ReadOptions) -> ReadOptions {
        let known = self.columns.iter().flat_map(|(_, source)| source.from.iter()).chain(&self.keep).cloned();
        ReadOptions {
            encoding: options.encoding.or_else(|| self.encoding.clone()),
            delimiter: options.delimiter.or(self.delimiter),
            sheet: options.sheet.or_else(|| self.sheet.clone()),
            header_row: options.header_row.or(self.header_row),
            kind: options.kind.or(self.kind),
            known: options.known.into_iter().chain(known).collect(),
            format: options.format,
        }
    }
}
