//! Hand edits: what people changed in the work tree with other means, listed and taken over as it is.

use super::clean::{Doubt, Staged as StagedTree};
use super::content::{Content, LineEnds, OnDisk, converts, to_lf};
use super::path::obstacle;
use crate::record::{Failure, KINDS, Result};
use crate::store::Repo;
use crate::store::error::{GitResult, IoResult};
use crate::store::git_index::{GitIndex, Staged};
use crate::store::load::walk_all;
use crate::store::objects::tree::Folders;
use crate::store::write::guard::{Guard, undecided};
use crate::words;
use git2::{Oid, Status, StatusOptions, StatusShow};
use std::fs;

/// What is ours besides the folders of kinds.
pub(super) const OTHERS: [&str; 4] = ["kehu.toml", "config", "attachments", ".gitattributes"];

/// A file that differs from the last commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HandEdit {
    /// Path from the top, with `/`.
    pub path: String,
    /// What happened to it.
    pub kind: EditKind,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EditKind {
    /// It is new.
    Added,
    /// Its content changed.
    Modified,
    /// It is gone.
    Deleted,
    /// What is staged is neither the last commit nor what the file holds now.
    Staged,
    /// A merge left it undecided.
    Conflicted,
}

impl Repo {
    /// Returns the hand edits among records, configuration and attachments, sorted by path.
    ///
    /// Changes nothing, git's index included.
    pub fn status(&self) -> Result<Vec<HandEdit>> {
        let _stage = self.progress().stage(&words!("comparing files", "比对文件"), 0);
        let (root, index) = (self.root(), self.index_path());
        let (folders, staged) = rayon::join(|| walk_all(root), || StagedTree::load(&index));
        self.ask_git(&self.doubt(&folders, &staged?)?)
    }

    /// Returns the hand edits among what is in doubt, sorted by path.
    pub(super) fn ask_git(&self, doubt: &Doubt) -> Result<Vec<HandEdit>> {
        let mut options = StatusOptions::new();
        options.show(StatusShow::IndexAndWorkdir).include_untracked(true).recurse_untracked_dirs(true);
        options.include_ignored(false).exclude_submodules(true).update_index(false).disable_pathspec_match(true);
        let everything = || KINDS.iter().map(|kind| kind.folder).chain(OTHERS);
        match doubt {
            Doubt::Paths(paths) if paths.is_empty() => return Ok(Vec::new()),
            Doubt::Paths(paths) => paths.iter().for_each(|path| _ = options.pathspec(path)),
            Doubt::All => everything().for_each(|path| _ = options.pathspec(path)),
        }
        // libgit2 cannot read an index that is split.
        let mut index = GitIndex::load_whole(&self.index_path())?.in_memory().git()?;
        self.git().set_index(&mut index).git()?;
        let statuses = self.git().statuses(Some(&mut options)).git()?;
        let edit = |entry: git2::StatusEntry<'_>| {
            let path = String::from_utf8(entry.path_bytes().to_vec()).ok()?;
            // A hidden file beside records is an editor's, or ours of a moment: no record, see `load`.
            let is_hidden = path.rsplit_once('/').is_some_and(|(_, name)| name.starts_with('.'));
            if is_hidden && entry.status().is_wt_new() {
                return None;
            }
            Some(HandEdit { path, kind: kind_of(entry.status())? })
        };
        let found: Vec<HandEdit> = statuses.iter().filter_map(edit).collect();
        let held = Folders::new(self.git(), self.head()?)?;
        let mut edits = Vec::with_capacity(found.len());
        for edit in found {
            if edit.kind != EditKind::Modified || !self.is_crlf_of(&edit.path, &held)? {
                edits.push(edit);
            }
        }
        edits.sort();
        Ok(edits)
    }

    /// Tells whether a file is the committed one but for line ends that git takes away: a commit would hold nothing of
    /// it, though git says it is modified until it is staged.
    fn is_crlf_of(&self, path: &str, held: &Folders<'_>) -> Result<bool> {
        let blob = held.entry(path)?.filter(|entry| entry.is_file()).map(|entry| entry.id);
        Ok(OnDisk::read(&self.root().join(path))?.same_as(blob, self.git(), path) == Some(LineEnds::Crlf))
    }
}

impl Guard<'_> {
    /// Returns the blob in the base and the content in the work tree, with LF where git stores LF.
    pub fn hand_edit(&self, path: &str) -> Result<(Option<Oid>, Option<Vec<u8>>)> {
        let base = self.base(path)?;
        let (git, full) = (self.repo.git(), self.repo.root().join(path));
        let disk = OnDisk::read(&full)?;
        if disk == OnDisk::Other || obstacle(self.repo.root(), path).is_some() {
            return Err(Failure::conflict(words!("`{path}` is not a regular file", "`{path}` 不是普通文件")));
        }
        self.refuse_filter(path)?;
        self.refuse_other_staged(path, base, &disk)?;
        let OnDisk::File(read) = disk else { return Ok((base, None)) };
        let bytes = fs::read(&full).at(&full)?;
        let bytes = if read.normal.is_some() && converts(git, path) { to_lf(&bytes) } else { bytes };
        Ok((base, Some(bytes)))
    }

    fn refuse_other_staged(&self, path: &str, base: Option<Oid>, disk: &OnDisk) -> Result<()> {
        let staged = match self.index.find(path)? {
            Staged::Conflict => return Err(undecided(path)),
            Staged::Blob(id, _) => Some(id),
            Staged::Absent => None,
        };
        let same = match disk {
            OnDisk::File(Content { exact, normal, .. }) => {
                staged == Some(*exact) || staged.is_some() && staged == *normal
            }
            _ => staged.is_none(),
        };
        if same || staged == base {
            return Ok(());
        }
        Err(Failure::conflict(words!(
            "what is staged of `{path}` is not what the file holds",
            "`{path}` 已暂存的内容与文件当前内容不同"
        ))
        .hint(words!("`git add {path}` stages the file as it is", "`git add {path}` 可暂存文件的当前内容")))
    }
}

/// Returns what a status of git means; none for a file without change.
fn kind_of(status: Status) -> Option<EditKind> {
    let staged = Status::INDEX_NEW
        | Status::INDEX_MODIFIED
        | Status::INDEX_DELETED
        | Status::INDEX_RENAMED
        | Status::INDEX_TYPECHANGE;
    let open = Status::WT_NEW | Status::WT_MODIFIED | Status::WT_DELETED | Status::WT_RENAMED | Status::WT_TYPECHANGE;
    if status.is_conflicted() {
        return Some(EditKind::Conflicted);
    }
    if !status.intersects(staged | open) {
        return None;
    }
    Some(match status {
        status if status.intersects(staged) && status.intersects(open) => EditKind::Staged,
        status if status.intersects(Status::INDEX_NEW | Status::WT_NEW) => EditKind::Added,
        status if status.intersects(Status::INDEX_DELETED | Status::WT_DELETED) => EditKind::Deleted,
        _ => EditKind::Modified,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_change() {
        assert_eq!(kind_of(Status::CURRENT), None);
        assert_eq!(kind_of(Status::WT_NEW), Some(EditKind::Added));
        assert_eq!(kind_of(Status::INDEX_MODIFIED), Some(EditKind::Modified));
        assert_eq!(kind_of(Status::INDEX_MODIFIED | Status::WT_MODIFIED), Some(EditKind::Staged));
        assert_eq!(kind_of(Status::CONFLICTED | Status::WT_MODIFIED), Some(EditKind::Conflicted));
    }
}
