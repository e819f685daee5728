//! Rejected rows as JSON objects, with `_row` and `_reason` after the members there were.

use super::Rejected;
use crate::import::table::RawCell;
use serde_json::{Map, Value};

/// Writes one list of all.
pub fn list(rejected: &Rejected<'_>) -> Vec<u8> {
    format!("{:#}\n", Value::Array(objects(rejected).collect())).into_bytes()
}

/// Writes one object a line.
pub fn lines(rejected: &Rejected<'_>) -> Vec<u8> {
    objects(rejected).map(|object| format!("{object}\n")).collect::<String>().into_bytes()
}

fn objects(rejected: &Rejected<'_>) -> impl Iterator<Item = Value> {
    rejected.rows.iter().map(|(row, why)| {
        let headers = &rejected.table.headers;
        let named = headers.iter().map(|header| (header.text.clone(), value(row.cell(header.column))));
        let mut object: Map<String, Value> = named.collect();
        object.insert("_row".into(), rejected.number(row).into());
        object.insert("_reason".into(), (*why).into());
        Value::Object(object)
    })
}

fn value(cell: &RawCell) -> Value {
    match cell {
        RawCell::Blank => Value::Null,
        RawCell::Bool(flag) => (*flag).into(),
        RawCell::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| text.to_string().into()),
        other => other.display().into(),
    }
}
