//! The calendar: holidays, working time, festivals, what comes round each year.
//!
//! `KEHU_TEST_DATA` may name a folder with `festivals/cn_workdays.csv` (date, is_workday, holiday) and
//! `festivals/festivals_1990_2049.csv` (lunar_year, festival, date); every row of them is then held against what is reckoned.

mod common;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone};
use chrono_tz::Tz;
use common::Env;
use insta::assert_snapshot;
use kehu::record::Anniversary;
use kehu::rules::Config;
use kehu::rules::calendar::{SolarTerm, next_anniversary};
use kehu::rules::config::Calendar;
use kehu::rules::config::calendar::FestivalDay;
use proptest::prelude::*;
use std::sync::LazyLock;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn calendar(files: &[(&str, &str)]) -> Calendar {
    let read = |asked: &str| files.iter().find(|(path, _)| *path == asked).map(|(_, text)| text.to_string());
    Config::parse(&read).unwrap().calendar
}

/// Returns the rows of a table of known days, but for its heading; none where there is no such table.
fn rows(name: &str) -> Vec<Vec<String>> {
    let Some(folder) = std::env::var_os("KEHU_TEST_DATA") else { return Vec::new() };
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join("festivals").join(name)).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_string).collect()).collect()
}

#[test]
fn days_of_every_kind_of_year() {
    let calendar = Config::default().calendar;
    for (text, is_worked, label) in [
        ("2004-01-17", true, "春节"),
        ("2004-05-07", false, "劳动节"),
        ("2006-12-30", true, "元旦"),
        ("2007-12-31", false, "元旦"),
        ("2008-04-04", false, "清明节"),
        ("2009-10-03", false, "国庆节、中秋节"),
        ("2015-09-03", false, "抗战胜利 70 周年纪念日"),
        ("2015-09-06", true, "抗战胜利 70 周年纪念日"),
        ("2020-01-31", false, "春节"),
        ("2022-12-31", false, "元旦"),
        ("2026-02-14", true, "春节"),
        ("2026-02-23", false, "春节"),
        ("2026-02-24", true, ""),
        ("2026-09-20", true, "国庆节"),
        ("2026-10-08", true, ""),
        ("2026-10-11", false, ""),
        ("2003-10-01", true, ""),
        ("2027-10-01", true, ""),
    ] {
        let found = calendar.work_days().listed(day(text)).and_then(|listed| listed.label.as_ref());
        assert_eq!((calendar.is_workday(day(text)), found.map_or("", |words| &words.zh)), (is_worked, label), "{text}");
    }
    let a_year =
        |year: i32| calendar.workdays_between(day(&format!("{year}-01-01")), day(&format!("{}-01-01", year + 1)));
    assert_eq!((a_year(2025), a_year(2026), a_year(2003)), (248, 248, 261));
}

#[test]
fn every_day_that_is_known() {
    let calendar = Config::default().calendar;
    let known = rows("cn_workdays.csv");
    let mut worked = 0;
    for row in &known {
        let is_worked = row[1] == "1";
        assert_eq!(calendar.is_workday(day(&row[0])), is_worked, "{row:?}");
        worked += i64::from(is_worked);
        let label = match row[2].as_str() {
            "New Year's Day" => "New Year",
            "Tomb-sweeping Day" => "Qingming",
            "Mid-autumn Festival" => "Mid-Autumn",
            "Dragon Boat Festival" => "Dragon Boat",
            "Anti-Fascist 70th Day" => "70th Anniversary",
            other => other,
        };
        let found = calendar.work_days().listed(day(&row[0])).and_then(|listed| listed.label.as_ref());
        assert!(label.is_empty() || found.is_some_and(|words| words.en.contains(label)), "{row:?}: {found:?}");
    }
    if let (Some(first), Some(last)) = (known.first(), known.last()) {
        assert_eq!(calendar.workdays_between(day(&first[0]), day(&last[0]).succ_opt().unwrap()), worked);
    }
}

#[test]
fn the_companys_days_win_over_the_repositorys_years_and_those_over_what_is_built_in() {
    let company = "work_days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\n\
        holiday = [{ from = 2026-02-28, to = 2026-03-02, zh = \"年会\", en = \"Annual meeting\", makeup = [2026-03-07] }]\n\
        makeup = [2026-10-07]\n";
    let holiday =
        |from: &str, to: &str| format!("holiday = [{{ zh = \"x\", en = \"x\", from = {from}, to = {to} }}]\n");
    let (year, next) = (holiday("2026-05-01", "2026-05-08"), holiday("2026-12-31", "2027-01-04"));
    let of = |files: &[(&str, &str)], text: &str| calendar(files).is_workday(day(text));
    let own: &[_] = &[("config/calendar.toml", company)];
    for (text, is_worked) in [
        ("2026-02-28", false),
        ("2026-03-02", false),
        ("2026-03-07", true),
        ("2026-10-07", true),
        ("2026-10-06", false),
    ] {
        assert_eq!(of(own, text), is_worked, "{text}");
    }
    let all: &[_] = &[own[0], ("config/holidays/2026.toml", &year), ("config/holidays/2027.toml", &next)];
    for (text, is_worked) in [
        ("2026-05-08", false),
        // The file of the repository has nothing of that, and takes the place of the whole year.
        ("2026-05-09", false),
        ("2026-10-06", true),
        ("2026-10-07", true),
        ("2026-12-31", false),
        ("2027-01-04", false),
        ("2025-10-08", false),
    ] {
        assert_eq!(of(all, text), is_worked, "{text}");
    }
    let none = format!("{company}statutory = false\n");
    let files: &[_] = &[("config/calendar.toml", none.as_str()), ("config/holidays/2027.toml", &next)];
    assert!(of(files, "2025-10-08") && !of(files, "2027-01-04"));
}

#[test]
fn festivals_of_known_years() {
    let on = |festival: FestivalDay, year: i32| {
        festival.in_year(year).iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(" ")
    };
    for (month, date, year, expected) in [
        (1, 1, 1996, "1996-02-19"),
        (1, 1, 2026, "2026-02-17"),
        (1, 15, 2026, "2026-03-03"),
        (5, 5, 2025, "2025-05-31"),
        // The years of the leap months 8, 2, 6 and 11.
        (8, 15, 1995, "1995-09-09"),
        (8, 15, 2004, "2004-09-28"),
        (8, 15, 2025, "2025-10-06"),
        (8, 15, 2033, "2033-09-08"),
        (1, 1, 2034, "2034-02-19"),
        // The last day of the year, of 30 and of 29 days.
        (12, 30, 2024, "2024-02-09"),
        (12, 30, 2025, "2025-01-28"),
        // Twice in one solar year, then not at all.
        (12, 8, 1992, "1992-01-12 1992-12-31"),
        (12, 8, 1993, ""),
    ] {
        assert_eq!(on(FestivalDay::Lunar(month, date), year), expected, "{month}-{date} {year}");
    }
    for (name, year, expected) in [
        ("qingming", 2008, "2008-04-04"),
        ("qingming", 2026, "2026-04-05"),
        ("lichun", 2021, "2021-02-03"),
        ("dongzhi", 2021, "2021-12-21"),
        ("dongzhi", 2026, "2026-12-22"),
    ] {
        assert_eq!(on(FestivalDay::Term(SolarTerm::parse(name).unwrap()), year), expected, "{name} {year}");
    }
    for festival in [FestivalDay::Lunar(1, 1), FestivalDay::Term(SolarTerm::parse("qingming").unwrap())] {
        assert_eq!(on(festival, 1899) + &on(festival, 2102), "");
    }
}

#[test]
fn every_festival_that_is_known() {
    for row in rows("festivals_1990_2049.csv") {
        let term = |name| FestivalDay::Term(SolarTerm::parse(name).unwrap());
        let festival = match row[1].as_str() {
            "春节" => FestivalDay::Lunar(1, 1),
            "元宵" => FestivalDay::Lunar(1, 15),
            "端午" => FestivalDay::Lunar(5, 5),
            "七夕" => FestivalDay::Lunar(7, 7),
            "中元" => FestivalDay::Lunar(7, 15),
            "中秋" => FestivalDay::Lunar(8, 15),
            "重阳" => FestivalDay::Lunar(9, 9),
            "腊八" => FestivalDay::Lunar(12, 8),
            "除夕" => FestivalDay::Lunar(12, 30),
            "立春" => term("lichun"),
            "清明" => term("qingming"),
            "冬至" => term("dongzhi"),
            other => panic!("{other}"),
        };
        let expected = day(&row[2]);
        assert!(festival.in_year(row[2][..4].parse().unwrap()).contains(&expected), "{row:?}");
        assert_eq!(festival.next(expected), Some(expected), "{row:?}");
        let after = festival.next(expected.succ_opt().unwrap()).unwrap();
        assert!((353..=386).contains(&(after - expected).num_days()), "{row:?}: {after}");
    }
}

#[test]
fn birthdays_come_round() {
    for (birthday, from, expected) in [
        ("1980-03-12", "2026-03-12", "2026-03-12"),
        ("1980-03-12", "2026-03-13", "2027-03-12"),
        ("12-31", "2026-01-01", "2026-12-31"),
        ("02-29", "2026-01-01", "2026-02-28"),
        ("2000-02-29", "2028-02-01", "2028-02-29"),
        ("02-29", "2026-03-01", "2027-02-28"),
        ("农历八月十五", "2026-09-25", "2026-09-25"),
        ("lunar 1980-08-15", "2026-09-26", "2027-09-15"),
        // A twelfth month ends in the next solar year.
        ("lunar 12-08", "2026-01-01", "2026-01-26"),
        ("lunar 12-08", "2026-01-27", "2027-01-15"),
        // The 30th of a month of 29 days; a leap sixth month counts as the sixth.
        ("lunar 12-30", "2026-01-01", "2026-02-16"),
        ("lunar 12-30", "2027-01-01", "2027-02-05"),
        ("农历闰六月初一", "2025-01-01", "2025-06-25"),
        ("农历闰六月初一", "2026-01-01", "2026-07-14"),
    ] {
        let next = next_anniversary(Anniversary::parse(birthday).unwrap(), day(from));
        assert_eq!(next, Some(day(expected)), "{birthday} from {from}");
    }
}

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

#[test]
fn a_year_without_holidays_is_told_as_of_when_it_was() {
    let env = Env::repository("en");
    assert_snapshot!(env.run(&["check", "--now", "2026-12-15T09:00:00+08:00"]), @"
    config/calendar.toml:1:1: the holidays of 2027 are not known; the week alone says what is worked; write `config/holidays/2027.toml` (docs/format.md shows how), or `statutory = false` where none apply [warning calendar-year]
    ------- stderr -------
    checked 0 records: 0 errors, 1 warning
    ");
    env.write(
        "config/holidays/2027.toml",
        "holiday = [\n  { zh = \"元旦\", en = \"New Year\", from = 2026-01-01, to = 2027-01-03 },\n]\n",
    );
    assert_snapshot!(env.run(&["check", "--now", "2026-12-15T09:00:00+08:00"]), @"
    config/holidays/2027.toml:2:3: 2026-01-01 is no day of 2027 [error config-value]
    ------- stderr -------
    checked 0 records: 1 error, 0 warnings
    [exit 6]
    ");
    env.edit("config/holidays/2027.toml", "from = 2026", "from = 2027");
    assert_snapshot!(env.run(&["check", "--now", "2026-12-15T09:00:00+08:00"]), @"
    ------- stderr -------
    checked 0 records: 0 errors, 0 warnings
    ");
    env.done(&["commit", "--now", "2026-12-15T10:00:00+08:00"]);
    let checked = |as_of: &str| env.run(&["check", "--as-of", as_of, "--now", "2026-12-15T11:00:00+08:00"]);
    assert_snapshot!(checked("HEAD"), @"
    ------- stderr -------
    checked 0 records: 0 errors, 0 warnings
    ");
    assert_snapshot!(checked("2026-12-14"), @"
    config/calendar.toml:1:1: the holidays of 2027 are not known; the week alone says what is worked; write `config/holidays/2027.toml` (docs/format.md shows how), or `statutory = false` where none apply [warning calendar-year]
    ------- stderr -------
    checked 0 records: 0 errors, 1 warning
    ");
}

#[test]
fn birthdays_are_read_as_people_write_them() {
    let env = Env::repository("en");
    let add = |birthday: &str, phone: &str| {
        let customer = format!(
            r#"{{"type":"potential","category":"B2B","name":"C{phone}","industry":"retail","region":"Suzhou","source":"hotline","owner":"li","contacts":[{{"name":"Chen","work_phone":"{phone}","birthday":"{birthday}"}}]}}"#
        );
        env.run_with(&["customer", "add", "--stdin", "-q"], customer)
    };
    assert_eq!(add("农历八月十五", "0512-60000001").to_string(), "B2B-2026-001\n");
    assert_eq!(add("1980年3月12日", "0512-60000002").to_string(), "B2B-2026-002\n");
    assert_snapshot!(add("lunar 08-31", "0512-60000004"), @"
    ------- stderr -------
    error: line 1: C0512-60000004: Birthday `lunar 08-31` is not a day such as 1980-03-12, 03-12 or lunar 08-15
    [exit 6]
    ");
    let first = "customers/2026/B2B-2026-001.toml";
    let written = |path: &str| env.read(path).lines().find(|line| line.starts_with("birthday")).unwrap().to_string();
    assert_eq!(written(first), "birthday = \"lunar 08-15\"");
    assert_eq!(written("customers/2026/B2B-2026-002.toml"), "birthday = \"1980-03-12\"");
    env.write("c.csv", "客户名称,类型,类别,行业,地区,来源,负责人,联系人,联系电话,生日\n甲,潜在客户,B2B,零售,苏州,热线,li,陈,0512-60000003,阴历腊月廿三\n");
    assert_snapshot!(env.run(&["customer", "import", "c.csv", "-q"]), @"c.csv: 1 created, 0 updated, 0 unchanged, 0 duplicates, 0 rejected");
    assert_eq!(written("customers/2026/B2B-2026-003.toml"), "birthday = \"lunar 12-23\"");
    env.edit(first, "birthday = \"lunar 08-15\"", "birthday = \"农历正月初一\"");
    env.edit("customers/2026/B2B-2026-002.toml", "\"1980-03-12\"", "1980-03-12");
    let found = env.run(&["check", "customers"]).to_string();
    let about = found.lines().filter(|line| line.contains("irthday")).collect::<Vec<_>>().join("\n");
    assert_snapshot!(about, @r#"customers/2026/B2B-2026-001.toml:13:12: Birthday `农历正月初一` is not in its normal form; write `birthday = "lunar 01-01"` [warning normal-form]"#);
}
