//! The team's own Word file as a template: fields in its text, its headers and its footers are filled in.
//!
//! Only the parts with text are made anew, and of those only the texts with tags; every other part stays as it is to the
//! byte. `{%tr for … %}` repeats the table row it stands in, or all rows up to the one with `{%tr endfor %}`, and `{%p`
//! does so with paragraphs, as other tools for Word templates have it.
//!
//! *Invariants:* the same file and fields give the same bytes; what comes out is well-formed XML.
//!
//! *Absent on purpose:* macros and pictures, which pass as they are; `.doc`, which is no open format.

mod archive;
mod compose;
mod part;

pub use compose::compose;

use super::{Filled, Thing};
use crate::record::{Lang, Result};
use std::collections::BTreeSet;

/// A Word file that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// The fields that were printed and about which nothing is known, each once.
    pub blanks: Vec<String>,
}

/// Fills a Word file in.
///
/// Fails with exit code 6 when it is no Word file, is damaged, protected or beyond all bounds, and when a tag in it is
/// wrong, naming the paragraph.
pub fn fill(name: &str, bytes: &[u8], fields: &Thing, lang: Lang) -> Result<FilledFile> {
    let mut blanks = BTreeSet::new();
    let bytes = archive::rewrite(name, bytes, &mut |part, xml| {
        let Filled { text, blanks: of_part } = part::fill(&format!("{name} {part}"), xml, fields, lang)?;
        blanks.extend(of_part);
        Ok(text)
    })?;
    Ok(FilledFile { bytes, blanks: blanks.into_iter().collect() })
}

#[cfg(test)]
mod tests;
