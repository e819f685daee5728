//! The users a repository knows, and whether their roles hold.
//!
//! Roles hold from the first user on who is an admin and has not left, unless `config/access.toml` says otherwise: a
//! repository without users is one person's, and a team whose list of users names no admin cannot lock itself out.

use super::role::Role;
use crate::record::{Exit, Failure, Record, Words};
use crate::rules::config::AccessRules;
use crate::words;
use chrono::NaiveDate;
use std::collections::HashSet;

/// A user as far as access goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The login, the name of the file.
    pub login: String,
    /// The name; the login where there is none.
    pub name: String,
    /// The address of the git identity.
    pub email: Option<String>,
    /// The role; none for a key that is none of ours.
    pub role: Option<Role>,
    /// The department.
    pub department: Option<String>,
    /// The login of whom the user reports to.
    pub manager: Option<String>,
    /// The last day at work.
    pub left_on: Option<NaiveDate>,
    /// Public SSH keys, one line each.
    pub keys: Vec<String>,
}

impl Member {
    /// Takes what matters of a user's record.
    pub fn of(user: &Record) -> Member {
        let text = |key: &str| user.text(key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_string);
        Member {
            login: user.number.to_string(),
            name: user.title().to_string(),
            email: text("email"),
            role: user.text("role").and_then(Role::of),
            department: text("department"),
            manager: text("manager"),
            left_on: user.date("left_on"),
            keys: user.texts("ssh_keys").iter().map(|key| key.trim().to_string()).collect(),
        }
    }

    /// Tells whether the user is (still) in the team.
    pub fn is_active(&self, today: NaiveDate) -> bool {
        self.left_on.is_none_or(|last| today <= last)
    }

    /// Returns the user as a person tells one from another: `张伟 (zhang.wei)`.
    pub fn told(&self) -> Words {
        let (name, login) = (&self.name, &self.login);
        if name == login {
            Words::same(format!("`{login}`"))
        } else {
            words!("{name} (`{login}`)", "{name}（`{login}`）")
        }
    }
}

/// The users and whether their roles hold, as of one commit.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    members: Vec<Member>,
    rules: AccessRules,
    today: NaiveDate,
}

impl Policy {
    /// Makes the policy of these users.
    pub fn new(mut members: Vec<Member>, rules: AccessRules, today: NaiveDate) -> Policy {
        members.sort_by(|a, b| a.login.cmp(&b.login));
        Policy { members, rules, today }
    }

    /// Returns the users, by login.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Returns what `config/access.toml` says.
    pub fn rules(&self) -> &AccessRules {
        &self.rules
    }

    /// Tells whether roles hold.
    pub fn is_enforced(&self) -> bool {
        self.rules.enforce && self.has_admin()
    }

    /// Tells whether some user is an admin and has not left.
    pub fn has_admin(&self) -> bool {
        self.members.iter().any(|one| self.is_admin(one))
    }

    /// Tells whether a user is an admin and has not left.
    pub fn is_admin(&self, member: &Member) -> bool {
        member.role == Some(Role::Admin) && self.is_active(member)
    }

    /// Tells whether a user is (still) in the team.
    pub fn is_active(&self, member: &Member) -> bool {
        member.is_active(self.today)
    }

    /// Returns the user with a login.
    pub fn by_login(&self, login: &str) -> Option<&Member> {
        self.members.iter().find(|one| one.login == login)
    }

    /// Returns the user with an address, whatever its case; of several one who has not left.
    pub fn by_email(&self, email: &str) -> Option<&Member> {
        let same = |one: &&Member| one.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email));
        let mut all = self.members.iter().filter(same);
        let first = all.clone().next();
        all.find(|one| self.is_active(one)).or(first)
    }

    /// Returns the logins of a user's people: the user, the user's department, and who reports to the user, directly or not.
    pub fn people<'p>(&'p self, member: &'p Member) -> HashSet<&'p str> {
        let mut chain: HashSet<&str> = HashSet::from([member.login.as_str()]);
        loop {
            let reports = |one: &&Member| one.manager.as_deref().is_some_and(|manager| chain.contains(manager));
            let found: Vec<&str> = self.members.iter().filter(reports).map(|one| one.login.as_str()).collect();
            let before = chain.len();
            chain.extend(found);
            if chain.len() == before {
                break;
            }
        }
        let colleague = |one: &&Member| one.department.is_some() && one.department == member.department;
        chain.extend(self.members.iter().filter(colleague).map(|one| one.login.as_str()));
        chain
    }

    /// Puts a user's file as it was changed in place of what was there; none takes the user out.
    pub fn put(&mut self, login: &str, member: Option<Member>) {
        self.members.retain(|one| one.login != login);
        self.members.extend(member);
        self.members.sort_by(|a, b| a.login.cmp(&b.login));
    }

    /// Puts other rules in place of those there were.
    pub fn set_rules(&mut self, rules: AccessRules) {
        self.rules = rules;
    }

    /// Refuses a change after which nobody could mend the roles any more, or who makes it could not.
    ///
    /// `email` is the address of who makes it.
    pub fn refuse_lock_out(&self, after: &Policy, email: &str) -> Result<(), Failure> {
        if self.is_enforced() {
            let lost = after.rules.enforce && !after.members.is_empty() && !after.has_admin();
            return if lost { Err(last_admin()) } else { Ok(()) };
        }
        let is_admin = after.by_email(email).is_some_and(|one| after.is_admin(one));
        if after.is_enforced() && !is_admin { Err(locked_out(email)) } else { Ok(()) }
    }
}

fn last_admin() -> Failure {
    Failure::new(
        Exit::Denied,
        words!(
            "no user would be an admin any more, and roles would hold no longer",
            "将不再有管理员，角色限制随之失效"
        ),
    )
    .hint(words!(
        "make another user admin first; to lift the limits of roles write `enforce = false` into `config/access.toml`",
        "请先指定另一位管理员；如要取消角色限制，请在 `config/access.toml` 中写 `enforce = false`"
    ))
}

fn locked_out(email: &str) -> Failure {
    Failure::new(
        Exit::Denied,
        words!(
            "with this the roles would hold, and git's address `{email}` would be no admin's: you could not take it back",
            "此后角色限制生效，而 git 的邮箱 `{email}` 不属于管理员，您将无法撤回"
        ),
    )
    .hint(words!(
        "make yourself an admin first: `kehu user add LOGIN name=NAME email={email} role=admin`",
        "请先把自己设为管理员：`kehu user add 用户 姓名=… 邮箱={email} 角色=管理员`"
    ))
}
