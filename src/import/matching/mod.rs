//! Which column is which field.
//!
//! A heading names a field by key, label or alias in either language. Key and label win over aliases,
//! an earlier alias over a later one, a full heading over one without its bracketed hint, the left column
//! over the right one; each field is claimed once, one of its contact or line ([`inner`]) as well. A heading of two names, `手机/电话`, that is unknown as a whole
//! counts as the first of them that is known, when those that are known mean one field. What names nothing is reported
//! with the nearest field.
//!
//! Parts that belong together are joined: 省, 市, 区 to a region, first and last name to a name. Of
//! several telephone or e-mail columns the others stand in where the first is blank, else they are kept.

mod inner;
mod several;
#[cfg(test)]
mod tests;

use self::inner::InnerNames;
use super::inner::Inner;
use super::mapping::FieldKey;
use super::names::{self, LONGEST, Named, fold_header, without_hint};
use super::table::Header;
use super::unit::Unit;
use crate::record::{Field, FieldType, Kind};
use std::collections::HashSet;

/// For so many headings that name nothing the nearest field is looked for; nobody reads of more.
const MOST_LIKENED: usize = 200;

/// A part of a field that has a column of its own; parts are joined in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The key of the field.
    pub field: &'static str,
    /// Its place among the parts.
    pub place: usize,
}

/// What the cells of a column become.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// The record's own number.
    Number,
    /// A field.
    Field(&'static Field),
    /// A field of the first contact or line, with the key of their table.
    Inner(&'static str, &'static Field),
    /// A part of a field that is joined from several columns; `contact` fields too.
    Part(Part),
    /// The two ends of a range (`budget` → `budget_min` and `budget_max`).
    Range(&'static str, &'static str),
    /// A second column for a field; stands in where the first is blank, else is kept as a custom field.
    Also(&'static str),
}

impl Target {
    /// Returns the key as mapping files write it: `phone`, `contacts.email`, `budget`.
    pub fn key(&self) -> String {
        match self {
            Target::Number => "number".into(),
            Target::Field(field) => field.key.into(),
            Target::Inner(table, field) => format!("{table}.{}", field.key),
            Target::Part(part) => part.field.into(),
            Target::Range(low, _) => low.trim_end_matches("_min").into(),
            Target::Also(key) => (*key).into(),
        }
    }
}

/// The use of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnUse {
    /// The column, from 0.
    pub column: usize,
    /// Its heading.
    pub header: String,
    /// What its cells become.
    pub target: Target,
}

/// A heading that names nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmatched {
    /// The column, from 0.
    pub column: usize,
    /// The heading.
    pub header: String,
    /// The field whose name is most like it, if any is.
    pub nearest: Option<&'static Field>,
}

/// What became of the headings.
#[derive(Debug, Clone, PartialEq)]
pub struct Matching {
    /// The kind matched against.
    pub kind: Kind,
    /// Columns in use, by column.
    pub columns: Vec<ColumnUse>,
    /// The others, by column.
    pub unmatched: Vec<Unmatched>,
}

/// Matches headings against the fields of `kind`, and of its contacts or lines where it has any.
pub fn match_headers(kind: Kind, headers: &[Header]) -> Matching {
    match_free(kind, headers, &HashSet::new())
}

/// Matches headings, leaving alone the fields whose keys are `taken`.
pub(super) fn match_free(kind: Kind, headers: &[Header], taken: &HashSet<String>) -> Matching {
    let headers = headers.get(..before_reject_columns(headers)).unwrap_or(headers);
    let headings: Vec<Heading<'_>> = headers.iter().map(Heading::new).collect();
    let own = Named::all(kind.fields);
    let inner = Inner::of(kind).and_then(|table| InnerNames::of(table, &headings, |key| taken.contains(key)));
    let mut matcher = Matcher { kind, headings, own, inner, taken: taken.clone(), columns: Vec::new() };
    matcher.several_names();
    matcher.ranges_and_names();
    matcher.shared_names();
    matcher.fields();
    matcher.join_parts();
    matcher.second_columns();
    matcher.finish()
}

/// Returns how many headings come before the two a rejects file adds at its end, which are never imported.
pub(super) fn before_reject_columns(headers: &[Header]) -> usize {
    match headers {
        [own @ .., row, reason] if is_rejects_pair(&row.text, &reason.text) => own.len(),
        _ => headers.len(),
    }
}

/// Tells whether two headings are those that a rejects file adds at its end: the row's number and the reason.
pub(super) fn is_rejects_pair(row: &str, reason: &str) -> bool {
    let pair = (fold_header(row), fold_header(reason));
    matches!((pair.0.as_str(), pair.1.as_str()), ("原行号", "原因") | ("row", "reason"))
}

/// A heading, folded as names are.
struct Heading<'a> {
    header: &'a Header,
    /// All of it.
    plain: String,
    /// Without its bracketed hint.
    short: Option<String>,
    /// Without the unit at its end.
    bare: Option<(String, Unit)>,
}

impl Heading<'_> {
    fn new(header: &Header) -> Heading<'_> {
        let text = Some(&*header.text).filter(|text| text.len() <= LONGEST);
        let unit = text.and_then(Unit::of_heading);
        Heading {
            header,
            plain: fold_header(&header.text),
            short: text.and_then(without_hint).map(|text| fold_header(&text)),
            bare: unit.map(|(text, unit)| (fold_header(&text), unit)),
        }
    }

    /// Returns what of it may be a name, folded, the whole first.
    fn names(&self) -> impl Iterator<Item = &String> {
        [Some(&self.plain), self.short.as_ref(), self.bare.as_ref().map(|(bare, _)| bare)].into_iter().flatten()
    }

    /// Tells whether it bears this name, as an amount may do with a unit behind it.
    fn bears(&self, name: &str) -> bool {
        let amount = self.bare.as_ref().filter(|(_, unit)| unit.is_of_amounts());
        self.plain == name || self.short.as_deref() == Some(name) || amount.is_some_and(|(bare, _)| bare == name)
    }
}

struct Matcher<'a> {
    kind: Kind,
    headings: Vec<Heading<'a>>,
    /// The fields of the kind.
    own: Vec<Named>,
    /// Those of its contacts or lines.
    inner: Option<InnerNames>,
    /// Keys already claimed.
    taken: HashSet<String>,
    columns: Vec<ColumnUse>,
}

impl<'a> Matcher<'a> {
    fn is_free(&self, column: usize) -> bool {
        self.columns.iter().all(|used| used.column != column)
    }

    fn claim(&mut self, header: &Header, target: Target) {
        self.taken.insert(target.key());
        self.columns.push(ColumnUse { column: header.column, header: header.text.clone(), target });
    }

    /// Returns the fields of the record, then those of its contacts or lines.
    fn all_named(&self) -> impl Iterator<Item = &Named> {
        self.own.iter().chain(self.inner.iter().flat_map(|inner| &inner.named))
    }

    /// Finds the first free column that bears one of `names`, in the order of the names.
    fn named(&self, names: &[&str]) -> Option<&'a Header> {
        let folded: Vec<String> = names.iter().map(|name| fold_header(name)).collect();
        let free = self.headings.iter().filter(|heading| self.is_free(heading.header.column));
        let place = |heading: &Heading<'_>| folded.iter().position(|name| heading.bears(name));
        let found = free.filter_map(|heading| Some((place(heading)?, heading.header)));
        found.min_by_key(|(at, header)| (*at, header.column)).map(|(_, header)| header)
    }

    /// Claims columns that fill two fields at once, and the record's own number.
    fn ranges_and_names(&mut self) {
        for (kind, key, low, high, names) in names::RANGES {
            let free = kind == self.kind && [key, low, high].iter().all(|key| !self.taken.contains(*key));
            if let Some(header) = self.named(names).filter(|_| free) {
                self.claim(header, Target::Range(low, high));
            }
        }
        let is_own = !self.taken.contains("number");
        if let Some(header) = self.named(names::number_names(self.kind)).filter(|_| is_own) {
            self.claim(header, Target::Number);
        }
    }

    /// Claims whole fields, best names first.
    fn fields(&mut self) {
        let mut found = Vec::new();
        for Heading { header, plain, short, bare } in &self.headings {
            let (bare, unit) = (bare.as_ref().map(|(bare, _)| bare), bare.as_ref().map(|(_, unit)| *unit));
            let names = [Some(plain), short.as_ref(), bare];
            // `客户 人` counts people and is no company: a unit tells the field only where the field can be in it.
            let fits =
                |field: &'static Field, hint| hint < 2 || unit.and_then(|u| u.fit(FieldKey::Own(field))).is_some();
            for (hint, folded) in names.into_iter().enumerate().filter_map(|(at, name)| Some((at, name?))) {
                let own = self.own.iter().filter_map(|named| Some((named.rank(folded)?, named.field, false)));
                let inner = self.inner.iter().flat_map(|inner| inner.ranks(folded));
                let inner = inner.map(|(rank, field)| (rank, field, true));
                let fitting = own.chain(inner).filter(|(_, field, _)| fits(field, hint));
                found.extend(fitting.map(|(rank, field, is_inner)| (rank, hint, *header, is_inner, field)));
            }
        }
        found.sort_by_key(|(rank, hint, header, is_inner, _)| (*rank, *hint, header.column, *is_inner));
        for (_, _, header, is_inner, field) in found {
            let inner = self.inner.as_ref().filter(|_| is_inner).map(|inner| inner.target(field));
            let target = inner.unwrap_or(Target::Field(field));
            if self.is_free(header.column) && !self.taken.contains(&target.key()) && !self.budget_is_whole(field) {
                self.claim(header, target);
            }
        }
    }

    /// Tells whether the column of a range already fills this end of it.
    fn budget_is_whole(&self, field: &Field) -> bool {
        self.columns.iter().any(|used| matches!(used.target, Target::Range(a, b) if a == field.key || b == field.key))
    }

    /// Turns a region, name or address matched from one part into its parts when there are more of them.
    fn join_parts(&mut self) {
        self.join("region", &names::REGION);
        self.join("address", &names::ADDRESS);
        let name = if self.kind.field("contact_name").is_some() { "contact_name" } else { "contacts.name" };
        self.join(name, &names::NAME);
    }

    fn join(&mut self, field: &'static str, parts: &[&[&str]]) {
        let declared =
            self.kind.field(field).is_some() || (field == "contacts.name" && self.kind.field("contacts").is_some());
        let claimed = self.columns.iter().position(|used| used.target.key() == field);
        let is_part =
            |text: &str| parts.iter().flat_map(|names| names.iter()).any(|n| fold_header(n) == fold_header(text));
        match claimed.and_then(|at| self.columns.get(at)) {
            Some(used) if !is_part(&used.header) => return,
            None if self.taken.contains(field) || !declared => return,
            _ => {}
        }
        if let Some(at) = claimed {
            self.columns.remove(at);
        }
        for (place, names) in parts.iter().enumerate() {
            if let Some(header) = self.named(names) {
                self.claim(header, Target::Part(Part { field, place }));
            }
        }
    }

    /// Gives further telephone and e-mail columns to the field that has one already.
    fn second_columns(&mut self) {
        for Heading { header, plain, .. } in &self.headings {
            let is_channel = |named: &&Named| matches!(named.field.ty, FieldType::Phone | FieldType::Email);
            let field = self.all_named().filter(is_channel).find(|named| named.rank(plain).is_some());
            let Some(field) = field.map(|named| named.field) else { continue };
            let claimed = self.taken.contains(field.key) || self.taken.contains(&format!("contacts.{}", field.key));
            if claimed && self.is_free(header.column) {
                self.columns.push(ColumnUse {
                    column: header.column,
                    header: header.text.clone(),
                    target: Target::Also(field.key),
                });
            }
        }
    }

    fn finish(mut self) -> Matching {
        self.columns.sort_by_key(|used| used.column);
        let free = self.headings.iter().filter(|heading| self.is_free(heading.header.column));
        let unmatched = |(at, Heading { header, plain, .. }): (usize, &Heading<'_>)| {
            let nearest = if at < MOST_LIKENED { self.nearest(plain) } else { None };
            Unmatched { column: header.column, header: header.text.clone(), nearest }
        };
        let unmatched = free.enumerate().map(unmatched).collect();
        Matching { kind: self.kind, columns: self.columns, unmatched }
    }

    /// Returns the field whose key, label or alias is most like the heading.
    fn nearest(&self, folded: &str) -> Option<&'static Field> {
        if folded.len() > LONGEST {
            return None;
        }
        let likeness = |named: &Named| named.names().map(|name| strsim::jaro_winkler(name, folded)).fold(0.0, f64::max);
        let scored = self.all_named().map(|named| (likeness(named), named.field));
        let scored = scored.filter(|(score, _)| *score >= 0.8);
        scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, field)| field)
    }
}
