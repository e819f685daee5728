//! Who gets a ticket (派单): the department answerable, then who has the customer, then what skills fit, then the fewest open
//! tickets.
//!
//! A pure function of tickets, users and moment, so `--as-of` gives the same answer again. Tickets are taken in the order
//! of urgency and age, and each counts for those after it.

use super::{department, is_open};
use crate::record::{Record, TICKET, USER, Words, dictionary::fold_name};
use crate::rules::Snapshot;
use crate::rules::assign::{Bar, MayGive, away};
use crate::words;
use chrono::{DateTime, FixedOffset};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Who gets a ticket, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict<'a> {
    /// The ticket.
    pub ticket: &'a Record,
    /// The department answerable.
    pub department: Option<&'a str>,
    /// Its users, from best to worst, then those who are away.
    pub candidates: Vec<Candidate<'a>>,
}

/// A user as a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'a> {
    /// The login.
    pub login: &'a str,
    /// What keeps the user from getting it.
    pub bar: Option<Bar>,
    /// Whether the customer is the user's.
    pub has_customer: bool,
    /// How many of the skills and products wanted the user has.
    pub fit: usize,
    /// The open tickets the user handles, before this one.
    pub open: usize,
    /// When the user last got one.
    pub last: Option<DateTime<FixedOffset>>,
}

impl<'a> Verdict<'a> {
    /// Returns who gets it; nobody when all are away or the department has no users.
    pub fn chosen(&self) -> Option<&Candidate<'a>> {
        self.candidates.first().filter(|best| best.bar.is_none())
    }

    /// Says why it is the one chosen, or why nobody is.
    pub fn reason(&self) -> Words {
        let Some(best) = self.chosen() else {
            return match (self.department, self.candidates.is_empty()) {
                (None, _) => words!("its kind names no department", "工单类型未对应责任部门"),
                (_, true) => words!("the department has no users", "责任部门没有人员"),
                _ if self.candidates.iter().any(|one| one.bar == Some(Bar::Reach)) => {
                    words!("not yours to give to that department", "无权派单给该部门")
                }
                _ => words!("everybody of the department is away", "责任部门人员均不在岗"),
            };
        };
        let next = self.candidates.get(1).filter(|next| next.bar.is_none());
        match next {
            None => words!("the only one of the department who is there", "部门内唯一在岗"),
            Some(next) if best.has_customer && !next.has_customer => words!("has the customer", "客户的负责人"),
            Some(next) if next.fit < best.fit => words!("skills fit best", "技能最匹配"),
            Some(next) if next.open > best.open => words!("fewest open tickets", "在手工单最少"),
            Some(next) if next.last > best.last => words!("longest without one", "最久未派单"),
            Some(_) => words!("first by login", "按账号排序在先"),
        }
    }
}

/// Tells whether a ticket waits to be dispatched.
pub fn is_waiting(ticket: &Record) -> bool {
    ticket.kind == TICKET && is_open(ticket) && ticket.text("owner").is_none()
}

/// Returns who gets each of these tickets: the most pressing and oldest first, each counting for the next.
///
/// The snapshot needs all tickets, customers and users; `may_give` tells to whom whoever dispatches may give tickets.
pub fn dispatch_all<'a>(
    tickets: impl IntoIterator<Item = &'a Record>,
    snapshot: &'a Snapshot,
    may_give: MayGive<'_>,
) -> Vec<Verdict<'a>> {
    let mut loads = loads(snapshot);
    let mut tickets: Vec<&Record> = tickets.into_iter().collect();
    let rank = |ticket: &Record| {
        let promises = snapshot.config.sla.promise_hours.iter();
        promises.clone().position(|(key, _)| ticket.text("priority") == Some(key)).unwrap_or(promises.len())
    };
    tickets.sort_by_cached_key(|ticket| (rank(ticket), ticket.moment("raised_at"), ticket.number.clone()));
    let dispatch = |ticket| {
        let verdict = dispatch_one(ticket, snapshot, &loads, may_give);
        if let Some(best) = verdict.chosen() {
            let load = loads.entry(best.login).or_default();
            *load = (load.0 + 1, Some(snapshot.as_of.moment.fixed_offset()));
        }
        verdict
    };
    tickets.into_iter().map(dispatch).collect()
}

/// The open tickets of a user, and when the last was given.
type Load = (usize, Option<DateTime<FixedOffset>>);

fn loads(snapshot: &Snapshot) -> HashMap<&str, Load> {
    let mut loads: HashMap<&str, Load> = HashMap::new();
    for ticket in snapshot.records(TICKET) {
        let Some(login) = ticket.text("owner") else { continue };
        let (open, last) = loads.entry(login).or_default();
        *open += usize::from(is_open(ticket));
        *last = (*last).max(ticket.moment("assigned_at"));
    }
    loads
}

fn dispatch_one<'a>(
    ticket: &'a Record,
    snapshot: &'a Snapshot,
    loads: &HashMap<&str, Load>,
    may_give: MayGive<'_>,
) -> Verdict<'a> {
    let customer = ticket.text("customer").and_then(|number| snapshot.find(number));
    let holder = customer.and_then(|customer| customer.text("owner"));
    let department = department(ticket, &snapshot.config.dictionary);
    let is_of = |user: &&Record| department.is_some() && department_of(user, snapshot) == department;
    let candidate = |user: &'a Record| {
        let login = user.number.as_str();
        let (open, last) = loads.get(login).copied().unwrap_or_default();
        let bar = away(user, snapshot.as_of.today()).or_else(|| (!may_give(login)).then_some(Bar::Reach));
        Candidate { login, bar, has_customer: holder == Some(login), fit: fit(user, ticket), open, last }
    };
    let mut candidates: Vec<Candidate<'a>> = snapshot.records(USER).iter().filter(is_of).map(candidate).collect();
    candidates
        .sort_by_key(|one| (one.bar.is_some(), !one.has_customer, Reverse(one.fit), one.open, one.last, one.login));
    Verdict { ticket, department, candidates }
}

/// Returns the department of a user, by any of its names.
fn department_of<'a>(user: &'a Record, snapshot: &'a Snapshot) -> Option<&'a str> {
    let entries = snapshot.config.dictionary.get("department")?;
    entries.find(user.text("department")?).map(|entry| entry.key.as_str())
}

/// Counts what is wanted and the user has: skills, the product, the kind of the ticket.
fn fit(user: &Record, ticket: &Record) -> usize {
    let wanted =
        ticket.texts("skills").iter().map(|one| &**one).chain(ticket.text("product")).chain(ticket.text("kind"));
    let has = |one: &str| {
        let own = user.texts("skills").iter().chain(user.texts("products"));
        own.into_iter().any(|own| fold_name(own) == fold_name(one))
    };
    wanted.filter(|one| has(one)).count()
}
