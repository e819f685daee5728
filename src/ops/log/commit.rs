//! Who did it and when: a commit, with users in the place of addresses.

use super::super::Session;
use crate::record::Result;
use crate::rules::access::Member;
use crate::store::CommitInfo;
use chrono::{DateTime, FixedOffset};
use chrono_tz::Tz;

/// A commit as the history tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The commit.
    pub commit: String,
    /// When it was made, in the repository's zone.
    pub at: DateTime<FixedOffset>,
    /// Its author's name, as git has it.
    pub author: String,
    /// Its author's e-mail.
    pub email: String,
    /// The user with that e-mail.
    pub user: Option<Person>,
    /// In whose name its author acted, where that was another.
    pub on_behalf_of: Option<Person>,
    /// The name of the operation of kehu.
    pub operation: Option<String>,
    /// Its first line.
    pub subject: String,
    /// Whether it joins histories.
    pub is_merge: bool,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The login.
    pub login: String,
    /// The name; the login of who is no user any more.
    pub name: String,
}

impl Done {
    /// Returns the author as people know him: the user's name, else what git says.
    pub fn author_name(&self) -> &str {
        self.user.as_ref().map_or(&self.author, |user| &user.name)
    }
}

/// The users there are.
pub(in crate::ops) struct People {
    members: Vec<Member>,
    zone: Tz,
}

impl People {
    /// Takes those of a repository as it is now.
    pub fn new(session: &Session) -> Result<People> {
        let members = session.access()?.policy().members().to_vec();
        Ok(People { members, zone: session.now.timezone() })
    }

    /// Returns all users.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Returns what is told of a commit.
    pub fn done(&self, info: &CommitInfo) -> Done {
        Done {
            commit: info.id.to_string(),
            at: info.when.with_timezone(&self.zone).fixed_offset(),
            author: info.author_name.clone(),
            email: info.author_email.clone(),
            user: self.by_email(&info.author_email).map(person),
            on_behalf_of: info.on_behalf_of().map(|login| self.by_login(login)),
            operation: info.operation().map(str::to_string),
            subject: info.subject.clone(),
            is_merge: info.parents.len() > 1,
        }
    }

    fn by_email(&self, email: &str) -> Option<&Member> {
        let has_it = |one: &&Member| one.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email));
        self.members.iter().find(has_it)
    }

    fn by_login(&self, login: &str) -> Person {
        let known = self.members.iter().find(|one| one.login == login).map(person);
        known.unwrap_or_else(|| Person { login: login.to_string(), name: login.to_string() })
    }
}

fn person(member: &Member) -> Person {
    Person { login: member.login.clone(), name: member.name.clone() }
}
