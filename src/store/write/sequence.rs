//! Running numbers: the highest in use and one more, and never one that was used before.
//!
//! In use are the numbers of the base commit, of files in the work tree that nobody committed yet, and
//! of this transaction. What was used before is known to [`Numbers`], so
//! the number of a removed record is not given again.

use super::numbers::{Numbers, key};
use super::transaction::Transaction;
use crate::record::{Failure, Kind, Number, Result};
use crate::store::error::IoResult;
use crate::store::path_of;
use crate::words;
use std::fs;
use std::path::Path;

impl Transaction<'_> {
    /// Returns the next running number of `kind` with this prefix and year, from 1.
    ///
    /// Never the same twice, also not within this transaction, nor after the highest was removed.
    pub fn next_sequence(&mut self, kind: Kind, prefix: &str, year: i32) -> Result<u32> {
        let root = self.repo.root();
        let in_files = || highest_in_files(root, kind, prefix, year);
        let next = self.numbers()?.next(key(kind.folder, prefix, year), in_files)?;
        next.ok_or_else(|| exhausted(prefix, year))
    }

    /// Takes a running number that a person states, as one from an archive kept elsewhere; numbers given
    /// later continue after it.
    ///
    /// Returns whether it could be taken: not when a record has it, or ever had it.
    pub fn take_sequence(&mut self, kind: Kind, number: &Number) -> Result<bool> {
        let Some(parts) = number.parts() else { return Ok(false) };
        let path = path_of(kind, number);
        if self.exists(&path) || self.repo.root().join(&path).exists() {
            return Ok(false);
        }
        let (repo, base) = (self.repo, self.base);
        let numbers = self.numbers()?;
        let key = key(kind.folder, parts.prefix, parts.year);
        if numbers.reaches(&key, parts.seq) && numbers.ever_held(repo, base, &path)? {
            return Ok(false);
        }
        numbers.take(&key, parts.seq);
        Ok(true)
    }

    /// Takes the numbers of these paths for used; none given later is the same.
    pub(in crate::store) fn take_used<'p>(&mut self, paths: impl Iterator<Item = &'p String>) -> Result<()> {
        let numbers = self.numbers()?;
        paths.for_each(|path| numbers.used(path));
        Ok(())
    }

    /// Returns the numbers in use, this transaction's own among them.
    fn numbers(&mut self) -> Result<&mut Numbers> {
        if self.numbers.is_none() {
            let mut numbers = Numbers::load(self.repo, self.base)?;
            self.changes.keys().for_each(|path| numbers.written(path));
            self.numbers = Some(numbers);
        }
        Ok(self.numbers.get_or_insert_default())
    }
}

/// Returns the highest number among the files of a year, 0 when there is none.
///
/// Looks into the buckets from the last on and stops at the first with a number of this prefix, so the
/// cost does not grow with the records.
fn highest_in_files(root: &Path, kind: Kind, prefix: &str, year: i32) -> Result<u32> {
    let folder = root.join(kind.folder).join(format!("{year:04}"));
    let (mut buckets, highest) = list(&folder, prefix, year)?;
    buckets.sort_by_key(|name| (name.len(), name.clone()));
    for bucket in buckets.iter().rev() {
        let (_, found) = list(&folder.join(bucket), prefix, year)?;
        if found > 0 {
            return Ok(found.max(highest));
        }
    }
    Ok(highest)
}

/// Lists a folder: its sub-folders, and the highest number of the prefix and year in it.
fn list(folder: &Path, prefix: &str, year: i32) -> Result<(Vec<String>, u32)> {
    let (mut folders, mut highest) = (Vec::new(), 0);
    let Some(entries) = fs::read_dir(folder).present(folder)? else { return Ok((folders, 0)) };
    for entry in entries {
        let entry = entry.at(folder)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let Some(stem) = name.strip_suffix(".toml") else {
            if entry.file_type().at(folder)?.is_dir() {
                folders.push(name);
            }
            continue;
        };
        let number = Number::parse(stem);
        let parts = number.as_ref().and_then(Number::parts).filter(|p| p.prefix == prefix && p.year == year);
        highest = highest.max(parts.map_or(0, |parts| parts.seq));
    }
    Ok((folders, highest))
}

fn exhausted(prefix: &str, year: i32) -> Failure {
    Failure::failed(words!("no number is left after `{prefix}-{year}`", "`{prefix}-{year}` 之后已无可用编号"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::LEAD;

    #[test]
    fn the_last_bucket_of_the_prefix_decides() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        assert_eq!(highest_in_files(root, LEAD, "LEAD", 2026).unwrap(), 0);
        for path in [
            "LEAD-2026-999.toml",
            "999xxx/LEAD-2026-999001.toml",
            "1000xxx/LEAD-2026-1000007.toml",
            "2000xxx/X-2026-2000001.toml",
        ] {
            let path = root.join("leads/2026").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        assert_eq!(highest_in_files(root, LEAD, "LEAD", 2026).unwrap(), 1_000_007);
        assert_eq!(highest_in_files(root, LEAD, "X", 2026).unwrap(), 2_000_001);
        assert_eq!(highest_in_files(root, LEAD, "Y", 2026).unwrap(), 0);
    }
}
