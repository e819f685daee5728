//! What logging a follow-up brings besides: who decides about a lead is confirmed where they were reached, so that its score
//! follows; a name that nobody there bears is told.
//!
//! *Absent on purpose:* follow-ups that are imported, which tell of a time that is over.

use super::access::subject_in;
use super::{Batch, Session};
use crate::record::{CUSTOMER, LEAD, Number, Record, Result, Value};
use crate::rules::chain::{confirms, people};
use crate::rules::references::SUBJECTS;
use crate::words;

/// Confirms the decision chain of the leads that new follow-ups are about, where these reached who decides.
///
/// A lead that the acting person may not write, or that has hand edits, stays as it is: the follow-up took place.
pub fn confirm(session: &Session, followups: &[Record], batch: &mut Batch<'_>) -> Result<()> {
    let find = |number: &str| subject_in(&session.repo, &session.source, number);
    for followup in followups {
        let number = followup.text("subject").filter(|number| find(number).is_some_and(|subject| subject.kind == LEAD));
        let Some(number) = number.and_then(Number::parse) else { continue };
        let Ok((before, text)) = batch.read(LEAD, &number) else { continue };
        let mut after = before.clone();
        after.set("decision_chain", Value::text("confirmed"));
        let may_write =
            || session.access().is_ok_and(|access| access.may_write(Some(&before), Some(&after), &find).is_ok());
        if !confirms(followup, &before) || !may_write() {
            continue;
        }
        batch.update(&before, &text, after)?;
        (session.options.note)(words!(
            "{number}: who decides was reached, so its decision chain is confirmed from now on",
            "{number}：已联系到决策人，决策链清晰度改为“决策人已确认”"
        ));
    }
    Ok(())
}

/// Warns of follow-ups with somebody whom neither the record they are about nor its customer knows, where they know anybody.
pub fn warn_of_strangers(session: &Session, followups: &[Record], batch: &mut Batch<'_>) -> Result<()> {
    let load = |kind, number: &str| {
        let number = Number::parse(number);
        number.map_or(Ok(None), |number| Ok(session.repo.load_one(kind, &number, &session.source)?.map(|(one, _)| one)))
    };
    for followup in followups {
        let Some((contact, about)) = followup.text("contact").zip(followup.text("subject")) else { continue };
        let mut known: Vec<String> = Vec::new();
        for kind in SUBJECTS {
            let subject: Option<Record> = load(kind, about)?;
            let customer = match subject.as_ref().and_then(|subject| subject.text("customer")) {
                Some(number) => load(CUSTOMER, number)?,
                None => None,
            };
            known.extend(subject.iter().chain(&customer).flat_map(people).map(str::to_string));
        }
        if known.is_empty() || known.iter().any(|name| name == contact.trim()) {
            continue;
        }
        known.sort();
        known.dedup();
        let known = known.join(", ");
        batch.warn(words!(
            "nobody of `{about}` is called {contact}; known are {known}",
            "`{about}` 没有名为“{contact}”的联系人；已有：{known}"
        ));
    }
    Ok(())
}
