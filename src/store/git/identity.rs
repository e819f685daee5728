//! Who commits: git's rules, so that kehu and git sign alike.

use super::config;
use crate::record::{Failure, Result};
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::words;
use chrono::{DateTime, FixedOffset};
use git2::Config;
use std::path::Path;

/// A name and an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
}

impl Repo {
    /// Returns who is the author of what is committed now.
    ///
    /// `GIT_AUTHOR_NAME` and `GIT_AUTHOR_EMAIL`, else `author.*`, else `user.*`, and `EMAIL` last.
    /// Fails when name or address is nowhere stated; git's guess from the host name is not made.
    pub fn identity(&self) -> Result<Identity> {
        self.identity_as("author")
    }

    /// Fails when git knows no identity for a repository at `dir`, which need not exist yet.
    pub fn require_identity(dir: &Path) -> Result<()> {
        let config = config::read(git2::Repository::discover(dir).ok().as_ref())?;
        identity_of(&config, "author").and_then(|_| identity_of(&config, "committer")).map(|_| ())
    }

    /// Gives a repository at `dir`, made if there is none, an identity of its own where git knows none.
    pub fn ensure_identity(dir: &Path, (name, email): (&str, &str)) -> Result<()> {
        if Repo::require_identity(dir).is_ok() {
            return Ok(());
        }
        let repo = Repo::init(dir)?;
        let mut config = repo.git().config().git()?;
        config.set_str("user.name", name).git()?;
        config.set_str("user.email", email).git()
    }

    /// Tells whether `dir` does not exist or is an empty folder.
    pub fn is_free(dir: &Path) -> bool {
        match std::fs::read_dir(dir) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        }
    }

    /// Returns who commits: as [`identity`](Repo::identity), with `GIT_COMMITTER_*` and `committer.*`.
    pub(crate) fn committer(&self) -> Result<Identity> {
        self.identity_as("committer")
    }

    fn identity_as(&self, part: &str) -> Result<Identity> {
        let config = config::read(Some(self.git()))?;
        identity_of(&config, part)
    }
}

fn identity_of(config: &Config, part: &str) -> Result<Identity> {
    let unnamed = || unknown("name", "姓名", "user.name", ["NAME", "您的姓名"]);
    let nowhere = || unknown("e-mail address", "邮箱", "user.email", ["ADDRESS", "您的邮箱"]);
    match (stated(config, part, "name"), stated(config, part, "email").or_else(|| variable("EMAIL"))) {
        (Some(name), Some(email)) => Ok(Identity { name, email }),
        (Some(_), None) => Err(nowhere()),
        (None, Some(_)) => Err(unnamed()),
        // Both at once, so that nobody mends one to be told of the other.
        (None, None) => {
            let message = words!("git does not know your name and e-mail address", "git 尚不知道您的姓名和邮箱");
            Err(unnamed().hints.into_iter().chain(nowhere().hints).fold(Failure::failed(message), Failure::hint))
        }
    }
}

impl Identity {
    /// Returns the line of a commit: `name <address> seconds zone`.
    pub(crate) fn line(&self, now: &DateTime<FixedOffset>) -> String {
        format!("{} <{}> {} {}", self.name, self.email, now.timestamp(), now.format("%z"))
    }
}

fn stated(config: &Config, part: &str, what: &str) -> Option<String> {
    let from_config = |key: String| {
        config::from_environment(&key).or_else(|| config.get_string(&key).ok()).and_then(|text| clean(&text))
    };
    variable(&format!("GIT_{part}_{what}").to_uppercase())
        .or_else(|| from_config(format!("{part}.{what}")))
        .or_else(|| from_config(format!("user.{what}")))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().and_then(|text| clean(&text))
}

/// Drops what cannot stand in a commit's header, as git does; nothing when nothing is left.
fn clean(text: &str) -> Option<String> {
    let kept: String = text.chars().filter(|c| !matches!(c, '<' | '>' | '\n' | '\r' | '\0')).collect();
    let kept = kept.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | '"' | '\\' | '\''));
    (!kept.is_empty()).then(|| kept.to_string())
}

fn unknown(en: &str, zh: &str, key: &str, [value, value_zh]: [&str; 2]) -> Failure {
    Failure::failed(words!("git does not know your {en}", "git 尚不知道您的{zh}")).hint(words!(
        "tell it: `git config --global {key} \"{value}\"`",
        "请设置：`git config --global {key} \"{value_zh}\"`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_the_header() {
        assert_eq!(clean(" 示例 <x>\nauthor "), Some("示例 xauthor".into()));
        assert_eq!(clean(" .,; "), None);
    }

    #[test]
    fn the_line_carries_the_zone() {
        let identity = Identity { name: "Example User".into(), email: "u@example.com".into() };
        let now = DateTime::parse_from_rfc3339("2026-03-12T09:30:00+08:00").unwrap();
        assert_eq!(identity.line(&now), "Example User <u@example.com> 1773279000 +0800");
    }
}
