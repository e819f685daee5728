//! Contracts: how one stands on a day, what of its plan is paid, when it is renewed. DOMAIN: conversion and opportunity.
//!
//! What people decide is stored (draft, signed, terminated) and so are the receipts; everything here follows from them.
//! What was received pays the instalments in the order of their due days, whatever it was meant for; what was paid back
//! is taken from that. A contract without a plan is one instalment of its whole amount, due on no day.
//!
//! *Invariants:* exact decimals; what the instalments were paid and the credit are the receipts; what they were paid and
//! what is outstanding are the plan; nothing is paid beyond an instalment's amount.
//!
//! *Absent on purpose:* currencies, which are never added to each other here; who may do what.

pub mod cooperation;
pub mod plan;

use crate::record::{Money, Record, Row};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

/// How a contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It is not signed.
    Draft,
    /// It is signed and has not begun.
    Signed,
    /// It runs.
    Active,
    /// Its last day is past.
    Expired,
    /// It was ended before its last day.
    Terminated,
}

impl Standing {
    /// Returns its key in the dictionary `contract_status`.
    pub fn key(self) -> &'static str {
        match self {
            Standing::Draft => "draft",
            Standing::Signed => "signed",
            Standing::Active => "active",
            Standing::Expired => "expired",
            Standing::Terminated => "terminated",
        }
    }

    /// Returns the standing with this key.
    pub fn of_key(key: &str) -> Option<Standing> {
        use Standing::{Active, Draft, Expired, Signed, Terminated};
        [Draft, Signed, Active, Expired, Terminated].into_iter().find(|standing| standing.key() == key)
    }

    /// Tells whether both sides are bound by it, or were.
    pub fn is_binding(self) -> bool {
        self != Standing::Draft
    }
}

/// Returns the number of the contract that another renews; a draft renews nothing yet.
pub fn renews(contract: &Record, today: NaiveDate) -> Option<&str> {
    contract.text("renews").filter(|_| standing(contract, today).is_binding())
}

/// Returns how a contract stands on a day; one whose status is missing or unknown is a draft.
///
/// A signed one runs from its first day to its last, both included; where it has neither, what is stored stands. One that
/// is to end on a day to come runs until then.
pub fn standing(contract: &Record, day: NaiveDate) -> Standing {
    let stored = contract.text("status").and_then(Standing::of_key).unwrap_or(Standing::Draft);
    let (start, end) = (contract.date("start_on"), contract.date("end_on"));
    match stored {
        Standing::Draft => Standing::Draft,
        Standing::Terminated if contract.date("terminated_on").is_none_or(|ended| ended <= day) => Standing::Terminated,
        _ if end.is_some_and(|end| end < day) => Standing::Expired,
        _ if start.is_some_and(|start| day < start) => Standing::Signed,
        _ if start.or(end).is_some() => Standing::Active,
        // Without days there is nothing to tell a signed one from one that runs.
        Standing::Terminated => Standing::Signed,
        stored => stored,
    }
}

/// Returns the day on which a contract is to have a successor: its own, else the day after its last.
pub fn renewal_day(contract: &Record) -> Option<NaiveDate> {
    contract.date("renewal_on").or_else(|| contract.date("end_on")?.checked_add_days(Days::new(1)))
}

/// An instalment of a plan, and what of it is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment<'r> {
    /// Its place in the plan as stored; nothing for the whole of a contract without a plan.
    pub place: Option<usize>,
    /// Its name; empty for the whole of a contract without a plan.
    pub name: &'r str,
    /// The day it is due.
    pub due_on: Option<NaiveDate>,
    /// What it amounts to.
    pub amount: Money,
    /// What of it is paid.
    pub paid: Money,
}

impl Instalment<'_> {
    /// Returns what of it is still to come.
    pub fn outstanding(&self) -> Money {
        less(self.amount, self.paid)
    }
}

/// What is planned and what is paid of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payments<'r> {
    /// The instalments, by due day, those without one last; of one day as they are stored.
    pub instalments: Vec<Instalment<'r>>,
    /// What was received, less what was paid back.
    pub received: Money,
    /// What of it pays no instalment; negative when more was paid back than was received.
    pub credit: Money,
}

impl<'r> Payments<'r> {
    /// Allocates what was received of a contract to its instalments.
    pub fn of(contract: &'r Record) -> Payments<'r> {
        let received = total(contract.rows("receipts").iter().filter_map(|receipt| receipt.money("amount")));
        let mut instalments = instalments(contract);
        let mut left = received;
        for instalment in &mut instalments {
            let most = instalment.amount.max(Money::default());
            instalment.paid = left.min(most).max(Money::default());
            left = less(left, instalment.paid);
        }
        Payments { instalments, received, credit: left }
    }

    /// Returns what the instalments amount to together.
    pub fn planned(&self) -> Money {
        total(self.instalments.iter().map(|instalment| instalment.amount))
    }

    /// Returns what of the instalments is paid.
    pub fn paid(&self) -> Money {
        total(self.instalments.iter().map(|instalment| instalment.paid))
    }

    /// Returns what of the instalments is still to come.
    pub fn outstanding(&self) -> Money {
        less(self.planned(), self.paid())
    }
}

/// Returns the instalments of which something is owed, by due day: none of a draft; of a contract that was terminated
/// those that were due by then.
pub fn receivable<'r>(contract: &'r Record, day: NaiveDate) -> Vec<Instalment<'r>> {
    let standing = standing(contract, day);
    let ended = contract.date("terminated_on").filter(|_| standing == Standing::Terminated);
    let was_due = |due: Option<NaiveDate>| ended.is_none_or(|ended| due.is_some_and(|due| due <= ended));
    let all = Payments::of(contract).instalments.into_iter().filter(|_| standing.is_binding());
    all.filter(|one| one.outstanding() > Money::default() && was_due(one.due_on)).collect()
}

/// Adds amounts up; what no decimal can hold stays at the largest.
pub fn total(amounts: impl IntoIterator<Item = Money>) -> Money {
    Money(amounts.into_iter().fold(Decimal::ZERO, |sum, one| sum.saturating_add(one.0)))
}

fn less(from: Money, amount: Money) -> Money {
    Money(from.0.saturating_sub(amount.0))
}

fn instalments(contract: &Record) -> Vec<Instalment<'_>> {
    let plan = contract.rows("plan").iter().enumerate();
    let mut all: Vec<Instalment<'_>> = plan.map(|(place, row)| of_row(place, row)).collect();
    all.sort_by_key(|one| (one.due_on.is_none(), one.due_on));
    if let Some(amount) = contract.money("amount").filter(|_| all.is_empty()) {
        all.push(Instalment { place: None, name: "", due_on: None, amount, paid: Money::default() });
    }
    all
}

fn of_row(place: usize, row: &Row) -> Instalment<'_> {
    Instalment {
        place: Some(place),
        name: row.text("name").unwrap_or_default(),
        due_on: row.date("due_on"),
        amount: row.money("amount").unwrap_or_default(),
        paid: Money::default(),
    }
}

#[cfg(test)]
mod tests;
