use super::*;
use crate::record::{CUSTOMER, HOLD, Kind, Number, REOPENING, Row, TICKET, USER, Value};
use crate::rules::{AsOf, Config, Snapshot};
use chrono::{DateTime, FixedOffset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use proptest::prelude::*;

/// Monday, the 9th of March 2026, 09:00: working time is 09:00-12:00 and 13:00-18:00.
const MONDAY: &str = "2026-03-09T09:00:00+08:00";

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

/// A moment of March 2026 in Shanghai: `09 13:30`.
fn march(text: &str) -> DateTime<FixedOffset> {
    let (day, time) = text.split_once(' ').unwrap();
    at(&format!("2026-03-{day}T{time}:00+08:00"))
}

fn record(kind: Kind, number: &str, fields: &[(&str, &str)]) -> Record {
    let mut record = Record::new(kind, Number::parse(number).unwrap());
    for (key, text) in fields {
        let value = match *key {
            "skills" => Value::Texts(text.split(',').map(Box::from).collect()),
            key if key.ends_with("_at") => Value::Moment(march(text)),
            _ => Value::text(*text),
        };
        record.set(key, value);
    }
    record
}

fn ticket(n: usize, fields: &[(&str, &str)]) -> Record {
    let usual =
        [("status", "assigned"), ("kind", "support"), ("priority", "high"), ("raised_at", "09 09:00"), ("owner", "li")];
    let usual = usual.into_iter().filter(|(key, _)| !fields.iter().any(|(given, _)| given == key));
    let fields: Vec<_> = usual.chain(fields.iter().copied()).filter(|(_, text)| !text.is_empty()).collect();
    record(TICKET, &format!("TKT-2026-{n:03}"), &fields)
}

fn hold(ticket: &mut Record, from: DateTime<FixedOffset>, to: Option<DateTime<FixedOffset>>) {
    let mut row = Row::new(HOLD);
    row.set("from", Value::Moment(from));
    to.into_iter().for_each(|to| drop(row.set("to", Value::Moment(to))));
    let rows = [ticket.rows("holds"), &[row]].concat();
    ticket.set("holds", Value::Rows(rows));
}

fn snapshot(now: DateTime<FixedOffset>, records: Vec<Record>) -> Snapshot {
    let config = Config::default();
    let moment = now.with_timezone(&config.settings.timezone);
    Snapshot::new(config, AsOf { moment, commit: None, edited: false }, records)
}

/// Tells how a promise stands: due, per cent used, standing.
fn told(ticket: &Record, now: &str) -> String {
    let snapshot = snapshot(march(now), Vec::new());
    let promise = Promise::of(ticket, &snapshot).unwrap();
    let due = promise.due.map_or("-".to_string(), |due| due.format("%d %H:%M").to_string());
    format!("{due} {}% {}", promise.percent(snapshot.as_of.moment), promise.standing.key())
}

#[test]
fn a_promise_runs_in_working_time_and_stands_still_on_hold() {
    let high = ticket(1, &[]);
    assert_eq!(told(&high, "09 10:00"), "09 18:00 12% running");
    assert_eq!(told(&high, "09 18:01"), "09 18:00 100% breached");
    assert_eq!(
        told(&ticket(1, &[("priority", "urgent"), ("raised_at", "09 17:00")]), "10 08:00"),
        "10 10:00 50% running"
    );
    assert_eq!(
        told(&ticket(1, &[("priority", "medium"), ("raised_at", "06 09:00")]), "09 08:00"),
        "10 18:00 33% running",
        "over a weekend"
    );
    let mut held = ticket(1, &[]);
    hold(&mut held, march("09 10:00"), Some(march("09 14:00")));
    assert_eq!(told(&held, "09 15:00"), "10 12:00 25% running", "three working hours stood still");
    hold(&mut held, march("09 16:00"), None);
    assert_eq!(told(&held, "20 09:00"), "- 37% paused");
    let promised = ticket(1, &[("promised_at", "14 20:00")]);
    assert_eq!(told(&promised, "14 19:00"), "14 20:00 100% running", "a Saturday evening is what was promised");
    assert_eq!(told(&promised, "14 20:01"), "14 20:00 100% breached");
}

#[test]
fn what_is_resolved_in_time_is_kept_and_what_is_explained_in_time_is_no_breach() {
    let done = |resolved, more: &[(&str, &str)]| {
        ticket(1, &[&[("status", "resolved"), ("resolved_at", resolved)], more].concat())
    };
    assert_eq!(told(&done("09 17:59", &[]), "30 09:00"), "09 18:00 99% kept");
    assert_eq!(told(&done("10 09:01", &[]), "30 09:00"), "09 18:00 100% breached");
    assert_eq!(told(&done("10 09:01", &[("explained_at", "09 17:00")]), "30 09:00"), "09 18:00 100% explained");
    assert_eq!(told(&done("10 09:01", &[("explained_at", "09 18:30")]), "30 09:00"), "09 18:00 100% breached");
    let mut again = ticket(1, &[("status", "reopened")]);
    let mut row = Row::new(REOPENING);
    row.set("resolved_at", Value::Moment(march("09 11:00")));
    row.set("at", Value::Moment(march("11 11:00")));
    again.set("reopenings", Value::Rows(vec![row]));
    assert_eq!(told(&again, "11 12:00"), "11 18:00 37% running", "from resolved to opened again the clock stands");
}

#[test]
fn steps_follow_each_other_and_leave_their_moments() {
    let dictionary = Config::default().dictionary;
    let mut one = ticket(1, &[]);
    let mut step =
        |step, reason, now: &str| take(&mut one, step, reason, march(now), &dictionary).map(|()| one.clone());
    assert!(step(Step::Confirm, None, "09 09:10").is_err());
    assert_eq!(step(Step::Start, None, "09 09:10").unwrap().moment("responded_at"), Some(march("09 09:10")));
    assert!(step(Step::Start, None, "09 09:11").is_err());
    let held = step(Step::Hold, Some("waits"), "09 10:00").unwrap();
    assert_eq!((held.text("status"), held.rows("holds")[0].text("reason")), (Some("on_hold"), Some("waits")));
    let resumed = step(Step::Resume, None, "09 11:00").unwrap();
    assert_eq!(resumed.rows("holds")[0].moment("to"), Some(march("09 11:00")));
    assert_eq!(step(Step::Resolve, None, "09 12:00").unwrap().moment("resolved_at"), Some(march("09 12:00")));
    let again = step(Step::Reopen, Some("again"), "10 12:00").unwrap();
    assert_eq!(
        (again.moment("resolved_at"), again.rows("reopenings")[0].moment("resolved_at")),
        (None, Some(march("09 12:00")))
    );
    assert!(step(Step::Resolve, None, "10 13:00").is_ok() && step(Step::Confirm, None, "10 14:00").is_ok());
    assert_eq!(step(Step::Archive, None, "10 15:00").unwrap().moment("confirmed_at"), Some(march("10 14:00")));
    let mut unhandled = ticket(2, &[("owner", ""), ("status", "open")]);
    let [why, _] = take(&mut unhandled, Step::Start, None, march("09 09:00"), &dictionary).unwrap_err();
    assert_eq!(why.en, "nobody handles `TKT-2026-002` yet");
}

#[test]
fn closing_wants_a_result_and_of_a_complaint_what_came_of_it() {
    let lacks = |fields: &[(&str, &str)]| {
        let mut problems = Vec::new();
        check_closing(&ticket(1, fields), &mut problems);
        problems.into_iter().filter_map(|problem| problem.field).collect::<Vec<_>>().join(" ")
    };
    let done = ("resolved_at", "09 12:00");
    assert_eq!(lacks(&[]), "");
    assert_eq!(lacks(&[("status", "resolved")]), "result resolved_at");
    assert_eq!(
        lacks(&[("status", "resolved"), done, ("kind", "complaint"), ("result", "x")]),
        "cause correction prevention"
    );
    assert_eq!(lacks(&[("status", "archived"), done, ("result", "x")]), "confirmed_at");
    assert_eq!(lacks(&[("status", "in_progress"), ("owner", "")]), "owner");
    assert_eq!(lacks(&[("status", "on_hold")]), "holds");
    assert_eq!(lacks(&[("status", "open"), ("owner", "")]), "");
}

#[test]
fn a_ticket_goes_to_its_department_to_whom_it_fits_to_who_has_fewest() {
    let user = |login: &str, department: &str, skills: &str| {
        record(USER, login, &[("department", department), ("skills", skills)])
    };
    let waiting = |n, fields: &[(&str, &str)]| ticket(n, &[fields, &[("owner", ""), ("status", "open")]].concat());
    let mut away = user("away", "技术部", "DESK-01");
    away.set("left_on", Value::Date(chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()));
    let records = vec![
        user("a", "tech", "CHAIR"),
        user("b", "技术部", "desk-01"),
        user("c", "研发", "CHAIR"),
        user("d", "研发", "DESK-01"),
        user("s", "service", "DESK-01"),
        away,
        ticket(9, &[("owner", "a"), ("assigned_at", "08 09:00")]),
        waiting(1, &[("product", "DESK-01")]),
        waiting(2, &[]),
        waiting(3, &[]),
        waiting(4, &[("kind", "complaint")]),
        waiting(5, &[("priority", "urgent"), ("department", "tech")]),
    ];
    let snapshot = snapshot(march("09 10:00"), records);
    let tickets = snapshot.records(TICKET).iter().filter(|ticket| is_waiting(ticket));
    let told = dispatch_all(tickets, &snapshot, &|login| login != "d")
        .iter()
        .map(|verdict| {
            let (to, reason) = (verdict.chosen().map_or("-", |best| best.login), verdict.reason().en);
            format!("{} {to}: {reason}", verdict.ticket.number)
        })
        .collect::<Vec<_>>();
    assert_eq!(
        told,
        [
            "TKT-2026-005 b: first by login",
            "TKT-2026-001 b: skills fit best",
            "TKT-2026-002 c: fewest open tickets",
            "TKT-2026-003 a: longest without one",
            "TKT-2026-004 s: the only one of the department who is there",
        ]
    );
}

#[test]
fn the_chain_is_climbed_once() {
    let users = [
        record(USER, "li", &[("manager", "wang")]),
        record(USER, "wang", &[]),
        record(USER, "zhao", &[("skills", "tech_lead")]),
    ];
    let steps = |ticket: &Record, now: &str| {
        let snapshot = snapshot(march(now), users.iter().cloned().chain([ticket.clone()]).collect());
        escalate(&snapshot).pop().map(|one| {
            (
                one.steps
                    .iter()
                    .map(|(percent, _, to)| format!("{percent} {}", to.as_deref().unwrap_or("-")))
                    .collect::<Vec<_>>()
                    .join(", "),
                one.after,
            )
        })
    };
    let one = ticket(1, &[]);
    assert!(steps(&one, "09 15:00").is_none());
    let (told, after) = steps(&one, "09 16:40").unwrap();
    assert_eq!((&*told, after.text("status")), ("80 li", Some("assigned")));
    assert!(steps(&after, "09 16:50").is_none(), "no step twice");
    let (told, after) = steps(&after, "10 15:00").unwrap();
    assert_eq!((&*told, after.text("status")), ("100 wang, 150 zhao", Some("escalated")));
    assert!(steps(&after, "20 15:00").is_none());
    let (told, after) = steps(&ticket(1, &[("owner", ""), ("status", "open")]), "09 17:50").unwrap();
    assert_eq!((&*told, after.rows("escalations").len()), ("80 -", 0), "nobody was told, so it is tried again");
    assert!(steps(&ticket(1, &[("status", "resolved"), ("resolved_at", "12 09:00")]), "13 09:00").is_none());
}

/// Counts working minutes one by one.
fn minutes(snapshot: &Snapshot, from: DateTime<Tz>, to: DateTime<Tz>, is_paused: impl Fn(DateTime<Tz>) -> bool) -> i64 {
    let calendar = &snapshot.config.calendar;
    let mut count = 0;
    let mut moment = from;
    while moment < to {
        let next = moment + TimeDelta::minutes(1);
        if !is_paused(moment) && calendar.working_hours_between(moment, next) > TimeDelta::zero() {
            count += 1;
        }
        moment = next;
    }
    count
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_closed_form_equals_a_loop_over_minutes(
        raised in 0_i64..20_000,
        priority in prop::sample::select(vec!["urgent", "high", "medium"]),
        gaps in prop::collection::vec((1_i64..3_000, 1_i64..3_000), 0..4),
        later in 0_i64..12_000,
    ) {
        let zone = Config::default().settings.timezone;
        let start = zone.with_ymd_and_hms(2026, 2, 9, 0, 0, 0).unwrap() + TimeDelta::minutes(raised);
        let mut one = ticket(1, &[("priority", priority), ("raised_at", "")]);
        one.set("raised_at", Value::Moment(start.fixed_offset()));
        let mut pauses = Vec::new();
        let mut moment = start;
        for (run, stand) in gaps {
            let (from, to) = (moment + TimeDelta::minutes(run), moment + TimeDelta::minutes(run + stand));
            hold(&mut one, from.fixed_offset(), Some(to.fixed_offset()));
            pauses.push((from, to));
            moment = to;
        }
        let now = start + TimeDelta::minutes(later);
        let snapshot = snapshot(now.fixed_offset(), Vec::new());
        let promise = Promise::of(&one, &snapshot).unwrap();
        let is_paused = |moment: DateTime<Tz>| pauses.iter().any(|(from, to)| *from <= moment && moment < *to);
        prop_assert_eq!(promise.used.num_minutes(), minutes(&snapshot, start, now, is_paused));
        let due = promise.due.unwrap();
        prop_assert_eq!(minutes(&snapshot, start, due, is_paused), promise.allowed.num_minutes(), "as much as was promised until {}", due);
        prop_assert_eq!(due < now, promise.standing == Standing::Breached);
    }

    #[test]
    fn a_pause_makes_nothing_due_earlier(from in 0_i64..6_000, stand in 0_i64..6_000, first in 0_i64..6_000, other in 0_i64..6_000) {
        let start = at(MONDAY);
        let now = start + TimeDelta::days(90);
        let snapshot = snapshot(now, vec![record(CUSTOMER, "B2B-2026-001", &[])]);
        let mut one = ticket(1, &[("priority", "medium")]);
        let due = |one: &Record| Promise::of(one, &snapshot).unwrap().due.unwrap();
        hold(&mut one, start + TimeDelta::minutes(first), Some(start + TimeDelta::minutes(first + other)));
        let before = due(&one);
        hold(&mut one, start + TimeDelta::minutes(from), Some(start + TimeDelta::minutes(from + stand)));
        prop_assert!(due(&one) >= before);
    }
}
