//! Opens a record in the user's editor.

use super::desk::{open, tell_outcome};
use crate::cli::context::Context;
use crate::cli::noun::edit::EditRequest;
use crate::cli::ui::Ui;
use crate::ops::edit::{Draft, judge, refused, save, take};
use crate::ops::session::describe;
use crate::ops::{Outcome, Session};
use crate::record::{Exit, Failure, Finding, Result};
use crate::store::refused as denied;
use crate::words;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Does it.
pub fn run(request: &EditRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let draft = take(&session, request.kind, &request.number)?;
    let path = scratch(&session, &draft)?;
    let outcome = round(&session, &draft, &path, context, ui)?;
    // The text is in the commit; a scratch file that stays does no harm.
    let _ = fs::remove_file(&path);
    tell_outcome(&outcome, &session, context, ui)
}

/// Lets the person edit until the text holds or they give up.
fn round(session: &Session, draft: &Draft, path: &Path, context: &Context, ui: &Ui) -> Result<Outcome> {
    loop {
        launch(&editor(session, context), path).inspect_err(|_| discard_untouched(draft, path))?;
        let text = fs::read_to_string(path).map_err(|error| lost(path, &error))?;
        let findings = judge(session, draft, &text);
        if findings.is_empty() {
            return save(session, draft, text).map_err(|failure| failure.hint(kept(path)));
        }
        show_in_place(&text, &findings, ui);
        if !(context.terminal.stdin && context.terminal.stderr && ui.ask_again(context)?) {
            return Err(refused(draft, findings.len()).hint(kept(path)));
        }
    }
}

/// Takes the scratch file away that nobody typed into.
fn discard_untouched(draft: &Draft, path: &Path) {
    if fs::read_to_string(path).is_ok_and(|text| text == draft.text) {
        // A scratch file that stays does no harm.
        let _ = fs::remove_file(path);
    }
}

/// Prints each mistake with its line and a mark under the place.
fn show_in_place(text: &str, findings: &[Finding], ui: &Ui) {
    for finding in findings {
        ui.warn(&describe(finding));
        if let Some(line) = finding.line.checked_sub(1).and_then(|at| text.lines().nth(at)) {
            let before: String = line.chars().take(finding.column.saturating_sub(1)).collect();
            let gap = " ".repeat(unicode_width::UnicodeWidthStr::width(before.as_str()));
            ui.tell(&format!("    {line}\n    {gap}^"));
        }
    }
}

/// Writes the text to a file of its own beside git's, so that nothing is lost when the editor or kehu dies.
fn scratch(session: &Session, draft: &Draft) -> Result<PathBuf> {
    let folder = session.repo.private_dir();
    let path = folder.join(format!("edit-{}.toml", draft.record.number));
    let write = || fs::create_dir_all(&folder).and_then(|()| fs::write(&path, &draft.text));
    write().map_err(|error| {
        let shown = path.display();
        denied(&words!("cannot write `{shown}`", "无法写入 `{shown}`"), &error)
    })?;
    Ok(path)
}

/// Returns the editor: of the environment, else of git, else `vi`.
fn editor(session: &Session, context: &Context) -> OsString {
    let of_git = || session.repo.git().config().and_then(|config| config.get_string("core.editor")).ok();
    context.editor.clone().or_else(|| of_git().map(OsString::from)).unwrap_or_else(|| "vi".into())
}

/// Runs the editor, whose command line may have arguments, as git does.
fn launch(editor: &OsString, path: &Path) -> Result<()> {
    let shown = editor.to_string_lossy().into_owned();
    let status = Command::new("sh").arg("-c").arg(format!("{shown} \"$@\"")).arg("sh").arg(path).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            Err(Failure::failed(words!("the editor `{shown}` failed ({status})", "编辑器 `{shown}` 失败（{status}）"))
                .hint(words!("nothing was changed", "未作任何修改")))
        }
        Err(error) => Err(Failure::failed(words!(
            "cannot start the editor `{shown}`: {error}",
            "无法启动编辑器 `{shown}`：{error}"
        ))
        .hint(words!("set KEHU_EDITOR or EDITOR", "请设置 KEHU_EDITOR 或 EDITOR"))),
    }
}

fn kept(path: &Path) -> crate::record::Words {
    words!("your text is kept in `{}`", "您的文本保存在 `{}`"; path.display())
}

fn lost(path: &Path, error: &std::io::Error) -> Failure {
    let path = path.display();
    denied(&words!("cannot read `{path}`", "无法读取 `{path}`"), error)
}
