//! A hand-over as a table, and in the message of its commit.

use super::{Brief, Handover};
use crate::ops::Session;
use crate::ops::access::user_names;
use crate::record::{FOLLOWUP, Record, Result, Value, Words, find_field, grouped, plural};
use crate::rules::listing::value_words;
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;

/// How many receivers a subject names.
const NAMED: usize = 3;
/// How many records a message tells; the commit has them all.
const SAID: usize = 500;

/// Returns the subject: `handover: li.ming to wang.fang, 12 records`.
pub(super) fn subject(from: &str, to: &[String], records: usize) -> String {
    let to = if to.len() <= NAMED { to.join(", ") } else { plural(to.len(), "user") };
    let records = if records == 1 { "1 record".to_string() } else { format!("{} records", grouped(records)) };
    format!("handover: {from} to {to}, {records}")
}

/// Returns the body: each record with its new owner.
pub(super) fn message(briefs: &[Brief]) -> String {
    let said = briefs.iter().map(|brief| format!("{} to {}\n", brief.record.number, brief.to));
    let mut body: String = said.take(SAID).collect();
    let more = briefs.len().saturating_sub(SAID);
    if more > 0 {
        body.push_str(&format!("and {more} more\n"));
    }
    body
}

/// Returns the briefing: a line for each record.
pub fn sheet(handover: &Handover, session: &Session) -> Result<Sheet> {
    let columns = vec![
        Column::text("owner", "New owner", "新负责人"),
        Column::text("kind", "Kind", "类别").weighing(Weight::Spare),
        Column::text("number", "Number", "编号"),
        Column::text("name", "Name", "名称").weighing(Weight::Main),
        Column::text("contact", "Contact", "联系人").weighing(Weight::Spare),
        Column::text("phone", "Phone", "电话"),
        Column::text("followups", "Last follow-ups", "最近跟进").weighing(Weight::Spare),
        Column::text("next_action", "Promised", "约定事项").weighing(Weight::Main),
        Column::of("next_on", "On", "约定日期", ColumnType::Date),
        Column::text("overdue", "Overdue", "逾期"),
    ];
    let names = user_names(session)?;
    let name = |login: &String| names.get(login).unwrap_or(login).clone();
    let (from, count) = (name(&handover.from), handover.briefs.len());
    let to = Words::join(&handover.to.iter().map(|login| Words::same(name(login))).collect::<Vec<_>>(), ", ", "、");
    let day = session.now.date_naive();
    let records = plural(count, "record");
    let title =
        words!("Hand-over from {from} to {to}, {day}: {records}", "{from}移交给{to}，{day}：{count} 条记录"; each to);
    let mut sheet = Sheet { whole: true, ..Sheet::new("handover", title, columns) };
    sheet.rows = handover.briefs.iter().map(|brief| row(brief, session)).collect();
    Ok(sheet)
}

fn row(brief: &Brief, session: &Session) -> Vec<Cell> {
    let record = &brief.record;
    let promise = brief.promise.as_ref();
    let words = |words: Words| Cell::Label(words.en.to_string(), words);
    let told: Vec<Words> = brief.followups.iter().map(|followup| told(followup, session)).collect();
    let late = |days: i64| words!("{days} d", "{days} 天");
    vec![
        Cell::text(&brief.to),
        Cell::Label(record.kind.name.into(), record.kind.label.into()),
        Cell::text(record.number.as_str()),
        Cell::text(record.title()),
        Cell::maybe(brief.contact.as_deref()),
        Cell::maybe(brief.phone.as_deref()),
        if told.is_empty() { Cell::Empty } else { words(Words::join(&told, "\n", "\n")) },
        promise.map_or(Cell::Empty, |promise| words(promise.action.clone())),
        promise.map_or(Cell::Empty, |promise| Cell::Date(promise.on)),
        promise.and_then(|promise| promise.overdue_by).map_or(Cell::Empty, |by| words(late(by.num_days()))),
    ]
}

/// Returns a follow-up on one line: day, method, points.
fn told(followup: &Record, session: &Session) -> Words {
    let zone = session.now.timezone();
    let day = followup.moment("at").map(|at| at.with_timezone(&zone).date_naive().to_string()).unwrap_or_default();
    let points = followup.text("points").unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let method = followup.text("method").map(|key| {
        let field = find_field(FOLLOWUP.fields, "method");
        value_words(field, &Value::text(key), &session.config.dictionary)
    });
    let Words { en, zh } = method.unwrap_or_default();
    words!("{day} {en}: {points}", "{day} {zh}：{points}")
}
