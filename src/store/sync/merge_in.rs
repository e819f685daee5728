//! Merging what was fetched into the branch that is checked out, by the same transaction as any change.

use super::base::{Relation, base_tree, relation};
use super::join::Met;
use super::lost::LostReference;
use super::renumber::Numbers;
use super::touch::Touches;
use super::unite::{Asked, Step, Trees, Union, unite};
use crate::record::{Failure, Kind, Result};
use crate::store::error::GitResult;
use crate::store::write::numbers::walk_added;
use crate::store::{CommitInfo, Renumbered, Repo, Transaction};
use crate::words;
use git2::{ObjectType, Oid};
use std::collections::{BTreeSet, HashSet};

/// How a branch comes to have all of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It has all of it already.
    Nothing,
    /// It had nothing of its own and becomes the other.
    Forward,
    /// A commit joins both.
    Joined,
}

/// What a merge comes to.
#[derive(Debug)]
pub struct Merge {
    /// How.
    pub way: Way,
    /// What the other side alone changed, by path.
    pub came: Vec<Step>,
    /// What the other side is to get, by path.
    pub went: Vec<Step>,
    /// What both sides changed, by path.
    pub met: Vec<Met>,
    /// What got another number.
    pub moved: Vec<Renumbered>,
    /// References to what one side removed.
    pub lost: Vec<LostReference>,
}

impl Transaction<'_> {
    /// Prepares the merge of a commit that was fetched; [`commit`](Transaction::commit) makes it, where there is
    /// anything to make.
    ///
    /// `who` says what people call the author of a commit; `upstream` is what plain git would merge.
    /// Fails with exit code 5 when both have nothing in common, when a file to be changed has hand edits, and when the
    /// other side brings what is no plain file; 11 when a newer kehu made it. Nothing has happened then.
    pub fn merge_in(&mut self, theirs: Oid, who: &dyn Fn(&CommitInfo) -> String, upstream: &str) -> Result<Merge> {
        let repo = self.repo;
        repo.refuse_newer_commit(theirs)?;
        let relation = match self.base {
            Some(ours) => relation(repo.git(), ours, theirs)?,
            None => Relation::Behind,
        };
        let nothing = || repo.git().odb().and_then(|odb| odb.write(ObjectType::Tree, &[])).git();
        let ours = repo.tree_id(self.base)?.map_or_else(nothing, Ok)?;
        let (way, base, bases) = match relation {
            Relation::Ahead => return Ok(Merge::of(Way::Nothing, Union::default())),
            Relation::Behind => (Way::Forward, ours, Vec::new()),
            Relation::Apart(bases) => (Way::Joined, base_tree(repo.git(), &bases)?, bases),
        };
        let theirs_tree = repo.tree_id(Some(theirs))?.unwrap_or(ours);
        let trees = Trees { base, ours, theirs: theirs_tree };
        let tips = [self.base.unwrap_or(theirs), theirs];
        let touches = |paths: &BTreeSet<&str>| Touches::find(repo, tips, &bases, paths);
        let stage = repo.progress().stage(&words!("merging", "合并"), 0);
        let mut numbers = Known { added: None, tx: self, theirs };
        let asked = Asked { numbers: Some(&mut numbers), touches: Some(&touches), who, upstream };
        let union = unite(&repo.git().odb().git()?, trees, asked)?;
        drop(stage);
        for (path, content) in &union.edits {
            self.put(path, content.as_ref()).map_err(|failure| untouched(failure, path, upstream))?;
        }
        match way {
            Way::Forward => self.forward_to(theirs),
            _ => self.merge_onto(theirs),
        }
        Ok(Merge::of(way, union))
    }
}

impl Merge {
    fn of(way: Way, union: Union) -> Merge {
        let Union { came, went, met, moved, lost, .. } = union;
        Merge { way, came, went, met, moved, lost }
    }
}

/// The numbers of this branch and of the one to be merged.
struct Known<'t, 'r> {
    tx: &'t mut Transaction<'r>,
    theirs: Oid,
    /// The paths that commits of the other side alone added.
    added: Option<HashSet<String>>,
}

impl Known<'_, '_> {
    fn added(&mut self) -> Result<&HashSet<String>> {
        if self.added.is_none() {
            let mut added = HashSet::new();
            walk_added(self.tx.repo, self.theirs, self.tx.base, &mut |path| _ = added.insert(path.to_string()))?;
            self.added = Some(added);
        }
        Ok(self.added.get_or_insert_default())
    }
}

impl Numbers for Known<'_, '_> {
    fn next(&mut self, kind: Kind, prefix: &str, year: i32) -> Result<u32> {
        if self.tx.numbers.is_none() {
            self.added()?;
            self.tx.take_used(self.added.iter().flatten())?;
        }
        self.tx.next_sequence(kind, prefix, year)
    }

    fn is_taken(&mut self, path: &str) -> Result<bool> {
        Ok(self.added()?.contains(path))
    }
}

/// Says of a file that may not be changed that a merge wanted to.
fn untouched(failure: Failure, path: &str, upstream: &str) -> Failure {
    failure.detail(words!(
        "`{upstream}` changes `{path}`; nothing was merged",
        "`{upstream}` 修改了 `{path}`；未合并任何内容"
    ))
}

impl Repo {
    /// Returns how many commits lead to `of` and not to `from`.
    pub fn missing_commits(&self, of: Option<Oid>, from: Option<Oid>) -> Result<usize> {
        let mut walk = self.git().revwalk().git()?;
        of.map_or(Ok(()), |of| walk.push(of)).git()?;
        from.map_or(Ok(()), |from| walk.hide(from)).git()?;
        Ok(walk.count())
    }
}
