//! Import: bytes in, typed rows out.
//!
//! A file is read into a [`Table`] (`read_table`), its headings are matched to the fields of a kind
//! (`match_headers`), and each row is read as values (`Mapper::reader`). A [`Mapping`] says what a
//! person knows better. Rows that cannot be taken go back to their owner as a file (`write_rejects`).
//!
//! *Invariants:* no input panics or hangs; no cell is lost: it becomes a field, a custom field, a
//! problem, or its column is reported as unmatched.
//!
//! *Absent on purpose:* disk, duplicates, numbering and commits; `ops` joins them.

mod archive;
mod cfb;
mod clean;
mod condition;
mod delimited;
mod digits;
mod draft;
mod encoding;
mod format;
mod guard;
mod header;
mod inner;
mod json;
mod mapper;
mod mapping;
mod markdown;
mod matching;
mod memo;
mod names;
mod ods;
mod rejects;
mod table;
mod unit;
mod values;
mod workbook;

pub use draft::read_ends;
pub use format::Format;
pub use mapper::{ColumnUnit, MapOptions, Mapped, Mapper, NewKey, NewKeys, ROWS_DIFFER, Resolved, RowReader, Unknown};
pub use mapping::{Mapping, OnInvalid, write_mapping};
pub use matching::{ColumnUse, Matching, Part, Target, Unmatched, match_headers};
pub use names::{heading_words, range_of};
pub use rejects::{Rejects, write_rejects};
pub use table::{Header, MAX_COLUMNS, MAX_ROWS, RawCell, RawRow, Table};
pub use unit::Unit;

use crate::record::{Exit, Failure, Kind, Result};
use crate::words;

/// The most bytes of a file that are read.
pub const MAX_BYTES: usize = 128 << 20;

/// A file to be read.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Its name, for the ending and for messages; `-` for standard input.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// What a person states about a file; the rest is detected.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The format, else by content, then by the ending of the name.
    pub format: Option<Format>,
    /// The encoding of a text file, by any usual name.
    pub encoding: Option<String>,
    /// The mark between columns of a text file.
    pub delimiter: Option<char>,
    /// The sheet of a workbook, by name or by number from 1.
    pub sheet: Option<String>,
    /// The row (in a text file: the line) of the headings, from 1.
    pub header_row: Option<usize>,
    /// The kind whose field names tell headings from other rows.
    pub kind: Option<Kind>,
    /// Headings a mapping names, which tell the same.
    pub known: Vec<String>,
}

/// Reads a file as a table.
///
/// Fails with one line that names the file when it is empty, damaged, encrypted, too large or no table.
pub fn read_table(input: &Input<'_>, options: &ReadOptions) -> Result<Table> {
    guard::quietly(|| read(input, options)).map_err(|failure| failure.within(words!("`{}`", "`{}`"; input.name)))
}

fn read(input: &Input<'_>, options: &ReadOptions) -> Result<Table> {
    if input.bytes.len() > MAX_BYTES {
        return Err(guard::too_large());
    }
    // A mark of the byte order alone says nothing either, nor do the zero bytes of white space in UTF-16.
    let marks = [b"\xef\xbb\xbf".as_slice(), b"\xff\xfe", b"\xfe\xff"];
    let body = marks.iter().find_map(|mark| input.bytes.strip_prefix(*mark)).unwrap_or(input.bytes);
    if body.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Err(Failure::failed(words!("the file is empty", "文件为空")));
    }
    let claimed = Format::claimed(input.name);
    let format = match options.format {
        Some(format) => format,
        None => Format::detect(input.bytes, claimed)?,
    };
    let mut grid = match first_filled(format, input, options) {
        // A mapping names the sheet of the file whose rows were rejected; the rejects file may have another.
        Err(failure) if failure.exit == Exit::NotFound => own_rejects(format, input, options).ok_or(failure)?,
        grid => grid?,
    };
    if let Some(claimed) = claimed.filter(|claimed| *claimed != format && options.format.is_none()) {
        let (content, claimed) = (format.name(), claimed.name());
        let note = words!("named {claimed}, but its content is {content}", "扩展名为 {claimed}，内容是 {content}");
        grid.notes.insert(0, note);
    }
    header::make_table(format, grid, options)
}

/// Reads the first sheet, whatever sheet is stated, when it holds rows that an import rejected.
fn own_rejects(format: Format, input: &Input<'_>, options: &ReadOptions) -> Option<table::Grid> {
    let grid = format.read(input, &ReadOptions { sheet: None, ..options.clone() }).ok()?;
    header::rejects_head(&grid.rows).is_some().then_some(grid)
}

/// Reads the sheet that is stated, else the first visible one that holds anything; says which were passed over.
fn first_filled(format: Format, input: &Input<'_>, options: &ReadOptions) -> Result<table::Grid> {
    let first = format.read(input, options)?;
    if !first.rows.is_empty() || first.others.is_empty() {
        return Ok(first);
    }
    for name in &first.others {
        let mut grid = format.read(input, &ReadOptions { sheet: Some(name.clone()), ..options.clone() })?;
        if !grid.rows.is_empty() {
            let empty = first.sheet.unwrap_or_default();
            grid.notes.insert(
                0,
                words!(
                    "sheet `{empty}` is empty, so `{name}` is read; `--sheet NAME` reads another",
                    "工作表 `{empty}` 为空，改读 `{name}`；可用 `--sheet 名称` 指定其他工作表"
                ),
            );
            return Ok(grid);
        }
    }
    Ok(first)
}
