//! Committing a transaction: from its changes to a branch that has moved and files that follow.
//!
//! The steps are told in [`write`](super). What happens before the branch moves is an error; what happens after is a
//! note, because the commit stands.

use super::branch::Moved;
use super::finish::{Contents, Kit};
use super::index_lock::{IndexLock, IndexStage};
use super::journal::Journal;
use super::judge::Written;
use super::plan::Plan;
use super::staging::{Placed, Staging};
use super::transaction::{Place, Transaction};
use crate::record::{Failure, Result, Words};
use crate::store::error::GitResult;
use crate::store::fail_point::fail_point;
use crate::store::git::identity::Identity;
use crate::store::git::message::Message;
use crate::store::git::sign::Signing;
use crate::store::objects::tree::Folders;
use crate::store::objects::{Objects, id_of};
use crate::words;
use git2::{ObjectType, Oid};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// How often a change is put on a new tip when plain git keeps moving the branch.
pub(super) const REBASES: usize = 10;

/// What a commit is made with, beside the transaction's changes.
pub(super) struct Draft<'m> {
    pub plan: Plan,
    pub message: &'m Message,
    pub author: Identity,
    pub committer: Identity,
}

impl Transaction<'_> {
    /// Commits the changes and brings them to the work tree; returns the commit, or none when nothing changed.
    ///
    /// When this returns, the commit is on the disk. Fails, with nothing changed, when the judge does, when git knows no
    /// identity, and with exit code 5 when plain git changed the same paths meanwhile.
    pub fn commit(mut self, message: &Message) -> Result<Option<Oid>> {
        let plan = self.plan();
        if self.changes.is_empty() && self.joined.is_none() && self.forward.is_none() {
            return Ok(None);
        }
        self.ask_judge(&plan, message)?;
        let draft = Draft { plan, message, author: self.repo.identity()?, committer: self.repo.committer()? };
        let (repo, note) = (self.repo, self.note);
        // A clone does not bring git's settings along. They are a convenience: nothing waits for them.
        let _ = repo.install_git_drivers();
        self.signing = repo.signing()?;
        let is_unsigned = self.signing == Signing::Other;
        let committed = match self.place {
            Place::CheckedOut => self.commit_here(&draft),
            Place::Aside(_) => self.commit_aside(&draft),
        };
        if committed.is_err() {
            // What cannot be dropped is dropped by the next command: the branch never moved.
            let _ = repo.journals().clear();
        }
        if is_unsigned && committed.is_ok() {
            note(words!(
                "`commit.gpgsign` is set, but kehu signs with SSH keys only (`gpg.format = ssh`); this commit is not signed",
                "已设置 `commit.gpgsign`，但 kehu 只支持 SSH 密钥签名（`gpg.format = ssh`）；此提交未签名"
            ));
        }
        committed.map(Some)
    }

    /// Commits to the branch that is checked out, and brings the commit to its files.
    fn commit_here(mut self, draft: &Draft<'_>) -> Result<Oid> {
        let (commit, staging) = self.store(draft)?;
        let (journal, index) = self.move_branch(commit, draft)?;
        self.finish(&journal, &draft.plan, index, staging);
        Ok(journal.commit)
    }

    /// Fails as [`commit`](Transaction::commit) would because of the judge, and commits nothing.
    pub fn rehearse(&mut self, message: &Message) -> Result<()> {
        let plan = self.plan();
        self.ask_judge(&plan, message)
    }

    fn ask_judge(&self, plan: &Plan, message: &Message) -> Result<()> {
        // A merge brings together what its makers were asked about each.
        let Some(judge) = self.judge.filter(|_| self.joined.is_none() && self.forward.is_none()) else {
            return Ok(());
        };
        let written = self.changes.iter().map(|(path, after)| Written {
            path,
            before: self.base_of(path),
            after: after.as_deref(),
        });
        let written: Vec<Written<'_>> = written.collect();
        if plan.steps().len() == 0 { Ok(()) } else { judge.judge(&written, message) }
    }

    /// Moves the branch to the commit with git's index locked, on a new tip as often as plain git moved it first.
    ///
    /// The lock is kept over that: no `git add` and no `git commit` begins any more, so the next try mostly is the
    /// last. The journals stay beside it, for a lock that a killed process leaves is known by them.
    fn move_branch(&mut self, mut commit: Oid, draft: &Draft<'_>) -> Result<(Journal, IndexLock)> {
        let plan = &draft.plan;
        let mut kept = None;
        for _ in 0..REBASES {
            fail_point("objects")?;
            let journal = Journal { branch: self.branch.clone(), base: self.base, commit };
            self.repo.journals().write(&journal)?;
            fail_point("journal")?;
            let index = kept.take().map_or_else(|| self.repo.lock_index(plan), Ok)?;
            fail_point("git-locked")?;
            // Both may have changed since the transaction began; from here on git would wait for the lock.
            self.repo.refuse_unfinished()?;
            self.refuse_other_branch()?;
            let has_early = self.repo.draft_index(&index, plan, &self.guard.index)?;
            if self.repo.move_branch(&self.branch, self.base, commit, &draft.message.subject_line())? == Moved::Yes {
                // What cannot be replaced now is replaced with the files.
                let _ = has_early.then(|| fail_point("moved").and_then(|()| index.replace(IndexStage::Early)));
                return Ok((journal, index));
            }
            kept = Some(index);
            self.rebase()?;
            // The files' objects are there already.
            commit = self.store_commit(Objects::default(), draft, &self.writing(0))?;
        }
        Err(keeps_moving())
    }

    fn refuse_other_branch(&self) -> Result<()> {
        if self.repo.branch()? == self.branch {
            return Ok(());
        }
        Err(Failure::conflict(words!(
            "another branch was checked out meanwhile; nothing was changed",
            "期间检出了另一个分支；未做任何更改"
        ))
        .hint(words!("run it again", "请重试")))
    }

    /// Drops changes that change nothing; returns what the others come to.
    fn plan(&mut self) -> Plan {
        let target = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| id_of(ObjectType::Blob, bytes));
        let targets: Vec<Option<Oid>> = self.changes.par_iter().map(|(_, bytes)| target(bytes)).collect();
        let mut targets = targets.into_iter();
        let mut differing = Vec::with_capacity(targets.len());
        self.changes.retain(|path, _| {
            let (base, target) = (self.bases.get(path).copied().flatten(), targets.next().flatten());
            if base != target {
                differing.push((base, target));
            }
            base != target
        });
        Plan::of(self.changes.keys().zip(differing).map(|(path, (base, target))| (path.as_str(), base, target)))
    }

    /// Puts the change on the branch's new tip; fails when plain git changed one of our paths there.
    pub(super) fn rebase(&mut self) -> Result<()> {
        if self.forward.is_some() {
            return Err(keeps_moving());
        }
        self.base = self.repo.git().refname_to_id(&self.branch).found()?;
        if let Place::Aside(tip) = &mut self.place {
            *tip = self.base;
        }
        self.guard.tree = Folders::new(self.repo.git(), self.base)?;
        self.numbers = None;
        for path in self.changes.keys() {
            if self.guard.base(path)? != self.base_of(path) {
                return Err(Failure::conflict(words!(
                    "`{path}` was changed by another git meanwhile",
                    "`{path}` 刚刚被另一个 git 修改"
                ))
                .hint(words!("nothing was changed; run it again", "未做任何更改；请重试")));
            }
        }
        Ok(())
    }

    /// Brings the commit to files and index. It stands already, so what goes wrong here is only noted.
    fn finish(self, journal: &Journal, plan: &Plan, index: IndexLock, staging: Option<Staging>) {
        let note = self.note;
        if let Err(failure) = self.try_finish(journal, plan, index, staging) {
            let Words { en, zh } = failure.message;
            note(words!(
                "committed, but not finished: {en}; the next kehu command finishes it",
                "已提交，但收尾未完成：{zh}；下一条 kehu 命令会继续完成"
            ));
        }
    }

    fn try_finish(self, journal: &Journal, plan: &Plan, index: IndexLock, staging: Option<Staging>) -> Result<()> {
        let repo = self.repo;
        fail_point("branch")?;
        repo.sync_branch(&journal.branch)?;
        let changes = &self.changes;
        let contents: Contents<'_> = &|path| changes.get(path)?.as_deref();
        let mut kit = Kit { contents: Some(contents), staging, read: Some(self.guard.index) };
        let mut plan = Cow::Borrowed(plan);
        let head = repo.head()?;
        if head != Some(journal.commit) {
            // `git checkout -b` takes no lock that could be held against it.
            let tree = Folders::new(repo.git(), head)?;
            repo.finish_index(&index, &plan.back_to(&tree)?, (&Placed::default(), &BTreeSet::new()), None)?;
            plan.to_mut().keep_current(&tree)?;
            kit.staging = None;
            let branch = journal.branch.trim_start_matches("refs/heads/");
            (self.note)(words!(
                "committed to `{branch}`, which is checked out no longer",
                "已提交到 `{branch}`，但它已不是当前检出的分支"
            ));
        }
        repo.finish(&plan, kit, Some(index), self.note)?;
        repo.journals().clear()?;
        fail_point("journal-dropped")?;
        if let Some(numbers) = self.numbers {
            numbers.remember(repo, journal.commit, self.changes.keys());
        }
        fail_point("unlocking")
    }
}

pub(super) fn keeps_moving() -> Failure {
    Failure::conflict(words!("the branch keeps being moved by another git", "分支不断被另一个 git 移动"))
        .hint(words!("run it again when that has ended", "待其结束后重试"))
}
