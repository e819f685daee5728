//! What the fields of a record are called and what they hold, for filters, sorting and columns alike.

use crate::query::{FieldRef, Schema, Type};
use crate::record::dictionary::{Entries, Entry, fold_name};
use crate::record::{Dictionary, Field, FieldType, Kind, Label, table_fields};
use crate::rules::computed::{COMPUTED, Computed};
use crate::rules::model::Model;
use crate::rules::{Config, Snapshot};
use chrono_tz::Tz;

/// The names of the record's number.
const NUMBER: Label = Label::new("Number", "编号");

/// The fields of one kind of record, by any of their names.
pub struct RecordSchema<'a> {
    kind: Kind,
    dictionary: Option<&'a Dictionary>,
    zone: Tz,
    country: &'a str,
    /// The grades and dimensions of the model, where computed fields may be named.
    scored: Option<[Entries; 2]>,
    snapshot: Option<&'a Snapshot>,
}

/// What a name was found to mean.
#[derive(Debug, Clone)]
pub enum Named {
    /// The number.
    Number,
    /// A declared field.
    Stored(&'static Field),
    /// A field of the rows of a table field, `contacts.name`.
    Inner(&'static Field, &'static Field),
    /// A custom field.
    Custom(String),
    /// A computed field.
    Computed(&'static Computed),
}

impl<'a> RecordSchema<'a> {
    /// Makes the schema of conditions in files: stored fields only; without a dictionary any key is accepted.
    pub fn stored(kind: Kind, dictionary: Option<&'a Dictionary>) -> RecordSchema<'a> {
        RecordSchema { kind, dictionary, zone: Tz::UTC, country: "CN", scored: None, snapshot: None }
    }

    /// Makes the schema of stored and computed fields; custom ones are named `custom.NAME`.
    pub fn new(kind: Kind, config: &'a Config) -> RecordSchema<'a> {
        RecordSchema {
            kind,
            dictionary: Some(&config.dictionary),
            zone: config.settings.timezone,
            country: &config.settings.country,
            scored: Some(scored(&config.model)),
            snapshot: None,
        }
    }

    /// Makes the schema of a snapshot's records, whose custom fields may be named plainly.
    pub fn of(kind: Kind, snapshot: &'a Snapshot) -> RecordSchema<'a> {
        RecordSchema { snapshot: Some(snapshot), ..RecordSchema::new(kind, &snapshot.config) }
    }

    /// Returns what `name` means: a key first, then a label, then an alias, then a custom field in use.
    pub fn named(&self, name: &str) -> Option<Named> {
        let name = name.trim();
        if let Some(named) = self.by_key(name) {
            return Some(named);
        }
        if let Some((table, inner)) = name.split_once('.') {
            return self.inner(table, inner);
        }
        self.by_label(name).or_else(|| self.by_alias(name)).or_else(|| self.custom_in_use(name))
    }

    fn by_key(&self, name: &str) -> Option<Named> {
        if name == "number" {
            return Some(Named::Number);
        }
        let stored = self.kind.field(name).map(Named::Stored);
        stored.or_else(|| self.computed().find(|computed| computed.name == name).map(Named::Computed))
    }

    fn by_label(&self, name: &str) -> Option<Named> {
        let wanted = fold_name(name);
        let is = |label: Label| fold_name(label.en) == wanted || fold_name(label.zh) == wanted;
        if is(NUMBER) {
            return Some(Named::Number);
        }
        let stored = self.kind.fields.iter().find(|field| is(field.label) || fold_name(field.key) == wanted);
        stored.map(Named::Stored).or_else(|| {
            let mut all = self.computed();
            all.find(|computed| is(computed.label) || fold_name(computed.name) == wanted).map(Named::Computed)
        })
    }

    fn by_alias(&self, name: &str) -> Option<Named> {
        let wanted = fold_name(name);
        let is = |aliases: &[&str]| aliases.iter().any(|alias| fold_name(alias) == wanted);
        let stored = self.kind.fields.iter().find(|field| is(field.aliases)).map(Named::Stored);
        stored.or_else(|| self.computed().find(|computed| is(computed.aliases)).map(Named::Computed))
    }

    /// Finds `custom.NAME`, and `contacts.name` by any name of either.
    fn inner(&self, table: &str, name: &str) -> Option<Named> {
        if matches!(fold_name(table).as_str(), "custom" | "自定义") && !name.is_empty() {
            return Some(Named::Custom(name.to_string()));
        }
        let named = self.kind.field(table).map(Named::Stored).or_else(|| self.by_label(table));
        let Named::Stored(table) = named? else { return None };
        let (wanted, fields) = (fold_name(name), table_fields(table)?);
        let labelled =
            |field: &&Field| [field.key, field.label.en, field.label.zh].iter().any(|name| fold_name(name) == wanted);
        let aliased = |field: &&Field| field.aliases.iter().any(|alias| fold_name(alias) == wanted);
        let inner = fields.iter().find(labelled).or_else(|| fields.iter().find(aliased))?;
        Some(Named::Inner(table, inner))
    }

    fn custom_in_use(&self, name: &str) -> Option<Named> {
        let records = self.snapshot?.records(self.kind);
        records.iter().any(|record| record.get_custom(name).is_some()).then(|| Named::Custom(name.to_string()))
    }

    fn computed(&self) -> impl Iterator<Item = &'static Computed> {
        let kind = self.scored.is_some().then_some(self.kind);
        COMPUTED.iter().filter(move |computed| kind.is_some_and(|kind| computed.is_of(kind)))
    }
}

impl Schema for RecordSchema<'_> {
    fn find(&self, name: &str) -> Option<FieldRef> {
        self.named(name).map(|named| named.field_ref())
    }

    fn names(&self) -> Vec<String> {
        let stored = self.kind.fields.iter().filter(|field| !field.own).map(|field| (field.key, field.label));
        let computed = self.computed().map(|computed| (computed.name, computed.label));
        let all = stored.chain(computed).chain([("number", NUMBER)]);
        all.flat_map(|(key, label)| [key.to_string(), label.zh.to_string()]).collect()
    }

    fn keys(&self, dictionary: &str) -> Option<&Entries> {
        match (dictionary, &self.scored) {
            ("grade", Some([grades, _])) => Some(grades),
            ("dimension", Some([_, dimensions])) => Some(dimensions),
            _ => self.dictionary?.get(dictionary),
        }
    }

    fn zone(&self) -> Tz {
        self.zone
    }

    fn country(&self) -> &str {
        self.country
    }
}

impl Named {
    /// Returns the canonical name: `owner`, `contacts.name`, `custom.hobby`.
    pub fn key(&self) -> String {
        match self {
            Named::Number => "number".to_string(),
            Named::Stored(field) => field.key.to_string(),
            Named::Inner(table, field) => format!("{}.{}", table.key, field.key),
            Named::Custom(name) => format!("custom.{name}"),
            Named::Computed(computed) => computed.name.to_string(),
        }
    }

    /// Returns what filters take it for.
    pub fn field_ref(&self) -> FieldRef {
        let (ty, list) = match self {
            Named::Number => (Type::Text, false),
            Named::Stored(field) => (type_of(field.ty), field.is_list() || field.is_table()),
            Named::Inner(_, field) => (type_of(field.ty), true),
            Named::Custom(_) => (Type::Custom, false),
            Named::Computed(computed) => (computed.ty, computed.list),
        };
        FieldRef { key: self.key(), label: self.label(), ty, list }
    }

    /// Returns what people call it; a custom field by its name.
    pub fn label(&self) -> crate::record::Words {
        use crate::record::Words;
        match self {
            Named::Number => NUMBER.into(),
            Named::Stored(field) => field.label.into(),
            Named::Inner(table, field) => Words {
                en: format!("{}: {}", table.label.en, field.label.en).into(),
                zh: format!("{}：{}", table.label.zh, field.label.zh).into(),
            },
            Named::Custom(name) => Words::same(name),
            Named::Computed(computed) => computed.label.into(),
        }
    }
}

fn type_of(ty: FieldType) -> Type {
    match ty {
        FieldType::Key(name) | FieldType::Keys(name) => Type::Key(name),
        FieldType::Reference("user") => Type::User,
        FieldType::Reference("lead" | "customer") => Type::Subject,
        FieldType::Phone => Type::Phone,
        FieldType::Integer => Type::Integer,
        FieldType::Flag => Type::Flag,
        FieldType::Money => Type::Money,
        FieldType::Date => Type::Date,
        FieldType::Moment => Type::Moment,
        FieldType::Table(_) => Type::Table,
        FieldType::Text
        | FieldType::Any
        | FieldType::Texts
        | FieldType::Anniversary
        | FieldType::Email
        | FieldType::Website
        | FieldType::CreditCode
        | FieldType::Currency
        | FieldType::Reference(_) => Type::Text,
        FieldType::Subject => Type::Subject,
    }
}

/// Makes dictionaries of the model's grades and dimensions.
fn scored(model: &Model) -> [Entries; 2] {
    let entry = |key: &str, label: &crate::record::Words, aliases: Vec<String>| Entry {
        key: key.to_string(),
        label: label.clone(),
        aliases,
        group: None,
    };
    let grades = model.grades.iter().map(|grade| entry(&grade.key, &grade.label, vec![format!("{}级", grade.key)]));
    let missing = |words: &crate::record::Words| vec![words.en.to_string(), words.zh.to_string()];
    let dimensions = model.dimensions.iter().map(|d| entry(&d.key, &d.label, missing(&d.missing)));
    [Entries::new(grades.collect()), Entries::new(dimensions.collect())]
}
