//! Hand edits: what people changed with other means, shown, validated, committed.

use super::batch::operation;
use super::check;
use super::session::unreadable;
use super::{Outcome, Session};
use crate::record::{Failure, Finding, Result, Severity};
use crate::store::{EditKind, HandEdit, Message};
use crate::words;

/// Returns the hand edits under `paths`, all when there are none.
pub fn status(session: &Session, paths: &[String]) -> Result<Vec<HandEdit>> {
    let mut edits = session.repo.status()?;
    edits.retain(|edit| check::under(&edit.path, paths));
    Ok(edits)
}

/// Validates and commits the hand edits under `paths`, all when there are none, as one commit.
///
/// Fails with exit code 6 when one breaks a rule it touches, 5 when a merge left one undecided.
pub fn commit(session: &Session, paths: &[String]) -> Result<(Vec<HandEdit>, Outcome)> {
    session.writable()?;
    let edits = status(session, paths)?;
    if let Some(edit) = edits.iter().find(|edit| edit.kind == EditKind::Conflicted) {
        let path = &edit.path;
        return Err(Failure::conflict(words!("a merge left `{path}` undecided", "合并后 `{path}` 仍有冲突未解决"))
            .hint(words!("settle it and `git add {path}`", "请解决冲突后执行 `git add {path}`")));
    }
    let touched: Vec<String> = edits.iter().map(|edit| edit.path.clone()).collect();
    let wrong: Vec<Finding> = match touched.is_empty() {
        true => Vec::new(),
        false => check::of_edits(session, &edits, &status(session, &[])?)?,
    };
    let errors: Vec<Finding> =
        wrong.into_iter().filter(|finding| finding.problem.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(unreadable(&errors));
    }
    let mut outcome = Outcome::default();
    if touched.is_empty() || session.options.dry_run {
        return Ok((edits, outcome));
    }
    let subject = session.options.message.clone().unwrap_or_else(|| subject(&edits));
    let trailers = vec![operation(session, session.repo.head()?, &subject)];
    let message = Message { trailers, ..Message::new(subject) };
    let done = session.repo.commit_edits(&session.write_options("commit"), &touched, &message)?;
    outcome.commit = done.map(|oid| oid.to_string());
    Ok((edits, outcome))
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
