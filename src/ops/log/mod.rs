//! The history of records: when, who, which field, from what to what.
//!
//! A commit that touches many records is one line, unless one record or all are asked for. A merge is told only for
//! what it made different from all its parents; what it brought together was told where it was made.
//!
//! *Invariants:* what somebody may not read now, or might not have read then, is not told.

mod commit;
mod filter;
mod followups;
mod states;
mod target;

pub(in crate::ops) use commit::People;
pub use commit::{Done, Person};
pub(in crate::ops) use states::{States, Unread};
pub use target::target;

use self::filter::Filter;
use self::states::differing;
use super::Session;
use super::session::missing;
use crate::record::{FieldChange, KINDS, Kind, Number, Record, Result};
use crate::store::{Change, CommitAt, CommitInfo, History, LoadOptions, Oid, parse_path, path_of};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// How many records a commit may touch and still be told record by record.
const FEW: usize = 10;

/// What is asked of the history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// Only records of this kind.
    pub kind: Option<Kind>,
    /// Only this record, by its number or name.
    pub record: Option<String>,
    /// With the follow-ups about the record.
    pub followups: bool,
    /// Only what this user did, or others in the user's name.
    pub by: Option<String>,
    /// From this day or moment on.
    pub since: Option<String>,
    /// To this day or moment, a day included.
    pub until: Option<String>,
    /// Only changes of this field.
    pub field: Option<String>,
    /// At most this many lines.
    pub limit: Option<usize>,
    /// Commits that touch many records are told record by record.
    pub all: bool,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// What became of a record, or of a file that is none.
    One(Entry),
    /// What became of many.
    Many(Bulk),
}

/// What a commit did to a record, or to a file that is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The commit.
    pub done: Rc<Done>,
    /// The record's kind; none for another file.
    pub kind: Option<Kind>,
    /// The record's number, or the path of another file.
    pub number: String,
    /// What people call the record; empty for another file.
    pub title: String,
    /// What was done to it.
    pub step: Step,
    /// What differs from before; everything for a new record.
    pub changes: Vec<FieldChange>,
}

/// What a commit did to many records.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    /// The commit.
    pub done: Rc<Done>,
    /// How many records of a kind became what; the kind is none for other files.
    pub counts: Vec<(Option<Kind>, Step, usize)>,
}

/// What a commit did to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Added it.
    Added,
    /// Changed it.
    Changed,
    /// Removed it.
    Removed,
    /// Gave it its number instead of this one.
    RenumberedFrom(Number),
    /// Gave it this number instead of the one asked about.
    RenumberedTo(Number),
    /// Left its file so that it cannot be read as a record.
    Unreadable,
    /// Made its file readable again; what differs does so from when it could be read last.
    Readable,
}

/// Returns the history of a record, also of one that is gone, or of all; newest first.
///
/// Fails with exit code 4 when there never was such a record, 7 when it is not the acting person's to read, 2 when
/// a filter cannot be read.
pub fn log(session: &Session, question: &Question) -> Result<Vec<Event>> {
    let tip = session.past().map_or_else(|| session.repo.head(), |commit| Ok(Some(commit)))?;
    let options = LoadOptions { use_index: session.options.use_index };
    let history = session.repo.history(tip, options)?;
    let asked = question.record.as_deref();
    let record_asked = asked.is_some();
    let record = asked.map(|text| target(session, &history, question.kind, text)).transpose()?;
    let teller = Teller {
        session,
        filter: Filter::new(session, question, record.as_ref().map(|(kind, _)| *kind))?,
        people: People::new(session)?,
        states: States::new(&session.repo),
        history,
        question,
        boundary: session.repo.boundary()?.into_iter().collect(),
        hidden: RefCell::default(),
    };
    session.note_shallow()?;
    let events = match record {
        Some((kind, number)) => teller.of_record(kind, &number)?,
        None => teller.of_all()?,
    };
    teller.tell_hidden(record_asked && events.is_empty())?;
    Ok(events)
}

/// Tells a history.
struct Teller<'a> {
    session: &'a Session,
    question: &'a Question,
    history: History<'a>,
    filter: Filter,
    people: People,
    states: States<'a>,
    /// Where the history of a shallow clone begins: what these commits changed is not known.
    boundary: HashSet<Oid>,
    /// Records that were not told because they are not the acting person's to read: place of the kind and number.
    hidden: RefCell<BTreeMap<(usize, String), Rc<Record>>>,
}

impl Teller<'_> {
    fn limit(&self) -> usize {
        self.question.limit.unwrap_or(usize::MAX)
    }

    /// Tells one record, with its follow-ups where they are wanted.
    fn of_record(&self, kind: Kind, number: &Number) -> Result<Vec<Event>> {
        if let Ok(Some((record, _))) = self.session.repo.load_one(kind, number, &self.session.source) {
            self.session.refuse_hidden(&record)?;
        }
        self.session.refuse_unknown(kind)?;
        let mut records = vec![(kind, number.clone())];
        if self.question.followups {
            records.extend(followups::of(self.session, &self.history, kind, number)?);
        }
        let mut found = Vec::new();
        for (kind, number) in &records {
            for change in self.history.of_record(*kind, number)?.changes.iter().filter(|change| change.is_own()) {
                found.push((change.commit, *kind, change.clone()));
            }
        }
        if found.is_empty() {
            return Err(missing(kind, number.as_str()));
        }
        if records.len() > 1 {
            let order: HashMap<_, usize> = self.history.commits().zip(0..).map(|(at, rank)| (at.id, rank)).collect();
            found.sort_by_key(|(commit, ..)| order.get(commit).copied());
        }
        let mut events = Vec::new();
        for (commit, kind, change) in found {
            if events.len() >= self.limit() {
                break;
            }
            let info = self.session.repo.commit_info(commit)?;
            if self.boundary.contains(&commit) || !self.filter.takes(&info) {
                continue;
            }
            let done = Rc::new(self.people.done(&info));
            events.extend(self.entry(&done, commit, self.states.of_record(kind, &change)?)?.map(Event::One));
        }
        Ok(events)
    }

    /// Tells all records, commit by commit.
    fn of_all(&self) -> Result<Vec<Event>> {
        let kinds = self.question.kind.map_or_else(|| KINDS.to_vec(), |kind| vec![kind]);
        kinds.into_iter().try_for_each(|kind| self.session.refuse_unknown(kind))?;
        if self.question.limit.is_none() {
            self.history.gather()?;
        }
        let mut events = Vec::new();
        for commit in self.history.commits() {
            if events.len() >= self.limit() {
                break;
            }
            if self.filter.takes_moment(commit.seconds) && !self.boundary.contains(&commit.id) {
                let changes = self.history.changes(commit)?;
                // Most commits touch one kind: those of others are not even read.
                if !self.touches(&changes) {
                    continue;
                }
                let info = self.history.info(commit)?;
                if self.filter.takes(&info) {
                    self.tell(commit, &info, &changes, &mut events)?;
                }
            }
        }
        events.truncate(self.limit());
        Ok(events)
    }

    /// Tells whether any of the changes may be of the kind that is asked for.
    fn touches(&self, changes: &[Change]) -> bool {
        let is_of = |kind: Kind| changes.iter().any(|change| change.path.starts_with(kind.folder));
        self.question.kind.is_none_or(is_of)
    }

    /// Tells a commit: record by record, or as one line where there are many.
    fn tell(&self, commit: CommitAt, info: &CommitInfo, changes: &[Change], events: &mut Vec<Event>) -> Result<()> {
        let told = self.states.of_commit(info, changes, self.question.kind);
        let done = Rc::new(self.people.done(info));
        if told.len() <= FEW || self.question.all {
            for one in told {
                events.extend(self.entry(&done, commit.id, self.states.read(one)?)?.map(Event::One));
            }
            return Ok(());
        }
        let mut counts: BTreeMap<(usize, usize), (Option<Kind>, Step, usize)> = BTreeMap::new();
        for one in told {
            let (kind, step, place) = (one.kind(), one.step(), one.place());
            if self.filter.has_field() || !self.reads_all(kind)? {
                let Some(_) = self.entry(&done, commit.id, self.states.read(one)?)? else { continue };
            }
            counts.entry(place).or_insert((kind, step, 0)).2 += 1;
        }
        if !counts.is_empty() {
            events.push(Event::Many(Bulk { done, counts: counts.into_values().collect() }));
        }
        Ok(())
    }

    fn reads_all(&self, kind: Option<Kind>) -> Result<bool> {
        let access = self.session.access()?;
        Ok(kind.is_none_or(|kind| access.reads_all(kind)))
    }

    /// Returns what is told of a record; nothing when no change of it is asked for or none is one's to read.
    fn entry(&self, done: &Rc<Done>, commit: Oid, told: states::Told) -> Result<Option<Entry>> {
        let told = if told.follows_unreadable { self.bridged(commit, told)? } else { told };
        let states::Told { kind, number, step, mut changes, record, .. } = told;
        if let Some(record) = &record
            && !self.session.reads_past(record)?
        {
            let place = KINDS.iter().position(|kind| *kind == record.kind).unwrap_or(KINDS.len());
            self.hidden.borrow_mut().entry((place, number)).or_insert_with(|| record.clone());
            return Ok(None);
        }
        if self.filter.has_field() {
            changes.retain(|change| kind.is_some_and(|kind| self.filter.takes_field(kind, &change.path)));
            if changes.is_empty() {
                return Ok(None);
            }
        }
        // Of a merge only what it made different from all its parents.
        if done.is_merge && changes.is_empty() && step == Step::Changed && kind.is_some() {
            return Ok(None);
        }
        let title = record.as_ref().map(|record| record.title().to_string()).unwrap_or_default();
        Ok(Some(Entry { done: done.clone(), kind, number, title, step, changes }))
    }
}

impl Teller<'_> {
    /// Compares a record, whose file could not be read before, with what it was when it could be last.
    fn bridged(&self, commit: Oid, told: states::Told) -> Result<states::Told> {
        let (Some(kind), Some(number)) = (told.kind, Number::parse(&told.number)) else { return Ok(told) };
        let lineage = self.history.of_record(kind, &number)?;
        let at = lineage.changes.iter().position(|change| change.commit == commit && change.number == number);
        let before = at.map(|at| self.states.readable_before(kind, &lineage, at)).transpose()?.unwrap_or_default();
        let before = before.into_iter().map(|(_, record)| record).collect::<Vec<_>>();
        let after = told.record.as_deref();
        let changes = if told.step == Step::Readable { differing(&before, after) } else { Vec::new() };
        let record = told.record.or_else(|| before.first().cloned());
        Ok(states::Told { changes, record, ..told })
    }

    /// Says how many records were not told; fails with exit code 7 where `is_all` there was of the one
    /// asked for.
    fn tell_hidden(&self, is_all: bool) -> Result<()> {
        let hidden = self.hidden.borrow();
        let Some((_, first)) = hidden.first_key_value() else { return Ok(()) };
        if is_all {
            self.session.refuse_hidden(first)?;
        }
        let mut counts: Vec<(Kind, usize)> = Vec::new();
        for record in hidden.values() {
            match counts.last_mut().filter(|(kind, _)| *kind == record.kind) {
                Some((_, count)) => *count += 1,
                None => counts.push((record.kind, 1)),
            }
        }
        self.session.tell_left_out(&counts, Some(counts[0].0)).map(drop)
    }
}

/// Returns kind and number of what lies at a path, where it is a record in its own place.
fn record_at(path: &str) -> Option<(Kind, Number)> {
    parse_path(path)
}

/// Finds the change of a record's file among those of a commit.
fn change_of<'c>(changes: &'c [Change], kind: Kind, number: &Number) -> Option<&'c Change> {
    let path = path_of(kind, number);
    changes.iter().find(|change| change.path == path)
}
