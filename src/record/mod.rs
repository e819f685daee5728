//! What a record is: kinds, fields, values, numbers, money, days.
//!
//! The innermost layer. It knows what a lead or a customer is made of and what everything is called,
//! in both languages; a kind, its fields and their names are declared here once, and flags, import
//! headers, columns, checks and documentation follow from the declaration.
//!
//! *Absent on purpose:* disk, git, clock, environment and terminal.

mod anniversary;
mod article;
mod assignment;
mod capitals;
mod company;
mod conflict;
mod contract;
mod currency;
mod customer;
pub mod date;
pub mod dictionary;
mod diff;
mod duplicate;
mod failure;
mod field;
mod followup;
pub mod input;
pub mod json;
mod kind;
mod lead;
mod money;
mod number;
mod numeral;
mod opportunity;
mod order;
mod phone;
mod problem;
mod product;
mod review;
mod target;
mod ticket;
mod toml_words;
mod user;
mod value;
mod words;

pub use anniversary::{Almanac, Anniversary};
pub use article::ARTICLE;
pub use assignment::{Assignment, Change, Target};
pub use capitals::capitals;
pub use conflict::{CONFLICT, CONFLICTS, WHOLE, join_name, split_name};
pub use contract::{CONTRACT, INSTALMENT, RECEIPT};
pub use currency::is_currency;
pub use customer::{ATTACHMENT, CONTACT, CUSTOMER};
pub use dictionary::Dictionary;
pub use diff::{FieldChange, changes};
pub use duplicate::{DISTINCT_FROM, MERGED_FROM};
pub use failure::{Exit, Failure, Result};
pub use field::{Field, FieldType, Need, find_field, followers};
pub use followup::FOLLOWUP;
pub use kind::{Initial, KINDS, Kind, KindDef, Numbering};
pub use lead::{LEAD, VERIFICATION};
pub use money::{Money, halve_width};
pub use number::{Number, Sequence};
pub use numeral::{is_numeral, numerals_to_digits};
pub use opportunity::{APPROVAL, OPPORTUNITY};
pub use order::{LINE, ORDER};
pub use phone::normalize_phone;
pub use problem::{Finding, Problem, Severity};
pub use product::PRODUCT;
pub use review::REVIEW;
pub use target::{MONTH, TARGET};
pub use ticket::{ESCALATION, HOLD, REOPENING, TICKET};
pub use toml_words::toml_words;
pub use user::USER;
pub use value::{Row, Value, table_fields};
pub use words::{Label, Lang, Words, grouped, many, plural};

/// A record: what kind it is, its number, and its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What kind of record it is.
    pub kind: Kind,
    /// Its number, the stem of its file.
    pub number: Number,
    /// Its fields.
    pub row: Row,
}

impl Record {
    /// Makes a record without any field.
    pub fn new(kind: Kind, number: Number) -> Record {
        Record { kind, number, row: Row::new(kind.fields) }
    }

    /// Returns what people call it: company, name, points; its number when that is missing.
    pub fn title(&self) -> &str {
        self.row.text(self.kind.title).unwrap_or(self.number.as_str())
    }
}

impl std::ops::Deref for Record {
    type Target = Row;
    fn deref(&self) -> &Row {
        &self.row
    }
}

impl std::ops::DerefMut for Record {
    fn deref_mut(&mut self) -> &mut Row {
        &mut self.row
    }
}
