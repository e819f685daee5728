//! `kehu check`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};
use std::path::PathBuf;

/// A check that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRequest {
    /// The files and folders to check; all when empty.
    pub paths: Vec<PathBuf>,
    /// Whether what is staged for the next commit is checked instead of the files.
    pub staged: bool,
}

pub(super) const WORD: Word = Word {
    name: "check",
    about: Label::new("Check records and configuration", "检查记录和配置"),
    detail: Label::new(
        "Each finding has its place, a code, a sentence and, where known, what would mend it. The exit code is 6 \
         when something is wrong. `-o github` prints annotations for a workflow. With `--staged` only what the next \
         commit would newly break is named, so that an old mistake does not stand in its way.",
        "每条结果包含位置、代码、说明，并尽可能给出修正办法。有问题时退出码为 6。`-o github` 输出工作流注释。使用 `--staged` 时只列出\
         下一次提交新带来的问题，旧问题不会阻止提交。",
    ),
    examples: &[
        Label::new("kehu check", "kehu check"),
        Label::new("kehu check leads/2026 --json", "kehu check leads/2026 --json"),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.paths("paths", value::PATH, "What to check; all when left out", "要检查的路径；省略则为全部"),
        s.switch(
            "staged",
            "Check what is staged, as a pre-commit hook does",
            "检查已暂存的内容，供 pre-commit 钩子使用",
        ),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let paths = matches.get_many::<PathBuf>("paths").into_iter().flatten().cloned().collect();
    Ok(Request::Check(CheckRequest { paths, staged: matches.get_flag("staged") }))
}
