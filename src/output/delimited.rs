//! What `csv` and `tsv` share: RFC 4180 quoting, and files that a spreadsheet program opens safely.
//!
//! A text that a spreadsheet would run as a formula gets an apostrophe, which an import takes off again;
//! else the texts are the data, byte for byte. With `excel` the file starts with a byte order mark, lines
//! end in CRLF, and telephone numbers get the apostrophe too, so that they stay texts.
//! Several sheets follow each other, each under its title, with an empty line between. Of a report its name and
//! facts come first and its definition last, in blocks of the same kind, so that a figure never goes without
//! what it is; notes are left to other formats. One table that defines no figures, such as a ledger, stands alone.

use super::{DEFINITION, DrawOptions, cells, is_report};
use crate::record::{Label, Words};
use crate::sheet::formula::{guard, guard_all};
use crate::sheet::{Cell, Document, Sheet};
use std::io::{self, Write};

const REPORT: Label = Label::new("Report", "报表");

/// Writes a document with `delimiter` between cells.
pub fn draw(document: &Document, options: &DrawOptions, delimiter: u8, out: &mut dyn Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    if options.excel {
        bytes.extend_from_slice("\u{feff}".as_bytes());
    }
    let is_report = is_report(document);
    let titled = is_report || document.sheets.len() > 1;
    let facts = is_report.then(|| facts(document, options));
    let tables = document.sheets.iter().map(|sheet| table(sheet, options, titled));
    let definition = (!document.definition.is_empty()).then(|| definition(document, options));
    for (at, block) in facts.into_iter().chain(tables).chain(definition).enumerate() {
        if at > 0 {
            bytes.extend_from_slice(if options.excel { b"\r\n" } else { b"\n" });
        }
        write_block(block, options, delimiter, &mut bytes)?;
    }
    out.write_all(&bytes)
}

/// Lines of cells, as many as each has; made one by one, for a list may be long.
type Block<'a> = Box<dyn Iterator<Item = Vec<String>> + 'a>;

/// Returns the name of a report and what it is of: label and value, a line each.
fn facts<'a>(document: &'a Document, options: &'a DrawOptions) -> Block<'a> {
    let text = |words: &Words| guard_text(words.get(options.lang), options);
    let name = vec![text(&REPORT.into()), text(&document.title)];
    let facts = document.facts.iter().map(move |fact| vec![text(&fact.label), write_cell(&fact.value, options)]);
    Box::new(std::iter::once(name).chain(facts))
}

fn definition<'a>(document: &'a Document, options: &'a DrawOptions) -> Block<'a> {
    let lines = document.definition.iter().map(|line| line.get(options.lang));
    let lines = std::iter::once(DEFINITION.get(options.lang)).chain(lines);
    Box::new(lines.map(|line| vec![guard_text(line, options)]))
}

fn table<'a>(sheet: &'a Sheet, options: &'a DrawOptions, titled: bool) -> Block<'a> {
    let guarded = |text: &str| guard_text(text, options);
    let title = sheet.title.get(options.lang);
    let title = titled.then(|| vec![guarded(if title.is_empty() { &sheet.key } else { title })]);
    let head = sheet.columns.iter().map(|column| guarded(column.label.get(options.lang))).collect();
    let rows = sheet.rows.iter().chain(&sheet.total);
    let rows = rows.map(|row| cells(sheet, row).map(|cell| write_cell(cell, options)).collect());
    Box::new(title.into_iter().chain([head]).chain(rows))
}

fn write_block(block: Block<'_>, options: &DrawOptions, delimiter: u8, bytes: &mut Vec<u8>) -> io::Result<()> {
    let ending = if options.excel { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer =
        csv::WriterBuilder::new().delimiter(delimiter).terminator(ending).flexible(true).from_writer(bytes);
    for line in block {
        writer.write_record(line)?;
    }
    writer.flush()
}

fn write_cell(cell: &Cell, options: &DrawOptions) -> String {
    match cell {
        Cell::Text(_) | Cell::Label(..) | Cell::List(_) | Cell::Flag(_) => {
            guard_text(&cell.display(options.lang), options)
        }
        Cell::Signed(n) => n.to_string(),
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
