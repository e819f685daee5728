//! Merging what was fetched into the branch that is checked out, by the same transaction as any change.

use super::base::{Relation, base_tree, relation};
use super::join::Met;
use super::lost::LostReference;
use super::renumber::Numbers;
use super::touch::{Torn, Touches};
use super::unite::{Asked, Side, Step, Trees, Union, unite};
use crate::record::{Failure, Kind, Result};
use crate::store::error::GitResult;
use crate::store::write::numbers::walk_added;
use crate::store::{CommitInfo, Renumbered, Repo, Transaction, path_of};
use crate::words;
use git2::{BranchType, ErrorCode, ObjectType, Oid};
use std::collections::HashSet;
use std::path::Path;

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
    /// anything to make. What was fetched keeps its numbers and, in conflict, its values.
    ///
    /// `who` says what people call the author of a commit; `upstream` is what plain git would merge.
    /// Fails with exit code 5 when both have nothing in common, when a file to be changed has hand edits, and when the
    /// other side brings what is no plain file; 11 when a newer kehu made it. Nothing has happened then.
    pub fn merge_in(&mut self, theirs: Oid, who: &dyn Fn(&CommitInfo) -> String, upstream: &str) -> Result<Merge> {
        self.merge(theirs, Side::Ours, who, upstream)
    }

    /// Prepares the merge of a branch that others have not taken in: here its numbers and, in conflict, its values
    /// give way. Otherwise as [`merge_in`](Transaction::merge_in).
    pub fn merge_branch(&mut self, branch: Oid, who: &dyn Fn(&CommitInfo) -> String, shown: &str) -> Result<Merge> {
        self.merge(branch, Side::Theirs, who, shown)
    }

    /// Merges `other` into the base; `edited` says whose place the base takes, `Ours` giving way to `Theirs`.
    fn merge(&mut self, other: Oid, edited: Side, who: &dyn Fn(&CommitInfo) -> String, shown: &str) -> Result<Merge> {
        self.repo.refuse_newer_commit(other)?;
        let relation = match self.base {
            Some(own) => relation(self.repo.git(), own, other)?,
            None => Relation::Behind,
        };
        let (way, bases) = match relation {
            Relation::Ahead => return Ok(Merge::of(Way::Nothing, Union::default())),
            Relation::Behind => (Way::Forward, Vec::new()),
            Relation::Apart(bases) => (Way::Joined, bases),
        };
        // A branch that only goes on is taken as it is.
        let edited = if way == Way::Forward { Side::Ours } else { edited };
        let mut union = self.unite(other, &bases, edited, who, shown)?;
        if edited == Side::Theirs {
            // Told from where the branch comes to.
            std::mem::swap(&mut union.came, &mut union.went);
        }
        for (path, content) in &union.edits {
            self.put(path, content.as_ref()).map_err(|failure| untouched(failure, path, shown))?;
        }
        match (way, edited) {
            (Way::Forward, _) => self.forward_to(other),
            (_, Side::Ours) => self.merge_onto(other),
            (_, Side::Theirs) => self.merge_with(other),
        }
        Ok(Merge::of(way, union))
    }

    /// Merges the trees of the base and of `other` by field; without `bases` the one goes on where the other is.
    fn unite(
        &mut self,
        other: Oid,
        bases: &[Oid],
        edited: Side,
        who: &dyn Fn(&CommitInfo) -> String,
        shown: &str,
    ) -> Result<Union> {
        let repo = self.repo;
        let nothing = || repo.git().odb().and_then(|odb| odb.write(ObjectType::Tree, &[])).git();
        let own_tree = repo.tree_id(self.base)?.map_or_else(nothing, Ok)?;
        let other_tree = repo.tree_id(Some(other))?.unwrap_or(own_tree);
        let base = if bases.is_empty() { own_tree } else { base_tree(repo.git(), bases)? };
        let own = self.base.unwrap_or(other);
        let ([ours, theirs], tips) = match edited {
            Side::Ours => ([own_tree, other_tree], [own, other]),
            Side::Theirs => ([other_tree, own_tree], [other, own]),
        };
        if edited == Side::Theirs {
            repo.refuse_renumbered(tips, [base, ours], shown)?;
        }
        let touches = |torn: &Torn<'_>| Touches::find(repo, tips, bases, torn, who);
        let _stage = repo.progress().stage(&words!("merging", "合并"), 0);
        let [unshared, shared] = if self.base.is_some() { tips.map(Some) } else { [None, Some(other)] };
        let mut numbers = Known { added: None, tx: self, unshared, shared };
        let asked = Asked { edited, numbers: Some(&mut numbers), touches: Some(&touches), upstream: shown };
        unite(&repo.git().odb().git()?, Trees { base, ours, theirs }, asked)
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
    unshared: Option<Oid>,
    shared: Option<Oid>,
    /// The paths that commits of the side that keeps its numbers alone added.
    added: Option<HashSet<String>>,
}

impl Known<'_, '_> {
    fn added(&mut self) -> Result<&HashSet<String>> {
        if self.added.is_none() {
            let mut added = HashSet::new();
            if let Some(shared) = self.shared {
                walk_added(self.tx.repo, shared, self.unshared, &mut |path| _ = added.insert(path.to_string()))?;
            }
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
            if let Some(branch) = self.unshared.filter(|_| self.unshared != self.tx.base) {
                let mut own = HashSet::new();
                walk_added(self.tx.repo, branch, self.shared, &mut |path| _ = own.insert(path.to_string()))?;
                self.tx.take_used(own.iter())?;
            }
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
    /// Returns the commit that a branch, or any other name of git's, stands for; none when there is no such name.
    pub fn named_commit(&self, name: &str) -> Result<Option<Oid>> {
        match self.git().revparse_single(name).and_then(|object| object.peel_to_commit()) {
            Ok(commit) => Ok(Some(commit.id())),
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => Ok(None),
            Err(error) => Err(error).git(),
        }
    }

    /// Refuses a branch that changes a record by a number that is another's now.
    fn refuse_renumbered(&self, [branch, own]: [Oid; 2], [base, ours]: [Oid; 2], shown: &str) -> Result<()> {
        let mut walk = self.git().revwalk().git()?;
        walk.push(own).git()?;
        walk.hide(branch).git()?;
        for commit in walk {
            for Renumbered { kind, old, new } in self.commit_info(commit.git()?)?.renumbered() {
                let path = path_of(kind, &old);
                let [was, is] = [self.blob_in(base, &path)?, self.blob_in(ours, &path)?];
                if was.is_some() && was != is {
                    let message = words!(
                        "`{shown}` changes `{old}`, which is `{new}` now; nothing was merged",
                        "`{shown}` 修改的 `{old}` 现已改号为 `{new}`；未合并任何内容"
                    );
                    let hint = words!(
                        "`kehu diff HEAD...{shown}` shows the change; make it again on `{new}`",
                        "用 `kehu diff HEAD...{shown}` 查看该修改，并在 `{new}` 上重做"
                    );
                    return Err(Failure::conflict(message).hint(hint));
                }
            }
        }
        Ok(())
    }

    /// Returns the blob at a path of a tree.
    fn blob_in(&self, tree: Oid, path: &str) -> Result<Option<Oid>> {
        let tree = self.git().find_tree(tree).git()?;
        Ok(tree.get_path(Path::new(path)).ok().map(|entry| entry.id()))
    }

    /// Returns the local branches that hold a file and lack a commit.
    pub fn branches_with(&self, path: &str, lacking: Oid) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for branch in self.git().branches(Some(BranchType::Local)).git()? {
            let (branch, _) = branch.git()?;
            let (Ok(Some(name)), Some(tip)) = (branch.name(), branch.get().target()) else { continue };
            let tree = self.tree_id(Some(tip))?;
            let holds = tree.map_or(Ok(None), |tree| self.blob_in(tree, path))?.is_some();
            if holds && !self.has_all_of(tip, lacking)? {
                found.push(name.to_string());
            }
        }
        Ok(found)
    }

    /// Returns how many commits lead to `of` and not to `from`.
    pub fn missing_commits(&self, of: Option<Oid>, from: Option<Oid>) -> Result<usize> {
        let mut walk = self.git().revwalk().git()?;
        of.map_or(Ok(()), |of| walk.push(of)).git()?;
        from.map_or(Ok(()), |from| walk.hide(from)).git()?;
        Ok(walk.count())
    }
}
