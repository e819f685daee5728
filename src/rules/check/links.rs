//! Checks across records: references, decision makers.

use super::Found;
use crate::record::{CUSTOMER, KINDS, Kind, Label, MERGED_FROM, Problem, Record, USER, Words};
use crate::rules::Snapshot;
use crate::rules::cadence::is_open;
use crate::rules::chain::{Decider, decider};
use crate::rules::references::{CALLED, Reference, references as references_of};
use crate::words;

pub(super) fn references(snapshot: &Snapshot, found: &mut Vec<Found>) {
    for record in KINDS.into_iter().flat_map(|kind| snapshot.records(kind)) {
        for Reference { path, field, kinds, number } in references_of(record) {
            // Without any user file the repository is single-user, and a name is just a name.
            if kinds == [USER] && snapshot.records(USER).is_empty() {
                continue;
            }
            let problem = reference_problem(snapshot, &path, field.label, number, &kinds);
            found.extend(problem.map(|problem| (record.kind, record.number.clone(), problem)));
        }
    }
}

fn reference_problem(snapshot: &Snapshot, path: &str, label: Label, number: &str, kinds: &[Kind]) -> Option<Problem> {
    let target = snapshot.find(number);
    if target.is_some_and(|record| kinds.contains(&record.kind)) {
        return None;
    }
    let wanted: Vec<Words> = kinds.iter().map(|kind| kind.label.into()).collect();
    let wanted = Words::join(&wanted, " or ", "或");
    if let Some(other) = target {
        let message = Words {
            en: format!("{} `{number}` is a {}, not a {}", label.en, other.kind.label.en, wanted.en).into(),
            zh: format!("{} `{number}` 是{}，不是{}", label.zh, other.kind.label.zh, wanted.zh).into(),
        };
        return Some(Problem::error("wrong-kind", path, message));
    }
    let message = words!("{label} `{number}` does not exist", "{label} `{number}` 不存在"; each label);
    let problem = Problem::error("missing-reference", path, message);
    let merged = |record: &&Record| record.texts(MERGED_FROM).iter().any(|gone| **gone == *number);
    if let Some(into) = CALLED.iter().flat_map(|kind| snapshot.records(*kind)).find(merged) {
        return Some(problem.mend(words!("it was merged into `{}`", "已合并到 `{}`"; into.number)));
    }
    Some(match nearest(snapshot, number, kinds) {
        Some(near) => problem.mend(words!("did you mean `{near}`?", "是否指 `{near}`？")),
        None => problem,
    })
}

/// Returns the number or name of a user most like `text`; numbers of other kinds differ by digits and are no guess.
fn nearest<'s>(snapshot: &'s Snapshot, text: &str, kinds: &[Kind]) -> Option<&'s str> {
    let users = snapshot.records(USER).iter().filter(|_| kinds == [USER]);
    let like = |user: &'s Record| {
        let named = user.text("name") == Some(text);
        let score = if named { 1.0 } else { strsim::jaro_winkler(user.number.as_str(), text) };
        (score, user.number.as_str())
    };
    users.map(like).filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, number)| number)
}

pub(super) fn decision_makers(snapshot: &Snapshot, found: &mut Vec<Found>) {
    let companies = snapshot.records(CUSTOMER).iter();
    for customer in companies.filter(|customer| is_open(customer) && customer.text("category") != Some("B2C")) {
        let message = match decider(customer, snapshot) {
            Decider::Unknown => words!("no contact is known to decide", "联系人中没有决策者"),
            Decider::Untouched => words!("no follow-up was with the decision maker", "尚未与决策者沟通"),
            Decider::Touched => continue,
        };
        let problem = Problem::warning("no-decision-maker", "contacts", message);
        found.push((customer.kind, customer.number.clone(), problem));
    }
}
