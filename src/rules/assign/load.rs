//! How many leads each user has: counted from the records once, then with every lead given away.

use crate::record::LEAD;
use crate::rules::Snapshot;
use crate::rules::cadence::is_open;
use chrono::{DateTime, FixedOffset};
use std::collections::HashMap;

/// What a user has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Load {
    /// Leads assigned on the day of the snapshot.
    pub today: i64,
    /// Open leads.
    pub open: i64,
    /// When the last one was assigned.
    pub last: Option<DateTime<FixedOffset>>,
}

/// What each user has, by login.
#[derive(Debug, Clone, Default)]
pub(super) struct Loads(HashMap<String, Load>);

impl Loads {
    /// Counts the leads of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Loads {
        let (zone, today) = (snapshot.as_of.moment.timezone(), snapshot.as_of.today());
        let mut by_login: HashMap<&str, Load> = HashMap::new();
        for lead in snapshot.records(LEAD) {
            let Some(login) = lead.text("owner") else { continue };
            let load = by_login.entry(login).or_default();
            let assigned = lead.moment("assigned_at");
            let is_today = assigned.is_some_and(|at| at.with_timezone(&zone).date_naive() == today);
            load.today += i64::from(is_today);
            load.open += i64::from(is_open(lead));
            load.last = load.last.max(assigned);
        }
        Loads(by_login.into_iter().map(|(login, load)| (login.to_string(), load)).collect())
    }

    /// Returns what a user has.
    pub fn get(&self, login: &str) -> Load {
        self.0.get(login).copied().unwrap_or_default()
    }

    /// Counts one more lead, given to a user at the moment of the snapshot.
    pub fn add(&mut self, login: &str, snapshot: &Snapshot) {
        let load = self.0.entry(login.to_string()).or_default();
        load.today += 1;
        load.open += 1;
        load.last = load.last.max(Some(snapshot.as_of.moment.fixed_offset()));
    }
}
