//! Rows taken one after the other: each makes a record, meets one that is there, or is turned away.

use super::super::OnDuplicate;
use super::super::candidate::{Candidate, Rejection};
use super::super::judge::Judge;
use super::Plan;
use super::find::Found;
use super::parties::Parties;
use super::rights::Rights;
use crate::ops::Batch;
use crate::ops::session::said;
use crate::record::{Failure, Number, Numbering, Record, Result, Row, Words};
use crate::rules::dedupe::{DedupeKey, exact_keys};
use crate::store::codec;
use crate::words;
use foldhash::{HashMap, HashSet};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What a key leads to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    /// A record there is, by place.
    Existing(usize),
    /// A candidate of this file, by place in `create`.
    New(usize),
}

/// A record as the rows so far change it.
pub(super) struct Changed {
    pub row: Row,
    pub rows: Vec<usize>,
}

/// The plan while it is being made, and what rows are compared with.
pub(super) struct Maker<'a> {
    pub judge: &'a Judge<'a>,
    rights: Rights<'a>,
    pub parties: Parties<'a>,
    /// The records there are.
    pub existing: &'a [Record],
    pub on_duplicate: OnDuplicate,
    pub by_key: HashMap<DedupeKey, Owner>,
    pub by_number: HashMap<String, Owner>,
    /// Records by their whole content: all there is to know one again by that has no key, or that is to be
    /// kept beside another with the same.
    pub by_content: HashMap<[u8; 32], Owner>,
    pub changed: BTreeMap<usize, Changed>,
    /// The keys by which rows found their record. No later row may take one away from it: else the same file
    /// would not find it the next time.
    pub held: HashMap<Owner, HashSet<DedupeKey>>,
    /// The records that rows came to under which others are merged, and whether they made them.
    pub blocks: HashMap<usize, (Owner, bool)>,
    /// What the rows so far say of each record; the first that says it stands.
    pub said_so_far: HashMap<Owner, Row>,
    pub plan: Plan,
}

impl<'a> Maker<'a> {
    /// Learns what the records there are can be known by.
    pub fn new(
        judge: &'a Judge<'a>,
        rights: Rights<'a>,
        parties: Parties<'a>,
        existing: &'a [Record],
        on_duplicate: OnDuplicate,
    ) -> Maker<'a> {
        use rayon::prelude::*;
        let keys: Vec<Vec<DedupeKey>> = existing.par_iter().map(exact_keys).collect();
        let mut by_key = HashMap::default();
        let mut by_content = HashMap::default();
        let is_own = |record: &Record| record.kind == judge.kind;
        for (at, (record, keys)) in existing.iter().zip(&keys).enumerate().filter(|(_, (record, _))| is_own(record)) {
            if keys.is_empty() || on_duplicate == OnDuplicate::Keep {
                by_content.entry(content(&record.row)).or_insert(Owner::Existing(at));
            }
        }
        // Records of the kind before others: a customer is itself rather than the lead it was.
        let places = |own: bool| existing.iter().enumerate().filter(move |(_, record)| is_own(record) == own);
        for (at, _) in places(true).chain(places(false)) {
            for key in keys.get(at).into_iter().flatten() {
                by_key.entry(key.clone()).or_insert(Owner::Existing(at));
            }
        }
        let own = existing.iter().enumerate().filter(|(_, record)| record.kind == judge.kind);
        let by_number = own.map(|(at, record)| (record.number.to_string(), Owner::Existing(at))).collect();
        let (changed, held, plan) = (BTreeMap::new(), HashMap::default(), Plan::default());
        let (blocks, said_so_far) = (HashMap::default(), HashMap::default());
        Maker {
            judge,
            rights,
            parties,
            existing,
            on_duplicate,
            by_key,
            by_number,
            by_content,
            changed,
            held,
            blocks,
            said_so_far,
            plan,
        }
    }

    /// Takes one row.
    pub fn place(&mut self, candidate: Candidate, batch: &mut Batch<'_>) -> Result<()> {
        if let Some(first) = candidate.block.filter(|_| candidate.is_further()) {
            self.join(candidate, first);
            return Ok(());
        }
        // A row that lacks something is taken for one of the same file only where it may fill that: else it goes back.
        let may_meet = |found: &Found| {
            let is_there = matches!(found.owner, Owner::Existing(_));
            is_there || candidate.lacks.is_none() || self.on_duplicate == OnDuplicate::Update
        };
        match (self.find(&candidate).filter(may_meet), self.on_duplicate) {
            (None, _) => self.create(candidate, batch)?,
            (Some(found), OnDuplicate::Error) => return Err(self.stop(&candidate, &found)),
            (Some(found), mode) => {
                if let Some(why) = self.namesake(&candidate, found.owner) {
                    // What it is known by is spoken for: a later row must not take it for another record.
                    self.learn(&candidate.keys, found.owner);
                    self.plan.rejected.push((candidate.row_number, why));
                } else if mode == OnDuplicate::Keep && !self.says_nothing_new(&candidate, found.owner) {
                    self.create(candidate, batch)?;
                } else {
                    candidate.block.map(|first| self.blocks.insert(first, (found.owner, false)));
                    self.meet(candidate, found);
                }
            }
        }
        Ok(())
    }

    /// Takes a row below one of the same company, whatever else they share: it is about what that one came to.
    fn join(&mut self, candidate: Candidate, first: usize) {
        let Some((owner, _)) = self.blocks.get(&first).copied() else {
            let why =
                words!("it belongs to row {first}, which was not taken", "它属于第 {first} 行的公司，而该行未被导入");
            return self.plan.rejected.push((candidate.row_number, why));
        };
        let told = words!("merged cell", "合并单元格");
        self.meet(candidate, Found { owner, key: None, told, is_sure: true });
    }

    /// Tells whether a row changes the record it met: where updates are wanted, and where it brings a contact of the
    /// company that the first row of its block made.
    pub(super) fn takes(&self, candidate: &Candidate) -> bool {
        let made = || candidate.block.and_then(|first| self.blocks.get(&first)).is_some_and(|(_, made)| *made);
        self.on_duplicate == OnDuplicate::Update || candidate.is_further() && made()
    }

    /// Turns a row away; what it lacks is no reason where the record it names is there and has it.
    pub fn reject(&mut self, rejection: Rejection) {
        let is_there = rejection.number.is_some_and(|number| self.by_number.contains_key(number.as_str()));
        let lacks = rejection.lacks.filter(|_| !is_there);
        self.plan.lacks |= lacks.is_some();
        let why = std::iter::once(&rejection.why).chain(&lacks);
        self.plan.rejected.push((rejection.row_number, Words::join(why, "; ", "；")));
    }

    fn create(&mut self, mut candidate: Candidate, batch: &mut Batch<'_>) -> Result<()> {
        if let Some(why) = candidate.lacks.take() {
            self.plan.lacks = true;
            self.plan.rejected.push((candidate.row_number, why));
            return Ok(());
        }
        let new = self.unwritten(candidate.number.clone(), candidate.row.clone());
        if let Some(problem) = self.parties.objection(&new) {
            self.plan.rejected.push((candidate.row_number, said(&problem)));
            return Ok(());
        }
        if !self.rights.may_all() && !self.may_write(candidate.row_number, None, &new) {
            return Ok(());
        }
        if let Some(why) = self.take_number(&mut candidate, batch)? {
            self.plan.rejected.push((candidate.row_number, why));
            return Ok(());
        }
        let owner = Owner::New(self.plan.create.len());
        if candidate.keys.is_empty() || self.on_duplicate == OnDuplicate::Keep {
            self.by_content.entry(content(&candidate.row)).or_insert(owner);
        }
        if self.on_duplicate == OnDuplicate::Update {
            self.learn(&candidate.keys, owner);
            self.hold(owner, candidate.keys.first().filter(|_| !candidate.is_stated));
            self.note_said(owner, &candidate, &[]);
        } else {
            // No later row can change it, and what it was compared by is of no more use.
            for key in std::mem::take(&mut candidate.keys) {
                self.by_key.entry(key).or_insert(owner);
            }
        }
        if let Some(number) = &candidate.number {
            self.by_number.entry(number.to_string()).or_insert(owner);
        }
        self.warn(&candidate);
        candidate.block.map(|first| self.blocks.insert(first, (owner, true)));
        self.plan.create.push(candidate);
        Ok(())
    }

    /// Turns a row away that is not the person's to write; tells whether it is.
    pub(super) fn may_write(&mut self, row_number: usize, before: Option<&Record>, after: &Record) -> bool {
        let Some(refusal) = self.rights.objection(before, after) else { return true };
        self.plan.rejected.push((row_number, said(&refusal.clone().into_problem())));
        self.plan.denied += 1;
        self.plan.first_denied.get_or_insert(refusal);
        false
    }

    /// Takes the running number the file states; returns why it cannot be had.
    fn take_number(&self, candidate: &mut Candidate, batch: &mut Batch<'_>) -> Result<Option<Words>> {
        let Some(number) = candidate.number.clone() else { return Ok(None) };
        if self.by_number.contains_key(number.as_str()) {
            // Only `keep` comes here: the second of two that state one number gets a number of its own.
            candidate.number = None;
            let is_named = self.judge.kind.numbering == Numbering::Given;
            return Ok(is_named.then(|| words!("number `{number}` is taken", "编号 `{number}` 已被占用")));
        }
        if self.judge.kind.numbering != Numbering::Sequence || batch.take_number(self.judge.kind, &number)? {
            return Ok(None);
        }
        Ok(Some(words!(
            "number `{number}` was given to another record before; numbers are never used twice",
            "编号 `{number}` 曾属于另一条记录，编号不重复使用"
        )))
    }

    pub(super) fn learn(&mut self, keys: &[DedupeKey], owner: Owner) {
        for key in keys {
            self.by_key.entry(key.clone()).or_insert(owner);
        }
    }

    pub(super) fn hold(&mut self, owner: Owner, key: Option<&DedupeKey>) {
        if let Some(key) = key.filter(|_| self.on_duplicate == OnDuplicate::Update) {
            self.held.entry(owner).or_default().insert(key.clone());
        }
    }

    pub(super) fn warn(&mut self, candidate: &Candidate) {
        self.plan.warnings.extend(candidate.warnings.iter().map(|words| (candidate.row_number, words.clone())));
        self.plan.new_keys.extend(candidate.new_keys.iter().cloned());
    }

    /// Returns what the record is by now.
    pub(super) fn current(&self, owner: Owner) -> &Row {
        match owner {
            Owner::Existing(at) => self.changed.get(&at).map_or(&self.existing[at].row, |changed| &changed.row),
            Owner::New(at) => &self.plan.create[at].row,
        }
    }

    /// Returns the owner as a record, for rules.
    pub(super) fn record(&self, owner: Owner, row: Row) -> Record {
        match owner {
            Owner::Existing(at) => Record { row, ..self.existing[at].clone() },
            Owner::New(at) => self.unwritten(self.plan.create[at].number.clone(), row),
        }
    }

    fn unwritten(&self, number: Option<Number>, row: Row) -> Record {
        let kind = self.judge.kind;
        Record { kind, number: number.unwrap_or_else(|| Number::event(kind.name, "new")), row }
    }

    fn stop(&self, candidate: &Candidate, found: &Found) -> Failure {
        let (row, key) = (candidate.row_number, &found.told);
        let other = match found.owner {
            Owner::Existing(at) => Words::same(format!("`{}`", self.existing[at].number)),
            Owner::New(at) => {
                let earlier = self.plan.create.get(at).map_or(0, |earlier| earlier.row_number);
                words!("row {earlier}", "第 {earlier} 行")
            }
        };
        let message = words!(
            "row {row} has the same {key} as {other}",
            "第 {row} 行与{other}的{key}相同"; each key, other
        );
        Failure::conflict(message)
            .hint(words!("`--on-duplicate skip` leaves such rows out", "用 `--on-duplicate skip` 跳过这些行"))
    }

    /// Ends the plan. Rows that took a record there and back, as two that differ do each time their file is
    /// imported, changed nothing.
    pub fn finish(mut self) -> Plan {
        for (at, changed) in self.changed {
            let before = &self.existing[at];
            if changed.row == before.row {
                self.plan.unchanged.extend(changed.rows);
            } else {
                self.plan.updated.extend(changed.rows);
                let after = Record { row: changed.row, ..before.clone() };
                self.plan.update.push((before.clone(), after));
            }
        }
        self.plan.rejected.sort_by_key(|(row, _)| *row);
        self.plan.warnings.sort_by_key(|(row, _)| *row);
        self.plan.duplicates.sort_by_key(|one| one.row_number);
        self.plan
    }
}

/// Returns a hash of everything a record says.
pub(super) fn content(row: &Row) -> [u8; 32] {
    Sha256::digest(codec::render_row(row).as_bytes()).into()
}
