//! `table`: aligned columns for people, as wide as the terminal.
//!
//! Rules are drawn with `-`, for the box characters are two columns wide on some Chinese terminals.

use super::grid::{Cut, Grid};
use super::{DrawOptions, Format, block, page, text};
use crate::record::Label;
use crate::sheet::{Document, Sheet, Weight};
use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, TableStyle};
use std::io::{self, Write};

pub const FORMAT: Format = Format {
    name: "table",
    extensions: &[],
    binary: false,
    about: Label::new("aligned columns that fit the terminal", "适应终端宽度的对齐表格"),
    draw_document: draw,
};

/// Columns between columns, wide and narrow.
const GAPS: [usize; 2] = [2, NARROW];
const NARROW: usize = 1;

fn draw(document: &Document, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page::draw_page(document, options, draw_rows).as_bytes())
}

fn draw_rows(sheet: &Sheet, options: &DrawOptions) -> String {
    let grid = Grid::new(sheet, options.lang);
    match widths(&grid, options) {
        Some((cut, ..)) if is_too_narrow(cut, sheet.whole) && has_spare(sheet) => {
            draw_rows(&without_spare(sheet), options)
        }
        Some((_, widths, gap)) if !widths.is_empty() => draw_grid(&grid, &widths, gap, sheet, options),
        Some(_) => String::new(),
        None if has_spare(sheet) => draw_rows(&without_spare(sheet), options),
        None => block::draw(&grid, options),
    }
}

/// Tells whether columns are to be left out: where texts are broken into lines already before the others are.
fn is_too_narrow(cut: Cut, whole: bool) -> bool {
    cut == Cut::Main || whole && cut == Cut::Others
}

/// Returns widths that fit, and the gap between them: with as little cut as can be, then the wider gap, but the narrow
/// one where what rows are known by must be.
fn widths(grid: &Grid, options: &DrawOptions) -> Option<(Cut, Vec<usize>, usize)> {
    let fitting = GAPS.into_iter().filter_map(|gap| Some((grid.fit(options.width, gap)?, gap)));
    let told = fitting.map(|(widths, gap)| (grid.cut(&widths), widths, gap));
    told.min_by_key(|(cut, _, gap)| (*cut, *cut == Cut::Main && *gap != NARROW))
}

fn has_spare(sheet: &Sheet) -> bool {
    sheet.columns.iter().any(|column| column.weight == Weight::Spare)
}

/// Returns the sheet without the columns that give way to the main one.
fn without_spare(sheet: &Sheet) -> Sheet {
    let spare: Vec<bool> = sheet.columns.iter().map(|column| column.weight == Weight::Spare).collect();
    let mut sheet = sheet.clone();
    sheet.keep_columns(|at| !spare[at]);
    sheet
}

fn draw_grid(grid: &Grid, widths: &[usize], gap: usize, sheet: &Sheet, options: &DrawOptions) -> String {
    let Sheet { whole, headless, .. } = *sheet;
    let last = widths.len() - 1;
    let fitted = |(at, (cell, width)): (usize, (&String, &usize))| match whole {
        // An address that no line can hold stays one, for the terminal to break, where nothing stands beside it.
        true if at == last && text::widest_piece(cell) > *width => cell.clone(),
        true => text::wrap(cell, *width).join("\n"),
        false => text::truncate(cell, *width).into_owned(),
    };
    let mut table = Table::new();
    table.load_style(TableStyle::new()).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    if options.color {
        table.enforce_styling();
        table.style_text_only();
    }
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    if !headless {
        table.set_header(grid.header.iter().zip(widths).map(|(label, width)| heading(label, *width)));
        table.add_row(&rule);
    }
    for row in &grid.rows {
        table.add_row(row.iter().zip(widths).enumerate().map(fitted));
    }
    if let Some(total) = &grid.total {
        table.add_row(&rule);
        table.add_row(total.iter().zip(widths).enumerate().map(fitted));
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((if at == 0 { 0 } else { gap as u16 }, 0));
        column.set_cell_alignment(if grid.right[at] { CellAlignment::Right } else { CellAlignment::Left });
    }
    table.trim_fmt() + "\n"
}

fn heading(label: &str, width: usize) -> Cell {
    Cell::new(text::wrap(label, width).join("\n")).add_attribute(Attribute::Bold)
}
