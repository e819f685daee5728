//! `kehu demo`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};
use std::path::PathBuf;

/// A demonstration that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoRequest {
    /// The folder to make; a name of the program's choice when none is given.
    pub dir: Option<PathBuf>,
}

pub(super) const WORD: Word = Word {
    name: "demo",
    about: Label::new("Make a repository of sample data and show the weekly report", "用示例数据创建仓库并显示周报"),
    detail: Label::new(
        "Imports the sample spreadsheets, scores the leads and says what to try next.",
        "导入示例表格，为线索评分，并提示接下来可以尝试什么。",
    ),
    examples: &[Label::new("kehu demo /tmp/kehu-demo", "kehu demo /tmp/kehu-demo")],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![s.position("dir", value::DIR, "The folder to make", "要创建的目录").value_parser(clap::value_parser!(PathBuf))]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::Demo(DemoRequest { dir: matches.get_one::<PathBuf>("dir").cloned() }))
}
