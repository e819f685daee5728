//! What is to be paid of a contract, and what was.

use super::{change, day, past_day};
use crate::ops::{Outcome, Session};
use crate::record::{CONTRACT, Failure, INSTALMENT, Money, RECEIPT, Record, Result, Row, Value, Words, find_field};
use crate::rules::contract::plan::{fraction, read};
use crate::rules::contract::{Payments, standing, total};
use crate::sheet::{Cell, Column, ColumnType, Document, Sheet};
use crate::words;
use chrono::Timelike;

/// Money that came in, or went back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The amount, as typed; negative for money paid back.
    pub amount: String,
    /// The day, as typed; today when absent.
    pub on: Option<String>,
    /// The bank's number of it.
    pub reference: Option<String>,
    /// What else there is to say.
    pub note: Option<String>,
}

/// Replaces the payment plan of a contract by these instalments, as [`read`] reads them.
///
/// Fails with exit code 6 when the contract has no amount, and as [`read`] does.
pub fn plan(session: &Session, text: &str, items: &[String]) -> Result<Outcome> {
    let Some(due_on) = find_field(INSTALMENT, "due_on") else { return Ok(Outcome::default()) };
    change(session, text, "plan", &mut |_, before, after| {
        let amount = before.money("amount").ok_or_else(|| no_amount(before))?;
        let rows = read(items, amount, &|text| day(session, due_on, text))?;
        after.set("plan", Value::Rows(rows));
        Ok(())
    })
}

fn no_amount(contract: &Record) -> Failure {
    let number = &contract.number;
    Failure::invalid(words!("`{number}` has no amount to plan for", "`{number}` 没有合同金额"))
        .hint(words!("`kehu contract set {number} amount=…`", "用 `kehu contract set {number} 合同金额=…` 填写"))
}

/// Notes money received of a contract, or paid back.
///
/// Fails with exit code 6 when it is nothing, of a day to come, or more is paid back than was received, 5 when the
/// reference is there already.
pub fn receive(session: &Session, text: &str, receipt: &Receipt) -> Result<Outcome> {
    let Some(received_on) = find_field(RECEIPT, "received_on") else { return Ok(Outcome::default()) };
    let typed = &receipt.amount;
    let amount = Money::parse(typed).ok_or_else(|| {
        Failure::usage(words!("`{typed}` is not an amount", "“{typed}”不是金额"))
            .hint(words!("write it as 36000, 36,000.50 or 3.6万", "请写成 36000、36,000.50 或 3.6万"))
    })?;
    if !amount.is_in_cents() {
        return Err(fraction(typed));
    }
    if amount == Money::default() {
        return Err(Failure::invalid(words!("nothing was received", "收款金额为零")));
    }
    let mut row = Row::new(RECEIPT);
    row.set("received_on", Value::Date(past_day(session, received_on, receipt.on.as_deref())?));
    row.set("amount", Value::Money(amount));
    for (key, text) in [("reference", &receipt.reference), ("note", &receipt.note)] {
        text.iter().for_each(|text| drop(row.set(key, Value::text(text.trim()))));
    }
    // Two people who note two receipts alike have noted two, also after a merge.
    let now = session.now.fixed_offset();
    row.set("noted_at", Value::Moment(now.with_nanosecond(0).unwrap_or(now)));
    change(session, text, "receive", &mut |batch, before, after| {
        let mut rows = before.rows("receipts").to_vec();
        refuse_known(&rows, &row, before)?;
        rows.push(row.clone());
        let received = total(rows.iter().filter_map(|row| row.money("amount")));
        if received < Money::default() {
            let before = Payments::of(before).received;
            return Err(Failure::invalid(words!(
                "only {before} were received, so {amount} cannot be paid back",
                "累计仅收款 {before}，不能退款 {amount}"
            )));
        }
        if !standing(before, session.now.date_naive()).is_binding() {
            let number = &before.number;
            batch.warn(words!("`{number}` is not signed yet", "`{number}` 尚未签订"));
        }
        after.set("receipts", Value::Rows(rows));
        Ok(())
    })
}

/// Fails where a receipt of the same reference is noted already.
fn refuse_known(rows: &[Row], new: &Row, contract: &Record) -> Result<()> {
    let Some(reference) = new.text("reference") else { return Ok(()) };
    let Some(known) = rows.iter().find(|row| row.text("reference").map(str::trim) == Some(reference)) else {
        return Ok(());
    };
    let (number, amount) = (&contract.number, known.money("amount").unwrap_or_default());
    let on = known.date("received_on").map(|day| day.to_string()).unwrap_or_default();
    Err(Failure::conflict(words!(
        "the receipt `{reference}` of `{number}` is noted already: {amount} on {on}",
        "`{number}` 已登记收款凭证 `{reference}`：{on} 收 {amount}"
    ))
    .hint(words!("`kehu contract edit {number}` changes it", "用 `kehu contract edit {number}` 修改")))
}

/// Lists the instalments of a contract with what is paid of each; the whole where it has no plan.
pub fn plan_document(session: &Session, text: &str) -> Result<Document> {
    let contract = session.find(CONTRACT, text)?;
    let payments = Payments::of(&contract);
    let money = |key, en, zh| Column::of(key, en, zh, ColumnType::Money);
    let columns = vec![
        Column::text("name", "Instalment", "款项"),
        Column::of("due_on", "Due on", "应收日期", ColumnType::Date),
        money("amount", "Amount", "应收金额"),
        money("paid", "Paid", "已收"),
        money("outstanding", "To come", "待收"),
    ];
    let mut sheet = Sheet::new("plan", Words::default(), columns);
    sheet.rows = payments
        .instalments
        .iter()
        .map(|one| {
            vec![
                Cell::text(one.name),
                one.due_on.map_or(Cell::Empty, Cell::Date),
                Cell::Money(one.amount),
                Cell::Money(one.paid),
                Cell::Money(one.outstanding()),
            ]
        })
        .collect();
    let [planned, paid, outstanding] = [payments.planned(), payments.paid(), payments.outstanding()].map(Cell::Money);
    let whole = words!("Total", "合计");
    sheet.total = Some(vec![Cell::Label("total".into(), whole), Cell::Empty, planned, paid, outstanding]);
    if payments.credit != Money::default() {
        let credit = payments.credit;
        sheet.notes.push(words!("{credit} were received beyond the plan", "另有 {credit} 超出付款计划"));
    }
    let (number, name) = (&contract.number, contract.title());
    let title = words!("{number} {name}: payment plan", "{number} {name}：付款计划");
    Ok(Document { name: "contract-plan".to_string(), title, sheets: vec![sheet], ..Document::default() })
}
