//! Rejected rows as a workbook of one sheet: headings that stay in sight, cells of the type they had, columns as
//! wide as what stands in them.

use super::Rejected;
use crate::import::table::RawCell;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// Writes the file.
///
/// Fails when it has more rows or columns than a sheet of Excel.
pub fn file(rejected: &Rejected<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same rows are the same bytes whenever they are written, so that an unedited file is known again.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet();
    if let Some(name) = rejected.table.sheet.as_deref() {
        // Other formats allow names that Excel does not; under its own the file is known by its columns.
        let _ = sheet.set_name(name);
    }
    let unit = rejected.unit_line();
    let top = u32::from(unit.is_some());
    if let Some(line) = unit {
        sheet.write_string(0, 0, line)?;
    }
    let columns = rejected.columns();
    write_headings(sheet, top, rejected, &columns)?;
    write_rows(sheet, top + 1, rejected, &columns)?;
    sheet.set_freeze_panes(top + 1, 0)?;
    book.save_to_buffer()
}

/// Writes the headings on a line and makes the columns as wide as what stands in them.
fn write_headings(
    sheet: &mut Worksheet,
    line: u32,
    rejected: &Rejected<'_>,
    columns: &[usize],
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (at, heading) in rejected.headings(columns).iter().enumerate() {
        let original = columns.get(at).into_iter();
        let cells = original.flat_map(|column| rejected.rows.iter().map(|(row, _)| row.cell(*column).display()));
        let widest = cells.map(|cell| shown_width(&cell)).max().unwrap_or(0).max(shown_width(heading));
        sheet.set_column_width(at as u16, widest.clamp(6, 40) as f64 + 2.0)?;
        sheet.write_string_with_format(line, at as u16, cut(heading), &bold)?;
    }
    sheet.set_column_width(columns.len() as u16 + 1, 60)?;
    Ok(())
}

/// Writes the rows from a line on: the original cells, the row's number, the reason.
fn write_rows(sheet: &mut Worksheet, first: u32, rejected: &Rejected<'_>, columns: &[usize]) -> Result<(), XlsxError> {
    let (times, wrapped) = (Times::new(), Format::new().set_text_wrap());
    let end = columns.len() as u16;
    for (line, (row, why)) in (first..).zip(&rejected.rows) {
        for (at, column) in (0u16..).zip(columns) {
            write_cell(sheet, (line, at), row.cell(*column), &times)?;
        }
        sheet.write_number(line, end, rejected.number(row) as f64)?;
        sheet.write_string_with_format(line, end + 1, cut(why), &wrapped)?;
    }
    Ok(())
}

/// How days and times are shown, which are numbers to Excel.
struct Times {
    day: Format,
    moment: Format,
    time: Format,
}

impl Times {
    fn new() -> Self {
        let shown = |pattern| Format::new().set_num_format(pattern);
        Self { day: shown("yyyy-mm-dd"), moment: shown("yyyy-mm-dd hh:mm:ss"), time: shown("hh:mm:ss") }
    }
}

/// Writes a cell as the type it had; a number that Excel would round stays text.
fn write_cell(
    sheet: &mut Worksheet,
    (line, column): (u32, u16),
    cell: &RawCell,
    times: &Times,
) -> Result<(), XlsxError> {
    match cell {
        RawCell::Blank => return Ok(()),
        RawCell::Bool(flag) => sheet.write_boolean(line, column, *flag)?,
        RawCell::Number(text) => match text.parse::<f64>() {
            Ok(number) if format!("{number}") == **text => sheet.write_number(line, column, number)?,
            _ => sheet.write_string(line, column, &**text)?,
        },
        RawCell::Date(at) => {
            sheet.write_number_with_format(line, column, serial(at.and_time(NaiveTime::MIN)), &times.day)?
        }
        RawCell::DateTime(at) => sheet.write_number_with_format(line, column, serial(*at), &times.moment)?,
        RawCell::Time(at) => sheet.write_number_with_format(line, column, part_of_day(at), &times.time)?,
        other => sheet.write_string(line, column, cut(&other.display()))?,
    };
    Ok(())
}

/// Returns the day number of Excel, the time of day as its fraction.
fn serial(at: NaiveDateTime) -> f64 {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    (at.date() - first).num_days() as f64 + part_of_day(&at)
}

/// Returns a time of day as the fraction of the day that is over.
fn part_of_day(at: &impl Timelike) -> f64 {
    f64::from(at.num_seconds_from_midnight()) / 86_400.0
}

/// Returns how many columns of a screen a text takes, Chinese characters two each.
fn shown_width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Cuts a text to what a cell of Excel holds.
fn cut(text: &str) -> String {
    text.chars().take(32_000).collect()
}
