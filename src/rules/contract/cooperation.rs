//! What the contracts of a customer tell of the cooperation: since when, of what, how much, until when. DOMAIN: customer archive.
//!
//! Contracts that bind tell, drafts do not; of the renewal only those that were neither terminated nor renewed. Where no
//! contract tells, what the archive says stands.
//!
//! *Absent on purpose:* amounts in other currencies than the repository's, which are never added to each other.

use super::{Standing, renewal_day, renews, standing, total};
use crate::record::{CONTRACT, CUSTOMER, Money, Record};
use crate::rules::Snapshot;
use chrono::NaiveDate;

/// Walks the contracts of a customer that bind or did, by number.
fn binding<'a>(customer: &Record, snapshot: &'a Snapshot) -> impl Iterator<Item = &'a Record> {
    let today = snapshot.as_of.today();
    let family = snapshot.family(customer.number.as_str()).filter(|_| customer.kind == CUSTOMER);
    family.filter(move |one| one.kind == CONTRACT && standing(one, today).is_binding())
}

/// Returns the day on which the first contract was signed, else began.
pub fn since(customer: &Record, snapshot: &Snapshot) -> Option<NaiveDate> {
    let days = binding(customer, snapshot).filter_map(|one| one.date("signed_on").or_else(|| one.date("start_on")));
    days.min().or_else(|| customer.date("first_cooperation_on"))
}

/// Returns the products of the contracts, each once, in the order of the contracts.
pub fn products<'a>(customer: &'a Record, snapshot: &'a Snapshot) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for product in binding(customer, snapshot).flat_map(|one| one.texts("products")) {
        let product = product.as_ref();
        if !all.contains(&product) {
            all.push(product);
        }
    }
    if all.is_empty() { customer.texts("products").iter().map(AsRef::as_ref).collect() } else { all }
}

/// Returns what the contracts in the repository's currency come to.
pub fn amount(customer: &Record, snapshot: &Snapshot) -> Option<Money> {
    let own = &snapshot.config.settings.currency;
    let is_own = |one: &&Record| one.text("currency").is_none_or(|currency| currency == own);
    let amounts: Vec<Money> =
        binding(customer, snapshot).filter(is_own).filter_map(|one| one.money("amount")).collect();
    if amounts.is_empty() { customer.money("contract_amount") } else { Some(total(amounts)) }
}

/// Returns the next day on which a contract is to be renewed, the last one where all such days are past.
pub fn renewal(customer: &Record, snapshot: &Snapshot) -> Option<NaiveDate> {
    let today = snapshot.as_of.today();
    let contracts: Vec<&Record> = binding(customer, snapshot).collect();
    let renewed = |number: &str| contracts.iter().any(|one| renews(one, today) == Some(number));
    let open = contracts.iter().filter(|one| standing(one, today) != Standing::Terminated);
    let days: Vec<NaiveDate> =
        open.filter(|one| !renewed(one.number.as_str())).filter_map(|one| renewal_day(one)).collect();
    let next = days.iter().filter(|day| **day >= today).min().or_else(|| days.iter().max());
    next.copied().or_else(|| customer.date("renewal_on"))
}
