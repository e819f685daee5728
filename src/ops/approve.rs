//! Approvals (审批): a manager's word that an opportunity may be won for an amount.

use super::add::read_one;
use super::resolve::Resolver;
use super::{Batch, Outcome, Session};
use crate::record::{APPROVAL, Failure, Finding, Kind, Money, OPPORTUNITY, Record, Result, Row, Value, find_field};
use crate::rules::gate::awaits_approval;
use crate::rules::opportunity::is_open;
use crate::words;

/// An opportunity that waits, and the amount it waits to be approved for.
pub type Waiting = (Record, Money);

/// Approves opportunities, for what each is expected to be won for or for an amount, in one commit.
///
/// Fails with exit code 5 when one is closed, 6 when it has no amount, 7 when it is not the acting person's to approve.
pub fn approve(session: &Session, texts: &[String], amount: Option<&str>, note: Option<&str>) -> Result<Outcome> {
    let resolver = Resolver::new(session);
    let by = session.actor()?;
    let stated = amount.map(|text| read_amount(session, text)).transpose()?;
    let mut batch = Batch::begin(session)?;
    let mut numbers = Vec::new();
    for text in texts {
        let number = resolver.only(OPPORTUNITY, text)?;
        session.find(OPPORTUNITY, number.as_str())?;
        let (before, text) = batch.read(OPPORTUNITY, &number)?;
        if !is_open(&before) {
            return Err(Failure::conflict(words!("`{number}` is closed", "`{number}` 已关闭")));
        }
        let expected = before.money("actual_amount").or(before.money("amount"));
        let amount = stated.or(expected).ok_or_else(|| unknown_amount(number.as_str()))?;
        let mut row = Row::new(APPROVAL);
        row.set("at", Value::Moment(session.now.fixed_offset()));
        row.set("by", Value::text(&*by));
        row.set("amount", Value::Money(amount));
        before.text("currency").into_iter().for_each(|currency| drop(row.set("currency", Value::text(currency))));
        note.into_iter().for_each(|note| drop(row.set("note", Value::text(note))));
        let mut after = before.clone();
        after.set("approvals", Value::Rows([before.rows("approvals"), &[row]].concat()));
        batch.update(&before, &text, after)?;
        numbers.push(number.to_string());
    }
    batch.commit(&format!("opportunity: approve {}", numbers.join(", ")), Vec::new())
}

/// Returns the opportunities that wait for an approval which is the acting person's to give, each with its amount.
pub fn waiting(session: &Session) -> Result<(Vec<Waiting>, Vec<Finding>)> {
    let (snapshot, findings) = session.snapshot(&[OPPORTUNITY])?;
    let access = session.access()?;
    let wait = |record: &Record| Some((record.clone(), awaits_approval(record, &session.config.stages)?));
    let is_theirs = |(record, _): &Waiting| access.may_approve(record);
    Ok((snapshot.records(OPPORTUNITY).iter().filter_map(wait).filter(is_theirs).collect(), findings))
}

fn read_amount(session: &Session, text: &str) -> Result<Money> {
    let value = find_field(APPROVAL, "amount").map(|field| read_one(session, field, text)).transpose()?;
    match value {
        Some(Value::Money(amount)) => Ok(amount),
        _ => Err(Failure::invalid(words!("`{text}` is no amount", "`{text}` 不是金额"))),
    }
}

fn unknown_amount(number: &str) -> Failure {
    let kind: Kind = OPPORTUNITY;
    Failure::invalid(words!("`{number}` has no amount to approve", "`{number}` 没有可审批的金额")).hint(words!(
        "`--amount` says up to what, or `kehu {kind} set {number} amount=…` first",
        "用 `--amount` 指定批准金额，或先 `kehu {kind} set {number} 金额=…`"
    ))
}
