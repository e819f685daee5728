//! git's index, edited: the entries of our paths change, everything else stays as a person staged it.
//!
//! libgit2 takes some 200 ms to read and write an index of 100,000 entries, more than all the rest of
//! a commit; here the file is taken apart, our entries are put in, and it is put together again. A large
//! index is split, as git itself can split it, so that a commit writes only what changed: see `split`.
//!
//! *Invariants:* order, flags and stages of other entries stay; the cache of trees is invalidated
//! along our paths; an entry that may have been edited in the instant the index was written loses its
//! size, so that git compares the file itself. Extensions that are a cache of positions or of folder
//! listings are left out, which git takes for "not cached".

mod bitmap;
mod cache_tree;
mod file;
mod link;
mod parse;
mod shared;
mod split;
mod whole;
mod write;

use super::error::IoResult;
use crate::record::{Failure, Result};
use crate::words;
use file::{IndexFile, staged};
use git2::Oid;
use shared::Shared;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
pub(crate) use whole::WholeIndex;

const SIGNATURE: &[u8; 4] = b"DIRC";
/// Stat data (10 numbers of 4 bytes), id, flags.
const FIXED: usize = 62;
const STAT: usize = 40;
const EXTENDED: u16 = 0x4000;
const STAGE: u16 = 0x3000;
/// `git update-index --assume-unchanged`.
const ASSUMED: u16 = 0x8000;

/// The stat data of an entry.
pub(crate) type Stat = [u8; STAT];

/// Makes git compare the file itself.
pub(crate) const UNKNOWN: Stat = [0; STAT];

/// What the index says about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Staged {
    /// Nothing.
    Absent,
    /// This blob with this mode.
    Blob(Oid, u32),
    /// A merge left it undecided.
    Conflict,
}

/// A new entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewEntry {
    pub stat: Stat,
    pub mode: u32,
    pub id: Oid,
}

/// Entries to put (some) or take out (none), by path.
pub(crate) type IndexEdits = BTreeMap<String, Option<NewEntry>>;

/// Which state of the file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stamp {
    seconds: u32,
    nanoseconds: u32,
    size: u64,
    inode: u64,
}

/// An index as it was read, to find entries in and to be written with some of them changed.
pub(crate) struct GitIndex {
    path: PathBuf,
    stamp: Option<Stamp>,
    own: IndexFile,
    /// What `own` changes, when the index is split.
    shared: Option<Shared>,
}

impl GitIndex {
    /// Reads the index; a repository that never staged anything has none, which reads as empty.
    pub fn load(path: &Path) -> Result<GitIndex> {
        let stamp = stamp(path);
        let own = match fs::read(path).present(path)?.filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => IndexFile::parse(bytes).ok_or_else(|| damaged(path))??,
            None => IndexFile { version: 2, ..IndexFile::default() },
        };
        let git_dir = path.parent().unwrap_or(Path::new(""));
        let shared = own.link.as_ref().map(|link| Shared::open(git_dir, link)).transpose()?;
        Ok(GitIndex { path: path.to_path_buf(), stamp, own, shared })
    }

    /// Reads the index with all entries in order.
    pub fn load_whole(path: &Path) -> Result<WholeIndex> {
        let index = GitIndex::load(path)?;
        let file = index.all()?.into_owned();
        Ok(WholeIndex { file, stamp: index.stamp })
    }

    /// Tells whether the file is still the one that was read.
    pub fn is_current(&self) -> bool {
        stamp(&self.path) == self.stamp
    }

    /// Returns what is staged at `path`.
    pub fn find(&self, path: &str) -> Result<Staged> {
        let (own, path) = (&self.own, path.as_bytes());
        let replaced = own.link.as_ref().map_or(0, |link| link.replaced.len());
        if let Some(at) = own.place(replaced, path) {
            return Ok(staged(own.fixed_of(&own.entries[at])));
        }
        let (Some(shared), Some(link)) = (&self.shared, &own.link) else { return Ok(Staged::Absent) };
        Ok(match shared.find(path)? {
            Some((at, _)) if link.deleted.binary_search(&at).is_ok() => Staged::Absent,
            Some((at, fixed)) => match link.replaced.binary_search(&at) {
                Ok(place) => staged(own.fixed_of(&own.entries[place])),
                Err(_) => staged(fixed),
            },
            None => Staged::Absent,
        })
    }

    /// Returns all entries in order.
    fn all(&self) -> Result<Cow<'_, IndexFile>> {
        let Some(shared) = &self.shared else { return Ok(Cow::Borrowed(&self.own)) };
        let all = self.own.clone().over(shared.whole()?);
        all.map(Cow::Owned).ok_or_else(|| damaged(&self.path))
    }
}

impl Stamp {
    fn time(self) -> (u32, u32) {
        (self.seconds, self.nanoseconds)
    }
}

/// Returns stat data as git stores it, each number cut to 32 bits.
#[cfg(unix)]
pub(crate) fn stat_of(meta: &Metadata) -> Stat {
    use std::os::unix::fs::MetadataExt;
    let numbers = [
        meta.ctime() as u32,
        meta.ctime_nsec() as u32,
        meta.mtime() as u32,
        meta.mtime_nsec() as u32,
        meta.dev() as u32,
        meta.ino() as u32,
        0,
        meta.uid(),
        meta.gid(),
        meta.size() as u32,
    ];
    let mut stat = [0; STAT];
    for (place, number) in stat.chunks_exact_mut(4).zip(numbers) {
        place.copy_from_slice(&number.to_be_bytes());
    }
    stat
}

/// Returns no stat data where its numbers mean something else; git then compares the file once.
#[cfg(not(unix))]
pub(crate) fn stat_of(_meta: &Metadata) -> Stat {
    UNKNOWN
}

#[cfg(unix)]
fn stamp(path: &Path) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt;
    let meta = fs::metadata(path).ok()?;
    let (seconds, nanoseconds) = (meta.mtime() as u32, meta.mtime_nsec() as u32);
    Some(Stamp { seconds, nanoseconds, size: meta.size(), inode: meta.ino() })
}

#[cfg(not(unix))]
fn stamp(path: &Path) -> Option<Stamp> {
    let meta = fs::metadata(path).ok()?;
    let since = meta.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Stamp { seconds: since.as_secs() as u32, nanoseconds: since.subsec_nanos(), size: meta.len(), inode: 0 })
}

pub(super) fn damaged(path: &Path) -> Failure {
    Failure::failed(words!("git's index `{}` is damaged", "git 索引 `{}` 已损坏"; path.display()))
        .hint(words!("`git status` says more", "`git status` 会给出更多信息"))
}

#[cfg(test)]
mod tests;
