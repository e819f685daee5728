//! Records that a change makes the same as another by an exact key.
//!
//! A change says so and stands: a typed slip should not wait for the next `check`, but who joins two offices
//! under one number may mean it. What is added new is refused instead, in [`add`](super::add).

use super::add::rivals;
use super::session::key_text;
use super::{Batch, Session};
use crate::record::{LEAD, Number, Record, Result, Words};
use crate::rules::cadence::is_open;
use crate::rules::dedupe::{DedupeKey, are_distinct, exact_keys};
use crate::store::parse_path;
use crate::words;
use std::collections::{HashMap, HashSet};

/// The keys that records of one batch came to have.
#[derive(Default)]
pub struct Doubles {
    gained: HashMap<String, Number>,
}

impl Doubles {
    /// Warns of each record that has a key which `after` has and `before` had not.
    ///
    /// Looks into the last commit, and among the records looked at before.
    pub fn look_for(
        &mut self,
        session: &Session,
        before: &Record,
        after: &Record,
        batch: &mut Batch<'_>,
    ) -> Result<()> {
        let had = exact_keys(before);
        for key in exact_keys(after).into_iter().filter(|key| !had.contains(key)) {
            let text = key_text(&key);
            let found = session.find_by_key(&text)?.into_iter();
            let mut others = found.filter(|other| {
                other.number != after.number && rivals(after.kind).contains(&other.kind) && !are_distinct(other, after)
            });
            match (others.next(), self.gained.get(&text)) {
                (Some(other), _) => batch.warn(same(after, &other.number, other.title(), &key)),
                (None, Some(number)) if *number != after.number => batch.warn(same(after, number, after.title(), &key)),
                _ => {}
            }
            self.gained.insert(text, after.number.clone());
        }
        Ok(())
    }
}

/// More records than this are not compared one by one; `check` compares all.
const COMPARED: usize = 2000;

/// Says which of the records in these files are the same as others by an exact key, each pair once.
///
/// For what two sides made of one thing, each of them without the other: an order imported twice, a lead added twice.
pub fn twins<'p>(session: &Session, paths: impl Iterator<Item = &'p str>) -> Result<Vec<Words>> {
    let named: Vec<_> = paths.filter_map(parse_path).collect();
    let (mut told, mut pairs) = (Vec::new(), HashSet::new());
    for (kind, number) in named.iter().filter(|_| named.len() <= COMPARED) {
        let Some((record, _)) = session.repo.load_one(*kind, number, &session.source)? else { continue };
        for key in exact_keys(&record) {
            let found = session.find_by_key(&key_text(&key))?.into_iter();
            let is_twin = |one: &Record| {
                one.number != *number && rivals(*kind).contains(&one.kind) && !are_distinct(one, &record)
            };
            for other in found.filter(is_twin) {
                let pair =
                    (record.number.clone().min(other.number.clone()), record.number.clone().max(other.number.clone()));
                if is_open_lead_or_other(&record) && is_open_lead_or_other(&other) && pairs.insert(pair) {
                    told.push(twin(&record, &other, &key));
                }
            }
        }
    }
    Ok(told)
}

/// Tells whether a record still counts as one of two: a lead that is dealt with does not.
fn is_open_lead_or_other(record: &Record) -> bool {
    record.kind != LEAD || is_open(record)
}

fn twin(record: &Record, other: &Record, key: &DedupeKey) -> Words {
    let (number, of, title, key) = (&record.number, &other.number, other.title(), key.describe());
    words!(
        "`{number}` has the same {key} as `{of}` ({title}); if both are one, keep one",
        "`{number}` 与 `{of}`（{title}）的{key}相同；若为同一记录，请保留一条"; each key
    )
}

fn same(record: &Record, other: &Number, title: &str, key: &DedupeKey) -> Words {
    let (number, key) = (&record.number, key.describe());
    words!(
        "{number} now has the same {key} as `{other}` ({title})",
        "{number} 的{key}现与 `{other}`（{title}）相同"; each key
    )
}
