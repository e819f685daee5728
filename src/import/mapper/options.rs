//! How rows are read, as the caller states it.

use crate::record::input::Reading;

/// What becomes of columns that name no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unknown {
    /// They are reported and left out.
    #[default]
    Report,
    /// They are kept as custom fields.
    Keep,
}

/// What becomes of values a dictionary does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NewKeys {
    /// The row has a problem.
    #[default]
    Refuse,
    /// They are collected, so that the caller can add them.
    Add,
}

/// What a text that refers to a record stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// The record with this number.
    One(String),
    /// Any of several, each as a person would tell it from the others.
    Several(Vec<String>),
    /// None there is; the one most like it, if any is.
    Nothing(Option<String>),
    /// It cannot be told: there is nothing to compare it with. The text is taken for a number.
    Untold,
}

/// Finds the record a text stands for in a field that refers to records of a kind: a user by name.
/// The kind of the subject of a follow-up is `subject`.
pub type Resolve<'a> = &'a (dyn Fn(&str, &str) -> Resolved + Sync);

/// How rows are read.
#[derive(Clone)]
pub struct MapOptions<'a> {
    /// Dictionary, country, zone and date order.
    pub reading: Reading<'a>,
    /// What becomes of columns that name no field.
    pub unknown: Unknown,
    /// What becomes of values a dictionary does not know.
    pub new_keys: NewKeys,
    /// Values stated on the command line, key and text; they win over everything.
    pub set: Vec<(String, String)>,
    /// Finds records by other names than their number.
    pub resolve: Option<Resolve<'a>>,
}

impl<'a> MapOptions<'a> {
    /// Makes options that report unknown columns and refuse unknown values.
    pub fn new(reading: Reading<'a>) -> MapOptions<'a> {
        MapOptions { reading, unknown: Unknown::Report, new_keys: NewKeys::Refuse, set: Vec::new(), resolve: None }
    }
}
