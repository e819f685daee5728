//! Steps of tickets, their dispatch, their escalation and the queue.

use super::add::{refuse_change, subject};
use super::lifecycle::refuse_steps;
use super::resolve::Resolver;
use super::{Batch, Outcome, Session};
use crate::record::{
    Assignment, CUSTOMER, Failure, Finding, Number, Record, Result, TICKET, USER, Words, dictionary::fold_name,
};
use crate::rules::Snapshot;
use crate::rules::assign::{Bar, away};
use crate::rules::owner::give;
use crate::rules::ticket::{
    Escalated, Promise, Standing, Step, Verdict, department, dispatch_all, escalate as come_to, is_open, is_waiting,
    take,
};
use crate::words;
use std::cmp::Reverse;

/// Takes a step with tickets, and sets what is told with it, in one commit, all or none.
///
/// Fails with exit code 5, naming each that the step may not be taken with, 6 when one lacks what the step wants.
pub fn advance(
    session: &Session,
    texts: &[String],
    step: Step,
    reason: Option<&str>,
    told: &[Assignment],
) -> Result<Outcome> {
    let resolver = Resolver::new(session);
    let told = resolver.assignments(told)?;
    let mut batch = Batch::begin(session)?;
    let mut refused = Vec::new();
    let clock = session.whole(&[])?;
    for number in numbers(&resolver, texts)? {
        session.find(TICKET, number.as_str())?;
        let (before, text) = batch.read(TICKET, &number)?;
        let mut after = before.clone();
        let (at, reading) = (session.now.fixed_offset(), session.config.reading());
        match take(&mut after, step, reason, at, &session.config.dictionary) {
            Ok(()) => {
                let problems = told.iter().filter_map(|one| one.apply(&mut after.row, &reading).err()).collect();
                refuse_change(&before, problems)?;
                if step == Step::Explain {
                    judge_explanation(&before, &mut after, &clock, &mut batch);
                }
                batch.update(&before, &text, after)?;
            }
            Err(why) => refused.push(why),
        }
    }
    refuse_steps(refused)?;
    let subject = subject(TICKET, step.verb(), &batch);
    batch.commit(&subject, Vec::new())
}

/// Says of an explanation that it came too late; one that came in time before it stays the one that counts.
fn judge_explanation(before: &Record, after: &mut Record, clock: &Snapshot, batch: &mut Batch<'_>) {
    let standing = |ticket: &Record| Promise::of(ticket, clock).map(|promise| promise.standing);
    match (standing(before), before.get("explained_at")) {
        (Some(Standing::Explained), Some(said)) => {
            after.set("explained_at", said.clone());
        }
        (Some(Standing::Breached), _) => {
            let number = &before.number;
            batch.warn(words!(
                "{number}: the promised time has passed: it counts as breached; the reason is kept",
                "{number}：已过承诺时限，仍记为超时违约；原因已保存"
            ));
        }
        _ => {}
    }
}

fn numbers(resolver: &Resolver<'_>, texts: &[String]) -> Result<Vec<Number>> {
    let mut numbers: Vec<Number> = texts.iter().map(|text| resolver.only(TICKET, text)).collect::<Result<_>>()?;
    numbers.sort();
    numbers.dedup();
    Ok(numbers)
}

/// What became of a ticket that was to be dispatched.
#[derive(Debug, Clone)]
pub struct Dispatched {
    /// The ticket, as it was.
    pub ticket: Record,
    /// The department answerable.
    pub department: Option<String>,
    /// Who got it; nobody where it stays.
    pub to: Option<String>,
    /// Why that user, or why nobody.
    pub reason: Words,
    /// How many there were to choose from, there or away.
    pub candidates: usize,
}

impl Dispatched {
    /// Returns the department answerable where it has no users.
    pub fn unstaffed(&self) -> Option<&str> {
        self.department.as_deref().filter(|_| self.candidates == 0)
    }
}

/// Loads what dispatching goes by: all tickets, customers and users, whoever acts.
pub fn desk(session: &Session) -> Result<Snapshot> {
    session.whole(&[TICKET, CUSTOMER, USER])
}

/// Returns the tickets that wait to be dispatched, those named alone where some are, with the candidates for each.
///
/// Fails with exit code 5 when a named one is dispatched or closed.
pub fn candidates<'a>(session: &Session, texts: &[String], desk: &'a Snapshot) -> Result<Vec<Verdict<'a>>> {
    let numbers = numbers(&Resolver::new(session), texts)?;
    for number in &numbers {
        let ticket = session.find(TICKET, number.as_str())?;
        if !is_waiting(&ticket) {
            return Err(not_waiting(&ticket));
        }
    }
    let meant = |ticket: &&Record| is_waiting(ticket) && (numbers.is_empty() || numbers.contains(&ticket.number));
    let access = session.access()?;
    Ok(dispatch_all(desk.records(TICKET).iter().filter(meant), desk, &|login| access.may_give(TICKET, login)))
}

fn not_waiting(ticket: &Record) -> Failure {
    let number = &ticket.number;
    let why = match ticket.text("owner").filter(|_| is_open(ticket)) {
        Some(owner) => words!("`{number}` is handled by {owner}", "`{number}` 已由 {owner} 处理"),
        None => words!("`{number}` is closed", "`{number}` 已关闭"),
    };
    Failure::conflict(why).hint(words!(
        "`kehu ticket dispatch {number} --to LOGIN` gives an open ticket to another",
        "未关闭的工单可用 `kehu ticket dispatch {number} --to 账号` 改派"
    ))
}

/// Dispatches tickets by the rules, all that wait where none is named, in one commit.
pub fn dispatch(session: &Session, texts: &[String]) -> Result<(Vec<Dispatched>, Outcome)> {
    let mut batch = Batch::begin(session)?;
    let desk = desk(session)?;
    let line = |verdict: &Verdict<'_>| Dispatched {
        ticket: verdict.ticket.clone(),
        department: verdict.department.map(String::from),
        to: verdict.chosen().map(|best| best.login.to_string()),
        reason: verdict.reason(),
        candidates: verdict.candidates.len(),
    };
    let lines: Vec<Dispatched> = candidates(session, texts, &desk)?.iter().map(line).collect();
    hand_out(session, &lines, &mut batch)?;
    let outcome = finish(batch, &lines)?;
    Ok((lines, outcome))
}

/// Gives open tickets to one user.
///
/// Fails with exit code 5 when one is closed, 6 when the user has left.
pub fn dispatch_to(session: &Session, texts: &[String], login: &str) -> Result<(Vec<Dispatched>, Outcome)> {
    let mut batch = Batch::begin(session)?;
    let numbers = numbers(&Resolver::new(session), texts)?;
    let user = session.find(USER, session.number_of(USER, login)?.as_str())?;
    match away(&user, session.now.date_naive()) {
        Some(bar @ Bar::Left(_)) => {
            let (why, login) = (bar.words(), &user.number);
            return Err(Failure::invalid(
                words!("`{login}` gets no tickets: {why}", "不能派单给 `{login}`：{why}"; each why),
            ));
        }
        Some(bar) => {
            let (why, login) = (bar.words(), &user.number);
            batch.warn(words!("{login}: {why}", "{login}：{why}"; each why));
        }
        None => {}
    }
    let mut lines = Vec::new();
    for number in numbers {
        let ticket = session.find(TICKET, number.as_str())?;
        if !is_open(&ticket) {
            return Err(not_waiting(&ticket));
        }
        let department = department(&ticket, &session.config.dictionary).map(String::from);
        let reason = words!("by hand", "手工派单");
        lines.push(Dispatched { ticket, department, to: Some(user.number.to_string()), reason, candidates: 1 });
    }
    hand_out(session, &lines, &mut batch)?;
    let outcome = finish(batch, &lines)?;
    Ok((lines, outcome))
}

fn hand_out(session: &Session, lines: &[Dispatched], batch: &mut Batch<'_>) -> Result<()> {
    for line in lines {
        let Some(login) = line.to.as_deref().filter(|login| line.ticket.text("owner") != Some(login)) else { continue };
        let (before, text) = batch.read(TICKET, &line.ticket.number)?;
        let mut after = before.clone();
        give(&mut after, login, session.now.fixed_offset());
        batch.update(&before, &text, after)?;
    }
    Ok(())
}

/// The most tickets whose reason a commit says.
const REASONS: usize = 500;

fn finish(mut batch: Batch<'_>, lines: &[Dispatched]) -> Result<Outcome> {
    let given = lines.iter().filter_map(|line| Some((&line.ticket.number, line.to.as_ref()?, line.reason.en.as_ref())));
    let told: Vec<String> = given.take(REASONS).map(|(number, to, why)| format!("{number} to {to}: {why}")).collect();
    batch.explain(told.join("\n"));
    let subject = subject(TICKET, "dispatch", &batch);
    batch.commit(&subject, Vec::new())
}

/// Takes every step of the escalation chain that tickets have come to, in one commit.
pub fn escalate(session: &Session) -> Result<(Vec<Escalated>, Outcome)> {
    let mut batch = Batch::begin(session)?;
    let escalated = come_to(&desk(session)?);
    for one in &escalated {
        let (before, text) = batch.read(TICKET, &one.after.number)?;
        batch.update(&before, &text, one.after.clone())?;
    }
    let subject = subject(TICKET, "escalate", &batch);
    let outcome = batch.commit(&subject, Vec::new())?;
    Ok((escalated, outcome))
}

/// What of the queue is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// The handler; everybody's without one.
    pub owner: Option<String>,
    /// The department, by any of its names; every one without one.
    pub department: Option<String>,
}

/// A ticket in the queue.
#[derive(Debug, Clone)]
pub struct Queued {
    /// The ticket.
    pub ticket: Record,
    /// What the customer is called.
    pub customer: Option<String>,
    /// The department answerable.
    pub department: Option<String>,
    /// What was promised; none where nothing is for its priority.
    pub promise: Option<Promise>,
}

/// Returns the open tickets that may be read: what is due first comes first, what is on hold last.
///
/// Fails with exit code 2 when there is no such department.
pub fn queue(session: &Session, question: &Question) -> Result<(Vec<Queued>, Vec<Finding>)> {
    let wanted = question.department.as_deref().map(|text| named_department(session, text)).transpose()?;
    let (snapshot, findings) = session.snapshot(&[TICKET, CUSTOMER])?;
    let of = |ticket: &Record| department(ticket, &session.config.dictionary).map(String::from);
    let is_meant = |ticket: &&Record| {
        is_open(ticket)
            && (question.owner.is_none() || ticket.text("owner") == question.owner.as_deref())
            && (wanted.is_none() || of(ticket) == wanted)
    };
    let queued = |ticket: &Record| Queued {
        customer: ticket.text("customer").and_then(|number| snapshot.find(number)).map(|one| one.title().to_string()),
        department: of(ticket),
        promise: Promise::of(ticket, &snapshot),
        ticket: ticket.clone(),
    };
    let mut all: Vec<Queued> = snapshot.records(TICKET).iter().filter(is_meant).map(queued).collect();
    all.sort_by_cached_key(|one| {
        let due = one.promise.as_ref().and_then(|promise| promise.due);
        (Reverse(due.is_some()), due, one.ticket.number.clone())
    });
    Ok((all, findings))
}

fn named_department(session: &Session, text: &str) -> Result<String> {
    let entries = session.config.dictionary.get("department");
    let found = entries.and_then(|entries| entries.find(text).or_else(|| entries.find(&fold_name(text))));
    found.map(|entry| entry.key.clone()).ok_or_else(|| {
        let known: Vec<&str> = entries.into_iter().flat_map(|all| all.iter()).map(|entry| entry.key.as_str()).collect();
        let known = known.join(", ");
        Failure::usage(words!("there is no department `{text}`", "没有部门“{text}”"))
            .hint(words!("known are {known}", "已有：{known}"))
    })
}
