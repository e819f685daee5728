//! Walks the folders of the work tree in parallel: names and stats, nothing is opened.

use super::super::index::Stat;
use super::super::layout::ENDING;
use super::file::{cannot_read, not_a_file};
use crate::record::{Finding, Kind, Numbering};
use crate::words;
use rayon::prelude::*;
use std::fs::{self, DirEntry};
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

/// A folder and the files in it that have a record's ending.
pub(in crate::store) struct Folder {
    pub kind: Kind,
    /// From the repository's top.
    pub path: String,
    /// Just before it was looked at.
    pub seen: SystemTime,
    /// Sorted by name.
    pub files: Vec<File>,
    pub findings: Vec<Finding>,
    /// Whether it holds anything else than such files and folders.
    pub has_strays: bool,
}

impl Folder {
    fn new(kind: Kind, path: String) -> Folder {
        Folder { kind, path, seen: SystemTime::now(), files: Vec::new(), findings: Vec::new(), has_strays: false }
    }
}

/// A regular file.
pub(in crate::store) struct File {
    pub name: String,
    pub stat: Stat,
}

/// Whether to ask the file system about each file, or only for its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    Stats,
    Names,
}

/// Returns the folders of these kinds, sorted by path.
pub(super) fn walk(root: &Path, kinds: &[Kind], detail: Detail) -> Vec<Folder> {
    let mut folders: Vec<Folder> = match are_few(kinds) {
        true => kinds.iter().flat_map(|kind| walk_top(root, *kind, detail)).collect(),
        false => kinds.par_iter().flat_map(|kind| walk_top(root, *kind, detail)).collect(),
    };
    folders.sort_by(|a, b| a.path.cmp(&b.path));
    folders
}

/// Tells whether records of these kinds are surely few: those that people name. For them starting threads costs
/// more than it saves, a millisecond of the few that showing a record takes.
pub(super) fn are_few(kinds: &[Kind]) -> bool {
    kinds.iter().all(|kind| kind.numbering == Numbering::Given)
}

/// Walks a kind's own folder, unless it is a link: what lies elsewhere is not of this repository.
fn walk_top(root: &Path, kind: Kind, detail: Detail) -> Vec<Folder> {
    let path = kind.folder.to_string();
    if !root.join(&path).is_symlink() {
        return walk_folder(root, kind, path, detail);
    }
    let mut folder = Folder::new(kind, path);
    folder.findings.push(not_a_file(kind.folder, words!("it is a symbolic link", "这是符号链接")));
    folder.has_strays = true;
    vec![folder]
}

fn walk_folder(root: &Path, kind: Kind, path: String, detail: Detail) -> Vec<Folder> {
    let mut folder = Folder::new(kind, path);
    let mut inner = Vec::new();
    match fs::read_dir(root.join(&folder.path)) {
        Ok(entries) => {
            for entry in entries.flatten() {
                look_at(&mut folder, &mut inner, &entry, detail);
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
        Err(error) => folder.findings.push(cannot_read(&folder.path, &error)),
    }
    folder.has_strays |= !folder.findings.is_empty();
    folder.files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    if inner.is_empty() {
        return vec![folder];
    }
    let inner = inner.into_par_iter().flat_map(|path| walk_folder(root, kind, path, detail));
    rayon::iter::once(folder).chain(inner).collect()
}

/// Sorts a folder's entry into files, folders and findings; what starts with a dot or lacks the ending is not ours.
fn look_at(folder: &mut Folder, inner: &mut Vec<String>, entry: &DirEntry, detail: Detail) {
    let name = entry.file_name().to_string_lossy().into_owned();
    let Ok(ty) = entry.file_type() else { return };
    if name.starts_with('.') || !(ty.is_dir() || name.ends_with(ENDING) || ty.is_symlink()) {
        folder.has_strays = true;
        return;
    }
    let path = || format!("{}/{name}", folder.path);
    if ty.is_symlink() {
        folder.findings.push(not_a_file(&path(), words!("it is a symbolic link", "这是符号链接")));
    } else if ty.is_dir() && name.ends_with(ENDING) {
        folder.findings.push(not_a_file(&path(), words!("it is a folder", "这是文件夹")));
    } else if ty.is_dir() {
        inner.push(path());
    } else if !ty.is_file() {
        folder.findings.push(not_a_file(&path(), words!("it is a device or pipe", "这是设备或管道")));
    } else if detail == Detail::Names {
        folder.files.push(File { name, stat: Stat::default() });
    } else {
        match entry.metadata() {
            Ok(file) => folder.files.push(File { name, stat: Stat::new(&file) }),
            // It went away meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => folder.findings.push(cannot_read(&path(), &error)),
        }
    }
}
