//! Taking git's index apart.
//!
//! The check sum is looked at when the index is to be written anew ([`IndexFile::is_sound`]): hashing 20 MB takes
//! longer than most of what only reads.

use super::super::error::unsupported;
use super::file::{IndexFile, Slot, flags, is_extended, number, padded};
use super::link::Link;
use super::{FIXED, SIGNATURE};
use crate::record::Result;
use crate::words;

/// Where the entries begin.
const START: usize = 12;

impl IndexFile {
    /// Takes `bytes` apart. Returns none when they are damaged, a failure when they are of an unsupported kind.
    pub fn parse(bytes: Vec<u8>) -> Option<Result<IndexFile>> {
        let end = bytes.len().checked_sub(20).filter(|end| u32::try_from(*end).is_ok())?;
        let (version, count) = header(&bytes)?;
        let unhashed = bytes[end..] == [0; 20];
        let mut file = IndexFile { version, len: bytes.len(), bytes, unhashed, ..IndexFile::default() };
        file.entries.reserve((count as usize).min(end / FIXED));
        let mut at = file.parse_entries(START, end, count)?;
        while at < end {
            let name: [u8; 4] = file.bytes.get(at..at + 4)?.try_into().ok()?;
            let size = number(&file.bytes, at + 4)? as usize;
            let data = file.bytes.get(at + 8..at.checked_add(8)?.checked_add(size)?.min(end))?;
            match &name {
                b"link" => file.link = Some(Link::read(data)?).filter(|link| link.shared != [0; 20]),
                b"TREE" | b"REUC" => file.extensions.push((name, data.to_vec())),
                _ if name[0].is_ascii_lowercase() => {
                    return Some(Err(unsupported(words!("a sparse index", "稀疏索引"))));
                }
                _ => {}
            }
            at += 8 + size;
        }
        file.names_fit().then_some(Ok(file))
    }

    /// Reads `count` entries from `at`; returns where they end.
    pub fn parse_entries(&mut self, mut at: usize, end: usize, count: u32) -> Option<usize> {
        let mut paths = Vec::new();
        for _ in 0..count {
            at = self.parse_entry(at, end, &mut paths)?;
        }
        self.bytes.append(&mut paths);
        u32::try_from(self.bytes.len()).is_ok().then_some(at).filter(|at| *at <= end)
    }

    /// Reads the entry at `at`; returns where the next one begins.
    fn parse_entry(&mut self, at: usize, end: usize, paths: &mut Vec<u8>) -> Option<usize> {
        let fixed = self.bytes.get(at..at + FIXED)?;
        let (flags, is_extended) = (flags(fixed), is_extended(fixed));
        let name_at = at + FIXED + if is_extended { 2 } else { 0 };
        let (path, path_len, next) = match self.version {
            4 => self.parse_compressed(name_at, end, paths)?,
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
    /// in `paths`, which will stand behind the file. Returns where it stands then, its length, and where the next
    /// entry begins.
    fn parse_compressed(&self, at: usize, end: usize, paths: &mut Vec<u8>) -> Option<(usize, usize, usize)> {
        let (strip, used) = read_varint(self.bytes.get(at..end)?)?;
        let from = at + used;
        let start = paths.len();
        let last = self.entries.last().map(|slot| (slot.path as usize - self.bytes.len(), usize::from(slot.path_len)));
        let (last_at, last_len) = last.unwrap_or_default();
        let kept = last_len.checked_sub(strip)?;
        paths.extend_from_within(last_at..last_at + kept);
        let name_len = self.bytes.get(from..end)?.iter().position(|byte| *byte == 0)?;
        paths.extend_from_slice(&self.bytes[from..from + name_len]);
        Some((self.bytes.len() + start, paths.len() - start, from + name_len + 1))
    }

    /// Tells whether exactly the entries have no name that take the place of shared ones.
    fn names_fit(&self) -> bool {
        let replaced = self.link.as_ref().map_or(0, |link| link.replaced.len());
        let mut nameless = self.entries.iter().map(|slot| slot.path_len == 0);
        nameless.by_ref().take(replaced).filter(|is| *is).count() == replaced && !nameless.any(|is| is)
    }
}

/// Reads the version and the count of entries; none when the file is no index.
pub(super) fn header(bytes: &[u8]) -> Option<(u32, u32)> {
    let version = number(bytes, 4).filter(|version| (2..=4).contains(version))?;
    (bytes.get(..4)? == SIGNATURE).then_some((version, number(bytes, 8)?))
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
