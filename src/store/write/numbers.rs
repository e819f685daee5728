//! The highest running numbers that were ever used, of whatever any commit of any branch ever held.
//!
//! The history is read once; a small file remembers the result and the commit it was read up to. It is
//! only a cache: deleting it costs one reading, and after a `git reset` it knows too much, never too little.

use crate::record::{KINDS, Numbering, Result, Sequence};
use crate::store::Repo;
use crate::store::error::{GitResult, IoResult};
use crate::store::objects::tree;
use git2::Oid;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;

const FILE: &str = "numbers";
const HEADER: &str = "kehu numbers 1";
/// The last line; without it the file was cut short.
const END: &str = "end";

/// The highest numbers by [`key`].
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// The commit the history was read up to.
    commit: Option<Oid>,
    /// The highest ever committed.
    used: BTreeMap<String, u32>,
    /// The highest in this transaction: given, written, or found in the work tree.
    taken: BTreeMap<String, u32>,
    /// The keys whose files in the work tree were looked at.
    listed: BTreeSet<String>,
    /// Every path the history ever held, read only when a number below the highest is asked for.
    ever: Option<HashSet<String>>,
}

impl Numbers {
    /// Reads the cache, then the commits up to `base` that it has not seen.
    pub fn load(repo: &Repo, base: Option<Oid>) -> Result<Numbers> {
        let text = fs::read_to_string(repo.shared_dir().join(FILE)).unwrap_or_default();
        let mut numbers = Numbers::parse(&text).unwrap_or_default();
        if let Some(base) = base.filter(|base| numbers.commit != Some(*base)) {
            numbers.read_history(repo, base)?;
            numbers.commit = Some(base);
            // Only a cache, and the next command would read the same again.
            let _ = numbers.save(&repo.shared_dir());
        }
        Ok(numbers)
    }

    fn read_history(&mut self, repo: &Repo, base: Oid) -> Result<()> {
        let seen = self.commit.filter(|seen| repo.git().find_commit(*seen).is_ok());
        walk_added(repo, base, seen, &mut |path| raise_to_path(&mut self.used, path))
    }

    /// Tells whether any commit up to `base` held the path.
    pub fn ever_held(&mut self, repo: &Repo, base: Option<Oid>, path: &str) -> Result<bool> {
        if self.ever.is_none() {
            let mut ever = HashSet::new();
            if let Some(base) = base {
                walk_added(repo, base, None, &mut |path| ever.extend([path.to_string()]))?;
            }
            self.ever = Some(ever);
        }
        Ok(self.ever.as_ref().is_some_and(|ever| ever.contains(path)))
    }

    /// Returns the next number of a key, which is taken then; none when there is none left.
    ///
    /// `in_files` tells the highest in the work tree; it is asked once a key.
    pub fn next(&mut self, key: String, in_files: impl FnOnce() -> Result<u32>) -> Result<Option<u32>> {
        if self.listed.insert(key.clone()) {
            raise(&mut self.taken, &key, in_files()?);
        }
        let highest = self.used.get(&key).max(self.taken.get(&key)).copied().unwrap_or(0);
        let next = highest.checked_add(1);
        self.taken.extend(next.map(|next| (key, next)));
        Ok(next)
    }

    /// Takes a number, so that those given later continue after it.
    pub fn take(&mut self, key: &str, number: u32) {
        raise(&mut self.taken, key, number);
    }

    /// Tells whether what was ever committed reaches this number.
    pub fn reaches(&self, key: &str, number: u32) -> bool {
        self.used.get(key).is_some_and(|highest| *highest >= number)
    }

    /// Takes note that a path is used elsewhere.
    pub fn used(&mut self, path: &str) {
        raise_to_path(&mut self.used, path);
    }

    /// Takes note of what this transaction wrote.
    pub fn written(&mut self, path: &str) {
        raise_to_path(&mut self.taken, path);
    }

    /// Remembers that these paths were committed on top of what was known; the caller holds the lock.
    pub fn remember<'p>(mut self, repo: &Repo, commit: Oid, paths: impl Iterator<Item = &'p String>) {
        self.commit = Some(commit);
        paths.for_each(|path| self.used(path));
        // Only a cache: the next command reads what is missing from git.
        let _ = self.save(&repo.shared_dir());
    }

    /// Writes the cache; the caller holds the lock.
    fn save(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        let temp = path.with_added_extension("tmp");
        fs::write(&temp, self.render()).and_then(|()| fs::rename(&temp, &path)).at(&path)
    }

    fn render(&self) -> String {
        let commit = self.commit.map(|id| id.to_string()).unwrap_or_default();
        let lines: String = self.used.iter().map(|(key, highest)| format!("{highest} {key}\n")).collect();
        format!("{}\n{commit}\n{lines}{END}\n", header())
    }

    /// Reads the cache; none when it is of another kehu or was cut short.
    fn parse(text: &str) -> Option<Numbers> {
        let mut lines = text.strip_suffix(&format!("{END}\n"))?.lines();
        (lines.next()? == header()).then_some(())?;
        let commit = Some(lines.next()?.parse().ok()?);
        let entry = |line: &str| line.split_once(' ').and_then(|(n, key)| Some((key.to_string(), n.parse().ok()?)));
        let used = lines.map(entry).collect::<Option<_>>()?;
        Some(Numbers { commit, used, ..Numbers::default() })
    }
}

impl Repo {
    /// Returns those of these paths of records that a commit up to `base`, or another branch, held once.
    pub fn held_before(&self, base: Oid, paths: Vec<&str>) -> Result<Vec<String>> {
        let mut numbers = Numbers::load(self, Some(base))?;
        let mut held = Vec::new();
        for path in paths {
            let mut own = BTreeMap::new();
            raise_to_path(&mut own, path);
            if own.iter().any(|(key, number)| numbers.reaches(key, *number))
                && numbers.ever_held(self, Some(base), path)?
            {
                held.push(path.to_string());
            }
        }
        Ok(held)
    }

    /// Tells whether a commit up to `base` held this very content at a path.
    pub fn held_as(&self, base: Oid, path: &str, blob: Oid) -> Result<bool> {
        let mut walk = self.git().revwalk().git()?;
        walk.push(base).git()?;
        for id in walk {
            if self.blob_at(id.git()?, path)? == Some(blob) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Visits the paths that the commits up to `base` and not up to `seen` added, each against its first parent.
///
/// What comes in by a second parent was added by a commit that is walked too. When nothing was seen yet, the
/// commits of all other branches are visited as well: their numbers come with them when they are merged.
pub(in crate::store) fn walk_added(
    repo: &Repo,
    base: Oid,
    seen: Option<Oid>,
    visit: &mut dyn FnMut(&str),
) -> Result<()> {
    let git = repo.git();
    let odb = git.odb().git()?;
    let mut walk = git.revwalk().git()?;
    walk.push(base).git()?;
    match seen {
        Some(seen) => walk.hide(seen).git()?,
        None => ["heads/*", "remotes/*"].iter().try_for_each(|branches| walk.push_glob(branches)).git()?,
    }
    for id in walk {
        let commit = git.find_commit(id.git()?).git()?;
        let parent = repo.tree_id(commit.parent_ids().next().filter(|id| git.find_commit(*id).is_ok()))?;
        for folder in folders() {
            let before = tree::folder_at(&odb, parent, folder)?;
            let after = tree::folder_at(&odb, Some(commit.tree_id()), folder)?;
            tree::compare(&odb, before, after, &format!("{folder}/"), &mut |path, was, _| {
                if was.is_none() {
                    visit(&path);
                }
            })?;
        }
    }
    Ok(())
}

/// Returns the folders of kinds with running numbers.
fn folders() -> impl Iterator<Item = &'static str> {
    KINDS.into_iter().filter(|kind| kind.numbering == Numbering::Sequence).map(|kind| kind.folder)
}

/// Returns the first line; it names the folders, so that a kehu with one more kind reads the history anew.
fn header() -> String {
    format!("{HEADER} {}", folders().collect::<Vec<_>>().join(" "))
}

/// Returns what numbers are counted by: `leads/LEAD-2026`.
pub(super) fn key(folder: &str, prefix: &str, year: i32) -> String {
    format!("{folder}/{prefix}-{year:04}")
}

fn raise(highest: &mut BTreeMap<String, u32>, key: &str, to: u32) {
    match highest.get_mut(key) {
        Some(number) => *number = (*number).max(to),
        None => drop(highest.insert(key.to_string(), to)),
    }
}

/// Raises the highest number to that of a record's path; other paths do nothing.
fn raise_to_path(highest: &mut BTreeMap<String, u32>, path: &str) {
    let Some((folder, rest)) = path.split_once('/') else { return };
    let stem = rest.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
    if let Some((stem, parts)) = stem.and_then(|stem| Some((stem, Sequence::of(stem)?)))
        && let Some((head, _)) = stem.rsplit_once('-')
        && folders().any(|known| known == folder)
    {
        // What `key` makes of prefix and year; there may be hundreds of thousands of paths.
        raise(highest, &[folder, "/", head].concat(), parts.seq);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_whole_or_not_read() {
        let commit = Oid::from_bytes(&[7; 20]).ok();
        let used = BTreeMap::from([("leads/LEAD-2026".to_string(), 12345), ("customers/B2B-2026".to_string(), 3)]);
        let numbers = Numbers { commit, used, ..Numbers::default() };
        let text = numbers.render();
        assert_eq!(Numbers::parse(&text), Some(numbers));
        for end in 0..text.len() {
            assert_eq!(Numbers::parse(&text[..end]), None, "cut at {end}");
        }
        assert_eq!(Numbers::parse(&text.replacen(" customers", "", 1)), None, "another list of kinds");
    }

    #[test]
    fn only_records_with_running_numbers_count() {
        let mut highest = BTreeMap::new();
        for path in [
            "leads/2026/LEAD-2026-007.toml",
            "leads/2026/012xxx/LEAD-2026-12345.toml",
            "leads/2026/LEAD-2026-9999999.txt",
            "products/LEAD-2026-77777.toml",
            "kehu.toml",
        ] {
            raise_to_path(&mut highest, path);
        }
        assert_eq!(highest, BTreeMap::from([("leads/LEAD-2026".to_string(), 12345)]));
    }
}
