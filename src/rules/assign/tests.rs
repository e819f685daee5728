//! Who gets a lead: each rule of the choice by itself, then what holds of any team.

use super::*;
use crate::record::{Kind, PRODUCT, Row, Value};
use crate::rules::config::Rule;
use crate::rules::{AsOf, Config};
use chrono::{Duration, TimeZone};
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;
use std::sync::LazyLock;

/// Makes a record from `key=value` words; lists are parted by commas.
fn record(kind: Kind, number: &str, words: &str) -> Record {
    let mut record = Record::new(kind, Number::parse(number).unwrap());
    for (key, text) in words.split_whitespace().filter_map(|word| word.split_once('=')) {
        let is_list = kind.field(key).unwrap().is_list();
        let value = match (text.parse(), DateTime::parse_from_rfc3339(text), text.parse(), is_list) {
            (.., true) => Value::Texts(text.split(',').map(Into::into).collect()),
            (Ok(day), ..) => Value::Date(day),
            (_, Ok(moment), ..) => Value::Moment(moment),
            (_, _, Ok(number), _) => Value::Integer(number),
            _ if text == "yes" => Value::Flag(true),
            _ => Value::text(text),
        };
        record.set(key, value);
    }
    record
}

fn lead(n: usize, words: &str) -> Record {
    record(LEAD, &format!("LEAD-2026-{n:03}"), words)
}

fn user(login: &str, words: &str) -> Record {
    record(USER, login, &format!("role=sales {words}"))
}

/// A lead of grade A.
const BEST: &str = "urgency=within_3_months budget_fit=within size=large decision_chain=confirmed";

/// Makes a snapshot as of noon on March 12.
fn snapshot(rules: Vec<Rule>, records: Vec<Record>) -> Snapshot {
    static CONFIG: LazyLock<Config> = LazyLock::new(Config::default);
    let mut config = CONFIG.clone();
    config.assignment.rules = rules;
    let moment = Shanghai.with_ymd_and_hms(2026, 3, 12, 12, 0, 0).unwrap();
    Snapshot::new(config, AsOf { moment, commit: None, edited: false }, records)
}

fn waiting(snapshot: &Snapshot) -> HashSet<Number> {
    snapshot.records(LEAD).iter().filter(|lead| is_waiting(lead)).map(|lead| lead.number.clone()).collect()
}

/// Returns who gets lead 1 and why, then each other candidate with why not.
fn decided(rules: Vec<Rule>, one: &str, others: Vec<Record>) -> Vec<String> {
    let mut records = others;
    records.push(lead(1, &format!("status=new {one}")));
    let snapshot = snapshot(rules, records);
    let numbers = HashSet::from([Number::parse("LEAD-2026-001").unwrap()]);
    let verdicts = assign_all(&numbers, &snapshot, &|login| login != "closed");
    let told = |one: &Candidate<'_>| format!("{}: {}", one.login, one.why().en);
    let mut lines: Vec<String> = verdicts[0].candidates.iter().map(told).collect();
    lines[0] = format!("{} {}", if verdicts[0].is_assigned { "+" } else { "-" }, lines[0]);
    lines
}

#[test]
fn seniors_come_first_for_their_grades_only() {
    let team = || vec![user("old", "senior=yes"), user("new", ""), lead(2, "status=working owner=old")];
    assert_eq!(decided(vec![], BEST, team()), ["+ old: senior first", "new: not senior"]);
    assert_eq!(
        decided(vec![], "size=small", team()),
        ["+ new: fewest open leads (0)", "old: has more open leads"],
        "grade C"
    );
}

#[test]
fn what_fits_comes_before_what_is_free_before_what_is_another_s() {
    let team = || {
        vec![
            user("east", "regions=浙江,江苏"),
            user("any", ""),
            user("north", "regions=北京"),
            lead(2, "status=working owner=east"),
        ]
    };
    let lines = ["+ east: fits by region", "any: fits less", "north: fits less"];
    assert_eq!(decided(vec![], "region=浙江杭州", team()), lines);
    let away = decided(vec![], "region=广东", team());
    assert_eq!(away[0], "+ any: not another's region or product");
    assert_eq!(decided(vec![], "", team())[0], "+ any: first by login", "nothing is known of where it is");
}

#[test]
fn skills_and_products_go_by_any_of_their_names() {
    let desk = || record(PRODUCT, "DESK-01", "name=升降桌 series=办公设备");
    let team = |words: &str| vec![desk(), user("a", ""), user("b", words)];
    for (words, one) in [
        ("skills=制造业", "industry=manufacturing"),
        ("skills=办公设备", "product=升降桌"),
        ("skills=high_potential", "tags=high_potential"),
        ("products=DESK-01", "product=升降桌"),
    ] {
        assert!(decided(vec![], one, team(words))[0].starts_with("+ b: fits by"), "{words} {one}");
    }
    assert_eq!(decided(vec![], "product=椅子", team("products=DESK-01"))[0], "+ a: not another's region or product");
}

#[test]
fn who_is_barred_gets_nothing_and_is_told_why() {
    let mut away = user("away", "");
    let mut absence = Row::new(crate::record::table_fields(USER.field("absences").unwrap()).unwrap());
    absence.set("from", Value::Date("2026-03-12".parse().unwrap()));
    absence.set("to", Value::Date("2026-03-13".parse().unwrap()));
    away.set("absences", Value::Rows(vec![absence]));
    let today = "status=assigned assigned_at=2026-03-12T00:30:00+08:00";
    let others = vec![
        away,
        user("gone", "left_on=2026-03-11"),
        user("last.day", "left_on=2026-03-12 daily_cap=1 open_cap=1"),
        user("closed", ""),
        lead(2, &format!("{today} owner=last.day")),
        lead(3, "status=disqualified owner=last.day"),
    ];
    let lines = [
        "- away: absent until 2026-03-13",
        "closed: not yours to assign to",
        "gone: left on 2026-03-11",
        "last.day: daily cap of 1 reached, cap of 1 open leads reached",
    ];
    assert_eq!(decided(vec![], "", others), lines);
    assert_eq!(decided(vec![], "", vec![user("b", ""), user("a", "daily_cap=0")])[0], "+ b: nobody else is free");
}

#[test]
fn longest_without_a_lead_then_by_login() {
    let assigned = |n, login: &str, day: u32| {
        lead(n, &format!("status=converted owner={login} assigned_at=2026-03-{day:02}T09:00:00+08:00"))
    };
    let team = || vec![user("a", ""), user("b", ""), user("c", ""), assigned(2, "a", 2), assigned(3, "b", 1)];
    let lines = ["+ c: longest without a lead", "b: got one more recently", "a: got one more recently"];
    assert_eq!(decided(vec![], "", team()), lines);
    let mut more = team();
    more.push(user("ab", ""));
    assert_eq!(decided(vec![], "", more)[..2], ["+ ab: first by login", "c: later by login"]);
}

#[test]
fn the_first_rule_that_fits_names_all_there_are() {
    let texts = |all: &[&str]| all.iter().map(|text| text.to_string()).collect::<Vec<_>>();
    let rules = || {
        let exact = Rule { source: texts(&["marketing"]), region: texts(&["浙江"]), ..Rule::default() };
        let graded = Rule { grade: texts(&["A"]), to: texts(&["ghost", "gone", "ghost"]), ..Rule::default() };
        vec![Rule { to: texts(&["boss"]), ..exact }, graded]
    };
    let team = || vec![user("rep", ""), record(USER, "boss", "role=manager"), user("gone", "left_on=2026-01-01")];
    let by_group = decided(rules(), "source=exhibition region=浙江宁波", team());
    assert_eq!(by_group, ["+ boss: nobody else is free"], "a group stands for its channels");
    let barred = decided(rules(), BEST, team());
    assert_eq!(barred, ["- ghost: no such user", "gone: left on 2026-01-01"], "rule 2 holds, and nobody is left");
    assert_eq!(decided(rules(), "source=exhibition region=北京", team())[0], "+ rep: nobody else is free");
}

#[test]
fn each_lead_counts_for_the_next() {
    let leads = (1..=5).rev().map(|n| lead(n, "status=new"));
    let records = leads.chain([user("a", ""), user("b", "daily_cap=1")]).collect();
    let snapshot = snapshot(vec![], records);
    let verdicts = assign_all(&waiting(&snapshot), &snapshot, &|_| true);
    let told = |one: &Verdict<'_>| format!("{} {}", one.lead.number, one.chosen().map_or("", |chosen| chosen.login));
    let lines: Vec<String> = verdicts.iter().map(told).collect();
    let wanted = ["a", "b", "a", "a", "a"].iter().zip(1..).map(|(login, n)| format!("LEAD-2026-{n:03} {login}"));
    assert_eq!(lines, wanted.collect::<Vec<_>>());
    assert_eq!(verdicts[0].reason().en, "no rule, grade C; first by login");
    assert_eq!(verdicts[2].reason().zh, "无匹配规则，C 级；没有其他可分配的人");
}

#[test]
fn nobody_in_sales_is_told() {
    let snapshot = snapshot(vec![], vec![lead(1, "status=new"), record(USER, "boss", "role=manager")]);
    let verdicts = assign_all(&waiting(&snapshot), &snapshot, &|_| true);
    assert!(!verdicts[0].is_assigned);
    assert_eq!(verdicts[0].reason().en, "no rule, grade C; nobody is in sales");
}

/// A user: senior, left, daily cap, open cap, region.
type AnyUser = (bool, bool, i64, i64, Option<usize>);
/// A lead: owner, days ago it was assigned, grade A, region.
type AnyLead = (Option<usize>, i64, bool, usize);

const PLACES: [&str; 3] = ["浙江", "江苏", "北京"];

fn any_team() -> impl Strategy<Value = (Vec<AnyUser>, Vec<AnyLead>)> {
    let user = (any::<bool>(), prop::bool::weighted(0.2), 0i64..4, 0i64..6, prop::option::of(0usize..3));
    let lead = (prop::option::weighted(0.4, 0usize..5), 0i64..3, any::<bool>(), 0usize..3);
    (prop::collection::vec(user, 0..5), prop::collection::vec(lead, 0..14))
}

fn team(users: &[AnyUser], leads: &[AnyLead]) -> Vec<Record> {
    let login = |at: usize| format!("u{at}");
    let users = users.iter().enumerate().map(|(at, (senior, left, daily, open, place))| {
        let mut one = user(&login(at), &format!("daily_cap={daily} open_cap={open}"));
        one.set("senior", Value::Flag(*senior));
        if *left {
            one.set("left_on", Value::Date("2026-03-01".parse().unwrap()));
        }
        place.iter().for_each(|at| drop(one.set("regions", Value::Texts(vec![PLACES[*at].into()]))));
        one
    });
    let leads = leads.iter().enumerate().map(|(at, (owner, days, best, place))| {
        let facts = if *best { BEST } else { "size=small" };
        let mut one = lead(at + 1, &format!("status=new region={} {facts}", PLACES[*place]));
        if let Some(owner) = owner {
            let noon = Shanghai.with_ymd_and_hms(2026, 3, 12, 11, 0, 0).unwrap();
            one.set("owner", Value::text(login(*owner)));
            one.set("assigned_at", Value::Moment((noon - Duration::days(*days)).fixed_offset()));
        }
        one
    });
    users.chain(leads).collect()
}

proptest! {
    #[test]
    fn who_is_chosen_is_free_and_the_best_of_the_free((users, leads) in any_team()) {
        let snapshot = snapshot(vec![], team(&users, &leads));
        let verdicts = assign_all(&waiting(&snapshot), &snapshot, &|_| true);
        for verdict in &verdicts {
            let free = verdict.candidates.iter().filter(|one| one.bars.is_empty()).count();
            prop_assert_eq!(verdict.is_assigned, free > 0, "who is free gets it");
            let Some(chosen) = verdict.chosen() else { continue };
            prop_assert!(chosen.bars.is_empty());
            let senior_free = verdict.candidates.iter().any(|one| one.bars.is_empty() && one.senior);
            prop_assert!(verdict.grade != "A" || chosen.senior || !senior_free);
            prop_assert!(verdict.candidates.iter().all(|one| one.bars.is_empty() != (one.standing == Standing::Barred)));
        }
        for (at, (_, left, daily, open, _)) in users.iter().enumerate() {
            let login = format!("u{at}");
            let given = verdicts.iter().filter(|one| one.chosen().is_some_and(|one| one.login == login)).count() as i64;
            let held = leads.iter().filter(|(owner, ..)| *owner == Some(at)).count() as i64;
            let today = leads.iter().filter(|(owner, days, ..)| *owner == Some(at) && *days == 0).count() as i64;
            prop_assert!(given == 0 || (!left && today + given <= *daily && held + given <= *open));
        }
    }

    #[test]
    fn the_order_of_records_does_not_matter_and_one_by_one_is_all_at_once((users, leads) in any_team()) {
        let records = team(&users, &leads);
        let at_once = snapshot(vec![], records.iter().rev().cloned().collect());
        let wanted = waiting(&at_once);
        let chosen = |verdicts: &[Verdict<'_>]| -> Vec<Option<String>> {
            verdicts.iter().map(|one| one.chosen().map(|one| one.login.to_string())).collect()
        };
        let all = chosen(&assign_all(&wanted, &at_once, &|_| true));
        let (mut records, mut one_by_one) = (records, Vec::new());
        for lead in at_once.records(LEAD).iter().filter(|lead| wanted.contains(&lead.number)) {
            let step = snapshot(vec![], records.clone());
            let given = chosen(&assign_all(&HashSet::from([lead.number.clone()]), &step, &|_| true)).remove(0);
            if let (Some(login), Some(record)) = (&given, records.iter_mut().find(|one| one.number == lead.number)) {
                record.set("owner", Value::text(login.as_str()));
                record.set("assigned_at", Value::Moment(step.as_of.moment.fixed_offset()));
            }
            one_by_one.push(given);
        }
        prop_assert_eq!(all, one_by_one);
    }
}
