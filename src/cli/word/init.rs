//! `kehu init`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};
use std::path::PathBuf;

/// A repository to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitRequest {
    /// Its top folder; that of the context when none is given.
    pub dir: Option<PathBuf>,
}

pub(super) const WORD: Word = Word {
    name: "init",
    about: Label::new("Make a repository for records", "创建存放记录的仓库"),
    detail: Label::new(
        "Makes a git repository, or takes the existing one, and commits kehu.toml and config/ with every default \
         written out, in the language spoken.",
        "创建 git 仓库（或使用已有的），以所用语言写出 kehu.toml 和 config/ 中的全部默认配置并提交。",
    ),
    examples: &[Label::new("kehu init sales", "kehu init 销售 --lang zh")],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.position("dir", value::DIR, "The folder; this one when left out", "目录；省略则为当前目录")
            .value_parser(clap::value_parser!(PathBuf)),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::Init(InitRequest { dir: matches.get_one::<PathBuf>("dir").cloned() }))
}
