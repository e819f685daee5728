//! Taking git's index apart.
//!
//! The check sum is looked at when the index is to be written anew ([`GitIndex::is_sound`]): hashing 20 MB takes
//! longer than most of what only reads.

use super::super::error::unsupported;
use super::{EXTENDED, FIXED, GitIndex, SIGNATURE, Slot, flags, number};
use crate::record::Result;
use crate::words;

impl GitIndex {
    /// Takes `bytes` apart. Returns none when they are damaged, a failure when they are of an unsupported kind.
    pub(super) fn parse(&mut self) -> Option<Result<()>> {
        let end = self.bytes.len().checked_sub(20).filter(|end| u32::try_from(*end).is_ok())?;
        self.unhashed = self.bytes.get(end..)? == [0; 20];
        if self.bytes.get(..4)? != SIGNATURE {
            return None;
        }
        self.version = number(&self.bytes, 4)?;
        let count = number(&self.bytes, 8)? as usize;
        if !(2..=4).contains(&self.version) {
            return None;
        }
        self.entries.reserve(count.min(end / FIXED));
        let mut at = 12;
        for _ in 0..count {
            at = self.parse_entry(at, end)?;
        }
        if at > end {
            return None;
        }
        self.entries_end = at;
        while at < end {
            let name: [u8; 4] = self.bytes.get(at..at + 4)?.try_into().ok()?;
            let size = number(&self.bytes, at + 4)? as usize;
            let data = self.bytes.get(at + 8..at.checked_add(8)?.checked_add(size)?.min(end))?.to_vec();
            at += 8 + size;
            if name[0].is_ascii_lowercase() {
                return Some(Err(unsupported(words!("a split or sparse index", "拆分索引或稀疏索引"))));
            }
            if matches!(&name, b"TREE" | b"REUC") {
                self.extensions.push((name, data));
            }
        }
        Some(Ok(()))
    }

    /// Reads the entry at `at`; returns where the next one begins.
    fn parse_entry(&mut self, at: usize, end: usize) -> Option<usize> {
        let flags = flags(self.bytes.get(at..at + FIXED)?);
        let is_extended = flags & EXTENDED != 0;
        let name_at = at + FIXED + if is_extended { 2 } else { 0 };
        let (path, path_len, next) = match self.version {
            4 => self.parse_compressed(name_at, end)?,
            _ => {
                let name = self.bytes.get(name_at..end)?;
                let len = match usize::from(flags & 0xfff) {
                    0xfff => name.iter().position(|byte| *byte == 0)?,
                    len => len,
                };
                (name.get(len)? == &0).then_some((name_at, len, at + padded(name_at - at + len)))?
            }
        };
        self.entries.push(Slot {
            fixed: at as u32,
            path: path as u32,
            path_len: u16::try_from(path_len).ok()?,
            is_extended,
        });
        Some(next)
    }

    /// Reads a name as version 4 has it: how much of the last one is dropped, and what follows; it is put together
    /// in `paths`. Returns where it stands there, its length, and where the next entry begins.
    fn parse_compressed(&mut self, at: usize, end: usize) -> Option<(usize, usize, usize)> {
        let (strip, used) = read_varint(self.bytes.get(at..end)?)?;
        let from = at + used;
        let path = self.paths.len();
        let last = self.entries.last().map_or((0, 0), |slot| (slot.path as usize, usize::from(slot.path_len)));
        let kept = last.1.checked_sub(strip)?;
        self.paths.extend_from_within(last.0..last.0 + kept);
        let name_len = self.bytes.get(from..end)?.iter().position(|byte| *byte == 0)?;
        self.paths.extend_from_slice(&self.bytes[from..from + name_len]);
        Some((path, self.paths.len() - path, from + name_len + 1))
    }
}

/// Entries end with one to eight zero bytes, on a multiple of eight.
pub(super) fn padded(len: usize) -> usize {
    (len + 8) & !7
}

fn read_varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = usize::from(bytes.first()? & 0x7f);
    let mut used = 1;
    while bytes[used - 1] & 0x80 != 0 {
        let byte = *bytes.get(used)?;
        value = value.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        used += 1;
    }
    Some((value, used))
}

#[cfg(test)]
mod tests {
    use super::super::write::push_varint;
    use super::*;

    #[test]
    fn varints() {
        for value in [0, 1, 127, 128, 255, 16_511, 16_512, 1_000_000] {
            let mut out = Vec::new();
            push_varint(&mut out, value);
            assert_eq!(read_varint(&out), Some((value, out.len())));
        }
    }
}
