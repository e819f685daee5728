//! What somebody reads of what is loaded; the rest is left out, and how much is said.

use super::judge::{subject_in, subject_of};
use crate::ops::Session;
use crate::record::{CUSTOMER, FOLLOWUP, Finding, Kind, Number, Record, Result, Words, plural};
use crate::rules::access::{Standing, Subject};
use crate::rules::family;
use crate::rules::references::SUBJECTS;
use crate::store::{LoadOptions, Loaded};
use crate::words;
use std::collections::{BTreeMap, HashMap};

/// Records that were loaded, without those that are not the reader's to read.
#[derive(Debug, Default)]
pub struct Readable {
    /// The records.
    pub records: Vec<Record>,
    /// What is wrong with files.
    pub findings: Vec<Finding>,
    /// What was left out; none where the reader reads all.
    pub left_out: Option<LeftOut>,
}

/// What a reader's scope left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// How many records.
    pub count: usize,
    /// How many of which kind.
    pub what: Words,
    /// What the reader reads.
    pub scope: Words,
}

impl Session {
    /// Loads the records of these kinds that the person who acts reads, and says how many are left out.
    ///
    /// The first kind is the one asked for. Fails with exit code 7 for who is no user, where roles hold and it is not
    /// everybody's to read.
    pub fn load(&self, kinds: &[Kind]) -> Result<Readable> {
        let options = LoadOptions { use_index: self.options.use_index };
        let loaded = self.repo.load(&self.with_subjects(kinds)?, &self.source, options)?;
        self.readable(loaded, kinds)
    }

    /// Returns the kinds with those that decide who reads them: a follow-up is read with what it is about, what belongs
    /// to a customer with the customer.
    fn with_subjects(&self, kinds: &[Kind]) -> Result<Vec<Kind>> {
        let mut all = kinds.to_vec();
        if !self.access()?.may_all() {
            let by_customer = family::kinds().any(|kind| kinds.contains(&kind));
            let about = |kind: &Kind| kinds.contains(&FOLLOWUP) || (*kind == CUSTOMER && by_customer);
            all.extend(SUBJECTS.into_iter().filter(|kind| !kinds.contains(kind) && about(kind)));
        }
        Ok(all)
    }

    /// Leaves out of what was loaded what the person who acts does not read, and says how many that are.
    ///
    /// Where follow-ups are among `kinds`, leads and customers were loaded too.
    pub fn readable(&self, loaded: Loaded, kinds: &[Kind]) -> Result<Readable> {
        let access = self.access()?;
        let Loaded { records, mut findings } = loaded;
        if access.may_all() {
            return Ok(Readable { records, findings, left_out: None });
        }
        let asked = kinds.first().copied();
        asked.map_or(Ok(()), |kind| self.refuse_unknown(kind))?;
        let subjects = records.iter().filter(|record| SUBJECTS.contains(&record.kind));
        let subjects: HashMap<&Number, Subject> = subjects.map(|record| (&record.number, subject_of(record))).collect();
        let find = |number: &str| subjects.get(&Number::parse(number)?).cloned();
        let reads: Vec<bool> = records.iter().map(|record| access.may_read(record, &find)).collect();
        let mut left_out: BTreeMap<usize, usize> = BTreeMap::new();
        let mut kept = Vec::with_capacity(records.len());
        for (record, reads) in records.into_iter().zip(reads) {
            let Some(place) = kinds.iter().position(|kind| *kind == record.kind) else { continue };
            if reads { kept.push(record) } else { *left_out.entry(place).or_default() += 1 }
        }
        let is_of = |finding: &Finding, kind: &Kind| finding.path.starts_with(&format!("{}/", kind.folder));
        findings.retain(|finding| kinds.iter().any(|kind| is_of(finding, kind)));
        let left_out = left_out.into_iter().map(|(place, count)| (kinds[place], count)).collect::<Vec<_>>();
        let left_out = self.tell_left_out(&left_out, asked)?;
        Ok(Readable { records: kept, findings, left_out: Some(left_out) })
    }

    /// Says what was left out, once a command, where some of the first kind was.
    pub(in crate::ops) fn tell_left_out(&self, left_out: &[(Kind, usize)], asked: Option<Kind>) -> Result<LeftOut> {
        let scope = match self.access()?.standing() {
            Standing::Member(_, role) => role.scope(),
            _ => words!("nothing", "无"),
        };
        let count = left_out.iter().map(|(_, count)| count).sum();
        let is_asked = left_out.iter().any(|(kind, _)| Some(*kind) == asked);
        let told: Vec<Words> = left_out.iter().map(|(kind, count)| counted(*kind, *count)).collect();
        let what = match told.as_slice() {
            [] => words!("nothing", "无"),
            told => Words::join(told, ", ", "、"),
        };
        if is_asked && !self.told_left_out.replace(true) {
            let (Words { en, zh }, Words { en: scope_en, zh: scope_zh }) = (&what, &scope);
            (self.options.note)(words!(
                "left out as others': {en}; you read {scope_en}",
                "未包括他人的{zh}；您可读取{scope_zh}"
            ));
        }
        Ok(LeftOut { count, what, scope })
    }

    /// Fails with exit code 7 for who is no user, where roles hold and records of the kind are not everybody's to read.
    pub fn refuse_unknown(&self, kind: Kind) -> Result<()> {
        let access = self.access()?;
        if access.reads_all(kind) { Ok(()) } else { access.refuse_unknown() }
    }

    /// Leaves out of what is about a record what the person who acts does not read.
    pub(in crate::ops) fn leave_out_hidden(&self, of: &Record, around: &mut Vec<Record>) -> Result<()> {
        let access = self.access()?;
        if access.may_all() {
            return Ok(());
        }
        let subjects = around.iter().chain([of]).filter(|one| SUBJECTS.contains(&one.kind));
        let subjects: HashMap<Number, Subject> = subjects.map(|one| (one.number.clone(), subject_of(one))).collect();
        let known = |number: &str| subjects.get(&Number::parse(number)?).cloned();
        let find = |number: &str| known(number).or_else(|| subject_in(&self.repo, &self.source, number));
        around.retain(|one| access.may_read(one, &find));
        Ok(())
    }

    /// Tells whether a record is the acting person's to read.
    pub fn reads(&self, record: &Record) -> Result<bool> {
        Ok(self.access()?.may_read(record, &|number| subject_in(&self.repo, &self.source, number)))
    }

    /// Tells whether what a record said once may be told: to who reads it now, and of one that is gone to who read
    /// it then.
    pub fn reads_past(&self, then: &Record) -> Result<bool> {
        if self.access()?.may_all() {
            return Ok(true);
        }
        let now = self.repo.load_one(then.kind, &then.number, &self.source).ok().flatten();
        self.reads(now.as_ref().map_or(then, |(now, _)| now))
    }

    /// Fails with exit code 7 when a record is not the acting person's to read.
    pub fn refuse_hidden(&self, record: &Record) -> Result<()> {
        self.access()?.refuse_hidden(record, &|number| subject_in(&self.repo, &self.source, number))
    }
}

/// Returns a count with what is counted.
fn counted(kind: Kind, count: usize) -> Words {
    let (en, zh) = (plural(count, &kind.label.en.to_lowercase()), kind.label.zh);
    words!("{en}", "{zh} {count} 条")
}
