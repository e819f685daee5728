//! Numbers that both sides gave: the side that is not pushed yet takes the next free one.
//!
//! Two clones that are offline give the same number to different records. What others have seen already
//! keeps its number; ours moves, and everything of ours that names it follows: references, its folder
//! of attachments, and the paths in it. The other side cannot mean our record by that number, so nothing of theirs
//! has to follow.
//!
//! *Absent on purpose:* numbers written in the middle of a text, which may mean either record; records that
//! people name, where the same name means the same thing; events, whose number follows from their content.

use super::changes::{Change, Changes, Content};
use crate::record::{CONFLICTS, FieldType, KINDS, Kind, Number, Numbering, Record, Result, Row, Value};
use crate::rules::references::{SUBJECTS, follow};
use crate::store::layout::parse_path;
use crate::store::{Renumbered, codec, path_of};
use git2::Odb;
use rayon::prelude::*;
use std::collections::HashMap;

/// Knows which numbers are used.
pub(crate) trait Numbers {
    /// Returns the next running number of a kind with this prefix and year that neither side ever used.
    fn next(&mut self, kind: Kind, prefix: &str, year: i32) -> Result<u32>;

    /// Tells whether a commit that the other side alone has put a record at this path, also if it is gone again.
    fn is_taken(&mut self, path: &str) -> Result<bool>;
}

/// Gives the records of `ours` that met another of the same number a new one; returns what moved, in order of the
/// old numbers.
pub(super) fn renumber(
    odb: &Odb<'_>,
    ours: &mut Changes,
    theirs: &Changes,
    numbers: &mut dyn Numbers,
) -> Result<Vec<Renumbered>> {
    let mut moved = Vec::new();
    for (kind, old) in collisions(ours, theirs, numbers)? {
        let Some(parts) = old.parts() else { continue };
        let digits = old.as_str().len() - old.as_str().rfind('-').map_or(0, |dash| dash + 1);
        let new = Number::sequence(parts.prefix, parts.year, numbers.next(kind, parts.prefix, parts.year)?, digits);
        moved.push(Renumbered { kind, old, new });
    }
    if !moved.is_empty() {
        let new = NewNumbers::new(&moved);
        move_files(ours, &new);
        rewrite(odb, ours, &new)?;
    }
    Ok(moved)
}

/// Returns the new records of ours whose running number the other side gave to another, by kind, prefix, year and
/// number.
///
/// One that is gone there again had been seen by others all the same, and its number is never given anew.
fn collisions(ours: &Changes, theirs: &Changes, numbers: &mut dyn Numbers) -> Result<Vec<(Kind, Number)>> {
    let mut records = Vec::new();
    for (path, change) in ours.files.iter().filter(|(_, change)| change.is_new()) {
        let Some((kind, number)) = parse_path(path).filter(|(kind, _)| kind.numbering == Numbering::Sequence) else {
            continue;
        };
        let meets = match theirs.files.get(path) {
            Some(other) => other.is_new() && other.is != change.is,
            None => numbers.is_taken(path)?,
        };
        if meets {
            records.push((kind, number));
        }
    }
    records.sort_by(|(kind, a), (other, b)| {
        let key = |number: &Number| number.parts().map(|parts| (parts.prefix.to_string(), parts.year, parts.seq));
        kind.folder.cmp(other.folder).then_with(|| key(a).cmp(&key(b)))
    });
    Ok(records)
}

/// The new numbers, by kind and old number.
pub struct NewNumbers<'m>(HashMap<(Kind, &'m str), &'m Number>);

impl<'m> NewNumbers<'m> {
    /// Takes what moved.
    pub fn new(moved: &'m [Renumbered]) -> NewNumbers<'m> {
        NewNumbers(moved.iter().map(|one| ((one.kind, one.old.as_str()), &one.new)).collect())
    }

    /// Returns the new number of a record of one of these kinds.
    fn find(&self, kinds: &[Kind], number: &str) -> Option<&'m Number> {
        kinds.iter().find_map(|kind| self.0.get(&(*kind, number)).copied())
    }

    /// Returns where a record's file or one of its attachments lies now; none where it did not move.
    pub fn path(&self, path: &str) -> Option<String> {
        match parse_path(path) {
            Some((kind, number)) => Some(path_of(kind, self.find(&[kind], number.as_str())?)),
            None => self.attachment(path),
        }
    }

    /// Returns the text of a record with its references rewritten; none when there is nothing to rewrite.
    pub fn rewrite(&self, kind: Kind, number: &Number, text: &str) -> Option<String> {
        let before = codec::parse(kind, number, text).0?;
        let mut after = before.clone();
        let referred = follow(&mut after.row, &|kinds, number| self.find(kinds, number).map(Number::to_string));
        let attached = follow_attachments(&mut after, self);
        let in_conflict = follow_conflicts(&mut after, self);
        (referred || attached || in_conflict).then(|| codec::apply(text, &before, &after))
    }

    /// Returns the new path of `attachments/NUMBER/…`.
    fn attachment(&self, path: &str) -> Option<String> {
        let (number, rest) = path.strip_prefix(ATTACHMENTS)?.split_once('/')?;
        Some(format!("{ATTACHMENTS}{}/{rest}", self.find(&KINDS, number)?))
    }
}

/// Where the files of records lie, each record's in a folder of its number.
const ATTACHMENTS: &str = "attachments/";

/// Moves new files to the new numbers' places.
fn move_files(ours: &mut Changes, new: &NewNumbers<'_>) {
    let is_moved = |path: &String, change: &Change| change.is_new().then(|| new.path(path)).flatten();
    let moved: Vec<(String, String)> =
        ours.files.iter().filter_map(|(path, change)| Some((path.clone(), is_moved(path, change)?))).collect();
    // All are taken out before any is put back: a new place may be another's old one.
    let taken: Vec<(String, Change)> =
        moved.into_iter().filter_map(|(old, new)| Some((new, ours.files.remove(&old)?))).collect();
    ours.files.extend(taken);
}

/// Rewrites the references in every record of ours.
fn rewrite(odb: &Odb<'_>, ours: &mut Changes, new: &NewNumbers<'_>) -> Result<()> {
    let mut texts = Vec::new();
    for (path, change) in &ours.files {
        if let (Some(content), Some((kind, number))) = (&change.is, parse_path(path))
            && let Ok(text) = String::from_utf8(content.read(odb)?)
        {
            texts.push((path.clone(), kind, number, text));
        }
    }
    let rewritten: Vec<(String, String)> = texts
        .into_par_iter()
        .filter_map(|(path, kind, number, text)| Some((path, new.rewrite(kind, &number, &text)?)))
        .collect();
    for (path, text) in rewritten {
        if let Some(change) = ours.files.get_mut(&path) {
            change.is = Some(Content::new(text.into_bytes()));
        }
    }
    Ok(())
}

/// Rewrites the references among the values of recorded conflicts; returns whether any was.
fn follow_conflicts(record: &mut Record, new: &NewNumbers<'_>) -> bool {
    let mut rows: Vec<Row> = record.rows(CONFLICTS).to_vec();
    let mut any = false;
    for row in &mut rows {
        let field = row.text("field").and_then(|field| record.kind.field(field));
        let kinds = match field.map(|field| field.ty) {
            Some(FieldType::Reference(kind)) => Kind::find(kind).into_iter().collect(),
            Some(FieldType::Subject) => SUBJECTS.to_vec(),
            _ => continue,
        };
        for side in ["base", "ours", "theirs"] {
            if let Some(number) = row.text(side).and_then(|number| new.find(&kinds, number)) {
                row.set(side, Value::text(number.as_str()));
                any = true;
            }
        }
    }
    if any {
        record.set(CONFLICTS, Value::Rows(rows));
    }
    any
}

/// Rewrites the paths of attachments; returns whether any was.
fn follow_attachments(record: &mut Record, new: &NewNumbers<'_>) -> bool {
    let mut rows: Vec<Row> = record.rows("attachments").to_vec();
    let mut any = false;
    for row in &mut rows {
        if let Some(path) = row.text("path").and_then(|path| new.attachment(path)) {
            row.set("path", Value::text(path));
            any = true;
        }
    }
    if any {
        record.set("attachments", Value::Rows(rows));
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, LEAD};

    #[test]
    fn all_that_names_a_record_follows_it() {
        let number = |text: &str| Number::parse(text).unwrap();
        let moved = [Renumbered { kind: CUSTOMER, old: number("B2B-2026-001"), new: number("B2B-2026-002") }];
        let new = NewNumbers::new(&moved);
        let rewritten = |kind, own: &str, text: &str| new.rewrite(kind, &number(own), text);
        let lead = "remark = \"B2B-2026-001\"\nconverted_to = \"B2B-2026-001\"  # ours\n\n[[conflicts]]\n\
                    field = \"converted_to\"\nours = \"B2B-2026-001\"\ntheirs = \"B2B-2026-009\"\n";
        let expected = lead
            .replace("to = \"B2B-2026-001", "to = \"B2B-2026-002")
            .replace("ours = \"B2B-2026-001", "ours = \"B2B-2026-002");
        assert_eq!(rewritten(LEAD, "LEAD-2026-001", lead), Some(expected));
        let customer = "[[attachments]]\npath = \"attachments/B2B-2026-001/a.pdf\"\n";
        assert_eq!(rewritten(CUSTOMER, "B2B-2026-002", customer), Some(customer.replace("001", "002")));
        assert_eq!(rewritten(LEAD, "LEAD-2026-001", "remark = \"B2B-2026-001\"\n"), None);
        assert_eq!(new.path("attachments/B2B-2026-001/x/a.pdf").as_deref(), Some("attachments/B2B-2026-002/x/a.pdf"));
        assert_eq!(new.path("leads/2026/LEAD-2026-001.toml"), None);
    }
}
