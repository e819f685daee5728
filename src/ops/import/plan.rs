//! What an import will do: each candidate compared with the records there are, and with those before it.
//!
//! *Invariants:* every row is created, updated, unchanged, a duplicate, rejected or skipped, and only one of
//! these; a plan made of the same rows after they were written creates and updates nothing.

use super::OnDuplicate;
use super::candidate::{Candidate, Judge, Judged, fill_notes};
use super::merge::{Conflict, merge};
use crate::import::NewKey;
use crate::ops::add::rivals;
use crate::ops::session::said;
use crate::ops::{Batch, Session};
use crate::record::{Failure, Kind, Number, Numbering, Record, Result, Row, Severity, Words};
use crate::rules::check;
use crate::rules::config::add_entries;
use crate::rules::dedupe::{DedupeKey, KeyKind, exact_keys};
use crate::rules::listing::value_words;
use crate::store::{LoadOptions, codec};
use crate::words;
use foldhash::{HashMap, HashSet};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

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
    /// How many of them could be taken if values that cannot be read were kept aside.
    pub keepable: usize,
    /// Rows that are passed over, with the reason.
    pub skipped: Vec<(usize, Words)>,
    /// What is worth a look, by row.
    pub warnings: Vec<(usize, Words)>,
    /// How many rows changed a record, one of this file included.
    pub updated: usize,
    /// How many of the rows left out name a contact that their customer lacks.
    pub contacts_left_out: usize,
    /// Values their dictionaries lack.
    pub new_keys: BTreeSet<NewKey>,
}

/// What a key leads to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Owner {
    /// A record there is, by place.
    Existing(usize),
    /// A candidate of this file, by place in `create`.
    New(usize),
}

/// What a candidate is the same as.
struct Found {
    owner: Owner,
    /// The key that says so; none for a number or the whole content.
    key: Option<DedupeKey>,
    /// What people call it.
    told: Words,
    /// Whether the row means that very record; not when it states a number of its own.
    is_sure: bool,
}

/// A record as the rows so far change it.
struct Changed {
    row: Row,
    rows: Vec<usize>,
}

/// Compares candidates with the records there are and with each other, in one pass.
pub fn make(
    session: &Session,
    judge: &Judge<'_>,
    judged: Vec<Judged>,
    on_duplicate: OnDuplicate,
    batch: &mut Batch<'_>,
) -> Result<Plan> {
    let options = LoadOptions { use_index: session.options.use_index };
    let existing = session.repo.load(&rivals(judge.kind), &session.source, options)?.records;
    let stage = judge.progress.stage(&words!("looking for duplicates", "查找重复"), judged.len());
    let mut maker = Maker::new(judge, &existing, on_duplicate);
    let mut lacking = Vec::new();
    for one in judged {
        stage.advance(1);
        match one {
            // What can only change a record comes after all that may make one, wherever it stands.
            Judged::Candidate(candidate) if candidate.lacks.is_some() => lacking.push(candidate),
            Judged::Candidate(candidate) => maker.place(*candidate, batch)?,
            Judged::Rejected(rejection) => {
                maker.plan.keepable += usize::from(rejection.is_keepable);
                maker.plan.rejected.push((rejection.row_number, rejection.why));
            }
            Judged::Skipped(row, why) => maker.plan.skipped.push((row, why)),
        }
    }
    lacking.into_iter().try_for_each(|candidate| maker.place(*candidate, batch))?;
    Ok(maker.finish())
}

struct Maker<'a> {
    judge: &'a Judge<'a>,
    existing: &'a [Record],
    on_duplicate: OnDuplicate,
    by_key: HashMap<DedupeKey, Owner>,
    by_number: HashMap<String, Owner>,
    /// Records by their whole content: all there is to know one again by that has no key, or that is to be
    /// kept beside another with the same.
    by_content: HashMap<[u8; 32], Owner>,
    changed: BTreeMap<usize, Changed>,
    /// The keys by which rows found their record. No later row may take one away from it: else the same file
    /// would not find it the next time.
    held: HashMap<Owner, HashSet<DedupeKey>>,
    /// What the rows so far say of each record; the first that says it stands.
    said_so_far: HashMap<Owner, Row>,
    plan: Plan,
}

impl<'a> Maker<'a> {
    fn new(judge: &'a Judge<'a>, existing: &'a [Record], on_duplicate: OnDuplicate) -> Maker<'a> {
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
        let said_so_far = HashMap::default();
        Maker { judge, existing, on_duplicate, by_key, by_number, by_content, changed, held, said_so_far, plan }
    }

    /// Finds what the candidate is the same as: by the number stated, by key, by content where it has none,
    /// by the number made of its name.
    fn find(&self, candidate: &Candidate) -> Option<Found> {
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

    fn place(&mut self, candidate: Candidate, batch: &mut Batch<'_>) -> Result<()> {
        match (self.find(&candidate), self.on_duplicate) {
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
                    self.meet(candidate, found);
                }
            }
        }
        Ok(())
    }

    fn create(&mut self, mut candidate: Candidate, batch: &mut Batch<'_>) -> Result<()> {
        if let Some(why) = candidate.lacks.take().or(self.take_number(&mut candidate, batch)?) {
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
        self.plan.create.push(candidate);
        Ok(())
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

    fn learn(&mut self, keys: &[DedupeKey], owner: Owner) {
        for key in keys {
            self.by_key.entry(key.clone()).or_insert(owner);
        }
    }

    fn hold(&mut self, owner: Owner, key: Option<&DedupeKey>) {
        if let Some(key) = key.filter(|_| self.on_duplicate == OnDuplicate::Update) {
            self.held.entry(owner).or_default().insert(key.clone());
        }
    }

    fn warn(&mut self, candidate: &Candidate) {
        self.plan.warnings.extend(candidate.warnings.iter().map(|words| (candidate.row_number, words.clone())));
        self.plan.new_keys.extend(candidate.new_keys.iter().cloned());
    }

    /// Returns what the record is by now.
    fn current(&self, owner: Owner) -> &Row {
        match owner {
            Owner::Existing(at) => self.changed.get(&at).map_or(&self.existing[at].row, |changed| &changed.row),
            Owner::New(at) => &self.plan.create[at].row,
        }
    }

    /// Returns the owner as a record, for rules.
    fn record(&self, owner: Owner, row: Row) -> Record {
        match owner {
            Owner::Existing(at) => Record { row, ..self.existing[at].clone() },
            Owner::New(at) => {
                let number = self.plan.create[at].number.clone();
                let kind = self.judge.kind;
                Record { kind, number: number.unwrap_or_else(|| Number::event(kind.name, "new")), row }
            }
        }
    }

    fn is_own_kind(&self, owner: Owner) -> bool {
        match owner {
            Owner::Existing(at) => self.existing[at].kind == self.judge.kind,
            Owner::New(_) => true,
        }
    }

    fn says_nothing_new(&self, candidate: &Candidate, owner: Owner) -> bool {
        self.is_own_kind(owner)
            && merge(self.current(owner), &candidate.said(), None, &mut Vec::new()) == *self.current(owner)
    }

    /// Tells two users of whom only the number made of their names is the same, although they differ.
    fn namesake(&self, candidate: &Candidate, owner: Owner) -> Option<Words> {
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

    /// Deals with a row whose record is there already.
    fn meet(&mut self, candidate: Candidate, found: Found) {
        let owner = found.owner;
        if !self.is_own_kind(owner) {
            return self.leave_out(candidate.row_number, found);
        }
        let current = self.current(owner);
        let mut conflicts = Vec::new();
        let mut merged = merge(current, &candidate.said(), self.said_so_far.get(&owner), &mut conflicts);
        let changes_key =
            |note: &str| note.strip_suffix("_note").is_some_and(|key| merged.get(key) != current.get(key));
        let notes: Vec<_> = candidate.notes.iter().filter(|(note, _)| changes_key(note)).cloned().collect();
        fill_notes(&mut merged, &notes);
        let is_same = merged == *current;
        if is_same && matches!(owner, Owner::Existing(_)) {
            self.hold(owner, found.key.as_ref());
            self.note_said(owner, &candidate, &conflicts);
            return self.plan.unchanged.push(candidate.row_number);
        }
        let more_contacts = merged.rows("contacts").len() > current.rows("contacts").len();
        let after = self.record(owner, merged);
        let keys = exact_keys(&after);
        let keeps_held = self.held.get(&owner).is_none_or(|held| held.iter().all(|key| keys.contains(key)));
        if self.on_duplicate == OnDuplicate::Update && !is_same && found.is_sure && keeps_held {
            self.note_said(owner, &candidate, &conflicts);
            return self.change(candidate, found, after, &keys);
        }
        self.plan.contacts_left_out += usize::from(more_contacts);
        self.hold(owner, found.key.as_ref().filter(|_| is_same));
        if is_same {
            self.note_said(owner, &candidate, &conflicts);
        }
        self.leave_out(candidate.row_number, found);
    }

    /// Remembers what a row says of a record, and warns of what it says otherwise than rows before it.
    fn note_said(&mut self, owner: Owner, candidate: &Candidate, conflicts: &[Conflict]) {
        if self.on_duplicate != OnDuplicate::Update {
            return;
        }
        let so_far = match self.said_so_far.get(&owner) {
            Some(earlier) => merge(earlier, &candidate.said(), Some(earlier), &mut Vec::new()),
            None => candidate.said(),
        };
        self.said_so_far.insert(owner, so_far);
        let told = conflicts.iter().map(|conflict| (candidate.row_number, self.told(conflict)));
        self.plan.warnings.extend(told.collect::<Vec<_>>());
    }

    fn told(&self, conflict: &Conflict) -> Words {
        let dictionary = &self.judge.config.dictionary;
        let (kept, left) = (
            value_words(conflict.field, &conflict.kept, dictionary),
            value_words(conflict.field, &conflict.left, dictionary),
        );
        let name = &conflict.name;
        Words {
            en: format!("{}: `{}` of an earlier row stands, `{}` was not taken", name.en, kept.en, left.en).into(),
            zh: format!("{}以前面的行“{}”为准，未采用“{}”", name.zh, kept.zh, left.zh).into(),
        }
    }

    fn leave_out(&mut self, row_number: usize, found: Found) {
        let (number, earlier_row) = match found.owner {
            Owner::Existing(at) => (Some(self.existing[at].number.clone()), None),
            Owner::New(at) => (None, Some(self.plan.create[at].row_number)),
        };
        self.plan.duplicates.push(Duplicate { row_number, number, earlier_row, key: found.told });
    }

    /// Changes a record to what the row says, unless it then breaks a rule that it did not break before.
    fn change(&mut self, candidate: Candidate, found: Found, after: Record, keys: &[DedupeKey]) {
        let (config, today, owner) = (self.judge.config, self.judge.today, found.owner);
        let known = check::check_record(&self.record(owner, self.current(owner).clone()), config, today);
        let mut problems = check::check_record(&after, config, today);
        problems.retain(|problem| problem.severity == Severity::Error && !known.contains(problem));
        if !problems.is_empty() {
            let reasons: Vec<Words> = problems.iter().map(said).collect();
            self.plan.rejected.push((candidate.row_number, Words::join(&reasons, "; ", "；")));
            return;
        }
        self.learn(keys, owner);
        self.hold(owner, found.key.as_ref());
        self.warn(&candidate);
        match owner {
            Owner::Existing(at) => {
                let changed =
                    self.changed.entry(at).or_insert_with(|| Changed { row: after.row.clone(), rows: Vec::new() });
                changed.row = after.row;
                changed.rows.push(candidate.row_number);
            }
            Owner::New(at) => {
                self.plan.create[at].row = after.row;
                self.plan.updated += 1;
            }
        }
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
        let message = Words {
            en: format!("row {row} has the same {} as {}", key.en, other.en).into(),
            zh: format!("第 {row} 行与{}的{}相同", other.zh, key.zh).into(),
        };
        Failure::conflict(message)
            .hint(words!("`--on-duplicate skip` leaves such rows out", "用 `--on-duplicate skip` 跳过这些行"))
    }

    /// Ends the plan. Rows that took a record there and back, as two that differ do each time their file is
    /// imported, changed nothing.
    fn finish(mut self) -> Plan {
        for (at, changed) in self.changed {
            let before = &self.existing[at];
            if changed.row == before.row {
                self.plan.unchanged.extend(changed.rows);
            } else {
                self.plan.updated += changed.rows.len();
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
fn content(row: &Row) -> [u8; 32] {
    Sha256::digest(codec::render_row(row).as_bytes()).into()
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
