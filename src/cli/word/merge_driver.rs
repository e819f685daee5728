//! `kehu merge-driver`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches, value_parser};
use std::path::PathBuf;

/// A file to be merged for git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeDriverRequest {
    /// The version both sides began with.
    pub base: PathBuf,
    /// Our version, which the merged one replaces.
    pub ours: PathBuf,
    /// Their version.
    pub theirs: PathBuf,
    /// Where the file lies in the repository.
    pub path: String,
}

pub(super) const WORD: Word = Word {
    name: "merge-driver",
    about: Label::new("Merge a record field by field, for git", "按字段合并记录，供 git 使用"),
    detail: Label::new(
        "`kehu init` has git call it, so that `git merge`, `git pull`, `git rebase` and `git cherry-pick` merge \
         records as `kehu sync` does. The merged file replaces OURS. What both sides changed differently is \
         recorded in it, and `kehu conflicts` shows it; only where a file has no place for that git's marks stay in \
         it and the exit code is not 0.",
        "`kehu init` 会让 git 调用它，使 `git merge`、`git pull`、`git rebase` 和 `git cherry-pick` 与 `kehu sync` 一样合并记录。\
         合并结果写入“我方”文件。双方改成不同的值时记入文件，由 `kehu conflicts` 列出；只有文件无处记录时才留下 git 的冲突标记，\
         退出码不为 0。",
    ),
    examples: &[Label::new(
        "kehu merge-driver base.toml ours.toml theirs.toml leads/2026/LEAD-2026-001.toml",
        "kehu merge-driver base.toml ours.toml theirs.toml leads/2026/LEAD-2026-001.toml",
    )],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    let file = |id, en, zh| s.position(id, value::FILE, en, zh).required(true).value_parser(value_parser!(PathBuf));
    vec![
        file("base", "The version both sides began with, `%O`", "双方的共同版本，`%O`"),
        file("ours", "Our version, `%A`; replaced by the merged one", "我方版本，`%A`；合并结果写入此文件"),
        file("theirs", "Their version, `%B`", "对方版本，`%B`"),
        s.position("path", value::PATH, "Where the file lies in the repository, `%P`", "文件在仓库中的路径，`%P`")
            .required(true),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let file = |id| matches.get_one::<PathBuf>(id).cloned().unwrap_or_default();
    let path = matches.get_one::<String>("path").cloned().unwrap_or_default();
    let (base, ours, theirs) = (file("base"), file("ours"), file("theirs"));
    Ok(Request::MergeDriver(MergeDriverRequest { base, ours, theirs, path }))
}
