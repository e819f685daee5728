//! `config/holidays/YEAR.toml`: the statutory holidays of a year, and the days worked to make up for them.
//!
//! Those of mainland China from 2004 on are built in, and read when a day is first asked for: few commands do. A file of a
//! repository adds a year, or takes the place of one that is built in as a whole.
//!
//! *Invariant:* the file of a year holds days of that year and of the December before it, as the announcement of a year does.

use super::reader::{Section, Source, date_of, label};
use crate::record::{Finding, Words};
use crate::words;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// Days off for one reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Holiday {
    /// What people call it.
    pub label: Words,
    /// The first day off.
    pub from: NaiveDate,
    /// The last day off, not before the first.
    pub to: NaiveDate,
    /// Days worked for it although the week says otherwise.
    pub makeup: Vec<NaiveDate>,
}

/// The years a file is looked for: each costs a look at the disk, whenever the configuration is read.
pub(super) const YEARS: RangeInclusive<i32> = 2004..=2060;

/// The years that are built in.
const BUILT_IN: [(i32, &str); 23] = [
    (2004, include_str!("../defaults/holidays/2004.toml")),
    (2005, include_str!("../defaults/holidays/2005.toml")),
    (2006, include_str!("../defaults/holidays/2006.toml")),
    (2007, include_str!("../defaults/holidays/2007.toml")),
    (2008, include_str!("../defaults/holidays/2008.toml")),
    (2009, include_str!("../defaults/holidays/2009.toml")),
    (2010, include_str!("../defaults/holidays/2010.toml")),
    (2011, include_str!("../defaults/holidays/2011.toml")),
    (2012, include_str!("../defaults/holidays/2012.toml")),
    (2013, include_str!("../defaults/holidays/2013.toml")),
    (2014, include_str!("../defaults/holidays/2014.toml")),
    (2015, include_str!("../defaults/holidays/2015.toml")),
    (2016, include_str!("../defaults/holidays/2016.toml")),
    (2017, include_str!("../defaults/holidays/2017.toml")),
    (2018, include_str!("../defaults/holidays/2018.toml")),
    (2019, include_str!("../defaults/holidays/2019.toml")),
    (2020, include_str!("../defaults/holidays/2020.toml")),
    (2021, include_str!("../defaults/holidays/2021.toml")),
    (2022, include_str!("../defaults/holidays/2022.toml")),
    (2023, include_str!("../defaults/holidays/2023.toml")),
    (2024, include_str!("../defaults/holidays/2024.toml")),
    (2025, include_str!("../defaults/holidays/2025.toml")),
    (2026, include_str!("../defaults/holidays/2026.toml")),
];

/// Returns where the file of a year is.
pub(super) fn path_of(year: i32) -> String {
    format!("config/holidays/{year}.toml")
}

/// Returns the holidays of the years that are built in.
pub(super) fn built_in() -> &'static BTreeMap<i32, Vec<Holiday>> {
    static YEARS: LazyLock<BTreeMap<i32, Vec<Holiday>>> = LazyLock::new(|| {
        // A test reads every one of them.
        BUILT_IN.iter().map(|(year, text)| (*year, parse(text, &path_of(*year), *year).unwrap_or_default())).collect()
    });
    &YEARS
}

/// Tells whether a year is built in.
pub(super) fn is_built_in(year: i32) -> bool {
    BUILT_IN.iter().any(|(known, _)| *known == year)
}

/// Reads the file of a year.
pub(super) fn parse(text: &str, path: &str, year: i32) -> Result<Vec<Holiday>, Vec<Finding>> {
    let source = Source::new(path, text);
    let table = source.parse();
    let holidays = table.as_ref().map(|table| {
        let top = Section::top(&source, table);
        let sections = top.sections("holiday");
        let holidays = sections.iter().filter_map(|section| of_year(section, year)).collect();
        top.done();
        holidays
    });
    source.finish(holidays)
}

fn of_year(section: &Section<'_>, year: i32) -> Option<Holiday> {
    let holiday = holiday(section)?;
    let fits = |day: &NaiveDate| day.year() == year || (day.year() == year - 1 && day.month() == 12);
    if let Some(day) = [holiday.from, holiday.to].iter().chain(&holiday.makeup).find(|day| !fits(day)) {
        let message = words!("{day} is no day of {year}", "{day} 不是 {year} 年的日期");
        section.report("config-value", "", section.span(), message);
    }
    Some(holiday)
}

/// Reads an entry of `holiday`.
pub(super) fn holiday(section: &Section<'_>) -> Option<Holiday> {
    let from = section.required("from", section.date("from"));
    let to = section.required("to", section.date("to"));
    let makeup = section.list("makeup", words!("a list of days", "日期列表"), date_of);
    let label = label(section);
    section.done();
    let (from, to) = (from?, to?);
    if to.value < from.value {
        let message = words!("the last day is before the first", "结束日期早于开始日期");
        section.report("config-value", "to", to.span.clone(), message);
    }
    let makeup = makeup.into_iter().flat_map(|days| days.value).map(|day| day.value).collect();
    Some(Holiday { label: label?, from: from.value, to: to.value, makeup })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_year_is_read() {
        for (year, text) in BUILT_IN {
            let holidays = parse(text, "h", year).unwrap();
            assert!(holidays.len() >= 4, "{year}");
            assert!(YEARS.contains(&year));
        }
        assert!(BUILT_IN.is_sorted_by(|a, b| a.0 + 1 == b.0));
    }

    #[test]
    fn days_of_other_years_are_refused() {
        let text = |from, to, makeup| {
            format!(
                "holiday = [{{ zh = \"元旦\", en = \"New Year\", from = {from}, to = {to}, makeup = [{makeup}] }}]\n"
            )
        };
        let wrong = |text: &str| parse(text, "h", 2027).err().map_or(0, |findings| findings.len());
        assert_eq!(wrong(&text("2026-12-31", "2027-01-02", "2027-01-09")), 0);
        assert_eq!(wrong(&text("2026-01-01", "2026-01-02", "")), 1);
        assert_eq!(wrong(&text("2027-01-01", "2027-01-02", "2026-11-29")), 1);
        assert_eq!(wrong(&text("2027-01-02", "2027-01-01", "")), 1);
        assert_eq!(wrong("holidays = []\n"), 1);
    }
}
