//! What a sync came to: what came, what went, what both had changed, what got another number.

use crate::record::{Failure, Kind, Number, Result, Row, changes};
use crate::store::merge::FieldConflict;
use crate::store::{LostReference, Merge, Met, Oid, Remote, Renumbered, Repo, Step, codec, parse_path};
use std::collections::BTreeMap;

/// What was done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// It is new.
    Added,
    /// It changed.
    Changed,
    /// It is gone.
    Removed,
}

/// A file that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileStep {
    /// Its path.
    pub path: String,
    /// The record it holds; none for other files.
    pub record: Option<(Kind, Number)>,
    /// What was done to it.
    pub act: Act,
}

/// A file that both sides had changed.
#[derive(Debug, Clone)]
pub struct MetRecord {
    /// Its path.
    pub path: String,
    /// The record it holds; none for other files.
    pub record: Option<(Kind, Number)>,
    /// The fields that were changed here.
    pub ours: Vec<String>,
    /// The fields that were changed there.
    pub theirs: Vec<String>,
    /// The fields that both changed, each to something else.
    pub conflicts: Vec<FieldConflict>,
    /// Where our content lies, where the file could not hold both.
    pub beside: Option<String>,
}

/// What merges brought together.
#[derive(Debug, Default)]
pub struct Brought {
    /// What got another number, by the first it had.
    pub moved: Vec<Renumbered>,
    /// What both sides had changed, by path.
    pub met: Vec<MetRecord>,
    /// References to what one side removed.
    pub lost: Vec<LostReference>,
    /// What came.
    pub came: Vec<FileStep>,
}

/// What a sync came to.
#[derive(Debug)]
pub struct Synced {
    /// The remote and its branch.
    pub remote: Remote,
    /// Whether nothing was written or pushed.
    pub dry_run: bool,
    /// Whether the remote has all of it.
    pub is_pushed: bool,
    /// What became of our branch; none before anything is known.
    pub head: Option<Oid>,
    /// How many commits came.
    pub commits_in: usize,
    /// How many commits went, or still have to go.
    pub commits_out: usize,
    /// What the merges brought.
    pub brought: Brought,
    /// What went, or still has to go.
    pub went: Vec<FileStep>,
    /// Why the remote has not all of it.
    pub failure: Option<Failure>,
}

impl Synced {
    pub(super) fn new(remote: &Remote, dry_run: bool) -> Synced {
        Synced {
            remote: remote.clone(),
            dry_run,
            is_pushed: false,
            head: None,
            commits_in: 0,
            commits_out: 0,
            brought: Brought::default(),
            went: Vec::new(),
            failure: None,
        }
    }

    /// Returns the number that a record has now.
    pub fn number_now<'n>(&'n self, kind: Kind, number: &'n Number) -> &'n Number {
        self.brought.moved.iter().find(|one| one.kind == kind && one.old == *number).map_or(number, |one| &one.new)
    }

    /// Adds what a merge brings in; `head` is the branch before it.
    pub(super) fn came(&mut self, repo: &Repo, head: Option<Oid>, theirs: Oid, merge: &Merge) -> Result<()> {
        self.commits_in += repo.missing_commits(Some(theirs), head)?;
        self.brought.add(merge);
        Ok(())
    }

    /// Says what the remote lacks: of a merge that was not made, what that would give it, else what the branch has.
    pub(super) fn went(&mut self, repo: &Repo, theirs: Option<Oid>, head: Oid, unmade: Option<&Merge>) -> Result<()> {
        self.head = Some(head);
        self.commits_out = repo.missing_commits(Some(head), theirs)?;
        self.went = match unmade {
            Some(merge) => merge.went.iter().map(file_step).collect(),
            None => {
                let steps = repo.changes_between(theirs, head, "")?.into_iter();
                steps.map(|(path, was, is)| file_step(&Step { path, was, is })).collect()
            }
        };
        Ok(())
    }
}

impl Brought {
    /// Tells whether something wants a person's decision.
    pub fn has_conflicts(&self) -> bool {
        !self.lost.is_empty() || self.met.iter().any(|one| !one.conflicts.is_empty() || one.beside.is_some())
    }

    /// Adds what a merge brings.
    pub(super) fn add(&mut self, merge: &Merge) {
        for one in &merge.moved {
            // A record that moves twice is told once.
            match self.moved.iter_mut().find(|known| known.kind == one.kind && known.new == one.old) {
                Some(known) => known.new = one.new.clone(),
                None => self.moved.push(one.clone()),
            }
        }
        self.met.extend(merge.met.iter().map(met_record));
        self.lost.extend(merge.lost.iter().cloned());
        let known = std::mem::take(&mut self.came).into_iter().map(|step| (step.path.clone(), step));
        let mut came: BTreeMap<String, FileStep> = known.collect();
        for step in &merge.came {
            let now = file_step(step);
            // What an earlier round brought as new is new still.
            let act = match came.get(&step.path).map(|before| before.act) {
                Some(Act::Added) if now.act == Act::Changed => Act::Added,
                _ => now.act,
            };
            came.insert(step.path.clone(), FileStep { act, ..now });
        }
        self.came = came.into_values().collect();
    }
}

fn file_step(step: &Step) -> FileStep {
    let act = match (step.was, step.is) {
        (None, _) => Act::Added,
        (_, None) => Act::Removed,
        _ => Act::Changed,
    };
    FileStep { path: step.path.clone(), record: parse_path(&step.path), act }
}

/// Tells whether a file that both sides had changed wants a person's decision.
pub(super) fn is_torn(met: &Met) -> bool {
    !met.conflicts.is_empty() || met.beside.is_some()
}

fn met_record(met: &Met) -> MetRecord {
    let record = parse_path(&met.path);
    let [base, ours, theirs] = met.sides.each_ref().map(|side| {
        let (kind, number) = record.as_ref()?;
        let text = str::from_utf8(side.as_deref()?).ok()?;
        codec::parse(*kind, number, text).0.map(|record| record.row)
    });
    let fields = |side: &Option<Row>| {
        let mut fields: Vec<String> =
            changes(base.as_ref(), side.as_ref()).into_iter().map(|change| change.path).collect();
        fields.dedup();
        fields
    };
    MetRecord {
        path: met.path.clone(),
        ours: fields(&ours),
        theirs: fields(&theirs),
        conflicts: met.conflicts.clone(),
        beside: met.beside.clone(),
        record,
    }
}
