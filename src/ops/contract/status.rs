//! A contract is signed, and may be ended before its last day.

use super::{change, day, past_day};
use crate::ops::attach::{self, NamedFile};
use crate::ops::{Outcome, Session};
use crate::record::{CONTRACT, Failure, Record, Result, Value, Words};
use crate::rules::contract::{Standing, standing, total};
use crate::words;

/// How a contract was signed; days as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signing {
    /// The day of it; today when absent.
    pub on: Option<String>,
    /// Its first day; as it stands when absent.
    pub from: Option<String>,
    /// Its last day; as it stands when absent.
    pub to: Option<String>,
    /// The signed paper.
    pub files: Vec<NamedFile>,
}

/// Makes a draft a signed contract, and keeps the signed file beside it with its hash.
///
/// Fails with exit code 5 when it is no draft, 6 with all that it lacks: an amount, a plan that comes to it.
pub fn sign(session: &Session, text: &str, signing: &Signing) -> Result<Outcome> {
    change(session, text, "sign", &mut |batch, before, after| {
        let today = session.now.date_naive();
        if standing(before, today) != Standing::Draft {
            let (number, signed) = (&before.number, before.date("signed_on"));
            let on = signed.map(|day| format!(" {day}")).unwrap_or_default();
            return Err(Failure::conflict(words!("`{number}` was signed already{on}", "`{number}` 已签订{on}")).hint(
                words!(
                    "`kehu contract renew {number}` makes a new one that follows it",
                    "用 `kehu contract renew {number}` 建立续签合同"
                ),
            ));
        }
        refuse_lacking(before)?;
        after.set("status", Value::text(Standing::Signed.key()));
        for (key, typed) in [("signed_on", &signing.on), ("start_on", &signing.from), ("end_on", &signing.to)] {
            let Some(field) = CONTRACT.field(key) else { continue };
            let known = before.date(key).filter(|_| typed.is_none());
            let said = match key {
                "signed_on" if known.is_none() => Some(past_day(session, field, typed.as_deref())?),
                _ => typed.as_deref().map(|typed| day(session, field, typed)).transpose()?,
            };
            said.iter().for_each(|day| drop(after.set(key, Value::Date(*day))));
        }
        if after.date("end_on").is_none() {
            batch.warn(words!(
                "it has no last day, so nobody is reminded of its renewal; `--to DATE` gives one",
                "没有结束日期，不会提醒续约；可用 `--to 日期` 填写"
            ));
        }
        attach::put(session, batch, after, signing.files.clone(), "contract", false)
    })
}

/// Fails with all that a draft lacks to be signed.
fn refuse_lacking(contract: &Record) -> Result<()> {
    let number = &contract.number;
    let mut lacks: Vec<[Words; 2]> = Vec::new();
    match contract.money("amount") {
        None => lacks.push([
            words!("`{number}` has no amount", "`{number}` 没有合同金额"),
            words!("`kehu contract set {number} amount=…`", "用 `kehu contract set {number} 合同金额=…` 填写"),
        ]),
        Some(amount) if !contract.rows("plan").is_empty() => {
            let planned = total(contract.rows("plan").iter().filter_map(|row| row.money("amount")));
            if planned != amount {
                lacks.push([
                    words!(
                        "the payment plan comes to {planned}, the contract to {amount}",
                        "付款计划合计 {planned}，合同金额为 {amount}"
                    ),
                    words!(
                        "`kehu contract plan {number} …` replaces it",
                        "用 `kehu contract plan {number} …` 重新填写"
                    ),
                ]);
            }
        }
        Some(_) => {}
    }
    if contract.text("customer").is_none() {
        lacks.push([
            words!("`{number}` has no customer", "`{number}` 没有客户"),
            words!("`kehu contract set {number} customer=…`", "用 `kehu contract set {number} 客户=…` 填写"),
        ]);
    }
    let mut lacks = lacks.into_iter();
    let Some([first, mend]) = lacks.next() else { return Ok(()) };
    Err(lacks.fold(Failure::invalid(first).hint(mend), |failure, [why, mend]| failure.detail(why).hint(mend)))
}

/// Ends a contract on a day, today unless another is typed, for a reason.
///
/// Fails with exit code 5 when it was never signed, has ended, or was terminated before.
pub fn terminate(session: &Session, text: &str, on: Option<&str>, reason: &str) -> Result<Outcome> {
    let Some(field) = CONTRACT.field("terminated_on") else { return Ok(Outcome::default()) };
    change(session, text, "terminate", &mut |_, before, after| {
        let today = session.now.date_naive();
        let ends = on.map_or(Ok(today), |on| day(session, field, on))?;
        refuse_ended(before, today)?;
        if let Some(end) = before.date("end_on").filter(|end| *end < ends) {
            return Err(Failure::invalid(words!("it ends on {end} of itself", "合同到 {end} 自然到期")));
        }
        let first = ["signed_on", "start_on"].into_iter().filter_map(|key| before.date(key)).min();
        if let Some(first) = first.filter(|first| ends < *first) {
            return Err(Failure::invalid(words!(
                "it was not in force before {first}",
                "合同自 {first} 起才有效，不能更早终止"
            )));
        }
        after.set("status", Value::text(Standing::Terminated.key()));
        after.set("terminated_on", Value::Date(ends));
        after.set("termination_reason", Value::text(reason.trim()));
        Ok(())
    })
}

fn refuse_ended(contract: &Record, today: chrono::NaiveDate) -> Result<()> {
    let number = &contract.number;
    let (why, instead) = match standing(contract, today) {
        _ if contract.text("status") == Some("terminated") => (
            words!("`{number}` is terminated already", "`{number}` 已终止"),
            words!(
                "`kehu contract set {number} terminated_on=…` changes the day",
                "用 `kehu contract set {number} 终止日期=…` 修改日期"
            ),
        ),
        Standing::Draft => (
            words!("`{number}` is a draft, and binds nobody", "`{number}` 是草案，尚未签订"),
            words!("`kehu contract rm {number}` removes it", "用 `kehu contract rm {number}` 删除"),
        ),
        Standing::Expired => (
            words!("`{number}` has ended", "`{number}` 已到期"),
            words!("`kehu contract show {number}` shows its days", "用 `kehu contract show {number}` 查看"),
        ),
        _ => return Ok(()),
    };
    Err(Failure::conflict(why).hint(instead))
}
