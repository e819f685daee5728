//! What a commit changed: each file with what it was in every parent and what it is.

use super::CommitInfo;
use crate::record::Result;
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::store::objects::tree::{self, Entry};
use git2::Oid;
use std::collections::BTreeMap;

/// A file that a commit left different from what one of its parents had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path from the top, with `/`.
    pub path: String,
    /// What it held in each parent, none where it was not there; a first commit has one parent with nothing in it.
    pub before: Vec<Option<Oid>>,
    /// What it holds; none when it is gone.
    pub after: Option<Oid>,
}

impl Change {
    /// Tells whether no parent had what the file holds, so that it came with this commit and was not merged in.
    pub fn is_own(&self) -> bool {
        !self.before.contains(&self.after)
    }

    /// Returns what the file held in the first parent.
    pub fn first_before(&self) -> Option<Oid> {
        self.before.first().copied().flatten()
    }
}

/// A file that differs between two commits: its path, what it was, what it is.
pub type FileChange = (String, Option<Oid>, Option<Oid>);

impl Repo {
    /// Returns the files that a commit left different from any of its parents, sorted by path; of the first
    /// commit all.
    pub fn changes_of(&self, commit: &CommitInfo) -> Result<Vec<Change>> {
        self.changes_in(commit, "")
    }

    /// Returns the files below `folder` (empty: all) that a commit left different from any of its parents.
    pub(super) fn changes_in(&self, commit: &CommitInfo, folder: &str) -> Result<Vec<Change>> {
        let parents = self.parents_of(commit);
        let mut found = Vec::with_capacity(parents.len());
        for parent in &parents {
            found.push(self.changes_between(*parent, commit.id, folder)?);
        }
        Ok(join(found))
    }

    /// Returns the parents that are there; one that is nothing for a first commit, or where a shallow clone ends.
    fn parents_of(&self, commit: &CommitInfo) -> Vec<Option<Oid>> {
        let is_there = |id: &Oid| !self.git().is_shallow() || self.git().find_commit(*id).is_ok();
        let parents: Vec<Option<Oid>> = commit.parents.iter().copied().filter(is_there).map(Some).collect();
        if parents.is_empty() { vec![None] } else { parents }
    }

    /// Returns the files below `folder` (empty: all) that differ between two commits, sorted by path.
    pub fn changes_between(&self, before: Option<Oid>, after: Oid, folder: &str) -> Result<Vec<FileChange>> {
        let odb = self.git().odb().git()?;
        let at = |commit: Option<Oid>| tree::folder_at(&odb, self.tree_id(commit)?, folder);
        let prefix = if folder.is_empty() { String::new() } else { format!("{}/", folder.trim_end_matches('/')) };
        let mut changes = Vec::new();
        tree::compare(&odb, at(before)?, at(Some(after))?, &prefix, &mut |path, was, is| {
            changes.push((path, was, is))
        })?;
        Ok(changes)
    }

    /// Returns the paths of what a commit changed since its first parent other than the content of plain files:
    /// links, submodules, programs that came about or went, names that are no text.
    pub fn odd_changes_of(&self, commit: &CommitInfo) -> Result<Vec<String>> {
        let odb = self.git().odb().git()?;
        let before = self.tree_id(self.parents_of(commit)[0])?;
        let mut odd = Vec::new();
        tree::differences(&odb, before, self.tree_id(Some(commit.id))?, &mut Vec::new(), &mut |path, was, is| {
            if str::from_utf8(path).is_err() || !is_reversible(was, is) {
                odd.push(String::from_utf8_lossy(path).into_owned());
            }
        })?;
        Ok(odd)
    }

    /// Returns the last commit that two commits have in common, if there is one.
    pub fn fork_of(&self, one: Oid, other: Oid) -> Result<Option<Oid>> {
        self.git().merge_base(one, other).found()
    }

    /// Returns the content of a blob.
    pub fn blob(&self, id: Oid) -> Result<Vec<u8>> {
        Ok(self.git().find_blob(id).git()?.content().to_vec())
    }
}

/// Tells whether a change can be taken back by content alone: files, of which none became or ceased to be a program.
fn is_reversible(was: Option<Entry>, is: Option<Entry>) -> bool {
    let program = |entry: Entry| entry.mode & 0o111 != 0;
    let kept = match (was, is) {
        (Some(was), Some(is)) => program(was) == program(is),
        (Some(was), None) => !program(was),
        _ => true,
    };
    kept && was.into_iter().chain(is).all(Entry::is_file)
}

/// Joins what differs from each parent; where a parent has no difference, it had what the file holds.
pub(super) fn join(of_parents: Vec<Vec<FileChange>>) -> Vec<Change> {
    let count = of_parents.len();
    let mut joined: BTreeMap<String, Change> = BTreeMap::new();
    for (at, changes) in of_parents.into_iter().enumerate() {
        for (path, before, after) in changes {
            let change = joined.entry(path);
            let change =
                change.or_insert_with_key(|path| Change { path: path.clone(), before: vec![after; count], after });
            change.before[at] = before;
        }
    }
    joined.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_content_of_files_can_be_taken_back() {
        let entry = |mode| Some(Entry { mode, id: Oid::ZERO_SHA1 });
        let (file, program, link, module) = (entry(0o100_644), entry(0o100_755), entry(0o120_000), entry(0o160_000));
        for (was, is) in [(file, file), (None, file), (file, None), (program, program), (None, program)] {
            assert!(is_reversible(was, is), "{was:?} {is:?}");
        }
        for (was, is) in [(program, None), (file, program), (program, file), (file, link), (link, None), (None, module)]
        {
            assert!(!is_reversible(was, is), "{was:?} {is:?}");
        }
    }

    #[test]
    fn a_merge_owns_what_no_parent_had() {
        let id = |n: u8| Oid::from_bytes(&[n; 20]).ok();
        let first = vec![("a".to_string(), id(1), id(3)), ("b".to_string(), None, id(4))];
        let second = vec![("a".to_string(), id(2), id(3)), ("c".to_string(), id(5), None)];
        let joined = join(vec![first, second]);
        let told: Vec<_> = joined.iter().map(|change| (change.path.as_str(), change.is_own())).collect();
        assert_eq!(told, [("a", true), ("b", false), ("c", false)]);
        assert_eq!(joined[2].before, [None, id(5)], "gone in the first parent already");
        assert_eq!(joined[0].first_before(), id(1));
    }
}
