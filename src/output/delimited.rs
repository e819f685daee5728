//! What `csv` and `tsv` share: RFC 4180 quoting, and files that a spreadsheet program opens safely.
//!
//! A text that a spreadsheet would run as a formula gets an apostrophe, which an import takes off again;
//! else the texts are the data, byte for byte. With `excel` the file starts with a byte order mark, lines
//! end in CRLF, and telephone numbers get the apostrophe too, so that they stay texts.
//! Several sheets follow each other, each under its title, with an empty line between; facts, notes
//! and definition are left to other formats.

use super::{DrawOptions, cells};
use crate::sheet::formula::{guard, guard_all};
use crate::sheet::{Cell, Document, Sheet};
use std::io::{self, Write};

/// Writes the sheets of a document with `delimiter` between cells.
pub fn draw(document: &Document, options: &DrawOptions, delimiter: u8, out: &mut dyn Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    if options.excel {
        bytes.extend_from_slice("\u{feff}".as_bytes());
    }
    for (at, sheet) in document.sheets.iter().enumerate() {
        if at > 0 {
            bytes.extend_from_slice(if options.excel { b"\r\n" } else { b"\n" });
        }
        let titled = document.sheets.len() > 1;
        write_sheet(sheet, options, delimiter, titled, &mut bytes)?;
    }
    out.write_all(&bytes)
}

fn write_sheet(
    sheet: &Sheet,
    options: &DrawOptions,
    delimiter: u8,
    titled: bool,
    bytes: &mut Vec<u8>,
) -> io::Result<()> {
    let ending = if options.excel { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer =
        csv::WriterBuilder::new().delimiter(delimiter).terminator(ending).flexible(true).from_writer(bytes);
    let guarded = |text: &str| guard_text(text, options);
    if titled {
        let title = sheet.title.get(options.lang);
        writer.write_record([guarded(if title.is_empty() { &sheet.key } else { title })])?;
    }
    writer.write_record(sheet.columns.iter().map(|column| guarded(column.label.get(options.lang))))?;
    for row in sheet.rows.iter().chain(&sheet.total) {
        writer.write_record(cells(sheet, row).map(|cell| write_cell(cell, options)))?;
    }
    writer.flush()
}

fn write_cell(cell: &Cell, options: &DrawOptions) -> String {
    match cell {
        Cell::Text(_) | Cell::Label(..) | Cell::List(_) | Cell::Flag(_) => {
            guard_text(&cell.display(options.lang), options)
        }
        Cell::Ratio(share) => share.round_dp(4).normalize().to_string(),
        Cell::Money(money) => money.to_string(),
        Cell::Moment(moment) if options.excel => moment.format("%Y-%m-%d %H:%M:%S").to_string(),
        Cell::Moment(moment) => moment.to_rfc3339(),
        other => other.display(options.lang),
    }
}

fn guard_text(text: &str, options: &DrawOptions) -> String {
    if options.excel { guard_all(text) } else { guard(text) }.into_owned()
}
