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

use super::error::{IoResult, unsupported};
use crate::record::{Failure, Result};
use crate::words;
use git2::Oid;
use sha1::{Digest, Sha1};
use std::collections::{BTreeMap, BTreeSet};
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
    /// The paths of all entries, one after the other.
    paths: Vec<u8>,
    entries: Vec<Slot>,
    /// The extensions that are kept.
    extensions: Vec<([u8; 4], Vec<u8>)>,
    /// Whether `index.skipHash` left the checksum out.
    unhashed: bool,
}

/// Where an entry lies.
#[derive(Clone, Copy)]
struct Slot {
    fixed: usize,
    fixed_len: usize,
    path: usize,
    path_len: usize,
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
            extensions: Vec::new(),
            unhashed: false,
        };
        if !bytes.is_empty() {
            index.bytes = bytes;
            index.parse().ok_or_else(|| damaged(path))??;
        }
        Ok(index)
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
        let mut hash = Sha1::new_with_prefix(format!("tree {}\0", tree.len()));
        hash.update(&tree);
        Oid::from_bytes(&hash.finalize()).ok()
    }

    /// Returns the bytes of the index with `edits` made.
    pub fn render(&self, edits: &IndexEdits) -> Vec<u8> {
        let mut out = Writer::new(self.version, self.bytes.len() + edits.len() * 128);
        let mut edits_left = edits.iter().peekable();
        for slot in &self.entries {
            let path = self.path_of(slot);
            let fixed = self.fixed_of(slot);
            while let Some((new, entry)) = edits_left.next_if(|(new, _)| new.as_bytes() < path) {
                out.put_new(new, entry.as_ref());
            }
            if flags(fixed) & STAGE == 0 && edits_left.peek().is_some_and(|(new, _)| new.as_bytes() == path) {
                let (new, entry) = edits_left.next().expect("just seen");
                out.put_new(new, entry.as_ref());
            } else {
                out.put(fixed, path, self.is_racy(fixed));
            }
        }
        edits_left.for_each(|(new, entry)| out.put_new(new, entry.as_ref()));
        for (name, data) in &self.extensions {
            let data = if name == b"TREE" { invalidate(data, &folders_of(edits)) } else { Some(data.clone()) };
            out.put_extension(name, data.as_deref());
        }
        out.finish(self.unhashed)
    }

    /// Tells whether the file may have changed after it was staged without its stat data showing it.
    fn is_racy(&self, fixed: &[u8]) -> bool {
        let Some(written) = self.stamp else { return false };
        let modified = (number(fixed, 8).unwrap_or(0), number(fixed, 12).unwrap_or(0));
        modified != (0, 0) && modified >= (written.seconds, written.nanoseconds)
    }

    fn path_of(&self, slot: &Slot) -> &[u8] {
        &self.paths[slot.path..slot.path + slot.path_len]
    }

    fn fixed_of(&self, slot: &Slot) -> &[u8] {
        &self.bytes[slot.fixed..slot.fixed + slot.fixed_len]
    }

    /// Takes `bytes` apart. Returns none when they are damaged, a failure when they are of an unsupported kind.
    fn parse(&mut self) -> Option<Result<()>> {
        let end = self.bytes.len().checked_sub(20)?;
        let checksum: [u8; 20] = self.bytes.get(end..)?.try_into().ok()?;
        self.unhashed = checksum == [0; 20];
        if self.bytes.get(..4)? != SIGNATURE || !(self.unhashed || checksum[..] == Sha1::digest(&self.bytes[..end])[..])
        {
            return None;
        }
        self.version = number(&self.bytes, 4)?;
        let count = number(&self.bytes, 8)? as usize;
        if !(2..=4).contains(&self.version) {
            return None;
        }
        let mut at = 12;
        self.entries.reserve(count.min(end / FIXED));
        for _ in 0..count {
            at = self.parse_entry(at, end)?;
        }
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
        let fixed = self.bytes.get(at..at + FIXED)?;
        let fixed_len = if flags(fixed) & EXTENDED == 0 { FIXED } else { FIXED + 2 };
        let mut from = at + fixed_len;
        let path = self.paths.len();
        if self.version == 4 {
            let (strip, used) = read_varint(self.bytes.get(from..end)?)?;
            from += used;
            let last = self.entries.last().map_or((0, 0), |slot| (slot.path, slot.path_len));
            let kept = last.1.checked_sub(strip)?;
            self.paths.extend_from_within(last.0..last.0 + kept);
        }
        let name_len = self.bytes.get(from..end)?.iter().position(|byte| *byte == 0)?;
        self.paths.extend_from_slice(&self.bytes[from..from + name_len]);
        let path_len = self.paths.len() - path;
        self.entries.push(Slot { fixed: at, fixed_len, path, path_len });
        if self.version == 4 { Some(from + name_len + 1) } else { Some(at + padded(fixed_len + path_len)) }
    }
}

/// Puts an index together.
struct Writer {
    out: Vec<u8>,
    version: u32,
    count: u32,
    last: Vec<u8>,
}

impl Writer {
    fn new(version: u32, capacity: usize) -> Writer {
        let mut out = Vec::with_capacity(capacity);
        out.extend_from_slice(SIGNATURE);
        out.extend_from_slice(&version.to_be_bytes());
        out.extend_from_slice(&[0; 4]);
        Writer { out, version, count: 0, last: Vec::new() }
    }

    fn put_new(&mut self, path: &str, entry: Option<&NewEntry>) {
        let Some(entry) = entry else { return };
        let mut fixed = [0; FIXED];
        fixed[..STAT].copy_from_slice(&entry.stat);
        fixed[24..28].copy_from_slice(&entry.mode.to_be_bytes());
        fixed[STAT..STAT + 20].copy_from_slice(entry.id.as_bytes());
        fixed[60..].copy_from_slice(&(path.len().min(0xfff) as u16).to_be_bytes());
        self.put(&fixed, path.as_bytes(), false);
    }

    fn put(&mut self, fixed: &[u8], path: &[u8], racy: bool) {
        let start = self.out.len();
        self.out.extend_from_slice(fixed);
        if racy {
            self.out[start + 36..start + 40].fill(0);
        }
        if self.version == 4 {
            let common = self.last.iter().zip(path).take_while(|(a, b)| a == b).count();
            push_varint(&mut self.out, self.last.len() - common);
            self.out.extend_from_slice(&path[common..]);
            self.out.push(0);
            self.last.clear();
            self.last.extend_from_slice(path);
        } else {
            self.out.extend_from_slice(path);
            self.out.resize(start + padded(fixed.len() + path.len()), 0);
        }
        self.count += 1;
    }

    fn put_extension(&mut self, name: &[u8; 4], data: Option<&[u8]>) {
        let Some(data) = data else { return };
        self.out.extend_from_slice(name);
        self.out.extend_from_slice(&(data.len() as u32).to_be_bytes());
        self.out.extend_from_slice(data);
    }

    fn finish(mut self, unhashed: bool) -> Vec<u8> {
        self.out[8..12].copy_from_slice(&self.count.to_be_bytes());
        let checksum: [u8; 20] = if unhashed { [0; 20] } else { Sha1::digest(&self.out).into() };
        self.out.extend_from_slice(&checksum);
        self.out
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

/// Returns every folder above an edited path, the top as the empty text.
fn folders_of(edits: &IndexEdits) -> BTreeSet<&str> {
    let above = |path: &'_ str| path.match_indices('/').map(|(end, _)| end).collect::<Vec<_>>();
    let mut folders: BTreeSet<&str> =
        edits.keys().flat_map(|path| above(path).into_iter().map(move |end| &path[..end])).collect();
    folders.insert("");
    folders
}

/// Returns the cache of trees with the `folders` marked as not known; none when it is damaged.
fn invalidate(data: &[u8], folders: &BTreeSet<&str>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len());
    // The folders we are in, each with the count of its children still to come.
    let mut open: Vec<(Vec<u8>, usize)> = Vec::new();
    let mut rest = data;
    while !rest.is_empty() {
        let name_end = rest.iter().position(|byte| *byte == 0)?;
        let line_end = name_end + rest.get(name_end..)?.iter().position(|byte| *byte == b'\n')?;
        let (name, line) = (&rest[..name_end], std::str::from_utf8(rest.get(name_end + 1..line_end)?).ok()?);
        let (count, children) = line.split_once(' ')?;
        let id_len = if count.starts_with('-') { 0 } else { 20 };
        let id = rest.get(line_end + 1..line_end + 1 + id_len)?;
        while open.last().is_some_and(|(_, left)| *left == 0) {
            open.pop();
        }
        let mut path = Vec::new();
        if let Some((parent, left)) = open.last_mut() {
            *left -= 1;
            path.extend_from_slice(parent);
            path.extend_from_slice(if parent.is_empty() { b"" } else { b"/" });
        }
        path.extend_from_slice(name);
        let stale = std::str::from_utf8(&path).is_ok_and(|path| folders.contains(path));
        out.extend_from_slice(&rest[..=name_end]);
        if stale {
            out.extend_from_slice(format!("-1 {children}\n").as_bytes());
        } else {
            out.extend_from_slice(&rest[name_end + 1..=line_end]);
            out.extend_from_slice(id);
        }
        open.push((path, children.parse().ok()?));
        rest = &rest[line_end + 1 + id_len..];
    }
    Some(out)
}

fn flags(fixed: &[u8]) -> u16 {
    u16::from_be_bytes([fixed[60], fixed[61]])
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Entries end with one to eight zero bytes, on a multiple of eight.
fn padded(len: usize) -> usize {
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

fn push_varint(out: &mut Vec<u8>, mut value: usize) {
    let mut bytes = vec![(value & 0x7f) as u8];
    while value > 0x7f {
        value = (value >> 7) - 1;
        bytes.push(0x80 | (value & 0x7f) as u8);
    }
    out.extend(bytes.iter().rev());
}

fn damaged(path: &Path) -> Failure {
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
        let id = Oid::hash_object(git2::ObjectType::Blob, &bytes).unwrap();
        Some(NewEntry { stat: stat_of(&dir.join(path).symlink_metadata().unwrap()), mode: 0o100_644, id })
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
        fs::write(&path, index.render(&edits)).unwrap();
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
        assert_eq!(index.render(&IndexEdits::new()), fs::read(dir.join(".git/index")).unwrap());
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
    }

    #[test]
    fn varints() {
        for value in [0, 1, 127, 128, 255, 16_511, 16_512, 1_000_000] {
            let mut out = Vec::new();
            push_varint(&mut out, value);
            assert_eq!(read_varint(&out), Some((value, out.len())));
        }
    }
}
