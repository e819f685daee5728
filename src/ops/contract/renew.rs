//! A contract is followed by another with the same customer.

use crate::ops::add::{fill_in, refuse};
use crate::ops::resolve::Resolver;
use crate::ops::{Batch, Outcome, Session};
use crate::record::{Assignment, CONTRACT, Failure, Record, Result, Row, Value};
use crate::rules::contract::{Standing, standing};
use crate::words;
use chrono::{Datelike, Days, Months, NaiveDate};

/// What goes over to the next contract.
const KEPT: [&str; 8] = ["name", "customer", "amount", "currency", "products", "payment_terms", "owner", "template"];

/// Makes a draft that goes on from a contract: the day after its last, for as long, unless `assignments` say otherwise.
///
/// Fails with exit code 5 when the contract is renewed already, was terminated or never signed, 6 when it has no last day
/// and no days are said.
pub fn renew(session: &Session, text: &str, assignments: &[Assignment]) -> Result<Outcome> {
    let number = session.find(CONTRACT, text)?.number;
    let assignments = Resolver::new(session).assignments(assignments)?;
    let mut batch = Batch::begin(session)?;
    let (old, _) = batch.read(CONTRACT, &number)?;
    refuse_unfit(session, &old)?;
    let mut row = Row::new(CONTRACT.fields);
    for (key, value) in KEPT.into_iter().filter_map(|key| Some((key, old.get(key)?))) {
        row.set(key, value.clone());
    }
    row.set("renews", Value::text(number.as_str()));
    let next = next_days(&old);
    for (key, day) in [("start_on", next.0), ("end_on", next.1)] {
        day.iter().for_each(|day| drop(row.set(key, Value::Date(*day))));
    }
    let reading = session.config.reading();
    let problems = assignments.iter().filter_map(|one| one.apply(&mut row, &reading).err()).collect();
    refuse(CONTRACT, &row, problems)?;
    if row.get("start_on").is_none() {
        return Err(Failure::invalid(words!(
            "`{number}` has no last day that the next could begin after",
            "`{number}` 没有结束日期，无从得知续签的开始日期"
        ))
        .hint(words!(
            "`kehu contract renew {number} start_on=… end_on=…` says the days",
            "请写明：`kehu contract renew {number} 开始日期=… 结束日期=…`"
        )));
    }
    fill_in(session, CONTRACT, &mut row)?;
    let new = batch.create(CONTRACT, None, row)?;
    batch.commit(&format!("contract: renew {number} as {new}"), Vec::new())
}

fn refuse_unfit(session: &Session, old: &Record) -> Result<()> {
    let number = &old.number;
    let (why, instead) = match standing(old, session.now.date_naive()) {
        Standing::Draft => (
            words!("`{number}` is a draft, so there is nothing to renew", "`{number}` 是草案，无可续签"),
            words!("`kehu contract sign {number}` signs it", "用 `kehu contract sign {number}` 签订"),
        ),
        _ if old.text("status") == Some("terminated") => (
            words!("`{number}` was terminated", "`{number}` 已终止"),
            words!("`kehu contract add` makes a new one", "用 `kehu contract add` 另建合同"),
        ),
        _ => {
            // Also by one that is not the acting person's to read: a contract has one successor.
            let all = session.whole(&[CONTRACT])?;
            let by = all.records(CONTRACT).iter().find(|other| other.text("renews") == Some(number.as_str()));
            let Some(by) = by.map(|other| &other.number) else { return Ok(()) };
            (
                words!("`{number}` is renewed by `{by}` already", "`{number}` 已由 `{by}` 续签"),
                words!("`kehu contract set {by} …` changes it", "用 `kehu contract set {by} …` 修改"),
            )
        }
    };
    Err(Failure::conflict(why).hint(instead))
}

/// Returns the first and the last day of what follows a contract, as long as it: in months where it is whole months.
fn next_days(old: &Record) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let Some(start) = old.date("end_on").and_then(|end| end.checked_add_days(Days::new(1))) else {
        return (None, None);
    };
    let end = old.date("start_on").and_then(|first| {
        let after = match whole_months(first, start) {
            Some(months) => start.checked_add_months(Months::new(months))?,
            None => start.checked_add_signed(start - first)?,
        };
        after.pred_opt()
    });
    (Some(start), end)
}

/// Returns how many months lie between two days, where it is months and no days.
fn whole_months(from: NaiveDate, to: NaiveDate) -> Option<u32> {
    let months = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32;
    let months = u32::try_from(months).ok().filter(|months| *months > 0)?;
    (from.checked_add_months(Months::new(months)) == Some(to)).then_some(months)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Number;

    #[test]
    fn the_next_is_as_long() {
        for (start, end, next) in [
            ("2026-05-01", "2027-04-30", "2027-05-01 2028-04-30"),
            ("2024-02-29", "2025-02-28", "2025-03-01 2026-03-01"),
            ("2026-01-31", "2026-02-27", "2026-02-28 2026-03-27"),
            ("2026-05-10", "2026-05-19", "2026-05-20 2026-05-29"),
            ("2026-05-10", "2026-08-09", "2026-08-10 2026-11-09"),
        ] {
            let mut old = Record::new(CONTRACT, Number::sequence("CON", 2026, 1, 3));
            old.set("start_on", Value::Date(start.parse().unwrap()));
            old.set("end_on", Value::Date(end.parse().unwrap()));
            let (first, last) = next_days(&old);
            assert_eq!(format!("{} {}", first.unwrap(), last.unwrap()), next, "{start} to {end}");
        }
    }
}
