//! A chunk: what is known of the files of one folder, in one piece.
//!
//! A check sum, then entry after entry sorted by file name. Entries that did not change are copied as
//! bytes when a chunk is written anew.

use super::hash::hash64;
use super::stored::{StoredFinding, StoredRow};
use crate::record::{Finding, Row};
use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// What the file system says of a file; any change of content changes some of it, but see [`Stat::is_racy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::store) struct Stat {
    size: u64,
    /// Nanoseconds since 1970.
    modified: i64,
    /// Nanoseconds since 1970; moves with every change, no program can set it.
    changed: i64,
    inode: u64,
}

/// The longest tick of a clock that counts nanoseconds, with room to spare.
const FINE_TICK: Duration = Duration::from_millis(20);
/// The tick of file systems that count whole seconds (two on FAT).
const COARSE_TICK: Duration = Duration::from_secs(2);

impl Stat {
    #[cfg(unix)]
    pub(in crate::store) fn new(file: &Metadata) -> Stat {
        use std::os::unix::fs::MetadataExt;
        let nanos = |seconds: i64, nanos: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanos);
        Stat {
            size: file.size(),
            modified: nanos(file.mtime(), file.mtime_nsec()),
            changed: nanos(file.ctime(), file.ctime_nsec()),
            inode: file.ino(),
        }
    }

    #[cfg(not(unix))]
    pub(in crate::store) fn new(file: &Metadata) -> Stat {
        let modified = file.modified().map_or(0, since_epoch);
        Stat { size: file.len(), modified, changed: modified, inode: 0 }
    }

    /// Returns the size of the file.
    pub(in crate::store) fn size(&self) -> u64 {
        self.size
    }

    /// Tells whether these are the numbers git keeps of the file, each cut to 32 bits: seconds and
    /// nanoseconds of the last change and of the last modification, inode, size.
    pub(in crate::store) fn has(&self, numbers: [u32; 6]) -> bool {
        let split = |nanos: i64| [nanos.div_euclid(1_000_000_000) as u32, nanos.rem_euclid(1_000_000_000) as u32];
        let ([changed, changed_nanos], [modified, modified_nanos]) = (split(self.changed), split(self.modified));
        numbers == [changed, changed_nanos, modified, modified_nanos, self.inode as u32, self.size as u32]
    }

    /// Tells whether the file, looked at at `seen`, may be changed again within the same tick of the
    /// file system's clock, so that equal stats prove nothing. Such an entry is read again next time.
    pub(in crate::store) fn is_racy(&self, seen: SystemTime) -> bool {
        let latest = self.modified.max(self.changed);
        let tick = if latest % 1_000_000_000 == 0 { COARSE_TICK } else { FINE_TICK };
        latest >= since_epoch(seen).saturating_sub(tick.as_nanos() as i64)
    }
}

/// Returns nanoseconds since 1970, 0 for earlier.
fn since_epoch(moment: SystemTime) -> i64 {
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// What is known of one file.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct Entry<'a> {
    /// The file's name, with its ending.
    pub name: &'a str,
    /// What it was when it was read.
    pub stat: Stat,
    /// Whether it may have changed since without a trace.
    pub racy: bool,
    #[serde(borrow)]
    row: Option<StoredRow<'a>>,
    findings: Vec<StoredFinding<'a>>,
}

/// What a file holds.
pub(in crate::store) struct Content {
    /// The fields; none when it is no record.
    pub row: Option<Row>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

impl Entry<'_> {
    /// Makes the content; nothing when it does not fit the declaration.
    pub(in crate::store) fn content(self, fields: &'static [crate::record::Field], folder: &str) -> Option<Content> {
        let row = match self.row {
            Some(row) => Some(row.row(fields)?),
            None => None,
        };
        let mut findings = Vec::new();
        if !self.findings.is_empty() {
            let path = format!("{folder}/{}", self.name);
            for finding in self.findings {
                findings.push(finding.finding(&path)?);
            }
        }
        Some(Content { row, findings })
    }
}

/// Walks the entries of a chunk; ends early when the rest cannot be read.
pub(in crate::store) struct Entries<'a>(&'a [u8]);

impl<'a> Entries<'a> {
    /// Starts at the first entry; there is none when the check sum is wrong.
    pub(in crate::store) fn new(chunk: &'a [u8]) -> Entries<'a> {
        match chunk.split_first_chunk::<8>() {
            Some((sum, entries)) if u64::from_le_bytes(*sum) == hash64(entries) => Entries(entries),
            _ => Entries(&[]),
        }
    }
}

impl<'a> Iterator for Entries<'a> {
    /// An entry and its bytes.
    type Item = (Entry<'a>, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let (entry, rest) = postcard::take_from_bytes::<Entry<'a>>(self.0).ok()?;
        let bytes = self.0.get(..self.0.len() - rest.len())?;
        self.0 = rest;
        Some((entry, bytes))
    }
}

/// A chunk being brought up to date: as long as nothing differs, nothing is copied.
pub(in crate::store) struct ChunkUpdate<'a> {
    entries: &'a [u8],
    /// How many bytes of the entries stay as they are, from the start.
    kept: usize,
    writer: Option<ChunkWriter>,
}

impl<'a> ChunkUpdate<'a> {
    /// Starts with the chunk there was, if any.
    pub(in crate::store) fn new(chunk: Option<&'a [u8]>) -> ChunkUpdate<'a> {
        let entries = chunk.and_then(|chunk| chunk.get(8..)).unwrap_or_default();
        ChunkUpdate { entries, kept: 0, writer: chunk.is_none().then(ChunkWriter::new) }
    }

    /// Keeps the next entry of the old chunk.
    pub(in crate::store) fn keep(&mut self, entry: &[u8]) {
        match &mut self.writer {
            Some(writer) => writer.copy(entry),
            None => self.kept += entry.len(),
        }
    }

    /// Leaves out the next entry of the old chunk, or writes others in its place.
    pub(in crate::store) fn change(&mut self) -> &mut ChunkWriter {
        self.writer.get_or_insert_with(|| {
            let mut writer = ChunkWriter::new();
            writer.copy(&self.entries[..self.kept]);
            writer
        })
    }

    /// Returns the new chunk; nothing when it is the old one.
    pub(in crate::store) fn finish(self) -> Option<Vec<u8>> {
        self.writer.map(ChunkWriter::finish)
    }
}

/// A chunk being written; entries must come sorted by name.
pub(in crate::store) struct ChunkWriter(Vec<u8>);

impl ChunkWriter {
    pub(in crate::store) fn new() -> ChunkWriter {
        ChunkWriter(vec![0; 8])
    }

    /// Adds an entry as it stood in another chunk.
    pub(in crate::store) fn copy(&mut self, entry: &[u8]) {
        self.0.extend_from_slice(entry);
    }

    /// Adds an entry.
    pub(in crate::store) fn add(&mut self, name: &str, stat: Stat, racy: bool, content: &Content) {
        let row = content.row.as_ref().map(StoredRow::new);
        let findings = content.findings.iter().map(StoredFinding::new).collect();
        let entry = Entry { name, stat, racy, row, findings };
        let start = self.0.len();
        let bytes = std::mem::take(&mut self.0);
        // Writing to memory cannot fail; if it did, the check sum would reject the chunk.
        self.0 = postcard::to_extend(&entry, bytes).unwrap_or_default();
        debug_assert!(self.0.len() > start);
    }

    /// Returns the chunk.
    pub(in crate::store) fn finish(mut self) -> Vec<u8> {
        if let Some((sum, entries)) = self.0.split_first_chunk_mut::<8>() {
            *sum = hash64(entries).to_le_bytes();
        }
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{LEAD, Number};
    use crate::store::codec::parse;

    fn chunk() -> (Vec<u8>, Content) {
        let number = Number::parse("LEAD-2026-001").unwrap();
        let text = "company = \"某某\"\nbudget_min = \"5.00\"\nacquired_on = 2026-03-12\nassigned_at = 2026-03-12T09:00:00+08:00\n\
                    tags = [\"a\"]\nphone = 5\ncompnay = 1\n[custom]\nb = 1.5\n[[verifications]]\nby = \"x\"\n";
        let (record, findings) = parse(LEAD, &number, text);
        let content = Content { row: record.map(|record| record.row), findings };
        let mut writer = ChunkWriter::new();
        writer.add("LEAD-2026-001.toml", Stat::default(), false, &content);
        (writer.finish(), content)
    }

    #[test]
    fn comes_back_as_it_was() {
        let (chunk, content) = chunk();
        let entries: Vec<_> = Entries::new(&chunk).collect();
        assert_eq!(entries.len(), 1);
        let (entry, bytes) = entries.into_iter().next().unwrap();
        assert_eq!(bytes.len(), chunk.len() - 8);
        let back = entry.content(LEAD.fields, "leads/2026").unwrap();
        assert_eq!((back.row, back.findings), (content.row, content.findings));
    }

    #[test]
    fn damage_is_noticed() {
        let (mut chunk, _) = chunk();
        chunk[40] ^= 1;
        assert_eq!(Entries::new(&chunk).count(), 0);
        assert_eq!(Entries::new(&[1, 2]).count(), 0);
    }

    #[test]
    fn a_file_changed_just_now_is_racy() {
        let seen = SystemTime::UNIX_EPOCH + Duration::from_millis(10_000);
        let at = |nanos: i64| Stat { changed: nanos, ..Stat::default() };
        assert!(at(9_999_000_001).is_racy(seen));
        assert!(!at(9_900_000_001).is_racy(seen));
        assert!(at(9_000_000_000).is_racy(seen), "whole seconds: a coarse clock");
        assert!(at(20_000_000_001).is_racy(seen), "the future");
    }
}
