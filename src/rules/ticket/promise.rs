//! What a ticket was promised, and what of the time is used.
//!
//! The promise of a priority is so much working time from the moment it was raised; a time that was promised by itself
//! stands for it. While a ticket is on hold, and between being resolved and opened again, the clock stands still: the
//! working time of each pause that begins before the due moment is added to it.
//!
//! *Invariants:* a pause never makes a ticket due earlier; what is used never falls as time goes on; everything is counted
//! by days of the calendar, never minute by minute.

use crate::record::Record;
use crate::rules::Snapshot;
use crate::rules::config::Calendar;
use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;

/// What a ticket was promised, as seen from a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// The working time from being raised to the promised moment, pauses apart.
    pub allowed: TimeDelta,
    /// The working time used until it was resolved, or until the moment.
    pub used: TimeDelta,
    /// When it is due; none while it is paused.
    pub due: Option<DateTime<Tz>>,
    /// How it stands.
    pub standing: Standing,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The clock runs.
    Running,
    /// The clock stands still.
    Paused,
    /// It was resolved in time.
    Kept,
    /// It is or was late, and the delay was explained before it was due.
    Explained,
    /// It is or was late, and nobody had said so in time.
    Breached,
}

impl Standing {
    /// Returns its name in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Standing::Running => "running",
            Standing::Paused => "paused",
            Standing::Kept => "kept",
            Standing::Explained => "explained",
            Standing::Breached => "breached",
        }
    }
}

/// A time for which the clock stands still; without an end it still does.
type Pause = (DateTime<Tz>, Option<DateTime<Tz>>);

impl Promise {
    /// Returns the promise of a ticket as of the snapshot; none where nothing was promised for its priority, or where the
    /// calendar has too little working time.
    pub fn of(ticket: &Record, snapshot: &Snapshot) -> Option<Promise> {
        let (calendar, now) = (&snapshot.config.calendar, snapshot.as_of.moment);
        let at = |key: &str| ticket.moment(key).map(|at| at.with_timezone(&now.timezone()));
        let raised = at("raised_at")?;
        let promised = match at("promised_at") {
            Some(moment) => moment,
            None => calendar.add_working_hours(raised, hours(ticket, snapshot)?)?,
        };
        let end = at("resolved_at").filter(|_| !super::is_open(ticket)).map_or(now, |resolved| resolved.min(now));
        let pauses = pauses(ticket, now.timezone());
        let due = due(promised, &pauses, calendar)?;
        let explained = at("explained_at").filter(|said| due.is_none_or(|due| *said <= due));
        let standing = match due {
            None => Standing::Paused,
            Some(due) if end > due && explained.is_some() => Standing::Explained,
            Some(due) if end > due => Standing::Breached,
            Some(_) if super::is_open(ticket) => Standing::Running,
            Some(_) => Standing::Kept,
        };
        let allowed = calendar.working_hours_between(raised, promised);
        Some(Promise { allowed, used: used(raised, end, &pauses, calendar), due, standing })
    }

    /// Returns how much of the time is used, in whole per cent; more than 100 where it is late.
    pub fn percent(&self, now: DateTime<Tz>) -> i64 {
        match self.allowed.num_seconds() {
            // Promised for a moment before any working time: all or nothing.
            0 => self.due.filter(|due| now > *due).map_or(0, |_| 100),
            allowed => self.used.num_seconds().saturating_mul(100) / allowed,
        }
    }
}

/// Returns the working time promised for a ticket's priority.
fn hours(ticket: &Record, snapshot: &Snapshot) -> Option<TimeDelta> {
    let priority = ticket.text("priority")?;
    let promise = snapshot.config.sla.promise_hours.iter().find(|(key, _)| key == priority);
    promise.and_then(|(_, hours)| TimeDelta::try_hours(*hours))
}

/// Returns the pauses of a ticket, apart from each other, the earliest first.
fn pauses(ticket: &Record, zone: Tz) -> Vec<Pause> {
    let read = |rows: &str, from: &str, to: &str| -> Vec<Pause> {
        let rows = ticket.rows(rows).iter();
        let pause = rows.filter_map(|row| Some((row.moment(from)?, row.moment(to))));
        pause.map(|(from, to)| (from.with_timezone(&zone), to.map(|to| to.with_timezone(&zone)))).collect()
    };
    let mut all = [read("holds", "from", "to"), read("reopenings", "resolved_at", "at")].concat();
    all.sort_by_key(|(from, _)| *from);
    let mut apart: Vec<Pause> = Vec::new();
    for (from, to) in all {
        match apart.last_mut() {
            Some((_, end)) if end.is_none_or(|end| from <= end) => {
                *end = end.zip(to).map(|(one, other)| one.max(other));
            }
            _ => apart.push((from, to)),
        }
    }
    apart
}

/// Returns when it is due with its pauses: nothing in a pause that has no end yet. Fails to where there is too little
/// working time for it.
fn due(promised: DateTime<Tz>, pauses: &[Pause], calendar: &Calendar) -> Option<Option<DateTime<Tz>>> {
    let mut due = promised;
    for (from, to) in pauses {
        if *from >= due {
            break;
        }
        let Some(to) = to else { return Some(None) };
        due = calendar.add_working_hours(due, calendar.working_hours_between(*from, *to))?;
    }
    Some(Some(due))
}

fn used(raised: DateTime<Tz>, end: DateTime<Tz>, pauses: &[Pause], calendar: &Calendar) -> TimeDelta {
    let paused = pauses.iter().map(|(from, to)| {
        let to = to.map_or(end, |to| to.min(end));
        calendar.working_hours_between((*from).max(raised), to)
    });
    calendar.working_hours_between(raised, end) - paused.sum()
}

/// Returns the working time from being raised to the first response; nothing while there is none.
pub fn response(ticket: &Record, snapshot: &Snapshot) -> Option<TimeDelta> {
    let zone = snapshot.as_of.moment.timezone();
    let at = |key: &str| ticket.moment(key).map(|at| at.with_timezone(&zone));
    Some(snapshot.config.calendar.working_hours_between(at("raised_at")?, at("responded_at")?))
}
