//! The escalation chain (升级): as the promised time is used up, a ticket goes to more and more people.
//!
//! `config/sla.toml` says at how many per cent to whom: the handler, the handler's manager, or a user by login or by a
//! skill of that name, as `tech_lead`. Each step is taken once, when there is somebody to take it to; from the first beyond the promised time on the ticket
//! counts as escalated.

use super::is_open;
use super::promise::{Promise, Standing};
use crate::record::{ESCALATION, Record, Row, TICKET, USER, Value, dictionary::fold_name};
use crate::rules::Snapshot;
use crate::rules::assign::away;
use chrono::Timelike;

/// A ticket with the steps that are to be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalated {
    /// The ticket as it is to be.
    pub after: Record,
    /// The steps taken: at how many per cent, in the words of the chain, to whom.
    pub steps: Vec<(i64, String, Option<String>)>,
}

/// Returns every ticket that has come to a step of the chain, in the order of numbers.
pub fn escalate(snapshot: &Snapshot) -> Vec<Escalated> {
    snapshot
        .records(TICKET)
        .iter()
        .filter(|ticket| is_open(ticket))
        .filter_map(|one| of_ticket(one, snapshot))
        .collect()
}

fn of_ticket(ticket: &Record, snapshot: &Snapshot) -> Option<Escalated> {
    let promise = Promise::of(ticket, snapshot).filter(|promise| promise.standing != Standing::Paused)?;
    let (now, used) = (snapshot.as_of.moment, promise.percent(snapshot.as_of.moment));
    // Opened again, the chain begins anew.
    let since = ticket.rows("reopenings").iter().filter_map(|row| row.moment("at")).max();
    let rows = ticket.rows("escalations").iter().filter(|row| row.moment("at") >= since);
    let taken = rows.filter_map(|row| row.integer("percent")).max();
    let chain = snapshot.config.sla.escalation.iter();
    let steps: Vec<_> = chain
        .filter(|(percent, _)| *percent <= used && taken.is_none_or(|taken| *percent > taken))
        .map(|(percent, to)| (*percent, to.clone(), who(to, ticket, snapshot).map(String::from)))
        .collect();
    steps.first()?;
    let mut after = ticket.clone();
    // Where nobody is found nobody was told, and it is tried again.
    let Some(last) = steps.iter().filter(|(.., to)| to.is_some()).map(|(percent, ..)| *percent).max() else {
        return Some(Escalated { after, steps });
    };
    let mut rows = ticket.rows("escalations").to_vec();
    let mut row = Row::new(ESCALATION);
    row.set("at", Value::Moment(now.with_nanosecond(0).unwrap_or(now).fixed_offset()));
    row.set("percent", Value::Integer(last));
    let mut told: Vec<Box<str>> = steps.iter().filter_map(|(.., to)| to.as_deref().map(Box::from)).collect();
    told.sort();
    told.dedup();
    row.set("to", Value::Texts(told));
    rows.push(row);
    after.set("escalations", Value::Rows(rows));
    if last >= 100 && ticket.text("owner").is_some() {
        after.set("status", Value::text("escalated"));
    }
    Some(Escalated { after, steps })
}

/// Returns the login of whom a word of the chain means.
fn who<'a>(to: &'a str, ticket: &'a Record, snapshot: &'a Snapshot) -> Option<&'a str> {
    let owner = ticket.text("owner");
    match to {
        "handler" => owner,
        "manager" => snapshot.find(owner?)?.text("manager"),
        _ => {
            let today = snapshot.as_of.today();
            let there = snapshot.records(USER).iter().filter(|user| away(user, today).is_none());
            let means = |user: &&Record| {
                let skills = user.texts("skills").iter();
                user.number.as_str() == to || skills.into_iter().any(|skill| fold_name(skill) == fold_name(to))
            };
            there.into_iter().find(means).map(|user| user.number.as_str())
        }
    }
}
