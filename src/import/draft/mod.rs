//! A row while it is being read.

mod cell;
mod phones;
mod strays;
mod template;

pub(super) use cell::Heard;
pub use cell::read_ends;

use strays::Strayed;

use super::inner::Inner;
use super::mapper::{Feed, Mapped, Mapper, Width};
use super::mapping::{FieldKey, OnInvalid};
use super::memo::Memo;
use super::table::{RawCell, RawRow};
use super::values::{Said, Style};
use crate::record::input::shorten;
use crate::record::{Field, FieldType, Money, Need, Number, Numbering, Problem, Row, Severity, Value, Words};
use crate::words;
use std::borrow::Cow;

/// A row while it is being read.
pub(super) struct Draft<'m, 'a> {
    mapper: &'m Mapper<'a>,
    row: &'m RawRow,
    mapped: Mapped,
    /// The contact or line.
    inner: Row,
    inferred: Vec<Inferred>,
    /// What stands in the column of another field.
    strays: Vec<Strayed>,
    /// Numbers that are none: field, text, and the place of the problem.
    bad_phones: Vec<(FieldKey, &'static Field, String, usize)>,
}

/// What the column of one field says about another, which has the first word.
struct Inferred {
    field: &'static str,
    value: Value,
    /// What the value leaves unsaid.
    wording: Option<String>,
    /// The whole cell, for when the field has a value of its own.
    text: String,
    header: String,
}

impl<'m, 'a> Draft<'m, 'a> {
    pub fn new(mapper: &'m Mapper<'a>, row: &'m RawRow) -> Draft<'m, 'a> {
        let mapped = Mapped {
            row_number: row.number,
            kind: mapper.kind,
            number: None,
            number_header: String::new(),
            block: mapper.block_of(row.number),
            row: Row::new(mapper.kind.fields),
            custom: Vec::new(),
            inner: None,
            constants: Vec::new(),
            problems: Vec::new(),
            notes: Vec::new(),
            new_keys: Vec::new(),
            kept: Vec::new(),
            skipped: None,
        };
        let (inferred, strays, bad_phones) = (Vec::new(), Vec::new(), Vec::new());
        Draft { mapper, row, mapped, inner: Row::new(Inner::fields_of(mapper.kind)), inferred, strays, bad_phones }
    }

    /// Ends a row that is passed over.
    pub fn skipped(mut self, why: Words) -> Mapped {
        self.mapped.skipped = Some(why);
        self.mapped
    }

    /// Ends the row, with the contact or line when it says anything.
    pub fn finish(mut self) -> Mapped {
        if let Some(table) = Inner::of(self.mapper.kind).filter(|_| self.inner.iter().next().is_some()) {
            self.mapped.inner = Some((table.key, self.inner));
        }
        self.mapped
    }

    /// Refuses a row of a text file with more cells than headings: a mark inside a cell has shifted them.
    pub fn check_width(&mut self, width: Option<&Width>) {
        let exceeded = width.and_then(|width| Some((width.headings, width.exceeded(self.row)?)));
        if let Some((width, count)) = exceeded {
            let message = words!("{count} cells under {width} headings", "{width} 列表头下有 {count} 个单元格");
            let mend = words!("quote the cell that holds the mark", "请给含分隔符的单元格加引号");
            let problem =
                Problem { code: "too-many-cells", severity: Severity::Error, field: None, message, mend: Some(mend) };
            self.mapped.problems.push(problem);
        }
    }

    /// Reads a field from its columns; `at` is the place of the feed, under which its cells are remembered.
    pub fn feed(&mut self, at: usize, feed: &Feed<'_>, memo: &mut Memo) {
        let cell = self.gather(feed);
        let Some(field) = self.field_of(feed.key) else { return self.read(feed.key, &cell, feed.style, &feed.header) };
        if let Some(known) = memo.recall(at, &cell) {
            return self.put(feed.key, field, (known.said.clone(), known.note.clone()), &known.cell, &feed.header);
        }
        if self.mapper.is_blank(&cell.display()) {
            return;
        }
        let heard = self.mapper.hear(feed.key, field, &cell, feed.style, &feed.header);
        memo.keep(at, &cell, &heard);
        self.take(feed.key, field, heard, &feed.header);
    }

    /// Returns the field a cell is read as, of a range the lower end; none for the record's number.
    fn field_of(&self, key: FieldKey) -> Option<&'static Field> {
        match key {
            FieldKey::Own(field) | FieldKey::Inner(_, field) => Some(field),
            FieldKey::Range(low, _) => self.mapper.kind.field(low),
            FieldKey::Number => None,
        }
    }

    /// Returns the cell of a field, several joined as their field wants it.
    fn gather(&self, feed: &Feed<'_>) -> Cow<'m, RawCell> {
        if let [column] = feed.columns.as_slice() {
            return Cow::Borrowed(self.row.cell(*column));
        }
        let cells = feed.columns.iter().map(|column| self.row.cell(*column));
        let texts = cells.filter(|cell| !cell.is_blank()).map(|cell| cell.display().trim().to_string());
        let mut texts: Vec<String> = texts.filter(|text| !self.mapper.is_blank(text)).collect();
        let key = feed.key.name();
        let han = |text: &String| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let joint = match (feed.join, key.as_str()) {
            (Some(joint), _) => joint,
            (None, "contact_name" | "contacts.name") if texts.iter().any(han) => {
                texts.reverse();
                ""
            }
            _ => " ",
        };
        if key == "region" && texts.len() > 1 {
            texts.retain(|text| !matches!(text.as_str(), "中国" | "China" | "CN" | "PRC"));
        }
        Cow::Owned(RawCell::text(&texts.join(joint)))
    }

    /// Reads a cell that stands in no column: a constant or a template.
    fn read(&mut self, key: FieldKey, cell: &RawCell, style: Style<'_>, header: &str) {
        match self.field_of(key) {
            Some(field) => self.take(key, field, self.mapper.hear(key, field, cell, style, header), header),
            None => self.number(cell, style, header),
        }
    }

    /// Takes what a cell says, and what there is to tell of it.
    fn take(&mut self, key: FieldKey, field: &'static Field, heard: Heard<'_>, header: &str) {
        self.mapped.problems.extend(heard.doubt);
        self.mapped.new_keys.extend(heard.new_keys);
        match heard.said {
            Ok(said) => self.put(key, field, (said, heard.note), &heard.cell, header),
            Err(problem) => self.refuse(key, field, &heard.cell, problem),
        }
    }

    fn put(
        &mut self,
        key: FieldKey,
        field: &'static Field,
        (said, note): (Said, Option<Value>),
        cell: &RawCell,
        header: &str,
    ) {
        match said {
            Said::Blank => {}
            Said::Value(value) => {
                self.note(field, note);
                self.store(key, field, value);
            }
            Said::Ends(least, most) => self.ends(key, least, most),
            Said::Phones(phones) => self.phones(key, field, phones),
            Said::Stray(stray) => self.strays.push(Strayed { key, field, stray, header: header.to_string() }),
            Said::Worded(value, wording) => {
                self.store(key, field, value);
                self.custom(header, Value::text(wording));
            }
            Said::Other(other, value, wording) => {
                let text = cell.display().trim().to_string();
                self.inferred.push(Inferred { field: other, value, wording, text, header: header.to_string() });
            }
        }
    }

    /// Takes the ends of a range that are known.
    fn ends(&mut self, key: FieldKey, least: Option<Money>, most: Option<Money>) {
        let FieldKey::Range(low, high) = key else { return };
        for (name, end) in [(low, least), (high, most)] {
            if let (Some(field), Some(end)) = (self.mapper.kind.field(name), end) {
                self.store(FieldKey::Own(field), field, Value::Money(end));
            }
        }
    }

    /// Takes the word that a key was given by, for the note beside the field; an earlier one goes.
    fn note(&mut self, field: &'static Field, note: Option<Value>) {
        if let Some(name) = self.mapper.note_field(field) {
            self.mapped.notes.retain(|(key, _)| *key != name);
            self.mapped.notes.extend(note.map(|note| (name, note)));
        }
    }

    fn store(&mut self, key: FieldKey, field: &'static Field, value: Value) {
        let row = if matches!(key, FieldKey::Inner(..)) { &mut self.inner } else { &mut self.mapped.row };
        row.set_field(field, value);
    }

    /// Keeps a custom value; one of the same name is not lost but joined.
    fn custom(&mut self, name: &str, value: Value) {
        match self.mapped.custom.iter_mut().find(|(other, _)| other == name) {
            None => self.mapped.custom.push((name.to_string(), value)),
            Some((_, old)) if *old == value => {}
            Some((_, old)) => *old = Value::text(format!("{}; {}", plain(old), plain(&value))),
        }
    }

    /// Deals with a value that cannot be read: an error, or kept beside the fields where the mapping says so.
    fn refuse(&mut self, key: FieldKey, field: &'static Field, cell: &RawCell, mut problem: Problem) {
        if let FieldKey::Inner(table, _) = key {
            problem.field = Some(format!("{table}.0.{}", field.key));
        }
        if self.mapper.mapping.on_invalid == OnInvalid::Keep && field.need != Need::Required {
            self.mapped.kept.push(problem.clone());
            problem.severity = Severity::Warning;
            let name = field.key;
            problem.mend = Some(words!("kept as custom field `{name}`", "已保留为自定义字段 `{name}`"));
            self.custom(name, Value::text(cell.display().trim()));
        }
        if field.ty == FieldType::Phone && problem.severity == Severity::Error {
            self.bad_phones.push((key, field, cell.display().trim().to_string(), self.mapped.problems.len()));
        }
        self.mapped.problems.push(problem);
    }

    /// Takes the record's number when it could be one of ours, else keeps it beside the fields.
    fn number(&mut self, cell: &RawCell, style: Style<'_>, header: &str) {
        let (cell, doubt) = self.mapper.prepare(FieldKey::Number, cell, style, header);
        self.mapped.problems.extend(doubt);
        let text = cell.display();
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let is_ours = Number::parse(text)
            .is_some_and(|number| self.mapper.kind.numbering != Numbering::Sequence || number.parts().is_some());
        if is_ours {
            self.mapped.number = Some(text.to_string());
            self.mapped.number_header = header.to_string();
        } else if self.mapper.kind.numbering == Numbering::Sequence {
            self.custom(header, Value::text(text));
        } else {
            let shown = shorten(text);
            let message = words!(
                "`{shown}` cannot be a number: letters, digits, `-`, `_` and `.` only",
                "“{shown}”不能作为编号：只允许字母、数字、`-`、`_`、`.`"
            );
            self.mapped.problems.push(Problem::error("number-format", "number", message));
        }
    }

    fn current(&self, place: FieldKey, field: &Field) -> Option<&Value> {
        let row = if matches!(place, FieldKey::Inner(..)) { &self.inner } else { &self.mapped.row };
        row.get(field.key)
    }

    /// Keeps the columns that are kept as they are.
    pub fn keep(&mut self) {
        let mapper = self.mapper;
        for (column, name) in &mapper.kept {
            let cell = self.row.cell(*column);
            if !cell.is_blank() && !mapper.is_blank(&cell.display()) {
                self.custom(name, custom_value(cell));
            }
        }
    }

    /// Takes what columns say about fields other than their own where nothing else does; no wording is lost.
    pub fn infer(&mut self) {
        for one in std::mem::take(&mut self.inferred) {
            let Some(field) = self.mapper.kind.field(one.field) else { continue };
            let kept = match self.current(FieldKey::Own(field), field) {
                None => {
                    self.store(FieldKey::Own(field), field, one.value);
                    one.wording
                }
                Some(value) if *value == one.value => one.wording,
                Some(_) => Some(one.text),
            };
            if let Some(text) = kept {
                self.custom(&one.header, Value::text(text));
            }
        }
    }
}

/// Returns a custom value as text, to be joined.
fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Date(day) => day.to_string(),
        other => format!("{other:?}"),
    }
}

fn custom_value(cell: &RawCell) -> Value {
    match cell {
        RawCell::Bool(flag) => Value::Flag(*flag),
        RawCell::Date(day) => Value::Date(*day),
        RawCell::Number(text) => text.parse().map_or_else(|_| Value::text(&**text), Value::Integer),
        other => Value::text(other.display().trim()),
    }
}
