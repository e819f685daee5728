//! Three-way merge of one file: text in, text out.
//!
//! A record merges field by field, and inside fields by what they are: lists are sets, tables go by key, arrays
//! of tables by element. Different fields never conflict unless they go together, nor do two spellings of one value.
//! Where both sides changed the same thing differently, theirs (what is upstream, or was merged in) stays, and both values go to
//! the record's `[[conflicts]]`, with who and when; so the file stays valid and nothing is lost. A file of
//! configuration merges by key in the same way, but has no place for entries: git's marks part its sides when
//! they conflict, as they part what is no TOML.
//!
//! The merge works on the text (see `tree`): comments, layout and unknown keys are merged like values.
//!
//! *Invariants:* where one side is the base, the result is the other, byte for byte. Swapping the sides changes
//! nothing where there is no conflict. What either side changed is in the result or in an entry. What comes out
//! of files that are TOML is TOML, but for what is `marked`; it is read again before it is believed.
//!
//! *Absent on purpose:* trees of files, renumbering, disk.

mod coarse;
mod entries;
mod forms;
mod frame;
mod lines;
mod moved;
mod order;
mod pairing;
mod parse;
mod seq;
mod settle;
mod shape;
mod three;
mod tree;
mod trivia;
mod unit;
mod value;

pub use crate::record::WHOLE;
pub use lines::merge_bytes;
pub use settle::{Settlement, Unsettled, differs, settle, without_entries};

use super::layout::parse_path;
use crate::record::Kind;
use chrono::{DateTime, FixedOffset};
use entries::Remover;
use frame::Framed;
use shape::{Facts, Shape, canonical, gather_items};
use std::collections::BTreeMap;
use three::Found;
use tree::Document;

/// The three versions of a file; none where there is no such file.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// What both sides began with.
    pub base: Option<&'a str>,
    /// What it is on our side.
    pub ours: Option<&'a str>,
    /// What it is on theirs.
    pub theirs: Option<&'a str>,
}

/// Who changed something on a side last, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The login, or where git's author is no user, the address; empty where nobody knows.
    pub by: String,
    /// The moment.
    pub at: DateTime<FixedOffset>,
}

/// Who changed a file on a side: the whole of it last, and single fields of it, by name, last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authors {
    /// Who changed anything of it; none where nobody knows.
    pub last: Option<Side>,
    /// Who changed a field, where that is known.
    pub fields: BTreeMap<String, Side>,
}

impl Authors {
    /// Returns who changed a field; whoever changed the file last where nothing more is known.
    pub fn of(&self, field: &str) -> Option<&Side> {
        self.fields.get(field).or(self.last.as_ref())
    }
}

/// A merged file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Its text; none when it was removed.
    pub text: Option<String>,
    /// What both sides changed differently, whether or not entries of the file say so already.
    pub conflicts: Vec<FieldConflict>,
    /// The file could not take the conflict as entries: git's marks stand in it, or one side removed it. A person
    /// has to settle it before it can be committed.
    pub marked: bool,
}

/// A field that both sides changed differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldConflict {
    /// Its key: `budget_max`, `contacts.李女士.email`, `custom."a b"`; [`WHOLE`] for the file itself.
    pub field: String,
    /// What it was in the base, as people read it; none where it is absent.
    pub base: Option<String>,
    /// What it is on our side.
    pub ours: Option<String>,
    /// What it is on theirs.
    pub theirs: Option<String>,
}

/// Merges a record's file.
pub fn merge_record(kind: Kind, sides: Sides<'_>, ours: &Authors, theirs: &Authors) -> Merged {
    if let Some(text) = one_sided(sides) {
        return Merged { text: text.map(str::to_string), conflicts: Vec::new(), marked: false };
    }
    let shape = Shape::Fields(kind.fields);
    let (remover, left) = match (sides.ours, sides.theirs) {
        (Some(one), Some(other)) => return merge_texts(shape, sides.base, [one, other], Some([ours, theirs])),
        (None, left) => (Remover::Ours, left),
        (left, None) => (Remover::Theirs, left),
    };
    let framed = frame::unwrap(left.unwrap_or_default());
    let recorded = parse::parse(&framed.body).map(|mut document| {
        entries::record_whole(&mut document, remover, ours, theirs);
        frame::wrap(document.text(), None, &framed, &framed)
    });
    let marked = recorded.is_none();
    Merged { text: recorded.or_else(|| left.map(str::to_string)), conflicts: vec![whole()], marked }
}

/// Merges any file of a repository: a record by field, other TOML by key, anything else by lines.
pub fn merge_file(path: &str, sides: Sides<'_>, ours: &Authors, theirs: &Authors) -> Merged {
    if let Some((kind, _)) = parse_path(path) {
        return merge_record(kind, sides, ours, theirs);
    }
    if let Some(text) = one_sided(sides) {
        return Merged { text: text.map(str::to_string), conflicts: Vec::new(), marked: false };
    }
    match (sides.ours, sides.theirs) {
        (Some(one), Some(other)) if path.ends_with(".toml") => merge_texts(Shape::Free, sides.base, [one, other], None),
        (Some(_), Some(_)) => lines::merge(sides, Vec::new()),
        (left, None) | (None, left) => {
            Merged { text: left.map(str::to_string), conflicts: vec![whole()], marked: true }
        }
    }
}

/// Returns the file when at most one side changed it.
fn one_sided(sides: Sides<'_>) -> Option<Option<&str>> {
    if sides.ours == sides.theirs || sides.base == sides.theirs {
        Some(sides.ours)
    } else {
        (sides.base == sides.ours).then_some(sides.theirs)
    }
}

fn whole() -> FieldConflict {
    FieldConflict { field: WHOLE.to_string(), base: None, ours: None, theirs: None }
}

/// Merges two texts by key; `people` are those of the entries, and only with them there is a place for entries.
fn merge_texts(shape: Shape, base: Option<&str>, sides: [&str; 2], people: Option<[&Authors; 2]>) -> Merged {
    let [ours, theirs] = sides.map(frame::unwrap);
    let base_text = base;
    let base = base.map(frame::unwrap);
    let by_lines =
        |conflicts| lines::merge(Sides { base: base_text, ours: Some(sides[0]), theirs: Some(sides[1]) }, conflicts);
    let Some(merged) = merge_framed(shape, base.as_ref(), [&ours, &theirs], people) else {
        return by_lines(Vec::new());
    };
    let (text, found) = merged;
    let conflicts: Vec<FieldConflict> = found.iter().map(|found| told(shape, found)).collect();
    if people.is_none() && !conflicts.is_empty() {
        return by_lines(conflicts);
    }
    Merged { text: Some(frame::wrap(text, base.as_ref(), &ours, &theirs)), conflicts, marked: false }
}

/// Merges by key, with entries for what conflicts; nothing when a side is no TOML.
fn merge_framed(
    shape: Shape,
    base: Option<&Framed>,
    [ours, theirs]: [&Framed; 2],
    people: Option<[&Authors; 2]>,
) -> Option<(String, Vec<Found>)> {
    let texts = [base.map(|base| &*base.body), Some(&*ours.body), Some(&*theirs.body)];
    let read = texts.map(|text| text.and_then(parse::parse));
    let aligned = forms::align(texts, read.each_ref().map(Option::as_ref));
    let [old, one, other] = match &aligned {
        Some(texts) => texts.each_ref().map(|text| text.as_deref().and_then(parse::parse)),
        None => read,
    };
    let (one, other) = (one?, other?);
    let settled = old.as_ref().map(|old| entries::settled(old, [&one, &other])).unwrap_or_default();
    let fine = || three::merge(shape, old.as_ref(), &one, &other, settled.clone());
    let coarse = || coarse::merge(shape, old.as_ref(), &one, &other);
    let tries: [&dyn Fn() -> (Document, Vec<Found>); 2] = [&fine, &coarse];
    tries.into_iter().find_map(|merge| {
        let (mut document, mut found) = merge();
        unit::together(shape, &mut document, old.as_ref(), [&one, &other], &mut found);
        if let Some([ours, theirs]) = people {
            entries::record(shape, &mut document, &found, ours, theirs);
        }
        read_back(shape, &document).map(|text| (text, found))
    })
}

/// Returns the text of a merged document when it reads as what it was made of.
fn read_back(shape: Shape, document: &Document) -> Option<String> {
    let text = document.text();
    let again = parse::parse(&text)?;
    (facts_of(shape, &again) == facts_of(shape, document)).then_some(text)
}

fn facts_of(shape: Shape, document: &Document) -> Facts {
    let mut facts = Facts::new();
    gather_items(shape, &document.items, &mut Vec::new(), &mut facts);
    facts
}

/// Returns a conflict as it is told to people.
fn told(shape: Shape, found: &Found) -> FieldConflict {
    let own = entries::shape_of(shape, &found.path);
    let read = |text: &String| shape::plain(&canonical(own, text)).to_string();
    let [base, ours, theirs] = found.values.each_ref().map(|value| value.as_ref().map(read));
    FieldConflict { field: three::name(&found.path), base, ours, theirs }
}

#[cfg(test)]
mod tests;
