//! git's index, edited: the entries of our paths change, everything else stays as a person staged it.
//!
//! libgit2 takes some 200 ms to read and write an index of 100,000 entries, more than all the rest of
//! a commit; here the file is taken apart, our entries are put in, and it is put together again.
//!
//! Format: git's documentation `gitformat-index`, versions 2, 3 and 4.
//!
//! *Invariants:* order, flags and stages of other entries stay; the cache of trees is invalidated
//! along our paths; an entry that may have been edited in the instant the index was written loses its
//! size, so that git compares the file itself. Extensions that are a cache of positions or of folder
//! listings are left out, which git takes for "not cached".

mod cache_tree;
mod parse;
mod write;

use super::error::IoResult;
use super::objects::id_of;
use crate::record::{Failure, Result};
use crate::words;
use git2::{ObjectType, Oid};
use sha1::{Digest, Sha1};
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::ops::Range;
use std::path::{Path, PathBuf};

const SIGNATURE: &[u8; 4] = b"DIRC";
/// Stat data (10 numbers of 4 bytes), id, flags.
const FIXED: usize = 62;
const STAT: usize = 40;
const EXTENDED: u16 = 0x4000;
const STAGE: u16 = 0x3000;
/// `git update-index --assume-unchanged`.
const ASSUMED: u16 = 0x8000;

/// The stat data of an entry; all zero makes git compare the file itself.
pub(crate) type Stat = [u8; STAT];

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

/// An index as it was read.
pub(crate) struct GitIndex {
    path: PathBuf,
    stamp: Option<Stamp>,
    version: u32,
    bytes: Vec<u8>,
    /// The paths of all entries, one after the other; only in version 4, else they stand in `bytes`.
    paths: Vec<u8>,
    entries: Vec<Slot>,
    /// Where the entries end in `bytes`.
    entries_end: usize,
    /// The extensions that are kept.
    extensions: Vec<([u8; 4], Vec<u8>)>,
    /// Whether `index.skipHash` left the checksum out.
    unhashed: bool,
}

/// Where an entry lies; there may be hundreds of thousands, so it is kept small.
#[derive(Clone, Copy)]
struct Slot {
    fixed: u32,
    path: u32,
    path_len: u16,
    is_extended: bool,
}

impl GitIndex {
    /// Reads the index; a repository that never staged anything has none, which reads as empty.
    pub fn load(path: &Path) -> Result<GitIndex> {
        let stamp = stamp(path);
        let bytes = fs::read(path).present(path)?.unwrap_or_default();
        let mut index = GitIndex {
            path: path.to_path_buf(),
            stamp,
            version: 2,
            bytes: Vec::new(),
            paths: Vec::new(),
            entries: Vec::new(),
            entries_end: 12,
            extensions: Vec::new(),
            unhashed: false,
        };
        if !bytes.is_empty() {
            index.bytes = bytes;
            index.parse().ok_or_else(|| damaged(path))??;
        }
        Ok(index)
    }

    /// Tells whether the check sum is right; 20 ms for 200,000 entries, so only who writes the index asks.
    pub fn is_sound(&self) -> bool {
        match self.bytes.split_last_chunk::<20>() {
            Some((bytes, check_sum)) => self.unhashed || Sha1::digest(bytes)[..] == check_sum[..],
            None => true,
        }
    }

    /// Tells whether the file is still the one that was read.
    pub fn is_current(&self) -> bool {
        stamp(&self.path) == self.stamp
    }

    /// Returns what is staged at `path`.
    pub fn find(&self, path: &str) -> Staged {
        let at = self.entries.partition_point(|slot| self.path_of(slot) < path.as_bytes());
        let Some(slot) = self.entries.get(at).filter(|slot| self.path_of(slot) == path.as_bytes()) else {
            return Staged::Absent;
        };
        let fixed = self.fixed_of(slot);
        match Oid::from_bytes(&fixed[STAT..STAT + 20]) {
            Ok(id) if flags(fixed) & STAGE == 0 => Staged::Blob(id, number(fixed, 24).unwrap_or(0)),
            _ => Staged::Conflict,
        }
    }

    /// Returns the path of the entry at a place.
    pub fn path(&self, at: usize) -> Option<&str> {
        self.entries.get(at).and_then(|slot| std::str::from_utf8(self.path_of(slot)).ok())
    }

    /// Tells whether the entry at a place is this file of this folder.
    pub fn is_at(&self, at: usize, folder: &str, name: &str) -> bool {
        let path = self.entries.get(at).map(|slot| self.path_of(slot));
        let below = path.and_then(|path| path.strip_prefix(folder.as_bytes())?.strip_prefix(b"/"));
        below == Some(name.as_bytes())
    }

    /// Returns the place of the first entry that is not before `path`.
    pub fn position(&self, path: &str) -> usize {
        self.entries.partition_point(|slot| self.path_of(slot) < path.as_bytes())
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
    pub(super) fn is_surely(&self, at: usize, file: &super::index::Stat) -> bool {
        let Some(fixed) = self.entries.get(at).map(|slot| self.fixed_of(slot)) else { return false };
        let numbers = [0, 4, 8, 12, 20, 36].map(|at| number(fixed, at).unwrap_or(0));
        let is_plain = flags(fixed) & (EXTENDED | STAGE | ASSUMED) == 0;
        is_plain && !self.is_racy(fixed) && file.has(numbers)
    }

    /// Returns the id of the tree that a commit of the index would have; none in the middle of a merge.
    pub fn tree_id(&self) -> Option<Oid> {
        self.level_id(&self.entries, 0)
    }

    /// Returns the id of one folder; its entries' names start at `depth` in their paths.
    fn level_id(&self, entries: &[Slot], depth: usize) -> Option<Oid> {
        let name = |slot: &Slot| {
            let rest = &self.path_of(slot)[depth..];
            &rest[..rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len())]
        };
        let mut tree = Vec::with_capacity(entries.len() * 56);
        for group in entries.chunk_by(|a, b| name(a) == name(b)) {
            let (first, name) = (self.fixed_of(&group[0]), name(&group[0]));
            let below = depth + name.len() + 1;
            let is_folder = self.path_of(&group[0]).len() >= below;
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

    /// Tells whether the file may have changed after it was staged without its stat data showing it.
    fn is_racy(&self, fixed: &[u8]) -> bool {
        let Some(written) = self.stamp else { return false };
        let modified = (number(fixed, 8).unwrap_or(0), number(fixed, 12).unwrap_or(0));
        modified != (0, 0) && modified >= (written.seconds, written.nanoseconds)
    }

    fn path_of(&self, slot: &Slot) -> &[u8] {
        let text = if self.version == 4 { &self.paths } else { &self.bytes };
        &text[slot.path as usize..slot.path as usize + usize::from(slot.path_len)]
    }

    fn fixed_of(&self, slot: &Slot) -> &[u8] {
        let start = slot.fixed as usize;
        &self.bytes[start..start + if slot.is_extended { FIXED + 2 } else { FIXED }]
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
    [0; STAT]
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

fn flags(fixed: &[u8]) -> u16 {
    u16::from_be_bytes([fixed[60], fixed[61]])
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub(super) fn damaged(path: &Path) -> Failure {
    Failure::failed(words!("git's index `{}` is damaged", "git 索引 `{}` 已损坏"; path.display()))
        .hint(words!("`git status` says more", "`git status` 会给出更多信息"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn git(dir: &Path, args: &[&str]) -> String {
        let output = Command::new("git").current_dir(dir).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn entry(dir: &Path, path: &str) -> Option<NewEntry> {
        let bytes = fs::read(dir.join(path)).unwrap();
        let id = id_of(ObjectType::Blob, &bytes);
        Some(NewEntry { stat: stat_of(&dir.join(path).symlink_metadata().unwrap()), mode: 0o100_644, id })
    }

    fn written(index: &GitIndex, edits: &IndexEdits) -> Vec<u8> {
        let mut out = Vec::new();
        index.write(edits, &mut out).unwrap();
        out
    }

    /// What git makes of an edited index must be what git itself would have staged.
    fn same_as_git(version: &str) {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        git(dir, &["init", "-q"]);
        for folder in ["a", "a/b", "文件夹"] {
            fs::create_dir_all(dir.join(folder)).unwrap();
            for n in 0..30 {
                fs::write(dir.join(folder).join(format!("{n}.toml")), format!("n = {n}\n")).unwrap();
            }
        }
        git(dir, &["add", "."]);
        git(dir, &["update-index", "--index-version", version]);
        git(dir, &["write-tree"]);
        fs::write(dir.join("a/b/5.toml"), "n = 55\n").unwrap();
        fs::write(dir.join("a/b/new.toml"), "n = 1\n").unwrap();
        fs::create_dir_all(dir.join("z/y")).unwrap();
        fs::write(dir.join("z/y/last.toml"), "n = 1\n").unwrap();
        fs::remove_file(dir.join("文件夹/7.toml")).unwrap();
        let path = dir.join(".git/index");
        let index = GitIndex::load(&path).unwrap();
        assert_eq!(index.version.to_string(), version);
        let mut edits = IndexEdits::new();
        for path in ["a/b/5.toml", "a/b/new.toml", "z/y/last.toml"] {
            edits.insert(path.into(), entry(dir, path));
        }
        edits.insert("文件夹/7.toml".into(), None);
        assert!(index.is_current());
        fs::write(&path, written(&index, &edits)).unwrap();
        git(dir, &["hash-object", "-w", "a/b/5.toml", "a/b/new.toml", "z/y/last.toml"]);
        let ours = (git(dir, &["write-tree"]), git(dir, &["ls-files", "-s"]));
        assert_eq!(git(dir, &["diff-files", "--name-only"]), "");
        git(dir, &["add", "-A", "."]);
        assert_eq!(ours, (git(dir, &["write-tree"]), git(dir, &["ls-files", "-s"])));
        assert_eq!(index.find("a/b/new.toml"), Staged::Absent);
        assert!(matches!(GitIndex::load(&path).unwrap().find("a/b/new.toml"), Staged::Blob(..)));
    }

    #[test]
    fn an_edit_equals_git_add() {
        same_as_git("2");
        same_as_git("4");
    }

    #[test]
    fn entries_of_a_merge_are_a_conflict() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        git(dir, &["init", "-q"]);
        fs::write(dir.join("x"), "1").unwrap();
        let id = git(dir, &["hash-object", "-w", "x"]);
        let lines: String = (1..=3).map(|stage| format!("100644 {} {stage}\tx\n", id.trim())).collect();
        fs::write(dir.join("lines"), lines).unwrap();
        let input = fs::File::open(dir.join("lines")).unwrap();
        Command::new("git").current_dir(dir).args(["update-index", "--index-info"]).stdin(input).status().unwrap();
        let index = GitIndex::load(&dir.join(".git/index")).unwrap();
        assert_eq!(index.find("x"), Staged::Conflict);
        assert_eq!(index.find("y"), Staged::Absent);
        assert_eq!(written(&index, &IndexEdits::new()), fs::read(dir.join(".git/index")).unwrap());
    }

    #[test]
    fn damage_is_said_not_laundered() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index");
        for bytes in [&b"DIRC"[..], &[0; 40], b"DIRC\0\0\0\x02\0\0\0\x01 and then nothing of any use"] {
            fs::write(&path, bytes).unwrap();
            assert!(GitIndex::load(&path).is_err());
        }
        assert!(GitIndex::load(&dir.path().join("none")).unwrap().entries.is_empty());
        git(dir.path(), &["init", "-q"]);
        fs::write(dir.path().join("x"), "1").unwrap();
        git(dir.path(), &["add", "x"]);
        let path = dir.path().join(".git/index");
        assert!(GitIndex::load(&path).unwrap().is_sound());
        let mut bytes = fs::read(&path).unwrap();
        bytes[60] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(!GitIndex::load(&path).unwrap().is_sound(), "a turned bit");
    }
}
