//! Which record a row is the same as.

use super::super::OnDuplicate;
use super::super::candidate::Candidate;
use super::super::merge::merge;
use super::maker::{Maker, Owner, content};
use crate::record::Words;
use crate::rules::dedupe::{DedupeKey, KeyKind, exact_keys};
use crate::words;

/// What a candidate is the same as.
pub(super) struct Found {
    pub owner: Owner,
    /// The key that says so; none for a number or the whole content.
    pub key: Option<DedupeKey>,
    /// What people call it.
    pub told: Words,
    /// Whether the row means that very record; not when it states a number of its own.
    pub is_sure: bool,
}

impl Maker<'_> {
    /// Finds what the candidate is the same as: by the number stated, by key, by content where it has none,
    /// by the number made of its name.
    pub(super) fn find(&self, candidate: &Candidate) -> Option<Found> {
        let is_sure = true;
        let found = |owner: &Owner, told| Found { owner: *owner, key: None, told, is_sure };
        let same = || Some(found(self.by_content.get(&content(&candidate.row))?, words!("content", "内容")));
        if self.on_duplicate == OnDuplicate::Keep
            && let Some(found) = same()
        {
            return Some(found);
        }
        let numbered = candidate.number.as_ref().and_then(|number| self.by_number.get(number.as_str()));
        let numbered = numbered.map(|owner| found(owner, words!("number", "编号")));
        let keyed = candidate.keys.iter().find_map(|key| {
            Some(Found { owner: *self.by_key.get(key)?, key: Some(key.clone()), told: key.describe(), is_sure })
        });
        let keyed = keyed.map(|found| Found { is_sure: self.other_owner(candidate, found.owner).is_none(), ..found });
        if !candidate.is_stated {
            let alike = || if candidate.keys.is_empty() { same() } else { None };
            return keyed.or_else(alike).or(numbered);
        }
        match (numbered, keyed) {
            (Some(own), _) => match self.other_owner(candidate, own.owner) {
                Some((owner, told)) => Some(Found { owner, key: None, told, is_sure: false }),
                None => Some(own),
            },
            (None, Some(other)) => Some(Found { is_sure: false, ..other }),
            (None, None) => None,
        }
    }

    /// Finds a record other than the one the row seems to mean that has a key of the row, which that one had
    /// not before this import: then what the row says of itself contradicts itself.
    fn other_owner(&self, candidate: &Candidate, own: Owner) -> Option<(Owner, Words)> {
        let others = candidate.keys.iter().filter_map(|key| Some((key, *self.by_key.get(key)?)));
        let mut others = others.filter(|(_, owner)| *owner != own && self.is_own_kind(*owner)).peekable();
        others.peek()?;
        let own_keys = match own {
            Owner::Existing(at) => exact_keys(&self.existing[at]),
            Owner::New(at) => self.plan.create[at].keys.clone(),
        };
        others.find(|(key, _)| !own_keys.contains(key)).map(|(key, owner)| (owner, key.describe()))
    }

    pub(super) fn is_own_kind(&self, owner: Owner) -> bool {
        match owner {
            Owner::Existing(at) => self.existing[at].kind == self.judge.kind,
            Owner::New(_) => true,
        }
    }

    pub(super) fn says_nothing_new(&self, candidate: &Candidate, owner: Owner) -> bool {
        if !self.is_own_kind(owner) {
            return false;
        }
        let (current, mut conflicts) = (self.current(owner), Vec::new());
        // What the rows of a block say stands together in one record, their remarks on lines of their own.
        let earlier = candidate.block.map(|_| current);
        let merged = merge(current, &candidate.said(), earlier, &mut conflicts);
        merged == *current && conflicts.is_empty()
    }

    /// Tells two users of whom only the number made of their names is the same, although they differ.
    pub(super) fn namesake(&self, candidate: &Candidate, owner: Owner) -> Option<Words> {
        let number = candidate.number.as_ref().filter(|_| !candidate.is_stated)?;
        let other = self.record(owner, self.current(owner).clone());
        let keys = exact_keys(&other);
        let identity = |keys: &[DedupeKey]| keys.iter().any(|key| key.kind == KeyKind::Identity);
        let differ =
            identity(&candidate.keys) && identity(&keys) && !candidate.keys.iter().any(|key| keys.contains(key));
        differ.then(|| {
            words!(
                "number `{number}` is that of another already; state a number in a column of its own",
                "编号 `{number}` 已属于另一条记录，请增加一列写明编号"
            )
        })
    }
}
