//! What a commit made of records: the states before and after, and the fields that differ.

use super::{Step, change_of, record_at};
use crate::record::{FieldChange, Kind, Number, Record, Result, changes};
use crate::store::{Change, CommitInfo, Lineage, Oid, RecordChange, Repo, codec};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How many states are kept at hand; the next commit on a record begins with what the last one left.
const KEPT: usize = 4096;

/// A record as a blob has it under a number; nothing when that is no record.
type Known = HashMap<(Oid, Number), Option<Rc<Record>>>;

/// Reads the states of records.
pub(in crate::ops) struct States<'a> {
    repo: &'a Repo,
    known: RefCell<Known>,
}

/// What a commit made of a record or another file, not read yet.
pub(in crate::ops) struct Unread {
    record: Option<(Kind, Number)>,
    path: String,
    step: Step,
    /// Number and content in each parent that had it.
    before: Vec<(Number, Oid)>,
    after: Option<Oid>,
}

/// What a commit made of a record or another file.
pub(in crate::ops) struct Told {
    pub kind: Option<Kind>,
    pub number: String,
    pub step: Step,
    pub changes: Vec<FieldChange>,
    /// The record as it became, of one that is gone as it was.
    pub record: Option<Rc<Record>>,
    /// Whether its file could not be read as a record before, in no parent that had it.
    pub follows_unreadable: bool,
}

impl Unread {
    pub fn kind(&self) -> Option<Kind> {
        self.record.as_ref().map(|(kind, _)| *kind)
    }

    pub fn record(&self) -> Option<&(Kind, Number)> {
        self.record.as_ref()
    }

    pub fn step(&self) -> Step {
        match &self.step {
            Step::RenumberedFrom(_) | Step::RenumberedTo(_) => Step::Changed,
            other => other.clone(),
        }
    }

    /// Returns where it is counted: in the order of kinds and of steps.
    pub fn place(&self) -> (usize, usize) {
        let of = |kind: Kind| crate::record::KINDS.iter().position(|other| *other == kind);
        let step = match self.step() {
            Step::Added => 0,
            Step::Removed => 2,
            _ => 1,
        };
        (self.kind().and_then(of).unwrap_or(usize::MAX), step)
    }
}

impl<'a> States<'a> {
    pub fn new(repo: &'a Repo) -> States<'a> {
        States { repo, known: RefCell::default() }
    }

    /// Returns a record as a blob has it; nothing when that is no record.
    pub fn record(&self, kind: Kind, number: &Number, blob: Oid) -> Result<Option<Rc<Record>>> {
        let key = (blob, number.clone());
        if let Some(known) = self.known.borrow().get(&key) {
            return Ok(known.clone());
        }
        let text = String::from_utf8_lossy(&self.repo.blob(blob)?).into_owned();
        let record = codec::parse(kind, number, &text).0.map(Rc::new);
        let mut known = self.known.borrow_mut();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key, record.clone());
        Ok(record)
    }

    /// Returns what a record was before a change of its lineage, for each parent where it was: the change that made
    /// it so, and the record. Where its file could not be read, what it was before that.
    pub fn readable_before(&self, kind: Kind, lineage: &Lineage, at: usize) -> Result<Vec<(usize, Rc<Record>)>> {
        let (mut found, mut open, mut seen) = (Vec::new(), vec![at], HashSet::from([at]));
        while let Some(at) = open.pop() {
            for before in &lineage.changes[at].before {
                let (Some(state), Some(made_by)) = (&before.state, before.made_by) else { continue };
                match self.record(kind, &before.number, state.blob)? {
                    Some(record) => found.push((made_by, record)),
                    None if seen.insert(made_by) => open.push(made_by),
                    None => {}
                }
            }
        }
        Ok(found)
    }

    /// Tells a change of one record.
    pub(in crate::ops) fn of_record(&self, kind: Kind, change: &RecordChange) -> Result<Told> {
        let before = change.before.iter().filter_map(|one| Some((one.number.clone(), one.state.as_ref()?.blob)));
        let before: Vec<(Number, Oid)> = before.collect();
        let after = change.after.as_ref().map(|state| state.blob);
        let step = match (change.renumbered_from(), &change.renumbered_to) {
            (Some(old), _) => Step::RenumberedFrom(old.clone()),
            (_, Some(new)) => Step::RenumberedTo(new.clone()),
            _ => step_of(before.is_empty(), after),
        };
        let record = Some((kind, change.number.clone()));
        self.read(Unread { record, path: String::new(), step, before, after })
    }

    /// Lists what a commit itself made of records, and of other files where no kind is asked for.
    pub(in crate::ops) fn of_commit(&self, info: &CommitInfo, changes: &[Change], kind: Option<Kind>) -> Vec<Unread> {
        let moved = info.renumbered();
        let mut told = Vec::new();
        for change in changes.iter().filter(|change| change.is_own()) {
            let record = record_at(&change.path);
            if kind.is_some() && record.as_ref().map(|(kind, _)| *kind) != kind {
                continue;
            }
            let mut before = change.before.clone();
            let mut number = record.as_ref().map(|(_, number)| number.clone());
            let mut step = step_of(before.iter().all(Option::is_none), change.after);
            if let Some((of, new)) = &record {
                let is_old = |old: &Number| moved.iter().any(|one| one.kind == *of && one.old == *old);
                if step == Step::Removed && is_old(new) {
                    continue;
                }
                let came = moved.iter().find(|one| one.kind == *of && one.new == *new);
                if let Some(one) = came.filter(|_| step == Step::Added)
                    && let Some(left) = change_of(changes, *of, &one.old)
                {
                    before = left.before.iter().map(|blob| blob.filter(|_| *blob != left.after)).collect();
                    number = Some(one.old.clone());
                    step = Step::RenumberedFrom(one.old.clone());
                }
            }
            let number = number.or_else(|| Number::parse("file"));
            let before = before.into_iter().flatten().zip(number.into_iter().cycle()).map(|(blob, of)| (of, blob));
            told.push(Unread {
                record,
                path: change.path.clone(),
                step,
                before: before.collect(),
                after: change.after,
            });
        }
        told
    }

    /// Reads what differs.
    pub(in crate::ops) fn read(&self, one: Unread) -> Result<Told> {
        let Some((kind, number)) = one.record else {
            let (step, changes) = (one.step, Vec::new());
            return Ok(Told { kind: None, number: one.path, step, changes, record: None, follows_unreadable: false });
        };
        let mut before = Vec::with_capacity(one.before.len());
        for (was, blob) in &one.before {
            before.extend(self.record(kind, was, *blob)?);
        }
        let after = one.after.map(|blob| self.record(kind, &number, blob)).transpose()?.flatten();
        let follows_unreadable = before.is_empty() && !one.before.is_empty();
        let step = match one.after {
            Some(_) if after.is_none() => Step::Unreadable,
            Some(_) if follows_unreadable && one.step == Step::Changed => Step::Readable,
            _ => one.step,
        };
        let changes = match step {
            Step::Unreadable => Vec::new(),
            _ => differing(&before, after.as_deref()),
        };
        let record = after.or_else(|| before.first().cloned());
        Ok(Told { kind: Some(kind), number: number.to_string(), step, changes, record, follows_unreadable })
    }
}

fn step_of(is_new: bool, after: Option<Oid>) -> Step {
    match (is_new, after) {
        (true, _) => Step::Added,
        (_, None) => Step::Removed,
        _ => Step::Changed,
    }
}

/// Returns the fields that differ from what every parent had, with what the first one had.
pub(in crate::ops) fn differing(before: &[Rc<Record>], after: Option<&Record>) -> Vec<FieldChange> {
    let row = after.map(|record| &record.row);
    let mut found = changes(before.first().map(|record| &record.row), row);
    for other in before.iter().skip(1) {
        let differs = changes(Some(&other.row), row);
        found.retain(|change| differs.iter().any(|other| other.path == change.path));
    }
    found
}
