//! The fields of a record as label and value.

use crate::record::{Field, FieldType, Record, Value, Words};
use crate::rules::Snapshot;
use crate::rules::computed::{COMPUTED, Computed, Evaluation};
use crate::rules::listing::{RecordSchema, cell};
use crate::sheet::{Cell, Column, Sheet, Weight};

/// Returns all fields of a record that hold something, tables left out: stored, custom, computed ones.
pub fn all(record: &Record, snapshot: &Snapshot) -> Sheet {
    let covering = |key| Computed::covering(record.kind, key).map_or(key, |computed| computed.name).to_string();
    let stored = record.iter().filter(|(field, _)| !field.is_table()).map(|(field, _)| covering(field.key));
    let keys: Vec<String> = stored.chain(custom(record)).chain(computed(record)).collect();
    some("fields", heading(record), record, keys.iter().map(String::as_str), snapshot)
}

/// Returns those of some fields that hold something, in their order.
pub fn some<'k>(
    key: &str,
    title: Words,
    record: &Record,
    keys: impl IntoIterator<Item = &'k str>,
    snapshot: &Snapshot,
) -> Sheet {
    let mut sheet = Sheet::new(key, title, pair());
    sheet.headless = true;
    let schema = RecordSchema::of(record.kind, snapshot);
    let evaluation = Evaluation::new(record, snapshot);
    for key in keys {
        let Some(named) = schema.named(key) else { continue };
        let value = match record
            .get(key)
            .zip(record.kind.field(key))
            .and_then(|(value, field)| named_too(field, value, snapshot))
        {
            Some(told) => told,
            None => cell(&named, &evaluation),
        };
        if value != Cell::Empty {
            sheet.rows.push(vec![Cell::Label(key.to_string(), named.label()), value]);
        }
    }
    sheet
}

/// Returns the number of a record and what it is called, as a heading.
pub fn heading(record: &Record) -> Words {
    Words::same(format!("{} {}", record.number, record.title()))
}

/// Returns the names of the custom fields of a record, as schemas know them.
pub fn custom(record: &Record) -> impl Iterator<Item = String> {
    record.custom().iter().map(|(name, _)| format!("custom.{name}"))
}

/// Returns the names of the computed fields of a record, but for those that stand in the place of a stored one.
pub fn computed(record: &Record) -> impl Iterator<Item = String> {
    COMPUTED
        .iter()
        .filter(|computed| computed.is_of(record.kind) && computed.covers.is_none())
        .map(|computed| computed.name.to_string())
}

/// Returns a reference to a record with what that is called; nothing for other fields, users and records that are not
/// the reader's.
fn named_too(field: &Field, value: &Value, snapshot: &Snapshot) -> Option<Cell> {
    let (FieldType::Reference(_) | FieldType::Subject, Value::Text(number)) = (field.ty, value) else { return None };
    let title = snapshot.find(number).filter(|_| field.ty != FieldType::Reference("user"))?.title();
    (!title.is_empty()).then(|| Cell::Label(number.to_string(), Words::same(format!("{number} {title}"))))
}

fn pair() -> Vec<Column> {
    vec![Column::text("field", "Field", "字段"), Column::text("value", "Value", "值").weighing(Weight::Main)]
}
