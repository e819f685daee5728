//! The file in which rejected rows go back: the format of the input, the original cells, the row and the reason.
//!
//! It can be mended and imported again; its two added columns are then passed over. A workbook keeps the name of the
//! sheet, a unit stated above the headings stands there again, and rows rejected once more keep their first number.

mod delimited;
mod json;
mod workbook;

#[cfg(test)]
mod tests;

use super::Format;
use super::matching::before_reject_columns;
use super::names::heading_words;
use super::table::{Header, MAX_COLUMNS, RawRow, Table};
use crate::record::{Failure, Lang, Result, Words};
use std::collections::HashMap;

/// A file of rejected rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejects {
    /// The ending its name should have: that of the input, xlsx for a workbook unless it is too wide for one.
    pub extension: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Writes the rejected rows, given by row number in the order of the table, each with its reason.
pub fn write_rejects(table: &Table, rejected: &[(usize, Words)], lang: Lang) -> Result<Rejects> {
    let by_number: HashMap<usize, &RawRow> = table.rows.iter().map(|row| (row.number, row)).collect();
    let found = rejected.iter().filter_map(|(number, why)| Some((*by_number.get(number)?, why.get(lang))));
    let rejected = Rejected { table, rows: found.collect(), lang };
    // A stray cell in the last column leaves a workbook no room for the two that are added.
    let is_too_wide = || rejected.width() + rejected.added().len() > MAX_COLUMNS;
    let (extension, bytes) = match table.format {
        Format::Json | Format::Markdown => ("json", json::list(&rejected)),
        Format::Jsonl => ("jsonl", json::lines(&rejected)),
        Format::Csv => (if table.delimiter == Some('\t') { "tsv" } else { "csv" }, delimited::file(&rejected)?),
        _ if is_too_wide() => ("csv", delimited::file(&rejected)?),
        _ => ("xlsx", workbook::file(&rejected).map_err(unwritable)?),
    };
    Ok(Rejects { extension, bytes })
}

fn unwritable(error: impl std::fmt::Display) -> Failure {
    let error = error.to_string();
    Failure::failed(crate::words!("the rejected rows cannot be written ({error})", "无法写出被拒行（{error}）"))
}

/// Rejected rows of a table, each with its reason, as every format writes them.
struct Rejected<'a> {
    table: &'a Table,
    rows: Vec<(&'a RawRow, &'a str)>,
    lang: Lang,
}

impl Rejected<'_> {
    /// Returns the headings of the columns that are added: the row's number and the reason.
    fn added(&self) -> [&'static str; 2] {
        match self.lang {
            Lang::En => ["row", "reason"],
            Lang::Zh => ["原行号", "原因"],
        }
    }

    /// Returns how many columns the original cells take: headings, and what rows have beyond them.
    fn width(&self) -> usize {
        let headings = self.table.headers.last().map_or(0, |header| header.column + 1);
        let used = |row: &RawRow| row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        self.rows.iter().map(|(row, _)| used(row)).max().unwrap_or(0).max(headings)
    }

    /// Returns the columns of the original cells, without those that an earlier rejects file added.
    fn columns(&self) -> Vec<usize> {
        let added = self.added_before();
        (0..self.width()).filter(|column| added.iter().all(|header| header.column != *column)).collect()
    }

    /// Returns the columns that an earlier rejects file added; none of a file that is rejected for the first time.
    fn added_before(&self) -> &[Header] {
        let headers = &self.table.headers;
        headers.get(before_reject_columns(headers)..).unwrap_or_default()
    }

    /// Returns the row's number in the file it first came from, as an earlier rejects file gives it.
    fn number(&self, row: &RawRow) -> usize {
        let added = self.added_before().first();
        let first = added.and_then(|header| row.cell(header.column).display().trim().parse().ok());
        first.unwrap_or(row.number)
    }

    /// Returns the line above the headings that states the unit of amounts, where the table had one.
    fn unit_line(&self) -> Option<String> {
        self.table.unit.map(|unit| format!("单位：{}", unit.word))
    }

    /// Returns the headings of these columns of the original cells, then those that are added.
    fn headings(&self, columns: &[usize]) -> Vec<String> {
        let mut texts = vec![String::new(); self.width()];
        // Rejected again, what a row has too much goes back under no heading, by which it is known.
        let is_again = !self.added_before().is_empty();
        let kept = |header: &&Header| !(is_again && self.table.nameless.contains(&header.column));
        for header in self.table.headers.iter().filter(kept) {
            if let Some(text) = texts.get_mut(header.column) {
                *text = heading_words(&header.text).get(self.lang).to_string();
            }
        }
        let original = columns.iter().filter_map(|column| texts.get(*column).cloned());
        original.chain(self.added().map(String::from)).collect()
    }
}
