//! What each source calls for, and that a follow-up never hastens anything.

use super::*;
use crate::record::{CUSTOMER, FOLLOWUP, Kind, LEAD, Number, OPPORTUNITY, Value};
use crate::rules::{AsOf, Config};
use chrono::Duration;
use proptest::prelude::*;

const ZONE: Tz = Tz::Asia__Shanghai;

fn at(text: &str) -> DateTime<Tz> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().with_timezone(&ZONE)
}

fn record(kind: Kind, number: &str, fields: &[(&str, Value)]) -> Record {
    let mut record = Record::new(kind, Number::parse(number).unwrap());
    fields.iter().for_each(|(key, value)| _ = record.set(key, value.clone()));
    record
}

fn day(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

fn customer(fields: &[(&str, Value)]) -> Record {
    let usual = [("type", Value::text("won")), ("level", Value::text("mid")), ("acquired_on", day("2026-01-05"))];
    record(CUSTOMER, "B2B-2026-001", &[&usual, fields].concat())
}

/// An opportunity with that customer.
fn opportunity() -> Record {
    let fields =
        [("stage", Value::text("needs")), ("customer", Value::text("B2B-2026-001")), ("opened_on", day("2026-03-01"))];
    record(OPPORTUNITY, "OPP-2026-001", &fields)
}

fn followup(n: usize, subject: &str, moment: DateTime<Tz>, next: Option<NaiveDate>) -> Record {
    let mut fields = vec![("at", Value::Moment(moment.fixed_offset())), ("subject", Value::text(subject))];
    fields.extend(next.map(|day| ("next_on", Value::Date(day))));
    record(FOLLOWUP, &format!("f{n}"), &fields)
}

fn snapshot(records: Vec<Record>, now: DateTime<Tz>) -> Snapshot {
    Snapshot::new(Config::default(), AsOf { moment: now, commit: None, edited: false }, records)
}

/// Returns the rules and days of all that is due by the end of the year, as `rule 03-12 3` with the days it is late.
fn due(subject: &Record, touches: &[&str], now: &str) -> Vec<String> {
    let number = subject.number.as_str();
    let touches = touches.iter().enumerate().map(|(n, touch)| followup(n, number, at(touch), None));
    let snapshot = snapshot(touches.chain([subject.clone()]).collect(), at(now));
    let tasks = tasks(&snapshot, "2026-12-31".parse().unwrap(), |_| true);
    let told = tasks.iter().map(|Task { due, .. }| {
        let late = due.overdue_by.map(|late| format!(" {}", late.num_days())).unwrap_or_default();
        format!("{} {}{late}", due.rule, due.at.format("%m-%d"))
    });
    told.collect()
}

fn is_care(told: &str) -> bool {
    ["festival", "birthday", "anniversary"].iter().any(|rule| told.starts_with(rule))
}

/// Returns what is due but for days to greet at.
fn planned(subject: &Record, touches: &[&str], now: &str) -> Vec<String> {
    due(subject, touches, now).into_iter().filter(|told| !is_care(told)).collect()
}

#[test]
fn renewals_are_reminded_of_three_times_and_on_the_day() {
    let customer = customer(&[("renewal_on", day("2026-09-30"))]);
    for (touches, now, expected) in [
        // Days before: 07-02, 08-01, 08-31.
        (&["2026-05-10T10:00"][..], "2026-06-12T09:00", "refresh 06-10 2, renewal 07-02, repeat 08-10"),
        (&["2026-05-10T10:00"], "2026-07-20T09:00", "refresh 06-10 40, renewal 07-02 18, repeat 08-10"),
        (&["2026-07-02T10:00"], "2026-07-20T09:00", "renewal 08-01, refresh 08-02, repeat 10-02"),
        (&["2026-08-31T10:00"], "2026-09-01T09:00", "refresh 10-01, repeat 11-30"),
        (&["2026-09-30T10:00"], "2026-10-02T09:00", "renewal-day 09-30 2, refresh 10-31, repeat 12-30"),
    ] {
        assert_eq!(planned(&customer, touches, now).join(", "), expected, "{touches:?} at {now}");
    }
    let mut churned = customer.clone();
    churned.set("type", Value::text("churned"));
    assert!(due(&churned, &[], "2026-10-02T09:00").is_empty());
}

#[test]
fn a_new_owner_sees_what_was_promised_beside_the_first_response() {
    let mut lead =
        record(LEAD, "LEAD-2026-001", &[("status", Value::text("working")), ("expected_on", day("2026-04-20"))]);
    for (key, text) in [("budget_fit", "within"), ("decision_chain", "confirmed"), ("intent", "requested_proposal")] {
        lead.set(key, Value::text(text));
    }
    lead.set("assigned_at", Value::Moment(at("2026-03-12T09:30").fixed_offset()));
    let told = |touches: &[(&str, Option<&str>)]| {
        let touches = touches.iter().enumerate();
        let touch = |(n, (touch, next)): (usize, &(&str, Option<&str>))| {
            followup(n, "LEAD-2026-001", at(touch), next.map(|next| next.parse().unwrap()))
        };
        let snapshot = snapshot(touches.map(touch).chain([lead.clone()]).collect(), at("2026-03-12T10:00"));
        let tasks = tasks(&snapshot, "2026-12-31".parse().unwrap(), |_| true);
        let told: Vec<String> =
            tasks.iter().map(|Task { due, .. }| format!("{} {}", due.rule, due.at.format("%m-%d"))).collect();
        told.join(", ")
    };
    let before = ("2026-03-10T15:00", Some("2026-03-20"));
    assert_eq!(told(&[before]), "first-response 03-13, promised 03-20");
    assert_eq!(told(&[("2026-03-10T15:00", Some("2026-03-12"))]), "promised 03-12");
    assert_eq!(told(&[before, ("2026-03-12T09:45", None)]), "promised 03-20");
    assert_eq!(told(&[("2026-03-10T15:00", None)]), "first-response 03-13");
}

#[test]
fn a_return_to_the_pool_is_warned_of_two_days_before() {
    let fields = [("status", Value::text("new")), ("acquired_on", day("2026-03-02")), ("owner", Value::text("li"))];
    let lead = record(LEAD, "LEAD-2026-001", &fields);
    let warned = |touches: &[&str], now: &str| {
        due(&lead, touches, now).into_iter().find(|told| told.starts_with("recycle")).unwrap_or_default()
    };
    // No first response for more than seven days: it goes back on the tenth.
    assert_eq!(warned(&[], "2026-03-07T09:00"), "");
    assert_eq!(warned(&[], "2026-03-08T09:00"), "recycle 03-09");
    assert_eq!(warned(&[], "2026-03-11T09:00"), "recycle 03-09 2");
    assert_eq!(warned(&["2026-03-08T10:00"], "2026-03-08T11:00"), "");
}

#[test]
fn days_to_think_of_a_customer_at() {
    use crate::record::{CONTACT, Row};
    let mut all = customer(&[("founded_on", day("2010-06-18")), ("first_cooperation_on", day("2024-06-25"))]);
    let contact = |name: &str, birthday: &str, is_out: bool| {
        let mut row = Row::new(CONTACT);
        row.set("name", Value::text(name));
        row.set("birthday", Value::text(birthday));
        row.set("opted_out", Value::Flag(is_out));
        row
    };
    let contacts = [contact("A", "06-20", false), contact("B", "lunar 05-05", false), contact("C", "06-21", true)];
    all.set("contacts", Value::Rows(contacts.to_vec()));
    let care = |subject: &Record, touches: &[&str], now: &str| {
        let of_june = due(subject, touches, now).into_iter().filter(|told| is_care(told) && told.contains("06-"));
        of_june.collect::<Vec<_>>().join(", ")
    };
    // The Dragon Boat Festival of 2026 is on 19 June.
    let expected = "anniversary 06-18, festival 06-19, birthday 06-19, birthday 06-20, anniversary 06-25";
    assert_eq!(care(&all, &[], "2026-06-01T09:00"), expected);
    let new = customer(&[("founded_on", day("2026-06-03")), ("first_cooperation_on", day("2026-06-02"))]);
    assert_eq!(care(&new, &[], "2026-06-01T09:00"), "festival 06-19", "the day itself is no anniversary");
    assert_eq!(care(&new, &[], "2026-06-05T09:00"), "festival 06-19");
    // A call on the eve meets what is near; what was not met stands a week.
    assert_eq!(care(&all, &["2026-06-17T10:00"], "2026-06-17T11:00"), "anniversary 06-25");
    let late = "anniversary 06-18 3, festival 06-19 2, birthday 06-19 2, birthday 06-20 1, anniversary 06-25";
    assert_eq!(care(&all, &[], "2026-06-21T09:00"), late);
    assert_eq!(care(&all, &[], "2026-06-28T09:00"), "anniversary 06-25 3");
    all.set("contacts", Value::Rows(vec![contact("C", "06-21", true)]));
    assert_eq!(
        care(&all, &[], "2026-06-01T09:00"),
        "anniversary 06-18, anniversary 06-25",
        "nobody wants to be greeted"
    );
}

#[test]
fn an_archive_is_refreshed_at_the_contact_that_is_due_anyway() {
    let mut customer = customer(&[]);
    assert_eq!(planned(&customer, &["2026-03-01T10:00"], "2026-03-12T09:00"), ["refresh 04-01", "repeat 06-01"]);
    customer.set("type", Value::text("intent"));
    assert_eq!(planned(&customer, &["2026-03-01T10:00"], "2026-03-12T09:00"), ["repeat 03-04 8"]);
}

#[test]
fn an_opportunity_is_touched_by_talks_with_its_customer_and_closes_on_its_day() {
    let mut deal = opportunity();
    deal.set("expected_on", day("2026-03-10"));
    assert_eq!(planned(&deal, &["2026-03-02T10:00"], "2026-03-05T09:00"), ["idle 03-05", "close 03-10"]);
    assert_eq!(planned(&deal, &["2026-03-02T10:00"], "2026-03-12T09:00"), ["idle 03-05 7", "close 03-10 2"]);
    let with_customer = |now: &str| {
        let talk = followup(1, "B2B-2026-001", at("2026-03-09T10:00"), Some("2026-03-30".parse().unwrap()));
        let snapshot = snapshot(vec![deal.clone(), customer(&[]), talk], at(now));
        let all = tasks(&snapshot, "2026-04-30".parse().unwrap(), |_| true);
        let plain = all.iter().filter(|task| !is_care(task.due.rule) && task.due.rule != "refresh");
        plain
            .map(|task| format!("{} {} {}", task.record.number, task.due.rule, task.due.at.format("%m-%d")))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        with_customer("2026-03-11T09:00"),
        ["OPP-2026-001 close 03-10", "OPP-2026-001 idle 03-12", "B2B-2026-001 promised 03-30"],
        "what was promised to the customer is due once"
    );
    for stage in ["won", "lost"] {
        deal.set("stage", Value::text(stage));
        assert!(planned(&deal, &[], "2026-03-12T09:00").is_empty(), "{stage}");
    }
}

#[test]
fn what_is_longest_overdue_comes_first_and_others_are_left_out() {
    let lead = |number: &str, owner: &str, acquired: &str| {
        let fields = [("status", Value::text("new")), ("acquired_on", day(acquired)), ("owner", Value::text(owner))];
        record(LEAD, number, &fields)
    };
    let records = vec![
        lead("LEAD-2026-010", "li", "2026-03-01"),
        lead("LEAD-2026-002", "li", "2026-03-12"),
        lead("LEAD-2026-001", "li", "2026-03-05"),
        lead("LEAD-2026-009", "li", "2026-03-05"),
        lead("LEAD-2026-003", "wang", "2026-03-01"),
    ];
    let now = at("2026-03-12T09:00");
    let snapshot = snapshot(records, now);
    let until = |text: &str| text.parse().unwrap();
    let told = |until: NaiveDate| {
        let tasks = tasks(&snapshot, until, |record| record.text("owner") == Some("li"));
        let one = |task: &Task<'_>| format!("{} {}", task.group(now).key(), task.record.number);
        tasks.iter().filter(|task| task.due.rule == "repeat").map(one).collect::<Vec<_>>()
    };
    // Grade C: a touch a week.
    let first = ["overdue LEAD-2026-010", "today LEAD-2026-001", "today LEAD-2026-009"];
    assert_eq!(told(until("2026-03-18")), first);
    assert_eq!(told(until("2026-03-19")), [&first[..], &["coming LEAD-2026-002"]].concat());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was done with a record, one more contact now makes nothing due earlier than what was due before.
    #[test]
    fn a_follow_up_hastens_nothing(
        what in 0..3usize,
        kind in 0..3usize,
        renewal in prop::option::of(-40..200i64),
        touches in prop::collection::vec((0..80i64, 0..24i64, prop::option::weighted(0.3, 0..40i64)), 0..5),
        budget in any::<bool>(),
    ) {
        let now = at("2026-06-30T09:00");
        let today = now.date_naive();
        let subject = if what == 0 {
            let mut lead = record(LEAD, "LEAD-2026-001", &[("acquired_on", day("2026-04-01")), ("status", Value::text(["new", "working", "nurture"][kind]))]);
            if budget {
                lead.set("expected_on", day("2026-07-20"));
                for (key, text) in [("budget_fit", "within"), ("decision_chain", "confirmed"), ("intent", "requested_proposal")] {
                    lead.set(key, Value::text(text));
                }
            }
            lead
        } else if what == 1 {
            let mut deal = opportunity();
            renewal.into_iter().for_each(|days| _ = deal.set("expected_on", Value::Date(today + Duration::days(days))));
            deal
        } else {
            let mut customer = customer(&[("type", Value::text(["potential", "intent", "won"][kind]))]);
            if let Some(days) = renewal {
                customer.set("renewal_on", Value::Date(today + Duration::days(days)));
            }
            customer
        };
        let number = subject.number.to_string();
        let mut records = vec![subject];
        for (n, (days, hours, next)) in touches.into_iter().enumerate() {
            let moment = now - Duration::days(days) - Duration::hours(hours);
            let next = next.map(|next| moment.date_naive() + Duration::days(next));
            records.push(followup(n, &number, moment, next));
        }
        let earliest = |records: Vec<Record>| {
            let snapshot = snapshot(records, now);
            tasks(&snapshot, NaiveDate::MAX, |_| true).iter().map(|task| task.due.at).min()
        };
        let before = earliest(records.clone());
        records.push(followup(99, &number, now, None));
        let after = earliest(records);
        prop_assert!(after >= before || before.is_none(), "{before:?} became {after:?}");
    }
}
