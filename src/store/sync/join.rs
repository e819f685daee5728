//! Files that both sides changed, joined.
//!
//! A text is joined by [`merge_file`]. What is no text cannot be, nor a text that has no place for what conflicts:
//! theirs keeps its name, since others have seen it, and ours lies beside it under a name with letters of its
//! content, so that neither is lost and no file is broken.

use super::changes::{Change, Changes, Content};
use super::touch::{FindTouches, Torn};
use crate::record::Result;
use crate::store::merge::{Authors, FieldConflict, Sides, merge_file};
use git2::{Odb, Oid};
use rayon::prelude::*;

/// A file that both sides changed otherwise.
pub(super) struct Both<'a> {
    path: &'a str,
    was: Option<Oid>,
    ours: Option<&'a Content>,
    theirs: Option<&'a Content>,
}

impl<'a> Both<'a> {
    /// Returns the file at `path` if the other side changed it too, to something else.
    pub fn of(path: &'a str, own: &'a Change, theirs: &'a Changes) -> Option<Both<'a>> {
        let other = theirs.files.get(path).filter(|other| other.is != own.is)?;
        Some(Both { path, was: own.was, ours: own.is.as_ref(), theirs: other.is.as_ref() })
    }
}

/// A file that both sides changed.
#[derive(Debug, Clone)]
pub struct Met {
    /// Its path.
    pub path: String,
    /// What could not be had from both.
    pub conflicts: Vec<FieldConflict>,
    /// Where our content lies now, where the two could not be joined in one file.
    pub beside: Option<String>,
    /// What the file held in the base, on our side and on theirs.
    pub sides: [Option<Vec<u8>>; 3],
}

/// What became of a file that both sides changed.
pub(super) struct Joined {
    pub met: Met,
    /// What it holds.
    pub content: Option<Content>,
    /// What lies beside it now.
    pub beside: Option<(String, Content)>,
}

/// What a file holds in the base, on our side and on theirs.
type Three = [Option<Vec<u8>>; 3];

/// Joins files; of the fields in conflict, `touches` finds who changed them last.
pub(super) fn join(odb: &Odb<'_>, both: Vec<Both<'_>>, touches: Option<FindTouches<'_>>) -> Result<Vec<Joined>> {
    let mut read = Vec::with_capacity(both.len());
    for one in &both {
        let base = one.was.map(Content::stored);
        let [base, ours, theirs] =
            [base.as_ref(), one.ours, one.theirs].map(|content| content.map(|content| content.read(odb)).transpose());
        read.push([base?, ours?, theirs?]);
    }
    let nobody = Authors::default();
    let one = |(one, three): (&Both<'_>, &Three)| join_one(one, three, &nobody, &nobody);
    let mut joined: Vec<Joined> = both.par_iter().zip(&read).map(one).collect();
    // Only a conflict says who made what, and most files are in none.
    let places: Vec<usize> = (0..joined.len()).filter(|at| !joined[*at].met.conflicts.is_empty()).collect();
    let fields = |at: &usize| joined[*at].met.conflicts.iter().map(|conflict| &*conflict.field).collect();
    let torn: Torn<'_> = places.iter().map(|at| (both[*at].path, fields(at))).collect();
    if let Some(touches) = touches.filter(|_| !torn.is_empty()) {
        let touches = touches(&torn)?;
        for at in places {
            let [ours, theirs] = touches.of(both[at].path);
            joined[at] = join_one(&both[at], &read[at], &ours, &theirs);
        }
    }
    Ok(joined)
}

fn join_one(one: &Both<'_>, three: &Three, ours: &Authors, theirs: &Authors) -> Joined {
    let [base, own, others] = three.each_ref().map(|bytes| bytes.as_deref().map(str::from_utf8).transpose());
    let mut met = Met { path: one.path.to_string(), conflicts: Vec::new(), beside: None, sides: three.clone() };
    if let (Ok(base), Ok(own), Ok(others)) = (base, own, others) {
        let merged = merge_file(one.path, Sides { base, ours: own, theirs: others }, ours, theirs);
        met.conflicts = merged.conflicts;
        if !merged.marked {
            let content = merged.text.map(|text| Content::new(text.into_bytes()));
            return Joined { met, content, beside: None };
        }
    }
    // Removed on one side, it stays as the other has it.
    let content = one.theirs.or(one.ours).cloned();
    let beside =
        one.theirs.and(one.ours).map(|content| (beside(one.path, &content.id.to_string()[..LETTERS]), content.clone()));
    met.beside = beside.as_ref().map(|(path, _)| path.clone());
    Joined { met, content, beside }
}

/// How many letters of a content's hash tell its file from another of the same name.
const LETTERS: usize = 8;

/// Returns a name for a file beside another of its name, by letters of its hash: `offer.pdf` → `offer.3f2a91c0.pdf`.
pub fn beside(path: &str, letters: &str) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let slash = if folder.is_empty() { "" } else { "/" };
    match name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        Some((stem, ending)) => format!("{folder}{slash}{stem}.{letters}.{ending}"),
        None => format!("{path}.{letters}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beside() {
        for (path, name) in [
            ("attachments/B2B-2026-001/offer.pdf", "attachments/B2B-2026-001/offer.abababab.pdf"),
            ("logo", "logo.abababab"),
            ("x/.hidden", "x/.hidden.abababab"),
            ("a.b/c", "a.b/c.abababab"),
        ] {
            assert_eq!(beside(path, "abababab"), name);
        }
    }

    #[test]
    fn what_is_no_text_lies_beside() {
        let [ours, theirs] = [b"\xff\x01".to_vec(), b"\xff\x02".to_vec()].map(Content::new);
        let three = [None, ours.bytes.clone(), theirs.bytes.clone()];
        let nobody = Authors::default();
        let both = Both { path: "x/a.pdf", was: None, ours: Some(&ours), theirs: Some(&theirs) };
        let joined = join_one(&both, &three, &nobody, &nobody);
        assert_eq!(joined.content, Some(theirs));
        assert_eq!(joined.beside.map(|(path, content)| (Some(path), content)), Some((joined.met.beside, ours.clone())));
        let both = Both { path: "x/a.pdf", was: Some(ours.id), ours: Some(&ours), theirs: None };
        let three = [ours.bytes.clone(), ours.bytes.clone(), None];
        assert_eq!(join_one(&both, &three, &nobody, &nobody).content, Some(ours.clone()), "an edit outlives a removal");
    }
}
