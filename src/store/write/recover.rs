//! Recovery: finishing what a killed process had committed.
//!
//! A journal whose commit the checked-out branch contains: the files and the index are finished. Any
//! other: it is dropped, since nothing of it was ever visible. There is no roll-back.

use super::finish::Kit;
use super::finish_index::INDEX_WAIT;
use super::index_lock::IndexLock;
use super::journal::Journal;
use super::lock::WriteLock;
use super::plan::Plan;
use super::transaction::Note;
use crate::record::{Failure, Result};
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::store::fail_point::fail_point;
use crate::store::objects::tree::Folders;
use crate::words;
use git2::Oid;
use std::time::Duration;

impl Repo {
    /// Finishes what a killed process left, if nobody is writing now; for commands that only read.
    ///
    /// Costs one look at a folder when nothing was left. What cannot be finished, on a full disk for
    /// instance, is noted: reading goes on with what is there.
    pub fn recover_if_idle(&self, note: Note<'_>) {
        if self.journals().is_empty() {
            return;
        }
        // Someone is writing, or this user may not: they who write next will finish it.
        let Ok(Some(_lock)) = WriteLock::try_take(&self.lock_path(), "recovery") else { return };
        if let Err(failure) = self.finish_left(Duration::ZERO, note) {
            note(failure.message);
        }
    }

    /// Finishes or drops the journals that were left; the caller holds the lock.
    ///
    /// Returns whether git's index was finished too: not while another git holds its lock.
    pub(crate) fn recover(&self, note: Note<'_>) -> Result<bool> {
        self.finish_left(INDEX_WAIT, note)
    }

    fn finish_left(&self, wait: Duration, note: Note<'_>) -> Result<bool> {
        self.clear_staging();
        let journals = self.journals();
        let left = journals.read()?;
        if left.is_empty() {
            return Ok(true);
        }
        IndexLock::clear_left(self.git().path())?;
        let head = self.head()?;
        let mut plan = Plan::default();
        let mut kept = Vec::new();
        for (path, journal) in left {
            let mut change = Plan::default();
            // Of a commit that `git gc` took away nothing is known any more.
            if self.add_change(&mut change, &journal).is_ok() {
                self.clear_temps(&change);
            }
            if self.contains(head, journal.commit) {
                self.add_change(&mut plan, &journal)?;
                kept.push(path);
            } else {
                self.clear_left_branch_lock(&journal)?;
                journals.drop(&path)?;
            }
        }
        plan.keep_current(&Folders::new(self.git(), head)?)?;
        let index = IndexLock::take(self.git().path(), wait)?;
        let is_whole = index.is_some();
        self.finish(&plan, Kit::default(), index, note).map_err(unfinished)?;
        if is_whole {
            kept.iter().try_for_each(|path| journals.drop(path))?;
            fail_point("journal-dropped")?;
        }
        Ok(is_whole)
    }

    /// Adds what a journal's commit changed to a plan.
    fn add_change(&self, plan: &mut Plan, journal: &Journal) -> Result<()> {
        plan.add(&self.git().odb().git()?, self.tree_id(journal.base)?, self.tree_id(Some(journal.commit))?)
    }

    /// Tells whether `commit` is `head` or one of its ancestors; a commit that is gone is not.
    fn contains(&self, head: Option<Oid>, commit: Oid) -> bool {
        let git = self.git();
        head.is_some_and(|head| head == commit || git.graph_descendant_of(head, commit).unwrap_or(false))
    }

    /// Returns the id of the tree of a commit; none for none.
    pub(crate) fn tree_id(&self, commit: Option<Oid>) -> Result<Option<Oid>> {
        commit.map(|id| self.git().find_commit(id).map(|commit| commit.tree_id()).git()).transpose()
    }
}

/// Says that the commit stands although this went wrong.
fn unfinished(failure: Failure) -> Failure {
    failure
        .within(words!("an earlier command committed, but could not be finished", "此前的命令已提交，但收尾未能完成"))
}
