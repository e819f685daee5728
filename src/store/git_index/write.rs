//! Putting git's index together: entries that stay are copied in long runs, ours are put between them.

use super::cache_tree::{folders_of, invalidate};
use super::file::{IndexFile, Slot, flags, is_racy, padded};
use super::{FIXED, IndexEdits, NewEntry, SIGNATURE, STAGE, STAT, Stamp};
use sha1::{Digest, Sha1};
use std::io::{self, Write};
use std::ops::Range;

/// The length of the path among the flags; a longer one ends at a zero byte.
const NAME_LEN: u16 = 0xfff;

impl IndexFile {
    /// Writes all entries with `edits` made; `written` is when they were written before. Returns the check sum.
    ///
    /// A shared index has no extensions, and always a check sum, which is its name.
    pub fn write(
        &self,
        edits: &IndexEdits,
        written: Option<Stamp>,
        is_shared: bool,
        out: &mut dyn Write,
    ) -> io::Result<[u8; 20]> {
        let hash = (is_shared || !self.unhashed).then(Sha1::new);
        let mut out = Output::new(out, hash, self.version, &self.bytes);
        out.head(self.count_with(edits))?;
        self.merge(edits, &mut |entry| match entry {
            Merged::New(path, entry) => out.entry(&fixed(entry), path.as_bytes()),
            Merged::Old(slot) => {
                let (fixed, path) = (self.fixed_of(slot), self.path_of(slot));
                let place = self.place_of(slot).filter(|_| self.version != 4);
                match (place, is_racy(fixed, written)) {
                    (Some(place), false) => out.copy(place),
                    (_, true) => out.entry(&without_size(fixed), path),
                    (None, false) => out.entry(fixed, path),
                }
            }
        })?;
        if !is_shared {
            self.write_extensions(edits, &mut out)?;
        }
        out.finish()
    }

    /// Writes the extensions that stay; folders on the way to an edit are no longer known.
    pub fn write_extensions(&self, edits: &IndexEdits, out: &mut Output<'_>) -> io::Result<()> {
        for (name, data) in &self.extensions {
            let data = if name == b"TREE" { invalidate(data, &folders_of(edits)) } else { Some(data.clone()) };
            data.iter().try_for_each(|data| out.extension(name, data))?;
        }
        Ok(())
    }

    fn count_with(&self, edits: &IndexEdits) -> u32 {
        let is_there = |path: &str| {
            let at = self.place(0, path.as_bytes());
            at.is_some_and(|at| flags(self.fixed_of(&self.entries[at])) & STAGE == 0)
        };
        let replaced = edits.keys().filter(|path| is_there(path)).count();
        (self.entries.len() - replaced + edits.values().flatten().count()) as u32
    }

    /// Walks the entries there will be, in order.
    fn merge(&self, edits: &IndexEdits, visit: &mut dyn FnMut(Merged<'_>) -> io::Result<()>) -> io::Result<()> {
        let mut edits = edits.iter().peekable();
        for slot in &self.entries {
            let path = self.path_of(slot);
            while let Some((new, entry)) = edits.next_if(|(new, _)| new.as_bytes() < path) {
                entry.iter().try_for_each(|entry| visit(Merged::New(new, entry)))?;
            }
            let is_edited = |new: &str| new.as_bytes() == path && flags(self.fixed_of(slot)) & STAGE == 0;
            match edits.next_if(|(new, _)| is_edited(new)) {
                Some((new, entry)) => entry.iter().try_for_each(|entry| visit(Merged::New(new, entry)))?,
                None => visit(Merged::Old(slot))?,
            }
        }
        edits.try_for_each(|(new, entry)| entry.iter().try_for_each(|entry| visit(Merged::New(new, entry))))
    }
}

/// An entry of the new index.
enum Merged<'a> {
    /// One that stays.
    Old(&'a Slot),
    /// One of ours.
    New(&'a str, &'a NewEntry),
}

/// Returns what stands before the path, but for its length.
pub(super) fn fixed(entry: &NewEntry) -> [u8; FIXED] {
    let mut fixed = [0; FIXED];
    fixed[..STAT].copy_from_slice(&entry.stat);
    fixed[24..28].copy_from_slice(&entry.mode.to_be_bytes());
    fixed[STAT..STAT + 20].copy_from_slice(entry.id.as_bytes());
    fixed
}

/// Returns an entry for which git compares the file itself.
pub(super) fn without_size(fixed: &[u8]) -> Vec<u8> {
    let mut fixed = fixed.to_vec();
    fixed[36..STAT].fill(0);
    fixed
}

/// The new index, written and hashed.
pub(super) struct Output<'a> {
    out: &'a mut dyn Write,
    /// None where `index.skipHash` leaves the check sum out.
    hash: Option<Sha1>,
    version: u32,
    /// The old index, and the part of it that is to be copied next.
    bytes: &'a [u8],
    run: Range<usize>,
    /// The last path, of which version 4 repeats nothing.
    last: Vec<u8>,
}

impl<'a> Output<'a> {
    pub fn new(out: &'a mut dyn Write, hash: Option<Sha1>, version: u32, bytes: &'a [u8]) -> Output<'a> {
        Output { out, hash, version, bytes, run: 0..0, last: Vec::new() }
    }

    pub fn head(&mut self, count: u32) -> io::Result<()> {
        self.put(&[&SIGNATURE[..], &self.version.to_be_bytes(), &count.to_be_bytes()].concat())
    }

    /// Writes an entry. One without a name takes the place of one in the shared index.
    pub fn entry(&mut self, fixed: &[u8], path: &[u8]) -> io::Result<()> {
        let mut bytes = fixed.to_vec();
        let flags = flags(fixed) & !NAME_LEN | (path.len().min(NAME_LEN.into()) as u16);
        bytes[FIXED - 2..FIXED].copy_from_slice(&flags.to_be_bytes());
        if self.version == 4 {
            let common = self.last.iter().zip(path).take_while(|(a, b)| a == b).count();
            push_varint(&mut bytes, self.last.len() - common);
            bytes.extend_from_slice(&path[common..]);
            bytes.push(0);
            self.last.clear();
            self.last.extend_from_slice(path);
        } else {
            bytes.extend_from_slice(path);
            bytes.resize(padded(bytes.len()), 0);
        }
        self.put(&bytes)
    }

    pub fn extension(&mut self, name: &[u8; 4], data: &[u8]) -> io::Result<()> {
        self.put(&[&name[..], &(data.len() as u32).to_be_bytes(), data].concat())
    }

    /// Writes the check sum and returns it.
    pub fn finish(mut self) -> io::Result<[u8; 20]> {
        self.copy_run()?;
        let check_sum: [u8; 20] = self.hash.map_or([0; 20], |hash| hash.finalize().into());
        self.out.write_all(&check_sum)?;
        Ok(check_sum)
    }

    /// Copies a part of the old index; parts that follow each other are copied as one.
    fn copy(&mut self, part: Range<usize>) -> io::Result<()> {
        if self.run.end != part.start {
            self.copy_run()?;
            self.run.start = part.start;
        }
        self.run.end = part.end;
        Ok(())
    }

    fn copy_run(&mut self) -> io::Result<()> {
        // In pieces that are still in the processor's cache when they are written.
        for piece in self.bytes[self.run.clone()].chunks(1 << 17) {
            write(self.out, &mut self.hash, piece)?;
        }
        self.run = 0..0;
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.copy_run()?;
        write(self.out, &mut self.hash, bytes)
    }
}

fn write(out: &mut dyn Write, hash: &mut Option<Sha1>, bytes: &[u8]) -> io::Result<()> {
    if let Some(hash) = hash {
        hash.update(bytes);
    }
    out.write_all(bytes)
}

pub(super) fn push_varint(out: &mut Vec<u8>, mut value: usize) {
    let mut bytes = vec![(value & 0x7f) as u8];
    while value > 0x7f {
        value = (value >> 7) - 1;
        bytes.push(0x80 | (value & 0x7f) as u8);
    }
    out.extend(bytes.iter().rev());
}
