//! Cadence (跟进节奏): who must be contacted when. DOMAIN: follow-up and cadence.
//!
//! Pure functions of a snapshot and its moment. The plan of a lead is a sequence of steps from its
//! anchor, then touches that repeat; that of a customer is one repeating touch by type and value level.
//!
//! Rulings, in the order they are tried:
//! 1. A record that is not open has nothing due.
//! 2. The anchor is `assigned_at`, else the start of the day of `acquired_on`. Step n is met by the n-th
//!    follow-up since the anchor; `day = n` is n days after the anchor's day, not before the last follow-up's.
//! 3. An explicit `next_on` of the last follow-up wins over the computed day, but the first response
//!    is due at its limit at the latest, counted in plain hours from the anchor. A promise stands until a follow-up
//!    on its day or later, or one that promises otherwise or says why there is nothing next.
//! 4. A repeating touch counts from the last follow-up. Where several repeat, the most frequent sets
//!    the day, and the longest whose period since the anchor is complete by then says what to do.
//! 5. An open lead of the idle grades without follow-up for more days than allowed is overdue whatever
//!    the plan says.
//! 6. An open record with no plan is due now, as `no-plan`.
//! 7. Follow-ups count for a record as [`Snapshot::touches`] says; what was promised about an opportunity is due with
//!    it alone, and about its customer with the customer alone.
//!
//! Everything but the first response is due on a day, and overdue from the next day on. Follow-ups
//! after the snapshot's moment have not taken place.
//!
//! *Absent on purpose:* renewals, payments and care dates, which are no contacts by a plan.

mod file;
mod opportunity;

pub use file::{Cadence, Interval, LeadPlan, Step, Touch};

use super::Snapshot;
use super::score::score_in;
use crate::record::{CUSTOMER, LEAD, OPPORTUNITY, Record, Value, Words};
use crate::words;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use rust_decimal::{Decimal, RoundingStrategy};
use std::borrow::Cow;

/// The rule of the first response to a lead.
pub const FIRST_RESPONSE: &str = "first-response";

/// The rule of what was promised in a follow-up.
pub const PROMISED: &str = "promised";

/// What is due next for a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Due {
    /// The moment it is due; the start of the day when the whole day is meant.
    pub at: DateTime<Tz>,
    /// Whether the day is meant and not the moment.
    pub whole_day: bool,
    /// The rule it comes from: `first-response`, `step`, `repeat`, `promised`, `idle` or `no-plan`.
    pub rule: &'static str,
    /// What is to be done, in words.
    pub label: Words,
    /// The key of the method suggested, if any.
    pub method: Option<String>,
    /// For how long it is overdue; whole days when a day is meant; nothing while it is not.
    pub overdue_by: Option<Duration>,
}

/// How the first response to a lead went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// It came within the limit, or at all where there is none.
    Within,
    /// It came after the limit.
    Late,
    /// It has not come; the limit has not passed, or there is none.
    Pending,
    /// It has not come and the limit has passed.
    Missed,
}

/// The first response to a lead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstResponse {
    /// The hours it must come within; nothing where the grade has no limit.
    pub limit_hours: Option<i64>,
    /// How long after the anchor it came.
    pub responded_after: Option<Duration>,
    /// How it went.
    pub response: Response,
}

impl FirstResponse {
    /// Tells whether the limit was kept; nothing while that is undecided or where there is no limit.
    pub fn kept(&self) -> Option<bool> {
        self.limit_hours?;
        match self.response {
            Response::Within => Some(true),
            Response::Late | Response::Missed => Some(false),
            Response::Pending => None,
        }
    }
}

/// Tells whether a record still wants contact: a lead neither converted nor disqualified, a customer not churned, an
/// opportunity neither won nor lost.
pub fn is_open(record: &Record) -> bool {
    if record.kind == LEAD {
        !matches!(record.text("status"), Some("converted" | "disqualified"))
    } else if record.kind == OPPORTUNITY {
        super::opportunity::is_open(record)
    } else {
        record.kind == CUSTOMER && record.text("type") != Some("churned")
    }
}

/// Returns what is due next for a customer, an opportunity or a lead of this grade; nothing when it is not open.
pub fn next_due_as(record: &Record, snapshot: &Snapshot, grade: Option<&str>) -> Option<Due> {
    if !is_open(record) {
        return None;
    }
    let now = snapshot.as_of.moment;
    let history = History::of(record, snapshot);
    let planned = history.and_then(|history| match record.kind {
        kind if kind == LEAD => lead_deadline(record, snapshot, grade, &history),
        kind if kind == OPPORTUNITY => Some(opportunity::deadline(snapshot, &history)),
        _ => customer_deadline(record, snapshot, &history),
    });
    Some(planned.unwrap_or_else(|| no_plan(now)).due(now))
}

/// Returns the promise that stands with an open record, whatever else is due before it: the next action of a follow-up
/// and its day.
pub fn promise(record: &Record, snapshot: &Snapshot) -> Option<Due> {
    let history = History::of(record, snapshot).filter(|_| is_open(record))?;
    let now = snapshot.as_of.moment;
    promised(&history, now.timezone()).map(|promised| promised.due(now))
}

/// Returns the follow-up that made the promise which stands with an open record.
pub fn promising<'a>(record: &Record, snapshot: &'a Snapshot) -> Option<&'a Record> {
    History::of(record, snapshot).filter(|_| is_open(record))?.promise.map(|(followup, _)| followup)
}

/// Returns how the first response to a lead went; nothing for other kinds and leads without an anchor.
pub fn first_response(record: &Record, snapshot: &Snapshot) -> Option<FirstResponse> {
    first_response_as(record, snapshot, grade_of(record, snapshot).as_deref())
}

/// Returns how the first response to a lead of this grade went; the limit holds for leads in nurture too, lest
/// parking a lead nobody answered better the rate.
pub fn first_response_as(record: &Record, snapshot: &Snapshot, grade: Option<&str>) -> Option<FirstResponse> {
    let history = History::of(record, snapshot).filter(|_| record.kind == LEAD)?;
    let plan = grade.and_then(|grade| snapshot.config.cadence.leads.get(grade));
    let limit_hours = plan.and_then(|plan| plan.first_response_hours);
    let responded_after = history.first_after;
    let waited = responded_after.unwrap_or(snapshot.as_of.moment - history.anchor);
    let in_time = limit_hours.is_none_or(|limit| waited <= Duration::hours(limit));
    let response = match (responded_after.is_some(), in_time) {
        (true, true) => Response::Within,
        (true, false) => Response::Late,
        (false, true) => Response::Pending,
        (false, false) => Response::Missed,
    };
    Some(FirstResponse { limit_hours, responded_after, response })
}

/// Returns the hours from the anchor to the first follow-up since, to a tenth; nothing before it came.
pub fn first_response_hours(record: &Record, snapshot: &Snapshot) -> Option<Decimal> {
    let after = first_response_as(record, snapshot, None)?.responded_after?;
    let hours = Decimal::from(after.num_seconds()) / Decimal::from(3600);
    Some(hours.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize())
}

/// Returns what is due on a day, as seen from the snapshot's moment.
pub fn on_day(day: NaiveDate, snapshot: &Snapshot, rule: &'static str, label: Words) -> Due {
    let now = snapshot.as_of.moment;
    Deadline::on(day, now.timezone(), rule, Cow::Owned(label), None).due(now)
}

/// Returns what is due at a moment, as seen from the snapshot's.
pub fn at_moment(at: DateTime<Tz>, snapshot: &Snapshot, rule: &'static str, label: Words) -> Due {
    Deadline { at, whole_day: false, rule, label: Cow::Owned(label), method: None }.due(snapshot.as_of.moment)
}

/// Returns the last day, up to the snapshot's moment, a record was acquired, assigned, verified or followed up.
pub fn touched_on(record: &Record, snapshot: &Snapshot) -> Option<NaiveDate> {
    let zone = snapshot.as_of.moment.timezone();
    let assigned = record.moment("assigned_at").map(|at| at.with_timezone(&zone).date_naive());
    let verified = record.rows("verifications").iter().filter_map(|row| row.date("on")).max();
    let days = [record.date("acquired_on"), assigned, verified, followed_on(record, snapshot)];
    days.into_iter().flatten().max()
}

/// Returns the day of the last follow-up up to the snapshot's moment.
pub fn followed_on(record: &Record, snapshot: &Snapshot) -> Option<NaiveDate> {
    let now = snapshot.as_of.moment;
    let mut moments = snapshot.touches(record).into_iter().rev().filter_map(|followup| followup.moment("at"));
    moments.find(|at| *at <= now).map(|at| at.with_timezone(&now.timezone()).date_naive())
}

fn grade_of(record: &Record, snapshot: &Snapshot) -> Option<String> {
    (record.kind == LEAD).then(|| score_in(record, snapshot).grade)
}

/// What took place with a record up to the snapshot's moment.
struct History<'a> {
    anchor: DateTime<Tz>,
    /// How many follow-ups took place since the anchor.
    since: usize,
    /// How long after the anchor the first of them came.
    first_after: Option<Duration>,
    /// The day of the last follow-up of all.
    last: Option<NaiveDate>,
    /// The follow-up whose promise stands, and the day promised.
    promise: Option<(&'a Record, NaiveDate)>,
}

impl<'a> History<'a> {
    /// Returns the history; nothing when there is neither an anchor nor a follow-up.
    fn of(record: &Record, snapshot: &'a Snapshot) -> Option<History<'a>> {
        let zone = snapshot.as_of.moment.timezone();
        let took_place = |followup: &'a Record| {
            let at = followup.moment("at")?;
            (at <= snapshot.as_of.moment).then_some((followup, at))
        };
        let mut followups = snapshot.touches(record).into_iter().filter_map(took_place).peekable();
        let assigned = record.moment("assigned_at").map(|moment| moment.with_timezone(&zone));
        let begun = || record.date("acquired_on").or_else(|| record.date("opened_on"));
        let acquired = || begun().map(|day| start_of(day, zone));
        let first = || followups.peek().map(|(_, at)| at.with_timezone(&zone));
        let anchor = assigned.or_else(acquired).or_else(first)?;
        let mut history = History { anchor, since: 0, first_after: None, last: None, promise: None };
        for (followup, at) in followups {
            if at >= anchor {
                history.since += 1;
                history.first_after.get_or_insert(at.to_utc() - anchor.to_utc());
            }
            let day = at.with_timezone(&zone).date_naive();
            history.last = Some(day);
            let says = |key: &str| followup.get(key).filter(|_| promises_for(record, followup, snapshot));
            history.promise = match (says("next_on"), says("no_next")) {
                (Some(Value::Date(next)), _) => Some((followup, *next)),
                (_, Some(Value::Text(_))) => None,
                _ => history.promise.filter(|(_, promised)| *promised > day),
            };
        }
        Some(history)
    }

    /// Returns the day of the last follow-up, of the anchor when there is none or it is later.
    fn last_touch(&self) -> NaiveDate {
        let anchor = self.anchor.date_naive();
        self.last.map_or(anchor, |day| day.max(anchor))
    }
}

/// Tells whether what a follow-up promised next is due with a record: one about it, or about the lead it was.
fn promises_for(record: &Record, followup: &Record, snapshot: &Snapshot) -> bool {
    let subject = followup.text("subject");
    let was_lead = || subject.and_then(|number| snapshot.find(number)).is_some_and(|one| one.kind == LEAD);
    subject == Some(record.number.as_str()) || was_lead()
}

/// When something is due, before it is known whether it is overdue.
struct Deadline<'a> {
    at: DateTime<Tz>,
    whole_day: bool,
    rule: &'static str,
    label: Cow<'a, Words>,
    method: Option<&'a str>,
}

impl<'a> Deadline<'a> {
    fn on(
        day: NaiveDate,
        zone: Tz,
        rule: &'static str,
        label: Cow<'a, Words>,
        method: Option<&'a str>,
    ) -> Deadline<'a> {
        Deadline { at: start_of(day, zone), whole_day: true, rule, label, method }
    }

    /// Returns the moment from which on it is overdue.
    fn end(&self) -> DateTime<Tz> {
        let next = self.at.date_naive().checked_add_days(Days::new(1));
        next.filter(|_| self.whole_day).map_or(self.at, |day| start_of(day, self.at.timezone()))
    }

    fn due(self, now: DateTime<Tz>) -> Due {
        let late = match self.whole_day {
            true => now.date_naive() - self.at.date_naive(),
            false => now - self.at,
        };
        let Deadline { at, whole_day, rule, label, method } = self;
        let (label, method) = (label.into_owned(), method.map(str::to_string));
        Due { at, whole_day, rule, label, method, overdue_by: (late > Duration::zero()).then_some(late) }
    }
}

/// Returns the plan of a lead: that of its grade, or of the nurture grade while it is nurtured.
fn plan_of<'a>(lead: &Record, snapshot: &'a Snapshot, grade: Option<&str>) -> Option<&'a LeadPlan> {
    let cadence = &snapshot.config.cadence;
    match lead.text("status") {
        Some("nurture") => cadence.leads.get(&cadence.nurture_grade),
        _ => cadence.leads.get(grade?),
    }
}

fn lead_deadline<'a>(
    lead: &Record,
    snapshot: &'a Snapshot,
    grade: Option<&str>,
    history: &History<'a>,
) -> Option<Deadline<'a>> {
    let zone = history.anchor.timezone();
    let plan = plan_of(lead, snapshot, grade);
    let computed = plan.and_then(|plan| next_step(plan, history, zone).or_else(|| repeat(&plan.then, history, zone)));
    let planned = promised(history, zone).or(computed);
    let first = plan.filter(|_| history.since == 0).and_then(|plan| first_deadline(plan, history));
    let earliest = [first, planned, idle(lead, snapshot, grade, history)].into_iter().flatten();
    earliest.min_by_key(Deadline::end)
}

/// Returns the limit of the first response, named after the first step.
fn first_deadline<'a>(plan: &'a LeadPlan, history: &History<'_>) -> Option<Deadline<'a>> {
    let at = history.anchor + Duration::hours(plan.first_response_hours?);
    let step = plan.steps.first();
    let label =
        step.map_or_else(|| Cow::Owned(words!("First response", "首次响应")), |step| Cow::Borrowed(&step.label));
    let method = step.and_then(|step| step.method.as_deref());
    Some(Deadline { at, whole_day: false, rule: FIRST_RESPONSE, label, method })
}

/// Returns the first step that no follow-up has met.
fn next_step<'a>(plan: &'a LeadPlan, history: &History<'_>, zone: Tz) -> Option<Deadline<'a>> {
    let step = plan.steps.get(history.since)?;
    let planned = history.anchor.date_naive() + Duration::days(step.day);
    let day = history.last.map_or(planned, |last| planned.max(last));
    Some(Deadline::on(day, zone, "step", Cow::Borrowed(&step.label), step.method.as_deref()))
}

/// Returns the next repeating touch: on the day of the shortest, as the longest that is complete by then.
fn repeat<'a>(touches: &'a [Touch], history: &History<'_>, zone: Tz) -> Option<Deadline<'a>> {
    let shortest = touches.iter().min_by_key(|touch| touch.every.rough_days())?;
    let last = history.last_touch();
    let day = shortest.every.after(last, 1)?;
    let fresh = |touch: &&Touch| touch.every != shortest.every && completes(touch.every, history, last, day);
    let touch = touches.iter().filter(fresh).max_by_key(|touch| touch.every.rough_days()).unwrap_or(shortest);
    Some(Deadline::on(day, zone, "repeat", Cow::Borrowed(&touch.label), touch.method.as_deref()))
}

/// Tells whether a period counted from the anchor ends after the day `last`, on or before `day`.
fn completes(every: Interval, history: &History<'_>, last: NaiveDate, day: NaiveDate) -> bool {
    let start = history.anchor.date_naive();
    let ends = (1..).map_while(|times| every.after(start, times)).take_while(|end| *end <= day);
    ends.last().is_some_and(|end| end > last)
}

/// Returns the promise that stands.
fn promised<'a>(history: &History<'a>, zone: Tz) -> Option<Deadline<'a>> {
    let (followup, day) = history.promise?;
    let label =
        followup.text("next_action").map_or_else(|| words!("Promised follow-up", "约定的下次跟进"), Words::same);
    Some(Deadline::on(day, zone, PROMISED, Cow::Owned(label), None))
}

/// Returns the idle limit once it has passed.
fn idle<'a>(lead: &Record, snapshot: &Snapshot, grade: Option<&str>, history: &History<'_>) -> Option<Deadline<'a>> {
    let cadence = &snapshot.config.cadence;
    let watched = grade.is_some_and(|grade| cadence.idle_grades.iter().any(|idle| idle == grade));
    let day = history.last_touch() + Duration::days(cadence.idle_days);
    let passed = snapshot.as_of.today() > day && watched && lead.text("status") != Some("nurture");
    let label = || words!("No follow-up for more than {} days", "超过 {} 天未跟进"; cadence.idle_days);
    passed.then(|| Deadline::on(day, history.anchor.timezone(), "idle", Cow::Owned(label()), None))
}

fn customer_deadline<'a>(customer: &Record, snapshot: &'a Snapshot, history: &History<'a>) -> Option<Deadline<'a>> {
    let zone = history.anchor.timezone();
    let touch = || snapshot.config.cadence.customer(customer.text("type")?, customer.text("level"));
    promised(history, zone).or_else(|| repeat(std::slice::from_ref(touch()?), history, zone))
}

fn no_plan<'a>(now: DateTime<Tz>) -> Deadline<'a> {
    let label = Cow::Owned(words!("No plan", "没有跟进计划"));
    Deadline::on(now.date_naive(), now.timezone(), "no-plan", label, None)
}

/// Returns the first moment of a day; where a clock change skips midnight, the first that exists.
fn start_of(day: NaiveDate, zone: Tz) -> DateTime<Tz> {
    let midnight = day.and_time(NaiveTime::MIN);
    let hours = (0..=3).map(|hour| midnight + Duration::hours(hour));
    let first = hours.filter_map(|local| zone.from_local_datetime(&local).earliest()).next();
    first.unwrap_or_else(|| zone.from_utc_datetime(&midnight))
}

#[cfg(test)]
mod tests;
