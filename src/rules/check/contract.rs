//! Checks of contracts: the payment plan, the days, the receipts, the customer.

use super::{Context, Found};
use crate::record::{CONTRACT, Kind, Money, OPPORTUNITY, ORDER, Problem, Record, Row};
use crate::rules::Snapshot;
use crate::rules::contract::{Payments, total};
use crate::words;
use chrono::NaiveDate;
use std::collections::HashMap;

fn is_draft(contract: &Record) -> bool {
    contract.text("status").is_none_or(|status| status == "draft")
}

/// A draft's plan may be on its way to the amount; a signed one's is what was agreed.
pub(super) fn plan(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    let rows = record.rows("plan");
    if record.kind != CONTRACT || rows.is_empty() {
        return;
    }
    for (at, row) in rows.iter().enumerate() {
        if row.money("amount").is_some_and(|amount| amount <= Money::default()) {
            let message = words!("an instalment is above zero", "分期金额须大于零");
            problems.push(Problem::error("odd-number", format!("plan.{at}.amount"), message));
        }
        let name = row.text("name").map(str::trim);
        if let Some(name) = name.filter(|_| rows[..at].iter().any(|row| row.text("name").map(str::trim) == name)) {
            let message = words!("two instalments are called `{name}`", "有两期都叫“{name}”");
            problems.push(Problem::error("double-instalment", format!("plan.{at}.name"), message));
        }
    }
    let planned = total(rows.iter().filter_map(|row| row.money("amount")));
    let Some(amount) = record.money("amount").filter(|amount| *amount != planned) else { return };
    let message = words!(
        "the payment plan comes to {planned}, the contract to {amount}",
        "付款计划合计 {planned}，合同金额为 {amount}"
    );
    let number = &record.number;
    let mend = words!("`kehu contract plan {number} …` replaces it", "用 `kehu contract plan {number} …` 重新填写");
    let problem = if is_draft(record) { Problem::warning } else { Problem::error };
    problems.push(problem("plan-sum", "plan", message).mend(mend));
}

pub(super) fn days(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    if record.kind != CONTRACT {
        return;
    }
    if !is_draft(record) && record.date("signed_on").is_none() {
        let message = words!("a contract that is no draft was signed on a day", "已签订的合同须有签订日期");
        let mend = words!("give it as `signed_on=…`", "请填写 `签订日期=…`");
        problems.push(Problem::error("contract-day", "signed_on", message).mend(mend));
    }
    if record.text("status") == Some("terminated") && record.date("terminated_on").is_none() {
        let message = words!("a terminated contract ended on a day", "已终止的合同须有终止日期");
        let mend = words!("give it as `terminated_on=…`", "请填写 `终止日期=…`");
        problems.push(Problem::error("contract-day", "terminated_on", message).mend(mend));
    }
    if let (Some(start), Some(end)) = (record.date("start_on"), record.date("end_on"))
        && end < start
    {
        let message = words!("it ends on {end}, before it starts on {start}", "结束日期 {end} 早于开始日期 {start}");
        problems.push(Problem::error("contract-day", "end_on", message));
    }
}

pub(super) fn receipts(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    if record.kind != CONTRACT {
        return;
    }
    let rows = record.rows("receipts");
    for (at, row) in rows.iter().enumerate() {
        if row.money("amount") == Some(Money::default()) {
            let message = words!("nothing was received", "收款金额为零");
            problems.push(Problem::error("odd-number", format!("receipts.{at}.amount"), message));
        }
        let reference = row.text("reference").map(str::trim).filter(|text| !text.is_empty());
        let known = |other: &Row| other.text("reference").map(str::trim) == reference;
        if let Some(reference) = reference.filter(|_| rows[..at].iter().any(known)) {
            let message = words!("the receipt `{reference}` is noted twice", "收款凭证 `{reference}` 重复登记");
            problems.push(Problem::error("double-receipt", format!("receipts.{at}.reference"), message));
        }
        problems.extend(seems_noted(&rows[..at], row, at).filter(|_| reference.is_none()));
    }
    let received = Payments::of(record).received;
    if received < Money::default() {
        let message = words!("more was paid back than received: {received}", "退款超过累计收款：{received}");
        problems.push(Problem::error("odd-number", "receipts", message));
    }
    let Some(amount) = record.money("amount") else { return };
    if received > amount {
        let message = words!("{received} were received of {amount}", "已收 {received}，超过合同金额 {amount}");
        problems.push(Problem::warning("overpaid", "receipts", message));
    }
}

/// Warns of a receipt without a reference that is of the day and amount of another: noted twice, or really two.
fn seems_noted(before: &[Row], row: &Row, at: usize) -> Option<Problem> {
    let is_like = |other: &&Row| ["received_on", "amount"].iter().all(|key| other.get(key) == row.get(key));
    before.iter().find(is_like)?;
    let (amount, on) = (row.money("amount")?, row.date("received_on")?);
    let message = words!("{amount} of {on} seems to be noted twice", "{on} 收款 {amount} 似乎重复登记");
    let mend = words!("if both are real, give each its `reference`", "若确为两笔，请分别填写收款凭证号");
    Some(Problem::warning("double-receipt", format!("receipts.{at}.amount"), message).mend(mend))
}

/// Records that belong to another of the same customer: the kind, the field that names the other, its kind.
pub const BELONGS: [(Kind, &str, Kind); 2] = [(CONTRACT, "opportunity", OPPORTUNITY), (ORDER, "contract", CONTRACT)];

/// Tells whether a record is with another customer than the one it belongs to.
pub fn parted(record: &Record, other: &Record) -> bool {
    let customers = record.text("customer").zip(other.text("customer"));
    customers.is_some_and(|(ours, theirs)| ours != theirs)
}

/// Returns what is wrong with a record that is parted from the one it belongs to.
pub fn other_customer(record: &Record, other: &Record) -> Problem {
    let [ours, theirs] = [record, other].map(|record| record.text("customer").unwrap_or_default());
    let (number, en, zh) = (&other.number, other.kind.label.en.to_lowercase(), other.kind.label.zh);
    let message = words!(
        "it is with `{ours}`, but its {en} `{number}` with `{theirs}`",
        "其客户是 `{ours}`，{zh} `{number}` 的客户却是 `{theirs}`"
    );
    let (kind, own) = (record.kind.name, &record.number);
    let mend = words!("`kehu {kind} set {own} customer={theirs}`", "用 `kehu {kind} set {own} 客户={theirs}` 更改");
    let problem = Problem::error("other-customer", "customer", message);
    // What is new has no number yet that anybody knows.
    if own.parts().is_some() { problem.mend(mend) } else { problem }
}

/// What was agreed with one customer is not what another was sold.
pub(super) fn customers(snapshot: &Snapshot, found: &mut Vec<Found>) {
    for (of, key, _) in BELONGS {
        for record in snapshot.records(of) {
            let other = record.text(key).and_then(|number| snapshot.find(number));
            if let Some(other) = other.filter(|other| parted(record, other)) {
                found.push((of, record.number.clone(), other_customer(record, other)));
            }
        }
    }
}

/// Warns of each contract that seems to be another one once more: of one customer, with its amount and the day it was signed, or
/// with the same file attached.
pub(super) fn twice(snapshot: &Snapshot, found: &mut Vec<Found>) {
    let mut first: HashMap<(&str, Mark<'_>), &Record> = HashMap::new();
    for contract in snapshot.records(CONTRACT) {
        let Some(customer) = contract.text("customer") else { continue };
        let known = marks(contract).into_iter().find_map(|mark| first.get(&(customer, mark)).copied());
        for mark in marks(contract) {
            first.entry((customer, mark)).or_insert(contract);
        }
        if let Some(other) = known {
            found.push((contract.kind, contract.number.clone(), same(other)));
        }
    }
}

/// Returns the warning that a contract is another one once more.
fn same(other: &Record) -> Problem {
    let (number, title) = (&other.number, other.title());
    let message = words!("it seems to be `{number}` ({title}) once more", "似与 `{number}`（{title}）为同一份合同");
    let mend = words!("remove one of them with `kehu contract rm`", "用 `kehu contract rm` 删除其中一份");
    Problem::warning("double-contract", "customer", message).mend(mend)
}

/// Returns the warning that a new contract is one that is there once more, if it seems so.
pub fn seems_same(new: &Record, other: &Record) -> Option<Problem> {
    let known = marks(other);
    let is_same = new.text("customer") == other.text("customer") && marks(new).iter().any(|mark| known.contains(mark));
    (is_same && new.number != other.number).then(|| same(other))
}

/// What two contracts of one customer do not have in common unless they are the same.
#[derive(PartialEq, Eq, Hash)]
enum Mark<'r> {
    /// The amount and the day of the signature.
    Signed(Money, NaiveDate),
    /// The hash of an attached contract.
    File(&'r str),
}

fn marks(contract: &Record) -> Vec<Mark<'_>> {
    let signed = contract.money("amount").zip(contract.date("signed_on"));
    let files = contract.rows("attachments").iter().filter(|row| row.text("kind") == Some("contract"));
    let files = files.filter_map(|row| row.text("sha256")).map(Mark::File);
    signed.map(|(amount, day)| Mark::Signed(amount, day)).into_iter().chain(files).collect()
}
