//! Loads records as a commit holds them.
//!
//! A folder of a commit never changes, so what its tree holds is kept in the index by the tree's id; two
//! commits share every folder that is the same in both.

use super::super::Repo;
use super::super::index::{Change, ChunkWriter, Entries, Index, Stat, Table};
use super::super::layout::{ENDING, fits};
use super::walk::are_few;
use super::{LoadOptions, Loaded, file, reading};
use crate::record::{Failure, Finding, Kind, Number, Result};
use crate::store::error::GitResult;
use crate::words;
use git2::{ObjectType, Oid, Repository, Tree};
use rayon::prelude::*;
use std::path::Path;

/// How many folders of commits the index keeps at least.
const KEPT: usize = 600;

/// A folder of a commit.
struct Folder {
    kind: Kind,
    path: String,
    tree: Oid,
    /// Names and blobs of regular files with a record's ending, sorted by name.
    files: Vec<(String, Oid)>,
    findings: Vec<Finding>,
}

/// Loads all records of these kinds.
pub(super) fn load(repo: &Repo, commit: Oid, kinds: &[Kind], options: LoadOptions) -> Result<Loaded> {
    let folders = folders(repo.git(), commit, kinds)?;
    let mut index = options.use_index.then(|| Index::open(&repo.private_dir())).flatten();
    let known = |folder: &Folder| index.as_ref()?.chunk(Table::Tree, &folder.chunk_name());
    let chunks: Vec<Option<Vec<u8>>> = folders.iter().map(known).collect();
    let stage = repo.progress().stage(&reading(), folders.iter().map(|folder| folder.files.len()).sum());
    let load = |git: &Repository, folder: &Folder, chunk: Option<Vec<u8>>| {
        let loaded = folder.load(git, chunk.as_deref());
        stage.advance(folder.files.len());
        loaded
    };
    let each = folders.iter().zip(chunks);
    let done: std::result::Result<Vec<_>, git2::Error> = match folders.len() < 2 || are_few(kinds) {
        true => each.map(|(folder, chunk)| load(repo.git(), folder, chunk)).collect(),
        false => each
            .collect::<Vec<_>>()
            .into_par_iter()
            .map_init(repo.opener(), |git, (folder, chunk)| load(git.as_ref().map_err(copy)?, folder, chunk))
            .collect(),
    };
    let (mut loaded, mut changes) = (Loaded::default(), Vec::new());
    for (folder, (part, change)) in folders.into_iter().zip(done.git()?) {
        loaded.records.extend(part.records);
        loaded.findings.extend(folder.findings.into_iter().chain(part.findings));
        changes.extend(change);
    }
    if let Some(index) = &mut index {
        index.write(Table::Tree, &changes, KEPT.max(changes.len() * 2));
    }
    Ok(loaded)
}

/// Reads a file of a commit; nothing when there is none.
pub(super) fn read(git: &Repository, commit: Oid, path: &str) -> Result<Option<Vec<u8>>> {
    let tree = tree_of(git, commit)?;
    match tree.get_path(Path::new(path)) {
        Ok(entry) if is_regular(entry.filemode()) => {
            let (size, _) = git.odb().and_then(|odb| odb.read_header(entry.id())).git()?;
            file::refuse_large(path, size as u64)?;
            let blob = git.find_blob(entry.id()).git()?;
            Ok(Some(blob.content().to_vec()))
        }
        Ok(_) => Err(Failure::invalid(words!("`{path}` is not a regular file", "`{path}` 不是普通文件"))),
        Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error).git(),
    }
}

/// Returns the numbers of all records of a kind.
pub(super) fn numbers(repo: &Repo, commit: Oid, kind: Kind) -> Result<Vec<Number>> {
    let folders = folders(repo.git(), commit, &[kind])?;
    let all = folders.iter().flat_map(|folder| folder.files.iter().map(|(name, _)| folder.number_of(name)));
    Ok(all.flatten().collect())
}

fn copy(error: &git2::Error) -> git2::Error {
    git2::Error::new(error.code(), error.class(), error.message())
}

/// Returns the tree of a commit, or the tree that the id names already.
fn tree_of(git: &Repository, commit: Oid) -> Result<Tree<'_>> {
    git.find_object(commit, None).and_then(|object| object.peel_to_tree()).git()
}

/// Returns the folders of these kinds, sorted by path.
fn folders(git: &Repository, commit: Oid, kinds: &[Kind]) -> Result<Vec<Folder>> {
    let top = tree_of(git, commit)?;
    let mut all = Vec::new();
    for kind in kinds {
        let Some(entry) = top.get_name(kind.folder).filter(|entry| entry.kind() == Some(ObjectType::Tree)) else {
            continue;
        };
        collect(git, *kind, kind.folder.to_string(), entry.id(), &mut all).git()?;
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

fn collect(
    git: &Repository,
    kind: Kind,
    path: String,
    tree: Oid,
    all: &mut Vec<Folder>,
) -> std::result::Result<(), git2::Error> {
    let mut folder = Folder { kind, path, tree, files: Vec::new(), findings: Vec::new() };
    for entry in &git.find_tree(tree)? {
        let name = String::from_utf8_lossy(entry.name_bytes());
        let path = || format!("{}/{name}", folder.path);
        match entry.kind() {
            _ if name.starts_with('.') => {}
            Some(ObjectType::Tree) if name.ends_with(ENDING) => {
                folder.findings.push(file::not_a_file(&path(), words!("it is a folder", "这是文件夹")));
            }
            Some(ObjectType::Tree) => collect(git, kind, path(), entry.id(), all)?,
            _ if entry.filemode() == 0o120_000 => {
                folder.findings.push(file::not_a_file(&path(), words!("it is a symbolic link", "这是符号链接")));
            }
            Some(ObjectType::Blob) if name.ends_with(ENDING) => folder.files.push((name.into_owned(), entry.id())),
            _ => {}
        }
    }
    // git sorts a folder as if its name ended with `/`; the files among themselves are sorted by name.
    all.push(folder);
    Ok(())
}

fn is_regular(mode: i32) -> bool {
    matches!(mode, 0o100_644 | 0o100_755 | 0o100_664)
}

impl Folder {
    fn chunk_name(&self) -> String {
        format!("{} {}", self.tree, self.path)
    }

    fn number_of(&self, name: &str) -> Option<Number> {
        let number = Number::parse(name.strip_suffix(ENDING)?)?;
        fits(self.kind, &self.path, &number).then_some(number)
    }

    fn load(
        &self,
        git: &Repository,
        chunk: Option<&[u8]>,
    ) -> std::result::Result<(Loaded, Option<Change>), git2::Error> {
        if let Some(loaded) = chunk.and_then(|chunk| self.load_known(chunk)) {
            return Ok((loaded, None));
        }
        let mut loaded = Loaded::default();
        let mut writer = ChunkWriter::new();
        for (name, blob) in &self.files {
            let path = format!("{}/{name}", self.path);
            let Some(number) = self.number_of(name) else {
                loaded.findings.push(file::misplaced(self.kind, &path));
                continue;
            };
            let content = file::content(self.kind, &number, &path, git.find_blob(*blob)?.content());
            writer.add(name, Stat::default(), false, &content);
            loaded.take(self.kind, number, content);
        }
        Ok((loaded, Some((self.chunk_name(), Some(writer.finish())))))
    }

    /// Takes all from the chunk; nothing when it does not hold exactly the folder's records.
    fn load_known(&self, chunk: &[u8]) -> Option<Loaded> {
        let mut loaded = Loaded::default();
        let mut known = Entries::new(chunk);
        for (name, _) in &self.files {
            match self.number_of(name) {
                Some(number) => {
                    let (entry, _) = known.next().filter(|(entry, _)| entry.name == name)?;
                    loaded.take(self.kind, number, entry.content(self.kind.fields, &self.path)?);
                }
                None => loaded.findings.push(file::misplaced(self.kind, &format!("{}/{name}", self.path))),
            }
        }
        Some(loaded)
    }
}
