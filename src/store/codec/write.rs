//! Writes TOML values as text that TOML 1.0 readers accept.

use crate::record::{Money, Value};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat, Utc};
use std::fmt::Write;
use toml::de::DeValue;

/// How a value may be laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Form {
    /// Over several lines where that makes better diffs.
    Lines,
    /// On one line: inside inline tables, and in files with CRLF, where a line end would become text.
    OneLine,
}

/// Whether a value is of a declared field or of the `[custom]` table, where the type is only what TOML says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Place {
    /// Amounts are strings.
    Declared,
    /// Amounts are floats, written with their exact digits.
    Custom,
}

/// Indents the items of an array with one item a line.
const INDENT: &str = "    ";

/// Appends a value.
pub(in crate::store) fn write_value(out: &mut String, value: &Value, place: Place, form: Form) {
    match value {
        Value::Text(text) => write_text(out, text, form),
        Value::Integer(n) => _ = write!(out, "{n}"),
        Value::Flag(yes) => _ = write!(out, "{yes}"),
        Value::Money(money) if place == Place::Custom => write_float(out, *money),
        Value::Money(money) => write_text(out, &money.to_string(), form),
        Value::Date(day) => write_day(out, *day),
        Value::Moment(moment) => write_moment(out, moment),
        Value::Texts(texts) => write_texts(out, texts, form),
        Value::Rows(rows) => {
            let rows: Vec<String> = rows.iter().map(inline_row).collect();
            _ = write!(out, "[{}]", rows.join(", "));
        }
        Value::Odd(toml) if DeValue::parse(toml).is_ok() => out.push_str(toml),
        Value::Odd(text) => write_text(out, text, form),
    }
}

/// Returns a row as an inline table.
fn inline_row(row: &crate::record::Row) -> String {
    let mut parts = Vec::new();
    for (field, value) in row.iter() {
        let mut part = format!("{} = ", field.key);
        write_value(&mut part, value, Place::Declared, Form::OneLine);
        parts.push(part);
    }
    if !row.custom().is_empty() {
        let mut custom = Vec::new();
        for (name, value) in row.custom() {
            let mut part = String::new();
            write_key(&mut part, name);
            part.push_str(" = ");
            write_value(&mut part, value, Place::Custom, Form::OneLine);
            custom.push(part);
        }
        parts.push(format!("{} = {{ {} }}", super::CUSTOM, custom.join(", ")));
    }
    if parts.is_empty() { "{}".into() } else { format!("{{ {} }}", parts.join(", ")) }
}

/// Appends a key, quoted where it needs to be.
pub(in crate::store) fn write_key(out: &mut String, key: &str) {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if bare { out.push_str(key) } else { write_text(out, key, Form::OneLine) }
}

/// Appends a basic string; text of several lines as a multi-line string, so that a diff shows its lines.
pub(in crate::store) fn write_text(out: &mut String, text: &str, form: Form) {
    if form == Form::Lines && text.contains('\n') {
        out.push_str("\"\"\"\n");
        escape(out, text, "\n");
        out.push_str("\"\"\"");
    } else {
        out.push('"');
        escape(out, text, "");
        out.push('"');
    }
}

/// Appends text with quotes, backslashes and control characters escaped, except those in `plain`.
fn escape(out: &mut String, text: &str, plain: &str) {
    let mut rest = text;
    let is_special = |c: char| matches!(c, '"' | '\\' | '\u{7f}') || c < ' ' && !plain.contains(c);
    while let Some(at) = rest.bytes().position(|byte| is_special(char::from(byte))) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        match after.as_bytes()[0] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            0x0c => out.push_str("\\f"),
            b'\r' => out.push_str("\\r"),
            control => _ = write!(out, "\\u{control:04X}"),
        }
        rest = &after[1..];
    }
    out.push_str(rest);
}

/// Appends an array of strings; more than one item one per line.
fn write_texts(out: &mut String, texts: &[Box<str>], form: Form) {
    let lines = form == Form::Lines && texts.len() > 1;
    out.push('[');
    for (at, text) in texts.iter().enumerate() {
        if lines {
            out.push('\n');
            out.push_str(INDENT);
        } else if at > 0 {
            out.push(' ');
        }
        write_text(out, text, Form::OneLine);
        if lines || at + 1 < texts.len() {
            out.push(',');
        }
    }
    out.push_str(if lines { "\n]" } else { "]" });
}

fn write_float(out: &mut String, money: Money) {
    let digits = money.to_string();
    out.push_str(&digits);
    if !digits.contains('.') {
        out.push_str(".0");
    }
}

/// Appends a local date; as a string when TOML has no way to write the year.
fn write_day(out: &mut String, day: NaiveDate) {
    let known = (0..=9999).contains(&day.year());
    _ = if known { write!(out, "{day}") } else { write!(out, "\"{day}\"") };
}

/// Appends an offset date-time; an offset with seconds, which TOML cannot write, becomes UTC.
fn write_moment(out: &mut String, moment: &DateTime<FixedOffset>) {
    let whole = moment.offset().local_minus_utc() % 60 == 0;
    let text = if whole {
        moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    } else {
        moment.with_timezone(&Utc).to_rfc3339_opts(SecondsFormat::AutoSi, true)
    };
    let known = (0..=9999).contains(&moment.year());
    _ = if known { write!(out, "{text}") } else { write!(out, "\"{text}\"") };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, form: Form) -> String {
        let mut out = String::new();
        write_text(&mut out, text, form);
        out
    }

    #[test]
    fn strings() {
        assert_eq!(text("价格 \"低\"\\\t\r\u{1}\u{7f}", Form::Lines), r#""价格 \"低\"\\\t\r\u0001\u007F""#);
        assert_eq!(text("一\n\"\"\"二\r\n", Form::Lines), "\"\"\"\n一\n\\\"\\\"\\\"二\\r\n\"\"\"");
        assert_eq!(text("一\n二", Form::OneLine), r#""一\n二""#);
    }

    #[test]
    fn lists() {
        let list = |texts: &[&str]| {
            let mut out = String::new();
            write_texts(&mut out, &texts.iter().map(|t| (*t).into()).collect::<Vec<_>>(), Form::Lines);
            out
        };
        assert_eq!(list(&[]), "[]");
        assert_eq!(list(&["a"]), "[\"a\"]");
        assert_eq!(list(&["a", "b"]), "[\n    \"a\",\n    \"b\",\n]");
    }

    #[test]
    fn keys() {
        let key = |key: &str| {
            let mut out = String::new();
            write_key(&mut out, key);
            out
        };
        assert_eq!(key("a-b_1"), "a-b_1");
        assert_eq!(key("客户 \"级\""), r#""客户 \"级\"""#);
        assert_eq!(key(""), "\"\"");
    }
}
