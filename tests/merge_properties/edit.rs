//! What people and commands do to a record's file.

use crate::read;
use kehu::record::{CUSTOMER, FieldType, Kind, Record, Value, table_fields};
use kehu::store::codec::apply;
use proptest::prelude::*;
use toml::Table;

/// A change that a person or a command makes to a record's file.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Sets a single value by the codec.
    Set(usize, u8),
    /// Takes one out.
    Remove(usize),
    /// Adds to a list or takes from it.
    Tag(u8),
    Untag(u8),
    /// A contact comes, goes, changes.
    Contact(u8),
    Gone(u8),
    Phone(u8, u8),
    Rename(u8, u8),
    Custom(u8, u8),
    /// A person adds a comment line above the nth line, or one behind it.
    Comment(usize, u8),
    Behind(usize, u8),
    /// A person adds a key of their own.
    Own(u8, u8),
}

pub fn edit() -> impl Strategy<Value = Edit> {
    let n = || 0u8..4;
    prop_oneof![
        4 => (0usize..40, n()).prop_map(|(at, n)| Edit::Set(at, n)),
        1 => (0usize..40).prop_map(Edit::Remove),
        2 => n().prop_map(Edit::Tag),
        1 => n().prop_map(Edit::Untag),
        1 => n().prop_map(Edit::Contact),
        1 => n().prop_map(Edit::Gone),
        2 => (n(), n()).prop_map(|(at, n)| Edit::Phone(at, n)),
        1 => (n(), n()).prop_map(|(at, n)| Edit::Rename(at, n)),
        2 => (n(), n()).prop_map(|(at, n)| Edit::Custom(at, n)),
        1 => (0usize..60, n()).prop_map(|(at, n)| Edit::Comment(at, n)),
        1 => (0usize..60, n()).prop_map(|(at, n)| Edit::Behind(at, n)),
        1 => (n(), n()).prop_map(|(at, n)| Edit::Own(at, n)),
    ]
}

fn value(ty: FieldType, n: u8) -> Value {
    match ty {
        FieldType::Integer => Value::Integer(n.into()),
        FieldType::Flag => Value::Flag(n.is_multiple_of(2)),
        FieldType::Money => Value::Money(kehu::record::Money(rust_decimal::Decimal::from(n))),
        FieldType::Date => Value::Date(format!("2026-01-0{}", n + 1).parse().unwrap()),
        FieldType::Moment => Value::Moment(format!("2026-01-0{}T00:00:00Z", n + 1).parse().unwrap()),
        _ if n == 3 => Value::text("一\n\"二\" # no comment"),
        _ => Value::text(format!("值 {n}")),
    }
}

/// Edits a text as the codec or a person would; a comment says who made it, so that each is one of its own.
pub fn edited(kind: Kind, text: &str, edits: &[Edit], who: &str) -> String {
    edits.iter().fold(text.to_string(), |text, edit| edited_once(kind, &text, edit, who))
}

fn edited_once(kind: Kind, text: &str, edit: &Edit, who: &str) -> String {
    let before = read(kind, text);
    let mut after = before.clone();
    let single: Vec<_> = kind.fields.iter().filter(|field| !field.is_table() && !field.is_list()).collect();
    match edit {
        Edit::Set(at, n) => {
            let field = single[at % single.len()];
            after.set(field.key, value(field.ty, *n));
        }
        Edit::Remove(at) => _ = after.remove(single[at % single.len()].key),
        Edit::Tag(n) => list(&mut after, |tags| tags.push(format!("t{n}").into())),
        Edit::Untag(n) => list(&mut after, |tags| tags.retain(|tag| **tag != *format!("t{n}"))),
        Edit::Contact(n) => contacts(&mut after, |rows| {
            let field = CUSTOMER.field("contacts").and_then(table_fields).unwrap();
            let mut row = kehu::record::Row::new(field);
            row.set("name", Value::text(format!("人{n}")));
            row.set("email", Value::text(format!("{who}{n}@example.com")));
            rows.push(row);
        }),
        Edit::Gone(n) => contacts(&mut after, |rows| rows.truncate((*n).into())),
        Edit::Phone(at, n) => contacts(&mut after, |rows| {
            if let Some(row) = rows.get_mut(usize::from(*at)) {
                row.set("work_phone", Value::text(format!("{n}")));
            }
        }),
        Edit::Rename(at, n) => contacts(&mut after, |rows| {
            if let Some(row) = rows.get_mut(usize::from(*at)) {
                row.set("name", Value::text(format!("新{n}")));
            }
        }),
        Edit::Custom(at, n) => after.set_custom(&format!("键 {at}"), Value::Integer((*n).into())),
        Edit::Comment(at, n) => return between_lines(text, *at, &format!("# {who} {n}\n")),
        Edit::Behind(at, n) => return behind_line(text, *at, &format!(" # {who} {n}")),
        Edit::Own(at, n) => {
            let line = format!("own{at} = {n}\n");
            let rest: String =
                text.split_inclusive('\n').filter(|line| !line.starts_with(&format!("own{at} "))).collect();
            return line + &rest;
        }
    }
    apply(text, &before, &after)
}

fn list(record: &mut Record, change: impl FnOnce(&mut Vec<Box<str>>)) {
    let Some(field) = record.kind.fields.iter().find(|field| field.is_list()) else { return };
    let mut texts = record.texts(field.key).to_vec();
    change(&mut texts);
    texts.dedup();
    if texts.is_empty() {
        record.remove(field.key)
    } else {
        record.set(field.key, Value::Texts(texts))
    };
}

fn contacts(record: &mut Record, change: impl FnOnce(&mut Vec<kehu::record::Row>)) {
    if record.kind != CUSTOMER {
        return;
    }
    let mut rows = record.rows("contacts").to_vec();
    change(&mut rows);
    if rows.is_empty() {
        record.remove("contacts")
    } else {
        record.set("contacts", Value::Rows(rows))
    };
}

/// Puts a line above the nth that starts a key or a header.
fn between_lines(text: &str, at: usize, line: &str) -> String {
    let starts = starts(text);
    if starts.is_empty() || text.contains(line) {
        return text.to_string();
    }
    let at = starts[at % starts.len()];
    format!("{}{line}{}", &text[..at], &text[at..])
}

fn behind_line(text: &str, at: usize, comment: &str) -> String {
    let starts: Vec<usize> = starts(text).into_iter().filter(|at| !text[*at..].starts_with('[')).collect();
    let lines: Vec<usize> = starts.into_iter().filter(|at| one_line(&text[*at..])).collect();
    if lines.is_empty() || text.contains(comment) {
        return text.to_string();
    }
    let start = lines[at % lines.len()];
    let end = start + text[start..].find('\n').unwrap_or(text.len() - start);
    format!("{}{comment}{}", &text[..end], &text[end..])
}

fn one_line(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default();
    line.parse::<Table>().is_ok() && !line.contains('#')
}

/// Returns where lines start that are a key or a header, at a place where a comment may stand.
fn starts(text: &str) -> Vec<usize> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let head = &text[..at];
        let is_start = line.starts_with(|c: char| c.is_ascii_lowercase() || c == '[');
        if is_start && (head.is_empty() || head.parse::<Table>().is_ok()) {
            found.push(at);
        }
        at += line.len();
    }
    found
}
