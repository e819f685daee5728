//! The two states that are compared, as people name them.

use super::super::Session;
use crate::record::{Failure, Result, Words};
use crate::store::Oid;
use crate::words;

/// A state of the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The commit; none for the work tree, and where there is no commit yet.
    pub commit: Option<Oid>,
    /// What people call it.
    pub name: Words,
}

/// Returns what is compared with what: nothing said, the last commit with the work tree; one state, it with the
/// work tree; two states, or `A..B`, these; `A...B`, where the two parted with B.
///
/// A state is a day, a moment or a revision of git. Fails with exit code 4 when there is none of a name.
pub fn ends(session: &Session, asked: &[String]) -> Result<(End, End)> {
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    match asked.as_slice() {
        [] => Ok((end(session, "HEAD")?, present(session))),
        [one] => match (one.split_once("..."), one.split_once("..")) {
            (Some((a, b)), _) => {
                let (a, b) = (end(session, or_head(a))?, end(session, or_head(b))?);
                Ok((fork(session, &a, &b)?, b))
            }
            (None, Some((a, b))) => Ok((end(session, or_head(a))?, end(session, or_head(b))?)),
            (None, None) => Ok((end(session, one)?, present(session))),
        },
        [a, b, ..] => Ok((end(session, a)?, end(session, b)?)),
    }
}

fn or_head(text: &str) -> &str {
    if text.is_empty() { "HEAD" } else { text }
}

fn end(session: &Session, text: &str) -> Result<End> {
    let commit = session.repo.resolve(text, &session.now.timezone())?;
    Ok(End { commit: Some(commit), name: Words::same(text.to_string()) })
}

/// Returns what is read when nothing else is said: the work tree, or with `--as-of` that commit.
fn present(session: &Session) -> End {
    let commit = session.past();
    let as_of = session.options.as_of.clone().map(Words::same);
    End { commit, name: as_of.unwrap_or_else(|| words!("work tree", "工作目录")) }
}

/// Returns the last commit both have.
fn fork(session: &Session, a: &End, b: &End) -> Result<End> {
    let (Some(one), Some(other)) = (a.commit, b.commit) else { return Ok(a.clone()) };
    let fork = session.repo.fork_of(one, other)?.ok_or_else(|| {
        let (a, b) = (&a.name.en, &b.name.en);
        Failure::not_found(words!("`{a}` and `{b}` have no commit in common", "`{a}` 与 `{b}` 没有共同的提交"))
    })?;
    let (Words { en, zh }, Words { en: other, .. }) = (&a.name, &b.name);
    Ok(End { commit: Some(fork), name: words!("where {other} left {en}", "{other} 与 {zh} 的分叉点") })
}
