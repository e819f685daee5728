//! A change of one field, still in the words it was asked in, and its effect on a row.

use super::field::Field;
use super::input::{Reading, read_value};
use super::problem::Problem;
use super::value::{Row, Value};
use crate::words;

/// What an assignment changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A declared field, never a table.
    Field(&'static Field),
    /// An entry of the `[custom]` table.
    Custom(String),
}

/// How it changes it; values are still text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Set to this text; the values of a list field parted by list marks or line ends.
    Set(String),
    /// Add these values to a list field.
    Add(String),
    /// Take these values from a list field.
    Remove(String),
    /// Make it absent.
    Clear,
}

/// One change of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Which field.
    pub target: Target,
    /// What happens to it.
    pub change: Change,
}

impl Target {
    /// Returns the key, `custom.NAME` for a custom field.
    pub fn name(&self) -> String {
        match self {
            Target::Field(field) => field.key.to_string(),
            Target::Custom(name) => format!("custom.{name}"),
        }
    }
}

impl Assignment {
    /// Makes the assignment of a text, clearing the field when it is blank.
    pub fn set(field: &'static Field, text: impl Into<String>) -> Assignment {
        let text = text.into();
        let change = if text.trim().is_empty() { Change::Clear } else { Change::Set(text) };
        Assignment { target: Target::Field(field), change }
    }

    /// Changes `row`.
    ///
    /// Fails when the text cannot be read as the field's type, or a value to be taken from a list is not in it.
    pub fn apply(&self, row: &mut Row, reading: &Reading<'_>) -> Result<(), Problem> {
        match (&self.target, &self.change) {
            (Target::Custom(name), Change::Clear) => {
                row.remove_custom(name);
            }
            (Target::Custom(name), Change::Set(text) | Change::Add(text)) => {
                row.set_custom(name, Value::text(text.as_str()))
            }
            (Target::Custom(name), Change::Remove(_)) => {
                row.remove_custom(name);
            }
            (Target::Field(field), Change::Clear) => {
                row.remove(field.key);
            }
            (Target::Field(field), Change::Set(text)) => {
                row.set(field.key, read_value(field, text, reading)?);
            }
            (Target::Field(field), Change::Add(text)) => {
                let mut texts = row.texts(field.key).to_vec();
                for text in read_texts(field, text, reading)? {
                    if !texts.contains(&text) {
                        texts.push(text);
                    }
                }
                row.set(field.key, Value::Texts(texts));
            }
            (Target::Field(field), Change::Remove(text)) => remove_from_list(field, text, row, reading)?,
        }
        Ok(())
    }
}

fn read_texts(field: &'static Field, text: &str, reading: &Reading<'_>) -> Result<Vec<Box<str>>, Problem> {
    match read_value(field, text, reading)? {
        Value::Texts(texts) => Ok(texts),
        _ => Err(Problem::error("not-a-list", field.key, words!("`{}` is not a list", "“{}”不是列表字段"; field.key))),
    }
}

fn remove_from_list(field: &'static Field, text: &str, row: &mut Row, reading: &Reading<'_>) -> Result<(), Problem> {
    let mut texts = row.texts(field.key).to_vec();
    for text in read_texts(field, text, reading)? {
        let Some(at) = texts.iter().position(|one| *one == text) else {
            let message = words!("`{text}` is not in `{}`", "“{text}”不在“{}”中"; field.key);
            return Err(Problem::error("not-in-list", field.key, message));
        };
        texts.remove(at);
    }
    if texts.is_empty() {
        row.remove(field.key);
    } else {
        row.set(field.key, Value::Texts(texts));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::date::DateOrder;
    use crate::record::dictionary::{Dictionary, Entries, Entry};
    use crate::record::{CUSTOMER, LEAD};

    fn dictionary() -> Dictionary {
        let entry = |key: &str| Entry { key: key.into(), label: words!("{key}", "{key}"), ..Entry::default() };
        let mut dictionary = Dictionary::default();
        dictionary.entries.insert("tag".into(), Entries::new(vec![entry("a"), entry("b")]));
        dictionary
    }

    fn apply(row: &mut Row, key: &str, change: Change) -> Result<(), Problem> {
        let dictionary = dictionary();
        let reading = Reading {
            dictionary: &dictionary,
            country: "CN",
            zone: chrono_tz::Asia::Shanghai,
            order: DateOrder::Unstated,
        };
        let field = row.fields().iter().find(|field| field.key == key).unwrap();
        Assignment { target: Target::Field(field), change }.apply(row, &reading)
    }

    #[test]
    fn lists_grow_and_shrink() {
        let mut row = Row::new(LEAD.fields);
        apply(&mut row, "tags", Change::Add("a".into())).unwrap();
        apply(&mut row, "tags", Change::Add("a, b".into())).unwrap();
        assert_eq!(row.texts("tags").len(), 2);
        apply(&mut row, "tags", Change::Remove("a".into())).unwrap();
        assert_eq!(apply(&mut row, "tags", Change::Remove("a".into())).unwrap_err().code, "not-in-list");
        apply(&mut row, "tags", Change::Remove("b".into())).unwrap();
        assert!(row.get("tags").is_none(), "an empty list is absent");
    }

    #[test]
    fn values_are_read_by_type() {
        let mut row = Row::new(CUSTOMER.fields);
        apply(&mut row, "annual_revenue", Change::Set("1.2亿".into())).unwrap();
        assert_eq!(row.money("annual_revenue").unwrap().to_string(), "120000000.00");
        assert_eq!(apply(&mut row, "staff", Change::Set("many".into())).unwrap_err().code, "integer-format");
        apply(&mut row, "annual_revenue", Change::Clear).unwrap();
        assert!(row.get("annual_revenue").is_none());
    }
}
