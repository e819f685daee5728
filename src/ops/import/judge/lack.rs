//! What a row lacks, which counts only where its record is not there already, and what may be lacking.

use crate::ops::session::said;
use crate::record::{LEAD, Need, Problem, Words, find_field};
use crate::words;

/// Tells whether a problem is that a required field is blank.
pub fn is_lack(problem: &Problem) -> bool {
    matches!(problem.code, "missing-field" | "missing-channel")
}

/// Tells whether a problem is gone where the row's record is there already and has what the row does not say.
pub fn may_be_there(problem: &Problem) -> bool {
    is_lack(problem) || matches!(problem.code, "missing-reason" | "missing-note")
}

/// Returns what a row lacks to be a record of its own; `kept` is what of it could not be read and was kept aside.
pub fn lacks(lacking: &[Problem], kept: &[Problem], is_numberless: bool) -> Option<Words> {
    let mut lacks: Vec<Words> = lacking.iter().flat_map(|problem| reasons(problem, kept)).collect();
    if is_numberless {
        lacks.push(words!("a number is missing", "缺少编号"));
    }
    (!lacks.is_empty()).then(|| Words::join(&lacks, "; ", "；"))
}

/// Returns what a row lacks, after why: what it says there could not be read and was kept aside.
fn reasons(lack: &Problem, kept: &[Problem]) -> Vec<Words> {
    let is_channel = |field: &str| find_field(LEAD.fields, field).is_some_and(|one| matches!(one.need, Need::OneOf(_)));
    let is_cause = |one: &&Problem| {
        one.field == lack.field || lack.code == "missing-channel" && one.field.as_deref().is_some_and(is_channel)
    };
    kept.iter().filter(is_cause).chain([lack]).map(said).collect()
}
