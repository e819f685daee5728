//! What a deal calls for beside its own change: who approves it, who lets it through, who may review it.

use super::Subjects;
use super::refusal::Refusal;
use super::role::{Reach, Role, Whose, approves, rights};
use super::scope::{Access, Standing};
use crate::record::{OPPORTUNITY, Record, Row};

impl Access {
    /// Tells whether the person may approve anything.
    pub fn is_approver(&self) -> bool {
        match self.standing() {
            Standing::Member(_, role) => approves(*role) != Reach::NONE,
            _ => self.may_all(),
        }
    }

    /// Tells whether an opportunity is the person's to approve; without roles it is everybody's.
    pub fn may_approve(&self, opportunity: &Record) -> bool {
        match self.standing() {
            Standing::Member(_, role) => approves(*role).has(self.whose(opportunity, &|_| None)),
            _ => self.may_all(),
        }
    }

    /// Refuses approvals and waivers that are not the person's to give, and approvals in another's name.
    pub(super) fn objection_to_approval(&self, role: Role, before: Option<&Record>, after: &Record) -> Option<Refusal> {
        let is_waived = after.get("materials_waived").is_some()
            && before.and_then(|before| before.get("materials_waived")) != after.get("materials_waived");
        let known = before.map_or(&[][..], |before| before.rows("approvals"));
        let given: Vec<&Row> = after.rows("approvals").iter().filter(|row| !known.contains(row)).collect();
        let is_theirs = |row: &&Row| row.text("by").is_some_and(|by| self.whose_login(by) == Whose::Own);
        let is_one = after.kind == OPPORTUNITY && (is_waived || !given.is_empty());
        let may = self.may_approve(after) && given.iter().all(is_theirs);
        (is_one && !may).then(|| Refusal::approve(role, after))
    }

    /// Refuses a review of a deal that is not the person's to change.
    pub(super) fn objection_to_review(
        &self,
        role: Role,
        review: &Record,
        number: &str,
        subjects: Subjects<'_>,
    ) -> Option<Refusal> {
        let deal = subjects(number).filter(|subject| subject.kind == OPPORTUNITY)?;
        let allowed = rights(role, OPPORTUNITY).change.has(self.whose_subject(&deal));
        (!allowed).then(|| Refusal::with_customer(role, review, number, &deal, self.policy()))
    }
}
