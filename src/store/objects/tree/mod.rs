//! git's trees: look a path up, compare two, make a new one with some files changed.
//!
//! A new tree reads and writes only the folders on the way to what changed, which is why records lie
//! in buckets: the cost follows the size of a folder, not of the repository.
//!
//! *Invariant:* entries that are not ours (modes, links, submodules) go through unchanged.

mod compare;
mod entries;

pub(crate) use self::compare::{compare, differences};
pub(in crate::store) use self::entries::{Entries, Named};

use super::Objects;
use crate::record::{Failure, Result};
use crate::store::error::GitResult;
use crate::words;
use foldhash::HashMap;
use git2::{ObjectType, Odb, Oid, Repository, Tree};
use std::cell::RefCell;
use std::collections::BTreeMap;

pub(crate) const FILE: u32 = 0o100_644;
const FOLDER: u32 = 0o040_000;

/// An entry of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub mode: u32,
    pub id: Oid,
}

impl Entry {
    /// Tells whether it is a regular file, executable or not.
    pub fn is_file(self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    /// Tells whether it is a folder.
    pub fn is_folder(self) -> bool {
        self.mode == FOLDER
    }

    fn file(self) -> Option<Oid> {
        self.is_file().then_some(self.id)
    }
}

/// The entries of one tree in git's order: a folder is sorted, and keyed here, with `/` after its name.
type Level = BTreeMap<Vec<u8>, Entry>;

/// A file to write (its blob) or remove (none); lists of them are sorted by path.
pub(crate) type Edit<'a> = (&'a str, Option<Oid>);

/// A tree to look up many paths in, each folder of which is read once.
///
/// libgit2 keeps no large tree; it would inflate and hash those on the way anew for every path, 0.5 ms each.
pub(crate) struct Folders<'r> {
    git: &'r Repository,
    root: Option<Tree<'r>>,
    known: RefCell<HashMap<String, Option<Tree<'r>>>>,
}

impl<'r> Folders<'r> {
    /// Reads the tree of a commit; that of none has nothing in it.
    pub fn new(git: &'r Repository, commit: Option<Oid>) -> Result<Folders<'r>> {
        let root = commit.map(|id| git.find_commit(id).and_then(|commit| commit.tree()).git()).transpose()?;
        Ok(Folders { git, root, known: RefCell::default() })
    }

    /// Returns the entry at `path`, if there is one.
    pub fn entry(&self, path: &str) -> Result<Option<Entry>> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(tree) = self.folder(folder)? else { return Ok(None) };
        Ok(tree.get_name(name).map(|entry| Entry { mode: entry.filemode_raw() as u32, id: entry.id() }))
    }

    /// Returns the paths of the files below a folder, sorted; none where there is no such folder.
    pub fn files(&self, path: &str) -> Result<Vec<String>> {
        let Some(tree) = self.folder(path)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for entry in &tree {
            let at = format!("{path}/{}", String::from_utf8_lossy(entry.name_bytes()));
            let mode = Entry { mode: entry.filemode_raw() as u32, id: entry.id() };
            if mode.is_folder() {
                found.extend(self.files(&at)?);
            } else if mode.is_file() {
                found.push(at);
            }
        }
        found.sort();
        Ok(found)
    }

    fn folder(&self, path: &str) -> Result<Option<Tree<'r>>> {
        if path.is_empty() {
            return Ok(self.root.clone());
        }
        if let Some(known) = self.known.borrow().get(path) {
            return Ok(known.clone());
        }
        let entry = self.entry(path)?.filter(|entry| entry.is_folder());
        let tree = entry.map(|entry| self.git.find_tree(entry.id).git()).transpose()?;
        self.known.borrow_mut().insert(path.to_string(), tree.clone());
        Ok(tree)
    }
}

/// Returns the folder at `path`, or the whole tree for the empty path.
pub(crate) fn folder_at(odb: &Odb<'_>, root: Option<Oid>, path: &str) -> Result<Option<Oid>> {
    let mut at = root;
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let Some(id) = at else { return Ok(None) };
        at = read(odb, id)?.get(&folder_key(part.as_bytes())).map(|entry| entry.id);
    }
    Ok(at)
}

/// Returns the folder of this name in a tree, if it has one and can be read.
pub(super) fn folder_in(odb: &Odb<'_>, tree: Oid, name: &[u8]) -> Option<Oid> {
    Some(read(odb, tree).ok()?.get(&folder_key(name))?.id)
}

/// Makes the tree that `base` becomes with `edits`; returns its id.
///
/// Fails with exit code 5 when a file would have to lie below something that is not a folder.
pub(crate) fn rewrite(odb: &Odb<'_>, base: Option<Oid>, edits: &[Edit<'_>], made: &mut Objects<'_>) -> Result<Oid> {
    match rewrite_level(odb, base, edits, 0, made)? {
        Some(id) => Ok(id),
        None => Ok(made.add(ObjectType::Tree, Vec::new())),
    }
}

/// Makes one level; `depth` is where, in the paths, the names of this level start. Returns none when nothing is left.
fn rewrite_level(
    odb: &Odb<'_>,
    base: Option<Oid>,
    edits: &[Edit<'_>],
    depth: usize,
    made: &mut Objects<'_>,
) -> Result<Option<Oid>> {
    let mut level = base.map_or(Ok(Level::new()), |id| read(odb, id))?;
    for group in edits.chunk_by(|a, b| first_part(a.0, depth) == first_part(b.0, depth)) {
        let (path, blob) = group[0];
        let name = first_part(path, depth);
        if depth + name.len() == path.len() {
            put_file(&mut level, path, name, blob)?;
            continue;
        }
        let key = folder_key(name.as_bytes());
        let below = level.get(&key).map(|entry| entry.id);
        if below.is_none() && level.contains_key(name.as_bytes()) {
            return Err(in_the_way(path, &path[..depth + name.len()]));
        }
        match rewrite_level(odb, below, group, depth + name.len() + 1, made)? {
            Some(id) => level.insert(key, Entry { mode: FOLDER, id }),
            None => level.remove(&key),
        };
    }
    Ok((!level.is_empty()).then(|| made.add(ObjectType::Tree, render(&level))))
}

fn put_file(level: &mut Level, path: &str, name: &str, blob: Option<Oid>) -> Result<()> {
    if level.contains_key(&folder_key(name.as_bytes())) {
        return Err(in_the_way(path, path));
    }
    match blob {
        Some(id) => {
            let mode = level.get(name.as_bytes()).filter(|old| old.is_file()).map_or(FILE, |old| old.mode);
            level.insert(name.into(), Entry { mode, id });
        }
        None => {
            level.remove(name.as_bytes());
        }
    }
    Ok(())
}

fn in_the_way(path: &str, place: &str) -> Failure {
    Failure::conflict(words!(
        "`{path}` cannot be written: `{place}` is in the way",
        "无法写入 `{path}`：`{place}` 挡住了路径"
    ))
}

fn first_part(path: &str, depth: usize) -> &str {
    let rest = &path[depth..];
    rest.split_once('/').map_or(rest, |(name, _)| name)
}

fn folder_key(name: &[u8]) -> Vec<u8> {
    [name, b"/"].concat()
}

fn read(odb: &Odb<'_>, id: Oid) -> Result<Level> {
    let object = odb.read(id).git()?;
    parse(object.data()).ok_or_else(|| damaged(id))
}

fn damaged(id: Oid) -> Failure {
    Failure::failed(words!("the git tree `{id}` is damaged", "git 树对象 `{id}` 已损坏"))
}

/// Reads git's form of a tree.
fn parse(data: &[u8]) -> Option<Level> {
    let key = |Named { name, entry }: Named<'_>| if entry.is_folder() { folder_key(name) } else { name.to_vec() };
    let keyed = |named: Named<'_>| (!named.name.is_empty()).then(|| (key(named), named.entry));
    Entries::of(data).map(keyed).collect()
}

fn render(level: &Level) -> Vec<u8> {
    let mut data = Vec::new();
    for (key, entry) in level {
        let name = if entry.is_folder() { &key[..key.len() - 1] } else { key };
        data.extend_from_slice(format!("{:o} ", entry.mode).as_bytes());
        data.extend_from_slice(name);
        data.push(0);
        data.extend_from_slice(entry.id.as_bytes());
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_and_written_alike() {
        let id = Oid::from_bytes(&[7; 20]).unwrap();
        let mut level = Level::new();
        level.insert(b"a.toml".to_vec(), Entry { mode: FILE, id });
        level.insert(b"a/".to_vec(), Entry { mode: FOLDER, id });
        level.insert(b"a0".to_vec(), Entry { mode: 0o120_000, id });
        let data = render(&level);
        assert_eq!(parse(&data).unwrap(), level);
        let names: Vec<&[u8]> = data.split(|byte| *byte == 0).collect();
        assert!(names[0].ends_with(b"a.toml") && names[1].ends_with(b" a") && names[2].ends_with(b" a0"));
        assert_eq!(parse(b"100644 x"), None);
        assert_eq!(parse(b"100644 x\0short"), None);
    }

    #[test]
    fn parts_of_paths() {
        assert_eq!(first_part("leads/2026/x.toml", 0), "leads");
        assert_eq!(first_part("leads/2026/x.toml", 6), "2026");
        assert_eq!(first_part("leads/2026/x.toml", 11), "x.toml");
    }
}
