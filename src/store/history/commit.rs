//! A commit as history tells it: when, who, in whose name, what it said, and the trailers for programs.

use crate::record::{Kind, Number, Result};
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::store::git::message::{ON_BEHALF_OF, OPERATION, RENUMBERED, trailers_of};
use chrono::{DateTime, FixedOffset};
use git2::{Commit, Oid};

/// A commit as history tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitInfo {
    /// The commit.
    pub id: Oid,
    /// Its parents, the one it was made on first.
    pub parents: Vec<Oid>,
    /// When it was committed, in the committer's zone.
    pub when: DateTime<FixedOffset>,
    /// The author's name.
    pub author_name: String,
    /// The author's address.
    pub author_email: String,
    /// The first line of its message.
    pub subject: String,
    /// Keys and values in the last paragraph of its message, in order.
    pub trailers: Vec<(String, String)>,
}

/// A record that got another number, because two clones had given the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renumbered {
    /// Its kind.
    pub kind: Kind,
    /// The number it had.
    pub old: Number,
    /// The number it has since.
    pub new: Number,
}

impl CommitInfo {
    /// Reads it from a commit of git.
    pub(super) fn of(commit: &Commit<'_>) -> CommitInfo {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let author = commit.author();
        CommitInfo {
            id: commit.id(),
            parents: commit.parent_ids().collect(),
            when: when(commit.time()),
            author_name: text(author.name_bytes()),
            author_email: text(author.email_bytes()),
            subject: commit.summary_bytes().map(text).unwrap_or_default(),
            trailers: trailers_of(&text(commit.message_bytes())),
        }
    }

    /// Returns the value of a trailer; of several the first.
    pub fn trailer(&self, key: &str) -> Option<&str> {
        self.trailers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Returns the name of the operation of kehu that made it; none when plain git did.
    pub fn operation(&self) -> Option<&str> {
        self.trailer(OPERATION)
    }

    /// Returns the login of the user in whose name the author acted, where that was another.
    pub fn on_behalf_of(&self) -> Option<&str> {
        self.trailer(ON_BEHALF_OF)
    }

    /// Returns the records that got another number with it.
    pub fn renumbered(&self) -> Vec<Renumbered> {
        let stated = self.trailers.iter().filter(|(name, _)| name == RENUMBERED);
        stated.filter_map(|(_, value)| Renumbered::parse(value)).collect()
    }
}

impl Renumbered {
    /// Reads `KIND OLD NEW`.
    fn parse(text: &str) -> Option<Renumbered> {
        let mut words = text.split_whitespace();
        let kind = Kind::find(words.next()?)?;
        let (old, new) = (Number::parse(words.next()?)?, Number::parse(words.next()?)?);
        (words.next().is_none() && old != new).then_some(Renumbered { kind, old, new })
    }
}

impl Repo {
    /// Returns what history tells of a commit.
    pub fn commit_info(&self, commit: Oid) -> Result<CommitInfo> {
        Ok(CommitInfo::of(&self.git().find_commit(commit).git()?))
    }
}

fn when(time: git2::Time) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(time.offset_minutes().saturating_mul(60));
    let moment = DateTime::from_timestamp(time.seconds(), 0).unwrap_or_default();
    zone.map_or(moment.fixed_offset(), |zone| moment.with_timezone(&zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::LEAD;

    #[test]
    fn what_was_renumbered() {
        let moved = Renumbered::parse("lead LEAD-2026-007 LEAD-2026-008").unwrap();
        assert_eq!((moved.kind, moved.old.as_str(), moved.new.as_str()), (LEAD, "LEAD-2026-007", "LEAD-2026-008"));
        for bad in ["", "lead A", "lead A A", "thing A B", "lead A B C", "lead ../x B"] {
            assert_eq!(Renumbered::parse(bad), None, "{bad}");
        }
    }
}
