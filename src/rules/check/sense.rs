//! Checks of one record that are rules of the domain.

use super::{Context, Found, Place};
use crate::record::{CUSTOMER, Field, LEAD, Number, Problem, Record, Row, Value, Words};
use crate::rules::Snapshot;
use crate::rules::chain::circular;
use crate::rules::completeness::lacking_by_state;
use crate::rules::config::Prefix;
use crate::words;
use chrono::{Datelike, NaiveDate};

/// Dates that lie in the past by their nature.
const PAST: [&str; 8] = [
    "acquired_on",
    "founded_on",
    "first_cooperation_on",
    "uploaded_on",
    "opened_on",
    "closed_on",
    "signed_on",
    "received_on",
];

/// Dates of the business, which cannot be older than any business kept here.
const RECENT: [&str; 6] =
    ["acquired_on", "expected_on", "renewal_on", "first_cooperation_on", "uploaded_on", "opened_on"];

pub(super) fn dates(record: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    for &(path, field, value) in &context.values {
        let Value::Date(day) = value else { continue };
        let (en, zh) = (field.label.en, field.label.zh);
        if PAST.contains(&field.key) && *day > context.today {
            let message = words!("{en} {day} is in the future", "{zh} {day} 晚于今天");
            problems.push(Problem::error("odd-date", path, message));
        } else if RECENT.contains(&field.key) && day.year() < 1990 {
            let message = words!("{en} {day} is before 1990", "{zh} {day} 早于 1990 年");
            problems.push(Problem::error("odd-date", path, message));
        }
    }
    if let Some(at) = record.moment("at").map(|at| at.date_naive()).filter(|day| is_past_tomorrow(*day, context.today))
    {
        let message = words!("the follow-up of {at} has not taken place yet", "{at} 的跟进尚未发生");
        problems.push(Problem::warning("odd-date", "at", message));
    }
}

/// A day's grace, since the moment may be of another zone.
fn is_past_tomorrow(day: NaiveDate, today: NaiveDate) -> bool {
    (day - today).num_days() > 1
}

pub(super) fn ranges(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    for (low, high, code) in [("budget_min", "budget_max", "budget-range"), ("price_min", "price_max", "price-range")] {
        let (Some(min), Some(max)) = (record.money(low), record.money(high)) else { continue };
        if min > max {
            let message = words!("the lower end {min} is above the upper end {max}", "下限 {min} 高于上限 {max}");
            problems.push(Problem::error(code, low, message));
        }
    }
    for (at, absence) in record.rows("absences").iter().enumerate() {
        let (Some(from), Some(to)) = (absence.date("from"), absence.date("to")) else { continue };
        if from > to {
            let message = words!("the absence ends before it starts", "请假结束早于开始");
            problems.push(Problem::error("date-range", format!("absences.{at}.to"), message));
        }
    }
}

/// The bounds of whole numbers, by field.
const BOUNDS: [(&str, i64, i64); 8] = [
    ("probability", 0, 100),
    ("influence", 1, 5),
    ("satisfaction", 1, 5),
    ("recommends", 0, 10),
    ("attitude", -2, 2),
    ("staff", 0, 100_000_000),
    ("daily_cap", 0, 1_000_000),
    ("open_cap", 0, 1_000_000),
];

pub(super) fn bounds(_: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    for &(path, field, value) in &context.values {
        let label = field.label;
        let message = match value {
            Value::Integer(number) => {
                let bound = BOUNDS.iter().find(|(key, ..)| *key == field.key);
                let Some((_, low, high)) = bound.filter(|(_, low, high)| !(low..=high).contains(&number)) else {
                    continue;
                };
                words!(
                    "{label} {number} is not from {low} to {high}",
                    "{label} {number} 不在 {low} 到 {high} 之间"; each label
                )
            }
            Value::Money(money)
                if money.0.is_sign_negative() && !money.0.is_zero() && !may_be_negative(path, field) =>
            {
                words!("{label} {money} is negative", "{label} {money} 为负数"; each label)
            }
            _ => continue,
        };
        problems.push(Problem::error("odd-number", path, message));
    }
}

/// A year may end in a loss, a receipt be money paid back, a line of an order a rebate.
fn may_be_negative(place: Place, field: &Field) -> bool {
    let of_table = |name: &str| place.prefix.0.is_some_and(|(table, _)| table == name);
    field.key == "annual_revenue" || of_table("receipts") || of_table("lines")
}

pub(super) fn reason(record: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    if record.kind != LEAD || record.text("status") != Some("disqualified") {
        return;
    }
    match record.text("disqualify_reason") {
        None => {
            let message = words!("a disqualified lead needs a reason", "已剔除的线索必须有剔除原因");
            let problem = Problem::error("missing-reason", "disqualify_reason", message);
            problems.push(match reasons(context) {
                Some(mend) => problem.mend(mend),
                None => problem,
            });
        }
        Some("other") if is_blank(record, "disqualify_note") => {
            let message = words!("the reason `other` needs a note", "剔除原因为“其他”时须填写剔除说明");
            problems.push(Problem::error("missing-note", "disqualify_note", message));
        }
        Some(_) => {}
    }
}

/// Names the reasons there are and how one is written; nothing where the dictionary has none.
fn reasons(context: &Context<'_>) -> Option<Words> {
    let entries = context.config.dictionary.get("disqualify_reason")?;
    let keys: Vec<Words> = entries.iter().map(|entry| Words::same(entry.key.as_str())).collect();
    let labels: Vec<Words> = entries.iter().map(|entry| entry.label.clone()).collect();
    let (en, zh) = (Words::join(&keys, ", ", "、").en, Words::join(&labels, ", ", "、").zh);
    let mend = words!("write `disqualify_reason=…`, one of {en}", "请写明 `剔除原因=…`，可选：{zh}");
    (!keys.is_empty()).then_some(mend)
}

fn is_blank(row: &Row, key: &str) -> bool {
    row.text(key).is_none_or(|text| text.trim().is_empty())
}

/// Mail services open to anybody.
const FREE_MAIL: [&str; 28] = [
    "qq.com",
    "163.com",
    "126.com",
    "yeah.net",
    "sina.com",
    "sina.cn",
    "sohu.com",
    "foxmail.com",
    "139.com",
    "189.cn",
    "wo.cn",
    "21cn.com",
    "tom.com",
    "aliyun.com",
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "yahoo.com.cn",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.com",
    "proton.me",
    "protonmail.com",
];

pub(super) fn free_mail(record: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    // Consumers have no company mail; users are our own.
    if record.text("category") == Some("B2C") || !(record.kind == LEAD || record.kind == CUSTOMER) {
        return;
    }
    for &(prefix, row) in &context.rows {
        let Some((_, domain)) = row.text("email").and_then(|email| email.rsplit_once('@')) else { continue };
        if FREE_MAIL.contains(&domain.to_lowercase().as_str()) {
            let message = words!("`{domain}` is a free mail service", "`{domain}` 是公共邮箱");
            let mend = words!("ask for the company address", "请向对方索取企业邮箱");
            problems.push(Problem::warning("free-mail", format!("{prefix}email"), message).mend(mend));
        }
    }
}

pub(super) fn needs(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    let Some(needs) = record.text("needs").map(str::trim).filter(|needs| !needs.is_empty()) else { return };
    if needs.chars().filter(|c| !c.is_whitespace()).count() < 6 {
        let message = words!("needs of fewer than 6 characters say little", "当前需求少于 6 个字，不够具体");
        let mend = words!("say what is needed, how many and by when", "请写明需要什么、数量和时间");
        problems.push(Problem::warning("short-needs", "needs", message).mend(mend));
    }
}

pub(super) fn cooperation(snapshot: &Snapshot, found: &mut Vec<Found>) {
    for customer in snapshot.records(CUSTOMER) {
        let fields = lacking_by_state(customer, snapshot);
        let Some(first) = fields.first() else { continue };
        let labels: Vec<Words> = fields.iter().map(|field| field.label.into()).collect();
        let names = Words::join(&labels, ", ", "、");
        let message = words!("the won customer lacks {names}", "成交客户缺少{names}"; each names);
        let problem = Problem::warning("missing-cooperation", first.key, message);
        found.push((customer.kind, customer.number.clone(), problem));
    }
}

pub(super) fn prefix(record: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    let scheme = context.config.numbering.get(record.kind.name).map(|scheme| &scheme.prefix);
    let (Some(Prefix::Field(field)), Some(parts)) = (scheme, record.number.parts()) else { return };
    let Some(value) = record.text(field).filter(|value| *value != parts.prefix) else { return };
    let (number, has) = (&record.number, parts.prefix);
    let message = words!(
        "`{field}` is `{value}` but the number `{number}` starts with `{has}`",
        "`{field}` 为 `{value}`，编号 `{number}` 的前缀却是 `{has}`"
    );
    let dictionary = record.kind.field(field).and_then(|field| field.dictionary());
    let is_key = |name: &str| context.config.dictionary.get(name).is_some_and(|entries| entries.get(has).is_some());
    // What is no key of the field cannot be written there either.
    let mend = match dictionary.is_none_or(is_key) {
        true => words!("write `{field} = \"{has}\"`", "请写成 `{field} = \"{has}\"`"),
        false => {
            words!("rename the file, so that its number starts with `{value}`", "请为文件改名，使编号以 `{value}` 开头")
        }
    };
    problems.push(Problem::error("number-prefix", field.clone(), message).mend(mend));
}

pub(super) fn number_form(record: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    let (Some(scheme), Some(parts)) = (context.config.numbering.get(record.kind.name), record.number.parts()) else {
        return;
    };
    let prefix = match &scheme.prefix {
        Prefix::Fixed(prefix) => prefix.as_str(),
        Prefix::Field(_) => parts.prefix,
    };
    let usual = Number::sequence(prefix, parts.year, parts.seq.max(1), scheme.digits);
    if usual != record.number {
        let number = &record.number;
        let message = words!("the number `{number}` is not written as `{usual}`", "编号 `{number}` 应写作 `{usual}`");
        let mend = words!("rename the file to `{usual}.toml`", "请将文件改名为 `{usual}.toml`");
        problems.push(Problem { field: None, ..Problem::error("number-form", "number", message).mend(mend) });
    }
}

pub(super) fn circles(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    for at in circular(record) {
        let name = record.rows("contacts")[at].text("name").unwrap_or_default();
        let message = words!("`{name}` reports to itself in the end", "“{name}”的汇报关系成环");
        problems.push(Problem::error("circular-contact", format!("contacts.{at}.reports_to"), message));
    }
}

pub(super) fn reports_to(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    let contacts = record.rows("contacts");
    for (at, contact) in contacts.iter().enumerate() {
        let Some(boss) = contact.text("reports_to").map(str::trim).filter(|boss| !boss.is_empty()) else { continue };
        let is_other = |(place, other): (usize, &Row)| place != at && other.text("name").map(str::trim) == Some(boss);
        if !contacts.iter().enumerate().any(is_other) {
            let message = words!("`{boss}` is no other contact of this customer", "“{boss}”不是本客户的其他联系人");
            problems.push(Problem::error("unknown-contact", format!("contacts.{at}.reports_to"), message));
        }
    }
}
