//! The steps of a text field through the history: what it was in every record of a kind, commit by commit.
//!
//! What a blob holds never changes, so the text each blob has in the field is remembered beside the changes; a second
//! question reads neither commits nor blobs. Records that were renumbered are told by their lineage, others by their file.
//!
//! *Invariants:* a file that cannot be read is no step, and what comes after it is compared with what was before it. What
//! the first commits of a shallow clone changed is not known, so they make no step.

use super::change::Change;
use super::graph::Place;
use super::past::{CommitAt, History};
use crate::record::{Kind, Number, Result};
use crate::store::{codec, parse_path};
use git2::Oid;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// A commit that left a text field of a record different from what it was in all its parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextStep {
    /// The record.
    pub number: Number,
    /// When it was committed, in seconds since 1970.
    pub seconds: i64,
    /// What it was; none for a new record.
    pub before: Option<Rc<str>>,
    /// What it became; none for a record that went.
    pub after: Option<Rc<str>>,
}

/// What the file of a record was and became, in a commit at this moment.
struct Blobs {
    number: Number,
    seconds: i64,
    before: Vec<Option<Oid>>,
    after: Option<Oid>,
}

impl History<'_> {
    /// Returns the steps of a text field of all records of a kind, also of those that are gone; of each record oldest first.
    ///
    /// Fails when a commit or a file cannot be read from git.
    pub fn text_steps(&self, kind: Kind, field: &str) -> Result<Vec<TextStep>> {
        let texts = Texts::new(self, kind, field)?;
        let mut last = HashMap::new();
        let mut steps = Vec::new();
        for blobs in self.blobs_of(kind)? {
            steps.extend(texts.step(blobs, &mut last)?);
        }
        texts.remember()?;
        Ok(steps)
    }

    /// Returns what a text field was in the first commit of each of these records that has it.
    ///
    /// Fails when a commit or a file cannot be read from git.
    pub fn first_texts(&self, kind: Kind, field: &str, of: &HashSet<Number>) -> Result<HashMap<Number, String>> {
        let mut first = HashMap::new();
        if of.is_empty() {
            return Ok(first);
        }
        let texts = Texts::new(self, kind, field)?;
        for Blobs { number, after, .. } in self.blobs_of(kind)? {
            if let Some(blob) = after.filter(|_| of.contains(&number) && !first.contains_key(&number)) {
                first.extend(texts.of(&number, blob)?.map(|text| (number, text.to_string())));
            }
        }
        Ok(first)
    }

    /// Returns what commits made of the files of a kind's records; of each record oldest first.
    fn blobs_of(&self, kind: Kind) -> Result<Vec<Blobs>> {
        let moved = self.renumbered(kind)?;
        let moved: BTreeSet<Number> = moved.into_iter().flat_map(|(_, one)| [one.old, one.new]).collect();
        let boundary: HashSet<Oid> = self.repo.boundary()?.into_iter().collect();
        let mut by_place: HashMap<Place, Vec<Change>> = HashMap::new();
        for (place, change) in self.changes_below(kind.folder)? {
            by_place.entry(place).or_default().push(change);
        }
        let touching = |commit: &CommitAt| by_place.contains_key(&commit.place()) && !boundary.contains(&commit.id);
        let mut commits: Vec<CommitAt> = self.commits().filter(touching).collect();
        commits.reverse();
        let mut found = Vec::new();
        for commit in commits {
            for change in by_place.remove(&commit.place()).unwrap_or_default() {
                let record = parse_path(&change.path).filter(|(of, number)| *of == kind && !moved.contains(number));
                if let Some((_, number)) = record.filter(|_| change.is_own()) {
                    let (before, after) = (change.before, change.after);
                    found.push(Blobs { number, seconds: commit.seconds, before, after });
                }
            }
        }
        for number in moved {
            let lineage = self.of_record(kind, &number)?;
            // One that has another number since is told under that one.
            if lineage.changes.first().is_some_and(|newest| newest.renumbered_to.is_some()) {
                continue;
            }
            let own = lineage.changes.into_iter().rev().filter(|one| one.is_own() && !boundary.contains(&one.commit));
            found.extend(own.filter_map(|one| {
                let before = one.before.iter().map(|before| before.state.as_ref().map(|state| state.blob)).collect();
                let seconds = self.graph.time(self.graph.place(one.commit)?);
                Some(Blobs { number: number.clone(), seconds, before, after: one.after.map(|state| state.blob) })
            }));
        }
        Ok(found)
    }
}

/// The text that blobs have in a field.
struct Texts<'h, 'r> {
    history: &'h History<'r>,
    kind: Kind,
    field: &'h str,
    /// The text by blob; none where it is no record, or has no such text.
    known: RefCell<HashMap<Oid, Option<Rc<str>>>>,
    /// Blobs that were not remembered.
    read: RefCell<Vec<Oid>>,
}

impl<'h, 'r> Texts<'h, 'r> {
    fn new(history: &'h History<'r>, kind: Kind, field: &'h str) -> Result<Texts<'h, 'r>> {
        let texts = Texts { history, kind, field, known: RefCell::default(), read: RefCell::default() };
        let remembered = history.remembered(|known| known.texts(&texts.name()))?;
        texts.known.replace(remembered.unwrap_or_default());
        Ok(texts)
    }

    fn name(&self) -> String {
        format!("{}.{}", self.kind.name, self.field)
    }

    fn of(&self, number: &Number, blob: Oid) -> Result<Option<Rc<str>>> {
        if let Some(known) = self.known.borrow().get(&blob) {
            return Ok(known.clone());
        }
        let text = String::from_utf8_lossy(&self.history.repo.blob(blob)?).into_owned();
        let record = codec::parse(self.kind, number, &text).0;
        let text: Option<Rc<str>> = record.and_then(|record| record.text(self.field).map(Rc::from));
        self.known.borrow_mut().insert(blob, text.clone());
        self.read.borrow_mut().push(blob);
        Ok(text)
    }

    /// Returns the step that blobs make; `last` is what every record had last.
    fn step(&self, blobs: Blobs, last: &mut HashMap<Number, Rc<str>>) -> Result<Option<TextStep>> {
        let Blobs { number, seconds, before, after } = blobs;
        let mut was = Vec::with_capacity(before.len());
        for blob in before.iter().flatten() {
            was.extend(self.of(&number, *blob)?);
        }
        if was.is_empty() && before.iter().any(Option::is_some) {
            was.extend(last.get(&number).cloned());
        }
        let now = after.map(|blob| self.of(&number, blob)).transpose()?.flatten();
        if after.is_some() && now.is_none() {
            last.extend(was.into_iter().next().map(|was| (number, was)));
            return Ok(None);
        }
        last.extend(now.clone().map(|now| (number.clone(), now)));
        let differs = now.as_ref().map_or(!was.is_empty(), |now| !was.contains(now));
        Ok(differs.then(|| TextStep { number, seconds, before: was.into_iter().next(), after: now }))
    }

    /// Remembers what was read.
    fn remember(&self) -> Result<()> {
        let (known, read) = (self.known.borrow(), self.read.borrow());
        let texts = || read.iter().map(|blob| (*blob, known.get(blob).and_then(|text| text.as_deref())));
        if !read.is_empty() {
            self.history.remembered(|remembered| {
                remembered.add_texts(&self.name(), texts());
                Some(())
            })?;
        }
        Ok(())
    }
}
