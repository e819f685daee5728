//! The history of records: when, who, which field, from what to what.

use super::Session;
use super::session::missing;
use crate::record::{FieldChange, Kind, Number, Record, Result, changes};
use crate::store::{Change, CommitInfo, Oid, codec, parse_path};
use chrono::{DateTime, FixedOffset};

/// One commit that touched a record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The record.
    pub number: Number,
    /// The commit.
    pub commit: String,
    /// When it was made, in the repository's zone.
    pub at: DateTime<FixedOffset>,
    /// Its author's name.
    pub author: String,
    /// Its author's e-mail.
    pub email: String,
    /// The login of the user in whose name its author acted, where that was another.
    pub on_behalf_of: Option<String>,
    /// Its first line.
    pub subject: String,
    /// What differs from before; everything for a new record.
    pub changes: Vec<FieldChange>,
    /// Whether the record was new or gone with it.
    pub step: Step,
}

/// What a commit did to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Added it.
    Added,
    /// Changed it.
    Changed,
    /// Removed it.
    Removed,
}

/// Returns the history of a record, also of one that is gone, or of all of a kind; newest first, at most `limit` entries.
///
/// Fails with exit code 4 when there never was one, 7 when it is not the acting person's to read.
pub fn log(session: &Session, kind: Kind, number: Option<&str>, limit: Option<usize>) -> Result<Vec<Entry>> {
    let limit = limit.unwrap_or(usize::MAX);
    // One that is gone has a number, but no name any more.
    let found = number.map(|number| session.number_of(kind, number));
    let wanted = match (&found, number) {
        (Some(Ok(number)), _) => Some(number.clone()),
        (Some(Err(failure)), Some(number)) => Some(Number::parse(number).ok_or_else(|| failure.clone())?),
        _ => None,
    };
    if let Some(number) = &wanted
        && let Ok(Some((record, _))) = session.repo.load_one(kind, number, &session.source)
    {
        session.refuse_hidden(&record)?;
    }
    session.refuse_unknown(kind)?;
    let mut entries = Vec::new();
    let Some(head) = session.repo.head()? else { return Ok(entries) };
    for commit in session.repo.commits(head, &[])? {
        let commit = commit?;
        for change in session.repo.changes_of(&commit)?.into_iter().filter(Change::is_own) {
            let Some((_, number)) = parse_path(&change.path).filter(|(of, _)| *of == kind) else { continue };
            if wanted.as_ref().is_none_or(|wanted| *wanted == number) && entries.len() < limit {
                entries.extend(entry(session, kind, &number, &commit, &change)?);
            }
        }
        if entries.len() >= limit {
            break;
        }
    }
    match (&wanted, found) {
        (Some(number), found) if entries.is_empty() => {
            Err(found.and_then(Result::err).unwrap_or_else(|| missing(kind, number.as_str())))
        }
        _ => Ok(entries),
    }
}

fn entry(
    session: &Session,
    kind: Kind,
    number: &Number,
    commit: &CommitInfo,
    change: &Change,
) -> Result<Option<Entry>> {
    let before = read(session, kind, number, change.first_before())?;
    let after = read(session, kind, number, change.after)?;
    if let Some(record) = after.as_ref().or(before.as_ref())
        && !session.reads_past(record)?
    {
        return Ok(None);
    }
    let step = match (change.first_before(), change.after) {
        (None, _) => Step::Added,
        (_, None) => Step::Removed,
        _ => Step::Changed,
    };
    Ok(Some(Entry {
        number: number.clone(),
        commit: commit.id.to_string(),
        at: commit.when.with_timezone(&session.now.timezone()).fixed_offset(),
        author: commit.author_name.clone(),
        email: commit.author_email.clone(),
        on_behalf_of: commit.on_behalf_of().map(str::to_string),
        subject: commit.subject.clone(),
        changes: changes(before.as_ref().map(|r| &r.row), after.as_ref().map(|r| &r.row)),
        step,
    }))
}

fn read(session: &Session, kind: Kind, number: &Number, blob: Option<Oid>) -> Result<Option<Record>> {
    let Some(blob) = blob else { return Ok(None) };
    let text = String::from_utf8_lossy(&session.repo.blob(blob)?).into_owned();
    Ok(codec::parse(kind, number, &text).0)
}
