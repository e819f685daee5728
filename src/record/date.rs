//! Days and moments, read as people and spreadsheets write them.

use super::money::halve_width;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// Which of two numbers in `3/5/2026` is the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// Not known: `3/5/2026` is refused, `25/3/2026` is read.
    #[default]
    Unstated,
    /// Month first, as in the United States.
    MonthFirst,
    /// Day first, as in Europe.
    DayFirst,
    /// Year first, also where it has two digits: `26/3/5`.
    YearFirst,
}

/// What a text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A day.
    Day(NaiveDate),
    /// A day and a time of day, zone not stated.
    Local(NaiveDateTime),
    /// A moment with its offset.
    Fixed(DateTime<FixedOffset>),
}

impl Moment {
    /// Returns the day, in the offset it was written with.
    pub fn day(self) -> NaiveDate {
        match self {
            Moment::Day(day) => day,
            Moment::Local(local) => local.date(),
            Moment::Fixed(fixed) => fixed.date_naive(),
        }
    }

    /// Returns the moment; a bare day starts at midnight, a bare time is taken in `zone`.
    pub fn fixed<Z: TimeZone>(self, zone: &Z) -> Option<DateTime<FixedOffset>> {
        let local = match self {
            Moment::Fixed(fixed) => return Some(fixed),
            Moment::Day(day) => day.and_time(NaiveTime::MIN),
            Moment::Local(local) => local,
        };
        zone.from_local_datetime(&local).earliest().map(|moment| moment.fixed_offset())
    }
}

/// What is taken for the present: a moment that was stated, else what the clock showed at the start.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// The moment stated; a day or a time without offset is of the repository's zone.
    pub stated: Option<Moment>,
    /// What the clock showed.
    pub real: DateTime<Utc>,
}

impl Clock {
    /// Returns the present in a zone.
    pub fn now(&self, zone: Tz) -> DateTime<Tz> {
        let stated = self.stated.and_then(|moment| moment.fixed(&zone));
        stated.map_or(self.real.with_timezone(&zone), |moment| moment.with_timezone(&zone))
    }
}

/// Reads a day or a moment: `2026-03-05`, `2026/3/5`, `2026.3.5`, `2026 03 05`, `20260305`, `2026年3月5日`,
/// `15 Apr, 2021 00:03:00`, `Apr 15, 2021`, `05-Mar-26`, RFC 3339, each with an optional day of the week and time of day.
///
/// Returns nothing for a day that does not exist or is another day of the week, for `3/5/2026` while `order` is
/// unstated, and for `26/3/5` unless the year is stated to come first.
pub fn parse_moment(text: &str, order: DateOrder) -> Option<Moment> {
    let text = halve_width(text);
    let text = text.trim();
    if let Ok(fixed) = DateTime::parse_from_rfc3339(text) {
        return Some(Moment::Fixed(fixed));
    }
    let (day, rest) = take_day(text, order)?;
    let rest = match take_weekday(rest) {
        Some((weekday, rest)) => Some(rest).filter(|_| weekday == day.weekday())?,
        None => rest,
    };
    let rest = rest.trim_start_matches([' ', 'T', ',']).trim();
    if rest.is_empty() {
        return Some(Moment::Day(day));
    }
    parse_time(rest).map(|time| Moment::Local(day.and_time(time)))
}

/// Reads a day; a time of day after it is read and dropped.
pub fn parse_day(text: &str, order: DateOrder) -> Option<NaiveDate> {
    parse_moment(text, order).map(Moment::day)
}

/// Tells which order a column's values prove: a number above 12 in the first or second place; else years of four digits
/// that all come first, or one of two digits that can be no day.
///
/// Returns `Unstated` when nothing proves it or the values contradict each other.
pub fn prove_order<'a>(values: impl IntoIterator<Item = &'a str>) -> DateOrder {
    let (mut proven, mut years_first, mut years_last) = (DateOrder::Unstated, 0, 0);
    for value in values {
        let value = halve_width(value);
        let Some((parts, _)) = take_numbers(value.trim()) else { continue };
        let is_year = |(number, digits): (u32, usize)| digits == 4 || (digits == 2 && number > 31);
        years_first += usize::from(is_year(parts[0]));
        years_last += usize::from(is_year(parts[2]));
        if parts[0].1 > 2 || parts[2].1 != 4 {
            continue;
        }
        let here = match (parts[0].0 > 12, parts[1].0 > 12) {
            (true, false) => DateOrder::DayFirst,
            (false, true) => DateOrder::MonthFirst,
            _ => continue,
        };
        if proven != DateOrder::Unstated && proven != here {
            return DateOrder::Unstated;
        }
        proven = here;
    }
    if years_first > 0 && years_last == 0 { DateOrder::YearFirst } else { proven }
}

fn take_day(text: &str, order: DateOrder) -> Option<(NaiveDate, &str)> {
    if let Some((year, rest)) = text.split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ' ').unwrap_or(rest.len());
        let (day, rest) = rest.split_at(end);
        let rest = rest.strip_prefix(['日', '号']).unwrap_or(rest);
        return Some((ymd(year, month, day)?, rest));
    }
    if let Some((parts, rest)) = take_numbers(text) {
        let [(a, a_len), (b, _), (c, c_len)] = parts;
        let day = match (a_len, c_len) {
            (4, 1..=2) => NaiveDate::from_ymd_opt(a as i32, b, c),
            (2, 1..=2) if order == DateOrder::YearFirst => NaiveDate::from_ymd_opt(century(a), b, c),
            (1..=2, 4) => match order {
                DateOrder::MonthFirst => NaiveDate::from_ymd_opt(c as i32, a, b),
                DateOrder::DayFirst => NaiveDate::from_ymd_opt(c as i32, b, a),
                _ if a == b || b > 12 => NaiveDate::from_ymd_opt(c as i32, a, b),
                _ if a > 12 => NaiveDate::from_ymd_opt(c as i32, b, a),
                _ => None,
            },
            _ => None,
        };
        return Some((day?, rest));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 8 {
        return Some((ymd(&text[..4], &text[4..6], &text[6..8])?, &text[8..]));
    }
    take_named_month(text)
}

/// Returns the year that two digits mean, from 1970 to 2069.
fn century(digits: u32) -> i32 {
    digits as i32 + if digits < 70 { 2000 } else { 1900 }
}

/// Takes a day of the week from the beginning of a text: `（周四）`, `星期四`, `(四)`, `Thu`; nothing where there is none.
fn take_weekday(text: &str) -> Option<(Weekday, &str)> {
    let text = text.trim_start_matches([' ', ',']);
    if let Some((inner, rest)) = text.strip_prefix('(').and_then(|text| text.split_once(')')) {
        let inner = inner.trim();
        return Some((chinese_weekday(inner).or_else(|| inner.parse().ok())?, rest));
    }
    let chinese = ["星期", "礼拜", "周", "週"].iter().find_map(|word| text.strip_prefix(word));
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let end = match chinese.and_then(|after| after.chars().next()) {
        Some(day) => text.len() - chinese?.len() + day.len_utf8(),
        None => text.find(|c| !is_letter(c)).unwrap_or(text.len()),
    };
    let (word, rest) = text.split_at(end);
    Some((chinese_weekday(word).or_else(|| word.parse().ok())?, rest))
}

fn chinese_weekday(text: &str) -> Option<Weekday> {
    let bare = ["星期", "礼拜", "周", "週"].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    let at = ["一", "二", "三", "四", "五", "六", "日", "天"].iter().position(|day| *day == bare)?;
    Weekday::try_from(at.min(6) as u8).ok()
}

/// Reads `15 Apr, 2021` and `Apr 15, 2021`, short or long month names; `05-Mar-26`, as spreadsheets show it.
fn take_named_month(text: &str) -> Option<(NaiveDate, &str)> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in text.split([' ', ',', '-', '/']) {
        at += word.len() + 1;
        if !word.is_empty() {
            words.push(word);
        }
        if words.len() == 3 {
            break;
        }
    }
    let [first, second, year] = words.try_into().ok()?;
    let rest = text.get(at.min(text.len())..)?;
    let (day, month) = match (month_of(first), month_of(second)) {
        (Some(month), None) => (second, month),
        (None, Some(month)) => (first, month),
        _ => return None,
    };
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
    let number: u32 = year.parse().ok().filter(|_| year.bytes().all(|byte| byte.is_ascii_digit()))?;
    let year = match year.len() {
        4 => i32::try_from(number).ok()?,
        2 => century(number),
        _ => return None,
    };
    Some((NaiveDate::from_ymd_opt(year, month, day)?, rest))
}

fn month_of(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
    Some(at as u32 + 1)
}

/// Takes three numbers parted by the same `-`, `/`, `.` or space; each with its count of digits.
fn take_numbers(text: &str) -> Option<([(u32, usize); 3], &str)> {
    let mut rest = text;
    let mut parts = [(0, 0); 3];
    let mut mark = None;
    for (at, part) in parts.iter_mut().enumerate() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        *part = (rest.get(..digits)?.parse().ok()?, digits);
        rest = &rest[digits..];
        if at < 2 {
            let found = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | ' '))?;
            if mark.is_some_and(|mark| mark != found) {
                return None;
            }
            mark = Some(found);
            rest = &rest[1..];
        }
    }
    Some((parts, rest))
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year.trim().parse().ok()?, month.trim().parse().ok()?, day.trim().parse().ok()?)
}

/// Reads `09:30`, `09:30:15`, `09:30:15.123`, `9:30 PM`, `下午3:20`, `9时30分`.
fn parse_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    let upper = text.to_ascii_uppercase();
    let (text, shift) = if let Some(t) = upper.strip_suffix("PM") {
        (t, Some(12))
    } else if let Some(t) = upper.strip_suffix("AM") {
        (t, Some(0))
    } else if let Some(t) = upper.strip_prefix("下午").or(upper.strip_prefix("晚上")) {
        (t, Some(12))
    } else if let Some(t) = upper.strip_prefix("上午") {
        (t, Some(0))
    } else {
        (upper.as_str(), None)
    };
    let plain = text.trim().replace(['时', '点', '分'], ":").replace('秒', "");
    let plain = plain.trim_end_matches(':');
    let mut parts = plain.split(':');
    let mut hour: u32 = parts.next()?.trim().parse().ok()?;
    let minute: u32 = parts.next().unwrap_or("0").trim().parse().ok()?;
    let second: u32 = parts.next().unwrap_or("0").split('.').next()?.trim().parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    match shift {
        Some(12) if hour < 12 => hour += 12,
        Some(0) if hour == 12 => hour = 0,
        _ => {}
    }
    NaiveTime::from_hms_opt(hour, minute, second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        parse_day(text, DateOrder::Unstated).map(|day| day.to_string())
    }

    #[test]
    fn reads_days() {
        for text in [
            "2026-03-05",
            "2026/3/5",
            "2026.3.5",
            "20260305",
            "2026年3月5日",
            "2026年03月05号",
            "5 Mar, 2026",
            "Mar 5, 2026",
            "5th March 2026",
            "２０２６－０３－０５",
            "2026-03-05 09:30",
            "2026-03-05T09:30:00+08:00",
            "5-Mar-2026",
            "2026/3/5 下午3:20",
            "2026年3月5日 9时30分",
            "2026-03-05（周四）",
            "2026/3/5 (四) 09:30",
            "2026年3月5日星期四",
            "2026年3月5日 星期四 下午3:20",
            "2026-03-05 Thu",
            "2026-03-05, Thursday 09:30",
            "2026 03 05",
            "2026 3 5 09:30",
            "05-Mar-26",
            "5 Mar 26",
        ] {
            assert_eq!(day(text).as_deref(), Some("2026-03-05"), "{text}");
        }
        for text in [
            "",
            "3/5/2026",
            "2026-02-30",
            "2026-13-01",
            "soon",
            "2026",
            "26-3-5",
            "2026-03/05",
            "2026-03-05 25:00",
            "2026-03-05（周五）",
            "2026年3月5日 周",
            "2026-03-05 (x)",
            "5 Mar 026",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
        assert_eq!(day("25/3/2026").as_deref(), Some("2026-03-25"));
    }

    #[test]
    fn order_is_stated_or_proven() {
        let read = |order| parse_day("3/5/2026", order).map(|day| day.to_string());
        assert_eq!(read(DateOrder::MonthFirst).as_deref(), Some("2026-03-05"));
        assert_eq!(read(DateOrder::DayFirst).as_deref(), Some("2026-05-03"));
        assert_eq!(prove_order(["3/5/2026", "3/25/2026"]), DateOrder::MonthFirst);
        assert_eq!(prove_order(["3/5/2026", "25/3/2026"]), DateOrder::DayFirst);
        assert_eq!(prove_order(["3/25/2026", "25/3/2026"]), DateOrder::Unstated);
        assert_eq!(prove_order(["soon"]), DateOrder::Unstated);
    }

    #[test]
    fn a_year_of_two_digits_comes_first_where_that_is_known() {
        let read = |text: &str, order| parse_day(text, order).map(|day| day.to_string());
        assert_eq!(read("26/3/5", DateOrder::YearFirst).as_deref(), Some("2026-03-05"));
        assert_eq!(read("98.3.5", DateOrder::YearFirst).as_deref(), Some("1998-03-05"));
        assert_eq!(read("2026/3/5", DateOrder::YearFirst).as_deref(), Some("2026-03-05"));
        for order in [DateOrder::Unstated, DateOrder::MonthFirst, DateOrder::DayFirst] {
            assert_eq!(read("26/3/5", order), None, "{order:?}");
        }
        assert_eq!(read("6/3/5", DateOrder::YearFirst), None);
        assert_eq!(prove_order(["2026/3/4", "26/3/5"]), DateOrder::YearFirst);
        assert_eq!(prove_order(["98/3/4", "26/3/5"]), DateOrder::YearFirst);
        assert_eq!(prove_order(["26/3/4", "26/3/5"]), DateOrder::Unstated);
        assert_eq!(prove_order(["2026/3/4", "3/5/2026", "26/3/5"]), DateOrder::Unstated);
        assert_eq!(prove_order(["2026/3/4", "26/3/5", "3/25/2026"]), DateOrder::MonthFirst);
    }

    #[test]
    fn reads_moments() {
        let moment = parse_moment("15 Apr, 2021 00:03:00", DateOrder::Unstated).unwrap();
        let zone = FixedOffset::east_opt(8 * 3600).unwrap();
        assert_eq!(moment.fixed(&zone).unwrap().to_rfc3339(), "2021-04-15T00:03:00+08:00");
        let moment = parse_moment("2026-03-12T09:30:00Z", DateOrder::Unstated).unwrap();
        assert_eq!(moment.fixed(&zone).unwrap().to_rfc3339(), "2026-03-12T09:30:00+00:00");
    }
}
