//! Who had a record before it went to the pool, and how much somebody claimed, as git's history has it.

use crate::ops::Session;
use crate::ops::log::{People, States, Step, Unread};
use crate::record::{FieldChange, Kind, Number, Result, Value};
use crate::rules::pool::POOLED;
use crate::store::{CommitInfo, History, LoadOptions};
use chrono::{DateTime, Days, FixedOffset, NaiveTime};
use std::collections::{HashMap, HashSet};

/// Who had a record last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastOwner {
    /// The login.
    pub login: String,
    /// When the record was taken from that user.
    pub until: DateTime<FixedOffset>,
    /// What took it.
    pub by: Option<String>,
}

/// The trailer that says which command of the pool moved records.
pub const POOL: &str = "Kehu-Pool";

/// The history that leads to what is read.
pub struct Past<'s> {
    session: &'s Session,
    history: History<'s>,
    states: States<'s>,
}

impl<'s> Past<'s> {
    /// Opens it.
    pub fn of(session: &'s Session) -> Result<Past<'s>> {
        let tip = session.past().map_or_else(|| session.repo.head(), |commit| Ok(Some(commit)))?;
        let history = session.repo.history(tip, LoadOptions { use_index: session.options.use_index })?;
        Ok(Past { session, history, states: States::new(session) })
    }

    /// Returns who had a record last that has no owner now; nothing when nobody ever did.
    pub fn owner(&self, kind: Kind, number: &Number) -> Result<Option<PastOwner>> {
        for change in self.history.of_record(kind, number)?.changes.iter().filter(|change| change.is_own()) {
            let told = self.states.of_record(kind, change)?;
            if let Some(login) = lost(&told.changes) {
                return Ok(Some(past_owner(login, &self.session.repo.commit_info(change.commit)?)));
            }
        }
        Ok(None)
    }

    /// Returns who had each of many records last, walking the history once.
    pub fn owners(&self, mut wanted: HashSet<(Kind, Number)>) -> Result<HashMap<(Kind, Number), PastOwner>> {
        self.history.gather()?;
        let mut found = HashMap::new();
        for commit in self.history.commits() {
            if wanted.is_empty() {
                break;
            }
            let changes = self.history.changes(commit)?;
            let info = self.history.info(commit)?;
            for one in self.of_commit(&info, &changes) {
                let Some(key) = one.record().filter(|key| wanted.contains(key)).cloned() else { continue };
                // What was added has no past; of a record that got its number here the lineage tells it.
                match one.step() {
                    Step::Added => drop(wanted.remove(&key)),
                    _ if !info.renumbered().is_empty() => {
                        found.extend(self.owner(key.0, &key.1)?.map(|owner| (key.clone(), owner)));
                        wanted.remove(&key);
                    }
                    _ => {
                        if let Some(login) = lost(&self.states.read(one)?.changes) {
                            wanted.remove(&key);
                            found.insert(key, past_owner(login, &info));
                        }
                    }
                }
            }
        }
        Ok(found)
    }

    /// Returns how many records a user took from the pool on the day of the session, by whatever command.
    pub fn claims(&self, login: &str) -> Result<usize> {
        let now = self.session.now;
        let midnight =
            |day: chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_local_timezone(now.timezone()).earliest();
        let tomorrow = now.date_naive().checked_add_days(Days::new(1));
        let (Some(from), Some(to)) = (midnight(now.date_naive()), tomorrow.and_then(midnight)) else { return Ok(0) };
        let today = from.timestamp()..to.timestamp();
        let people = People::new(self.session)?;
        let mut claims = 0;
        for commit in self.history.commits().filter(|commit| today.contains(&commit.seconds)) {
            let info = self.history.info(commit)?;
            if !self.is_by(&people, &info, login)? {
                continue;
            }
            for one in self.of_commit(&info, &self.history.changes(commit)?) {
                if one.step() == Step::Changed && is_claimed(&self.states.read(one)?.changes, login) {
                    claims += 1;
                }
            }
        }
        Ok(claims)
    }

    fn of_commit(&self, info: &CommitInfo, changes: &[crate::store::Change]) -> Vec<Unread> {
        let of = |kind| self.states.of_commit(info, changes, Some(kind));
        POOLED.into_iter().flat_map(of).collect()
    }

    /// Tells whether a commit was made by a user, or in the user's name.
    fn is_by(&self, people: &People, info: &CommitInfo, login: &str) -> Result<bool> {
        let done = people.done(info);
        match done.on_behalf_of.or(done.user) {
            Some(person) => Ok(person.login == login),
            None => Ok(people.members().is_empty() && info.author_email == self.session.repo.identity()?.email),
        }
    }
}

fn past_owner(login: String, info: &CommitInfo) -> PastOwner {
    PastOwner { login, until: info.when, by: info.trailer(POOL).map(str::to_string) }
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
