//! Syncs with a remote, and opens repositories that sync by themselves.

use super::desk::{Delivery, Drawing, deliver, open, open_on};
use super::sync_told::{moved_lines, sheet, sync_json};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::{SYNC_TIMEOUT, SyncRequest};
use crate::ops::Session;
use crate::ops::check::errors_at;
use crate::ops::conflicts;
use crate::ops::doubles::twins;
use crate::ops::gates::lacking;
use crate::ops::session::describe;
use crate::ops::sync::{SyncOptions, Synced, auto, sync};
use crate::record::{Exit, Kind, Result, Words, plural};
use crate::store::Network;
use crate::words;
use std::collections::BTreeSet;
use std::time::Duration;

/// So many mistakes are named one by one.
const NAMED: usize = 5;

/// Does it.
pub fn run(request: &SyncRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let network = Network { limit: request.timeout, may_ask: context.terminal.stdin };
    let synced = sync(&session, &SyncOptions { remote: request.remote.clone(), network })?;
    let drawn = sheet(&synced.brought, &synced.went, &session.config.dictionary);
    if context.wants_numbers() {
        ui.print_all(&moved_lines(&synced.brought))?;
    } else if !drawn.rows.is_empty() || context.wants_json() {
        let json = || sync_json(&synced);
        let drawing = Drawing::Sheet(drawn);
        deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: None }, context, ui)?;
    }
    if !synced.dry_run {
        note_edits(&session, ui)?;
    }
    match synced.failure {
        Some(failure) => Err(failure),
        None => {
            ui.note(&told(&synced));
            note_conflicts(&session, ui)?;
            let steps = synced.brought.came.iter().chain(&synced.went).map(|step| step.path.as_str());
            let all = steps.chain(synced.brought.met.iter().map(|met| met.path.as_str())).collect();
            let broken = if synced.dry_run { Exit::Done } else { note_errors(&session, all, ui)? };
            Ok(if synced.brought.has_conflicts() { Exit::Conflict } else { broken })
        }
    }
}

/// Opens a repository to make records of a kind in; where it syncs by itself, after a sync.
pub fn open_in_step(kind: Kind, branch: Option<&str>, context: &Context, ui: &mut Ui) -> Result<Session> {
    let session = open_on(branch, context, ui)?;
    if !auto::is_automatic(&session, kind) {
        return Ok(session);
    }
    auto::before(&session, usual_network(context))?;
    open_on(branch, context, ui)
}

/// Returns how a command that syncs by itself goes over the network.
pub fn usual_network(context: &Context) -> Network {
    Network { limit: Duration::from_secs(SYNC_TIMEOUT), may_ask: context.terminal.stdin }
}

/// Says in one line what happened.
fn told(synced: &Synced) -> Words {
    let shown = synced.remote.shown();
    if synced.commits_in + synced.commits_out == 0 {
        return words!("already in step with `{shown}`", "已与 `{shown}` 一致");
    }
    let (n, m) = (synced.commits_in, synced.commits_out);
    let (came, went) = (plural(n, "commit"), plural(m, "commit"));
    match synced.dry_run {
        true => {
            words!("`{shown}`: {came} would come, {went} would go", "`{shown}`：将获取 {n} 次提交，推送 {m} 次提交")
        }
        false => words!("`{shown}`: {came} came, {went} went", "`{shown}`：获取了 {n} 次提交，推送了 {m} 次提交"),
    }
}

/// Says that conflicts are open, also those of an earlier sync or of others: they are told until they are settled.
pub fn note_conflicts(session: &Session, ui: &Ui) -> Result<()> {
    let n = conflicts::count(session)?;
    if n > 0 {
        let en = plural(n, "open conflict");
        ui.note(&words!(
            "{en}: `kehu conflicts` shows both sides, `kehu resolve` settles them",
            "有 {n} 处未处理的冲突：用 `kehu conflicts` 查看双方的值，用 `kehu resolve` 处理"
        ));
    }
    Ok(())
}

/// Names what breaks a rule among the records that came and went: a merge of two good sides may, and so may what
/// somebody committed by hand.
pub fn note_errors(session: &Session, paths: BTreeSet<&str>, ui: &Ui) -> Result<Exit> {
    let twins = twins(session, paths.iter().copied())?;
    twins.iter().take(NAMED).for_each(|twin| ui.warn(twin));
    if let Some(more) = twins.len().checked_sub(NAMED).filter(|more| *more > 0) {
        let en = plural(more, "pair");
        ui.note(&words!("{en} more; `kehu check` names all", "另有 {more} 对；用 `kehu check` 查看全部"));
    }
    let mut errors: Vec<Words> = errors_at(session, paths.iter().copied())?.iter().map(describe).collect();
    errors.extend(lacking(session, paths.into_iter())?.iter().map(|shut| shut.told(&session.config)));
    errors.iter().take(NAMED).for_each(|error| ui.warn(error));
    let n = errors.len();
    if n == 0 {
        return Ok(Exit::Done);
    }
    let en = plural(n, "mistake");
    ui.note(&words!(
        "{en} in what was merged; `kehu check` names all",
        "合并的内容中有 {n} 处错误；用 `kehu check` 查看全部"
    ));
    Ok(Exit::Partly)
}

/// Says that hand edits did not go.
fn note_edits(session: &Session, ui: &Ui) -> Result<()> {
    let edits = session.repo.status()?.len();
    if edits > 0 {
        let en = plural(edits, "file");
        ui.note(&words!(
            "hand edits did not go: {en}; `kehu commit` commits them",
            "{edits} 个文件有手工修改，未被推送；`kehu commit` 提交它们"
        ));
    }
    Ok(())
}
