//! Hand edits: what people changed with other means, shown, validated, committed.

use super::batch::operation;
use super::check;
use super::session::unreadable;
use super::{Outcome, Session};
use crate::record::{Failure, Finding, LEAD, Result, Severity};
use crate::rules::lifecycle::converted_to_nothing;
use crate::store::{EditKind, HandEdit, Message, Source, codec, parse_path};
use crate::words;

/// Returns the hand edits under `paths`, all when there are none.
pub fn status(session: &Session, paths: &[String]) -> Result<Vec<HandEdit>> {
    session.writable()?;
    let mut edits = session.repo.status()?;
    edits.retain(|edit| check::under(&edit.path, paths));
    Ok(edits)
}

/// Validates and commits the hand edits under `paths`, all when there are none, as one commit.
///
/// Under the lock from the first look on: what another kehu is just bringing to the files is no hand edit.
/// Fails with exit code 6 when one breaks a rule it touches, 5 when a merge left one undecided.
pub fn commit(session: &Session, paths: &[String]) -> Result<(Vec<HandEdit>, Outcome)> {
    if session.options.dry_run {
        let edits = validated(session, paths)?;
        session.judge_edits(&edits)?;
        return Ok((edits, Outcome::default()));
    }
    let on_behalf_of = session.on_behalf_of()?;
    let options = session.write_options("commit");
    let mut transaction = session.repo.begin(&options).or_else(|failure| {
        // In the middle of a merge, what is undecided says more than that it is under way.
        refuse_undecided(&status(session, paths)?)?;
        Err(failure)
    })?;
    let edits = validated(session, paths)?;
    let mut outcome = Outcome::default();
    if edits.is_empty() {
        return Ok((edits, outcome));
    }
    edits.iter().try_for_each(|edit| transaction.adopt(&edit.path).map(drop))?;
    let subject = session.options.message.clone().unwrap_or_else(|| subject(&edits));
    let trailers = operation(session, transaction.base(), &subject, on_behalf_of);
    let done = transaction.commit(&Message { trailers, ..Message::new(subject) })?;
    outcome.commit = done.map(|oid| oid.to_string());
    if outcome.commit.is_some() {
        session.note_stranger();
    }
    Ok((edits, outcome))
}

/// Returns the hand edits, none of which breaks a rule.
fn validated(session: &Session, paths: &[String]) -> Result<Vec<HandEdit>> {
    let edits = status(session, paths)?;
    refuse_undecided(&edits)?;
    if edits.is_empty() {
        return Ok(edits);
    }
    let all = if paths.is_empty() { edits.clone() } else { status(session, &[])? };
    let mut errors: Vec<Finding> = check::of_edits(session, &edits, &all)?;
    errors.retain(|finding| finding.problem.severity == Severity::Error);
    for edit in edits.iter().filter(|edit| parse_path(&edit.path).is_some_and(|(kind, _)| kind == LEAD)) {
        errors.extend(converted_by_hand(session, &edit.path)?);
    }
    if errors.is_empty() { Ok(edits) } else { Err(unreadable(&errors)) }
}

/// Finds a lead that was made converted by hand, and names no customer.
fn converted_by_hand(session: &Session, path: &str) -> Result<Option<Finding>> {
    let (Some((kind, number)), Some(head)) = (parse_path(path), session.repo.head()?) else { return Ok(None) };
    let text = |source| Ok(session.repo.read_text(&source, path)?.unwrap_or_default());
    let [was, is]: [String; 2] = [text(Source::Commit(head))?, text(Source::WorkTree)?];
    let [before, after] = [&was, &is].map(|text| codec::parse(kind, &number, text).0);
    let problem = before.zip(after).and_then(|(before, after)| converted_to_nothing(&before, &after));
    Ok(problem.map(|problem| codec::place(path, &is, problem)))
}

fn refuse_undecided(edits: &[HandEdit]) -> Result<()> {
    let Some(HandEdit { path, .. }) = edits.iter().find(|edit| edit.kind == EditKind::Conflicted) else {
        return Ok(());
    };
    Err(Failure::conflict(words!("a merge left `{path}` undecided", "合并后 `{path}` 仍有冲突未解决"))
        .hint(words!("settle it and `git add {path}`", "请解决冲突后执行 `git add {path}`")))
}

/// Says what was edited: up to three file stems, else their count.
fn subject(edits: &[HandEdit]) -> String {
    let stem = |edit: &HandEdit| {
        let name = edit.path.rsplit('/').next().unwrap_or(&edit.path);
        name.strip_suffix(".toml").unwrap_or(name).to_string()
    };
    match edits {
        few if few.len() <= 3 => format!("edit: {}", few.iter().map(stem).collect::<Vec<_>>().join(", ")),
        many => format!("edit: {} files", many.len()),
    }
}
