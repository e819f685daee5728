//! The tables inside a record: contacts, attachments, verifications, approvals, instalments, receipts, conflicts.

use crate::record::{CONFLICTS, Field, Record, Row, Value, Words};
use crate::rules::Snapshot;
use crate::rules::listing::{field_words, stored};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};

/// How many characters of a hash tell a file from others to a person.
const HASH_SHOWN: usize = 12;

/// Columns that give way on a narrow screen.
const SPARE: [&str; 2] = ["sha256", "note"];

/// Returns every table of a record that has rows.
pub fn all(record: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    record.iter().filter(|(field, _)| field.is_table()).map(|(field, _)| of(record, field, snapshot)).collect()
}

/// Returns one table of a record, without the columns in which nothing stands.
pub fn of(record: &Record, table: &'static Field, snapshot: &Snapshot) -> Sheet {
    let rows = record.rows(table.key);
    let used = |inner: &&Field| rows.iter().any(|row| row.get(inner.key).is_some());
    let inner: Vec<_> = rows.first().map(Row::fields).unwrap_or_default().iter().filter(used).collect();
    let cells = |row: &Row| inner.iter().map(|field| cell(record, table, row, field, snapshot)).collect();
    let mut sheet = Sheet::new(table.key, table.label.into(), inner.iter().map(|field| column(field)).collect());
    sheet.rows = rows.iter().map(cells).collect();
    sheet
}

fn column(field: &Field) -> Column {
    let ty = match field.ty {
        crate::record::FieldType::Money => ColumnType::Money,
        crate::record::FieldType::Integer => ColumnType::Integer,
        _ => ColumnType::Text,
    };
    let weight = match field {
        // A path is not broken into lines while anything else can be left out.
        field if field.identity && field.key != "path" => Weight::Main,
        field if SPARE.contains(&field.key) => Weight::Spare,
        _ => Weight::Usual,
    };
    Column::new(field.key, field.label, ty).weighing(weight)
}

/// Returns what a row has in a field. Fields are called by their labels, and of a hash the beginning is told.
pub fn cell(record: &Record, table: &Field, row: &Row, inner: &Field, snapshot: &Snapshot) -> Cell {
    let label = |key: &str| field_words(record.kind, key);
    match (row.get(inner.key), table.key, inner.key) {
        (None, ..) => Cell::Empty,
        (Some(Value::Text(of)), CONFLICTS, "field") => Cell::Label(of.to_string(), label(of)),
        (Some(Value::Texts(of)), "verifications", "fields") => {
            let labels: Vec<Words> = of.iter().map(|key| label(key)).collect();
            Cell::Label(of.join(","), Words::join(&labels, ", ", "、"))
        }
        (Some(Value::Text(hash)), _, "sha256") if hash.chars().count() > HASH_SHOWN => {
            let shown: String = hash.chars().take(HASH_SHOWN).collect();
            Cell::Label(hash.to_string(), Words::same(format!("{shown}…")))
        }
        (Some(value), ..) => stored(inner, value, snapshot),
    }
}
