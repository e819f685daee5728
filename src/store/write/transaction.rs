//! A transaction: reading what a change is based on, changing it, and committing it as one.
//!
//! The write path, in order; DESIGN.md gives the reasons:
//! 1. the lock is taken, what a killed process left is finished, a merge under way is refused;
//! 2. paths are read and written, each guarded against hand edits;
//! 3. objects and commit are written and synced, and beside the work tree its new files; nothing of it is
//!    visible yet;
//! 4. the journal is written and synced;
//! 5. git's index is locked, room for the new one is made sure of, and the branch moves, if it is still
//!    where it was: **the commit point**;
//! 6. files, then git's index, are brought to the commit, and the journal is dropped.
//!
//! *Invariants:* before 5 a failure leaves nothing behind; after 5 nothing is reported as failed, only
//! noted, because it happened; 6 takes no room on the disk that was not had before. A transaction that
//! is dropped without a commit wrote nothing.
//!
//! *Absent on purpose:* git's hooks (libgit2 runs none).

use super::branch::Moved;
use super::finish::{Contents, Kit};
use super::guard::Guard;
use super::index_lock::{IndexLock, IndexStage};
use super::journal::Journal;
use super::judge::{Judge, Written};
use super::lock::WriteLock;
use super::plan::Plan;
use super::sequence::Numbers;
use super::staging::Staging;
use crate::progress::Stage;
use crate::record::{Failure, Result, Words};
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::store::fail_point::fail_point;
use crate::store::git::identity::Identity;
use crate::store::git::message::Message;
use crate::store::git::sign::Signing;
use crate::store::git_index::GitIndex;
use crate::store::load::refuse_large;
use crate::store::objects::tree;
use crate::store::objects::tree::Folders;
use crate::store::objects::{Objects, id_of};
use crate::store::sync::Content;
use crate::words;
use chrono::{DateTime, FixedOffset};
use git2::{ObjectType, Oid};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::btree_map::{BTreeMap, Entry};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

/// How often a change is put on a new tip when plain git keeps moving the branch.
pub(super) const REBASES: usize = 10;

/// Receives what a person should know although nothing failed.
pub type Note<'a> = &'a dyn Fn(Words);

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
type Changes = BTreeMap<String, Option<Vec<u8>>>;

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
    now: DateTime<FixedOffset>,
    note: Note<'r>,
    judge: Option<&'r dyn Judge>,
    signing: Signing,
    pub(super) branch: String,
    pub(in crate::store) base: Option<Oid>,
    /// The commit that the branch moves to, where it is there already.
    forward: Option<Oid>,
    /// Blobs of the changes that git holds already.
    held: HashSet<Oid>,
    /// The commit whose line the merged history goes on with.
    mainline: Option<Oid>,
    pub(super) place: Place,
    guard: Guard<'r>,
    /// The blob in the base of every path that was looked at.
    bases: HashMap<String, Option<Oid>>,
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
            mainline: None,
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
        self.mainline = Some(mainline);
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

    /// Commits the changes and brings them to the work tree; returns the commit, or none when nothing changed.
    ///
    /// When this returns, the commit is on the disk. Fails, with nothing changed, when the judge does, when git knows no
    /// identity, and with exit code 5 when plain git changed the same paths meanwhile.
    pub fn commit(mut self, message: &Message) -> Result<Option<Oid>> {
        let plan = self.plan();
        if self.changes.is_empty() && self.mainline.is_none() && self.forward.is_none() {
            return Ok(None);
        }
        self.ask_judge(&plan)?;
        let author = self.repo.identity()?;
        let committer = self.repo.committer()?;
        let people = [&author, &committer];
        let (repo, note) = (self.repo, self.note);
        // A clone does not bring git's settings along. They are a convenience: nothing waits for them.
        let _ = repo.install_git_drivers();
        self.signing = repo.signing()?;
        let is_unsigned = self.signing == Signing::Other;
        let committed = match self.place {
            Place::CheckedOut => self.commit_here(&plan, message, people),
            Place::Aside(_) => self.commit_aside(&plan, message, people),
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
    fn commit_here(mut self, plan: &Plan, message: &Message, people: [&Identity; 2]) -> Result<Oid> {
        let (commit, staging) = self.store(plan, message, people)?;
        let (journal, index) = self.move_branch(commit, plan, message, people)?;
        self.finish(&journal, plan, index, staging);
        Ok(journal.commit)
    }

    /// Fails as [`commit`](Transaction::commit) would because of the judge, and commits nothing.
    pub fn rehearse(&mut self) -> Result<()> {
        let plan = self.plan();
        self.ask_judge(&plan)
    }

    fn ask_judge(&self, plan: &Plan) -> Result<()> {
        // A merge brings together what its makers were asked about each.
        let Some(judge) = self.judge.filter(|_| self.mainline.is_none() && self.forward.is_none()) else {
            return Ok(());
        };
        let before = |path: &str| self.bases.get(path).copied().flatten();
        let written = self.changes.iter();
        let written = written.map(|(path, after)| Written { path, before: before(path), after: after.as_deref() });
        let written: Vec<Written<'_>> = written.collect();
        if plan.steps().len() == 0 { Ok(()) } else { judge.judge(&written) }
    }

    /// Moves the branch to the commit with git's index locked, on a new tip as often as plain git moved it first.
    ///
    /// The lock is kept over that: no `git add` and no `git commit` begins any more, so the next try mostly is the
    /// last. The journals stay beside it, for a lock that a killed process leaves is known by them.
    fn move_branch(
        &mut self,
        mut commit: Oid,
        plan: &Plan,
        message: &Message,
        people: [&Identity; 2],
    ) -> Result<(Journal, IndexLock)> {
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
            if self.repo.branch()? != self.branch {
                return Err(Failure::conflict(words!(
                    "another branch was checked out meanwhile; nothing was changed",
                    "期间检出了另一个分支；未做任何更改"
                ))
                .hint(words!("run it again", "请重试")));
            }
            let has_early = self.repo.draft_index(&index, plan, &self.guard.index)?;
            if self.repo.move_branch(&self.branch, self.base, commit, &message.subject_line())? == Moved::Yes {
                // What cannot be replaced now is replaced with the files.
                let _ = has_early.then(|| fail_point("moved").and_then(|()| index.replace(IndexStage::Early)));
                return Ok((journal, index));
            }
            kept = Some(index);
            self.rebase()?;
            // The files' objects are there already.
            commit = self.store_commit(Objects::default(), plan, message, people, &self.writing(0))?;
        }
        Err(keeps_moving())
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

    /// Drops changes that change nothing; returns what the others come to.
    fn plan(&mut self) -> Plan {
        let target = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| id_of(ObjectType::Blob, bytes));
        let targets: Vec<Option<Oid>> = self.changes.par_iter().map(|(_, bytes)| target(bytes)).collect();
        let mut targets = targets.into_iter();
        let mut plan = Plan::default();
        self.changes.retain(|path, _| {
            let (base, target) = (self.bases.get(path).copied().flatten(), targets.next().flatten());
            if base != target {
                plan.put(path, base, target);
            }
            base != target
        });
        plan
    }

    /// Writes the commit's objects and, meanwhile, its files; all of it is on the disk.
    fn store(&self, plan: &Plan, message: &Message, people: [&Identity; 2]) -> Result<(Oid, Option<Staging>)> {
        let (root, changes) = (self.repo.root(), &self.changes);
        let draft = self.repo.draft_staging(plan)?;
        let stage = self.writing(2);
        thread::scope(|scope| {
            let staging = scope.spawn(|| draft.write(root, changes, &stage));
            let commit = self.store_commit(self.file_objects(plan), plan, message, people, &stage);
            let staging = staging.join().unwrap_or(Ok(None));
            fail_point("staged")?;
            Ok((commit?, staging?))
        })
    }

    /// Tells that the changes are written, so many times each.
    pub(super) fn writing(&self, times: usize) -> Stage {
        self.repo.progress().stage(&words!("writing records", "写入记录"), times * self.changes.len())
    }

    /// Returns the objects of the files.
    pub(super) fn file_objects(&self, plan: &Plan) -> Objects<'_> {
        let mut objects = Objects::default();
        for ((_, step), bytes) in plan.steps().zip(self.changes.values()) {
            if let (Some(id), Some(bytes)) = (step.target.filter(|id| !self.held.contains(id)), bytes) {
                objects.add_file(id, bytes);
            }
        }
        objects
    }

    /// Writes these objects, trees and commit; they are on the disk and nothing refers to them.
    pub(super) fn store_commit<'c>(
        &'c self,
        mut objects: Objects<'c>,
        plan: &Plan,
        message: &Message,
        [author, committer]: [&Identity; 2],
        stage: &Stage,
    ) -> Result<Oid> {
        let odb = self.repo.git().odb().git()?;
        let edits: Vec<tree::Edit<'_>> = plan.steps().map(|(path, step)| (path, step.target)).collect();
        let tree = tree::rewrite(&odb, self.repo.tree_id(self.base)?, &edits, &mut objects)?;
        if let Some(forward) = self.forward {
            return if self.repo.tree_id(Some(forward))? == Some(tree) {
                Ok(forward)
            } else {
                Err(not_the_same(forward))
            };
        }
        let mut text = format!("tree {tree}\n");
        for parent in self.mainline.iter().chain(&self.base) {
            text.push_str(&format!("parent {parent}\n"));
        }
        text.push_str(&format!("author {}\ncommitter {}\n\n", author.line(&self.now), committer.line(&self.now)));
        text.push_str(&message.render());
        let text = self.repo.signed(text, &self.signing)?;
        let commit = objects.add(ObjectType::Commit, text.into_bytes());
        objects.store(self.repo.git(), stage)?;
        Ok(commit)
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
            if self.guard.base(path)? != self.bases.get(path).copied().flatten() {
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
            note(Words {
                en: format!("committed, but not finished: {en}; the next kehu command finishes it").into(),
                zh: format!("已提交，但收尾未完成：{zh}；下一条 kehu 命令会继续完成").into(),
            });
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
            repo.finish_index(&index, &plan.back_to(&tree)?, &BTreeSet::new(), None)?;
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
        remember_numbers(repo, self.numbers, &self.changes, journal.commit);
        fail_point("unlocking")
    }
}

/// Keeps the numbers that are used as of a commit.
pub(super) fn remember_numbers(repo: &Repo, numbers: Option<Numbers>, changes: &Changes, commit: Oid) {
    let Some(mut numbers) = numbers else { return };
    numbers.committed(commit, changes.keys().map(String::as_str));
    // Only a cache: the next command reads what is missing from git.
    let _ = numbers.save(&repo.shared_dir());
}

pub(super) fn keeps_moving() -> Failure {
    Failure::conflict(words!("the branch keeps being moved by another git", "分支不断被另一个 git 移动"))
        .hint(words!("run it again when that has ended", "待其结束后重试"))
}

/// A tree of the commit that was fetched is not what its differences come to.
fn not_the_same(commit: Oid) -> Failure {
    Failure::failed(words!(
        "the tree of `{commit}` is not what its files come to; nothing was changed",
        "`{commit}` 的树与其文件不符；未做任何更改"
    ))
    .hint(words!("`git fsck` looks for damage", "可用 `git fsck` 检查损坏"))
}
