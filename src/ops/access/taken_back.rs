//! The operation that a change takes back, where whoever takes it back made it alone.
//!
//! Roles that remove nothing may still undo what they added. The name of the operation is only a hint where to look:
//! what counts is the commit found by it in the history, so a name written by hand gives no right.
//!
//! *Invariants:* its author and its committer are the acting person, nobody acted in another's name, and the record is
//! byte for byte what that commit added under the same number. Whatever anybody made of the record since is then gone
//! again or was nothing.

use super::judge::Change;
use crate::ops::undo::is_named;
use crate::record::Result;
use crate::rules::access::Access;
use crate::store::{Held, Oid, Repo};

/// An operation that whoever takes it back made alone.
pub struct TakenBack<'r> {
    /// The files before it, with it, and where it is to be taken back.
    before: Held<'r>,
    with: Held<'r>,
    now: Held<'r>,
}

impl<'r> TakenBack<'r> {
    /// Finds the operation of this name in the history of `tip`; none where there is none, or it is not the person's own.
    pub fn find(
        access: &Access,
        repo: &'r Repo,
        tip: Option<Oid>,
        name: Option<&str>,
    ) -> Result<Option<TakenBack<'r>>> {
        let (Some(tip), Some(name)) = (tip, name) else { return Ok(None) };
        let Some(commit) = repo.newest_commit(tip, |commit| is_named(commit, name))? else {
            return Ok(None);
        };
        let makers = repo.makers(commit.id)?;
        let is_own = commit.on_behalf_of().is_none() && makers.iter().all(|maker| access.is_of(&maker.email));
        // A merge adds nothing of its own.
        if !is_own || commit.parents.len() > 1 {
            return Ok(None);
        }
        let before = repo.held(commit.parents.first().copied())?;
        Ok(Some(TakenBack { before, with: repo.held(Some(commit.id))?, now: repo.held(Some(tip))? }))
    }

    /// Tells whether a change takes out a file that the operation added, as it added it.
    pub fn has_added(&self, change: &Change) -> bool {
        let blob = |held: &Held<'_>| held.blob(&change.path).ok().flatten();
        let added = blob(&self.with);
        change.after.is_none() && added.is_some() && blob(&self.before).is_none() && blob(&self.now) == added
    }
}
