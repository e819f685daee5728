//! Cells that were read before, with what they say.
//!
//! Most columns of a table hold few different values: sources, regions, owners, days, amounts. Reading one takes
//! thousands of instructions (widths, words for nothing, units, dictionaries), finding it here a hundred.
//!
//! *Invariants:* only what a cell says by itself is remembered, never what it means for the rest of its row, nor what
//! is to be told of each row: problems, doubts and values for dictionaries. A column keeps [`MOST`] cells; one
//! that hardly ever repeats is given up after [`TRIAL`] cells and then costs nothing. A memory is of one thread and
//! one table.

use super::draft::Heard;
use super::table::RawCell;
use super::values::Said;
use crate::record::Value;
use foldhash::HashMap;

/// As many cells of a column are remembered.
const MOST: usize = 1000;
/// After as many cells a column must have repeated itself.
const TRIAL: usize = 256;
/// It must have done so once in as many cells.
const SELDOM: usize = 16;

/// What a cell says, and nothing that is to be told of its row.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub cell: RawCell,
    pub said: Said,
    pub note: Option<Value>,
}

/// What is remembered of one column.
#[derive(Debug, Default)]
struct Column {
    known: HashMap<RawCell, Known>,
    asked: usize,
    found: usize,
    is_given_up: bool,
}

/// The cells of each column that were read before.
#[derive(Debug, Default)]
pub(super) struct Memo {
    columns: Vec<Column>,
}

impl Memo {
    /// Makes a memory for so many columns; for none, it keeps nothing.
    pub fn new(columns: usize) -> Memo {
        Memo { columns: (0..columns).map(|_| Column::default()).collect() }
    }

    /// Returns what a cell of a column was heard to say before.
    pub fn recall(&mut self, column: usize, cell: &RawCell) -> Option<&Known> {
        let column = self.columns.get_mut(column).filter(|column| !column.is_given_up)?;
        let known = column.known.get(cell);
        column.asked += 1;
        column.found += usize::from(known.is_some());
        known
    }

    /// Remembers what a cell says, where that is all there is to tell.
    pub fn keep(&mut self, column: usize, cell: &RawCell, heard: &Heard<'_>) {
        let Some(column) = self.columns.get_mut(column).filter(|column| !column.is_given_up) else { return };
        if column.asked >= TRIAL && column.found < column.asked / SELDOM {
            *column = Column { is_given_up: true, ..Column::default() };
            return;
        }
        let (Ok(said), None, []) = (&heard.said, &heard.doubt, heard.new_keys.as_slice()) else { return };
        if column.known.len() < MOST {
            let known = Known { cell: heard.cell.clone().into_owned(), said: said.clone(), note: heard.note.clone() };
            column.known.insert(cell.clone(), known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Problem;
    use crate::words;
    use std::borrow::Cow;

    fn heard(cell: &RawCell) -> Heard<'_> {
        let said = Ok(Said::Value(Value::text(cell.display())));
        Heard { cell: Cow::Borrowed(cell), said, note: None, doubt: None, new_keys: Vec::new() }
    }

    fn cell(number: usize) -> RawCell {
        RawCell::text(&format!("cell {number}"))
    }

    #[test]
    fn what_was_heard_is_recalled_in_its_column_only() {
        let mut memo = Memo::new(2);
        let cell = cell(1);
        assert!(memo.recall(0, &cell).is_none());
        memo.keep(0, &cell, &heard(&cell));
        assert_eq!(memo.recall(0, &cell).map(|known| &known.cell), Some(&cell));
        assert!(memo.recall(1, &cell).is_none());
        assert!(memo.recall(0, &RawCell::Number("cell 1".into())).is_none(), "a number is another cell than its text");
    }

    #[test]
    fn what_is_to_be_told_of_each_row_is_not_remembered() {
        let mut memo = Memo::new(1);
        let cell = cell(1);
        let problem = || Problem::error("x", "y", words!("x", "x"));
        let key = super::super::NewKey { dictionary: "source", key: "a".into(), label: "a".into() };
        for heard in [
            Heard { said: Err(problem()), ..heard(&cell) },
            Heard { doubt: Some(problem()), ..heard(&cell) },
            Heard { new_keys: vec![key], ..heard(&cell) },
        ] {
            memo.keep(0, &cell, &heard);
            assert!(memo.recall(0, &cell).is_none());
        }
    }

    #[test]
    fn a_column_that_does_not_repeat_is_given_up() {
        let mut memo = Memo::new(1);
        for cell in (0..=TRIAL).map(cell) {
            assert!(memo.recall(0, &cell).is_none());
            memo.keep(0, &cell, &heard(&cell));
        }
        assert!(memo.recall(0, &cell(0)).is_none());
        assert!(memo.columns[0].known.is_empty());
    }

    #[test]
    fn a_column_keeps_no_more_than_it_may() {
        let mut memo = Memo::new(1);
        for number in 0..MOST * 2 {
            for cell in [cell(number), cell(0)] {
                if memo.recall(0, &cell).is_none() {
                    memo.keep(0, &cell, &heard(&cell));
                }
            }
        }
        assert_eq!(memo.columns[0].known.len(), MOST);
        assert!(memo.recall(0, &cell(0)).is_some() && memo.recall(0, &cell(MOST)).is_none());
    }

    #[test]
    fn without_columns_nothing_is_kept() {
        let (mut memo, cell) = (Memo::default(), cell(1));
        memo.keep(0, &cell, &heard(&cell));
        assert!(memo.recall(0, &cell).is_none());
    }
}
