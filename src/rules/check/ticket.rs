//! Checks of tickets: what closing one wants, and that its moments follow each other.

use super::Context;
use crate::record::{Problem, Record, TICKET};
use crate::rules::ticket::check_closing;
use crate::words;

pub(super) fn closing(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    if record.kind == TICKET {
        check_closing(record, problems);
    }
}

/// What of a ticket comes after it was raised.
const AFTER: [&str; 5] = ["assigned_at", "responded_at", "resolved_at", "confirmed_at", "promised_at"];

pub(super) fn moments(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    let Some(raised) = record.moment("raised_at").filter(|_| record.kind == TICKET) else { return };
    for key in AFTER {
        if let (Some(field), Some(_)) = (TICKET.field(key), record.moment(key).filter(|at| *at < raised)) {
            let label = field.label;
            let message = words!("{label} is before the ticket was raised", "{label}早于受理时间"; each label);
            problems.push(Problem::error("ticket-moment", key, message));
        }
    }
    for (at, hold) in record.rows("holds").iter().enumerate() {
        if hold.moment("from").zip(hold.moment("to")).is_some_and(|(from, to)| to < from) {
            let message = words!("a hold ends before it begins", "挂起的结束时间早于开始时间");
            problems.push(Problem::error("ticket-moment", format!("holds.{at}.to"), message));
        }
    }
}
