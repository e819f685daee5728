//! The steps of a ticket (工单流转), what a change of status brings with it, and what closing one wants.
//!
//! Open, assigned, in progress, resolved, confirmed, archived is the usual way. On the way it may be put on hold and
//! escalated; what was resolved may be opened again.

use super::is_open;
use crate::record::{Dictionary, HOLD, Problem, REOPENING, Record, Row, TICKET, Value, Words};
use crate::words;
use chrono::{DateTime, FixedOffset, Timelike};

/// A step with a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The handler begins.
    Start,
    /// It waits, and its time with it.
    Hold,
    /// It waits no longer.
    Resume,
    /// The handler is done.
    Resolve,
    /// The customer says so too.
    Confirm,
    /// It is put away.
    Archive,
    /// It was not done after all.
    Reopen,
    /// It will be late, and this is why.
    Explain,
}

impl Step {
    /// Every step, in the order of help.
    pub const ALL: [Step; 8] = [
        Step::Start,
        Step::Hold,
        Step::Resume,
        Step::Explain,
        Step::Resolve,
        Step::Confirm,
        Step::Archive,
        Step::Reopen,
    ];

    /// Returns its verb.
    pub fn verb(self) -> &'static str {
        match self {
            Step::Start => "start",
            Step::Hold => "hold",
            Step::Resume => "resume",
            Step::Resolve => "resolve",
            Step::Confirm => "confirm",
            Step::Archive => "archive",
            Step::Reopen => "reopen",
            Step::Explain => "explain",
        }
    }

    /// Returns the status it leads to, from one it may be taken in; a status that the program does not know is taken for
    /// one of work in progress.
    fn target(self, status: &str) -> Option<&str> {
        let is_closed = matches!(status, "resolved" | "confirmed" | "archived");
        match self {
            Step::Start => (!is_closed && status != "in_progress").then_some("in_progress"),
            Step::Hold => (!is_closed && status != "on_hold").then_some("on_hold"),
            Step::Resume => (status == "on_hold").then_some("in_progress"),
            Step::Resolve => (!is_closed).then_some("resolved"),
            Step::Confirm => (status == "resolved").then_some("confirmed"),
            Step::Archive => (status == "confirmed").then_some("archived"),
            Step::Reopen => is_closed.then_some("reopened"),
            Step::Explain => (!is_closed).then_some(status),
        }
    }
}

/// Takes a step with a ticket at a moment; `reason` is that of holding and of opening again.
///
/// Fails with why not and with what may be done instead.
pub fn take(
    ticket: &mut Record,
    step: Step,
    reason: Option<&str>,
    at: DateTime<FixedOffset>,
    dictionary: &Dictionary,
) -> Result<(), [Words; 2]> {
    let before = ticket.clone();
    let status = before.text("status").unwrap_or_default();
    let Some(target) = step.target(status) else { return Err(why_not(ticket, status, dictionary)) };
    if ticket.text("owner").is_none() && !matches!(step, Step::Hold | Step::Explain) {
        return Err(unhandled(ticket));
    }
    ticket.set("status", Value::text(target));
    if step == Step::Explain {
        ticket.set("explained_at", moment(at));
    }
    change(&before, ticket, reason, at);
    Ok(())
}

/// Completes a change of a ticket at a moment by what it brings: when it was assigned, begun, resolved and confirmed, from
/// when to when it waited, that it was opened again.
pub fn complete(before: &Record, after: &mut Record, at: DateTime<FixedOffset>) {
    if after.kind != TICKET {
        return;
    }
    if before.text("overdue_reason") != after.text("overdue_reason")
        && before.get("explained_at") == after.get("explained_at")
    {
        let is_said = after.text("overdue_reason").is_some();
        let _ = if is_said { after.set("explained_at", moment(at)) } else { after.remove("explained_at") };
    }
    change(before, after, None, at);
}

fn change(before: &Record, after: &mut Record, reason: Option<&str>, at: DateTime<FixedOffset>) {
    let (from, to) = (before.text("status").unwrap_or_default(), after.text("status").unwrap_or_default().to_string());
    if from == to {
        return;
    }
    if from == "on_hold" {
        end_hold(after, at);
    }
    if to == "on_hold" {
        push(after, "holds", HOLD, [("from", moment(at)), ("reason", Value::text(reason.unwrap_or_default()))]);
    }
    if matches!(&*to, "in_progress" | "resolved") {
        set_once(after, "responded_at", at);
    }
    if !is_open(after) {
        set_once(after, "resolved_at", at);
    }
    if matches!(&*to, "confirmed" | "archived") {
        set_once(after, "confirmed_at", at);
    }
    if !is_open(before) && is_open(after) {
        open_again(before, after, reason, at);
    }
}

fn open_again(before: &Record, after: &mut Record, reason: Option<&str>, at: DateTime<FixedOffset>) {
    let resolved = before.get("resolved_at").cloned().unwrap_or_else(|| moment(at));
    let reason = Value::text(reason.unwrap_or_default());
    push(after, "reopenings", REOPENING, [("at", moment(at)), ("resolved_at", resolved), ("reason", reason)]);
    // What was said of the end is to be said anew; git's history keeps it.
    for key in ["resolved_at", "confirmed_at", "result", "satisfaction", "recommends"] {
        if before.get(key) == after.get(key) {
            after.remove(key);
        }
    }
}

fn end_hold(ticket: &mut Record, at: DateTime<FixedOffset>) {
    let mut holds = ticket.rows("holds").to_vec();
    holds.iter_mut().filter(|hold| hold.get("to").is_none()).for_each(|hold| drop(hold.set("to", moment(at))));
    if !holds.is_empty() {
        ticket.set("holds", Value::Rows(holds));
    }
}

fn push<const N: usize>(
    ticket: &mut Record,
    table: &str,
    fields: &'static [crate::record::Field],
    values: [(&str, Value); N],
) {
    let mut row = Row::new(fields);
    values
        .into_iter()
        .filter(|(_, value)| *value != Value::text(""))
        .for_each(|(key, value)| drop(row.set(key, value)));
    let mut rows = ticket.rows(table).to_vec();
    rows.push(row);
    ticket.set(table, Value::Rows(rows));
}

fn set_once(ticket: &mut Record, key: &str, at: DateTime<FixedOffset>) {
    if ticket.get(key).is_none() {
        ticket.set(key, moment(at));
    }
}

/// Records tell moments to the second.
fn moment(at: DateTime<FixedOffset>) -> Value {
    Value::Moment(at.with_nanosecond(0).unwrap_or(at))
}

fn why_not(ticket: &Record, status: &str, dictionary: &Dictionary) -> [Words; 2] {
    let number = &ticket.number;
    let label = dictionary.words("ticket_status", status);
    let instead = match status {
        "resolved" => words!(
            "`kehu ticket confirm {number}` or `kehu ticket reopen {number} --reason …` comes next",
            "下一步：`kehu ticket confirm {number}`，或 `kehu ticket reopen {number} --reason …`"
        ),
        "confirmed" | "archived" => words!(
            "`kehu ticket reopen {number} --reason …` opens it again",
            "用 `kehu ticket reopen {number} --reason …` 重新打开"
        ),
        "on_hold" => {
            words!("`kehu ticket resume {number}` goes on with it", "用 `kehu ticket resume {number}` 恢复处理")
        }
        _ => words!(
            "`kehu ticket start {number}` or `kehu ticket resolve {number} --result …` comes next",
            "下一步：`kehu ticket start {number}`，或 `kehu ticket resolve {number} --result …`"
        ),
    };
    [words!("the status of `{number}` is {label}", "`{number}` 的状态为“{label}”"; each label), instead]
}

fn unhandled(ticket: &Record) -> [Words; 2] {
    let number = &ticket.number;
    [
        words!("nobody handles `{number}` yet", "`{number}` 尚未派单"),
        words!(
            "`kehu ticket dispatch {number}` finds somebody, `kehu ticket dispatch {number} --to LOGIN` says who",
            "用 `kehu ticket dispatch {number}` 自动派单，或 `kehu ticket dispatch {number} --to 账号` 指定"
        ),
    ]
}

/// Finds what a ticket lacks of what its status says: a result and, of a complaint, cause, correction and prevention where
/// it is resolved, a reason where it waits, a handler where somebody works on it.
pub fn check_closing(ticket: &Record, problems: &mut Vec<Problem>) {
    let mut lacks = |key: &'static str, what: Words| {
        let label = ticket.kind.field(key).map(|field| field.label.into()).unwrap_or_else(|| Words::same(key));
        let message = words!("{what} wants {label}", "{what}须填写“{label}”"; each what, label);
        let zh = TICKET.field(key).map_or(key, |field| field.label.zh);
        problems.push(Problem::error("ticket-closing", key, message).mend(words!("give `{key}=…`", "请填写 `{zh}=…`")));
    };
    let status = ticket.text("status").unwrap_or_default();
    if !is_open(ticket) {
        let resolved = || words!("a ticket that is resolved", "已解决的工单");
        let complaint = || words!("a complaint that is resolved", "已解决的投诉");
        ["result", "resolved_at"]
            .into_iter()
            .filter(|key| ticket.get(key).is_none())
            .for_each(|key| lacks(key, resolved()));
        let of_complaint = ["cause", "correction", "prevention"].into_iter().filter(|key| ticket.get(key).is_none());
        of_complaint.filter(|_| ticket.text("kind") == Some("complaint")).for_each(|key| lacks(key, complaint()));
    }
    if matches!(status, "confirmed" | "archived") && ticket.get("confirmed_at").is_none() {
        lacks("confirmed_at", words!("a ticket that the customer confirmed", "客户已确认的工单"));
    }
    if !matches!(status, "open" | "on_hold") && ticket.get("owner").is_none() {
        lacks("owner", words!("a ticket that is worked on", "已派单的工单"));
    }
    if status == "on_hold" && ticket.rows("holds").iter().all(|hold| hold.get("to").is_some()) {
        lacks("holds", words!("a ticket on hold", "已挂起的工单"));
    }
}
