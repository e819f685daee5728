//! How many cells a row of a text file may have.

use super::super::matching::before_reject_columns;
use super::super::table::{Header, RawRow, Table};
use std::ops::Range;

/// How far the headings of a text file reach.
#[derive(Debug)]
pub(in super::super) struct Width {
    /// How many columns have one.
    pub headings: usize,
    /// The columns a rejects file adds; without them, where there is none.
    pub added: Range<usize>,
}

impl Width {
    /// In a file of rejected rows, the columns without a heading before the added ones hold what an earlier row had
    /// too much: it is too much again until it is mended.
    pub(super) fn of(table: &Table) -> Width {
        let (own, added) = table.headers.split_at(before_reject_columns(&table.headers));
        let named = if added.is_empty() {
            own.last()
        } else {
            own.iter().rfind(|header| !table.nameless.contains(&header.column))
        };
        let end = |header: Option<&Header>| header.map_or(0, |header| header.column + 1);
        let start = added.first().map_or(usize::MAX, |header| header.column);
        Width { headings: end(named), added: start..end(added.last()) }
    }

    /// Returns how many cells a row has, when there is anything beyond the headings.
    pub fn exceeded(&self, row: &RawRow) -> Option<usize> {
        let beyond = |at: &usize| *at >= self.headings && !self.added.contains(at) && !row.cell(*at).is_empty();
        let last = (0..row.cells.len()).rfind(beyond)?;
        Some(last + 1 - if last >= self.added.end { self.added.len() } else { 0 })
    }
}
