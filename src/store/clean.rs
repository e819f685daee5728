//! Whether the work tree is exactly the last commit, told from stats alone.
//!
//! libgit2 reads and filters every file it has a doubt about, and takes seconds at 200,000 records; here
//! git's index is compared with the commit by the id of the tree it would make, and with the files by the
//! stats that loading them has collected anyway.
//!
//! *Invariant:* only certainty counts. A file touched in the instant it was staged, an index another
//! system wrote, anything odd at all: then it is not certain, and the caller asks git.

use super::Repo;
use super::git_index::{GitIndex, WholeIndex};
use super::index::Stat;
use super::load::Folder;
use super::worktree::OTHERS;
use crate::record::{KINDS, Result};
use git2::Oid;
use rayon::prelude::*;
use std::fs;
use std::path::Path;

/// What git's index says.
pub(super) struct Staged {
    index: WholeIndex,
    /// The tree a commit of it would have.
    tree: Option<Oid>,
}

impl Staged {
    pub(super) fn load(index: &Path) -> Result<Staged> {
        let index = GitIndex::load_whole(index)?;
        Ok(Staged { tree: index.tree_id(), index })
    }
}

impl Repo {
    /// Tells whether nothing of ours was edited by hand since the last commit; `folders` are those of all kinds.
    pub(super) fn is_clean(&self, folders: &[Folder], staged: &Staged) -> Result<bool> {
        Ok(self.is_surely_clean(folders, staged)? || self.status()?.is_empty())
    }

    fn is_surely_clean(&self, folders: &[Folder], staged: &Staged) -> Result<bool> {
        let committed = self.tree_id(self.head()?)?;
        Ok(staged.tree.is_some() && staged.tree == committed && agrees(&staged.index, folders, self.root()))
    }
}

/// Tells whether the folders and what is ours beside them hold exactly the files of the index.
fn agrees(index: &WholeIndex, folders: &[Folder], root: &Path) -> bool {
    let of_kinds: usize = folders.iter().map(|folder| folder.files.len()).sum();
    let staged: usize = KINDS.iter().map(|kind| index.within(kind.folder).len()).sum();
    of_kinds == staged
        && folders.par_iter().all(|folder| !folder.has_strays && holds(index, folder))
        && others_agree(index, root)
}

fn holds(index: &WholeIndex, folder: &Folder) -> bool {
    let mut at = 0;
    folder.files.iter().all(|file| {
        // Mostly the next one; after a folder inside this one, or at the start, it has to be looked for.
        if !index.is_at(at, &folder.path, &file.name) {
            at = index.position(&format!("{}/{}", folder.path, file.name));
        }
        let same = index.is_at(at, &folder.path, &file.name) && index.is_surely(at, &file.stat);
        at += 1;
        same
    })
}

fn others_agree(index: &WholeIndex, root: &Path) -> bool {
    OTHERS.iter().all(|name| {
        let staged = index.within(name);
        let is_same = |at: usize| {
            let meta = index.path(at).and_then(|path| root.join(path).symlink_metadata().ok());
            meta.is_some_and(|meta| meta.is_file() && index.is_surely(at, &Stat::new(&meta)))
        };
        files_below(&root.join(name)) == staged.len() && staged.clone().all(is_same)
    })
}

/// Counts what is no folder at or below a path.
fn files_below(path: &Path) -> usize {
    let Ok(meta) = path.symlink_metadata() else { return 0 };
    if !meta.is_dir() {
        return 1;
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| files_below(&entry.path())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LoadOptions;
    use std::process::Command;
    use std::time::Duration;

    fn git(dir: &Path, args: &[&str]) {
        let name = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
        assert!(
            Command::new("git").current_dir(dir).args(name).args(args).output().unwrap().status.success(),
            "{args:?}"
        );
    }

    const LEAD: &str = "leads/2026/LEAD-2026-001.toml";

    fn repository() -> (tempfile::TempDir, Repo) {
        let dir = tempfile::tempdir().unwrap();
        let files = [("kehu.toml", "format = 1\n"), ("config/sla.toml", ""), (LEAD, "company = \"a\"\n")];
        let more = [("leads/2026/001xxx/LEAD-2026-1000.toml", "company = \"b\"\n"), ("users/a.toml", "name = \"a\"\n")];
        for (path, text) in files.into_iter().chain(more) {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        git(dir.path(), &["init", "-q"]);
        // So long that what was written is older than the index.
        std::thread::sleep(Duration::from_millis(30));
        git(dir.path(), &["add", "."]);
        git(dir.path(), &["commit", "-qm", "all"]);
        let repo = Repo::discover(dir.path()).unwrap();
        (dir, repo)
    }

    fn surely(repo: &Repo) -> bool {
        let folders = super::super::load::walk_all(repo.root());
        repo.is_surely_clean(&folders, &Staged::load(&repo.index_path()).unwrap()).unwrap()
    }

    #[test]
    fn what_was_committed_is_certain() {
        let (_dir, repo) = repository();
        assert!(surely(&repo));
        assert!(!repo.load_and_compare(LoadOptions::default()).unwrap().1);
    }

    #[test]
    fn every_edit_is_noticed() {
        let edits: [fn(&Path); 10] = [
            |root| fs::write(root.join(LEAD), "company = \"c\"\n").unwrap(),
            |root| fs::remove_file(root.join(LEAD)).unwrap(),
            |root| fs::remove_dir_all(root.join("users")).unwrap(),
            |root| fs::remove_dir_all(root.join("config")).unwrap(),
            |root| fs::write(root.join("users/b.toml"), "").unwrap(),
            |root| fs::write(root.join("users/b.txt"), "").unwrap(),
            |root| fs::write(root.join("config/new.toml"), "").unwrap(),
            |root| fs::write(root.join("kehu.toml"), "format = 1\n#\n").unwrap(),
            |root| std::os::unix::fs::symlink("a.toml", root.join("users/c.toml")).unwrap(),
            |root| {
                fs::write(root.join("users/b.toml"), "").unwrap();
                git(root, &["add", "users/b.toml"]);
            },
        ];
        for (at, edit) in edits.into_iter().enumerate() {
            let (dir, repo) = repository();
            edit(dir.path());
            assert!(!surely(&repo), "edit {at}");
            assert!(repo.load_and_compare(LoadOptions::default()).unwrap().1, "edit {at}");
        }
    }

    #[test]
    fn a_touched_file_is_asked_of_git() {
        let (dir, repo) = repository();
        fs::write(dir.path().join(LEAD), "company = \"a\"\n").unwrap();
        assert!(!surely(&repo));
        assert!(!repo.load_and_compare(LoadOptions::default()).unwrap().1);
    }
}
