//! Putting git's index together: entries that stay are copied in long runs, ours are put between them.

use super::cache_tree::{folders_of, invalidate};
use super::parse::padded;
use super::{FIXED, GitIndex, IndexEdits, NewEntry, SIGNATURE, STAGE, STAT, Slot, Staged, flags};
use sha1::{Digest, Sha1};
use std::io::{self, Write};
use std::ops::Range;

impl GitIndex {
    /// Writes the index with `edits` made.
    pub fn write(&self, edits: &IndexEdits, out: &mut dyn Write) -> io::Result<()> {
        let mut out = Output { out, hash: (!self.unhashed).then(Sha1::new), run: 0..0, bytes: &self.bytes };
        out.put(SIGNATURE)?;
        out.put(&self.version.to_be_bytes())?;
        out.put(&self.count_with(edits).to_be_bytes())?;
        match self.version {
            4 => self.write_compressed(edits, &mut out)?,
            _ => self.write_entries(edits, &mut out)?,
        }
        for (name, data) in &self.extensions {
            let data = if name == b"TREE" { invalidate(data, &folders_of(edits)) } else { Some(data.clone()) };
            if let Some(data) = data {
                out.put(&[&name[..], &(data.len() as u32).to_be_bytes(), &data].concat())?;
            }
        }
        out.finish()
    }

    fn count_with(&self, edits: &IndexEdits) -> u32 {
        let replaced = edits.keys().filter(|path| matches!(self.find(path), Staged::Blob(..))).count();
        (self.entries.len() - replaced + edits.values().flatten().count()) as u32
    }

    fn write_entries(&self, edits: &IndexEdits, out: &mut Output<'_>) -> io::Result<()> {
        self.merge(edits, &mut |entry| match entry {
            Merged::Old(at, slot) if !self.is_racy(self.fixed_of(slot)) => out.copy(self.place_of(at)),
            Merged::Old(at, _) => {
                let mut entry = self.bytes[self.place_of(at)].to_vec();
                forget_size(&mut entry);
                out.put(&entry)
            }
            Merged::New(path, entry) => {
                let mut bytes = [&fixed(path, entry)[..], path.as_bytes()].concat();
                bytes.resize(padded(bytes.len()), 0);
                out.put(&bytes)
            }
        })
    }

    /// Version 4 writes what a path shares with the last one as a length, so every entry is made anew.
    fn write_compressed(&self, edits: &IndexEdits, out: &mut Output<'_>) -> io::Result<()> {
        let mut last: Vec<u8> = Vec::new();
        let mut put = |fixed: &[u8], path: &[u8]| {
            let common = last.iter().zip(path).take_while(|(a, b)| a == b).count();
            let mut bytes = fixed.to_vec();
            push_varint(&mut bytes, last.len() - common);
            bytes.extend_from_slice(&path[common..]);
            bytes.push(0);
            last.clear();
            last.extend_from_slice(path);
            out.put(&bytes)
        };
        self.merge(edits, &mut |entry| match entry {
            Merged::Old(_, slot) => {
                let mut fixed = self.fixed_of(slot).to_vec();
                if self.is_racy(&fixed) {
                    forget_size(&mut fixed);
                }
                put(&fixed, self.path_of(slot))
            }
            Merged::New(path, entry) => put(&fixed(path, entry), path.as_bytes()),
        })
    }

    /// Walks the entries there will be, in order.
    fn merge(&self, edits: &IndexEdits, visit: &mut dyn FnMut(Merged<'_>) -> io::Result<()>) -> io::Result<()> {
        let mut edits = edits.iter().peekable();
        for (at, slot) in self.entries.iter().enumerate() {
            let path = self.path_of(slot);
            while let Some((new, entry)) = edits.next_if(|(new, _)| new.as_bytes() < path) {
                entry.iter().try_for_each(|entry| visit(Merged::New(new, entry)))?;
            }
            let is_edited = |new: &str| new.as_bytes() == path && flags(self.fixed_of(slot)) & STAGE == 0;
            match edits.next_if(|(new, _)| is_edited(new)) {
                Some((new, entry)) => entry.iter().try_for_each(|entry| visit(Merged::New(new, entry)))?,
                None => visit(Merged::Old(at, slot))?,
            }
        }
        edits.try_for_each(|(new, entry)| entry.iter().try_for_each(|entry| visit(Merged::New(new, entry))))
    }

    /// Returns the bytes of an entry, with those that fill it up.
    fn place_of(&self, at: usize) -> Range<usize> {
        let start = |slot: &Slot| slot.fixed as usize;
        start(&self.entries[at])..self.entries.get(at + 1).map_or(self.entries_end, start)
    }
}

/// An entry of the new index.
enum Merged<'a> {
    /// One that stays, with its place among the old ones.
    Old(usize, &'a Slot),
    /// One of ours.
    New(&'a str, &'a NewEntry),
}

/// Returns what stands before the path.
fn fixed(path: &str, entry: &NewEntry) -> [u8; FIXED] {
    let mut fixed = [0; FIXED];
    fixed[..STAT].copy_from_slice(&entry.stat);
    fixed[24..28].copy_from_slice(&entry.mode.to_be_bytes());
    fixed[STAT..STAT + 20].copy_from_slice(entry.id.as_bytes());
    fixed[60..].copy_from_slice(&(path.len().min(0xfff) as u16).to_be_bytes());
    fixed
}

/// Makes git compare the file itself.
fn forget_size(entry: &mut [u8]) {
    entry[36..STAT].fill(0);
}

/// The new index, written and hashed.
struct Output<'a> {
    out: &'a mut dyn Write,
    /// None where `index.skipHash` leaves the check sum out.
    hash: Option<Sha1>,
    /// The old index, and the part of it that is to be copied next.
    bytes: &'a [u8],
    run: Range<usize>,
}

impl Output<'_> {
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

    fn finish(mut self) -> io::Result<()> {
        self.copy_run()?;
        let check_sum: [u8; 20] = self.hash.map_or([0; 20], |hash| hash.finalize().into());
        self.out.write_all(&check_sum)
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
