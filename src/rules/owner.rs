//! What changes in a record when it gets another owner, and when it goes back to the pool.

use super::{cadence, ticket};
use crate::record::{Record, TICKET, Value};
use chrono::{DateTime, FixedOffset, Timelike};

/// Gives a record to a user at a moment; a new lead, or an open ticket, is assigned from then on.
pub fn give(record: &mut Record, login: &str, at: DateTime<FixedOffset>) {
    record.set("owner", Value::text(login));
    record.set("assigned_at", Value::Moment(at.with_nanosecond(0).unwrap_or(at)));
    record.remove("pool_reason");
    change_status(record, initial(record), "assigned");
}

/// Gives a record to a user; only what is open begins anew with its owner.
pub fn pass(record: &mut Record, login: &str, at: DateTime<FixedOffset>) {
    if is_open(record) {
        give(record, login, at);
    } else {
        record.set("owner", Value::text(login));
    }
}

/// Completes a change that another owner was written in, or none: the clock is the new owner's, unless the change says
/// from when it runs.
pub fn complete(before: &Record, after: &mut Record, at: DateTime<FixedOffset>) {
    let is_same = |key: &str| before.get(key) == after.get(key);
    if after.kind.field("assigned_at").is_none() || is_same("owner") || !is_same("assigned_at") || !is_open(after) {
        return;
    }
    let told = after.get("pool_reason").filter(|_| !is_same("pool_reason")).cloned();
    match after.text("owner").map(str::to_string) {
        Some(login) => give(after, &login, at),
        None => take_back(after),
    }
    if let Some(reason) = told {
        after.set("pool_reason", reason);
    }
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

/// Tells whether there is still something to do with a record.
fn is_open(record: &Record) -> bool {
    if record.kind == TICKET { ticket::is_open(record) } else { cadence::is_open(record) }
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

    #[test]
    fn whoever_is_written_in_has_a_clock_of_their_own() {
        let [then, now] = ["2026-03-02T09:00:00+08:00", "2026-03-12T09:30:00+08:00"]
            .map(|at| DateTime::parse_from_rfc3339(at).unwrap());
        let lead = |status: &str, owner: Option<&str>| {
            let mut lead = Record::new(LEAD, Number::parse("LEAD-2026-001").unwrap());
            lead.set("status", Value::text(status));
            owner.map(|login| lead.set("owner", Value::text(login)));
            lead.set("assigned_at", Value::Moment(then));
            lead
        };
        let completed = |before: &Record, mut after: Record| {
            complete(before, &mut after, now);
            (after.moment("assigned_at"), after.text("status").unwrap().to_string())
        };
        let before = lead("assigned", Some("li.ming"));
        assert_eq!(completed(&before, lead("assigned", Some("wang.fang"))), (Some(now), "assigned".into()));
        assert_eq!(completed(&before, lead("working", Some("li.ming"))), (Some(then), "working".into()), "the same");
        assert_eq!(completed(&before, lead("converted", Some("wang.fang"))).0, Some(then), "closed");
        assert_eq!(completed(&before, lead("assigned", None)), (None, "new".into()));
        let mut told = lead("assigned", Some("wang.fang"));
        let monday = DateTime::parse_from_rfc3339("2026-03-09T09:00:00+08:00").unwrap();
        told.set("assigned_at", Value::Moment(monday));
        assert_eq!(completed(&before, told).0, Some(monday), "said");
        assert_eq!(completed(&lead("new", None), lead("new", Some("wang.fang"))), (Some(now), "assigned".into()));
    }
}
