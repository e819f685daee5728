//! A merge taken back: found by what went, or by its name.

use super::super::undo::{Operation, Standing, find, operations, undo};
use super::super::{Outcome, Session};
use super::MERGED;
use crate::record::{Failure, Number, Result};
use crate::words;

/// Takes a merge back as an undo does; `text` is the number of a record that went, or names the operation.
///
/// Fails with exit code 4 when no merge took it, 2 when the operation is no merge, 5 where later work builds on it,
/// naming that, and when it was taken back already.
pub fn unmerge(session: &Session, text: &str) -> Result<(Operation, Outcome)> {
    let number = Number::parse(text.trim()).filter(|number| number.parts().is_some());
    let operation = match number {
        Some(number) => of_number(session, &number)?,
        None => of_name(session, text.trim())?,
    };
    let outcome = undo(session, &operation)?;
    Ok((operation, outcome))
}

/// Returns the merge that took a record: the newest that stands, else the newest.
fn of_number(session: &Session, number: &Number) -> Result<Operation> {
    let mut undone = None;
    for operation in operations(session)? {
        let operation = operation?;
        let gone = operation.commit.trailer(MERGED).unwrap_or_default();
        if !gone.split_whitespace().any(|one| one.eq_ignore_ascii_case(number.as_str())) {
            continue;
        }
        match operation.standing {
            Standing::Done(_) => return Ok(operation),
            Standing::Undone(_) => undone = undone.or(Some(operation)),
        }
    }
    undone.ok_or_else(|| {
        Failure::not_found(words!("`{number}` was merged into no other", "`{number}` 没有被合并过")).hint(words!(
            "name what went, or the operation: `kehu op log` lists them",
            "请写被合并掉的编号，或操作名称：`kehu op log` 列出操作"
        ))
    })
}

fn of_name(session: &Session, text: &str) -> Result<Operation> {
    let operation = find(session, text)?;
    match operation.commit.trailer(MERGED) {
        Some(_) => Ok(operation),
        None => Err(Failure::usage(words!("`{text}` is no merge of records", "`{text}` 不是合并记录的操作"))
            .hint(words!("`kehu undo {text}` takes it back", "用 `kehu undo {text}` 撤销它"))),
    }
}
