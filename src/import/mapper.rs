//! Rows of cells to values of fields: the plan made once for a table, and each row read by it.
//!
//! What wins, from weak to strong: `[default]`, columns, `[set]`, `[[if]]`, `--set`. A mapper is shared
//! between threads; reading a row changes nothing.

use super::clean::{is_total_word, plain_amount};
use super::condition::Condition;
use super::draft::Draft;
use super::mapping::{FieldKey, Mapping, Others, Source};
use super::matching::{Matching, Target, before_reject_columns, match_free};
use super::names::fold_header;
use super::table::{Header, RawCell, RawRow, Table};
use super::unit::Unit;
use super::values::Style;
use crate::record::date::{DateOrder, prove_order};
use crate::record::input::Reading;
use crate::record::{
    CONTACT, Failure, FieldType, Kind, Money, Need, Problem, Result, Row, Severity, Value, Words, find_field,
};
use crate::words;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// What becomes of columns that name no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unknown {
    /// They are reported and left out.
    #[default]
    Report,
    /// They are kept as custom fields.
    Keep,
}

/// What becomes of values a dictionary does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NewKeys {
    /// The row has a problem.
    #[default]
    Refuse,
    /// They are collected, so that the caller can add them.
    Add,
}

/// What a text that refers to a record stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// The record with this number.
    One(String),
    /// Any of several, each as a person would tell it from the others.
    Several(Vec<String>),
    /// None there is; the one most like it, if any is.
    Nothing(Option<String>),
    /// It cannot be told: there is nothing to compare it with. The text is taken for a number.
    Untold,
}

/// Finds the record a text stands for in a field that refers to records of a kind: a user by name.
/// The kind of the subject of a follow-up is `subject`.
pub type Resolve<'a> = &'a (dyn Fn(&str, &str) -> Resolved + Sync);

/// How rows are read.
#[derive(Clone)]
pub struct MapOptions<'a> {
    /// Dictionary, country, zone and date order.
    pub reading: Reading<'a>,
    /// What becomes of columns that name no field.
    pub unknown: Unknown,
    /// What becomes of values a dictionary does not know.
    pub new_keys: NewKeys,
    /// Values stated on the command line, key and text; they win over everything.
    pub set: Vec<(String, String)>,
    /// Finds records by other names than their number.
    pub resolve: Option<Resolve<'a>>,
}

impl<'a> MapOptions<'a> {
    /// Makes options that report unknown columns and refuse unknown values.
    pub fn new(reading: Reading<'a>) -> MapOptions<'a> {
        MapOptions { reading, unknown: Unknown::Report, new_keys: NewKeys::Refuse, set: Vec::new(), resolve: None }
    }
}

/// A value that no dictionary entry knows yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NewKey {
    /// The dictionary.
    pub dictionary: &'static str,
    /// The key it gets; what the row holds.
    pub key: String,
    /// The text as it stands in the file.
    pub label: String,
}

/// A row, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped {
    /// Where the row stands in its file.
    pub row_number: usize,
    /// The kind its values are of.
    pub kind: Kind,
    /// The record's number, where the file states one that could be ours.
    pub number: Option<String>,
    /// The heading the number stands under.
    pub number_header: String,
    /// The values of fields, by key, in declared order.
    pub fields: Vec<(&'static str, Value)>,
    /// Values without a field.
    pub custom: Vec<(String, Value)>,
    /// The first contact of a customer.
    pub contact: Option<Row>,
    /// What is wrong; the row is to be rejected when an error is among it.
    pub problems: Vec<Problem>,
    /// What aliases say that their keys do not, by the field that takes it where nothing else does.
    pub notes: Vec<(&'static str, Value)>,
    /// Values to be added to dictionaries.
    pub new_keys: Vec<NewKey>,
    /// Why the row is passed over, if it is.
    pub skipped: Option<Words>,
}

impl Mapped {
    /// Tells whether the row cannot be taken.
    pub fn is_rejected(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Tells whether the row cannot be taken only because of values that it could be taken without.
    pub fn is_keepable(&self) -> bool {
        let fills = |group: &'static str| {
            let mut given = self.fields.iter().filter_map(|(key, _)| self.kind.field(key));
            given.any(|field| field.need == Need::OneOf(group))
        };
        let is_optional = |problem: &Problem| {
            let key = problem.field.as_deref().and_then(|path| path.rsplit('.').next()).unwrap_or_default();
            let field = self.kind.field(key).or_else(|| find_field(CONTACT, key));
            field.is_some_and(|field| match field.need {
                Need::Optional => true,
                Need::Required => false,
                Need::OneOf(group) => fills(group),
            })
        };
        self.is_rejected() && self.problems.iter().filter(|one| one.severity == Severity::Error).all(is_optional)
    }

    /// Takes the values out as a row of the kind, with the contact and the custom fields.
    pub fn take_row(&mut self) -> Row {
        let mut row = Row::new(self.kind.fields);
        for (key, value) in self.fields.drain(..) {
            row.set(key, value);
        }
        if let Some(contact) = self.contact.take() {
            row.set("contacts", Value::Rows(vec![contact]));
        }
        for (name, value) in self.custom.drain(..) {
            row.set_custom(&name, value);
        }
        row
    }
}

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

/// How far the headings of a text file reach.
#[derive(Debug)]
pub(super) struct Width {
    /// How many columns have one.
    pub headings: usize,
    /// The columns a rejects file adds; without them, where there is none.
    pub added: Range<usize>,
}

impl Width {
    /// In a file of rejected rows, the columns without a heading before the added ones hold what an earlier row had
    /// too much: it is too much again until it is mended.
    fn of(table: &Table) -> Width {
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

    fn column(&self, header: &str, table: &Table) -> Result<usize> {
        let exact = table.headers.iter().find(|h| h.text == header).map(|h| h.column);
        exact.or_else(|| self.places.get(&fold_header(header)).copied()).ok_or_else(|| {
            let known = table.headers.iter().map(|h| format!("`{}`", h.text)).take(60).collect::<Vec<_>>().join(", ");
            Failure::invalid(words!(
                "the mapping names column `{header}`, which is not there",
                "映射所指的列 `{header}` 不存在"
            ))
            .hint(words!("the columns are {known}", "现有的列：{known}"))
        })
    }

    /// Takes the columns the mapping lists.
    fn listed(&mut self, table: &Table) -> Result<()> {
        for (key, source) in &self.mapping.columns {
            let columns: Vec<usize> =
                source.from.iter().map(|header| self.column(header, table)).collect::<Result<_>>()?;
            let columns = self.second_columns(*key, source, columns);
            let header = source.from.first().cloned().unwrap_or_default();
            self.feeds.push(Feed {
                key: *key,
                columns,
                header,
                join: source.join.as_deref(),
                style: self.style(*key, source),
            });
        }
        for header in &self.mapping.keep {
            let column = self.column(header, table)?;
            self.kept.push((column, header.clone()));
        }
        Ok(())
    }

    /// Puts all but the first column of a telephone or e-mail field aside, as matched ones are; parts of other
    /// fields are joined.
    fn second_columns(&mut self, key: FieldKey, source: &Source, mut columns: Vec<usize>) -> Vec<usize> {
        if let FieldKey::Own(field) | FieldKey::Contact(field) = key
            && matches!(field.ty, FieldType::Phone | FieldType::Email)
            && source.join.is_none()
        {
            let others = columns.split_off(columns.len().min(1));
            let named = others.into_iter().zip(source.from.iter().skip(1));
            self.also.extend(named.map(|(column, header)| (column, header.clone(), field.key)));
        }
        columns
    }

    fn style(&self, key: FieldKey, source: &'a Source) -> Style<'a> {
        let order = source.date_order.or(self.mapping.date_order).unwrap_or_default();
        let format = source.date_format.as_deref().or(self.mapping.date_format.as_deref());
        let heading = match source.from.as_slice() {
            [heading] => self.unit_of(key, heading),
            _ => None,
        };
        Style { order, format, epoch_1904: self.epoch_1904, unit: source.unit.or(heading) }
    }

    /// Returns the unit of a field's bare numbers: its heading's, for amounts else that of the whole table.
    fn unit_of(&self, key: FieldKey, heading: &str) -> Option<Unit> {
        let own = Unit::of_heading(heading).and_then(|(_, unit)| unit.fit(key));
        own.or_else(|| self.table_unit?.fit(key))
    }

    /// Tells of which columns bare numbers are read in a unit that does not stand beside them.
    fn note_units(&mut self, table: &Table) {
        for feed in &self.feeds {
            let (Some(unit), [column]) = (feed.style.unit, feed.columns.as_slice()) else { continue };
            let is_used = |cell: &RawCell| cell.is_textual() && unit.put_into(&cell.display()).is_some();
            if table.rows.iter().any(|row| is_used(row.cell(*column))) {
                let (column, field) = (feed.header.clone(), feed.key.name());
                self.units.push(ColumnUnit { column, field, unit: unit.word });
            }
        }
    }

    fn conditions(&mut self, table: &Table) -> Result<()> {
        let found = |mapper: &Mapper<'a>, list: &'a [Condition]| -> Result<Conditions<'a>> {
            list.iter().map(|condition| Ok((condition, mapper.column(&condition.header, table)?))).collect()
        };
        self.skip = found(self, &self.mapping.skip)?;
        self.rules = self.mapping.rules.iter().map(|rule| found(self, &rule.when)).collect::<Result<_>>()?;
        Ok(())
    }

    /// Matches the columns the mapping does not list.
    fn matched(&mut self, headers: &[super::Header]) {
        let ignored: HashSet<String> = self.mapping.ignore.iter().map(|header| fold_header(header)).collect();
        let listed = self.feeds.iter().flat_map(|feed| feed.columns.iter());
        let also = self.also.iter().map(|(column, ..)| column);
        let used: HashSet<usize> =
            listed.chain(also).chain(self.kept.iter().map(|(column, _)| column)).copied().collect();
        let free: Vec<super::Header> = headers
            .iter()
            .filter(|header| !used.contains(&header.column) && !ignored.contains(&fold_header(&header.text)))
            .cloned()
            .collect();
        let taken = self.feeds.iter().map(|feed| feed.key.name()).collect();
        self.matching = match self.mapping.others {
            Others::Match => match_free(self.kind, &free, &taken),
            Others::Keep | Others::Ignore => self.matching.clone(),
        };
        self.feed_matched();
        let keep_all = self.mapping.others == Others::Keep;
        if keep_all {
            self.kept.extend(free.into_iter().map(|header| (header.column, header.text)));
        } else if self.options.unknown == Unknown::Keep {
            let unmatched = std::mem::take(&mut self.matching.unmatched);
            self.kept.extend(unmatched.into_iter().map(|one| (one.column, one.header)));
        }
    }

    fn feed_matched(&mut self) {
        let style = Style {
            order: self.mapping.date_order.unwrap_or_default(),
            format: self.mapping.date_format.as_deref(),
            epoch_1904: self.epoch_1904,
            unit: None,
        };
        let mut parts: HashMap<&'static str, Vec<(usize, usize)>> = HashMap::new();
        for used in &self.matching.columns {
            let key = match used.target {
                Target::Number => FieldKey::Number,
                Target::Field(field) => FieldKey::Own(field),
                Target::Contact(field) => FieldKey::Contact(field),
                Target::Range(low, high) => FieldKey::Range(low, high),
                Target::Part(part) => {
                    parts.entry(part.field).or_default().push((part.place, used.column));
                    continue;
                }
                Target::Also(key) => {
                    self.also.push((used.column, used.header.clone(), key));
                    continue;
                }
            };
            let (header, unit) = (used.header.clone(), self.unit_of(key, &used.header));
            let style = Style { unit, ..style };
            self.feeds.push(Feed { key, columns: vec![used.column], header, join: None, style });
        }
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_unstable();
        for (name, mut columns) in parts {
            columns.sort_unstable();
            let columns: Vec<usize> = columns.into_iter().map(|(_, column)| column).collect();
            if let Some(key) = FieldKey::find(self.kind, name) {
                self.feeds.push(Feed { key, columns, header: name.to_string(), join: None, style });
            }
        }
    }

    /// Finds the order of day and month from whole columns, where nobody states it.
    fn prove_dates(&mut self, table: &Table) {
        let is_date = |ty: FieldType| matches!(ty, FieldType::Date | FieldType::Moment);
        for feed in &mut self.feeds {
            let (FieldKey::Own(field) | FieldKey::Contact(field)) = feed.key else { continue };
            let (true, [column], DateOrder::Unstated) = (is_date(field.ty), feed.columns.as_slice(), feed.style.order)
            else {
                continue;
            };
            let texts: Vec<_> = table.rows.iter().map(|row| row.cell(*column).display()).collect();
            feed.style.order = match prove_order(texts.iter().map(|text| text.as_ref())) {
                DateOrder::Unstated => self.reading.order,
                proven => proven,
            };
        }
    }

    /// Tells whether the mapping takes a text as nothing.
    pub(super) fn is_blank(&self, text: &str) -> bool {
        !self.blank.is_empty() && self.blank.contains(&text.trim().to_lowercase())
    }

    /// Reads a row.
    pub fn map_row(&self, row: &RawRow) -> Mapped {
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
        self.feeds.iter().for_each(|feed| draft.feed(feed));
        draft.second_columns();
        draft.bad_phones();
        draft.infer();
        draft.keep();
        self.mapping.default.iter().for_each(|(key, text)| draft.default(*key, text));
        let ruled = rules.iter().flat_map(|(rule, _)| &rule.set);
        self.mapping.set.iter().chain(ruled).chain(&self.set).for_each(|(key, text)| draft.set(*key, text));
        draft.infer();
        draft.finish()
    }
}

/// Tells whether a row sums up those above it: a word for a total first, else only amounts.
fn is_total(row: &RawRow) -> bool {
    let mut texts = row.cells.iter().filter(|cell| !cell.is_blank()).map(|cell| cell.display());
    let is_amount = |text: &str| !text.chars().any(char::is_alphabetic) || Money::parse(&plain_amount(text)).is_some();
    texts.next().is_some_and(|first| is_total_word(&first)) && texts.all(|text| is_amount(text.trim()))
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
