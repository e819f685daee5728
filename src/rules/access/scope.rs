//! Somebody who acts under a policy, and what that person may read and write.

use super::refusal::{Deed, Refusal, admins, with_who_could};
use super::role::{Rights, Role, Whose, holder_field, rights, writes_about};
use super::{Member, Policy, Subject, Subjects};
use crate::record::{CUSTOMER, Exit, FOLLOWUP, Failure, Kind, REVIEW, Record, TICKET, USER, Value};
use crate::rules::family::customer_of;
use crate::words;
use std::collections::HashSet;
use std::sync::Arc;

/// What somebody is to the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Roles do not hold, so it does not matter.
    Free,
    /// A user with a role.
    Member(Member, Role),
    /// A user whose role is none of ours.
    Roleless(Member),
    /// A user who has left.
    Left(Member),
    /// No user at all.
    Stranger,
}

/// Somebody who acts under a policy.
#[derive(Debug, Clone)]
pub struct Access {
    policy: Arc<Policy>,
    standing: Standing,
    /// The address of the git identity.
    email: String,
    /// The logins of the member's people.
    people: HashSet<String>,
}

impl Access {
    /// Returns what whoever has this address may do.
    pub fn of_email(policy: &Arc<Policy>, email: &str) -> Access {
        Access::of(policy, policy.by_email(email), email)
    }

    /// Returns what the user with this login may do; the same as a stranger when there is none.
    pub fn of_login(policy: &Arc<Policy>, login: &str) -> Access {
        let member = policy.by_login(login);
        Access::of(policy, member, member.and_then(|one| one.email.as_deref()).unwrap_or_default())
    }

    fn of(policy: &Arc<Policy>, member: Option<&Member>, email: &str) -> Access {
        let standing = match member {
            _ if !policy.is_enforced() => Standing::Free,
            None => Standing::Stranger,
            Some(member) if !policy.is_active(member) => Standing::Left(member.clone()),
            Some(member) => match member.role {
                Some(role) => Standing::Member(member.clone(), role),
                None => Standing::Roleless(member.clone()),
            },
        };
        let people = member.map(|member| policy.people(member)).unwrap_or_default();
        let people = people.into_iter().map(str::to_string).collect();
        Access { policy: policy.clone(), standing, email: email.to_string(), people }
    }

    /// Returns the same policy with another user acting, asked for with `--as`.
    ///
    /// Fails with exit code 7 where roles hold and who asks is no admin.
    pub fn act_as(self, login: &str) -> Result<Access, Failure> {
        let is_own = matches!(&self.standing, Standing::Member(member, _) if member.login == login);
        if self.may_all() || is_own {
            return Ok(Access::of_login(&self.policy, login));
        }
        let failure = Failure::new(
            Exit::Denied,
            words!("only admins act in another's name (`--as {login}`)", "只有管理员可以代他人操作（`--as {login}`）"),
        );
        Err(with_who_could(failure, &admins(&self.policy), Deed::Write))
    }

    /// Fails with exit code 7 for who may not say what another did: where roles hold, admins may, and managers of their
    /// people.
    pub fn refuse_speaking_for(&self, login: &str) -> Result<(), Failure> {
        let speaks = |one: &Access| match &one.standing {
            Standing::Member(_, Role::Manager) => one.people.contains(login),
            Standing::Member(member, _) => member.login == login || one.may_all(),
            _ => one.may_all(),
        };
        if speaks(self) {
            return Ok(());
        }
        let Standing::Member(_, role) = &self.standing else { return self.refuse_unknown() };
        let could = |one: &Member| speaks(&Access::of(&self.policy, Some(one), ""));
        Err(Refusal::speak_for(*role, login).with_who_could(&self.policy, could).into_failure())
    }

    /// Returns the policy.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// Returns what the person is to the repository.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Returns whose records of a kind the person reads, nobody's apart; none where that is everybody's.
    pub fn seen(&self, kind: Kind) -> Option<HashSet<String>> {
        let Standing::Member(member, role) = &self.standing else {
            return (!self.may_all()).then(HashSet::new);
        };
        let read = rights(*role, kind).read;
        let people = || self.people.iter().filter(|_| read.has(Whose::People)).cloned();
        let own = read.has(Whose::Own).then(|| member.login.clone());
        (!read.is_all()).then(|| own.into_iter().chain(people()).collect())
    }

    /// Returns the address by which the person is known.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// Tells whether an address is that of the user who acts.
    pub fn is_of(&self, email: &str) -> bool {
        let own = self.policy.by_email(email).map(|one| &one.login);
        matches!(&self.standing, Standing::Member(member, _) if own == Some(&member.login))
    }

    /// Tells whether nothing is withheld.
    pub fn may_all(&self) -> bool {
        matches!(self.standing, Standing::Free | Standing::Member(_, Role::Admin))
    }

    /// Fails with exit code 7 for who may nothing at all: strangers, who has left, whose role is unknown.
    pub fn refuse_unknown(&self) -> Result<(), Failure> {
        match Refusal::of_unknown(self) {
            Some(refusal) => Err(refusal.into_failure()),
            None => Ok(()),
        }
    }

    /// Tells whether a record may be read; `subjects` finds what a follow-up is about.
    ///
    /// What belongs to a customer, converted leads and opportunities, is read with it as well.
    pub fn may_read(&self, record: &Record, subjects: Subjects<'_>) -> bool {
        if self.may_all() || is_common(record.kind) {
            return true;
        }
        let Standing::Member(_, role) = &self.standing else { return false };
        let about = || record.text("subject").filter(|_| record.kind == FOLLOWUP).and_then(subjects);
        let reads = |kind: Kind, whose: Whose| rights(*role, kind).read.has(whose);
        let reads_subject = |subject: &Subject| reads(subject.kind, self.whose_subject(subject));
        let reads_customer =
            |number: &str| subjects(number).is_some_and(|one| one.kind == CUSTOMER && reads_subject(&one));
        reads(record.kind, self.whose(record, subjects))
            || customer_of(record).is_some_and(reads_customer)
            || about().is_some_and(|subject| {
                reads_subject(&subject) || subject.customer.as_deref().is_some_and(reads_customer)
            })
    }

    /// Tells whether every record of a kind may be read.
    pub fn reads_all(&self, kind: Kind) -> bool {
        match &self.standing {
            Standing::Member(_, role) => rights(*role, kind).read.is_all(),
            _ => self.may_all() || is_common(kind),
        }
    }

    /// Fails with exit code 7 when a record is not the person's to read, naming who may.
    pub fn refuse_hidden(&self, record: &Record, subjects: Subjects<'_>) -> Result<(), Failure> {
        if self.may_read(record, subjects) {
            return Ok(());
        }
        let Standing::Member(_, role) = &self.standing else { return self.refuse_unknown() };
        let refusal = Refusal::read(*role, record).of_holder(&self.policy, Some(record));
        let could = |one: &Member| Access::of(&self.policy, Some(one), "").may_read(record, subjects);
        Err(refusal.with_who_could(&self.policy, could).into_failure())
    }

    /// Tells whether records of a kind may be given to a user; without roles to everybody.
    pub fn may_give(&self, kind: Kind, login: &str) -> bool {
        match &self.standing {
            Standing::Member(_, role) => rights(*role, kind).give.has(self.whose_login(login)),
            _ => self.may_all(),
        }
    }

    /// Fails with exit code 7 for who may not assign records of a kind to others, naming who may.
    pub fn refuse_assigning(&self, kind: Kind) -> Result<(), Failure> {
        let assigns = |one: &Access| match &one.standing {
            Standing::Member(_, role) => rights(*role, kind).give.has(Whose::People),
            _ => one.may_all(),
        };
        if assigns(self) {
            return Ok(());
        }
        let Standing::Member(_, role) = &self.standing else { return self.refuse_unknown() };
        let refusal = Refusal::assign(*role, kind);
        Err(refusal
            .with_who_could(&self.policy, |one| assigns(&Access::of(&self.policy, Some(one), "")))
            .into_failure())
    }

    /// Refuses a change that is not the person's to make: adding (no `before`), changing, removing (no `after`).
    pub fn may_write(
        &self,
        before: Option<&Record>,
        after: Option<&Record>,
        subjects: Subjects<'_>,
    ) -> Result<(), Box<Refusal>> {
        let Some(what) = self.objection(before, after, subjects) else { return Ok(()) };
        let could = |one: &Member| {
            let other = Access::of(&self.policy, Some(one), "");
            // Whoever else writes a new follow-up writes it as the author.
            let theirs = after.filter(|new| before.is_none() && new.kind == FOLLOWUP).map(|new| written_by(new, one));
            match after.filter(|_| what.is_approval()) {
                // In that other's own name, which the change does not bear.
                Some(after) => other.may_approve(after),
                None => other.objection(before, theirs.as_ref().or(after), subjects).is_none(),
            }
        };
        Err(Box::new(what.clone().with_who_could(&self.policy, could)))
    }

    /// Refuses to change a file that is no record: configuration, an attachment, anything else of the repository.
    pub fn may_write_file(&self, path: &str, subjects: Subjects<'_>) -> Result<(), Box<Refusal>> {
        let Some(what) = self.objection_to_file(path, subjects) else { return Ok(()) };
        let could = |one: &Member| Access::of(&self.policy, Some(one), "").objection_to_file(path, subjects).is_none();
        Err(Box::new(what.with_who_could(&self.policy, could)))
    }

    fn objection(&self, before: Option<&Record>, after: Option<&Record>, subjects: Subjects<'_>) -> Option<Refusal> {
        if self.may_all() {
            return None;
        }
        let (Standing::Member(_, role), Some(record)) = (&self.standing, after.or(before)) else {
            return Refusal::of_unknown(self);
        };
        let rights = rights(*role, record.kind);
        if record.kind == USER {
            return Some(Refusal::configuration(*role, &format!("users/{}.toml", record.number)));
        }
        let whose = |record: &Record| self.whose(record, subjects);
        let refused = match (before, after) {
            (None, Some(new)) => (!rights.add.has(whose(new))).then(|| Refusal::add(*role, new)),
            (Some(old), None) => (!rights.remove.has(whose(old))).then(|| Refusal::remove(*role, old)),
            (Some(old), Some(new)) => self.objection_to_change(*role, &rights, [old, new], subjects),
            (None, None) => None,
        };
        refused
            .map(|refusal| refusal.of_holder(&self.policy, before.or(after)))
            .or_else(|| {
                let about = record.text("subject").filter(|_| record.kind == FOLLOWUP);
                about.and_then(|number| self.objection_to_subject(*role, record, number, subjects))
            })
            .or_else(|| {
                let new = after.filter(|new| before.and_then(customer_of) != customer_of(new))?;
                self.objection_to_customer(*role, new, customer_of(new)?, subjects)
            })
            .or_else(|| {
                let review = after.filter(|review| review.kind == REVIEW)?;
                let of = review.text("opportunity");
                let of = of.filter(|of| before.and_then(|old| old.text("opportunity")) != Some(*of));
                self.objection_to_review(*role, review, of?, subjects)
            })
            .or_else(|| self.objection_to_approval(*role, before, after?))
    }

    fn objection_to_change(
        &self,
        role: Role,
        rights: &Rights,
        [old, new]: [&Record; 2],
        subjects: Subjects<'_>,
    ) -> Option<Refusal> {
        let (from, to) = (self.whose(old, subjects), self.whose(new, subjects));
        if holder(old) == holder(new) {
            let is_pool = from == Whose::Pool && rights.take.has(Whose::Pool);
            let refusal = || if is_pool { Refusal::unclaimed(role, old) } else { Refusal::change(role, old) };
            return (!rights.change.has(from)).then(refusal);
        }
        if !rights.take.has(from) {
            let refusal = if rights.change.has(from) { Refusal::give(role, new) } else { Refusal::change(role, old) };
            return Some(refusal);
        }
        (!rights.give.has(to)).then(|| Refusal::give(role, new))
    }

    /// Refuses a follow-up about what its author has nothing to do with.
    fn objection_to_subject(
        &self,
        role: Role,
        followup: &Record,
        number: &str,
        subjects: Subjects<'_>,
    ) -> Option<Refusal> {
        // What it is about may be missing, which is for the checks to say.
        let subject = subjects(number)?;
        let allowed = writes_about(role, subject.kind).has(self.whose_subject(&subject));
        let may_claim = subject.owner.is_none() && rights(role, subject.kind).take.has(Whose::Pool);
        (!allowed).then(|| {
            let refusal = Refusal::about(role, followup, number, &subject, &self.policy);
            if may_claim { refusal.after_claiming(number) } else { refusal }
        })
    }

    /// Refuses to bring a lead or an opportunity to a customer that is not the person's to change, and a ticket to one that is
    /// not the person's to read.
    fn objection_to_customer(
        &self,
        role: Role,
        record: &Record,
        number: &str,
        subjects: Subjects<'_>,
    ) -> Option<Refusal> {
        let customer = subjects(number).filter(|subject| subject.kind == CUSTOMER)?;
        let (rights, whose) = (rights(role, CUSTOMER), self.whose_subject(&customer));
        // Whoever reads a customer may say what it needs.
        let wanted = if record.kind == TICKET { rights.read } else { rights.change };
        (!wanted.has(whose)).then(|| {
            let refusal = Refusal::with_customer(role, record, number, &customer, &self.policy);
            let may_claim = whose == Whose::Pool && rights.take.has(whose);
            if may_claim { refusal.after_claiming(number) } else { refusal }
        })
    }

    fn objection_to_file(&self, path: &str, subjects: Subjects<'_>) -> Option<Refusal> {
        if self.may_all() {
            return None;
        }
        let Standing::Member(_, role) = &self.standing else { return Refusal::of_unknown(self) };
        if is_configuration(path) {
            return Some(Refusal::configuration(*role, path));
        }
        let subject = subject_of_attachment(path).and_then(|number| Some((number, subjects(number)?)));
        subject.and_then(|(number, subject)| {
            let allowed = rights(*role, subject.kind).change.has(self.whose_subject(&subject));
            (!allowed).then(|| Refusal::attachment(*role, path, number, &subject, &self.policy))
        })
    }

    /// Returns whose a record is, seen by the person.
    pub(super) fn whose(&self, record: &Record, subjects: Subjects<'_>) -> Whose {
        let Some(field) = holder_field(record.kind) else { return Whose::Others };
        if let Some(login) = record.text(field) {
            return self.whose_login(login);
        }
        let about = record.text("subject").filter(|_| record.kind == FOLLOWUP);
        about.and_then(subjects).map_or(Whose::Pool, |subject| self.whose_subject(&subject))
    }

    pub(super) fn whose_subject(&self, subject: &Subject) -> Whose {
        subject.owner.as_deref().map_or(Whose::Pool, |login| self.whose_login(login))
    }

    pub(super) fn whose_login(&self, login: &str) -> Whose {
        match &self.standing {
            Standing::Member(member, _) if member.login == login => Whose::Own,
            _ if self.people.contains(login) => Whose::People,
            _ => Whose::Others,
        }
    }
}

/// Tells whether every role reads all records of a kind, and they are nobody's own: then who is no user reads them too.
fn is_common(kind: Kind) -> bool {
    holder_field(kind).is_none() && Role::ALL.into_iter().all(|role| rights(role, kind).read.is_all())
}

/// Returns a follow-up as another would have written it.
fn written_by(followup: &Record, author: &Member) -> Record {
    let mut theirs = followup.clone();
    theirs.set("author", Value::text(author.login.as_str()));
    theirs
}

/// Returns the login of whose a record is.
pub(super) fn holder(record: &Record) -> Option<&str> {
    record.text(holder_field(record.kind)?)
}

/// Tells whether a file is configuration, which admins alone write: how the repository works, and who its users are.
fn is_configuration(path: &str) -> bool {
    let top = path.split('/').next().unwrap_or_default();
    matches!(top, "kehu.toml" | "config" | "users" | ".gitattributes" | ".gitmodules")
        || path.ends_with("/.gitattributes")
}

/// Returns the number of the record that an attachment belongs to: `attachments/B2B-2026-001/contract.pdf`.
fn subject_of_attachment(path: &str) -> Option<&str> {
    path.strip_prefix("attachments/")?.split_once('/').map(|(number, _)| number)
}
