//! Tickets (工单): what was promised and whether it is kept, the steps they take, who gets them, to whom they are
//! escalated. DOMAIN: service.
//!
//! Everything here is a pure function of records, configuration and moment, so a past morning can be told again.
//!
//! *Absent on purpose:* stored figures; when a ticket is due and how much of its time is used follow from what people did.

mod dispatch;
mod escalation;
mod promise;
mod step;
#[cfg(test)]
mod tests;

pub use dispatch::{Candidate, Verdict, dispatch_all, is_waiting};
pub use escalation::{Escalated, escalate};
pub use promise::{Promise, Standing, response};
pub use step::{Step, check_closing, complete, take};

use crate::record::{Dictionary, Record};

/// Tells whether a ticket is still to be resolved.
pub fn is_open(ticket: &Record) -> bool {
    !matches!(ticket.text("status"), Some("resolved" | "confirmed" | "archived"))
}

/// Returns the department answerable: the one stated, else that of the kind.
pub fn department<'a>(ticket: &'a Record, dictionary: &'a Dictionary) -> Option<&'a str> {
    let of_kind = || dictionary.get("ticket_kind")?.get(ticket.text("kind")?)?.group.as_deref();
    ticket.text("department").or_else(of_kind)
}
