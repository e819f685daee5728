//! What differs between two states of the records: which came, went and changed, and in which fields.
//!
//! A state is a commit, or the work tree with what was edited by hand. What is found is data; [`document()`] makes
//! the page of it.

mod document;
mod ends;
mod pairs;

pub use document::{DEFAULT_LIMIT, document, name};
pub use ends::{End, ends};

use self::pairs::{Pair, pairs};
use super::Session;
use crate::record::{FieldChange, KINDS, Kind, Number, Record, Result, changes};
use crate::store::{FileChange, Oid, codec, parse_path};
use std::collections::BTreeMap;

/// What became of a record or a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It changed.
    Changed,
    /// It is the record that had this number.
    Renumbered(Number),
}

/// A record that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordDiff {
    /// Its kind.
    pub kind: Kind,
    /// Its number.
    pub number: Number,
    /// What became of it.
    pub act: Act,
    /// What people call it.
    pub title: String,
    /// The fields that differ; none where only comments, layout or unknown keys do.
    pub changes: Vec<FieldChange>,
}

/// What differs between two states.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Difference {
    /// The records, by kind and number.
    pub records: Vec<RecordDiff>,
    /// Other files, by path: configuration, and records that do not parse.
    pub files: Vec<(String, Act)>,
    /// How many records differ that who asks may not read.
    pub left_out: usize,
}

impl Difference {
    /// Tells whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.files.is_empty() && self.left_out == 0
    }
}

/// Compares two states; only records of `kinds` where there are any, and then no other files.
///
/// Fails with exit code 7 for who may read nobody's records.
pub fn diff(session: &Session, from: &End, to: &End, kinds: &[Kind]) -> Result<Difference> {
    for kind in if kinds.is_empty() { &KINDS[..] } else { kinds } {
        session.refuse_unknown(*kind)?;
    }
    let mut files = files(session, from, to)?;
    let is_meant = |kind: Kind| kinds.is_empty() || kinds.contains(&kind);
    files.retain(|(path, ..)| parse_path(path).map_or(kinds.is_empty(), |(kind, _)| is_meant(kind)));
    let mut found = Difference::default();
    for pair in pairs(session, from, to, files)? {
        let [before, after] = pair.texts(session)?;
        if before.is_none() && after.is_none() {
            continue;
        }
        match records(&pair, before.as_deref(), after.as_deref()) {
            Some((before, after)) => match after.as_ref().or(before.as_ref()) {
                Some(record) if !session.reads_past(record)? => found.left_out += 1,
                _ => found.records.extend(told(before, after, pair.is_moved())),
            },
            None => found.files.push((pair.path, act(before.is_some(), after.is_some()))),
        }
    }
    let place = |kind: Kind| KINDS.iter().position(|one| *one == kind);
    found.records.sort_by(|a, b| (place(a.kind), &a.number).cmp(&(place(b.kind), &b.number)));
    Ok(found)
}

/// Returns the files that differ, with their blobs; of the work tree there is none to name.
fn files(session: &Session, from: &End, to: &End) -> Result<Vec<FileChange>> {
    let repo = &session.repo;
    match to.commit {
        Some(commit) => repo.changes_between(from.commit, commit, ""),
        None => {
            let mut all: BTreeMap<String, (Option<Oid>, Option<Oid>)> = BTreeMap::new();
            if let Some(head) = repo.head()? {
                let committed = repo.changes_between(from.commit, head, "")?;
                all.extend(committed.into_iter().map(|(path, old, new)| (path, (old, new))));
            }
            for edit in repo.status()? {
                let old = from.commit.map(|commit| repo.blob_at(commit, &edit.path)).transpose()?.flatten();
                all.insert(edit.path, (old, None));
            }
            Ok(all.into_iter().map(|(path, (old, new))| (path, old, new)).collect())
        }
    }
}

/// Reads the records of a file before and after; none when it is no record's, or one of them does not parse.
fn records(pair: &Pair, before: Option<&str>, after: Option<&str>) -> Option<(Option<Record>, Option<Record>)> {
    let read = |path: &str, text: &str| {
        let (kind, number) = parse_path(path)?;
        codec::parse(kind, &number, text).0
    };
    let before = before.map(|text| read(&pair.was_at, text));
    let after = after.map(|text| read(&pair.path, text));
    let both = (before.as_ref().and_then(Option::as_ref), after.as_ref().and_then(Option::as_ref));
    (both != (None, None) && before != Some(None) && after != Some(None)).then_some((before.flatten(), after.flatten()))
}

fn told(before: Option<Record>, after: Option<Record>, is_moved: bool) -> Option<RecordDiff> {
    let differing = changes(before.as_ref().map(|record| &record.row), after.as_ref().map(|record| &record.row));
    let act = match &before {
        Some(before) if is_moved => Act::Renumbered(before.number.clone()),
        _ => act(before.is_some(), after.is_some()),
    };
    let record = after.or(before)?;
    let title = record.title().to_string();
    Some(RecordDiff { kind: record.kind, number: record.number, act, title, changes: differing })
}

fn act(was: bool, is: bool) -> Act {
    match (was, is) {
        (false, _) => Act::Added,
        (true, false) => Act::Removed,
        (true, true) => Act::Changed,
    }
}
