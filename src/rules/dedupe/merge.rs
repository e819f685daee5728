//! Records of one company made one (合并): what the survivor has of the others. DOMAIN: duplicates.
//!
//! The survivor's values stand, what it lacks is filled from the others in their order, lists and tables are united. Of
//! a contact of one name each field is treated so; a telephone number beside another is a further one. A remark comes
//! on a line of its own. The day it was first heard of is the earliest. What is taken from another by name stands
//! instead, and what the survivor had there gives way.
//!
//! Fields that go together stay together: what follows a field ([`followers`](crate::record::followers)), or divides it more finely, is of the record whose
//! value of that field stands; a budget is never made of two.
//!
//! *Invariants:* every value of every record is in the result or among what gave way. Merging is a function of the
//! records alone.
//!
//! *Absent on purpose:* which is further: level, type and status are the survivor's, for nobody can tell which is right. Files,
//! references, and what must not be merged.

use crate::record::{
    DISTINCT_FROM, Field, FieldType, LEAD, MERGED_FROM, Number, Record, Row, Value, find_field, join_name, table_fields,
};
use std::collections::HashSet;

/// The day a lead or customer was first heard of; whoever comes again was heard of before.
pub const FIRST_HEARD: &str = "acquired_on";

/// Fields, and what divides or explains each, which means nothing beside another value.
const CLOSER: [(&str, &str); 2] = [("industry", "industry_note"), ("source", "source_note")];

/// Fields that are one thing in two.
const PAIR: [&str; 2] = ["budget_min", "budget_max"];

/// A value that is to stand instead of the survivor's.
#[derive(Debug, Clone, PartialEq)]
pub struct Take {
    /// The record it is of.
    pub from: Number,
    /// Which it is.
    pub what: What,
}

/// A place in a record.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A field.
    Field(&'static Field),
    /// A field without declaration.
    Custom(String),
    /// A field of the contact of this name.
    Contact(String, &'static Field),
}

impl What {
    /// Returns it as [`join_name`] writes it.
    pub fn path(&self) -> String {
        match self {
            What::Field(field) => field.key.to_string(),
            What::Custom(name) => join_name(["custom", name]),
            What::Contact(name, field) => join_name(["contacts", name, field.key]),
        }
    }
}

/// A value that gave way to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// The record it was in.
    pub number: Number,
    /// Where, as [`join_name`] writes it: `region`, `contacts.李女士.email`.
    pub path: String,
    /// The same without what people are called: `contacts.email`.
    pub place: String,
    /// The field; none for one without declaration.
    pub field: Option<&'static Field>,
    /// What it was.
    pub value: Value,
    /// What stands there; none where it would not have gone with what does.
    pub kept: Option<Value>,
}

/// What records come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The survivor, as it is then.
    pub record: Record,
    /// What gave way, in order of the records.
    pub lost: Vec<Lost>,
}

/// Makes one record of a survivor and others of its kind; of what is taken each must be there.
pub fn merge(survivor: &Record, others: &[Record], takes: &[Take]) -> Merged {
    let mut record = survivor.clone();
    let mut lost = Vec::new();
    for Take { from, what } in takes {
        if let Some(from) = others.iter().find(|other| other.number == *from) {
            let mut joining = Joining { number: &survivor.number, survivor: &survivor.number, lost: &mut lost };
            joining.take(&mut record.row, &from.row, what);
        }
    }
    for other in others {
        let mut joining = Joining { number: &other.number, survivor: &survivor.number, lost: &mut lost };
        joining.join_row(&mut record.row, &other.row, &[]);
    }
    let is_owned_now = survivor.text("owner").is_none() && record.text("owner").is_some();
    if record.kind == LEAD && is_owned_now && record.text("status") == Some("new") {
        record.set("status", Value::text("assigned"));
    }
    note(&mut record, others);
    Merged { record, lost }
}

/// Notes which records went, and that what one of them differs from it differs from.
fn note(record: &mut Record, others: &[Record]) {
    let numbers: Vec<Box<str>> = others.iter().map(|other| other.number.as_str().into()).collect();
    let earlier = |key: &str| others.iter().flat_map(|other| other.texts(key)).cloned().collect::<Vec<_>>();
    let merged = united(&united(record.texts(MERGED_FROM), &earlier(MERGED_FROM)), &numbers);
    record.set(MERGED_FROM, Value::Texts(merged));
    let mut distinct = united(record.texts(DISTINCT_FROM), &earlier(DISTINCT_FROM));
    distinct.retain(|number| !numbers.contains(number) && **number != *record.number.as_str());
    match distinct.is_empty() {
        true => drop(record.remove(DISTINCT_FROM)),
        false => drop(record.set(DISTINCT_FROM, Value::Texts(distinct))),
    }
}

/// Tells whether a record has something at a place.
pub fn has(record: &Record, what: &What) -> bool {
    match what {
        What::Field(field) => record.get(field.key).is_some_and(is_filled),
        What::Custom(name) => record.get_custom(name).is_some(),
        What::Contact(name, field) => {
            let rows = record.rows("contacts");
            called(rows, name).is_some_and(|at| rows[at].get(field.key).is_some())
        }
    }
}

/// Returns the texts of a list and those of another that it lacks.
pub fn united(old: &[Box<str>], new: &[Box<str>]) -> Vec<Box<str>> {
    let mut all = old.to_vec();
    for text in new {
        if !all.contains(text) {
            all.push(text.clone());
        }
    }
    all
}

/// Adds a remark on a line of its own unless it is there.
pub fn with_line(old: &str, new: &str) -> String {
    let is_there = format!("\n{old}\n").contains(&format!("\n{new}\n"));
    if is_there { old.to_string() } else { format!("{old}\n{new}") }
}

/// One record on the way into the survivor.
struct Joining<'a> {
    /// Whose values give way.
    number: &'a Number,
    /// Into what it goes.
    survivor: &'a Number,
    lost: &'a mut Vec<Lost>,
}

impl Joining<'_> {
    /// Joins a record's row, or that of a contact, to another.
    fn join_row(&mut self, row: &mut Row, other: &Row, path: &[String]) {
        let free = row.fields().iter().filter(|field| !field.own && !is_led(field));
        free.for_each(|field| self.join_field(row, other, field, path));
        for (name, new) in other.custom() {
            match row.get_custom(name).cloned() {
                None => row.set_custom(name, new.clone()),
                Some(old) if old != *new => {
                    self.lose(None, &[path, &["custom".into(), name.to_string()]].concat(), new, Some(old))
                }
                Some(_) => {}
            }
        }
        tidy(row);
    }

    fn join_field(&mut self, row: &mut Row, other: &Row, field: &'static Field, path: &[String]) {
        let filled = |row: &Row| row.get(field.key).filter(|value| is_filled(value)).cloned();
        match (filled(row), filled(other)) {
            (None, Some(new)) if may_fill(row, other, field, &new) => {
                row.set_field(field, new);
                self.bring(row, other, field, path);
            }
            (old, new) if old == new => {
                led_by(row.fields(), field.key).for_each(|led| self.join_field(row, other, led, path))
            }
            (Some(old), Some(new)) => {
                self.settle(row, field, (old, new), path);
                self.lose_led(row, other, field, path);
            }
            (old, new) => {
                new.into_iter().for_each(|new| self.lose(Some(field), &below(path, field), &new, old.clone()));
                self.lose_led(row, other, field, path);
            }
        }
    }

    /// Lets two values of a field be one.
    fn settle(&mut self, row: &mut Row, field: &'static Field, (old, new): (Value, Value), path: &[String]) {
        let joined = match (old, new) {
            (Value::Texts(old), Value::Texts(new)) => Value::Texts(united(&old, &new)),
            (Value::Rows(old), Value::Rows(new)) => Value::Rows(self.join_tables(field, old, &new, path)),
            (Value::Text(old), Value::Text(new)) if field.key == "remark" => Value::text(with_line(&old, &new)),
            (Value::Date(old), Value::Date(new)) if field.key == FIRST_HEARD => Value::Date(old.min(new)),
            (_, Value::Text(new)) if takes_further(row, field) => return add_phone(row, &new),
            (old, new) => return self.lose(Some(field), &below(path, field), &new, Some(old)),
        };
        row.set_field(field, joined);
    }

    /// Joins tables: of namesakes the first is the first of the other, the second the second.
    fn join_tables(&mut self, field: &'static Field, old: Vec<Row>, new: &[Row], path: &[String]) -> Vec<Row> {
        let identity =
            table_fields(field).unwrap_or_default().iter().find(|field| field.identity).map(|field| field.key);
        let (known, mut met) = (old.len(), HashSet::new());
        let mut all = old;
        for row in new {
            let name = identity.and_then(|key| row.text(key)).map(str::trim).filter(|name| !name.is_empty());
            let is_same = |one: &Row| match (name, identity) {
                (Some(name), Some(key)) => one.text(key).map(str::trim) == Some(name),
                _ => one == row,
            };
            match (0..known).find(|at| !met.contains(at) && is_same(&all[*at])) {
                None if all.contains(row) && name.is_none() => {}
                None => all.push(row.clone()),
                Some(at) => {
                    met.insert(at);
                    let before = all[..at].iter().filter(|one| is_same(one)).count();
                    let name = name.unwrap_or_default();
                    let name = if before == 0 { name.to_string() } else { format!("{name}#{}", before + 1) };
                    self.join_row(&mut all[at], row, &[below(path, field), vec![name]].concat());
                }
            }
        }
        all
    }

    /// Takes what is led by a field over with it: what follows it as a whole, what is closer where there is none.
    fn bring(&mut self, row: &mut Row, other: &Row, field: &Field, path: &[String]) {
        for led in led_by(row.fields(), field.key) {
            if led.follows.is_none() {
                self.join_field(row, other, led, path);
                continue;
            }
            // Here it is the survivor's that gives way.
            let mut own = Joining { number: self.survivor, survivor: self.survivor, lost: &mut *self.lost };
            own.take_field(row, other, led, path);
        }
    }

    /// Lets what is led by a field of the other give way with it.
    fn lose_led(&mut self, row: &Row, other: &Row, field: &Field, path: &[String]) {
        for led in led_by(row.fields(), field.key) {
            let value = other.get(led.key).filter(|value| row.get(led.key) != Some(value));
            value
                .into_iter()
                .for_each(|value| self.lose(Some(led), &below(path, led), value, row.get(led.key).cloned()));
            self.lose_led(row, other, led, path);
        }
    }

    fn lose(&mut self, field: Option<&'static Field>, path: &[String], value: &Value, kept: Option<Value>) {
        // Every second part is what a contact is called.
        let is_row = path.len() > 2 && path[0] != "custom";
        let place = path.iter().enumerate().filter(|(at, _)| !(is_row && *at == 1)).map(|(_, part)| &**part);
        self.lost.push(Lost {
            number: self.number.clone(),
            path: join_name(path.iter().map(String::as_str)),
            place: join_name(place),
            field,
            value: value.clone(),
            kept,
        });
    }

    /// Puts what another has in the survivor's place, and lets what was there give way.
    fn take(&mut self, row: &mut Row, from: &Row, what: &What) {
        match what {
            What::Field(field) => self.take_field(row, from, field, &[]),
            What::Custom(name) => {
                let Some(new) = from.get_custom(name) else { return };
                let old = row.get_custom(name).cloned().filter(|old| old != new);
                row.set_custom(name, new.clone());
                old.into_iter()
                    .for_each(|old| self.lose(None, &["custom".into(), name.clone()], &old, Some(new.clone())));
            }
            What::Contact(name, field) => {
                let mut rows = row.rows("contacts").to_vec();
                let places = called(&rows, name).zip(called(from.rows("contacts"), name));
                let Some((at, theirs)) = places else { return };
                let path = ["contacts".to_string(), name.clone()];
                self.take_field(&mut rows[at], &from.rows("contacts")[theirs], field, &path);
                row.set("contacts", Value::Rows(rows));
            }
        }
    }

    fn take_field(&mut self, row: &mut Row, from: &Row, field: &'static Field, path: &[String]) {
        let old = row.remove(field.key);
        let new = from.get(field.key).cloned();
        new.iter().for_each(|new| drop(row.set_field(field, new.clone())));
        match old.filter(|old| Some(old) != new.as_ref()) {
            Some(Value::Text(phone)) if takes_further(row, field) => add_phone(row, &phone),
            Some(old) => self.lose(Some(field), &below(path, field), &old, new),
            None => {}
        }
        tidy(row);
        led_by(row.fields(), field.key).for_each(|led| self.take_field(row, from, led, path));
    }
}

fn below(path: &[String], field: &Field) -> Vec<String> {
    [path, &[field.key.to_string()]].concat()
}

/// Returns the fields that mean something only beside the value of another.
fn led_by<'k>(fields: &'static [Field], key: &'k str) -> impl Iterator<Item = &'static Field> + use<'k> {
    fields.iter().filter(move |field| field.follows == Some(key) || CLOSER.contains(&(key, field.key)))
}

fn is_led(field: &Field) -> bool {
    field.follows.is_some() || CLOSER.iter().any(|(_, closer)| *closer == field.key)
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Text(text) => !text.trim().is_empty(),
        Value::Texts(texts) => !texts.is_empty(),
        Value::Rows(rows) => !rows.is_empty(),
        _ => true,
    }
}

/// Tells whether a value fills a gap: not what is not of its field's type, nor half of a pair the other half of which is there.
fn may_fill(row: &Row, other: &Row, field: &Field, new: &Value) -> bool {
    let partner = PAIR.iter().position(|key| *key == field.key).map(|at| PAIR[1 - at]);
    let agrees = partner.is_none_or(|key| row.get(key).is_none() || row.get(key) == other.get(key));
    agrees && !matches!(new, Value::Odd(_))
}

/// Tells whether a telephone number beside the one of this field is kept as a further one.
fn takes_further(row: &Row, field: &Field) -> bool {
    field.ty == FieldType::Phone && find_field(row.fields(), "other_phones").is_some()
}

fn add_phone(row: &mut Row, phone: &str) {
    let all = united(row.texts("other_phones"), &[phone.into()]);
    row.set("other_phones", Value::Texts(all));
}

/// Takes the telephone number out of the further ones.
fn tidy(row: &mut Row) {
    let own = row.iter().find(|(field, _)| takes_further(row, field)).map(|(_, value)| value.clone());
    let Some(Value::Text(phone)) = own else { return };
    let further: Vec<Box<str>> = row.texts("other_phones").iter().filter(|one| **one != phone).cloned().collect();
    if further.is_empty() && row.get("other_phones").is_some() {
        row.remove("other_phones");
    } else if further.len() < row.texts("other_phones").len() {
        row.set("other_phones", Value::Texts(further));
    }
}

/// Returns the place of the contact of a name; of namesakes the second is `NAME#2`.
fn called(rows: &[Row], name: &str) -> Option<usize> {
    let is_called = |at: &usize, name: &str| rows[*at].text("name").map(str::trim) == Some(name);
    let exact = (0..rows.len()).find(|at| is_called(at, name));
    exact.or_else(|| {
        let (name, nth) = name.rsplit_once('#')?;
        (0..rows.len()).filter(|at| is_called(at, name)).nth(nth.parse::<usize>().ok()?.checked_sub(1)?)
    })
}

#[cfg(test)]
mod tests;
