//! What stands in the way of taking a change back, in words.

use super::super::Session;
use crate::record::{Failure, FieldChange, Result, Value, Words, changes};
use crate::rules::listing::change_words;
use crate::store::merge::{FieldConflict, WHOLE};
use crate::store::{codec, parse_path};
use crate::words;

/// How many fields that stand in the way are named.
const SHOWN: usize = 20;

/// Says what later work made of a file that a change is to be taken out of, field by field: what it was when the
/// change was done, and what it is now.
pub(super) fn of_file(
    session: &Session,
    path: &str,
    conflicts: &[FieldConflict],
    versions: [Option<&str>; 2],
) -> Vec<Words> {
    let Some((kind, number)) = parse_path(path) else {
        return vec![changed_later(path)];
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

/// Says that a file as a whole was changed later.
pub(super) fn changed_later(path: &str) -> Words {
    words!("`{path}` was changed later", "`{path}` 后来被修改")
}

/// Fails, naming what stands in the way, if anything does.
pub(super) fn refuse(name: &str, obstacles: Vec<Words>) -> Result<()> {
    if obstacles.is_empty() {
        return Ok(());
    }
    let message =
        words!("later changes build on `{name}`; nothing was changed", "后来的改动建立在 `{name}` 之上；未做任何更改");
    Err(listed(message, obstacles).hint(words!(
        "take the later ones back first: `kehu op log` lists them",
        "请先撤销后来的操作：`kehu op log` 列出它们"
    )))
}

/// Makes a failure with details, the first of many.
pub(super) fn listed(message: Words, details: Vec<Words>) -> Failure {
    let more = details.len().saturating_sub(SHOWN);
    let failure = details.into_iter().take(SHOWN).fold(Failure::conflict(message), Failure::detail);
    if more == 0 {
        return failure;
    }
    failure.detail(words!("and {more} more", "另有 {more} 处"))
}
