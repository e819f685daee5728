//! The guard over hand edits: a path may be written only where work tree, index and commit agree.
//!
//! So nothing a person typed or staged is overwritten, and nothing of it is swept into a commit of ours.

use crate::record::{Failure, Result, Words};
use crate::store::Repo;
use crate::store::durable;
use crate::store::error::IoResult;
use crate::store::git_index::{GitIndex, Staged};
use crate::store::objects::tree::{Entry, Folders};
use crate::store::worktree::content::{OnDisk, mentions_filter, refuse_filter};
use crate::store::worktree::path::{check_path, folder_of, obstacle};
use crate::words;
use foldhash::HashMap;
use git2::Oid;
use std::cell::RefCell;
use std::path::Path;

/// What a transaction compares a path with.
pub(crate) struct Guard<'r> {
    pub repo: &'r Repo,
    /// The tree of the commit it is based on; empty before the first.
    pub tree: Folders<'r>,
    /// git's index when it began.
    pub index: GitIndex,
    /// What was found of folders that were looked at.
    pub folders: RefCell<HashMap<String, KnownFolder>>,
}

/// What is known of a folder of the work tree; all that leads to it are real folders.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownFolder {
    /// Whether it is there: in one that is not, no file has to be looked for.
    exists: bool,
    /// Whether an attribute that transforms content may apply in it.
    is_filtered: bool,
}

impl Guard<'_> {
    /// Returns the blob at `path` in the base.
    ///
    /// Fails with exit code 5 when the work tree or the index holds anything else there.
    pub fn check(&self, path: &str) -> Result<Option<Oid>> {
        let base = self.base(path)?;
        let folder = self.folder(path)?;
        let disk = if folder.exists { OnDisk::read(&self.repo.root().join(path))? } else { OnDisk::Missing };
        if disk.same_as(base, self.repo.git(), path).is_none() {
            return Err(edited(path, base, &disk));
        }
        if folder.is_filtered {
            refuse_filter(self.repo.git(), path)?;
        }
        match self.index.find(path)? {
            Staged::Conflict => Err(undecided(path)),
            Staged::Blob(staged, _) if base == Some(staged) => Ok(base),
            Staged::Absent if base.is_none() => Ok(base),
            _ => Err(staged_by_hand(path)),
        }
    }

    /// Returns the blob at `path` in the base, whatever the work tree holds.
    pub fn base(&self, path: &str) -> Result<Option<Oid>> {
        check_path(path)?;
        match self.tree.entry(path)? {
            Some(entry) if !entry.is_file() => Err(Failure::conflict(words!(
                "`{path}` is not a regular file in git",
                "`{path}` 在 git 中不是普通文件"
            ))),
            entry => Ok(entry.map(|Entry { id, .. }| id)),
        }
    }

    /// Returns what is known of the folder a file lies in.
    ///
    /// Fails with exit code 5 when something on the way to it is no real folder, 1 when it may not be written.
    pub(super) fn folder(&self, path: &str) -> Result<KnownFolder> {
        let (root, folder) = (self.repo.root(), folder_of(path));
        if let Some(known) = self.folders.borrow().get(folder) {
            return Ok(*known);
        }
        if let Some(folder) = obstacle(root, path) {
            return Err(Failure::conflict(words!("`{folder}` is not a folder", "`{folder}` 不是目录")));
        }
        refuse_closed(&root.join(path))?;
        let exists = root.join(folder).symlink_metadata().is_ok();
        let known = KnownFolder { exists, is_filtered: mentions_filter(self.repo.git(), root, folder) };
        self.folders.borrow_mut().insert(folder.to_string(), known);
        Ok(known)
    }

    pub(in crate::store) fn refuse_filter(&self, path: &str) -> Result<()> {
        if self.folder(path)?.is_filtered { refuse_filter(self.repo.git(), path) } else { Ok(()) }
    }
}

/// Refuses a path in a folder that may not be written, before the commit stands and its files cannot follow.
fn refuse_closed(path: &Path) -> Result<()> {
    let Some(folder) = path.ancestors().skip(1).find(|folder| folder.exists()) else { return Ok(()) };
    durable::writable(folder).at(folder)
}

fn edited(path: &str, base: Option<Oid>, disk: &OnDisk) -> Failure {
    let message = match (base, disk) {
        (None, _) => words!("`{path}` exists and was never committed", "`{path}` 已存在，但尚未提交"),
        (_, OnDisk::Missing) => words!("`{path}` was deleted by hand", "`{path}` 已被手工删除"),
        _ => words!("`{path}` has hand edits that are not committed", "`{path}` 有尚未提交的手工修改"),
    };
    by_hand(message)
}

fn staged_by_hand(path: &str) -> Failure {
    by_hand(words!("`{path}` has staged changes that are not committed", "`{path}` 有已暂存但尚未提交的修改"))
}

pub(crate) fn undecided(path: &str) -> Failure {
    Failure::conflict(words!("`{path}` has a merge conflict that is not decided", "`{path}` 有尚未解决的合并冲突"))
        .hint(words!("`git status` says how to finish it", "`git status` 会说明如何完成"))
}

fn by_hand(message: Words) -> Failure {
    Failure::conflict(message).hint(words!(
        "`kehu status` shows hand edits; `kehu commit` commits them",
        "`kehu status` 列出手工修改；`kehu commit` 提交它们"
    ))
}
