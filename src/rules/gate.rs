//! The gates of stages (阶段门槛): what an opportunity must have to be in a stage, and which steps it may take.
//! DOMAIN: conversion and opportunity.
//!
//! A stage wants what `requires` of `config/stages.toml` says, and what the stages before it want; a loss wants its own
//! alone. What is wanted is a field of the opportunity, a file attached to it of that kind, or one of [`FACTS`], which
//! contracts tell too. Winning for more than `approval_above` wants an approval of at least as much;
//! winning for anything in another currency than the company's does too.
//!
//! Rulings: going back is free; one step forward at a time, from where a lost one was lost; what `materials_waived`
//! says why, a deal taken over from elsewhere, is let through. The waiver is for the stage it stands in and goes with it.
//!
//! *Absent on purpose:* who may approve and waive, which access says; where contracts are found.

use super::Config;
use super::config::Stages;
use super::contract::{Instalment, Payments};
use super::opportunity::{is_open, worth};
use crate::record::{FieldType, Label, Money, OPPORTUNITY, Record, Row, Value, Words};
use crate::words;

/// What is wanted although it is neither a field nor a kind of attachment; each with what people call it.
pub const FACTS: [(&str, Label); 2] = [
    ("contract_signed", Label::new("a signed contract", "已签订的合同")),
    ("deposit_paid", Label::new("a deposit paid", "已付定金")),
];

/// What contracts can show, besides what the opportunity has itself.
const SHOWN_BY_CONTRACTS: [&str; 7] = [
    "contract_signed",
    "deposit_paid",
    "contract_draft",
    "contract_number",
    "products",
    "service_period",
    "payment_terms",
];

/// Something that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// None of these is there; any would do.
    Material(Vec<String>),
    /// Nobody has approved that it is won for so much.
    Approval {
        /// What it is won for.
        amount: Money,
        /// Up to where no approval is wanted.
        above: Money,
        /// The currency, where it is another than the company's.
        foreign: Option<String>,
    },
    /// Stages that would be passed over.
    Skipped(Vec<String>),
}

/// Returns what an opportunity lacks to be in its stage, with its contracts at hand.
pub fn gaps(opportunity: &Record, contracts: &[&Record], stages: &Stages) -> Vec<Gap> {
    let mut gaps = find(opportunity, stages, &|wanted| contracts.iter().any(|contract| shows(contract, wanted)));
    gaps.extend(unapproved(opportunity, contracts, stages));
    gaps
}

/// Returns what it lacks whatever its contracts show.
pub fn own_gaps(opportunity: &Record, stages: &Stages) -> Vec<Gap> {
    let mut gaps = find(opportunity, stages, &|wanted| SHOWN_BY_CONTRACTS.contains(&wanted));
    gaps.extend(unapproved(opportunity, &[], stages));
    gaps
}

/// Tells whether its contracts decide what an opportunity lacks: they may show something, or that it is worth more.
pub fn wants_contracts(opportunity: &Record, stages: &Stages) -> bool {
    let is_won = opportunity.text("stage") == Some("won");
    !is_waived(opportunity) && (is_won || gaps(opportunity, &[], stages) != own_gaps(opportunity, stages))
}

/// Tells whether an opportunity is let through without its materials.
pub fn is_waived(opportunity: &Record) -> bool {
    opportunity.text("materials_waived").is_some_and(|why| !why.trim().is_empty())
}

fn find(opportunity: &Record, stages: &Stages, by_contract: &dyn Fn(&str) -> bool) -> Vec<Gap> {
    let place = |key: &str| stages.list.iter().position(|stage| stage.key == key);
    let Some(at) = opportunity.text("stage").and_then(place).filter(|_| !is_waived(opportunity)) else {
        return Vec::new();
    };
    let is_lost = stages.list[at].key == "lost";
    let counts = |place: usize| place == at || !is_lost && stages.list[place].key != "lost";
    let mut gaps: Vec<Gap> = Vec::new();
    for alternatives in (0..=at).filter(|place| counts(*place)).flat_map(|place| &stages.list[place].requires) {
        let is_there = alternatives.iter().any(|wanted| has(opportunity, wanted) || by_contract(wanted));
        let gap = Gap::Material(alternatives.clone());
        if !is_there && !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
    gaps
}

/// Tells whether an opportunity has something by itself.
fn has(opportunity: &Record, wanted: &str) -> bool {
    let folder = format!("attachments/{}/", opportunity.number);
    let is_own = |row: &&Row| row.text("path").is_some_and(|path| path.starts_with(&folder));
    let files = opportunity.rows("attachments").iter().filter(is_own);
    let is_attached = |kind: &str| files.clone().any(|row| row.text("kind") == Some(kind));
    match OPPORTUNITY.field(wanted).map(|field| field.ty) {
        Some(FieldType::Flag) => opportunity.get(wanted) == Some(&Value::Flag(true)),
        Some(_) => opportunity.get(wanted).is_some(),
        None if wanted == "contract_signed" => is_attached("contract"),
        None => is_attached(wanted),
    }
}

/// Tells whether a contract of the opportunity shows something. One that was ended had been signed.
fn shows(contract: &Record, wanted: &str) -> bool {
    match wanted {
        "contract_signed" => contract.text("status").is_some_and(|status| status != "draft"),
        "deposit_paid" => {
            let payments = Payments::of(contract);
            // Without a plan nobody said how much it is to be.
            let planned = payments.instalments.first().filter(|_| !contract.rows("plan").is_empty());
            let deposit = planned.map(Instalment::outstanding);
            payments.received > Money::default() && deposit.is_none_or(|open| open <= Money::default())
        }
        "contract_draft" | "contract_number" => true,
        "products" | "service_period" | "payment_terms" => contract.get(wanted).is_some(),
        _ => false,
    }
}

/// Returns the approval that is missing to win, for what it is won for or the largest of its contracts.
fn unapproved(opportunity: &Record, contracts: &[&Record], stages: &Stages) -> Option<Gap> {
    if is_waived(opportunity) || opportunity.text("stage") != Some("won") {
        return None;
    }
    let own = (worth(opportunity), opportunity.text("currency"));
    let theirs = contracts.iter().map(|contract| (contract.money("amount"), contract.text("currency")));
    let missing = std::iter::once(own).chain(theirs).filter_map(|(amount, currency)| {
        let (amount, above) = (amount?, stages.approval_limit(currency)?);
        let foreign = stages.foreign(currency).map(str::to_string);
        (amount > above && !is_approved(opportunity, amount, stages)).then_some((amount, above, foreign))
    });
    let largest = missing.max_by_key(|(amount, ..)| *amount);
    largest.map(|(amount, above, foreign)| Gap::Approval { amount, above, foreign })
}

/// Tells whether it was approved that an opportunity is won for so much; what was approved in another currency than it has
/// now was another amount.
fn is_approved(opportunity: &Record, amount: Money, stages: &Stages) -> bool {
    let wanted = stages.foreign(opportunity.text("currency")).map(str::to_uppercase);
    let is_of = |row: &&Row| stages.foreign(row.text("currency")).map(str::to_uppercase) == wanted;
    let approved = opportunity.rows("approvals").iter().filter(is_of).filter_map(|row| row.money("amount"));
    approved.max().is_some_and(|most| most >= amount)
}

/// Returns the amount that an open opportunity in the last stage before winning waits to be approved for.
pub fn awaits_approval(opportunity: &Record, stages: &Stages) -> Option<Money> {
    let last = stages.list.iter().rev().find(|stage| !matches!(stage.key.as_str(), "won" | "lost"))?;
    let is_near = is_open(opportunity) && opportunity.text("stage") == Some(last.key.as_str());
    let amount = opportunity.money("actual_amount").or(opportunity.money("amount")).filter(|_| is_near)?;
    let limit = stages.approval_limit(opportunity.text("currency"))?;
    (amount > limit && !is_approved(opportunity, amount, stages)).then_some(amount)
}

/// Returns the stages that a change passes over; nothing when it goes back, one on, or is lost.
pub fn skipped(before: &Record, after: &Record, stages: &Stages) -> Option<Gap> {
    let of = |record: &Record, key: &str| record.text(key).map(str::to_string);
    let from = match before.text("stage") {
        Some("lost") => of(before, "lost_stage"),
        _ => of(before, "stage"),
    };
    let to = of(after, "stage")?;
    if to == "lost" || is_waived(after) {
        return None;
    }
    let steps: Vec<&str> = stages.list.iter().map(|stage| stage.key.as_str()).filter(|key| *key != "lost").collect();
    let place = |key: &str| steps.iter().position(|step| *step == key);
    // A stage that the configuration does not know any more is before the first.
    let first = from.and_then(|from| place(&from)).map_or(0, |from| from + 1);
    let passed: Vec<String> = steps.get(first..place(&to)?)?.iter().map(|key| key.to_string()).collect();
    (!passed.is_empty()).then_some(Gap::Skipped(passed))
}

impl Gap {
    /// Says what is missing.
    pub fn words(&self, config: &Config) -> Words {
        match self {
            Gap::Material(alternatives) => {
                let names: Vec<Words> = alternatives.iter().map(|wanted| name(wanted, config)).collect();
                Words::join(&names, " or ", "或")
            }
            Gap::Approval { amount, foreign: Some(currency), .. } => words!(
                "a manager's approval of {currency} {amount} (any amount of another currency wants one)",
                "主管批准的金额 {currency} {amount}（外币金额均须审批）"
            ),
            Gap::Approval { amount, above, .. } => words!(
                "a manager's approval of {amount} (wanted above {above})",
                "主管批准的金额 {amount}（超过 {above} 须审批）"
            ),
            Gap::Skipped(stages) => {
                let labels: Vec<Words> = stages.iter().map(|stage| config.dictionary.words("stage", stage)).collect();
                let labels = Words::join(&labels, ", ", "、");
                words!("{labels} first", "须先经过{labels}"; each labels)
            }
        }
    }

    /// Says how it is mended, for the opportunity of this number.
    pub fn mend(&self, number: &str, config: &Config) -> Words {
        match self {
            Gap::Material(alternatives) => mend(alternatives, number),
            Gap::Approval { amount, .. } => {
                words!(
                    "a manager runs `kehu approve {number} --amount {amount}`",
                    "由主管执行 `kehu approve {number} --amount {amount}`"
                )
            }
            Gap::Skipped(stages) => {
                let stage = stages.first().map(|stage| config.dictionary.words("stage", stage)).unwrap_or_default();
                words!("`kehu opportunity advance {number}` enters {stage}", "用 `kehu opportunity advance {number}` 进入“{stage}”"; each stage)
            }
        }
    }

    /// Returns the field it is about.
    pub fn field(&self) -> &'static str {
        let Gap::Material(alternatives) = self else { return "stage" };
        alternatives.iter().find_map(|wanted| OPPORTUNITY.field(wanted)).map_or("stage", |field| field.key)
    }
}

/// Returns what people call something that is wanted.
fn name(wanted: &str, config: &Config) -> Words {
    if let Some(field) = OPPORTUNITY.field(wanted) {
        return field.label.into();
    }
    if let Some((_, label)) = FACTS.iter().find(|(key, _)| *key == wanted) {
        return Words::from(*label);
    }
    let kind = config.dictionary.words("attachment_kind", wanted);
    Words { en: format!("a file of the kind {}", kind.en).into(), zh: format!("附件“{}”", kind.zh).into() }
}

fn mend(alternatives: &[String], number: &str) -> Words {
    let Some(wanted) = alternatives.first() else { return Words::default() };
    if let Some(field) = OPPORTUNITY.field(wanted) {
        let (key, label) = (field.key, field.label.zh);
        let (en, zh) = if field.ty == FieldType::Flag { ("yes", "是") } else { ("…", "…") };
        return words!("give `{key}={en}`", "填写 `{label}={zh}`");
    }
    match wanted.as_str() {
        "contract_signed" if alternatives.iter().any(|other| other == "deposit_paid") => words!(
            "`kehu contract sign`, `kehu attach {number} FILE --kind contract`, or `kehu contract receive` for a deposit",
            "`kehu contract sign`，`kehu attach {number} 文件 --kind 合同`，或用 `kehu contract receive` 登记定金"
        ),
        "contract_signed" => words!(
            "`kehu contract sign`, or `kehu attach {number} FILE --kind contract`",
            "`kehu contract sign`，或 `kehu attach {number} 文件 --kind 合同`"
        ),
        "deposit_paid" => {
            words!("`kehu contract receive` notes what was received", "用 `kehu contract receive` 登记收款")
        }
        kind => words!("`kehu attach {number} FILE --kind {kind}`", "`kehu attach {number} 文件 --kind {kind}`"),
    }
}

#[cfg(test)]
mod tests;
