//! What a merge changes by itself: where it is something else than its two parents brought together.
//!
//! Bringing together is what git and `sync` do: where one side left a file as it was, the other side's; where both
//! changed it, the merge by field. Choosing the version the server has already is allowed too. So a merge that takes an
//! old version of a file back, as `-s ours` does, has made that change itself and is judged for it.

use super::Push;
use crate::ops::access::Change;
use crate::record::{CONFLICTS, Record, Result};
use crate::store::merge::{Authors, Sides, merge_file};
use crate::store::{Held, Oid, codec, parse_path};
use std::collections::{BTreeSet, HashMap};

/// The files that differ from a base, with what they are.
type Differing = HashMap<String, Option<Oid>>;

/// A file of a merge.
#[derive(Clone, Copy)]
struct File<'a> {
    path: &'a str,
    /// What it was where the sides part; none where that cannot be told.
    was: Option<Option<Oid>>,
    /// What it is in each parent.
    sides: [Option<Oid>; 2],
    /// What the merge made of it.
    result: Option<Oid>,
}

impl Push<'_> {
    /// Returns the files of a merge that are not what its parents brought together come to, with that as before.
    pub(super) fn own_of_merge(&self, merge: Oid, parents: [Oid; 2]) -> Result<Vec<Change>> {
        let bases = self.repo.merge_bases(parents[0], parents[1])?;
        let base = bases.first().copied();
        let differing = |commit: Oid| -> Result<Differing> {
            let found = self.repo.changes_between(base, commit, "")?;
            Ok(found.into_iter().map(|(path, _, is)| (path, is)).collect())
        };
        let [one, other, result] = [differing(parents[0])?, differing(parents[1])?, differing(merge)?];
        let paths: BTreeSet<&String> = one.keys().chain(other.keys()).chain(result.keys()).collect();
        let bases: Vec<Held<'_>> = bases.iter().map(|base| self.repo.held(Some(*base))).collect::<Result<_>>()?;
        let mut own = Vec::new();
        for path in paths {
            let held: Result<BTreeSet<Option<Oid>>> = bases.iter().map(|base| base.blob(path)).collect();
            let held = held?;
            let was = bases.first().map_or(Ok(None), |base| base.blob(path))?;
            let at = |side: &Differing| side.get(path).copied().unwrap_or(was);
            let file = File {
                path,
                // Where the bases do not hold the same, nothing tells who changed it.
                was: Some(was).filter(|_| held.len() <= 1),
                sides: [at(&one), at(&other)],
                result: at(&result),
            };
            own.extend(self.own_of_file(&file, parents));
        }
        Ok(own)
    }

    fn own_of_file(&self, file: &File<'_>, parents: [Oid; 2]) -> Vec<Change> {
        let File { path, was, sides: [one, other], result } = *file;
        let change = |before: Option<Oid>| self.change(path.to_string(), before, result);
        let expected = match was {
            _ if one == other => Some(one),
            Some(was) if one == was => Some(other),
            Some(was) if other == was => Some(one),
            _ => None,
        };
        let known = self.known(parents, [one, other]);
        match (expected, known) {
            (Some(expected), _) if expected == result => Vec::new(),
            (Some(expected), _) => vec![change(expected)],
            // Both changed it: what the server has may stay, for what is dropped then is only what is being pushed.
            (None, Some(known)) if known == result => Vec::new(),
            (None, _) if self.is_merged(file, known) => Vec::new(),
            (None, Some(known)) => vec![change(known)],
            (None, None) => vec![change(one), change(other)],
        }
    }

    /// Tells whether a file that both sides changed is what a merge by field makes of it, the server's values staying.
    ///
    /// Not where both made it: then they are two records that bear one number.
    fn is_merged(&self, file: &File<'_>, known: Option<Option<Oid>>) -> bool {
        let File { path, was: Some(Some(was)), sides: [one, other], result } = *file else { return false };
        let text = |blob: Option<Oid>| blob.map(|blob| self.text(path, blob));
        let (ours, theirs) = if known == Some(one) { (text(other), text(one)) } else { (text(one), text(other)) };
        let was = self.text(path, was);
        let sides = Sides { base: Some(&was), ours: ours.as_deref(), theirs: theirs.as_deref() };
        let merged = merge_file(path, sides, &Authors::default(), &Authors::default());
        // Whose value stays is settled only where the server has one of them.
        let is_settled = known.is_some() || merged.conflicts.is_empty();
        is_settled && !merged.marked && is_same(path, merged.text.as_deref(), text(result).as_deref())
    }

    /// Returns what the side holds that the server has already; none when it has both or neither.
    fn known(&self, parents: [Oid; 2], held: [Option<Oid>; 2]) -> Option<Option<Oid>> {
        match parents.map(|parent| self.judged.contains(&parent)) {
            [true, false] => Some(held[1]),
            [false, true] => Some(held[0]),
            _ => None,
        }
    }
}

/// Tells whether two texts are of the same record, whoever is named in its conflicts; other files byte for byte.
fn is_same(path: &str, expected: Option<&str>, result: Option<&str>) -> bool {
    let (Some(expected), Some(result), Some((kind, number))) = (expected, result, parse_path(path)) else {
        return expected == result;
    };
    let settled = |text: &str| -> Option<Record> {
        let mut record = codec::parse(kind, &number, text).0?;
        record.remove(CONFLICTS);
        Some(record)
    };
    match (settled(expected), settled(result)) {
        (Some(one), Some(other)) => one == other,
        _ => expected == result,
    }
}
