//! What one side changed since the base: its files by path and, apart from them, what is no plain file.

use crate::record::{Failure, Result};
use crate::store::error::GitResult;
use crate::store::objects::id_of;
use crate::store::objects::tree::{Entry, differences};
use crate::words;
use git2::{ObjectType, Odb, Oid};
use std::collections::BTreeMap;

/// The content of a file.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    /// Its blob.
    pub id: Oid,
    /// Its bytes, where git does not hold the blob yet.
    pub bytes: Option<Vec<u8>>,
}

impl Content {
    /// Makes content that git does not hold.
    pub fn new(bytes: Vec<u8>) -> Content {
        Content { id: id_of(ObjectType::Blob, &bytes), bytes: Some(bytes) }
    }

    /// Names content that git holds.
    pub fn stored(id: Oid) -> Content {
        Content { id, bytes: None }
    }

    /// Returns the bytes.
    pub fn read(&self, odb: &Odb<'_>) -> Result<Vec<u8>> {
        match &self.bytes {
            Some(bytes) => Ok(bytes.clone()),
            None => Ok(odb.read(self.id).git()?.data().to_vec()),
        }
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Content) -> bool {
        self.id == other.id
    }
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    /// What it held in the base; none when it was not there.
    pub was: Option<Oid>,
    /// What it holds; none when it was removed.
    pub is: Option<Content>,
}

impl Change {
    /// Tells whether the file is new.
    pub fn is_new(&self) -> bool {
        self.was.is_none() && self.is.is_some()
    }
}

/// What one side changed since the base.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Plain files, by path.
    pub files: BTreeMap<String, Change>,
    /// Links, submodules, files that became executable, names that are no text.
    pub odd: BTreeMap<Vec<u8>, [Option<Entry>; 2]>,
}

impl Changes {
    /// Compares two trees.
    pub fn between(odb: &Odb<'_>, base: Option<Oid>, side: Option<Oid>) -> Result<Changes> {
        let mut changes = Changes::default();
        differences(odb, base, side, &mut Vec::new(), &mut |path, was, is| match std::str::from_utf8(path) {
            Ok(path) if is_plain(was, is) => {
                let change = Change { was: was.map(|entry| entry.id), is: is.map(|entry| Content::stored(entry.id)) };
                changes.files.insert(path.to_string(), change);
            }
            _ => drop(changes.odd.insert(path.to_vec(), [was, is])),
        })?;
        Ok(changes)
    }

    /// Refuses what `theirs` brings that is no plain file, unless this side has it too.
    ///
    /// Fails with exit code 5; `upstream` is what plain git would merge.
    pub fn refuse_odd(&self, theirs: &Changes, upstream: &str) -> Result<()> {
        let new = theirs.odd.iter().find(|(path, change)| self.odd.get(*path) != Some(*change)).map(|(path, _)| path);
        let met = self.odd.keys().find(|path| str::from_utf8(path).is_ok_and(|path| theirs.files.contains_key(path)));
        match new.or(met) {
            None => Ok(()),
            Some(path) => Err(odd(&String::from_utf8_lossy(path), upstream)),
        }
    }
}

/// Tells whether a change is one of a plain file that stays one.
pub(crate) fn is_plain(was: Option<Entry>, is: Option<Entry>) -> bool {
    let is_program = |entry: Entry| entry.mode & 0o111 != 0;
    let before = was.is_some_and(is_program);
    [was, is].into_iter().flatten().all(|entry| entry.is_file() && is_program(entry) == before)
}

fn odd(path: &str, upstream: &str) -> Failure {
    Failure::conflict(words!(
        "`{path}` of `{upstream}` is a link, a program or a submodule, which kehu does not bring in",
        "`{upstream}` 中的 `{path}` 是链接、可执行文件或子模块，kehu 不会合入"
    ))
    .hint(words!(
        "`git merge {upstream}` brings it in; then run it again",
        "可用 `git merge {upstream}` 合入，然后重试"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::objects::tree::FILE;

    fn entry(mode: u32) -> Option<Entry> {
        Some(Entry { mode, id: Oid::ZERO_SHA1 })
    }

    #[test]
    fn plain_files_are_told_from_others() {
        const PROGRAM: u32 = 0o100_755;
        const LINK: u32 = 0o120_000;
        for (was, is, plain) in [
            (None, entry(FILE), true),
            (entry(FILE), entry(0o100_664), true),
            (entry(FILE), None, true),
            (entry(PROGRAM), entry(PROGRAM), true),
            (entry(PROGRAM), None, true),
            (None, entry(PROGRAM), false),
            (entry(FILE), entry(PROGRAM), false),
            (entry(PROGRAM), entry(FILE), false),
            (entry(FILE), entry(LINK), false),
            (entry(LINK), None, false),
            (None, entry(0o160_000), false),
        ] {
            assert_eq!(is_plain(was, is), plain, "{was:?} {is:?}");
        }
    }

    #[test]
    fn what_is_no_file_is_refused_unless_both_have_it() {
        let link = ("link", [None, entry(0o120_000)]);
        let side = |odd: &[(&str, [Option<Entry>; 2])], files: &[&str]| Changes {
            files: files.iter().map(|path| (path.to_string(), Change { was: None, is: None })).collect(),
            odd: odd.iter().map(|(path, change)| (path.as_bytes().to_vec(), *change)).collect(),
        };
        assert!(side(&[], &[]).refuse_odd(&side(&[link], &[]), "origin/main").is_err());
        assert!(side(&[link], &[]).refuse_odd(&side(&[link], &["x"]), "origin/main").is_ok());
        assert!(side(&[link], &[]).refuse_odd(&side(&[], &["link"]), "origin/main").is_err());
        assert!(side(&[link], &["x"]).refuse_odd(&side(&[], &["x"]), "origin/main").is_ok());
    }
}
