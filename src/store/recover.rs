//! Recovery: finishing what a killed process had committed.
//!
//! A journal whose commit the checked-out branch contains: the files and the index are finished. Any
//! other: it is dropped, since nothing of it was ever visible. There is no roll-back.

use super::error::GitResult;
use super::index_lock::IndexLock;
use super::lock::WriteLock;
use super::plan::Plan;
use super::transaction::Note;
use super::tree::Folders;
use super::{Repo, fail_point::fail_point};
use crate::record::{Result, Words};
use crate::words;
use git2::Oid;
use std::collections::BTreeSet;
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
        if let Err(failure) = self.recover(Duration::ZERO, note) {
            let Words { en, zh } = failure.message;
            note(Words {
                en: format!("an earlier command committed, but the work tree could not be finished: {en}").into(),
                zh: format!("此前的命令已提交，但工作区未能更新完毕：{zh}").into(),
            });
        }
    }

    /// Finishes or drops the journals that were left; the caller holds the lock.
    ///
    /// Returns what could not be brought to the index, because another git holds its lock.
    pub(crate) fn recover(&self, wait: Duration, note: Note<'_>) -> Result<Plan> {
        self.clear_staging();
        let journals = self.journals();
        let left = journals.read()?;
        if left.is_empty() {
            return Ok(Plan::default());
        }
        IndexLock::clear_left(self.git().path())?;
        let head = self.head()?;
        let mut plan = Plan::default();
        let mut kept = Vec::new();
        for (path, journal) in left {
            if self.contains(head, journal.commit) {
                plan.add(&self.git().odb().git()?, self.tree_id(journal.base)?, self.tree_id(Some(journal.commit))?)?;
                kept.push(path);
            } else {
                self.clear_left_branch_lock(&journal)?;
                journals.drop(&path)?;
            }
        }
        plan.keep_current(&Folders::new(self.git(), head)?)?;
        let index = self.lock_index(wait)?;
        let foreign = self.finish_files(&plan, &|_| None, None)?;
        left_alone(&foreign, note);
        let Some(index) = index else { return Ok(plan) };
        self.finish_index(index, &plan, &foreign, None)?;
        kept.iter().try_for_each(|path| journals.drop(path))?;
        fail_point("journal-dropped")?;
        Ok(Plan::default())
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

/// Names the files that were left as a person had changed them meanwhile.
pub(crate) fn left_alone(foreign: &BTreeSet<&str>, note: Note<'_>) {
    for path in foreign {
        note(words!(
            "`{path}` was changed by hand meanwhile and left as it is; `git diff` compares it with the commit",
            "`{path}` 在此期间被手工修改，已保持原样；`git diff` 可与提交比较"
        ));
    }
}

/// Says that the commit stands but git's index lags behind.
pub(crate) fn index_lags() -> Words {
    words!(
        "committed, but another git holds `.git/index.lock`, so `git status` and `git commit` do not know it until a \
         kehu command finds the lock free; if no git is running, one that was killed left that file",
        "已提交，但另一个 git 占用 `.git/index.lock`：在该锁释放并再运行一条 kehu 命令之前，`git status` 和 `git commit` \
         不知道此次提交；若没有 git 在运行，则该文件是被中断的 git 留下的"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_left_alone_is_named() {
        let said = std::cell::RefCell::new(Vec::new());
        left_alone(&BTreeSet::from(["a.toml", "b.toml"]), &|words| said.borrow_mut().push(words.en.to_string()));
        assert!(said.borrow().len() == 2 && said.borrow()[1].contains("`b.toml`"));
    }
}
