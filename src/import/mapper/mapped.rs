//! A row, read.

use super::super::inner::Inner;
use crate::record::{Kind, Need, Problem, Row, Severity, Value, Words, find_field};

/// A value that no dictionary entry knows yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NewKey {
    /// The dictionary.
    pub dictionary: &'static str,
    /// The key it gets; what the row holds.
    pub key: String,
    /// The text as it stands in the file.
    pub label: String,
}

/// The code of the problem that rows of one record say a field differently.
pub const ROWS_DIFFER: &str = "rows-differ";

/// A row, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped {
    /// Where the row stands in its file.
    pub row_number: usize,
    /// The kind its values are of.
    pub kind: Kind,
    /// The record's number, where the file states one that could be ours.
    pub number: Option<String>,
    /// The heading the number stands under.
    pub number_header: String,
    /// The first row of those that one cell with the name is merged over: then all are of one company, this one where it
    /// is the first.
    pub block: Option<usize>,
    /// The values of fields.
    pub row: Row,
    /// Values without a field.
    pub custom: Vec<(String, Value)>,
    /// The first contact of a customer or the line of an order, with the key of its table.
    pub inner: Option<(&'static str, Row)>,
    /// The fields that the row says nothing of and a constant of the mapping or the command line fills.
    pub constants: Vec<&'static str>,
    /// What is wrong; the row is to be rejected when an error is among it.
    pub problems: Vec<Problem>,
    /// What aliases say that their keys do not, by the field that takes it where nothing else does.
    pub notes: Vec<(&'static str, Value)>,
    /// Values to be added to dictionaries.
    pub new_keys: Vec<NewKey>,
    /// Problems of values that were kept aside as custom fields, as they are told where a row lacks what they hold.
    pub kept: Vec<Problem>,
    /// Why the row is passed over, if it is.
    pub skipped: Option<Words>,
}

impl Mapped {
    /// Tells whether the row cannot be taken.
    pub fn is_rejected(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Tells whether the row cannot be taken only because of values that it could be taken without; what rows of one
    /// record say differently is none of these, as each can be read.
    pub fn is_keepable(&self) -> bool {
        let fills = |group: &'static str| self.row.iter().any(|(field, _)| field.need == Need::OneOf(group));
        let is_optional = |problem: &Problem| {
            let key = problem.field.as_deref().and_then(|path| path.rsplit('.').next()).unwrap_or_default();
            let field = self.kind.field(key).or_else(|| find_field(Inner::fields_of(self.kind), key));
            problem.code != ROWS_DIFFER
                && field.is_some_and(|field| match field.need {
                    Need::Optional => true,
                    Need::Required => false,
                    Need::OneOf(group) => fills(group),
                })
        };
        self.is_rejected() && self.problems.iter().filter(|one| one.severity == Severity::Error).all(is_optional)
    }

    /// Takes the values out, with the contact or line and the custom fields.
    pub fn take_row(&mut self) -> Row {
        let mut row = std::mem::replace(&mut self.row, Row::new(self.kind.fields));
        if let Some((table, inner)) = self.inner.take() {
            row.set(table, Value::Rows(vec![inner]));
        }
        for (name, value) in self.custom.drain(..) {
            row.set_custom(&name, value);
        }
        row
    }
}
