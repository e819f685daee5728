//! The kinds of record: one declaration each, one list.

use super::field::{Field, find_field};
use super::words::Label;
use super::{article, contract, customer, followup, lead, opportunity, order, product, review, target, ticket, user};
use std::fmt;

/// How records of a kind get their number, and with it their path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// `PREFIX-YEAR-SEQ`, given automatically; prefix from `config/numbering.toml`.
    Sequence,
    /// The user names it (`DESK-01`, `li.ming`).
    Given,
    /// The moment and letters of the content's hash; the same event has the same number in every clone.
    Event,
}

/// What a new record's field is when nothing was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initial {
    /// This key or text.
    Literal(&'static str),
    /// The first key of the field's dictionary.
    First,
    /// This key or text, when the other field is present.
    When(&'static str, &'static str),
    /// The day of entry; not on import, where the day is a fact the file must give.
    Today,
    /// The moment of entry; not on import.
    Now,
    /// Whoever enters it; not on import.
    Actor,
}

/// The declaration of a kind.
#[derive(Debug)]
pub struct KindDef {
    /// The noun on the command line, singular: `lead`.
    pub name: &'static str,
    /// The top folder its files lie in: `leads`.
    pub folder: &'static str,
    /// What people call it.
    pub label: Label,
    /// Other nouns accepted for it.
    pub aliases: &'static [&'static str],
    /// How its records are numbered.
    pub numbering: Numbering,
    /// Its fields in the order they are written.
    pub fields: &'static [Field],
    /// The field that names a record to people (`company`, `name`).
    pub title: &'static str,
    /// What fields of a new record are when nothing was said, first fit first.
    pub initial: &'static [(&'static str, Initial)],
    /// Columns of `list` unless others are asked for; computed fields and `number` included.
    pub columns: &'static [&'static str],
}

/// A kind of record; cheap to copy and compare.
#[derive(Clone, Copy)]
pub struct Kind(&'static KindDef);

/// Every kind there is. A new kind is a file beside this one and a line here.
pub static KINDS: [Kind; 12] = [
    lead::LEAD,
    customer::CUSTOMER,
    opportunity::OPPORTUNITY,
    contract::CONTRACT,
    order::ORDER,
    ticket::TICKET,
    article::ARTICLE,
    followup::FOLLOWUP,
    review::REVIEW,
    target::TARGET,
    product::PRODUCT,
    user::USER,
];

impl Kind {
    /// Wraps a declaration.
    pub const fn new(def: &'static KindDef) -> Kind {
        Kind(def)
    }

    /// Returns the kind called `name`, its noun or an alias.
    pub fn find(name: &str) -> Option<Kind> {
        KINDS.into_iter().find(|kind| kind.name == name || kind.aliases.contains(&name))
    }

    /// Returns the kind whose files lie in the top folder `folder`.
    pub fn of_folder(folder: &str) -> Option<Kind> {
        KINDS.into_iter().find(|kind| kind.folder == folder)
    }

    /// Returns a declared field.
    pub fn field(self, key: &str) -> Option<&'static Field> {
        find_field(self.0.fields, key)
    }
}

impl std::ops::Deref for Kind {
    type Target = KindDef;
    fn deref(&self) -> &KindDef {
        self.0
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Kind) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Kind {}

impl std::hash::Hash for Kind {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}
