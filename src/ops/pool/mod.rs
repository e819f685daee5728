//! The pool: what lies in it, claims from it, and what goes back to it.
//!
//! Limits of claims hold for whoever claims for oneself, by whatever command, and in pushed commits too ([`limits`]).

pub mod limits;
mod past;

pub use past::{POOL, Past, PastOwner};

use self::limits::{Reverted, refuse_limits};
use super::resolve::Resolver;
use super::session::family_key;
use super::set::guard_all;
use super::{Batch, Outcome, Session};
use crate::record::{
    CONTRACT, CUSTOMER, FOLLOWUP, Failure, Finding, Kind, LEAD, Number, OPPORTUNITY, Record, Result, Value, Words,
    grouped,
};
use crate::rules::access::{Role, Standing};
use crate::rules::cadence::is_open;
use crate::rules::owner::{give, take_back};
use crate::rules::pool::{POOLED, is_in_pool, returns_on};
use crate::words;
use chrono::NaiveDate;

/// A record in the pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    /// The record.
    pub record: Record,
    /// Who had it last; none when nobody ever did.
    pub past: Option<PastOwner>,
    /// Since which day it lies there.
    pub since: Option<NaiveDate>,
    /// Why.
    pub why: Words,
}

/// A record that goes back to the pool because nobody saw to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Recycled {
    /// The record as it was.
    pub record: Record,
    /// The day it was due to go back.
    pub due: NaiveDate,
}

/// Returns what lies in the pool that the acting person reads, of one kind or of both, by kind and number.
pub fn list(session: &Session, kind: Option<Kind>) -> Result<(Vec<Pooled>, Vec<Finding>)> {
    let kinds = kind.map_or_else(|| POOLED.to_vec(), |kind| vec![kind]);
    let (snapshot, findings) = session.snapshot(&kinds)?;
    let records = kinds.iter().flat_map(|kind| snapshot.records(*kind)).filter(|record| is_in_pool(record));
    let records: Vec<&Record> = records.collect();
    let wanted = records.iter().map(|record| (record.kind, record.number.clone())).collect();
    let mut owners = Past::of(session)?.owners(wanted, None)?;
    let zone = session.now.timezone();
    let pooled = records.into_iter().map(|record| {
        let past = owners.remove(&(record.kind, record.number.clone()));
        let taken = past.as_ref().map(|past| past.until.with_timezone(&zone).date_naive());
        let since = taken.or_else(|| record.date("acquired_on"));
        Pooled { why: why(record, past.as_ref()), record: record.clone(), past, since }
    });
    Ok((pooled.collect(), findings))
}

/// Says why a record lies in the pool.
fn why(record: &Record, past: Option<&PastOwner>) -> Words {
    if let Some(reason) = record.text("pool_reason") {
        return Words::same(reason);
    }
    match past.map(|past| past.by.trailer(POOL)) {
        None => words!("never had an owner", "从未有负责人"),
        Some(Some(RECYCLE)) if record.kind == LEAD => words!("no first response", "无首次响应"),
        Some(Some(RECYCLE)) => words!("no follow-up", "无跟进"),
        Some(_) => words!("the owner was taken out", "负责人被移除"),
    }
}

const RECYCLE: &str = "recycle";

/// Takes records from the pool for the acting person, in one commit, all or none.
///
/// Fails with exit code 5 when one is not in the pool, 7 when a limit of claims refuses it, which it names.
pub fn claim(session: &Session, texts: &[String]) -> Result<Outcome> {
    let login = session.actor()?;
    let records = find(session, texts)?;
    let mut batch = Batch::begin(session)?;
    let mut claimed = Vec::new();
    for (kind, number) in records {
        let (before, text) = batch.read(kind, &number)?;
        refuse_owned(&before)?;
        let mut after = before.clone();
        give(&mut after, &login, session.now.fixed_offset());
        batch.update(&before, &text, after)?;
        claimed.push((kind, number));
    }
    batch.rehearse()?;
    // Of sales the judge asks at every change.
    if !matches!(session.access()?.standing(), Standing::Member(_, Role::Sales)) {
        refuse_limits(session, &login, &claimed, Reverted::default())?;
    }
    commit(batch, "claim")
}

fn refuse_owned(record: &Record) -> Result<()> {
    let number = &record.number;
    match record.text("owner") {
        Some(owner) => Err(Failure::conflict(words!(
            "`{number}` is not in the pool: it belongs to `{owner}`",
            "`{number}` 不在公海中：负责人是 `{owner}`"
        ))),
        None if !is_open(record) => Err(Failure::conflict(words!("`{number}` is closed", "`{number}` 已关闭"))),
        None => Ok(()),
    }
}

/// Gives records back to the pool with a reason, in one commit, all or none.
///
/// Fails with exit code 5 when one is in the pool already, or has open opportunities.
pub fn release(session: &Session, texts: &[String], reason: &str) -> Result<Outcome> {
    let records = find(session, texts)?;
    let mut batch = Batch::begin(session)?;
    for (kind, number) in records {
        let (before, text) = batch.read(kind, &number)?;
        if before.text("owner").is_none() {
            return Err(Failure::conflict(words!("`{number}` has no owner", "`{number}` 没有负责人")));
        }
        refuse_sold_to(session, &number)?;
        let mut after = before.clone();
        take_back(&mut after);
        after.set("pool_reason", Value::text(reason));
        batch.update(&before, &text, after)?;
    }
    commit(batch, "release")
}

/// Refuses with exit code 5 a customer with open opportunities, which would stay behind with their owner.
fn refuse_sold_to(session: &Session, number: &Number) -> Result<()> {
    let family = session.find_by_key(&family_key(number.as_str()))?;
    let open: Vec<Words> = family
        .iter()
        .filter(|one| one.kind == OPPORTUNITY && is_open(one))
        .map(|one| Words::same(format!("`{}`", one.number)))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let open = Words::join(&open, ", ", "、");
    Err(Failure::conflict(
        words!("`{number}` is being sold to: {open}", "`{number}` 仍有未关闭的商机：{open}"; each open),
    )
    .hint(words!(
        "close them first (`kehu opportunity lose …`), or hand all over with `kehu handover`",
        "请先结束这些商机（`kehu opportunity lose …`），或用 `kehu handover` 一并移交"
    )))
}

/// Gives back to the pool what nobody saw to, of what the acting person reads, in one commit.
///
/// Fails with exit code 8 when that is more than a mass change may be without `expect`.
pub fn recycle(session: &Session, expect: Option<usize>) -> Result<(Vec<Recycled>, Outcome)> {
    let mut batch = Batch::begin(session)?;
    let (snapshot, _) = session.snapshot(&[LEAD, CUSTOMER, FOLLOWUP, OPPORTUNITY, CONTRACT])?;
    let mut recycled = Vec::new();
    for record in POOLED.into_iter().flat_map(|kind| snapshot.records(kind)) {
        let Some(due) = returns_on(record, &snapshot).filter(|day| *day <= snapshot.as_of.today()) else { continue };
        let (before, text) = batch.read(record.kind, &record.number)?;
        let mut after = before.clone();
        take_back(&mut after);
        batch.update(&before, &text, after)?;
        recycled.push(Recycled { record: record.clone(), due });
    }
    let count = |kind: Kind| (kind, recycled.iter().filter(|one| one.record.kind == kind).count());
    guard_all(session, &POOLED.map(count), expect)?;
    Ok((recycled, commit(batch, RECYCLE)?))
}

/// Returns the leads and customers that texts name, each once.
fn find(session: &Session, texts: &[String]) -> Result<Vec<(Kind, Number)>> {
    let resolver = Resolver::new(session);
    let mut found = Vec::new();
    for text in texts {
        let number = resolver.number(&POOLED, text)?;
        let is_there = |kind: &Kind| matches!(session.repo.load_one(*kind, &number, &session.source), Ok(Some(_)));
        let kind = POOLED.into_iter().find(is_there).unwrap_or(LEAD);
        let record = (kind, session.find(kind, number.as_str())?.number);
        if !found.contains(&record) {
            found.push(record);
        }
    }
    Ok(found)
}

/// Commits what was done in the pool, saying with which verb and how many.
fn commit(batch: Batch<'_>, verb: &str) -> Result<Outcome> {
    let numbers: Vec<&str> = batch.touched().iter().map(|touched| touched.number.as_str()).collect();
    let subject = match numbers.as_slice() {
        few if few.len() <= 3 => format!("pool: {verb} {}", few.join(", ")),
        many => format!("pool: {verb} {} records", grouped(many.len())),
    };
    batch.commit(&subject, vec![(POOL.to_string(), verb.to_string())])
}
