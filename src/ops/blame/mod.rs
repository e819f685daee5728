//! Who gave each field of a record the value it has, when, and in which operation.
//!
//! The value is followed back commit by commit; at a merge to the side that had it. What no side had is the merge's.
//! Commits in between that left the file so that it could not be read are passed over.

mod item;

pub use item::Item;

use super::Session;
use super::log::{Done, People, States, target};
use crate::record::{Kind, Record, Result};
use crate::store::{Lineage, LoadOptions};
use item::items;
use std::collections::HashMap;
use std::rc::Rc;

/// A record with where each of its values comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Blame {
    /// The record.
    pub record: Record,
    /// Its values in declared order, each with where it comes from.
    pub values: Vec<(Item, Origin)>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// This commit gave it.
    Commit(Rc<Done>),
    /// It was there at this commit, where the history of a shallow clone begins.
    Before(String),
    /// It is not committed.
    Nowhere,
}

/// Returns where the values of a record come from.
///
/// Fails with exit code 4 when there is none now, 6 when its file does not parse, 7 when it is not the acting
/// person's to read.
pub fn blame(session: &Session, kind: Option<Kind>, text: &str) -> Result<Blame> {
    let tip = session.past().map_or_else(|| session.repo.head(), |commit| Ok(Some(commit)))?;
    let history = session.repo.history(tip, LoadOptions { use_index: session.options.use_index })?;
    let (kind, number) = target(session, &history, kind, text)?;
    let record = session.find(kind, number.as_str())?;
    let lineage = history.of_record(kind, &number)?;
    let items = items(&record);
    let made = Tracer { kind, lineage: &lineage, states: States::new(&session.repo) }.trace(&items)?;
    let people = People::new(session)?;
    let boundary = session.repo.boundary()?;
    session.note_shallow()?;
    let mut known: HashMap<usize, Rc<Done>> = HashMap::new();
    let mut values = Vec::with_capacity(items.len());
    for (item, made) in items.into_iter().zip(made) {
        let commit = made.map(|at| lineage.changes[at].commit);
        let origin = match (made, commit) {
            (Some(at), Some(commit)) if !boundary.contains(&commit) => Origin::Commit(match known.get(&at) {
                Some(done) => done.clone(),
                None => {
                    let info = session.repo.commit_info(commit)?;
                    known.entry(at).or_insert(Rc::new(people.done(&info))).clone()
                }
            }),
            (_, Some(commit)) => Origin::Before(commit.to_string()),
            (_, None) => Origin::Nowhere,
        };
        values.push((item, origin));
    }
    Ok(Blame { record, values })
}

struct Tracer<'a> {
    kind: Kind,
    lineage: &'a Lineage,
    states: States<'a>,
}

impl Tracer<'_> {
    /// Returns, for each item, which change gave it its value; none where that is not committed.
    fn trace(&self, items: &[Item]) -> Result<Vec<Option<usize>>> {
        let mut made = vec![None; items.len()];
        let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
        if let Some(latest) = self.lineage.latest
            && let Some(record) = self.after(latest)?
        {
            let committed = (0..items.len()).filter(|at| items[*at].is_in(&record));
            open.push((latest, committed.collect()));
        }
        while let Some((change, mut wanted)) = open.pop() {
            for (earlier, record) in self.states.readable_before(self.kind, self.lineage, change)? {
                let (from_there, rest) = wanted.into_iter().partition(|at| items[*at].is_in(&record));
                wanted = rest;
                open.push((earlier, from_there));
            }
            wanted.into_iter().for_each(|at| made[at] = Some(change));
            open.retain(|(_, wanted)| !wanted.is_empty());
        }
        Ok(made)
    }

    fn after(&self, change: usize) -> Result<Option<Rc<Record>>> {
        let change = &self.lineage.changes[change];
        let Some(state) = &change.after else { return Ok(None) };
        self.states.record(self.kind, &change.number, state.blob)
    }
}
