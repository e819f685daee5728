//! Staging: the files of new folders, written and synced before a bulk commit, moved in as whole folders after it.
//!
//! An import of 100,000 records makes a hundred new folders. Written under temporary names and renamed
//! one by one, each file would cost a second change of its folder, after the commit, while the user
//! waits; here a rename a folder is left for then, and the disk is busy while objects are being packed.
//!
//! They lie in `staging` of kehu's folder in git's, where no one looks for records.
//!
//! *Invariants:* nothing of the work tree changes before [`Staging::place`]; a folder is placed whole or
//! not at all, and only where nothing is. What cannot be staged or placed is written file by file instead
//! ([`finish`](super::finish)), so a failure here costs time, never a file;
//! only a full disk is one at once, before the commit.

use super::Repo;
use super::durable;
use super::error::IoResult;
use super::tree_path::folder_of;
use crate::record::Result;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A file to write.
struct File<'a> {
    target: PathBuf,
    bytes: &'a [u8],
}

/// New folders that wait to be placed; they are on the disk.
pub(crate) struct Staging {
    dir: PathBuf,
    /// The uppermost new folders, from the top of the repository; the n-th lies in `dir/n`.
    folders: Vec<String>,
}

impl Repo {
    /// Removes what a killed process staged; the caller holds the lock.
    pub(crate) fn clear_staging(&self) {
        // Left there it is only in the way of disk space; the next command tries again.
        let _ = fs::remove_dir_all(self.staging_dir());
    }

    /// Returns where folders are staged.
    pub(crate) fn staging_dir(&self) -> PathBuf {
        self.private_dir().join("staging")
    }
}

impl Staging {
    /// Writes those of the changed files that lie in new folders below `root`, and returns when they are on the disk.
    ///
    /// Returns nothing when they are few, or when it cannot be done. Fails when the disk is full: better before
    /// the commit than after it.
    pub(crate) fn prepare(
        root: &Path,
        dir: PathBuf,
        changes: &BTreeMap<String, Option<Vec<u8>>>,
    ) -> Result<Option<Staging>> {
        let mut new_folders = NewFolders::new(root);
        let mut staging = Staging { dir, folders: Vec::new() };
        let mut places = HashMap::new();
        let mut files = Vec::new();
        for (path, bytes) in changes {
            let (Some(bytes), Some(folder)) = (bytes, new_folders.uppermost(path)) else { continue };
            let place = *places.entry(folder).or_insert_with(|| staging.add(folder));
            files.push(File { target: staging.place_of(place).join(&path[folder.len() + 1..]), bytes });
        }
        if files.len() <= durable::BULK {
            return Ok(None);
        }
        match staging.write(root, &files) {
            Ok(()) => Ok(Some(staging)),
            Err(error) if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
                Err(error).at(&staging.dir)
            }
            Err(_) => Ok(None),
        }
    }

    fn add(&mut self, folder: &str) -> usize {
        self.folders.push(folder.to_string());
        self.folders.len() - 1
    }

    /// Returns where the n-th folder waits.
    fn place_of(&self, at: usize) -> PathBuf {
        self.dir.join(at.to_string())
    }

    fn write(&self, root: &Path, files: &[File<'_>]) -> io::Result<()> {
        let _ = fs::remove_dir_all(&self.dir);
        fs::create_dir_all(&self.dir)?;
        if !same_file_system(root, &self.dir)? {
            return Err(ErrorKind::CrossesDevices.into());
        }
        // One thread fills a folder.
        let groups: Vec<&[File<'_>]> = files.chunk_by(|a, b| a.target.parent() == b.target.parent()).collect();
        let folders: BTreeSet<&Path> = files.iter().filter_map(|file| file.target.parent()).collect();
        let paths: Vec<&Path> = files.iter().map(|file| &*file.target).chain(folders).collect();
        durable::sync_while(&self.dir, &paths, || groups.par_iter().try_for_each(|group| write_folder(group)))
    }

    /// Moves the folders to their places; returns those that were moved.
    ///
    /// One is left out where anything has come to lie meanwhile.
    pub(crate) fn place(&self, root: &Path) -> Placed {
        let mut placed = Placed::default();
        for (at, folder) in self.folders.iter().enumerate() {
            let target = root.join(folder);
            // An empty folder in the way would be replaced, unseen.
            let is_free = target.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
            if is_free && fs::rename(self.place_of(at), &target).is_ok() {
                placed.0.insert(folder.clone());
            }
        }
        placed
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Folders that were moved to their places, from the top of the repository.
#[derive(Debug, Default)]
pub(crate) struct Placed(BTreeSet<String>);

impl Placed {
    /// Tells whether a file lies in one of them.
    pub(crate) fn holds(&self, path: &str) -> bool {
        !self.0.is_empty() && path.match_indices('/').any(|(end, _)| self.0.contains(&path[..end]))
    }

    /// Returns them.
    pub(crate) fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
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

/// Writes the files of one folder.
fn write_folder(files: &[File<'_>]) -> io::Result<()> {
    if let Some(folder) = files.first().and_then(|file| file.target.parent()) {
        fs::create_dir_all(folder)?;
    }
    files.iter().try_for_each(|file| fs::File::create_new(&file.target)?.write_all(file.bytes))
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

    fn files(folders: &[&str]) -> BTreeMap<String, Option<Vec<u8>>> {
        let file = |folder: &&str, n: usize| (format!("{folder}/{n}.toml"), Some(n.to_string().into_bytes()));
        folders.iter().flat_map(|folder| (0..30).map(move |n| file(folder, n))).collect()
    }

    fn staged(root: &Path, folders: &[&str]) -> Option<Staging> {
        fs::create_dir_all(root.join("leads/2025")).unwrap();
        Staging::prepare(root, root.join(".git/kehu/staging"), &files(folders)).unwrap()
    }

    #[test]
    fn new_folders_are_placed_whole() {
        let dir = tempfile::tempdir().unwrap();
        // A folder beside another whose name begins alike, one inside another, one that is there.
        let folders = ["leads/2026", "leads/2026/001xxx", "leads/2026-old", "users", "leads/2025"];
        let staging = staged(dir.path(), &folders).unwrap();
        assert_eq!(staging.folders, ["leads/2026-old", "leads/2026", "users"]);
        assert!(!dir.path().join("users").exists(), "nothing is seen before it is placed");
        let placed = staging.place(dir.path());
        for (path, bytes) in files(&folders[..4]) {
            assert_eq!(fs::read(dir.path().join(&path)).unwrap(), bytes.unwrap());
            assert!(placed.holds(&path));
        }
        assert!(!placed.holds("leads/2025/1.toml") && !dir.path().join("leads/2025/1.toml").exists());
        drop(staging);
        assert!(!dir.path().join(".git/kehu/staging").exists());
    }

    #[test]
    fn what_came_to_lie_there_stays() {
        let dir = tempfile::tempdir().unwrap();
        let staging = staged(dir.path(), &["leads/2026", "users"]).unwrap();
        fs::create_dir(dir.path().join("users")).unwrap();
        fs::write(dir.path().join("leads/2026"), "a person's").unwrap();
        let placed = staging.place(dir.path());
        assert_eq!(placed.folders().count(), 0);
        assert_eq!(fs::read(dir.path().join("leads/2026")).unwrap(), b"a person's");
    }

    #[test]
    fn few_files_and_folders_that_exist_are_not_staged() {
        let dir = tempfile::tempdir().unwrap();
        assert!(staged(dir.path(), &["users"]).is_none());
        assert!(staged(dir.path(), &["leads/2025"]).is_none());
    }
}
