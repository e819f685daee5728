//! Finishing a commit in git's index, so that `git status` is clean and what a person staged stays staged.

use super::branch::left_by_git;
use super::index_lock::{IndexLock, IndexStage};
use super::plan::{Plan, Step};
use super::staging::Placed;
use crate::record::{Exit, Failure, Result};
use crate::store::Repo;
use crate::store::error::IoResult;
use crate::store::fail_point::fail_point;
use crate::store::git_index::{GitIndex, IndexEdits, NewEntry, Staged, Stat, UNKNOWN, damaged, stat_of};
use crate::store::objects::tree::FILE;
use crate::words;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// How long git's `index.lock` is waited for.
pub(super) const INDEX_WAIT: Duration = Duration::from_secs(5);

/// So large a split index has so many changes that a new shared one is written, or soon will be.
const JOINED: u64 = 250_000;

/// A change of more files writes the index once, when the files are there: twice would be a tenth of an import.
const FEW: usize = 1000;

/// What an entry takes beside its path, at most.
const ENTRY: usize = 80;

impl Repo {
    /// Returns where git's index of this work tree lies.
    pub(crate) fn index_path(&self) -> PathBuf {
        self.git().path().join("index")
    }

    /// Takes the lock of git's index and makes sure that the disk has room for the new one.
    ///
    /// A commit holds it from before the branch moves: a plain `git commit` between the two would take
    /// our files, not yet in the index, for removed. Fails with exit code 9 when another git keeps it.
    pub(crate) fn lock_index(&self, plan: &Plan) -> Result<IndexLock> {
        let lock = IndexLock::take(self.git().path(), INDEX_WAIT)?.ok_or_else(|| self.index_busy())?;
        lock.reserve(self.room_for(plan)?)?;
        Ok(lock)
    }

    /// Returns how many bytes the new index takes, at most.
    fn room_for(&self, plan: &Plan) -> Result<u64> {
        let index = self.index_path();
        let now = fs::metadata(&index).present(&index)?.map_or(0, |index| index.len());
        let new = plan.steps().map(|(path, _)| (path.len() + ENTRY) as u64).sum::<u64>();
        // A split one that has gathered this much is about to be joined with its shared part.
        Ok(now + new + if now + new > JOINED { self.largest_shared_index() } else { 0 })
    }

    /// Returns the size of the largest file that a split index shares.
    fn largest_shared_index(&self) -> u64 {
        let entries = fs::read_dir(self.git().path()).into_iter().flatten().flatten();
        let shared = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("sharedindex."));
        shared.filter_map(|entry| Some(entry.metadata().ok()?.len())).max().unwrap_or(0)
    }

    /// Waits until no other git holds the lock of git's index.
    ///
    /// Fails with exit code 9 when one keeps it: better before the work than after it.
    pub(crate) fn await_index(&self) -> Result<()> {
        if IndexLock::await_free(self.git().path(), INDEX_WAIT) { Ok(()) } else { Err(self.index_busy()) }
    }

    pub(crate) fn index_busy(&self) -> Failure {
        let (lock, seconds) = (self.index_path().with_extension("lock"), INDEX_WAIT.as_secs());
        let lock = lock.display();
        let message = words!(
            "another git holds `{lock}`; waited {seconds} s, nothing was changed",
            "另一个 git 占用 `{lock}`；已等待 {seconds} 秒，未做任何更改"
        );
        Failure::new(Exit::Busy, message).hint(left_by_git())
    }

    /// Brings our entries to the plan's targets.
    ///
    /// `read` is the index as it was read before, taken when it is still the same; of the files, `placed` were moved to
    /// their places, and `foreign` a person changed, which shall show as modified.
    pub(crate) fn finish_index(
        &self,
        lock: &IndexLock,
        plan: &Plan,
        (placed, foreign): (&Placed, &BTreeSet<&str>),
        read: Option<GitIndex>,
    ) -> Result<()> {
        let index = match read.filter(GitIndex::is_current) {
            Some(index) => index,
            None => GitIndex::load(&self.index_path())?,
        };
        let root = self.root();
        let stat = |path: &str| match foreign.contains(path) {
            true => UNKNOWN,
            false => placed.stat(path).unwrap_or_else(|| stat_at(&root.join(path))),
        };
        let edits = index_edits(&index, plan, &stat)?;
        if self.write_index(lock, IndexStage::Final, &index, &edits)? {
            fail_point("index-locked")?;
            lock.replace(IndexStage::Final)?;
        }
        fail_point("index")
    }

    /// Writes the index that is to take the old one's place in the instant the branch has moved; returns whether
    /// there is one.
    ///
    /// `git commit` reads HEAD, then the index, and locks it last. One that found the new HEAD and still the old
    /// index would commit that our files are gone, if it came to the lock only after we let go of it.
    pub(crate) fn draft_index(&self, lock: &IndexLock, plan: &Plan, read: &GitIndex) -> Result<bool> {
        if plan.steps().len() > FEW {
            return Ok(false);
        }
        let now;
        let index = match read.is_current() {
            true => read,
            false => {
                now = GitIndex::load(&self.index_path())?;
                &now
            }
        };
        let edits = index_edits(index, plan, &|_| UNKNOWN)?;
        self.write_index(lock, IndexStage::Early, index, &edits)
    }

    /// Writes an index with these edits beside the old one; returns whether there are any.
    fn write_index(&self, lock: &IndexLock, stage: IndexStage, index: &GitIndex, edits: &IndexEdits) -> Result<bool> {
        if edits.is_empty() {
            return Ok(false);
        }
        let splitting = self.git().config().and_then(|config| config.get_bool("core.splitIndex")).ok();
        // What was damaged must not get a new check sum; looked at beside the writing it costs no time.
        let is_sound = thread::scope(|scope| {
            let sound = scope.spawn(|| index.is_sound(edits, splitting));
            let written = lock.prepare(stage, |out| index.write(edits, splitting, out));
            written.and_then(|()| sound.join().unwrap_or(Ok(false)))
        })?;
        if is_sound { Ok(true) } else { Err(damaged(&self.index_path())) }
    }
}

/// Returns the entries that bring the index to the plan; `stat` says what is known of the file at a path.
fn index_edits(index: &GitIndex, plan: &Plan, stat: &(dyn Fn(&str) -> Stat + Sync)) -> Result<IndexEdits> {
    let ours = |(path, step): &(&str, &Step)| {
        let (staged, mode) = match index.find(path) {
            Err(failure) => return Some(Err(failure)),
            Ok(Staged::Conflict) => return None,
            Ok(Staged::Absent) => (None, FILE),
            Ok(Staged::Blob(id, mode)) => (Some(id), mode),
        };
        let entry = |id| NewEntry { stat: stat(path), mode, id };
        plan.knows(path, staged).then(|| Ok((path.to_string(), step.target.map(entry))))
    };
    let edits: Result<Vec<_>> = plan.steps().collect::<Vec<_>>().par_iter().filter_map(ours).collect();
    // They are in order, and a map of what is in order is made in a tenth of the time.
    Ok(edits?.into_iter().collect())
}

/// Returns the stat data of a file; unknown when it is not there.
fn stat_at(path: &Path) -> Stat {
    path.symlink_metadata().map_or(UNKNOWN, |meta| stat_of(&meta))
}
