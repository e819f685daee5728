//! Shows what was edited by hand, and commits it.

use super::desk::{Delivery, Drawing, deliver, open, print_json};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::CommitRequest;
use crate::ops::Session;
use crate::ops::commit::{commit, status};
use crate::record::{Exit, Label, Result, Words, plural};
use crate::sheet::{Cell, Column, Sheet};
use crate::store::{EditKind, HandEdit};
use crate::words;
use serde_json::json;
use std::path::PathBuf;

/// Shows what was edited.
pub fn show(context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let edits = status(&session, &[])?;
    if edits.is_empty() && !context.wants_json() {
        ui.note(&words!("no file was edited by hand", "没有手工修改的文件"));
        return Ok(Exit::Done);
    }
    let all = || edits.iter().map(|edit| json!({ "path": edit.path, "change": name(edit.kind).0 })).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.status", "version": 1, "edits": all() });
    let drawing = Drawing::Sheet(sheet(&edits));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    Ok(Exit::Done)
}

/// Validates and commits what was edited.
pub fn run_commit(request: &CommitRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let paths = tracked_paths(&session, context, &request.paths)?;
    let (edits, outcome) = commit(&session, &paths)?;
    if context.json {
        let paths: Vec<&str> = edits.iter().map(|edit| edit.path.as_str()).collect();
        let json = json!({ "schema": "kehu.commit", "version": 1, "commit": outcome.commit, "paths": paths });
        ui.emit(|out| print_json(&json, out))?;
        return Ok(Exit::Done);
    }
    let (n, files) = (edits.len(), plural(edits.len(), "file"));
    ui.note(&match (&outcome.commit, n) {
        (Some(_), _) => words!("committed {files}", "已提交 {n} 个文件"),
        (None, 0) => words!("no file was edited by hand", "没有手工修改的文件"),
        (None, _) => words!("would commit {files}", "将提交 {n} 个文件"),
    });
    Ok(Exit::Done)
}

/// Returns paths as the repository names them: from its top, with `/`.
fn tracked_paths(session: &Session, context: &Context, paths: &[PathBuf]) -> Result<Vec<String>> {
    paths.iter().map(|path| session.repo.relative(&context.start_dir()?, path)).collect()
}

fn sheet(edits: &[HandEdit]) -> Sheet {
    let columns = vec![Column::text("change", "Change", "变化"), Column::text("path", "File", "文件")];
    let mut sheet = Sheet::new("edits", Words::default(), columns);
    sheet.rows = edits
        .iter()
        .map(|edit| {
            let (key, label) = name(edit.kind);
            vec![Cell::Label(key.into(), label.into()), Cell::text(&edit.path)]
        })
        .collect();
    sheet
}

fn name(kind: EditKind) -> (&'static str, Label) {
    match kind {
        EditKind::Added => ("added", Label::new("added", "新增")),
        EditKind::Modified => ("modified", Label::new("modified", "修改")),
        EditKind::Deleted => ("deleted", Label::new("deleted", "删除")),
        EditKind::Staged => ("staged", Label::new("staged otherwise", "暂存内容不同")),
        EditKind::Conflicted => ("conflicted", Label::new("conflicted", "冲突")),
    }
}
