//! `config/calendar.toml`: which days and hours are worked, and the festivals customers are greeted at.

use super::reader::{Section, Source, date_of, label};
use crate::record::{Finding, Money, Words};
use crate::words;
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use std::collections::BTreeSet;
use toml::de::DeValue;

/// `config/calendar.toml`, typed.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The days of the week that are worked.
    pub work_days: Vec<Weekday>,
    /// The hours of a working day, ascending, none overlapping another.
    pub work_hours: Vec<(NaiveTime, NaiveTime)>,
    /// Statutory holidays, first and last day.
    pub holidays: Vec<(NaiveDate, NaiveDate, Words)>,
    /// Days worked although the week says otherwise.
    pub makeup: BTreeSet<NaiveDate>,
    /// Festivals to greet at.
    pub festivals: Vec<Festival>,
    /// A gift above this value needs approval; none does when absent.
    pub gift_approval_above: Option<Money>,
}

/// A festival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Festival {
    /// Its stable name.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// When it is.
    pub on: FestivalDay,
}

/// When a festival is, each year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FestivalDay {
    /// Month and day of the solar calendar.
    Solar(u32, u32),
    /// Month and day of the lunar calendar.
    Lunar(u32, u32),
    /// The solar term Qingming.
    Qingming,
}

impl Calendar {
    /// Reads `config/calendar.toml`.
    pub fn parse(text: &str, path: &str) -> Result<Calendar, Vec<Finding>> {
        let source = Source::new(path, text);
        let table = source.parse();
        let calendar = table.as_ref().map(|table| {
            let top = Section::top(&source, table);
            let days =
                top.list("work_days", words!("a list of days such as \"mon\"", "星期列表，例如 \"mon\""), weekday);
            let makeup = top.list("makeup", words!("a list of days", "日期列表"), date_of);
            let work_hours = hours(&top);
            let holidays = top.sections("holiday").iter().filter_map(holiday).collect();
            let care = top.section("care");
            let festivals =
                care.iter().flat_map(|care| care.sections("festival")).filter_map(|one| festival(&one)).collect();
            let gift_approval_above =
                care.as_ref().and_then(|care| care.money("gift_approval_above")).map(|money| money.value);
            if let Some(care) = &care {
                care.done();
            }
            top.done();
            Calendar {
                work_days: days.map_or_else(Vec::new, |days| days.value.into_iter().map(|day| day.value).collect()),
                work_hours,
                holidays,
                makeup: makeup.into_iter().flat_map(|days| days.value).map(|day| day.value).collect(),
                festivals,
                gift_approval_above,
            }
        });
        source.finish(calendar)
    }

    /// Tells whether a day is worked: make-up days are, holidays are not, else the week decides.
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        let holiday = self.holidays.iter().any(|(from, to, _)| (*from..=*to).contains(&day));
        self.makeup.contains(&day) || (!holiday && self.work_days.contains(&day.weekday()))
    }
}

fn weekday(value: &DeValue<'_>) -> Option<Weekday> {
    value.as_str()?.parse().ok()
}

fn hours(top: &Section<'_>) -> Vec<(NaiveTime, NaiveTime)> {
    let wanted = words!("a list of hours such as \"09:00-12:00\"", "时段列表，例如 \"09:00-12:00\"");
    let read = |value: &DeValue<'_>| {
        let (from, to) = value.as_str()?.split_once('-')?;
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        Some((time(from)?, time(to)?)).filter(|(from, to)| from < to)
    };
    let Some(spans) = top.list("work_hours", wanted, read) else { return Vec::new() };
    for pair in spans.value.windows(2) {
        if let [before, after] = pair
            && after.value.0 < before.value.1
        {
            let message = words!("the hours overlap or are out of order", "时段重叠或未按先后排列");
            top.report("config-value", "work_hours", after.span.clone(), message);
        }
    }
    spans.value.into_iter().map(|span| span.value).collect()
}

fn holiday(section: &Section<'_>) -> Option<(NaiveDate, NaiveDate, Words)> {
    let from = section.required("from", section.date("from"));
    let to = section.required("to", section.date("to"));
    let label = label(section);
    section.done();
    let (from, to) = (from?, to?);
    if to.value < from.value {
        section.report(
            "config-value",
            "to",
            to.span,
            words!("the last day is before the first", "结束日期早于开始日期"),
        );
    }
    Some((from.value, to.value, label?))
}

fn festival(section: &Section<'_>) -> Option<Festival> {
    let key = section.required("key", section.text("key"));
    let label = label(section);
    let wanted = words!(
        "a day such as \"10-01\", \"lunar 08-15\" or \"qingming\"",
        "日期，例如 \"10-01\"、\"lunar 08-15\" 或 \"qingming\""
    );
    let on = section.required("on", section.read("on", wanted, |value| festival_day(value.as_str()?)));
    section.done();
    Some(Festival { key: key?.value, label: label?, on: on?.value })
}

fn festival_day(text: &str) -> Option<FestivalDay> {
    if text == "qingming" {
        return Some(FestivalDay::Qingming);
    }
    let lunar = text.strip_prefix("lunar ");
    let (month, day) = lunar.unwrap_or(text).split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    match lunar {
        Some(_) => ((1..=12).contains(&month) && (1..=30).contains(&day)).then_some(FestivalDay::Lunar(month, day)),
        // 2000 is a leap year, so that 02-29 is a day.
        None => NaiveDate::from_ymd_opt(2000, month, day).map(|_| FestivalDay::Solar(month, day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default() -> Calendar {
        Calendar::parse(include_str!("../defaults/calendar.toml"), "c").unwrap()
    }

    #[test]
    fn days_worked() {
        let calendar = default();
        for (day, worked) in [
            ("2026-03-12", true),
            ("2026-03-14", false),
            ("2026-02-16", false),
            ("2026-02-14", true),
            ("2026-10-10", true),
            ("2026-10-07", false),
            ("2026-10-08", true),
        ] {
            assert_eq!(calendar.is_workday(day.parse().unwrap()), worked, "{day}");
        }
    }

    #[test]
    fn festivals_of_both_calendars() {
        assert_eq!(default().festivals.len(), 7);
        assert_eq!(festival_day("lunar 01-15"), Some(FestivalDay::Lunar(1, 15)));
        for bad in ["13-01", "lunar 01-31", "02-30", "easter"] {
            assert_eq!(festival_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn hours_ascend() {
        let text = include_str!("../defaults/calendar.toml").replace("13:00-18:00", "11:00-18:00");
        assert_eq!(Calendar::parse(&text, "c").unwrap_err().len(), 1);
    }
}
