//! Makes a repository of records.

use super::desk::options;
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::InitRequest;
use crate::ops::init::{InitOptions, init};
use crate::record::{Exit, Result};
use crate::store::Repo;
use crate::words;
use std::path::PathBuf;

/// Does it.
pub fn run(request: &InitRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let start = context.start_dir()?;
    let dir = request.dir.as_ref().map_or(start.clone(), |dir| start.join(dir));
    let dir: PathBuf = dir.components().collect();
    let options = options(context, ui);
    let made = init(&dir, &init_options(context, ui, &options.note))?;
    ui.lang = context.lang(Repo::peek_locale(&dir));
    let (shown, count) = (dir.display(), made.files.len());
    if count == 0 {
        ui.note(&words!("`{shown}` is a kehu repository already", "`{shown}` 已是 kehu 仓库"));
        if made.drivers {
            ui.note(&words!("git now shows its records in words", "git 现在会以文字显示其中的记录"));
        }
    } else if context.dry_run {
        ui.note(&words!("would write {count} files in `{shown}`", "将在 `{shown}` 中写入 {count} 个文件"));
    } else {
        ui.note(&words!("made `{shown}`: {count} files, one commit", "已创建 `{shown}`：{count} 个文件，一次提交"));
        ui.note(&words!("next: `kehu -C {shown} lead import FILE`", "下一步：`kehu -C {shown} lead import 文件`"));
    }
    Ok(Exit::Done)
}

/// Returns what making a repository needs to know of the context.
pub fn init_options<'a>(context: &Context, ui: &Ui, note: &'a dyn Fn(crate::record::Words)) -> InitOptions<'a> {
    InitOptions {
        lang: ui.lang,
        now: context.clock.now(chrono_tz::Asia::Shanghai).fixed_offset(),
        lock_timeout: context.lock_timeout,
        note,
        dry_run: context.dry_run,
    }
}
