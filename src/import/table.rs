//! What a reader makes of a file: rows of cells that keep their type, under named columns.

use super::format::Format;
use super::guard::Budget;
use super::unit::Unit;
use crate::record::Words;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::borrow::Cow;

/// The most rows a table may have; what Excel can hold.
pub const MAX_ROWS: usize = 1_048_576;
/// The most columns a table may have; what Excel can hold.
pub const MAX_COLUMNS: usize = 16_384;

/// One cell as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RawCell {
    /// Nothing.
    Blank,
    /// Text, exactly as it stands.
    Text(Box<str>),
    /// A number, with all its digits and without an exponent.
    Number(Box<str>),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(NaiveDate),
    /// A day and a time of day.
    DateTime(NaiveDateTime),
    /// A time of day.
    Time(NaiveTime),
    /// An error such as `#N/A`; says nothing, as a blank cell does.
    Error(Box<str>),
}

impl RawCell {
    /// Makes a text cell; empty text is blank.
    pub fn text(text: &str) -> RawCell {
        if text.is_empty() { RawCell::Blank } else { RawCell::Text(text.into()) }
    }

    /// Makes a number cell: whole numbers without a fraction, nothing in scientific notation.
    pub fn number(number: f64) -> RawCell {
        if !number.is_finite() {
            return RawCell::Error("#NUM!".into());
        }
        RawCell::Number(format!("{number}").into())
    }

    /// Returns how many bytes its text takes beside it.
    pub(super) fn text_length(&self) -> usize {
        match self {
            RawCell::Text(text) | RawCell::Number(text) | RawCell::Error(text) => text.len(),
            _ => 0,
        }
    }

    /// Tells whether the cell says nothing: blank, only spaces, or an error.
    pub fn is_blank(&self) -> bool {
        match self {
            RawCell::Blank | RawCell::Error(_) => true,
            RawCell::Text(text) => text.chars().all(|c| c.is_whitespace() || c == '\u{feff}'),
            _ => false,
        }
    }

    /// Tells whether nothing at all stands in the cell; an error does stand there.
    pub fn is_empty(&self) -> bool {
        !matches!(self, RawCell::Error(_)) && self.is_blank()
    }

    /// Tells whether the cell holds text or a number, which people write in many ways.
    pub(super) fn is_textual(&self) -> bool {
        matches!(self, RawCell::Text(_) | RawCell::Number(_))
    }

    /// Returns the cell as text, days as `2026-03-05`, moments as `2026-03-05 09:30:00`; untrimmed.
    pub fn display(&self) -> Cow<'_, str> {
        match self {
            RawCell::Blank => "".into(),
            RawCell::Text(text) | RawCell::Number(text) | RawCell::Error(text) => (&**text).into(),
            RawCell::Bool(true) => "true".into(),
            RawCell::Bool(false) => "false".into(),
            RawCell::Date(day) => day.to_string().into(),
            RawCell::DateTime(moment) => moment.format("%Y-%m-%d %H:%M:%S").to_string().into(),
            RawCell::Time(time) => time.format("%H:%M:%S").to_string().into(),
        }
    }
}

/// A row of cells; there may be fewer or more cells than headers.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRow {
    /// Where it stands: the row of a sheet, the line a record of a text file starts on, from 1.
    pub number: usize,
    /// Its cells, from the first column on.
    pub cells: Vec<RawCell>,
}

impl RawRow {
    /// Returns a cell, blank where the row is too short.
    pub fn cell(&self, column: usize) -> &RawCell {
        self.cells.get(column).unwrap_or(&RawCell::Blank)
    }
}

/// The heading of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What stands there, marks of required fields and line breaks taken out; never empty.
    pub text: String,
    /// The column, from 0.
    pub column: usize,
}

/// A table read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What the file is.
    pub format: Format,
    /// The encoding of a text file, by its usual name.
    pub encoding: Option<&'static str>,
    /// The mark between the columns of a text file.
    pub delimiter: Option<char>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Where the headings stand, from 1; none for JSON.
    pub header_row: Option<usize>,
    /// The headings, one for each column that holds anything, by column.
    pub headers: Vec<Header>,
    /// The columns whose cell in that row is blank; a heading of theirs comes from a merged cell or is their letter.
    pub nameless: Vec<usize>,
    /// The rows below the headings that hold anything.
    pub rows: Vec<RawRow>,
    /// Where rows have the text of a cell merged downwards over them.
    pub covered: Vec<Covered>,
    /// Whether bare day numbers count from 1904, as old Macintosh workbooks do.
    pub epoch_1904: bool,
    /// The unit of amounts that a line above the headings states: `单位：万元`.
    pub unit: Option<Unit>,
    /// What was detected and what a person should know.
    pub notes: Vec<Words>,
}

/// A row under a cell merged downwards; rows from 1, as they are numbered, columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
    /// The row in which the cell stands.
    pub first: usize,
}

/// An area of cells merged into one; all from 0, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merge {
    pub top: usize,
    pub left: usize,
    pub bottom: usize,
    pub right: usize,
}

/// What a reader of one format returns, before the headings are found.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// Rows that hold anything, in order.
    pub rows: Vec<RawRow>,
    /// The headings where the format itself has names (JSON).
    pub names: Option<Vec<String>>,
    pub merges: Vec<Merge>,
    pub encoding: Option<&'static str>,
    pub delimiter: Option<char>,
    pub sheet: Option<String>,
    /// The visible sheets that could be read instead, where none was stated.
    pub others: Vec<String>,
    pub epoch_1904: bool,
    pub notes: Vec<Words>,
    /// What memory is left for more.
    pub budget: Budget,
}
