//! Takes in a branch.

use super::desk::{Delivery, Drawing, deliver, open};
use super::sync::{note_conflicts, note_errors};
use super::sync_told::{merge_json, moved_lines, sheet};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::ops::sync::{Taken, merge_branch};
use crate::record::{Exit, Result, Words, plural};
use crate::store::Way;
use crate::words;

/// Does it.
pub fn run(branch: &str, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let taken = merge_branch(&session, branch)?;
    let drawn = sheet(&taken.brought, &[], &session.config.dictionary);
    let json = || merge_json(&taken, branch, context.dry_run);
    if context.wants_numbers() {
        ui.print_all(&moved_lines(&taken.brought))?;
    } else if !drawn.rows.is_empty() || context.wants_json() {
        let drawing = Drawing::Sheet(drawn);
        deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: None }, context, ui)?;
    }
    ui.note(&told(&taken, branch, context.dry_run));
    if context.dry_run {
        return Ok(if taken.brought.has_conflicts() { Exit::Conflict } else { Exit::Done });
    }
    note_conflicts(&session, ui)?;
    let came = taken.brought.came.iter().map(|step| step.path.as_str());
    let broken =
        note_errors(&session, came.chain(taken.brought.met.iter().map(|met| met.path.as_str())).collect(), ui)?;
    Ok(if taken.brought.has_conflicts() { Exit::Conflict } else { broken })
}

/// Says in one line what happened.
fn told(taken: &Taken, branch: &str, dry_run: bool) -> Words {
    if taken.way == Way::Nothing {
        return words!("all of `{branch}` is here already", "`{branch}` 的内容已全部在此");
    }
    let n = taken.commits;
    let en = plural(n, "commit");
    match dry_run {
        true => words!("`{branch}`: {en} would come", "`{branch}`：将合入 {n} 次提交"),
        false => words!("`{branch}`: {en} came", "`{branch}`：已合入 {n} 次提交"),
    }
}
