//! The pool (公海): what lies in it, and when what has an owner goes back. DOMAIN: assignment and pool.
//!
//! In the pool is every open lead and customer without an owner; that it has none is all there is to it, on disk too.
//! A lead goes back when no follow-up came for more than `lead_idle_days` since it was assigned, a customer when none
//! came for more than `customer_idle_days` since the last one, or since it was assigned where that is later. Before it
//! goes back stands what exempts it: `protected_until`, and a customer's contracts until the last of them ends; where none
//! is kept here, `renewal_on` tells of one. A customer with an open opportunity does not go back. Opportunities are never in the pool.
//!
//! Rulings: the days are those between two calendar days; nurtured leads are not exempt, lest parking one nobody
//! answered keeps it; a customer who churned is not open and stays where it is; a plan for later exempts nobody.
//!
//! *Invariants:* what is exempt on a day does not return on it; a follow-up never makes a day earlier.

use super::Snapshot;
use super::cadence::{first_response_as, followed_on, is_open};
use super::config::Pool;
use super::contract::{Standing, standing};
use crate::record::{CONTRACT, CUSTOMER, Kind, LEAD, OPPORTUNITY, Record, Words};
use crate::words;
use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use chrono_tz::Tz;

/// The kinds of record that lie in the pool while they have no owner.
pub const POOLED: [Kind; 2] = [LEAD, CUSTOMER];

/// Why a claim is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Whoever had it last waits until this day.
    PreviousOwner {
        /// The first day on which that user may claim it.
        from: NaiveDate,
        /// The days to wait.
        days: i64,
    },
    /// More claims in a day than a user may make.
    ClaimsPerDay {
        /// The claims of that day so far.
        made: usize,
        /// The claims that would come to them.
        more: usize,
        /// How many there may be.
        most: i64,
    },
}

impl Limit {
    /// Says it, and the setting it comes from.
    pub fn words(&self) -> Words {
        match self {
            Limit::PreviousOwner { from, days } => words!(
                "you had it last and may claim it from {from} on (`previous_owner_waits_days = {days}`)",
                "您是上一任负责人，{from} 起才可再领（`previous_owner_waits_days = {days}`）"
            ),
            Limit::ClaimsPerDay { made, more, most } => words!(
                "you claimed {made} today, these are {more}, and a day has {most} (`claims_per_day = {most}`)",
                "您今天已领取 {made} 条，此次 {more} 条，每日上限 {most} 条（`claims_per_day = {most}`）"
            ),
        }
    }
}

/// Tells whether a record lies in the pool: an open lead or customer without an owner.
pub fn is_in_pool(record: &Record) -> bool {
    POOLED.contains(&record.kind) && is_open(record) && record.text("owner").is_none()
}

/// Returns the day on which a record goes back to the pool if nothing happens; nothing for what does not.
///
/// A day that is past or the snapshot's own means that it is due to go.
pub fn returns_on(record: &Record, snapshot: &Snapshot) -> Option<NaiveDate> {
    let may_return = POOLED.contains(&record.kind) && is_open(record) && !is_being_sold_to(record, snapshot);
    record.text("owner").filter(|_| may_return)?;
    let pool = &snapshot.config.assignment.pool;
    let assigned = assigned(record, snapshot);
    let (touched, days) = if record.kind == LEAD {
        (assigned.filter(|_| !is_answered(record, snapshot)), pool.lead_idle_days)
    } else {
        (assigned.max(followed_on(record, snapshot)), pool.customer_idle_days)
    };
    let idle = after(touched?, days)?;
    match exempt_until(record).max(contracted_until(record, snapshot)) {
        Some(exempt) => after(exempt, 0).map(|day| day.max(idle)),
        None => Some(idle),
    }
}

/// Tells whether a customer has an open opportunity.
fn is_being_sold_to(record: &Record, snapshot: &Snapshot) -> bool {
    let mut family = snapshot.family(record.number.as_str());
    record.kind == CUSTOMER && family.any(|one| one.kind == OPPORTUNITY && is_open(one))
}

/// Returns the last day of a customer's contracts that are signed and have not ended; that of time where one has
/// none, after which nothing returns.
fn contracted_until(record: &Record, snapshot: &Snapshot) -> Option<NaiveDate> {
    let (number, today) = (record.number.as_str(), snapshot.as_of.today());
    let family = snapshot.family(number).filter(|one| record.kind == CUSTOMER && one.kind == CONTRACT);
    let runs = |contract: &&Record| matches!(standing(contract, today), Standing::Signed | Standing::Active);
    let end = |contract: &Record| contract.date("terminated_on").or(contract.date("end_on")).unwrap_or(NaiveDate::MAX);
    family.filter(runs).map(end).max()
}

/// Returns the last day on which a record is exempt whatever became of it; nothing when it never was.
pub fn exempt_until(record: &Record) -> Option<NaiveDate> {
    let contract = record.date("renewal_on").filter(|_| record.kind == CUSTOMER);
    record.date("protected_until").max(contract)
}

/// Returns the first day on which whoever had a record until a moment may claim it; nothing when that is past.
pub fn waits(until: DateTime<FixedOffset>, now: DateTime<Tz>, limits: &Pool) -> Option<Limit> {
    let days = limits.previous_owner_waits_days;
    let last = until.with_timezone(&now.timezone()).date_naive();
    let from = last.checked_add_days(Days::new(u64::try_from(days).ok()?))?;
    (now.date_naive() < from).then_some(Limit::PreviousOwner { from, days })
}

/// Returns the limit that so many more claims would break, after those made that day.
pub fn too_many(made: usize, more: usize, limits: &Pool) -> Option<Limit> {
    let most = limits.claims_per_day;
    let is_over = usize::try_from(most).is_ok_and(|most| made + more > most);
    is_over.then_some(Limit::ClaimsPerDay { made, more, most })
}

/// Returns the day after more than `days` days have passed.
fn after(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(u64::try_from(days).ok()? + 1))
}

fn day_of(moment: DateTime<FixedOffset>, snapshot: &Snapshot) -> NaiveDate {
    moment.with_timezone(&snapshot.as_of.moment.timezone()).date_naive()
}

/// Returns the day a record came to its owner; that it was acquired on where no other is known.
fn assigned(record: &Record, snapshot: &Snapshot) -> Option<NaiveDate> {
    record.moment("assigned_at").map(|at| day_of(at, snapshot)).or_else(|| record.date("acquired_on"))
}

/// Tells whether a lead had a follow-up since it was assigned, or acquired.
fn is_answered(lead: &Record, snapshot: &Snapshot) -> bool {
    first_response_as(lead, snapshot, None).is_some_and(|first| first.responded_after.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{FOLLOWUP, Kind, Number, Value};
    use crate::rules::{AsOf, Config};
    use chrono::TimeZone;
    use chrono_tz::Asia::Shanghai;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn start() -> NaiveDate {
        day("2026-03-01")
    }

    fn noon(day: NaiveDate) -> DateTime<chrono_tz::Tz> {
        Shanghai.from_local_datetime(&day.and_hms_opt(12, 0, 0).unwrap()).unwrap()
    }

    fn owned(kind: Kind, words: &[(&str, &str)]) -> Record {
        let mut record =
            Record::new(kind, Number::parse(if kind == LEAD { "L-2026-001" } else { "B2B-2026-001" }).unwrap());
        record.set("owner", Value::text("li"));
        record.set("assigned_at", Value::Moment(noon(start()).fixed_offset()));
        for (key, text) in words {
            let value = text.parse().map_or_else(|_| Value::text(*text), Value::Date);
            record.set(key, value);
        }
        record
    }

    fn snapshot(record: &Record, followups: &[NaiveDate], today: NaiveDate) -> Snapshot {
        static CONFIG: LazyLock<Config> = LazyLock::new(Config::default);
        let followup = |(at, day): (usize, &NaiveDate)| {
            let mut followup = Record::new(FOLLOWUP, Number::parse(&format!("f{at}")).unwrap());
            followup.set("subject", Value::text(record.number.as_str()));
            followup.set("at", Value::Moment(noon(*day).fixed_offset()));
            followup
        };
        let mut records: Vec<Record> = followups.iter().enumerate().map(followup).collect();
        records.push(record.clone());
        Snapshot::new(CONFIG.clone(), AsOf { moment: noon(today), commit: None, edited: false }, records)
    }

    fn returns(record: &Record, followups: &[&str], today: &str) -> Option<String> {
        let days: Vec<NaiveDate> = followups.iter().map(|text| day(text)).collect();
        returns_on(record, &snapshot(record, &days, day(today))).map(|day| day.to_string())
    }

    #[test]
    fn a_lead_returns_when_nobody_answered() {
        let lead = owned(LEAD, &[("status", "assigned")]);
        assert_eq!(returns(&lead, &[], "2026-03-02").as_deref(), Some("2026-03-09"), "more than 7 days");
        assert_eq!(returns(&lead, &["2026-03-05"], "2026-03-06"), None, "answered");
        assert_eq!(returns(&lead, &["2026-03-05"], "2026-03-04").as_deref(), Some("2026-03-09"), "not yet");
        assert_eq!(
            returns(&lead, &["2026-02-20"], "2026-03-06").as_deref(),
            Some("2026-03-09"),
            "by whom it was before"
        );
        for status in ["converted", "disqualified"] {
            assert_eq!(returns(&owned(LEAD, &[("status", status)]), &[], "2026-04-01"), None);
        }
        let mut pooled = lead.clone();
        pooled.remove("owner");
        assert_eq!(returns(&pooled, &[], "2026-04-01"), None);
        let protected = owned(LEAD, &[("protected_until", "2026-03-31")]);
        assert_eq!(returns(&protected, &[], "2026-03-20").as_deref(), Some("2026-04-01"));
    }

    #[test]
    fn a_customer_returns_when_nobody_calls() {
        let customer = owned(CUSTOMER, &[("type", "won")]);
        assert_eq!(
            returns(&customer, &["2026-02-01"], "2026-03-02").as_deref(),
            Some("2026-04-01"),
            "from the assignment"
        );
        assert_eq!(returns(&customer, &["2026-03-10"], "2026-03-12").as_deref(), Some("2026-04-10"));
        let contract = owned(CUSTOMER, &[("type", "won"), ("renewal_on", "2027-03-31")]);
        assert_eq!(returns(&contract, &[], "2026-06-01").as_deref(), Some("2027-04-01"));
        assert_eq!(returns(&owned(CUSTOMER, &[("type", "churned")]), &[], "2026-06-01"), None);
    }

    #[test]
    fn claims_have_limits() {
        let pool = Config::default().assignment.pool;
        let limit = |today: &str| waits(noon(start()).fixed_offset(), noon(day(today)), &pool);
        assert_eq!(limit("2026-03-07"), Some(Limit::PreviousOwner { from: day("2026-03-08"), days: 7 }));
        assert_eq!(limit("2026-03-08"), None);
        assert_eq!(too_many(8, 2, &pool), None);
        assert_eq!(too_many(8, 3, &pool), Some(Limit::ClaimsPerDay { made: 8, more: 3, most: 10 }));
    }

    fn any_record() -> impl Strategy<Value = (Record, Vec<NaiveDate>)> {
        let add = |days: u64| start().checked_add_days(Days::new(days)).unwrap();
        let date = move || prop::option::of((0u64..120).prop_map(add));
        let days = prop::collection::vec((0u64..120).prop_map(add), 0..4);
        (any::<bool>(), date(), date(), days).prop_map(|(is_lead, protected, renewal, days)| {
            let mut record = owned(if is_lead { LEAD } else { CUSTOMER }, &[]);
            protected.into_iter().for_each(|day| drop(record.set("protected_until", Value::Date(day))));
            renewal.filter(|_| !is_lead).into_iter().for_each(|day| drop(record.set("renewal_on", Value::Date(day))));
            (record, days)
        })
    }

    proptest! {
        #[test]
        fn what_is_exempt_never_returns((record, followups) in any_record(), today in 0u64..150) {
            let today = start().checked_add_days(Days::new(today)).unwrap();
            let is_due = returns_on(&record, &snapshot(&record, &followups, today)).is_some_and(|day| day <= today);
            for key in ["protected_until", "renewal_on"] {
                let exempt = if record.kind == LEAD && key == "renewal_on" { None } else { record.date(key) };
                prop_assert!(!(is_due && exempt.is_some_and(|until| until >= today)), "{}", key);
            }
        }

        #[test]
        fn a_followup_never_makes_it_earlier((record, followups) in any_record(), more in 0u64..120) {
            let today = start().checked_add_days(Days::new(120)).unwrap();
            let before = returns_on(&record, &snapshot(&record, &followups, today));
            let added = [&followups[..], &[start().checked_add_days(Days::new(more)).unwrap()]].concat();
            let after = returns_on(&record, &snapshot(&record, &added, today));
            prop_assert!(after.is_none() || after >= before);
        }
    }
}
