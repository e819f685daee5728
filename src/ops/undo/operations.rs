//! Operations: what was done, one commit each, and whether it still stands.

use super::super::Session;
use crate::record::{Failure, Number, Result, Words};
use crate::store::{CommitInfo, Oid};
use crate::words;
use std::collections::HashMap;

/// The trailer of a commit that takes an operation back; its value is the operation's name.
pub const UNDONE: &str = "Kehu-Undo";

/// The trailer of a commit that does an operation again that was taken back.
pub const REDONE: &str = "Kehu-Redo";

/// How many letters of its commit name what plain git did.
const SHORT: usize = 10;

/// How many operations are looked through for one that a hint would name.
const NEAR: usize = 1000;

/// One commit: what a command of kehu did, or plain git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its name: that of the trailer `Kehu-Op`, else the first letters of its commit.
    pub name: String,
    /// Its commit.
    pub commit: CommitInfo,
    /// Whether it still stands, by the newest commit that says so.
    pub standing: Standing,
    /// The commits that took it back, newest first.
    pub undone_by: Vec<Oid>,
    /// The commits that did it again, newest first.
    pub redone_by: Vec<Oid>,
}

/// Whether an operation still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does; taking it back means taking back this commit, its own or that of a redo.
    Done(Oid),
    /// It was taken back by this commit.
    Undone(Oid),
}

impl Operation {
    /// Tells whether it takes another back or does one again, which is no work of its own.
    fn is_undo(&self) -> bool {
        self.commit.trailer(UNDONE).or(self.commit.trailer(REDONE)).is_some()
    }

    /// Tells whether it joins two histories.
    pub fn is_merge(&self) -> bool {
        self.commit.parents.len() > 1
    }
}

/// What later commits made of an operation, newest first.
#[derive(Debug, Clone, Default)]
struct Later {
    undone_by: Vec<Oid>,
    redone_by: Vec<Oid>,
    /// What the newest of them made of it.
    standing: Option<Standing>,
}

/// The operations of a history, newest first.
pub struct Operations<'s> {
    commits: Option<Box<dyn Iterator<Item = Result<CommitInfo>> + 's>>,
    /// What later commits made of operations not come to yet.
    later: HashMap<String, Later>,
}

/// Returns the operations that led to what is read, newest first.
pub fn operations(session: &Session) -> Result<Operations<'_>> {
    let tip = match session.past() {
        Some(commit) => Some(commit),
        None => session.repo.head()?,
    };
    let commits = tip.map(|tip| session.repo.commits(tip, &[])).transpose()?;
    Ok(Operations { commits: commits.map(|commits| Box::new(commits) as _), later: HashMap::new() })
}

impl Iterator for Operations<'_> {
    type Item = Result<Operation>;

    fn next(&mut self) -> Option<Result<Operation>> {
        let commit = match self.commits.as_mut()?.next()? {
            Ok(commit) => commit,
            Err(failure) => return Some(Err(failure)),
        };
        for (trailer, standing) in [(UNDONE, Standing::Undone(commit.id)), (REDONE, Standing::Done(commit.id))] {
            let Some(name) = commit.trailer(trailer) else { continue };
            let later = self.later.entry(name.to_string()).or_default();
            // The newest word on an operation is the one that holds.
            later.standing.get_or_insert(standing);
            match standing {
                Standing::Undone(commit) => later.undone_by.push(commit),
                Standing::Done(commit) => later.redone_by.push(commit),
            }
        }
        let name = commit.operation().map_or_else(|| commit.id.to_string()[..SHORT].to_string(), str::to_string);
        let Later { undone_by, redone_by, standing } = self.later.get(&name).cloned().unwrap_or_default();
        let standing = standing.unwrap_or(Standing::Done(commit.id));
        Some(Ok(Operation { name, commit, standing, undone_by, redone_by }))
    }
}

/// Tells whether a commit is the operation of this name, or does it again.
pub fn is_named(commit: &CommitInfo, name: &str) -> bool {
    let is_own = match commit.operation() {
        Some(operation) => operation == name,
        None => commit.id.to_string()[..SHORT] == *name,
    };
    is_own || commit.trailer(REDONE) == Some(name)
}

/// Returns the operation of this name: the whole of it, the beginning of one, or a commit.
///
/// Fails with exit code 4 when there is none, or several begin so.
pub fn find(session: &Session, text: &str) -> Result<Operation> {
    let commit = session.repo.resolve(text, &session.now.timezone()).ok();
    let mut found: Option<Operation> = None;
    for operation in operations(session)? {
        let operation = operation?;
        if operation.name == text || commit == Some(operation.commit.id) {
            return Ok(operation);
        }
        if operation.name.starts_with(text) && found.replace(operation).is_some() {
            return Err(Failure::not_found(words!(
                "several operations begin with `{text}`",
                "有多个操作以 `{text}` 开头"
            ))
            .hint(words!("`kehu op log` lists them in full", "`kehu op log` 列出完整名称")));
        }
    }
    found.ok_or_else(|| {
        Failure::not_found(words!("there is no operation `{text}`", "没有操作 `{text}`"))
            .hint(words!("`kehu op log` lists those there are", "`kehu op log` 列出已有的操作"))
    })
}

/// Says how the conversion of a lead is taken back: by its operation, where that is among the newest and still stands.
pub fn back_from_conversion(session: &Session, lead: &Number) -> Words {
    let begin = format!("lead: convert {lead} to ");
    let is_it = |one: &Operation| matches!(one.standing, Standing::Done(_)) && one.commit.subject.starts_with(&begin);
    let newest = operations(session).into_iter().flatten().take(NEAR).filter_map(Result::ok).find(is_it);
    match newest.map(|one| one.name) {
        Some(name) => words!("`kehu undo {name}` takes the conversion back", "`kehu undo {name}` 可撤销该次转化"),
        None => words!(
            "`kehu op log` names the conversion; `kehu undo NAME` takes it back",
            "用 `kehu op log` 查找该次转化，再用 `kehu undo 操作` 撤销"
        ),
    }
}

/// Returns the newest operation of git's author that still stands and takes no other back.
///
/// Fails with exit code 4 when there is none.
pub fn last_done(session: &Session) -> Result<Operation> {
    let email = session.repo.identity()?.email;
    for operation in operations(session)? {
        let operation = operation?;
        let is_work = !operation.is_undo() && !operation.is_merge() && matches!(operation.standing, Standing::Done(_));
        if is_work && operation.commit.author_email.eq_ignore_ascii_case(&email) {
            return Ok(operation);
        }
    }
    Err(none_of_yours())
}

/// Returns the operation that git's author took back last and that was not done again.
///
/// Fails with exit code 4 when there is none.
pub fn last_undone(session: &Session) -> Result<Operation> {
    let email = session.repo.identity()?.email;
    let mut all = operations(session)?;
    let mut wanted = None;
    while let Some(operation) = all.next() {
        let operation = operation?;
        let Operation { commit, standing, .. } = &operation;
        if let Some(name) = commit.trailer(UNDONE).filter(|_| wanted.is_none())
            && commit.author_email.eq_ignore_ascii_case(&email)
            && all.later.get(name).and_then(|later| later.standing) == Some(Standing::Undone(commit.id))
        {
            wanted = Some(Standing::Undone(commit.id));
        }
        if wanted == Some(*standing) {
            return Ok(operation);
        }
    }
    Err(none_of_yours())
}

fn none_of_yours() -> Failure {
    Failure::not_found(words!("there is no such operation of yours", "您没有这样的操作"))
        .hint(words!("`kehu op log` lists the operations of all", "`kehu op log` 列出所有人的操作"))
}
