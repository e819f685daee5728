//! Names and values of a filter, resolved against the schema.

use super::ast::{Guess, Op, Operand, is_self};
use super::days::{Days, NoDays};
use super::fault::Fault;
use super::parser::Context;
use super::schema::{FieldRef, Person, Schema, Type};
use super::text::fold;
use crate::record::date::{DateOrder, Moment, parse_moment};
use crate::record::dictionary::{Entries, fold_name};
use crate::record::input::{read_flag, shorten};
use crate::record::{Lang, Money, Number, Words, normalize_phone};
use crate::words;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use std::ops::Range;

/// A value as it was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a> {
    pub text: &'a str,
    /// Whether it stood without quotes.
    pub bare: bool,
}

/// What is wrong with a value.
#[derive(Debug)]
pub(super) struct Wrong {
    pub message: Words,
    pub hint: Option<Words>,
}

impl Wrong {
    fn new(message: Words) -> Wrong {
        Wrong { message, hint: None }
    }
}

/// Makes the fault for a name that is no field, with the nearest ones.
pub(super) fn unknown_field(text: &str, at: Range<usize>, name: &str, schema: &dyn Schema) -> Fault {
    let shown = shorten(name);
    let near = nearest_names(name, schema);
    let hint = (!near.is_empty()).then(|| did_you_mean(&near, &near));
    Fault::new(text, at, words!("unknown field `{shown}`", "没有字段“{shown}”")).hint(hint)
}

/// Returns up to three names of fields most like `name`, best first.
pub fn nearest_names(name: &str, schema: &dyn Schema) -> Vec<String> {
    let names = schema.names();
    let wanted = fold_name(name);
    let likeness = |name: &String| strsim::jaro_winkler(&fold_name(name), &wanted);
    let mut scored: Vec<(f64, &String)> = names.iter().map(|name| (likeness(name), name)).collect();
    scored.retain(|(score, _)| *score > 0.7);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored.retain(|(score, _)| *score > best - 0.1);
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, name)| name.clone()).collect()
}

fn did_you_mean(en: &[String], zh: &[String]) -> Words {
    Words {
        en: format!("did you mean `{}`?", en.join("`, `")).into(),
        zh: format!("是否指“{}”？", zh.join("”、“")).into(),
    }
}

/// Tells whether a field can be compared that way.
pub(super) fn check_op(field: &FieldRef, op: Op) -> Result<(), Words> {
    let fits = match (field.ty, op) {
        (_, Op::Missing | Op::Present) => true,
        (Type::Table, _) => false,
        (_, Op::Has) => field.list || field.ty == Type::Custom,
        (Type::Key(_) | Type::Flag | Type::User | Type::Subject | Type::Phone, op) if op.is_order() => false,
        (Type::Text | Type::Phone | Type::User | Type::Subject | Type::Key(_) | Type::Custom, Op::Contains) => true,
        (_, Op::Contains) => false,
        _ => true,
    };
    let (key, zh, sign) = (&field.key, &field.label.zh, op.sign());
    if fits {
        Ok(())
    } else {
        Err(words!("`{sign}` does not fit field `{key}`", "“{sign}”不适用于字段“{zh}”"))
    }
}

/// Reads a value as what the field holds.
pub(super) fn operand(
    field: &FieldRef,
    op: Op,
    value: Written<'_>,
    schema: &dyn Schema,
    context: &Context<'_>,
) -> Result<Operand, Wrong> {
    let text = value.text;
    match field.ty {
        Type::Text | Type::Table => Ok(plain(text)),
        Type::Phone if op != Op::Contains => {
            Ok(plain(&normalize_phone(text, schema.country()).unwrap_or_else(|| text.to_string())))
        }
        Type::Phone => Ok(plain(text)),
        Type::User => user(field, op, value, context),
        Type::Subject => subject(op, text, context),
        Type::Key(name) if op == Op::Contains => Ok(key_part(text, schema.keys(name))),
        Type::Key(name) => key(field, name, text, schema),
        Type::Integer | Type::Decimal => {
            number(text).map(Operand::Number).ok_or_else(|| unfit(field, text, words!("a number", "数字")))
        }
        Type::Money => Money::parse(text).map(Operand::Money).ok_or_else(|| {
            unfit(field, text, words!("an amount such as 12800.50 or 10万", "金额，例如 12800.50 或 10万"))
        }),
        Type::Flag => {
            read_flag(text).map(Operand::Flag).ok_or_else(|| unfit(field, text, words!("yes or no", "是或否")))
        }
        Type::Date | Type::Moment => day_or_moment(field, text, schema.zone(), context.today),
        Type::Custom => Ok(guess(text, schema.zone(), context.today)),
    }
}

fn unfit(field: &FieldRef, text: &str, wanted: Words) -> Wrong {
    let (text, key, label) = (shorten(text), &field.key, &field.label.zh);
    Wrong::new(words!(
        "`{text}` is not {wanted} and cannot be compared with `{key}`",
        "“{text}”不是{wanted}，无法与“{label}”比较"; each wanted
    ))
}

fn plain(text: &str) -> Operand {
    Operand::Text(text.to_string(), fold(text))
}

fn number(text: &str) -> Option<Decimal> {
    let text = text.trim_end_matches(['人', '名', '个', '天', '次', '分']);
    Money::parse(text).map(|money| money.0)
}

/// Reads who is meant: `me`, else a login, name or address; `~` fits all users one of whose names has the text.
fn user(field: &FieldRef, op: Op, value: Written<'_>, context: &Context<'_>) -> Result<Operand, Wrong> {
    let text = value.text;
    if value.bare && is_self(text) {
        return context.me.map(plain).ok_or_else(nobody_asks);
    }
    let Some(names) = context.names else { return Ok(plain(text)) };
    if op == Op::Contains {
        return Ok(Operand::KeyPart(text.to_string(), fold(text), names.containing(text)));
    }
    let (shown, key, label) = (shorten(text), &field.key, &field.label.zh);
    match names.find(text) {
        Person::One(login) => Ok(plain(&login)),
        Person::Untold => Ok(plain(text)),
        Person::Several(several) => {
            let (en, zh) = (several.join(", "), several.join("、"));
            let message = words!("`{shown}` may be {en}", "“{shown}”可能是 {zh}");
            Err(Wrong { message, hint: Some(words!("write the login", "请改写登录名")) })
        }
        Person::Nobody(nearest) => {
            let message =
                words!("no user is called `{shown}` (field `{key}`)", "没有名为“{shown}”的用户（字段“{label}”）");
            let near = nearest.map(|near| words!("did you mean {near}?", "是否指 {near}？"));
            let all = || words!("`kehu user list` shows the users there are", "用 `kehu user list` 列出已有用户");
            Err(Wrong { message, hint: Some(near.unwrap_or_else(all)) })
        }
    }
}

/// Reads of whom the record is about: its number, else what it is called, and all that are called so are meant;
/// `~` fits all whose name has the text.
fn subject(op: Op, text: &str, context: &Context<'_>) -> Result<Operand, Wrong> {
    let is_number = || Number::parse(text).is_some_and(|number| number.parts().is_some());
    let Some(names) = context.names.filter(|_| op == Op::Contains || !is_number()) else { return Ok(plain(text)) };
    if op == Op::Contains {
        return Ok(Operand::KeyPart(text.to_string(), fold(text), names.subjects_containing(text)));
    }
    let numbers = names.subjects(text);
    if !numbers.is_empty() {
        return Ok(Operand::Key(text.to_string(), numbers));
    }
    let shown = shorten(text);
    let hint = words!("write its number, or a part of its name after `~`", "请写编号，或在 `~` 之后写名称的一部分");
    let message = words!("no lead or customer is called `{shown}`", "找不到名为“{shown}”的线索或客户");
    Err(Wrong { message, hint: Some(hint) })
}

fn nobody_asks() -> Wrong {
    let message = words!("it is not known which user you are", "不知道您是哪位用户");
    Wrong { message, hint: Some(words!("add `--as LOGIN` or your name", "请加 --as 登录名或姓名")) }
}

fn key(field: &FieldRef, name: &str, text: &str, schema: &dyn Schema) -> Result<Operand, Wrong> {
    let Some(entries) = schema.keys(name) else {
        return Ok(Operand::Key(text.to_string(), vec![text.to_string()]));
    };
    match entries.find(text) {
        Some(entry) => Ok(Operand::Key(entry.key.clone(), with_members(&entry.key, entries))),
        None if schema.is_open(name) => Ok(Operand::Key(text.to_string(), vec![text.to_string()])),
        None => {
            let (shown, key, label) = (shorten(text), &field.key, &field.label.zh);
            let message = words!("`{shown}` is not a value of `{key}`", "“{shown}”不是“{label}”的取值");
            Err(Wrong { message, hint: Some(known_keys(entries, text)) })
        }
    }
}

/// Returns the key and those of the entries that belong to it, however indirectly.
fn with_members(key: &str, entries: &Entries) -> Vec<String> {
    let mut keys = vec![key.to_string()];
    let mut at = 0;
    while at < keys.len() {
        let inside = entries.iter().filter(|entry| entry.group.as_ref() == Some(&keys[at]));
        let new: Vec<String> = inside.map(|entry| entry.key.clone()).filter(|key| !keys.contains(key)).collect();
        keys.extend(new);
        at += 1;
    }
    keys
}

/// Names the nearest keys, or the first ones where none is near.
fn known_keys(entries: &Entries, text: &str) -> Words {
    let near = |lang| entries.nearest(text, lang);
    let (en, zh) = (near(Lang::En), near(Lang::Zh));
    if !en.is_empty() {
        let (en, zh) = (en.join(", "), zh.join("、"));
        return words!("did you mean {en}?", "是否指 {zh}？");
    }
    let some = |lang| entries.iter().take(12).map(|entry| entry.named(lang)).collect::<Vec<_>>();
    let (en, zh) = (some(Lang::En).join(", "), some(Lang::Zh).join("、"));
    words!("known: {en}", "可用：{zh}")
}

/// Finds the entries whose key, label or alias contains the text.
fn key_part(text: &str, entries: Option<&Entries>) -> Operand {
    let folded = fold(text);
    let fits = |name: &str| fold(name).contains(&folded);
    let all = entries.into_iter().flat_map(Entries::iter);
    let keys = all.filter(|entry| {
        fits(&entry.key) || fits(&entry.label.en) || fits(&entry.label.zh) || entry.aliases.iter().any(|a| fits(a))
    });
    let keys = keys.map(|entry| entry.key.clone()).collect();
    Operand::KeyPart(text.to_string(), folded, keys)
}

fn day_or_moment(field: &FieldRef, text: &str, zone: Tz, today: Option<NaiveDate>) -> Result<Operand, Wrong> {
    match Days::parse(text, today) {
        Ok(days) => return bounded(days, zone).ok_or_else(|| not_a_day(field, text)),
        Err(NoDays::Relative) => {
            let message =
                words!("`{text}` counts from today, which a file cannot", "“{text}”相对于今天，不能写在文件中");
            let hint = words!("write the day itself", "请写明具体日期");
            return Err(Wrong { message, hint: Some(hint) });
        }
        Err(NoDays::Unknown) => {}
    }
    let moment = parse_moment(text, DateOrder::Unstated).filter(|moment| !matches!(moment, Moment::Day(_)));
    match moment.and_then(|moment| moment.fixed(&zone)) {
        Some(moment) if field.ty == Type::Moment => Ok(Operand::Moment(moment)),
        _ => Err(not_a_day(field, text)),
    }
}

fn not_a_day(field: &FieldRef, text: &str) -> Wrong {
    unfit(
        field,
        text,
        words!("a day such as 2026-03-05, 2026-03 or today-7d", "日期，例如 2026-03-05、2026-03 或 today-7d"),
    )
}

/// Adds the moments at which the days begin and end.
fn bounded(days: Days, zone: Tz) -> Option<Operand> {
    Some(Operand::Days(days, bounds(days, zone)?))
}

fn bounds(days: Days, zone: Tz) -> Option<[DateTime<FixedOffset>; 2]> {
    Some([start_of(days.first, zone)?, start_of(days.last.succ_opt()?, zone)?])
}

/// Returns the first moment of a day, also where the clock is put forward at midnight.
fn start_of(day: NaiveDate, zone: Tz) -> Option<DateTime<FixedOffset>> {
    let at = |hour| zone.from_local_datetime(&day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?)).earliest();
    at(0).or_else(|| at(1)).map(|moment| moment.fixed_offset())
}

fn guess(text: &str, zone: Tz, today: Option<NaiveDate>) -> Operand {
    let days = Days::parse(text, today).ok().and_then(|days| Some((days, bounds(days, zone)?)));
    let (number, flag) = (number(text), read_flag(text));
    Operand::Custom(Box::new(Guess { text: text.to_string(), folded: fold(text), number, flag, days }))
}
