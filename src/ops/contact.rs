//! Contacts of a customer: listed, added, changed and taken out, each change in one commit of the customer's record.
//!
//! A contact goes by its name; of namesakes the second is `NAME#2`, as in conflicts. Its telephone number and its
//! address name it too.

use super::access::subject_in;
use super::add::refuse;
use super::doubles::Doubles;
use super::resolve::Resolver;
use super::{Batch, Outcome, Session};
use crate::query::Filter;
use crate::record::{
    Assignment, CONTACT, CUSTOMER, FOLLOWUP, Failure, Finding, LEAD, Number, OPPORTUNITY, Record, Result, Row, Value,
};
use crate::rules::listing;
use crate::words;

/// What to do with a new contact of a name that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnNamesake {
    /// Refuse it with exit code 5.
    #[default]
    Refuse,
    /// Add it beside the other.
    Keep,
}

/// Returns the customers that are named or that a filter matches, else all, which have contacts.
pub fn list(session: &Session, texts: &[String], filter: Option<&Filter>) -> Result<(Vec<Record>, Vec<Finding>)> {
    let resolver = Resolver::new(session);
    let numbers: Vec<Number> = texts.iter().map(|text| number(session, &resolver, text)).collect::<Result<_>>()?;
    let needed = filter.map(|filter| listing::needs(CUSTOMER, filter.fields().iter().map(String::as_str)));
    let mut kinds = vec![CUSTOMER];
    kinds.extend(needed.unwrap_or_default().into_iter().filter(|kind| *kind != CUSTOMER));
    let (snapshot, findings) = session.snapshot(&kinds)?;
    let all = listing::select(&snapshot, CUSTOMER, filter, &[], None);
    let wanted = |customer: &&&Record| numbers.is_empty() || numbers.contains(&customer.number);
    let with_contacts = all.iter().filter(wanted).filter(|customer| !customer.rows("contacts").is_empty());
    Ok((with_contacts.map(|customer| (*customer).clone()).collect(), findings))
}

/// Adds a contact to a customer.
///
/// Fails with exit code 5 when the customer has a contact of that name, unless namesakes are to be kept.
pub fn add(session: &Session, customer: &str, assignments: &[Assignment], on_namesake: OnNamesake) -> Result<Outcome> {
    change(session, customer, "add", &mut |contacts, of| {
        let mut contact = Row::new(CONTACT);
        assign(session, &mut contact, assignments)?;
        let name = contact.text("name").map(str::trim).unwrap_or_default().to_string();
        let is_there = contacts.iter().any(|other| other.text("name").map(str::trim) == Some(&*name));
        if is_there && on_namesake == OnNamesake::Refuse {
            return Err(namesake(&name, of));
        }
        contacts.push(contact);
        Ok(())
    })
}

/// Changes a contact of a customer; who reported to it by its name goes on doing so, and follow-ups and leads that name it
/// go by its new name in the same commit, those that are the acting person's to write.
///
/// Fails with exit code 4 when there is no such contact, or several are called so.
pub fn set(session: &Session, customer: &str, contact: &str, assignments: &[Assignment]) -> Result<Outcome> {
    let mut renamed: Option<[String; 2]> = None;
    let mut edit = |contacts: &mut Vec<Row>, of: &Number| {
        let at = find(contacts, contact, of)?;
        let before = contacts[at].clone();
        assign(session, &mut contacts[at], assignments)?;
        let names = [&before, &contacts[at]].map(|row| row.text("name").unwrap_or_default().trim().to_string());
        let has_namesake = || contacts.iter().any(|other| other.text("name").map(str::trim) == Some(&*names[0]));
        if names[0] != names[1] && !has_namesake() {
            for other in contacts.iter_mut().filter(|other| other.text("reports_to").map(str::trim) == Some(&*names[0]))
            {
                other.set("reports_to", Value::text(&*names[1]));
            }
            renamed = Some(names);
        }
        Ok(())
    };
    let (number, mut batch) = begin(session, customer, &mut edit)?;
    renamed.iter().try_for_each(|names| rename(session, &mut batch, &number, names))?;
    batch.commit(&format!("contact: set {number}"), Vec::new())
}

/// Lets the follow-ups of a customer and of what belongs to it, and the leads it was made of, go by a contact's new name.
fn rename(session: &Session, batch: &mut Batch<'_>, customer: &Number, [old, new]: &[String; 2]) -> Result<()> {
    let snapshot = session.whole(&[CUSTOMER, LEAD, OPPORTUNITY, FOLLOWUP])?;
    let Some(record) = snapshot.find(customer.as_str()) else { return Ok(()) };
    let leads = snapshot.family(customer.as_str()).filter(|one| one.kind == LEAD).map(|lead| (lead, "contact_name"));
    let followups = snapshot.touches(record).into_iter().map(|followup| (followup, "contact"));
    let called = leads.chain(followups).filter(|(one, key)| one.text(key).map(str::trim) == Some(old));
    let access = session.access()?;
    let subjects = |number: &str| subject_in(&session.repo, &session.source, number);
    let mut kept = 0;
    for (one, key) in called {
        let (before, text) = batch.read(one.kind, &one.number)?;
        let mut after = before.clone();
        after.set(key, Value::text(new.as_str()));
        match access.may_write(Some(&before), Some(&after), &subjects) {
            Ok(()) => drop(batch.update(&before, &text, after)?),
            Err(_) => kept += 1,
        }
    }
    if kept > 0 {
        batch.warn(words!(
            "{kept} follow-ups or leads that are not yours to change go on naming `{old}`",
            "有 {kept} 条跟进或线索不归您修改，仍记为“{old}”"
        ));
    }
    Ok(())
}

/// Takes contacts out of a customer's record.
///
/// Fails with exit code 4 when there is no such contact, or several are called so; 5 when another who stays reports to it.
pub fn remove(session: &Session, customer: &str, names: &[String]) -> Result<Outcome> {
    change(session, customer, "rm", &mut |contacts, of| {
        let gone: Vec<usize> = names.iter().map(|name| find(contacts, name, of)).collect::<Result<_>>()?;
        let all = std::mem::take(contacts);
        let (left, stays): (Vec<_>, Vec<_>) = all.into_iter().enumerate().partition(|(at, _)| gone.contains(at));
        contacts.extend(stays.into_iter().map(|(_, contact)| contact));
        for (_, boss) in left {
            refuse_needed(&boss, contacts, of)?;
        }
        Ok(())
    })
}

/// What is done to the contacts of a customer of this number.
type Edit<'a> = &'a mut dyn FnMut(&mut Vec<Row>, &Number) -> Result<()>;

/// Changes the contacts of a customer in one commit.
fn change(session: &Session, customer: &str, verb: &str, edit: Edit<'_>) -> Result<Outcome> {
    let (number, batch) = begin(session, customer, edit)?;
    batch.commit(&format!("contact: {verb} {number}"), Vec::new())
}

/// Changes the contacts of a customer in a batch that is still to be committed.
fn begin<'s>(session: &'s Session, customer: &str, edit: Edit<'_>) -> Result<(Number, Batch<'s>)> {
    let number = number(session, &Resolver::new(session), customer)?;
    let mut batch = Batch::begin(session)?;
    let (before, text) = batch.read(CUSTOMER, &number)?;
    let mut contacts = before.rows("contacts").to_vec();
    edit(&mut contacts, &number)?;
    let mut after = before.clone();
    match contacts.is_empty() {
        true => after.remove("contacts"),
        false => after.set("contacts", Value::Rows(contacts)),
    };
    Doubles::default().look_for(session, &before, &after, &mut batch)?;
    batch.update(&before, &text, after)?;
    Ok((number, batch))
}

/// Returns the number of the customer that a text names.
fn number(session: &Session, resolver: &Resolver<'_>, text: &str) -> Result<Number> {
    let number = resolver.only(CUSTOMER, text)?;
    session.find(CUSTOMER, number.as_str()).map(|customer| customer.number)
}

fn assign(session: &Session, contact: &mut Row, assignments: &[Assignment]) -> Result<()> {
    let reading = session.config.reading();
    let assignments = Resolver::new(session).assignments(assignments)?;
    let problems: Vec<_> = assignments.iter().filter_map(|one| one.apply(contact, &reading).err()).collect();
    refuse(CUSTOMER, contact, problems)
}

/// Returns the place of the contact that a text names.
fn find(contacts: &[Row], text: &str, of: &Number) -> Result<usize> {
    let text = text.trim();
    let called = |at: usize| contacts[at].text("name").map(str::trim).unwrap_or_default();
    let places = || 0..contacts.len();
    let namesakes_before = |at: usize| places().take(at).filter(|other| called(*other) == called(at)).count();
    let by_name: Vec<usize> = places().filter(|at| called(*at) == text).collect();
    let by_place = || places().filter(|at| text == format!("{}#{}", called(*at), namesakes_before(*at) + 1)).collect();
    let reaches = |at: &usize| ["work_phone", "email"].iter().any(|key| contacts[*at].text(key) == Some(text));
    let by_channel = || places().filter(reaches).collect();
    let tries: [&dyn Fn() -> Vec<usize>; 3] = [&|| by_name.clone(), &by_place, &by_channel];
    let found = tries.into_iter().map(|find| find()).find(|found| !found.is_empty()).unwrap_or_default();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::not_found(words!("`{of}` has no contact `{text}`", "`{of}` 没有联系人“{text}”"))
            .hint(words!("`kehu contact list {of}` shows them", "用 `kehu contact list {of}` 查看"))),
        several => {
            let (count, name) = (several.len(), called(several[0]));
            Err(Failure::not_found(words!(
                "`{text}` names {count} contacts of `{of}`",
                "`{of}` 有 {count} 位联系人都是“{text}”"
            ))
            .hint(words!("of namesakes the second is `{name}#2`", "同名的第二位写作 `{name}#2`")))
        }
    }
}

/// Fails with exit code 5 when somebody who stays reports to a contact that goes.
fn refuse_needed(boss: &Row, stay: &[Row], of: &Number) -> Result<()> {
    let Some(name) = boss.text("name").map(str::trim) else { return Ok(()) };
    let is_called = |row: &&Row, key: &str| row.text(key).map(str::trim) == Some(name);
    if stay.iter().any(|row| is_called(&row, "name")) {
        return Ok(());
    }
    let Some(below) = stay.iter().find(|row| is_called(row, "reports_to")) else { return Ok(()) };
    let below = below.text("name").unwrap_or_default();
    Err(Failure::conflict(words!("`{below}` reports to `{name}`", "“{below}”的汇报对象是“{name}”")).hint(words!(
        "say whom instead: `kehu contact set {of} {below} reports_to=…`, or `reports_to=` for nobody",
        "请先另行指定：`kehu contact set {of} {below} 汇报对象=…`，或留空（`汇报对象=`）"
    )))
}

fn namesake(name: &str, of: &Number) -> Failure {
    Failure::conflict(words!("`{of}` has a contact `{name}` already", "`{of}` 已有联系人“{name}”")).hint(words!(
        "`kehu contact set {of} {name} …` changes it; `--on-duplicate keep` adds another of that name",
        "用 `kehu contact set {of} {name} …` 修改；确是同名的另一人时用 `--on-duplicate keep`"
    ))
}
