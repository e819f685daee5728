//! Documents from templates: `{{fields}}` of records put into Markdown or into the team's own Word file.
//!
//! A template names fields by key, or by what people call them in either language. It sees what it is given and
//! nothing else: no file, no clock, no environment; what it may compute is bounded.
//!
//! *Invariants:* the same template and fields give the same bytes; no value can become markup, a tag of the template or
//! XML; a field that does not exist is an error that says where.
//!
//! *Absent on purpose:* which fields there are, and where templates lie; PDF.

pub mod docx;
mod engine;
pub mod html;
mod markdown;
mod value;

pub use engine::Filled;
pub use value::{Datum, Thing};

use crate::record::{Lang, Result};
use engine::{Engine, Source};

/// Fills a template in Markdown in; returns Markdown.
///
/// Fails with exit code 6, naming the line, when it does not parse or names what there is not.
pub fn fill_markdown(name: &str, text: &str, fields: &Thing, lang: Lang) -> Result<Filled> {
    let source = Source { name, text, place: engine::LINE, first: 1 };
    let mut filled = Engine::new(lang, markdown::escape).fill(&source, fields)?;
    // The engine takes the last line end away.
    if text.ends_with('\n') && !filled.text.ends_with('\n') {
        filled.text.push('\n');
    }
    Ok(filled)
}
