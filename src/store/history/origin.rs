//! Which commit gave a file the content it has.

use super::CommitInfo;
use crate::record::Result;
use crate::store::Repo;
use crate::store::error::GitResult;
use git2::{ObjectType, Oid, Sort};
use std::collections::HashMap;
use std::path::Path;

/// So many commits are looked at; further back nobody remembers either.
const FAR: usize = 10_000;

impl Repo {
    /// Returns the last commit, among those that any branch or what was just fetched leads to, that gave the file
    /// at `path` this content; none when there is none near.
    ///
    /// For a merge under way, of which git does not tell a merge driver what is merged.
    pub fn commit_that_made(&self, path: &str, content: &[u8]) -> Result<Option<CommitInfo>> {
        let wanted = Some(Oid::hash_object(ObjectType::Blob, content).git()?);
        let mut walk = self.git().revwalk().git()?;
        walk.set_sorting(Sort::TIME).git()?;
        walk.push_head().git()?;
        walk.push_glob("refs/*").git()?;
        for name in ["FETCH_HEAD", "MERGE_HEAD", "REBASE_HEAD", "ORIG_HEAD"] {
            let _ = self.git().refname_to_id(name).map(|id| walk.push(id));
        }
        let mut known: HashMap<Oid, Option<Oid>> = HashMap::new();
        for id in walk.take(FAR) {
            let commit = self.git().find_commit(id.git()?).git()?;
            let mut held = |id: Oid| *known.entry(id).or_insert_with(|| self.held_at(id, path));
            if held(commit.id()) == wanted && commit.parent_ids().all(|parent| held(parent) != wanted) {
                return Ok(Some(CommitInfo::of(&commit)));
            }
        }
        Ok(None)
    }

    /// Returns the newest commit that leads to `tip` and is wanted, `tip` included; none when none is.
    ///
    /// Reads nothing that is remembered and remembers nothing: a server asks it of commits that it may refuse.
    pub fn newest_commit(&self, tip: Oid, is_wanted: impl Fn(&CommitInfo) -> bool) -> Result<Option<CommitInfo>> {
        let mut walk = self.git().revwalk().git()?;
        walk.set_sorting(Sort::TIME).git()?;
        walk.push(tip).git()?;
        for id in walk {
            let commit = CommitInfo::of(&self.git().find_commit(id.git()?).git()?);
            if is_wanted(&commit) {
                return Ok(Some(commit));
            }
        }
        Ok(None)
    }

    /// Returns the blob of a file in a commit.
    fn held_at(&self, commit: Oid, path: &str) -> Option<Oid> {
        let tree = self.git().find_commit(commit).and_then(|commit| commit.tree()).ok()?;
        tree.get_path(Path::new(path)).ok().map(|entry| entry.id())
    }
}
