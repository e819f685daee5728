//! Workbooks: which sheet is read, and its cells by calamine's cell readers, row by row.
//!
//! A sheet's declared size is never trusted: memory grows only with the cells that are there. xls is
//! looked through before calamine sees it (see `cfb`), ods is read by our own reader (see `ods`).

use super::guard::{damaged, encrypted, too_large};
use super::header::letters;
use super::table::{Grid, MAX_COLUMNS, MAX_ROWS, Merge, RawCell, RawRow};
use super::{Input, ReadOptions, archive, cfb, ods};
use crate::record::{Exit, Failure, Result, Words};
use crate::words;
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsb, Xlsx};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Reads an xlsx or xlsm workbook.
pub(super) fn read_xlsx(input: &Input<'_>, options: &ReadOptions) -> Result<Grid> {
    archive::inspect(input.bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(input.bytes)).map_err(damaged)?;
    let mut cells = Cells::default();
    let sheet = choose(book.sheets_metadata(), options.sheet.as_deref(), &mut cells.grid)?;
    let mut reader = book.worksheet_cells_reader(&sheet).map_err(damaged)?;
    let mut unknown = Vec::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(damaged)? {
        let (row, column) = cell.pos;
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            unknown.push((row, column));
        }
        cells.put(row, column, cell_of(&cell.value))?;
    }
    drop(reader);
    cells.grid.notes.extend(formula_note(&unknown));
    let merges = book.merge_cells_by_sheet_name(&sheet).unwrap_or_default();
    cells.merges(&merges);
    cells.grid.epoch_1904 = book.has_1904_epoch();
    Ok(cells.finish(sheet))
}

/// Says that formulas were never calculated, as programs that write workbooks leave them.
fn formula_note(unknown: &[(u32, u32)]) -> Option<Words> {
    let (row, column) = unknown.first()?;
    let (count, first) = (unknown.len(), format!("{}{}", letters(*column as usize), row.saturating_add(1)));
    Some(words!(
        "{count} formulas without a stored value are read as blank, the first in {first}; save the file in a spreadsheet program first",
        "{count} 个公式没有保存结果，按空值读取，第一个在 {first}；请先用表格软件打开并保存"
    ))
}

/// Reads an xlsb workbook.
pub(super) fn read_xlsb(input: &Input<'_>, options: &ReadOptions) -> Result<Grid> {
    archive::inspect(input.bytes)?;
    let mut book: Xlsb<_> = Xlsb::new(Cursor::new(input.bytes)).map_err(damaged)?;
    let mut cells = Cells::default();
    let sheet = choose(book.sheets_metadata(), options.sheet.as_deref(), &mut cells.grid)?;
    cells.grid.epoch_1904 = book.has_1904_epoch();
    let mut reader = book.worksheet_cells_reader(&sheet).map_err(damaged)?;
    while let Some(cell) = reader.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        cells.put(row, column, cell_of(cell.get_value()))?;
    }
    Ok(cells.finish(sheet))
}

/// Reads an xls workbook.
pub(super) fn read_xls(input: &Input<'_>, options: &ReadOptions) -> Result<Grid> {
    cfb::inspect(input.bytes)?;
    let mut book: Xls<_> = Xls::new(Cursor::new(input.bytes)).map_err(|error| match error {
        calamine::XlsError::Password => encrypted(),
        other => damaged(other),
    })?;
    let mut cells = Cells::default();
    let sheet = choose(book.sheets_metadata(), options.sheet.as_deref(), &mut cells.grid)?;
    let range = book.worksheet_range(&sheet).map_err(damaged)?;
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        cells.put(top + row as u32, left + column as u32, cell_of(&to_ref(value)))?;
    }
    let merges = book.merge_cells_by_sheet_name(&sheet).unwrap_or_default();
    cells.merges(&merges);
    cells.grid.epoch_1904 = book.has_1904_epoch();
    Ok(cells.finish(sheet))
}

/// Reads an ods workbook.
pub(super) fn read_ods(input: &Input<'_>, options: &ReadOptions) -> Result<Grid> {
    archive::inspect(input.bytes)?;
    ods::read(input.bytes, options.sheet.as_deref())
}

/// Returns the name of the sheet to read: the one stated, else the first that is not hidden; says so when
/// there are others.
fn choose(sheets: &[Sheet], stated: Option<&str>, grid: &mut Grid) -> Result<String> {
    let tables: Vec<(&str, bool)> = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.as_str(), sheet.visible == SheetVisible::Visible))
        .collect();
    choose_name(&tables, stated, grid)
}

/// Chooses among sheets by name and whether they are visible.
pub(super) fn choose_name(sheets: &[(&str, bool)], stated: Option<&str>, grid: &mut Grid) -> Result<String> {
    let names = || sheets.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if let Some(stated) = stated {
        let by_name = sheets.iter().find(|(name, _)| name.trim() == stated.trim());
        let by_number = || stated.trim().parse::<usize>().ok()?.checked_sub(1).and_then(|at| sheets.get(at));
        return by_name.or_else(by_number).map(|(name, _)| name.to_string()).ok_or_else(|| {
            let known = names();
            Failure::new(Exit::NotFound, words!("there is no sheet `{stated}`", "没有名为 `{stated}` 的工作表"))
                .hint(words!("the sheets are {known}", "工作表有：{known}"))
        });
    }
    let visible: Vec<&str> = sheets.iter().filter(|(_, visible)| *visible).map(|(name, _)| *name).collect();
    let chosen = visible
        .first()
        .copied()
        .or(sheets.first().map(|(name, _)| *name))
        .ok_or_else(|| Failure::failed(words!("the workbook has no sheet", "工作簿中没有工作表")))?;
    grid.others = visible.iter().skip(1).map(|name| name.to_string()).collect();
    if sheets.len() > 1 {
        let (all, count) = (names(), sheets.len());
        grid.notes.push(words!(
            "sheet `{chosen}` is read, one of {count}: {all}",
            "读取工作表 `{chosen}`，共 {count} 个：{all}"
        ));
    }
    Ok(chosen.to_string())
}

/// Gathers cells, in any order, into rows.
#[derive(Default)]
pub(super) struct Cells {
    pub grid: Grid,
    rows: BTreeMap<u32, Vec<RawCell>>,
}

impl Cells {
    /// Puts a cell at its place, from 0.
    pub fn put(&mut self, row: u32, column: u32, cell: RawCell) -> Result<()> {
        if cell == RawCell::Blank {
            return Ok(());
        }
        let column = column as usize;
        if row as usize >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(too_large());
        }
        self.grid.budget.pay_cells(&cell, 1)?;
        let cells = self.rows.entry(row).or_default();
        if cells.len() <= column {
            self.grid.budget.pay_cells(&RawCell::Blank, column + 1 - cells.len())?;
            cells.reserve_exact(column + 1 - cells.len());
            cells.resize(column + 1, RawCell::Blank);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    fn merges(&mut self, merges: &[Dimensions]) {
        self.grid.merges.extend(merges.iter().map(|area| Merge {
            top: area.start.0 as usize,
            left: area.start.1 as usize,
            bottom: area.end.0 as usize,
            right: area.end.1 as usize,
        }));
    }

    /// Returns the grid, rows without any content left out.
    pub fn finish(self, sheet: String) -> Grid {
        let rows = self.rows.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
        let rows = rows.map(|(row, cells)| RawRow { number: row as usize + 1, cells }).collect();
        Grid { rows, sheet: Some(sheet), ..self.grid }
    }
}

fn to_ref(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(n) => DataRef::Int(*n),
        Data::Float(n) => DataRef::Float(*n),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(flag) => DataRef::Bool(*flag),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

fn cell_of(value: &DataRef<'_>) -> RawCell {
    match value {
        DataRef::Empty => RawCell::Blank,
        DataRef::Int(n) => RawCell::Number(n.to_string().into()),
        DataRef::Float(n) => RawCell::number(*n),
        DataRef::String(text) => RawCell::text(text),
        DataRef::SharedString(text) => RawCell::text(text),
        DataRef::Bool(flag) => RawCell::Bool(*flag),
        DataRef::DateTime(moment) => moment_cell(moment),
        DataRef::DateTimeIso(text) => iso_cell(text),
        DataRef::DurationIso(text) => RawCell::text(text),
        DataRef::Error(error) => RawCell::Error(error.to_string().into()),
    }
}

/// Reads a number with a date format: a day, a time (before day 1), or both; a duration is a plain number.
fn moment_cell(moment: &ExcelDateTime) -> RawCell {
    let value = moment.as_f64();
    if moment.is_duration() || !(0.0..2_958_466.0).contains(&value) {
        return RawCell::number(value);
    }
    match moment.as_datetime() {
        Some(at) if value < 1.0 => RawCell::Time(at.time()),
        Some(at) => day_or_moment(round_to_second(at)),
        None => RawCell::number(value),
    }
}

/// Rounds away the fractions of a second that serial numbers carry.
fn round_to_second(at: NaiveDateTime) -> NaiveDateTime {
    use chrono::Timelike;
    let up = chrono::Duration::milliseconds(if at.nanosecond() >= 500_000_000 { 1000 } else { 0 });
    (at + up).with_nanosecond(0).unwrap_or(at)
}

fn day_or_moment(at: NaiveDateTime) -> RawCell {
    if at.time() == NaiveTime::MIN { RawCell::Date(at.date()) } else { RawCell::DateTime(at) }
}

/// Reads an ISO 8601 day, moment or time.
pub(super) fn iso_cell(text: &str) -> RawCell {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return RawCell::Date(day);
    }
    match text.trim_end_matches('Z').parse::<NaiveDateTime>() {
        Ok(at) if at.year() >= 1900 => day_or_moment(round_to_second(at)),
        Ok(at) => RawCell::Time(at.time()),
        Err(_) => text.parse().map_or_else(|_| RawCell::text(text), RawCell::Time),
    }
}
