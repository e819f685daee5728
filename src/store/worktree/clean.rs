//! Where the work tree may differ from the last commit, told from stats alone.
//!
//! libgit2 reads and filters every file it has a doubt about, and takes seconds at 200,000 records; here
//! git's index is compared with the commit by the id of the tree it would make, and with the files by the
//! stats that loading them has collected anyway. Only what is left in doubt is asked of git.
//!
//! *Invariant:* only certainty counts. A file touched in the instant it was staged, an index another
//! system wrote, anything odd at all: then it is not certain, and git is asked.

use super::hand_edit::OTHERS;
use crate::record::{KINDS, Result};
use crate::store::Repo;
use crate::store::git_index::{GitIndex, WholeIndex};
use crate::store::index::Stat;
use crate::store::load::Folder;
use git2::Oid;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

/// What git's index says.
pub(in crate::store) struct Staged {
    index: WholeIndex,
    /// The tree a commit of it would have.
    tree: Option<Oid>,
}

impl Staged {
    pub(in crate::store) fn load(index: &Path) -> Result<Staged> {
        let index = GitIndex::load_whole(index)?;
        Ok(Staged { tree: index.tree_id(), index })
    }
}

/// What git has to be asked about.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// These files and folders; all others are as the last commit has them.
    Paths(BTreeSet<String>),
    /// Everything: something is staged.
    All,
}

impl Repo {
    /// Tells whether nothing of ours was edited by hand since the last commit; `folders` are those of all kinds.
    pub(in crate::store) fn is_clean(&self, folders: &[Folder], staged: &Staged) -> Result<bool> {
        Ok(self.ask_git(&self.doubt(folders, staged)?)?.is_empty())
    }

    /// Returns what is not certain to be as the last commit has it; `folders` are those of all kinds.
    pub(super) fn doubt(&self, folders: &[Folder], staged: &Staged) -> Result<Doubt> {
        let committed = self.tree_id(self.head()?)?;
        let is_staged = staged.tree.is_none() || staged.tree != committed;
        Ok(if is_staged { Doubt::All } else { Doubt::Paths(doubtful(&staged.index, folders, self.root())) })
    }
}

fn doubtful(index: &WholeIndex, folders: &[Folder], root: &Path) -> BTreeSet<String> {
    let mut doubtful = BTreeSet::new();
    let mut found: Vec<usize> = Vec::new();
    for (at, paths) in folders.par_iter().map(|folder| compare(index, folder)).collect::<Vec<_>>() {
        found.extend(at);
        doubtful.extend(paths);
    }
    let staged = KINDS.iter().flat_map(|kind| index.within(kind.folder));
    if found.len() < staged.clone().count() {
        let found: HashSet<usize> = found.into_iter().collect();
        let missing = staged.filter(|at| !found.contains(at));
        doubtful.extend(missing.filter_map(|at| index.path(at).map(str::to_string)));
    }
    doubtful.extend(OTHERS.into_iter().filter(|name| !agrees(index, root, name)).map(str::to_string));
    doubtful
}

/// Returns the places in the index of a folder's files, and what is doubtful in it.
fn compare(index: &WholeIndex, folder: &Folder) -> (Vec<usize>, Vec<String>) {
    let (mut found, mut doubtful) = (Vec::with_capacity(folder.files.len()), Vec::new());
    if folder.has_strays {
        doubtful.push(folder.path.clone());
    }
    let mut at = 0;
    for file in &folder.files {
        // Mostly the next one; after a folder inside this one, or at the start, it has to be looked for.
        if !index.is_at(at, &folder.path, &file.name) {
            at = index.position(&format!("{}/{}", folder.path, file.name));
        }
        let is_known = index.is_at(at, &folder.path, &file.name);
        if !is_known || !index.is_surely(at, &file.stat) {
            doubtful.push(format!("{}/{}", folder.path, file.name));
        }
        if is_known {
            found.push(at);
            at += 1;
        }
    }
    (found, doubtful)
}

/// Tells whether what is at or below a path that is no folder of records is surely what the index says.
fn agrees(index: &WholeIndex, root: &Path, name: &str) -> bool {
    let staged = index.within(name);
    let is_same = |at: usize| {
        let meta = index.path(at).and_then(|path| root.join(path).symlink_metadata().ok());
        meta.is_some_and(|meta| meta.is_file() && index.is_surely(at, &Stat::new(&meta)))
    };
    files_below(&root.join(name)) == staged.len() && staged.clone().all(is_same)
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
    use crate::store::load::walk_all;
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

    fn doubt(repo: &Repo) -> Doubt {
        repo.doubt(&walk_all(repo.root()), &Staged::load(&repo.index_path()).unwrap()).unwrap()
    }

    fn surely(repo: &Repo) -> bool {
        doubt(repo) == Doubt::Paths(BTreeSet::new())
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
    fn only_a_touched_file_is_asked_of_git() {
        let (dir, repo) = repository();
        fs::write(dir.path().join(LEAD), "company = \"a\"\n").unwrap();
        assert_eq!(doubt(&repo), Doubt::Paths([LEAD.to_string()].into()));
        assert!(!repo.load_and_compare(LoadOptions::default()).unwrap().1);
    }
}
