//! References that a merge leaves without what they name: one side refers to a record that the other removed.

use super::changes::Changes;
use super::unite::Outcome;
use crate::record::{Kind, Number, Record, Result};
use crate::rules::references::{Reference, references};
use crate::store::codec;
use crate::store::layout::{parse_path, path_of};
use git2::Odb;
use rayon::prelude::*;
use std::collections::HashSet;

/// A reference to a record that was removed on the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostReference {
    /// The kind of the record that refers.
    pub kind: Kind,
    /// Its number.
    pub number: Number,
    /// The field, `owner` or `verifications.0.by`.
    pub field: String,
    /// The number it names.
    pub target: String,
}

/// Finds them among the records that either side changed; without a removal nothing is read.
pub(super) fn lost_references(
    odb: &Odb<'_>,
    outcome: &Outcome<'_>,
    sides: [&Changes; 2],
) -> Result<Vec<LostReference>> {
    let removed = sides.iter().flat_map(|side| &side.files).filter(|(_, change)| change.was.is_some());
    let gone = removed.map(|(path, _)| path.as_str()).filter(|path| matches!(outcome.get(path), Some(None)));
    let gone: HashSet<&str> = gone.filter(|path| parse_path(path).is_some()).collect();
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let mut texts = Vec::new();
    for (path, content) in outcome {
        if let (Some(content), Some((kind, number))) = (content, parse_path(path)) {
            texts.push((kind, number, content.read(odb)?));
        }
    }
    Ok(texts.par_iter().flat_map_iter(|(kind, number, text)| lost_in(*kind, number, text, &gone)).collect())
}

fn lost_in(kind: Kind, number: &Number, text: &[u8], gone: &HashSet<&str>) -> Vec<LostReference> {
    let record = str::from_utf8(text).ok().and_then(|text| codec::parse(kind, number, text).0);
    let Some(Record { row, .. }) = record else { return Vec::new() };
    let is_gone = |one: &Reference<'_>| {
        let target = Number::parse(one.number);
        target.is_some_and(|target| one.kinds.iter().any(|kind| gone.contains(&*path_of(*kind, &target))))
    };
    let lost = references(&row).into_iter().filter(is_gone);
    let told =
        lost.map(|one| LostReference { kind, number: number.clone(), field: one.path, target: one.number.to_string() });
    told.collect()
}
