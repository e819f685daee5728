//! Checks of users, as far as access follows from them.

use super::{Context, Found};
use crate::record::{Problem, Record, USER};
use crate::rules::Snapshot;
use crate::rules::access::{Member, Policy, public_key};
use crate::words;

/// Without an admin roles do not hold, which a team should not find out by chance.
pub(super) fn admin(snapshot: &Snapshot, found: &mut Vec<Found>) {
    let users = snapshot.records(USER);
    let members = users.iter().map(Member::of).collect();
    let policy = Policy::new(members, snapshot.config.access, snapshot.as_of.today());
    let Some(first) = users.first().filter(|_| policy.rules().enforce && !policy.has_admin()) else { return };
    let message = words!("no user is an admin, so roles do not hold", "没有管理员用户，角色限制未启用");
    let mend = words!(
        "`kehu user set LOGIN role=admin` makes one; `enforce = false` in `config/access.toml` says it is meant so",
        "用 `kehu user set 用户 角色=管理员` 指定；如不需要限制，在 `config/access.toml` 中写 `enforce = false`"
    );
    found.push((first.kind, first.number.clone(), Problem::warning("no-admin", "role", message).mend(mend)));
}

pub(super) fn keys(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    for (at, key) in record.texts("ssh_keys").iter().enumerate().filter(|(_, key)| public_key(key).is_none()) {
        let shown = crate::record::input::shorten(key);
        let message = words!("`{shown}` is not a public SSH key", "`{shown}` 不是 SSH 公钥");
        let mend = words!(
            "it looks like `ssh-ed25519 AAAA…`, as in `~/.ssh/id_ed25519.pub`",
            "形如 `ssh-ed25519 AAAA…`，见 `~/.ssh/id_ed25519.pub`"
        );
        problems.push(Problem::error("odd-key", format!("ssh_keys.{at}"), message).mend(mend));
    }
}
