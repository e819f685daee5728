//! Rows that could become records, judged by the rules.

use crate::import::{Mapped, NewKey};
use crate::ops::Batch;
use crate::ops::add::Constants;
use crate::ops::session::said;
use crate::progress::Progress;
use crate::record::dictionary::{Entries, Entry};
use crate::record::{
    CUSTOMER, Initial, Kind, LEAD, Need, Number, Numbering, Problem, Record, Result, Row, Severity, Value, Words,
    find_field,
};
use crate::rules::config::Prefix;
use crate::rules::dedupe::{DedupeKey, exact_keys};
use crate::rules::references::{dangling, references};
use crate::rules::{Config, check};
use crate::words;
use chrono::{Datelike, NaiveDate};
use foldhash::{HashMap, HashSet};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A row that could become a record.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Where it stands in its file.
    pub row_number: usize,
    /// The first row of those that its name is merged over.
    pub block: Option<usize>,
    /// Its number, where the file states one that could be ours or it follows from the row.
    pub number: Option<Number>,
    /// Whether the file states the number, rather than it being made of a name.
    pub is_stated: bool,
    /// What the record would be, initial values filled in.
    pub row: Row,
    /// The fields that were filled in.
    pub filled: Vec<&'static str>,
    /// What makes it the same as another.
    pub keys: Vec<DedupeKey>,
    /// What fills a note that nothing else fills: the word that was read as a key.
    pub notes: Vec<(&'static str, Value)>,
    /// Values its dictionaries lack.
    pub new_keys: Vec<NewKey>,
    /// What is worth a look.
    pub warnings: Vec<Words>,
    /// What it lacks to be a record of its own; nothing that counts where its record is there already.
    pub lacks: Option<Words>,
}

impl Candidate {
    /// Tells whether it stands below the first row of its company, as a further contact does.
    pub fn is_further(&self) -> bool {
        self.block.is_some_and(|first| first != self.row_number)
    }

    /// Returns what the row itself says; an update changes only this.
    pub fn said(&self) -> Row {
        let mut said = self.row.clone();
        self.filled.iter().for_each(|key| drop(said.remove(key)));
        said
    }
}

/// Why a row cannot be taken.
pub struct Rejection {
    /// The row.
    pub row_number: usize,
    /// What is wrong with it.
    pub why: Words,
    /// What it lacks besides, unless its record is there already.
    pub lacks: Option<Words>,
    /// The number it states.
    pub number: Option<Number>,
    /// Whether it could be taken if values that cannot be read were kept aside.
    pub is_keepable: bool,
}

/// What became of a row before it was compared with others.
pub enum Judged {
    /// It could become a record.
    Candidate(Box<Candidate>),
    /// It breaks a rule.
    Rejected(Rejection),
    /// A rule of the mapping passes it over.
    Skipped(usize, Words),
}

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

impl Judge<'_> {
    /// Judges rows, in parallel; references are looked up in the batch's base.
    pub fn judge(&self, rows: Vec<Mapped>, batch: &Batch<'_>) -> Result<Vec<Judged>> {
        let stage = self.progress.stage(&words!("checking rows", "检查数据行"), rows.len());
        let judge = |mapped| {
            let judged = self.judge_one(mapped);
            stage.advance(1);
            judged
        };
        let mut judged: Vec<Judged> = rows.into_par_iter().map(judge).collect();
        let stated = judged.iter().filter_map(|one| match one {
            Judged::Candidate(candidate) => candidate.number.as_ref().map(Number::to_string),
            _ => None,
        });
        let stated: HashSet<String> = stated.collect();
        let mut known: HashMap<&str, HashMap<String, bool>> = HashMap::default();
        for one in &mut judged {
            let Judged::Candidate(candidate) = one else { continue };
            let mut wrong = Vec::new();
            for reference in references(&candidate.row).into_iter().filter(|one| !stated.contains(one.number)) {
                let known = known.entry(reference.field.key).or_default();
                let exists = match known.get(reference.number) {
                    Some(exists) => *exists,
                    None => *known.entry(reference.number.to_string()).or_insert(batch.exists(&reference)?),
                };
                if !exists {
                    wrong.push(said(&dangling(&reference)));
                }
            }
            if !wrong.is_empty() {
                let (row_number, why) = (candidate.row_number, Words::join(&wrong, "; ", "；"));
                *one = Judged::Rejected(Rejection { row_number, why, lacks: None, number: None, is_keepable: false });
            }
        }
        Ok(judged)
    }

    fn judge_one(&self, mut mapped: Mapped) -> Judged {
        if let Some(why) = mapped.skipped {
            return Judged::Skipped(mapped.row_number, why);
        }
        let mut row = mapped.take_row();
        let stated = self.stated_number(&mapped, &mut row);
        let is_keepable = mapped.is_keepable();
        let mut problems = std::mem::take(&mut mapped.problems);
        let unread = problems.len();
        let stated = stated.unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let own: Vec<u16> = row.placed().iter().map(|(at, _)| *at).collect();
        self.fill_in(&mut row);
        fill_notes(&mut row, &mapped.notes);
        let filled = row.placed().iter().filter(|(at, _)| own.binary_search(at).is_err());
        let filled = filled.map(|(at, _)| row.fields()[usize::from(*at)].key).collect();
        let number = stated.clone().or_else(|| made_number(self.kind, &row));
        let record = Record { kind: self.kind, number: number.clone().unwrap_or_else(|| unnamed(self.kind)), row };
        problems.extend(self.broken(&record, &problems));
        let is_rest_sound = problems.iter().skip(unread).all(|problem| problem.severity != Severity::Error);
        let (errors, warnings): (Vec<_>, Vec<_>) = problems.into_iter().partition(|p| p.severity == Severity::Error);
        let (lacking, errors): (Vec<_>, Vec<_>) = errors.into_iter().partition(may_be_there);
        let mut lacks: Vec<Words> = lacking.iter().flat_map(|problem| reasons(problem, &mapped.kept)).collect();
        if number.is_none() && self.kind.numbering == Numbering::Given {
            lacks.push(words!("a number is missing", "缺少编号"));
        }
        let lacks = (!lacks.is_empty()).then(|| Words::join(&lacks, "; ", "；"));
        if !errors.is_empty() {
            let reasons: Vec<Words> = errors.iter().map(said).collect();
            let (row_number, why) = (mapped.row_number, Words::join(&reasons, "; ", "；"));
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
            warnings: warnings.iter().map(said).collect(),
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

    /// Fills in initial values: those that follow from the record, who imports, and the day an archive is made.
    ///
    /// When a lead was acquired nobody but the file knows.
    fn fill_in(&self, row: &mut Row) {
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
    }

    /// Returns the number the file states, in its usual form. One that cannot be of this kind becomes a
    /// custom field. Fails when it contradicts the row.
    fn stated_number(&self, mapped: &Mapped, said: &mut Row) -> std::result::Result<Option<Number>, Problem> {
        let Some(number) = mapped.number.as_deref().and_then(Number::parse) else { return Ok(None) };
        if self.kind.numbering != Numbering::Sequence {
            return Ok(Some(number));
        }
        let scheme = self.config.numbering.get(self.kind.name);
        let (Some(parts), Some(scheme)) = (number.parts(), scheme) else { return Ok(None) };
        let is_ours = match &scheme.prefix {
            Prefix::Fixed(prefix) => prefix == parts.prefix,
            Prefix::Field(field) => self.is_prefix(field, parts.prefix),
        };
        if !is_ours || parts.seq == 0 {
            said.set_custom(&mapped.number_header, Value::text(number.as_str()));
            return Ok(None);
        }
        if parts.year > self.today.year() {
            let message = words!("number `{number}` is of a year to come", "编号 `{number}` 的年份尚未到来");
            return Err(Problem::error("number-format", "number", message));
        }
        if let Prefix::Field(field) = &scheme.prefix
            && said.get(field).is_none()
        {
            said.set(field, Value::text(parts.prefix));
        }
        Ok(Some(Number::sequence(parts.prefix, parts.year, parts.seq, scheme.digits)))
    }

    /// Tells whether a prefix is a value of the field that prefixes come from.
    fn is_prefix(&self, field: &str, prefix: &str) -> bool {
        let dictionary = self.kind.field(field).and_then(|field| field.dictionary());
        let entries = dictionary.and_then(|name| self.config.dictionary.get(name));
        entries.is_some_and(|entries| entries.get(prefix).is_some())
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

/// Fills notes that are blank.
pub fn fill_notes(row: &mut Row, notes: &[(&'static str, Value)]) {
    for (key, value) in notes {
        if row.get(key).is_none() {
            row.set(key, value.clone());
        }
    }
}

/// Tells whether a problem is that a required field is blank.
fn is_lack(problem: &Problem) -> bool {
    matches!(problem.code, "missing-field" | "missing-channel")
}

/// Tells whether a problem is gone where the row's record is there already and has what the row does not say.
fn may_be_there(problem: &Problem) -> bool {
    is_lack(problem) || matches!(problem.code, "missing-reason" | "missing-note")
}

/// Returns what a row lacks, after why: what it says there could not be read and was kept aside.
fn reasons(lack: &Problem, kept: &[Problem]) -> Vec<Words> {
    let is_channel = |field: &str| find_field(LEAD.fields, field).is_some_and(|one| matches!(one.need, Need::OneOf(_)));
    let is_cause = |one: &&Problem| {
        one.field == lack.field || lack.code == "missing-channel" && one.field.as_deref().is_some_and(is_channel)
    };
    kept.iter().filter(is_cause).chain([lack]).map(said).collect()
}

/// Returns the number a record stands under while it has none.
fn unnamed(kind: Kind) -> Number {
    Number::event(kind.name, "new")
}

/// Makes the number of a record whose users name it of its address or name.
fn made_number(kind: Kind, row: &Row) -> Option<Number> {
    if kind.numbering != Numbering::Given {
        return None;
    }
    let name = row.text("email").and_then(|email| email.split('@').next()).or_else(|| row.text(kind.title))?;
    let fits = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    let slug: String = name.chars().map(fits).collect();
    Number::parse(slug.trim_matches(['-', '.']))
}
