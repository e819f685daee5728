//! Which file of one state is which of another: records that got another number are the same record.
//!
//! What the history says comes first (`Kehu-Renumber`, where one state has the other in its history); else a file
//! that is gone and whose very content another number has is taken for the same.

use super::super::Session;
use super::End;
use crate::record::{Kind, Result};
use crate::store::{FileChange, Oid, Source, parse_path, path_of};
use std::collections::{HashMap, HashSet};

/// A file that differs, with where it was before.
pub(super) struct Pair {
    /// Its path; of one that is gone where it was.
    pub path: String,
    /// Its path in the first state.
    pub was_at: String,
    before: Option<Oid>,
    after: After,
}

/// What a file holds in the second state.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Nothing,
    Blob(Oid),
    /// What lies in the work tree, if anything.
    WorkTree,
}

impl Pair {
    /// Tells whether it is a record that had another number.
    pub fn is_moved(&self) -> bool {
        self.path != self.was_at
    }

    /// Returns what the file held and what it holds.
    pub fn texts(&self, session: &Session) -> Result<[Option<String>; 2]> {
        let read = |blob: Oid| Ok(String::from_utf8_lossy(&session.repo.blob(blob)?).into_owned());
        let after = match self.after {
            After::Nothing => None,
            After::Blob(blob) => Some(read(blob)?),
            After::WorkTree => session.repo.read_text(&Source::WorkTree, &self.path)?,
        };
        Ok([self.before.map(read).transpose()?, after])
    }
}

/// Pairs the files that differ between two states.
pub(super) fn pairs(session: &Session, from: &End, to: &End, files: Vec<FileChange>) -> Result<Vec<Pair>> {
    let after = |new: Option<Oid>| match (to.commit, new) {
        (None, _) => After::WorkTree,
        (_, Some(blob)) => After::Blob(blob),
        _ => After::Nothing,
    };
    let pair = |(path, before, new): FileChange| Pair { was_at: path.clone(), path, before, after: after(new) };
    let mut all: Vec<Pair> = files.into_iter().map(pair).collect();
    by_history(session, from, to, &mut all)?;
    by_content(&mut all);
    Ok(all)
}

/// Pairs records by what was renumbered between the states.
///
/// A number may since have been given to another record: then that one is new here, and what had it is elsewhere.
fn by_history(session: &Session, from: &End, to: &End, all: &mut Vec<Pair>) -> Result<()> {
    let repo = &session.repo;
    let last = to.commit.map_or_else(|| repo.head(), |commit| Ok(Some(commit)))?;
    let (Some(first), Some(last)) = (from.commit, last) else { return Ok(()) };
    let forth = repo.renumbered_since(first, last)?.moved.into_iter().map(|one| (one.kind, one.old, one.new));
    let back = repo.renumbered_since(last, first)?.moved.into_iter().map(|one| (one.kind, one.new, one.old));
    let places: HashMap<String, usize> = all.iter().zip(0..).map(|(pair, at)| (pair.path.clone(), at)).collect();
    let mut moved = Vec::new();
    for (kind, old, new) in forth.chain(back) {
        let (old, new) = (path_of(kind, &old), path_of(kind, &new));
        if let (Some(left), Some(came)) = (places.get(&old), places.get(&new))
            && let Some(blob) = all[*left].before
        {
            moved.push((*left, *came, old, new, blob));
        }
    }
    // All are taken from their places before any is put: a new place may be another's old one.
    for (left, ..) in &moved {
        all[*left].before = None;
    }
    for (_, came, was_at, path, blob) in moved {
        let after = std::mem::replace(&mut all[came].after, After::Nothing);
        all.push(Pair { path, was_at, before: Some(blob), after });
    }
    all.retain(|pair| pair.before.is_some() || pair.after != After::Nothing);
    Ok(())
}

/// Pairs files that are gone with new ones of another number that hold the same.
fn by_content(all: &mut Vec<Pair>) {
    let kind = |path: &str| parse_path(path).map(|(kind, _)| kind);
    let mut gone: HashMap<(Kind, Oid), String> = HashMap::new();
    for pair in all.iter().filter(|pair| pair.after == After::Nothing) {
        if let (Some(blob), Some(kind)) = (pair.before, kind(&pair.path)) {
            gone.insert((kind, blob), pair.path.clone());
        }
    }
    let mut left = HashSet::new();
    for pair in all.iter_mut() {
        let (None, After::Blob(blob), Some(kind)) = (pair.before, pair.after, kind(&pair.path)) else { continue };
        if let Some(was_at) = gone.remove(&(kind, blob)) {
            left.insert(was_at.clone());
            (pair.was_at, pair.before) = (was_at, Some(blob));
        }
    }
    all.retain(|pair| pair.after != After::Nothing || !left.contains(&pair.path));
}
