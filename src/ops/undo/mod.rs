//! Taking an operation back, and doing it again.
//!
//! Both are one thing: the difference that a commit made is taken out of what there is now, file by file and
//! field by field, and committed as a change of its own. So it works after a push and after later work, and
//! is itself taken back in the same way. What later work built on is never touched: it is a refusal that names it.
//!
//! *Invariants:* where nothing followed, every file is byte for byte what it was before. A record that got another
//! number since is found under the one it has now, never under the one it had, which another record may have.
//! Nothing is left that no command could read.
//!
//! *Absent on purpose:* links, submodules and programs, which are not put back in part but refused; plain git does
//! it.

mod obstacles;
mod operations;
mod reversal;

pub use operations::{
    Operation, REDONE, Standing, UNDONE, back_from_conversion, find, is_named, last_done, last_undone, operations,
};

use self::reversal::Reversal;
use super::{Outcome, Session};
use crate::record::{Failure, Result};
use crate::store::Oid;
use crate::words;

/// Takes an operation back.
///
/// Fails with exit code 5, naming the fields or records, where later work builds on it, and when it was taken
/// back already.
pub fn undo(session: &Session, operation: &Operation) -> Result<Outcome> {
    let name = &operation.name;
    refuse_undo(operation)?;
    let subject = format!("undo: {}", operation.commit.subject);
    let trailer = (UNDONE, name.as_str());
    let newest = match operation.standing {
        Standing::Done(commit) => return Reversal::of(session, commit, name)?.commit(&subject, trailer),
        Standing::Undone(newest) => newest,
    };
    let done = operation.redone_by.first().copied().unwrap_or(operation.commit.id);
    match disputed(session, (newest, &operation.redone_by), done, name)? {
        Some(reversal) => reversal.commit(&subject, trailer),
        None => Err(Failure::conflict(words!("`{name}` was taken back already", "`{name}` 已被撤销"))
            .hint(words!("`kehu redo {name}` does it again", "`kehu redo {name}` 可重做"))),
    }
}

/// Does an operation again that was taken back; fails as [`undo`] does.
pub fn redo(session: &Session, operation: &Operation) -> Result<Outcome> {
    let name = &operation.name;
    let subject = format!("redo: {}", operation.commit.subject);
    let trailer = (REDONE, name.as_str());
    let newest = match operation.standing {
        Standing::Undone(commit) => return Reversal::of(session, commit, name)?.commit(&subject, trailer),
        Standing::Done(newest) => newest,
    };
    let undone = operation.undone_by.first().copied().unwrap_or(newest);
    match disputed(session, (newest, &operation.undone_by), undone, name)? {
        Some(reversal) => reversal.commit(&subject, trailer),
        None => Err(Failure::conflict(words!("`{name}` was not taken back", "`{name}` 未被撤销"))),
    }
}

/// Returns how `commit` is reversed although the newest word on an operation is that it was.
///
/// In two clones one operation may be taken back and done again independently, and what a merge makes of both need
/// not be what the newest of them says. So where some of `others`, which say the opposite, are not in its history,
/// the files decide: it can be reversed where they hold just what the commit made, or nothing but other fields were
/// changed since.
fn disputed<'s>(
    session: &'s Session,
    (newest, others): (Oid, &[Oid]),
    commit: Oid,
    name: &str,
) -> Result<Option<Reversal<'s>>> {
    for other in others {
        if !session.repo.has_all_of(newest, *other)? {
            let reversal = Reversal::of(session, commit, name)?;
            return Ok(reversal.is_clear().then_some(reversal));
        }
    }
    Ok(None)
}

/// Refuses to take back what itself took another back or did it again: that other is what is meant.
fn refuse_undo(operation: &Operation) -> Result<()> {
    let (name, commit) = (&operation.name, &operation.commit);
    let message = words!("`{name}` is no operation of its own", "`{name}` 不是独立的操作");
    let hint = match (commit.trailer(UNDONE), commit.trailer(REDONE)) {
        (Some(other), _) => {
            words!("`kehu redo {other}` does again what it took back", "`kehu redo {other}` 可重做它撤销的操作")
        }
        (_, Some(other)) => {
            words!("`kehu undo {other}` takes back what it did again", "`kehu undo {other}` 可撤销它重做的操作")
        }
        _ => return Ok(()),
    };
    Err(Failure::usage(message).hint(hint))
}
