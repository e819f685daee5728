//! Who the person at work is to the repository, and why.

use crate::ops::Session;
use crate::record::{Result, Words};
use crate::rules::access::{Role, Standing};
use crate::words;
use std::collections::HashMap;

/// Who acts, what that person may, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whoami {
    /// The login; none for a stranger.
    pub login: Option<String>,
    /// The name of the user with it.
    pub name: Option<String>,
    /// The role.
    pub role: Option<Role>,
    /// The department.
    pub department: Option<String>,
    /// Whether roles hold.
    pub is_enforced: bool,
    /// What the person reads.
    pub reads: Words,
    /// What the person writes.
    pub writes: Words,
    /// Why.
    pub why: Words,
}

/// Finds out who acts.
///
/// Fails with exit code 4 when `--as` names nobody, 7 when it is not one's to use.
pub fn whoami(session: &Session) -> Result<Whoami> {
    let access = session.access()?;
    let login = session.user()?;
    let member = login.as_deref().and_then(|login| access.policy().by_login(login));
    let everything = || words!("everything", "全部");
    let (reads, writes) = match access.standing() {
        Standing::Free => (everything(), everything()),
        Standing::Member(_, role) => (role.scope(), role.rule()),
        _ => (words!("nothing", "无"), words!("nothing", "无")),
    };
    Ok(Whoami {
        name: member.map(|member| member.name.clone()),
        role: member.and_then(|member| member.role),
        department: member.and_then(|member| member.department.clone()),
        is_enforced: access.policy().is_enforced(),
        reads,
        writes,
        why: why(session, login.as_deref())?,
        login,
    })
}

/// Returns what people call the users, by login; of a name that two share nothing.
pub fn user_names(session: &Session) -> Result<HashMap<String, String>> {
    let members = session.access()?.policy().members();
    let is_sole = |name: &str| members.iter().filter(|member| member.name == name).count() == 1;
    let sole = members.iter().filter(|member| is_sole(&member.name));
    Ok(sole.map(|member| (member.login.clone(), member.name.clone())).collect())
}

fn why(session: &Session, login: Option<&str>) -> Result<Words> {
    let access = session.access()?;
    let policy = access.policy();
    let identity = session.repo.identity();
    let email = identity.as_ref().map(|identity| identity.email.as_str()).unwrap_or_default();
    let who = match (&session.options.user, login) {
        (Some(_), Some(login)) => words!("`--as` names `{login}`", "`--as` 指定了 `{login}`"),
        (_, Some(_)) => words!("git's address is `{email}`", "git 的邮箱是 `{email}`"),
        _ => words!("git's address `{email}` is no user's", "git 的邮箱 `{email}` 不属于任何用户"),
    };
    let roles = match access.standing() {
        Standing::Free if policy.members().is_empty() => {
            words!("the repository has no users, so it is one person's", "仓库没有用户，视为单人使用")
        }
        Standing::Free if !policy.rules().enforce => {
            words!("`config/access.toml` lifts the limits of roles", "`config/access.toml` 取消了角色限制")
        }
        Standing::Free => {
            words!("no user is an admin, so roles do not hold", "没有管理员用户，角色限制未启用")
        }
        Standing::Left(_) => words!("that user has left", "该用户已离职"),
        Standing::Roleless(_) => words!("that user's role has no rights", "该用户的角色没有权限"),
        Standing::Member(..) | Standing::Stranger => words!("roles hold", "角色限制已启用"),
    };
    Ok(Words::join([&who, &roles], "; ", "；"))
}
