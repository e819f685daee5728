//! Targets: set for a person, a department or the company, for a month, a quarter or a year, in one commit.

use super::add::read_one;
use super::resolve::Resolver;
use super::{Batch, Outcome, Session};
use crate::query::Days;
use crate::record::{Failure, Kind, MONTH, Money, Number, Record, Result, TARGET, USER, Value, find_field};
use crate::rules::target::{Months, Whom, set, sum};
use crate::words;

/// What is to be reached; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aim {
    /// The amount to be won, as typed.
    pub sales: Option<String>,
    /// The money to be received, as typed.
    pub receipts: Option<String>,
}

/// Sets the target of whom a text names, for the months that another one names.
///
/// Fails with exit code 2 when those are not whole months of one year, 4 when it names nobody, 6 for an amount that is
/// none.
pub fn plan(session: &Session, whom: &str, period: &str, aim: &Aim) -> Result<Outcome> {
    let months = months(session, period)?;
    let whom = find(session, whom)?;
    let number = whom.number(months.year).ok_or_else(|| unnamed(&whom))?;
    let mut batch = Batch::begin(session)?;
    let there = session.repo.load_one(TARGET, &number, &session.source)?.is_some();
    let (before, text) = match there {
        true => batch.read(TARGET, &number).map(|(record, text)| (Some(record), text))?,
        false => (None, String::new()),
    };
    let mut after = before.clone().unwrap_or_else(|| new(&whom, months.year, &number));
    if Whom::of(&after).as_ref() != Some(&whom) {
        return Err(taken(&number));
    }
    for (field, text) in [("sales", &aim.sales), ("receipts", &aim.receipts)] {
        if let Some(text) = text {
            let before = after.clone();
            set(&mut after, &months, field, amount(session, field, text)?);
            warn_of_shares(&before, &after, &months, field, &mut batch);
        }
    }
    match before {
        Some(before) => drop(batch.update(&before, &text, after)?),
        None => drop(batch.create(TARGET, Some(number.clone()), after.row)?),
    }
    batch.commit(&format!("target: plan {number}"), Vec::new())
}

/// Says which months had another amount before one for several months was shared among them.
fn warn_of_shares(before: &Record, after: &Record, months: &Months, field: &str, batch: &mut Batch<'_>) {
    if months.count() < 2 {
        return;
    }
    for month in months.months.clone() {
        let one = Months { year: months.year, months: month..=month };
        let (Some(old), Some(new)) = (sum(before, &one, field), sum(after, &one, field)) else { continue };
        if old != new {
            let year = months.year;
            batch.warn(words!(
                "{year}-{month:02} had {old} and has {new} now",
                "{year}-{month:02} 原为 {old}，现为 {new}"
            ));
        }
    }
}

fn months(session: &Session, period: &str) -> Result<Months> {
    let days = Days::of(period, session.now.date_naive());
    days.and_then(|days| Months::between(days.first, days.last)).ok_or_else(|| {
        Failure::usage(words!("`{period}` is no month, quarter or year", "“{period}”不是月份、季度或年度")).hint(
            words!("write `2026-03`, `2026-Q1`, `2026` or `this-month`", "请写 `2026-03`、`2026-Q1`、`2026` 或 `本月`"),
        )
    })
}

/// Returns whom a text names: the company, a department that users are of, or a user.
fn find(session: &Session, text: &str) -> Result<Whom> {
    let name = text.trim();
    if matches!(name, "company" | "公司") {
        return Ok(Whom::Company);
    }
    let users = session.whole(&[USER])?;
    let login = Number::parse(name);
    let is_login = |user: &Record| login.as_ref() == Some(&user.number);
    if !users.records(USER).iter().any(is_login)
        && users.records(USER).iter().any(|user| user.text("department").map(str::trim) == Some(name))
    {
        return Ok(Whom::Department(name.to_string()));
    }
    let number = Resolver::new(session).only(USER, name).map_err(|failure| {
        failure.hint(words!(
            "a department is named as in its users' records; `company` is everybody",
            "部门按用户记录中的名称填写；`公司` 指全公司"
        ))
    })?;
    Ok(Whom::Person(number.to_string()))
}

fn new(whom: &Whom, year: i32, number: &Number) -> Record {
    let mut target = Record::new(TARGET, number.clone());
    target.set("year", Value::Integer(i64::from(year)));
    target.set("scope", Value::text(whom.scope()));
    match whom {
        Whom::Company => {}
        Whom::Department(name) => drop(target.set("department", Value::text(name.as_str()))),
        Whom::Person(login) => drop(target.set("user", Value::text(login.as_str()))),
    }
    target
}

fn amount(session: &Session, field: &str, text: &str) -> Result<Money> {
    let field = find_field(MONTH, field).map(|field| read_one(session, field, text)).transpose()?;
    match field {
        Some(Value::Money(amount)) => Ok(amount),
        _ => Err(Failure::invalid(words!("`{text}` is no amount", "`{text}` 不是金额"))),
    }
}

fn unnamed(whom: &Whom) -> Failure {
    let (Whom::Department(name) | Whom::Person(name)) = whom else {
        return Failure::invalid(words!("no name", "没有名称"));
    };
    Failure::invalid(words!("`{name}` cannot name a file", "“{name}”不能用作文件名"))
}

fn taken(number: &Number) -> Failure {
    let kind: Kind = TARGET;
    Failure::conflict(words!("`{number}` is the target of somebody else", "`{number}` 是他人的目标"))
        .hint(words!("`kehu {kind} show {number}` shows it", "用 `kehu {kind} show {number}` 查看"))
}
