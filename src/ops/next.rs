//! What comes next after a command that changed records: they are looked up as they are now, and the rules say the rest.
//!
//! *Absent on purpose:* whether anybody wants to know, which the command line asks first, since looking up costs a little.

use super::batch::{Action, Touched};
use super::session::Session;
use crate::record::{
    CONTRACT, CUSTOMER, FOLLOWUP, Kind, LEAD, Number, OPPORTUNITY, REVIEW, Record, Result, TICKET, Words,
};
use crate::rules::access::Standing;
use crate::rules::next::{
    Known, State, hint, of_closed, of_contract, of_deal, of_owner, of_qualified, of_talk, same, wins,
};
use crate::rules::score::score_in;

/// How many new leads of an import are looked at, to see whether one has no owner.
const LOOKED_AT: usize = 100;

/// Returns what comes next after a command; nothing where nothing usually does, or not for who acts.
pub fn next(session: &Session, done: &str, touched: &[Touched]) -> Result<Option<Words>> {
    let known = match done {
        "lead import" | "lead add" | "lead assign" => of_leads(session, touched)?,
        "pool claim" => {
            only(touched, LEAD).or(only(touched, CUSTOMER)).map(|one| of_owner_of(session, one)).transpose()?
        }
        "followup add" => of_followup(session, touched)?,
        "lead qualify" => found(session, touched, LEAD)?.map(|lead| of_qualified(&lead)),
        "lead convert" => of_conversion(session, touched)?,
        "opportunity win" | "opportunity lose" => match found(session, touched, OPPORTUNITY)? {
            Some(deal) => {
                let around = session.around(OPPORTUNITY, deal.number.as_str())?;
                of_closed(&deal, around.records(REVIEW), &session.config)
            }
            None => None,
        },
        _ if done.starts_with("contract ") => of_contracts(session, done, touched)?,
        _ if done.starts_with("ticket ") => found(session, touched, TICKET)?.map(|ticket| of_owner(&ticket)),
        _ => match only(touched, OPPORTUNITY) {
            Some(deal) if done != "opportunity set" || concerns_gate(deal, session) => {
                of_opportunity(session, &deal.number)?
            }
            _ => None,
        },
    };
    Ok(known.and_then(|known| hint(done, &known)))
}

/// Returns the one record of a kind that was touched; none of several.
fn only(touched: &[Touched], kind: Kind) -> Option<&Touched> {
    let mut of_kind = touched.iter().filter(|one| one.kind == kind && one.action != Action::Removed);
    of_kind.next().filter(|_| of_kind.next().is_none())
}

fn found(session: &Session, touched: &[Touched], kind: Kind) -> Result<Option<Record>> {
    only(touched, kind).map(|one| session.find(kind, one.number.as_str())).transpose()
}

fn of_owner_of(session: &Session, one: &Touched) -> Result<Known> {
    session.find(one.kind, one.number.as_str()).map(|record| of_owner(&record))
}

/// Returns whether new or given leads have an owner: the one, if it is the same of all; nothing where an owner is missing
/// and leads are not given, which is so where one person works alone and for who may not.
fn of_leads(session: &Session, touched: &[Touched]) -> Result<Option<Known>> {
    let access = session.access()?;
    let gives = !matches!(access.standing(), Standing::Free) && access.refuse_assigning(LEAD).is_ok();
    let numbers = touched.iter().filter(|one| one.kind == LEAD && one.action != Action::Removed).map(|one| &one.number);
    if !gives && numbers.clone().nth(1).is_some() {
        return Ok(None);
    }
    let leads: Vec<Record> =
        numbers.take(LOOKED_AT).map(|number| session.find(LEAD, number.as_str())).collect::<Result<_>>()?;
    let unowned = leads.iter().find(|lead| lead.text("owner").is_none());
    Ok(match (unowned, leads.first()) {
        (Some(lead), _) => Some(of_owner(lead)).filter(|_| gives),
        (None, Some(one)) if leads.iter().all(|lead| lead.text("owner") == one.text("owner")) => Some(of_owner(one)),
        (None, Some(_)) => Some((State::Owned, vec![same("owner", "all")])),
        (None, None) => None,
    })
}

/// Returns how the lead stands that a new follow-up is about.
fn of_followup(session: &Session, touched: &[Touched]) -> Result<Option<Known>> {
    let Some(followup) = found(session, touched, FOLLOWUP)? else { return Ok(None) };
    let Some(number) = followup.text("subject").and_then(Number::parse) else { return Ok(None) };
    if session.repo.load_one(LEAD, &number, &session.source)?.is_none() {
        return Ok(None);
    }
    let around = session.around(LEAD, number.as_str())?;
    let Some(lead) = around.find(number.as_str()) else { return Ok(None) };
    let score = score_in(lead, &around);
    let is_missing = |key: &String| score.missing.contains(key);
    let missing: Vec<Words> =
        score.dimensions.iter().filter(|one| is_missing(&one.key)).map(|one| one.missing.clone()).collect();
    Ok(of_talk(lead, &missing))
}

/// Returns what the opportunity of a conversion wants, or that there is none.
fn of_conversion(session: &Session, touched: &[Touched]) -> Result<Option<Known>> {
    if let Some(deal) = only(touched, OPPORTUNITY) {
        return of_opportunity(session, &deal.number);
    }
    let lead = found(session, touched, LEAD)?;
    let customer = lead.and_then(|lead| lead.text("converted_to").map(str::to_string));
    Ok(customer.map(|customer| (State::Unsold, vec![same("number", customer)])))
}

/// Tells whether a change is one of the stage, or of something that a stage wants.
fn concerns_gate(touched: &Touched, session: &Session) -> bool {
    let is_wanted = |key: &str| {
        session.config.stages.list.iter().flat_map(|one| one.requires.iter().flatten()).any(|one| one == key)
    };
    touched.changes.iter().any(|change| change.path == "stage" || is_wanted(&change.path))
}

fn of_opportunity(session: &Session, number: &Number) -> Result<Option<Known>> {
    let around = session.around(OPPORTUNITY, number.as_str())?;
    Ok(around.find(number.as_str()).and_then(|deal| of_deal(deal, around.records(CONTRACT), &session.config)))
}

/// Returns what a contract wants; once it is signed, first what its opportunity wants to be won.
fn of_contracts(session: &Session, done: &str, touched: &[Touched]) -> Result<Option<Known>> {
    let Some(contract) = found(session, touched, CONTRACT)? else { return Ok(None) };
    if matches!(done, "contract sign" | "contract receive")
        && let Some(number) = contract.text("opportunity").and_then(Number::parse)
        && let Ok(deal) = session.find(OPPORTUNITY, number.as_str())
        && wins(&deal, &session.config.stages)
    {
        return of_opportunity(session, &number);
    }
    Ok(of_contract(&contract, session.now.date_naive()))
}
