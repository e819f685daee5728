//! What templates are filled in with: things with named fields, amounts, days, lists.

use crate::record::dictionary::fold_name;
use crate::record::{Lang, Money};
use chrono::{Datelike, NaiveDate};
use minijinja::value::{Object, ObjectRepr};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// One value a template may name.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// Nothing is known: printed as nothing, and told.
    Blank,
    /// Text.
    Text(String),
    /// A count.
    Integer(i64),
    /// An amount: printed with thousands marks and two decimals.
    Money(Money),
    /// A day: printed as `2026-05-01`, by `date` as people of the language write it.
    Day(NaiveDate),
    /// Several, for loops.
    List(Vec<Datum>),
    /// What has fields of its own.
    Thing(Thing),
}

/// What has named fields: a record, a row of one, all that a template sees.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thing {
    /// The fields in order: every name each goes by, the key first, and its value.
    fields: Vec<(Vec<String>, Datum)>,
}

impl Thing {
    /// Adds a field that goes by these names; the first is its key.
    pub fn push<'n>(&mut self, names: impl IntoIterator<Item = &'n str>, value: Datum) {
        self.fields.push((names.into_iter().map(String::from).collect(), value));
    }

    /// Returns the key and the value of the field of this name; an earlier field comes first.
    fn find(&self, name: &str) -> Option<(&str, &Datum)> {
        let is_key = |(names, _): &&(Vec<String>, Datum)| names.first().is_some_and(|key| key == name);
        let wanted = fold_name(name);
        let is_name = |(names, _): &&(Vec<String>, Datum)| names.iter().any(|one| fold_name(one) == wanted);
        let found = self.fields.iter().find(is_key).or_else(|| self.fields.iter().find(is_name));
        found.and_then(|(names, value)| Some((names.first()?.as_str(), value)))
    }

    /// Returns up to three names most like one that does not exist, in its language: keys, or what people say for them.
    fn nearest(&self, name: &str) -> Vec<String> {
        let wanted = fold_name(name);
        let spellings = self.fields.iter().flat_map(|(names, _)| names.iter().map(move |one| (one, &names[0])));
        let mut alike: Vec<(f64, &String)> = spellings
            .map(|(one, key)| (strsim::jaro_winkler(&fold_name(one), &wanted), if one.is_ascii() { key } else { one }))
            .filter(|(likeness, _)| *likeness > 0.7)
            .collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let best = alike.first().map_or(0.0, |(likeness, _)| *likeness);
        let mut near: Vec<String> = Vec::new();
        for (_, known) in alike.into_iter().filter(|(likeness, _)| *likeness > best - 0.1) {
            if !near.contains(known) && near.len() < 3 {
                near.push(known.clone());
            }
        }
        near
    }
}

/// A name that was looked for and is none, with those like it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Miss {
    pub path: String,
    pub near: Vec<String>,
}

/// What is noted while a template is filled in: the last name that missed.
pub(super) type Missed = Arc<Mutex<Option<Miss>>>;

/// A thing as the engine sees it.
#[derive(Debug)]
pub(super) struct Scope {
    thing: Thing,
    /// How a template names it, with the point after it; empty for the outermost.
    path: String,
    missed: Missed,
}

impl Scope {
    pub fn new(thing: Thing, missed: Missed) -> Scope {
        Scope { thing, path: String::new(), missed }
    }
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        let name = key.as_str()?;
        if let Some((key, datum)) = self.thing.find(name) {
            return Some(value_of(datum, &format!("{}{key}", self.path), &self.missed));
        }
        let near = self.thing.nearest(name).into_iter().map(|near| format!("{}{near}", self.path)).collect();
        let miss = Miss { path: format!("{}{name}", self.path), near };
        *self.missed.lock().unwrap_or_else(PoisonError::into_inner) = Some(miss);
        None
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A thing has no text of its own: who prints one forgot the field, which the formatter says.
        Ok(())
    }
}

/// Nothing known, under the name it was asked by.
#[derive(Debug)]
pub(super) struct Blank(pub String);

/// An amount.
#[derive(Debug)]
pub(super) struct Amount(pub Money);

/// A day.
#[derive(Debug)]
pub(super) struct Day(pub NaiveDate);

impl Object for Blank {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl Object for Amount {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.0 != Money::default()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::sheet::Cell::Money(self.0).display(Lang::En))
    }
}

impl Object for Day {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

fn value_of(datum: &Datum, path: &str, missed: &Missed) -> minijinja::Value {
    use minijinja::Value;
    match datum {
        Datum::Blank => Value::from_object(Blank(path.to_string())),
        Datum::Text(text) => Value::from(text.as_str()),
        Datum::Integer(count) => Value::from(*count),
        Datum::Money(amount) => Value::from_object(Amount(*amount)),
        Datum::Day(day) => Value::from_object(Day(*day)),
        Datum::List(list) => Value::from(list.iter().map(|one| value_of(one, path, missed)).collect::<Vec<_>>()),
        Datum::Thing(thing) => {
            let (thing, path, missed) = (thing.clone(), format!("{path}."), missed.clone());
            Value::from_object(Scope { thing, path, missed })
        }
    }
}

/// Returns a day as people write it: `2026年5月1日`, `1 May 2026`.
pub(super) fn written_day(day: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => day.format("%-d %B %Y").to_string(),
    }
}
