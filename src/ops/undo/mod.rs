//! Taking an operation back, and doing it again.
//!
//! Both are one thing: the difference that a commit made is taken out of what there is now, file by file and
//! field by field, and committed as a change of its own. So it works after a push and after later work, and
//! is itself taken back in the same way. What later work built on is never touched: it is a refusal that names it.
//!
//! *Invariant:* where nothing followed, every file is byte for byte what it was before.

mod operations;

pub use operations::{Operation, REDONE, Standing, UNDONE, find, last_done, last_undone, operations};

use super::referring::{Gone, Referring, referring};
use super::{Batch, Outcome, Session};
use crate::record::{Failure, FieldChange, Result, Value, Words, changes};
use crate::rules::listing::change_words;
use crate::store::merge::{FieldConflict, Side, Sides, WHOLE, merge_file};
use crate::store::{Change, CommitInfo, Oid, codec, parse_path};
use crate::words;

/// How many fields that stand in the way are named.
const SHOWN: usize = 20;

/// Takes an operation back.
///
/// Fails with exit code 5, naming the fields or records, where later work builds on it, and when it was taken
/// back already.
pub fn undo(session: &Session, operation: &Operation) -> Result<Outcome> {
    let name = &operation.name;
    refuse_undo(operation)?;
    let Standing::Done(commit) = operation.standing else {
        return Err(Failure::conflict(words!("`{name}` was taken back already", "`{name}` 已被撤销"))
            .hint(words!("`kehu redo {name}` does it again", "`kehu redo {name}` 可重做")));
    };
    let subject = format!("undo: {}", operation.commit.subject);
    reverse(session, &session.repo.commit_info(commit)?, &subject, (UNDONE, name))
}

/// Does an operation again that was taken back; fails as [`undo`] does.
pub fn redo(session: &Session, operation: &Operation) -> Result<Outcome> {
    let name = &operation.name;
    let Standing::Undone(commit) = operation.standing else {
        return Err(Failure::conflict(words!("`{name}` was not taken back", "`{name}` 未被撤销")));
    };
    let subject = format!("redo: {}", operation.commit.subject);
    reverse(session, &session.repo.commit_info(commit)?, &subject, (REDONE, name))
}

/// Refuses to take back what itself took another back or did it again: that other is what is meant.
fn refuse_undo(operation: &Operation) -> Result<()> {
    let (name, commit) = (&operation.name, &operation.commit);
    let message = words!("`{name}` is no operation of its own", "`{name}` 不是独立的操作");
    let hint = match (commit.trailer(UNDONE), commit.trailer(REDONE)) {
        (Some(other), _) => {
            words!("`kehu redo {other}` does again what it took back", "`kehu redo {other}` 可重做它撤销的操作")
        }
        (_, Some(other)) => {
            words!("`kehu undo {other}` takes back what it did again", "`kehu undo {other}` 可撤销它重做的操作")
        }
        _ => return Ok(()),
    };
    Err(Failure::usage(message).hint(hint))
}

/// Commits the opposite of a commit.
fn reverse(session: &Session, commit: &CommitInfo, subject: &str, (trailer, name): (&str, &str)) -> Result<Outcome> {
    if commit.parents.len() > 1 {
        let message = words!("`{name}` joins two histories and is no one change", "`{name}` 是一次合并，不是单项改动");
        return Err(Failure::usage(message)
            .hint(words!("`kehu op log` lists the operations it brought", "`kehu op log` 列出它带来的各项操作")));
    }
    let mut batch = Batch::begin(session)?;
    let (mut gone, mut restored, mut in_the_way) = (Gone::new(), Vec::new(), Vec::new());
    for change in session.repo.changes_of(commit)? {
        let now = batch.read_file(&change.path)?;
        match without(session, &change, now.as_deref())? {
            Without::Nothing => {}
            Without::Conflicts(words) => in_the_way.extend(words),
            Without::Text(text) => {
                if text.is_none() {
                    gone.extend(parse_path(&change.path).map(|(kind, number)| (kind, number.to_string())));
                }
                restored.extend(batch.put_text(&change.path, text)?);
            }
        }
    }
    in_the_way.extend(referring(session, &gone, &restored)?.iter().map(Referring::words));
    refuse(name, in_the_way)?;
    restored.iter().try_for_each(|record| batch.refuse_dangling(record))?;
    batch.commit(subject, vec![(trailer.to_string(), name.to_string())])
}

/// Says what later work made of a file that a change is to be taken out of, field by field.
fn obstacles(session: &Session, path: &str, conflicts: &[FieldConflict], versions: [Option<&str>; 2]) -> Vec<Words> {
    let Some((kind, number)) = parse_path(path) else {
        return vec![words!("`{path}` was changed later", "`{path}` 后来被修改")];
    };
    let [Some(done), Some(now)] = versions else {
        return vec![match versions {
            [_, None] => words!("`{number}` was removed later", "`{number}` 后来被删除"),
            _ => words!("`{number}` was added later", "`{number}` 后来被重新建立"),
        }];
    };
    let row = |text: &str| codec::parse(kind, &number, text).0.map(|record| record.row);
    let text = |value: &Option<String>| value.as_deref().map(Value::text);
    let later = match conflicts.iter().any(|conflict| conflict.field == WHOLE) {
        // It was made then and would go: whatever it got since stands in the way.
        true => changes(row(done).as_ref(), row(now).as_ref()),
        false => conflicts
            .iter()
            .map(|one| FieldChange { path: one.field.clone(), old: text(&one.base), new: text(&one.ours) })
            .collect(),
    };
    let said = |change: &FieldChange| {
        let Words { en, zh } = change_words(kind, change, &session.config.dictionary);
        words!("`{number}` {en}", "`{number}` {zh}")
    };
    match later.is_empty() {
        true => {
            vec![words!("comments or layout of `{number}` were changed later", "`{number}` 的注释或排版后来被修改")]
        }
        false => later.iter().map(said).collect(),
    }
}

/// Fails, naming what stands in the way, if anything does.
fn refuse(name: &str, obstacles: Vec<Words>) -> Result<()> {
    if obstacles.is_empty() {
        return Ok(());
    }
    let message =
        words!("later changes build on `{name}`; nothing was changed", "后来的改动建立在 `{name}` 之上；未做任何更改");
    let more = obstacles.len().saturating_sub(SHOWN);
    let mut failure = obstacles.into_iter().take(SHOWN).fold(Failure::conflict(message), Failure::detail);
    if more > 0 {
        failure = failure.detail(words!("and {more} more", "另有 {more} 处"));
    }
    Err(failure.hint(words!(
        "take the later ones back first: `kehu op log` lists them",
        "请先撤销后来的操作：`kehu op log` 列出它们"
    )))
}

/// What a file comes to without a change.
enum Without {
    /// It is so already.
    Nothing,
    /// This; none for no file.
    Text(Option<String>),
    /// Later changes build on it: these.
    Conflicts(Vec<Words>),
}

fn without(session: &Session, change: &Change, now: Option<&str>) -> Result<Without> {
    let text = |blob: Option<Oid>| -> Result<Option<String>> {
        let bytes = blob.map(|blob| session.repo.blob(blob)).transpose()?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    };
    let (was, done) = (text(change.first_before())?, text(change.after)?);
    if now == was.as_deref() {
        return Ok(Without::Nothing);
    }
    if now == done.as_deref() {
        return Ok(Without::Text(was));
    }
    let side = Side { by: String::new(), at: session.now.fixed_offset() };
    let sides = Sides { base: done.as_deref(), ours: now, theirs: was.as_deref() };
    let merged = merge_file(&change.path, sides, &side, &side);
    Ok(match merged.conflicts.is_empty() && !merged.marked {
        true => Without::Text(merged.text),
        false => Without::Conflicts(obstacles(session, &change.path, &merged.conflicts, [done.as_deref(), now])),
    })
}
