//! The journal: what a commit under way still has to bring to the work tree.
//!
//! A file in `kehu/journal/` of the work tree's git folder, a few lines, synced before the branch
//! moves. Which files are meant follows from the two commits, so it stays as small for 100,000
//! records as for one. There is nothing in it to roll back: either the branch has the commit and the
//! files are finished, or it has not and the journal is dropped.

use crate::record::{Failure, Result};
use crate::store::durable;
use crate::store::error::IoResult;
use crate::words;
use git2::Oid;
use std::fs;
use std::path::{Path, PathBuf};

const HEADER: &str = "kehu journal 1";

/// A commit and what it started from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Journal {
    /// The full name of the branch, `refs/heads/main`.
    pub branch: String,
    /// The commit it was made on; none for the first.
    pub base: Option<Oid>,
    /// The commit made.
    pub commit: Oid,
}

impl Journal {
    fn render(&self) -> String {
        let base = self.base.unwrap_or(Oid::ZERO_SHA1);
        format!("{HEADER}\nbranch {}\nbase {base}\ncommit {}\n", self.branch, self.commit)
    }

    fn parse(text: &str) -> Option<Journal> {
        let mut lines = text.lines();
        (lines.next()? == HEADER).then_some(())?;
        let branch = lines.next()?.strip_prefix("branch ")?.to_string();
        let base = lines.next()?.strip_prefix("base ")?.parse::<Oid>().ok()?;
        let commit = lines.next()?.strip_prefix("commit ")?.parse().ok()?;
        Some(Journal { branch, base: Some(base).filter(|base| !base.is_zero()), commit })
    }
}

/// The folder of journals of one work tree.
#[derive(Debug)]
pub(crate) struct Journals {
    folder: PathBuf,
}

impl Journals {
    /// Names the folder; nothing is made or read.
    pub fn new(folder: PathBuf) -> Journals {
        Journals { folder }
    }

    /// Tells whether any journal was left; one look at a folder, for every command.
    pub fn is_empty(&self) -> bool {
        self.paths().map_or(true, |paths| paths.is_empty())
    }

    /// Writes a journal; returns its file once it is on the disk.
    pub fn write(&self, journal: &Journal) -> Result<PathBuf> {
        if !self.folder.is_dir() {
            fs::create_dir_all(&self.folder).at(&self.folder)?;
            self.folder.ancestors().skip(1).take(2).try_for_each(durable::sync_folder)?;
        }
        let last = self.paths()?.last().and_then(|path| number(path)).unwrap_or(0);
        let path = self.folder.join(format!("{:08}", last + 1));
        durable::replace_file(&path, journal.render().as_bytes())?;
        Ok(path)
    }

    /// Reads the journals that were left, oldest first.
    pub fn read(&self) -> Result<Vec<(PathBuf, Journal)>> {
        let mut journals = Vec::new();
        for path in self.paths()? {
            let text = fs::read_to_string(&path).at(&path)?;
            let journal = Journal::parse(&text).ok_or_else(|| damaged(&path))?;
            journals.push((path, journal));
        }
        Ok(journals)
    }

    /// Drops a journal.
    pub fn drop(&self, path: &Path) -> Result<()> {
        fs::remove_file(path).present(path).map(|_| ())
    }

    /// Drops all of them.
    pub fn clear(&self) -> Result<()> {
        self.paths()?.iter().try_for_each(|path| self.drop(path))
    }

    fn paths(&self) -> Result<Vec<PathBuf>> {
        let Some(entries) = fs::read_dir(&self.folder).present(&self.folder)? else { return Ok(Vec::new()) };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| number(path).is_some());
        paths.sort();
        Ok(paths)
    }
}

fn number(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.parse().ok()
}

fn damaged(path: &Path) -> Failure {
    // Synced before it got its name, so only a failing disk or a person can have done this.
    Failure::failed(words!("the journal `{}` is damaged", "日志 `{}` 已损坏"; path.display())).hint(words!(
        "compare the work tree with `git status`, move the file away, and run the command again",
        "用 `git status` 核对工作区，移走该文件后重新运行"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_journals_are_read_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let journals = Journals::new(dir.path().join("kehu/journal"));
        assert!(journals.is_empty());
        let journal = |base: Option<&str>, commit: &str| Journal {
            branch: "refs/heads/主线".into(),
            base: base.map(|base| base.repeat(40).parse().unwrap()),
            commit: commit.repeat(40).parse().unwrap(),
        };
        let (first, second) = (journal(None, "a"), journal(Some("a"), "b"));
        let path = journals.write(&first).unwrap();
        journals.write(&second).unwrap();
        assert!(!journals.is_empty());
        let read: Vec<Journal> = journals.read().unwrap().into_iter().map(|(_, journal)| journal).collect();
        assert_eq!(read, [first, second.clone()]);
        journals.drop(&path).unwrap();
        journals.drop(&path).unwrap();
        assert_eq!(journals.read().unwrap()[0].1, second);
        journals.clear().unwrap();
        assert!(journals.is_empty());
    }

    #[test]
    fn a_damaged_journal_is_named() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("00000001"), "kehu journal 1\nbranch x\n").unwrap();
        assert!(Journals::new(dir.path().into()).read().unwrap_err().message.en.contains("00000001"));
    }
}
