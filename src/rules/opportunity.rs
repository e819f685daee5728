//! Opportunities: how likely they are won, for how much, and what a change of stage brings. DOMAIN: conversion and opportunity.
//!
//! *Absent on purpose:* what a stage wants, which its gate says.

use super::config::Stages;
use crate::record::{Money, OPPORTUNITY, Record, Value};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};

/// Tells whether an opportunity is neither won nor lost.
pub fn is_open(opportunity: &Record) -> bool {
    !matches!(opportunity.text("stage"), Some("won" | "lost"))
}

/// Returns the probability of winning in per cent: the opportunity's own while it is open, else that of its stage.
pub fn chance(opportunity: &Record, stages: &Stages) -> Option<i64> {
    let own = opportunity.integer("probability").filter(|_| is_open(opportunity));
    own.or_else(|| stages.get(opportunity.text("stage")?).map(|stage| i64::from(stage.probability)))
}

/// Returns what it was won for, or is expected to be.
pub fn worth(opportunity: &Record) -> Option<Money> {
    opportunity
        .money("actual_amount")
        .filter(|_| opportunity.text("stage") == Some("won"))
        .or(opportunity.money("amount"))
}

/// Returns the amount times the probability, to the cent; nothing where either is missing.
pub fn weighted(opportunity: &Record, stages: &Stages) -> Option<Money> {
    let share = Decimal::new(chance(opportunity, stages)?, 2);
    let amount = worth(opportunity)?.0.checked_mul(share)?;
    Some(Money(amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)))
}

/// What is said of a loss.
const LOSS: [&str; 3] = ["lost_stage", "lost_reason", "lost_note"];

/// Completes a change of stage on a day: one that is lost was lost in the stage it was in, one that is not says nothing
/// of a loss; one that is closed was closed that day, one that is open says nothing of a close. A waiver was for the
/// stage it stood in.
pub fn enter_stage(before: &Record, after: &mut Record, today: NaiveDate) {
    if after.kind != OPPORTUNITY || before.text("stage") == after.text("stage") {
        return;
    }
    if !is_open(after) && after.get("closed_on").is_none() {
        after.set("closed_on", Value::Date(today));
    }
    if is_open(after) && before.get("closed_on") == after.get("closed_on") {
        after.remove("closed_on");
    }
    if before.text("stage") == Some("won") {
        // What was said to win it is to be said anew.
        for key in ["actual_amount", "customer_confirmed"] {
            if before.get(key) == after.get(key) {
                after.remove(key);
            }
        }
    }
    if before.get("materials_waived") == after.get("materials_waived") {
        after.remove("materials_waived");
    }
    let (from, to) = (before.text("stage"), after.text("stage"));
    match (from, to) {
        (Some(from), Some("lost")) if after.get("lost_stage").is_none() => {
            after.set("lost_stage", Value::text(from));
        }
        (_, Some("lost")) => {}
        _ => LOSS.into_iter().for_each(|key| {
            // What the same change says stays, for the checks to object to.
            if before.get(key) == after.get(key) {
                after.remove(key);
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Number;
    use crate::rules::Config;

    fn opportunity(fields: &[(&str, Value)]) -> Record {
        let mut record = Record::new(OPPORTUNITY, Number::sequence("OPP", 2026, 1, 3));
        fields.iter().for_each(|(key, value)| drop(record.set(key, value.clone())));
        record
    }

    fn money(text: &str) -> Value {
        Value::Money(Money::parse(text).unwrap())
    }

    #[test]
    fn a_loss_is_told_of_what_is_lost() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 20).unwrap();
        let one = |stage: &str, loss: &[(&str, &str)]| {
            let mut fields: Vec<(&str, Value)> =
                [("stage", stage)].iter().chain(loss).map(|(key, text)| (*key, Value::text(*text))).collect();
            fields.extend(matches!(stage, "won" | "lost").then_some(("closed_on", Value::Date(day))));
            opportunity(&fields)
        };
        let entered = |before: &Record, mut after: Record| {
            enter_stage(before, &mut after, day);
            after
        };
        let lost = one("lost", &[("lost_reason", "price")]);
        let told = one("lost", &[("lost_reason", "price"), ("lost_stage", "proposal")]);
        assert_eq!(entered(&one("proposal", &[]), lost.clone()), told);
        assert_eq!(entered(&one("needs", &[]), told.clone()), told, "what is said stands");
        let undated = opportunity(&[("stage", Value::text("lost")), ("lost_reason", Value::text("price"))]);
        assert_eq!(entered(&one("proposal", &[]), undated), told, "closed that day");
        let broken_off = one("lost", &[("lost_reason", "price"), ("lost_stage", "won")]);
        assert_eq!(entered(&one("won", &[]), lost.clone()), broken_off);
        let waived = opportunity(&[("stage", Value::text("needs")), ("materials_waived", Value::text("old"))]);
        assert_eq!(entered(&waived, opportunity(&[("stage", Value::text("proposal"))])), one("proposal", &[]));
        let mut reopened = told.clone();
        reopened.set("stage", Value::text("needs"));
        assert_eq!(entered(&told, reopened), one("needs", &[]));
    }

    #[test]
    fn an_amount_is_weighted_by_its_chance() {
        let stages = Config::default().stages;
        for (stage, own, amount, weighted_amount) in [
            ("needs", None, "100000", "20000.00"),
            ("negotiation", None, "0.05", "0.04"),
            ("negotiation", Some(55), "1000", "550.00"),
            ("won", Some(55), "1000", "1000.00"),
            ("lost", Some(55), "1000", "0.00"),
        ] {
            let mut one = opportunity(&[("stage", Value::text(stage)), ("amount", money(amount))]);
            own.into_iter().for_each(|own| drop(one.set("probability", Value::Integer(own))));
            assert_eq!(weighted(&one, &stages).unwrap().to_string(), weighted_amount, "{stage} {own:?}");
        }
        assert_eq!(weighted(&opportunity(&[("stage", Value::text("needs"))]), &stages), None);
        assert_eq!(chance(&opportunity(&[("stage", Value::text("unknown"))]), &stages), None);
    }
}
