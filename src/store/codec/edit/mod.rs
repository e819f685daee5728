//! Edits a record's file in place.
//!
//! The text is parsed for its places only; what changed is replaced, inserted or taken out as text, so
//! comments, unknown keys, line ends and a person's layout stay by construction. Layouts that have no
//! place for a change (a new key inside an inline table) are first rewritten by `toml_edit`, that one
//! field alone, into the usual layout.

mod custom;
mod list;
mod rows;
mod usual;

pub(in crate::store) use usual::usual_layout;

use super::render::{is_flat, render};
use super::splice::Splice;
use super::write::{Form, Place, write_key, write_value};
use super::{CUSTOM, split_bom};
use crate::record::{Field, Record, Row, Value};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Returns `text` changed so that it holds `after` where it held `before`; bytes no changed field owns stay.
///
/// `text` must parse to `before`. A text that is no TOML cannot, and is rendered anew.
pub fn apply(text: &str, before: &Record, after: &Record) -> String {
    let (bom, body) = split_bom(text);
    let mut before = before.row.clone();
    let mut body = end_last_line(body);
    let ended = body.len() == text.len() - bom.len();
    let mut rewritten = Vec::new();
    let edited = loop {
        match edit(&body, &before, &after.row) {
            Ok(edited) => break edited,
            Err(Stuck::NotToml) => return render(after),
            Err(Stuck::Unusual(key)) if rewritten.contains(&key) => {
                body = usual::without(&body, key);
                forget(&mut before, key);
            }
            Err(Stuck::Unusual(key)) => {
                body = usual::usual_layout(&body, key);
                rewritten.push(key);
            }
        }
    };
    let edited = if ended { &edited } else { edited.strip_suffix(Splice::new(&body).eol).unwrap_or(&edited) };
    format!("{bom}{edited}")
}

/// Ends the last line, so that every line has an end while editing.
fn end_last_line(body: &str) -> String {
    if body.is_empty() || body.ends_with('\n') { body.into() } else { format!("{body}{}", Splice::new(body).eol) }
}

fn forget(row: &mut Row, key: &str) {
    if key == CUSTOM {
        let names: Vec<Box<str>> = row.custom().iter().map(|(name, _)| name.clone()).collect();
        names.iter().for_each(|name| _ = row.remove_custom(name));
    } else {
        row.remove(key);
    }
}

fn edit(body: &str, before: &Row, after: &Row) -> Result<String, Stuck> {
    let document = DeTable::parse(body).map_err(|_| Stuck::NotToml)?;
    let mut editor = Editor { splice: Splice::new(body), top: "" };
    let file = Section { table: document.get_ref(), head: Head::File, path: "", fields: after.fields() };
    editor.section(&file, before, after)?;
    Ok(editor.splice.finish())
}

/// Why an edit could not be made.
enum Stuck {
    /// The text is not TOML.
    NotToml,
    /// The layout of this top field has no place for the change.
    Unusual(&'static str),
}

type Outcome = Result<(), Stuck>;

/// What the keys of a table stand under.
#[derive(Debug, Clone)]
enum Head {
    /// Nothing: the top of the file.
    File,
    /// A header line, `[custom]` or `[[contacts]]`.
    Header(Range<usize>),
    /// No line of its own: an inline table, dotted keys.
    Inline,
}

/// A table of the document.
struct Section<'t, 'i> {
    table: &'t DeTable<'i>,
    head: Head,
    /// What its header says; empty for the file.
    path: &'t str,
    /// The fields declared for it.
    fields: &'static [Field],
}

/// A key of a table and its value, with their places.
struct Entry<'t, 'i> {
    key: Range<usize>,
    value: &'t Spanned<DeValue<'i>>,
}

impl Entry<'_, '_> {
    /// Tells whether it is a `key = value`, not a header or the stem of dotted keys.
    fn is_pair(&self) -> bool {
        self.key.end <= self.value.span().start
    }
}

impl<'t, 'i> Section<'t, 'i> {
    fn entry(&self, key: &str) -> Option<Entry<'t, 'i>> {
        self.table.get_key_value(key).map(|(key, value)| Entry { key: key.span(), value })
    }

    /// Walks its `key = value` lines with the declared places of their keys.
    fn pairs(&self) -> impl Iterator<Item = (Option<usize>, Entry<'t, 'i>)> {
        let entries = self.table.iter().map(|(key, value)| (key.get_ref(), Entry { key: key.span(), value }));
        let pairs = entries.filter(|(_, entry)| entry.is_pair());
        pairs.map(|(key, entry)| (self.fields.iter().position(|field| field.key == key.as_ref()), entry))
    }

    /// Returns where the last of its lines and of the sections inside it ends.
    fn end(&self) -> usize {
        let head = if let Head::Header(head) = &self.head { head.end } else { 0 };
        self.table.values().map(last_byte).fold(head, usize::max)
    }
}

/// Returns where a value and all inside it end.
fn last_byte(value: &Spanned<DeValue<'_>>) -> usize {
    let inner = match value.get_ref() {
        DeValue::Table(table) => table.values().map(last_byte).max(),
        DeValue::Array(items) => items.iter().map(last_byte).max(),
        _ => None,
    };
    inner.unwrap_or(0).max(value.span().end)
}

/// An edit under way.
struct Editor<'a> {
    splice: Splice<'a>,
    /// The top field that is being edited.
    top: &'static str,
}

impl Editor<'_> {
    fn unusual<T>(&self) -> Result<T, Stuck> {
        Err(Stuck::Unusual(self.top))
    }

    fn enter(&mut self, section: &Section<'_, '_>, key: &'static str) {
        if section.path.is_empty() {
            self.top = key;
        }
    }

    /// Edits the fields of a table: single values, then custom fields, then tables, in the order they are written.
    fn section(&mut self, section: &Section<'_, '_>, before: &Row, after: &Row) -> Outcome {
        let changed = || section.fields.iter().filter(|field| before.get(field.key) != after.get(field.key));
        for field in changed() {
            self.enter(section, field.key);
            self.flat(section, field, before.get(field.key), after.get(field.key))?;
        }
        if before.custom() != after.custom() {
            self.enter(section, CUSTOM);
            self.custom(section, before, after)?;
        }
        for field in changed().filter(|field| field.is_table() && !after.get(field.key).is_some_and(is_flat)) {
            self.enter(section, field.key);
            self.rows(section, field, before.rows(field.key), after.rows(field.key))?;
        }
        Ok(())
    }

    /// Edits a field as far as it is a single value; the rows of a table are left for later.
    fn flat(&mut self, section: &Section<'_, '_>, field: &Field, old: Option<&Value>, new: Option<&Value>) -> Outcome {
        let had_rows = old.is_some_and(|old| !is_flat(old));
        match (section.entry(field.key), new.filter(|new| is_flat(new))) {
            (Some(_), None) if had_rows => Ok(()),
            (Some(entry), Some(new)) if entry.is_pair() => self.set(&section.head, &entry, old, new, Place::Declared),
            (Some(_), Some(_)) => self.unusual(),
            (Some(entry), None) => self.remove_pair(section, &entry),
            (None, Some(new)) => self.insert_flat(section, field, new),
            (None, None) => Ok(()),
        }
    }

    /// Puts a new value in the place of the old one.
    fn set(&mut self, head: &Head, entry: &Entry<'_, '_>, old: Option<&Value>, new: &Value, place: Place) -> Outcome {
        let inline = matches!(head, Head::Inline);
        if let (Some(Value::Texts(old)), Value::Texts(new)) = (old, new)
            && let Some(items) = entry.value.get_ref().as_array()
        {
            let lines: Vec<_> = items.iter().map(Spanned::span).collect();
            self.set_texts(entry.value.span(), &lines, old, new, inline);
        } else {
            let text = self.value_text(new, place, inline);
            self.splice.replace(entry.value.span(), text);
        }
        Ok(())
    }

    fn remove_pair(&mut self, section: &Section<'_, '_>, entry: &Entry<'_, '_>) -> Outcome {
        if matches!(section.head, Head::Inline) || !entry.is_pair() {
            return self.unusual();
        }
        self.splice.remove_lines(entry.key.start..entry.value.span().end);
        Ok(())
    }

    /// Inserts a field after the nearest field declared before it, else before the first, else under the header.
    fn insert_flat(&mut self, section: &Section<'_, '_>, field: &Field, value: &Value) -> Outcome {
        let own = section.fields.iter().position(|other| other.key == field.key);
        let before =
            section.pairs().filter(|(place, _)| place.is_some() && *place < own).max_by_key(|(place, _)| *place);
        let first = section.pairs().min_by_key(|(_, entry)| entry.key.start);
        let (at, indent, blank) = match (before, first, &section.head) {
            (_, _, Head::Inline) => return self.unusual(),
            (Some((_, entry)), ..) => {
                (self.splice.line_end(entry.value.span().end), self.splice.indent(entry.key.start), "")
            }
            (None, Some((_, entry)), _) => {
                (self.splice.line_start(entry.key.start), self.splice.indent(entry.key.start), "")
            }
            (None, None, Head::Header(head)) => (self.splice.line_end(head.end), "", ""),
            (None, None, Head::File) => self.top_of_file(section),
        };
        let line = self.pair_text(indent, field.key, value, Place::Declared);
        self.splice.replace(at..at, line + blank);
        Ok(())
    }

    /// Returns where the first field of a file without fields goes: above the sections, behind their comments.
    fn top_of_file(&self, section: &Section<'_, '_>) -> (usize, &'static str, &'static str) {
        match section.table.keys().map(|key| key.span().start).min() {
            Some(first) => (self.splice.line_start(first), "", self.splice.eol),
            None => (self.splice.text.len(), "", ""),
        }
    }

    /// Returns a line `key = value`.
    fn pair_text(&self, indent: &str, key: &str, value: &Value, place: Place) -> String {
        let mut line = indent.to_string();
        write_key(&mut line, key);
        line + " = " + &self.value_text(value, place, false) + self.splice.eol
    }

    /// Returns a value as it is written in this file: no text over several lines where lines end with CRLF.
    fn value_text(&self, value: &Value, place: Place, inline: bool) -> String {
        let list = matches!(value, Value::Texts(_));
        let form = if !inline && (list || self.form() == Form::Lines) { Form::Lines } else { Form::OneLine };
        let mut out = String::new();
        write_value(&mut out, value, place, form);
        if list { out.replace('\n', self.splice.eol) } else { out }
    }

    fn form(&self) -> Form {
        if self.splice.eol == "\n" { Form::Lines } else { Form::OneLine }
    }
}

#[cfg(test)]
mod tests;
