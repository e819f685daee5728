//! The limits of claims (`config/assignment.toml`), asked of whoever takes records from the pool for oneself.
//!
//! One rule for commands, asked under the lock, and for pushed commits, asked on the server. Whoever takes back an own
//! change that had put a record into the pool claims nothing, so that a slip can be mended.
//!
//! *Invariants:* who had a record last is what the history says, so nobody gets round them by editing a record; a trailer
//! written by hand gives no right that undo would not.

use super::{Past, PastOwner};
use crate::ops::Session;
use crate::ops::access::Change;
use crate::ops::undo::{REDONE, UNDONE, is_named};
use crate::record::{Exit, Failure, Kind, Number, Record, Result, Words};
use crate::rules::config::Pool;
use crate::rules::pool::{Limit, POOLED, too_many, waits};
use crate::store::{CommitInfo, Message, parse_path};
use crate::words;
use chrono::{DateTime, Days};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};

/// A record taken from the pool.
pub type Claim = (Kind, Number);

/// Somebody who claims, and when.
#[derive(Debug, Clone, Copy)]
pub struct Claimant<'a> {
    /// The login.
    pub login: &'a str,
    /// When, in the repository's zone.
    pub at: DateTime<Tz>,
    /// The limits.
    pub limits: &'a Pool,
}

/// What the commit of a change says it takes back, or does again that was taken back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reverted<'a> {
    undone: Option<&'a str>,
    redone: Option<&'a str>,
}

impl<'a> Reverted<'a> {
    /// Takes it from a message.
    pub fn by(message: &'a Message) -> Reverted<'a> {
        Reverted { undone: message.trailer_of(UNDONE), redone: message.trailer_of(REDONE) }
    }

    /// Takes it from a commit.
    pub fn of(info: &'a CommitInfo) -> Reverted<'a> {
        Reverted { undone: info.trailer(UNDONE), redone: info.trailer(REDONE) }
    }

    /// Tells whether something is taken back or done again.
    pub fn is_any(self) -> bool {
        self.undone.is_some() || self.redone.is_some()
    }

    /// Returns the operation that is taken back.
    pub fn undone(self) -> Option<&'a str> {
        self.undone
    }

    /// Tells whether this takes back what a commit did.
    fn takes_back(self, commit: &CommitInfo) -> bool {
        self.undone.is_some_and(|name| is_named(commit, name))
            || self.redone.is_some_and(|name| commit.trailer(UNDONE) == Some(name))
    }
}

/// Returns the changes that take a lead or customer from the pool for a user, each with its record.
pub fn claims<'c>(changes: &'c [Change], login: &str) -> Vec<(&'c Change, Claim)> {
    let owner = |record: &Option<Record>| record.as_ref().and_then(|record| record.text("owner").map(str::to_string));
    let claim = |change: &'c Change| {
        // What is new is nobody's claim, and need not be taken apart.
        change.before.as_ref()?;
        let (kind, number) = parse_path(&change.path).filter(|(kind, _)| POOLED.contains(kind))?;
        let [before, after] = change.records()?;
        let is_claim = owner(&before).is_none() && owner(&after).as_deref() == Some(login);
        is_claim.then_some((change, (kind, number)))
    };
    changes.iter().filter_map(claim).collect()
}

impl Claimant<'_> {
    /// Returns which of these records the claimant may not claim yet, each with the reason.
    pub fn waiting(&self, claimed: &[Claim], past: &Past<'_>, reverted: Reverted<'_>) -> Result<HashMap<Claim, Words>> {
        let days = u64::try_from(self.limits.previous_owner_waits_days).unwrap_or_default();
        let since = self.at.checked_sub_days(Days::new(days + 1));
        let owners = past.owners(claimed.iter().cloned().collect(), since)?;
        let mut waiting = HashMap::new();
        for ((kind, number), owner) in owners {
            let PastOwner { login, until, by } = &owner;
            let limit = waits(*until, self.at, self.limits).filter(|_| login == self.login);
            let Some(limit) = limit else { continue };
            if reverted.takes_back(by) && past.is_by(by, self.login)? {
                continue;
            }
            let what = words!("`{number}` is not yours to claim yet", "暂不能领取 `{number}`");
            waiting.insert((kind, number), with_rule(what, limit));
        }
        Ok(waiting)
    }

    /// Returns why the claimant may not claim these besides what was claimed that day; nothing when there is room.
    pub fn too_many(&self, claimed: &[Claim], already: &HashSet<Claim>) -> Option<Words> {
        let more = claimed.iter().filter(|claim| !already.contains(claim)).count();
        let limit = too_many(already.len(), more, self.limits)?;
        Some(with_rule(words!("too many claims for a day", "超过每日领取上限"), limit))
    }
}

/// Refuses with exit code 7 claims of a user that a limit of the pool stands against, naming it.
pub fn refuse_limits(session: &Session, login: &str, claimed: &[Claim], reverted: Reverted<'_>) -> Result<()> {
    let past = Past::of(session)?;
    let claimant = Claimant { login, at: session.now, limits: &session.config.assignment.pool };
    let waiting = claimant.waiting(claimed, &past, reverted)?;
    let first = claimed.iter().find_map(|claim| waiting.get(claim).cloned());
    let refused = match first {
        Some(words) => Some(words),
        None => claimant.too_many(claimed, &past.claimed(login, session.now, session.now)?),
    };
    refused.map_or(Ok(()), |words| Err(Failure::new(Exit::Denied, words)))
}

fn with_rule(what: Words, limit: Limit) -> Words {
    let why = limit.words();
    words!("{what}: {why}", "{what}：{why}"; each what, why)
}
