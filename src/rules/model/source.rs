//! A TOML text with the places of everything in it, from which values are taken and findings gathered.

use super::condition::Place;
use crate::record::{Finding, Problem, Words};
use crate::words;
use rust_decimal::Decimal;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text being read, and what was found wrong with it so far.
pub(super) struct Source<'a> {
    text: &'a str,
    path: &'a str,
    pub findings: Vec<Finding>,
}

/// A table of the text, and where it begins.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    entries: &'a DeTable<'a>,
    pub at: usize,
}

/// A value, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed<T> {
    pub value: T,
    pub at: usize,
}

type Found<'a> = &'a Spanned<DeValue<'a>>;

impl<'a> Source<'a> {
    pub fn new(text: &'a str, path: &'a str) -> Source<'a> {
        Source { text, path, findings: Vec::new() }
    }

    /// Notes that something is wrong at a byte of the text.
    pub fn report(&mut self, at: usize, code: &'static str, message: Words) {
        self.report_with(at, code, message, None);
    }

    pub fn report_with(&mut self, at: usize, code: &'static str, message: Words, mend: Option<Words>) {
        let (line, column) = line_column(self.text, at);
        let problem = Problem { field: None, mend, ..Problem::error(code, "", message) };
        self.findings.push(Finding { path: self.path.to_string(), line, column, problem });
    }

    /// Notes the keys of a table that are none of `known`, each with the nearest one.
    pub fn only(&mut self, table: Table<'a>, known: &[&str]) {
        for key in table.entries.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let mend = nearest(name, known);
                let message = words!("unknown key `{name}`", "未知的键“{name}”");
                self.report_with(key.span().start, "scoring-unknown-key", message, mend);
            }
        }
    }

    /// Takes a text; notes a value of another type.
    pub fn text(&mut self, table: Table<'a>, key: &str) -> Option<Placed<&'a str>> {
        let found = table.entries.get(key)?;
        let text = found.get_ref().as_str();
        self.typed(found, key, text, words!("a text", "文本"))
    }

    /// Takes a number, exact; notes a value of another type and one below zero.
    pub fn number(&mut self, table: Table<'a>, key: &str) -> Option<Placed<Decimal>> {
        let found = table.entries.get(key)?;
        let number = match found.get_ref() {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str().parse().ok(),
            DeValue::Float(n) => n.as_str().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number: &Decimal| !number.is_sign_negative());
        self.typed(found, key, number, words!("a number from 0 up", "不小于 0 的数字"))
    }

    /// Takes a text in both languages, `{ zh = "…", en = "…" }`, or one for both.
    pub fn words(&mut self, table: Table<'a>, key: &str) -> Option<Words> {
        let found = table.entries.get(key)?;
        let words = match found.get_ref() {
            DeValue::String(text) => Some(Words::same(text.as_ref())),
            DeValue::Table(inner) => {
                self.only(Table { entries: inner, at: found.span().start }, &["zh", "en"]);
                let get = |lang: &str| inner.get(lang).and_then(|text| text.get_ref().as_str());
                get("en")
                    .or(get("zh"))
                    .zip(get("zh").or(get("en")))
                    .map(|(en, zh)| Words { en: en.to_string().into(), zh: zh.to_string().into() })
            }
            _ => None,
        };
        let wanted = words!("a text or {{ zh = \"…\", en = \"…\" }}", "文本或 {{ zh = \"…\", en = \"…\" }}");
        self.typed(found, key, words, wanted).map(|words| words.value)
    }

    /// Takes an array of tables; notes when it is absent, empty or of another type.
    pub fn tables(&mut self, table: Table<'a>, key: &str) -> Vec<Table<'a>> {
        let Some(found) = table.entries.get(key) else {
            self.report(table.at, "scoring-incomplete", words!("`{key}` is missing", "缺少“{key}”"));
            return Vec::new();
        };
        let items = found.get_ref().as_array().filter(|items| items.iter().next().is_some());
        let tables: Option<Vec<Table<'a>>> = items.and_then(|items| {
            let table = |item: Found<'a>| Some(Table { entries: item.get_ref().as_table()?, at: item.span().start });
            items.iter().map(table).collect()
        });
        self.typed(found, key, tables, words!("one table or more", "一个或多个表"))
            .map_or(Vec::new(), |found| found.value)
    }

    /// Returns the value if it is of its type, and notes when it is not.
    fn typed<T>(&mut self, found: Found<'a>, key: &str, value: Option<T>, wanted: Words) -> Option<Placed<T>> {
        let at = found.span().start;
        if value.is_none() {
            let message = words!("`{key}` must be {wanted}", "“{key}”须为{wanted}"; each wanted);
            self.report(at, "scoring-type", message);
        }
        value.map(|value| Placed { value, at })
    }

    /// Returns the value, and notes when it is absent.
    pub fn needed<T>(&mut self, table: Table<'a>, key: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !table.has(key) {
            self.report(table.at, "scoring-incomplete", words!("`{key}` is missing", "缺少“{key}”"));
        }
        value
    }

    /// Returns the place of a text, for finding places within it.
    pub fn place(&self, table: Table<'a>, key: &str) -> Option<Place> {
        let span: Range<usize> = table.entries.get(key)?.span();
        let (line, column) = line_column(self.text, span.start);
        let raw = self.text.get(span).unwrap_or_default();
        let verbatim = !raw.contains(['\\', '\n']) && !raw.starts_with("\"\"\"") && !raw.starts_with("'''");
        Some(Place { path: self.path.to_string(), line, column, verbatim })
    }
}

impl<'a> Table<'a> {
    pub fn new(table: &'a Spanned<DeTable<'a>>) -> Table<'a> {
        Table { entries: table.get_ref(), at: table.span().start }
    }

    pub fn has(self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Returns a text, if it is one; what it is instead is noted where it is read.
    pub fn plain_text(self, key: &str) -> Option<Placed<&'a str>> {
        let found = self.entries.get(key)?;
        Some(Placed { value: found.get_ref().as_str()?, at: found.span().start })
    }

    /// Returns where the value of a key stands, the table's begin when there is none.
    pub fn at_key(self, key: &str) -> usize {
        self.entries.get(key).map_or(self.at, |value| value.span().start)
    }
}

/// Returns line and column in characters, both from 1.
fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// Says which of the names is most like `name`, if any is.
pub(super) fn nearest(name: &str, known: &[&str]) -> Option<Words> {
    let likeness = |other: &&&str| strsim::jaro_winkler(name, other);
    let best = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    if likeness(&best) > 0.7 {
        return Some(words!("did you mean `{best}`?", "是否指“{best}”？"));
    }
    let list = known.join("`, `");
    Some(words!("known: `{list}`", "可用：`{list}`"))
}
