//! What `kehu help TOPIC` explains: one file a topic, one list.

mod dates;
mod exit_codes;
mod fields;
mod filters;
mod formats;
mod import_mapping;

use crate::record::{Label, Lang};

/// A topic of help that is no command.
pub struct Topic {
    /// The word typed.
    pub name: &'static str,
    /// What it is about, one line.
    pub about: Label,
    /// Its text.
    pub text: fn(Lang) -> String,
}

/// Every topic, in the order of help.
pub static TOPICS: [Topic; 6] =
    [exit_codes::TOPIC, fields::TOPIC, filters::TOPIC, import_mapping::TOPIC, dates::TOPIC, formats::TOPIC];
