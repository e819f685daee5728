//! Rows of cells to values of fields: the plan made once for a table, and each row read by it.
//!
//! What wins, from weak to strong: `[default]`, columns, `[set]`, `[[if]]`, `--set`. A mapper is shared
//! between threads; reading a row changes nothing.

mod mapped;
mod options;
mod plan;
mod width;

pub use mapped::{Mapped, NewKey, ROWS_DIFFER};
pub use options::{MapOptions, NewKeys, Resolved, Unknown};
pub(super) use width::Width;

use super::clean::{is_total_word, plain_amount};
use super::condition::Condition;
use super::draft::Draft;
use super::mapping::{FieldKey, Mapping};
use super::matching::{Matching, before_reject_columns};
use super::memo::Memo;
use super::names::fold_header;
use super::table::{RawRow, Table};
use super::unit::Unit;
use super::values::Style;
use crate::record::input::Reading;
use crate::record::{Failure, Kind, Money, Result};
use crate::words;
use std::collections::{HashMap, HashSet};

/// A column whose bare numbers are read in a unit that its heading, the mapping or a line above states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnUnit {
    /// The heading.
    pub column: String,
    /// The field, as mapping files write it.
    pub field: String,
    /// The unit.
    pub unit: &'static str,
}

/// A field with the columns it comes from.
#[derive(Debug)]
pub(super) struct Feed<'a> {
    pub key: FieldKey,
    pub columns: Vec<usize>,
    /// The heading, for what has no other name.
    pub header: String,
    pub join: Option<&'a str>,
    pub style: Style<'a>,
}

/// Conditions with their columns found.
type Conditions<'a> = Vec<(&'a Condition, usize)>;

/// Reads the rows of one table.
pub struct Mapper<'a> {
    pub(super) kind: Kind,
    pub(super) mapping: &'a Mapping,
    pub(super) options: MapOptions<'a>,
    pub(super) reading: Reading<'a>,
    pub(super) feeds: Vec<Feed<'a>>,
    pub(super) also: Vec<(usize, String, &'static str)>,
    pub(super) kept: Vec<(usize, String)>,
    pub(super) places: HashMap<String, usize>,
    pub(super) epoch_1904: bool,
    /// Rows under a name merged over several, and the first of them, with the first row itself.
    blocks: HashMap<usize, usize>,
    table_unit: Option<Unit>,
    units: Vec<ColumnUnit>,
    blank: HashSet<String>,
    set: Vec<(FieldKey, String)>,
    skip: Conditions<'a>,
    rules: Vec<Conditions<'a>>,
    width: Option<Width>,
    matching: Matching,
}

impl<'a> Mapper<'a> {
    /// Plans how the rows of `table` become records of `kind`.
    ///
    /// Fails when the mapping or `--set` names a heading or a field that is not there.
    pub fn new(kind: Kind, table: &Table, mapping: &'a Mapping, options: MapOptions<'a>) -> Result<Mapper<'a>> {
        let mut reading = options.reading;
        reading.country = mapping.country.as_deref().unwrap_or(reading.country);
        let headers = table.headers.get(..before_reject_columns(&table.headers)).unwrap_or(&table.headers);
        let mut mapper = Mapper {
            kind,
            mapping,
            reading,
            feeds: Vec::new(),
            also: Vec::new(),
            kept: Vec::new(),
            places: HashMap::new(),
            epoch_1904: table.epoch_1904,
            blocks: HashMap::new(),
            table_unit: table.unit,
            units: Vec::new(),
            blank: mapping.blank.iter().map(|word| word.trim().to_lowercase()).collect(),
            set: stated(kind, &options.set)?,
            skip: Vec::new(),
            rules: Vec::new(),
            width: table.delimiter.map(|_| Width::of(table)),
            matching: Matching { kind, columns: Vec::new(), unmatched: Vec::new() },
            options,
        };
        for header in headers {
            mapper.places.entry(fold_header(&header.text)).or_insert(header.column);
        }
        mapper.listed(table)?;
        mapper.conditions(table)?;
        mapper.matched(headers);
        mapper.note_blocks(table);
        mapper.prove_dates(table);
        mapper.note_units(table);
        Ok(mapper)
    }

    /// Returns how the headings were matched; kept and ignored columns are not among the unmatched.
    pub fn matching(&self) -> &Matching {
        &self.matching
    }

    /// Returns the columns whose bare numbers are read in a unit that does not stand beside them.
    pub fn units(&self) -> &[ColumnUnit] {
        &self.units
    }

    /// Tells whether the mapping takes a text as nothing.
    pub(super) fn is_blank(&self, text: &str) -> bool {
        !self.blank.is_empty() && self.blank.contains(&text.trim().to_lowercase())
    }

    /// Notes the rows that one cell with the name of the record is merged over, where a record may have several contacts.
    fn note_blocks(&mut self, table: &Table) {
        if self.kind.field("contacts").is_none() {
            return;
        }
        let is_title = |feed: &&Feed<'_>| feed.key.name() == self.kind.title;
        let columns: Vec<usize> = self.feeds.iter().filter(is_title).flat_map(|feed| feed.columns.clone()).collect();
        for covered in table.covered.iter().filter(|covered| columns.contains(&covered.column)) {
            self.blocks.insert(covered.first, covered.first);
            self.blocks.insert(covered.row, covered.first);
        }
    }

    /// Returns the first row of the block a row is in, itself where it is that.
    pub(super) fn block_of(&self, row: usize) -> Option<usize> {
        self.blocks.get(&row).copied()
    }

    /// Reads a row.
    pub fn map_row(&self, row: &RawRow) -> Mapped {
        self.map(row, &mut Memo::default())
    }

    /// Makes a reader of many rows, which reads each as [`Mapper::map_row`] does, but a cell that repeats only once.
    pub fn reader(&self) -> RowReader<'_, 'a> {
        RowReader { mapper: self, memo: Memo::new(self.feeds.len()) }
    }

    fn map(&self, row: &RawRow, memo: &mut Memo) -> Mapped {
        let mut draft = Draft::new(self, row);
        if is_total(row) {
            return draft.skipped(words!("a total, not a record", "合计行，不是记录"));
        }
        if self.skip.iter().any(|(condition, column)| condition.holds(row, *column)) {
            return draft.skipped(words!("a condition of `skip` holds", "符合 `skip` 条件"));
        }
        let rules: Vec<_> = self.mapping.rules.iter().zip(&self.rules).filter(|(_, when)| holds(when, row)).collect();
        if rules.iter().any(|(rule, _)| rule.skip) {
            return draft.skipped(words!("a rule `[[if]]` passes it over", "按 `[[if]]` 规则跳过"));
        }
        draft.check_width(self.width.as_ref());
        self.feeds.iter().enumerate().for_each(|(at, feed)| draft.feed(at, feed, memo));
        draft.second_columns();
        draft.strays();
        draft.bad_phones();
        draft.infer();
        draft.keep();
        let own = draft.said();
        self.mapping.default.iter().for_each(|(key, text)| draft.default(*key, text));
        let ruled = rules.iter().flat_map(|(rule, _)| &rule.set);
        self.mapping.set.iter().chain(ruled).chain(&self.set).for_each(|(key, text)| draft.set(*key, text));
        draft.note_constants(&own);
        draft.strays();
        draft.infer();
        draft.finish()
    }
}

/// Reads rows of one table on one thread.
pub struct RowReader<'m, 'a> {
    mapper: &'m Mapper<'a>,
    memo: Memo,
}

impl RowReader<'_, '_> {
    /// Reads a row.
    pub fn read(&mut self, row: &RawRow) -> Mapped {
        self.mapper.map(row, &mut self.memo)
    }
}

/// Tells whether a row sums up those above it: its first word is one for a total.
///
/// A company may be called Total: a row that says more than amounts and names somebody to reach is a record.
fn is_total(row: &RawRow) -> bool {
    let mut texts = row.cells.iter().filter(|cell| !cell.is_blank()).map(|cell| cell.display());
    if !texts.next().is_some_and(|first| is_total_word(&first)) {
        return false;
    }
    let is_amount = |text: &str| !text.chars().any(char::is_alphabetic) || Money::parse(&plain_amount(text)).is_some();
    let is_mobile = |text: &str| text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit());
    let texts: Vec<_> = texts.collect();
    texts.iter().all(|text| is_amount(text.trim()))
        || !texts.iter().any(|text| text.contains('@') || is_mobile(text.trim()))
}

fn holds(when: &Conditions<'_>, row: &RawRow) -> bool {
    when.iter().all(|(condition, column)| condition.holds(row, *column))
}

fn stated(kind: Kind, set: &[(String, String)]) -> Result<Vec<(FieldKey, String)>> {
    let find = |(key, text): &(String, String)| {
        let found = FieldKey::find(kind, &key.replace('-', "_"));
        let found =
            found.ok_or_else(|| Failure::usage(words!("{kind} has no field `{key}`", "{kind} 没有字段 `{key}`")))?;
        Ok((found, text.clone()))
    };
    set.iter().map(find).collect()
}
