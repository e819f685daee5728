//! The score of a lead: points by dimension, grade, what it could still reach, and why. DOMAIN: ABC scoring.
//!
//! Computed whenever it is asked for, never stored; a pure function of the lead, the model, the day and
//! the price of the product wanted. [`assess`] is the arithmetic alone, cheap enough for filters over
//! everything; [`score`] adds the words.
//!
//! Where the domain leaves room: a past expected date of a closed lead has the last tier; a budget is
//! measured by its upper end against the lowest price, so that overlapping and exceeding the range both
//! count as within; a stated tier that the model does not have counts as not stated.
//!
//! *Invariants:* score ≤ reachable ≤ maximum; every dimension is a function of its own facts alone.

mod explain;
mod json;

pub(crate) use json::number;

use super::Snapshot;
use super::model::{Derivation, Dimension, Model};
use crate::record::{Dictionary, Money, Record, Value, Words};
use crate::words;
use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

/// What a score depends on besides the lead.
#[derive(Debug, Clone, Copy)]
pub struct ScoreFacts<'a> {
    /// The model.
    pub model: &'a Model,
    /// The day of scoring.
    pub today: NaiveDate,
    /// The lowest and highest price of the product wanted, if known.
    pub price_range: Option<(Money, Money)>,
    /// What keys are called.
    pub dictionary: &'a Dictionary,
}

/// The score of a lead, with its explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The sum of the points.
    pub total: Decimal,
    /// The key of the grade.
    pub grade: String,
    /// The most it can become when what is missing is found.
    pub reachable: Decimal,
    /// The keys of the dimensions nothing is known about.
    pub missing: Vec<String>,
    /// Every dimension, in the order of the model.
    pub dimensions: Vec<DimensionScore>,
    /// Whether the expected date has passed while the lead is open.
    pub stale: bool,
}

/// What one dimension gives.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionScore {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// What is unknown when it is missing: the product's price where the budget is known.
    pub missing: Words,
    /// What it gives; 0 when nothing is known.
    pub points: Decimal,
    /// The most it can give.
    pub max: Decimal,
    /// The key of its tier; none when nothing is known.
    pub tier: Option<String>,
    /// What people call the tier.
    pub tier_label: Option<Words>,
    /// The fact it came from, or why the facts there are do not suffice.
    pub fact: Option<Words>,
}

/// The arithmetic of a score, without words.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The sum of the points.
    pub total: Decimal,
    /// The most it can become.
    pub reachable: Decimal,
    /// The place of the grade in the model.
    pub grade: usize,
    /// Whether the expected date has passed while the lead is open.
    pub stale: bool,
    /// The place of the tier of each dimension, none where nothing is known; and what decided.
    found: Vec<(Option<usize>, Basis)>,
}

/// What decided a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// Nothing is known.
    Nothing,
    /// There is a budget, but no price to compare it with.
    NoPrice,
    /// The condition of the tier.
    Condition,
    /// The expected date, ahead.
    Expected,
    /// The expected date, passed while the lead is open.
    Stale,
    /// The expected date, passed and the lead closed.
    Closed,
    /// The budget against the price.
    Budget,
    /// The count of employees.
    Staff,
    /// The company is listed.
    Listed,
    /// The tier is stated.
    Stated,
    /// The assumption of the tier.
    Assumed,
}

/// Scores a lead.
pub fn score(lead: &Record, facts: &ScoreFacts<'_>) -> Score {
    explain::score(lead, facts, &assess(lead, facts))
}

/// Scores a lead of a snapshot, as of its day.
pub fn score_in(lead: &Record, snapshot: &Snapshot) -> Score {
    score(lead, &facts_in(lead, snapshot))
}

/// Returns the arithmetic of a lead's score, as of the snapshot's day.
pub fn assess_in(lead: &Record, snapshot: &Snapshot) -> Assessment {
    assess(lead, &facts_in(lead, snapshot))
}

/// Returns what the score of a lead of a snapshot depends on.
fn facts_in<'a>(lead: &Record, snapshot: &'a Snapshot) -> ScoreFacts<'a> {
    let config = &snapshot.config;
    // Without a budget nothing asks for the price.
    let price_range = budget(lead).and_then(|_| price_range(snapshot.product(lead.text("product")?)?));
    ScoreFacts { model: &config.model, today: snapshot.as_of.today(), price_range, dictionary: &config.dictionary }
}

/// Returns the lowest and highest price of a product; one price is both.
pub fn price_range(product: &Record) -> Option<(Money, Money)> {
    let (low, high) = (product.money("price_min"), product.money("price_max"));
    low.or(high).zip(high.or(low))
}

/// Returns the arithmetic of a lead's score.
fn assess(lead: &Record, facts: &ScoreFacts<'_>) -> Assessment {
    let model = facts.model;
    let found: Vec<_> = model.dimensions.iter().map(|dimension| tier_of(dimension, lead, facts)).collect();
    let (mut total, mut reachable) = (Decimal::ZERO, Decimal::ZERO);
    for (dimension, (tier, _)) in model.dimensions.iter().zip(&found) {
        let points = tier.and_then(|tier| dimension.tiers.get(tier)).map(|tier| tier.points);
        total += points.unwrap_or_default();
        reachable += points.unwrap_or(dimension.weight);
    }
    let stale = found.iter().any(|(_, basis)| *basis == Basis::Stale);
    Assessment { total, reachable, grade: model.grade_at(total), stale, found }
}

/// What an assessment lacks for a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// The place of the dimension in the model.
    pub at: usize,
    /// Whether the budget is known and only the price of the product is not.
    pub is_price: bool,
}

impl Missing {
    /// Returns what people call it.
    pub fn words(self, dimension: &Dimension) -> Words {
        if self.is_price { words!("product price", "产品价格") } else { dimension.missing.clone() }
    }
}

impl Assessment {
    /// Returns what is missing, by dimension in the order of the model.
    pub fn missing(&self) -> impl Iterator<Item = Missing> {
        let found = self.found.iter().enumerate().filter(|(_, (tier, _))| tier.is_none());
        found.map(|(at, (_, basis))| Missing { at, is_price: *basis == Basis::NoPrice })
    }
}

/// Finds the tier of a dimension: by condition, derived, stated, assumed, in this order.
fn tier_of(dimension: &Dimension, lead: &Record, facts: &ScoreFacts<'_>) -> (Option<usize>, Basis) {
    let tiers = &dimension.tiers;
    if let Some(at) = tiers.iter().position(|tier| tier.when.as_ref().is_some_and(|when| when.holds(lead))) {
        return (Some(at), Basis::Condition);
    }
    let (derived, basis) = match dimension.by {
        Some(Derivation::ExpectedOn) => by_expected_date(dimension, lead, facts),
        Some(Derivation::Budget) => by_budget(dimension, lead, facts),
        Some(Derivation::Staff) => by_staff(dimension, lead),
        None => (None, Basis::Nothing),
    };
    if derived.is_some() {
        return (derived, basis);
    }
    let stated = dimension.field.and_then(|field| lead.text(field));
    if let Some(at) = stated.and_then(|stated| tiers.iter().position(|tier| tier.key == stated)) {
        return (Some(at), Basis::Stated);
    }
    if let Some(at) = tiers.iter().position(|tier| tier.assume_when.as_ref().is_some_and(|when| when.holds(lead))) {
        return (Some(at), Basis::Assumed);
    }
    (None, basis)
}

/// The first tier within whose calendar months the expected date lies. A past date counts as near while
/// the lead is open; of a closed lead it has the last tier.
fn by_expected_date(dimension: &Dimension, lead: &Record, facts: &ScoreFacts<'_>) -> (Option<usize>, Basis) {
    let Some(expected) = lead.date("expected_on") else { return (None, Basis::Nothing) };
    if expected < facts.today && facts.model.closed_when.holds(lead) {
        return (dimension.tiers.len().checked_sub(1), Basis::Closed);
    }
    if expected < facts.today {
        return (Some(0), Basis::Stale);
    }
    let within = |months: Decimal| {
        let months = Months::new(u32::try_from(months).unwrap_or(u32::MAX));
        facts.today.checked_add_months(months).is_none_or(|end| expected <= end)
    };
    (dimension.tiers.iter().position(|tier| tier.bound.is_none_or(within)), Basis::Expected)
}

/// The first tier whose share of the lowest price the upper end of the budget reaches.
fn by_budget(dimension: &Dimension, lead: &Record, facts: &ScoreFacts<'_>) -> (Option<usize>, Basis) {
    let Some((_, budget)) = budget(lead) else { return (None, Basis::Nothing) };
    let Some((price, _)) = facts.price_range else { return (None, Basis::NoPrice) };
    let reaches = |share: Decimal| price.0.checked_mul(share).is_some_and(|wanted| budget.0 >= wanted);
    (dimension.tiers.iter().position(|tier| tier.bound.is_none_or(reaches)), Basis::Budget)
}

/// Returns both ends of the budget; one end alone is both.
fn budget(lead: &Record) -> Option<(Money, Money)> {
    let (low, high) = (lead.money("budget_min"), lead.money("budget_max"));
    low.or(high).zip(high.or(low))
}

/// Returns the size of a company: by its staff or its listing where they are known, else the one stated.
pub fn size_of<'a>(company: &'a Record, model: &'a Model) -> Option<&'a str> {
    let dimension = model.dimensions.iter().find(|dimension| dimension.by == Some(Derivation::Staff));
    let tier = dimension.and_then(|dimension| dimension.tiers.get(by_staff(dimension, company).0?));
    tier.map(|tier| tier.key.as_str()).or_else(|| company.text("size"))
}

/// The first tier whose least count of employees is met; the first of all when the company is listed.
fn by_staff(dimension: &Dimension, lead: &Record) -> (Option<usize>, Basis) {
    if matches!(lead.get("listed"), Some(Value::Flag(true))) {
        return (Some(0), Basis::Listed);
    }
    let Some(staff) = lead.integer("staff").filter(|staff| *staff >= 0).map(Decimal::from) else {
        return (None, Basis::Nothing);
    };
    (dimension.tiers.iter().position(|tier| tier.bound.is_none_or(|least| staff >= least)), Basis::Staff)
}

impl Score {
    /// Says the score in one line: `52 (C), up to 92: budget, decision maker unknown`.
    pub fn summary(&self) -> Words {
        let (total, grade, reachable) = (self.total.normalize(), &self.grade, self.reachable.normalize());
        if self.missing.is_empty() {
            return words!("{total} ({grade})", "{total}（{grade}）");
        }
        let missing = self.dimensions.iter().filter(|d| d.tier.is_none()).map(|d| &d.missing);
        let Words { en, zh } = Words::join(missing, ", ", "、");
        words!(
            "{total} ({grade}), up to {reachable}: {en} unknown",
            "{total}（{grade}），最高可达 {reachable}：{zh}未知"
        )
    }
}

#[cfg(test)]
mod tests;
