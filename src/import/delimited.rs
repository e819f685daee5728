//! Text files with columns parted by a mark: `,` `;` tab or `|`.
//!
//! Records are split here and not by the `csv` crate (which writes them) for two reasons: a quote that
//! is never closed must not swallow the rest of the file, and lines must be counted for CR, LF and CRLF
//! alike. Where quotes are regular, both read the same; a test holds them together.
//!
//! An apostrophe before what would be a formula is a mark of who wrote the file, not of the text, and is left out.
//!
//! A quote opens a quoted cell only at the start of a cell and only when its closing quote stands before
//! a mark or a line end; every other quote is a character like any other.

use super::encoding::decode;
use super::guard::{MAX_TEXT, too_large};
use super::table::{Grid, MAX_COLUMNS, MAX_ROWS, RawCell, RawRow};
use super::{Input, ReadOptions};
use crate::record::{Failure, Result, Words};
use crate::sheet::formula::unguard;
use crate::words;
use std::borrow::Cow;

/// The marks that are tried, in order of preference.
const MARKS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Reads a delimited text file.
pub(super) fn read(input: &Input<'_>, options: &ReadOptions) -> Result<Grid> {
    let decoded = decode(input.bytes, options.encoding.as_deref())?;
    let text = decoded.text.trim_start_matches('\u{feff}').trim_end_matches(['\u{1a}', '\0']);
    let (text, first_line, said) = match excel_mark(text) {
        Some((mark, rest)) => (rest, 2, Some(mark)),
        None => (text, 1, None),
    };
    let mark = match options.delimiter {
        Some(mark) => ascii_mark(mark)?,
        None => said.unwrap_or_else(|| detect_mark(text, tab_first(input.name))),
    };
    let mut grid = split(text, mark, first_line)?;
    grid.encoding = Some(decoded.encoding);
    grid.delimiter = Some(char::from(mark));
    let (name, Words { en, zh }) = (decoded.encoding, mark_name(mark));
    grid.notes.insert(0, words!("read as {name}, columns parted by {en}", "按 {name} 读取，分隔符为 {zh}"));
    grid.notes.splice(1..1, decoded.notes);
    Ok(grid)
}

fn mark_name(mark: u8) -> Words {
    if mark == b'\t' { words!("tab", "制表符") } else { Words::same(format!("`{}`", char::from(mark))) }
}

fn ascii_mark(mark: char) -> Result<u8> {
    u8::try_from(mark).ok().filter(|m| m.is_ascii() && !matches!(m, b'"' | b'\r' | b'\n')).ok_or_else(|| {
        Failure::usage(words!("`{mark}` cannot part columns", "`{mark}` 不能作为分隔符"))
            .hint(words!("use `,` `;` `|` or a tab", "请用 `,` `;` `|` 或制表符"))
    })
}

fn tab_first(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".tsv") || name.ends_with(".tab")
}

/// Reads the line `sep=;` that Excel takes as a statement of the mark.
fn excel_mark(text: &str) -> Option<(u8, &str)> {
    let rest = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="))?;
    let mark = *rest.as_bytes().first().filter(|b| b.is_ascii())?;
    let rest = rest.get(1..)?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']))?;
    Some((mark, rest))
}

/// Returns the mark by which the first records fall into the most regular columns.
fn detect_mark(text: &str, tab_first: bool) -> u8 {
    let mut best = (0.0, b',');
    for mark in MARKS {
        let widths: Vec<usize> =
            Records::new(text, mark, 1).map(|r| r.width()).filter(|width| *width > 0).take(100).collect();
        let bonus = if mark == b'\t' && tab_first { 0.5 } else { 0.0 };
        let score = regularity(&widths) + bonus;
        if score > best.0 + 1e-9 {
            best = (score, mark);
        }
    }
    best.1
}

/// Scores how regular a table of these row widths is: the share of rows of the commonest width above one,
/// more when the first row has it, a little more for more columns.
fn regularity(widths: &[usize]) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    for width in widths.iter().filter(|width| **width > 1) {
        *counts.entry(*width).or_insert(0usize) += 1;
    }
    let Some((width, count)) = counts.into_iter().max_by_key(|(width, count)| (*count, *width)) else { return 0.0 };
    let first = if widths.first() == Some(&width) { 0.5 } else { 0.0 };
    count as f64 / widths.len() as f64 + first + width.min(20) as f64 * 0.01
}

fn split(text: &str, mark: u8, first_line: usize) -> Result<Grid> {
    let mut grid = Grid::default();
    let mut strays = Vec::new();
    for mut record in Records::new(text, mark, first_line) {
        strays.extend(record.stray);
        if record.cells.len() > MAX_COLUMNS {
            return Err(too_large());
        }
        if record.cells.iter().all(RawCell::is_empty) {
            continue;
        }
        if grid.rows.len() >= MAX_ROWS {
            return Err(too_large());
        }
        grid.budget.pay_row(&record.cells)?;
        record.cells.shrink_to_fit();
        grid.rows.push(RawRow { number: record.line, cells: record.cells });
    }
    grid.notes.extend(stray_note(&strays));
    Ok(grid)
}

fn stray_note(lines: &[usize]) -> Option<Words> {
    let first = lines.first()?;
    let count = lines.len();
    Some(words!(
        "{count} quotes without a partner are taken as characters, the first on line {first}",
        "{count} 个不成对的引号按普通字符读取，第一个在第 {first} 行"
    ))
}

/// One record of a text file.
struct Record {
    line: usize,
    cells: Vec<RawCell>,
    /// Lines on which a cell starts with a quote that does not close.
    stray: Vec<usize>,
}

impl Record {
    fn width(&self) -> usize {
        if self.cells.iter().all(RawCell::is_empty) { 0 } else { self.cells.len() }
    }
}

/// Walks the records of a text.
struct Records<'a> {
    text: &'a str,
    mark: u8,
    at: usize,
    line: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, mark: u8, line: usize) -> Records<'a> {
        Records { text, mark, at: 0, line }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Finds where the quoted cell that opens at `open` closes, if it does so properly.
    fn closing(&self, open: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let end = bytes.len().min(open + MAX_TEXT);
        let mut at = open + 1;
        while at < end {
            at += bytes.get(at..end)?.iter().position(|b| *b == b'"')?;
            match self.byte(at + 1) {
                Some(b'"') => at += 2,
                None | Some(b'\r' | b'\n') => return Some(at),
                Some(next) if next == self.mark => return Some(at),
                _ => return None,
            }
        }
        None
    }

    /// Takes the cell that starts here; leaves `at` on the mark or line end after it.
    fn cell(&mut self, stray: &mut Vec<usize>) -> RawCell {
        if self.byte(self.at) == Some(b'"') {
            if let Some(close) = self.closing(self.at) {
                let inner = self.text.get(self.at + 1..close).unwrap_or_default();
                self.line += line_ends(inner);
                self.at = close + 1;
                let text: Cow<'_, str> =
                    if inner.contains('"') { inner.replace("\"\"", "\"").into() } else { inner.into() };
                return RawCell::text(unguard(&text));
            }
            stray.push(self.line);
        }
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|b| *b == self.mark || matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
        let cell = RawCell::text(unguard(self.text.get(self.at..self.at + length).unwrap_or_default()));
        self.at += length;
        cell
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut record = Record { line: self.line, cells: Vec::new(), stray: Vec::new() };
        loop {
            record.cells.push(self.cell(&mut record.stray));
            match self.byte(self.at) {
                Some(b) if b == self.mark => self.at += 1,
                Some(b'\r') if self.byte(self.at + 1) == Some(b'\n') => self.at += 2,
                Some(_) => self.at += 1,
                None => return Some(record),
            }
            if self.byte(self.at - 1) != Some(self.mark) {
                self.line += 1;
                return Some(record);
            }
            if record.cells.len() > MAX_COLUMNS {
                // A line of nothing but marks would take many times its length; it is refused for its width.
                self.at = self.text.len();
                return Some(record);
            }
        }
    }
}

/// Counts line ends, CRLF as one.
pub(super) fn line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    bytes
        .iter()
        .enumerate()
        .filter(|(at, b)| **b == b'\r' || **b == b'\n' && (*at == 0 || bytes[at - 1] != b'\r'))
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::*;
    use proptest::prelude::*;

    fn grid(text: &str) -> Vec<Vec<String>> {
        let input = Input { name: "x.csv", bytes: text.as_bytes() };
        let grid = read(&input, &ReadOptions::default()).unwrap();
        grid.rows.iter().map(|row| row.cells.iter().map(|c| c.display().into_owned()).collect()).collect()
    }

    #[test]
    fn marks_are_detected() {
        for (text, mark) in [
            ("a,b\n1,2\n", b','),
            ("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n1,5;2,5;3,5", b';'),
            ("a\tb\n1, 2\t3\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("name\nwang\n", b','),
            ("\"a;b\",c\n\"d;e;f\",g\n", b','),
        ] {
            assert_eq!(char::from(detect_mark(text, false)), char::from(mark), "{text}");
        }
        assert_eq!(grid("sep=;\na;b\n1,1;2\n"), [["a", "b"], ["1,1", "2"]]);
    }

    #[test]
    fn line_ends_of_all_kinds_count_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "\"x", "y\",2", "", "3,4"].join(end);
            let rows = split(&text, b',', 1).unwrap().rows;
            let numbers: Vec<usize> = rows.iter().map(|r| r.number).collect();
            assert_eq!(numbers, [1, 2, 5], "{end:?}");
            assert_eq!(rows[1].cells[0], RawCell::Text(format!("x{end}y").into()));
        }
    }

    #[test]
    fn a_lone_quote_swallows_nothing() {
        let text = "name,size\n\"Acme, 5\nBeta,6\n\"Gamma\" Ltd,7\n\"De\"\"lta\",8\n5\" pipe,9\n";
        assert_eq!(
            grid(text),
            [
                ["name", "size"],
                ["\"Acme", " 5"],
                ["Beta", "6"],
                ["\"Gamma\" Ltd", "7"],
                ["De\"lta", "8"],
                ["5\" pipe", "9"]
            ]
        );
        let notes = split(text, b',', 1).unwrap().notes;
        assert!(notes[0].en.contains("2 quotes") && notes[0].en.contains("line 2"), "{notes:?}");
    }

    #[test]
    fn ragged_rows_are_kept_as_they_are() {
        let rows = split("a,b,c\n1\n1,2,3,4\n", b',', 1).unwrap().rows;
        assert_eq!(rows.iter().map(|r| r.cells.len()).collect::<Vec<_>>(), [3, 1, 4]);
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read(rows in prop::collection::vec(prop::collection::vec("[a-z\", \n\r张]{0,6}", 2..5), 1..8)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let read: Vec<Vec<String>> = Records::new(&text, b',', 1)
                .map(|r| r.cells.iter().map(|c| c.display().into_owned()).collect()).collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn no_text_panics(text in "[a,;\"\n\r|\t张 ]{0,60}") {
            let input = Input { name: "x.csv", bytes: text.as_bytes() };
            let _ = read(&input, &ReadOptions { format: Some(Format::Csv), ..ReadOptions::default() });
        }
    }
}
