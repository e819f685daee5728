//! The declaration of a field, from which flags, import headers, columns, checks and docs follow.

use super::words::Label;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldType {
    /// Free text; may have several lines.
    Text,
    /// A key of the named dictionary (`config/dictionary.toml`), stored as key, shown as label.
    Key(&'static str),
    /// Several keys of the named dictionary; a set.
    Keys(&'static str),
    /// Several texts; a set.
    Texts,
    /// A whole number.
    Integer,
    /// Yes or no.
    Flag,
    /// An amount of money, exact decimal.
    Money,
    /// A calendar day.
    Date,
    /// A moment with its offset from UTC.
    Moment,
    /// A day that recurs each year, the year optional, solar or lunar: `1980-03-12`, `03-12`, `lunar 08-15`.
    Anniversary,
    /// A telephone number, stored normalised.
    Phone,
    /// An e-mail address.
    Email,
    /// A web address or host name.
    Website,
    /// A unified social credit code (18 characters with a check digit).
    CreditCode,
    /// A currency, by its code of ISO 4217.
    Currency,
    /// The number of a record of the named kind.
    Reference(&'static str),
    /// The number of a record of any of several kinds (the subject of a follow-up).
    Subject,
    /// A value of any type, as it stands.
    Any,
    /// Things that are many, each with fields of its own, stored as an array of tables.
    Table(&'static [Field]),
}

/// Whether a record may lack the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// May be absent.
    Optional,
    /// Must be present.
    Required,
    /// At least one of the fields with the same group name must be present (phone or e-mail).
    OneOf(&'static str),
}

/// A declared field of a kind of record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The TOML key, in snake_case; also the flag (`--contact-name`), the column and the JSON key.
    pub key: &'static str,
    /// What it holds.
    pub ty: FieldType,
    /// What people call it.
    pub label: Label,
    /// Other names it goes by in spreadsheets, in either language; compared without case, spaces and marks.
    pub aliases: &'static [&'static str],
    /// Whether it must be there.
    pub need: Need,
    /// Tells a row of a table from the others of the same record: the name of a contact.
    pub identity: bool,
    /// The field it goes with: where two people made different things of that, a merge takes both from one side.
    pub follows: Option<&'static str>,
    /// Kept by kehu itself: no flag, no heading of an import, no column unless asked for.
    pub own: bool,
    /// A number for or against something, told with its sign: `+2`.
    pub signed: bool,
    /// Personal data that `retention` and masking are about.
    pub sensitive: bool,
    /// One line of help; empty where the label says it all.
    pub about: Label,
}

impl Field {
    /// Declares an optional field.
    pub const fn new(key: &'static str, ty: FieldType, en: &'static str, zh: &'static str) -> Field {
        Field {
            key,
            ty,
            label: Label::new(en, zh),
            aliases: &[],
            need: Need::Optional,
            identity: false,
            follows: None,
            own: false,
            signed: false,
            sensitive: false,
            about: Label::new("", ""),
        }
    }

    /// Names it also goes by.
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Field {
        self.aliases = aliases;
        self
    }

    /// Makes it required.
    pub const fn required(mut self) -> Field {
        self.need = Need::Required;
        self
    }

    /// Makes one of a group required.
    pub const fn one_of(mut self, group: &'static str) -> Field {
        self.need = Need::OneOf(group);
        self
    }

    /// Marks it as what tells a row from others.
    pub const fn identity(mut self) -> Field {
        self.identity = true;
        self
    }

    /// Makes it go with another field of the same record.
    pub const fn follows(mut self, key: &'static str) -> Field {
        self.follows = Some(key);
        self
    }

    /// Marks it as kept by kehu itself.
    pub const fn own(mut self) -> Field {
        self.own = true;
        self
    }

    /// Marks it as told with its sign.
    pub const fn signed(mut self) -> Field {
        self.signed = true;
        self
    }

    /// Marks it as personal data.
    pub const fn sensitive(mut self) -> Field {
        self.sensitive = true;
        self
    }

    /// Adds a line of help.
    pub const fn about(mut self, en: &'static str, zh: &'static str) -> Field {
        self.about = Label::new(en, zh);
        self
    }

    /// Returns the flag without its dashes: the key with `-` for `_`.
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// Returns the name of the dictionary whose keys the field holds, if it holds keys.
    pub fn dictionary(&self) -> Option<&'static str> {
        match self.ty {
            FieldType::Key(name) | FieldType::Keys(name) => Some(name),
            _ => None,
        }
    }

    /// Tells whether the field holds several values that are stored as an array.
    pub fn is_list(&self) -> bool {
        matches!(self.ty, FieldType::Keys(_) | FieldType::Texts)
    }

    /// Tells whether the field holds tables (contacts, absences).
    pub fn is_table(&self) -> bool {
        matches!(self.ty, FieldType::Table(_))
    }
}

/// Returns the declared field with this key.
pub fn find_field(fields: &'static [Field], key: &str) -> Option<&'static Field> {
    fields.iter().find(|field| field.key == key)
}

/// Returns the fields that go with this one, those that go with them included, in the declared order.
pub fn followers<'a>(fields: &'static [Field], key: &'a str) -> impl Iterator<Item = &'static Field> + use<'a> {
    fields.iter().filter(move |field| {
        let mut leads = std::iter::successors(field.follows, |key| find_field(fields, key)?.follows);
        leads.any(|lead| lead == key)
    })
}
