//! Merge a file that plain git merges: what git calls while it merges, rebases or cherry-picks.

use crate::record::{Numbering, Record, USER};
use crate::store::merge::{FieldConflict, Side, Sides, merge_bytes, merge_file};
use crate::store::{LoadOptions, Repo, Source, parse_path};
use chrono::{DateTime, FixedOffset};
use std::path::Path;

/// The versions of a file, as git hands them over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// What both sides began with; empty where there was no such file.
    pub base: Vec<u8>,
    /// What it is in what is merged into.
    pub ours: Vec<u8>,
    /// What it is in what is merged.
    pub theirs: Vec<u8>,
}

/// A file that was merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedFile {
    /// What it holds now.
    pub bytes: Vec<u8>,
    /// Its fields that both sides changed differently.
    pub conflicts: Vec<FieldConflict>,
    /// Whether git is to stop: its marks stand in the file, or the number was given twice.
    pub stops: bool,
    /// Whether both sides gave one number to different records; the file holds ours then.
    pub is_collision: bool,
}

/// Merges the file at `path`, seen from the top of the repository that `start` lies in; `now` is the moment of
/// what nobody knows the moment of.
///
/// It needs no repository: outside of one only who changed what is not told.
pub fn merge(start: &Path, path: &str, versions: &Versions, now: DateTime<FixedOffset>) -> MergedFile {
    let Versions { base, ours, theirs } = versions;
    let texts = [base, ours, theirs].map(|bytes| std::str::from_utf8(bytes));
    let [Ok(base_text), Ok(our_text), Ok(their_text)] = texts else {
        let (bytes, marked) = merge_bytes(base, ours, theirs);
        return MergedFile { bytes, conflicts: Vec::new(), stops: marked, is_collision: false };
    };
    let base_text = Some(base_text).filter(|text| !text.is_empty());
    if base_text.is_none() && ours != theirs && has_running_number(path) {
        // One would become part of the other. To give a number anew takes more than this file.
        return MergedFile { bytes: ours.clone(), conflicts: Vec::new(), stops: true, is_collision: true };
    }
    let sides = Sides { base: base_text, ours: Some(our_text), theirs: Some(their_text) };
    let unknown = Side { by: String::new(), at: now };
    let mut merged = merge_file(path, sides, &unknown, &unknown);
    // Only a conflict says who made what, and most files are in none.
    if !merged.conflicts.is_empty()
        && let Ok(repo) = Repo::discover(start)
    {
        let people = people(&repo);
        let [ours, theirs] = [ours, theirs].map(|bytes| side(&repo, &people, path, bytes).unwrap_or(unknown.clone()));
        merged = merge_file(path, sides, &ours, &theirs);
    }
    let bytes = merged.text.unwrap_or_default().into_bytes();
    MergedFile { bytes, conflicts: merged.conflicts, stops: merged.marked, is_collision: false }
}

/// Tells whether the file holds a record whose number kehu gave.
fn has_running_number(path: &str) -> bool {
    parse_path(path).is_some_and(|(kind, _)| kind.numbering == Numbering::Sequence)
}

/// Returns the users as of the last commit: in the middle of a merge the files are neither here nor there.
fn people(repo: &Repo) -> Vec<Record> {
    let Ok(Some(head)) = repo.head() else { return Vec::new() };
    let loaded = repo.load(&[USER], &Source::Commit(head), LoadOptions { use_index: false });
    loaded.map(|loaded| loaded.records).unwrap_or_default()
}

/// Returns who gave a file this content, and when.
fn side(repo: &Repo, people: &[Record], path: &str, bytes: &[u8]) -> Option<Side> {
    let commit = repo.commit_that_made(path, bytes).ok()??;
    let is_author =
        |user: &&Record| user.text("email").is_some_and(|email| email.eq_ignore_ascii_case(&commit.author_email));
    let login = people.iter().find(is_author).map(|user| user.number.to_string());
    Some(Side { by: login.unwrap_or_else(|| commit.author_email.clone()), at: commit.when })
}
