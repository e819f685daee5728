//! A transaction: reading what a change is based on, and changing it.
//!
//! Nothing is written before [`commit`](Transaction::commit); a transaction that is dropped without it wrote nothing.
//!
//! *Invariant:* every path it reads or changes was compared with the work tree and git's index first, where its branch
//! is checked out.

use super::guard::Guard;
use super::judge::Judge;
use super::lock::WriteLock;
use super::numbers::Numbers;
use crate::record::{Result, Words};
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::store::fail_point::fail_point;
use crate::store::git::sign::Signing;
use crate::store::git_index::GitIndex;
use crate::store::load::refuse_large;
use crate::store::objects::tree::Folders;
use crate::store::sync::Content;
use crate::words;
use chrono::{DateTime, FixedOffset};
use foldhash::{HashMap, HashMapExt};
use git2::Oid;
use std::collections::HashSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::path::PathBuf;
use std::time::Duration;

/// Receives what a person should know although nothing failed.
pub type Note<'a> = &'a dyn Fn(Words);

/// The other side of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// The line that goes on: the first parent.
    Mainline(Oid),
    /// What is taken in: the second parent.
    Branch(Oid),
}

/// What a transaction depends on.
#[derive(Clone, Copy)]
pub struct WriteOptions<'a> {
    /// How long to wait for another writer.
    pub lock_timeout: Duration,
    /// The moment of the commit.
    pub now: DateTime<FixedOffset>,
    /// The command, told to others who wait for the lock: `lead import`.
    pub command: &'a str,
    /// Receives notes.
    pub note: Note<'a>,
    /// Decides whether the changes may be committed; none when nobody is asked.
    pub judge: Option<&'a dyn Judge>,
}

/// The new content of files by path; none for those that are removed.
pub(super) type Changes = BTreeMap<String, Option<Vec<u8>>>;

/// Where a transaction's branch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the work tree.
    CheckedOut,
    /// In git alone, at this commit; not there yet for none.
    Aside(Option<Oid>),
}

/// Changes under way, with the lock held.
pub struct Transaction<'r> {
    pub(in crate::store) repo: &'r Repo,
    pub(super) now: DateTime<FixedOffset>,
    pub(super) note: Note<'r>,
    pub(super) judge: Option<&'r dyn Judge>,
    pub(super) signing: Signing,
    pub(super) branch: String,
    pub(in crate::store) base: Option<Oid>,
    /// The commit that the branch moves to, where it is there already.
    pub(super) forward: Option<Oid>,
    /// Blobs of the changes that git holds already.
    pub(super) held: HashSet<Oid>,
    /// What a merge joins with the base.
    pub(super) joined: Option<Joined>,
    pub(super) place: Place,
    pub(super) guard: Guard<'r>,
    /// The blob in the base of every path that was looked at.
    pub(super) bases: HashMap<String, Option<Oid>>,
    pub(super) changes: Changes,
    pub(in crate::store) numbers: Option<Numbers>,
    _lock: WriteLock,
}

impl Repo {
    /// Begins a transaction: takes the lock and finishes what a killed process left.
    ///
    /// Fails with exit code 9 when another writer or git keeps a lock, and 5 in the middle of a merge, a
    /// rebase and the like, or when no branch is checked out.
    pub fn begin<'r>(&'r self, options: &WriteOptions<'r>) -> Result<Transaction<'r>> {
        let stage = self.progress().stage(&words!("waiting for another command", "等待另一条命令"), 0);
        let lock = WriteLock::take(&self.lock_path(), options.lock_timeout, options.command)?;
        drop(stage);
        fail_point("locked")?;
        if !self.recover(options.note)? {
            return Err(self.index_busy());
        }
        self.refuse_unfinished()?;
        let branch = self.branch()?;
        self.await_index()?;
        let base = self.git().refname_to_id(&branch).found()?;
        self.transaction(options, (branch, Place::CheckedOut), base, lock)
    }

    /// Makes a transaction of what was found under the lock.
    pub(super) fn transaction<'r>(
        &'r self,
        options: &WriteOptions<'r>,
        (branch, place): (String, Place),
        base: Option<Oid>,
        lock: WriteLock,
    ) -> Result<Transaction<'r>> {
        let index = GitIndex::load(&self.index_path())?;
        Ok(Transaction {
            repo: self,
            now: options.now,
            note: options.note,
            judge: options.judge,
            signing: Signing::No,
            branch,
            base,
            forward: None,
            held: HashSet::new(),
            joined: None,
            place,
            guard: Guard { repo: self, tree: Folders::new(self.git(), base)?, index, folders: Default::default() },
            bases: HashMap::new(),
            changes: BTreeMap::new(),
            numbers: None,
            _lock: lock,
        })
    }

    pub(super) fn lock_path(&self) -> PathBuf {
        self.shared_dir().join("lock")
    }
}

impl Transaction<'_> {
    /// Returns the commit this is based on; none before the first.
    pub fn base(&self) -> Option<Oid> {
        self.base
    }

    /// Makes the commit a merge, also when nothing differs: `mainline` becomes its first parent, the base its second.
    ///
    /// What others have seen already goes first, so that the line of first parents, by which the past is read
    /// as of a day, stays what it was.
    pub fn merge_onto(&mut self, mainline: Oid) {
        self.joined = Some(Joined::Mainline(mainline));
    }

    /// Makes the commit a merge of a branch: the base stays its first parent, `branch` becomes its second.
    pub(in crate::store) fn merge_with(&mut self, branch: Oid) {
        self.joined = Some(Joined::Branch(branch));
    }

    /// Returns the paths this changes.
    pub fn changed(&self) -> impl Iterator<Item = &str> {
        self.changes.keys().map(String::as_str)
    }

    /// Moves the branch to a commit that is there instead of making one; the changes are what differs from the base.
    pub(in crate::store) fn forward_to(&mut self, commit: Oid) {
        self.forward = Some(commit);
    }

    /// Gives a file content that git may hold already, or removes it for none; the same checks as
    /// [`read`](Transaction::read), but no file of another git is too large.
    pub(in crate::store) fn put(&mut self, path: &str, content: Option<&Content>) -> Result<()> {
        self.guarded(path)?;
        let bytes = content.map(|content| content.read(&self.repo.git().odb().git()?)).transpose()?;
        self.held.extend(content.filter(|content| content.bytes.is_none()).map(|content| content.id));
        self.changes.insert(path.to_string(), bytes);
        Ok(())
    }

    /// Returns what the file holds, in the base or as this transaction wrote it; none when it does not exist.
    ///
    /// Fails with exit code 5 when the work tree or git's index holds something else.
    pub fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        if let Some(change) = self.changes.get(path) {
            return Ok(change.clone());
        }
        self.guarded(path)?.map(|blob| self.repo.blob(blob)).transpose()
    }

    /// Returns what the file holds, in the base or as this transaction left it, whatever the work tree holds.
    pub fn see(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match self.changes.get(path) {
            Some(change) => Ok(change.clone()),
            None => self.guard.base(path)?.map(|blob| self.repo.blob(blob)).transpose(),
        }
    }

    /// Tells whether a file exists, in the base or as this transaction left it, whatever the work tree holds.
    pub fn exists(&self, path: &str) -> bool {
        match self.changes.get(path) {
            Some(change) => change.is_some(),
            None => self.guard.base(path).is_ok_and(|blob| blob.is_some()),
        }
    }

    /// Returns the paths of the files of a folder of the base and of those below it, sorted.
    pub fn files_in(&self, folder: &str) -> Result<Vec<String>> {
        self.guard.tree.files(folder)
    }

    /// Tells whether the base has a folder at its top.
    pub fn has_folder(&self, name: &str) -> bool {
        self.guard.tree.entry(name).is_ok_and(|entry| entry.is_some())
    }

    /// Writes a file; the same checks as [`read`](Transaction::read), and that it is not too large to be read.
    pub fn write(&mut self, path: &str, bytes: Vec<u8>) -> Result<()> {
        refuse_large(path, bytes.len() as u64)?;
        self.guarded(path)?;
        if let Some(numbers) = &mut self.numbers {
            numbers.written(path);
        }
        self.changes.insert(path.to_string(), Some(bytes));
        Ok(())
    }

    /// Writes a file that does not exist; returns whether it does not. The same checks as [`write`](Transaction::write).
    pub fn create(&mut self, path: String, bytes: Vec<u8>) -> Result<bool> {
        refuse_large(&path, bytes.len() as u64)?;
        let base = self.guarded(&path)?;
        if let Some(numbers) = &mut self.numbers {
            numbers.written(&path);
        }
        let change = self.changes.entry(path);
        let exists = match &change {
            Entry::Occupied(change) => change.get().is_some(),
            Entry::Vacant(_) => base.is_some(),
        };
        if !exists {
            change.insert_entry(Some(bytes));
        }
        Ok(!exists)
    }

    /// Removes a file, if it exists; the same checks as [`read`](Transaction::read).
    pub fn remove(&mut self, path: &str) -> Result<()> {
        self.guarded(path)?;
        self.changes.insert(path.to_string(), None);
        Ok(())
    }

    /// Takes a file as a person left it in the work tree for the content to commit; returns that content.
    ///
    /// Fails with exit code 5 when something else of it is staged, or when it is no regular file.
    pub fn adopt(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        let (base, content) = self.guard.hand_edit(path)?;
        self.bases.insert(path.to_string(), base);
        self.changes.insert(path.to_string(), content.clone());
        Ok(content)
    }

    /// Returns the blob in the base of a path that was looked at.
    pub(super) fn base_of(&self, path: &str) -> Option<Oid> {
        self.bases.get(path).copied().flatten()
    }

    fn guarded(&mut self, path: &str) -> Result<Option<Oid>> {
        if let Some(base) = self.bases.get(path) {
            return Ok(*base);
        }
        let base = match self.place {
            Place::CheckedOut => self.guard.check(path)?,
            Place::Aside(_) => self.guard.base(path)?,
        };
        self.bases.insert(path.to_string(), base);
        Ok(base)
    }
}
