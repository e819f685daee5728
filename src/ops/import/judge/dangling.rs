//! Rows that name records which neither the repository nor their own file has.

use crate::ops::Batch;
use crate::ops::import::candidate::{Candidate, Judged, Rejection};
use crate::ops::session::said;
use crate::record::{Number, Result, Words};
use crate::rules::references::{dangling, references};
use foldhash::{HashMap, HashSet};

/// Rejects candidates whose references lead nowhere; records are looked up in the batch's base.
pub fn reject_dangling(judged: &mut [Judged], batch: &Batch<'_>) -> Result<()> {
    let mut targets = Targets::new(judged, batch);
    for one in judged {
        let Judged::Candidate(candidate) = one else { continue };
        let wrong = targets.missing(candidate)?;
        if !wrong.is_empty() {
            let (row_number, why) = (candidate.row_number, Words::join(&wrong, "; ", "；"));
            *one = Judged::Rejected(Rejection { row_number, why, lacks: None, number: None, is_keepable: false });
        }
    }
    Ok(())
}

/// The records that rows may name, each of which is looked up once.
struct Targets<'b, 's> {
    batch: &'b Batch<'s>,
    /// Numbers that rows of the file state for themselves.
    stated: HashSet<String>,
    /// Whether there is a record, by field and number.
    known: HashMap<&'static str, HashMap<String, bool>>,
}

impl<'b, 's> Targets<'b, 's> {
    fn new(judged: &[Judged], batch: &'b Batch<'s>) -> Targets<'b, 's> {
        let stated = judged.iter().filter_map(|one| match one {
            Judged::Candidate(candidate) => candidate.number.as_ref().map(Number::to_string),
            _ => None,
        });
        Targets { batch, stated: stated.collect(), known: HashMap::default() }
    }

    /// Returns what to say of each reference of a candidate that leads nowhere.
    fn missing(&mut self, candidate: &Candidate) -> Result<Vec<Words>> {
        let mut missing = Vec::new();
        for reference in references(&candidate.row).into_iter().filter(|one| !self.stated.contains(one.number)) {
            let known = self.known.entry(reference.field.key).or_default();
            let exists = match known.get(reference.number) {
                Some(exists) => *exists,
                None => *known.entry(reference.number.to_string()).or_insert(self.batch.exists(&reference)?),
            };
            if !exists {
                missing.push(said(&dangling(&reference)));
            }
        }
        Ok(missing)
    }
}
