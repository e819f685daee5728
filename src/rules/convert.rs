//! What a lead becomes (线索转化): a customer with its contacts, and an opportunity. DOMAIN: conversion.
//!
//! The lead stays as it is and keeps its follow-ups; what is said here is what the new records take over. A customer
//! there is already is joined: gaps are filled and people added, and nothing it says is changed, but that somebody
//! with an open opportunity has an intent.
//!
//! Rulings: the amount is the upper end of the budget, else the lower; a decision maker who is somebody else than the
//! contact is a contact too; people are the same by name, or by e-mail or mobile number where
//! the name begins alike (王经理 is 王伟); a landline may be anybody's.

use crate::record::{CONTACT, CUSTOMER, OPPORTUNITY, Record, Row, Value};
use crate::rules::dedupe::merge::united;

/// What a customer takes over from a lead: the lead's field, the customer's, whether it fills a gap of one there is.
const CARRIED: [(&str, &str, bool); 17] = [
    ("company", "name", false),
    ("region", "region", true),
    ("address", "address", true),
    ("website", "website", true),
    ("credit_code", "credit_code", true),
    ("industry", "industry", true),
    ("industry_note", "industry_note", true),
    ("size", "size", true),
    ("staff", "staff", true),
    ("listed", "listed", true),
    ("need", "needs", true),
    ("source", "source", false),
    ("source_note", "source_note", false),
    ("owner", "owner", false),
    ("protected_until", "protected_until", false),
    ("remark", "remark", false),
    ("verifications", "verifications", false),
];

/// What a contact takes over from a lead: the lead's field, the contact's.
const PERSON: [(&str, &str); 6] = [
    ("contact_name", "name"),
    ("contact_title", "title"),
    ("phone", "work_phone"),
    ("other_phones", "other_phones"),
    ("email", "email"),
    ("wechat", "wechat"),
];

/// Returns the customer a lead makes, without what is the same for every new customer.
pub fn customer(lead: &Record) -> Row {
    let mut row = Row::new(CUSTOMER.fields);
    CARRIED.iter().for_each(|(from, to, _)| carry(&lead.row, from, &mut row, to));
    carry(&lead.row, "tags", &mut row, "tags");
    lead.custom().iter().for_each(|(name, value)| row.set_custom(name, value.clone()));
    let contacts = people(lead);
    if !contacts.is_empty() {
        row.set("contacts", Value::Rows(contacts));
    }
    row
}

/// Lets a customer there is already take over what it lacks.
pub fn join(customer: &mut Record, lead: &Record) {
    for (from, to, _) in CARRIED.iter().filter(|(.., fills)| *fills) {
        carry(&lead.row, from, &mut customer.row, to);
    }
    unite(&lead.row, "tags", &mut customer.row, "tags");
    let mut contacts = customer.rows("contacts").to_vec();
    for person in people(lead) {
        match contacts.iter_mut().find(|known| is_same(known, &person)) {
            Some(known) => complete(known, &person),
            None => contacts.push(person),
        }
    }
    if !contacts.is_empty() {
        customer.set("contacts", Value::Rows(contacts));
    }
}

/// Notes of a customer that something is about to be sold to it.
pub fn intend(customer: &mut Row) {
    if !matches!(customer.text("type"), Some("won")) {
        customer.set("type", Value::text("intent"));
    }
}

/// Returns the opportunity a lead makes with a customer, without what is the same for every new one.
pub fn opportunity(lead: &Record, customer: &str) -> Row {
    let mut row = Row::new(OPPORTUNITY.fields);
    let company = lead.text("company").unwrap_or_default();
    let product = lead.text("product");
    row.set("name", Value::text([Some(company), product].into_iter().flatten().collect::<Vec<_>>().join(" ")));
    row.set("customer", Value::text(customer));
    row.set("lead", Value::text(lead.number.as_str()));
    product.into_iter().for_each(|product| drop(row.set("products", Value::Texts(vec![product.into()]))));
    for (from, to) in
        [("budget_max", "amount"), ("budget_min", "amount"), ("expected_on", "expected_on"), ("owner", "owner")]
    {
        carry(&lead.row, from, &mut row, to);
    }
    row
}

/// Takes a value over where there is none; what is not of its field's type stays behind.
fn carry(from: &Row, key: &str, to: &mut Row, into: &str) {
    match from.get(key) {
        Some(Value::Odd(_)) | None => {}
        Some(value) if to.get(into).is_none() => drop(to.set(into, value.clone())),
        Some(_) => {}
    }
}

/// Adds the texts of a list that the other lacks.
fn unite(from: &Row, key: &str, to: &mut Row, into: &str) {
    let all = united(to.texts(into), from.texts(key));
    if all.len() > to.texts(into).len() {
        to.set(into, Value::Texts(all));
    }
}

/// Returns whom a lead names: the contact, and the decision maker where that is somebody else.
fn people(lead: &Record) -> Vec<Row> {
    let mut contact = Row::new(CONTACT);
    PERSON.iter().for_each(|(from, to)| carry(&lead.row, from, &mut contact, to));
    let mut people: Vec<Row> = contact.get("name").is_some().then_some(contact).into_iter().collect();
    if let Some(name) = lead.text("decision_maker").map(str::trim).filter(|name| !name.is_empty()) {
        if people.iter().all(|one| name_of(one) != Some(name)) {
            let mut other = Row::new(CONTACT);
            other.set("name", Value::text(name));
            people.push(other);
        }
        let decides = |one: &&mut Row| name_of(one) == Some(name);
        people.iter_mut().filter(decides).for_each(|one| drop(one.set("buying_role", Value::text("decision_maker"))));
    }
    people
}

fn name_of(contact: &Row) -> Option<&str> {
    contact.text("name").map(str::trim)
}

/// Tells whether two contacts are one person.
fn is_same(known: &Row, other: &Row) -> bool {
    let shared = |key: &str| other.text(key).filter(|text| known.text(key) == Some(text));
    let is_mobile = |phone: &str| phone.len() == 11 && phone.starts_with('1');
    let initial = |contact: &Row| name_of(contact).and_then(|name| name.chars().next());
    let is_reached_alike = shared("email").is_some() || shared("work_phone").is_some_and(is_mobile);
    name_of(known) == name_of(other) || is_reached_alike && initial(known) == initial(other)
}

/// Adds to a contact what it lacks; another telephone number beside the one it has.
fn complete(known: &mut Row, person: &Row) {
    if let Some(phone) =
        person.text("work_phone").filter(|phone| known.text("work_phone").is_some_and(|one| one != *phone))
    {
        let mut more = Row::new(CONTACT);
        more.set("other_phones", Value::Texts(vec![phone.into()]));
        unite(&more, "other_phones", known, "other_phones");
    }
    unite(person, "other_phones", known, "other_phones");
    for key in ["title", "work_phone", "email", "wechat", "buying_role"] {
        carry(person, key, known, key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{LEAD, Money, Number};

    fn lead(fields: &[(&str, &str)]) -> Record {
        let mut lead = Record::new(LEAD, Number::sequence("LEAD", 2026, 1, 3));
        let usual =
            [("company", "云帆食品"), ("contact_name", "王经理"), ("phone", "13800138000"), ("region", "江苏 苏州")];
        usual.iter().chain(fields).for_each(|(key, text)| drop(lead.set(key, Value::text(*text))));
        lead
    }

    fn money(text: &str) -> Value {
        Value::Money(Money::parse(text).unwrap())
    }

    #[test]
    fn every_field_of_a_lead_goes_somewhere_or_is_of_the_lead_alone() {
        // What says something of the lead, its score or its way, and nothing of the company or of a person.
        let own = [
            "status",
            "product",
            "expected_on",
            "urgency",
            "budget_min",
            "budget_max",
            "budget_fit",
            "decision_maker",
            "decision_chain",
            "intent",
            "acquired_on",
            "assigned_at",
            "pool_reason",
            "tags",
            "disqualify_reason",
            "disqualify_note",
            "evidence",
            "converted_to",
            "merged_from",
            "distinct_from",
            "conflicts",
        ];
        for field in LEAD.fields {
            let carried = CARRIED.iter().map(|(from, ..)| from).chain(PERSON.iter().map(|(from, _)| from));
            let places = carried.filter(|from| **from == field.key).count() + usize::from(own.contains(&field.key));
            assert_eq!(places, 1, "`{}` is taken over, or said to be of the lead alone", field.key);
        }
        for (_, to, _) in CARRIED {
            assert!(CUSTOMER.field(to).is_some(), "{to}");
        }
    }

    #[test]
    fn a_customer_has_the_people_the_lead_names() {
        let names = |decider: &str| -> Vec<(String, Option<String>)> {
            let row = customer(&lead(&[("decision_maker", decider), ("contact_title", "采购")]));
            let told = |one: &Row| (one.text("name").unwrap().into(), one.text("buying_role").map(str::to_string));
            row.rows("contacts").iter().map(told).collect()
        };
        let decides = Some("decision_maker".to_string());
        assert_eq!(names("李总"), [("王经理".into(), None), ("李总".into(), decides.clone())]);
        assert_eq!(names("王经理"), [("王经理".into(), decides)]);
    }

    #[test]
    fn a_customer_that_is_joined_keeps_what_it_says() {
        let mut row = customer(&lead(&[]));
        row.set("region", Value::text("上海"));
        let mut known = Record { kind: CUSTOMER, number: Number::sequence("B2B", 2026, 1, 3), row };
        let more = lead(&[("address", "示例路 1 号"), ("contact_name", "王伟"), ("wechat", "x")]);
        join(&mut known, &more);
        assert_eq!((known.text("region"), known.text("address")), (Some("上海"), Some("示例路 1 号")));
        let [one] = known.rows("contacts") else { panic!("a mobile number and a surname are a person") };
        assert_eq!((one.text("name"), one.text("wechat")), (Some("王经理"), Some("x")));
        join(&mut known, &lead(&[("phone", "051288888888")]));
        let [one] = known.rows("contacts") else { panic!("the same name is the same person") };
        assert_eq!(one.texts("other_phones"), [Box::from("051288888888")]);
        let other = lead(&[("contact_name", "陈女士"), ("phone", "051288888888")]);
        join(&mut known, &other);
        assert_eq!(known.rows("contacts").len(), 2, "a landline may be anybody's");
        join(&mut known, &lead(&[("contact_name", "赵先生")]));
        assert_eq!(known.rows("contacts").len(), 3, "a telephone that went to another");
        let before = known.clone();
        join(&mut known, &other);
        assert_eq!(known, before, "once");
    }

    #[test]
    fn an_opportunity_takes_the_upper_end_of_the_budget() {
        let mut one = lead(&[("product", "DESK-01"), ("owner", "li")]);
        one.set("budget_min", money("10万"));
        assert_eq!(opportunity(&one, "B2B-2026-001").money("amount"), Money::parse("10万"));
        one.set("budget_max", money("20万"));
        let made = opportunity(&one, "B2B-2026-001");
        assert_eq!(made.money("amount"), Money::parse("20万"));
        assert_eq!((made.text("name"), made.text("lead")), (Some("云帆食品 DESK-01"), Some("LEAD-2026-001")));
        assert_eq!((made.texts("products").len(), made.text("owner")), (1, Some("li")));
    }

    #[test]
    fn only_who_bought_stays_what_it_was() {
        for (before, after) in [("potential", "intent"), ("churned", "intent"), ("intent", "intent"), ("won", "won")] {
            let mut row = Row::new(CUSTOMER.fields);
            row.set("type", Value::text(before));
            intend(&mut row);
            assert_eq!(row.text("type"), Some(after));
        }
    }
}
