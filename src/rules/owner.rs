//! What changes in a lead, customer or ticket when it gets an owner, and when it goes back to the pool.

use crate::record::{Record, TICKET, Value};
use chrono::{DateTime, FixedOffset, Timelike};

/// Gives a record to a user at a moment; a new lead, or an open ticket, is assigned from then on.
pub fn give(record: &mut Record, login: &str, at: DateTime<FixedOffset>) {
    record.set("owner", Value::text(login));
    record.set("assigned_at", Value::Moment(at.with_nanosecond(0).unwrap_or(at)));
    record.remove("pool_reason");
    change_status(record, initial(record), "assigned");
}

/// Puts a record back into the pool; a lead nobody worked on is new again.
pub fn take_back(record: &mut Record) {
    ["owner", "assigned_at", "pool_reason"].into_iter().for_each(|key| drop(record.remove(key)));
    change_status(record, "assigned", initial(record));
}

/// Returns the status of what nobody has yet.
fn initial(record: &Record) -> &'static str {
    if record.kind == TICKET { "open" } else { "new" }
}

fn change_status(record: &mut Record, from: &str, to: &str) {
    if record.text("status") == Some(from) {
        record.set("status", Value::text(to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{LEAD, Number};

    #[test]
    fn a_lead_goes_and_comes_back() {
        let at = DateTime::parse_from_rfc3339("2026-03-12T09:30:00.5+08:00").unwrap();
        for (before, owned, back) in [("new", "assigned", "new"), ("working", "working", "working")] {
            let mut lead = Record::new(LEAD, Number::parse("LEAD-2026-001").unwrap());
            lead.set("status", Value::text(before));
            give(&mut lead, "li.ming", at);
            assert_eq!((lead.text("owner"), lead.text("status")), (Some("li.ming"), Some(owned)));
            assert_eq!(lead.moment("assigned_at").unwrap().to_rfc3339(), "2026-03-12T09:30:00+08:00");
            take_back(&mut lead);
            assert_eq!((lead.text("owner"), lead.moment("assigned_at"), lead.text("status")), (None, None, Some(back)));
        }
    }
}
