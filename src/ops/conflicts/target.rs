//! Which conflicts a person means by `NUM` or `NUM.FIELD`.
//!
//! A login and the name of a contact may hold dots, so a target is not parted: it is compared with each conflict.

use super::Conflict;
use crate::record::{Failure, Result, Words};
use crate::rules::listing::field_words;
use crate::words;

/// So many are named where none fits.
const NAMED: usize = 8;

/// Returns where the conflicts are that a target names: those of a record, or of one of its fields, by key or by label.
///
/// Fails with exit code 4 when there is none.
pub(super) fn matching(all: &[Conflict], target: &str) -> Result<Vec<usize>> {
    let target = target.trim();
    let found: Vec<usize> = (0..all.len()).filter(|at| is_called(&all[*at], target)).collect();
    if found.is_empty() { Err(unknown(all, target)) } else { Ok(found) }
}

fn is_called(conflict: &Conflict, target: &str) -> bool {
    let Some(rest) = after_number(conflict, target) else { return false };
    let Words { en, zh } = field_words(conflict.kind, &conflict.field);
    rest.is_empty() || rest == conflict.field || rest.eq_ignore_ascii_case(&en) || rest == zh
}

/// Returns what of a target stands behind the record's number, its dot left out.
fn after_number<'t>(conflict: &Conflict, target: &'t str) -> Option<&'t str> {
    let number = conflict.number.as_str();
    let (start, rest) = target.split_at_checked(number.len())?;
    let is_whole = rest.is_empty() || rest.starts_with('.');
    (start.eq_ignore_ascii_case(number) && is_whole).then(|| rest.trim_start_matches('.'))
}

fn unknown(all: &[Conflict], target: &str) -> Failure {
    let failure = Failure::not_found(words!("there is no open conflict `{target}`", "没有待处理的冲突 `{target}`"));
    let of_record = all.iter().filter(|one| after_number(one, target).is_some());
    let mut names: Vec<String> = of_record.map(|one| format!("{}.{}", one.number, one.field)).collect();
    names.dedup();
    if names.is_empty() {
        return failure.hint(words!("`kehu conflicts` lists those there are", "用 `kehu conflicts` 列出现有冲突"));
    }
    names.truncate(NAMED);
    let (en, zh) = (names.join(", "), names.join("、"));
    failure.hint(words!("open are {en}", "待处理的有 {zh}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::conflicts::Had;
    use crate::record::{CUSTOMER, Kind, LEAD, Number, USER};

    fn conflict(kind: Kind, number: &str, field: &str) -> Conflict {
        let (number, field) = (Number::parse(number).unwrap(), field.to_string());
        Conflict { kind, number, field, base: None, ours: Had::default(), theirs: Had::default() }
    }

    #[test]
    fn by_number_key_and_label() {
        let all = [
            conflict(LEAD, "LEAD-2026-001", "budget_max"),
            conflict(LEAD, "LEAD-2026-0011", "city"),
            conflict(CUSTOMER, "B2B-2026-001", "contacts.\"J. Wang\".email"),
            conflict(USER, "li.ming", "name"),
        ];
        let names = |target: &str| matching(&all, target).map(|found| found.len());
        for target in ["LEAD-2026-001", "lead-2026-001.budget_max", "LEAD-2026-001.预算上限", "LEAD-2026-001.budget to"]
        {
            assert_eq!(names(target), Ok(1), "{target}");
        }
        assert_eq!(names("B2B-2026-001.contacts.\"J. Wang\".email"), Ok(1));
        assert_eq!(names("li.ming.name"), Ok(1));
        for (target, hint) in
            [("LEAD-2026-001.city", "LEAD-2026-001.budget_max"), ("li", "kehu conflicts"), ("li.mi", "kehu conflicts")]
        {
            let failure = matching(&all, target).unwrap_err();
            assert!(failure.hints[0].en.contains(hint), "{target}: {failure:?}");
        }
    }
}
