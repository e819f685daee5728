//! Give leads to users: by the rules of `config/assignment.toml`, or to one who is named.
//!
//! The rules are asked under the lock, of all leads whoever acts, so that caps hold for a team; only leads the acting
//! person reads are given away. Every lead goes in one commit, whose message says the reason of each.

mod words;

use super::set::{Chosen, guard, numbers};
use super::{Batch, Outcome, Session};
use crate::record::{Failure, LEAD, Number, PRODUCT, Record, Result, USER, Words};
use crate::rules::Snapshot;
use crate::rules::access::Role;
use crate::rules::assign::{Bar, Verdict, assign_all, away, is_waiting};
use crate::rules::cadence::is_open;
use crate::rules::owner::give;
use crate::words;
use std::collections::HashSet;

pub use words::{candidates, list};

/// Who is to get the leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// Whom the rules choose.
    Auto,
    /// The user with this login.
    User(Number),
}

/// What became of the leads.
#[derive(Debug, Clone, Default)]
pub struct Assigned {
    /// Each lead asked for, in the order of numbers.
    pub lines: Vec<Line>,
    /// The commit and what it changed.
    pub outcome: Outcome,
}

/// What became of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The lead as it was before.
    pub lead: Record,
    /// Its grade and the place of the rule; none where no rule was asked.
    pub ruled: Option<(String, Option<usize>)>,
    /// What became of it.
    pub fate: Fate,
    /// Why.
    pub reason: Words,
}

/// What became of a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It went to the user with this login.
    Given(String),
    /// Nobody can take it, so it stays in the pool.
    Stays,
    /// It was not to be assigned: it has an owner already.
    PassedOver,
    /// It cannot be assigned: it is converted or disqualified.
    Closed,
}

impl Assigned {
    /// Tells whether some lead could not be assigned.
    pub fn is_partial(&self) -> bool {
        self.lines.iter().any(|line| matches!(line.fate, Fate::Stays | Fate::Closed))
    }
}

/// Returns the leads meant; without a choice all of the acting person's that wait for an owner and are not nurtured.
pub fn meant(session: &Session, chosen: Option<&Chosen>) -> Result<HashSet<Number>> {
    match chosen {
        Some(chosen) => Ok(numbers(session, LEAD, chosen)?.into_iter().collect()),
        None => {
            let (snapshot, _) = session.snapshot(&[LEAD])?;
            let waiting = |lead: &&Record| is_waiting(lead) && lead.text("status") != Some("nurture");
            Ok(snapshot.records(LEAD).iter().filter(waiting).map(|lead| lead.number.clone()).collect())
        }
    }
}

/// Returns what the rules say of the leads meant that wait for an owner; the snapshot is that of [`team`].
pub fn explain<'a>(session: &Session, meant: &HashSet<Number>, team: &'a Snapshot) -> Result<Vec<Verdict<'a>>> {
    let access = session.access()?;
    access.refuse_assigning(LEAD)?;
    let leads = team.records(LEAD).iter().filter(|lead| meant.contains(&lead.number) && is_waiting(lead));
    let waiting = leads.map(|lead| lead.number.clone()).collect();
    Ok(assign_all(&waiting, team, &|login| access.may_give(LEAD, login)))
}

/// Loads what the rules go by: all leads, users and products, whoever acts.
pub fn team(session: &Session) -> Result<Snapshot> {
    session.whole(&[LEAD, USER, PRODUCT])
}

/// Gives the leads meant to whom the rules choose, or to the user named, in one commit.
///
/// Fails with exit code 7 when they are not the acting person's to assign, 8 when a filter means more than a mass
/// change may without `expect`, 6 when the user named has left.
pub fn assign(session: &Session, chosen: Option<&Chosen>, to: &To, expect: Option<usize>) -> Result<Assigned> {
    let meant = meant(session, chosen)?;
    let mut batch = Batch::begin(session)?;
    session.access()?.refuse_assigning(LEAD)?;
    let team = team(session)?;
    let lines = match to {
        To::Auto => by_rules(session, &meant, &team)?,
        To::User(login) => by_hand(login, &meant, &team, &mut batch)?,
    };
    for line in &lines {
        let Fate::Given(login) = &line.fate else { continue };
        let (before, text) = batch.read(LEAD, &line.lead.number)?;
        let mut after = before.clone();
        give(&mut after, login, session.now.fixed_offset());
        batch.update(&before, &text, after)?;
    }
    if !matches!(chosen, Some(Chosen::Numbers(_))) || expect.is_some() {
        guard(session, LEAD, batch.touched().len(), expect)?;
    }
    batch.explain(words::message(&lines));
    let subject = words::subject(&lines);
    Ok(Assigned { outcome: batch.commit(&subject, Vec::new())?, lines })
}

fn by_rules(session: &Session, meant: &HashSet<Number>, team: &Snapshot) -> Result<Vec<Line>> {
    let mut verdicts = explain(session, meant, team)?.into_iter().peekable();
    let leads = team.records(LEAD).iter().filter(|lead| meant.contains(&lead.number));
    Ok(leads
        .map(|lead| match verdicts.next_if(|verdict| verdict.lead.number == lead.number) {
            Some(verdict) => Line {
                lead: lead.clone(),
                ruled: Some((verdict.grade.to_string(), verdict.rule)),
                fate: verdict.chosen().map_or(Fate::Stays, |chosen| Fate::Given(chosen.login.to_string())),
                reason: verdict.reason(),
            },
            None => passed_over(lead),
        })
        .collect())
}

fn passed_over(lead: &Record) -> Line {
    let (fate, reason) = match lead.text("owner") {
        _ if !is_open(lead) => (Fate::Closed, closed()),
        Some(owner) => (Fate::PassedOver, words!("{owner} has it", "负责人是 {owner}")),
        None => (Fate::Stays, Words::default()),
    };
    Line { lead: lead.clone(), ruled: None, fate, reason }
}

fn closed() -> Words {
    words!("it is closed", "线索已关闭")
}

/// Returns why a user has no leads and customers: by role; nothing for who may have some.
pub(super) fn without_records(user: &Record, team: &Snapshot) -> Option<Words> {
    let role = user.text("role")?;
    if Role::of(role).is_some_and(Role::sells) {
        return None;
    }
    let Words { en, zh } = team.config.dictionary.words("role", role);
    Some(words!("the role {en} has no leads and customers of its own", "{zh}角色不负责线索和客户"))
}

/// Gives the leads to one user whatever the rules say; what they would object to is a warning.
fn by_hand(login: &Number, meant: &HashSet<Number>, team: &Snapshot, batch: &mut Batch<'_>) -> Result<Vec<Line>> {
    let user = team.find(login.as_str()).filter(|user| user.kind == USER);
    let absent = user.and_then(|user| away(user, team.as_of.today()));
    let never = match absent {
        Some(bar @ Bar::Left(_)) => Some(bar.words()),
        _ => user.and_then(|user| without_records(user, team)),
    };
    if let Some(why) = never {
        return Err(Failure::invalid(
            words!("`{login}` gets no leads: {why}", "不能分配给 `{login}`：{why}"; each why),
        ));
    }
    if let Some(bar) = absent {
        let why = bar.words();
        batch.warn(words!("{login}: {why}", "{login}：{why}"; each why));
    }
    let leads = team.records(LEAD).iter().filter(|lead| meant.contains(&lead.number));
    let line = |lead: &Record| match lead.text("owner") {
        _ if !is_open(lead) => passed_over(lead),
        Some(owner) if owner == login.as_str() => passed_over(lead),
        owner => {
            let reason = match owner {
                Some(owner) => words!("by hand, from {owner}", "手工分配，原负责人 {owner}"),
                None => words!("by hand", "手工分配"),
            };
            Line { lead: lead.clone(), ruled: None, fate: Fate::Given(login.to_string()), reason }
        }
    };
    Ok(leads.map(line).collect())
}
