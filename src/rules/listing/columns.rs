//! Records as a sheet: which columns, and what stands in a cell.

use super::schema::{Named, RecordSchema};
use super::{named, split_names};
use crate::query::Type;
use crate::record::{
    Anniversary, CONTRACT, CUSTOMER, Field, FieldType, Kind, OPPORTUNITY, Record, Result, USER, Value, Words,
};
use crate::rules::Snapshot;
use crate::rules::computed::{Computed, Evaluation, Figure};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use rayon::prelude::*;
use std::collections::HashMap;

/// Reads `number,company,contacts.name`: fields by any of their names.
///
/// Fails with exit code 2 on an unknown one, naming the nearest.
pub fn columns(text: &str, schema: &RecordSchema<'_>) -> Result<Vec<Named>> {
    split_names(text).map(|name| named(name, schema)).collect()
}

/// Returns the columns a kind is listed with unless others are asked for.
pub fn default_columns(kind: Kind, schema: &RecordSchema<'_>) -> Vec<Named> {
    kind.columns.iter().filter_map(|name| schema.named(name)).collect()
}

/// Makes the sheet of some records, one row each, in their order.
pub fn sheet(kind: Kind, records: &[&Record], columns: &[Named], snapshot: &Snapshot) -> Sheet {
    let heads = columns.iter().map(|column| Column { weight: weight(kind, column), ..head(column) });
    let mut sheet = Sheet::new(kind.folder, Words::default(), heads.collect());
    let row = |record: &&Record| {
        let evaluation = Evaluation::new(record, snapshot);
        columns.iter().map(|column| cell(column, &evaluation)).collect()
    };
    sheet.rows = records.par_iter().with_min_len(1024).map(row).collect();
    sheet
}

fn head(column: &Named) -> Column {
    Column::new(column.key(), column.label(), column_type(column))
}

/// Returns how much a column is worth on a narrow screen: the title is what a record is known by, and a grade
/// says most of its score; what a deal is called mostly says with whom it is, and its amount must be whole.
fn weight(kind: Kind, column: &Named) -> Weight {
    let is_deal = kind == OPPORTUNITY || kind == CONTRACT;
    match column {
        Named::Stored(field) if field.key == kind.title => Weight::Main,
        Named::Stored(field) if is_deal && field.ty == FieldType::Reference("customer") => Weight::Spare,
        Named::Computed(computed) if ["score", "weighted"].contains(&computed.name) => Weight::Spare,
        _ => Weight::Usual,
    }
}

/// Returns what a record has in a column.
pub fn cell(column: &Named, of: &Evaluation<'_>) -> Cell {
    match column {
        Named::Number => Cell::text(of.record.number.as_str()),
        Named::Stored(field) => of.record.get(field.key).map_or(Cell::Empty, |value| stored(field, value, of.snapshot)),
        Named::Inner(table, field) => inner(table, field, of),
        Named::Custom(name) => of.record.get_custom(name).map_or(Cell::Empty, |value| plain(value, of.snapshot)),
        Named::Computed(computed) => {
            (computed.compute)(of).map_or(Cell::Empty, |figure| computed_cell(computed, figure, of))
        }
    }
}

/// Returns the kinds whose records stand in columns and go by their names where people read them.
pub fn named_kinds(columns: &[Named]) -> impl Iterator<Item = Kind> {
    [USER, CUSTOMER].into_iter().filter(|kind| columns.iter().any(|column| refers_to(column, *kind)))
}

fn refers_to(column: &Named, kind: Kind) -> bool {
    matches!(column, Named::Stored(field) if field.ty == FieldType::Reference(kind.name))
}

/// Puts the names of users and customers in the place of their logins and numbers, for people to read; what two share
/// names neither.
///
/// The snapshot needs the [`named_kinds`].
pub fn name_references(sheet: &mut Sheet, columns: &[Named], snapshot: &Snapshot) {
    for kind in named_kinds(columns) {
        let names = sole_names(snapshot.records(kind));
        for at in columns.iter().enumerate().filter(|(_, column)| refers_to(column, kind)).map(|(at, _)| at) {
            for cell in sheet.rows.iter_mut().filter_map(|row| row.get_mut(at)) {
                if let Cell::Text(number) = cell
                    && let Some(name) = names.get(number.as_str())
                {
                    *cell = Cell::text(*name);
                }
            }
        }
    }
}

/// Returns the names of records by their numbers, those alone that one record bears.
fn sole_names(records: &[Record]) -> HashMap<&str, &str> {
    let mut names: HashMap<&str, Option<&str>> = HashMap::new();
    for record in records {
        names.entry(record.title()).and_modify(|number| *number = None).or_insert(Some(record.number.as_str()));
    }
    names.into_iter().filter_map(|(name, number)| Some((number?, name))).collect()
}

fn column_type(column: &Named) -> ColumnType {
    let field = column.field_ref();
    match field.ty {
        Type::Table => ColumnType::Integer,
        _ if field.list => ColumnType::Text,
        Type::Integer => ColumnType::Integer,
        Type::Decimal => ColumnType::Decimal,
        Type::Money => ColumnType::Money,
        Type::Date => ColumnType::Date,
        Type::Moment => ColumnType::Moment,
        Type::Text | Type::Phone | Type::User | Type::Subject | Type::Key(_) | Type::Flag | Type::Custom => {
            ColumnType::Text
        }
    }
}

/// Returns the cell of a stored value, its keys with their labels; several keys are one label, as lists carry no languages.
pub fn stored(field: &Field, value: &Value, snapshot: &Snapshot) -> Cell {
    let words = |name: &str, key: &str| snapshot.config.dictionary.words(name, key);
    match (field.dictionary(), value) {
        (Some(name), Value::Text(key)) => Cell::Label(key.to_string(), words(name, key)),
        (Some(name), Value::Texts(keys)) => labels(keys.iter().map(|key| (key.to_string(), words(name, key)))),
        (None, Value::Integer(n)) if field.signed => Cell::Signed(*n),
        (None, Value::Text(day)) if field.ty == FieldType::Anniversary => {
            Anniversary::parse(day).map_or_else(|| plain(value, snapshot), |read| labelled(day, read.words()))
        }
        _ => plain(value, snapshot),
    }
}

/// Makes a cell of a text that one language says in other words; plain where both say it as it stands.
fn labelled(text: &str, words: Words) -> Cell {
    let is_plain = words.en == text && words.zh == text;
    if is_plain { Cell::text(text) } else { Cell::Label(text.to_string(), words) }
}

/// Returns the cell of a value of no declared field.
pub fn plain(value: &Value, snapshot: &Snapshot) -> Cell {
    match value {
        Value::Text(text) | Value::Odd(text) => Cell::text(text.as_ref()),
        Value::Integer(n) => Cell::Integer(*n),
        Value::Flag(flag) => Cell::Flag(*flag),
        Value::Money(money) => Cell::Money(*money),
        Value::Date(day) => Cell::Date(*day),
        Value::Moment(moment) => Cell::Moment(moment.with_timezone(&snapshot.as_of.moment.timezone()).fixed_offset()),
        Value::Texts(texts) => Cell::List(texts.iter().map(|text| text.to_string()).collect()),
        Value::Rows(rows) => Cell::count(rows.len()),
    }
}

/// The values of a field of a table's rows, one after the other.
fn inner(table: &Field, field: &Field, of: &Evaluation<'_>) -> Cell {
    let rows = of.record.rows(table.key).iter();
    let mut cells: Vec<Cell> =
        rows.filter_map(|row| row.get(field.key)).map(|value| stored(field, value, of.snapshot)).collect();
    if cells.len() <= 1 {
        return cells.pop().unwrap_or(Cell::Empty);
    }
    labels(cells.into_iter().map(|cell| match cell {
        Cell::Label(key, words) => (key, words),
        other => {
            let (en, zh) = (other.display(crate::record::Lang::En), other.display(crate::record::Lang::Zh));
            (en.clone(), Words { en: en.into(), zh: zh.into() })
        }
    }))
}

fn computed_cell(computed: &Computed, figure: Figure<'_>, of: &Evaluation<'_>) -> Cell {
    let dictionary = &of.snapshot.config.dictionary;
    match figure {
        // The label of a grade says what it means; in a list the letter is wanted.
        Figure::Key(key) => match computed.ty {
            Type::Key(name) if dictionary.get(name).is_some() => Cell::Label(key.into(), dictionary.words(name, key)),
            _ => Cell::text(key),
        },
        Figure::Keys(keys) => {
            let dimensions = &of.snapshot.config.model.dimensions;
            let missing = of.assessment().missing().filter_map(|one| Some((one, dimensions.get(one.at)?)));
            let known: HashMap<&str, Words> = missing.map(|(one, of)| (of.key.as_str(), one.words(of))).collect();
            let words = |key: &str| known.get(key).cloned().unwrap_or_else(|| Words::same(key));
            labels(keys.into_iter().map(|key| (key.to_string(), words(key))))
        }
        Figure::Text(text) => Cell::text(text),
        Figure::Texts(texts) => Cell::List(texts.into_iter().map(String::from).collect()),
        Figure::Date(day) => Cell::Date(day),
        Figure::Integer(n) => Cell::Integer(n),
        Figure::Decimal(n) => Cell::Decimal(n),
        Figure::Money(money) => Cell::Money(money),
        Figure::Moment(moment) => plain(&Value::Moment(moment), of.snapshot),
    }
}

/// Makes one cell of several keys: plain where the keys are what is read, else labelled.
fn labels(all: impl Iterator<Item = (String, Words)>) -> Cell {
    let (keys, words): (Vec<String>, Vec<Words>) = all.unzip();
    if keys.iter().zip(&words).all(|(key, words)| words.en == *key && words.zh == *key) {
        return Cell::List(keys);
    }
    Cell::Label(keys.join(","), Words::join(&words, ", ", "、"))
}
