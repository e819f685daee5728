//! What a merge changes by itself: where it is something else than its two parents brought together.
//!
//! Bringing together is what git and `sync` do: where one side left a file as it was, the other side's; where both
//! changed it, the merge by field. Choosing the version the server has already is allowed too. So a merge that takes an
//! old version of a file back, as `-s ours` does, has made that change itself and is judged for it.

use super::Push;
use crate::ops::access::Change;
use crate::record::{CONFLICTS, Record, Result};
use crate::store::merge::{Side, Sides, merge_file};
use crate::store::{Oid, codec, parse_path};
use std::collections::{BTreeSet, HashMap};

/// The files that differ from a base, with what they are.
type Differing = HashMap<String, Option<Oid>>;

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
        let mut own = Vec::new();
        for path in paths {
            let was = base.map_or(Ok(None), |base| self.repo.blob_at(base, path))?;
            let at = |side: &Differing| side.get(path).copied().unwrap_or(was);
            let (one, other, result) = (at(&one), at(&other), at(&result));
            let alike = self.is_alike(&bases, path)?;
            own.extend(self.own_of_file(path, [was, one, other, result], parents, alike)?);
        }
        Ok(own)
    }

    /// Tells whether all bases hold the same at a path; where they do not, nothing tells who changed it.
    fn is_alike(&self, bases: &[Oid], path: &str) -> Result<bool> {
        let held: Result<BTreeSet<Option<Oid>>> = bases.iter().map(|base| self.repo.blob_at(*base, path)).collect();
        Ok(held?.len() <= 1)
    }

    fn own_of_file(
        &self,
        path: &str,
        [was, one, other, result]: [Option<Oid>; 4],
        parents: [Oid; 2],
        alike: bool,
    ) -> Result<Option<Change>> {
        let expected = match (one, other) {
            _ if one == other => Some(one),
            _ if !alike => None,
            _ if one == was => Some(other),
            _ if other == was => Some(one),
            _ => None,
        };
        if expected == Some(result) {
            return Ok(None);
        }
        if let Some(expected) = expected {
            return Ok(Some(self.change(path.to_string(), expected, result)));
        }
        // Both changed it: what the server has may stay, for what is dropped then is only what is being pushed.
        let known = self.known(parents, [one, other])?;
        if known == Some(result) {
            return Ok(None);
        }
        let before = known.unwrap_or(one);
        if !alike {
            return Ok(Some(self.change(path.to_string(), before, result)));
        }
        let texts = [was, one, other, result].map(|blob| blob.map(|blob| self.text(path, blob)));
        let [was, one, other, result] = &texts;
        let merged = |ours: &Option<String>, theirs: &Option<String>| {
            let sides = Sides { base: was.as_deref(), ours: ours.as_deref(), theirs: theirs.as_deref() };
            let side = Side { by: String::new(), at: self.now.fixed_offset() };
            merge_file(path, sides, &side, &side).text
        };
        let expected = [merged(one, other), merged(other, one)];
        if expected.iter().any(|expected| is_same(path, expected.as_deref(), result.as_deref())) {
            return Ok(None);
        }
        let [before, _] = expected;
        Ok(Some(Change { path: path.to_string(), before, after: result.clone() }))
    }

    /// Returns what the side holds that the server has already; none when it has both or neither.
    fn known(&self, parents: [Oid; 2], held: [Option<Oid>; 2]) -> Result<Option<Option<Oid>>> {
        let is_new = parents.map(|parent| self.judged.contains(&parent));
        Ok(match is_new {
            [true, false] => Some(held[1]),
            [false, true] => Some(held[0]),
            _ => None,
        })
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
