//! Contracts: planned, signed, paid, ended, renewed, each step in one commit; made into documents and told to finance.

mod ledger;
mod payment;
mod render;
mod renew;
mod status;

pub use ledger::{Span, ledger};
pub use payment::{Receipt, plan, plan_document, receive};
pub use render::{Choice, Form, Rendered, TEAM, Wanted, render};
pub use renew::renew;
pub use status::{Signing, sign, terminate};

use super::resolve::counted;
use super::{Batch, Outcome, Session};
use crate::record::input::read_value;
use crate::record::{CONTRACT, Failure, Field, Record, Result, Value};
use crate::words;
use chrono::NaiveDate;

/// What is done to a contract: the one before is there to be judged by, the one after to be changed.
type Edit<'e> = &'e mut dyn FnMut(&mut Batch<'_>, &Record, &mut Record) -> Result<()>;

/// Changes a contract in one commit.
fn change(session: &Session, text: &str, verb: &str, edit: Edit<'_>) -> Result<Outcome> {
    let number = session.find(CONTRACT, text)?.number;
    let mut batch = Batch::begin(session)?;
    let (before, file) = batch.read(CONTRACT, &number)?;
    let mut after = before.clone();
    edit(&mut batch, &before, &mut after)?;
    batch.update(&before, &file, after)?;
    batch.commit(&format!("contract: {verb} {number}"), Vec::new())
}

/// Reads a day as it is typed for a field, also one that counts from today.
fn day(session: &Session, field: &Field, text: &str) -> Result<NaiveDate> {
    let text = counted(field, text, session.now.date_naive()).unwrap_or_else(|| text.to_string());
    match read_value(field, &text, &session.config.reading()) {
        Ok(Value::Date(day)) => Ok(day),
        Ok(_) => Err(Failure::usage(words!("`{text}` is no day", "“{text}”不是日期"))),
        Err(problem) => Err(Failure::usage(problem.message).hint(problem.mend.unwrap_or_default())),
    }
}

/// Reads a day as it is typed for a field of a contract; today where nothing was typed.
///
/// Fails with exit code 2 when it is no day, 6 when it is to come.
fn past_day(session: &Session, field: &Field, text: Option<&str>) -> Result<NaiveDate> {
    let today = session.now.date_naive();
    let day = text.map_or(Ok(today), |text| day(session, field, text))?;
    if day > today {
        let label = field.label;
        return Err(Failure::invalid(words!("{label}: {day} is to come", "{label}：{day} 尚未到来"; each label)));
    }
    Ok(day)
}
