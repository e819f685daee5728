//! Claims from the pool in pushed commits, held to the limits that a command holds them to.
//!
//! The day of a claim is that of its commit, in the repository's zone; a clock that is ahead by hours makes it no later
//! than the present, by more it is refused, or the claims of tomorrow would come on top of today's. What a user claimed
//! that day counts on every branch the server has, and in the push.
//!
//! *Absent on purpose:* doubt about a day that is past; work done offline cannot be told from work said to be.

use super::Push;
use crate::ops::access::Change;
use crate::ops::pool::Past;
use crate::ops::pool::limits::{Claim, Claimant, Reverted, claims};
use crate::record::{Problem, Result, Words};
use crate::rules::access::{Access, Member, Role, Standing};
use crate::store::{CommitInfo, codec};
use crate::words;
use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use std::collections::{BTreeSet, HashSet};

/// How far a clock may be ahead.
const AHEAD: TimeDelta = TimeDelta::days(1);

impl Push<'_> {
    /// Complains of claims of sales that a limit of the pool stands against, naming it.
    pub(super) fn claims(&mut self, info: &CommitInfo, changes: &[Change], makers: &[Access]) -> Result<()> {
        let sales = makers.iter().filter_map(|maker| match maker.standing() {
            Standing::Member(Member { login, .. }, Role::Sales) => Some(login.as_str()),
            _ => None,
        });
        for login in sales.collect::<BTreeSet<_>>() {
            let claimed = claims(changes, login);
            if !claimed.is_empty() {
                self.claims_of(login, info, &claimed)?;
            }
        }
        Ok(())
    }

    fn claims_of(&mut self, login: &str, info: &CommitInfo, claimed: &[(&Change, Claim)]) -> Result<()> {
        let read = self.config(info.id)?;
        let at = info.when.with_timezone(&read.config.settings.timezone);
        let now = self.now.with_timezone(&at.timezone());
        if at > now + AHEAD {
            let (day, today) = (at.date_naive(), now.date_naive());
            let words = words!(
                "it is of {day}, and today is {today}: set the clock, take it back and claim again",
                "它的日期是 {day}，而今天是 {today}：请校准时钟，撤回后重新领取"
            );
            self.complain(Some(info.id), words);
            return Ok(());
        }
        let at = at.min(now);
        let claimant = Claimant { login, at, limits: &read.config.assignment.pool };
        let past = Past::at(self.repo, info.id, self.policy.clone())?;
        let all: Vec<Claim> = claimed.iter().map(|(_, claim)| claim.clone()).collect();
        let waiting = claimant.waiting(&all, &past, Reverted::of(info))?;
        for (change, claim) in claimed {
            if let Some(words) = waiting.get(claim) {
                self.complain_of_claim(info, change, words.clone());
            }
        }
        let already = self.claimed_on(login, at)?;
        if let (Some(words), Some((change, _))) = (claimant.too_many(&all, already), claimed.last()) {
            self.complain_of_claim(info, change, words);
        }
        self.claimed.entry((login.to_string(), at.date_naive())).or_default().extend(all);
        Ok(())
    }

    /// Returns what a user claimed on a day: on the branches there are, and in the commits of the push before.
    fn claimed_on(&mut self, login: &str, at: DateTime<Tz>) -> Result<&HashSet<Claim>> {
        let key = (login.to_string(), at.date_naive());
        if !self.claimed.contains_key(&key) {
            let mut known = HashSet::new();
            for branch in self.repo.branches()?.names() {
                if let Some(tip) = self.repo.tip_of(branch)? {
                    known.extend(Past::at(self.repo, tip, self.policy.clone())?.claimed(login, at, self.now)?);
                }
            }
            self.claimed.insert(key.clone(), known);
        }
        Ok(&self.claimed[&key])
    }

    fn complain_of_claim(&mut self, info: &CommitInfo, change: &Change, words: Words) {
        let text = change.after.as_deref().unwrap_or_default();
        let finding = codec::place(&change.path, text, Problem::error("denied", "owner", words));
        self.complain_of(Some(info.id), &finding);
    }
}
