//! What a record is taken apart into: values that are changed by themselves.

use crate::record::{CONFLICTS, Field, Record, Row, Value, table_fields};

/// A value of a record that is changed by itself: a field, an item of a list, a field of a row, a custom field.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The declaration; none for a custom field.
    pub field: Option<&'static Field>,
    /// Its path in the record as it is: `phone`, `tags`, `contacts.1.email`, `custom.抖音号`.
    pub path: String,
    /// What it holds.
    pub value: Value,
    place: Place,
}

/// Where an item is found in another state of the record.
#[derive(Debug, Clone, PartialEq)]
enum Place {
    Field(&'static str),
    /// An item of the list in a field.
    Listed(&'static str),
    /// A field of a row of the table in a field.
    Cell(&'static str, RowKey, &'static str),
    Custom(String),
}

/// What a row is known by whatever its place: what tells it from others, and which of those that share it; else
/// its place.
#[derive(Debug, Clone, PartialEq)]
struct RowKey {
    name: Option<String>,
    nth: usize,
}

/// Takes a record apart, in declared order.
pub fn items(record: &Record) -> Vec<Item> {
    let mut items = Vec::new();
    // What is in conflict is nobody's value yet.
    for (field, value) in record.iter().filter(|(field, _)| field.key != CONFLICTS) {
        match (value, table_fields(field)) {
            (Value::Rows(rows), Some(_)) => cells(field, rows, &mut items),
            (Value::Texts(texts), _) => {
                items.extend(texts.iter().map(|text| Item {
                    field: Some(field),
                    path: field.key.to_string(),
                    value: Value::Texts(vec![text.clone()]),
                    place: Place::Listed(field.key),
                }));
            }
            _ => items.push(Item {
                field: Some(field),
                path: field.key.to_string(),
                value: value.clone(),
                place: Place::Field(field.key),
            }),
        }
    }
    items.extend(record.custom().iter().map(|(name, value)| Item {
        field: None,
        path: format!("custom.{name}"),
        value: value.clone(),
        place: Place::Custom(name.to_string()),
    }));
    items
}

fn cells(field: &'static Field, rows: &[Row], items: &mut Vec<Item>) {
    for (at, row) in rows.iter().enumerate() {
        let key = row_key(rows, at);
        items.extend(row.iter().map(|(inner, value)| Item {
            field: Some(inner),
            path: format!("{}.{at}.{}", field.key, inner.key),
            value: value.clone(),
            place: Place::Cell(field.key, key.clone(), inner.key),
        }));
    }
}

impl Item {
    /// Tells whether another state of the record has it with the same value.
    pub fn is_in(&self, record: &Record) -> bool {
        match &self.place {
            Place::Field(key) => record.get(key) == Some(&self.value),
            Place::Custom(name) => record.get_custom(name) == Some(&self.value),
            Place::Listed(key) => match &self.value {
                Value::Texts(own) => own.iter().all(|text| record.texts(key).contains(text)),
                _ => false,
            },
            Place::Cell(table, row, key) => {
                let rows = record.rows(table);
                let same = (0..rows.len()).find(|at| row_key(rows, *at) == *row);
                same.is_some_and(|at| rows[at].get(key) == Some(&self.value))
            }
        }
    }
}

fn row_key(rows: &[Row], at: usize) -> RowKey {
    let name = |row: &Row| {
        let mut telling = row.fields().iter().filter(|field| field.identity);
        telling.find_map(|field| row.text(field.key)).map(str::to_string)
    };
    let own = name(&rows[at]);
    match own {
        Some(_) => RowKey { nth: rows[..at].iter().filter(|row| name(row) == own).count(), name: own },
        None => RowKey { name: None, nth: at },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CONTACT, CUSTOMER, Number};

    fn customer(contacts: &[(&str, &str)], tags: &[&str]) -> Record {
        let mut record = Record::new(CUSTOMER, Number::sequence("B2B", 2026, 1, 3));
        let rows = contacts.iter().map(|(name, email)| {
            let mut row = Row::new(CONTACT);
            row.set("name", Value::text(*name));
            row.set("email", Value::text(*email));
            row
        });
        record.set("contacts", Value::Rows(rows.collect()));
        record.set("tags", Value::Texts(tags.iter().map(|tag| (*tag).into()).collect()));
        record
    }

    #[test]
    fn rows_are_known_by_name_and_items_by_themselves() {
        let now = customer(&[("b", "2"), ("a", "1")], &["x", "y"]);
        let before = customer(&[("a", "1"), ("b", "0")], &["y"]);
        let changed = items(&now).into_iter().filter(|item| !item.is_in(&before));
        let paths: Vec<_> = changed.map(|item| (item.path, item.value)).collect();
        let tag = Value::Texts(vec!["x".into()]);
        assert_eq!(paths, [("tags".to_string(), tag), ("contacts.0.email".to_string(), Value::text("2"))]);
        let twice = customer(&[("a", "1"), ("a", "3")], &[]);
        assert!(items(&twice).iter().all(|item| item.is_in(&twice)));
    }
}
