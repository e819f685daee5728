//! Stays (阶段停留): when an opportunity came to each of its stages, who brought it there, and how long it stayed.
//!
//! Nothing of it is stored: it is read from the commits that changed the stage. *Absent on purpose:* git.

use chrono::{DateTime, FixedOffset, TimeDelta};
use std::collections::BTreeMap;

/// A stage that an opportunity came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// The key of the stage before; none where it was added in this one.
    pub from: Option<String>,
    /// The key of the stage.
    pub stage: String,
    /// When it came to it.
    pub since: DateTime<FixedOffset>,
    /// When it left it; none while it is there.
    pub until: Option<DateTime<FixedOffset>>,
}

impl Stay {
    /// Returns for how long it stayed, or has stayed at a moment.
    pub fn lasted(&self, now: DateTime<FixedOffset>) -> TimeDelta {
        (self.until.unwrap_or(now) - self.since).max(TimeDelta::zero())
    }
}

/// Leaves out changes to the stage an opportunity is in already, as two branches make that take the same step.
pub fn moving<T>(changes: Vec<T>, to: impl Fn(&T) -> Option<String>) -> Vec<T> {
    let mut stage: Option<String> = None;
    let moves = |change: &T| {
        let next = to(change);
        let is_move = next.is_none() || next != stage;
        stage = next;
        is_move
    };
    changes.into_iter().filter(moves).collect()
}

/// Puts changes of the stage, oldest first, into stays: when, from which stage, to which.
///
/// Of a record that was removed the last stay ends there.
pub fn stays(changes: impl IntoIterator<Item = (DateTime<FixedOffset>, Option<String>, Option<String>)>) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    for (at, from, to) in changes {
        if let Some(last) = stays.last_mut().filter(|last| last.until.is_none()) {
            last.until = Some(at);
        }
        stays.extend(to.map(|stage| Stay { from, stage, since: at, until: None }));
    }
    stays
}

/// Returns by stage the lengths of all stays that have ended, shortest first.
pub fn ended<'s>(all: impl IntoIterator<Item = &'s Stay>) -> BTreeMap<&'s str, Vec<TimeDelta>> {
    let mut lengths: BTreeMap<&str, Vec<TimeDelta>> = BTreeMap::new();
    for stay in all {
        if let Some(until) = stay.until {
            lengths.entry(&stay.stage).or_default().push((until - stay.since).max(TimeDelta::zero()));
        }
    }
    lengths.values_mut().for_each(|list| list.sort());
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(&format!("2026-03-{day:02}T09:00:00+08:00")).unwrap()
    }

    fn change(day: u32, from: &str, to: &str) -> (DateTime<FixedOffset>, Option<String>, Option<String>) {
        let stage = |text: &str| Some(text.to_string()).filter(|text| !text.is_empty());
        (at(day), stage(from), stage(to))
    }

    #[test]
    fn a_stay_lasts_until_the_next_change() {
        let all = stays([change(1, "", "needs"), change(4, "needs", "proposal"), change(9, "proposal", "needs")]);
        let told: Vec<_> = all.iter().map(|stay| (stay.stage.as_str(), stay.lasted(at(20)).num_days())).collect();
        assert_eq!(told, [("needs", 3), ("proposal", 5), ("needs", 11)]);
        assert_eq!(all[1].from.as_deref(), Some("needs"));
        let lengths = ended(&all);
        assert_eq!(lengths.keys().copied().collect::<Vec<_>>(), ["needs", "proposal"], "the last has not ended");
        assert_eq!(lengths["needs"], [TimeDelta::days(3)]);
    }

    #[test]
    fn a_step_that_two_branches_took_is_one() {
        let twice = vec![
            change(1, "", "needs"),
            change(3, "needs", "proposal"),
            change(5, "needs", "proposal"),
            change(6, "proposal", "needs"),
            change(7, "needs", "proposal"),
        ];
        let all = stays(moving(twice, |(_, _, to)| to.clone()));
        let told: Vec<_> = all.iter().map(|stay| (stay.stage.as_str(), stay.lasted(at(20)).num_days())).collect();
        assert_eq!(told, [("needs", 2), ("proposal", 3), ("needs", 1), ("proposal", 13)]);
    }

    #[test]
    fn what_was_removed_stays_no_longer_and_clocks_that_go_back_cost_nothing() {
        let all = stays([change(5, "", "needs"), change(3, "needs", "")]);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].lasted(at(20)), TimeDelta::zero());
    }
}
