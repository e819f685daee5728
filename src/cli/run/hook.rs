//! Installs git hooks, and runs the one of a server.

use super::desk::open;
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::HookRequest;
use crate::ops::check::moment;
use crate::ops::hook::{Head, install_pre_commit, install_pre_receive, settle_head};
use crate::ops::receive::{Update, receive};
use crate::record::{Exit, Failure, Result};
use crate::store::{Oid, Repo, Source};
use crate::words;

/// Installs one.
pub fn run(request: &HookRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let written = match request {
        HookRequest::PreCommit => install_pre_commit(&open(context, ui)?)?,
        HookRequest::PreReceive(dir) => {
            let start = context.start_dir()?;
            let dir = dir.as_ref().map_or_else(|| Ok(start), std::path::absolute);
            let dir = dir.map_err(|error| Failure::failed(words!("{error}", "{error}")))?;
            let repo = Repo::bare(&dir, Vec::new())?;
            let written = install_pre_receive(&repo, context.dry_run)?;
            note_head(&repo, &settle_head(&repo, context.dry_run)?, context.dry_run, ui);
            written
        }
    };
    match written {
        Some(path) if context.dry_run => ui.note(&words!("would write `{}`", "将写入 `{}`"; path.display())),
        Some(path) => ui.note(&words!("wrote `{}`", "已写入 `{}`"; path.display())),
        None => ui.note(&words!("the hook is installed already", "钩子已安装")),
    }
    Ok(Exit::Done)
}

/// Says what HEAD names, where it named no branch that is there.
fn note_head(repo: &Repo, head: &Head, dry_run: bool, ui: &mut Ui) {
    match head {
        Head::Sound => {}
        Head::Mended(main) if dry_run => {
            ui.note(&words!(
                "HEAD names a branch that is not there; it would name `{main}`",
                "HEAD 指向不存在的分支；将改为 `{main}`"
            ));
        }
        Head::Mended(main) => {
            ui.note(&words!(
                "HEAD named a branch that is not there; it names `{main}` now",
                "HEAD 原指向不存在的分支；现已改为 `{main}`"
            ));
        }
        Head::Unsure(named) => {
            let dir = repo.root().display();
            ui.note(&words!(
                "`{named}` is not there and which branch is the main one cannot be told, so every push is refused until \
                 `git --git-dir {dir} symbolic-ref HEAD refs/heads/BRANCH` says it",
                "`{named}` 不存在，且无法确定主分支；在用 `git --git-dir {dir} symbolic-ref HEAD refs/heads/分支` 指定之前，所有推送都会被拒绝"
            ));
        }
    }
}

/// Judges the push that git tells of on stdin.
pub fn run_pre_receive(context: &Context, ui: &mut Ui) -> Result<Exit> {
    let push = &context.push;
    let start = context.start_dir()?;
    let dir = push.git_dir.as_ref().map_or(start.clone(), |dir| start.join(dir));
    let repo = Repo::bare(&dir, push.objects.clone())?;
    let updates = updates(&context.read_stdin()?)?;
    let tip = repo.branches()?.main().map(|name| repo.tip_of(name)).transpose()?.flatten();
    let tip = tip.or_else(|| updates.iter().find_map(|update| repo.commit_of(update.new?)));
    let (locale, now) = match tip {
        Some(tip) => moment(&context.clock, &repo, &Source::Commit(tip)),
        None => (None, context.clock.now(chrono_tz::Asia::Shanghai)),
    };
    ui.lang = context.lang(locale);
    receive(&repo, &updates, push.pusher.clone(), now)?;
    Ok(Exit::Done)
}

/// Reads the lines `OLD NEW REF`; a commit of zeros is none.
fn updates(bytes: &[u8]) -> Result<Vec<Update>> {
    let text = String::from_utf8_lossy(bytes);
    let oid = |text: &str| text.parse::<Oid>().ok().map(|oid| Some(oid).filter(|oid| !oid.is_zero()));
    let update = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let (old, new, name) = (oid(parts.next()?)?, oid(parts.next()?)?, parts.next()?.to_string());
        Some(Update { old, new, name })
    };
    let line = |line: &str| {
        update(line).ok_or_else(|| {
            Failure::usage(words!("`{line}` is no line `OLD NEW REF`", "`{line}` 不是 `旧 新 引用` 形式的一行"))
        })
    };
    text.lines().filter(|line| !line.is_empty()).map(line).collect()
}
