//! What is to be done: whose, up to which day. Reads and decides nothing; the rules do.

use super::Session;
use crate::query::Days;
use crate::record::{
    CONTRACT, CUSTOMER, FOLLOWUP, Failure, Finding, Kind, LEAD, Number, OPPORTUNITY, PRODUCT, REVIEW, Record, Result,
    Row, TICKET, USER, Words,
};
use crate::rules::Snapshot;
use crate::rules::access::Access;
use crate::rules::cadence::{Due, PROMISED, promising};
use crate::rules::due::{APPROVAL, FESTIVAL, Group, tasks};
use crate::rules::family::customer_of;
use crate::sheet::Cell;
use crate::words;
use chrono::{Duration, NaiveDate};
use std::collections::HashMap;

/// How far ahead one looks unless a day is stated, in days.
pub const AHEAD: u64 = 7;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Whose records, by login; everybody's and nobody's when absent.
    pub owner: Option<String>,
    /// The last day looked at.
    pub until: NaiveDate,
    /// Whether only what is overdue is wanted.
    pub overdue: bool,
}

/// One thing to be done, with what is needed to do it.
#[derive(Debug, Clone, PartialEq)]
pub struct ToDo {
    /// When, as seen from the moment asked of.
    pub group: Group,
    /// The record it is about.
    pub kind: Kind,
    /// Its number.
    pub number: Number,
    /// What it is called.
    pub title: String,
    /// The other records that call for the same on the same day: a festival is one line, not one a customer.
    pub others: Vec<Number>,
    /// Who is to be spoken to, where one is known.
    pub contact: Option<String>,
    /// That person's telephone.
    pub phone: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// What is to be done and when.
    pub due: Due,
}

/// What tasks are found by.
const KINDS: [Kind; 8] = [LEAD, CUSTOMER, OPPORTUNITY, CONTRACT, TICKET, FOLLOWUP, PRODUCT, REVIEW];

/// Returns what is to be done; also what could not be read in full.
pub fn due(session: &Session, question: &Question) -> Result<(Vec<ToDo>, Vec<Finding>)> {
    let (snapshot, findings) = session.snapshot(&KINDS)?;
    let is_theirs = |record: &Record| question.owner.is_none() || record.text("owner") == question.owner.as_deref();
    let approver = approver(session, question.owner.as_deref())?;
    let approves = |record: &Record| approver.as_ref().is_some_and(|approver| approver.may_approve(record));
    let is_wanted = |record: &Record| is_theirs(record) || approves(record);
    let now = snapshot.as_of.moment;
    let all = tasks(&snapshot, question.until, is_wanted);
    let all = all.into_iter().filter(|task| task.due.rule == APPROVAL || is_theirs(task.record)).map(|task| {
        let (contact, phone) = match task.due.rule {
            PROMISED => whom_promised(task.record, &snapshot),
            _ => whom(task.record, &snapshot),
        };
        ToDo {
            group: task.group(now),
            kind: task.record.kind,
            number: task.record.number.clone(),
            title: called(task.record, &snapshot).to_string(),
            others: Vec::new(),
            contact: contact.map(str::to_string),
            phone: phone.map(str::to_string),
            owner: task.record.text("owner").map(str::to_string),
            due: task.due,
        }
    });
    let all = together(all.filter(|todo| !question.overdue || todo.group == Group::Overdue));
    // Taking a hundred thousand records apart takes its time, and nobody waits for it.
    rayon::spawn(move || drop(snapshot));
    Ok((all, findings))
}

/// Returns what a record is called: a ticket as its customer, since what is wanted stands in the task.
fn called<'a>(record: &'a Record, snapshot: &'a Snapshot) -> &'a str {
    let customer = customer_of(record).filter(|_| record.kind == TICKET).and_then(|number| snapshot.find(number));
    customer.unwrap_or(record).title()
}

/// Says when something is due, as seen from the moment asked of: overdue and by how much, today, later.
pub fn when(group: Group, due: &Due) -> Cell {
    let group_words = [Words::from(group.label())].into_iter().chain(due.overdue_by.map(lateness)).collect::<Vec<_>>();
    Cell::Label(group.key().into(), Words::join(&group_words, " ", " "))
}

/// Says for how long something is overdue: in days, in hours below two of them, and never as none at all.
fn lateness(late: Duration) -> Words {
    match (late.num_days(), late.num_hours()) {
        (days @ 2.., _) => words!("{days} d", "{days} 天"),
        (1, 24) => words!("1 d", "1 天"),
        (_, 0) => words!("under 1 h", "不到 1 小时"),
        (_, hours) => words!("{hours} h", "{hours} 小时"),
    }
}

/// Returns the rights of whose tasks are asked for, where that is somebody who may approve what others have.
fn approver(session: &Session, owner: Option<&str>) -> Result<Option<Access>> {
    let policy = session.access()?.policy();
    let access = owner.filter(|_| policy.is_enforced()).map(|owner| Access::of_login(policy, owner));
    Ok(access.filter(Access::is_approver))
}

/// Returns whose tasks are meant where nobody is named: those of who asks; everybody's where there are no users, or who
/// asks is none of them.
pub fn whose(session: &Session) -> Result<Option<String>> {
    if session.repo.list_numbers(USER, &session.source)?.is_empty() {
        return Ok(None);
    }
    match session.user() {
        Err(failure) if session.options.user.is_some() => Err(failure),
        user => Ok(user.unwrap_or_default()),
    }
}

/// Puts the greetings of one person at one festival together, where the first of them stands.
fn together(all: impl Iterator<Item = ToDo>) -> Vec<ToDo> {
    let mut places: HashMap<(Option<String>, Due), usize> = HashMap::new();
    let mut told: Vec<ToDo> = Vec::new();
    for todo in all {
        let place = (todo.due.rule == FESTIVAL).then(|| (todo.owner.clone(), todo.due.clone()));
        match place.as_ref().and_then(|place| places.get(place)) {
            Some(at) => told[*at].others.push(todo.number),
            None => {
                places.extend(place.map(|place| (place, told.len())));
                told.push(todo);
            }
        }
    }
    told
}

/// Returns the last day that a text means: so many days from today, as `7d`, or a day or period.
///
/// Fails with exit code 2 when it is none.
pub fn until(session: &Session, text: Option<&str>) -> Result<NaiveDate> {
    let today = session.now.date_naive();
    let Some(text) = text else { return Ok(today + chrono::Days::new(AHEAD)) };
    let days = Days::of(text, today).or_else(|| Days::of(&format!("today+{text}"), today));
    days.map(|days| days.last).ok_or_else(|| {
        Failure::usage(words!("`{text}` is no day", "“{text}”不是日期")).hint(words!(
            "`7d`, `2026-04-01`, `next week`; see `kehu help dates`",
            "例如 `7d`、`2026-04-01`、`下周`；见 `kehu help dates`"
        ))
    })
}

/// Who is to be spoken to, and the telephone.
pub(in crate::ops) type Person<'a> = (Option<&'a str>, Option<&'a str>);

/// Returns whom the promise that stands with a record was made to: the contact of its follow-up, else that of the lead it was
/// about; whoever else is to be spoken to where there is none.
pub(in crate::ops) fn whom_promised<'a>(record: &'a Record, snapshot: &'a Snapshot) -> Person<'a> {
    let promising = promising(record, snapshot);
    let subject = promising.and_then(|followup| snapshot.find(followup.text("subject")?));
    let lead = subject.filter(|subject| subject.kind == LEAD);
    let lead_contact = lead.and_then(|lead| lead.text("contact_name"));
    let Some(name) = promising.and_then(|followup| followup.text("contact")).or(lead_contact) else {
        return whom(record, snapshot);
    };
    let lead = lead.filter(|_| lead_contact.is_some_and(|contact| contact.trim() == name.trim()));
    (Some(name), phone_of(name, contacts_of(record, snapshot), lead))
}

/// Returns who is to be spoken to: of a customer the first contact, one with a telephone if any has.
///
/// Of an opportunity that is whom its lead was with, else, as of a contract, whoever it is of its customer.
pub(in crate::ops) fn whom<'a>(record: &'a Record, snapshot: &'a Snapshot) -> Person<'a> {
    if record.kind == LEAD {
        return (record.text("contact_name"), record.text("phone"));
    }
    let contacts = contacts_of(record, snapshot);
    if let Some(name) = record.text("contact").filter(|_| record.kind == TICKET) {
        let known = contacts.iter().find(|contact| contact.text("name") == Some(name));
        return (Some(name), known.and_then(|contact| contact.text("work_phone")));
    }
    let lead = record.text("lead").and_then(|lead| snapshot.find(lead)).filter(|_| record.kind == OPPORTUNITY);
    if let Some(lead) = lead {
        let name = lead.text("contact_name");
        return (name, name.map_or(lead.text("phone"), |name| phone_of(name, contacts, Some(lead))));
    }
    let contact = contacts.iter().find(|contact| contact.text("work_phone").is_some()).or(contacts.first());
    contact.map_or((None, None), |contact| (contact.text("name"), contact.text("work_phone")))
}

fn contacts_of<'a>(record: &'a Record, snapshot: &'a Snapshot) -> &'a [Row] {
    let customer = customer_of(record).and_then(|customer| snapshot.find(customer)).unwrap_or(record);
    customer.rows("contacts")
}

/// Returns the telephone of a person: as the customer has it, else as the lead does.
fn phone_of<'a>(name: &str, contacts: &'a [Row], lead: Option<&'a Record>) -> Option<&'a str> {
    let known = contacts.iter().find(|contact| contact.text("name").map(str::trim) == Some(name.trim()));
    known.and_then(|contact| contact.text("work_phone")).or_else(|| lead?.text("phone"))
}
