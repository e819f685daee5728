//! `json`: the whole document as one value, schema `kehu.report`; only ever added to within a version.
//!
//! Names, values and keys do not depend on the language; labels, titles, notes and the definition do.

use super::text::turns_direction;
use super::{DrawOptions, Format, cells};
use crate::record::{Label, Words};
use crate::sheet::{Cell, ColumnType, Document, Sheet};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::io::{self, Write};

pub const FORMAT: Format = Format {
    name: "json",
    extensions: &["json"],
    binary: false,
    about: Label::new("one JSON value, for programs", "单个 JSON 值，供程序读取"),
    draw_document: draw,
};

/// The name of the schema of a document.
pub const SCHEMA: &str = "kehu.report";
/// The version of the schema.
pub const VERSION: u32 = 1;

fn draw(document: &Document, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    let words = |words: &Words| Value::from(words.get(options.lang));
    let value = json!({
        "schema": SCHEMA,
        "version": VERSION,
        "report": document.name,
        "title": words(&document.title),
        "facts": facts_value(document),
        "sections": document.sheets.iter().map(|sheet| section_value(sheet, options)).collect::<Vec<_>>(),
        "definition": document.definition.iter().map(words).collect::<Vec<_>>(),
    });
    write_line(&serde_json::to_string_pretty(&value)?, out)
}

fn section_value(sheet: &Sheet, options: &DrawOptions) -> Value {
    let words = |words: &Words| Value::from(words.get(options.lang));
    let columns = sheet
        .columns
        .iter()
        .map(|column| json!({ "key": column.key, "label": words(&column.label), "type": column_type_name(column.ty) }));
    json!({
        "key": sheet.key,
        "title": words(&sheet.title),
        "columns": columns.collect::<Vec<_>>(),
        "rows": sheet.rows.iter().map(|row| row_value(sheet, row)).collect::<Vec<_>>(),
        "total": sheet.total.as_ref().map(|row| row_value(sheet, row)),
        "notes": sheet.notes.iter().map(words).collect::<Vec<_>>(),
    })
}

/// Returns the facts of a document by key.
pub fn facts_value(document: &Document) -> Value {
    document.facts.iter().map(|fact| (fact.key.clone(), cell_value(&fact.value))).collect::<Map<_, _>>().into()
}

/// Returns a row with its cells by column key; every key is there, `null` where nothing is known.
pub fn row_value(sheet: &Sheet, row: &[Cell]) -> Value {
    let named = sheet.columns.iter().zip(cells(sheet, row));
    named.map(|(column, cell)| (column.key.clone(), cell_value(cell))).collect::<Map<_, _>>().into()
}

/// Returns a cell as JSON: money as text, exact; shares rounded to four decimals; labels by key.
fn cell_value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => text.as_str().into(),
        Cell::Label(key, _) => key.as_str().into(),
        Cell::Integer(n) | Cell::Signed(n) => (*n).into(),
        Cell::Decimal(n) => number_value(*n),
        Cell::Ratio(share) => number_value(share.round_dp(4)),
        Cell::Money(money) => money.to_string().into(),
        Cell::Date(day) => day.to_string().into(),
        Cell::Moment(moment) => moment.to_rfc3339().into(),
        Cell::Flag(yes) => (*yes).into(),
        Cell::List(texts) => texts.clone().into(),
    }
}

fn number_value(number: Decimal) -> Value {
    let whole = number.to_i64().filter(|_| number.is_integer());
    whole.map_or_else(|| number.to_f64().into(), Value::from)
}

fn column_type_name(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Text => "text",
        ColumnType::Integer => "integer",
        ColumnType::Decimal => "decimal",
        ColumnType::Ratio => "ratio",
        ColumnType::Money => "money",
        ColumnType::Date => "date",
        ColumnType::Moment => "moment",
    }
}

/// Writes JSON text and a line end, with the invisible characters a terminal would obey escaped.
pub fn write_line(json: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(escape_invisible(json).as_bytes())?;
    out.write_all(b"\n")
}

/// Escapes what `serde_json` leaves as it is: DEL, the C1 controls, marks of direction. They stand
/// only inside strings, so the value stays the same.
fn escape_invisible(json: &str) -> Cow<'_, str> {
    let wild = |c: char| turns_direction(c) || ('\u{7f}'..='\u{9f}').contains(&c);
    if !json.contains(wild) {
        return Cow::Borrowed(json);
    }
    let escape = |c: char| if wild(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() };
    Cow::Owned(json.chars().map(escape).collect())
}
