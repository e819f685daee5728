//! Finishing a commit in git's index, so that `git status` is clean and what a person staged stays staged.

use super::Repo;
use super::fail_point::fail_point;
use super::git_index::{GitIndex, IndexEdits, NewEntry, Staged, damaged, stat_of};
use super::index_lock::IndexLock;
use super::plan::{Plan, Step};
use super::tree::FILE;
use crate::record::Result;
use git2::Oid;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

impl Repo {
    /// Returns where git's index of this work tree lies.
    pub(crate) fn index_path(&self) -> PathBuf {
        self.git().path().join("index")
    }

    /// Takes the lock of git's index, waiting up to `wait`; none when another git holds it even then.
    ///
    /// A commit holds it from before the branch moves: a plain `git commit` between the two would take
    /// our files, not yet in the index, for removed.
    pub(crate) fn lock_index(&self, wait: Duration) -> Result<Option<IndexLock>> {
        IndexLock::take(self.git().path(), wait)
    }

    /// Brings our entries to the plan's targets and lets go of the lock.
    ///
    /// `read` is the index as it was read before, taken when it is still the same; `foreign` are paths
    /// whose file a person changed, which shall show as modified.
    pub(crate) fn finish_index(
        &self,
        lock: IndexLock,
        plan: &Plan,
        foreign: &BTreeSet<&str>,
        read: Option<GitIndex>,
    ) -> Result<()> {
        let index = match read.filter(GitIndex::is_current) {
            Some(index) => index,
            None => GitIndex::load(&self.index_path())?,
        };
        let edits = self.index_edits(&index, plan, foreign)?;
        if !edits.is_empty() {
            let splitting = self.git().config().and_then(|config| config.get_bool("core.splitIndex")).ok();
            // What was damaged must not get a new check sum; looked at beside the writing it costs no time.
            let is_sound = thread::scope(|scope| {
                let sound = scope.spawn(|| index.is_sound(&edits, splitting));
                let written = lock.prepare(|out| index.write(&edits, splitting, out));
                written.and_then(|()| sound.join().unwrap_or(Ok(false)))
            })?;
            if !is_sound {
                return Err(damaged(&self.index_path()));
            }
            lock.replace()?;
        }
        drop(lock);
        fail_point("index")?;
        Ok(())
    }

    fn index_edits(&self, index: &GitIndex, plan: &Plan, foreign: &BTreeSet<&str>) -> Result<IndexEdits> {
        let root = self.root();
        let ours = |(path, step): &(&str, &Step)| {
            let (staged, mode) = match index.find(path) {
                Err(failure) => return Some(Err(failure)),
                Ok(Staged::Conflict) => return None,
                Ok(Staged::Absent) => (None, FILE),
                Ok(Staged::Blob(id, mode)) => (Some(id), mode),
            };
            plan.knows(path, staged).then(|| {
                let is_there = !foreign.contains(path);
                Ok((path.to_string(), step.target.map(|id| new_entry(root.join(path), id, mode, is_there))))
            })
        };
        plan.steps().collect::<Vec<_>>().par_iter().filter_map(ours).collect()
    }
}

/// Makes an entry; without stat data, so that git compares the file, when the file is not the blob.
fn new_entry(path: PathBuf, id: Oid, mode: u32, is_there: bool) -> NewEntry {
    let meta = path.symlink_metadata().ok().filter(|_| is_there);
    NewEntry { stat: meta.map_or([0; 40], |meta| stat_of(&meta)), mode, id }
}
