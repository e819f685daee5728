//! A small repository whose every figure can be counted by hand: 12 leads, 10 follow-ups, 2 customers, 2 users,
//! as of Wednesday 2026-03-18 12:00 in Shanghai.

use super::{Input, Report};
use crate::query;
use crate::record::{CUSTOMER, FOLLOWUP, Kind, LEAD, Lang, Number, Record, USER, Value};
use crate::rules::listing::RecordSchema;
use crate::rules::{AsOf, Config, Snapshot};
use crate::sheet::{Cell, Document, Sheet};
use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone};
use chrono_tz::Asia::Shanghai;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Makes a record from `key=value` words; days and moments are told by their form.
pub fn record(kind: Kind, number: &str, words: &str) -> Record {
    let mut record = Record::new(kind, Number::parse(number).expect("a number"));
    for word in words.split_whitespace() {
        let (key, text) = word.split_once('=').expect("key=value");
        let value = match (text.parse::<NaiveDate>(), text.parse::<DateTime<FixedOffset>>()) {
            (Ok(day), _) => Value::Date(day),
            (_, Ok(moment)) => Value::Moment(moment),
            _ => Value::text(text),
        };
        record.set(key, value);
    }
    record
}

/// Facts worth 90 points, 68 points and 10 points.
fn facts(grade: &str) -> [(&'static str, &'static str); 4] {
    let tiers = match grade {
        "A" => ["within_3_months", "within", "large", "confirmed"],
        "B" => ["within_3_months", "negotiable", "medium", "to_be_confirmed"],
        _ => ["", "", "small", ""],
    };
    let mut tiers = tiers.into_iter();
    ["urgency", "budget_fit", "size", "decision_chain"].map(|key| (key, tiers.next().unwrap_or_default()))
}

/// Makes lead `n` of a grade; `march` is the day of March it was acquired on.
pub fn lead(n: u32, grade: &str, march: u32, words: &str) -> Record {
    let mut lead = record(LEAD, &format!("LEAD-2026-{n:03}"), words);
    lead.set("company", Value::text(format!("示例公司{n}")));
    lead.set("contact_name", Value::text("联系人"));
    lead.set("region", Value::text(format!("区域{n}")));
    lead.set("phone", Value::text(format!("138000000{n:02}")));
    lead.set("acquired_on", Value::Date(NaiveDate::from_ymd_opt(2026, 3, march).expect("a day")));
    for (key, tier) in facts(grade).into_iter().filter(|(_, tier)| !tier.is_empty()) {
        lead.set(key, Value::text(tier));
    }
    lead
}

fn leads() -> Vec<Record> {
    let at = |day: u32, hour: u32| format!("assigned_at=2026-03-{day}T{hour:02}:00:00+08:00");
    let (m9, m10, t9) = (at(16, 9), at(16, 10), at(17, 9));
    vec![
        lead(1, "A", 16, &format!("source=exhibition owner=rep.a status=working {m9}")),
        lead(2, "A", 16, &format!("source=search_ads owner=rep.a status=working {m9}")),
        lead(3, "B", 17, &format!("source=exhibition owner=rep.b status=assigned {t9}")),
        lead(4, "B", 16, &format!("source=customer owner=rep.b status=assigned {m10}")),
        lead(5, "C", 17, &format!("source=booth owner=rep.b status=working {t9}")),
        lead(6, "C", 18, "source=web_form status=new"),
        lead(7, "A", 16, &format!("source=exhibition owner=rep.a status=converted {m9}")),
        lead(8, "B", 2, "source=customer owner=rep.a status=converted"),
        lead(9, "C", 2, "source=exhibition owner=rep.b status=disqualified disqualify_reason=no_fit"),
        lead(10, "C", 1, "source=webinar owner=rep.b status=converted"),
        lead(11, "C", 10, "owner=rep.a status=working"),
        lead(12, "B", 5, "source=marketing owner=rep.b status=working"),
    ]
}

fn followups() -> Vec<Record> {
    let mut n = 0;
    let mut made = |subject: &str, at: &str, words: &str| {
        n += 1;
        let stem = format!("{}T{}00-f{n:03}", at[..10].replace('-', ""), at[11..].replace(':', ""));
        record(FOLLOWUP, &stem, &format!("subject={subject} at={at}:00+08:00 points=沟通 {words}"))
    };
    let next = |day: u32| format!("next_action=联系 next_on=2026-03-{day}");
    vec![
        made("LEAD-2026-001", "2026-03-16T15:00", &format!("method=phone outcome=positive author=rep.a {}", next(20))),
        made("LEAD-2026-002", "2026-03-17T15:00", &format!("method=email outcome=no_answer author=rep.a {}", next(20))),
        made("LEAD-2026-007", "2026-03-16T10:00", "method=visit outcome=positive author=rep.a no_next=成交"),
        made("LEAD-2026-005", "2026-03-17T09:30", &format!("method=phone outcome=no_answer author=rep.b {}", next(26))),
        made("LEAD-2026-006", "2026-03-18T10:00", &format!("method=wechat outcome=neutral author=rep.a {}", next(27))),
        made(
            "LEAD-2026-011",
            "2026-03-17T11:00",
            &format!("method=phone author=rep.a logged_at=2026-03-18T11:30:00+08:00 {}", next(25)),
        ),
        made(
            "LEAD-2026-012",
            "2026-03-12T10:00",
            &format!("method=meeting outcome=negative author=rep.b {}", next(14)),
        ),
        made("B2B-2026-001", "2026-03-10T10:00", &format!("method=visit outcome=positive author=rep.a {}", next(24))),
        made("LEAD-2026-010", "2026-03-16T09:00", "method=fax outcome=positive author=rep.b"),
        made("B2B-2026-002", "2026-03-18T11:00", "method=phone outcome=negative author=rep.x"),
    ]
}

fn others() -> Vec<Record> {
    let customer = "category=B2B source=customer acquired_on=2026-01-05";
    vec![
        record(CUSTOMER, "B2B-2026-001", &format!("name=示例客户1 type=won level=high owner=rep.a {customer}")),
        record(CUSTOMER, "B2B-2026-002", &format!("name=示例客户2 type=churned owner=rep.b {customer}")),
        record(USER, "rep.a", "name=RepA email=a@example.com role=sales department=华东"),
        record(USER, "rep.b", "name=RepB email=b@example.com role=sales department=华南"),
    ]
}

/// The configuration `init` writes, read once.
static CONFIG: LazyLock<Config> = LazyLock::new(Config::default);

/// Makes a snapshot of these records at the fixture's moment.
pub fn snapshot_of(records: Vec<Record>) -> Snapshot {
    let moment = Shanghai.with_ymd_and_hms(2026, 3, 18, 12, 0, 0).single().expect("a moment");
    Snapshot::new(CONFIG.clone(), AsOf { moment, commit: Some("0123abcd".into()), edited: false }, records)
}

/// Makes the snapshot of the whole repository.
pub fn snapshot() -> Snapshot {
    snapshot_of([leads(), followups(), others()].concat())
}

/// Returns what leads were on Monday: 8 and 9 were still worked, 10 was converted long before.
pub fn earlier() -> HashMap<Number, String> {
    ["LEAD-2026-008", "LEAD-2026-009"]
        .map(|number| (Number::parse(number).expect("a number"), "working".to_string()))
        .into()
}

/// Makes a report about everybody with what leads were before.
pub fn run(report: &Report, snapshot: &Snapshot) -> Document {
    let earlier = earlier();
    report.run(&Input { earlier: Some(&earlier), ..Input::new(snapshot) }).expect("a report")
}

/// Makes a report about the leads (or follow-ups) a filter lets by.
pub fn run_where(report: &Report, snapshot: &Snapshot, filter: &str) -> Document {
    let schema = RecordSchema::of(report.filters, snapshot);
    let filter = query::parse(filter, &schema, snapshot.as_of.today()).expect("a filter");
    report.run(&Input { filter: Some(&filter), ..Input::new(snapshot) }).expect("a report")
}

/// Returns the sheet with this key.
pub fn sheet<'d>(document: &'d Document, key: &str) -> &'d Sheet {
    document.sheets.iter().find(|sheet| sheet.key == key).unwrap_or_else(|| panic!("no sheet {key}"))
}

/// Returns the rows as lines of keys and figures, the total last.
pub fn lines(sheet: &Sheet) -> Vec<String> {
    let text = |cell: &Cell| match cell {
        Cell::Label(key, _) => {
            if key.is_empty() {
                "-".to_string()
            } else {
                key.clone()
            }
        }
        Cell::Empty => "·".to_string(),
        other => other.display(Lang::En),
    };
    let line = |row: &Vec<Cell>| row.iter().map(text).collect::<Vec<_>>().join(" ");
    sheet.rows.iter().chain(&sheet.total).map(line).collect()
}
