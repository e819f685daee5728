//! Convert a lead: a customer made or joined, its contact and an opportunity, in one commit.
//!
//! An exact key decides which customer there is already, unless it is said to be none of these; where several bear one, none
//! is guessed. Follow-ups stay with
//! the lead; [`crate::rules::family`] says how they are reached.

use super::access::subject_in;
use super::add::{fill_in, refuse};
use super::resolve::Resolver;
use super::session::key_text;
use super::undo::back_from_conversion;
use super::{Batch, Outcome, Session};
use crate::record::{Assignment, CUSTOMER, Exit, Failure, Kind, LEAD, Number, OPPORTUNITY, Record, Result, Row, Words};
use crate::rules::dedupe::{DedupeKey, exact_keys, normalize_company};
use crate::rules::{convert as rules, lifecycle};
use crate::words;

/// How many customers a failure names.
const NAMED: usize = 5;

/// Which customer a lead becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Into {
    /// The one that shares an exact key, else a new one.
    Found,
    /// This one, by number or name.
    Known(String),
    /// A new one, whoever shares a key.
    New,
}

/// How a lead is to be converted.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    /// The lead, by number or by what people call it.
    pub lead: String,
    /// The customer it becomes.
    pub customer: Into,
    /// What the customer is told besides what the lead says.
    pub facts: Vec<Assignment>,
    /// What the opportunity is told; none when none is to be made.
    pub opportunity: Option<Vec<Assignment>>,
}

/// Converts a lead in one commit.
///
/// Fails with exit code 5 when it is disqualified or converted already, 4 when several customers have its keys, 6 when
/// customer or opportunity would lack something, 7 when lead or customer is not the acting person's to write.
pub fn convert(session: &Session, asked: &Conversion) -> Result<Outcome> {
    let number = session.number_of(LEAD, &asked.lead)?;
    let resolver = Resolver::new(session);
    let facts = resolver.assignments(&asked.facts)?;
    let deal = asked.opportunity.as_deref().map(|told| resolver.assignments(told)).transpose()?;
    let mut batch = Batch::begin(session)?;
    let (before, text) = batch.read(LEAD, &number)?;
    lifecycle::refuse_conversion(&before, &session.config.dictionary).map_err(|[why, instead]| {
        let failure = Failure::conflict(why).hint(instead);
        match before.text("converted_to") {
            Some(_) => failure.hint(back_from_conversion(session, &number)),
            None => failure,
        }
    })?;
    let found = match &asked.customer {
        Into::Known(text) => Some((session.number_of(CUSTOMER, text)?, None)),
        Into::Found => same(session, &before)?,
        Into::New => None,
    };
    // As it was before the lead was joined to it.
    let known = match &found {
        Some((customer, None)) => Some(batch.read(CUSTOMER, customer)?.0),
        _ => None,
    };
    let customer = match &found {
        Some((customer, _)) => join(session, &mut batch, customer, &before, &facts, deal.is_some())?,
        None => make(session, &mut batch, &before, &facts, deal.is_some())?,
    };
    known.iter().for_each(|known| warn_of_another(&mut batch, &before, known));
    let mut named = customer.number.to_string();
    if let Some(told) = &deal {
        named = format!("{named}, {}", sell(session, &mut batch, &before, &customer, told)?);
    }
    let mut after = before.clone();
    lifecycle::convert(&mut after, customer.number.as_str());
    batch.update(&before, &text, after)?;
    if let Some((joined, Some(key))) = &found {
        batch.explain(format!("joined {joined}: the same {}\n", key.describe().en));
        let (title, key) = (customer.title(), key.describe());
        (session.options.note)(words!(
            "joined `{joined}` ({title}), which has the same {key}; if it is another, `kehu undo` and convert with `--new`",
            "已并入 `{joined}`（{title}）：{key}相同；若并非同一客户，请用 `kehu undo` 撤销后加 `--new` 转化"; each key
        ));
    }
    batch.commit(&format!("lead: convert {number} to {named}"), Vec::new())
}

/// Returns the one customer that shares an exact key with a lead, and the key.
///
/// Fails with exit code 4 when several do.
fn same(session: &Session, lead: &Record) -> Result<Option<(Number, Option<DedupeKey>)>> {
    let mut found: Vec<(Record, DedupeKey)> = Vec::new();
    for key in exact_keys(lead) {
        for record in session.find_by_key(&key_text(&key))?.into_iter().filter(|record| record.kind == CUSTOMER) {
            if found.iter().all(|(known, _)| known.number != record.number) {
                found.push((record, key.clone()));
            }
        }
    }
    match found.as_slice() {
        [] => Ok(None),
        [(one, key)] => Ok(Some((one.number.clone(), Some(key.clone())))),
        several => Err(ambiguous(lead, several)),
    }
}

fn ambiguous(lead: &Record, several: &[(Record, DedupeKey)]) -> Failure {
    let number = &lead.number;
    let told = |(customer, key): &(Record, DedupeKey)| {
        let (customer, key) = (&customer.number, key.describe());
        words!("`{customer}` by {key}", "`{customer}`（{key}）"; each key)
    };
    let told: Vec<Words> = several.iter().take(NAMED).map(told).collect();
    let all = Words::join(&told, ", ", "、");
    Failure::not_found(words!("`{number}` may be any of {all}", "`{number}` 可能是 {all}"; each all)).hint(words!(
        "`kehu lead convert {number} --customer NUM` says which, `--new` that it is none of these",
        "用 `kehu lead convert {number} --customer 编号` 指定，都不是时用 `--new` 新建"
    ))
}

/// Warns where a lead is joined to a customer that has no key of it and another name.
fn warn_of_another(batch: &mut Batch<'_>, lead: &Record, customer: &Record) {
    let (ours, theirs) = (exact_keys(lead), exact_keys(customer));
    let names = [lead.text("company"), customer.text("name")].map(|name| normalize_company(name.unwrap_or_default()));
    if names[0] == names[1] || ours.iter().any(|key| theirs.contains(key)) {
        return;
    }
    let (company, name) = (lead.text("company").unwrap_or_default(), customer.title());
    let (lead, number) = (&lead.number, &customer.number);
    batch.warn(words!(
        "`{lead}` is of {company}, `{number}` is {name}: they have no key in common",
        "`{lead}` 的公司是“{company}”，`{number}` 是“{name}”：两者没有相同的电话、邮箱或名称"
    ));
}

/// Makes the customer.
fn make(
    session: &Session,
    batch: &mut Batch<'_>,
    lead: &Record,
    facts: &[Assignment],
    is_sold_to: bool,
) -> Result<Record> {
    let mut row = rules::customer(lead);
    if is_sold_to {
        rules::intend(&mut row);
    }
    apply(session, CUSTOMER, &mut row, facts)?;
    fill_in(session, CUSTOMER, &mut row)?;
    let number = &lead.number;
    let mend = words!(
        "`kehu lead convert {number} --set-customer KEY=VALUE` gives what the lead does not say",
        "用 `kehu lead convert {number} --set-customer 键=值` 补充线索中没有的信息"
    );
    let made = batch.create(CUSTOMER, None, row.clone()).map_err(|failure| of(CUSTOMER, failure, mend))?;
    Ok(Record { kind: CUSTOMER, number: made, row })
}

/// Adds to the customer there is what the lead says more.
fn join(
    session: &Session,
    batch: &mut Batch<'_>,
    customer: &Number,
    lead: &Record,
    facts: &[Assignment],
    is_sold_to: bool,
) -> Result<Record> {
    let (before, text) = batch.read(CUSTOMER, customer)?;
    session.refuse_hidden(&before)?;
    // Also where nothing of it changes: whoever sells to a customer writes it.
    let subjects = |number: &str| subject_in(&session.repo, &session.source, number);
    let access = session.access()?;
    access.may_write(Some(&before), Some(&before), &subjects).map_err(|refusal| refusal.into_failure())?;
    let mut after = before.clone();
    rules::join(&mut after, lead);
    if is_sold_to {
        rules::intend(&mut after.row);
    }
    apply(session, CUSTOMER, &mut after.row, facts)?;
    batch.update(&before, &text, after.clone())?;
    Ok(after)
}

/// Makes the opportunity; returns its number.
fn sell(
    session: &Session,
    batch: &mut Batch<'_>,
    lead: &Record,
    customer: &Record,
    told: &[Assignment],
) -> Result<Number> {
    let mut row = rules::opportunity(lead, customer.number.as_str());
    apply(session, OPPORTUNITY, &mut row, told)?;
    if let (None, Some(owner)) = (row.get("owner"), customer.get("owner")) {
        row.set("owner", owner.clone());
    }
    fill_in(session, OPPORTUNITY, &mut row)?;
    let number = &lead.number;
    let mend = words!(
        "`kehu lead convert {number} amount=… expected_on=…` gives it; `--no-opportunity` makes none",
        "用 `kehu lead convert {number} 金额=… 预计成交日期=…` 补充；`--no-opportunity` 不建商机"
    );
    batch.create(OPPORTUNITY, None, row).map_err(|failure| of(OPPORTUNITY, failure, mend))
}

fn apply(session: &Session, kind: Kind, row: &mut Row, told: &[Assignment]) -> Result<()> {
    let reading = session.config.reading();
    let problems = told.iter().filter_map(|one| one.apply(row, &reading).err()).collect();
    refuse(kind, row, problems)
}

/// Says of which of the new records a failure is, and how to give what it lacks.
fn of(kind: Kind, failure: Failure, mend: Words) -> Failure {
    if failure.exit != Exit::Invalid {
        return failure;
    }
    let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
    failure.within(words!("the {en}", "{zh}")).hint(mend)
}
