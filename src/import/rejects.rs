//! The file in which rejected rows go back: the format of the input, the original cells, the row and the reason.
//!
//! It can be mended and imported again; its two added columns are then passed over. A workbook keeps the name of the
//! sheet, a unit stated above the headings stands there again, and rows rejected once more keep their first number.

use super::Format;
use super::matching::before_reject_columns;
use super::names::heading_words;
use super::table::{Header, MAX_COLUMNS, RawCell, RawRow, Table};
use crate::record::{Failure, Lang, Result, Words};
use crate::sheet::formula::guard;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook, XlsxError};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A file of rejected rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejects {
    /// The ending its name should have: that of the input, xlsx for a workbook unless it is too wide for one.
    pub extension: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Writes the rejected rows, given by row number in the order of the table, each with its reason.
pub fn write_rejects(table: &Table, rejected: &[(usize, Words)], lang: Lang) -> Result<Rejects> {
    let by_number: HashMap<usize, &RawRow> = table.rows.iter().map(|row| (row.number, row)).collect();
    let found = rejected.iter().filter_map(|(number, why)| Some((*by_number.get(number)?, why.get(lang))));
    let rows: Vec<(&RawRow, &str)> = found.collect();
    // A stray cell in the last column leaves a workbook no room for the two that are added.
    let is_too_wide = width(table, &rows) + added(lang).len() > MAX_COLUMNS;
    match table.format {
        Format::Json => Ok(Rejects { extension: "json", bytes: json_list(table, &rows) }),
        Format::Jsonl => Ok(Rejects { extension: "jsonl", bytes: json_lines(table, &rows) }),
        Format::Csv => Ok(Rejects {
            extension: if table.delimiter == Some('\t') { "tsv" } else { "csv" },
            bytes: csv_file(table, &rows, lang)?,
        }),
        _ if is_too_wide => Ok(Rejects { extension: "csv", bytes: csv_file(table, &rows, lang)? }),
        _ => Ok(Rejects { extension: "xlsx", bytes: workbook(table, &rows, lang).map_err(unwritable)? }),
    }
}

fn unwritable(error: impl std::fmt::Display) -> Failure {
    let error = error.to_string();
    Failure::failed(crate::words!("the rejected rows cannot be written ({error})", "无法写出被拒行（{error}）"))
}

fn added(lang: Lang) -> [&'static str; 2] {
    match lang {
        Lang::En => ["row", "reason"],
        Lang::Zh => ["原行号", "原因"],
    }
}

/// Returns how many columns the original cells take: headings, and what rows have beyond them.
fn width(table: &Table, rows: &[(&RawRow, &str)]) -> usize {
    let headings = table.headers.last().map_or(0, |header| header.column + 1);
    let used = |row: &RawRow| row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
    rows.iter().map(|(row, _)| used(row)).max().unwrap_or(0).max(headings)
}

/// Returns the columns of the original cells, without those that an earlier rejects file added.
fn columns(table: &Table, width: usize) -> Vec<usize> {
    let added = table.headers.get(before_reject_columns(&table.headers)..).unwrap_or_default();
    (0..width).filter(|column| added.iter().all(|header| header.column != *column)).collect()
}

/// Returns the row's number in the file it first came from, as an earlier rejects file gives it.
fn number(table: &Table, row: &RawRow) -> usize {
    let added = table.headers.get(before_reject_columns(&table.headers)..).and_then(<[Header]>::first);
    let first = added.and_then(|header| row.cell(header.column).display().trim().parse().ok());
    first.unwrap_or(row.number)
}

/// Returns the line above the headings that states the unit of amounts, where the table had one.
fn unit_line(table: &Table) -> Option<String> {
    table.unit.map(|unit| format!("单位：{}", unit.word))
}

fn headings(table: &Table, width: usize, lang: Lang) -> Vec<String> {
    let mut texts = vec![String::new(); width];
    // Rejected again, what a row has too much goes back under no heading, by which it is known.
    let is_again = before_reject_columns(&table.headers) < table.headers.len();
    let kept = |header: &&Header| !(is_again && table.nameless.contains(&header.column));
    for header in table.headers.iter().filter(kept) {
        if let Some(text) = texts.get_mut(header.column) {
            *text = heading_words(&header.text).get(lang).to_string();
        }
    }
    texts
}

fn csv_file(table: &Table, rows: &[(&RawRow, &str)], lang: Lang) -> Result<Vec<u8>> {
    let mark = table.delimiter.and_then(|mark| u8::try_from(mark).ok()).unwrap_or(b',');
    let mut writer = csv::WriterBuilder::new().delimiter(mark).from_writer(Vec::new());
    let width = width(table, rows);
    let columns = columns(table, width);
    let headings = headings(table, width, lang);
    let head = columns.iter().filter_map(|column| headings.get(*column).cloned()).chain(added(lang).map(String::from));
    let head: Vec<String> = head.map(|text| guard(&text).into_owned()).collect();
    if let Some(line) = unit_line(table) {
        let blanks = std::iter::repeat_n(String::new(), head.len() - 1);
        writer.write_record(std::iter::once(line).chain(blanks)).map_err(unwritable)?;
    }
    writer.write_record(head).map_err(unwritable)?;
    for (row, why) in rows {
        let cells = columns.iter().map(|column| row.cell(*column).display().into_owned());
        let cells = cells.chain([number(table, row).to_string(), why.to_string()]);
        writer.write_record(cells.map(|text| guard(&text).into_owned())).map_err(unwritable)?;
    }
    let text = String::from_utf8(writer.into_inner().map_err(unwritable)?).map_err(unwritable)?;
    Ok(encode(&text, table.encoding))
}

/// Writes text in the encoding of the input, UTF-16 with its mark; what that cannot hold in GB18030 or UTF-8.
fn encode(text: &str, name: Option<&'static str>) -> Vec<u8> {
    let encoding = name.and_then(|name| Encoding::for_label(name.as_bytes())).unwrap_or(UTF_8);
    if encoding == UTF_16LE {
        return "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    }
    if encoding == UTF_16BE {
        return "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    }
    match encoding.encode(text) {
        (bytes, _, false) => bytes.into_owned(),
        _ => format!("\u{feff}{text}").into_bytes(),
    }
}

fn json_objects(table: &Table, rows: &[(&RawRow, &str)]) -> Vec<Value> {
    let object = |(row, why): &(&RawRow, &str)| {
        let named = table.headers.iter().map(|header| (header.text.clone(), json(row.cell(header.column))));
        let mut object: Map<String, Value> = named.collect();
        object.insert("_row".into(), number(table, row).into());
        object.insert("_reason".into(), (*why).into());
        Value::Object(object)
    };
    rows.iter().map(object).collect()
}

fn json_list(table: &Table, rows: &[(&RawRow, &str)]) -> Vec<u8> {
    format!("{:#}\n", Value::Array(json_objects(table, rows))).into_bytes()
}

fn json_lines(table: &Table, rows: &[(&RawRow, &str)]) -> Vec<u8> {
    json_objects(table, rows).iter().map(|object| format!("{object}\n")).collect::<String>().into_bytes()
}

fn json(cell: &RawCell) -> Value {
    match cell {
        RawCell::Blank => Value::Null,
        RawCell::Bool(flag) => (*flag).into(),
        RawCell::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| text.to_string().into()),
        other => other.display().into(),
    }
}

fn workbook(table: &Table, rows: &[(&RawRow, &str)], lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same rows are the same bytes whenever they are written, so that an unedited file is known again.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet();
    if let Some(name) = table.sheet.as_deref() {
        // Other formats allow names that Excel does not; under its own the file is known by its columns.
        let _ = sheet.set_name(name);
    }
    let top = match unit_line(table) {
        Some(line) => {
            sheet.write_string(0, 0, line)?;
            1
        }
        None => 0,
    };
    let width = width(table, rows);
    let bold = CellFormat::new().set_bold();
    let columns = columns(table, width);
    let headings = headings(table, width, lang);
    let head = columns.iter().filter_map(|column| headings.get(*column).cloned()).chain(added(lang).map(String::from));
    for (column, text) in head.enumerate() {
        let cells = columns.get(column).into_iter().flat_map(|at| rows.iter().map(|(row, _)| row.cell(*at).display()));
        let widest = cells.map(|cell| shown_width(&cell)).max().unwrap_or(0).max(shown_width(&text));
        sheet.set_column_width(column as u16, widest.clamp(6, 40) as f64 + 2.0)?;
        sheet.write_string_with_format(top, column as u16, cut(&text), &bold)?;
    }
    let wrapped = CellFormat::new().set_text_wrap();
    let day = CellFormat::new().set_num_format("yyyy-mm-dd");
    let moment = CellFormat::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let time = CellFormat::new().set_num_format("hh:mm:ss");
    for (line, (row, why)) in (top + 1..).zip(rows) {
        for (column, cell) in (0u16..).zip(columns.iter().map(|column| row.cell(*column))) {
            match cell {
                RawCell::Blank => continue,
                RawCell::Bool(flag) => sheet.write_boolean(line, column, *flag)?,
                RawCell::Number(text) => match text.parse::<f64>() {
                    Ok(number) if format!("{number}") == **text => sheet.write_number(line, column, number)?,
                    _ => sheet.write_string(line, column, &**text)?,
                },
                RawCell::Date(at) => {
                    sheet.write_number_with_format(line, column, serial(at.and_time(NaiveTime::MIN)), &day)?
                }
                RawCell::DateTime(at) => sheet.write_number_with_format(line, column, serial(*at), &moment)?,
                RawCell::Time(at) => {
                    let part = f64::from(at.num_seconds_from_midnight()) / 86_400.0;
                    sheet.write_number_with_format(line, column, part, &time)?
                }
                other => sheet.write_string(line, column, cut(&other.display()))?,
            };
        }
        let end = columns.len() as u16;
        sheet.write_number(line, end, number(table, row) as f64)?;
        sheet.write_string_with_format(line, end + 1, cut(why), &wrapped)?;
    }
    sheet.set_column_width(columns.len() as u16 + 1, 60)?;
    sheet.set_freeze_panes(top + 1, 0)?;
    book.save_to_buffer()
}

/// Returns the day number of Excel, the time of day as its fraction.
fn serial(at: NaiveDateTime) -> f64 {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    let days = (at.date() - first).num_days() as f64;
    days + f64::from(at.num_seconds_from_midnight()) / 86_400.0
}

/// Returns how many columns of a screen a text takes, Chinese characters two each.
fn shown_width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Cuts a text to what a cell of Excel holds.
fn cut(text: &str) -> String {
    text.chars().take(32_000).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Input, ReadOptions, read_table};
    use super::*;
    use crate::words;

    fn table(bytes: &[u8], name: &str) -> Table {
        read_table(&Input { name, bytes }, &ReadOptions { kind: Some(crate::record::LEAD), ..ReadOptions::default() })
            .unwrap()
    }

    fn again(text: &[u8], name: &str, lang: Lang) -> (Table, Table) {
        let before = table(text, name);
        let rejected = vec![(before.rows[0].number, words!("bad phone", "电话无效"))];
        let file = write_rejects(&before, &rejected, lang).unwrap();
        let after = table(&file.bytes, &format!("x.{}", file.extension));
        (before, after)
    }

    #[test]
    fn rejects_have_the_format_of_the_input() {
        let text = "公司名称;联系人;电话\n\"甲;公司\n杭州\";王伟;12\n乙;李娜;13800138000\n";
        let (bytes, ..) = encoding_rs::GB18030.encode(text);
        let (before, after) = again(&bytes, "x.csv", Lang::Zh);
        assert_eq!((after.encoding, after.delimiter), (before.encoding, before.delimiter));
        assert_eq!(after.rows[0].cells[..3], before.rows[0].cells[..]);
        assert_eq!(after.rows[0].cells[3..], [RawCell::text("2"), RawCell::text("电话无效")]);
        let matching = super::super::match_headers(crate::record::LEAD, &after.headers);
        assert_eq!((matching.columns.len(), matching.unmatched.len()), (3, 0), "the added columns are passed over");
    }

    #[test]
    fn rejected_again_the_added_columns_are_not_doubled() {
        let first = table("公司,电话,原行号,原因\n甲,12,7,电话无效\n".as_bytes(), "x.csv");
        let names = |format| {
            let table = Table { format, ..first.clone() };
            let file = write_rejects(&table, &[(2, words!("bad", "错"))], Lang::Zh).unwrap();
            let again = super::tests::table(&file.bytes, &format!("x.{}", file.extension));
            let cells = again.rows[0].cells.iter().map(|cell| cell.display().into_owned()).collect::<Vec<_>>();
            (again.headers.iter().map(|h| h.text.clone()).collect::<Vec<_>>().join(" "), cells.join(" "))
        };
        let expected = ("公司 电话 原行号 原因".to_string(), "甲 12 7 错".to_string());
        assert_eq!((names(Format::Csv), names(Format::Ods)), (expected.clone(), expected));
    }

    #[test]
    fn a_rejects_file_is_known_whatever_is_stated_of_sheet_and_headings() {
        let text = "登记表,,\n单位：万元,,\n公司,电话,预算\n甲,12,50\n";
        for (format, sheet) in [(Format::Csv, None), (Format::Xlsx, Some("客户")), (Format::Ods, Some("a/b"))] {
            let before = Table { format, sheet: sheet.map(String::from), ..table(text.as_bytes(), "x.csv") };
            let stated = ReadOptions {
                kind: Some(crate::record::LEAD),
                sheet: sheet.map(String::from),
                header_row: before.header_row,
                ..ReadOptions::default()
            };
            let again = |before: &Table, number| {
                let file = write_rejects(before, &[(number, words!("bad", "错"))], Lang::Zh).unwrap();
                read_table(&Input { name: &format!("x.{}", file.extension), bytes: &file.bytes }, &stated).unwrap()
            };
            let once = again(&before, 4);
            let twice = again(&once, once.rows[0].number);
            for table in [once, twice] {
                let names: Vec<&str> = table.headers.iter().map(|h| h.text.as_str()).collect();
                assert_eq!(names, ["公司", "电话", "预算", "原行号", "原因"]);
                assert_eq!((table.rows.len(), table.unit), (1, before.unit), "{sheet:?}");
                assert_eq!(table.rows[0].cell(3).display(), "4", "the number in the first file");
                assert_eq!(
                    table.sheet.as_deref().filter(|name| *name != "Sheet1"),
                    sheet.filter(|name| *name == "客户")
                );
            }
        }
    }

    #[test]
    fn json_and_workbooks() {
        let (_, after) = again("[{\"公司\":\"甲\",\"电话\":12}]".as_bytes(), "x.json", Lang::En);
        let names: Vec<&str> = after.headers.iter().map(|h| h.text.as_str()).collect();
        assert_eq!(names, ["公司", "电话", "_row", "_reason"]);
        let mut before = table("公司,电话\n甲,12\n".as_bytes(), "x.csv");
        before.format = Format::Ods;
        let file = write_rejects(&before, &[(2, words!("bad", "错"))], Lang::En).unwrap();
        let after = table(&file.bytes, "x.xlsx");
        assert_eq!((file.extension, after.rows[0].cell(3).display().as_ref()), ("xlsx", "bad"));
    }

    #[test]
    fn what_is_too_wide_for_a_workbook_goes_back_as_text() {
        let mut before = table(format!("公司,电话\n甲,12{}x\n", ",".repeat(MAX_COLUMNS - 2)).as_bytes(), "x.csv");
        (before.format, before.delimiter) = (Format::Xlsx, None);
        let file = write_rejects(&before, &[(2, words!("bad", "错"))], Lang::En).unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        assert_eq!(file.extension, "csv");
        assert!(text.ends_with(",x,2,bad\n"), "{}", &text[text.len() - 40..]);
    }
}
