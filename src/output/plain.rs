//! `plain`: one line per record, aligned by spaces, nothing cut and no rules; for `grep` and `less -S`.

use super::grid::Grid;
use super::{DrawOptions, Format, page, text};
use crate::record::Label;
use crate::sheet::{Document, Sheet};
use std::io::{self, Write};

pub const FORMAT: Format = Format {
    name: "plain",
    extensions: &["txt"],
    binary: false,
    about: Label::new("one line per record, nothing cut, for grep", "每条一行、不截断，便于 grep"),
    draw_document: draw,
};

fn draw(document: &Document, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
    let options = DrawOptions { width: None, color: false, ..options.clone() };
    out.write_all(page::draw_page(document, &options, draw_rows).as_bytes())
}

fn draw_rows(sheet: &Sheet, options: &DrawOptions) -> String {
    let grid = Grid::new(sheet, options.lang);
    let mut lines = String::new();
    for row in std::iter::once(&grid.header).chain(&grid.rows).chain(&grid.total) {
        let padded = row.iter().zip(grid.natural()).zip(&grid.right);
        let cells: Vec<String> = padded.map(|((cell, width), right)| text::pad(cell, *width, *right)).collect();
        lines.push_str(cells.join("  ").trim_end());
        lines.push('\n');
    }
    lines
}
