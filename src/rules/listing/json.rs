//! The published form of a record; additive only.
//!
//! Amounts are strings, so that no reader rounds them; keys stay keys; days and moments are ISO 8601.

use super::schema::Named;
use crate::record::{Lang, Record, Row, Value};
use crate::rules::Snapshot;
use crate::rules::computed::{COMPUTED, Evaluation, Figure};
use crate::rules::score::{number, score_in};
use serde_json::{Map, Value as Json};

/// Fields of the score that its own object has already.
const IN_SCORE: [&str; 3] = ["score", "reachable", "missing"];

/// Returns a record: `number`, the stored fields in declared order, `custom`, then the computed fields,
/// null where missing, the score of a lead as an object with its explanation in `lang`.
pub fn record_json(record: &Record, snapshot: &Snapshot, lang: Lang) -> Json {
    let mut object = Map::new();
    object.insert("number".into(), record.number.as_str().into());
    object.extend(row(&record.row));
    let of = Evaluation::new(record, snapshot);
    for computed in COMPUTED.iter().filter(|computed| computed.is_of(record.kind)) {
        let value = match computed.name {
            "score" => score_in(record, snapshot).json(lang),
            name if IN_SCORE.contains(&name) => continue,
            _ => (computed.compute)(&of).map_or(Json::Null, |figure| figure_json(figure, snapshot)),
        };
        object.insert(computed.name.into(), value);
    }
    Json::Object(object)
}

/// Returns the number of a record and those fields, null where missing, in the order asked for.
pub fn fields_json(record: &Record, columns: &[Named], snapshot: &Snapshot, lang: Lang) -> Json {
    let of = Evaluation::new(record, snapshot);
    let stored = |row: &Row, key: &str| row.get(key).map_or(Json::Null, value_json);
    let mut object = Map::new();
    object.insert("number".into(), record.number.as_str().into());
    for column in columns {
        let value = match column {
            Named::Number => continue,
            Named::Stored(field) => stored(&record.row, field.key),
            Named::Inner(table, field) => record.rows(table.key).iter().map(|row| stored(row, field.key)).collect(),
            Named::Custom(name) => record.get_custom(name).map_or(Json::Null, value_json),
            Named::Computed(computed) if computed.name == "score" => score_in(record, snapshot).json(lang),
            Named::Computed(computed) => (computed.compute)(&of).map_or(Json::Null, |one| figure_json(one, snapshot)),
        };
        object.insert(column.key(), value);
    }
    Json::Object(object)
}

/// Returns the stored fields of a row, the custom ones in an object of their own.
fn row(row: &Row) -> Map<String, Json> {
    let mut object: Map<String, Json> =
        row.iter().map(|(field, value)| (field.key.into(), value_json(value))).collect();
    if !row.custom().is_empty() {
        let custom = row.custom().iter().map(|(name, value)| (name.to_string(), value_json(value)));
        object.insert("custom".into(), Json::Object(custom.collect()));
    }
    object
}

/// Returns a stored value in its published form.
pub fn value_json(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Odd(text) => text.as_ref().into(),
        Value::Integer(n) => (*n).into(),
        Value::Flag(flag) => (*flag).into(),
        Value::Money(money) => money.to_string().into(),
        Value::Date(day) => day.to_string().into(),
        Value::Moment(moment) => moment.to_rfc3339().into(),
        Value::Texts(texts) => texts.iter().map(|text| Json::from(text.as_ref())).collect(),
        Value::Rows(rows) => rows.iter().map(|inner| Json::Object(row(inner))).collect(),
    }
}

fn figure_json(figure: Figure<'_>, snapshot: &Snapshot) -> Json {
    match figure {
        Figure::Key(key) => key.into(),
        Figure::Keys(keys) => keys.into(),
        Figure::Text(text) => text.into(),
        Figure::Texts(texts) => texts.into(),
        Figure::Date(day) => day.to_string().into(),
        Figure::Integer(n) => n.into(),
        Figure::Decimal(n) => number(n),
        Figure::Money(money) => money.to_string().into(),
        Figure::Moment(moment) => moment.with_timezone(&snapshot.as_of.moment.timezone()).to_rfc3339().into(),
    }
}
