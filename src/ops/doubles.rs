//! Records that a change makes the same as another by an exact key.
//!
//! A change says so and stands: a typed slip should not wait for the next `check`, but who joins two offices
//! under one number may mean it. What is added new is refused instead, in [`add`](super::add).

use super::add::rivals;
use super::session::key_text;
use super::{Batch, Session};
use crate::record::{Number, Record, Result, Words};
use crate::rules::dedupe::{DedupeKey, exact_keys};
use crate::words;
use std::collections::HashMap;

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
            let mut others =
                found.filter(|other| other.number != after.number && rivals(after.kind).contains(&other.kind));
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

fn same(record: &Record, other: &Number, title: &str, key: &DedupeKey) -> Words {
    let (number, key) = (&record.number, key.describe());
    words!(
        "{number} now has the same {key} as `{other}` ({title})",
        "{number} 的{key}现与 `{other}`（{title}）相同"; each key
    )
}
