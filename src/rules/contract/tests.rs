//! How contracts stand and how receipts are allocated, on examples and on any amounts.

use super::*;
use crate::record::{CONTRACT, INSTALMENT, Number, RECEIPT, Value};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn contract(fields: &[(&str, &str)]) -> Record {
    let mut record = Record::new(CONTRACT, Number::sequence("CON", 2026, 1, 3));
    for (key, text) in fields {
        let value = if key.ends_with("_on") { Value::Date(day(text)) } else { Value::text(*text) };
        record.set(key, value);
    }
    record
}

/// A signed contract with instalments (due day, amount) and receipts.
fn paid(plan: &[(Option<NaiveDate>, Money)], receipts: &[Money]) -> Record {
    let mut record = contract(&[("status", "signed"), ("signed_on", "2026-03-01")]);
    let instalment = |(at, (due, amount)): (usize, &(Option<NaiveDate>, Money))| {
        let mut row = Row::new(INSTALMENT);
        row.set("name", Value::text(format!("part {at}")));
        row.set("amount", Value::Money(*amount));
        due.iter().for_each(|due| drop(row.set("due_on", Value::Date(*due))));
        row
    };
    let receipt = |amount: &Money| {
        let mut row = Row::new(RECEIPT);
        row.set("received_on", Value::Date(day("2026-03-02")));
        row.set("amount", Value::Money(*amount));
        row
    };
    record.set("plan", Value::Rows(plan.iter().enumerate().map(instalment).collect()));
    record.set("receipts", Value::Rows(receipts.iter().map(receipt).collect()));
    record
}

#[test]
fn a_contract_stands_as_its_days_say() {
    let days = [("start_on", "2026-05-01"), ("end_on", "2027-04-30")];
    let with = |fields: &[(&'static str, &'static str)]| contract(&[&days[..], fields].concat());
    let signed = with(&[("status", "signed")]);
    for (on, expected) in [
        ("2026-04-30", Standing::Signed),
        ("2026-05-01", Standing::Active),
        ("2027-04-30", Standing::Active),
        ("2027-05-01", Standing::Expired),
    ] {
        assert_eq!(standing(&signed, day(on)), expected, "{on}");
        assert_eq!(standing(&with(&[("status", "draft")]), day(on)), Standing::Draft, "{on}");
        assert_eq!(standing(&with(&[("status", "active")]), day(on)), expected, "the days say more than the word");
        assert_eq!(standing(&with(&[("status", "terminated")]), day(on)), Standing::Terminated, "{on}");
    }
    let ending = with(&[("status", "terminated"), ("terminated_on", "2026-08-31")]);
    assert_eq!(standing(&ending, day("2026-08-30")), Standing::Active, "it runs until then");
    assert_eq!(standing(&ending, day("2026-08-31")), Standing::Terminated);
    for key in ["draft", "signed", "active", "expired", "terminated"] {
        assert_eq!(standing(&contract(&[("status", key)]), day("2026-05-01")).key(), key, "without days");
    }
    assert_eq!(standing(&contract(&[]), day("2026-05-01")), Standing::Draft);
    let endless = contract(&[("status", "signed"), ("start_on", "2020-01-01")]);
    assert_eq!(standing(&endless, day("2026-05-01")), Standing::Active);
}

#[test]
fn a_renewal_is_the_day_after_the_last_unless_it_is_said() {
    let ending = contract(&[("end_on", "2027-04-30")]);
    assert_eq!(renewal_day(&ending), Some(day("2027-05-01")));
    let said = contract(&[("end_on", "2027-04-30"), ("renewal_on", "2027-03-01")]);
    assert_eq!(renewal_day(&said), Some(day("2027-03-01")));
    assert_eq!(renewal_day(&contract(&[])), None);
}

#[test]
fn receipts_pay_what_is_due_first() {
    let plan =
        [(Some(day("2026-06-01")), money("60000")), (None, money("10000")), (Some(day("2026-05-01")), money("30000"))];
    for (receipts, paid_parts, credit) in [
        (&[][..], ["0", "0", "0"], "0"),
        (&["30000"], ["30000", "0", "0"], "0"),
        (&["20000", "20000.01"], ["30000", "10000.01", "0"], "0"),
        (&["100000"], ["30000", "60000", "10000"], "0"),
        (&["90000", "15000"], ["30000", "60000", "10000"], "5000"),
        (&["40000", "-15000"], ["25000", "0", "0"], "0"),
        (&["-5"], ["0", "0", "0"], "-5"),
    ] {
        let receipts: Vec<Money> = receipts.iter().map(|text| money(text)).collect();
        let contract = paid(&plan, &receipts);
        let payments = Payments::of(&contract);
        let parts: Vec<Money> = payments.instalments.iter().map(|one| one.paid).collect();
        assert_eq!(parts, paid_parts.map(money), "{receipts:?}");
        assert_eq!(payments.credit, money(credit), "{receipts:?}");
        let places: Vec<_> = payments.instalments.iter().map(|one| one.place).collect();
        assert_eq!(places, [Some(2), Some(0), Some(1)]);
    }
}

#[test]
fn without_a_plan_the_whole_amount_is_owed() {
    let mut whole = paid(&[], &[money("400")]);
    whole.set("amount", Value::Money(money("1000")));
    let owed = receivable(&whole, day("2026-06-01"));
    let told: Vec<_> = owed.iter().map(|one| (one.place, one.due_on, one.outstanding())).collect();
    assert_eq!(told, [(None, None, money("600"))]);
}

#[test]
fn nothing_is_owed_of_a_draft_nor_of_what_was_not_due_when_it_was_terminated() {
    let plan = [(Some(day("2026-05-01")), money("30")), (Some(day("2026-06-01")), money("70"))];
    let mut one = paid(&plan, &[money("10")]);
    let owed = |contract: &Record| -> Vec<Money> {
        receivable(contract, day("2026-07-01")).iter().map(Instalment::outstanding).collect()
    };
    assert_eq!(owed(&one), [money("20"), money("70")]);
    one.set("status", Value::text("terminated"));
    one.set("terminated_on", Value::Date(day("2026-05-01")));
    assert_eq!(owed(&one), [money("20")]);
    one.set("status", Value::text("draft"));
    assert!(owed(&one).is_empty());
}

#[test]
fn amounts_beyond_any_decimal_do_not_panic() {
    let largest = Money(Decimal::MAX);
    let contract = paid(&[(None, largest), (None, largest)], &[largest, largest, Money(Decimal::MIN)]);
    assert!(Payments::of(&contract).outstanding() >= Money::default());
}

fn amount(from: i64) -> impl Strategy<Value = Money> {
    (from..1_000_000_000_000_i64).prop_map(|cents| Money(Decimal::new(cents, 2)))
}

proptest! {
    #[test]
    fn sums_are_exact(
        plan in prop::collection::vec((prop::option::of(0_u64..400), amount(0)), 1..8),
        receipts in prop::collection::vec(amount(-1_000_000_000_000), 0..8),
    ) {
        let on = |days: Option<u64>| days.map(|days| day("2026-01-01") + Days::new(days));
        let plan: Vec<_> = plan.into_iter().map(|(days, amount)| (on(days), amount)).collect();
        let contract = paid(&plan, &receipts);
        let payments = Payments::of(&contract);
        let sum = |amounts: &mut dyn Iterator<Item = Money>| amounts.map(|one| one.0).sum::<Decimal>();
        let (planned, received) = (sum(&mut plan.iter().map(|one| one.1)), sum(&mut receipts.iter().copied()));
        prop_assert_eq!(payments.paid().0 + payments.credit.0, received);
        prop_assert_eq!(payments.outstanding().0 + payments.paid().0, planned);
        for pair in payments.instalments.windows(2) {
            prop_assert!(pair[1].paid == Money::default() || pair[0].outstanding() == Money::default());
            prop_assert!(pair[1].due_on.is_none() || pair[0].due_on <= pair[1].due_on);
        }
        for one in &payments.instalments {
            prop_assert!(Money::default() <= one.paid && one.paid <= one.amount);
        }
        prop_assert!(payments.credit <= Money::default() || payments.outstanding() == Money::default());
    }
}
