//! What a push brings to a server's repository, looked at before any branch moves.
//!
//! *Absent on purpose:* what may be pushed; this only tells what it is.

use crate::record::Result;
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::store::git::identity::Identity;
use crate::store::objects::tree::Folders;
use git2::{Oid, Sort};

/// What a commit holds, for many questions; each folder is read once.
pub struct Held<'r>(Folders<'r>);

impl Held<'_> {
    /// Returns the file at a path; none when there is none.
    pub fn blob(&self, path: &str) -> Result<Option<Oid>> {
        Ok(self.0.entry(path)?.filter(|entry| entry.is_file()).map(|entry| entry.id))
    }

    /// Returns the object at a path, whatever it is.
    pub fn object(&self, path: &str) -> Result<Option<Oid>> {
        Ok(self.0.entry(path)?.map(|entry| entry.id))
    }
}

impl Repo {
    /// Returns what a commit holds; that of none is nothing.
    pub fn held(&self, commit: Option<Oid>) -> Result<Held<'_>> {
        Ok(Held(Folders::new(self.git(), commit)?))
    }

    /// Returns how many bytes a file has.
    pub fn blob_size(&self, blob: Oid) -> Result<usize> {
        let odb = self.git().odb().git()?;
        Ok(odb.read_header(blob).git()?.0)
    }

    /// Returns the commit that an object is, or that a tag leads to; none for anything else.
    pub fn commit_of(&self, object: Oid) -> Option<Oid> {
        self.git().find_object(object, None).and_then(|object| object.peel_to_commit()).ok().map(|commit| commit.id())
    }

    /// Returns the commits that lead to `tip` and to no reference there is, each after its parents.
    pub fn new_commits(&self, tip: Oid) -> Result<Vec<Oid>> {
        let mut walk = self.git().revwalk().git()?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE).git()?;
        walk.push(tip).git()?;
        for reference in self.git().references().git()? {
            if let Ok(commit) = reference.git()?.peel_to_commit() {
                walk.hide(commit.id()).git()?;
            }
        }
        walk.map(|id| id.git()).collect()
    }

    /// Tells whether a commit follows another, or is the same.
    pub fn follows(&self, commit: Oid, other: Oid) -> Result<bool> {
        Ok(commit == other || self.git().graph_descendant_of(commit, other).git()?)
    }

    /// Returns the commits at which two histories part.
    pub fn merge_bases(&self, one: Oid, other: Oid) -> Result<Vec<Oid>> {
        Ok(self.git().merge_bases(one, other).found()?.map(|bases| bases.to_vec()).unwrap_or_default())
    }

    /// Returns the author and the committer of a commit.
    pub fn makers(&self, commit: Oid) -> Result<[Identity; 2]> {
        let commit = self.git().find_commit(commit).git()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let identity =
            |one: &git2::Signature<'_>| Identity { name: text(one.name_bytes()), email: text(one.email_bytes()) };
        Ok([identity(&commit.author()), identity(&commit.committer())])
    }

    /// Returns the file at a path of a commit; none when there is none.
    pub fn blob_at(&self, commit: Oid, path: &str) -> Result<Option<Oid>> {
        self.held(Some(commit))?.blob(path)
    }
}
