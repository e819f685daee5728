//! `kehu textconv`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches, value_parser};
use std::path::PathBuf;

/// A file to be shown as git's diff shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextconvRequest {
    /// The file.
    pub path: PathBuf,
}

pub(super) const WORD: Word = Word {
    name: "textconv",
    about: Label::new(
        "Print a record's file with words behind its lines, for git",
        "输出记录文件并在行后注明文字，供 git 使用",
    ),
    detail: Label::new(
        "`kehu init` has git call it, so that `git diff` and `git log -p` show what fields and keys are called. \
         A file that is no record is printed as it is.",
        "`kehu init` 会让 git 调用它，使 `git diff` 和 `git log -p` 显示字段与选项的名称。不是记录的文件原样输出。",
    ),
    examples: &[Label::new(
        "kehu textconv leads/2026/LEAD-2026-001.toml",
        "kehu textconv leads/2026/LEAD-2026-001.toml",
    )],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![s.position("file", value::FILE, "The file", "文件").required(true).value_parser(value_parser!(PathBuf))]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let path = matches.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    Ok(Request::Textconv(TextconvRequest { path }))
}
