//! Who made a commit: its author and its committer by their addresses, and the committer by a signature where one is
//! wanted.
//!
//! An address is what somebody wrote there. Only a signature, or a server that says who pushes, proves it; then author
//! and committer are that one person.

use super::Push;
use crate::record::{Result, Words};
use crate::rules::access::{Access, Member, Standing, public_key};
use crate::store::{Oid, Signed};
use crate::words;

impl Push<'_> {
    /// Returns author and committer, each once, and complains of who may not have made the commit at all.
    pub(super) fn makers(&mut self, commit: Oid) -> Result<Vec<Access>> {
        let [author, committer] = self.repo.makers(commit)?.map(|one| Access::of_email(&self.policy, &one.email));
        let mut makers = vec![author.clone()];
        if !committer.email().eq_ignore_ascii_case(author.email()) {
            makers.push(committer.clone());
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
        let is_proven = self.refuse_unproven(commit, &committer)?;
        if is_proven && !committer.may_all() && login_of(&author) != login_of(&committer) {
            let (author, committer) = (author.email(), committer.email());
            let words = words!(
                "`{committer}` committed it in the name of `{author}`, which only an admin may",
                "`{committer}` 以 `{author}` 为作者提交，只有管理员可以"
            );
            self.complain(Some(commit), words);
        }
        for maker in &makers {
            self.refuse_other_name(commit, maker)?;
        }
        Ok(makers)
    }

    /// Refuses a commit of which the server is to know who made it, and does not; tells whether it is to.
    ///
    /// Where signatures are wanted each commit has its committer's. Where the server says who pushes, that is the
    /// committer, or an admin, who pushes what others made, or the committer has signed it.
    fn refuse_unproven(&mut self, commit: Oid, committer: &Access) -> Result<bool> {
        let pusher = self.pusher.clone();
        let known = pusher
            .as_ref()
            .and_then(|pusher| self.policy.by_login(pusher).or_else(|| self.policy.by_email(pusher)).cloned());
        let is_admin = known.as_ref().is_some_and(|member| self.policy.is_admin(member));
        let wants_signature = self.policy.rules().signatures;
        let other = known.as_ref().filter(|member| !is_admin && !is(committer, member));
        let unsigned = if wants_signature || other.is_some() { self.unsigned(commit, committer)? } else { None };
        let words = match (pusher, other, unsigned) {
            (Some(pusher), ..) if known.is_none() => {
                Some(words!("`{pusher}`, who pushes, is no user", "推送者 `{pusher}` 不是用户"))
            }
            (_, _, unsigned) if wants_signature => unsigned,
            (_, Some(Member { login, .. }), Some(_)) => {
                let email = committer.email();
                Some(words!(
                    "`{login}` pushes a commit by `{email}`, which only that user or an admin may",
                    "`{login}` 推送了 `{email}` 的提交，只有其本人或管理员可以"
                ))
            }
            _ => None,
        };
        words.into_iter().for_each(|words| self.complain(Some(commit), words));
        Ok(wants_signature || known.is_some() && !is_admin)
    }

    /// Returns what a commit wants of being signed by its committer; none when it is.
    fn unsigned(&self, commit: Oid, committer: &Access) -> Result<Option<Words>> {
        let active = self.policy.members().iter().filter(|member| self.policy.is_active(member));
        let keys = active.flat_map(|member| member.keys.iter().map(|key| (member.login.as_str(), key)));
        let keys: Vec<(&str, String)> = keys.filter_map(|(login, key)| Some((login, public_key(key)?))).collect();
        let email = committer.email();
        Ok(Some(match self.repo.signed_by(commit, &keys)? {
            Signed::By(login) if login_of(committer) == Some(&login) => return Ok(None),
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
        }))
    }

    /// Refuses a commit in another's name by who is no admin.
    fn refuse_other_name(&mut self, commit: Oid, maker: &Access) -> Result<()> {
        let info = self.repo.commit_info(commit)?;
        let Some(login) = info.on_behalf_of() else { return Ok(()) };
        if let Err(failure) = maker.clone().act_as(login) {
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
