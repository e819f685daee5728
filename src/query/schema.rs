//! What the filter language is generic over: the names and types of fields, and the values of a row.

use crate::record::dictionary::Entries;
use crate::record::{Row, Value, Words};
use chrono::{DateTime, FixedOffset, NaiveDate};
use chrono_tz::Tz;
use rust_decimal::Decimal;

/// What a field holds, as far as comparing it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text, compared without case and width, numbers in it by their value.
    Text,
    /// A telephone number, compared as it is stored.
    Phone,
    /// The login of a user; `me` names the one who asks.
    User,
    /// The number of a lead or customer, which may be named as people call it.
    Subject,
    /// A key of the named dictionary.
    Key(&'static str),
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// An amount.
    Money,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// A moment.
    Moment,
    /// A custom field: whatever stands in the file, compared by what it is.
    Custom,
    /// Tables, which can only be there or missing.
    Table,
}

/// A field that a name was found to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRef {
    /// Its canonical name, by which [`Values`] are asked: `owner`, `contacts.name`, `custom.hobby`.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// What it holds.
    pub ty: Type,
    /// Whether it holds several values.
    pub list: bool,
}

/// The fields that filters over some kind of row may name.
pub trait Schema {
    /// Returns the field with this key, label or alias.
    fn find(&self, name: &str) -> Option<FieldRef>;

    /// Returns the names worth suggesting for a misspelt one.
    fn names(&self) -> Vec<String>;

    /// Returns the entries of a dictionary; nothing where it is not known, and then any key is taken as it stands.
    fn keys(&self, dictionary: &str) -> Option<&Entries>;

    /// Tells whether a field of this dictionary may hold other keys than the declared ones, as tags may.
    fn is_open(&self, dictionary: &str) -> bool {
        dictionary == "tag"
    }

    /// Returns the zone days begin in.
    fn zone(&self) -> Tz;

    /// Returns the ISO code of the country telephone numbers without `+` belong to.
    fn country(&self) -> &str;
}

/// One value, as it is compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Datum<'a> {
    /// Text or a key.
    Text(&'a str),
    /// A count, a decimal or an amount.
    Number(Decimal),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Moment(DateTime<FixedOffset>),
    /// A row of a table.
    Table,
}

/// Whom a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// The user of this login.
    One(String),
    /// Any of several, each as a person would tell it from the others.
    Several(Vec<String>),
    /// Nobody; the user most like it, if any is.
    Nobody(Option<String>),
    /// It cannot be told: there are no users. The text is taken for a login.
    Untold,
}

/// The records that filters may name as people call them: users by login, name or address, leads and customers
/// by company, telephone number or address.
pub trait Names {
    /// Returns whom `text` names.
    fn find(&self, text: &str) -> Person;

    /// Returns the logins of those whose names contain `part`.
    fn containing(&self, part: &str) -> Vec<String>;

    /// Returns the numbers of all leads and customers that `text` names.
    fn subjects(&self, text: &str) -> Vec<String>;

    /// Returns the numbers of those whose name contains `part`.
    fn subjects_containing(&self, part: &str) -> Vec<String>;
}

/// A row that filters are asked about.
pub trait Values {
    /// Shows the values of the field called `key` to `see`, until it says yes; a missing field has none.
    ///
    /// Returns whether it said yes.
    fn any(&self, key: &str, see: &mut dyn FnMut(Datum<'_>) -> bool) -> bool;
}

/// Shows a stored value, each item of a list by itself; what is not of its field's type counts as missing.
pub fn visit_value(value: &Value, see: &mut dyn FnMut(Datum<'_>) -> bool) -> bool {
    match value {
        Value::Text(text) => see(Datum::Text(text)),
        Value::Integer(n) => see(Datum::Number(Decimal::from(*n))),
        Value::Flag(flag) => see(Datum::Flag(*flag)),
        Value::Money(money) => see(Datum::Number(money.0)),
        Value::Date(date) => see(Datum::Date(*date)),
        Value::Moment(moment) => see(Datum::Moment(*moment)),
        Value::Texts(texts) => texts.iter().any(|text| see(Datum::Text(text))),
        Value::Rows(rows) => rows.iter().any(|_| see(Datum::Table)),
        Value::Odd(_) => false,
    }
}

/// Stored fields by key, those of tables as `contacts.name`, custom ones as `custom.NAME`.
impl Values for Row {
    fn any(&self, key: &str, see: &mut dyn FnMut(Datum<'_>) -> bool) -> bool {
        let value = match key.split_once('.') {
            None => self.get(key),
            Some(("custom", name)) => self.get_custom(name),
            Some((table, name)) => return self.rows(table).iter().any(|row| row.any(name, see)),
        };
        value.is_some_and(|value| visit_value(value, see))
    }
}
