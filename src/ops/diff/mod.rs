//! What differs between two states of the records: which came, went and changed, and in which fields.
//!
//! A state is a commit, or the work tree with what was edited by hand. What is found is data; [`document()`] makes
//! the page of it.

mod document;
mod ends;

pub use document::{DEFAULT_LIMIT, document, name};
pub use ends::{End, ends};

use super::Session;
use crate::record::{FieldChange, KINDS, Kind, Number, Record, Result, changes};
use crate::store::{FileChange, Oid, Source, codec, parse_path, path_of};
use std::collections::{BTreeMap, HashMap, HashSet};

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
    let mut moved = renumbered_between(session, from, to, &mut files)?;
    moved.extend(renumbered(&mut files));
    let mut found = Difference::default();
    for (path, old, new) in files {
        let old_path = moved.get(&path).map_or(path.as_str(), String::as_str);
        let before = text(session, old_path, from, old)?;
        let after = text(session, &path, to, new)?;
        match records(&path, old_path, before.as_deref(), after.as_deref()) {
            Some((before, after)) => match after.as_ref().or(before.as_ref()) {
                Some(record) if !session.reads_past(record)? => found.left_out += 1,
                _ => found.records.extend(told(before, after, moved.contains_key(&path))),
            },
            None => found.files.push((path, act(before.is_some(), after.is_some()))),
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

/// Pairs the files of records that got another number between two states, one of which has the other in its history;
/// returns, by their path now, where they were.
///
/// Where a number was given to another record, that one is new, whatever the file of this name held.
fn renumbered_between(
    session: &Session,
    from: &End,
    to: &End,
    files: &mut Vec<FileChange>,
) -> Result<HashMap<String, String>> {
    let repo = &session.repo;
    let last = to.commit.map_or_else(|| repo.head(), |commit| Ok(Some(commit)))?;
    let (Some(first), Some(last)) = (from.commit, last) else { return Ok(HashMap::new()) };
    let mut pairs: Vec<(String, String)> = Vec::new();
    for one in repo.renumbered_since(first, last)?.moved {
        pairs.push((path_of(one.kind, &one.old), path_of(one.kind, &one.new)));
    }
    for one in repo.renumbered_since(last, first)?.moved {
        pairs.push((path_of(one.kind, &one.new), path_of(one.kind, &one.old)));
    }
    let mut of: BTreeMap<String, (Option<Oid>, Option<Oid>)> =
        files.drain(..).map(|(path, old, new)| (path, (old, new))).collect();
    let is_meant = |path: &String| of.contains_key(path);
    pairs.retain(|(old, new)| is_meant(old) || is_meant(new));
    let mut moved = HashMap::new();
    let mut olds = Vec::with_capacity(pairs.len());
    for (old, new) in pairs {
        if let Some(blob) = repo.blob_at(first, &old)? {
            olds.push((old, new, blob));
        }
    }
    // All are taken from their places before any is put: a new place may be another's old one.
    for (old, ..) in &olds {
        let place = of.entry(old.clone()).or_default();
        place.0 = None;
    }
    for (old, new, blob) in olds {
        of.entry(new.clone()).or_default().0 = Some(blob);
        moved.insert(new, old);
    }
    // What neither state has is no difference; of the work tree there is no blob to name.
    of.retain(|path, (old, new)| {
        old.is_some() || new.is_some() || (to.commit.is_none() && !moved.values().any(|old| old == path))
    });
    files.extend(of.into_iter().map(|(path, (old, new))| (path, old, new)));
    Ok(moved)
}

/// Takes out files that are gone and whose very content another number has now; returns, by their path now, where
/// they were.
fn renumbered(files: &mut Vec<FileChange>) -> HashMap<String, String> {
    let kind = |path: &str| parse_path(path).map(|(kind, _)| kind);
    let mut gone: HashMap<(Kind, Oid), String> = HashMap::new();
    for (path, old, new) in files.iter() {
        if let (Some(old), None, Some(kind)) = (old, new, kind(path)) {
            gone.insert((kind, *old), path.clone());
        }
    }
    let mut moved = HashMap::new();
    for (path, old, new) in files.iter_mut() {
        let (None, Some(blob), Some(kind)) = (*old, *new, kind(path)) else { continue };
        if let Some(old_path) = gone.remove(&(kind, blob)) {
            *old = Some(blob);
            moved.insert(path.clone(), old_path);
        }
    }
    let left: HashSet<&String> = moved.values().collect();
    files.retain(|(path, ..)| !left.contains(path));
    moved
}

/// Returns what a file holds at an end.
fn text(session: &Session, path: &str, end: &End, blob: Option<Oid>) -> Result<Option<String>> {
    match (end.commit, blob) {
        (None, _) => session.repo.read_text(&Source::WorkTree, path),
        (Some(_), Some(blob)) => Ok(Some(String::from_utf8_lossy(&session.repo.blob(blob)?).into_owned())),
        (Some(_), None) => Ok(None),
    }
}

/// Reads the records of a file before and after; none when it is no record's, or one of them does not parse.
fn records(
    path: &str,
    old_path: &str,
    before: Option<&str>,
    after: Option<&str>,
) -> Option<(Option<Record>, Option<Record>)> {
    let read = |path: &str, text: &str| {
        let (kind, number) = parse_path(path)?;
        codec::parse(kind, &number, text).0
    };
    let before = before.map(|text| read(old_path, text));
    let after = after.map(|text| read(path, text));
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
