//! One cell (or several joined) read as the value of a field.

use super::clean::{
    Phones, Tier, haste, head_count, is_blank_word, plain_amount, purchase_window, read_phones, staff_band,
    wechat_account,
};
use super::digits::{lacks_digits, restore_digits};
use super::table::RawCell;
use super::unit::Unit;
use crate::record::date::DateOrder;
use crate::record::dictionary::fold_name;
use crate::record::input::{Reading, read_email, read_value};
use crate::record::{Field, FieldType, Money, Problem, Value, halve_width};
use crate::words;
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// What a cell turned out to say.
#[derive(Debug, Clone)]
pub(super) enum Said {
    /// Nothing.
    Blank,
    /// A value of the field.
    Value(Value),
    /// The ends of a range that are known.
    Ends(Option<Money>, Option<Money>),
    /// Telephone numbers, and what else stands with them.
    Phones(Phones),
    /// What belongs into another field.
    Stray(Stray),
    /// A value of the field, and a wording that says more than it.
    Worded(Value, String),
    /// The value of another field, a band of staff as a size, and the wording where it says more.
    Other(&'static str, Value, Option<String>),
}

/// What stands where something else should.
#[derive(Debug, Clone)]
pub(super) enum Stray {
    /// A WeChat account where a telephone number should stand.
    WeChat(String),
    /// An e-mail address where a telephone number should stand.
    Email(String),
    /// Telephone numbers where an e-mail address should stand.
    Phones(Phones),
}

impl Stray {
    /// Reads a text as an e-mail address.
    pub fn email(text: &str) -> Option<Stray> {
        read_email(text).map(Stray::Email)
    }
}

/// How the cells of a column are written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style<'a> {
    pub order: DateOrder,
    pub format: Option<&'a str>,
    pub epoch_1904: bool,
    /// The unit of numbers that state none.
    pub unit: Option<Unit>,
}

/// Reads `cell` as the value of `field`.
pub(super) fn read_cell(
    field: &Field,
    cell: &RawCell,
    reading: &Reading<'_>,
    style: Style<'_>,
) -> Result<Said, Problem> {
    if cell.is_blank() {
        return Ok(Said::Blank);
    }
    match (field.ty, cell) {
        (FieldType::Date, RawCell::Date(day)) => return Ok(Said::Value(Value::Date(*day))),
        (FieldType::Date, RawCell::DateTime(at)) => return Ok(Said::Value(Value::Date(at.date()))),
        (FieldType::Moment, RawCell::Date(day)) => return moment(field, day.and_time(NaiveTime::MIN), reading),
        (FieldType::Moment, RawCell::DateTime(at)) => return moment(field, *at, reading),
        (FieldType::Flag, RawCell::Bool(flag)) => return Ok(Said::Value(Value::Flag(*flag))),
        _ => {}
    }
    let shown = cell.display();
    let text = shown.trim().trim_matches('\u{feff}');
    let text = if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) };
    if says_nothing(field, &text, reading) {
        return Ok(Said::Blank);
    }
    let is_number = matches!(cell, RawCell::Number(_));
    match field.ty {
        FieldType::Phone => phone(field, &text, is_number, reading),
        FieldType::Email => email(field, &text, is_number, reading),
        FieldType::Date | FieldType::Moment => date(field, &text, reading, style),
        FieldType::Integer if field.key == "staff" => staff(field, &text, reading),
        FieldType::Key("size") => size(field, &text, reading),
        FieldType::Key("urgency") => urgency(field, &text, reading),
        FieldType::Keys("tag") => Ok(Said::Value(tags(&text, reading))),
        FieldType::Money if is_number => money(field, &as_shown(&text), reading),
        FieldType::Money => money(field, &plain_amount(&text), reading),
        FieldType::CreditCode | FieldType::Text if is_account(field) => account(field, &text, is_number, reading),
        FieldType::Text => Ok(Said::Value(Value::text(text))),
        _ => read_value(field, &text, reading).map(Said::Value),
    }
}

/// Tells whether a field holds what is written in digits, or may be, and is no quantity.
fn is_account(field: &Field) -> bool {
    field.ty == FieldType::CreditCode || field.key == "wechat"
}

/// Reads an account or a code, with scientific notation undone where every digit is written.
fn account(field: &Field, text: &str, is_number: bool, reading: &Reading<'_>) -> Result<Said, Problem> {
    if lacks_digits(text, is_number) {
        let (en, zh) = (field.label.en, field.label.zh);
        let message = words!("{en} `{text}` is a rounded number", "{zh}“{text}”是舍入后的数");
        return Err(digits_lost(Problem::error("digits-lost", field.key, message)));
    }
    read_value(field, &restore_digits(text), reading).map(Said::Value)
}

fn digits_lost(problem: Problem) -> Problem {
    problem.mend(words!(
        "digits were lost in the spreadsheet: format the column as text and export it again",
        "位数已在表格中丢失：请将该列设为文本格式后重新导出"
    ))
}

/// Tells whether a text is a word for nothing; free text keeps such words, and so does a dictionary or a
/// yes-or-no field that knows the word.
fn says_nothing(field: &Field, text: &str, reading: &Reading<'_>) -> bool {
    match field.ty {
        FieldType::Text => text.is_empty(),
        FieldType::Flag => matches!(&*halve_width(text), "" | "-" | "--" | "N/A"),
        _ => {
            let known = || reading.dictionary.get(field.dictionary()?)?.find(text);
            is_blank_word(text) && known().is_none()
        }
    }
}

fn moment(field: &Field, at: NaiveDateTime, reading: &Reading<'_>) -> Result<Said, Problem> {
    match reading.zone.from_local_datetime(&at).earliest() {
        Some(at) => Ok(Said::Value(Value::Moment(at.fixed_offset()))),
        None => read_value(field, &at.to_string(), reading).map(Said::Value),
    }
}

fn phone(field: &Field, text: &str, is_number: bool, reading: &Reading<'_>) -> Result<Said, Problem> {
    if let Some(phones) = read_phones(text, reading.country, is_number) {
        return Ok(Said::Phones(phones));
    }
    if let Some(account) = wechat_account(text) {
        return Ok(Said::Stray(Stray::WeChat(account)));
    }
    if let Some(stray) = Stray::email(text) {
        return Ok(Said::Stray(stray));
    }
    read_value(field, text, reading).map(Said::Value).map_err(|problem| {
        if lacks_digits(text, is_number) {
            return digits_lost(problem);
        }
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if digits == 0 { problem } else { problem.mend(words!("it has {digits} digits", "该号码共 {digits} 位")) }
    })
}

fn email(field: &Field, text: &str, is_number: bool, reading: &Reading<'_>) -> Result<Said, Problem> {
    let problem = match read_value(field, text, reading) {
        Ok(value) => return Ok(Said::Value(value)),
        Err(problem) => problem,
    };
    let phones = read_phones(text, reading.country, is_number).filter(|phones| phones.rest.is_empty());
    phones.map(|phones| Said::Stray(Stray::Phones(phones))).ok_or(problem)
}

/// Reads a date by the stated format, as an Excel day number, or as people write it.
fn date(field: &Field, text: &str, reading: &Reading<'_>, style: Style<'_>) -> Result<Said, Problem> {
    if let Some(at) = style.format.and_then(|format| by_format(text, format)) {
        return dated(field, at, reading);
    }
    if let Some(at) = serial(text, style.epoch_1904) {
        return dated(field, at, reading);
    }
    let stated = Reading { order: style.order, ..*reading };
    let problem = match read_value(field, text, &stated) {
        Ok(value) => return Ok(Said::Value(value)),
        Err(problem) => problem,
    };
    if field.key == "expected_on" {
        if let Some(day) = month_of_year(text) {
            return Ok(Said::Value(Value::Date(day)));
        }
        if let Some(tier) = purchase_window(text) {
            return Ok(tiered("urgency", tier, text));
        }
    }
    if lacks_year(text) {
        return Err(yearless(field, text));
    }
    Err(ambiguous(field, text, reading).filter(|_| style.order == DateOrder::Unstated).unwrap_or(problem))
}

/// Returns a tier of another field, with the text where that says more.
fn tiered(field: &'static str, tier: Tier, text: &str) -> Said {
    Said::Other(field, Value::text(tier.key), (!tier.is_whole).then(|| text.to_string()))
}

/// Reads a month of a year as its last day, a third of one as the last of that: `2026年12月`, `2027/3`,
/// `2027年3月上旬` (the 10th), `中旬` (the 20th), `底`.
fn month_of_year(text: &str) -> Option<NaiveDate> {
    let text = halve_width(text).replace(' ', "");
    let (year, rest) = text.split_once(['年', '/', '-']).filter(|(year, _)| year.len() == 4)?;
    let (month, part) = rest.split_once('月').unwrap_or((rest, ""));
    let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
    match part {
        "上旬" | "初" => first.with_day(10),
        "中旬" | "中" => first.with_day(20),
        "" | "份" | "底" | "末" | "下旬" => first.checked_add_months(Months::new(1))?.pred_opt(),
        _ => None,
    }
}

/// Tells whether a text names a month, perhaps with a day or a part of it, but no year: `3月5日`, `3/5`, `12月底`.
fn lacks_year(text: &str) -> bool {
    let text = halve_width(text).replace(' ', "");
    let Some((month, rest)) = text.split_once(['月', '/', '-']) else { return false };
    let is_month = |text: &str| text.parse::<u32>().is_ok_and(|month| (1..=12).contains(&month));
    let day = rest.trim_end_matches(['日', '号']);
    let is_part = matches!(rest, "" | "份" | "初" | "中" | "底" | "末" | "上旬" | "中旬" | "下旬");
    is_month(month) && (is_part && text.contains('月') || day.parse::<u32>().is_ok_and(|day| (1..=31).contains(&day)))
}

fn yearless(field: &Field, text: &str) -> Problem {
    let (en, zh) = (field.label.en, field.label.zh);
    let message = words!("{en} `{text}` lacks the year", "{zh}“{text}”缺少年份");
    Problem::error("date-format", field.key, message)
        .mend(words!("write it with the year, such as 2026-03-05", "请写明年份，例如 2026-03-05"))
}

fn dated(field: &Field, at: NaiveDateTime, reading: &Reading<'_>) -> Result<Said, Problem> {
    match field.ty {
        FieldType::Date => Ok(Said::Value(Value::Date(at.date()))),
        _ => moment(field, at, reading),
    }
}

fn by_format(text: &str, format: &str) -> Option<NaiveDateTime> {
    let text = halve_width(text);
    let day = || NaiveDate::parse_from_str(text.trim(), format).ok().map(|day| day.and_time(NaiveTime::MIN));
    NaiveDateTime::parse_from_str(text.trim(), format).ok().or_else(day)
}

/// Reads a day number of Excel, from 1954 to 2119, with a time of day as its fraction.
fn serial(text: &str, epoch_1904: bool) -> Option<NaiveDateTime> {
    let number: f64 = text.parse().ok().filter(|n| (20_000.0..80_000.0).contains(n))?;
    let first = if epoch_1904 { NaiveDate::from_ymd_opt(1904, 1, 1)? } else { NaiveDate::from_ymd_opt(1899, 12, 30)? };
    let day = first.checked_add_days(Days::new(number.trunc() as u64))?;
    let seconds = (number.fract() * 86_400.0).round() as i64;
    day.and_time(NaiveTime::MIN).checked_add_signed(chrono::Duration::seconds(seconds))
}

/// Makes the problem of a date that is two days, by which number is the month, or whose year is but two digits.
fn ambiguous(field: &Field, text: &str, reading: &Reading<'_>) -> Option<Problem> {
    let read = |order| read_value(field, text, &Reading { order, ..*reading }).ok();
    let (en, zh) = (field.label.en, field.label.zh);
    if read(DateOrder::Unstated).is_none() && read(DateOrder::YearFirst).is_some() {
        let message = words!(
            "{en} `{text}` has a year of two digits, and no value of the column tells that it comes first",
            "{zh}“{text}”的年份只有两位，整列也无法判断是否年份在前"
        );
        return Some(Problem::error("date-order", field.key, message).mend(words!(
            "write the year with four digits, or say it by `--date-order year-first`",
            "请写四位年份，或用 `--date-order year-first`（年份在前）指明"
        )));
    }
    let (Some(a), Some(b)) = (read(DateOrder::MonthFirst), read(DateOrder::DayFirst)) else { return None };
    (a != b).then(|| {
        Problem::error(
            "date-order",
            field.key,
            words!(
                "{en} `{text}` may be two days, and no value of the column tells which",
                "{zh}“{text}”的月日顺序不明，整列也无法判断"
            ),
        )
        .mend(words!(
            "say it by `--date-order month-first` or `day-first`",
            "请用 `--date-order month-first`（先月后日）或 `day-first`（先日后月）指明"
        ))
    })
}

/// Returns a number as a spreadsheet shows it, by 15 digits: what it calculated has more, none of which anybody wrote.
fn as_shown(text: &str) -> String {
    let rounded = text.parse::<Decimal>().ok().and_then(|number| number.round_sf(15));
    rounded.map_or_else(|| plain_amount(text), |number| number.normalize().to_string())
}

/// Reads one amount, or the end that the field is; of another range it says that the field holds but one.
fn money(field: &Field, text: &str, reading: &Reading<'_>) -> Result<Said, Problem> {
    let problem = match (read_value(field, text, reading), Money::parse_range(text)) {
        (Ok(value), _) => return Ok(Said::Value(value)),
        // `20万以内` in the column of the upper end says what that end is.
        (_, Some((None, Some(end)))) if field.key.ends_with("_max") => return Ok(Said::Value(Value::Money(end))),
        (_, Some((Some(end), None))) if field.key.ends_with("_min") => return Ok(Said::Value(Value::Money(end))),
        (Err(problem), _) => problem,
    };
    Err(match Money::parse_range(text) {
        Some(_) => problem.mend(words!(
            "this field holds one amount, not a range or a limit; write the one that counts",
            "此字段只存一个金额，不存范围或上下限，请写明以哪个为准"
        )),
        None => problem,
    })
}

fn staff(field: &Field, text: &str, reading: &Reading<'_>) -> Result<Said, Problem> {
    let problem = match read_value(field, text, reading) {
        Ok(value) => return Ok(Said::Value(value)),
        Err(problem) => problem,
    };
    if let Some(count) = head_count(text) {
        return Ok(Said::Value(Value::Integer(count)));
    }
    staff_band(text).map(|tier| tiered("size", tier, text)).ok_or(problem)
}

/// Reads a size by name, band or count of staff; a band that is not that of the tier is kept as it is written.
fn size(field: &Field, text: &str, reading: &Reading<'_>) -> Result<Said, Problem> {
    let problem = match read_value(field, text, reading) {
        Ok(value) if text.contains(|c: char| c.is_numeric()) && !is_own_name(field, text, reading) => {
            let is_whole = staff_band(text).is_some_and(|tier| tier.is_whole);
            return Ok(if is_whole { Said::Value(value) } else { Said::Worded(value, text.to_string()) });
        }
        Ok(value) => return Ok(Said::Value(value)),
        Err(problem) => problem,
    };
    if let Some(tier) = staff_band(text) {
        let value = Value::text(tier.key);
        return Ok(if tier.is_whole { Said::Value(value) } else { Said::Worded(value, text.to_string()) });
    }
    head_count(text).map(|count| Said::Other("staff", Value::Integer(count), None)).ok_or(problem)
}

/// Reads an urgency by name, duration or word of haste; what says more than the tier is kept as it is written.
fn urgency(field: &Field, text: &str, reading: &Reading<'_>) -> Result<Said, Problem> {
    let tier = purchase_window(text);
    let problem = match (read_value(field, text, reading), tier) {
        (Ok(value), _) if is_own_name(field, text, reading) => return Ok(Said::Value(value)),
        (Ok(value), Some(tier)) if tier.is_whole && value == Value::text(tier.key) => return Ok(Said::Value(value)),
        (Ok(value), _) => return Ok(Said::Worded(value, text.to_string())),
        (Err(_), Some(Tier { key, is_whole: true })) => return Ok(Said::Value(Value::text(key))),
        (Err(problem), _) => problem,
    };
    let key = tier.map(|tier| tier.key).or_else(|| haste(text));
    key.map(|key| Said::Worded(Value::text(key), text.to_string())).ok_or(problem)
}

/// Tells whether a text is the key or a label of an entry, rather than an alias.
fn is_own_name(field: &Field, text: &str, reading: &Reading<'_>) -> bool {
    let entries = field.dictionary().and_then(|name| reading.dictionary.get(name));
    entries.and_then(|entries| entries.find(text)).is_some_and(|entry| {
        let folded = fold_name(text);
        [&*entry.key, &*entry.label.en, &*entry.label.zh].iter().any(|name| fold_name(name) == folded)
    })
}

/// Reads tags: declared ones by any of their names, all others as they stand, for tags are free.
fn tags(text: &str, reading: &Reading<'_>) -> Value {
    let declared = reading.dictionary.get("tag");
    let mut keys: Vec<Box<str>> = Vec::new();
    for part in text.split(crate::record::input::LIST_MARKS).map(str::trim).filter(|part| !part.is_empty()) {
        let key = declared.and_then(|list| list.find(part)).map_or(part, |entry| &entry.key);
        if !keys.iter().any(|k| **k == *key) {
            keys.push(key.into());
        }
    }
    Value::Texts(keys)
}

/// Reads an amount or a range as both ends; nothing when it is neither.
pub(super) fn read_range(text: &str) -> Option<(Option<Money>, Option<Money>)> {
    Money::parse_range(&plain_amount(text))
}
