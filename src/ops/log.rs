//! The history of records: when, who, which field, from what to what.

use super::Session;
use super::session::missing;
use crate::record::{FieldChange, Kind, Number, Record, Result, changes};
use crate::store::{Oid, codec, parse_path, path_of};
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
/// Fails with exit code 4 when there never was one.
pub fn log(session: &Session, kind: Kind, number: Option<&str>, limit: Option<usize>) -> Result<Vec<Entry>> {
    let limit = limit.unwrap_or(usize::MAX);
    let Some(number) = number else {
        let changes = session.repo.history_under(kind.folder, limit)?;
        let known = changes.into_iter().filter_map(|(path, change)| Some((parse_path(&path)?.1, change)));
        return known.map(|(number, change)| entry(session, kind, &number, change)).collect();
    };
    // One that is gone has a number, but no name any more.
    let found = session.number_of(kind, number);
    let number = found.clone().or_else(|failure| Number::parse(number).ok_or(failure))?;
    let history = session.repo.history_of(&path_of(kind, &number))?;
    if history.is_empty() {
        return Err(found.err().unwrap_or_else(|| missing(kind, number.as_str())));
    }
    history.into_iter().take(limit).map(|change| entry(session, kind, &number, change)).collect()
}

fn entry(session: &Session, kind: Kind, number: &Number, change: crate::store::PathChange) -> Result<Entry> {
    let before = read(session, kind, number, change.before)?;
    let after = read(session, kind, number, change.after)?;
    let step = match (change.before, change.after) {
        (None, _) => Step::Added,
        (_, None) => Step::Removed,
        _ => Step::Changed,
    };
    Ok(Entry {
        number: number.clone(),
        commit: change.commit.to_string(),
        at: change.when.with_timezone(&session.now.timezone()).fixed_offset(),
        author: change.author_name,
        email: change.author_email,
        on_behalf_of: change.on_behalf_of,
        subject: change.subject,
        changes: changes(before.as_ref().map(|r| &r.row), after.as_ref().map(|r| &r.row)),
        step,
    })
}

fn read(session: &Session, kind: Kind, number: &Number, blob: Option<Oid>) -> Result<Option<Record>> {
    let Some(blob) = blob else { return Ok(None) };
    let text = String::from_utf8_lossy(&session.repo.blob(blob)?).into_owned();
    Ok(codec::parse(kind, number, &text).0)
}
