//! The merge of two trees over the one they have in common, file by file.
//!
//! What one side changed is taken as it is; what both changed is joined by `merge_file`; a new number that
//! both gave is given anew on our side first. The result is told as the edits that one of the trees needs, so that it
//! goes through the same [`Transaction`](crate::store::Transaction) as any change.
//!
//! *Invariants:* nothing is written here; every file that either side changed is in the result as one side has it, or
//! joined from both.

use super::changes::{Change, Changes, Content};
use super::join::{Both, Met, join};
use super::lost::{LostReference, lost_references};
use super::renumber::{Numbers, renumber};
use super::touch::FindTouches;
use crate::record::Result;
use crate::store::Renumbered;
use git2::{Odb, Oid};
use std::collections::BTreeMap;

/// Two sides and what they have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trees {
    /// The tree both started from.
    pub base: Oid,
    /// Ours.
    pub ours: Oid,
    /// Theirs: what others have seen already.
    pub theirs: Oid,
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Ours,
    Theirs,
}

/// What a merge has to ask.
pub(crate) struct Asked<'a> {
    /// Whose tree is to become the outcome.
    pub edited: Side,
    /// Knows the numbers; none where records of one number are joined like any other file.
    pub numbers: Option<&'a mut dyn Numbers>,
    /// Finds who changed fields last; asked only for those in conflict. None where nobody will ever see it.
    pub touches: Option<FindTouches<'a>>,
    /// What plain git would merge, for messages: `origin/main`.
    pub upstream: &'a str,
}

/// A file that one side changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its path.
    pub path: String,
    /// What it held before; none when it is new.
    pub was: Option<Oid>,
    /// What it holds now; none when it was removed.
    pub is: Option<Oid>,
}

/// What a merge of trees comes to.
#[derive(Debug, Default)]
pub(crate) struct Union {
    /// What the tree that is to become the outcome needs: the new content of files, none for those that go.
    pub edits: BTreeMap<String, Option<Content>>,
    /// What the other side alone changed.
    pub came: Vec<Step>,
    /// What the other side's tree lacks of the outcome.
    pub went: Vec<Step>,
    /// What both changed.
    pub met: Vec<Met>,
    /// What got another number.
    pub moved: Vec<Renumbered>,
    /// References to what one side removed.
    pub lost: Vec<LostReference>,
}

/// What files hold in the end; of those that are not in it, what they hold in the base.
pub(super) type Outcome<'a> = BTreeMap<&'a str, Option<Content>>;

/// Merges two trees.
///
/// Fails with exit code 5 when the other side brings what is no plain file.
pub(crate) fn unite(odb: &Odb<'_>, trees: Trees, asked: Asked<'_>) -> Result<Union> {
    let own = Changes::between(odb, Some(trees.base), Some(trees.ours))?;
    let theirs = Changes::between(odb, Some(trees.base), Some(trees.theirs))?;
    own.refuse_odd(&theirs, asked.upstream)?;
    let mut ours = Changes { files: own.files.clone(), ..Changes::default() };
    let moved = match asked.numbers {
        Some(numbers) => renumber(odb, &mut ours, &theirs, numbers)?,
        None => Vec::new(),
    };

    let both: Vec<Both<'_>> = ours.files.iter().filter_map(|(path, own)| Both::of(path, own, &theirs)).collect();
    let joined = join(odb, both, asked.touches)?;
    let sides = [&ours, &theirs].into_iter().flat_map(|side| &side.files);
    let mut outcome: Outcome<'_> = sides.map(|(path, change)| (path.as_str(), change.is.clone())).collect();
    for one in &joined {
        outcome.insert(&one.met.path, one.content.clone());
        outcome.extend(one.beside.iter().map(|(path, content)| (path.as_str(), Some(content.clone()))));
    }
    Ok(Union {
        edits: match asked.edited {
            Side::Ours => edits(&own, &theirs, &outcome),
            Side::Theirs => edits(&theirs, &own, &outcome),
        },
        went: went(&ours, &theirs, &outcome),
        came: theirs.files.iter().filter(|(path, _)| !ours.files.contains_key(*path)).map(Step::of).collect(),
        lost: lost_references(odb, &outcome, [&ours, &theirs])?,
        met: joined.into_iter().map(|one| one.met).collect(),
        moved,
    })
}

impl Step {
    fn of((path, change): (&String, &Change)) -> Step {
        Step { path: path.clone(), was: change.was, is: change.is.as_ref().map(|content| content.id) }
    }
}

/// Returns what differs between a side's tree as it is and the outcome.
fn edits(own: &Changes, other: &Changes, outcome: &Outcome<'_>) -> BTreeMap<String, Option<Content>> {
    let held = |path: &str| match own.files.get(path) {
        Some(change) => change.is.as_ref().map(|content| content.id),
        None => other.files.get(path).and_then(|change| change.was),
    };
    let differs =
        |(path, content): &(&&str, &Option<Content>)| held(path) != content.as_ref().map(|content| content.id);
    let written = outcome.iter().filter(differs).map(|(path, content)| (path.to_string(), content.clone()));
    // Files that moved away with their record's number, and which the other side does not have.
    let left = own.files.keys().filter(|path| !outcome.contains_key(path.as_str())).map(|path| (path.clone(), None));
    written.chain(left).collect()
}

/// Returns what differs between their tree and the outcome.
fn went(ours: &Changes, theirs: &Changes, outcome: &Outcome<'_>) -> Vec<Step> {
    let held = |path: &str| match theirs.files.get(path) {
        Some(change) => change.is.as_ref().map(|content| content.id),
        None => ours.files.get(path).and_then(|change| change.was),
    };
    let step = |(path, content): (&&str, &Option<Content>)| {
        let (was, is) = (held(path), content.as_ref().map(|content| content.id));
        (was != is).then(|| Step { path: path.to_string(), was, is })
    };
    outcome.iter().filter_map(step).collect()
}
