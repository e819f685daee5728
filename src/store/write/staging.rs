//! Staging: the files of a commit, written and synced before it, moved to their places after it.
//!
//! So a disk that is full is found while nothing has happened yet, and renames are all that is left for
//! after the commit point. An import of 100,000 records makes a hundred new folders: those are moved as
//! they are, one rename a folder, and the disk is busy while objects are being packed. A file in a folder
//! that exists is moved by itself, if what it replaces is still as it was seen.
//!
//! They lie in `staging` of kehu's folder in git's, where no one looks for records.
//!
//! *Invariants:* nothing of the work tree changes before [`Staging::place`]; a folder or a file is placed
//! whole or not at all. What cannot be staged, since the work tree lies in another file system, and what
//! cannot be placed, since something came to lie there, is left to [`finish`](super::finish).

use super::finish::NewFile;
use super::plan::{Plan, Step};
use super::transaction::Changes;
use crate::progress::Stage;
use crate::record::Result;
use crate::store::Repo;
use crate::store::durable;
use crate::store::error::IoResult;
use crate::store::fail_point::fail_point;
use crate::store::git_index::{Stat, stat_of};
use crate::store::worktree::content::{LineEnds, Stamp, to_crlf};
use crate::store::worktree::path::folder_of;
use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// How many single files wait in one folder; one thread fills it.
const SHARE: usize = 1000;

/// How many threads write a bulk of files. They wait for each other in the file system, and for the disk, a third of
/// the time; the threads that pack the objects meanwhile do not wait for them.
const WRITERS: usize = 4;

/// What waits to be placed.
pub(crate) struct Staging {
    dir: PathBuf,
    /// The uppermost new folders, from the top of the repository; the n-th lies in `dir/n`.
    folders: Vec<String>,
    /// Files of folders that exist.
    files: Vec<Waiting>,
    /// What the file system says of the files of new folders, by path; moving their folder changes nothing of it.
    stats: HashMap<String, Stat>,
}

/// A file that waits.
struct Waiting {
    path: String,
    temp: PathBuf,
    /// What was in its place when it was looked at.
    seen: Option<Stamp>,
}

/// What is to be staged, and where.
pub(crate) struct Draft<'p> {
    staging: Staging,
    files: Vec<DraftFile<'p>>,
}

/// A file to write.
struct DraftFile<'p> {
    path: &'p str,
    bytes: &'p [u8],
    temp: PathBuf,
    ends: LineEnds,
    /// The file whose mode it keeps.
    replaces: Option<PathBuf>,
}

impl Repo {
    /// Removes what a killed process staged; the caller holds the lock.
    pub(crate) fn clear_staging(&self) {
        // Left there it is only in the way of disk space; the next command tries again.
        let _ = fs::remove_dir_all(self.staging_dir());
    }

    /// Sorts out which files of the plan, which `changes` came to, can be staged; nothing is written.
    pub(crate) fn draft_staging<'p>(&self, plan: &'p Plan, changes: &'p Changes) -> Result<Draft<'p>> {
        let mut staging = Staging::new(self.staging_dir());
        let mut new_folders = NewFolders::new(self.root());
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut files = Vec::new();
        let mut others: Vec<(&'p str, &Step)> = Vec::new();
        for ((path, step), bytes) in plan.steps().zip(changes.values()) {
            let Some(bytes) = bytes else { continue };
            let Some(folder) = new_folders.uppermost(path) else {
                others.push((path, step));
                continue;
            };
            let place = *places.entry(folder).or_insert_with(|| staging.add(folder));
            let temp = staging.place_of(place).join(&path[folder.len() + 1..]);
            files.push(DraftFile { path, bytes, temp, ends: LineEnds::AsStored, replaces: None });
        }
        for NewFile { path, target, ends, seen, .. } in self.survey(others)?.writes {
            let Some(Some(bytes)) = changes.get(path) else { continue };
            let share = (staging.files.len() / SHARE).to_string();
            let temp = staging.dir.join("files").join(share).join(staging.files.len().to_string());
            files.push(DraftFile { path, bytes, temp: temp.clone(), ends, replaces: seen.as_ref().map(|_| target) });
            staging.files.push(Waiting { path: path.to_string(), temp, seen });
        }
        Ok(Draft { staging, files })
    }

    fn staging_dir(&self) -> PathBuf {
        self.private_dir().join("staging")
    }
}

impl Draft<'_> {
    /// Writes the files, and returns when they are on the disk; nothing when the work tree lies in another file system.
    pub(crate) fn write(self, root: &Path, stage: &Stage) -> Result<Option<Staging>> {
        let Draft { mut staging, files } = self;
        if files.is_empty() {
            return Ok(Some(staging));
        }
        let mut stats = Vec::new();
        let mut write = || -> io::Result<bool> {
            let _ = fs::remove_dir_all(&staging.dir);
            fs::create_dir_all(&staging.dir)?;
            if !same_file_system(root, &staging.dir)? {
                return Ok(false);
            }
            // One thread fills a folder.
            let groups: Vec<_> = files.chunk_by(|a, b| a.temp.parent() == b.temp.parent()).collect();
            let write_group = |group: &&[DraftFile<'_>]| write_folder(group).inspect(|_| stage.advance(group.len()));
            let write_all = || groups.par_iter().map(write_group).collect::<io::Result<Vec<_>>>();
            let write_all = || writers(files.len()).map_or_else(write_all, |pool| pool.install(write_all));
            stats = durable::sync_while(&staging.dir, &staging.all(&files), write_all)?;
            Ok(true)
        };
        if !write().at(&staging.dir)? {
            return Ok(None);
        }
        let of_new_folders = files.len() - staging.files.len();
        let paths = files[..of_new_folders].iter().map(|file| file.path.to_string());
        staging.stats = paths.zip(stats.into_iter().flatten()).collect();
        Ok(Some(staging))
    }
}

impl Staging {
    fn new(dir: PathBuf) -> Staging {
        Staging { dir, folders: Vec::new(), files: Vec::new(), stats: HashMap::new() }
    }

    fn add(&mut self, folder: &str) -> usize {
        self.folders.push(folder.to_string());
        self.folders.len() - 1
    }

    /// Returns where the n-th folder waits.
    fn place_of(&self, at: usize) -> PathBuf {
        self.dir.join(at.to_string())
    }

    /// Returns the files and the folders that are moved with them, all of which have to be on the disk.
    fn all<'a>(&self, files: &'a [DraftFile<'_>]) -> Vec<&'a Path> {
        let whole = &files[..files.len() - self.files.len()];
        let folders: BTreeSet<&Path> = whole.iter().filter_map(|file| file.temp.parent()).collect();
        files.iter().map(|file| &*file.temp).chain(folders).collect()
    }

    /// Moves folders and files to their places; returns those that were moved.
    ///
    /// One is left out where anything has come to lie meanwhile.
    pub(crate) fn place(mut self, root: &Path) -> Result<Placed> {
        let mut placed = Placed { stats: std::mem::take(&mut self.stats), ..Placed::default() };
        let all: Vec<usize> = (0..self.folders.len()).collect();
        let (first, second) = all.split_at(all.len() / 2);
        for half in [first, second] {
            placed.folders.extend(half.iter().filter_map(|at| self.place_folder(root, *at)).map(str::to_string));
            fail_point("half-placed")?;
        }
        let (first, second) = self.files.split_at(self.files.len() / 2);
        for half in [first, second] {
            let moved: Vec<&str> = half.par_iter().filter_map(|file| file.place(root)).collect();
            placed.files.extend(moved.into_iter().map(str::to_string));
            fail_point("half-moved")?;
        }
        Ok(placed)
    }

    fn place_folder(&self, root: &Path, at: usize) -> Option<&str> {
        let folder = &self.folders[at];
        let target = root.join(folder);
        // An empty folder in the way would be replaced, unseen.
        let is_free = target.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
        (is_free && fs::rename(self.place_of(at), &target).is_ok()).then_some(folder)
    }
}

impl Waiting {
    fn place(&self, root: &Path) -> Option<&str> {
        let target = root.join(&self.path);
        (Stamp::now(&target) == self.seen && fs::rename(&self.temp, &target).is_ok()).then_some(&*self.path)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// What was moved to its place, by paths from the top of the repository.
#[derive(Debug, Default)]
pub(crate) struct Placed {
    folders: BTreeSet<String>,
    files: BTreeSet<String>,
    /// As [`Staging`] has them.
    stats: HashMap<String, Stat>,
}

impl Placed {
    /// Tells whether a file was moved there, alone or with its folder.
    pub(crate) fn holds(&self, path: &str) -> bool {
        self.files.contains(path) || self.holds_folder_of(path)
    }

    /// Returns what git's index keeps of a file that was moved with its folder: as it was when kehu had written it, so
    /// that git sees whatever happened to it since.
    pub(crate) fn stat(&self, path: &str) -> Option<Stat> {
        self.stats.get(path).filter(|_| self.holds_folder_of(path)).copied()
    }

    fn holds_folder_of(&self, path: &str) -> bool {
        !self.folders.is_empty() && path.match_indices('/').any(|(end, _)| self.folders.contains(&path[..end]))
    }
}

/// Which folders do not exist yet; each is looked at once.
struct NewFolders<'a> {
    root: &'a Path,
    /// The uppermost missing folder at or above a folder, by that folder.
    known: BTreeMap<&'a str, Option<&'a str>>,
}
impl<'a> NewFolders<'a> {
    fn new(root: &'a Path) -> NewFolders<'a> {
        NewFolders { root, known: BTreeMap::new() }
    }

    /// Returns the uppermost folder above a file that does not exist, if its own does not.
    fn uppermost(&mut self, path: &'a str) -> Option<&'a str> {
        let folder = folder_of(path);
        let root = self.root;
        *self.known.entry(folder).or_insert_with(|| {
            let ends = folder.match_indices('/').map(|(end, _)| end).chain([folder.len()]);
            let is_missing = |folder: &&str| !folder.is_empty() && root.join(folder).symlink_metadata().is_err();
            ends.map(|end| &folder[..end]).find(is_missing)
        })
    }
}

/// Returns the threads that write so many files; none for few, which the usual ones write.
fn writers(files: usize) -> Option<ThreadPool> {
    let pool = ThreadPoolBuilder::new().num_threads(WRITERS);
    (files > SHARE).then(|| pool.build().ok()).flatten()
}

/// Writes the files of one folder; returns what the file system says of each.
fn write_folder(files: &[DraftFile<'_>]) -> io::Result<Vec<Stat>> {
    if let Some(folder) = files.first().and_then(|file| file.temp.parent()) {
        fs::create_dir_all(folder)?;
    }
    let write = |file: &DraftFile<'_>| {
        let is_crlf = file.ends == LineEnds::Crlf;
        let bytes = if is_crlf { Cow::Owned(to_crlf(file.bytes)) } else { Cow::Borrowed(file.bytes) };
        let mut temp = fs::File::create_new(&file.temp)?;
        temp.write_all(&bytes)?;
        // A file that was there keeps its mode; a new one has the usual one, 0644 under the usual mask.
        if let Some(replaced) = file.replaces.as_ref().and_then(|path| fs::metadata(path).ok()) {
            temp.set_permissions(replaced.permissions())?;
        }
        // An open file is asked at a fifth of the cost of a path.
        temp.metadata().map(|meta| stat_of(&meta))
    };
    files.iter().map(write).collect()
}

#[cfg(unix)]
fn same_file_system(a: &Path, b: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(fs::metadata(a)?.dev() == fs::metadata(b)?.dev())
}

/// Elsewhere the rename itself tells.
#[cfg(not(unix))]
fn same_file_system(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Progress;
    use crate::record::Words;
    use crate::store::objects::id_of;
    use git2::ObjectType;

    const FOLDERS: [&str; 5] = ["leads/2026", "leads/2026/001xxx", "leads/2026-old", "users", "leads/2025"];

    /// A repository in which only `leads/2025` exists, and three files for each of the folders.
    fn repository() -> (tempfile::TempDir, Repo, Changes) {
        let dir = tempfile::tempdir().unwrap();
        let repo = Repo::init(dir.path()).unwrap();
        fs::create_dir_all(dir.path().join("leads/2025")).unwrap();
        fs::write(dir.path().join("leads/2025/0.toml"), "old").unwrap();
        let file = |folder: &&str, n: usize| (format!("{folder}/{n}.toml"), Some(n.to_string().into_bytes()));
        let changes = FOLDERS.iter().flat_map(|folder| (0..3).map(move |n| file(folder, n))).collect();
        (dir, repo, changes)
    }

    fn stage(repo: &Repo, changes: &Changes) -> Staging {
        let mut plan = Plan::default();
        for (path, bytes) in changes {
            let known = (path == "leads/2025/0.toml").then(|| id_of(ObjectType::Blob, b"old"));
            plan.put(path, known, bytes.as_ref().map(|bytes| id_of(ObjectType::Blob, bytes)));
        }
        let stage = Progress::default().stage(&Words::default(), 0);
        repo.draft_staging(&plan, changes).unwrap().write(repo.root(), &stage).unwrap().unwrap()
    }

    #[test]
    fn new_folders_are_placed_whole_and_files_one_by_one() {
        let (dir, repo, changes) = repository();
        let staging = stage(&repo, &changes);
        assert_eq!(staging.folders, ["leads/2026-old", "leads/2026", "users"]);
        assert_eq!(staging.files.len(), 3);
        assert!(!dir.path().join("users").exists(), "nothing is seen before it is placed");
        assert_eq!(fs::read(dir.path().join("leads/2025/0.toml")).unwrap(), b"old");
        let placed = staging.place(dir.path()).unwrap();
        for (path, bytes) in &changes {
            assert_eq!(fs::read(dir.path().join(path)).unwrap(), *bytes.as_ref().unwrap());
            assert!(placed.holds(path));
        }
        assert!(!placed.holds("leads/2025/7.toml"));
        for (path, _) in changes.iter().filter(|(path, _)| !path.starts_with("leads/2025/")) {
            let there = fs::symlink_metadata(dir.path().join(path)).unwrap();
            assert_eq!(placed.stat(path), Some(stat_of(&there)), "{path}");
        }
        assert_eq!(placed.stat("leads/2025/1.toml"), None, "a file moved by itself has another time of change");
        assert!(!repo.staging_dir().exists());
    }

    #[test]
    fn what_came_to_lie_there_stays() {
        let (dir, repo, changes) = repository();
        let staging = stage(&repo, &changes);
        fs::create_dir(dir.path().join("users")).unwrap();
        for path in ["leads/2026", "leads/2026-old", "leads/2025/0.toml", "leads/2025/1.toml"] {
            fs::write(dir.path().join(path), "a person's").unwrap();
        }
        let placed = staging.place(dir.path()).unwrap();
        assert_eq!(changes.keys().filter(|path| placed.holds(path)).collect::<Vec<_>>(), ["leads/2025/2.toml"]);
        assert!(changes.keys().all(|path| placed.stat(path).is_none()));
        assert_eq!(fs::read(dir.path().join("leads/2026")).unwrap(), b"a person's");
        assert_eq!(fs::read(dir.path().join("leads/2025/0.toml")).unwrap(), b"a person's");
        assert_eq!(fs::read(dir.path().join("leads/2025/1.toml")).unwrap(), b"a person's");
    }
}
