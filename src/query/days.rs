//! Days and periods as filters name them: `2026-03-12`, `2026-W12`, `today-7d`, `this-week`, `上个月`.

mod weekday;

use crate::record::date::{DateOrder, Moment, parse_moment};
use crate::record::halve_width;
use chrono::{Datelike, Days as Count, Months, NaiveDate, Weekday};
use std::fmt;
use weekday::weekday;

/// A day or several days in a row, the last one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

/// Why a text names no days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoDays {
    /// It is no day.
    Unknown,
    /// It counts from today where that is not allowed.
    Relative,
}

/// The words that count from today, with the unit of time and the step from the current one.
const RELATIVE: [(&str, char, i32); 40] = [
    ("today", 'd', 0),
    ("今天", 'd', 0),
    ("今日", 'd', 0),
    ("yesterday", 'd', -1),
    ("昨天", 'd', -1),
    ("tomorrow", 'd', 1),
    ("明天", 'd', 1),
    ("明日", 'd', 1),
    ("后天", 'd', 2),
    ("前天", 'd', -2),
    ("thisweek", 'w', 0),
    ("本周", 'w', 0),
    ("这周", 'w', 0),
    ("lastweek", 'w', -1),
    ("上周", 'w', -1),
    ("nextweek", 'w', 1),
    ("下周", 'w', 1),
    ("thismonth", 'm', 0),
    ("本月", 'm', 0),
    ("这个月", 'm', 0),
    ("lastmonth", 'm', -1),
    ("上月", 'm', -1),
    ("上个月", 'm', -1),
    ("nextmonth", 'm', 1),
    ("下月", 'm', 1),
    ("下个月", 'm', 1),
    ("thisquarter", 'q', 0),
    ("本季度", 'q', 0),
    ("lastquarter", 'q', -1),
    ("上季度", 'q', -1),
    ("上个季度", 'q', -1),
    ("nextquarter", 'q', 1),
    ("下季度", 'q', 1),
    ("thisyear", 'y', 0),
    ("今年", 'y', 0),
    ("本年", 'y', 0),
    ("lastyear", 'y', -1),
    ("去年", 'y', -1),
    ("nextyear", 'y', 1),
    ("明年", 'y', 1),
];

impl Days {
    /// Makes the span of one day.
    pub fn one(day: NaiveDate) -> Days {
        Days { first: day, last: day }
    }

    /// Tells whether the day lies within.
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Returns the days a text names, by what today is; nothing when it names none.
    pub fn of(text: &str, today: NaiveDate) -> Option<Days> {
        Days::parse(text, Some(today)).ok()
    }

    /// Returns the one day that a text counts from today, as `today+7d` and `下周一` do; nothing for one that is written
    /// out, and for a period.
    pub fn counted(text: &str, today: NaiveDate) -> Option<NaiveDate> {
        let text = halve_width(text).trim().to_lowercase();
        relative(&text, today).filter(|days| days.first == days.last).map(|days| days.first)
    }

    /// Reads a day, a period or two of them with `..` between; `today` none refuses those that count from it.
    pub(super) fn parse(text: &str, today: Option<NaiveDate>) -> Result<Days, NoDays> {
        let text = halve_width(text).trim().to_lowercase();
        let Some((from, to)) = text.split_once("..") else { return single(&text, today) };
        let (from, to) = (single(from.trim(), today)?, single(to.trim(), today)?);
        if from.first <= to.last { Ok(Days { first: from.first, last: to.last }) } else { Err(NoDays::Unknown) }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{}..{}", self.first, self.last) }
    }
}

fn single(text: &str, today: Option<NaiveDate>) -> Result<Days, NoDays> {
    if let Some(Moment::Day(day)) = parse_moment(text, DateOrder::Unstated) {
        return Ok(Days::one(day));
    }
    if let Some(days) = period(text) {
        return Ok(days);
    }
    let base = today.unwrap_or(NaiveDate::MIN + Months::new(1200));
    match relative(text, base) {
        Some(_) if today.is_none() => Err(NoDays::Relative),
        Some(days) => Ok(days),
        None => Err(NoDays::Unknown),
    }
}

/// Reads `2026`, `2026-03`, `2026-w12`, `2026-q1`, `2026年`, `2026年3月`.
fn period(text: &str) -> Option<Days> {
    let plain = text.replace('年', "-").replace('月', "");
    let (year, rest) = plain.split_once('-').unwrap_or((&plain, ""));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = |text: &str| digits(text).then(|| text.parse::<u32>().ok()).flatten();
    let year: i32 = year.parse().ok().filter(|_| year.len() == 4 && digits(year))?;
    if rest.is_empty() {
        return span('y', NaiveDate::from_ymd_opt(year, 1, 1)?);
    }
    if let Some(week) = rest.strip_prefix('w') {
        return span('w', NaiveDate::from_isoywd_opt(year, number(week)?, Weekday::Mon)?);
    }
    if let Some(quarter) = rest.strip_prefix('q') {
        let quarter = number(quarter).filter(|q| (1..=4).contains(q))?;
        return span('q', NaiveDate::from_ymd_opt(year, quarter * 3 - 2, 1)?);
    }
    span('m', NaiveDate::from_ymd_opt(year, number(rest)?, 1)?)
}

/// Reads `this-week`, `today-7d`, `today+1m-1d`, `今天-7天`.
fn relative(text: &str, today: NaiveDate) -> Option<Days> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '_').collect();
    let joined = plain.replace('-', "");
    let named = |(word, unit, _): &&(&str, char, i32)| *word == if *unit == 'd' { &plain } else { &joined };
    if let Some((_, unit, step)) = RELATIVE.iter().find(named) {
        return span(*unit, shift(today, *unit, i64::from(*step))?);
    }
    if let Some(day) = day_of_week(&joined, today) {
        return Some(Days::one(day));
    }
    let start = plain.find(['+', '-'])?;
    let (word, mut rest) = plain.split_at(start);
    let named = RELATIVE.iter().find(|(name, unit, _)| *name == word && *unit == 'd');
    let mut day = match named {
        Some((_, _, step)) => shift(today, 'd', i64::from(*step))?,
        None => day_of_week(word, today)?,
    };
    while !rest.is_empty() {
        let sign = if rest.starts_with('+') { 1 } else { -1 };
        rest = rest.strip_prefix(['+', '-'])?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let count: i64 = rest.get(..digits)?.parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        rest = &rest[digits + unit.len_utf8()..];
        day = shift(day, unit_of(unit)?, sign * count)?;
    }
    Some(Days::one(day))
}

/// Reads `下周一`, `nextfriday`.
fn day_of_week(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (weeks, days) = weekday(text)?;
    span('w', shift(today, 'w', weeks)?)?.first.checked_add_days(Count::new(days))
}

fn unit_of(unit: char) -> Option<char> {
    match unit {
        'd' | '天' | '日' => Some('d'),
        'w' | '周' => Some('w'),
        'm' | '月' => Some('m'),
        'y' | '年' => Some('y'),
        _ => None,
    }
}

/// Moves a day by units; a month's missing end is clamped to its last day.
fn shift(day: NaiveDate, unit: char, count: i64) -> Option<NaiveDate> {
    let by = |factor: u32| u32::try_from(count.unsigned_abs()).ok()?.checked_mul(factor);
    match unit {
        'd' | 'w' => {
            let days = Count::new(u64::from(by(if unit == 'w' { 7 } else { 1 })?));
            if count < 0 { day.checked_sub_days(days) } else { day.checked_add_days(days) }
        }
        _ => {
            let months = Months::new(by(if unit == 'm' {
                1
            } else if unit == 'q' {
                3
            } else {
                12
            })?);
            if count < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) }
        }
    }
}

/// Returns the whole unit of time that `day` lies in.
fn span(unit: char, day: NaiveDate) -> Option<Days> {
    let first = match unit {
        'd' => return Some(Days::one(day)),
        'w' => day.checked_sub_days(Count::new(u64::from(day.weekday().num_days_from_monday())))?,
        'm' => day.with_day(1)?,
        'q' => day.with_day(1)?.with_month(day.month0() / 3 * 3 + 1)?,
        _ => NaiveDate::from_ymd_opt(day.year(), 1, 1)?,
    };
    Some(Days { first, last: shift(first, unit, 1)?.pred_opt()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> String {
        let today = NaiveDate::from_ymd_opt(2026, 3, 12);
        Days::parse(text, today).map_or_else(|why| format!("{why:?}"), |days| days.to_string())
    }

    #[test]
    fn days_and_periods() {
        for (text, wanted) in [
            ("2026-03-12", "2026-03-12"),
            ("2026年3月12日", "2026-03-12"),
            ("２０２６－０３－１２", "2026-03-12"),
            ("2026", "2026-01-01..2026-12-31"),
            ("2026-02", "2026-02-01..2026-02-28"),
            ("2026年2月", "2026-02-01..2026-02-28"),
            ("2026-W12", "2026-03-16..2026-03-22"),
            ("2026-q1", "2026-01-01..2026-03-31"),
            ("2026-01-05..2026-02", "2026-01-05..2026-02-28"),
            ("today", "2026-03-12"),
            ("today-7d", "2026-03-05"),
            ("TODAY+1m", "2026-04-12"),
            ("today+1m-1d", "2026-04-11"),
            ("今天-2周", "2026-02-26"),
            ("yesterday", "2026-03-11"),
            ("后天", "2026-03-14"),
            ("下周一", "2026-03-16"),
            ("本周日", "2026-03-15"),
            ("上个星期天", "2026-03-08"),
            ("下周五+1周", "2026-03-27"),
            ("next-friday", "2026-03-20"),
            ("This Mon", "2026-03-09"),
            ("this-week", "2026-03-09..2026-03-15"),
            ("last_week", "2026-03-02..2026-03-08"),
            ("下周", "2026-03-16..2026-03-22"),
            ("上个月", "2026-02-01..2026-02-28"),
            ("this-quarter", "2026-01-01..2026-03-31"),
            ("last year", "2025-01-01..2025-12-31"),
        ] {
            assert_eq!(days(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_day() {
        for text in [
            "",
            "soon",
            "friday",
            "next-",
            "下周八",
            "2026-13",
            "2026-02-30",
            "2026-W54",
            "2026-Q5",
            "20261",
            "today-",
            "today-7",
            "today-7x",
            "today+99999999999999999999d",
            "today+4000000000y",
            "2026-03-12..2026-03-11",
            "..",
            "3/5/2026",
            "2026-03-12 09:30",
            "-2026",
        ] {
            assert_eq!(days(text), "Unknown", "{text}");
        }
    }

    #[test]
    fn one_day_counted_from_today() {
        let today = NaiveDate::from_ymd_opt(2026, 3, 12).unwrap();
        let day = |text: &str| Days::counted(text, today).map(|day| day.to_string());
        assert_eq!(day(" Today+１w ").as_deref(), Some("2026-03-19"));
        assert_eq!(day("下周一").as_deref(), Some("2026-03-16"));
        for text in ["", "2026-03-12", "2026-03", "下周", "this-week", "soon", "today..today+1d"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn counting_from_today_may_be_refused() {
        assert_eq!(Days::parse("today-7d", None), Err(NoDays::Relative));
        assert_eq!(Days::parse("本周", None), Err(NoDays::Relative));
        assert_eq!(Days::parse("soon", None), Err(NoDays::Unknown));
        assert!(Days::parse("2026-03", None).is_ok());
    }
}
