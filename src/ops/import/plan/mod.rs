//! What an import will do: each candidate compared with the records there are, and with those before it.
//!
//! *Invariants:* every row is created, updated, unchanged, a duplicate, rejected or skipped, and only one of
//! these; a plan made of the same rows after they were written creates and updates nothing.

mod find;
mod further;
mod maker;
mod meet;
mod next;
mod parties;
mod rights;
mod stays;

pub use self::further::{Further, Gathered};

use self::maker::Maker;
use self::parties::Parties;
use self::rights::Rights;
use super::OnDuplicate;
use super::candidate::{Candidate, Judged};
use super::judge::Judge;
use super::merge::Gain;
use crate::import::NewKey;
use crate::ops::add::rivals;
use crate::ops::{Batch, Session};
use crate::record::{Failure, Kind, Number, Record, Result, Words};
use crate::rules::access::Refusal;
use crate::rules::config::add_entries;
use crate::store::LoadOptions;
use crate::words;
use std::collections::{BTreeSet, HashSet};

/// A row that was not taken because its record is there already.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    /// The row.
    pub row_number: usize,
    /// The record it is the same as; none for one earlier in the same file.
    pub number: Option<Number>,
    /// The row it is the same as, for one earlier in the same file.
    pub earlier_row: Option<usize>,
    /// What is the same.
    pub key: Words,
    /// What an update would take from the row; nothing where it would not.
    pub gain: Gain,
}

impl Duplicate {
    /// Returns what is to be said of another row of the same record.
    fn of_row(&self, row_number: usize) -> Duplicate {
        Duplicate { row_number, gain: Gain::default(), ..self.clone() }
    }
}

/// What will be done.
#[derive(Default)]
pub struct Plan {
    /// New records.
    pub create: Vec<Candidate>,
    /// Changed records, as they are and as they will be.
    pub update: Vec<(Record, Record)>,
    /// Rows whose record says the same already.
    pub unchanged: Vec<usize>,
    /// Rows left out because their record is there.
    pub duplicates: Vec<Duplicate>,
    /// Rows that break a rule, with the reason.
    pub rejected: Vec<(usize, Words)>,
    /// How many of them are not the person's to write, and why the first is not.
    pub denied: usize,
    pub first_denied: Option<Box<Refusal>>,
    /// Whether any of them lacks what a record of its own needs.
    pub lacks: bool,
    /// Those of them that could be taken if values that cannot be read were kept aside.
    pub keepable: Vec<usize>,
    /// Rows that are passed over, with the reason.
    pub skipped: Vec<(usize, Words)>,
    /// What is worth a look, by row.
    pub warnings: Vec<(usize, Words)>,
    /// Rows that are the last follow-up of an open subject and name no next step.
    pub without_next: Vec<usize>,
    /// Rows of records that are there which name another owner, who is not taken.
    pub other_owner: Vec<usize>,
    /// Rows of leads that are there with a status that is not taken: one left behind, or a conversion.
    pub other_status: Vec<usize>,
    /// Rows that changed a record, one of this file included.
    pub updated: Vec<usize>,
    /// How many rows joined the new record of an earlier one.
    pub joined: usize,
    /// How many of the rows left out name a contact that their customer lacks.
    pub contacts_left_out: usize,
    /// Values their dictionaries lack.
    pub new_keys: BTreeSet<NewKey>,
}

/// Compares candidates with the records there are and with each other, in one pass; `open` are the subjects that
/// still want contact.
pub fn make(
    session: &Session,
    judge: &Judge<'_>,
    judged: Vec<Judged>,
    on_duplicate: OnDuplicate,
    open: &HashSet<&str>,
    batch: &mut Batch<'_>,
) -> Result<Plan> {
    let options = LoadOptions { use_index: session.options.use_index };
    let existing = session.repo.load(&rivals(judge.kind), &session.source, options)?.records;
    let stage = judge.progress.stage(&words!("looking for duplicates", "查找重复"), judged.len());
    let mut maker = Maker::new(judge, Rights::new(session)?, Parties::new(session), &existing, on_duplicate);
    let mut lacking = Vec::new();
    for one in judged {
        stage.advance(1);
        match one {
            // What can only change a record comes after all that may make one, wherever it stands; so do further contacts.
            Judged::Candidate(candidate) if candidate.lacks.is_some() || candidate.is_further() => {
                lacking.push(candidate)
            }
            Judged::Candidate(candidate) => maker.place(*candidate, batch)?,
            Judged::Rejected(rejection) => {
                maker.plan.keepable.extend(rejection.is_keepable.then_some(rejection.row_number));
                maker.reject(rejection);
            }
            Judged::Skipped(row, why) => maker.plan.skipped.push((row, why)),
        }
    }
    lacking.into_iter().try_for_each(|candidate| maker.place(*candidate, batch))?;
    maker.plan.without_next = next::without_next(&maker, open);
    Ok(maker.finish())
}

impl Plan {
    /// Fails with exit code 7 where rows are not the person's to write, and nothing else is to be told of the others.
    pub fn refuse_denied(&mut self) -> Result<()> {
        let is_all = self.denied == self.rejected.len() && self.duplicates.is_empty() && self.unchanged.is_empty();
        let is_nothing = self.create.is_empty() && self.update.is_empty();
        match self.first_denied.take_if(|_| is_all && is_nothing) {
            Some(refusal) if self.denied == 1 => Err(refusal.into_failure()),
            Some(refusal) => {
                let more = self.denied - 1;
                Err(refusal.into_failure().detail(words!("and {more} more rows", "另有 {more} 行")))
            }
            None => Ok(()),
        }
    }
}

/// Returns the values that are to join dictionaries.
pub fn new_keys(plan: &Plan) -> Vec<NewKey> {
    plan.new_keys.iter().cloned().collect()
}

/// Writes what the plan says into the batch.
pub fn write(batch: &mut Batch<'_>, kind: Kind, plan: Plan, new_keys: &[NewKey]) -> Result<()> {
    if !new_keys.is_empty() {
        const PATH: &str = "config/dictionary.toml";
        let text = batch.read_file(PATH)?.unwrap_or_default();
        let entries: Vec<(&str, &str, &str)> =
            new_keys.iter().map(|new| (new.dictionary, new.key.as_str(), new.label.as_str())).collect();
        batch.write_file(PATH, add_entries(&text, &entries)?)?;
    }
    for (before, after) in plan.update {
        let (base, text) = batch.read(kind, &before.number)?;
        if base != before {
            return Err(stale(&before.number));
        }
        batch.update_validated(&base, &text, &after)?;
    }
    let rows = plan.create.into_iter().map(|candidate| (candidate.number, candidate.row));
    batch.create_all(kind, rows.collect())?;
    Ok(())
}

fn stale(number: &Number) -> Failure {
    Failure::conflict(words!("`{number}` has changes that are not committed", "`{number}` 有未提交的修改")).hint(
        words!("`kehu status` shows them, `kehu commit` commits them", "用 `kehu status` 查看，用 `kehu commit` 提交"),
    )
}
