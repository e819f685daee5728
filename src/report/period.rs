//! The period (期间) a report is about: whole days, both ends included.
//!
//! A week is an ISO week, Monday to Sunday; week 1 is the one with the year's first Thursday, so the
//! first days of January may belong to the last week of the year before.

use crate::record::date::{DateOrder, parse_day};
use crate::record::{Failure, Result, Words};
use crate::words;
use chrono::{Datelike, Months, NaiveDate, Weekday};

/// Whole days from `from` to `to`, both included; `from` is never after `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Its name in JSON: `2026-W12`, `2026-03`, `2026-Q1`, `2026`, `2026-03-01..2026-03-15`, `all`.
    pub key: String,
    /// What people call it, with its days.
    pub label: Words,
}

/// The flags that state a period, as typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct PeriodFlags<'a> {
    /// `--week 2026-W12`
    pub week: Option<&'a str>,
    /// `--month 2026-03`
    pub month: Option<&'a str>,
    /// `--quarter 2026-Q1`
    pub quarter: Option<&'a str>,
    /// `--year 2026`
    pub year: Option<&'a str>,
    /// `--from 2026-03-01`; up to today unless `--to` is given.
    pub from: Option<&'a str>,
    /// `--to 2026-03-15`; from the beginning unless `--from` is given.
    pub to: Option<&'a str>,
}

/// A calendar unit that can be a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// An ISO week.
    Week,
    /// A month.
    Month,
    /// Three months from January, April, July or October.
    Quarter,
    /// A calendar year.
    Year,
}

impl Period {
    /// Reads the flags; nothing when none is given.
    ///
    /// `this` and `last` stand for the unit `today` lies in and the one before it. Fails with a usage error
    /// for a period that does not exist and for flags that exclude each other.
    pub fn parse(flags: &PeriodFlags<'_>, today: NaiveDate) -> Result<Option<Period>> {
        let units = [
            (Unit::Week, flags.week),
            (Unit::Month, flags.month),
            (Unit::Quarter, flags.quarter),
            (Unit::Year, flags.year),
        ];
        let days = ("--from/--to", flags.from.or(flags.to).is_some());
        let given = units.iter().filter(|(_, text)| text.is_some()).map(|(unit, _)| unit.flag());
        let given: Vec<&str> = given.chain(days.1.then_some(days.0)).collect();
        if let [first, second, ..] = given[..] {
            return Err(Failure::usage(words!(
                "`{first}` and `{second}` cannot be used together",
                "`{first}` 与 `{second}` 不能同时使用"
            )));
        }
        match units.into_iter().find_map(|(unit, text)| Some((unit, text?))) {
            Some((unit, text)) => unit.parse(text, today).map(Some),
            None if days.1 => Period::between(flags.from, flags.to, today).map(Some),
            None => Ok(None),
        }
    }

    /// Returns the period that holds every day, and records without a day too.
    pub fn all_time() -> Period {
        Period {
            from: NaiveDate::MIN, to: NaiveDate::MAX, key: "all".into(), label: words!("all time", "全部时间")
        }
    }

    /// Returns the first day, nothing when the period has no beginning.
    pub fn start(&self) -> Option<NaiveDate> {
        Some(self.from).filter(|day| *day != NaiveDate::MIN)
    }

    /// Returns the last day, nothing when the period has no end.
    pub fn end(&self) -> Option<NaiveDate> {
        Some(self.to).filter(|day| *day != NaiveDate::MAX)
    }

    /// Tells whether a day lies in the period; an unknown day lies only in all time.
    pub fn holds(&self, day: Option<NaiveDate>) -> bool {
        match day {
            Some(day) => self.from <= day && day <= self.to,
            None => self.start().is_none() && self.end().is_none(),
        }
    }

    fn between(from: Option<&str>, to: Option<&str>, today: NaiveDate) -> Result<Period> {
        let from = from.map_or(Ok(NaiveDate::MIN), |text| read_day("--from", text, today))?;
        let to = to.map_or(Ok(today), |text| read_day("--to", text, today))?;
        if from > to {
            return Err(Failure::usage(words!(
                "the period ends on `{to}`, before it begins on `{from}`",
                "期间结束日 `{to}` 早于开始日 `{from}`"
            )));
        }
        if from == NaiveDate::MIN {
            return Ok(Period { from, to, key: format!("..{to}"), label: words!("up to {to}", "截至 {to}") });
        }
        Ok(Period { from, to, key: format!("{from}..{to}"), label: words!("{from} to {to}", "{from} 至 {to}") })
    }
}

fn read_day(flag: &str, text: &str, today: NaiveDate) -> Result<NaiveDate> {
    if matches!(text.trim(), "today" | "今天") {
        return Ok(today);
    }
    parse_day(text, DateOrder::Unstated).ok_or_else(|| {
        Failure::usage(words!("`{flag}` wants a day, not `{text}`", "`{flag}` 需要日期，而不是 `{text}`"))
            .hint(words!("write it as 2026-03-05", "请写成 2026-03-05"))
    })
}

impl Unit {
    /// Returns the unit's period that `day` lies in.
    pub fn containing(self, day: NaiveDate) -> Period {
        let (year, n) = match self {
            Unit::Week => (day.iso_week().year(), day.iso_week().week()),
            Unit::Month => (day.year(), day.month()),
            Unit::Quarter => (day.year(), day.month().div_ceil(3)),
            Unit::Year => (day.year(), 1),
        };
        self.nth(year, n).unwrap_or_else(Period::all_time)
    }

    /// Reads `2026-W12`, `2026-03`, `2026-Q1` or `2026`, or `this` and `last`.
    fn parse(self, text: &str, today: NaiveDate) -> Result<Period> {
        let folded = text.trim().to_ascii_lowercase();
        let [this, last] = self.words();
        let found = match folded.as_str() {
            word if word == "this" || this.contains(&word) => Some(self.containing(today)),
            word if word == "last" || last.contains(&word) => {
                self.containing(today).from.pred_opt().map(|day| self.containing(day))
            }
            other => self.split(other).and_then(|(year, n)| self.nth(year, n)),
        };
        found.ok_or_else(|| {
            let flag = self.flag();
            let example = self.example();
            let [now, before] = self.words().map(|words| words.get(1).copied().unwrap_or_default());
            Failure::usage(words!(
                "`{flag}` wants a period that exists, not `{text}`",
                "`{flag}` 需要存在的期间，而不是 `{text}`"
            ))
            .hint(words!(
                "write it as {example}, `this` or `last`",
                "请写成 {example}、{now}（`this`）或{before}（`last`）"
            ))
        })
    }

    /// Returns what else the unit of today and the one before it are called.
    fn words(self) -> [&'static [&'static str]; 2] {
        match self {
            Unit::Week => [&["本期", "本周", "这周", "this-week"], &["上期", "上周", "last-week"]],
            Unit::Month => [&["本期", "本月", "这个月", "this-month"], &["上期", "上月", "上个月", "last-month"]],
            Unit::Quarter => [&["本期", "本季度", "this-quarter"], &["上期", "上季度", "上个季度", "last-quarter"]],
            Unit::Year => [&["本期", "今年", "本年", "this-year"], &["上期", "去年", "last-year"]],
        }
    }

    /// Splits lower-case text into year and running number within it.
    fn split(self, text: &str) -> Option<(i32, u32)> {
        let digits = |text: &str| -> Option<u32> {
            let fits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| text.parse().ok())?
        };
        let (year, rest) = text.split_at_checked(4)?;
        let year = i32::try_from(digits(year)?).ok()?;
        let n = match self {
            Unit::Year => return rest.is_empty().then_some((year, 1)),
            Unit::Month => rest.strip_prefix('-')?,
            Unit::Week => rest.strip_prefix('-').unwrap_or(rest).strip_prefix('w')?,
            Unit::Quarter => rest.strip_prefix('-').unwrap_or(rest).strip_prefix('q')?,
        };
        Some((year, digits(n)?))
    }

    /// Returns the `n`-th period of a year, nothing when there is none.
    fn nth(self, year: i32, n: u32) -> Option<Period> {
        let months = |first: u32, count: u32| -> Option<(NaiveDate, NaiveDate)> {
            let from = NaiveDate::from_ymd_opt(year, first, 1)?;
            Some((from, from.checked_add_months(Months::new(count))?.pred_opt()?))
        };
        let (from, to) = match self {
            Unit::Week => {
                (NaiveDate::from_isoywd_opt(year, n, Weekday::Mon)?, NaiveDate::from_isoywd_opt(year, n, Weekday::Sun)?)
            }
            Unit::Month => months(n, 1)?,
            Unit::Quarter => months(n.checked_sub(1)?.checked_mul(3)?.checked_add(1)?, 3)?,
            Unit::Year => months(1, 12)?,
        };
        let (key, zh) = match self {
            Unit::Week => (format!("{year:04}-W{n:02}"), format!("{year} 年第 {n} 周")),
            Unit::Month => (format!("{year:04}-{n:02}"), format!("{year} 年 {n} 月")),
            Unit::Quarter => (format!("{year:04}-Q{n}"), format!("{year} 年第 {n} 季度")),
            Unit::Year => (format!("{year:04}"), format!("{year} 年")),
        };
        let label = words!("{key} ({from} to {to})", "{zh}（{from} 至 {to}）");
        Some(Period { from, to, key, label })
    }

    fn flag(self) -> &'static str {
        match self {
            Unit::Week => "--week",
            Unit::Month => "--month",
            Unit::Quarter => "--quarter",
            Unit::Year => "--year",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Unit::Week => "2026-W12",
            Unit::Month => "2026-03",
            Unit::Quarter => "2026-Q1",
            Unit::Year => "2026",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Exit, Lang};
    use proptest::prelude::*;

    const UNITS: [Unit; 4] = [Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn week(text: &str) -> Option<(String, String)> {
        let flags = PeriodFlags { week: Some(text), ..PeriodFlags::default() };
        let period = Period::parse(&flags, day("2026-03-18")).ok()??;
        Some((period.from.to_string(), period.to.to_string()))
    }

    #[test]
    fn weeks_run_from_monday_to_sunday_also_over_new_year() {
        let days = |from: &str, to: &str| Some((from.to_string(), to.to_string()));
        assert_eq!(week("2026-W12"), days("2026-03-16", "2026-03-22"));
        assert_eq!(week("2026w12"), days("2026-03-16", "2026-03-22"));
        assert_eq!(week("2026-W01"), days("2025-12-29", "2026-01-04"));
        assert_eq!(week("2026-W53"), days("2026-12-28", "2027-01-03"));
        assert_eq!(week("2025-W53"), None, "2025 has 52 weeks");
        assert_eq!(week("this"), days("2026-03-16", "2026-03-22"));
        assert_eq!(week("last"), days("2026-03-09", "2026-03-15"));
        assert_eq!(Unit::Week.containing(day("2027-01-01")).key, "2026-W53");
    }

    #[test]
    fn months_quarters_years() {
        let read = |unit: Unit, text: &str| unit.parse(text, day("2026-01-10")).map(|p| (p.from, p.to)).ok();
        assert_eq!(read(Unit::Month, "2024-02"), Some((day("2024-02-01"), day("2024-02-29"))));
        assert_eq!(read(Unit::Quarter, "2026-Q4"), Some((day("2026-10-01"), day("2026-12-31"))));
        assert_eq!(read(Unit::Quarter, "last"), Some((day("2025-10-01"), day("2025-12-31"))));
        assert_eq!(read(Unit::Year, "2026"), Some((day("2026-01-01"), day("2026-12-31"))));
        for bad in ["2026-13", "2026-00", "26-01", "2026-1x", "", "二〇二六", "2026-+1", "99999-01"] {
            assert_eq!(read(Unit::Month, bad), None, "{bad}");
        }
        for bad in ["2026-Q0", "2026-Q5", "2026-Q", "2026-Q9999"] {
            assert_eq!(read(Unit::Quarter, bad), None, "{bad}");
        }
    }

    #[test]
    fn days_are_inclusive_and_open_ends_are_closed_by_today() {
        let today = day("2026-03-18");
        let read = |from, to| Period::parse(&PeriodFlags { from, to, ..PeriodFlags::default() }, today);
        let both = read(Some("2026-03-01"), Some("2026年3月5日")).unwrap().unwrap();
        assert!(both.holds(Some(day("2026-03-01"))) && both.holds(Some(day("2026-03-05"))));
        assert!(!both.holds(Some(day("2026-03-06"))) && !both.holds(None));
        assert_eq!(read(Some("2026-03-01"), None).unwrap().unwrap().to, today);
        let upto = read(None, Some("2026-03-05")).unwrap().unwrap();
        assert_eq!((upto.start(), upto.label.get(Lang::Zh)), (None, "截至 2026-03-05"));
        assert_eq!(read(Some("2026-03-05"), Some("2026-03-01")).unwrap_err().exit, Exit::Usage);
        assert_eq!(read(Some("soon"), None).unwrap_err().exit, Exit::Usage);
        assert_eq!(read(None, None).unwrap(), None);
    }

    #[test]
    fn flags_exclude_each_other() {
        let flags = PeriodFlags { week: Some("2026-W12"), to: Some("2026-03-01"), ..PeriodFlags::default() };
        let failure = Period::parse(&flags, day("2026-03-18")).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert_eq!(failure.message.en, "`--week` and `--from/--to` cannot be used together");
    }

    #[test]
    fn all_time_holds_what_has_no_day() {
        assert!(Period::all_time().holds(None));
        assert_eq!((Period::all_time().start(), Period::all_time().end()), (None, None));
    }

    proptest! {
        #[test]
        fn units_tile_the_calendar(offset in 0u64..80_000) {
            let day = day("1900-01-01") + chrono::Days::new(offset);
            for unit in UNITS {
                let period = unit.containing(day);
                prop_assert!(period.holds(Some(day)), "{:?}", period);
                let next = unit.containing(period.to.succ_opt().unwrap());
                prop_assert_eq!(next.from.pred_opt().unwrap(), period.to);
                prop_assert_eq!(&unit.parse(&period.key, day).unwrap(), &period);
                prop_assert_eq!(unit.parse("last", next.from).unwrap(), period);
            }
        }

        #[test]
        fn weeks_have_seven_days_and_quarters_three_months(offset in 0u64..80_000) {
            let day = day("1900-01-01") + chrono::Days::new(offset);
            let week = Unit::Week.containing(day);
            prop_assert_eq!((week.from.weekday(), week.to.weekday()), (Weekday::Mon, Weekday::Sun));
            prop_assert_eq!((week.to - week.from).num_days(), 6);
            let quarter = Unit::Quarter.containing(day);
            prop_assert_eq!((quarter.from.day(), quarter.from.month() % 3, quarter.to.month() % 3), (1, 1, 0));
            prop_assert_eq!(quarter.from.year(), quarter.to.year());
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,12}") {
            for unit in UNITS {
                let _ = unit.parse(&text, day("2026-03-18"));
            }
        }
    }
}
