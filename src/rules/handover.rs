//! Hand-over (交接): which records of a user go, and to whom each. DOMAIN: assignment and pool.
//!
//! All that is open goes, contracts that are to be signed or hold among it, and with a customer its open opportunities, its
//! contracts, its orders, its open tickets and the leads that became it, whose history they hold. Records that belong
//! together go to one person; of several receivers each group goes to who has got fewest so far, in the order of numbers.
//!
//! Rulings: what else is closed stays with whom it was closed by; shares are of records, not of what they are worth.
//!
//! *Invariants:* the shares depend on the records and on the order of receivers alone; they differ by no more than the
//! largest group.

use super::cadence::is_open;
use super::family::customer_of;
use crate::record::{CONTRACT, CUSTOMER, Kind, LEAD, OPPORTUNITY, ORDER, Record, TICKET};
use std::collections::{HashMap, HashSet};

/// The kinds that go, in the order of a briefing.
pub const KINDS: [Kind; 6] = [LEAD, CUSTOMER, OPPORTUNITY, CONTRACT, ORDER, TICKET];

/// Tells whether somebody still has to see to a record: an open one, a contract that is to be signed or holds, a ticket that
/// is not resolved.
pub fn is_pending(record: &Record) -> bool {
    let is_over = matches!(record.text("status"), Some("terminated" | "expired"));
    match record.kind {
        kind if kind == CONTRACT => !is_over,
        kind if kind == TICKET => super::ticket::is_open(record),
        _ => is_open(record),
    }
}

/// Returns what goes of records that somebody has: what is chosen and pending, and with a customer that goes its open
/// opportunities, its contracts, its orders and the leads that became it.
pub fn going<'a>(records: &[&'a Record], is_chosen: impl Fn(&Record) -> bool) -> Vec<&'a Record> {
    let goes = |record: &&&Record| is_pending(record) && is_chosen(record);
    let customers = records.iter().filter(|record| record.kind == CUSTOMER);
    let customers: HashSet<&str> = customers.filter(goes).map(|record| record.number.as_str()).collect();
    let follows = |record: &Record| {
        let is_history = [LEAD, ORDER].contains(&record.kind) || is_pending(record);
        is_history && customer_of(record).is_some_and(|customer| customers.contains(customer))
    };
    records.iter().filter(|record| goes(record) || follows(record)).copied().collect()
}

/// Returns for each record the place of who receives it, of so many receivers.
pub fn share(records: &[&Record], receivers: usize) -> Vec<usize> {
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    records.iter().for_each(|record| *sizes.entry(group(record)).or_default() += 1);
    let mut got = vec![0; receivers];
    let mut of_group: HashMap<&str, usize> = HashMap::new();
    let mut shares = Vec::with_capacity(records.len());
    for group in records.iter().map(|record| group(record)) {
        let to = *of_group.entry(group).or_insert_with(|| {
            let least = (0..receivers).min_by_key(|at| got[*at]).unwrap_or_default();
            got[least] += sizes[group];
            least
        });
        shares.push(to);
    }
    shares
}

/// Returns what a record belongs to: a converted lead and an opportunity to the customer, all else to itself.
fn group(record: &Record) -> &str {
    customer_of(record).unwrap_or(record.number.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Number, Value};
    use proptest::prelude::*;

    fn record(kind: Kind, number: &str, fields: &[(&str, &str)]) -> Record {
        let mut record = Record::new(kind, Number::parse(number).unwrap());
        fields.iter().for_each(|(key, text)| drop(record.set(key, Value::text(*text))));
        record
    }

    fn lead(at: usize, to: Option<usize>) -> Record {
        let customer = to.map(|to| format!("B2B-2026-{to:03}"));
        let fields = customer.iter().map(|to| ("converted_to", to.as_str())).collect::<Vec<_>>();
        let status = if to.is_some() { "converted" } else { "working" };
        record(LEAD, &format!("LEAD-2026-{at:03}"), &[&fields[..], &[("status", status)]].concat())
    }

    fn customer(at: usize, kind: &str) -> Record {
        record(CUSTOMER, &format!("B2B-2026-{at:03}"), &[("type", kind)])
    }

    #[test]
    fn what_is_open_goes_and_a_lead_with_its_customer() {
        let disqualified = record(LEAD, "LEAD-2026-009", &[("status", "disqualified")]);
        let all = [
            lead(1, None),
            lead(2, Some(1)),
            lead(3, Some(2)),
            disqualified,
            customer(1, "won"),
            customer(2, "churned"),
        ];
        let going: Vec<&str> =
            going(&all.iter().collect::<Vec<_>>(), |_| true).iter().map(|record| record.number.as_str()).collect();
        assert_eq!(going, ["LEAD-2026-001", "LEAD-2026-002", "B2B-2026-001"]);
        let deal = |at: usize, stage: &str| {
            record(OPPORTUNITY, &format!("OPP-2026-{at:03}"), &[("customer", "B2B-2026-001"), ("stage", stage)])
        };
        let contract = |at: usize, status: &str| {
            record(CONTRACT, &format!("CON-2026-{at:03}"), &[("customer", "B2B-2026-001"), ("status", status)])
        };
        let all = [customer(1, "won"), contract(1, "signed"), contract(2, "terminated"), contract(3, "draft")];
        let all: Vec<&Record> = all.iter().collect();
        let with_contracts: Vec<&str> =
            super::going(&all, |record| record.kind == CUSTOMER).iter().map(|record| record.number.as_str()).collect();
        assert_eq!(with_contracts, ["B2B-2026-001", "CON-2026-001", "CON-2026-003"], "what has ended stays");
        let all = [lead(1, None), lead(2, Some(1)), customer(1, "won"), deal(1, "needs"), deal(2, "won")];
        let all: Vec<&Record> = all.iter().collect();
        let of_customer: Vec<&str> =
            super::going(&all, |record| record.kind == CUSTOMER).iter().map(|record| record.number.as_str()).collect();
        assert_eq!(of_customer, ["LEAD-2026-002", "B2B-2026-001", "OPP-2026-001"], "what is won stays");
        assert_eq!(share(&all, 2), [0, 1, 1, 1, 1]);
    }

    #[test]
    fn shares_are_even_and_groups_whole() {
        let all =
            [lead(1, None), lead(2, Some(1)), lead(3, None), lead(4, None), customer(1, "won"), customer(2, "won")];
        let all: Vec<&Record> = all.iter().collect();
        // The second lead is two, with its customer.
        assert_eq!(share(&all, 2), [0, 1, 0, 0, 1, 1]);
        assert_eq!(share(&all, 1), [0; 6]);
        assert_eq!(share(&[], 2), [0; 0]);
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_a_group_above_another(
            leads in prop::collection::vec(prop::option::weighted(0.4, 0..5usize), 0..40),
            receivers in 1..5usize,
        ) {
            let mut all: Vec<Record> = leads.iter().enumerate().map(|(at, to)| lead(at + 1, *to)).collect();
            all.extend((0..5).map(|at| customer(at, "won")));
            let all: Vec<&Record> = all.iter().collect();
            let shares = share(&all, receivers);
            let largest = all.iter().map(|one| all.iter().filter(|other| group(other) == group(one)).count()).max();
            let got: Vec<usize> = (0..receivers).map(|at| shares.iter().filter(|to| **to == at).count()).collect();
            let (most, least) = (got.iter().max(), got.iter().min());
            prop_assert!(most.zip(least).is_none_or(|(most, least)| most - least <= largest.unwrap_or_default()), "{:?}", got);
            for (one, to) in all.iter().zip(&shares) {
                let together = all.iter().zip(&shares).filter(|(other, _)| group(other) == group(one));
                prop_assert!(together.map(|(_, other)| other).all(|other| other == to));
            }
        }
    }
}
