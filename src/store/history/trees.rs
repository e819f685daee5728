//! Comparing the trees of many commits that differ in little.
//!
//! Each tree is read once while commits in a row are compared, and entries are compared as they lie, without a
//! map of each folder: what differs is a name or two of a thousand.

use super::change::FileChange;
use crate::record::{Failure, Result};
use crate::store::error::GitResult;
use crate::words;
use foldhash::HashMap;
use git2::{Odb, Oid, Repository};
use std::cmp::Ordering;
use std::rc::Rc;

/// How many bytes of trees are kept at hand.
const KEPT: usize = 32 << 20;

const FOLDER: u32 = 0o040_000;

/// Reads trees, keeping the last ones.
pub(super) struct Trees<'g> {
    odb: Odb<'g>,
    known: HashMap<Oid, Rc<[u8]>>,
    held: usize,
}

/// An entry of a tree as it lies: mode, name, id.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry<'t> {
    mode: u32,
    name: &'t [u8],
    id: &'t [u8],
}

impl<'g> Trees<'g> {
    /// Reads those of a repository.
    pub fn new(git: &'g Repository) -> Result<Trees<'g>> {
        Ok(Trees { odb: git.odb().git()?, known: HashMap::default(), held: 0 })
    }

    /// Returns the regular files that differ between two trees: path, what it was, what it is; sorted as git
    /// sorts trees.
    pub fn compare(&mut self, before: Option<Oid>, after: Option<Oid>) -> Result<Vec<FileChange>> {
        let mut found = Vec::new();
        self.compare_below(before, after, "", &mut found)?;
        Ok(found)
    }

    fn compare_below(
        &mut self,
        before: Option<Oid>,
        after: Option<Oid>,
        folder: &str,
        found: &mut Vec<FileChange>,
    ) -> Result<()> {
        if before == after {
            return Ok(());
        }
        let (old, new) = (self.read(before)?, self.read(after)?);
        let (mut olds, mut news) = (Entries(&old), Entries(&new));
        let (mut was, mut is) = (olds.next_entry(before)?, news.next_entry(after)?);
        loop {
            let order = match (&was, &is) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(was), Some(is)) => was.cmp_place(is),
            };
            let (left, right) = (was.filter(|_| order.is_le()), is.filter(|_| order.is_ge()));
            if left != right {
                self.differing(left, right, folder, found)?;
            }
            if order.is_le() {
                was = olds.next_entry(before)?;
            }
            if order.is_ge() {
                is = news.next_entry(after)?;
            }
        }
    }

    fn differing(
        &mut self,
        was: Option<Entry<'_>>,
        is: Option<Entry<'_>>,
        folder: &str,
        found: &mut Vec<FileChange>,
    ) -> Result<()> {
        let name = was.or(is).map_or(&[][..], |entry| entry.name);
        // A name that is no text cannot be a record of ours.
        let Ok(name) = std::str::from_utf8(name) else { return Ok(()) };
        if was.or(is).is_some_and(Entry::is_folder) {
            let below = |entry: Option<Entry<'_>>| entry.and_then(Entry::oid);
            return self.compare_below(below(was), below(is), &format!("{folder}{name}/"), found);
        }
        let file = |entry: Option<Entry<'_>>| entry.filter(|entry| entry.is_file()).and_then(Entry::oid);
        let (was, is) = (file(was), file(is));
        if was != is {
            found.push((format!("{folder}{name}"), was, is));
        }
        Ok(())
    }

    fn read(&mut self, id: Option<Oid>) -> Result<Rc<[u8]>> {
        let Some(id) = id else { return Ok(Rc::from([])) };
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let data: Rc<[u8]> = self.odb.read(id).git()?.data().into();
        if self.held + data.len() > KEPT {
            self.known.clear();
            self.held = 0;
        }
        self.held += data.len();
        self.known.insert(id, data.clone());
        Ok(data)
    }
}

impl Entry<'_> {
    fn is_folder(self) -> bool {
        self.mode == FOLDER
    }

    fn is_file(self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    fn oid(self) -> Option<Oid> {
        Oid::from_bytes(self.id).ok()
    }

    /// Compares where two entries stand: a folder as if its name ended with `/`, so that one and a file of the
    /// same name are two.
    fn cmp_place(&self, other: &Entry<'_>) -> Ordering {
        let shared = self.name.len().min(other.name.len());
        let end = |entry: &Entry<'_>| match entry.name.get(shared) {
            Some(byte) => *byte,
            None if entry.is_folder() => b'/',
            None => 0,
        };
        let names = self.name[..shared].cmp(&other.name[..shared]);
        names.then_with(|| end(self).cmp(&end(other))).then_with(|| self.name.len().cmp(&other.name.len()))
    }
}

/// Walks the entries of a tree in git's form: `mode name NUL id`, the mode in octal, the id as 20 bytes.
struct Entries<'t>(&'t [u8]);

impl<'t> Entries<'t> {
    /// Returns the next entry; `tree` is told where it is damaged.
    fn next_entry(&mut self, tree: Option<Oid>) -> Result<Option<Entry<'t>>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let damaged = || {
            let tree = tree.map(|id| id.to_string()).unwrap_or_default();
            Failure::failed(words!("the git tree `{tree}` is damaged", "git 树对象 `{tree}` 已损坏"))
        };
        self.parse().map(Some).ok_or_else(damaged)
    }

    fn parse(&mut self) -> Option<Entry<'t>> {
        let blank = self.0.iter().position(|byte| *byte == b' ')?;
        let mode = u32::from_str_radix(std::str::from_utf8(&self.0[..blank]).ok()?, 8).ok()?;
        let rest = &self.0[blank + 1..];
        let end = rest.iter().position(|byte| *byte == 0)?;
        let id = rest.get(end + 1..end + 21)?;
        self.0 = &rest[end + 21..];
        Some(Entry { mode, name: &rest[..end], id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::objects::tree;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Writes a tree of these files.
    fn write(git: &Repository, files: &BTreeMap<String, u8>) -> Oid {
        let mut builder = git2::build::TreeUpdateBuilder::new();
        for (path, content) in files {
            let mode = if *content == 0 { git2::FileMode::Link } else { git2::FileMode::Blob };
            builder.upsert(path.as_str(), git.blob(&[*content]).unwrap(), mode);
        }
        let empty = git.find_tree(git.treebuilder(None).unwrap().write().unwrap()).unwrap();
        builder.create_updated(git, &empty).unwrap()
    }

    fn files() -> impl Strategy<Value = BTreeMap<String, u8>> {
        prop::collection::btree_map("(a|a-|a0|b)(/(a|a[.]b|c)(/[ab])?)?", 0u8..4, 0..10).prop_map(|mut files| {
            // What is a folder is no file.
            let all: Vec<String> = files.keys().cloned().collect();
            files.retain(|path, _| !all.iter().any(|other| other.starts_with(&format!("{path}/"))));
            files
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        #[test]
        fn tells_what_the_other_way_of_comparing_tells(before in files(), after in files()) {
            let dir = tempfile::tempdir().unwrap();
            let git = Repository::init_bare(dir.path()).unwrap();
            let (before, after) = (write(&git, &before), write(&git, &after));
            let mut expected = Vec::new();
            let odb = git.odb().unwrap();
            tree::compare(&odb, Some(before), Some(after), "", &mut |path, was, is| expected.push((path, was, is))).unwrap();
            prop_assert_eq!(Trees::new(&git).unwrap().compare(Some(before), Some(after)).unwrap(), expected);
        }
    }
}
