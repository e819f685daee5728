//! A day that comes round each year: a birthday, an anniversary; by the solar or the lunar calendar.
//!
//! Stored as text in one form: `1980-03-12`, `03-12`, `lunar 1980-08-15`, `lunar 08-15`.
//!
//! *Invariant:* month and day are of some year: no 30 February, no 31st of a lunar month.
//!
//! *Absent on purpose:* when it comes round next, which takes the lunar calendar (`rules::calendar`); leap months of the
//! lunar calendar: a birthday in one is kept in the plain month of that name, as it is in the years without.

use super::date::{DateOrder, parse_day};
use super::money::halve_width;
use super::numeral::numerals_to_digits;
use super::words::Words;
use chrono::Datelike;
use std::fmt;

/// Which calendar a day is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Almanac {
    /// The solar calendar.
    Solar,
    /// The lunar calendar of China.
    Lunar,
}

/// A day that comes round each year; the year it first was is often not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anniversary {
    /// The calendar of month and day.
    pub almanac: Almanac,
    /// The year it first was, of that calendar.
    pub year: Option<i32>,
    /// From 1 to 12.
    pub month: u32,
    /// From 1.
    pub day: u32,
}

/// The words a lunar day begins with.
const LUNAR: [&str; 5] = ["lunar", "农历", "阴历", "旧历", "農曆"];

/// Months of the lunar calendar with names of their own.
const MONTHS: [(&str, &str); 4] = [("正月", "1月"), ("冬月", "11月"), ("腊月", "12月"), ("臘月", "12月")];

/// The lunar months, and the days of a month, as people say them.
const MONTHS_SAID: [&str; 12] =
    ["正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月"];
const DIGITS: [&str; 11] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// The longest each month of the solar calendar gets.
const LONGEST: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl Anniversary {
    /// Reads `1980-03-12`, `03-12`, `3月12日`; after `lunar` or `农历` a lunar day, `农历八月十五` and `农历腊月廿三` too.
    pub fn parse(text: &str) -> Option<Anniversary> {
        let text = halve_width(text);
        let text = text.trim();
        match LUNAR.iter().find_map(|word| after(text, word)) {
            Some(rest) => lunar(rest.trim_start()),
            None => solar(text),
        }
    }

    /// Returns the day as people write it; what is read again is the same day.
    pub fn words(&self) -> Words {
        let Anniversary { almanac, year, month, day } = *self;
        let stored = self.to_string();
        if almanac == Almanac::Solar {
            return Words::same(stored);
        }
        let year = year.map(|year| format!("{year}年")).unwrap_or_default();
        let month = (month as usize).checked_sub(1).and_then(|at| MONTHS_SAID.get(at)).copied().unwrap_or_default();
        Words { en: stored.into(), zh: format!("农历{year}{month}{}", day_said(day)).into() }
    }
}

/// Returns a day of a lunar month as people say it: `初一`, `十五`, `廿三`.
fn day_said(day: u32) -> String {
    let digit = |n: u32| DIGITS.get(n as usize).copied().unwrap_or_default();
    match day {
        1..=10 => format!("初{}", digit(day)),
        20 | 30 => format!("{}十", digit(day / 10)),
        21..=29 => format!("廿{}", digit(day % 10)),
        _ => format!("十{}", digit(day % 10)),
    }
}

/// Returns what follows a word, whatever its case.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).map(|_| &text[word.len()..])
}

fn solar(text: &str) -> Option<Anniversary> {
    if let Some(day) = parse_day(text, DateOrder::Unstated) {
        let (year, month, day) = (Some(day.year()), day.month(), day.day());
        return Some(Anniversary { almanac: Almanac::Solar, year, month, day });
    }
    let (year, month, day) = numbers(text)?;
    let longest = LONGEST.get((month as usize).checked_sub(1)?)?;
    // With its year it would have been read as a day: it has none of that name.
    (year.is_none() && (1..=*longest).contains(&day)).then_some(Anniversary {
        almanac: Almanac::Solar,
        year,
        month,
        day,
    })
}

fn lunar(text: &str) -> Option<Anniversary> {
    let mut plain = text.replace(['初', '闰', '閏'], "");
    for (name, number) in MONTHS {
        plain = plain.replace(name, number);
    }
    // 廿三 is 23, 廿 by itself 20.
    let plain = numerals_to_digits(&plain.replace('廿', "二十"));
    let (year, month, day) = numbers(&plain)?;
    ((1..=12).contains(&month) && (1..=30).contains(&day)).then_some(Anniversary {
        almanac: Almanac::Lunar,
        year,
        month,
        day,
    })
}

/// Takes `8-15`, `8月15日` or `1980年8月15` apart.
fn numbers(text: &str) -> Option<(Option<i32>, u32, u32)> {
    let plain = text.replace(['年', '月', '/', '.'], "-").replace(['日', '号'], "");
    let parts: Vec<u32> =
        plain.trim_matches('-').split('-').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [month, day] => Some((None, month, day)),
        [year, month, day] if (1850..=2200).contains(&year) => Some((Some(year as i32), month, day)),
        _ => None,
    }
}

impl fmt::Display for Anniversary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.almanac == Almanac::Lunar {
            f.write_str("lunar ")?;
        }
        if let Some(year) = self.year {
            write!(f, "{year:04}-")?;
        }
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_of_many() {
        for (text, stored) in [
            ("1980-03-12", "1980-03-12"),
            ("1980年3月12日", "1980-03-12"),
            ("3月12日", "03-12"),
            ("3/12", "03-12"),
            ("02-29", "02-29"),
            ("lunar 1980-08-15", "lunar 1980-08-15"),
            ("Lunar 8-15", "lunar 08-15"),
            ("农历 8月15日", "lunar 08-15"),
            ("农历八月十五", "lunar 08-15"),
            ("农历正月初一", "lunar 01-01"),
            ("阴历腊月廿三", "lunar 12-23"),
            ("农历腊月二十三", "lunar 12-23"),
            ("农历十二月三十", "lunar 12-30"),
            ("农历冬月廿", "lunar 11-20"),
            ("农历十月初十", "lunar 10-10"),
            ("农历闰六月初三", "lunar 06-03"),
            ("農曆1980年臘月初八", "lunar 1980-12-08"),
            ("lunar 1980-02-30", "lunar 1980-02-30"),
        ] {
            let read = Anniversary::parse(text).map(|day| day.to_string());
            assert_eq!(read.as_deref(), Some(stored), "{text}");
            assert_eq!(Anniversary::parse(stored), Anniversary::parse(text), "{text}");
        }
    }

    #[test]
    fn a_lunar_day_is_said_as_people_do_and_read_again() {
        let said = |text: &str| Anniversary::parse(text).unwrap().words();
        assert_eq!(said("lunar 08-15").zh, "农历八月十五");
        assert_eq!(said("lunar 08-15").en, "lunar 08-15");
        assert_eq!(said("lunar 1980-12-08").zh, "农历1980年腊月初八");
        assert_eq!(said("1980-03-12"), Words::same("1980-03-12"));
        for (month, day) in (1..=12).flat_map(|month| (1..=30).map(move |day| (month, day))) {
            for year in [None, Some(1980)] {
                let lunar = Anniversary { almanac: Almanac::Lunar, year, month, day };
                assert_eq!(Anniversary::parse(&lunar.words().zh), Some(lunar), "{}", lunar.words().zh);
            }
        }
    }

    #[test]
    fn what_is_no_day() {
        for text in [
            "13-01",
            "02-30",
            "1981-02-29",
            "00-10",
            "0-0",
            "lunar 08-31",
            "lunar",
            "农历",
            "农历八月",
            "八月十五",
            "x",
        ] {
            assert_eq!(Anniversary::parse(text), None, "{text}");
        }
    }
}
