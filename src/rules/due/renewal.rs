//! Renewals: a talk with the customer some months and weeks before the day, and the day itself.
//!
//! A contract tells its own; the day in a customer's archive counts where the customer has no contract that tells one. A
//! reminder is met by a follow-up with the customer on its day or later; that the archive was made or a renewal drafted is none. The day itself stands until the archive has
//! another, that of a contract until another renews it, or until it is past for as long as the first reminder came
//! before it: who goes on without a contract then has none.

use super::Scope;
use crate::record::{CONTRACT, CUSTOMER, Record, Words};
use crate::rules::Snapshot;
use crate::rules::cadence::{Due, followed_on, is_open, on_day};
use crate::rules::contract::{Standing, renewal_day, renews, standing};
use crate::words;
use chrono::{Duration, NaiveDate};

/// Returns the first reminder that no follow-up has met; the day of the renewal when it has come.
pub fn due(record: &Record, scope: &Scope<'_>) -> Vec<Due> {
    let snapshot = scope.snapshot;
    if record.kind == CONTRACT { of_contract(record, snapshot) } else { of_customer(record, snapshot) }
}

fn of_customer(record: &Record, snapshot: &Snapshot) -> Vec<Due> {
    let is_meant = record.kind == CUSTOMER && is_open(record) && !has_contract(record, snapshot);
    let Some(renewal) = record.date("renewal_on").filter(|_| is_meant) else { return Vec::new() };
    if renewal <= snapshot.as_of.today() {
        let label = words!("Renewal date has come: renew, or change the date", "续约日已到：完成续约或更新日期");
        return vec![on_day(renewal, snapshot, "renewal-day", label)];
    }
    reminder(renewal, followed_on(record, snapshot), snapshot).into_iter().collect()
}

fn of_contract(contract: &Record, snapshot: &Snapshot) -> Vec<Due> {
    let today = snapshot.as_of.today();
    let Some(renewal) = told_by(contract, today).filter(|_| !is_renewed(contract, snapshot)) else { return Vec::new() };
    let customer = contract.text("customer").and_then(|customer| snapshot.find(customer));
    if customer.is_some_and(|customer| !is_open(customer)) {
        return Vec::new();
    }
    if renewal <= today {
        let longest = snapshot.config.cadence.renewal_days.iter().max().copied().unwrap_or_default();
        let label = words!(
            "Renewal date has come: `kehu contract renew`, or change the date",
            "续约日已到：用 `kehu contract renew` 续签，或更新日期"
        );
        let stands = (today - renewal).num_days() <= longest;
        return stands.then(|| on_day(renewal, snapshot, "renewal-day", label)).into_iter().collect();
    }
    // Who signs has talked; who enters a contract that runs already has not.
    let followed = customer.and_then(|customer| followed_on(customer, snapshot));
    let talked = followed.into_iter().chain(contract.date("signed_on").filter(|day| *day <= today)).max();
    reminder(renewal, talked, snapshot).into_iter().collect()
}

/// Returns the renewal day of a contract that binds and was not terminated.
fn told_by(contract: &Record, today: NaiveDate) -> Option<NaiveDate> {
    let told = !matches!(standing(contract, today), Standing::Draft | Standing::Terminated);
    renewal_day(contract).filter(|_| told)
}

fn has_contract(customer: &Record, snapshot: &Snapshot) -> bool {
    let mut family = snapshot.family(customer.number.as_str());
    family.any(|one| one.kind == CONTRACT && told_by(one, snapshot.as_of.today()).is_some())
}

fn is_renewed(contract: &Record, snapshot: &Snapshot) -> bool {
    let customer = contract.text("customer").unwrap_or_default();
    let today = snapshot.as_of.today();
    snapshot.family(customer).any(|one| one.kind == CONTRACT && renews(one, today) == Some(contract.number.as_str()))
}

/// Returns the first reminder that was not met.
fn reminder(renewal: NaiveDate, touched: Option<NaiveDate>, snapshot: &Snapshot) -> Option<Due> {
    let mut days = snapshot.config.cadence.renewal_days.clone();
    days.sort_unstable();
    let mut reminders = days.into_iter().rev().map(|before| renewal - Duration::days(before));
    let open = reminders.find(|day| touched.is_none_or(|touched| touched < *day))?;
    Some(on_day(open, snapshot, "renewal", told(renewal, snapshot.as_of.today())))
}

fn told(renewal: NaiveDate, today: NaiveDate) -> Words {
    let left = (renewal - today).num_days();
    words!("Renewal on {renewal}, in {left} days", "{renewal} 续约，还有 {left} 天")
}
