//! A small repository whose every figure can be counted by hand: 12 leads, 10 follow-ups, 2 customers, 2 users,
//! as of Wednesday 2026-03-18 12:00 in Shanghai; with [`sales`] a third customer, 8 opportunities and 6
//! contracts.

use super::{Input, Report};
use crate::query;
use crate::record::{
    CONTRACT, CUSTOMER, FOLLOWUP, FieldType, INSTALMENT, Kind, LEAD, Lang, Money, Number, OPPORTUNITY, RECEIPT, Record,
    Row, USER, Value,
};
use crate::rules::listing::RecordSchema;
use crate::rules::stay::{self, Stay};
use crate::rules::{AsOf, Config, Snapshot};
use crate::sheet::{Cell, Document, Sheet};
use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone};
use chrono_tz::Asia::Shanghai;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Makes a record from `key=value` words; days and moments are told by their form, the others by their field.
pub fn record(kind: Kind, number: &str, words: &str) -> Record {
    let mut record = Record::new(kind, Number::parse(number).expect("a number"));
    for word in words.split_whitespace() {
        let (key, text) = word.split_once('=').expect("key=value");
        record.set(key, value(kind, key, text));
    }
    record
}

fn value(kind: Kind, key: &str, text: &str) -> Value {
    match (text.parse::<NaiveDate>(), text.parse::<DateTime<FixedOffset>>(), kind.field(key).map(|field| field.ty)) {
        (Ok(day), ..) => Value::Date(day),
        (_, Ok(moment), _) => Value::Moment(moment),
        (.., Some(FieldType::Money)) => Value::Money(Money::parse(text).expect("an amount")),
        (.., Some(FieldType::Integer)) => Value::Integer(text.parse().expect("a number")),
        (.., Some(FieldType::Texts | FieldType::Keys(_))) => Value::Texts(text.split(',').map(Box::from).collect()),
        _ => Value::text(text),
    }
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

/// Makes opportunity `n`.
pub fn opportunity(n: u32, words: &str) -> Record {
    record(OPPORTUNITY, &format!("OPP-2026-{n:03}"), &format!("name=商机{n} {words}"))
}

/// Two won, two lost, four open; one lead has two of them, five have none, one is in dollars.
fn opportunities() -> Vec<Record> {
    let (one, two, three) = ("customer=B2B-2026-001", "customer=B2B-2026-002", "customer=B2B-2026-003");
    vec![
        opportunity(
            1,
            &format!(
                "stage=won amount=120000 actual_amount=100000 opened_on=2026-03-01 closed_on=2026-03-16 products=云仓 competitors=甲 lead=LEAD-2026-007 owner=rep.a {one}"
            ),
        ),
        opportunity(
            2,
            &format!(
                "stage=negotiation amount=200000 opened_on=2026-03-05 expected_on=2026-03-31 lead=LEAD-2026-008 owner=rep.a {one}"
            ),
        ),
        opportunity(
            3,
            &format!(
                "stage=lost lost_stage=proposal lost_reason=price amount=50000 opened_on=2026-03-02 closed_on=2026-03-12 products=云仓,质检 competitors=甲,乙 lead=LEAD-2026-008 owner=rep.b {one}"
            ),
        ),
        opportunity(
            4,
            &format!("stage=needs amount=80000 opened_on=2026-02-10 expected_on=2026-03-10 owner=rep.b {two}"),
        ),
        opportunity(
            5,
            &format!(
                "stage=proposal amount=60000.50 currency=USD opened_on=2026-03-11 expected_on=2026-04-20 owner=rep.b {three}"
            ),
        ),
        opportunity(
            6,
            &format!(
                "stage=won amount=40000 actual_amount=30000 opened_on=2025-12-01 closed_on=2025-12-31 owner=rep.x {three}"
            ),
        ),
        opportunity(7, &format!("stage=lost lost_reason=competitor amount=70000 closed_on=2026-01-15 {three}")),
        opportunity(8, &format!("stage=proposal probability=80 amount=10000 opened_on=2026-03-17 owner=rep.a {two}")),
    ]
}

/// Makes contract `n` with its plan (name, amount, due day) and its receipts.
pub fn contract(n: u32, words: &str, plan: &[(&str, &str, &str)], receipts: &[&str]) -> Record {
    let mut contract = record(CONTRACT, &format!("CON-2026-{n:03}"), &format!("name=合同{n} {words}"));
    let money = |text: &str| Value::Money(Money::parse(text).expect("an amount"));
    let instalment = |(name, amount, due): &(&str, &str, &str)| {
        let mut row = Row::new(INSTALMENT);
        row.set("name", Value::text(*name));
        row.set("amount", money(amount));
        if let Ok(due) = due.parse() {
            row.set("due_on", Value::Date(due));
        }
        row
    };
    let receipt = |amount: &&str| {
        let mut row = Row::new(RECEIPT);
        row.set("amount", money(amount));
        row
    };
    contract.set("plan", Value::Rows(plan.iter().map(instalment).collect()));
    contract.set("receipts", Value::Rows(receipts.iter().map(receipt).collect()));
    contract
}

/// One of each standing, and one in dollars that runs.
fn contracts() -> Vec<Record> {
    let (one, two, three) = ("customer=B2B-2026-001", "customer=B2B-2026-002", "customer=B2B-2026-003");
    let running = "status=signed amount=9000 signed_on=2026-01-10 start_on=2026-01-15 end_on=2026-04-10 owner=rep.a";
    let parts = [("尾款", "2000", "2026-04-01"), ("预付", "3000", "2026-01-20"), ("中期", "4000", "2026-03-01")];
    let expired = "status=active amount=5000 signed_on=2025-11-01 start_on=2025-11-01 end_on=2026-02-28 owner=rep.b";
    let ended = "status=terminated amount=1000 signed_on=2025-12-05 terminated_on=2026-02-01 owner=rep.a";
    let halves = [("一期", "400", "2026-01-25"), ("二期", "600", "2026-02-15")];
    let dollars = "amount=7000.25 currency=USD signed_on=2026-03-02 start_on=2026-03-02 end_on=2026-06-10 owner=rep.b";
    let coming = "amount=800 signed_on=2026-03-10 start_on=2026-04-01 end_on=2027-03-31 owner=rep.a";
    vec![
        contract(1, &format!("{running} {one}"), &parts, &["3000", "500", "-200"]),
        contract(2, &format!("{expired} {three}"), &[("全款", "5000", "2025-12-01")], &[]),
        contract(3, &format!("status=draft amount=6000 renews=CON-2026-002 owner=rep.b {three}"), &[], &[]),
        contract(4, &format!("{ended} {two}"), &halves, &[]),
        contract(5, &format!("status=signed {dollars} {three}"), &[], &[]),
        contract(6, &format!("status=signed {coming} {one}"), &[], &["900"]),
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

/// Makes the snapshot of the whole repository with its opportunities and contracts.
pub fn sales() -> Snapshot {
    let customer =
        "name=示例客户3 type=intent industry=manufacturing staff=600 source=exhibition region=浙江 owner=rep.b";
    let third = format!("{customer} category=B2B acquired_on=2026-03-03 tags=high_potential,vip");
    let third = vec![record(CUSTOMER, "B2B-2026-003", &third)];
    snapshot_of([leads(), followups(), others(), third, opportunities(), contracts()].concat())
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

/// Returns stages opportunities went through until the fixture's moment, 18 March at noon: stage and the day in March
/// they came to it at noon; with no stage the record was removed.
pub fn stays(all: &[(u32, &[(&str, u32)])]) -> HashMap<Number, Vec<Stay>> {
    let noon =
        |day: &u32| Shanghai.with_ymd_and_hms(2026, 3, *day, 12, 0, 0).single().expect("a moment").fixed_offset();
    let of = |(n, arrivals): &(u32, &[(&str, u32)])| {
        let mut before = None;
        let changes = arrivals.iter().map(|(stage, day)| {
            let stage = Some(stage.to_string()).filter(|stage| !stage.is_empty());
            (noon(day), std::mem::replace(&mut before, stage.clone()), stage)
        });
        (Number::parse(&format!("OPP-2026-{n:03}")).expect("a number"), stay::stays(changes))
    };
    all.iter().map(of).collect()
}
