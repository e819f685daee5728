//! The scoring model: dimensions, tiers, grades, from `config/scoring.toml`. DOMAIN: ABC scoring.
//!
//! A model is data: what a lead is scored by can be changed, added and removed in the file. Reading one
//! finds everything that is wrong with it, each with its line and column, and refuses it as a whole; a
//! model in hand is valid.
//!
//! *Invariants:* the weights sum to the maximum; a dimension's tiers stand from the most points to the
//! least, the first has the dimension's weight; grades stand from the highest to the lowest, the last
//! begins at 0; keys are unique.

mod check;
mod condition;
mod read;
mod source;

pub use condition::Condition;

use crate::record::{Dictionary, Finding, Words};
use rust_decimal::Decimal;

/// A validated scoring model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The score of a lead with the first tier everywhere.
    pub maximum: Decimal,
    /// What a lead is scored by, in the order of the file.
    pub dimensions: Vec<Dimension>,
    /// The grades, highest first.
    pub grades: Vec<Grade>,
    /// Which leads are closed, so that a past expected date is not taken for a near one.
    pub closed_when: Condition,
}

/// One thing a lead is scored by.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Its name in JSON.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// What is unknown when it is missing: `budget`.
    pub missing: Words,
    /// The most it can give.
    pub weight: Decimal,
    /// The facts its tier is derived from, if any.
    pub by: Option<Derivation>,
    /// The field in which a tier may be stated, if any.
    pub field: Option<&'static str>,
    /// The tiers, best first.
    pub tiers: Vec<Tier>,
}

/// A built-in way from facts to a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// From the expected purchase date and the day of scoring, by calendar months.
    ExpectedOn,
    /// From the budget and the product's price.
    Budget,
    /// From the count of employees, and whether the company is listed.
    Staff,
}

/// A step of a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Tier {
    /// Its name in JSON, and what a lead states in the dimension's field.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// What it gives.
    pub points: Decimal,
    /// How far it reaches by the dimension's derivation: months, share of the price, staff; the last has none.
    pub bound: Option<Decimal>,
    /// When this holds the tier is taken, whatever is derived or stated.
    pub when: Option<Condition>,
    /// When this holds the tier is taken, if nothing is derived or stated.
    pub assume_when: Option<Condition>,
}

/// What a score amounts to.
#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    /// `A`, `B`, `C`.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// The least score that has it; the next higher grade begins where it ends.
    pub from: Decimal,
    /// Within how many hours the first response is due, if there is a limit.
    pub first_response_hours: Option<u32>,
}

impl Derivation {
    /// Every derivation, with the name it has in `by` and the key of its bounds.
    pub const ALL: [(Derivation, &'static str, &'static str); 3] = [
        (Derivation::ExpectedOn, "expected_on", "months"),
        (Derivation::Budget, "budget", "share"),
        (Derivation::Staff, "staff", "staff"),
    ];

    /// Returns the key of its tiers' bounds.
    pub fn bound_key(self) -> &'static str {
        Derivation::ALL.iter().find(|(by, ..)| *by == self).map_or("", |(_, _, bound)| bound)
    }
}

impl Model {
    /// Reads a model; `path` is named in what is wrong with it.
    ///
    /// Fails with every finding, sorted by place. Values of dictionary fields in conditions are taken as
    /// keys; [`Model::bind`] checks them.
    pub fn parse(text: &str, path: &str) -> Result<Model, Vec<Finding>> {
        read::read(text, path)
    }

    /// Returns the text of the default model, as `init` writes it.
    pub fn default_text() -> &'static str {
        include_str!("defaults/scoring.toml")
    }

    /// Reads the conditions again with the dictionary at hand, so that labels, aliases and groups are
    /// understood in them.
    ///
    /// Returns the values that the dictionary does not know; the conditions about them stay as they were.
    pub fn bind(&mut self, dictionary: &Dictionary) -> Vec<Finding> {
        let tiers = self.dimensions.iter_mut().flat_map(|dimension| &mut dimension.tiers);
        let conditions = tiers.flat_map(|tier| tier.when.iter_mut().chain(&mut tier.assume_when));
        conditions.chain([&mut self.closed_when]).filter_map(|condition| condition.bind(dictionary)).collect()
    }

    /// Returns the dimension with this key.
    pub fn dimension(&self, key: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|dimension| dimension.key == key)
    }

    /// Returns the grade with this key.
    pub fn grade(&self, key: &str) -> Option<&Grade> {
        self.grades.iter().find(|grade| grade.key == key)
    }

    /// Returns the place of the grade a score has.
    pub fn grade_at(&self, total: Decimal) -> usize {
        let fits = self.grades.iter().position(|grade| total >= grade.from);
        fits.unwrap_or(self.grades.len().saturating_sub(1))
    }
}

impl Default for Model {
    /// Returns the default model.
    fn default() -> Model {
        Model::parse(Model::default_text(), "config/scoring.toml").expect("a test reads the default model")
    }
}

#[cfg(test)]
mod tests;
