//! A strict reader of configuration files: typed values with their places, every mistake gathered.
//!
//! A mistake does not end the reading: it becomes a finding with line and column, and the value is
//! taken as absent, so that one run of `check` shows all of them. A key that nobody asked for is a
//! mistake too, named with the nearest key that would have been read.

use crate::record::dictionary::Entries;
use crate::record::{Finding, Money, Problem, Severity, Words, toml_words};
use crate::words;
use chrono::NaiveDate;
use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and the bytes it stands in.
#[derive(Debug, Clone)]
pub(crate) struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the file's text.
    pub span: Range<usize>,
}

/// The findings of one file while it is read.
pub(crate) struct Source<'t> {
    path: &'t str,
    text: &'t str,
    findings: RefCell<Vec<Finding>>,
}

impl<'t> Source<'t> {
    /// Starts reading a file's text.
    pub fn new(path: &'t str, text: &'t str) -> Source<'t> {
        Source { path, text, findings: RefCell::default() }
    }

    /// Parses the text; every syntax error becomes a finding.
    pub fn parse(&self) -> Option<Spanned<DeTable<'t>>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            let what = toml_words(error.message());
            let message = words!("not valid TOML: {what}", "不是有效的 TOML：{what}"; each what);
            self.report("toml-syntax", "", span, message);
        }
        errors.is_empty().then_some(table)
    }

    /// Adds a finding at a place.
    pub fn report(&self, code: &'static str, key: &str, span: Range<usize>, message: Words) {
        self.push(Problem::error(code, key, message), span);
    }

    /// Adds a finding with what would mend it.
    pub fn report_with(&self, code: &'static str, key: &str, span: Range<usize>, message: Words, mend: Words) {
        self.push(Problem::error(code, key, message).mend(mend), span);
    }

    fn push(&self, mut problem: Problem, span: Range<usize>) {
        problem.field = problem.field.filter(|field| !field.is_empty());
        let (line, column) = place(self.text, span.start);
        self.findings.borrow_mut().push(Finding { path: self.path.to_string(), line, column, problem });
    }

    /// Ends the reading: the value when nothing was wrong, else what was, in the order of the file.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Finding>> {
        let mut findings = self.findings.into_inner();
        findings.sort_by_key(|finding| (finding.line, finding.column));
        match value {
            Some(value) if findings.iter().all(|f| f.problem.severity < Severity::Error) => Ok(value),
            _ => Err(findings),
        }
    }
}

/// Returns line and column, both from 1, of a byte of `text`; the column counts characters.
pub(crate) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}

/// One table of a file. It remembers which keys were asked for; [`Section::done`] reports the others.
pub(crate) struct Section<'s> {
    source: &'s Source<'s>,
    table: &'s DeTable<'s>,
    span: Range<usize>,
    /// The dotted path of the table, for messages; empty at the top.
    name: String,
    asked: RefCell<Vec<String>>,
}

impl<'s> Section<'s> {
    /// Reads the top of a file.
    pub fn top(source: &'s Source<'s>, table: &'s Spanned<DeTable<'s>>) -> Section<'s> {
        Section { source, table: table.get_ref(), span: 0..0, name: String::new(), asked: RefCell::default() }
    }

    /// Returns where the table stands.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns the table with its place, to ask whether it is required.
    pub fn placed(self) -> Placed<Section<'s>> {
        Placed { span: self.span(), value: self }
    }

    /// Adds a finding about a key of this table, or about the table when `key` is empty.
    pub fn report(&self, code: &'static str, key: &str, span: Range<usize>, message: Words) {
        self.source.report(code, &self.path(key), span, message);
    }

    /// As [`Section::report`], with what would mend it.
    pub fn report_with(&self, code: &'static str, key: &str, span: Range<usize>, message: Words, mend: Words) {
        self.source.report_with(code, &self.path(key), span, message, mend);
    }

    fn path(&self, key: &str) -> String {
        match (self.name.as_str(), key) {
            ("", key) => key.to_string(),
            (name, "") => name.to_string(),
            (name, key) => format!("{name}.{key}"),
        }
    }

    fn ask(&self, key: &str) -> Option<&'s Spanned<DeValue<'s>>> {
        self.asked.borrow_mut().push(key.to_string());
        self.table.get(key)
    }

    /// Reads a key with `read`; a value it refuses is reported as not being `wanted`.
    pub fn read<T>(&self, key: &str, wanted: Words, read: impl Fn(&DeValue<'_>) -> Option<T>) -> Option<Placed<T>> {
        let found = self.ask(key)?;
        let value = read(found.get_ref());
        if value.is_none() {
            let path = self.path(key);
            let message = words!("`{path}` is not {wanted}", "`{path}` 不是{wanted}"; each wanted);
            self.report("config-value", key, found.span(), message);
        }
        value.map(|value| Placed { value, span: found.span() })
    }

    /// Reports a missing key when there is none.
    pub fn required<T>(&self, key: &str, value: Option<Placed<T>>) -> Option<Placed<T>> {
        if !self.table.contains_key(key) {
            let path = self.path(key);
            self.report("missing-key", key, self.span(), words!("`{path}` is missing", "缺少 `{path}`"));
        }
        value
    }

    /// Reads a text that is not blank.
    pub fn text(&self, key: &str) -> Option<Placed<String>> {
        let read = |value: &DeValue<'_>| value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_string);
        self.read(key, words!("a text in quotes", "带引号的文字"), read)
    }

    /// Reads yes or no; only the value matters, for nothing is said about it later.
    pub fn flag(&self, key: &str) -> Option<bool> {
        let wanted = words!("true or false", "true 或 false");
        self.read(key, wanted, |value| value.as_bool()).map(|placed| placed.value)
    }

    /// Reads a whole number within `range`.
    pub fn integer(&self, key: &str, range: RangeInclusive<i64>) -> Option<Placed<i64>> {
        let (low, high) = (*range.start(), *range.end());
        let wanted = match high {
            i64::MAX => words!("a whole number from {low} on", "不小于 {low} 的整数"),
            _ => words!("a whole number from {low} to {high}", "{low} 到 {high} 的整数"),
        };
        self.read(key, wanted, |value| integer_of(value).filter(|n| range.contains(n)))
    }

    /// Reads an amount, as a text or a number.
    pub fn money(&self, key: &str) -> Option<Placed<Money>> {
        self.read(key, words!("an amount such as \"10000.00\"", "金额，例如 \"10000.00\""), |value| {
            let text = match value {
                DeValue::String(text) => text.as_ref(),
                DeValue::Integer(n) if n.radix() == 10 => n.as_str(),
                DeValue::Float(n) => n.as_str(),
                _ => return None,
            };
            Money::parse(text).filter(|money| !money.0.is_sign_negative())
        })
    }

    /// Reads a day.
    pub fn date(&self, key: &str) -> Option<Placed<NaiveDate>> {
        self.read(key, words!("a day such as 2026-03-05", "日期，例如 2026-03-05"), date_of)
    }

    /// Reads an array of texts.
    pub fn texts(&self, key: &str) -> Option<Placed<Vec<Placed<String>>>> {
        self.list(key, words!("a list of texts", "文字列表"), |value| value.as_str().map(str::to_string))
    }

    /// Reads an array whose items `read` takes.
    pub fn list<T>(
        &self,
        key: &str,
        wanted: Words,
        read: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Option<Placed<Vec<Placed<T>>>> {
        self.read(key, wanted, |value| {
            let items = value.as_array()?.iter();
            items.map(|item| Some(Placed { value: read(item.get_ref())?, span: item.span() })).collect()
        })
    }

    /// Reads a text that must be a key of `entries`; anything goes where those are not known.
    pub fn key_of(&self, key: &str, entries: Option<&Entries>) -> Option<Placed<String>> {
        let text = self.text(key)?;
        self.check_key(key, &text, entries);
        Some(text)
    }

    /// Reports a text that is not a key of `entries`.
    pub fn check_key(&self, key: &str, text: &Placed<String>, entries: Option<&Entries>) {
        let Some(entries) = entries.filter(|entries| entries.get(&text.value).is_none()) else { return };
        let (known, shown) = (entries.iter().map(|entry| entry.key.as_str()), &text.value);
        let message = words!("`{shown}` is not a key of its dictionary", "字典中没有 key `{shown}`");
        self.report_with("unknown-key", key, text.span.clone(), message, did_you_mean(shown, known));
    }

    /// Reads a table.
    pub fn section(&self, key: &str) -> Option<Section<'s>> {
        let found = self.ask(key)?;
        self.enter(key, found)
    }

    /// Reads an array of tables; what is not a table in it is reported.
    pub fn sections(&self, key: &str) -> Vec<Section<'s>> {
        let Some(found) = self.ask(key) else { return Vec::new() };
        let Some(items) = found.get_ref().as_array() else {
            let path = self.path(key);
            let message = words!("`{path}` is not a list of tables", "`{path}` 不是表的列表");
            self.report("config-value", key, found.span(), message);
            return Vec::new();
        };
        items.iter().enumerate().filter_map(|(at, item)| self.enter(&format!("{key}.{}", at + 1), item)).collect()
    }

    /// Returns every key, in the order of the file.
    pub fn keys(&self) -> Vec<Placed<String>> {
        let mut keys: Vec<_> =
            self.table.iter().map(|(key, _)| Placed { value: key.get_ref().to_string(), span: key.span() }).collect();
        keys.sort_by_key(|key| key.span.start);
        keys
    }

    fn enter(&self, key: &str, found: &'s Spanned<DeValue<'s>>) -> Option<Section<'s>> {
        let DeValue::Table(table) = found.get_ref() else {
            let path = self.path(key);
            self.report("config-value", key, found.span(), words!("`{path}` is not a table", "`{path}` 不是表"));
            return None;
        };
        let name = self.path(key);
        Some(Section { source: self.source, table, span: found.span(), name, asked: RefCell::default() })
    }

    /// Ends the table: reports every key that was not asked for.
    pub fn done(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter().filter(|(key, _)| !asked.iter().any(|known| known == key.get_ref())) {
            let path = self.path(key.get_ref());
            let message = words!("unknown setting `{path}`", "未知的设置 `{path}`");
            let mend = did_you_mean(key.get_ref(), asked.iter().map(String::as_str));
            self.report_with("unknown-setting", key.get_ref(), key.span(), message, mend);
        }
    }
}

/// Returns the suggestion of the nearest of `known`, all of them when none is near.
pub(crate) fn did_you_mean<'k>(text: &str, known: impl Iterator<Item = &'k str>) -> Words {
    let known: Vec<&str> = known.collect();
    let near = known.iter().map(|name| (strsim::jaro_winkler(name, text), *name)).filter(|(score, _)| *score > 0.75);
    match near.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, name)) => words!("did you mean `{name}`?", "是否想写 `{name}`？"),
        None => {
            let all = known.into_iter().take(20).collect::<Vec<_>>().join(", ");
            words!("one of: {all}", "可选：{all}")
        }
    }
}

/// Returns a whole number.
pub(crate) fn integer_of(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Returns a day written as a TOML local date.
pub(crate) fn date_of(value: &DeValue<'_>) -> Option<NaiveDate> {
    let written = value.as_datetime().filter(|written| written.time.is_none())?;
    let date = written.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// Reads `zh` and `en` of an entry; both must be there.
pub(crate) fn label(section: &Section<'_>) -> Option<Words> {
    let zh = section.required("zh", section.text("zh"));
    let en = section.required("en", section.text("en"));
    Some(Words { en: en?.value.into(), zh: zh?.value.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str, read: impl Fn(&Section<'_>)) -> Vec<(usize, usize, &'static str)> {
        let source = Source::new("config/x.toml", text);
        if let Some(table) = source.parse() {
            let top = Section::top(&source, &table);
            read(&top);
            top.done();
        }
        let findings = source.finish::<()>(None).unwrap_err();
        findings.iter().map(|f| (f.line, f.column, f.problem.code)).collect()
    }

    #[test]
    fn every_mistake_is_found_with_its_place() {
        let text = "a = 1\n\"名\" = 2\nday = \"x\"\n[s]\nn = 11\n";
        let found = codes(text, |top| {
            top.required("b", top.text("b"));
            top.integer("a", 1..=1);
            top.date("day");
            let section = top.section("s").unwrap();
            section.integer("n", 0..=10);
            section.done();
        });
        assert_eq!(
            found,
            [(1, 1, "missing-key"), (2, 1, "unknown-setting"), (3, 7, "config-value"), (5, 5, "config-value")]
        );
    }

    #[test]
    fn syntax_errors_have_places() {
        let found = codes("a = 1\nb = = 2\n", |_| ());
        assert_eq!(found.first().map(|f| (f.0, f.2)), Some((2, "toml-syntax")));
    }

    #[test]
    fn the_nearest_setting_is_named() {
        let mend = did_you_mean("timezome", ["timezone", "locale"].into_iter());
        assert_eq!(mend.en, "did you mean `timezone`?");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(place("中文 = 1\n客户 = 2", "中文 = 1\n客户 ".len()), (2, 4));
        assert_eq!(place("a", 99), (1, 2));
    }
}
