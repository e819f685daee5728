//! The remote that a branch is kept in step with: fetched from, pushed to.
//!
//! *Absent on purpose:* force. A push only ever adds; what the remote has and we have not makes it fail.

mod branches;
mod git_program;
mod odd;
mod received;

pub use branches::Branches;
pub use git_program::Network;
pub use odd::Oddity;
pub use received::Held;

use super::Repo;
use super::error::GitResult;
use super::fail_point::fail_point;
use super::write::lock::WriteLock;
use super::write::transaction::WriteOptions;
use crate::record::{Failure, Result};
use crate::words;
use git2::Oid;

/// A branch of a remote, and the branch here that is kept in step with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// The remote's name: `origin`.
    pub name: String,
    /// The branch there, without `refs/heads/`.
    pub branch: String,
    /// The branch here, without `refs/heads/`.
    local: String,
    /// Whether git knows the one there as the upstream of the one here.
    is_upstream: bool,
}

/// The lock of a sync, held until dropped.
pub struct Syncing {
    _lock: WriteLock,
}

/// What came of a push.
pub enum Pushed {
    /// The remote has the commit.
    Yes,
    /// It has not; what git said.
    No(Failure),
}

impl Repo {
    /// Returns the branch of a remote that belongs to the checked-out branch: of `asked`, else its upstream, else of
    /// `origin` or the only remote there is.
    ///
    /// Fails with exit code 5 when no branch is checked out, 2 when there is no such remote, or none at all.
    pub fn remote(&self, asked: Option<&str>) -> Result<Remote> {
        let full = self.branch()?;
        let local = full.trim_start_matches("refs/heads/").to_string();
        let known = self.remotes()?;
        let stated = self.upstream(&local).filter(|(name, _)| known.contains(name));
        let upstream = stated.filter(|(name, _)| asked.is_none_or(|asked| asked == name));
        if let Some((name, branch)) = upstream {
            return Ok(Remote { name, branch, local, is_upstream: true });
        }
        let name = match (asked, known.as_slice()) {
            (Some(asked), _) => {
                known.iter().find(|name| *name == asked).ok_or_else(|| no_such_remote(asked, &known))?
            }
            (None, [only]) => only,
            (None, _) => known.iter().find(|name| *name == "origin").ok_or_else(|| no_remote(&local, &known))?,
        };
        Ok(Remote { name: name.clone(), branch: local.clone(), local, is_upstream: false })
    }

    pub(crate) fn remotes(&self) -> Result<Vec<String>> {
        let names = self.git().remotes().git()?;
        Ok(names.iter().filter_map(|name| name.ok().flatten().map(str::to_string)).collect())
    }

    /// Returns remote and branch that the configuration names as the upstream of a branch.
    fn upstream(&self, branch: &str) -> Option<(String, String)> {
        let config = self.git().config().and_then(|mut config| config.snapshot()).ok()?;
        let remote = config.get_string(&format!("branch.{branch}.remote")).ok()?;
        let merge = config.get_string(&format!("branch.{branch}.merge")).ok()?;
        Some((remote, merge.strip_prefix("refs/heads/")?.to_string()))
    }

    /// Fetches the remote's branch; returns its commit, none when the remote has no such branch.
    ///
    /// Fails when the remote cannot be reached, and when it is not there.
    pub fn fetch(&self, remote: &Remote, network: Network) -> Result<Option<Oid>> {
        let (name, branch) = (&remote.name, &remote.branch);
        let _stage = self.progress().stage(&words!("fetching from `{name}`", "从 `{name}` 获取"), 0);
        let refspec = format!("+refs/heads/{branch}:{}", remote.tracking());
        let said = self.run_git(network, &["fetch", "--no-recurse-submodules", name, &refspec])?;
        if said.is_done {
            fail_point("fetched")?;
            self.refresh()?;
            return self.git().refname_to_id(&remote.tracking()).found();
        }
        // Either it cannot be reached, or it has no such branch yet.
        let listed = self.run_git(network, &["ls-remote", "--heads", name, &format!("refs/heads/{branch}")])?;
        if listed.is_done && listed.stdout.trim().is_empty() {
            return Ok(None);
        }
        Err(said.failure(words!("cannot fetch from `{name}`", "无法从 `{name}` 获取")).hint(words!(
            "what is here stays here; `git remote -v` shows where it leads",
            "本地数据不受影响；用 `git remote -v` 查看远端地址"
        )))
    }

    /// Pushes a commit to the remote's branch, if that only adds to it.
    ///
    /// Fails when git cannot be run or takes too long; then nobody knows whether the remote has it.
    pub fn push(&self, remote: &Remote, commit: Oid, network: Network) -> Result<Pushed> {
        let (name, branch) = (&remote.name, &remote.branch);
        let _stage = self.progress().stage(&words!("pushing to `{name}`", "推送到 `{name}`"), 0);
        let refspec = format!("{commit}:refs/heads/{branch}");
        fail_point("pushing")?;
        let said = self.run_git(network, &["push", "--recurse-submodules=no", "--porcelain", name, &refspec])?;
        if said.is_done {
            fail_point("pushed")?;
            return Ok(Pushed::Yes);
        }
        Ok(Pushed::No(said.failure(words!("`{name}` did not take the push", "`{name}` 未接受推送"))))
    }

    /// Lets git know the remote's branch as the upstream, where the branch here has none.
    pub fn remember_upstream(&self, remote: &Remote) -> Result<()> {
        if remote.is_upstream || self.upstream(&remote.local).is_some() {
            return Ok(());
        }
        let mut config = self.git().config().git()?;
        config.set_str(&format!("branch.{}.remote", remote.local), &remote.name).git()?;
        config.set_str(&format!("branch.{}.merge", remote.local), &format!("refs/heads/{}", remote.branch)).git()
    }

    /// Takes the lock that lets one process sync at a time; others may read and write meanwhile.
    ///
    /// Fails with exit code 9 when another keeps it.
    pub fn begin_sync(&self, options: &WriteOptions<'_>) -> Result<Syncing> {
        let lock = WriteLock::take(&self.shared_dir().join("sync"), options.lock_timeout, options.command)?;
        fail_point("sync-locked")?;
        self.refuse_unfinished()?;
        Ok(Syncing { _lock: lock })
    }

    /// Makes libgit2 see the objects that another git brought.
    fn refresh(&self) -> Result<()> {
        self.git().odb().and_then(|odb| odb.refresh()).git()
    }

    /// Tells whether `commit` has all of `other`.
    pub fn has_all_of(&self, commit: Oid, other: Oid) -> Result<bool> {
        Ok(commit == other || self.git().graph_descendant_of(commit, other).git()?)
    }
}

impl Remote {
    /// Returns what git calls the remote's branch here: `origin/main`.
    pub fn shown(&self) -> String {
        format!("{}/{}", self.name, self.branch)
    }

    /// Returns the reference that remembers where the remote's branch was last seen.
    fn tracking(&self) -> String {
        format!("refs/remotes/{}", self.shown())
    }
}

fn no_remote(branch: &str, known: &[String]) -> Failure {
    if known.is_empty() {
        return Failure::usage(words!("this repository has no remote", "本仓库没有远端")).hint(words!(
            "`git remote add origin URL` names one; an empty bare repository will do: `git init --bare -b {branch} FOLDER`",
            "用 `git remote add origin 地址` 指定远端；空的裸仓库即可：`git init --bare -b {branch} 目录`"
        ));
    }
    let all = known.join(", ");
    Failure::usage(words!(
        "the branch has no upstream, and no remote is called `origin`",
        "当前分支没有上游，也没有名为 `origin` 的远端"
    ))
    .hint(words!("`--remote` names one of: {all}", "用 `--remote` 指定其一：{all}"))
}

fn no_such_remote(asked: &str, known: &[String]) -> Failure {
    let failure = Failure::usage(words!("there is no remote `{asked}`", "没有名为 `{asked}` 的远端"));
    if known.is_empty() {
        return failure.hint(words!("`git remote add {asked} URL` names one", "用 `git remote add {asked} 地址` 添加"));
    }
    let all = known.join(", ");
    failure.hint(words!("the remotes are {all}", "已有的远端：{all}"))
}
