//! The shared index of a split one, looked into without being read whole.
//!
//! It never changes, being named by its check sum. Where its entries lie is remembered in a map beside kehu's
//! other caches; without one, or with one of another file, it is read once and the map made anew.

use super::super::error::IoResult;
use super::damaged;
use super::file::{IndexFile, modified, number};
use super::link::Link;
use crate::record::Result;
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

/// How many entries are read at a time.
const BLOCK: usize = 512;
/// For so long a shared index is kept that no index of this work tree names any more: another git may just have
/// read the index that names it. git keeps them two weeks.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A shared index.
pub(super) struct Shared {
    path: PathBuf,
    file: Mutex<File>,
    map: Map,
    /// The blocks that were read.
    read: Vec<OnceLock<IndexFile>>,
}

/// Where its entries lie.
#[derive(Debug, Serialize, Deserialize)]
struct Map {
    shared: [u8; 20],
    version: u32,
    count: u32,
    /// When the newest file was modified of those that git believes by their stats.
    newest: (u32, u32),
    blocks: Vec<Block>,
    end: u32,
}

/// Some entries that follow each other.
#[derive(Debug, Serialize, Deserialize)]
struct Block {
    path: Vec<u8>,
    /// Where the first lies in the file, and the how manieth it is.
    offset: u32,
    place: u32,
}

impl Shared {
    /// Opens the shared index that a split index in `git_dir` names.
    pub fn open(git_dir: &Path, link: &Link) -> Result<Shared> {
        let path = git_dir.join(link.file_name());
        let mut file = File::open(&path).at(&path)?;
        let mut check_sum = [0; 20];
        file.seek(SeekFrom::End(-20)).and_then(|_| file.read_exact(&mut check_sum)).at(&path)?;
        if check_sum != link.shared {
            return Err(damaged(&path));
        }
        let cache = git_dir.join("kehu/index.map");
        let map = match Map::load(&cache).filter(|map| map.shared == link.shared) {
            Some(map) => map,
            None => {
                let map = Map::of(&read_whole(&path)?, link.shared).ok_or_else(|| damaged(&path))?;
                // Only a cache: who may not write it reads the index again.
                let _ = map.save(&cache);
                map
            }
        };
        let read = map.blocks.iter().map(|_| OnceLock::new()).collect();
        Ok(Shared { path, file: Mutex::new(file), map, read })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns when the newest file was modified of those that git believes by their stats.
    pub fn newest(&self) -> (u32, u32) {
        self.map.newest
    }

    /// Returns the place of the first entry with this path, and what the entry says.
    pub fn find(&self, path: &[u8]) -> Result<Option<(u32, &[u8])>> {
        let after = self.map.blocks.partition_point(|block| block.path.as_slice() < path);
        // The first with this path ends the block before, or begins the one after.
        for at in [after.wrapping_sub(1), after] {
            let Some(block) = self.map.blocks.get(at) else { continue };
            let entries = self.block(at)?;
            if let Some(found) = entries.place(0, path) {
                return Ok(Some((block.place + found as u32, entries.fixed_of(&entries.entries[found]))));
            }
        }
        Ok(None)
    }

    /// Reads the whole of it.
    pub fn whole(&self) -> Result<IndexFile> {
        read_whole(&self.path)
    }

    fn block(&self, at: usize) -> Result<&IndexFile> {
        if let Some(read) = self.read[at].get() {
            return Ok(read);
        }
        let next = self.map.blocks.get(at + 1);
        let (block, end) = (&self.map.blocks[at], next.map_or(self.map.end, |next| next.offset));
        let last = next.map_or(self.map.count, |next| next.place);
        let mut bytes = vec![0; end.saturating_sub(block.offset) as usize];
        let mut file = self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        file.seek(SeekFrom::Start(block.offset.into())).and_then(|_| file.read_exact(&mut bytes)).at(&self.path)?;
        let mut entries = IndexFile { version: self.map.version, len: bytes.len(), bytes, ..IndexFile::default() };
        let end = entries.len;
        let read = entries.parse_entries(0, end, last.saturating_sub(block.place));
        let entries = read.map(|_| entries).ok_or_else(|| damaged(&self.path))?;
        Ok(self.read[at].get_or_init(|| entries))
    }
}

impl Map {
    /// Maps a shared index; none when it is not the one it should be.
    fn of(index: &IndexFile, shared: [u8; 20]) -> Option<Map> {
        // In version 4 an entry is written by what it shares with the one before: it is read from the start.
        let size = if index.version == 4 { usize::MAX } else { BLOCK };
        let mut place = 0;
        let block = |entries: &[super::file::Slot]| {
            let first = entries[0];
            let block = Block { path: index.path_of(&first).to_vec(), offset: first.fixed, place };
            place += entries.len() as u32;
            block
        };
        let blocks = index.entries.chunks(size).map(block).collect();
        let trusted = |slot: &super::file::Slot| {
            let fixed = index.fixed_of(slot);
            (number(fixed, 36) != Some(0)).then(|| modified(fixed))
        };
        let newest = index.entries.iter().filter_map(trusted).max().unwrap_or_default();
        let end = u32::try_from(index.len.checked_sub(20)?).ok()?;
        Some(Map { shared, version: index.version, count: index.entries.len() as u32, newest, blocks, end })
    }

    fn load(path: &Path) -> Option<Map> {
        let bytes = fs::read(path).ok()?;
        let (bytes, check_sum) = bytes.split_last_chunk::<20>()?;
        (Sha1::digest(bytes)[..] == check_sum[..]).then(|| postcard::from_bytes(bytes).ok())?
    }

    fn save(&self, path: &Path) -> Option<()> {
        let mut bytes = postcard::to_stdvec(self).ok()?;
        bytes.extend_from_slice(&Sha1::digest(&bytes));
        let temp = path.with_extension("map.new");
        fs::write(&temp, bytes).and_then(|()| fs::rename(&temp, path)).ok()
    }
}

/// Writes a shared index into `git_dir`, by way of a function that returns its check sum; it is on the disk.
///
/// Those that have not been named for a day, nor lie at `kept`, are removed.
pub(super) fn create(
    git_dir: &Path,
    kept: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<[u8; 20]>,
) -> io::Result<Link> {
    let temp = git_dir.join("kehu/sharedindex.new");
    let mut out = BufWriter::new(File::create(&temp)?);
    let link = Link { shared: write(&mut out)?, ..Link::default() };
    out.into_inner()?.sync_all()?;
    let path = git_dir.join(link.file_name());
    fs::rename(&temp, &path)?;
    expire(git_dir, &path, kept);
    Ok(link)
}

/// Removes shared indexes that are much older than the new one; what cannot be removed does no harm.
fn expire(git_dir: &Path, new: &Path, kept: Option<&Path>) {
    let written = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let Some(now) = written(new) else { return };
    for path in fs::read_dir(git_dir).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let is_shared = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"sharedindex."));
        let age = written(&path).and_then(|then| now.duration_since(then).ok());
        if is_shared && path != new && Some(&*path) != kept && age.is_some_and(|age| age > KEPT) {
            let _ = fs::remove_file(path);
        }
    }
}

fn read_whole(path: &Path) -> Result<IndexFile> {
    IndexFile::parse(fs::read(path).at(path)?).ok_or_else(|| damaged(path))?
}
