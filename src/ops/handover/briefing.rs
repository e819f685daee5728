//! A briefing on a record: whom to call, what was said last, what was promised.

use crate::ops::due::whom_promised;
use crate::record::{Record, Words};
use crate::rules::Snapshot;
use crate::rules::cadence::promise;
use chrono::{Duration, NaiveDate};

/// How many follow-ups a briefing tells.
const TOLD: usize = 3;

/// What the new owner of a record reads first.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// The record as it was handed over.
    pub record: Record,
    /// The login of the new owner.
    pub to: String,
    /// Who is to be spoken to, where one is known.
    pub contact: Option<String>,
    /// That person's telephone.
    pub phone: Option<String>,
    /// The last follow-ups, newest first.
    pub followups: Vec<Record>,
    /// What was promised and is still open.
    pub promise: Option<Promise>,
}

/// What was promised to a lead or customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// What is to be done.
    pub action: Words,
    /// The day.
    pub on: NaiveDate,
    /// For how long it is overdue; nothing while it is not.
    pub overdue_by: Option<Duration>,
}

impl Brief {
    /// Makes that of a record for its new owner, by what took place up to the snapshot's moment.
    pub(super) fn of(record: &Record, to: &str, snapshot: &Snapshot) -> Brief {
        let (contact, phone) = whom_promised(record, snapshot);
        let now = snapshot.as_of.moment;
        let past = snapshot.followups(record.number.as_str()).rev();
        let past = past.filter(|followup| followup.moment("at").is_some_and(|at| at <= now));
        let promise = promise(record, snapshot);
        Brief {
            to: to.to_string(),
            contact: contact.map(str::to_string),
            phone: phone.map(str::to_string),
            followups: past.take(TOLD).cloned().collect(),
            promise: promise.map(|due| Promise {
                action: due.label,
                on: due.at.date_naive(),
                overdue_by: due.overdue_by,
            }),
            record: record.clone(),
        }
    }
}
