//! Loading: records from the work tree or a commit, with what is wrong with their files.
//!
//! A file that cannot be read or is no record is a finding, and everything else is still loaded.
//! The index only saves parsing: with and without it the result is the same.
//!
//! *Absent on purpose:* business rules; locks; any write but to the index.

mod commit;
mod file;
mod walk;
mod work_tree;

pub(super) use file::refuse_large;
pub use file::{misplaced, no_text};
pub(super) use walk::Folder;

use super::index::Content;
use super::layout::path_of;
use super::worktree::clean::Staged;
use super::worktree::path::check_path;
use super::{Repo, Source, codec};
use crate::record::{Failure, Finding, KINDS, Kind, Number, Record, Result, Words};
use crate::words;

/// What was loaded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Loaded {
    /// The records, by folder and then by file name.
    pub records: Vec<Record>,
    /// What is wrong with files, by path and place.
    pub findings: Vec<Finding>,
}

impl Loaded {
    fn sort_findings(&mut self) {
        self.findings.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    }

    /// Adds what a file holds.
    fn take(&mut self, kind: Kind, number: Number, mut content: Content) {
        self.findings.append(&mut content.findings);
        self.records.extend(content.row.map(|row| Record { kind, number, row }));
    }
}

/// How to load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadOptions {
    /// Whether to use the index, and to bring it up to date; without, every file is read and parsed.
    pub use_index: bool,
}

impl Default for LoadOptions {
    fn default() -> LoadOptions {
        LoadOptions { use_index: true }
    }
}

impl Repo {
    /// Loads all records of these kinds.
    ///
    /// Fails when `source` is a commit that is not there.
    pub fn load(&self, kinds: &[Kind], source: &Source, options: LoadOptions) -> Result<Loaded> {
        let mut loaded = match source {
            Source::WorkTree => work_tree::load(self.root(), &self.private_dir(), kinds, options, self.progress()).0,
            Source::Commit(oid) => commit::load(self, *oid, kinds, options)?,
        };
        loaded.sort_findings();
        Ok(loaded)
    }

    /// Loads all records as the files are, and tells whether any of ours differs from the last commit.
    pub fn load_and_compare(&self, options: LoadOptions) -> Result<(Loaded, bool)> {
        let (root, private, index, progress) = (self.root(), self.private_dir(), self.index_path(), self.progress());
        let load = || work_tree::load(root, &private, &KINDS, options, progress);
        let ((mut loaded, folders), staged) = rayon::join(load, || Staged::load(&index));
        loaded.sort_findings();
        Ok((loaded, !self.is_clean(&folders, &staged?)?))
    }

    /// Loads one record with what is wrong with its file; nothing when there is no file.
    ///
    /// It reads that one file, so it takes as long in a large repository as in a small one. Fails when
    /// the file cannot be read or is no record.
    pub fn load_one(&self, kind: Kind, number: &Number, source: &Source) -> Result<Option<(Record, Vec<Finding>)>> {
        let path = path_of(kind, number);
        let Some(text) = self.read_text(source, &path)? else { return Ok(None) };
        match codec::parse_at(kind, number, &text, &path) {
            (Some(record), findings) => Ok(Some((record, findings))),
            (None, findings) => Err(unreadable(&path, findings.first())),
        }
    }

    /// Returns the text of a file, by its path from the repository's top; nothing when there is none.
    ///
    /// Fails when it is not UTF-8, not a regular file, or cannot be read.
    pub fn read_text(&self, source: &Source, path: &str) -> Result<Option<String>> {
        let Some(bytes) = self.read_bytes(source, path)? else { return Ok(None) };
        let not_text = |_| Failure::invalid(words!("`{path}` is not UTF-8 text", "`{path}` 不是 UTF-8 文本"));
        String::from_utf8(bytes).map(Some).map_err(not_text)
    }

    /// Returns the bytes of a file, by its path from the repository's top; nothing when there is none.
    ///
    /// Fails when the path leads out of the repository, when it is not a regular file, or cannot be read.
    pub fn read_bytes(&self, source: &Source, path: &str) -> Result<Option<Vec<u8>>> {
        check_path(path)?;
        match source {
            Source::WorkTree => file::read(self.root(), path),
            Source::Commit(oid) => commit::read(self.git(), *oid, path),
        }
    }

    /// Returns the numbers of all records of a kind, sorted; no file is read for it.
    pub fn list_numbers(&self, kind: Kind, source: &Source) -> Result<Vec<Number>> {
        let mut numbers = match source {
            Source::WorkTree => work_tree::numbers(self.root(), kind),
            Source::Commit(oid) => commit::numbers(self, *oid, kind)?,
        };
        numbers.sort();
        Ok(numbers)
    }
}

/// What is told while records are loaded.
fn reading() -> Words {
    words!("reading records", "读取记录")
}

/// Returns the folders of all kinds.
pub(super) fn walk_all(root: &std::path::Path) -> Vec<Folder> {
    walk::walk(root, &KINDS, walk::Detail::Stats)
}

fn unreadable(path: &str, finding: Option<&Finding>) -> Failure {
    let Some(finding) = finding else {
        return Failure::invalid(words!("`{path}` is not a record", "`{path}` 不是记录文件"));
    };
    let (line, column, message) = (finding.line, finding.column, &finding.problem.message);
    let failure = Failure::invalid(message.clone());
    failure.within(words!("{path}:{line}:{column}", "{path}:{line}:{column}"))
}
