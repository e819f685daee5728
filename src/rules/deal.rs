//! The steps of an opportunity (商机推进): to the next stage, won, lost, opened again. DOMAIN: conversion and opportunity.
//!
//! Winning makes the customer a won one, from the day of the first deal on.
//!
//! *Absent on purpose:* what a stage wants, which its gate says at every commit.

use super::config::Stages;
use super::opportunity::is_open;
use crate::record::{Record, Value, Words};
use crate::words;

/// A step with an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// To the next stage before it is won.
    Advance,
    /// It is won.
    Win,
    /// It is lost.
    Lose,
    /// It is open again: in the stage it was lost in, or the last before it was won.
    Reopen,
}

impl Move {
    /// Every step, in the order of help.
    pub const ALL: [Move; 4] = [Move::Advance, Move::Win, Move::Lose, Move::Reopen];

    /// Returns its verb.
    pub fn verb(self) -> &'static str {
        match self {
            Move::Advance => "advance",
            Move::Win => "win",
            Move::Lose => "lose",
            Move::Reopen => "reopen",
        }
    }
}

/// Returns the stage that a step leads to.
///
/// Fails with why it may not be taken and with what may be done instead.
pub fn target(opportunity: &Record, step: Move, stages: &Stages) -> Result<String, [Words; 2]> {
    let at = opportunity.text("stage").unwrap_or_default();
    match step {
        Move::Win | Move::Lose if at == key_of(step) => Err(already(opportunity, step)),
        Move::Win if at == "lost" => Err(closed(opportunity)),
        Move::Win | Move::Lose => Ok(key_of(step).into()),
        Move::Reopen if is_open(opportunity) => Err(open(opportunity)),
        Move::Reopen => {
            let lost_in = opportunity.text("lost_stage").filter(|_| at == "lost");
            let known = lost_in.filter(|stage| *stage != "won" && stages.get(stage).is_some());
            Ok(known.or_else(|| steps(stages).last()).unwrap_or_default().to_string())
        }
        Move::Advance if !is_open(opportunity) => Err(closed(opportunity)),
        Move::Advance => {
            let mut rest = steps(stages).skip_while(|stage| *stage != at);
            let next = if rest.next().is_some() { rest.next() } else { steps(stages).next() };
            next.map(str::to_string).ok_or_else(|| last(opportunity))
        }
    }
}

/// Makes the customer of a won opportunity a won one; returns whether that changes it.
pub fn win(customer: &mut Record, opportunity: &Record) -> bool {
    let is_new = customer.text("type") != Some("won");
    customer.set("type", Value::text("won"));
    if let (None, Some(day)) = (customer.get("first_cooperation_on"), opportunity.date("closed_on")) {
        customer.set("first_cooperation_on", Value::Date(day));
        return true;
    }
    is_new
}

/// Walks the stages in which an opportunity is open.
fn steps(stages: &Stages) -> impl Iterator<Item = &str> {
    stages.list.iter().map(|stage| stage.key.as_str()).filter(|key| !matches!(*key, "won" | "lost"))
}

fn key_of(step: Move) -> &'static str {
    if step == Move::Win { "won" } else { "lost" }
}

fn already(opportunity: &Record, step: Move) -> [Words; 2] {
    let number = &opportunity.number;
    let why = match step {
        Move::Win => words!("`{number}` is won already", "`{number}` 已成交"),
        _ => words!("`{number}` is lost already", "`{number}` 已失败"),
    };
    [why, reopen(opportunity)]
}

fn closed(opportunity: &Record) -> [Words; 2] {
    let number = &opportunity.number;
    [words!("`{number}` is closed", "`{number}` 已关闭"), reopen(opportunity)]
}

fn reopen(opportunity: &Record) -> Words {
    let number = &opportunity.number;
    words!("`kehu opportunity reopen {number}` opens it again", "用 `kehu opportunity reopen {number}` 重新打开")
}

fn open(opportunity: &Record) -> [Words; 2] {
    let number = &opportunity.number;
    let instead = words!(
        "`kehu opportunity set {number} stage=…` goes back to an earlier stage",
        "用 `kehu opportunity set {number} 阶段=…` 退回之前的阶段"
    );
    [words!("`{number}` is open", "`{number}` 未关闭"), instead]
}

fn last(opportunity: &Record) -> [Words; 2] {
    let number = &opportunity.number;
    let instead = words!(
        "`kehu opportunity win {number}` or `kehu opportunity lose {number} --reason …` closes it",
        "用 `kehu opportunity win {number}` 或 `kehu opportunity lose {number} --reason …` 结束"
    );
    [words!("`{number}` is in the last stage before it is won", "`{number}` 已在成交前的最后阶段"), instead]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, Number, OPPORTUNITY};
    use crate::rules::Config;

    fn opportunity(stage: &str, lost_stage: Option<&str>) -> Record {
        let mut record = Record::new(OPPORTUNITY, Number::sequence("OPP", 2026, 1, 3));
        record.set("stage", Value::text(stage));
        lost_stage.into_iter().for_each(|stage| drop(record.set("lost_stage", Value::text(stage))));
        record
    }

    #[test]
    fn steps_lead_where_they_should() {
        let stages = Config::default().stages;
        for (stage, lost_stage, [advance, win, lose, reopen]) in [
            ("needs", None, ["proposal", "won", "lost", "-"]),
            ("proposal", None, ["negotiation", "won", "lost", "-"]),
            ("negotiation", None, ["-", "won", "lost", "-"]),
            ("won", None, ["-", "-", "lost", "negotiation"]),
            ("lost", Some("proposal"), ["-", "-", "-", "proposal"]),
            ("lost", Some("won"), ["-", "-", "-", "negotiation"]),
            ("lost", None, ["-", "-", "-", "negotiation"]),
            ("gone", None, ["needs", "won", "lost", "-"]),
        ] {
            let one = opportunity(stage, lost_stage);
            let led = Move::ALL.map(|step| target(&one, step, &stages).unwrap_or_else(|_| "-".into()));
            assert_eq!(led, [advance, win, lose, reopen], "{stage} {lost_stage:?}");
        }
    }

    #[test]
    fn winning_makes_a_won_customer() {
        let mut deal = opportunity("won", None);
        let (day, earlier) = ("2026-03-20".parse().unwrap(), "2025-01-02".parse().unwrap());
        deal.set("closed_on", Value::Date(day));
        let mut customer = Record::new(CUSTOMER, Number::sequence("B2B", 2026, 1, 3));
        customer.set("type", Value::text("intent"));
        assert!(win(&mut customer, &deal));
        assert_eq!((customer.text("type"), customer.date("first_cooperation_on")), (Some("won"), Some(day)));
        assert!(!win(&mut customer, &deal), "once");
        customer.set("first_cooperation_on", Value::Date(earlier));
        assert!(!win(&mut customer, &deal));
        assert_eq!(customer.date("first_cooperation_on"), Some(earlier), "the first stays the first");
    }
}
