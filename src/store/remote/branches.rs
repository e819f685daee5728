//! The branches of a repository, and which of them is the main one of a server.
//!
//! *Invariants:* the main branch is one that is there. A HEAD that names another, as git's default `master` does where
//! everybody pushes `main`, says nothing.

use crate::record::Result;
use crate::store::Repo;
use crate::store::error::GitResult;
use git2::Oid;
use std::collections::BTreeSet;

/// What full names of branches begin with.
const FOLDER: &str = "refs/heads/";

/// The branch that is the main one where HEAD names none of several.
const USUAL: &str = "refs/heads/main";

/// The branches that are there, by full name, and the one HEAD names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Branches {
    head: Option<String>,
    there: BTreeSet<String>,
}

impl Branches {
    /// Returns the main branch: what HEAD names, else the only one, else `main`; none where none of these is there.
    pub fn main(&self) -> Option<&str> {
        let is_there = |name: &&str| self.there.contains(*name);
        let only = || self.there.first().map(String::as_str).filter(|_| self.there.len() == 1);
        self.head().filter(is_there).or_else(only).or_else(|| Some(USUAL).filter(is_there))
    }

    /// Returns what HEAD names, there or not; none where it names no branch.
    pub fn head(&self) -> Option<&str> {
        self.head.as_deref()
    }

    /// Returns the full names of the branches that are there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.there.iter().map(String::as_str)
    }

    /// Tells whether a branch is there.
    pub fn has(&self, name: &str) -> bool {
        self.there.contains(name)
    }

    /// Tells whether there is no branch at all.
    pub fn is_empty(&self) -> bool {
        self.there.is_empty()
    }

    /// Returns a branch that is there and has this one below or above it, as `a` and `a/b` have each other.
    pub fn in_the_way(&self, name: &str) -> Option<&str> {
        let is_below = |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
        self.there.iter().map(String::as_str).find(|there| is_below(there, name) || is_below(name, there))
    }

    /// Returns the branches after references were made and removed: their full names, and whether they are there then.
    pub fn after<'n>(&self, moves: impl IntoIterator<Item = (&'n str, bool)>) -> Branches {
        let mut after = self.clone();
        for (name, is_there) in moves.into_iter().filter(|(name, _)| name.starts_with(FOLDER)) {
            if is_there {
                after.there.insert(name.to_string());
            } else {
                after.there.remove(name);
            }
        }
        after
    }
}

impl Repo {
    /// Returns the branches that are there, and the one HEAD names.
    pub fn branches(&self) -> Result<Branches> {
        let head = self.git().find_reference("HEAD").found()?;
        let head = head.and_then(|head| head.symbolic_target().ok().flatten().map(str::to_string));
        let mut there = BTreeSet::new();
        for reference in self.git().references_glob(&format!("{FOLDER}*")).git()? {
            there.insert(String::from_utf8_lossy(reference.git()?.name_bytes()).into_owned());
        }
        Ok(Branches { head, there })
    }

    /// Has HEAD name a branch.
    pub fn name_main_branch(&self, branch: &str) -> Result<()> {
        self.git().set_head(branch).git()
    }

    /// Returns the commit that a reference leads to; none when there is no such reference.
    ///
    /// Fails when it is there and leads to no commit.
    pub fn tip_of(&self, reference: &str) -> Result<Option<Oid>> {
        let found = self.git().find_reference(reference).found()?;
        found.map(|reference| reference.peel_to_commit().map(|commit| commit.id()).git()).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branches(head: Option<&str>, there: &[&str]) -> Branches {
        Branches { head: head.map(str::to_string), there: there.iter().map(|name| format!("{FOLDER}{name}")).collect() }
    }

    #[test]
    fn the_main_branch_is_one_that_is_there() {
        const MASTER: Option<&str> = Some("refs/heads/master");
        for (head, there, main) in [
            (MASTER, &["main", "master", "x"][..], MASTER),
            (MASTER, &["main", "x"], Some(USUAL)),
            (MASTER, &["x"], Some("refs/heads/x")),
            (MASTER, &["x", "y"], None),
            (MASTER, &[], None),
            (None, &["main"], Some(USUAL)),
            (Some("refs/tags/x"), &["main", "x"], Some(USUAL)),
        ] {
            assert_eq!(branches(head, there).main(), main, "{head:?} {there:?}");
        }
    }

    #[test]
    fn references_come_and_go() {
        let moves = [("refs/heads/x", true), ("refs/heads/main", false), ("refs/tags/v", true)];
        assert_eq!(branches(None, &["main"]).after(moves), branches(None, &["x"]));
    }
}
