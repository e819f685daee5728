//! Installs git hooks.

use super::desk::open;
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::HookRequest;
use crate::ops::hook::install_pre_commit;
use crate::record::{Exit, Result};
use crate::words;

/// Does it.
pub fn run(_: &HookRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    match install_pre_commit(&session)? {
        Some(path) if context.dry_run => ui.note(&words!("would write `{}`", "将写入 `{}`"; path.display())),
        Some(path) => ui.note(&words!("wrote `{}`", "已写入 `{}`"; path.display())),
        None => ui.note(&words!("the hook is installed already", "钩子已安装")),
    }
    Ok(Exit::Done)
}
