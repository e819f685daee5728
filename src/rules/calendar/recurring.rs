//! What comes round each year: festivals, birthdays, anniversaries, by either calendar.
//!
//! *Invariant:* every day has a last one to fall on: 29 February is the 28th where there is no 29th, the 30th of a lunar
//! month its 29th. Leap months of the lunar calendar hold no festival; a year with one has each day once all the same.

use super::super::config::calendar::FestivalDay;
use super::lunar::lunar_day;
use crate::record::{Almanac, Anniversary};
use chrono::{Datelike, NaiveDate};

impl FestivalDay {
    /// Returns the days it is on in a solar year: one, or for a day about the end of the lunar year none or two.
    ///
    /// Lunar days and solar terms are known from 1901 to 2100.
    pub fn in_year(self, year: i32) -> Vec<NaiveDate> {
        // The last weeks of a lunar year are in the solar year after.
        (year.saturating_sub(1)..=year).filter_map(|turn| self.of(turn)).filter(|day| day.year() == year).collect()
    }

    /// Returns the next day it is on, from `day` on; nothing past the years that are known.
    pub fn next(self, day: NaiveDate) -> Option<NaiveDate> {
        let year = day.year();
        (year - 1..=year + 1).filter_map(|turn| self.of(turn)).find(|next| *next >= day)
    }

    /// Returns its day in a year of its own calendar.
    fn of(self, year: i32) -> Option<NaiveDate> {
        match self {
            FestivalDay::Solar(2, 29) => NaiveDate::from_ymd_opt(year, 3, 1)?.pred_opt(),
            FestivalDay::Solar(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            FestivalDay::Lunar(month, day) => lunar_day(year, month, day),
            FestivalDay::Term(term) => term.in_year(year),
        }
    }
}

impl From<Anniversary> for FestivalDay {
    fn from(day: Anniversary) -> FestivalDay {
        match day.almanac {
            Almanac::Solar => FestivalDay::Solar(day.month, day.day),
            Almanac::Lunar => FestivalDay::Lunar(day.month, day.day),
        }
    }
}

/// Returns the next time an anniversary comes round, from `day` on; nothing past the years that are known.
pub fn next_anniversary(anniversary: Anniversary, day: NaiveDate) -> Option<NaiveDate> {
    FestivalDay::from(anniversary).next(day)
}
