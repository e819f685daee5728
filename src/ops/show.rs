//! One record as a table of its fields.

use super::related;
use super::score::dimensions;
use crate::record::{CONFLICTS, Field, FieldType, LEAD, Record, Row, USER, Value, Words};
use crate::rules::Snapshot;
use crate::rules::computed::{COMPUTED, Evaluation};
use crate::rules::listing::{RecordSchema, cell, field_words, stored};
use crate::sheet::{Cell, Column, ColumnType, Sheet};

/// Returns a record's fields, then its tables, then what belongs to it; for a lead, where its score comes from.
pub fn card(record: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    let title = Words::same(format!("{} {}", record.number, record.title()));
    let mut fields = Sheet::new("fields", title, pair());
    let schema = RecordSchema::of(record.kind, snapshot);
    let evaluation = Evaluation::new(record, snapshot);
    let mut push = |name: &str| {
        if let Some(named) = schema.named(name) {
            let value = cell(&named, &evaluation);
            if value != Cell::Empty {
                let label = named.label();
                fields.rows.push(vec![Cell::Label(name.to_string(), label), value]);
            }
        }
    };
    record.iter().filter(|(field, _)| !field.is_table()).for_each(|(field, _)| push(field.key));
    record.custom().iter().for_each(|(name, _)| push(&format!("custom.{name}")));
    COMPUTED.iter().filter(|computed| computed.is_of(record.kind)).for_each(|computed| push(computed.name));
    let mut sheets = vec![fields];
    sheets.extend(tables(record, snapshot));
    sheets.extend(related::tables(record, snapshot));
    if record.kind == LEAD {
        let mut score = dimensions(record, snapshot);
        score.key = "score".into();
        sheets.push(score);
    }
    sheets.iter_mut().for_each(|sheet| sheet.whole = true);
    sheets
}

/// Puts the names of users in the place of their logins, for people to read; a name that several bear says nobody.
pub fn name_users(sheet: &mut Sheet, record: &Record, snapshot: &Snapshot) {
    let users = snapshot.records(USER);
    let name_of = |login: &str| {
        let name = users.iter().find(|user| user.number.as_str() == login)?.title();
        (users.iter().filter(|user| user.title() == name).count() == 1).then(|| name.to_string())
    };
    let is_user = |key: &str| record.kind.field(key).is_some_and(|field| field.ty == FieldType::Reference("user"));
    for row in &mut sheet.rows {
        if let [Cell::Label(key, _), Cell::Text(login)] = row.as_mut_slice()
            && is_user(key)
            && let Some(name) = name_of(login)
        {
            *login = name;
        }
    }
}

/// Returns the tables inside a record: contacts, verifications.
fn tables(record: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    let tables = record.iter().filter(|(field, _)| field.is_table());
    tables
        .map(|(field, _)| {
            let rows = record.rows(field.key);
            let used = |inner: &&Field| rows.iter().any(|row| row.get(inner.key).is_some());
            let inner: Vec<_> = rows.first().map(Row::fields).unwrap_or_default().iter().filter(used).collect();
            let column = |field: &&Field| Column::new(field.key, field.label, ColumnType::Text);
            let mut sheet = Sheet::new(field.key, field.label.into(), inner.iter().map(column).collect());
            let cell = |row: &Row, inner: &Field| match row.get(inner.key) {
                None => Cell::Empty,
                // A conflict is about a field, which people call by its label.
                Some(Value::Text(of)) if field.key == CONFLICTS && inner.key == "field" => {
                    Cell::Label(of.to_string(), field_words(record.kind, of))
                }
                Some(value) => stored(inner, value, snapshot),
            };
            sheet.rows = rows.iter().map(|row| inner.iter().map(|field| cell(row, field)).collect()).collect();
            sheet
        })
        .collect()
}

fn pair() -> Vec<Column> {
    vec![Column::text("field", "Field", "字段"), Column::text("value", "Value", "值")]
}
