//! Two records side by side, and what somebody finds of them.

use super::super::resolve::Resolver;
use super::super::{Batch, Outcome, Session};
use super::{itself, named};
use crate::record::{
    CUSTOMER, DISTINCT_FROM, Dictionary, KINDS, LEAD, Label, Number, Record, Result, Row, Value, Words, changes,
    join_name,
};
use crate::rules::convert::customer;
use crate::rules::dedupe::are_distinct;
use crate::rules::listing::{field_words, value_words, value_words_at};
use crate::rules::references::references;
use crate::sheet::{Cell, Column, Sheet, Weight};
use crate::words;

/// What somebody finds of two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// They are not the same, for this reason if one is given.
    Different(Option<String>),
    /// It is open again.
    Undecided,
}

/// Two records, to be looked at side by side.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The records.
    pub records: [Record; 2],
    /// What is compared of each: of a lead beside a customer the customer it would make.
    pub rows: [Row; 2],
    /// How many records name each.
    pub referring: [usize; 2],
    /// Whether they were found not to be the same.
    pub is_distinct: bool,
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The field, a contact by what it is called: `region`, `contacts.李女士`.
    pub path: String,
    /// What each has.
    pub values: [Option<Value>; 2],
}

/// Loads two records that are to be compared.
///
/// Fails with exit code 4 when one does not exist, 5 when both are one, 7 when one is not the acting person's to read.
pub fn pair(session: &Session, texts: [&str; 2]) -> Result<Pair> {
    let records = both(session, texts)?;
    let is_mixed = records[0].kind != records[1].kind;
    let row = |record: &Record| if is_mixed && record.kind == LEAD { customer(record) } else { record.row.clone() };
    let snapshot = session.whole(&KINDS)?;
    let all = || KINDS.iter().flat_map(|kind| snapshot.records(*kind));
    let names = |by: &Record, record: &Record| {
        references(&by.row).iter().any(|one| one.kinds.contains(&record.kind) && one.number == record.number.as_str())
    };
    let referring = records.each_ref().map(|record| all().filter(|by| names(by, record)).count());
    let is_distinct = are_distinct(&records[0], &records[1]);
    Ok(Pair { rows: records.each_ref().map(row), referring, is_distinct, records })
}

fn both(session: &Session, texts: [&str; 2]) -> Result<[Record; 2]> {
    let resolver = Resolver::new(session);
    let [a, b] = texts.map(|text| named(session, &resolver, text));
    let ((kind, a), (other, b)) = (a?, b?);
    if a == b {
        return Err(itself(&a));
    }
    Ok([session.find(kind, a.as_str())?, session.find(other, b.as_str())?])
}

impl Pair {
    /// Returns the command that makes one of them.
    pub fn command(&self) -> String {
        let [a, b] = &self.records;
        let (lead, other) = if a.kind == LEAD { (a, b) } else { (b, a) };
        match a.kind == b.kind {
            true => format!("kehu dedupe merge {} {}", a.number, b.number),
            false => format!("kehu lead convert {} --customer {}", lead.number, other.number),
        }
    }

    /// Returns what either has, field by field, in declared order; contacts by what they are called.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for field in self.rows[0].fields().iter().filter(|field| !field.own) {
            let values = self.rows.each_ref().map(|row| row.get(field.key).cloned());
            match (field.is_table(), &values) {
                (_, [None, None]) => {}
                (true, _) => lines.extend(self.table_lines(field.key)),
                (false, _) => lines.push(Line { path: field.key.to_string(), values }),
            }
        }
        let custom = self.rows.iter().flat_map(|row| row.custom()).map(|(name, _)| &**name);
        let mut custom: Vec<&str> = custom.collect();
        custom.sort_unstable();
        custom.dedup();
        lines.extend(custom.into_iter().map(|name| Line {
            path: join_name(["custom", name]),
            values: self.rows.each_ref().map(|row| row.get_custom(name).cloned()),
        }));
        lines
    }

    fn table_lines(&self, key: &str) -> Vec<Line> {
        let names = |row: &Row| row.rows(key).iter().map(name).collect::<Vec<_>>();
        let mut all: Vec<String> = names(&self.rows[0]);
        for name in names(&self.rows[1]) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        let of = |row: &Row, called: &str| {
            let rows: Vec<Row> = row.rows(key).iter().filter(|row| name(row) == called).cloned().collect();
            (!rows.is_empty()).then_some(Value::Rows(rows))
        };
        let line = |called: &String| Line {
            path: join_name([key, called]),
            values: self.rows.each_ref().map(|row| of(row, called)),
        };
        all.iter().map(line).collect()
    }
}

/// Returns what a row of a table is called: its name, else its first text or day.
fn name(row: &Row) -> String {
    let told = |value: &Value| match value {
        Value::Text(text) => Some(text.trim().to_string()),
        Value::Date(day) => Some(day.to_string()),
        _ => None,
    };
    let path = row.text("path").and_then(|path| path.rsplit('/').next()).map(str::to_string);
    row.text("name")
        .map(|name| name.trim().to_string())
        .or(path)
        .or_else(|| row.iter().find_map(|(_, value)| told(value)))
        .unwrap_or_default()
}

/// Returns the comparison: what both have alike, what differs, what one alone has.
pub fn sheet(pair: &Pair, session: &Session) -> Sheet {
    let [a, b] = pair.records.each_ref().map(|record| record.number.as_str());
    let number = |number: &str| Words::same(number);
    let columns = vec![
        Column::text("field", "Field", "字段"),
        Column::new("first", number(a), crate::sheet::ColumnType::Text).weighing(Weight::Main),
        Column::new("second", number(b), crate::sheet::ColumnType::Text).weighing(Weight::Main),
        Column::text("is", "Is", "比较"),
    ];
    let mut sheet = Sheet::new("review", Words::default(), columns);
    sheet.whole = true;
    let kind = if pair.rows[0].fields() == LEAD.fields { LEAD } else { CUSTOMER };
    for Line { path, values } in pair.lines() {
        let cell = |value: &Option<Value>| match value {
            None => Cell::Empty,
            Some(Value::Rows(rows)) => said(rows, &session.config.dictionary),
            Some(value) => {
                let words = value_words_at(kind, &path, value, &session.config.dictionary);
                Cell::Label(words.en.to_string(), words)
            }
        };
        let [first, second] = values.each_ref().map(cell);
        sheet.rows.push(vec![Cell::Label(path.clone(), field_words(kind, &path)), first, second, compared(&values)]);
    }
    let label = Label::new("Named by", "被引用次数");
    let [first, second] = pair.referring.map(Cell::count);
    sheet.rows.push(vec![Cell::Label("referring".into(), label.into()), first, second, Cell::Empty]);
    sheet
}

/// Says in a few words what is known of contacts, files, verifications.
fn said(rows: &[Row], dictionary: &Dictionary) -> Cell {
    let told = |row: &Row| {
        let known = row.iter().filter(|(field, _)| !field.identity && field.key != "sha256");
        let words: Vec<Words> = known.map(|(field, value)| value_words(Some(field), value, dictionary)).collect();
        if words.is_empty() { Words::same("–") } else { Words::join(&words, ", ", "、") }
    };
    let all: Vec<Words> = rows.iter().map(told).collect();
    let words = Words::join(&all, "; ", "；");
    Cell::Label(words.en.to_string(), words)
}

fn compared(values: &[Option<Value>; 2]) -> Cell {
    let (key, words) = match values {
        [Some(a), Some(b)] if a == b => ("same", words!("same", "相同")),
        [Some(_), Some(_)] => ("other", words!("other", "不同")),
        _ => ("one", words!("one only", "仅一方")),
    };
    Cell::Label(key.to_string(), words)
}

/// Notes in both records what somebody finds of them, in one commit.
///
/// Fails with exit code 5 when both are one or have hand edits, 7 when one is not the acting person's to write.
pub fn settle(session: &Session, texts: [&str; 2], verdict: &Verdict) -> Result<Outcome> {
    let records = both(session, texts)?;
    let mut batch = Batch::begin(session)?;
    let [a, b] = records.each_ref().map(|record| &record.number);
    for (record, other) in records.iter().zip([b, a]) {
        let (before, text) = batch.read(record.kind, &record.number)?;
        let after = noted(&before, other, verdict);
        if changes(Some(&before.row), Some(&after.row)).is_empty() {
            continue;
        }
        batch.update(&before, &text, after)?;
    }
    let what = match verdict {
        Verdict::Different(reason) => {
            let reason = reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
            reason.into_iter().for_each(|reason| batch.explain(format!("{reason}\n")));
            "not the same"
        }
        Verdict::Undecided => "undecided",
    };
    let kind = records[0].kind;
    batch.commit(&format!("{kind}: {a} and {b} {what}"), Vec::new())
}

fn noted(record: &Record, other: &Number, verdict: &Verdict) -> Record {
    let mut after = record.clone();
    let mut numbers: Vec<Box<str>> = record.texts(DISTINCT_FROM).to_vec();
    numbers.retain(|number| **number != *other.as_str());
    if matches!(verdict, Verdict::Different(_)) {
        numbers.push(other.as_str().into());
        numbers.sort();
    }
    match numbers.is_empty() {
        true => drop(after.remove(DISTINCT_FROM)),
        false => drop(after.set(DISTINCT_FROM, Value::Texts(numbers))),
    }
    after
}
