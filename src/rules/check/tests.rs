//! What each check finds, and what it leaves alone.

use super::*;
use crate::record::{CONTACT, CONTRACT, CUSTOMER, FOLLOWUP, LEAD, Money, OPPORTUNITY, PRODUCT, Severity, USER};
use crate::rules::AsOf;
use chrono::{DateTime, TimeZone};

const TODAY: &str = "2026-03-20";

fn today() -> NaiveDate {
    TODAY.parse().unwrap()
}

fn text(value: &str) -> Value {
    Value::text(value)
}

fn date(value: &str) -> Value {
    Value::Date(value.parse().unwrap())
}

fn make(kind: Kind, number: &str, fields: &[(&str, Value)]) -> Record {
    let mut record = Record::new(kind, Number::parse(number).unwrap());
    for (key, value) in fields {
        record.set(key, value.clone());
    }
    record
}

/// A lead with nothing wrong.
fn lead(number: &str, changes: &[(&str, Value)]) -> Record {
    let usual = [
        ("status", text("working")),
        ("company", text("某某贸易")),
        ("contact_name", text("联系人")),
        ("phone", text("13800138000")),
        ("region", text("浙江 杭州")),
        ("source", text("exhibition")),
        ("acquired_on", date("2026-03-12")),
    ];
    make(LEAD, number, &[&usual, changes].concat())
}

/// A customer with nothing wrong.
fn customer(number: &str, changes: &[(&str, Value)]) -> Record {
    let usual = [
        ("type", text("potential")),
        ("category", text("B2B")),
        ("name", text("某某制造")),
        ("source", text("referral")),
        ("acquired_on", date("2026-03-12")),
        ("owner", text("li.ming")),
    ];
    make(CUSTOMER, number, &[&usual, changes].concat())
}

fn contacts(list: &[&[(&str, Value)]]) -> Value {
    let row = |fields: &&[(&str, Value)]| {
        let mut row = Row::new(CONTACT);
        fields.iter().for_each(|(key, value)| drop(row.set(key, value.clone())));
        row
    };
    Value::Rows(list.iter().map(row).collect())
}

fn found(record: &Record) -> Vec<(&'static str, String)> {
    let problems = check_record(record, &Config::default(), today());
    problems.into_iter().map(|problem| (problem.code, problem.field.unwrap_or_default())).collect()
}

fn mend(record: &Record) -> String {
    let problems = check_record(record, &Config::default(), today());
    problems.into_iter().find_map(|problem| problem.mend).map_or_else(String::new, |mend| mend.en.to_string())
}

fn snapshot(records: Vec<Record>) -> Snapshot {
    let config = Config::default();
    let moment = config.settings.timezone.with_ymd_and_hms(2026, 3, 20, 9, 0, 0).unwrap();
    Snapshot::new(config, AsOf { moment, commit: None, edited: false }, records)
}

fn found_among(records: Vec<Record>) -> Vec<(String, &'static str, String)> {
    let found = check_snapshot(&snapshot(records));
    found.into_iter().map(|(_, number, p)| (number.to_string(), p.code, p.field.unwrap_or_default())).collect()
}

#[test]
fn names_of_checks_are_not_shared() {
    let mut names: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CHECKS.len());
}

#[test]
fn good_records_have_no_problem() {
    assert_eq!(found(&lead("LEAD-2026-001", &[])), []);
    assert_eq!(found(&customer("B2B-2026-001", &[])), []);
}

#[test]
fn one_problem_at_a_time() {
    for (key, value, code) in [
        ("company", text(" "), "missing-field"),
        ("source", text("expo"), "unknown-key"),
        ("source", text("展会"), "unknown-key"),
        ("phone", text("12345"), "phone-format"),
        ("phone", text("138 0013 8000"), "normal-form"),
        ("email", text("a@b"), "email-format"),
        ("email", text("a@QQ.com"), "normal-form"),
        ("email", text("a@qq.com"), "free-mail"),
        ("website", text("无"), "website-format"),
        ("credit_code", text("91350100M000100Y44"), "credit-code-format"),
        ("credit_code", text("91350100m000100y43"), "normal-form"),
        ("expected_on", Value::Odd("\"2026/3/5\"".into()), "odd-type"),
        ("acquired_on", date("2026-03-21"), "odd-date"),
        ("expected_on", date("1926-05-01"), "odd-date"),
        ("budget_min", Value::Money(Money::parse("-1").unwrap()), "odd-number"),
        ("staff", Value::Integer(-3), "odd-number"),
        ("status", text("disqualified"), "missing-reason"),
        ("owner", text("a b"), "number-format"),
    ] {
        let codes = found(&lead("LEAD-2026-001", &[(key, value.clone())]));
        let first = codes.first().map(|(code, field)| (*code, field.as_str()));
        let field = if code == "missing-reason" { "disqualify_reason" } else { key };
        assert_eq!(first, Some((code, field)), "{key} = {value:?}");
    }
}

#[test]
fn a_lead_needs_one_channel_and_not_both() {
    let mut record = lead("LEAD-2026-001", &[]);
    record.remove("phone");
    assert_eq!(found(&record), [("missing-channel", "phone".to_string())]);
    record.set("email", text("a@example.com"));
    assert_eq!(found(&record), []);
}

#[test]
fn mends_say_what_to_write() {
    for (key, value, expected) in [
        ("phone", text("+86 138 0013 8000"), "write `phone = \"13800138000\"`"),
        ("source", text("展会"), "write its key `exhibition`"),
        ("expected_on", Value::Odd("\"2026/3/5\"".into()), "write `expected_on = 2026-03-05`"),
        ("staff", Value::Odd("\"320人\"".into()), "write `staff = 320`"),
    ] {
        assert_eq!(mend(&lead("LEAD-2026-001", &[(key, value)])), expected);
    }
}

#[test]
fn disqualification_is_explained() {
    let with = |reason: &str, note: Option<&str>| {
        let mut changes = vec![("status", text("disqualified")), ("disqualify_reason", text(reason))];
        changes.extend(note.map(|note| ("disqualify_note", text(note))));
        found(&lead("LEAD-2026-001", &changes))
    };
    assert_eq!(with("fake", None), []);
    assert_eq!(with("other", None), [("missing-note", "disqualify_note".to_string())]);
    assert_eq!(with("other", Some("说明")), []);
}

#[test]
fn ranges_are_in_order() {
    let money = |text: &str| Value::Money(Money::parse(text).unwrap());
    let changes = [("budget_min", money("20万")), ("budget_max", money("10万"))];
    assert_eq!(found(&lead("LEAD-2026-001", &changes)), [("budget-range", "budget_min".to_string())]);
    let product = [("name", text("办公桌")), ("price_min", money("2")), ("price_max", money("1"))];
    assert_eq!(found(&make(PRODUCT, "DESK-01", &product)), [("price-range", "price_min".to_string())]);
}

#[test]
fn tags_are_free() {
    assert_eq!(found(&lead("LEAD-2026-001", &[("tags", Value::Texts(vec!["随意".into()]))])), []);
}

#[test]
fn a_prefix_that_is_no_key_is_not_advised() {
    let mend = |number: &str| {
        let record = customer(number, &[("category", text("GOV"))]);
        let problems = check_record(&record, &Config::default(), today());
        let found = problems.into_iter().find(|problem| problem.code == "number-prefix");
        found.and_then(|problem| problem.mend).unwrap().en
    };
    assert_eq!(mend("B2B-2026-001"), "write `category = \"B2B\"`");
    assert_eq!(mend("LEAD-2026-001"), "rename the file, so that its number starts with `GOV`");
}

#[test]
fn a_lead_that_names_its_customer_is_converted() {
    let converted = |status: &str| {
        found(&lead("LEAD-2026-001", &[("status", text(status)), ("converted_to", text("B2B-2026-001"))]))
    };
    assert_eq!(converted("converted"), []);
    assert_eq!(converted("working"), [("odd-status", "status".to_string())]);
    assert_eq!(found(&lead("LEAD-2026-001", &[("status", text("converted"))])), [], "imports do not know");
}

#[test]
fn opportunities_have_what_their_stage_wants() {
    let money = |amount: &str| Value::Money(Money::parse(amount).unwrap());
    let whole = [
        ("stage", text("needs")),
        ("name", text("Desks")),
        ("customer", text("B2B-2026-001")),
        ("amount", money("1")),
        ("expected_on", date("2026-05-01")),
        ("owner", text("li.ming")),
    ];
    let with = |changes: &[(&str, Value)]| found(&make(OPPORTUNITY, "OPP-2026-001", &[&whole, changes].concat()));
    let named = |found: Vec<(&'static str, String)>| found.into_iter().map(|(_, field)| field).collect::<Vec<_>>();
    assert_eq!(with(&[]), []);
    assert_eq!(named(found(&make(OPPORTUNITY, "OPP-2026-001", &whole[..3]))), ["owner", "amount", "expected_on"]);
    assert_eq!(named(with(&[("stage", text("lost"))])), ["lost_stage", "closed_on", "lost_reason"]);
    let closed = ("closed_on", date("2026-03-01"));
    let lost = [("stage", text("lost")), ("lost_stage", text("needs")), ("lost_reason", text("other")), closed.clone()];
    assert_eq!(with(&lost), [("missing-note", "lost_note".to_string())]);
    let won = [("stage", text("won")), closed.clone()];
    assert_eq!(named(with(&won)).join(" "), "stage customer_confirmed actual_amount");
    let early = [&won[..], &[("opened_on", date("2026-03-02")), ("materials_waived", text("old"))]].concat();
    assert_eq!(with(&early), [("odd-close", "closed_on".to_string())], "before it was opened");
    let undated = [("stage", text("won")), ("materials_waived", text("old"))];
    assert_eq!(with(&undated), [("odd-close", "closed_on".to_string())]);
    assert_eq!(with(&[("probability", Value::Integer(55))]), [("stage-reason", "probability_reason".to_string())]);
    let odd = [("probability", Value::Integer(101)), ("probability_reason", text("x"))];
    assert_eq!(with(&odd), [("odd-number", "probability".to_string())]);
    assert_eq!(with(&[("stage", text("needs?"))])[0].0, "unknown-key");
}

#[test]
fn a_won_customer_tells_of_its_cooperation_itself_or_by_its_contracts() {
    let won = |fields: &[(&str, Value)]| customer("B2B-2026-001", &[&[("type", text("won"))], fields].concat());
    let of = |records: Vec<Record>| {
        let found = check_snapshot(&snapshot(records)).into_iter();
        found.filter(|(.., one)| one.code == "missing-cooperation").map(|(.., one)| one.field).collect::<Vec<_>>()
    };
    assert_eq!(of(vec![won(&[])]).len(), 1);
    let money = |amount: &str| Value::Money(Money::parse(amount).unwrap());
    let told = [
        ("customer", text("B2B-2026-001")),
        ("amount", money("1")),
        ("products", Value::Texts(vec!["Desks".into()])),
        ("signed_on", date("2026-03-01")),
        ("end_on", date("2027-02-28")),
    ];
    let contract = |status: &str| make(CONTRACT, "CON-2026-001", &[&told[..], &[("status", text(status))]].concat());
    let first = |records: Vec<Record>| format!("{:?}", of(records));
    assert!(first(vec![won(&[]), contract("draft")]).contains("first_cooperation_on"));
    assert!(first(vec![won(&[]), contract("signed")]).contains("payment_cycle"), "which no contract tells");
    assert!(of(vec![won(&[("payment_cycle", text("monthly"))]), contract("signed")]).is_empty());
}

#[test]
fn customers_by_themselves() {
    for (key, value, code) in [
        ("needs", text("桌子"), "short-needs"),
        ("category", text("GOV"), "number-prefix"),
        ("founded_on", date("1926-05-01"), ""),
    ] {
        let codes = found(&customer("B2B-2026-001", &[(key, value)]));
        assert_eq!(codes.first().map_or("", |(code, _)| *code), code, "{key}");
    }
}

#[test]
fn contacts_are_checked_by_place() {
    let list = contacts(&[
        &[("name", text("甲")), ("influence", Value::Integer(6)), ("reports_to", text("乙"))],
        &[("name", text("乙")), ("reports_to", text("乙")), ("email", text("x"))],
        &[("title", text("经理")), ("birthday", text("13-40"))],
    ]);
    assert_eq!(
        found(&customer("B2B-2026-001", &[("contacts", list)])),
        [
            ("missing-field", "contacts.2.name".to_string()),
            ("email-format", "contacts.1.email".to_string()),
            ("date-format", "contacts.2.birthday".to_string()),
            ("odd-number", "contacts.0.influence".to_string()),
            ("unknown-contact", "contacts.1.reports_to".to_string()),
        ]
    );
}

fn followup(number: &str, subject: &str, changes: &[(&str, Value)]) -> Record {
    let at = DateTime::parse_from_rfc3339("2026-03-15T09:30:00+08:00").unwrap();
    let usual = [
        ("at", Value::Moment(at)),
        ("subject", text(subject)),
        ("method", text("phone")),
        ("points", text("沟通要点")),
        ("author", text("li.ming")),
    ];
    make(FOLLOWUP, number, &[&usual, changes].concat())
}

#[test]
fn open_subjects_have_a_next_action() {
    let promise = [("next_action", text("报价")), ("next_on", date("2026-03-25"))];
    let closed = [("status", text("disqualified")), ("disqualify_reason", text("fake"))];
    for (subject, changes, codes) in [
        (lead("LEAD-2026-001", &[]), &[][..], vec!["missing-next"]),
        (lead("LEAD-2026-001", &[]), &promise[..1], vec!["missing-next"]),
        (lead("LEAD-2026-001", &[]), &promise[..], vec![]),
        (lead("LEAD-2026-001", &[]), &[("no_next", text("客户出差"))][..], vec![]),
        (lead("LEAD-2026-001", &closed), &[][..], vec![]),
    ] {
        let records = vec![subject, followup("f1", "LEAD-2026-001", changes)];
        let found: Vec<_> = found_among(records).into_iter().map(|(_, code, _)| code).collect();
        assert_eq!(found, codes, "{changes:?}");
    }
    let backwards = followup("f1", "LEAD-2026-001", &[("next_on", date("2026-03-01"))]);
    assert_eq!(found(&backwards), [("next-before", "next_on".to_string())]);
}

#[test]
fn references_exist_and_are_of_the_right_kind() {
    let promise = [("no_next", text("无"))];
    let user =
        make(USER, "li.ming", &[("name", text("示例用户")), ("email", text("l@example.com")), ("role", text("admin"))]);
    let one = |records| found_among(records).into_iter().map(|(_, code, field)| (code, field)).collect::<Vec<_>>();
    assert_eq!(one(vec![followup("f1", "LEAD-2026-009", &promise)]), [("missing-reference", "subject".to_string())]);
    assert_eq!(one(vec![user.clone(), followup("f1", "li.ming", &promise)]), [("wrong-kind", "subject".to_string())]);
    let owned = lead("LEAD-2026-001", &[("owner", text("li.min"))]);
    assert_eq!(one(vec![owned.clone()]), [], "without users an owner is just a name");
    let found = check_snapshot(&snapshot(vec![owned, user]));
    assert_eq!(found[0].2.mend.as_ref().unwrap().en, "did you mean `li.ming`?");
}

#[test]
fn duplicates_name_each_other() {
    let other = [("company", text("另一公司"))];
    let records = vec![lead("LEAD-2026-001", &[]), lead("LEAD-2026-002", &other), lead("LEAD-2026-003", &[])];
    let found = check_snapshot(&snapshot(records));
    let said: Vec<_> = found.iter().map(|(_, number, p)| (number.as_str(), p.message.en.as_ref())).collect();
    assert_eq!(
        said,
        [
            ("LEAD-2026-001", "has the same phone as `LEAD-2026-002` (另一公司)"),
            ("LEAD-2026-001", "has the same company and region as `LEAD-2026-003` (某某贸易)"),
            ("LEAD-2026-002", "has the same phone as `LEAD-2026-001` (某某贸易)"),
            ("LEAD-2026-003", "has the same phone and company and region as `LEAD-2026-001` (某某贸易)"),
        ]
    );
    let closed = [("status", text("converted"))];
    let found = found_among(vec![lead("LEAD-2026-001", &[]), lead("LEAD-2026-002", &closed)]);
    let expected = ("LEAD-2026-002".to_string(), "unknown-customer", "status".to_string());
    assert_eq!(found, [expected]);
}

#[test]
fn decision_makers_are_touched() {
    let decider = contacts(&[&[("name", text("甲")), ("buying_role", text("decision_maker"))]]);
    let known = customer("B2B-2026-001", &[("contacts", decider)]);
    let touch = followup("f1", "B2B-2026-001", &[("contact", text("甲")), ("no_next", text("无"))]);
    let severity =
        |records| check_snapshot(&snapshot(records)).into_iter().map(|(.., p)| p.severity).collect::<Vec<_>>();
    assert_eq!(severity(vec![customer("B2B-2026-001", &[])]), [Severity::Warning]);
    assert_eq!(severity(vec![known.clone()]), [Severity::Warning]);
    assert_eq!(severity(vec![known, touch]), []);
}

#[test]
fn numbers_are_written_one_way() {
    for wrong in ["LEAD-2026-1", "LEAD-2026-0001", "LEAD-2026-000", "lead-2026-001", "CUST-2026-001"] {
        assert_eq!(found(&lead(wrong, &[])), [("number-form", String::new())], "{wrong}");
    }
    assert_eq!(found(&lead("LEAD-2026-12345", &[])), []);
}
