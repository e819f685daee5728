//! The rulings of the cadence, one table each.

use super::*;
use crate::record::{FOLLOWUP, Number, Value};
use crate::rules::{AsOf, Config};

const ZONE: Tz = Tz::Asia__Shanghai;

fn at(text: &str) -> DateTime<Tz> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().with_timezone(&ZONE)
}

fn record(kind: crate::record::Kind, number: &str, fields: &[(&str, Value)]) -> Record {
    let mut record = Record::new(kind, Number::parse(number).unwrap());
    for (key, value) in fields {
        record.set(key, value.clone());
    }
    record
}

fn date(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

/// A lead assigned at a moment.
fn lead(assigned: &str) -> Record {
    record(
        LEAD,
        "L-2026-001",
        &[("assigned_at", Value::Moment(at(assigned).fixed_offset())), ("status", Value::text("working"))],
    )
}

fn customer(kind: &str, level: Option<&str>) -> Record {
    let mut fields = vec![("type", Value::text(kind)), ("acquired_on", date("2026-03-01"))];
    fields.extend(level.map(|level| ("level", Value::text(level))));
    record(CUSTOMER, "B2B-2026-001", &fields)
}

/// A follow-up at a moment, `moment > day` with a promise.
fn followups(subject: &str, moments: &[&str]) -> Vec<Record> {
    let followup = |(n, text): (usize, &&str)| {
        let (moment, next) = text.split_once(" > ").map_or((*text, None), |(moment, next)| (moment, Some(next)));
        let mut fields = vec![("at", Value::Moment(at(moment).fixed_offset())), ("subject", Value::text(subject))];
        fields.extend(next.map(|day| ("next_on", date(day))));
        record(FOLLOWUP, &format!("f{n}"), &fields)
    };
    moments.iter().enumerate().map(followup).collect()
}

fn due(subject: &Record, grade: Option<&str>, done: &[&str], now: &str) -> Option<(String, &'static str, Option<i64>)> {
    let mut records = followups(subject.number.as_str(), done);
    records.push(subject.clone());
    let as_of = AsOf { moment: at(now), commit: None, edited: false };
    let snapshot = Snapshot::new(Config::default(), as_of, records);
    let due = next_due_as(subject, &snapshot, grade)?;
    let shown = if due.whole_day { due.at.format("%m-%d") } else { due.at.format("%m-%dT%H:%M") };
    Some((
        shown.to_string(),
        due.rule,
        due.overdue_by.map(|by| if due.whole_day { by.num_days() } else { by.num_hours() }),
    ))
}

/// Follow-ups, now, due at, rule, overdue by.
type Case<'a> = (&'a [&'a str], &'a str, &'a str, &'a str, Option<i64>);

/// Checks cases of a lead assigned on March 12 at 9:30.
fn check_lead(grade: &str, table: &[Case<'_>]) {
    for (done, now, day, rule, overdue) in table {
        let found = due(&lead("2026-03-12T09:30"), Some(grade), done, now);
        assert_eq!(found, Some((day.to_string(), *rule, *overdue)), "{grade} {done:?} at {now}");
    }
}

#[test]
fn sequence_of_grade_a() {
    check_lead(
        "A",
        &[
            (&[], "2026-03-12T10:00", "03-13T09:30", "first-response", None),
            (&[], "2026-03-13T11:30", "03-13T09:30", "first-response", Some(2)),
            (&["2026-03-12T15:00"], "2026-03-13T09:00", "03-15", "step", None),
            (&["2026-03-12T15:00"], "2026-03-15T23:00", "03-15", "step", None),
            (&["2026-03-13T15:00", "2026-03-15T09:00"], "2026-03-16T09:00", "03-19", "step", None),
            // The first call came late: the next step is due at once, and not overdue before it could be.
            (&["2026-03-18T15:00"], "2026-03-18T16:00", "03-18", "step", None),
            (&["2026-03-18T15:00"], "2026-03-20T09:00", "03-18", "step", Some(2)),
            (
                &["2026-03-13T15:00", "2026-03-15T09:00", "2026-03-18T09:00"],
                "2026-03-18T10:00",
                "03-19",
                "repeat",
                None,
            ),
            (
                &["2026-03-13T15:00", "2026-03-15T09:00", "2026-03-18T09:00"],
                "2026-03-21T10:00",
                "03-19",
                "repeat",
                Some(2),
            ),
        ],
    );
}

#[test]
fn sequence_of_grade_b() {
    check_lead(
        "B",
        &[
            (&[], "2026-03-13T10:00", "03-14T09:30", "first-response", None),
            (&["2026-03-14T09:00"], "2026-03-14T10:00", "03-17", "step", None),
            (&["2026-03-14T09:00", "2026-03-17T09:00"], "2026-03-18T10:00", "03-22", "step", None),
            (
                &["2026-03-14T09:00", "2026-03-17T09:00", "2026-03-22T09:00"],
                "2026-03-23T10:00",
                "03-29",
                "repeat",
                None,
            ),
        ],
    );
}

#[test]
fn grade_c_is_touched_weekly() {
    check_lead(
        "C",
        &[
            (&[], "2026-03-12T10:00", "03-19", "repeat", None),
            (&["2026-03-14T09:00"], "2026-03-25T10:00", "03-21", "repeat", Some(4)),
        ],
    );
}

#[test]
fn once_a_month_and_a_quarter_the_weekly_touch_is_another() {
    for (done, label) in [
        ("2026-03-19T09:00", "Weekly content"),
        ("2026-04-06T09:00", "Monthly greeting"),
        ("2026-04-13T09:00", "Weekly content"),
        ("2026-06-08T09:00", "Quarterly product news"),
    ] {
        let subject = lead("2026-03-12T09:30");
        let as_of = AsOf { moment: at(done), commit: None, edited: false };
        let snapshot = Snapshot::new(Config::default(), as_of, followups(subject.number.as_str(), &[done]));
        assert_eq!(next_due_as(&subject, &snapshot, Some("C")).unwrap().label.en, label, "{done}");
    }
}

#[test]
fn a_promise_wins_but_cannot_put_off_the_first_response() {
    check_lead(
        "A",
        &[
            (&["2026-03-12T15:00 > 2026-03-14"], "2026-03-13T09:00", "03-14", "promised", None),
            (&["2026-03-12T15:00 > 2026-03-20"], "2026-03-13T09:00", "03-20", "promised", None),
            // Made before the lead was assigned: the new owner still has to respond.
            (&["2026-03-11T15:00 > 2026-03-20"], "2026-03-12T10:00", "03-13T09:30", "first-response", None),
            (&["2026-03-11T15:00 > 2026-03-12"], "2026-03-12T10:00", "03-12", "promised", None),
            // A promise stands until its day, or until another is made.
            (&["2026-03-12T15:00 > 2026-03-20", "2026-03-13T09:00"], "2026-03-13T10:00", "03-20", "promised", None),
            (
                &["2026-03-12T15:00 > 2026-03-20", "2026-03-13T09:00 > 2026-03-14"],
                "2026-03-13T10:00",
                "03-14",
                "promised",
                None,
            ),
            (&["2026-03-12T15:00 > 2026-03-13", "2026-03-13T09:00"], "2026-03-13T10:00", "03-19", "step", None),
        ],
    );
}

#[test]
fn idle_leads_are_overdue_whatever_the_plan() {
    let promise: &[&str] = &["2026-03-12T15:00 > 2026-04-20"];
    check_lead(
        "B",
        &[
            (promise, "2026-03-15T10:00", "04-20", "promised", None),
            (promise, "2026-03-16T10:00", "03-15", "idle", Some(1)),
        ],
    );
    check_lead("C", &[(promise, "2026-03-30T10:00", "04-20", "promised", None)]);
}

#[test]
fn follow_ups_to_come_have_not_taken_place() {
    check_lead("A", &[(&["2026-03-14T09:00"], "2026-03-12T10:00", "03-13T09:30", "first-response", None)]);
}

#[test]
fn the_day_of_acquisition_is_the_anchor_of_what_is_not_assigned() {
    let subject = record(LEAD, "L-2026-001", &[("acquired_on", date("2026-03-12"))]);
    let found = due(&subject, Some("A"), &[], "2026-03-12T10:00");
    assert_eq!(found, Some(("03-13T00:00".into(), "first-response", None)));
}

#[test]
fn customers_by_type_and_level() {
    for (kind, level, day) in [
        ("potential", None, "03-08"),
        ("intent", Some("high"), "03-04"),
        ("won", Some("high"), "04-01"),
        ("won", Some("mid"), "06-01"),
        ("won", Some("low"), "06-01"),
        ("won", None, "06-01"),
    ] {
        let found = due(&customer(kind, level), None, &[], "2026-03-02T10:00");
        assert_eq!(found, Some((day.into(), "repeat", None)), "{kind} {level:?}");
    }
    let found = due(&customer("won", Some("high")), None, &["2026-03-31T10:00"], "2026-05-02T10:00");
    assert_eq!(found, Some(("04-30".into(), "repeat", Some(2))), "a month ends on its last day");
    let found = due(&customer("intent", None), None, &["2026-03-02T10:00 > 2026-03-20"], "2026-03-15T10:00");
    assert_eq!(found, Some(("03-20".into(), "promised", None)));
}

#[test]
fn what_is_closed_has_nothing_due_and_what_has_no_plan_says_so() {
    assert_eq!(due(&customer("churned", None), None, &[], "2026-03-12T10:00"), None);
    for status in ["converted", "disqualified"] {
        let mut subject = lead("2026-03-12T09:30");
        subject.set("status", Value::text(status));
        assert_eq!(due(&subject, Some("A"), &[], "2026-03-20T10:00"), None, "{status}");
    }
    check_lead("D", &[(&[], "2026-03-20T10:00", "03-20", "no-plan", None)]);
    assert_eq!(due(&customer("?", None), None, &[], "2026-03-12T10:00").unwrap().1, "no-plan");
}

#[test]
fn nurture_is_touched_as_grade_c() {
    let mut subject = lead("2026-03-12T09:30");
    subject.set("status", Value::text("nurture"));
    let found = due(&subject, Some("A"), &[], "2026-03-17T10:00");
    assert_eq!(found, Some(("03-19".into(), "repeat", None)));
}

#[test]
fn nurture_does_not_lift_the_limit_of_the_first_response() {
    let mut subject = lead("2026-03-12T09:30");
    subject.set("status", Value::text("nurture"));
    let as_of = AsOf { moment: at("2026-03-20T10:00"), commit: None, edited: false };
    let snapshot = Snapshot::new(Config::default(), as_of, Vec::new());
    let found = first_response_as(&subject, &snapshot, Some("A")).unwrap();
    assert_eq!((found.response, found.limit_hours), (Response::Missed, Some(24)));
}

#[test]
fn first_responses() {
    use Response::{Late, Missed, Pending, Within};
    for (grade, done, now, response, kept, hours) in [
        ("A", &["2026-03-12T15:00"][..], "2026-03-20T10:00", Within, Some(true), Some("5.5")),
        ("A", &["2026-03-13T09:30"], "2026-03-20T10:00", Within, Some(true), Some("24")),
        ("A", &["2026-03-13T10:30"], "2026-03-20T10:00", Late, Some(false), Some("25")),
        ("A", &[], "2026-03-12T10:00", Pending, None, None),
        ("A", &[], "2026-03-13T09:31", Missed, Some(false), None),
        ("B", &["2026-03-14T09:30"], "2026-03-20T10:00", Within, Some(true), Some("48")),
        ("C", &["2026-03-30T09:30"], "2026-03-30T10:00", Within, None, Some("432")),
        ("C", &[], "2026-04-30T10:00", Pending, None, None),
    ] {
        let subject = lead("2026-03-12T09:30");
        let as_of = AsOf { moment: at(now), commit: None, edited: false };
        let snapshot = Snapshot::new(Config::default(), as_of, followups(subject.number.as_str(), done));
        let found = first_response_as(&subject, &snapshot, Some(grade)).unwrap();
        assert_eq!((found.response, found.kept()), (response, kept), "{grade} {done:?} at {now}");
        assert_eq!(
            first_response_hours(&subject, &snapshot).map(|hours| hours.to_string()).as_deref(),
            hours,
            "{grade} {done:?}"
        );
    }
}
