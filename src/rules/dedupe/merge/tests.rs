//! What records come to as one.

use super::*;
use crate::record::{CONTACT, CUSTOMER, Kind, changes};
use proptest::prelude::*;

fn record(kind: Kind, number: &str, fields: &[(&str, &str)]) -> Record {
    let mut record = Record::new(kind, Number::parse(number).unwrap());
    for (key, text) in fields {
        let value = match kind.field(key).unwrap().ty {
            FieldType::Date => Value::Date(text.parse().unwrap()),
            FieldType::Texts | FieldType::Keys(_) => Value::Texts(text.split(',').map(Box::from).collect()),
            _ => Value::text(*text),
        };
        record.set(key, value);
    }
    record
}

fn with_contacts(mut customer: Record, contacts: &[&[(&str, &str)]]) -> Record {
    let row = |fields: &&[(&str, &str)]| {
        let mut row = Row::new(CONTACT);
        fields.iter().for_each(|(key, text)| drop(row.set(key, Value::text(*text))));
        row
    };
    customer.set("contacts", Value::Rows(contacts.iter().map(row).collect()));
    customer
}

fn lost(merged: &Merged) -> Vec<String> {
    merged.lost.iter().map(|one| format!("{} {}", one.number, one.path)).collect()
}

#[test]
fn the_survivor_stands_and_gaps_are_filled_in_order() {
    let all = [
        record(
            CUSTOMER,
            "B2B-2026-001",
            &[("name", "甲"), ("type", "potential"), ("acquired_on", "2026-03-01"), ("remark", "一")],
        ),
        record(
            CUSTOMER,
            "B2B-2026-002",
            &[("name", "乙"), ("type", "won"), ("acquired_on", "2026-02-01"), ("remark", "二"), ("tags", "a,b")],
        ),
        record(
            CUSTOMER,
            "B2B-2026-003",
            &[("name", "甲"), ("website", "c.cn"), ("acquired_on", "2026-04-01"), ("tags", "b,c")],
        ),
    ];
    let merged = merge(&all[0], &all[1..], &[]);
    let expected = record(
        CUSTOMER,
        "B2B-2026-001",
        &[
            ("name", "甲"),
            ("type", "potential"),
            ("website", "c.cn"),
            ("acquired_on", "2026-02-01"),
            ("tags", "a,b,c"),
            ("remark", "一\n二"),
            (MERGED_FROM, "B2B-2026-002,B2B-2026-003"),
        ],
    );
    assert_eq!(merged.record, expected);
    assert_eq!(lost(&merged), ["B2B-2026-002 type", "B2B-2026-002 name"]);
}

#[test]
fn what_goes_together_stays_together() {
    let lead = |number: &str, fields: &[(&str, &str)]| record(LEAD, number, fields);
    let ours = lead(
        "LEAD-2026-001",
        &[("status", "new"), ("source", "hotline"), ("industry", "retail"), ("pool_reason", "x")],
    );
    let theirs = lead(
        "LEAD-2026-002",
        &[
            ("status", "disqualified"),
            ("disqualify_reason", "fake"),
            ("source", "customer"),
            ("source_note", "y"),
            ("industry", "retail"),
            ("industry_note", "z"),
            ("owner", "li"),
        ],
    );
    let merged = merge(&ours, &[theirs], &[]);
    let expected = lead(
        "LEAD-2026-001",
        &[
            ("status", "assigned"),
            ("source", "hotline"),
            ("industry", "retail"),
            ("industry_note", "z"),
            ("owner", "li"),
            (MERGED_FROM, "LEAD-2026-002"),
        ],
    );
    assert_eq!(merged.record, expected, "who owns it owns it whole, and a note of another source is none");
    assert_eq!(
        lost(&merged),
        [
            "LEAD-2026-002 status",
            "LEAD-2026-002 disqualify_reason",
            "LEAD-2026-002 source",
            "LEAD-2026-002 source_note",
            "LEAD-2026-001 pool_reason"
        ]
    );
}

#[test]
fn contacts_are_joined_by_name_and_keep_every_number() {
    let customer = |number: &str| record(CUSTOMER, number, &[("name", "甲")]);
    let ours = with_contacts(
        customer("B2B-2026-001"),
        &[&[("name", "李工"), ("work_phone", "1")], &[("name", "李工"), ("title", "second")]],
    );
    let theirs = with_contacts(
        customer("B2B-2026-002"),
        &[
            &[("name", "李工 "), ("work_phone", "2"), ("title", "first")],
            &[("name", "李工"), ("title", "other")],
            &[("name", "李工")],
            &[("name", "王工")],
        ],
    );
    let merged = merge(&ours, &[theirs], &[]);
    let told: Vec<String> = merged
        .record
        .rows("contacts")
        .iter()
        .map(|row| {
            format!(
                "{:?} {:?} {:?} {:?}",
                row.text("name"),
                row.text("title"),
                row.text("work_phone"),
                row.texts("other_phones")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            r#"Some("李工") Some("first") Some("1") ["2"]"#,
            r#"Some("李工") Some("second") None []"#,
            r#"Some("李工") None None []"#,
            r#"Some("王工") None None []"#
        ]
    );
    assert_eq!(merged.lost[0].path, "contacts.李工.name", "a blank more is another text");
    assert_eq!((&*merged.lost[1].path, &*merged.lost[1].place), ("contacts.李工#2.title", "contacts.title"));
    assert_eq!(merged.lost.len(), 2);
}

#[test]
fn what_is_taken_stands_with_what_goes_with_it() {
    let ours = record(
        LEAD,
        "LEAD-2026-001",
        &[("phone", "1"), ("industry", "it"), ("industry_note", "软件"), ("region", "a")],
    );
    let theirs = record(LEAD, "LEAD-2026-002", &[("phone", "2"), ("industry", "retail"), ("region", "b")]);
    let take = |key: &str| Take { from: theirs.number.clone(), what: What::Field(LEAD.field(key).unwrap()) };
    let merged = merge(&ours, std::slice::from_ref(&theirs), &[take("phone"), take("industry")]);
    let expected = record(
        LEAD,
        "LEAD-2026-001",
        &[
            ("phone", "2"),
            ("other_phones", "1"),
            ("industry", "retail"),
            ("region", "a"),
            (MERGED_FROM, "LEAD-2026-002"),
        ],
    );
    assert_eq!(merged.record, expected);
    assert_eq!(lost(&merged), ["LEAD-2026-001 industry", "LEAD-2026-001 industry_note", "LEAD-2026-002 region"]);
}

#[test]
fn a_budget_is_never_made_of_two() {
    let money = |text: &str| Value::Money(crate::record::Money::parse(text).unwrap());
    let mut ours = record(LEAD, "LEAD-2026-001", &[]);
    ours.set("budget_max", money("200"));
    let mut theirs = record(LEAD, "LEAD-2026-002", &[]);
    theirs.set("budget_min", money("300"));
    theirs.set("budget_max", money("500"));
    let merged = merge(&ours, &[theirs], &[]);
    assert_eq!((merged.record.get("budget_min"), merged.record.money("budget_max")), (None, ours.money("budget_max")));
    assert_eq!(lost(&merged), ["LEAD-2026-002 budget_min", "LEAD-2026-002 budget_max"]);
}

#[test]
fn numbers_that_went_and_that_differ_are_kept() {
    let ours = record(CUSTOMER, "B2B-2026-001", &[(MERGED_FROM, "B2B-2025-001"), (DISTINCT_FROM, "B2B-2026-009")]);
    let theirs = record(
        CUSTOMER,
        "B2B-2026-002",
        &[(MERGED_FROM, "B2B-2025-002"), (DISTINCT_FROM, "B2B-2026-008,B2B-2026-009")],
    );
    let merged = merge(&ours, &[theirs], &[]).record;
    assert_eq!(merged.texts(MERGED_FROM).join(" "), "B2B-2025-001 B2B-2025-002 B2B-2026-002");
    assert_eq!(merged.texts(DISTINCT_FROM).join(" "), "B2B-2026-009 B2B-2026-008");
}

/// Fields of a lead of every sort: led and leading, a pair, lists, texts, days.
const KEYS: [&str; 16] = [
    "status",
    "company",
    "phone",
    "other_phones",
    "email",
    "industry",
    "industry_note",
    "source",
    "source_note",
    "acquired_on",
    "owner",
    "pool_reason",
    "tags",
    "disqualify_reason",
    "evidence",
    "remark",
];

/// Makes a lead of the values chosen.
fn lead_of((at, values): (usize, &Vec<Option<usize>>)) -> Record {
    let texts = |key: &str| match key {
        "acquired_on" => ["2026-01-01", "2026-01-02", "2026-01-03"],
        _ => ["x", "y", "z"],
    };
    let fields: Vec<(&str, &str)> =
        KEYS.iter().zip(values).filter_map(|(key, value)| Some((*key, texts(key)[(*value)?]))).collect();
    record(LEAD, &format!("LEAD-2026-00{at}"), &fields)
}

proptest! {
    #[test]
    fn every_value_stands_or_is_said_to_give_way(values in proptest::collection::vec(proptest::collection::vec(proptest::option::of(0usize..3), KEYS.len()), 2..5), take in proptest::option::of((0usize..5, 0usize..KEYS.len()))) {
        let all: Vec<Record> = values.iter().enumerate().map(lead_of).collect();
        let take = take.and_then(|(at, key)| {
            let field = LEAD.field(KEYS[key]).filter(|field| field.follows.is_none() && !field.is_list())?;
            let from = all.get(at).filter(|lead| lead.get(field.key).is_some())?;
            Some(Take { from: from.number.clone(), what: What::Field(field) })
        });
        let takes: Vec<Take> = take.into_iter().collect();
        let merged = merge(&all[0], &all[1..], &takes);
        prop_assert_eq!(&merge(&all[0], &all[1..], &takes), &merged);
        for lead in &all {
            for (field, value) in lead.iter() {
                let stands = match (value, merged.record.get(field.key)) {
                    (Value::Texts(old), Some(Value::Texts(new))) => old.iter().all(|text| new.contains(text) || merged.record.text("phone") == Some(text)),
                    (Value::Texts(old), None) => old.iter().all(|text| merged.record.text("phone") == Some(text)),
                    (Value::Text(old), Some(Value::Text(new))) if field.key == "remark" => new.lines().any(|line| *line == **old),
                    (Value::Text(old), _) if field.key == "phone" => merged.record.text("phone") == Some(old) || merged.record.texts("other_phones").contains(old),
                    (Value::Date(old), Some(Value::Date(new))) => new <= old,
                    (old, new) => Some(old) == new,
                };
                let is_told = merged.lost.iter().any(|one| [&lead.number, &all[0].number].contains(&&one.number) && one.path == field.key && one.value == *value);
                prop_assert!(stands || is_told, "{} {} {:?} {:?}", lead.number, field.key, merged.record.get(field.key), merged.lost);
            }
        }
        let stays = changes(Some(&all[0].row), Some(&merged.record.row));
        let is_free = |path: &str| LEAD.field(path).is_some_and(|field| field.follows.is_none());
        let united = ["other_phones", "tags", "remark", "acquired_on", MERGED_FROM];
        let mut replaced = stays.iter().filter(|one| one.old.is_some() && is_free(&one.path) && !united.contains(&one.path.as_str()));
        prop_assert!(!takes.is_empty() || replaced.next().is_none(), "{:?}", stays);
    }
}
