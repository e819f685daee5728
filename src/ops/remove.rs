//! Take records out; git keeps them.

use super::add::subject;
use super::referring::referring;
use super::set::guard;
use super::{Batch, Outcome, Session};
use crate::record::{Kind, Number, Result};

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
    let gone = batch.touched().iter().map(|touched| (kind, touched.number.to_string())).collect();
    if let Some(first) = referring(session, &gone, &[])?.first() {
        return Err(first.refusal(session));
    }
    let subject = subject(kind, "remove", &batch);
    batch.commit(&subject, Vec::new())
}
