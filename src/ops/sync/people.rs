//! What people call the authors of commits, for the entries of conflicts.

use super::Session;
use crate::record::{Record, USER};
use crate::store::{CommitInfo, LoadOptions, Source};
use std::cell::OnceCell;

/// The users of a repository, read when one is first asked for.
pub struct People<'s> {
    session: &'s Session,
    users: OnceCell<Vec<Record>>,
}

impl People<'_> {
    pub fn new(session: &Session) -> People<'_> {
        People { session, users: OnceCell::new() }
    }

    /// Returns what people call the author of a commit: the login, else the address.
    pub fn login(&self, commit: &CommitInfo) -> String {
        if let Some(login) = commit.on_behalf_of() {
            return login.to_string();
        }
        let load = || {
            let options = LoadOptions { use_index: self.session.options.use_index };
            self.session.repo.load(&[USER], &Source::WorkTree, options).unwrap_or_default().records
        };
        let same =
            |user: &&Record| user.text("email").is_some_and(|own| own.eq_ignore_ascii_case(&commit.author_email));
        let user = self.users.get_or_init(load).iter().find(same);
        user.map_or_else(|| commit.author_email.clone(), |user| user.number.to_string())
    }
}
