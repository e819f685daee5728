//! `config/calendar.toml`: which days and hours are worked, and the festivals customers are greeted at.
//!
//! The holidays of the country are in files of their own, one a year ([`holidays`]); those listed here are the company's,
//! and win over them.

use super::holidays::{self, Holiday};
use super::reader::{Section, Source, date_of, label};
use crate::record::{Finding, Money, Words};
use crate::rules::calendar::{ListedDay, SolarTerm, WorkDays};
use crate::words;
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use toml::de::DeValue;

/// `config/calendar.toml` and `config/holidays/`, typed.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The hours of a working day, ascending, none overlapping another.
    pub work_hours: Vec<(NaiveTime, NaiveTime)>,
    /// Festivals to greet at.
    pub festivals: Vec<Festival>,
    /// A gift above this value needs approval; none does when absent.
    pub gift_approval_above: Option<Money>,
    /// The days of the week that are worked.
    week: Vec<Weekday>,
    /// The company's own days off.
    holidays: Vec<Holiday>,
    /// The company's own days worked although the week or the country says otherwise.
    makeup: Vec<NaiveDate>,
    /// Whether the holidays that are built in count.
    is_statutory: bool,
    /// The years the repository has a file of.
    years: BTreeMap<i32, Vec<Holiday>>,
    /// All of these, put together when first asked for.
    days: OnceLock<WorkDays>,
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
    /// A solar term.
    Term(SolarTerm),
}

impl Calendar {
    /// Reads `config/calendar.toml`; `years` are those [`Calendar::parse_years`] read.
    pub fn parse(text: &str, path: &str, years: BTreeMap<i32, Vec<Holiday>>) -> Result<Calendar, Vec<Finding>> {
        let source = Source::new(path, text);
        let table = source.parse();
        let calendar = table.as_ref().map(|table| {
            let top = Section::top(&source, table);
            let calendar = read(&top, years);
            top.done();
            calendar
        });
        source.finish(calendar)
    }

    /// Reads every `config/holidays/YEAR.toml` there is; `read` returns a file's text.
    pub fn parse_years(read: &dyn Fn(&str) -> Option<String>) -> Result<BTreeMap<i32, Vec<Holiday>>, Vec<Finding>> {
        let (mut years, mut wrong) = (BTreeMap::new(), Vec::new());
        for year in holidays::YEARS {
            let path = holidays::path_of(year);
            match read(&path).map(|text| holidays::parse(&text, &path, year)) {
                Some(Ok(holidays)) => drop(years.insert(year, holidays)),
                Some(Err(findings)) => wrong.extend(findings),
                None => {}
            }
        }
        if wrong.is_empty() { Ok(years) } else { Err(wrong) }
    }

    /// Returns which days are worked.
    pub fn work_days(&self) -> &WorkDays {
        self.days.get_or_init(|| {
            // What comes later wins: a year's file over the one before, the company over the country, work over rest.
            let days = self.statutory().flat_map(|(_, holidays)| holidays).chain(&self.holidays).flat_map(listed);
            let makeup = self.makeup.iter().map(|day| (*day, ListedDay { is_worked: true, label: None }));
            WorkDays::new(&self.week, days.chain(makeup))
        })
    }

    /// Tells whether a day is worked: the company's own days count first, then the statutory ones, then the week.
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        self.work_days().is_workday(day)
    }

    /// Counts the days that are worked from `from` on and before `to`; none when `to` is not later.
    pub fn workdays_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.work_days().between(from, to)
    }

    /// Tells whether the holidays of a year are known, or none are asked for.
    pub fn knows(&self, year: i32) -> bool {
        let own = || self.holidays.iter().any(|holiday| holiday.from.year() == year);
        !self.is_statutory || holidays::is_built_in(year) || self.years.contains_key(&year) || own()
    }

    /// Returns the statutory holidays by year: those of the repository, else those that are built in.
    fn statutory(&self) -> impl Iterator<Item = (&i32, &Vec<Holiday>)> {
        let built_in = self.is_statutory.then(holidays::built_in).into_iter().flatten();
        let mut years: BTreeMap<_, _> = built_in.collect();
        years.extend(&self.years);
        years.into_iter()
    }
}

/// Lists the days of a holiday, those off before those worked for it.
fn listed(holiday: &Holiday) -> impl Iterator<Item = (NaiveDate, ListedDay)> {
    let of = |is_worked| ListedDay { is_worked, label: Some(holiday.label.clone()) };
    let off = holiday.from.iter_days().take_while(|day| *day <= holiday.to).map(move |day| (day, of(false)));
    off.chain(holiday.makeup.iter().map(move |day| (*day, of(true))))
}

fn read(top: &Section<'_>, years: BTreeMap<i32, Vec<Holiday>>) -> Calendar {
    let days = top.list("work_days", words!("a list of days such as \"mon\"", "星期列表，例如 \"mon\""), weekday);
    let makeup = top.list("makeup", words!("a list of days", "日期列表"), date_of);
    let care = top.section("care");
    let festivals = care.iter().flat_map(|care| care.sections("festival")).filter_map(|one| festival(&one)).collect();
    let gift_approval_above = care.as_ref().and_then(|care| care.money("gift_approval_above")).map(|money| money.value);
    if let Some(care) = &care {
        care.done();
    }
    Calendar {
        work_hours: hours(top),
        festivals,
        gift_approval_above,
        week: days.map_or_else(Vec::new, |days| days.value.into_iter().map(|day| day.value).collect()),
        holidays: top.sections("holiday").iter().filter_map(holidays::holiday).collect(),
        makeup: makeup.into_iter().flat_map(|days| days.value).map(|day| day.value).collect(),
        is_statutory: top.flag("statutory").unwrap_or(true),
        years,
        days: OnceLock::new(),
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
    if let Some(term) = SolarTerm::parse(text) {
        return Some(FestivalDay::Term(term));
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
        Calendar::parse(include_str!("../defaults/calendar.toml"), "c", BTreeMap::new()).unwrap()
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
        assert_eq!(Calendar::parse(&text, "c", BTreeMap::new()).unwrap_err().len(), 1);
    }
}
