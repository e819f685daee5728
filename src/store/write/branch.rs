//! Moving the branch: the commit point. Before it nothing happened, after it everything did.

use super::journal::Journal;
use crate::record::{Exit, Failure, Result, Words};
use crate::store::Repo;
use crate::store::durable;
use crate::store::error::{GitResult, IoResult};
use crate::words;
use git2::{ErrorCode, Oid, RepositoryState};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long another git may hold the branch's lock before we give up.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// What became of an attempt to move the branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moved {
    /// It now points at our commit.
    Yes,
    /// A plain git moved it first; nothing was changed.
    NoLongerThere,
}

impl Repo {
    /// Moves a branch from one commit (none: it does not exist) to another, if it is still there.
    pub(crate) fn move_branch(&self, branch: &str, from: Option<Oid>, to: Oid, subject: &str) -> Result<Moved> {
        let git = self.git();
        let log = format!("kehu: {subject}");
        let start = Instant::now();
        loop {
            let moved = match from {
                Some(from) => git.reference_matching(branch, to, true, from, &log),
                None => git.reference(branch, to, false, &log),
            };
            match moved {
                Ok(_) => return Ok(Moved::Yes),
                Err(error) if matches!(error.code(), ErrorCode::Modified | ErrorCode::Exists | ErrorCode::NotFound) => {
                    return Ok(Moved::NoLongerThere);
                }
                Err(error) if error.code() == ErrorCode::Locked && start.elapsed() < PATIENCE => {
                    std::thread::sleep(PAUSE);
                }
                Err(error) if error.code() == ErrorCode::Locked => return Err(self.branch_locked(branch)),
                // Whatever went wrong after the branch had moved: it has, and the rest is for the next command.
                Err(_) if self.points_at(branch, to) => return Ok(Moved::Yes),
                Err(error) => return Err(error).git(),
            }
        }
    }

    fn points_at(&self, branch: &str, commit: Oid) -> bool {
        self.git().refname_to_id(branch).is_ok_and(|id| id == commit)
    }

    /// Brings the branch to the disk.
    pub(crate) fn sync_branch(&self, branch: &str) -> Result<()> {
        let shared = self.git().commondir();
        let file = shared.join(branch);
        durable::sync_all(std::slice::from_ref(&file))?;
        let folders: Vec<PathBuf> =
            file.ancestors().skip(1).take_while(|folder| *folder != shared).map(PathBuf::from).collect();
        durable::sync_all(&folders)
    }

    /// Takes away the lock that a kehu left on its branch when it was killed in the middle of moving it.
    ///
    /// It is ours when it holds our commit; or when it is empty, as git's is only for an instant, and
    /// stays so.
    pub(crate) fn clear_left_branch_lock(&self, journal: &Journal) -> Result<()> {
        let lock = self.branch_lock(&journal.branch);
        let read = || fs::read_to_string(&lock).present(&lock);
        let Some(text) = read()? else { return Ok(()) };
        let ours = match text.trim() {
            "" => {
                std::thread::sleep(Duration::from_secs(1));
                read()?.is_some_and(|text| text.is_empty())
            }
            text => text == journal.commit.to_string(),
        };
        if ours { fs::remove_file(&lock).present(&lock).map(|_| ()) } else { Ok(()) }
    }

    fn branch_lock(&self, branch: &str) -> PathBuf {
        self.git().commondir().join(format!("{branch}.lock"))
    }

    fn branch_locked(&self, branch: &str) -> Failure {
        let lock = self.branch_lock(branch);
        let lock = lock.display();
        let message = words!(
            "another git holds the branch `{branch}` by `{lock}`; nothing was changed",
            "另一个 git 进程正通过 `{lock}` 占用分支 `{branch}`；未做任何更改"
        );
        Failure::new(Exit::Busy, message).hint(left_by_git())
    }

    /// Returns the command that ends what git is in the middle of, with everything as before; none when it is in
    /// nothing that has one.
    pub fn way_back(&self) -> Option<&'static str> {
        match self.git().state() {
            RepositoryState::Merge => Some("git merge --abort"),
            RepositoryState::Revert | RepositoryState::RevertSequence => Some("git revert --abort"),
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => Some("git cherry-pick --abort"),
            RepositoryState::Rebase | RepositoryState::RebaseInteractive | RepositoryState::RebaseMerge => {
                Some("git rebase --abort")
            }
            RepositoryState::ApplyMailbox => Some("git am --abort"),
            _ => None,
        }
    }

    /// Refuses to commit in the middle of a merge, a rebase and the like: the commit would become part of it.
    pub(crate) fn refuse_unfinished(&self) -> Result<()> {
        let (en, zh) = match self.git().state() {
            RepositoryState::Clean => return Ok(()),
            RepositoryState::Merge => ("merge", "合并（merge）"),
            RepositoryState::Revert | RepositoryState::RevertSequence => ("revert", "还原（revert）"),
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => ("cherry-pick", "拣选（cherry-pick）"),
            RepositoryState::Bisect => ("bisect", "二分查找（bisect）"),
            RepositoryState::ApplyMailbox => ("am", "应用补丁（am）"),
            _ => ("rebase", "变基（rebase）"),
        };
        let message = words!("a git {en} is under way", "git {zh}尚未完成");
        Err(Failure::conflict(message)
            .hint(words!("`git status` says how to finish it", "`git status` 会说明如何完成")))
    }
}

/// Says how to tell whether a lock of git's is held or was left.
pub(crate) fn left_by_git() -> Words {
    words!(
        "run it again when that git has ended, with any editor it opened; `pgrep -l git` lists those that run: if there \
         is none, one that was killed left the file, and it may be moved away",
        "待该 git 结束（包括它打开的编辑器）后重试；`pgrep -l git` 可列出正在运行的 git：若没有，则该文件是被中断的 git \
         留下的，可将其移走"
    )
}
