//! The fields of records: filled, well formed, known to their dictionary.

use crate::record::input::read_value;
use crate::record::{Field, FieldType, Record, Row, Value};
use crate::rules::completeness::{is_blank, is_told, is_wanted, wanted_by_state};
use crate::rules::{Config, Snapshot};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// How many were looked at, and how many of them are good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub checked: usize,
    pub good: usize,
}

impl Tally {
    /// Looks at one more.
    pub fn count(&mut self, good: impl Into<usize>) {
        self.checked += 1;
        self.good += good.into();
    }

    /// Counts what is good.
    pub fn of(good: impl IntoIterator<Item = bool>) -> Tally {
        let mut tally = Tally::default();
        good.into_iter().for_each(|good| tally.count(good));
        tally
    }

    fn and(self, other: Tally) -> Tally {
        Tally { checked: self.checked + other.checked, good: self.good + other.good }
    }
}

/// What is wrong with one field over all records.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    pub missing: usize,
    pub malformed: usize,
    pub unknown: usize,
}

/// A field by its place in the declaration, and the table field it is inside of, if any.
pub type FieldPlace = (u16, Option<u16>);

/// What the fields of a kind's records are like.
#[derive(Default)]
pub struct Fields {
    pub complete: Tally,
    pub valid: Tally,
    pub known: Tally,
    pub faults: BTreeMap<FieldPlace, Faults>,
}

/// Looks at every field of the records; what other records tell of one is there.
pub fn inspect(records: &[&Record], snapshot: &Snapshot) -> Fields {
    let one = |mut fields: Fields, record: &&Record| {
        let is_there = |key: &str| record.get(key).is_some_and(|value| !is_blank(value));
        let by_state = wanted_by_state(record).iter().copied();
        let (told, besides): (Vec<&str>, Vec<&str>) =
            by_state.partition(|key| !is_there(key) && is_told(record, key, snapshot));
        fields.inspect(&record.row, None, &besides, &snapshot.config);
        told.iter().for_each(|_| fields.complete.count(true));
        fields
    };
    records.par_iter().fold(Fields::default, one).reduce(Fields::default, Fields::and)
}

impl Fields {
    /// Looks at the fields of a row, which is a record's own or stands in its table field at `outer`; `besides` are wanted
    /// whatever their declaration says.
    fn inspect(&mut self, row: &Row, outer: Option<u16>, besides: &[&str], config: &Config) {
        let mut present = row.placed().iter().peekable();
        for (at, field) in (0u16..).zip(row.fields()) {
            let value = present.next_if(|(place, _)| *place == at).map(|(_, value)| value);
            let value = value.filter(|value| !is_blank(value));
            let place = outer.map_or((at, None), |outer| (outer, Some(at)));
            if is_wanted(field, besides) {
                self.complete.count(value.is_some());
                if value.is_none() {
                    self.faults.entry(place).or_default().missing += 1;
                }
            }
            if let Some(value) = value.filter(|_| !field.own) {
                self.inspect_value(field, value, place, config);
            }
        }
    }

    fn inspect_value(&mut self, field: &Field, value: &Value, place: FieldPlace, config: &Config) {
        if let Value::Rows(rows) = value {
            rows.iter().for_each(|row| self.inspect(row, Some(place.0), &[], config));
        }
        if let Some(valid) = is_valid(field, value, config) {
            self.valid.count(valid);
            if !valid {
                self.faults.entry(place).or_default().malformed += 1;
            }
        }
        for known in are_known(field, value, config) {
            self.known.count(known);
            if !known {
                self.faults.entry(place).or_default().unknown += 1;
            }
        }
    }

    fn and(mut self, other: Fields) -> Fields {
        self.complete = self.complete.and(other.complete);
        self.valid = self.valid.and(other.valid);
        self.known = self.known.and(other.known);
        for (place, theirs) in other.faults {
            let mine = self.faults.entry(place).or_default();
            mine.missing += theirs.missing;
            mine.malformed += theirs.malformed;
            mine.unknown += theirs.unknown;
        }
        self
    }
}

/// Tells whether a value has the format of its field; nothing when the field has none.
fn is_valid(field: &Field, value: &Value, config: &Config) -> Option<bool> {
    match (value, field.ty) {
        (Value::Odd(_), _) => Some(false),
        (_, FieldType::Text | FieldType::Texts | FieldType::Key(_) | FieldType::Keys(_) | FieldType::Table(_)) => None,
        (Value::Text(text), _) => Some(read_value(field, text, &config.reading()).is_ok()),
        _ => Some(true),
    }
}

/// Tells of each key of a value whether its dictionary knows it; nothing where any is allowed.
fn are_known(field: &Field, value: &Value, config: &Config) -> Vec<bool> {
    let name = field.dictionary().filter(|name| *name != "tag");
    let Some(entries) = name.and_then(|name| config.dictionary.get(name)) else { return Vec::new() };
    match value {
        Value::Text(key) => vec![entries.get(key).is_some()],
        Value::Texts(keys) => keys.iter().map(|key| entries.get(key).is_some()).collect(),
        _ => Vec::new(),
    }
}
