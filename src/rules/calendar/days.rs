//! Which days are worked: the week, and the days that are listed otherwise.

use crate::record::Words;
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::BTreeMap;

/// A day of which it is said whether it is worked, whatever the week says.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedDay {
    /// Whether it is worked.
    pub is_worked: bool,
    /// The holiday it is of, or is worked for; nothing where none was named.
    pub label: Option<Words>,
}

/// The days that are worked.
///
/// A question for one day takes a binary search, for a span of days only the listed days within it.
#[derive(Debug, Clone, Default)]
pub struct WorkDays {
    /// From Monday.
    week: [bool; 7],
    /// Ascending, no day twice.
    listed: Vec<(NaiveDate, ListedDay)>,
}

impl WorkDays {
    /// Takes the days of the week that are worked and the days that are listed; of a day listed twice the later entry
    /// counts.
    pub fn new(week: &[Weekday], listed: impl IntoIterator<Item = (NaiveDate, ListedDay)>) -> WorkDays {
        let mut days = [false; 7];
        for day in week {
            days[day.num_days_from_monday() as usize] = true;
        }
        WorkDays { week: days, listed: listed.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect() }
    }

    /// Returns what is listed of a day.
    pub fn listed(&self, day: NaiveDate) -> Option<&ListedDay> {
        let at = self.listed.binary_search_by_key(&day, |(listed, _)| *listed).ok()?;
        Some(&self.listed[at].1)
    }

    /// Tells whether a day is worked: as it is listed, else as the week says.
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        self.listed(day).map_or_else(|| self.in_week(day), |listed| listed.is_worked)
    }

    /// Counts the days that are worked from `from` on and before `to`; none when `to` is not later.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let days = (to - from).num_days();
        if days <= 0 {
            return 0;
        }
        let a_week = self.week.iter().filter(|worked| **worked).count() as i64;
        let rest = from.iter_days().take((days % 7) as usize).filter(|day| self.in_week(*day)).count() as i64;
        let at = |day: NaiveDate| self.listed.partition_point(|(listed, _)| *listed < day);
        let changed = self.listed[at(from)..at(to)].iter().map(|(day, listed)| {
            // What is listed as the week has it changes nothing.
            i64::from(listed.is_worked) - i64::from(self.in_week(*day))
        });
        days / 7 * a_week + rest + changed.sum::<i64>()
    }

    /// Tells whether any day after this one may be worked.
    pub(super) fn go_on_after(&self, day: NaiveDate) -> bool {
        self.week.contains(&true) || self.listed.iter().rev().any(|(listed, one)| *listed > day && one.is_worked)
    }

    fn in_week(&self, day: NaiveDate) -> bool {
        self.week[day.weekday().num_days_from_monday() as usize]
    }
}
