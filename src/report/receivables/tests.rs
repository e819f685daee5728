//! Receivables, counted by hand and by another computation.

use super::REPORT;
use crate::record::{Money, Record};
use crate::report::fixture::{contract, lines, run, sales, sheet, snapshot_of};
use crate::report::{Input, Period, PeriodFlags};
use crate::sheet::Cell;
use chrono::{Duration, NaiveDate};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// The day of the fixture.
const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 3, 18).expect("a day");

#[test]
fn ageing_customers_owners_and_instalments() {
    let document = run(&REPORT, &sales());
    for (key, rows) in [
        (
            "ageing",
            &[
                "not_due 1 2,000.00 0.00 2,000.00",
                "1-30 1 4,000.00 300.00 3,700.00",
                "31-60 1 400.00 0.00 400.00",
                "over-90 1 5,000.00 0.00 5,000.00",
                "total 4 11,400.00 300.00 11,100.00",
            ][..],
        ),
        (
            "customers",
            &[
                "B2B-2026-001 not_due 1 2,000.00 0.00 2,000.00",
                "B2B-2026-001 1-30 1 4,000.00 300.00 3,700.00",
                "B2B-2026-002 31-60 1 400.00 0.00 400.00",
                "B2B-2026-003 over-90 1 5,000.00 0.00 5,000.00",
                "total · 4 11,400.00 300.00 11,100.00",
            ],
        ),
        (
            "owners",
            &[
                "rep.a not_due 1 2,000.00 0.00 2,000.00",
                "rep.a 1-30 1 4,000.00 300.00 3,700.00",
                "rep.a 31-60 1 400.00 0.00 400.00",
                "rep.b over-90 1 5,000.00 0.00 5,000.00",
                "total · 4 11,400.00 300.00 11,100.00",
            ],
        ),
        (
            "instalments",
            &[
                "CON-2026-002 全款 2025-12-01 5,000.00 0.00 5,000.00 107",
                "CON-2026-004 一期 2026-01-25 400.00 0.00 400.00 52",
                "CON-2026-001 中期 2026-03-01 4,000.00 300.00 3,700.00 17",
                "CON-2026-001 尾款 2026-04-01 2,000.00 0.00 2,000.00 ·",
            ],
        ),
        ("other_currencies", &["USD 1 7,000.25"]),
    ] {
        assert_eq!(lines(sheet(&document, key)), rows, "{key}");
    }
    let note = &sheet(&document, "ageing").notes[0];
    assert_eq!(note.en, "1 contracts were paid 100.00 more than is planned, which pays for no other");
}

#[test]
fn a_period_is_of_the_due_day() {
    let snapshot = sales();
    let flags = PeriodFlags { month: Some("2026-03"), ..PeriodFlags::default() };
    let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
    let document = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
    assert_eq!(lines(sheet(&document, "ageing")).last().unwrap(), "total 1 4,000.00 300.00 3,700.00");
}

#[test]
fn every_age_begins_and_ends_on_its_day() {
    let due = |late: i64| (TODAY - Duration::days(late)).to_string();
    let days: Vec<String> = [-1, 0, 1, 30, 31, 60, 61, 90, 91].into_iter().map(due).collect();
    let mut plan: Vec<(&str, &str, &str)> = days.iter().map(|day| ("款", "1", day.as_str())).collect();
    plan.push(("款", "1", "on no day"));
    let document = run(&REPORT, &snapshot_of(vec![contract(1, "status=signed", &plan, &[])]));
    let counts = |line: &String| line.split(' ').nth(1).unwrap().parse::<usize>().unwrap();
    assert_eq!(lines(sheet(&document, "ageing")).iter().map(counts).collect::<Vec<_>>(), [3, 2, 2, 2, 1, 10]);
}

/// A contract by its instalments (days late, cents) and receipts (cents).
type Paid = (Vec<(i64, i64)>, Vec<i64>);

fn any_contracts() -> impl Strategy<Value = Vec<Paid>> {
    let plan = prop::collection::vec((-100_i64..200, 1_i64..1_000_000), 1..6);
    let receipts = prop::collection::vec(-300_000_i64..1_000_000, 0..6);
    prop::collection::vec((plan, receipts), 0..12)
}

fn yuan(cents: i64) -> String {
    Money(Decimal::new(cents, 2)).to_string()
}

fn made((n, (plan, receipts)): (u32, &Paid)) -> Record {
    let plan: Vec<(String, String)> =
        plan.iter().map(|(late, cents)| (yuan(*cents), (TODAY - Duration::days(*late)).to_string())).collect();
    let plan: Vec<(&str, &str, &str)> =
        plan.iter().map(|(amount, due)| ("款", amount.as_str(), due.as_str())).collect();
    let receipts: Vec<String> = receipts.iter().map(|cents| yuan(*cents)).collect();
    contract(n, "status=signed", &plan, &receipts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Returns the cents owed by age, the youngest first: whatever lies latest in the plan is what was not paid.
fn owed(contracts: &[Paid]) -> [i64; 5] {
    let mut ages = [0; 5];
    for (plan, receipts) in contracts {
        let planned: i64 = plan.iter().map(|(_, cents)| cents).sum();
        let mut unpaid = planned - receipts.iter().sum::<i64>().clamp(0, planned);
        let mut plan = plan.clone();
        plan.sort_by_key(|(late, _)| *late);
        for (late, cents) in plan {
            let part = unpaid.min(cents);
            unpaid -= part;
            ages[[0, 30, 60, 90].iter().filter(|end| late > **end).count()] += part;
        }
    }
    ages
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_owed_is_what_receipts_leave(contracts in any_contracts()) {
        let document = run(&REPORT, &snapshot_of((1..).zip(&contracts).map(made).collect()));
        let amount = |row: &Vec<Cell>| if let Cell::Money(money) = row[4] { money.0 } else { Decimal::MAX };
        let drawn = sheet(&document, "ageing").rows.iter().map(amount);
        let expected = owed(&contracts).into_iter().filter(|cents| *cents > 0).map(|cents| Decimal::new(cents, 2));
        prop_assert_eq!(drawn.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
}
