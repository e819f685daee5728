//! What values are, so that two spellings of one value are told to be the same.

use super::tree::{Body, Id, Item};
use crate::record::{Field, FieldType, Value, find_field};
use crate::store::codec::{CUSTOM, read_custom, read_declared};
use chrono::Utc;
use std::collections::BTreeMap;
use toml::de::DeValue;

/// What is declared of a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// A table of these fields.
    Fields(&'static [Field]),
    /// A list of tables of these fields.
    Rows(&'static [Field]),
    /// A value of this type.
    One(FieldType),
    /// Nothing.
    Free,
}

/// What marks an empty list among facts; no key is called so, since facts of a list count from 0.
const LIST: &str = "[]";
/// What marks an empty table.
const TABLE: &str = "{}";

/// The single values inside something by their place, as [`canonical`] writes them.
pub(super) type Facts = BTreeMap<Vec<String>, String>;

impl Shape {
    /// Returns the shape of what is at a key.
    pub fn at(self, path: &[String]) -> Shape {
        path.iter().fold(self, |shape, key| match shape {
            Shape::Fields(fields) => match find_field(fields, key).map(|field| field.ty) {
                Some(FieldType::Table(inner)) => Shape::Rows(inner),
                Some(ty) => Shape::One(ty),
                None => Shape::Free,
            },
            _ => Shape::Free,
        })
    }

    /// Returns the shape of an item among siblings of which this is the shape.
    pub fn of(self, id: &Id) -> Shape {
        match (self, id) {
            (_, Id::Element(path, _)) if !path.is_empty() => self.at(path).element(),
            (_, Id::Element(..)) => self.element(),
            _ => self.at(id.path()),
        }
    }

    /// Returns the shape of an element of a list of this shape.
    pub fn element(self) -> Shape {
        match self {
            Shape::Rows(fields) => Shape::Fields(fields),
            Shape::One(FieldType::Keys(_) | FieldType::Texts) => Shape::One(FieldType::Text),
            _ => Shape::Free,
        }
    }

    /// Tells whether it is a declared list of texts, which is a set: absent means empty.
    pub fn is_set(self) -> bool {
        matches!(self, Shape::One(FieldType::Keys(_) | FieldType::Texts))
    }

    /// Returns by which keys a table of this shape is known to be the same as another; none: by all it holds.
    pub fn identity(self) -> Vec<&'static str> {
        match self {
            Shape::Fields(fields) => fields.iter().filter(|field| field.identity).map(|field| field.key).collect(),
            _ => vec!["key"],
        }
    }

    /// Returns by which keys a table is called among its like.
    fn called_by(self) -> Vec<&'static str> {
        let identity = self.identity();
        match self {
            Shape::Fields(fields) if identity.is_empty() => fields.iter().map(|field| field.key).take(2).collect(),
            _ => identity,
        }
    }

    /// Tells whether a value at this key tells one table from another, whatever it is called: a phone number.
    pub fn tells(self, key: &str) -> bool {
        matches!(self, Shape::Fields(fields) if find_field(fields, key).is_some_and(|field| field.sensitive))
    }

    /// Returns where an item that is new goes among others that are: lines first, in the declared order.
    pub fn rank(self, id: &Id) -> (bool, usize, Id) {
        let first = id.path().first().map(String::as_str).unwrap_or_default();
        let place = match self {
            Shape::Fields(fields) => fields.iter().position(|field| field.key == first),
            _ => None,
        };
        let place = if first == CUSTOM && id.is_section() { Some(0) } else { place.map(|place| place + 1) };
        (id.is_section(), place.unwrap_or(usize::MAX), id.clone())
    }
}

/// Returns a single value so that equal values are equal texts, however they are written.
pub(super) fn canonical(shape: Shape, text: &str) -> String {
    let Ok(value) = DeValue::parse(text) else { return text.to_string() };
    let read = match shape {
        Shape::One(ty) => read_declared(ty, value.get_ref()),
        _ => None,
    };
    match read.or_else(|| read_custom(value.get_ref())) {
        Some(Value::Text(text)) => format!("\"{text}"),
        Some(Value::Integer(n)) => n.to_string(),
        Some(Value::Flag(yes)) => yes.to_string(),
        Some(Value::Money(money)) => format!("{}.", money.0.normalize()),
        Some(Value::Date(day)) => day.to_string(),
        Some(Value::Moment(at)) => at.with_timezone(&Utc).to_rfc3339(),
        _ => text.to_string(),
    }
}

/// Returns a canonical value as people read it.
pub(super) fn plain(canonical: &str) -> &str {
    canonical.strip_prefix('"').or_else(|| canonical.strip_suffix('.')).unwrap_or(canonical)
}

/// Returns the single values inside something.
pub(super) fn facts(shape: Shape, body: &Body) -> Facts {
    let mut found = Facts::new();
    gather(shape, body, &mut Vec::new(), &mut found);
    found
}

fn gather(shape: Shape, body: &Body, path: &mut Vec<String>, found: &mut Facts) {
    let mark = |mark: &str, path: &mut Vec<String>, found: &mut Facts| {
        path.push(mark.to_string());
        found.insert(path.clone(), String::new());
        path.pop();
    };
    match body {
        Body::Scalar(text) => _ = found.insert(path.clone(), canonical(shape, text)),
        Body::List(seq) => {
            mark(LIST, path, found);
            gather_items(shape, &seq.items, path, found);
        }
        Body::Inline(seq) => {
            mark(TABLE, path, found);
            gather_items(shape, &seq.items, path, found);
        }
        Body::Section(items) => {
            mark(TABLE, path, found);
            gather_items(shape, items, path, found);
        }
    }
}

/// Adds the single values of siblings; those of elements by their place among the elements of their array.
pub(super) fn gather_items(shape: Shape, items: &[Item], path: &mut Vec<String>, found: &mut Facts) {
    let mut counts: BTreeMap<&[String], usize> = BTreeMap::new();
    for item in items {
        let depth = path.len();
        for (at, key) in item.id.path().iter().enumerate() {
            path.push(key.clone());
            // Tables that are there only because something is in them count as well.
            let mark = if at + 1 < item.id.path().len() { TABLE } else { LIST };
            if mark == TABLE || matches!(item.id, Id::Element(..)) {
                path.push(mark.to_string());
                found.insert(path.clone(), String::new());
                path.pop();
            }
        }
        if let Id::Element(array, _) = &item.id {
            let count = counts.entry(array).or_default();
            path.push(count.to_string());
            *count += 1;
        }
        gather(shape.of(&item.id), &item.body, path, found);
        path.truncate(depth);
    }
}

/// Returns what a table is called among its like, such as the name of a contact; nothing when it has no such key.
pub(super) fn called(shape: Shape, facts: &Facts) -> Option<String> {
    let value = |key: &&str| facts.get([key.to_string()].as_slice()).map(|value| plain(value).to_string());
    let parts: Vec<String> = shape.called_by().iter().filter_map(value).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
