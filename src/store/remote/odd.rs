//! What a commit puts into its tree that no other clone would take: `sync` stops at it.

use crate::record::Result;
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::store::objects::sound::unsound;
use crate::store::objects::tree::{Entry, differences};
use crate::store::sync::is_plain;
use git2::{Odb, Oid};
use std::collections::BTreeMap;

/// What is odd about an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// It bears a name no work tree can have, bears it twice, or stands out of order.
    Name,
    /// It is a link or another repository.
    NotAFile,
    /// It has become executable, or is so from the beginning.
    Mode,
    /// What was odd is plain now, or gone: others must take it by `git merge`.
    Mended,
}

/// Modes that git gives a file which is no program and one which is.
const MODES: [u32; 2] = [0o100_644, 0o100_755];

impl Repo {
    /// Returns what is odd in a commit and in none of its parents, by path.
    pub fn odd_entries(&self, parents: &[Oid], commit: Oid) -> Result<BTreeMap<String, Oddity>> {
        let odb = self.git().odb().git()?;
        let tree = |commit: Oid| self.git().find_commit(commit).git().map(|commit| commit.tree_id());
        let (after, parents) = (tree(commit)?, parents.iter().map(|one| tree(*one)).collect::<Result<Vec<Oid>>>()?);
        let mut odd = BTreeMap::new();
        let name = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
        unsound(&odb, &parents, after, &mut Vec::new(), &mut |path| _ = odd.insert(name(path), Oddity::Name))?;
        if !odd.is_empty() {
            return Ok(odd);
        }
        let mut sides = parents.iter().map(|parent| odd_between(&odb, Some(*parent), after));
        let mut odd = sides.next().unwrap_or_else(|| odd_between(&odb, None, after))?;
        for side in sides {
            let side = side?;
            odd.retain(|path, _| side.contains_key(path));
        }
        Ok(odd)
    }
}

fn odd_between(odb: &Odb<'_>, before: Option<Oid>, after: Oid) -> Result<BTreeMap<String, Oddity>> {
    let mut odd = BTreeMap::new();
    differences(odb, before, Some(after), &mut Vec::new(), &mut |path, was, is| {
        if let Some(oddity) = oddity(was, is) {
            odd.insert(String::from_utf8_lossy(path).into_owned(), oddity);
        }
    })?;
    Ok(odd)
}

fn oddity(was: Option<Entry>, is: Option<Entry>) -> Option<Oddity> {
    let is_usual = |entry: Entry| MODES.contains(&entry.mode) || was.is_some_and(|was| was.mode == entry.mode);
    match is {
        Some(entry) if !entry.is_file() => Some(Oddity::NotAFile),
        Some(entry) if !is_usual(entry) => Some(Oddity::Mode),
        _ if is_plain(was, is) => None,
        Some(entry) if entry.mode & 0o111 != 0 => Some(Oddity::Mode),
        _ => Some(Oddity::Mended),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_that_sync_stops_at() {
        let entry = |mode: u32| Some(Entry { mode, id: Oid::ZERO_SHA1 });
        let [file, program, link, module] = [0o100_644, 0o100_755, 0o120_000, 0o160_000].map(entry);
        for (was, is, odd) in [
            (None, file, None),
            (file, None, None),
            (program, program, None),
            (program, None, None),
            (entry(0o100_664), file, None),
            (entry(0o100_664), entry(0o100_664), None),
            (file, entry(0o100_664), Some(Oddity::Mode)),
            (None, program, Some(Oddity::Mode)),
            (file, program, Some(Oddity::Mode)),
            (program, file, Some(Oddity::Mended)),
            (link, None, Some(Oddity::Mended)),
            (link, file, Some(Oddity::Mended)),
            (file, link, Some(Oddity::NotAFile)),
            (None, module, Some(Oddity::NotAFile)),
        ] {
            assert_eq!(oddity(was, is), odd, "{was:?} {is:?}");
        }
    }
}
