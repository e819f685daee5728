//! Conflicts: what two people made of the same field, listed; and settled, many in one commit.
//!
//! A merge keeps theirs and records both values in the record itself, so a conflict is data: it is committed,
//! shared and reviewed like any other, and whoever may change the record may settle it, on any clone.
//!
//! *Absent on purpose:* how entries are written and read in a file, which is the store's.

mod target;

use super::add::subject;
use super::doubles::Doubles;
use super::referring::{Gone, referring};
use super::resolve::Resolver;
use super::session::unreadable;
use super::set::guard;
use super::{Batch, Outcome, Session};
use crate::record::input::read_value;
use crate::record::{
    Assignment, CONFLICTS, Change, Failure, Finding, KINDS, Kind, Number, Record, Result, Row, Target, Value, WHOLE,
    Words, followers,
};
use crate::rules::listing::{field_at, field_words};
use crate::store::codec;
use crate::store::merge::{Settlement, Unsettled, settle, without_entries};
use crate::words;
use chrono::{DateTime, FixedOffset};
use target::matching;

/// What one side of a conflict had.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Had {
    /// The value; none where the field was absent.
    pub value: Option<Value>,
    /// Who gave it, as the merge knew them.
    pub by: Option<String>,
    /// When.
    pub at: Option<DateTime<FixedOffset>>,
    /// Whether this side removed the record.
    pub has_removed: bool,
}

/// A conflict that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The kind of the record it is in.
    pub kind: Kind,
    /// The record's number.
    pub number: Number,
    /// What it is about: a field by its key, `contacts.李女士.email` inside a table, `*` for the record itself.
    pub field: String,
    /// What it was before; none where it was absent.
    pub base: Option<Value>,
    /// The side whose merge recorded it.
    pub ours: Had,
    /// The other side, whose value stands in the record meanwhile.
    pub theirs: Had,
}

/// What a conflict becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// What our side had.
    Ours,
    /// What theirs had.
    Theirs,
    /// This, as a person writes it; nothing clears the field.
    Value(String),
}

/// Returns the open conflicts of the records that the acting person reads, with what is wrong with files that could
/// not be read.
pub fn conflicts(session: &Session) -> Result<(Vec<Conflict>, Vec<Finding>)> {
    let (snapshot, findings) = session.snapshot(&KINDS)?;
    let all = KINDS.iter().flat_map(|kind| snapshot.records(*kind));
    Ok((all.flat_map(of_record).collect(), findings))
}

/// Returns how many conflicts are open in records that the acting person reads.
pub fn count(session: &Session) -> Result<usize> {
    let snapshot = session.whole(&KINDS)?;
    let torn = KINDS.iter().flat_map(|kind| snapshot.records(*kind)).filter(|record| record.get(CONFLICTS).is_some());
    Ok(torn.filter(|record| session.refuse_hidden(record).is_ok()).flat_map(of_record).count())
}

/// Returns the open conflicts that any of `targets` names, a record or `NUM.FIELD`, whoever may read them.
///
/// Fails with exit code 4 when one names none.
pub fn named(session: &Session, targets: &[String]) -> Result<Vec<Conflict>> {
    let snapshot = session.whole(&KINDS)?;
    let all = KINDS.iter().flat_map(|kind| snapshot.records(*kind));
    chosen(all.flat_map(of_record).collect(), targets)
}

/// Returns those that any of `targets` names; fails as [`named`] does.
pub fn chosen(all: Vec<Conflict>, targets: &[String]) -> Result<Vec<Conflict>> {
    let found = targets.iter().map(|target| matching(&all, target)).collect::<Result<Vec<_>>>()?;
    // In the order of all, so that those of a record stand together.
    let is_wanted: Vec<bool> = (0..all.len()).map(|at| found.iter().flatten().any(|found| *found == at)).collect();
    Ok(all.into_iter().zip(is_wanted).filter_map(|(one, wanted)| wanted.then_some(one)).collect())
}

/// Settles conflicts in one commit.
///
/// Fails with exit code 5 when there is no single value to take and when a record that would go is referred to,
/// 6 when a record then breaks a rule, 8 when they are many and `expect` is not their number.
pub fn resolve(session: &Session, wanted: &[Conflict], take: &Take, expect: Option<usize>) -> Result<Outcome> {
    let mut batch = Batch::begin(session)?;
    let (mut gone, mut doubles) = (Gone::new(), Doubles::default());
    let same = |a: &Conflict, b: &Conflict| (a.kind, &a.number) == (b.kind, &b.number);
    for of_one in wanted.chunk_by(same) {
        let Some(Conflict { kind, number, .. }) = of_one.first() else { continue };
        let (before, text) = batch.read(*kind, number)?;
        let of_one = with_followers(&before, of_one, take);
        match settled(session, &of_one, text, take)? {
            None => {
                gone.insert((*kind, number.to_string()));
                batch.remove(&before)?;
            }
            Some(text) => {
                let (after, findings) = codec::parse(*kind, number, &text);
                let after = after.ok_or_else(|| unreadable(&findings))?;
                batch.validate(&after, Some(&before))?;
                doubles.look_for(session, &before, &after, &mut batch)?;
                batch.replace_text(&before, &after, text)?;
            }
        }
    }
    batch.rehearse()?;
    if let Some(first) = wanted.first().filter(|_| wanted.len() > 1 || expect.is_some()) {
        guard(session, first.kind, batch.touched().len(), expect)?;
    }
    if let Some(first) = referring(session, &gone, &[])?.first() {
        return Err(first.refusal(session));
    }
    let subject = subject_of(wanted, &batch);
    batch.commit(&subject, Vec::new())
}

/// Returns conflicts of a record, and after them, where a side is taken, those of the fields that go with theirs.
fn with_followers(record: &Record, conflicts: &[Conflict], take: &Take) -> Vec<Conflict> {
    let mut all = conflicts.to_vec();
    if !matches!(take, Take::Value(_)) {
        let leads: Vec<&str> = conflicts.iter().map(|one| &*one.field).collect();
        let follows = |one: &Conflict| {
            leads.iter().any(|lead| followers(record.kind.fields, lead).any(|field| field.key == one.field))
        };
        all.extend(of_record(record).filter(|one| !leads.contains(&&*one.field) && follows(one)));
    }
    all
}

/// Returns the commit subject: with the field where it is one that was settled.
fn subject_of(wanted: &[Conflict], batch: &Batch<'_>) -> String {
    match wanted {
        [Conflict { kind, number, field, .. }] => format!("{kind}: resolve {number} {field}"),
        [first, rest @ ..] if rest.iter().all(|one| one.kind == first.kind) => subject(first.kind, "resolve", batch),
        many => format!("resolve {} conflicts", many.len()),
    }
}

/// Returns a record's text with its conflicts settled; nothing when the record goes.
fn settled(session: &Session, conflicts: &[Conflict], mut text: String, take: &Take) -> Result<Option<String>> {
    for (at, conflict) in conflicts.iter().enumerate() {
        // All entries of a field are settled together.
        if conflicts[..at].iter().any(|before| before.field == conflict.field) {
            continue;
        }
        if conflict.field != WHOLE {
            text = settle(conflict.kind, &text, &conflict.field, &settlement(session, conflict, take)?)
                .map_err(|why| unsettled(conflict, why))?;
            continue;
        }
        let last = conflicts.iter().rfind(|one| one.field == WHOLE).unwrap_or(conflict);
        let removes = match take {
            Take::Ours => last.ours.has_removed,
            Take::Theirs => last.theirs.has_removed,
            Take::Value(_) => return Err(no_value(conflict)),
        };
        if removes {
            return Ok(None);
        }
        text = without_entries(&text, WHOLE).ok_or_else(|| unsettled(conflict, Unsettled::NoPlace))?;
    }
    Ok(Some(text))
}

/// Returns what a field is to become, a value read as the field's type.
fn settlement(session: &Session, conflict: &Conflict, take: &Take) -> Result<Settlement> {
    let text = match take {
        Take::Ours => return Ok(Settlement::Ours),
        Take::Theirs => return Ok(Settlement::Theirs),
        Take::Value(text) if text.trim().is_empty() => return Ok(Settlement::Value(None)),
        Take::Value(text) => text,
    };
    let Some(field) = field_at(conflict.kind, &conflict.field) else {
        return Ok(Settlement::Value(Some(Value::text(text.as_str()))));
    };
    if field.is_table() {
        return Err(no_value(conflict));
    }
    let asked = Assignment::set(field, text.as_str());
    let resolved = Resolver::new(session).assignments(&[asked])?.pop();
    let text = match resolved {
        Some(Assignment { target: Target::Field(_), change: Change::Set(text) }) => text,
        _ => text.clone(),
    };
    let value = read_value(field, &text, &session.config.reading());
    value.map(|value| Settlement::Value(Some(value))).map_err(|problem| {
        let failure = Failure::invalid(problem.message);
        problem.mend.into_iter().fold(failure, Failure::hint)
    })
}

fn no_value(conflict: &Conflict) -> Failure {
    let (number, Words { en, zh }) = (&conflict.number, field_words(conflict.kind, &conflict.field));
    let message = words!("{number}: {en} is no single value", "{number}：“{zh}”不是单个值");
    Failure::usage(message).hint(words!("take `ours` or `theirs`", "请选择 `ours` 或 `theirs`"))
}

fn unsettled(conflict: &Conflict, why: Unsettled) -> Failure {
    let (kind, number, Words { en, zh }) =
        (conflict.kind, &conflict.number, field_words(conflict.kind, &conflict.field));
    match why {
        Unsettled::SeveralOurs => Failure::conflict(words!(
            "{number}: {en} was in conflict several times, so `ours` is not one value",
            "{number}：“{zh}”多次冲突，`ours` 不止一个值"
        ))
        .hint(words!(
            "`kehu conflicts` shows them; write the value itself after `--take`",
            "用 `kehu conflicts` 查看，并在 `--take` 后直接写值"
        )),
        Unsettled::NoPlace => Failure::conflict(words!(
            "{number}: there is no place for {en} in the file as it is now",
            "{number}：文件现状中没有“{zh}”的位置"
        ))
        .hint(words!(
            "`kehu {kind} edit {number}`: set it and remove its `[[conflicts]]` entry",
            "用 `kehu {kind} edit {number}` 改好并删除其 `[[conflicts]]` 条目"
        )),
    }
}

/// Returns the open conflicts of a record.
fn of_record(record: &Record) -> impl Iterator<Item = Conflict> {
    let made = |row: &Row| {
        let side = |name: &str| {
            let key = |what: &str| format!("{name}{what}");
            Had {
                value: row.get(name).cloned(),
                by: row.text(&key("_by")).map(str::to_string),
                at: row.moment(&key("_at")),
                has_removed: row.text("removed") == Some(name),
            }
        };
        Some(Conflict {
            kind: record.kind,
            number: record.number.clone(),
            field: row.text("field")?.to_string(),
            base: row.get("base").cloned(),
            ours: side("ours"),
            theirs: side("theirs"),
        })
    };
    record.rows(CONFLICTS).iter().filter_map(made)
}
