//! Writing an index that is split: a large one that seldom changes, shared, and a small one with what changed.
//!
//! git makes the same to save the writing of a large index (`git update-index --split-index`). Which of the
//! three forms is written is decided in [`GitIndex::form`]; programs on libgit2 read only a whole one, so a small
//! index stays whole, and a large one too where `core.splitIndex` says no.

use super::super::error::IoResult;
use super::file::is_racy;
use super::link::Link;
use super::write::{Output, fixed, without_size};
use super::{GitIndex, IndexEdits, shared};
use crate::record::Result;
use sha1::{Digest, Sha1};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

/// From so many entries on, writing the whole index with every commit is what a commit waits for.
const LARGE: usize = 8192;
/// More changes than this are not kept beside the shared index: a new one is written.
const MOST_CHANGES: usize = 4096;

/// How an index is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// All entries in one file.
    Whole,
    /// All entries in a new shared index, and a small one that names it.
    Shared,
    /// What differs from the shared index there is.
    Changes,
}

/// What stands in the small index.
#[derive(Default)]
struct Changes<'a> {
    deleted: BTreeSet<u32>,
    replaced: BTreeMap<u32, Cow<'a, [u8]>>,
    /// What the shared index lacks, by path; of a path that a merge left undecided several.
    added: BTreeMap<&'a [u8], Vec<Cow<'a, [u8]>>>,
}

impl GitIndex {
    /// Writes the index with `edits` made; a new shared index goes beside it. `splitting` is what
    /// `core.splitIndex` says.
    pub fn write(&self, edits: &IndexEdits, splitting: Option<bool>, out: &mut dyn Write) -> Result<()> {
        match self.form(edits.len(), splitting) {
            Form::Changes => {
                let changes = self.changes(edits)?;
                self.write_changes(&changes, edits, out).at(&self.path)
            }
            Form::Whole => self.all()?.write(edits, self.stamp, false, out).map(drop).at(&self.path),
            Form::Shared => {
                let all = self.all()?;
                let kept = self.shared.as_ref().map(|shared| shared.path());
                let git_dir = self.path.parent().unwrap_or(Path::new(""));
                let link = shared::create(git_dir, kept, |out| all.write(edits, self.stamp, true, out));
                link.and_then(|link| self.write_small(&link, &Changes::default(), edits, out)).at(&self.path)
            }
        }
    }

    /// Tells whether what would be written anew is sound as it was read; 20 ms for 200,000 entries.
    pub fn is_sound(&self, edits: &IndexEdits, splitting: Option<bool>) -> Result<bool> {
        Ok(self.own.is_sound()
            && match &self.shared {
                Some(shared) if self.form(edits.len(), splitting) != Form::Changes => shared.whole()?.is_sound(),
                _ => true,
            })
    }

    fn form(&self, edits: usize, splitting: Option<bool>) -> Form {
        let own = self.own.entries.len() + edits;
        match (&self.shared, splitting) {
            (_, Some(false)) => Form::Whole,
            (None, None) if own < LARGE => Form::Whole,
            (None, _) => Form::Shared,
            (Some(_), _) if own > MOST_CHANGES => Form::Shared,
            // Entries that may have been edited in the instant the index was written must lose their size, and
            // they are found only by looking at all.
            (Some(shared), _) if self.stamp.is_some_and(|at| shared.newest() >= at.time()) => Form::Shared,
            (Some(_), _) => Form::Changes,
        }
    }

    /// Returns the small index as it will be.
    fn changes<'a>(&'a self, edits: &'a IndexEdits) -> Result<Changes<'a>> {
        let (own, mut changes) = (&self.own, Changes::default());
        let (Some(shared), Some(link)) = (&self.shared, &own.link) else { return Ok(changes) };
        let kept = |fixed: &'a [u8]| match is_racy(fixed, self.stamp) {
            true => Cow::Owned(without_size(fixed)),
            false => Cow::Borrowed(fixed),
        };
        let (replaced, added) = own.entries.split_at(link.replaced.len());
        changes.deleted.extend(&link.deleted);
        changes.replaced.extend(link.replaced.iter().zip(replaced).map(|(at, slot)| (*at, kept(own.fixed_of(slot)))));
        for slot in added {
            changes.added.entry(own.path_of(slot)).or_default().push(kept(own.fixed_of(slot)));
        }
        for (path, entry) in edits {
            match shared.find(path.as_bytes())?.filter(|(at, _)| !changes.deleted.contains(at)) {
                Some((at, _)) => match entry {
                    Some(entry) => drop(changes.replaced.insert(at, Cow::Owned(fixed(entry).to_vec()))),
                    None => {
                        changes.replaced.remove(&at);
                        changes.deleted.insert(at);
                    }
                },
                None => match entry {
                    Some(entry) => {
                        let fixed = Cow::Owned(fixed(entry).to_vec());
                        changes.added.insert(path.as_bytes(), vec![fixed]);
                    }
                    None => drop(changes.added.remove(path.as_bytes())),
                },
            }
        }
        Ok(changes)
    }

    fn write_changes(&self, changes: &Changes<'_>, edits: &IndexEdits, out: &mut dyn Write) -> io::Result<()> {
        let shared = self.own.link.as_ref().map(|link| link.shared).unwrap_or_default();
        let (deleted, replaced) = (&changes.deleted, &changes.replaced);
        let link =
            Link { shared, deleted: deleted.iter().copied().collect(), replaced: replaced.keys().copied().collect() };
        self.write_small(&link, changes, edits, out)
    }

    fn write_small(
        &self,
        link: &Link,
        changes: &Changes<'_>,
        edits: &IndexEdits,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let hash = (!self.own.unhashed).then(Sha1::new);
        let mut out = Output::new(out, hash, self.own.version, &[]);
        out.head((changes.replaced.len() + changes.added.values().map(Vec::len).sum::<usize>()) as u32)?;
        changes.replaced.values().try_for_each(|fixed| out.entry(fixed, b""))?;
        let added = changes.added.iter().flat_map(|(path, entries)| entries.iter().map(move |fixed| (path, fixed)));
        added.into_iter().try_for_each(|(path, fixed)| out.entry(fixed, path))?;
        out.extension(b"link", &link.render())?;
        self.own.write_extensions(edits, &mut out)?;
        out.finish().map(drop)
    }
}
