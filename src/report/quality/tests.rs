//! Every figure counted by hand.

use super::*;
use crate::record::{CONTACT, Row, Value};
use crate::report::fixture::{lead, lines, record, run, run_where, sheet, snapshot, snapshot_of};
use crate::report::{Input, Unit};

#[test]
fn measures_of_every_kind() {
    let document = run(&REPORT, &snapshot());
    assert_eq!(
        lines(sheet(&document, "measures")),
        [
            "lead complete 96 83 86.5% 95.0% no",
            "lead valid 41 41 100.0% 98.0% yes",
            "lead unique 12 12 100.0% 99.0% yes",
            "lead known 57 56 98.2% · ·",
            "lead fresh 8 8 100.0% · ·",
            "customer complete 15 10 66.7% 95.0% no",
            "customer valid 4 4 100.0% 98.0% yes",
            "customer unique 2 2 100.0% 99.0% yes",
            "customer known 7 7 100.0% · ·",
            "customer fresh 1 1 100.0% · ·",
            "followup complete 50 50 100.0% 95.0% yes",
            "followup valid 38 38 100.0% 98.0% yes",
            "followup known 19 18 94.7% · ·",
            "user complete 6 6 100.0% 95.0% yes",
            "user valid 2 2 100.0% 98.0% yes",
            "user known 2 2 100.0% · ·",
        ]
    );
    assert_eq!(
        lines(sheet(&document, "fields")),
        [
            "lead email 12 0 0",
            "lead source 1 0 1",
            "customer first_cooperation_on 1 0 0",
            "customer products 1 0 0",
            "customer contract_amount 1 0 0",
            "customer payment_cycle 1 0 0",
            "customer renewal_on 1 0 0",
            "followup method 0 0 1"
        ]
    );
}

#[test]
fn faults_inside_contacts_and_odd_values() {
    let mut customer = record(CUSTOMER, "B2B-2026-001", "type=intent category=B2B name=甲 source=booth owner=rep.a");
    customer.set("acquired_on", Value::Odd("soon".into()));
    let mut contact = Row::new(CONTACT);
    contact.set("work_phone", Value::text("123"));
    contact.set("email", Value::text("甲@"));
    customer.set("contacts", Value::Rows(vec![contact]));
    let document = run(&REPORT, &snapshot_of(vec![customer]));
    assert_eq!(
        lines(sheet(&document, "fields")),
        [
            "customer source 0 0 1",
            "customer acquired_on 0 1 0",
            "customer contacts.name 1 0 0",
            "customer contacts.work_phone 0 1 0",
            "customer contacts.email 0 1 0"
        ]
    );
    assert_eq!(
        lines(sheet(&document, "measures"))[..2],
        ["customer complete 6 5 83.3% 95.0% no", "customer valid 4 1 25.0% 98.0% no"]
    );
}

#[test]
fn the_later_of_two_with_the_same_phone_is_not_unique() {
    let mut twin = lead(2, "C", 2, "");
    twin.set("phone", lead(1, "C", 1, "").get("phone").unwrap().clone());
    let document = run(&REPORT, &snapshot_of(vec![lead(1, "C", 1, ""), twin, lead(3, "C", 3, "")]));
    let measures = lines(sheet(&document, "measures"));
    assert!(measures.contains(&"lead unique 3 2 66.7% 99.0% no".into()), "{measures:?}");
}

#[test]
fn a_month_without_touch_is_not_fresh() {
    let mut stale = lead(1, "C", 1, "status=working");
    let day = |text: &str| Value::Date(text.parse().unwrap());
    stale.set("acquired_on", day("2026-02-17"));
    let mut edge = lead(2, "C", 1, "status=working");
    edge.set("acquired_on", day("2026-02-18"));
    let document = run(&REPORT, &snapshot_of(vec![stale, edge]));
    let measures = lines(sheet(&document, "measures"));
    assert!(measures.contains(&"lead fresh 2 1 50.0% · ·".into()), "{measures:?}");
}

#[test]
fn of_some_leads_or_a_period_only() {
    let snapshot = snapshot();
    let document = run_where(&REPORT, &snapshot, "source = exhibition");
    let measures = lines(sheet(&document, "measures"));
    assert_eq!(measures[0], "lead complete 32 28 87.5% 95.0% no");
    assert!(!measures.iter().any(|line| line.starts_with("customer") || line.starts_with("user")));
    let period = Some(Unit::Week.containing(snapshot.as_of.today()));
    let document = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
    let measures = lines(sheet(&document, "measures"));
    assert_eq!(measures[0], "lead complete 56 49 87.5% 95.0% no");
    assert!(measures.contains(&"followup complete 40 40 100.0% 95.0% yes".into()), "{measures:?}");
    assert!(!measures.iter().any(|line| line.starts_with("customer") || line.starts_with("user")));
}

#[test]
fn an_empty_repository() {
    assert!(run(&REPORT, &snapshot_of(vec![])).sheets.iter().all(|sheet| sheet.rows.is_empty()));
}
