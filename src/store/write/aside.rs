//! A transaction on a branch that is not checked out: for a review, and to be merged by plain git.
//!
//! Only git's objects and the branch change; neither the work tree nor git's index is looked at.

use super::branch::Moved;
use super::commit::{Draft, REBASES, keeps_moving};
use super::journal::Journal;
use super::lock::WriteLock;
use super::transaction::{Place, Transaction, WriteOptions};
use crate::record::{Failure, Result, Words};
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::store::fail_point::fail_point;
use crate::store::objects::Objects;
use crate::words;
use git2::{Branch, Oid};
use std::fs;
use std::path::PathBuf;

impl Repo {
    /// Begins a transaction on a branch that is not checked out; it starts at HEAD where there is none of this name.
    ///
    /// Neither the work tree nor git's index is looked at or touched. Fails with exit code 9 when another
    /// writer keeps the lock, 2 when git allows no such name, 5 when a work tree has the branch checked out.
    pub fn begin_on<'r>(&'r self, name: &str, options: &WriteOptions<'r>) -> Result<Transaction<'r>> {
        let branch = self.aside(name)?;
        let lock = WriteLock::take(&self.lock_path(), options.lock_timeout, options.command)?;
        fail_point("locked")?;
        self.recover(options.note)?;
        let tip = self.git().refname_to_id(&branch).found()?;
        let base = tip.map_or_else(|| self.head(), |tip| Ok(Some(tip)))?;
        self.transaction(options, (branch, Place::Aside(tip)), base, lock)
    }

    /// Returns the full name of a branch that is not checked out here nor in another work tree.
    ///
    /// Fails with exit code 2 when git allows no such name, 5 when it is checked out.
    pub(crate) fn aside(&self, name: &str) -> Result<String> {
        let branch = format!("refs/heads/{name}");
        if let Some(hint) = self.refused_name(name)? {
            return Err(
                Failure::usage(words!("`{name}` is no name for a branch", "`{name}` 不能作为分支名")).hint(hint)
            );
        }
        self.refuse_beside(name)?;
        if self.checked_out().contains(&branch) {
            return Err(Failure::conflict(words!("`{name}` is checked out", "分支 `{name}` 已检出"))
                .hint(words!("leave `--branch` out to change it", "去掉 `--branch` 即可直接修改它")));
        }
        Ok(branch)
    }

    /// Returns what to write instead of a name that git refuses, or takes for something else afterwards; none of a good one.
    fn refused_name(&self, name: &str) -> Result<Option<Words>> {
        if let Some(plain) = name.strip_prefix("refs/") {
            let plain = plain.strip_prefix("heads/").unwrap_or(plain);
            return Ok(Some(words!("write `{plain}`, without `refs/`", "请直接写 `{plain}`，不带 `refs/`")));
        }
        let is_of = |remote: &String| name.strip_prefix(remote.as_str()).is_some_and(|rest| rest.starts_with('/'));
        if let Some(remote) = self.remotes()?.into_iter().find(is_of) {
            return Ok(Some(words!(
                "names that begin with `{remote}/` are those of the remote `{remote}`; name a branch of your own: \
                 `import-2026-06`",
                "以 `{remote}/` 开头的名称属于远程 `{remote}`；请另取分支名，如 `import-2026-06`"
            )));
        }
        let is_good = name != "@" && Branch::name_is_valid(name).unwrap_or(false);
        let hint =
            words!("write letters, digits and `-`: `import-2026-06`", "请用字母、数字和 `-`，如 `import-2026-06`");
        Ok((!is_good).then_some(hint))
    }

    /// Refuses a new branch above or below another, as `rev/sub` beside `rev`: git keeps a branch as a file or a folder.
    fn refuse_beside(&self, name: &str) -> Result<()> {
        let branches = self.branches()?;
        let Some(other) = branches.in_the_way(&format!("refs/heads/{name}")) else { return Ok(()) };
        let other = other.trim_start_matches("refs/heads/");
        Err(Failure::conflict(words!(
            "there cannot be a branch `{name}` beside the branch `{other}`",
            "分支 `{name}` 不能与分支 `{other}` 并存"
        ))
        .hint(words!("write another name: `import-2026-06`", "请换一个名称，如 `import-2026-06`")))
    }

    /// Returns where a branch that is not checked out is, or where it would start: at HEAD.
    ///
    /// Fails as [`begin_on`](Repo::begin_on) does, and with exit code 4 when there is no commit yet.
    pub fn start_of(&self, name: &str) -> Result<Oid> {
        let tip = self.git().refname_to_id(&self.aside(name)?).found()?;
        tip.map_or_else(|| self.head(), |tip| Ok(Some(tip)))?.ok_or_else(|| {
            Failure::not_found(words!(
                "there is no commit yet to start `{name}` at",
                "尚无任何提交，无法建立分支 `{name}`"
            ))
        })
    }

    /// Returns the branches that this and the other work trees of the repository have checked out.
    fn checked_out(&self) -> Vec<String> {
        let shared = self.git().commondir();
        let others = fs::read_dir(shared.join("worktrees")).into_iter().flatten().flatten();
        let heads = others.map(|other| other.path().join("HEAD")).chain([shared.join("HEAD")]);
        let of_head =
            |head: PathBuf| fs::read_to_string(head).ok()?.strip_prefix("ref: ").map(|name| name.trim().into());
        heads.filter_map(of_head).collect()
    }
}

impl Transaction<'_> {
    /// Commits to a branch that is in git alone, on a new tip as often as plain git moved it first.
    pub(super) fn commit_aside(mut self, draft: &Draft<'_>) -> Result<Oid> {
        let mut objects = self.file_objects(&draft.plan);
        for _ in 0..REBASES {
            let commit = self.store_commit(objects, draft, &self.writing(1))?;
            fail_point("objects")?;
            // For the branch's lock alone, should this process be killed with it.
            self.repo.journals().write(&Journal { branch: self.branch.clone(), base: self.base, commit })?;
            fail_point("journal")?;
            if self.repo.move_branch(&self.branch, self.tip(), commit, &draft.message.subject_line())? == Moved::Yes {
                fail_point("branch")?;
                self.repo.sync_branch(&self.branch)?;
                self.repo.journals().clear()?;
                if let Some(numbers) = self.numbers {
                    numbers.remember(self.repo, commit, self.changes.keys());
                }
                return Ok(commit);
            }
            self.rebase()?;
            // The files' objects are there already.
            objects = Objects::default();
        }
        Err(keeps_moving())
    }

    /// Returns the commit the branch was found at.
    fn tip(&self) -> Option<Oid> {
        match self.place {
            Place::CheckedOut => self.base,
            Place::Aside(tip) => tip,
        }
    }
}
