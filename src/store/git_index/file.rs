//! One file of git's index, taken apart: where its entries lie, and what it keeps beside them.
//!
//! Format: git's documentation `gitformat-index`, versions 2, 3 and 4.

use super::link::Link;
use super::{EXTENDED, FIXED, STAGE, STAT, Staged, Stamp};
use git2::Oid;
use sha1::{Digest, Sha1};
use std::ops::Range;

/// The entries of an index, in order, with the bytes they lie in.
#[derive(Debug, Clone, Default)]
pub(super) struct IndexFile {
    pub version: u32,
    /// The file; behind it the paths that version 4 leaves to be put together.
    pub bytes: Vec<u8>,
    /// How much of `bytes` is the file.
    pub len: usize,
    pub entries: Vec<Slot>,
    /// The extensions that are kept.
    pub extensions: Vec<([u8; 4], Vec<u8>)>,
    /// Whether `index.skipHash` left the check sum out.
    pub unhashed: bool,
    /// The shared index that this one changes.
    pub link: Option<Link>,
}

/// Where an entry lies in the bytes; there may be hundreds of thousands, so it is kept small.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub fixed: u32,
    pub path: u32,
    pub path_len: u16,
    pub is_extended: bool,
}

impl IndexFile {
    /// Tells whether the check sum is right; 20 ms for 200,000 entries, so only who writes the index asks.
    pub fn is_sound(&self) -> bool {
        match self.bytes[..self.len].split_last_chunk::<20>() {
            Some((bytes, check_sum)) => self.unhashed || Sha1::digest(bytes)[..] == check_sum[..],
            None => true,
        }
    }

    /// Returns the place of the first entry from `range` that is not before `path`.
    pub fn position(&self, range: Range<usize>, path: &[u8]) -> usize {
        range.start + self.entries[range].partition_point(|slot| self.path_of(slot) < path)
    }

    /// Returns the place of the first entry from `start` on that has this path.
    pub fn place(&self, start: usize, path: &[u8]) -> Option<usize> {
        let at = self.position(start..self.entries.len(), path);
        self.entries.get(at).filter(|slot| self.path_of(slot) == path).map(|_| at)
    }

    pub fn path_of(&self, slot: &Slot) -> &[u8] {
        &self.bytes[slot.path as usize..slot.path as usize + usize::from(slot.path_len)]
    }

    /// Returns stat data, mode, id and flags.
    pub fn fixed_of(&self, slot: &Slot) -> &[u8] {
        let start = slot.fixed as usize;
        &self.bytes[start..start + if slot.is_extended { FIXED + 2 } else { FIXED }]
    }

    /// Returns the bytes of an entry with those that fill it up, where they lie together as versions 2 and 3
    /// have them.
    pub fn place_of(&self, slot: &Slot) -> Option<Range<usize>> {
        let (start, path) = (slot.fixed as usize, slot.path as usize);
        let lies_together = path == start + self.fixed_of(slot).len() && path < self.len;
        lies_together.then(|| start..start + padded(path - start + usize::from(slot.path_len)))
    }

    /// Puts the entries of a split index together: those of `shared`, as this one changes them.
    ///
    /// Returns none when the two do not belong together.
    pub fn over(mut self, mut shared: IndexFile) -> Option<IndexFile> {
        let Some(link) = self.link.take() else { return Some(self) };
        let moved = u32::try_from(shared.bytes.len()).ok()?;
        let by = |slot: &Slot| Slot { fixed: slot.fixed + moved, path: slot.path + moved, ..*slot };
        u32::try_from(shared.bytes.len() + self.bytes.len()).ok()?;
        for (at, slot) in link.replaced.iter().zip(&self.entries) {
            let old = shared.entries.get_mut(*at as usize)?;
            *old = Slot { fixed: slot.fixed + moved, is_extended: slot.is_extended, ..*old };
        }
        link.deleted.last().is_none_or(|last| (*last as usize) < shared.entries.len()).then_some(())?;
        let mut deleted = link.deleted.iter().peekable();
        let mut at = 0;
        shared.entries.retain(|_| {
            at += 1;
            deleted.next_if(|deleted| **deleted == at - 1).is_none()
        });
        let added = self.entries.get(link.replaced.len()..)?.iter().map(by);
        shared.entries.extend(added);
        shared.bytes.append(&mut self.bytes);
        let IndexFile { bytes, entries, .. } = &mut shared;
        let path = |slot: &Slot| &bytes[slot.path as usize..slot.path as usize + usize::from(slot.path_len)];
        let stage = |slot: &Slot| flags(&bytes[slot.fixed as usize..]) & STAGE;
        // Two runs that are sorted already, which a stable sort only merges.
        entries.sort_by(|a, b| path(a).cmp(path(b)).then(stage(a).cmp(&stage(b))));
        let version = shared.version.max(self.version);
        Some(IndexFile { version, extensions: self.extensions, unhashed: self.unhashed, ..shared })
    }
}

/// Returns what an entry stages.
pub(super) fn staged(fixed: &[u8]) -> Staged {
    match Oid::from_bytes(&fixed[STAT..STAT + 20]) {
        Ok(id) if flags(fixed) & STAGE == 0 => Staged::Blob(id, number(fixed, 24).unwrap_or(0)),
        _ => Staged::Conflict,
    }
}

/// Tells whether the file may have changed after it was staged without its stat data showing it; `written` is
/// when the index was.
pub(super) fn is_racy(fixed: &[u8], written: Option<Stamp>) -> bool {
    let Some(written) = written else { return false };
    let modified = modified(fixed);
    modified != (0, 0) && modified >= (written.seconds, written.nanoseconds)
}

/// Returns when the file was modified, in seconds and nanoseconds.
pub(super) fn modified(fixed: &[u8]) -> (u32, u32) {
    (number(fixed, 8).unwrap_or(0), number(fixed, 12).unwrap_or(0))
}

/// Entries end with one to eight zero bytes, on a multiple of eight.
pub(super) fn padded(len: usize) -> usize {
    (len + 8) & !7
}

pub(super) fn flags(fixed: &[u8]) -> u16 {
    u16::from_be_bytes([fixed[60], fixed[61]])
}

pub(super) fn is_extended(fixed: &[u8]) -> bool {
    flags(fixed) & EXTENDED != 0
}

pub(super) fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
