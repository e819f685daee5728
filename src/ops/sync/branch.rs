//! Taking in a branch that nobody else has seen: an import that waited for its review.
//!
//! As a sync does it, by field and with numbers given anew; plain git can do neither for more than one file. What is
//! on the branch that is checked out keeps its numbers and, in conflict, its values.

use super::people::People;
use super::{Brought, commit, extent, refuse_broken_config};
use crate::ops::Session;
use crate::record::{Failure, Result};
use crate::store::{CommitInfo, Oid, Way};
use crate::words;

/// What taking in a branch came to.
#[derive(Debug)]
pub struct Taken {
    /// How the branch that is checked out came to have all of it.
    pub way: Way,
    /// The commit it is at then; none in a dry run and where there was nothing to take in.
    pub commit: Option<Oid>,
    /// How many commits came.
    pub commits: usize,
    /// What they brought.
    pub brought: Brought,
}

/// Merges a branch, or any commit, into the branch that is checked out; a dry run writes nothing.
///
/// Fails with exit code 4 when there is no such branch, 5 when hand edits stand in the way or the two have nothing in
/// common, 11 when a newer kehu made it.
pub fn merge_branch(session: &Session, name: &str) -> Result<Taken> {
    session.writable()?;
    let branch = session.repo.named_commit(name)?.ok_or_else(|| unknown(name))?;
    let mut tx = session.repo.begin(&session.write_options("merge"))?;
    let people = People::new(session);
    let merge = tx.merge_branch(branch, &|commit: &CommitInfo| people.login(commit), name)?;
    refuse_broken_config(&tx, name)?;
    let commits = session.repo.missing_commits(Some(branch), tx.base())?;
    let mut taken = Taken { way: merge.way, commit: None, commits, brought: Brought::default() };
    taken.brought.add(&merge);
    if !session.options.dry_run && merge.way != Way::Nothing {
        let usual = format!("merge: {name}{}", extent(&merge));
        let subject = session.options.message.clone().unwrap_or(usual);
        taken.commit = commit(session, tx, subject, &merge)?;
    }
    Ok(taken)
}

fn unknown(name: &str) -> Failure {
    Failure::not_found(words!("there is no branch `{name}`", "没有分支 `{name}`"))
        .hint(words!("`git branch --all` lists those there are", "用 `git branch --all` 列出已有分支"))
}
