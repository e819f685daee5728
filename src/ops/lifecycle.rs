//! Qualify, disqualify, nurture and reopen leads: many at once, in one commit, all or none.

use super::add::{refuse_change, subject};
use super::resolve::Resolver;
use super::session::subject_key;
use super::set::{Chosen, guard, numbers};
use super::undo::back_from_conversion;
use super::{Batch, Outcome, Session};
use crate::record::{Assignment, Exit, Failure, LEAD, Number, Record, Result, Words};
use crate::rules::lifecycle::{Step, take};
use crate::words;

/// How many refusals a failure names besides the first.
const NAMED: usize = 9;

/// Takes a step with the chosen leads, and sets what is told with it: why one is disqualified.
///
/// Fails with exit code 5, naming each lead the step may not be taken with, 8 when a filter means more than a mass
/// change may without `expect`, 6 when the reason is none.
pub fn advance(
    session: &Session,
    chosen: &Chosen,
    step: Step,
    told: &[Assignment],
    expect: Option<usize>,
) -> Result<Outcome> {
    let numbers = numbers(session, LEAD, chosen)?;
    let told = Resolver::new(session).assignments(told)?;
    let mut batch = Batch::begin(session)?;
    let mut refused = Vec::new();
    for number in &numbers {
        let (before, text) = batch.read(LEAD, number)?;
        let mut after = before.clone();
        match take(&mut after, step, is_contacted(session, number)?, &session.config.dictionary) {
            Ok(()) => {
                let reading = session.config.reading();
                let problems = told.iter().filter_map(|one| one.apply(&mut after.row, &reading).err()).collect();
                refuse_change(&before, problems)?;
                batch.update(&before, &text, after).map(drop)?;
            }
            Err(why) => refused.push((before, why)),
        }
    }
    let first = refused.first().map(|(lead, _): &(Record, _)| lead).filter(|lead| lead.text("converted_to").is_some());
    let back = first.map(|lead| back_from_conversion(session, &lead.number));
    let refused = refused.into_iter().map(|(_, why)| why).collect();
    refuse_steps(refused).map_err(|failure| back.into_iter().fold(failure, Failure::hint))?;
    if matches!(chosen, Chosen::Where(_)) || expect.is_some() {
        guard(session, LEAD, batch.touched().len(), expect)?;
    }
    let subject = subject(LEAD, step.verb(), &batch);
    batch.commit(&subject, Vec::new())
}

/// Tells whether a follow-up about a lead has taken place.
fn is_contacted(session: &Session, number: &Number) -> Result<bool> {
    let followups = session.find_by_key(&subject_key(number.as_str()))?;
    Ok(followups.iter().any(|followup| followup.moment("at").is_some_and(|at| at <= session.now)))
}

/// Makes one failure of steps that may not be taken; none of none.
pub(super) fn refuse_steps(refused: Vec<[Words; 2]>) -> Result<()> {
    let more = refused.len().saturating_sub(NAMED + 1);
    let mut all = refused.into_iter();
    let Some([why, instead]) = all.next() else { return Ok(()) };
    let mut failure = Failure::new(Exit::Conflict, why).hint(instead);
    for [why, _] in all.take(NAMED) {
        failure = failure.detail(why);
    }
    Err(if more > 0 { failure.detail(words!("and {more} more", "另有 {more} 条")) } else { failure })
}
