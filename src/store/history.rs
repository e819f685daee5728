//! The past: which commits changed a file, which commit stood at a moment, what differs between two.

use super::error::GitResult;
use super::message::{ON_BEHALF_OF, trailer_of};
use super::{Repo, tree};
use crate::record::date::{DateOrder, Moment, parse_moment};
use crate::record::{Failure, Result};
use crate::words;
use chrono::{DateTime, Days, FixedOffset, TimeZone};
use git2::{Commit, Oid, Sort};
use std::collections::HashMap;

/// A commit that changed a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathChange {
    /// The commit.
    pub commit: Oid,
    /// When it was committed, in the committer's zone.
    pub when: DateTime<FixedOffset>,
    /// The author's name.
    pub author_name: String,
    /// The author's address.
    pub author_email: String,
    /// The login of the user in whose name the author acted, where that was another.
    pub on_behalf_of: Option<String>,
    /// The first line of its message.
    pub subject: String,
    /// What the file held before (in the first parent); none when it was made.
    pub before: Option<Oid>,
    /// What the file held after; none when it was removed.
    pub after: Option<Oid>,
}

/// A file that differs between two commits: its path, what it was, what it is.
pub type FileChange = (String, Option<Oid>, Option<Oid>);

impl Repo {
    /// Returns when a commit was made, by its committer.
    pub fn commit_time(&self, commit: Oid) -> Result<DateTime<chrono::Utc>> {
        let time = self.git().find_commit(commit).git()?.time();
        Ok(DateTime::from_timestamp(time.seconds(), 0).unwrap_or_default())
    }

    /// Returns the content of a blob.
    pub fn blob(&self, id: Oid) -> Result<Vec<u8>> {
        Ok(self.git().find_blob(id).git()?.content().to_vec())
    }

    /// Returns the commits that changed `path`, newest first.
    ///
    /// A merge is listed only when it holds what none of its parents holds.
    pub fn history_of(&self, path: &str) -> Result<Vec<PathChange>> {
        let Some(head) = self.head()? else { return Ok(Vec::new()) };
        let mut walk = self.git().revwalk().git()?;
        walk.push(head).git()?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME).git()?;
        let mut places = Places { repo: self, path: path.split('/').collect(), known: HashMap::new() };
        let mut changes = Vec::new();
        for id in walk {
            let commit = self.git().find_commit(id.git()?).git()?;
            let after = places.blob(commit.tree_id())?;
            let mut before = Vec::new();
            for parent in commit.parents() {
                before.push(places.blob(parent.tree_id())?);
            }
            let changed = if before.is_empty() { after.is_some() } else { !before.contains(&after) };
            if changed {
                changes.push(path_change(&commit, before.first().copied().flatten(), after));
            }
        }
        Ok(changes)
    }

    /// Returns the latest changes of files below a top folder, by path, newest first, about `limit` of them.
    pub fn history_under(&self, folder: &str, limit: usize) -> Result<Vec<(String, PathChange)>> {
        let Some(head) = self.head()? else { return Ok(Vec::new()) };
        let mut walk = self.git().revwalk().git()?;
        walk.push(head).git()?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME).git()?;
        let mut changes = Vec::new();
        for id in walk {
            if changes.len() >= limit {
                break;
            }
            let commit = self.git().find_commit(id.git()?).git()?;
            if commit.parent_count() > 1 {
                continue;
            }
            let parent = commit.parent_ids().next();
            for (path, before, after) in self.changes_between(parent, commit.id(), folder)? {
                changes.push((path, path_change(&commit, before, after)));
            }
        }
        changes.truncate(limit);
        Ok(changes)
    }

    /// Returns the last commit of the checked-out branch at or before `moment`, along first parents.
    pub fn commit_before<Z: TimeZone>(&self, moment: &DateTime<Z>) -> Result<Option<Oid>> {
        let Some(head) = self.head()? else { return Ok(None) };
        let mut commit = self.git().find_commit(head).git()?;
        while commit.time().seconds() > moment.timestamp() {
            match commit.parent(0).found()? {
                Some(parent) => commit = parent,
                None => return Ok(None),
            }
        }
        Ok(Some(commit.id()))
    }

    /// Returns the files below `folder` (empty: all) that differ between two commits, sorted by path.
    pub fn changes_between(&self, before: Option<Oid>, after: Oid, folder: &str) -> Result<Vec<FileChange>> {
        let odb = self.git().odb().git()?;
        let at = |commit: Option<Oid>| tree::folder_at(&odb, self.tree_id(commit)?, folder);
        let prefix = if folder.is_empty() { String::new() } else { format!("{}/", folder.trim_end_matches('/')) };
        let mut changes = Vec::new();
        tree::compare(&odb, at(before)?, at(Some(after))?, &prefix, &mut |path, was, is| {
            changes.push((path, was, is))
        })?;
        Ok(changes)
    }

    /// Returns the commit meant by `--as-of`: a day (its end), a moment, or anything git takes for a revision.
    ///
    /// Fails with exit code 4 when there is none.
    pub fn resolve<Z: TimeZone>(&self, text: &str, zone: &Z) -> Result<Oid> {
        match end_of(text, zone) {
            Some(moment) => self.commit_before(&moment)?.ok_or_else(|| {
                Failure::not_found(words!("there was no commit yet at `{text}`", "在 `{text}` 时尚无任何提交"))
            }),
            None => {
                self.git().revparse_single(text).and_then(|object| object.peel_to_commit()).map(|c| c.id()).map_err(
                    |_| {
                        Failure::not_found(words!(
                            "`{text}` is neither a date nor a commit",
                            "`{text}` 既不是日期也不是提交"
                        ))
                        .hint(words!(
                            "a day is written `2026-06-30`, a commit `HEAD~5`",
                            "日期写作 `2026-06-30`，提交写作 `HEAD~5`"
                        ))
                    },
                )
            }
        }
    }
}

/// Finds one path in many trees; each folder is looked at once however many commits share it.
struct Places<'r> {
    repo: &'r Repo,
    path: Vec<&'r str>,
    known: HashMap<(usize, Oid), Option<Oid>>,
}

impl Places<'_> {
    fn blob(&mut self, root: Oid) -> Result<Option<Oid>> {
        self.at(0, root)
    }

    fn at(&mut self, depth: usize, folder: Oid) -> Result<Option<Oid>> {
        if let Some(found) = self.known.get(&(depth, folder)) {
            return Ok(*found);
        }
        let tree = self.repo.git().find_tree(folder).git()?;
        let entry = self.path.get(depth).and_then(|name| tree.get_name(name));
        let is_last = depth + 1 == self.path.len();
        let found = match entry.map(|entry| (entry.id(), entry.kind())) {
            Some((id, Some(git2::ObjectType::Blob))) if is_last => Some(id),
            Some((id, Some(git2::ObjectType::Tree))) if !is_last => self.at(depth + 1, id)?,
            _ => None,
        };
        self.known.insert((depth, folder), found);
        Ok(found)
    }
}

fn path_change(commit: &Commit<'_>, before: Option<Oid>, after: Option<Oid>) -> PathChange {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let author = commit.author();
    PathChange {
        commit: commit.id(),
        when: when(commit.time()),
        author_name: text(author.name_bytes()),
        author_email: text(author.email_bytes()),
        on_behalf_of: trailer_of(&text(commit.message_bytes()), ON_BEHALF_OF),
        subject: commit.summary_bytes().map(text).unwrap_or_default(),
        before,
        after,
    }
}

fn when(time: git2::Time) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(time.offset_minutes() * 60);
    let moment = DateTime::from_timestamp(time.seconds(), 0).unwrap_or_default();
    zone.map_or(moment.fixed_offset(), |zone| moment.with_timezone(&zone))
}

/// Returns the last moment that `text` includes: of a day its last second. None when it is no date.
///
/// Eight digits alone may as well begin a commit's id, and are no date here.
fn end_of<Z: TimeZone>(text: &str, zone: &Z) -> Option<DateTime<FixedOffset>> {
    if text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match parse_moment(text, DateOrder::Unstated)? {
        Moment::Day(day) => {
            let next = Moment::Day(day.checked_add_days(Days::new(1))?).fixed(zone)?;
            Some(next - chrono::Duration::seconds(1))
        }
        moment => moment.fixed(zone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_with_its_last_second() {
        let zone = FixedOffset::east_opt(8 * 3600).unwrap();
        let end = |text| end_of(text, &zone).map(|moment| moment.to_rfc3339());
        assert_eq!(end("2026-06-30").as_deref(), Some("2026-06-30T23:59:59+08:00"));
        assert_eq!(end("2026-06-30 12:00").as_deref(), Some("2026-06-30T12:00:00+08:00"));
        assert_eq!(end("2026-06-30T12:00:00Z").as_deref(), Some("2026-06-30T12:00:00+00:00"));
        for revision in ["20260630", "HEAD~5", "main", "v1.2"] {
            assert_eq!(end(revision), None, "{revision}");
        }
    }
}
