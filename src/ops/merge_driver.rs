//! Merge a file that plain git merges: what git calls while it merges, rebases or cherry-picks.

use crate::record::{Numbering, Record, USER};
use crate::store::merge::{Authors, FieldConflict, Sides, merge_bytes, merge_file};
use crate::store::{CommitInfo, LoadOptions, Repo, Source, Torn, authors, codec, parse_path};
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
    /// Whether git would have made one record of two; the file holds one of them then.
    pub mistaken: Option<Mistaken>,
}

/// How git comes to merge two records into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistaken {
    /// Both sides gave one number to different records.
    Collision,
    /// A record went and another came on one side, and git takes that for a renaming.
    Renaming,
}

/// Merges the file at `path`, seen from the top of the repository that `start` lies in.
///
/// It needs no repository: outside of one only who changed what is not told.
pub fn merge(start: &Path, path: &str, versions: &Versions) -> MergedFile {
    let Versions { base, ours, theirs } = versions;
    let texts = [base, ours, theirs].map(|bytes| std::str::from_utf8(bytes));
    let [Ok(base_text), Ok(our_text), Ok(their_text)] = texts else {
        let (bytes, marked) = merge_bytes(base, ours, theirs);
        return MergedFile { bytes, conflicts: Vec::new(), stops: marked, mistaken: None };
    };
    let base_text = Some(base_text).filter(|text| !text.is_empty());
    if let Some((mistaken, own)) = mistaken(start, path, base_text.map(|_| base.as_slice()), [ours, theirs]) {
        // To give a number anew takes more than this file.
        return MergedFile { bytes: own.to_vec(), conflicts: Vec::new(), stops: true, mistaken: Some(mistaken) };
    }
    let sides = Sides { base: base_text, ours: Some(our_text), theirs: Some(their_text) };
    let mut merged = merge_file(path, sides, &Authors::default(), &Authors::default());
    // Only a conflict says who made what, and most files are in none.
    if !merged.conflicts.is_empty()
        && let Ok(repo) = Repo::discover(start)
    {
        let people = people(&repo);
        let fields: Vec<&str> = merged.conflicts.iter().map(|conflict| &*conflict.field).collect();
        let [ours, theirs] =
            [ours, theirs].map(|bytes| authors_of(&repo, &people, path, bytes, fields.clone()).unwrap_or_default());
        merged = merge_file(path, sides, &ours, &theirs);
    }
    let bytes = merged.text.unwrap_or_default().into_bytes();
    MergedFile { bytes, conflicts: merged.conflicts, stops: merged.marked, mistaken: None }
}

/// Tells whether git would make one record of two, and which content is that of the file.
fn mistaken<'s>(start: &Path, path: &str, base: Option<&[u8]>, sides: [&'s [u8]; 2]) -> Option<(Mistaken, &'s [u8])> {
    let (kind, number) = parse_path(path).filter(|(kind, _)| kind.numbering == Numbering::Sequence)?;
    let Some(base) = base else { return (sides[0] != sides[1]).then_some((Mistaken::Collision, sides[0])) };
    let title = |bytes: &[u8]| {
        let record = codec::parse(kind, &number, &String::from_utf8_lossy(bytes)).0?;
        record.text(kind.title).map(str::to_string)
    };
    let before = title(base);
    let own = sides.into_iter().find(|side| title(side) != before)?;
    // The file that git calls the earlier one never lay here; where nobody can tell, it is believed.
    let made = Repo::discover(start).and_then(|repo| repo.commit_that_made(path, base));
    matches!(made, Ok(None)).then_some((Mistaken::Renaming, own))
}

/// Returns the users as of the last commit: in the middle of a merge the files are neither here nor there.
fn people(repo: &Repo) -> Vec<Record> {
    let Ok(Some(head)) = repo.head() else { return Vec::new() };
    let loaded = repo.load(&[USER], &Source::Commit(head), LoadOptions { use_index: false });
    loaded.map(|loaded| loaded.records).unwrap_or_default()
}

/// Returns who gave a file this content, and who gave fields theirs.
fn authors_of(repo: &Repo, people: &[Record], path: &str, bytes: &[u8], fields: Vec<&str>) -> Option<Authors> {
    let made = repo.commit_that_made(path, bytes).ok()??;
    let who = |commit: &CommitInfo| {
        let is_author =
            |user: &&Record| user.text("email").is_some_and(|email| email.eq_ignore_ascii_case(&commit.author_email));
        let login = people.iter().find(is_author).map(|user| user.number.to_string());
        login.unwrap_or_else(|| commit.author_email.clone())
    };
    authors(repo, made.id, &[], Torn::from([(path, fields)]), &who).ok()?.remove(path)
}
