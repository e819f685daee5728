//! OpenDocument sheets, read here because a cut-off `content.xml` would keep calamine reading for ever
//! and because ods alone tells days, moments and times apart.

use super::guard::{damaged, encrypted};
use super::table::{Grid, MAX_COLUMNS, MAX_ROWS, Merge, RawCell};
use super::workbook::{Cells, choose_name, iso_cell};
use crate::record::Result;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::HashSet;
use std::io::{Cursor, Read};

/// Reads the sheet named `stated`, else the first visible one.
pub(super) fn read(bytes: &[u8], stated: Option<&str>) -> Result<Grid> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if part(&mut zip, "META-INF/manifest.xml").unwrap_or_default().contains("encryption-data") {
        return Err(encrypted());
    }
    let content = part(&mut zip, "content.xml")?;
    let sheets = sheet_names(&content)?;
    let mut cells = Cells::default();
    let shown: Vec<(&str, bool)> = sheets.iter().map(|(name, visible)| (name.as_str(), *visible)).collect();
    let sheet = choose_name(&shown, stated, &mut cells.grid)?;
    read_sheet(&content, &sheet, &mut cells)?;
    Ok(cells.finish(sheet))
}

fn part(zip: &mut zip::ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String> {
    let mut file = zip.by_name(name).map_err(damaged)?;
    // What it claims is no more than was unpacked when the archive was looked at.
    let mut text = String::with_capacity(usize::try_from(file.size()).unwrap_or_default());
    file.read_to_string(&mut text).map_err(damaged)?;
    Ok(text)
}

/// Returns the sheets in order, each with whether it is visible.
fn sheet_names(content: &str) -> Result<Vec<(String, bool)>> {
    let mut xml = Reader::from_str(content);
    let (mut hidden, mut style, mut sheets) = (HashSet::new(), String::new(), Vec::new());
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(e) | Event::Empty(e) => match e.name().0 {
                "style:style" => style = attribute(&e, "style:name").unwrap_or_default(),
                "style:table-properties" if attribute(&e, "table:display").as_deref() == Some("false") => {
                    hidden.insert(style.clone());
                }
                "table:table" => {
                    let visible = !hidden.contains(&attribute(&e, "table:style-name").unwrap_or_default());
                    sheets.push((attribute(&e, "table:name").unwrap_or_default(), visible));
                }
                _ => {}
            },
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = e.try_get_attribute(name).ok()??;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

fn count(e: &BytesStart<'_>, name: &str) -> usize {
    attribute(e, name).and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}

fn read_sheet(content: &str, sheet: &str, cells: &mut Cells) -> Result<()> {
    let mut xml = Reader::from_str(content);
    let (mut inside, mut row) = (false, 0usize);
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(e) if e.name().0 == "table:table" => {
                inside = attribute(&e, "table:name").as_deref() == Some(sheet);
            }
            Event::End(e) if e.name().0 == "table:table" && inside => return Ok(()),
            Event::Start(e) if inside && e.name().0 == "table:table-row" => {
                let repeated = count(&e, "table:number-rows-repeated");
                let found = read_row(&mut xml, row, &mut cells.grid)?;
                let end = row.saturating_add(repeated).min(MAX_ROWS + 1);
                let written = if found.is_empty() { row..row } else { row..end };
                for at in written {
                    for (column, cell) in &found {
                        cells.put(at as u32, *column as u32, cell.clone())?;
                    }
                }
                row = end.min(MAX_ROWS);
            }
            Event::Empty(e) if inside && e.name().0 == "table:table-row" => {
                row = row.saturating_add(count(&e, "table:number-rows-repeated")).min(MAX_ROWS);
            }
            Event::Eof => return Err(damaged("the sheet breaks off")),
            _ => {}
        }
    }
}

/// Reads the cells of a row that hold anything, up to its end.
fn read_row(xml: &mut Reader<&[u8]>, row: usize, grid: &mut Grid) -> Result<Vec<(usize, RawCell)>> {
    let (mut cells, mut column) = (Vec::new(), 0usize);
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(e) if is_cell(&e) => {
                let repeated = count(&e, "table:number-columns-repeated");
                grid.merges.extend(merge(&e, row, column));
                let kind = e.to_owned();
                let text = cell_text(xml)?;
                let cell = cell_of(&kind, &text);
                if !cell.is_blank() {
                    let end = column.saturating_add(repeated).min(MAX_COLUMNS);
                    grid.budget.pay_cells(&cell, end - column)?;
                    cells.extend((column..end).map(|at| (at, cell.clone())));
                }
                column = column.saturating_add(repeated).min(MAX_COLUMNS);
            }
            Event::Empty(e) if is_cell(&e) => {
                let cell = cell_of(&e, "");
                if !cell.is_blank() && column < MAX_COLUMNS {
                    cells.push((column, cell));
                }
                column = column.saturating_add(count(&e, "table:number-columns-repeated")).min(MAX_COLUMNS);
            }
            Event::End(e) if e.name().0 == "table:table-row" => return Ok(cells),
            Event::Eof => return Err(damaged("a row breaks off")),
            _ => {}
        }
    }
}

fn is_cell(e: &BytesStart<'_>) -> bool {
    matches!(e.name().0, "table:table-cell" | "table:covered-table-cell")
}

fn merge(e: &BytesStart<'_>, row: usize, column: usize) -> Option<Merge> {
    let (rows, columns) = (count(e, "table:number-rows-spanned"), count(e, "table:number-columns-spanned"));
    let (bottom, right) = (row + rows.min(MAX_ROWS) - 1, column + columns.min(MAX_COLUMNS) - 1);
    let area = Merge { top: row, left: column, bottom, right };
    (rows > 1 || columns > 1).then_some(area)
}

/// Reads the text of a cell up to its end: paragraphs by line, comments left out.
fn cell_text(xml: &mut Reader<&[u8]>) -> Result<String> {
    let (mut text, mut paragraphs, mut skipped) = (String::new(), 0, 0usize);
    loop {
        match xml.read_event().map_err(damaged)? {
            Event::Start(e) => match e.name().0 {
                "office:annotation" => skipped += 1,
                "text:p" if skipped == 0 => {
                    paragraphs += 1;
                    if paragraphs > 1 {
                        text.push('\n');
                    }
                }
                _ => {}
            },
            Event::Empty(e) if skipped == 0 => match e.name().0 {
                "text:s" => text.extend(std::iter::repeat_n(' ', count(&e, "text:c").min(100))),
                "text:tab" => text.push('\t'),
                "text:line-break" => text.push('\n'),
                _ => {}
            },
            Event::Text(e) if skipped == 0 && paragraphs > 0 => text.push_str(&e.xml10_content()),
            Event::CData(e) if skipped == 0 && paragraphs > 0 => text.push_str(&e.xml10_content()),
            Event::GeneralRef(e) if skipped == 0 && paragraphs > 0 => match e.resolve_char_ref() {
                Ok(Some(c)) => text.push(c),
                _ => text.push_str(quick_xml::escape::resolve_predefined_entity(&e.xml10_content()).unwrap_or("")),
            },
            Event::End(e) => match e.name().0 {
                "office:annotation" => skipped = skipped.saturating_sub(1),
                "table:table-cell" | "table:covered-table-cell" => return Ok(text),
                _ => {}
            },
            Event::Eof => return Err(damaged("a cell breaks off")),
            _ => {}
        }
    }
}

fn cell_of(e: &BytesStart<'_>, text: &str) -> RawCell {
    let value = |name: &str| attribute(e, name);
    match value("office:value-type").as_deref() {
        Some("float" | "currency" | "percentage") => match value("office:value").map(|v| v.parse::<f64>()) {
            Some(Ok(_)) if text.starts_with('#') || text.starts_with("Err:") => RawCell::Error(text.into()),
            Some(Ok(number)) => RawCell::number(number),
            _ => RawCell::text(text),
        },
        Some("date") => value("office:date-value").map_or_else(|| RawCell::text(text), |v| iso_cell(&v)),
        Some("boolean") => RawCell::Bool(value("office:boolean-value").as_deref() == Some("true")),
        _ if text.starts_with("#N/A") || text.starts_with("Err:5") => RawCell::Error(text.into()),
        _ => match value("office:string-value") {
            Some(stated) if text.is_empty() => RawCell::text(&stated),
            _ => RawCell::text(text),
        },
    }
}
