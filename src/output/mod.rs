//! Drawing documents: one file per format, one list of them.
//!
//! Reports compute typed tables ([`Document`], [`Sheet`]); a format turns them into bytes. A list is
//! a document with one sheet and nothing around it, so both go through the same door.
//!
//! *Invariants:* the same document and options give the same bytes. Nothing in the data can move the
//! cursor of a terminal, become a formula in a spreadsheet or markup in a page. A number is never cut.
//!
//! *Absent on purpose:* clock, terminal and environment ([`DrawOptions`] brings what is needed of
//! them), records and rules.

mod block;
pub mod calendar;
mod csv;
mod delimited;
mod grid;
mod html;
mod json;
mod jsonl;
mod markdown;
pub mod mermaid;
mod page;
mod plain;
mod table;
pub mod template;
mod text;
mod tsv;
mod worksheet;
mod xlsx;

pub use text::clean;

use crate::record::{Failure, Label, Lang, Result};
use crate::sheet::{Cell, Document, Sheet};
use crate::words;
use chrono::{DateTime, FixedOffset};
use std::io::{self, Write};
use std::path::Path;

/// What drawing depends on besides the document.
#[derive(Debug, Clone)]
pub struct DrawOptions {
    /// The language of labels.
    pub lang: Lang,
    /// The columns of the terminal; none when the output is not one and nothing need fit.
    pub width: Option<usize>,
    /// Whether escape sequences for bold are wanted.
    pub color: bool,
    /// Whether CSV and TSV are made for spreadsheets: byte order mark, CRLF, formulas guarded.
    pub excel: bool,
    /// The moment written into files that carry one, so that they are reproducible.
    pub now: DateTime<FixedOffset>,
}

/// A format documents are drawn in.
pub struct Format {
    /// Its name on the command line: `markdown`.
    pub name: &'static str,
    /// The endings of files in it, without the dot; the first is the usual one.
    pub extensions: &'static [&'static str],
    /// Whether its bytes are no text, so that a terminal must not get them.
    pub binary: bool,
    /// One line of help.
    pub about: Label,
    /// Draws a document.
    pub draw_document: fn(&Document, &DrawOptions, &mut dyn Write) -> io::Result<()>,
}

/// All formats, in the order they are listed to people.
pub static FORMATS: &[Format] = &[
    table::FORMAT,
    plain::FORMAT,
    csv::FORMAT,
    tsv::FORMAT,
    json::FORMAT,
    jsonl::FORMAT,
    markdown::FORMAT,
    html::FORMAT,
    xlsx::FORMAT,
];

impl Format {
    /// Draws a list: a document with one sheet and nothing around it.
    pub fn draw_sheet(&self, sheet: Sheet, options: &DrawOptions, out: &mut dyn Write) -> io::Result<()> {
        (self.draw_document)(&Document { sheets: vec![sheet], ..Document::default() }, options, out)
    }
}

/// Returns the format with this name or file ending, such as `markdown` or `md`.
pub fn find_format(name: &str) -> Option<&'static Format> {
    FORMATS
        .iter()
        .find(|format| std::iter::once(&format.name).chain(format.extensions).any(|other| is_named(other, name)))
}

fn is_named(name: &str, typed: &str) -> bool {
    name.eq_ignore_ascii_case(typed)
}

/// Returns the format of a file by its ending.
///
/// Fails with exit code 2, naming the endings there are, when it has none or an unknown one.
pub fn format_for_path(path: &Path) -> Result<&'static Format> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let known = FORMATS.iter().find(|f| f.extensions.iter().any(|end| is_named(end, ending)));
    known.ok_or_else(|| {
        let (path, known) = (path.display(), known_endings());
        Failure::usage(words!(
            "no output format is known by the ending of `{path}`",
            "无法从 `{path}` 的扩展名得知输出格式"
        ))
        .hint(words!("use one of {known}", "可用的扩展名：{known}"))
    })
}

fn known_endings() -> String {
    let endings = FORMATS.iter().flat_map(|format| format.extensions.iter());
    endings.map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(", ")
}

/// Tells whether the document is a bare list, without anything to print around its one sheet.
fn is_list(document: &Document) -> bool {
    document.sheets.len() == 1
        && document.title == Default::default()
        && document.facts.is_empty()
        && document.definition.is_empty()
}

/// Tells whether a document is a report, whose figures go nowhere without what they are of; one table that defines no
/// figures, such as a ledger, is that table.
fn is_report(document: &Document) -> bool {
    !document.definition.is_empty() || (!document.facts.is_empty() && document.sheets.len() != 1)
}

/// Returns the cells of a row, exactly one a column whatever the row holds.
fn cells<'a>(sheet: &'a Sheet, row: &'a [Cell]) -> impl Iterator<Item = &'a Cell> {
    row.iter().chain(std::iter::repeat(&Cell::Empty)).take(sheet.columns.len())
}

const DEFINITION: Label = Label::new("Definition", "统计口径");
const NOTHING: Label = Label::new("none", "无");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Exit;
    use std::collections::BTreeSet;

    #[test]
    fn formats_are_told_apart() {
        let mut seen = BTreeSet::new();
        for format in FORMATS {
            let others = format.extensions.iter().filter(|end| **end != format.name);
            for name in others.chain([&format.name]) {
                assert!(seen.insert(*name), "{name} names two formats");
                assert_eq!(find_format(name).map(|found| found.name), Some(format.name));
            }
            assert!(!format.about.en.is_empty() && !format.about.zh.is_empty());
        }
        assert!(find_format("pdf").is_none());
    }

    #[test]
    fn a_path_tells_the_format() {
        assert_eq!(format_for_path(Path::new("out/周报.XLSX")).unwrap().name, "xlsx");
        assert_eq!(format_for_path(Path::new("a.tar.md")).unwrap().name, "markdown");
        for unknown in ["周报", "a.pdf", ".csv", ""] {
            let failure = format_for_path(Path::new(unknown)).err().unwrap();
            assert_eq!(failure.exit, Exit::Usage, "{unknown}");
            assert!(failure.hints[0].en.contains(".xlsx"), "{failure:?}");
        }
    }
}
