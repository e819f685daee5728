//! `xlsx`: a workbook with typed cells, one worksheet per sheet, and a summary in front of a report.
//!
//! Texts are always written as texts, so none becomes a formula or a link. What a spreadsheet cannot
//! hold exactly (more than 15 digits, days before 1900) is text as well.

use super::worksheet::{exact_number, fit_cell, take_name};
use super::{DEFINITION, DrawOptions, Format, cells, is_list, is_report, text};
use crate::record::{Label, Lang};
use crate::sheet::{Cell, Document, Sheet};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, FormatAlign, FormatBorder};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use std::collections::BTreeSet;
use std::io::{self, Write};

pub const FORMAT: Format = Format {
    name: "xlsx",
    extensions: &["xlsx"],
    binary: true,
    about: Label::new("an Excel workbook with typed cells", "带类型的 Excel 工作簿"),
    draw_document: draw,
};

const SUMMARY: Label = Label::new("Summary", "概要");
const LIST: Label = Label::new("List", "列表");
/// The narrowest and the widest column, in characters.
const WIDTHS: (usize, usize) = (6, 50);
/// Rows measured for the widths of the columns.
const MEASURED: usize = 1000;

fn draw(document: &Document, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    let bytes = make_workbook(document, options).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn make_workbook(document: &Document, options: &DrawOptions) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = excel_moment(options.now.naive_local()).unwrap_or_default();
    let title = document.title.get(options.lang);
    workbook.set_properties(&DocProperties::new().set_title(shown(title, 255)).set_creation_datetime(&created));
    let mut names = BTreeSet::new();
    if is_report(document) {
        add_summary(&mut workbook, document, options, &mut names)?;
    }
    for sheet in &document.sheets {
        let title = sheet.title.get(options.lang);
        let wanted = if title.is_empty() { LIST.get(options.lang) } else { title };
        let name = take_name(wanted, &mut names);
        write_sheet(workbook.add_worksheet().set_name(name)?, sheet, options)?;
    }
    // What is a table is opened as one.
    if !is_report(document) && !is_list(document) {
        add_summary(&mut workbook, document, options, &mut names)?;
    }
    workbook.save_to_buffer()
}

fn add_summary(
    workbook: &mut Workbook,
    document: &Document,
    options: &DrawOptions,
    names: &mut BTreeSet<String>,
) -> Result<(), XlsxError> {
    let name = take_name(SUMMARY.get(options.lang), names);
    write_summary(workbook.add_worksheet().set_name(name)?, document, options)
}

/// Writes title, facts and definition, as an own worksheet so that the tables stay plain tables.
fn write_summary(sheet: &mut Worksheet, document: &Document, options: &DrawOptions) -> Result<(), XlsxError> {
    let strong = CellFormat::new().set_bold();
    let wrapped = CellFormat::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 24)?.set_column_width(1, 80)?;
    let title = fit_cell(document.title.get(options.lang));
    sheet.write_string_with_format(0, 0, title, &CellFormat::new().set_bold().set_font_size(14))?;
    let mut row = 2;
    for fact in &document.facts {
        sheet.write_string_with_format(row, 0, fit_cell(fact.label.get(options.lang)), &strong)?;
        write_cell(sheet, (row, 1), &fact.value, options.lang, CellFormat::new().set_align(FormatAlign::Left))?;
        row += 1;
    }
    if !document.definition.is_empty() {
        row += 1;
        sheet.write_string_with_format(row, 0, DEFINITION.get(options.lang), &strong)?;
        for one in &document.definition {
            sheet.write_string_with_format(row, 1, fit_cell(one.get(options.lang)), &wrapped)?;
            row += 1;
        }
    }
    Ok(())
}

fn write_sheet(sheet: &mut Worksheet, table: &Sheet, options: &DrawOptions) -> Result<(), XlsxError> {
    let header = CellFormat::new().set_bold().set_border_bottom(FormatBorder::Thin);
    for (at, column) in (0u16..).zip(&table.columns) {
        let side = if column.ty.is_number() { FormatAlign::Right } else { FormatAlign::Left };
        let label = fit_cell(column.label.get(options.lang));
        sheet.write_string_with_format(0, at, label, &header.clone().set_align(side))?;
        sheet.set_column_width(at, column_width(table, at.into(), options.lang) as f64)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut place = 1;
    for row in &table.rows {
        write_row(sheet, place, table, row, options.lang, &CellFormat::new())?;
        place += 1;
    }
    if let (Some(last), false) = (table.columns.len().checked_sub(1), table.rows.is_empty()) {
        sheet.autofilter(0, 0, place - 1, last as u16)?;
    }
    if let Some(total) = &table.total {
        let format = CellFormat::new().set_bold().set_border_top(FormatBorder::Thin);
        write_row(sheet, place, table, total, options.lang, &format)?;
        place += 1;
    }
    for (at, note) in (place + 1..).zip(&table.notes) {
        sheet.write_string(at, 0, fit_cell(note.get(options.lang)))?;
    }
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    place: u32,
    table: &Sheet,
    row: &[Cell],
    lang: Lang,
    format: &CellFormat,
) -> Result<(), XlsxError> {
    for (at, cell) in (0u16..).zip(cells(table, row)) {
        write_cell(sheet, (place, at), cell, lang, format.clone())?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    lang: Lang,
    format: CellFormat,
) -> Result<(), XlsxError> {
    if *cell == Cell::Empty {
        sheet.write_blank(row, column, &format)?;
    } else if let Some((number, code)) = number_of(cell) {
        sheet.write_number_with_format(row, column, number, &format.set_num_format(code))?;
    } else if let Some((moment, code)) = moment_of(cell) {
        let format = format.set_num_format(code).set_align(FormatAlign::Left);
        sheet.write_datetime_with_format(row, column, &moment, &format)?;
    } else {
        sheet.write_string_with_format(row, column, fit_cell(&cell.display(lang)), &format)?;
    }
    Ok(())
}

/// Returns the number of a cell and how it is shown; nothing when it is no number or loses digits.
fn number_of(cell: &Cell) -> Option<(f64, &'static str)> {
    match cell {
        Cell::Integer(n) => Some((exact_number(Decimal::from(*n))?, "0")),
        Cell::Decimal(n) => Some((exact_number(*n)?, "General")),
        Cell::Ratio(share) => Some((exact_number(share.round_dp(6))?, "0.0%")),
        Cell::Money(money) => Some((exact_number(money.0)?, "#,##0.00")),
        _ => None,
    }
}

fn moment_of(cell: &Cell) -> Option<(ExcelDateTime, &'static str)> {
    match cell {
        Cell::Date(day) => Some((excel_moment(day.and_time(NaiveTime::MIN))?, "yyyy-mm-dd")),
        Cell::Moment(moment) => Some((excel_moment(moment.naive_local())?, "yyyy-mm-dd hh:mm")),
        _ => None,
    }
}

/// Returns a moment as Excel counts it; nothing before March 1900, where its calendar is wrong.
fn excel_moment(moment: NaiveDateTime) -> Option<ExcelDateTime> {
    let first = NaiveDate::from_ymd_opt(1900, 3, 1)?;
    let year = u16::try_from(moment.year()).ok().filter(|_| moment.date() >= first)?;
    let day = ExcelDateTime::from_ymd(year, moment.month() as u8, moment.day() as u8).ok()?;
    day.and_hms(moment.hour() as u16, moment.minute() as u8, f64::from(moment.second())).ok()
}

fn column_width(table: &Sheet, at: usize, lang: Lang) -> usize {
    let label = table.columns.get(at).map_or(0, |column| text::width(column.label.get(lang)) + 3);
    let rows = table.rows.iter().take(MEASURED).chain(&table.total);
    let widest = rows.filter_map(|row| row.get(at)).map(|cell| text::width(&cell.display(lang)) + 2).max();
    widest.unwrap_or(0).max(label).clamp(WIDTHS.0, WIDTHS.1)
}

fn shown(title: &str, most: usize) -> String {
    title.chars().take(most).collect()
}
