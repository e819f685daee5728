//! What records of an earlier commit are called at a later one.
//!
//! A number means a record only together with a commit: two clones may have given the same one, and the one that
//! came later got another (`Kehu-Renumber`). From the earlier commit on every line of history is followed, and where
//! a merge renumbered what it brought in, the records of that side have other numbers from there on.
//!
//! *Invariants:* only records that have another number are told; where lines of history disagree no number is
//! taken for the right one.

use super::commit::{CommitInfo, Renumbered};
use crate::record::{Kind, Number, Result};
use crate::store::Repo;
use git2::Oid;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// What records of an earlier commit are called at a later one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RenumberedSince {
    /// Those that have another number, sorted by the old one.
    pub moved: Vec<Renumbered>,
    /// Those of which different lines of history say different numbers, each with one of them.
    pub disputed: Vec<Renumbered>,
}

/// The numbers that records of the earlier commit have, by kind and number there; one that is missing has its own.
type Names = HashMap<(Kind, Number), BTreeSet<Number>>;

impl Repo {
    /// Returns what records of `from` are called at `tip`; nothing where `tip` does not have `from` in its history.
    pub fn renumbered_since(&self, from: Oid, tip: Oid) -> Result<RenumberedSince> {
        if from == tip {
            return Ok(RenumberedSince::default());
        }
        let later: Vec<CommitInfo> = self.commits(tip, &[from])?.collect::<Result<_>>()?;
        let mut known: HashMap<Oid, Rc<Names>> = HashMap::from([(from, Rc::default())]);
        for commit in later.iter().rev() {
            if let Some(names) = names_at(commit, &known) {
                known.insert(commit.id, names);
            }
        }
        Ok(known.get(&tip).map(|names| told(names)).unwrap_or_default())
    }
}

/// Returns the names at a commit from those at its parents; none where it was not made on the earlier commit.
fn names_at(commit: &CommitInfo, known: &HashMap<Oid, Rc<Names>>) -> Option<Rc<Names>> {
    let renumbered = commit.renumbered();
    let mut all: Option<Rc<Names>> = None;
    for (at, parent) in commit.parents.iter().enumerate() {
        let Some(names) = known.get(parent) else { continue };
        // What was shared already is the first parent of a merge, and what was renumbered the last.
        let names = match at + 1 == commit.parents.len() && !renumbered.is_empty() {
            true => Rc::new(moved(names, &renumbered)),
            false => names.clone(),
        };
        all = Some(match all {
            Some(other) if other != names => Rc::new(joined(&other, &names)),
            _ => names,
        });
    }
    all
}

/// Gives the records that a commit renumbered their new names.
fn moved(names: &Names, renumbered: &[Renumbered]) -> Names {
    let new: HashMap<(Kind, &Number), &Number> =
        renumbered.iter().map(|one| ((one.kind, &one.old), &one.new)).collect();
    let mut after: Names = names
        .iter()
        .map(|(key, now)| {
            let now = now.iter().map(|now| new.get(&(key.0, now)).copied().unwrap_or(now).clone());
            (key.clone(), now.collect())
        })
        .collect();
    for one in renumbered {
        after.entry((one.kind, one.old.clone())).or_insert_with(|| BTreeSet::from([one.new.clone()]));
    }
    after
}

/// Joins what two lines of history say.
fn joined(one: &Names, other: &Names) -> Names {
    let of = |names: &Names, key: &(Kind, Number)| {
        names.get(key).cloned().unwrap_or_else(|| BTreeSet::from([key.1.clone()]))
    };
    let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(key)));
    keys.map(|key| (key.clone(), of(one, key).union(&of(other, key)).cloned().collect())).collect()
}

fn told(names: &Names) -> RenumberedSince {
    let mut told = RenumberedSince::default();
    for ((kind, old), now) in names {
        let one = |new: &Number| Renumbered { kind: *kind, old: old.clone(), new: new.clone() };
        let mut other = now.iter().filter(|new| *new != old);
        match other.next() {
            None => {}
            Some(new) if now.len() == 1 => told.moved.push(one(new)),
            Some(new) => told.disputed.push(one(new)),
        }
    }
    for list in [&mut told.moved, &mut told.disputed] {
        list.sort_by(|a, b| (a.kind.name, &a.old).cmp(&(b.kind.name, &b.old)));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::LEAD;
    use chrono::DateTime;

    fn id(n: u8) -> Oid {
        Oid::from_bytes(&[n; 20]).unwrap()
    }

    fn commit(n: u8, parents: &[u8], renumbered: &[(u32, u32)]) -> CommitInfo {
        let number = |seq: &u32| format!("LEAD-2026-{seq:03}");
        let trailer =
            |(old, new): &(u32, u32)| ("Kehu-Renumber".to_string(), format!("lead {} {}", number(old), number(new)));
        CommitInfo {
            id: id(n),
            parents: parents.iter().map(|n| id(*n)).collect(),
            when: DateTime::UNIX_EPOCH.fixed_offset(),
            author_name: String::new(),
            author_email: String::new(),
            subject: String::new(),
            trailers: renumbered.iter().map(trailer).collect(),
        }
    }

    /// Tells the numbers at the last of some commits of the records at commit 1.
    fn since(commits: &[CommitInfo]) -> RenumberedSince {
        let mut known = HashMap::from([(id(1), Rc::default())]);
        for commit in commits {
            if let Some(names) = names_at(commit, &known) {
                known.insert(commit.id, names);
            }
        }
        commits.last().and_then(|tip| known.get(&tip.id)).map(|names| told(names)).unwrap_or_default()
    }

    fn numbers(list: &[Renumbered]) -> Vec<(u32, u32)> {
        list.iter().map(|one| (one.old.parts().unwrap().seq, one.new.parts().unwrap().seq)).collect()
    }

    #[test]
    fn numbers_are_followed_on_the_side_that_was_renumbered() {
        let chain = [commit(3, &[9, 1], &[(1, 2), (2, 3)]), commit(4, &[3], &[]), commit(5, &[8, 4], &[(2, 5)])];
        let found = since(&chain);
        assert_eq!((numbers(&found.moved), found.disputed.len()), (vec![(1, 5), (2, 3)], 0), "all at once, then again");
        assert!(found.moved.iter().all(|one| one.kind == LEAD));
        assert_eq!(since(&[commit(3, &[1, 9], &[(1, 2)])]), RenumberedSince::default(), "theirs kept their numbers");
        assert_eq!(since(&[commit(3, &[8, 9], &[(1, 2)])]), RenumberedSince::default(), "not in the history");
    }

    #[test]
    fn where_lines_disagree_none_is_right() {
        let split = [commit(3, &[9, 1], &[(1, 2)]), commit(4, &[8, 1], &[(1, 4)]), commit(5, &[3, 4], &[])];
        let found = since(&split);
        assert_eq!((found.moved.len(), numbers(&found.disputed)), (0, vec![(1, 2)]));
    }
}
