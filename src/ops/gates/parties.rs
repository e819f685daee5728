//! Records that belong together are of one customer: a contract and its opportunity, an order and its contract.
//!
//! Asked where gates are, under the lock and of pushed commits: whatever command changes either of the two, it does not
//! part them. Two that were parted before, and are not changed in this, are not held against a change.
//!
//! *Absent on purpose:* what a merge brings together, which `check` finds.

use crate::ops::access::Change;
use crate::record::{Kind, Number, Record, Result};
use crate::rules::check::{BELONGS, parted};
use crate::store::{LoadOptions, Oid, Repo, Source, parse_path};
use std::collections::BTreeMap;

/// A record, and the other it belongs to, which is another customer's.
pub(super) type Parted = (Record, Record);

/// Returns the pairs that changes of a commit would part.
pub(super) fn would_part(changes: &[Change], repo: &Repo, base: Option<Oid>) -> Result<Vec<Parted>> {
    let mut changed = BTreeMap::new();
    for change in changes {
        if let (Some((kind, number)), Some(states)) = (parse_path(&change.path), change.records())
            && BELONGS.iter().any(|(of, _, to)| [*of, *to].contains(&kind))
        {
            changed.insert((kind.folder, number), states);
        }
    }
    let pairs = Pairs { changed, repo, base };
    let mut found = Vec::new();
    for (of, key, to) in BELONGS {
        found.extend(pairs.of_changed(of, key, to)?);
        found.extend(pairs.of_others(of, key, to)?);
    }
    Ok(found)
}

/// The changed records before and after, over what there was.
struct Pairs<'a> {
    changed: BTreeMap<(&'static str, Number), [Option<Record>; 2]>,
    repo: &'a Repo,
    base: Option<Oid>,
}

impl Pairs<'_> {
    fn states(&self, kind: Kind, number: &str) -> Result<[Option<Record>; 2]> {
        let Some(number) = Number::parse(number) else { return Ok([None, None]) };
        if let Some(states) = self.changed.get(&(kind.folder, number.clone())) {
            return Ok(states.clone());
        }
        let Some(base) = self.base else { return Ok([None, None]) };
        let there = self.repo.load_one(kind, &number, &Source::Commit(base))?.map(|(record, _)| record);
        Ok([there.clone(), there])
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &[Option<Record>; 2]> {
        self.changed.iter().filter(move |((folder, _), _)| *folder == kind.folder).map(|(_, states)| states)
    }

    /// Finds changed records that are not with the customer of what they name.
    fn of_changed(&self, of: Kind, key: &str, to: Kind) -> Result<Vec<Parted>> {
        let mut found = Vec::new();
        for [before, after] in self.of_kind(of) {
            let Some((after, named)) = after.as_ref().and_then(|after| Some((after, after.text(key)?))) else {
                continue;
            };
            let [other_before, Some(other)] = self.states(to, named)? else { continue };
            let was = before.as_ref().filter(|before| before.text(key) == Some(named)).zip(other_before);
            let is_known = was.is_some_and(|(record, other)| parted(record, &other));
            if parted(after, &other) && !is_known {
                found.push((after.clone(), other));
            }
        }
        Ok(found)
    }

    /// Finds records that name a changed one, and stay with the customer it had.
    fn of_others(&self, of: Kind, key: &str, to: Kind) -> Result<Vec<Parted>> {
        let customer =
            |record: &Option<Record>| record.as_ref().and_then(|record| record.text("customer").map(str::to_string));
        let moved: Vec<&Record> = self
            .of_kind(to)
            .filter(|[before, after]| before.is_some() && customer(before) != customer(after))
            .filter_map(|[_, after]| after.as_ref())
            .collect();
        let (Some(base), false) = (self.base, moved.is_empty()) else { return Ok(Vec::new()) };
        let all = self.repo.load(&[of], &Source::Commit(base), LoadOptions { use_index: true })?.records;
        let stay = all.into_iter().filter(|record| !self.changed.contains_key(&(of.folder, record.number.clone())));
        let of_moved = |record: Record| {
            let other = moved.iter().find(|other| record.text(key) == Some(other.number.as_str()))?;
            parted(&record, other).then(|| (record, (*other).clone()))
        };
        Ok(stay.filter_map(of_moved).collect())
    }
}
