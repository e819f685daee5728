//! Working time in closed form, held against the minutes looked at one by one.

use super::{calendar, day};
use chrono::{DateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use kehu::rules::Config;
use kehu::rules::config::Calendar;
use proptest::prelude::*;
use std::sync::LazyLock;

/// Days before holidays and make-up days, and before every kind of change of the clock.
const STARTS: [(Tz, &str); 11] = [
    (chrono_tz::Asia::Shanghai, "2025-01-25"),
    (chrono_tz::Asia::Shanghai, "2026-02-12"),
    (chrono_tz::Asia::Shanghai, "2025-09-26"),
    (chrono_tz::America::New_York, "2025-03-08"),
    (chrono_tz::America::New_York, "2025-11-01"),
    // By half an hour; at midnight; back over midnight; over a whole day.
    (chrono_tz::Australia::Lord_Howe, "2025-04-05"),
    (chrono_tz::Australia::Lord_Howe, "2025-10-04"),
    (chrono_tz::America::Santiago, "2025-04-05"),
    (chrono_tz::America::Santiago, "2025-09-06"),
    (chrono_tz::America::St_Johns, "2010-11-06"),
    (chrono_tz::Pacific::Apia, "2011-12-29"),
];

/// Spans of a day: usual ones, ones about the hours at which clocks are changed, and none.
const HOURS: [&str; 5] = [
    "\"09:00-12:00\", \"13:00-18:00\"",
    "\"00:00-01:30\", \"01:30-02:10\", \"02:40-03:20\"",
    "\"00:00-23:59\"",
    "\"01:45-02:45\", \"22:00-23:30\", \"23:30-23:50\"",
    "",
];

/// A calendar and its hours, as written.
struct Held {
    calendar: Calendar,
    hours: Vec<(String, String)>,
}

static CALENDARS: LazyLock<Vec<Held>> = LazyLock::new(|| {
    let make = |hours: &&str| {
        let text = format!(
            "work_days = [\"mon\", \"wed\", \"fri\", \"sat\", \"sun\"]\nwork_hours = [{hours}]\n\
             holiday = [{{ from = 2025-03-10, to = 2025-03-12, zh = \"x\", en = \"x\" }}]\nmakeup = [2025-11-04]\n"
        );
        let spans = hours.split(", ").filter(|span| !span.is_empty()).map(|span| {
            let (from, to) = span.trim_matches('"').split_once('-').unwrap();
            (from.to_string(), to.to_string())
        });
        Held { calendar: calendar(&[("config/calendar.toml", &text)]), hours: spans.collect() }
    };
    HOURS.iter().map(make).collect()
});

/// Moments of two days from a start on.
fn moments() -> impl Strategy<Value = DateTime<Tz>> {
    (prop::sample::select(&STARTS[..]), 0i64..2 * 1440).prop_map(|((zone, start), minute)| {
        let midnight = day(start).and_hms_opt(0, 0, 0).unwrap();
        zone.from_local_datetime(&midnight).unwrap() + TimeDelta::minutes(minute)
    })
}

/// Tells of each minute from a moment on whether it is worked, by looking at the clock on the wall, which where it is put
/// back is taken to stand still until it would show something new.
fn minutes<'c>(
    Held { calendar, hours }: &'c Held,
    from: DateTime<Tz>,
) -> impl Iterator<Item = (DateTime<Tz>, bool)> + 'c {
    let mut shown = (0..180).map(|back| (from - TimeDelta::minutes(back)).naive_local()).max().unwrap();
    (0..).map(move |minute| {
        let moment = from + TimeDelta::minutes(minute);
        shown = shown.max(moment.naive_local());
        let time = shown.format("%H:%M").to_string();
        let in_hours = hours.iter().any(|(from, to)| *from <= time && time < *to);
        (moment, in_hours && calendar.is_workday(shown.date()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn working_time_is_what_the_minutes_come_to(from in moments(), at in 0..HOURS.len(), length in 0i64..3 * 1440) {
        let held = &CALENDARS[at];
        let to = from + TimeDelta::minutes(length);
        let worked = minutes(held, from).take(length as usize).filter(|(_, worked)| *worked).count() as i64;
        prop_assert_eq!(held.calendar.working_hours_between(from, to), TimeDelta::minutes(worked), "{} to {}", from, to);
        prop_assert_eq!(held.calendar.working_hours_between(to, from), TimeDelta::zero());
    }

    #[test]
    fn working_time_is_over_at_the_minute_it_is(from in moments(), at in 0..HOURS.len(), length in 0i64..1000) {
        let held = &CALENDARS[at];
        let end = held.calendar.add_working_hours(from, TimeDelta::minutes(length));
        let last = || minutes(held, from).filter(|(_, worked)| *worked).nth(length as usize - 1);
        let expected = match (length, held.hours.is_empty()) {
            (0, _) => Some(from),
            (_, true) => None,
            _ => last().map(|(moment, _)| moment + TimeDelta::minutes(1)),
        };
        prop_assert_eq!(end, expected, "{} after {}", length, from);
        if let Some(end) = end {
            prop_assert_eq!(held.calendar.working_hours_between(from, end), TimeDelta::minutes(length));
        }
    }

    #[test]
    fn days_are_counted_as_one_by_one(start in 0i64..9000, length in -10i64..3000, at in 0..HOURS.len()) {
        let from = day("2003-06-01") + TimeDelta::days(start);
        let to = from + TimeDelta::days(length);
        for calendar in [&CALENDARS[at].calendar, &Config::default().calendar] {
            let days = from.iter_days().take_while(|day| *day < to).filter(|day| calendar.is_workday(*day)).count();
            prop_assert_eq!(calendar.workdays_between(from, to), days as i64);
        }
    }
}

#[test]
fn hours_the_clock_skips_or_shows_twice() {
    let calendar = &CALENDARS[1].calendar;
    let minutes = |zone: Tz, from: &str, to: &str| {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&zone);
        calendar.working_hours_between(at(from), at(to)).num_minutes()
    };
    // From 02:00 to 03:00 there is nothing: 90, 30 and 20 minutes are left of the spans.
    let new_york = chrono_tz::America::New_York;
    assert_eq!(minutes(new_york, "2025-03-09T00:00:00-05:00", "2025-03-09T12:00:00-04:00"), 140);
    // At 00:01 of Sunday it is 23:01 of Saturday again, and Sunday's first span has begun.
    let newfoundland = chrono_tz::America::St_Johns;
    assert_eq!(minutes(newfoundland, "2010-11-06T22:00:00-02:30", "2010-11-06T23:30:00-03:30"), 30);
}

#[test]
fn time_that_is_never_over() {
    let now = chrono_tz::Asia::Shanghai;
    let now = DateTime::parse_from_rfc3339("2026-03-12T09:00:00+08:00").unwrap().with_timezone(&now);
    let lazy = calendar(&[("config/calendar.toml", "work_hours = [\"09:00-10:00\"]\nmakeup = [2026-03-14]\n")]);
    assert_eq!(lazy.add_working_hours(now, TimeDelta::hours(1)).unwrap().to_rfc3339(), "2026-03-14T10:00:00+08:00");
    assert_eq!(lazy.add_working_hours(now, TimeDelta::hours(13)), None);
    assert_eq!(Config::default().calendar.add_working_hours(now, TimeDelta::MAX), None);
}
