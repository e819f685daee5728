use super::*;
use crate::record::{APPROVAL, ATTACHMENT, CONTRACT, Number, RECEIPT, Row};

fn money(text: &str) -> Value {
    Value::Money(Money::parse(text).unwrap())
}

fn opportunity(stage: &str, fields: &[(&str, Value)]) -> Record {
    let mut record = Record::new(OPPORTUNITY, Number::sequence("OPP", 2026, 1, 3));
    record.set("stage", Value::text(stage));
    fields.iter().for_each(|(key, value)| drop(record.set(key, value.clone())));
    record
}

fn row(fields: &'static [crate::record::Field], values: &[(&str, Value)]) -> Row {
    let mut row = Row::new(fields);
    values.iter().for_each(|(key, value)| drop(row.set(key, value.clone())));
    row
}

/// An opportunity in a stage with all that an opportunity has by itself, but for `without`.
fn whole(stage: &str, without: &[&str]) -> Record {
    let text = Value::text;
    let all = [
        ("customer", text("B2B-2026-001")),
        ("amount", money("1000")),
        ("expected_on", Value::Date("2026-05-01".parse().unwrap())),
        ("products", Value::Texts(vec!["DESK-01".into()])),
        ("service_period", text("2026")),
        ("payment_terms", text("30 days")),
        ("customer_confirmed", Value::Flag(true)),
        ("actual_amount", money("900")),
        ("contract_number", text("HT-1")),
    ];
    let mut one = opportunity(stage, &all);
    let files = ["quote", "contract_draft", "contract"].into_iter().filter(|kind| !without.contains(kind));
    let file = |kind: &str| {
        let path = Value::text(format!("attachments/OPP-2026-001/{kind}.pdf"));
        row(ATTACHMENT, &[("kind", Value::text(kind)), ("path", path)])
    };
    one.set("attachments", Value::Rows(files.map(file).collect()));
    without.iter().for_each(|key| drop(one.remove(key)));
    one
}

fn contract(fields: &[(&str, Value)]) -> Record {
    let mut record = Record::new(CONTRACT, Number::sequence("CON", 2026, 1, 3));
    fields.iter().for_each(|(key, value)| drop(record.set(key, value.clone())));
    record
}

fn missing(gaps: &[Gap]) -> String {
    let one = |gap: &Gap| match gap {
        Gap::Material(alternatives) => alternatives.join("|"),
        Gap::Approval { amount, .. } => format!("approval {amount}"),
        Gap::Skipped(stages) => format!("skipped {}", stages.join(",")),
    };
    gaps.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_stage_wants_its_materials_and_those_of_the_stages_before() {
    let stages = Config::default().stages;
    let lacks = |one: &Record| missing(&gaps(one, &[], &stages));
    assert_eq!(lacks(&opportunity("needs", &[])), "customer amount expected_on");
    assert_eq!(lacks(&opportunity("lost", &[])), "lost_reason lost_stage");
    for stage in ["needs", "proposal", "negotiation", "won"] {
        assert_eq!(lacks(&whole(stage, &[])), "", "{stage}");
    }
    for (stage, without, lacking) in [
        ("proposal", "quote", "quote|proposal"),
        ("negotiation", "quote", "quote|proposal"),
        ("negotiation", "contract_draft", "contract_draft"),
        ("won", "contract", "contract_signed|deposit_paid"),
        ("won", "products", "products"),
        ("won", "service_period", "service_period"),
        ("won", "payment_terms", "payment_terms"),
        ("won", "customer_confirmed", "customer_confirmed"),
        ("won", "actual_amount", "actual_amount"),
        ("won", "contract_number", "contract_number"),
        ("won", "expected_on", "expected_on"),
        ("negotiation", "products", ""),
    ] {
        assert_eq!(lacks(&whole(stage, &[without])), lacking, "{stage} without {without}");
    }
    let mut elsewhere = whole("proposal", &[]);
    let quote = [("kind", Value::text("quote")), ("path", Value::text("attachments/OPP-2026-002/quote.pdf"))];
    elsewhere.set("attachments", Value::Rows(vec![row(ATTACHMENT, &quote)]));
    assert_eq!(lacks(&elsewhere), "quote|proposal", "a file of another record is none of its own");
    let mut unconfirmed = whole("won", &[]);
    unconfirmed.set("customer_confirmed", Value::Flag(false));
    assert_eq!(lacks(&unconfirmed), "customer_confirmed", "a no is none");
    let mut waived = opportunity("won", &[("materials_waived", Value::text("from the old system"))]);
    assert_eq!(lacks(&waived), "");
    waived.set("materials_waived", Value::text(" "));
    assert!(!lacks(&waived).is_empty(), "a blank is no reason");
    assert_eq!(lacks(&opportunity("unknown", &[])), "");
}

#[test]
fn contracts_show_what_they_are() {
    let stages = Config::default().stages;
    let bare = whole("won", &["contract", "contract_draft", "contract_number"]);
    let receipts = |amounts: &[&str]| {
        Value::Rows(amounts.iter().map(|amount| row(RECEIPT, &[("amount", money(amount))])).collect())
    };
    let status = |key: &str| ("status", Value::text(key));
    for (fields, lacking) in [
        (vec![status("draft")], "contract_signed|deposit_paid"),
        (vec![status("signed")], ""),
        (vec![status("terminated")], ""),
        (vec![status("draft"), ("receipts", receipts(&["300"]))], ""),
        (vec![status("draft"), ("amount", money("1000")), ("receipts", receipts(&["300"]))], ""),
        (vec![status("draft"), ("receipts", receipts(&["300", "-300"]))], "contract_signed|deposit_paid"),
    ] {
        assert_eq!(missing(&gaps(&bare, &[&contract(&fields)], &stages)), lacking, "{fields:?}");
    }
    let planned = |received: &str| {
        let instalment = [("name", Value::text("deposit")), ("amount", money("300"))];
        let plan = Value::Rows(vec![row(crate::record::INSTALMENT, &instalment)]);
        let one = contract(&[status("draft"), ("plan", plan), ("receipts", receipts(&[received]))]);
        missing(&gaps(&bare, &[&one], &stages))
    };
    assert_eq!([planned("299.99"), planned("300")], ["contract_signed|deposit_paid", ""], "the first instalment");
    let dear = contract(&[status("signed"), ("amount", money("800000"))]);
    assert_eq!(missing(&gaps(&whole("won", &[]), &[&dear], &stages)), "approval 800000.00", "whatever it is won for");
    assert_eq!(missing(&gaps(&bare, &[], &stages)), "contract_draft contract_signed|deposit_paid contract_number");
    assert_eq!(own_gaps(&bare, &stages), [], "a contract might show it");
    assert_eq!(missing(&own_gaps(&whole("won", &["quote"]), &stages)), "quote|proposal", "none can");
    let termless = whole("won", &["products", "service_period", "payment_terms"]);
    assert_eq!(
        missing(&gaps(&termless, &[&contract(&[status("signed")])], &stages)),
        "products service_period payment_terms"
    );
    let text = |key: &'static str| (key, Value::text("x"));
    let told = [
        status("signed"),
        ("products", Value::Texts(vec!["DESK-01".into()])),
        text("service_period"),
        text("payment_terms"),
    ];
    assert_eq!(missing(&gaps(&termless, &[&contract(&told)], &stages)), "", "the contract says it");
}

#[test]
fn much_wants_an_approval_of_as_much() {
    let stages = Config::default().stages;
    let approved = |amounts: &[&str]| {
        Value::Rows(amounts.iter().map(|amount| row(APPROVAL, &[("amount", money(amount))])).collect())
    };
    for (stage, actual, approvals, lacking) in [
        ("won", "500000.00", &[][..], ""),
        ("won", "500000.01", &[], "approval 500000.01"),
        ("won", "600000", &["599999.99"], "approval 600000.00"),
        ("won", "600000", &["700000", "1"], ""),
        ("negotiation", "600000", &[], ""),
    ] {
        let mut one = whole(stage, &[]);
        one.set("actual_amount", money(actual));
        one.set("approvals", approved(approvals));
        assert_eq!(missing(&gaps(&one, &[], &stages)), lacking, "{stage} {actual} {approvals:?}");
        let waits = stage == "negotiation" && approvals.is_empty();
        assert_eq!(awaits_approval(&one, &stages).is_some(), waits, "{stage} {actual}");
    }
    for (currency, lacking) in [("USD", "approval 90000.00"), ("CNY", ""), ("cny", "")] {
        let mut one = whole("won", &[]);
        one.set("actual_amount", money("90000"));
        one.set("currency", Value::text(currency));
        assert_eq!(missing(&gaps(&one, &[], &stages)), lacking, "no rate is kept: {currency}");
        let of_currency = [("amount", money("90000")), ("currency", Value::text(currency.to_uppercase()))];
        one.set("approvals", Value::Rows(vec![row(APPROVAL, &of_currency)]));
        assert_eq!(missing(&gaps(&one, &[], &stages)), "", "{currency}");
        one.set("currency", Value::text("EUR"));
        assert_eq!(
            missing(&gaps(&one, &[], &stages)),
            "approval 90000.00",
            "what was approved in {currency} was not euros"
        );
    }
    let free = Stages { approval_above: None, ..stages };
    let mut one = whole("won", &[]);
    one.set("actual_amount", money("900000000"));
    assert_eq!(gaps(&one, &[], &free), []);
}

#[test]
fn stages_are_taken_one_by_one_and_back_at_will() {
    let stages = Config::default().stages;
    let lost_in = |stage: &str| opportunity("lost", &[("lost_stage", Value::text(stage))]);
    let step = |before: &Record, to: &str| {
        skipped(before, &opportunity(to, &[]), &stages).map_or(String::new(), |gap| missing(&[gap]))
    };
    for (from, to, passed) in [
        ("needs", "proposal", ""),
        ("needs", "negotiation", "skipped proposal"),
        ("needs", "won", "skipped proposal,negotiation"),
        ("negotiation", "won", ""),
        ("won", "needs", ""),
        ("needs", "lost", ""),
        ("needs", "needs", ""),
        ("unknown", "won", "skipped needs,proposal,negotiation"),
        ("proposal", "unknown", ""),
    ] {
        assert_eq!(step(&opportunity(from, &[]), to), passed, "{from} to {to}");
    }
    assert_eq!(step(&lost_in("proposal"), "negotiation"), "");
    assert_eq!(step(&lost_in("proposal"), "won"), "skipped negotiation");
    assert_eq!(step(&opportunity("lost", &[]), "won"), "skipped needs,proposal,negotiation");
    let waived = opportunity("won", &[("materials_waived", Value::text("old"))]);
    assert_eq!(skipped(&opportunity("needs", &[]), &waived, &stages), None);
}
