//! Who made a commit: its author and its committer by their addresses, and the committer by a signature where one is
//! wanted.
//!
//! An address is what somebody wrote there. Only a signature, or a server that says who pushes, proves it.

use super::Push;
use crate::record::{Result, Words};
use crate::rules::access::{Access, Member, Standing, public_key};
use crate::store::{Oid, Signed};
use crate::words;

impl Push<'_> {
    /// Returns author and committer, each once, and complains of who may not have made the commit at all.
    pub(super) fn makers(&mut self, commit: Oid) -> Result<Vec<Access>> {
        let [author, committer] = self.repo.makers(commit)?;
        let mut makers = vec![Access::of_email(&self.policy, &author.email)];
        if !committer.email.eq_ignore_ascii_case(&author.email) {
            makers.push(Access::of_email(&self.policy, &committer.email));
        }
        if !self.policy.is_enforced() {
            return Ok(makers);
        }
        let unknown: Vec<Words> =
            makers.iter().filter_map(|maker| Some(maker.refuse_unknown().err()?.message)).collect();
        if !unknown.is_empty() {
            unknown.into_iter().for_each(|words| self.complain(Some(commit), words));
            // What it changes is nobody's business then.
            return Ok(Vec::new());
        }
        if let Some(maker) = makers.last().cloned() {
            self.refuse_other_pusher(commit, &maker);
            self.refuse_unsigned(commit, &maker)?;
        }
        if let Some(maker) = makers.first().cloned() {
            self.refuse_other_name(commit, &maker)?;
        }
        Ok(makers)
    }

    /// Refuses a commit of somebody else than the server says pushes; admins push what others made.
    fn refuse_other_pusher(&mut self, commit: Oid, maker: &Access) {
        let Some(pusher) = self.pusher.clone() else { return };
        let known = self.policy.by_login(&pusher).or_else(|| self.policy.by_email(&pusher)).cloned();
        let message = match known {
            None => words!("`{pusher}`, who pushes, is no user", "推送者 `{pusher}` 不是用户"),
            Some(member) if self.policy.is_admin(&member) || is(maker, &member) => return,
            Some(member) => {
                let (pusher, email) = (member.login, maker.email());
                words!(
                    "`{pusher}` pushes a commit by `{email}`, which only that user or an admin may",
                    "`{pusher}` 推送了 `{email}` 的提交，只有其本人或管理员可以"
                )
            }
        };
        self.complain(Some(commit), message);
    }

    /// Refuses a commit without a signature of its committer's, where one is wanted.
    fn refuse_unsigned(&mut self, commit: Oid, maker: &Access) -> Result<()> {
        if !self.policy.rules().signatures {
            return Ok(());
        }
        let active = self.policy.members().iter().filter(|member| self.policy.is_active(member));
        let keys = active.flat_map(|member| member.keys.iter().map(|key| (member.login.as_str(), key)));
        let keys: Vec<(&str, String)> = keys.filter_map(|(login, key)| Some((login, public_key(key)?))).collect();
        let email = maker.email();
        let message = match self.repo.signed_by(commit, &keys)? {
            Signed::By(login) if login_of(maker) == Some(&login) => return Ok(()),
            Signed::By(login) => words!(
                "it is signed by `{login}` and says it was made by `{email}`",
                "签名者是 `{login}`，而提交者写的是 `{email}`"
            ),
            Signed::No => words!(
                "it is not signed; `git config gpg.format ssh`, `user.signingKey` and `commit.gpgSign true` sign commits",
                "未签名；用 `git config gpg.format ssh`、`user.signingKey` 和 `commit.gpgSign true` 为提交签名"
            ),
            Signed::Wrong => words!(
                "its signature is by no key of `{email}`; an admin enters keys in `ssh_keys` of the user",
                "签名不属于 `{email}` 的任何公钥；公钥由管理员填入用户的 `ssh_keys`"
            ),
        };
        self.complain(Some(commit), message);
        Ok(())
    }

    /// Refuses a commit in another's name by who is no admin.
    fn refuse_other_name(&mut self, commit: Oid, author: &Access) -> Result<()> {
        let info = self.repo.commit_info(commit)?;
        let Some(login) = info.on_behalf_of() else { return Ok(()) };
        if let Err(failure) = author.clone().act_as(login) {
            self.complain(Some(commit), failure.message);
        }
        Ok(())
    }
}

fn is(maker: &Access, member: &Member) -> bool {
    login_of(maker) == Some(&member.login)
}

fn login_of(maker: &Access) -> Option<&String> {
    match maker.standing() {
        Standing::Member(Member { login, .. }, _) => Some(login),
        _ => None,
    }
}
