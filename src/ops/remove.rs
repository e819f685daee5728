//! Take records out; git keeps them.

use super::add::subject;
use super::set::guard;
use super::{Batch, Outcome, Session};
use crate::record::{Failure, KINDS, Kind, Number, Result, Words};
use crate::rules::listing::field_words;
use crate::rules::references::{Reference, references};
use crate::words;

/// Removes records in one commit; the caller has made sure that each is meant.
///
/// Fails with exit code 4 when there is no such record, 5 when other records refer to one, 7 when one is not the
/// acting person's to remove.
pub fn remove(session: &Session, kind: Kind, numbers: &[Number], expect: Option<usize>) -> Result<Outcome> {
    let mut batch = Batch::begin(session)?;
    for number in numbers {
        let number = session.find(kind, number.as_str())?.number;
        let (record, _) = batch.read(kind, &number)?;
        batch.remove(&record)?;
    }
    batch.rehearse()?;
    guard(session, kind, numbers.len(), expect)?;
    refuse_referred(session, kind, numbers)?;
    let subject = subject(kind, "remove", &batch);
    batch.commit(&subject, Vec::new())
}

/// Fails with exit code 5 when a record that stays refers to one that goes.
fn refuse_referred(session: &Session, kind: Kind, numbers: &[Number]) -> Result<()> {
    // Also those that are not the acting person's to read: a reference must not lead nowhere.
    let snapshot = session.whole(&KINDS)?;
    let goes = |number: &str| numbers.iter().any(|one| one.as_str() == number);
    for record in KINDS.iter().flat_map(|kind| snapshot.records(*kind)) {
        if record.kind == kind && goes(record.number.as_str()) {
            continue;
        }
        let referring = references(&record.row).into_iter().find(|one| one.kinds.contains(&kind) && goes(one.number));
        if let Some(Reference { path: field, number, .. }) = referring {
            let other: &Number = &record.number;
            let Words { en: label, zh: label_zh } = field_words(record.kind, &field);
            return Err(Failure::conflict(words!(
                "`{other}` refers to `{number}` in {label}",
                "`{other}` 的“{label_zh}”引用了 `{number}`"
            ))
            .hint(words!("change or remove `{other}` first", "请先修改或删除 `{other}`")));
        }
    }
    Ok(())
}
