//! All entries of git's index in order, to compare a commit and a work tree with.

use super::file::{IndexFile, Slot, flags, is_racy, number};
use super::{ASSUMED, EXTENDED, FIXED, STAGE, STAT, Stamp};
use crate::store::index::Stat;
use crate::store::objects::id_of;
use git2::{IndexEntry, IndexTime, ObjectType, Oid};
use std::ops::Range;

/// All entries of an index.
pub(crate) struct WholeIndex {
    pub(super) file: IndexFile,
    pub(super) stamp: Option<Stamp>,
}

impl WholeIndex {
    /// Returns how many entries there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.file.entries.len()
    }

    /// Returns the path of the entry at a place.
    pub fn path(&self, at: usize) -> Option<&str> {
        self.file.entries.get(at).and_then(|slot| std::str::from_utf8(self.file.path_of(slot)).ok())
    }

    /// Tells whether the entry at a place is this file of this folder.
    pub fn is_at(&self, at: usize, folder: &str, name: &str) -> bool {
        let path = self.file.entries.get(at).map(|slot| self.file.path_of(slot));
        let below = path.and_then(|path| path.strip_prefix(folder.as_bytes())?.strip_prefix(b"/"));
        below == Some(name.as_bytes())
    }

    /// Returns the paths that a merge left undecided (stages 1 to 3), each once, in order.
    pub fn unmerged(&self) -> Vec<String> {
        let open = self.file.entries.iter().filter(|slot| flags(self.file.fixed_of(slot)) & STAGE != 0);
        let mut paths: Vec<String> =
            open.map(|slot| String::from_utf8_lossy(self.file.path_of(slot)).into_owned()).collect();
        paths.dedup();
        paths
    }

    /// Returns the place of the first entry that is not before `path`.
    pub fn position(&self, path: &str) -> usize {
        self.file.position(0..self.file.entries.len(), path.as_bytes())
    }

    /// Returns the places of the files at or below a path.
    pub fn within(&self, path: &str) -> Range<usize> {
        if self.path(self.position(path)) == Some(path) {
            return self.position(path)..self.position(path) + 1;
        }
        // `0` follows `/`.
        self.position(&format!("{path}/"))..self.position(&format!("{path}0"))
    }

    /// Tells whether a regular file with these stats is surely what the entry says.
    pub(in crate::store) fn is_surely(&self, at: usize, file: &Stat) -> bool {
        let Some(fixed) = self.file.entries.get(at).map(|slot| self.file.fixed_of(slot)) else { return false };
        let numbers = [0, 4, 8, 12, 20, 36].map(|at| number(fixed, at).unwrap_or(0));
        let is_plain = flags(fixed) & (EXTENDED | STAGE | ASSUMED) == 0;
        is_plain && !is_racy(fixed, self.stamp) && file.has(numbers)
    }

    /// Returns the id of the tree that a commit of the index would have; none in the middle of a merge.
    pub fn tree_id(&self) -> Option<Oid> {
        self.level_id(&self.file.entries, 0)
    }

    /// Returns the index as libgit2 has it, to compare trees and files with.
    pub fn in_memory(&self) -> std::result::Result<git2::Index, git2::Error> {
        let mut index = git2::Index::new()?;
        for slot in &self.file.entries {
            let fixed = self.file.fixed_of(slot);
            let numbers: [u32; 10] = std::array::from_fn(|at| number(fixed, 4 * at).unwrap_or(0));
            let [ctime, ctime_nanoseconds, mtime, mtime_nanoseconds, dev, ino, mode, uid, gid, size] = numbers;
            let time = |seconds, nanoseconds| IndexTime::new(seconds as i32, nanoseconds);
            index.add(&IndexEntry {
                ctime: time(ctime, ctime_nanoseconds),
                mtime: time(mtime, mtime_nanoseconds),
                dev,
                ino,
                mode,
                uid,
                gid,
                // It does not know when the index was written: what is in doubt must be compared.
                file_size: if is_racy(fixed, self.stamp) { 0 } else { size },
                id: Oid::from_bytes(&fixed[STAT..STAT + 20])?,
                flags: flags(fixed),
                flags_extended: if slot.is_extended { u16::from_be_bytes([fixed[FIXED], fixed[FIXED + 1]]) } else { 0 },
                path: self.file.path_of(slot).to_vec(),
            })?;
        }
        Ok(index)
    }

    /// Returns the id of one folder; its entries' names start at `depth` in their paths.
    fn level_id(&self, entries: &[Slot], depth: usize) -> Option<Oid> {
        let name = |slot: &Slot| {
            let rest = &self.file.path_of(slot)[depth..];
            &rest[..rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len())]
        };
        let mut tree = Vec::with_capacity(entries.len() * 56);
        for group in entries.chunk_by(|a, b| name(a) == name(b)) {
            let (first, name) = (self.file.fixed_of(&group[0]), name(&group[0]));
            let below = depth + name.len() + 1;
            let is_folder = self.file.path_of(&group[0]).len() >= below;
            let id =
                if is_folder { self.level_id(group, below)? } else { Oid::from_bytes(&first[STAT..STAT + 20]).ok()? };
            let mode = if is_folder { 0o040_000 } else { number(first, 24)? };
            if flags(first) & STAGE != 0 || !is_folder && group.len() > 1 {
                return None;
            }
            tree.extend_from_slice(format!("{mode:o} ").as_bytes());
            tree.extend_from_slice(name);
            tree.push(0);
            tree.extend_from_slice(id.as_bytes());
        }
        Some(id_of(ObjectType::Tree, &tree))
    }
}
