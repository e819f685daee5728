//! What the text of a record says, as the model looks at it.

use crate::record::{Kind, Number, Severity};
use crate::store::codec;
use std::collections::BTreeSet;

/// Returns the values in a text that are told from all others.
pub fn values(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_value =
        |word: &&str| word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    words.filter(is_value).map(str::to_string).collect()
}

/// Returns what a record is called.
pub fn title(kind: Kind, text: &str) -> String {
    let number = Number::parse("X-2026-001").unwrap();
    let (record, findings) = codec::parse(kind, &number, text);
    assert!(findings.iter().all(|finding| finding.problem.severity < Severity::Error), "{findings:?}\n{text}");
    record.unwrap().text(kind.title).unwrap().to_string()
}

/// Returns a record's text without the conflicts recorded in it.
pub fn settled(text: &str) -> String {
    let head = text.split("[[conflicts]]").next().unwrap_or_default();
    format!("{}\n", head.trim_end())
}
