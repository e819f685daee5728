//! Checks that follow from the declaration of fields: present, of the type, of the dictionary, well formed.

use super::Context;
use crate::record::input::{read_value, shorten, unknown_key as unknown};
use crate::record::{Field, FieldType, Need, Problem, Record, Row, Value, Words, dictionary::is_free};
use crate::rules::completeness::is_blank;
use crate::words;

/// Tells whether a field holds something.
fn is_filled(row: &Row, field: &Field) -> bool {
    !row.get(field.key).is_none_or(is_blank)
}

pub(super) fn required(_: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    for &(prefix, row) in &context.rows {
        for field in row.fields() {
            if matches!(field.need, Need::Required) && !is_filled(row, field) {
                let (en, zh) = (field.label.en, field.label.zh);
                let message = words!("{en} is missing", "缺少{zh}");
                problems.push(Problem::error("missing-field", format!("{prefix}{}", field.key), message));
            }
        }
    }
}

pub(super) fn channel(_: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    for &(prefix, row) in &context.rows {
        let group = || row.fields().iter().filter(|field| matches!(field.need, Need::OneOf(_)));
        let Some(first) = group().next().filter(|_| !group().any(|field| is_filled(row, field))) else { continue };
        let labels: Vec<Words> = group().map(|field| field.label.into()).collect();
        let names = Words::join(&labels, " or ", "或");
        let message = words!("{names} is missing", "缺少{names}"; each names);
        problems.push(Problem::error("missing-channel", format!("{prefix}{}", first.key), message));
    }
}

/// Returns what a type wants, in words.
fn wanted(ty: FieldType) -> Words {
    match ty {
        FieldType::Integer => words!("a whole number", "整数"),
        FieldType::Flag => words!("true or false", "true 或 false"),
        FieldType::Money => words!("an amount such as \"12800.50\"", "金额，例如 \"12800.50\""),
        FieldType::Date => words!("a date such as 2026-03-05, without quotes", "日期，例如 2026-03-05，不加引号"),
        FieldType::Moment => {
            words!("a moment such as 2026-03-05T09:30:00+08:00", "时刻，例如 2026-03-05T09:30:00+08:00")
        }
        FieldType::Keys(_) | FieldType::Texts => words!("a list such as [\"a\", \"b\"]", "列表，例如 [\"甲\", \"乙\"]"),
        FieldType::Table(_) => words!("a list of tables", "表的列表"),
        _ => words!("a text in quotes", "带引号的文字"),
    }
}

pub(super) fn odd_type(_: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    for &(path, field, value) in &context.values {
        let (Value::Odd(written), true) = (value, field.ty != FieldType::Any) else { continue };
        let (shown, wanted, label) = (shorten(written), wanted(field.ty), field.label);
        let message = words!(
            "{label} `{shown}` is not {wanted}",
            "{label}“{shown}”不是{wanted}"; each label, wanted
        );
        let problem = Problem::error("odd-type", path, message);
        let bare = written.trim().trim_matches(['"', '\'']);
        let read = (!bare.is_empty()).then(|| read_value(field, bare, &context.config.reading()).ok()).flatten();
        problems.push(match read.as_ref().and_then(as_toml) {
            Some(text) => problem.mend(write_it(field, &text)),
            None => problem,
        });
    }
}

/// Returns a value as it is written in a file; nothing for lists and tables.
fn as_toml(value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(text) => format!("\"{text}\""),
        Value::Integer(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Money(money) => format!("\"{money}\""),
        Value::Date(date) => date.to_string(),
        Value::Moment(moment) => moment.to_rfc3339(),
        Value::Texts(_) | Value::Rows(_) | Value::Odd(_) => return None,
    })
}

fn write_it(field: &Field, text: &str) -> Words {
    let key = field.key;
    words!("write `{key} = {text}`", "请写成 `{key} = {text}`")
}

pub(super) fn unknown_key(_: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    for &(path, field, value) in &context.values {
        let Some(name) = field.dictionary().filter(|name| !is_free(name)) else { continue };
        let keys = match value {
            Value::Text(key) => std::slice::from_ref(key),
            Value::Texts(keys) => keys,
            _ => continue,
        };
        let entries = context.config.dictionary.get(name);
        for key in keys.iter().filter(|key| entries.is_none_or(|entries| entries.get(key).is_none())) {
            let problem = Problem { field: Some(path.into()), ..unknown(field, key, &context.config.dictionary) };
            problems.push(match entries.and_then(|entries| entries.find(key)) {
                Some(entry) => problem.mend(words!("write its key `{}`", "请写它的 key `{}`"; entry.key)),
                None => problem,
            });
        }
    }
}

/// Tells whether the text of a field has a form to keep.
fn has_form(ty: FieldType) -> bool {
    matches!(
        ty,
        FieldType::Phone
            | FieldType::Email
            | FieldType::Website
            | FieldType::CreditCode
            | FieldType::Currency
            | FieldType::Anniversary
            | FieldType::Reference(_)
            | FieldType::Subject
    )
}

pub(super) fn format(_: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    let reading = context.config.reading();
    for &(path, field, value) in &context.values {
        let Value::Text(text) = value else { continue };
        if !has_form(field.ty) || text.trim().is_empty() {
            continue;
        }
        match read_value(field, text, &reading) {
            Err(problem) => problems.push(Problem { field: Some(path.into()), ..problem }),
            Ok(Value::Text(normal)) if normal != *text => {
                let (shown, label) = (shorten(text), field.label);
                let message = words!(
                    "{label} `{shown}` is not in its normal form",
                    "{label}“{shown}”不是规范写法"; each label
                );
                let mend = write_it(field, &format!("\"{normal}\""));
                problems.push(Problem::warning("normal-form", path, message).mend(mend));
            }
            Ok(_) => {}
        }
    }
}
