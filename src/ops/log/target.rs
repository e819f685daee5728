//! The record that a history is asked of: by its number, by what people call it, or by the number it had.

use super::super::Session;
use super::super::resolve::Resolver;
use super::super::session::missing;
use crate::record::{Failure, KINDS, Kind, Number, Result, USER};
use crate::rules::references::CALLED;
use crate::store::History;
use crate::words;

/// Returns kind and number of the record that `text` names, among those of `kind` or of all.
///
/// One that is gone has a number, but no name any more. Fails with exit code 4 when there never was one, or several
/// are called so.
pub fn target(session: &Session, history: &History<'_>, kind: Option<Kind>, text: &str) -> Result<(Kind, Number)> {
    let kinds = kind.map_or_else(|| KINDS.to_vec(), |kind| vec![kind]);
    let number = Number::parse(text.trim());
    if let Some(number) = &number
        && let Some(found) = bearing(session, &kinds, number)?
    {
        return Ok(found);
    }
    let unknown = match by_name(session, kind, text)? {
        Named::One(found) => return Ok(found),
        Named::Nothing(failure) => failure,
    };
    if let Some(number) = &number
        && let Some(found) = bygone(history, &kinds, number)?
    {
        return Ok(found);
    }
    Err(unknown)
}

/// Returns the record there is of this number; fails with exit code 4 when there are several.
fn bearing(session: &Session, kinds: &[Kind], number: &Number) -> Result<Option<(Kind, Number)>> {
    // A file that cannot be read is there all the same.
    let is_there = |kind: &Kind| !matches!(session.repo.load_one(*kind, number, &session.source), Ok(None));
    let bearing: Vec<_> = kinds.iter().copied().filter(is_there).collect();
    only(&bearing, number)
}

/// What is called by a name.
enum Named {
    One((Kind, Number)),
    /// Nothing that is there, or nothing that is meant for certain.
    Nothing(Failure),
}

/// Looks up what people call a record: leads and customers first, then users.
fn by_name(session: &Session, kind: Option<Kind>, text: &str) -> Result<Named> {
    let groups = match kind {
        Some(kind) => vec![vec![kind]],
        None => vec![CALLED.to_vec(), vec![USER]],
    };
    let resolver = Resolver::new(session);
    let mut failure = None;
    for group in groups {
        match resolver.number(&group, text) {
            Ok(number) => {
                if let Some(found) = bearing(session, &group, &number)? {
                    return Ok(Named::One(found));
                }
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    Ok(Named::Nothing(failure.unwrap_or_else(|| match kind {
        Some(kind) => missing(kind, text),
        None => Failure::not_found(words!("there is no record `{text}`", "没有记录 `{text}`")),
    })))
}

/// Returns the first kind of which a record once had this number.
fn bygone(history: &History<'_>, kinds: &[Kind], number: &Number) -> Result<Option<(Kind, Number)>> {
    for kind in kinds {
        if !history.of_record(*kind, number)?.changes.is_empty() {
            return Ok(Some((*kind, number.clone())));
        }
    }
    Ok(None)
}

/// Returns the one kind there is; fails with exit code 4 when records of several kinds bear the number.
fn only(kinds: &[Kind], number: &Number) -> Result<Option<(Kind, Number)>> {
    match kinds {
        [] => Ok(None),
        [kind] => Ok(Some((*kind, number.clone()))),
        [first, ..] => {
            Err(Failure::not_found(words!("several kinds have a record `{number}`", "有多类记录的编号都是 `{number}`"))
                .hint(words!("name the kind: `kehu {first} log {number}`", "请指明种类：`kehu {first} log {number}`")))
        }
    }
}
