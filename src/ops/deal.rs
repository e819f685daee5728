//! Steps of opportunities: advanced, won, lost, opened again; and what a change of stage brings with it.

use super::access::subject_in;
use super::add::{refuse_change, subject};
use super::lifecycle::refuse_steps;
use super::resolve::Resolver;
use super::{Batch, Outcome, Session};
use crate::record::{Assignment, CUSTOMER, Number, OPPORTUNITY, Record, Result, Value};
use crate::rules::deal::{Move, target, win};
use crate::rules::lifecycle::leave;
use crate::rules::opportunity::enter_stage;
use crate::rules::{owner, ticket};
use crate::words;

/// Takes a step with opportunities, and sets what is told with it, in one commit, all or none.
///
/// Fails with exit code 5, naming each that the step may not be taken with, 6 when a stage lacks its materials.
pub fn advance(session: &Session, texts: &[String], step: Move, told: &[Assignment]) -> Result<Outcome> {
    let resolver = Resolver::new(session);
    let mut numbers: Vec<Number> = texts.iter().map(|text| resolver.only(OPPORTUNITY, text)).collect::<Result<_>>()?;
    numbers.sort();
    numbers.dedup();
    let told = resolver.assignments(told)?;
    let mut batch = Batch::begin(session)?;
    let mut refused = Vec::new();
    for number in &numbers {
        session.find(OPPORTUNITY, number.as_str())?;
        let (before, text) = batch.read(OPPORTUNITY, number)?;
        let stage = match target(&before, step, &session.config.stages) {
            Ok(stage) => stage,
            Err(why) => {
                refused.push(why);
                continue;
            }
        };
        let mut after = before.clone();
        after.set("stage", Value::text(stage));
        let reading = session.config.reading();
        let problems = told.iter().filter_map(|one| one.apply(&mut after.row, &reading).err()).collect();
        refuse_change(&before, problems)?;
        complete(session, &before, &mut after, &mut batch)?;
        batch.update(&before, &text, after)?;
    }
    refuse_steps(refused)?;
    let subject = subject(OPPORTUNITY, step.verb(), &batch);
    batch.commit(&subject, Vec::new())
}

/// Completes a change of a record by what it brings: the close and the loss of an opportunity, a customer that is won, the
/// reason of a disqualification that goes, the clock of a new owner, the moments of a ticket.
pub fn complete(session: &Session, before: &Record, after: &mut Record, batch: &mut Batch<'_>) -> Result<()> {
    enter_stage(before, after, session.now.date_naive());
    leave(before, after);
    owner::complete(before, after, session.now.fixed_offset());
    ticket::complete(before, after, session.now.fixed_offset());
    let is_won = |record: &Record| record.kind == OPPORTUNITY && record.text("stage") == Some("won");
    if is_won(after) && !is_won(before) { win_customer(session, after, batch) } else { Ok(()) }
}

/// Makes the customer of a won opportunity a won one, where that is the acting person's to do.
fn win_customer(session: &Session, opportunity: &Record, batch: &mut Batch<'_>) -> Result<()> {
    let Some(number) = opportunity.text("customer").and_then(Number::parse) else { return Ok(()) };
    // A customer that is not there is for the checks to say.
    if session.repo.load_one(CUSTOMER, &number, &session.source)?.is_none() {
        return Ok(());
    }
    let (before, text) = batch.read(CUSTOMER, &number)?;
    let mut after = before.clone();
    if !win(&mut after, opportunity) {
        return Ok(());
    }
    let find = |number: &str| subject_in(&session.repo, &session.source, number);
    if session.access()?.may_write(Some(&before), Some(&after), &find).is_err() {
        batch.warn(words!(
            "`{number}` is not yours to change: its type stays as it is",
            "`{number}` 不归您修改：其客户类型保持不变"
        ));
        return Ok(());
    }
    batch.update(&before, &text, after).map(drop)
}
