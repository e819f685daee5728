//! The rules, applied to the rows of a file one by one.
//!
//! A row gets the values that follow from it, a number and a verdict: a candidate may still lack what counts only
//! where its record is not there already, which nobody knows before candidates are compared with records.

mod dangling;
mod lack;
mod number;

use self::lack::{is_lack, lacks, may_be_there};
use self::number::{made_number, unnamed};
use super::candidate::{Candidate, Judged, Rejection, fill_notes};
use crate::import::{Mapped, NewKey};
use crate::ops::add::Constants;
use crate::ops::session::said;
use crate::ops::{Batch, Session};
use crate::progress::Progress;
use crate::record::dictionary::{Entries, Entry};
use crate::record::{CUSTOMER, Initial, Kind, Need, Numbering, Problem, Record, Result, Row, Severity, Value, Words};
use crate::rules::dedupe::exact_keys;
use crate::rules::{Config, check};
use crate::words;
use chrono::NaiveDate;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What rows are judged by.
pub struct Judge<'a> {
    /// The kind of the records.
    pub kind: Kind,
    /// The configuration, with the values that are to join its dictionaries.
    pub config: &'a Config,
    /// The present.
    pub today: NaiveDate,
    /// Required fields that rows may lack.
    pub relax: &'a [String],
    /// What new records of the kind have in common.
    pub constants: Constants,
    /// Who imports, where fields of the kind are that person's unless said otherwise.
    pub actor: Option<String>,
    /// Is told how far it got.
    pub progress: &'a Progress,
}

impl<'a> Judge<'a> {
    /// Makes a judge of rows of a kind; `relax` names the required fields that they may lack.
    pub fn new(session: &'a Session, kind: Kind, config: &'a Config, relax: &'a [String]) -> Result<Judge<'a>> {
        Ok(Judge {
            kind,
            config,
            today: session.now.date_naive(),
            relax,
            constants: Constants::new(config, kind),
            actor: actor(session, kind)?,
            progress: &session.options.progress,
        })
    }

    /// Judges rows, in parallel; references are looked up in the batch's base.
    pub fn judge(&self, rows: Vec<Mapped>, batch: &Batch<'_>) -> Result<Vec<Judged>> {
        let stage = self.progress.stage(&words!("checking rows", "检查数据行"), rows.len());
        let judge = |mapped| {
            let judged = self.judge_one(mapped);
            stage.advance(1);
            judged
        };
        let mut judged: Vec<Judged> = rows.into_par_iter().map(judge).collect();
        dangling::reject_dangling(&mut judged, batch)?;
        Ok(judged)
    }

    fn judge_one(&self, mut mapped: Mapped) -> Judged {
        if let Some(why) = mapped.skipped {
            return Judged::Skipped(mapped.row_number, why);
        }
        let is_keepable = mapped.is_keepable();
        let mut row = mapped.take_row();
        let mut problems = std::mem::take(&mut mapped.problems);
        let unread = problems.len();
        let stated = self.stated_number(&mapped, &mut row).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let filled = self.fill_in(&mut row, &mapped.notes);
        let number = stated.clone().or_else(|| made_number(self.kind, &row));
        let record = Record { kind: self.kind, number: number.clone().unwrap_or_else(|| unnamed(self.kind)), row };
        problems.extend(self.broken(&record, &problems));
        let is_rest_sound = problems.iter().skip(unread).all(|problem| problem.severity != Severity::Error);
        let Verdict { errors, lacking, warnings } = Verdict::of(problems);
        let is_numberless = number.is_none() && self.kind.numbering == Numbering::Given;
        let lacks = lacks(&lacking, &mapped.kept, is_numberless);
        if !errors.is_empty() {
            let (row_number, why) = (mapped.row_number, Words::join(&all_said(&errors), "; ", "；"));
            let is_keepable = is_keepable && is_rest_sound;
            return Judged::Rejected(Rejection { row_number, why, lacks, number: stated, is_keepable });
        }
        Judged::Candidate(Box::new(Candidate {
            row_number: mapped.row_number,
            block: mapped.block,
            is_stated: stated.is_some(),
            number,
            keys: exact_keys(&record),
            row: record.row,
            filled,
            notes: mapped.notes,
            new_keys: mapped.new_keys,
            warnings: all_said(&warnings),
            lacks,
        }))
    }

    /// Returns what a record breaks, without what was told already; what is relaxed only warns.
    fn broken(&self, record: &Record, told: &[Problem]) -> Vec<Problem> {
        let told: Vec<&str> = told
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .filter_map(|problem| problem.field.as_deref())
            .collect();
        let mut problems = check::check_record(record, self.config, self.today);
        problems.retain(|problem| {
            let field = problem.field.as_deref().unwrap_or_default();
            let is_channel = |key: &&str| {
                problem.code == "missing-channel"
                    && record.kind.field(key).is_some_and(|field| matches!(field.need, Need::OneOf(_)))
            };
            !told.iter().any(|one| *one == field || is_channel(one))
        });
        for problem in problems.iter_mut().filter(|problem| is_lack(problem) && self.relaxes(problem)) {
            problem.severity = Severity::Warning;
        }
        problems
    }

    fn relaxes(&self, problem: &Problem) -> bool {
        let field = problem.field.as_deref().unwrap_or_default();
        let parts = field.split('.').filter(|part| part.parse::<usize>().is_err());
        let plain = parts.collect::<Vec<_>>().join(".");
        self.relax.iter().any(|one| *one == plain || problem.code == "missing-channel" && one == "channel")
    }

    /// Fills in what the row leaves blank: values that follow from it, who imports, the day an archive is made, and
    /// notes. Returns the fields that were filled in.
    ///
    /// When a lead was acquired nobody but the file knows.
    fn fill_in(&self, row: &mut Row, notes: &[(&'static str, Value)]) -> Vec<&'static str> {
        let own: Vec<u16> = row.placed().iter().map(|(at, _)| *at).collect();
        self.constants.fill_in(row);
        for (key, initial) in self.kind.initial {
            let value = match initial {
                Initial::Actor => self.actor.as_deref().map(Value::text),
                Initial::Today if self.kind == CUSTOMER => Some(Value::Date(self.today)),
                _ => None,
            };
            if let Some(value) = value.filter(|_| row.get(key).is_none()) {
                row.set(key, value);
            }
        }
        fill_notes(row, notes);
        let filled = row.placed().iter().filter(|(at, _)| own.binary_search(at).is_err());
        filled.map(|(at, _)| row.fields()[usize::from(*at)].key).collect()
    }
}

/// What is wrong with a row, by what follows from it.
struct Verdict {
    /// Reasons to reject it.
    errors: Vec<Problem>,
    /// Reasons to reject it unless its record is there already.
    lacking: Vec<Problem>,
    /// What is worth a look.
    warnings: Vec<Problem>,
}

impl Verdict {
    fn of(problems: Vec<Problem>) -> Verdict {
        let is_error = |problem: &Problem| problem.severity == Severity::Error;
        let (errors, warnings): (Vec<_>, Vec<_>) = problems.into_iter().partition(is_error);
        let (lacking, errors) = errors.into_iter().partition(may_be_there);
        Verdict { errors, lacking, warnings }
    }
}

fn all_said(problems: &[Problem]) -> Vec<Words> {
    problems.iter().map(said).collect()
}

/// Returns who imports, where fields of the kind are that person's unless said otherwise; nobody when that
/// is no user.
fn actor(session: &Session, kind: Kind) -> Result<Option<String>> {
    match kind.initial.iter().any(|(_, initial)| matches!(initial, Initial::Actor)) {
        true => session.user(),
        false => Ok(None),
    }
}

/// Returns the configuration with values that are to join its dictionaries, so that rows are judged by it.
pub fn extended(config: &Config, rows: &[Mapped]) -> Config {
    let mut config = config.clone();
    let mut new: BTreeMap<&str, BTreeSet<&NewKey>> = BTreeMap::new();
    for key in rows.iter().flat_map(|row| &row.new_keys) {
        new.entry(key.dictionary).or_default().insert(key);
    }
    for (dictionary, keys) in new {
        let known = config.dictionary.get(dictionary).map(|list| list.iter().cloned().collect::<Vec<_>>());
        let entry =
            |new: &&NewKey| Entry { key: new.key.as_str().into(), label: Words::same(&*new.label), ..Entry::default() };
        let all = known.unwrap_or_default().into_iter().chain(keys.iter().map(entry)).collect();
        config.dictionary.entries.insert(dictionary.into(), Entries::new(all));
    }
    config
}
