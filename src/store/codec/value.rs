//! Reads a TOML value as the value of a field.

use super::write::{Form, write_key, write_text};
use crate::record::date::{DateOrder, parse_day};
use crate::record::{FieldType, Money, Value, Words};
use crate::words;
use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeArray, DeFloat, DeInteger, DeTable, DeValue};
use toml::value::{Datetime, Offset};

/// Reads the value of a declared field that is no table; nothing when it is of another type.
///
/// Keys, phones, addresses and references are taken as they stand: whether they are right is for `check`.
pub(in crate::store) fn read_declared(ty: FieldType, value: &DeValue<'_>) -> Option<Value> {
    match ty {
        FieldType::Integer => read_integer(value.as_integer()?).map(Value::Integer),
        FieldType::Flag => value.as_bool().map(Value::Flag),
        FieldType::Money => read_money(value).map(Value::Money),
        FieldType::Date => read_day(value).map(Value::Date),
        FieldType::Moment => read_moment(value).map(Value::Moment),
        FieldType::Keys(_) | FieldType::Texts => read_texts(value.as_array()?),
        FieldType::Table(_) => None,
        // A number with a fraction is no amount of a declared field, and is kept with its digits.
        FieldType::Any => read_custom(value).filter(|read| !matches!(read, Value::Money(_))),
        // A birthday that is known to the year is a day like others, and may stand as one.
        FieldType::Anniversary => match value {
            DeValue::Datetime(at) if at.time.is_none() => local_day(at).map(|day| Value::text(day.to_string())),
            _ => value.as_str().map(Value::text),
        },
        FieldType::Text
        | FieldType::Key(_)
        | FieldType::Phone
        | FieldType::Email
        | FieldType::Website
        | FieldType::CreditCode
        | FieldType::Currency
        | FieldType::Reference(_)
        | FieldType::Subject => value.as_str().map(Value::text),
    }
}

/// Reads the value of a custom field: its type is what TOML says, a float is an exact amount.
pub(in crate::store) fn read_custom(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::text(&**text)),
        DeValue::Integer(n) => read_integer(n).map(Value::Integer),
        DeValue::Float(n) => read_float(n).map(Value::Money),
        DeValue::Boolean(yes) => Some(Value::Flag(*yes)),
        DeValue::Datetime(at) if at.time.is_none() => local_day(at).map(Value::Date),
        DeValue::Datetime(at) => fixed_moment(at).map(Value::Moment),
        DeValue::Array(items) => read_texts(items),
        DeValue::Table(_) => None,
    }
}

fn read_texts(items: &DeArray<'_>) -> Option<Value> {
    items.iter().map(|item| item.get_ref().as_str().map(Into::into)).collect::<Option<_>>().map(Value::Texts)
}

fn read_integer(n: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(n.as_str(), n.radix()).ok()
}

/// Reads an amount written as integer, float or string; strings as people write amounts, too.
fn read_money(value: &DeValue<'_>) -> Option<Money> {
    match value {
        DeValue::Integer(n) if n.radix() == 10 => Decimal::from_str_exact(n.as_str()).ok().map(Money),
        DeValue::Integer(n) => read_integer(n).map(|n| Money(Decimal::from(n))),
        DeValue::Float(n) => read_float(n),
        DeValue::String(text) => read_decimal(text).or_else(|| Money::parse(text)),
        _ => None,
    }
}

/// Reads a float by its digits, so that nothing is lost on the way; not a number and infinity are no amounts.
fn read_float(n: &DeFloat<'_>) -> Option<Money> {
    let text = n.as_str();
    let bare = if text.contains(['e', 'E']) { text } else { text.trim_end_matches('0').trim_end_matches('.') };
    read_decimal(if bare.ends_with(|c: char| c.is_ascii_digit()) { bare } else { text })
        .or_else(|| Decimal::from_scientific(text).ok().map(Money))
}

fn read_decimal(text: &str) -> Option<Money> {
    Decimal::from_str_exact(text).ok().map(Money)
}

/// Reads a local date, or a string that is one.
fn read_day(value: &DeValue<'_>) -> Option<NaiveDate> {
    match value {
        DeValue::Datetime(at) if at.time.is_none() => local_day(at),
        DeValue::String(text) => text.parse().ok().or_else(|| parse_day(text, DateOrder::Unstated)),
        _ => None,
    }
}

/// Reads an offset date-time, or a string that is one.
fn read_moment(value: &DeValue<'_>) -> Option<DateTime<FixedOffset>> {
    match value {
        DeValue::Datetime(at) => fixed_moment(at),
        DeValue::String(text) => DateTime::parse_from_rfc3339(text).ok().or_else(|| text.parse().ok()),
        _ => None,
    }
}

fn local_day(at: &Datetime) -> Option<NaiveDate> {
    let date = at.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

fn fixed_moment(at: &Datetime) -> Option<DateTime<FixedOffset>> {
    let (time, offset) = (at.time?, at.offset?);
    let (second, nano) = (time.second.unwrap_or(0), time.nanosecond.unwrap_or(0));
    // chrono writes a leap second as the 59th with more than a second of nanoseconds.
    let (second, nano) = if second == 60 { (59, nano + 1_000_000_000) } else { (second, nano) };
    let local = local_day(at)?.and_hms_nano_opt(time.hour.into(), time.minute.into(), second.into(), nano)?;
    let seconds = match offset {
        Offset::Z => 0,
        Offset::Custom { minutes } => i32::from(minutes) * 60,
    };
    local.and_local_timezone(FixedOffset::east_opt(seconds)?).single()
}

/// Returns a value that is not of its field's type as TOML text: a single value as it stands in the file,
/// arrays and tables on one line.
pub(super) fn odd_text(value: &Spanned<DeValue<'_>>, source: &str) -> Box<str> {
    let mut out = String::new();
    write_odd(&mut out, value, source);
    out.into()
}

fn write_odd(out: &mut String, value: &Spanned<DeValue<'_>>, source: &str) {
    match value.get_ref() {
        DeValue::String(text) => write_text(out, text, Form::OneLine),
        DeValue::Array(items) => write_odd_array(out, items, source),
        DeValue::Table(table) => write_odd_table(out, table, source),
        _ => out.push_str(source.get(value.span()).unwrap_or_default()),
    }
}

fn write_odd_array(out: &mut String, items: &DeArray<'_>, source: &str) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        write_odd(out, item, source);
    }
    out.push(']');
}

fn write_odd_table(out: &mut String, table: &DeTable<'_>, source: &str) {
    out.push('{');
    for (at, (key, value)) in table.iter().enumerate() {
        out.push_str(if at > 0 { ", " } else { " " });
        write_key(out, key.get_ref());
        out.push_str(" = ");
        write_odd(out, value, source);
    }
    out.push_str(if table.is_empty() { "}" } else { " }" });
}

/// Names what a field of this type holds.
pub(super) fn type_words(ty: FieldType) -> Words {
    match ty {
        FieldType::Integer => words!("a whole number", "整数"),
        FieldType::Flag => words!("`true` or `false`", "`true` 或 `false`"),
        FieldType::Money => words!("an amount such as `\"12800.50\"`", "金额，例如 `\"12800.50\"`"),
        FieldType::Date => words!("a day such as `2026-03-05`", "日期，例如 `2026-03-05`"),
        FieldType::Moment => {
            words!("a moment such as `2026-03-05T09:30:00+08:00`", "带时区的时刻，例如 `2026-03-05T09:30:00+08:00`")
        }
        FieldType::Keys(_) | FieldType::Texts => {
            words!("a list of strings such as `[\"a\", \"b\"]`", "字符串列表，例如 `[\"a\", \"b\"]`")
        }
        FieldType::Table(_) => words!("a list of tables", "表格列表"),
        _ => words!("a string in quotes", "加引号的字符串"),
    }
}

/// Names the TOML type of a value.
pub(super) fn found_words(value: &DeValue<'_>) -> Words {
    match value {
        DeValue::String(_) => words!("a string", "字符串"),
        DeValue::Integer(_) => words!("a whole number", "整数"),
        DeValue::Float(_) => words!("a number with a fraction", "小数"),
        DeValue::Boolean(_) => words!("a flag", "布尔值"),
        DeValue::Datetime(at) => match (at.time.is_some(), at.offset.is_some()) {
            (false, _) => words!("a day", "日期"),
            (true, false) => words!("a time without offset", "不带时区的时间"),
            (true, true) => words!("a moment", "时刻"),
        },
        DeValue::Array(_) => words!("a list", "列表"),
        DeValue::Table(_) => words!("a table", "表格"),
    }
}
