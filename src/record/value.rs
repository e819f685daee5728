//! The values of a record's fields, and the row that holds them in declared order.

use super::field::{Field, FieldType};
use super::money::Money;
use chrono::{DateTime, FixedOffset, NaiveDate};

/// One value, of the type its field declares.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, a dictionary key, a phone, an address, a reference: whatever is stored as a string.
    Text(Box<str>),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
    /// An amount.
    Money(Money),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Moment(DateTime<FixedOffset>),
    /// Several texts or keys, in stored order.
    Texts(Vec<Box<str>>),
    /// The rows of a table field (contacts).
    Rows(Vec<Row>),
    /// What stands in the file but is not of the field's type, as TOML text. Rules take it as missing;
    /// `check` reports it; it is never rewritten unasked.
    Odd(Box<str>),
}

impl Value {
    /// Makes a text value.
    pub fn text(text: impl Into<Box<str>>) -> Value {
        Value::Text(text.into())
    }
}

/// Values of declared fields in declared order, and whatever else the file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    fields: &'static [Field],
    /// Sorted by the field's place in `fields`; no place twice.
    values: Vec<(u16, Value)>,
    /// Entries of the `[custom]` table, by name, as they stand.
    custom: Vec<(Box<str>, Value)>,
}

impl Row {
    /// Makes an empty row of these fields.
    pub fn new(fields: &'static [Field]) -> Row {
        Row { fields, values: Vec::new(), custom: Vec::new() }
    }

    /// Makes a row from values as [`placed`](Row::placed) gives them and custom fields in stored order.
    ///
    /// Returns nothing when a place is not declared or the places do not ascend.
    pub fn from_parts(
        fields: &'static [Field],
        values: Vec<(u16, Value)>,
        custom: Vec<(Box<str>, Value)>,
    ) -> Option<Row> {
        let ascend = values.is_sorted_by(|a, b| a.0 < b.0);
        let declared = values.last().is_none_or(|(at, _)| usize::from(*at) < fields.len());
        (ascend && declared).then_some(Row { fields, values, custom })
    }

    /// Returns the declared fields.
    pub fn fields(&self) -> &'static [Field] {
        self.fields
    }

    fn place(&self, key: &str) -> Option<u16> {
        self.fields.iter().position(|field| is_same(field.key, key)).map(|at| at as u16)
    }

    /// Returns the value of a declared field, nothing when it is absent.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|(at, _)| is_same(self.fields[*at as usize].key, key)).map(|(_, value)| value)
    }

    /// Sets a declared field; returns what it held before.
    ///
    /// # Panics
    /// When `key` is not declared: that is a mistake in the program, not in the data.
    pub fn set(&mut self, key: &str, value: Value) -> Option<Value> {
        let at = self.place(key).unwrap_or_else(|| panic!("field `{key}` is not declared"));
        self.set_at(at, value)
    }

    /// Sets a declared field that the caller holds, which need not be looked for.
    ///
    /// # Panics
    /// As [`set`](Row::set) does.
    pub fn set_field(&mut self, field: &Field, value: Value) -> Option<Value> {
        match self.fields.element_offset(field) {
            Some(at) => self.set_at(at as u16, value),
            None => self.set(field.key, value),
        }
    }

    /// Sets the field at a place in the declaration; returns what it held before.
    pub fn set_at(&mut self, at: u16, value: Value) -> Option<Value> {
        match self.values.binary_search_by_key(&at, |(place, _)| *place) {
            Ok(i) => Some(std::mem::replace(&mut self.values[i].1, value)),
            Err(i) => {
                self.values.insert(i, (at, value));
                None
            }
        }
    }

    /// Takes a declared field out; returns what it held.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.place(key)?;
        let i = self.values.binary_search_by_key(&at, |(place, _)| *place).ok()?;
        Some(self.values.remove(i).1)
    }

    /// Walks fields that are present, in declared order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        self.values.iter().map(|(at, value)| (&self.fields[*at as usize], value))
    }

    /// Returns the present values with their places in the declaration, for the index.
    pub fn placed(&self) -> &[(u16, Value)] {
        &self.values
    }

    /// Returns the custom fields in stored order.
    pub fn custom(&self) -> &[(Box<str>, Value)] {
        &self.custom
    }

    /// Returns a custom field.
    pub fn get_custom(&self, name: &str) -> Option<&Value> {
        self.custom.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }

    /// Sets a custom field.
    pub fn set_custom(&mut self, name: &str, value: Value) {
        match self.custom.iter_mut().find(|(key, _)| &**key == name) {
            Some((_, old)) => *old = value,
            None => self.custom.push((name.into(), value)),
        }
    }

    /// Takes a custom field out; returns what it held.
    pub fn remove_custom(&mut self, name: &str) -> Option<Value> {
        let at = self.custom.iter().position(|(key, _)| &**key == name)?;
        Some(self.custom.remove(at).1)
    }

    /// Returns a text, key or reference; nothing when absent or of another type.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns an amount.
    pub fn money(&self, key: &str) -> Option<Money> {
        match self.get(key)? {
            Value::Money(money) => Some(*money),
            _ => None,
        }
    }

    /// Returns a whole number.
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            Value::Integer(n) => Some(*n),
            _ => None,
        }
    }

    /// Returns a day.
    pub fn date(&self, key: &str) -> Option<NaiveDate> {
        match self.get(key)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// Returns a moment.
    pub fn moment(&self, key: &str) -> Option<DateTime<FixedOffset>> {
        match self.get(key)? {
            Value::Moment(moment) => Some(*moment),
            _ => None,
        }
    }

    /// Tells whether a flag is set; an absent flag is not.
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Value::Flag(true)))
    }

    /// Returns the texts of a list field, none when absent.
    pub fn texts(&self, key: &str) -> &[Box<str>] {
        match self.get(key) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// Returns the rows of a table field, none when absent.
    pub fn rows(&self, key: &str) -> &[Row] {
        match self.get(key) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }
}

/// Compares two keys; most that are as long as each other differ at an end, and need no closer look.
fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    a.len() == b.len() && a.first() == b.first() && a.last() == b.last() && a == b
}

/// Returns the fields of a table field's rows; none for other fields.
pub fn table_fields(field: &Field) -> Option<&'static [Field]> {
    match field.ty {
        FieldType::Table(fields) => Some(fields),
        _ => None,
    }
}
