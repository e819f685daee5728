//! Who decides about a lead, confirmed by a follow-up that reached them: the lead says so from then on, and its score with it.
//!
//! *Absent on purpose:* follow-ups that are imported, which tell of a time that is over.

use super::access::subject_in;
use super::{Batch, Session};
use crate::record::{LEAD, Number, Record, Result, Value};
use crate::rules::chain::confirms;
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
