//! Hand over what a user has to others, in one commit, with a briefing on each record.
//!
//! The records are taken under the lock, all that the user has whoever acts: what is not the acting person's to give is
//! a refusal, never left out. For each open record the cadence begins anew with the new owner, as with any assignment;
//! what was promised stands, and is in the briefing.
//!
//! *Invariants:* all of it or nothing; a converted lead keeps the day it was assigned on, since it is answered. With a
//! customer go its opportunities, its orders and the leads that became it, whatever was asked for.
//!
//! *Absent on purpose:* caps, which are for leads that are given out, and only warn here.

mod briefing;
mod words;

pub use briefing::{Brief, Promise};
pub use words::sheet;

use super::assign::without_records;
use super::set::guard_all;
use super::{Batch, Outcome, Session};
use crate::query::Filter;
use crate::record::{
    CONTRACT, CUSTOMER, Exit, FOLLOWUP, Failure, Finding, Kind, LEAD, OPPORTUNITY, ORDER, PRODUCT, Record, Result,
    TICKET, USER, Words,
};
use crate::rules::Snapshot;
use crate::rules::assign::away;
use crate::rules::cadence::is_open;
use crate::rules::handover::{KINDS, going, share};
use crate::rules::listing::SnapshotValues;
use crate::rules::owner::pass;
use crate::store::{LoadOptions, Loaded};
use crate::words;

/// What is to be handed over, and to whom.
pub struct Question<'a> {
    /// Whose records go: a login, or what people call that user.
    pub from: &'a str,
    /// Who receives them, in the order of shares: likewise.
    pub to: &'a [String],
    /// The kinds that go, each with the filter its records must fit; more goes with a customer.
    pub chosen: Vec<(Kind, Option<Filter>)>,
    /// The exact count of records that may change.
    pub expect: Option<usize>,
}

/// What was handed over.
#[derive(Debug, Clone)]
pub struct Handover {
    /// The login of who had it.
    pub from: String,
    /// The logins of who received it.
    pub to: Vec<String>,
    /// A briefing on each record, by receiver and number.
    pub briefs: Vec<Brief>,
    /// The commit and what it changed.
    pub outcome: Outcome,
    /// What is wrong with files that could not be read in full.
    pub findings: Vec<Finding>,
}

/// Hands over.
///
/// Fails with exit code 4 when somebody named is no user, 6 when a receiver is away, has no records by role, or is who
/// hands over, 7 when something is not the acting person's to give, 8 when it is more than a mass change may be without
/// `expect`.
pub fn hand_over(session: &Session, question: &Question<'_>) -> Result<Handover> {
    let mut batch = Batch::begin(session)?;
    let access = session.access()?;
    question.chosen.iter().try_for_each(|(kind, _)| access.refuse_assigning(*kind))?;
    let options = LoadOptions { use_index: session.options.use_index };
    let Loaded { records, findings } = session.repo.load(
        &[LEAD, CUSTOMER, OPPORTUNITY, CONTRACT, ORDER, TICKET, FOLLOWUP, PRODUCT, USER],
        &session.source,
        options,
    )?;
    let team = Snapshot::new(session.config.clone(), session.as_of()?, records);
    let from = giver(session, question.from, &team)?;
    let records = chosen(&question.chosen, &from, &team);
    let to = receivers(session, question.to, &from, &records, &team)?;
    let shares = share(&records, to.len());
    let mut briefs = Vec::with_capacity(records.len());
    for (record, at) in records.iter().zip(shares) {
        let (before, text) = batch.read(record.kind, &record.number)?;
        let mut after = before.clone();
        pass(&mut after, &to[at], session.now.fixed_offset());
        batch.update(&before, &text, after)?;
        briefs.push((at, Brief::of(record, &to[at], &team)));
    }
    let count = |kind: Kind| (kind, records.iter().filter(|record| record.kind == kind).count());
    guard_all(session, &KINDS.map(count), question.expect)?;
    to.iter().filter_map(|login| over_cap(login, &briefs, &team)).for_each(|warning| batch.warn(warning));
    briefs.sort_by_key(|(at, _)| *at);
    let briefs: Vec<Brief> = briefs.into_iter().map(|(_, brief)| brief).collect();
    batch.explain(words::message(&briefs));
    let outcome = batch.commit(&words::subject(&from, &to, briefs.len()), Vec::new())?;
    Ok(Handover { from, to, briefs, outcome, findings })
}

/// Returns the login of who hands over: a user, or whom records name as owner who is none any more.
fn giver(session: &Session, name: &str, team: &Snapshot) -> Result<String> {
    let found = login(session, name);
    let has_records = || KINDS.iter().flat_map(|kind| team.records(*kind)).any(|one| one.text("owner") == Some(name));
    match found {
        Err(failure) if failure.exit == Exit::NotFound && has_records() => Ok(name.to_string()),
        found => found,
    }
}

/// Returns the login of a user by any name; `me` is who acts.
fn login(session: &Session, name: &str) -> Result<String> {
    if name == "me" { session.actor() } else { Ok(session.number_of(USER, name)?.to_string()) }
}

/// Returns the logins of who receives, each once; fails when one of them may not.
fn receivers(
    session: &Session,
    names: &[String],
    from: &str,
    records: &[&Record],
    team: &Snapshot,
) -> Result<Vec<String>> {
    let mut logins: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let login = login(session, name)?;
        if let Some(why) = barred(&login, from, records, team) {
            return Err(Failure::invalid(
                words!("`{login}` gets no records: {why}", "不能移交给 `{login}`：{why}"; each why),
            ));
        }
        if !logins.contains(&login) {
            logins.push(login);
        }
    }
    Ok(logins)
}

/// Returns why somebody gets nothing: who hands over, is away, or by role has none of what goes; tickets anybody may have.
fn barred(login: &str, from: &str, records: &[&Record], team: &Snapshot) -> Option<Words> {
    if login == from {
        return Some(words!("the records are handed over by that user", "移交人就是该用户"));
    }
    let user = team.find(login).filter(|user| user.kind == USER)?;
    let goes_with_role = records.is_empty() || records.iter().any(|record| record.kind != TICKET);
    let by_role = || without_records(user, team).filter(|_| goes_with_role);
    away(user, team.as_of.today()).map(|bar| bar.words()).or_else(by_role)
}

/// Returns what goes, by kind and number.
fn chosen<'a>(kinds: &[(Kind, Option<Filter>)], from: &str, team: &'a Snapshot) -> Vec<&'a Record> {
    let records = KINDS.iter().flat_map(|kind| team.records(*kind));
    let records: Vec<&Record> = records.filter(|record| record.text("owner") == Some(from)).collect();
    let is_chosen = |record: &Record| {
        let of_kind = kinds.iter().find(|(kind, _)| *kind == record.kind);
        let matches = |filter: &Filter| filter.matches(&SnapshotValues::new(record, team));
        of_kind.is_some_and(|(_, filter)| filter.as_ref().is_none_or(matches))
    };
    going(&records, is_chosen)
}

/// Warns of who then has more open leads than the cap; they go all the same, for they want somebody.
fn over_cap(login: &str, briefs: &[(usize, Brief)], team: &Snapshot) -> Option<Words> {
    let user = team.find(login).filter(|user| user.kind == USER)?;
    let cap = user.integer("open_cap").unwrap_or(team.config.assignment.open_cap);
    let is_lead = |record: &Record| record.kind == LEAD && is_open(record);
    let held = team.records(LEAD).iter().filter(|lead| is_lead(lead) && lead.text("owner") == Some(login)).count();
    let got = briefs.iter().filter(|(_, brief)| brief.to == login && is_lead(&brief.record)).count();
    let open = held + got;
    (got > 0 && i64::try_from(open).is_ok_and(|open| open > cap)).then(|| {
        words!(
            "{login} then has {open} open leads, above the cap of {cap}",
            "{login} 在手线索将达 {open} 条，超过上限 {cap}"
        )
    })
}
