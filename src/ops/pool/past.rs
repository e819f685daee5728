//! Who had a record before it went to the pool, and what somebody claimed, as git's history has it.

use crate::ops::Session;
use crate::ops::log::{States, Step, Unread};
use crate::record::{FieldChange, Kind, Number, Result, Value};
use crate::rules::access::Policy;
use crate::rules::pool::POOLED;
use crate::store::{Change, CommitInfo, History, LoadOptions, Oid, Repo, path_of};
use chrono::{DateTime, Days, FixedOffset, NaiveTime};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Who had a record last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastOwner {
    /// The login.
    pub login: String,
    /// When the record was taken from that user.
    pub until: DateTime<FixedOffset>,
    /// The commit that took it.
    pub by: CommitInfo,
}

/// The trailer that says which command of the pool moved records.
pub const POOL: &str = "Kehu-Pool";

/// The history that leads to a commit.
pub struct Past<'r> {
    repo: &'r Repo,
    history: History<'r>,
    states: States<'r>,
    policy: Arc<Policy>,
}

impl<'r> Past<'r> {
    /// Opens the history that leads to what a session reads.
    pub fn of(session: &'r Session) -> Result<Past<'r>> {
        let tip = session.past().map_or_else(|| session.repo.head(), |commit| Ok(Some(commit)))?;
        let options = LoadOptions { use_index: session.options.use_index };
        Past::open(&session.repo, tip, options, session.access()?.policy().clone())
    }

    /// Opens the history that leads to a commit, remembering nothing of it: the commit may not be there to stay.
    pub fn at(repo: &'r Repo, tip: Oid, policy: Arc<Policy>) -> Result<Past<'r>> {
        Past::open(repo, Some(tip), LoadOptions { use_index: false }, policy)
    }

    fn open(repo: &'r Repo, tip: Option<Oid>, options: LoadOptions, policy: Arc<Policy>) -> Result<Past<'r>> {
        Ok(Past { repo, history: repo.history(tip, options)?, states: States::new(repo), policy })
    }

    /// Returns who had each of some records last that have no owner now, as far as that was since a moment; those that
    /// nobody ever had are left out.
    pub fn owners(
        &self,
        wanted: HashSet<(Kind, Number)>,
        since: Option<DateTime<Tz>>,
    ) -> Result<HashMap<(Kind, Number), PastOwner>> {
        self.history.gather()?;
        let mut paths: HashSet<String> = wanted.iter().map(|(kind, number)| path_of(*kind, number)).collect();
        let mut found = HashMap::new();
        let is_recent = |seconds: i64| since.is_none_or(|since| seconds >= since.timestamp());
        for commit in self.history.commits().filter(|commit| is_recent(commit.seconds)) {
            if paths.is_empty() {
                break;
            }
            let changes = self.history.changes(commit)?;
            // What a commit says is read only where it touches one of them: most do not.
            if !changes.iter().any(|change| paths.contains(&change.path)) {
                continue;
            }
            let info = self.history.info(commit)?;
            for one in self.of_commit(&info, &changes) {
                let Some(key) = one.record().filter(|key| wanted.contains(key)).cloned() else { continue };
                let path = path_of(key.0, &key.1);
                // One commit may hold two files of a record that moved; the newest word on it is the one that holds.
                if !paths.contains(&path) {
                    continue;
                }
                // What was added has no past; of a record that got its number here the lineage tells it.
                let (owner, is_last) = match one.step() {
                    Step::Added => (None, true),
                    _ if !info.renumbered().is_empty() => (self.owner(key.0, &key.1)?, true),
                    _ => {
                        let owner = lost(&self.states.read(one)?.changes).map(|login| past_owner(login, info.clone()));
                        let is_last = owner.is_some();
                        (owner, is_last)
                    }
                };
                if is_last {
                    paths.remove(&path);
                    found.extend(owner.map(|owner| (key, owner)));
                }
            }
        }
        Ok(found)
    }

    /// Returns who had a record last, by its lineage through other numbers.
    fn owner(&self, kind: Kind, number: &Number) -> Result<Option<PastOwner>> {
        for change in self.history.of_record(kind, number)?.changes.iter().filter(|change| change.is_own()) {
            let told = self.states.of_record(kind, change)?;
            if let Some(login) = lost(&told.changes) {
                return Ok(Some(past_owner(login, self.repo.commit_info(change.commit)?)));
            }
        }
        Ok(None)
    }

    /// Returns the records that a user took from the pool on the day of a moment, by whatever command; what says that it
    /// was done later than `now` was done now.
    pub fn claimed(&self, login: &str, at: DateTime<Tz>, now: DateTime<Tz>) -> Result<HashSet<(Kind, Number)>> {
        let midnight =
            |day: chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_local_timezone(at.timezone()).earliest();
        let next = at.date_naive().checked_add_days(Days::new(1));
        let (Some(from), Some(to)) = (midnight(at.date_naive()), next.and_then(midnight)) else {
            return Ok(HashSet::new());
        };
        let is_on_day = |seconds: i64| (from.timestamp()..to.timestamp()).contains(&seconds.min(now.timestamp()));
        let mut claimed = HashSet::new();
        for commit in self.history.commits().filter(|commit| is_on_day(commit.seconds)) {
            let info = self.history.info(commit)?;
            if !self.is_by(&info, login)? {
                continue;
            }
            for one in self.of_commit(&info, &self.history.changes(commit)?) {
                let Some(key) = one.record().filter(|_| one.step() == Step::Changed).cloned() else { continue };
                if is_claimed(&self.states.read(one)?.changes, login) {
                    claimed.insert(key);
                }
            }
        }
        Ok(claimed)
    }

    /// Tells whether a commit was made by a user, or in the user's name.
    pub fn is_by(&self, info: &CommitInfo, login: &str) -> Result<bool> {
        match (info.on_behalf_of(), self.policy.by_email(&info.author_email)) {
            (Some(other), _) => Ok(other == login),
            (None, Some(member)) => Ok(member.login == login),
            // Without users the repository is one person's.
            (None, None) if self.policy.members().is_empty() => Ok(info.author_email == self.repo.identity()?.email),
            (None, None) => Ok(false),
        }
    }

    fn of_commit(&self, info: &CommitInfo, changes: &[Change]) -> Vec<Unread> {
        let of = |kind| self.states.of_commit(info, changes, Some(kind));
        POOLED.into_iter().flat_map(of).collect()
    }
}

fn past_owner(login: String, by: CommitInfo) -> PastOwner {
    PastOwner { login, until: by.when, by }
}

/// Returns the owner that changes took away.
fn lost(changes: &[FieldChange]) -> Option<String> {
    let owner = changes.iter().find(|change| change.path == "owner" && change.new.is_none())?;
    match &owner.old {
        Some(Value::Text(login)) => Some(login.to_string()),
        _ => None,
    }
}

fn is_claimed(changes: &[FieldChange], login: &str) -> bool {
    let owner = changes.iter().find(|change| change.path == "owner" && change.old.is_none());
    owner.is_some_and(|change| change.new == Some(Value::text(login)))
}
