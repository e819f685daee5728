//! What of a lead a rule asks for, and what of it is a user's.

use crate::record::{Record, dictionary::fold_name};
use crate::rules::Snapshot;
use crate::rules::config::Rule;
use crate::rules::dedupe::lies_in;

/// What of a lead may be a user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// A skill of the user names the industry, the product or a tag of the lead.
    Skill,
    /// The region of the lead lies in one of the user's.
    Region,
    /// The product wanted is one of the user's.
    Product,
}

/// How much of a lead is a user's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fit {
    /// What is.
    pub fits: Vec<Aspect>,
    /// What is another's: the user's file names regions or products, and not this one.
    pub misses: Vec<Aspect>,
}

impl Fit {
    /// Returns what is the user's less what is another's; a user whose file names nothing has none.
    pub fn points(&self) -> i64 {
        let count = |aspects: &[Aspect]| i64::try_from(aspects.len()).unwrap_or(i64::MAX);
        count(&self.fits) - count(&self.misses)
    }
}

/// Tells whether a rule is for a lead of this grade: every condition it states names what the lead has.
pub(super) fn rule_fits(rule: &Rule, lead: &Record, grade: &str, snapshot: &Snapshot) -> bool {
    let holds = |wanted: &[String], has: &dyn Fn(&str) -> bool| wanted.is_empty() || wanted.iter().any(|one| has(one));
    let is_key = |field: &'static str| move |key: &str| is_key_or_group(lead, field, key, snapshot);
    holds(&rule.source, &is_key("source"))
        && holds(&rule.industry, &is_key("industry"))
        && holds(&rule.grade, &|key| key == grade)
        && holds(&rule.region, &|area| is_in(lead, area))
        && holds(&rule.product, &|product| wants(lead, product, snapshot))
}

/// Tells how much of a lead is a user's.
pub(super) fn fit_of(user: &Record, lead: &Record, snapshot: &Snapshot) -> Fit {
    let mut fit = Fit::default();
    if user.texts("skills").iter().any(|skill| is_skill(lead, skill, snapshot)) {
        fit.fits.push(Aspect::Skill);
    }
    let regions = (Aspect::Region, "region", user.texts("regions"));
    let products = (Aspect::Product, "product", user.texts("products"));
    for (aspect, field, own) in [regions, products] {
        if own.is_empty() || lead.text(field).is_none() {
            continue;
        }
        let is_own = own.iter().any(|one| match aspect {
            Aspect::Region => is_in(lead, one),
            _ => wants(lead, one, snapshot),
        });
        if is_own { fit.fits.push(aspect) } else { fit.misses.push(aspect) }
    }
    fit
}

fn is_key_or_group(lead: &Record, field: &str, key: &str, snapshot: &Snapshot) -> bool {
    let Some(own) = lead.text(field) else { return false };
    let group = || snapshot.config.dictionary.get(field)?.get(own)?.group.as_deref();
    own == key || group() == Some(key)
}

fn is_in(lead: &Record, area: &str) -> bool {
    lead.text("region").is_some_and(|region| lies_in(region, area))
}

fn wants(lead: &Record, product: &str, snapshot: &Snapshot) -> bool {
    let Some(wanted) = lead.text("product") else { return false };
    match (snapshot.product(wanted), snapshot.product(product)) {
        (Some(one), Some(other)) => one.number == other.number,
        _ => fold_name(wanted) == fold_name(product),
    }
}

/// Tells whether a skill names something of the lead, in any of its names.
fn is_skill(lead: &Record, skill: &str, snapshot: &Snapshot) -> bool {
    let is_named = |dictionary: &str, key: &str| {
        let entry = snapshot.config.dictionary.get(dictionary).and_then(|entries| entries.find(skill));
        entry.is_some_and(|entry| entry.key == key)
    };
    let series = || snapshot.product(lead.text("product")?)?.text("series");
    lead.text("industry").is_some_and(|key| is_named("industry", key))
        || lead.texts("tags").iter().any(|key| is_named("tag", key) || fold_name(key) == fold_name(skill))
        || wants(lead, skill, snapshot)
        || series().is_some_and(|series| fold_name(series) == fold_name(skill))
}
