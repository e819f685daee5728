//! Refusals in words: what is not whose, by which rule, and who could do it.

use super::role::{Role, holder_field};
use super::scope::{Access, Standing, holder};
use super::{Member, Policy, Subject};
use crate::record::{Exit, Failure, Kind, Problem, Record, Words};
use crate::words;

/// How many users are named who could do it.
const NAMED: usize = 3;

/// Something that is not somebody's to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is refused.
    what: Words,
    /// The rule; none where somebody has no rights at all.
    rule: Option<Words>,
    /// The field that made the difference: the owner.
    field: Option<&'static str>,
    /// What the person could do instead.
    instead: Option<Words>,
    /// The users who could do it, and what it is.
    could: Vec<Words>,
    deed: Deed,
}

/// What somebody was about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Read,
    Write,
    Approve,
}

impl Refusal {
    fn new(role: Role, what: Words) -> Refusal {
        Refusal { what, rule: Some(role.rule()), field: None, instead: None, could: Vec::new(), deed: Deed::Write }
    }

    pub(super) fn add(role: Role, new: &Record) -> Refusal {
        let (en, zh) = (new.kind.label.en.to_lowercase(), new.kind.label.zh);
        let what = match holder(new) {
            Some(login) => words!("a {en} of `{login}` is not yours to add", "不能新建负责人为 `{login}` 的{zh}"),
            None => words!("a {en} is not yours to add", "不能新建{zh}"),
        };
        Refusal { field: holder_field(new.kind), ..Refusal::new(role, what) }
    }

    pub(super) fn read(role: Role, record: &Record) -> Refusal {
        let (number, Words { en, zh }) = (&record.number, role.scope());
        let rule = words!("you read {en}", "您可读取{zh}");
        let refusal = Refusal::new(role, words!("`{number}` is not yours to read", "不能读取 `{number}`"));
        Refusal { rule: Some(rule), deed: Deed::Read, ..refusal }
    }

    pub(super) fn remove(role: Role, old: &Record) -> Refusal {
        let number = &old.number;
        let instead = words!(
            "what you added and nobody changed since, `kehu undo` takes back",
            "您自己新建且未被他人改动的记录，可用 `kehu undo` 撤销"
        );
        let refusal = Refusal::new(role, words!("`{number}` is not yours to remove", "不能删除 `{number}`"));
        Refusal { instead: Some(instead), ..refusal }
    }

    pub(super) fn change(role: Role, old: &Record) -> Refusal {
        let number = &old.number;
        let refusal = Refusal::new(role, words!("`{number}` is not yours to change", "不能修改 `{number}`"));
        Refusal { field: holder_field(old.kind), ..refusal }
    }

    pub(super) fn unclaimed(role: Role, old: &Record) -> Refusal {
        let number = &old.number;
        let what = words!("`{number}` is in the pool, and not yours to change", "`{number}` 在公海中，不能直接修改");
        Refusal::new(role, what).after_claiming(number.as_str())
    }

    /// Says how to claim the record from the pool first.
    pub(super) fn after_claiming(self, number: &str) -> Refusal {
        let instead = words!("`kehu pool claim {number}` claims it first", "请先用 `kehu pool claim {number}` 领取");
        Refusal { instead: Some(instead), ..self }
    }

    pub(super) fn assign(role: Role, kind: Kind) -> Refusal {
        let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
        let refusal = Refusal::new(role, words!("{en}s are not yours to assign", "不能分配{zh}"));
        let claims = super::rights(role, kind).take.has(super::Whose::Pool);
        let instead =
            words!("`kehu pool claim NUM` claims what is in the pool", "用 `kehu pool claim 编号` 领取公海中的记录");
        Refusal { instead: claims.then_some(instead), ..refusal }
    }

    pub(super) fn speak_for(role: Role, login: &str) -> Refusal {
        Refusal::new(role, words!("what `{login}` did is not yours to say", "不能代 `{login}` 登记"))
    }

    pub(super) fn give(role: Role, new: &Record) -> Refusal {
        let number = &new.number;
        let what = match holder(new) {
            Some(login) => {
                words!("`{number}` is not yours to assign to `{login}`", "不能将 `{number}` 分配给 `{login}`")
            }
            None => words!("`{number}` is not yours to put into the pool", "不能将 `{number}` 退回公海"),
        };
        Refusal { field: holder_field(new.kind), ..Refusal::new(role, what) }
    }

    pub(super) fn about(role: Role, followup: &Record, number: &str, subject: &Subject, policy: &Policy) -> Refusal {
        let of = whose(subject.owner.as_deref(), policy);
        let what = words!(
            "a follow-up with `{number}` is not yours to write: {of}",
            "不能写 `{number}` 的跟进记录：{of}"; each of
        );
        Refusal { field: followup.kind.field("subject").map(|field| field.key), ..Refusal::new(role, what) }
    }

    pub(super) fn with_customer(
        role: Role,
        record: &Record,
        number: &str,
        customer: &Subject,
        policy: &Policy,
    ) -> Refusal {
        let of = whose(customer.owner.as_deref(), policy);
        let (en, zh) = (record.kind.label.en.to_lowercase(), record.kind.label.zh);
        let what = words!(
            "the {en} cannot go to `{number}`, which is not yours: {of}",
            "不能把{zh}归入 `{number}`：{of}"; each of
        );
        Refusal { field: record.kind.field("customer").map(|field| field.key), ..Refusal::new(role, what) }
    }

    pub(super) fn attachment(role: Role, path: &str, number: &str, subject: &Subject, policy: &Policy) -> Refusal {
        let of = whose(subject.owner.as_deref(), policy);
        Refusal::new(role, words!("`{path}` belongs to `{number}`: {of}", "`{path}` 属于 `{number}`：{of}"; each of))
    }

    pub(super) fn approve(role: Role, record: &Record) -> Refusal {
        let number = &record.number;
        let rule = words!(
            "managers approve the deals of their department, in their own name, and not their own deals",
            "主管以本人名义审批本部门的商机，不能审批自己的商机"
        );
        let what = words!("`{number}` is not yours to approve", "不能审批 `{number}`");
        Refusal { rule: Some(rule), deed: Deed::Approve, ..Refusal::new(role, what) }
    }

    /// Tells whether it is an approval that was refused.
    pub(super) fn is_approval(&self) -> bool {
        self.deed == Deed::Approve
    }

    pub(super) fn configuration(role: Role, path: &str) -> Refusal {
        let rule = words!("only admins write `config/` and `users/`", "只有管理员可写 `config/` 和 `users/`");
        let what = words!("`{path}` is not yours to change", "不能修改 `{path}`");
        Refusal { rule: Some(rule), ..Refusal::new(role, what) }
    }

    /// Returns why somebody has no rights at all; none for who has some.
    pub(super) fn of_unknown(access: &Access) -> Option<Refusal> {
        let email = access.email();
        let what = match access.standing() {
            Standing::Free | Standing::Member(..) => return None,
            Standing::Stranger if email.is_empty() => {
                words!("nobody without an e-mail address is a user here", "没有邮箱者不是此处的用户")
            }
            Standing::Stranger => {
                words!(
                    "git's address `{email}` is no user's, and roles hold here",
                    "git 的邮箱 `{email}` 不属于任何用户，此处已启用角色限制"
                )
            }
            Standing::Left(Member { login, .. }) => words!("`{login}` has left", "`{login}` 已离职"),
            Standing::Roleless(Member { login, .. }) => {
                words!("`{login}` has a role that has no rights", "`{login}` 的角色没有任何权限")
            }
        };
        let instead = words!(
            "an admin says who you are: `kehu user set LOGIN email={email}`",
            "请管理员登记您的邮箱：`kehu user set 用户 邮箱={email}`"
        );
        let instead = Some(instead).filter(|_| matches!(access.standing(), Standing::Stranger) && !email.is_empty());
        Some(Refusal { what, rule: None, field: None, instead, could: admins(access.policy()), deed: Deed::Write })
    }

    /// Says whose the record is.
    pub(super) fn of_holder(mut self, policy: &Policy, record: Option<&Record>) -> Refusal {
        let login = record.and_then(holder);
        if let Some(Words { en, zh }) = login.map(|login| whose(Some(login), policy)) {
            self.what.en.to_mut().push_str(&format!(": {en}"));
            self.what.zh.to_mut().push_str(&format!("：{zh}"));
        }
        self
    }

    /// Names the users who could do it: others before admins.
    pub(super) fn with_who_could(self, policy: &Policy, could: impl Fn(&Member) -> bool) -> Refusal {
        if !self.could.is_empty() {
            return self;
        }
        let able: Vec<&Member> = policy.members().iter().filter(|one| could(one)).collect();
        let rank = |one: &&&Member| match one.role {
            Some(Role::Manager) => 0,
            Some(Role::Admin) => 2,
            _ => 1,
        };
        let mut able: Vec<&&Member> = able.iter().collect();
        able.sort_by_key(rank);
        let best = able.iter().filter(|one| one.role != Some(Role::Admin)).count();
        let shown = if best == 0 { able.len() } else { best };
        Refusal { could: able.into_iter().take(shown.min(NAMED)).map(|one| one.told()).collect(), ..self }
    }

    /// Returns what is refused and the rule, as one sentence.
    pub fn sentence(&self) -> Words {
        match &self.rule {
            Some(rule) => Words::join([&self.what, rule], "; ", "；"),
            None => self.what.clone(),
        }
    }

    /// Returns who could do it, as a sentence; none when nobody could.
    fn who_could(&self) -> Option<Words> {
        who_could(&self.could, self.deed)
    }

    /// Returns it as the failure of a command.
    pub fn into_failure(self) -> Failure {
        let failure = Failure::new(Exit::Denied, self.sentence());
        let failure = self.instead.into_iter().fold(failure, Failure::hint);
        with_who_could(failure, &self.could, self.deed)
    }

    /// Returns it as a problem of a file.
    pub fn into_problem(self) -> Problem {
        let problem = Problem::error("denied", self.field.unwrap_or_default(), self.sentence());
        match self.who_could() {
            Some(who) => problem.mend(who),
            None => problem,
        }
    }
}

/// Adds who could do it to a failure.
pub(super) fn with_who_could(failure: Failure, could: &[Words], deed: Deed) -> Failure {
    who_could(could, deed).into_iter().fold(failure, Failure::hint)
}

fn who_could(could: &[Words], deed: Deed) -> Option<Words> {
    let Words { en, zh } = Words::join(could, ", ", "、");
    let told = match deed {
        Deed::Read => words!("{en} may read it", "{zh} 可以读取"),
        Deed::Write | Deed::Approve => words!("{en} could do it", "{zh} 可以操作"),
    };
    (!could.is_empty()).then_some(told)
}

/// Returns the admins, as a person tells one from another.
pub(super) fn admins(policy: &Policy) -> Vec<Words> {
    policy.members().iter().filter(|one| policy.is_admin(one)).take(NAMED).map(Member::told).collect()
}

/// Says whose something is.
fn whose(login: Option<&str>, policy: &Policy) -> Words {
    let Some(login) = login else { return words!("it is in the pool", "它在公海中") };
    let told = policy.by_login(login).map_or_else(|| Words::same(format!("`{login}`")), Member::told);
    words!("it belongs to {told}", "负责人是 {told}"; each told)
}
