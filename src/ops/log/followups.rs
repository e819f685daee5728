//! The follow-ups about a record, under whatever number it was; of a customer also those about its family.

use super::super::Session;
use super::super::session::{family_key, subject_key};
use crate::record::{CUSTOMER, FOLLOWUP, Kind, Number, Result};
use crate::store::History;
use std::collections::BTreeSet;

/// Returns kind and number of each follow-up there is about a record.
pub(super) fn of(session: &Session, history: &History<'_>, kind: Kind, number: &Number) -> Result<Vec<(Kind, Number)>> {
    let lineage = history.of_record(kind, number)?;
    let mut numbers: BTreeSet<Number> = lineage.changes.into_iter().map(|change| change.number).collect();
    numbers.insert(number.clone());
    if kind == CUSTOMER {
        let family = session.find_by_key(&family_key(number.as_str()))?;
        numbers.extend(family.into_iter().map(|one| one.number));
    }
    let mut found = BTreeSet::new();
    for number in numbers {
        let about = session.find_by_key(&subject_key(number.as_str()))?.into_iter();
        found.extend(about.filter(|record| record.kind == FOLLOWUP).map(|record| record.number));
    }
    Ok(found.into_iter().map(|number| (FOLLOWUP, number)).collect())
}
