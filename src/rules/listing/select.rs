//! Which records, in which order.

use super::schema::{Named, RecordSchema};
use super::{named, split_names};
use crate::query::{Datum, Filter, Schema, Type, Values, fold, natural_cmp};
use crate::record::dictionary::Entries;
use crate::record::{Kind, Record, Result};
use crate::rules::Snapshot;
use crate::rules::computed::{Computed, Evaluation};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::HashMap;

/// Below this many records, starting threads takes longer than the work.
const PARALLEL_FROM: usize = 4096;

/// A record of a snapshot, with its computed fields, as filters see it.
pub struct SnapshotValues<'a> {
    evaluation: Evaluation<'a>,
}

impl<'a> SnapshotValues<'a> {
    /// Makes the values of a record; computed fields are computed when asked for, the score once.
    pub fn new(record: &'a Record, snapshot: &'a Snapshot) -> SnapshotValues<'a> {
        SnapshotValues { evaluation: Evaluation::new(record, snapshot) }
    }
}

impl Values for SnapshotValues<'_> {
    fn any(&self, key: &str, see: &mut dyn FnMut(Datum<'_>) -> bool) -> bool {
        let record = self.evaluation.record;
        if key == "number" {
            return see(Datum::Text(record.number.as_str()));
        }
        match Computed::find(record.kind, key).or_else(|| Computed::covering(record.kind, key)) {
            Some(computed) => (computed.compute)(&self.evaluation).is_some_and(|figure| figure.visit(see)),
            None => record.row.any(key, see),
        }
    }
}

/// What records are ordered by.
#[derive(Debug, Clone)]
pub struct SortKey {
    key: String,
    order: Order,
    /// The places of dictionary keys, in the order of the file.
    ranks: HashMap<String, usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Up,
    Down,
}

impl SortKey {
    /// Returns the canonical name of the field.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Reads `-score,company`: fields by any of their names, `-` for the greatest first.
///
/// Dictionary keys sort in the order of their dictionary, texts by the numbers in them.
/// Fails with exit code 2 on an unknown field, naming the nearest ones.
pub fn sort_keys(text: &str, schema: &RecordSchema<'_>) -> Result<Vec<SortKey>> {
    let key = |name: &str| -> Result<SortKey> {
        let (order, name) = match name.strip_prefix(['-', '－']) {
            Some(rest) => (Order::Down, rest),
            None => (Order::Up, name.strip_prefix('+').unwrap_or(name)),
        };
        Ok(sort_key(&named(name, schema)?, order, schema))
    };
    split_names(text).map(key).collect()
}

fn sort_key(named: &Named, order: Order, schema: &RecordSchema<'_>) -> SortKey {
    let entries = match named.field_ref().ty {
        Type::Key(dictionary) => schema.keys(dictionary),
        _ => None,
    };
    let list = entries.into_iter().flat_map(Entries::iter);
    let ranks = list.enumerate().map(|(rank, entry)| (entry.key.clone(), rank)).collect();
    SortKey { key: named.key(), order, ranks }
}

/// Returns the records of a kind that fit, sorted, `limit` at most; by number where no key decides.
pub fn select<'a>(
    snapshot: &'a Snapshot,
    kind: Kind,
    filter: Option<&Filter>,
    sort: &[SortKey],
    limit: Option<usize>,
) -> Vec<&'a Record> {
    let all = snapshot.records(kind);
    let fits = |record: &&Record| filter.is_none_or(|filter| filter.matches(&SnapshotValues::new(record, snapshot)));
    let mut chosen: Vec<&Record> = if all.len() < PARALLEL_FROM || filter.is_none() {
        all.iter().filter(fits).collect()
    } else {
        all.par_iter().filter(fits).collect()
    };
    if !sort.is_empty() {
        chosen = sorted(chosen, sort, snapshot);
    }
    chosen.truncate(limit.unwrap_or(usize::MAX));
    chosen
}

fn sorted<'a>(records: Vec<&'a Record>, sort: &[SortKey], snapshot: &Snapshot) -> Vec<&'a Record> {
    let decorate = |record: &'a Record| {
        let values = SnapshotValues::new(record, snapshot);
        let keys: Vec<Option<SortValue>> = sort.iter().map(|key| sort_value(key, &values)).collect();
        (keys, record)
    };
    let mut decorated: Vec<_> = if records.len() < PARALLEL_FROM {
        records.into_iter().map(decorate).collect()
    } else {
        records.into_par_iter().map(decorate).collect()
    };
    decorated.sort_by(|(a, _), (b, _)| compare(a, b, sort));
    decorated.into_iter().map(|(_, record)| record).collect()
}

/// A value by which records are ordered.
enum SortValue {
    /// A key known to the dictionary, by its place; an unknown one after all of them, by its text.
    Rank(usize, String),
    Number(Decimal),
    Moment(DateTime<Utc>),
    Text(String),
}

/// Returns the first value of the field.
fn sort_value(key: &SortKey, values: &dyn Values) -> Option<SortValue> {
    let mut first = None;
    values.any(&key.key, &mut |datum| {
        first = sort_datum(key, datum);
        true
    });
    first
}

fn sort_datum(key: &SortKey, datum: Datum<'_>) -> Option<SortValue> {
    Some(match datum {
        Datum::Text(text) if !key.ranks.is_empty() => match key.ranks.get(text) {
            Some(rank) => SortValue::Rank(*rank, String::new()),
            None => SortValue::Rank(usize::MAX, fold(text)),
        },
        Datum::Text(text) => SortValue::Text(fold(text)),
        Datum::Number(number) => SortValue::Number(number),
        Datum::Flag(flag) => SortValue::Number(Decimal::from(u8::from(flag))),
        Datum::Date(day) => SortValue::Moment(day.and_time(chrono::NaiveTime::MIN).and_utc()),
        Datum::Moment(moment) => SortValue::Moment(moment.to_utc()),
        Datum::Table => return None,
    })
}

fn compare(a: &[Option<SortValue>], b: &[Option<SortValue>], sort: &[SortKey]) -> Ordering {
    let pairs = a.iter().zip(b).zip(sort);
    let orders = pairs.map(|((a, b), key)| match (a, b) {
        (Some(a), Some(b)) if key.order == Order::Down => compare_values(b, a),
        (Some(a), Some(b)) => compare_values(a, b),
        _ => b.is_some().cmp(&a.is_some()),
    });
    orders.fold(Ordering::Equal, Ordering::then)
}

/// Orders two values of one field; those of a custom field may be of different types.
fn compare_values(a: &SortValue, b: &SortValue) -> Ordering {
    match (a, b) {
        (SortValue::Rank(a, one), SortValue::Rank(b, two)) => a.cmp(b).then_with(|| one.cmp(two)),
        (SortValue::Number(a), SortValue::Number(b)) => a.cmp(b),
        (SortValue::Moment(a), SortValue::Moment(b)) => a.cmp(b),
        (SortValue::Text(a), SortValue::Text(b)) => natural_cmp(a, b),
        _ => type_rank(a).cmp(&type_rank(b)),
    }
}

fn type_rank(value: &SortValue) -> u8 {
    match value {
        SortValue::Rank(..) => 0,
        SortValue::Number(_) => 1,
        SortValue::Moment(_) => 2,
        SortValue::Text(_) => 3,
    }
}
