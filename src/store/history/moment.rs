//! Moments and revisions: which commit stood then, and when a commit was made.

use super::shallow::unshallow;
use crate::record::date::{DateOrder, Moment, parse_moment};
use crate::record::{Failure, Result};
use crate::store::Repo;
use crate::store::error::GitResult;
use crate::words;
use chrono::{DateTime, Days, FixedOffset, TimeZone};
use git2::Oid;

impl Repo {
    /// Returns when a commit was made, by its committer.
    pub fn commit_time(&self, commit: Oid) -> Result<DateTime<chrono::Utc>> {
        let time = self.git().find_commit(commit).git()?.time();
        Ok(DateTime::from_timestamp(time.seconds(), 0).unwrap_or_default())
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

    /// Returns the commit meant by `--as-of`: a day (its end), a moment, or anything git takes for a revision.
    ///
    /// Fails with exit code 4 when there is none.
    pub fn resolve<Z: TimeZone>(&self, text: &str, zone: &Z) -> Result<Oid> {
        match end_of(text, zone) {
            Some(moment) => match self.commit_before(&moment)? {
                Some(commit) => Ok(commit),
                None if !self.boundary()?.is_empty() => Err(Failure::not_found(words!(
                    "this clone is shallow: what stood at `{text}` is missing",
                    "此克隆是浅克隆：缺少 `{text}` 时的内容"
                ))
                .hint(unshallow())),
                None => {
                    Err(Failure::not_found(words!("there was no commit yet at `{text}`", "在 `{text}` 时尚无任何提交")))
                }
            },
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
