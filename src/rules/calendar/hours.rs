//! Working time: how much of it lies between two moments, and when some of it is over.
//!
//! A span of a day, `09:00-12:00`, begins and ends when the clock on the wall first shows its hours, or has passed them
//! where it skips them. In between real time runs: where the clock is put back within working hours, the hour it shows
//! twice is worked twice, and the hour it skips is not.

use super::super::config::Calendar;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// Within how many days working time must be over: some hundred years.
const LONGEST: usize = 36_525;

impl Calendar {
    /// Returns the working time from a moment to another; none when the other is not later.
    pub fn working_hours_between(&self, from: DateTime<Tz>, to: DateTime<Tz>) -> TimeDelta {
        // Where the clock is put back over midnight, the last moments of a day are still of the next.
        let last = to.date_naive().checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        let days = from.date_naive().iter_days().take_while(|day| *day <= last);
        let spans = days.flat_map(|day| self.spans(day, from.timezone()));
        spans.map(|(start, end)| end.min(to) - start.max(from)).filter(|time| *time > TimeDelta::zero()).sum()
    }

    /// Returns the first moment by which this much working time is over since `from`; `from` itself for none.
    ///
    /// Returns nothing where it would not be over within a hundred years, as where nothing is worked.
    pub fn add_working_hours(&self, from: DateTime<Tz>, hours: TimeDelta) -> Option<DateTime<Tz>> {
        let mut left = hours;
        if left <= TimeDelta::zero() {
            return Some(from);
        }
        for day in from.date_naive().iter_days().take(LONGEST) {
            for (start, end) in self.spans(day, from.timezone()) {
                let start = start.max(from);
                let time = (end - start).max(TimeDelta::zero());
                if left <= time {
                    return Some(start + left);
                }
                left -= time;
            }
            if !self.work_days().go_on_after(day) {
                break;
            }
        }
        None
    }

    /// Returns when the spans of a day begin and end; none on a day that is not worked.
    fn spans(&self, day: NaiveDate, zone: Tz) -> impl Iterator<Item = (DateTime<Tz>, DateTime<Tz>)> {
        let hours: &[_] = if self.is_workday(day) { &self.work_hours } else { &[] };
        hours.iter().map(move |(from, to)| (shown(zone, day.and_time(*from)), shown(zone, day.and_time(*to))))
    }
}

/// Returns the first moment the clock of a zone shows this time, or one after it where it never does.
fn shown(zone: Tz, time: NaiveDateTime) -> DateTime<Tz> {
    let at = |seconds| zone.from_local_datetime(&(time + TimeDelta::seconds(seconds))).earliest();
    if let Some(moment) = at(0) {
        return moment;
    }
    // The longest a clock was ever put forward is a day, at the date line.
    let (mut skipped, mut there) = (0, 2 * 24 * 3600);
    while there - skipped > 1 {
        let middle = skipped + (there - skipped) / 2;
        match at(middle) {
            Some(_) => there = middle,
            None => skipped = middle,
        }
    }
    at(there).unwrap_or_else(|| zone.from_utc_datetime(&time))
}
