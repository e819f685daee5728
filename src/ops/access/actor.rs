//! Who acts: found once a command, in the users of the last commit.
//!
//! Hand edits that are not committed make nobody an admin, and a past that is read has today's users.

use crate::ops::Session;
use crate::record::{Failure, Number, Result, USER};
use crate::rules::access::{Access, Member, Policy};
use crate::rules::config::{ACCESS, AccessRules};
use crate::store::{Identity, LoadOptions, Oid, Repo, Source};
use crate::words;
use chrono::NaiveDate;
use std::sync::Arc;

/// So many users are read as quickly without the index.
const FEW: usize = 100;

/// Who acts, and what that person may.
pub struct Acting {
    /// What the person may, the one named by `--as` where that is another.
    pub access: Access,
    /// The commit whose users it follows from.
    pub commit: Option<Oid>,
    /// The login of git's author; without any user, what the address suggests.
    own: Option<String>,
    /// The login `--as` names.
    asked: Option<String>,
}

/// Returns the users and rules of access as a commit has them.
pub fn policy_of(repo: &Repo, commit: Option<Oid>, today: NaiveDate) -> Result<Policy> {
    let Some(commit) = commit else { return Ok(Policy::default()) };
    let source = Source::Commit(commit);
    let count = repo.list_numbers(USER, &source)?.len();
    let members = match count {
        0 => Vec::new(),
        _ => repo
            .load(&[USER], &source, LoadOptions { use_index: count > FEW })?
            .records
            .iter()
            .map(Member::of)
            .collect(),
    };
    let text = repo.read_text(&source, ACCESS).ok().flatten();
    // One with a mistake lifts nothing; the mistake is told where the configuration is read.
    let rules = text.and_then(|text| AccessRules::parse(&text, ACCESS).ok()).unwrap_or_default();
    Ok(Policy::new(members, rules, today))
}

impl Session {
    /// Returns who acts and what that person may.
    ///
    /// Fails with exit code 4 when `--as` names nobody, 7 when it names another and who asks is no admin.
    pub fn acting(&self) -> Result<&Acting> {
        if let Some(known) = self.acting.get() {
            return Ok(known);
        }
        let made = self.make_acting(self.repo.head()?)?;
        Ok(self.acting.get_or_init(|| made))
    }

    /// Returns what whoever acts may do; fails as [`Session::acting`] does.
    pub fn access(&self) -> Result<&Access> {
        Ok(&self.acting()?.access)
    }

    /// Finds out who acts by the users of a commit.
    pub(super) fn make_acting(&self, commit: Option<Oid>) -> Result<Acting> {
        let today = self.options.clock.now(self.now.timezone()).date_naive();
        let policy = Arc::new(policy_of(&self.repo, commit, today)?);
        let identity = self.repo.identity().ok();
        let has_users = !policy.members().is_empty();
        let asked = match &self.options.user {
            Some(name) if has_users => Some(self.number_of(USER, name)?.to_string()),
            asked => asked.clone(),
        };
        let email = identity.as_ref().map(|identity| identity.email.as_str()).unwrap_or_default();
        let own = match has_users {
            true => policy.by_email(email).map(|member| member.login.clone()),
            false => identity.as_ref().map(login_of),
        };
        let access = Access::of_email(&policy, email);
        let access = asked.as_deref().map_or(Ok(access.clone()), |login| access.act_as(login))?;
        Ok(Acting { access, commit, own, asked })
    }

    /// Returns who acts, see [`Session::user`].
    ///
    /// Fails with exit code 4 also when that is no user, 7 where roles hold.
    pub fn actor(&self) -> Result<String> {
        if let Some(login) = self.user()? {
            return Ok(login);
        }
        self.access()?.refuse_unknown()?;
        Err(nobody(&self.repo.identity()?.email))
    }

    /// Returns the user asked for by any name, else the user with git's e-mail, if there is one; without any
    /// user file, the login that was asked for or that e-mail suggests.
    ///
    /// Fails with exit code 4 when who is asked for is not a user, 7 when it is not one's to ask.
    pub fn user(&self) -> Result<Option<String>> {
        let acting = self.acting()?;
        if acting.asked.is_none() {
            self.repo.identity()?;
        }
        Ok(acting.asked.clone().or_else(|| acting.own.clone()))
    }

    /// Returns the login of another user in whose name `--as` has git's author act; none when nobody else's.
    ///
    /// Fails as [`Session::user`] does.
    pub fn on_behalf_of(&self) -> Result<Option<String>> {
        let acting = self.acting()?;
        Ok(acting.asked.clone().filter(|login| acting.own.as_ref() != Some(login)))
    }

    /// Says that git's author is no user, where there are users and `--as` names none: the commit then tells
    /// a name and an address, and no login.
    pub fn note_stranger(&self) {
        let (Ok(acting), Ok(identity)) = (self.acting(), self.repo.identity()) else { return };
        if acting.asked.is_none() && acting.own.is_none() {
            let email = identity.email;
            (self.options.note)(words!(
                "git's address `{email}` is no user's, so this change is nobody's here; `kehu user set LOGIN \
                 email={email}` or `--as LOGIN` says whose it is",
                "git 的邮箱 `{email}` 不属于任何用户，此次修改记不到用户名下；可用 `kehu user set 用户 邮箱={email}` 或 `--as 用户` 说明"
            ));
        }
    }
}

/// Returns the login an identity suggests: the local part of the e-mail, else the name, without what no login has.
pub fn login_of(identity: &Identity) -> String {
    let local = identity.email.split('@').next().unwrap_or_default();
    let plain = |text: &str| {
        let marks = |c: char| !c.is_alphanumeric() && !"._-".contains(c);
        text.split(marks).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".").to_lowercase()
    };
    let logins = [plain(local), plain(&identity.name)];
    logins.into_iter().find(|login| Number::parse(login).is_some()).unwrap_or_else(|| "me".to_string())
}

fn nobody(email: &str) -> Failure {
    Failure::not_found(words!("no user has git's e-mail address `{email}`", "没有用户使用 git 的邮箱 `{email}`")).hint(
        words!(
            "`--as LOGIN` says who you are; `kehu user set LOGIN email={email}` says it for good",
            "用 `--as 用户` 说明您是谁；用 `kehu user set 用户 邮箱={email}` 可长期生效"
        ),
    )
}
