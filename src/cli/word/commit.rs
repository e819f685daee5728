//! `kehu commit`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};
use std::path::PathBuf;

/// Hand edits to be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitRequest {
    /// The files and folders; all hand edits when empty.
    pub paths: Vec<PathBuf>,
}

pub(super) const WORD: Word = Word {
    name: "commit",
    about: Label::new("Check and commit what was edited by hand", "检查并提交手工修改"),
    detail: Label::new(
        "Only records and configuration are committed, in a commit of their own; with mistakes in them nothing is.",
        "只提交记录和配置，单独成为一次提交；其中有错则都不提交。",
    ),
    examples: &[
        Label::new("kehu commit -m 'correct the regions'", "kehu commit -m '更正地区'"),
        Label::new("kehu commit leads/2026/LEAD-2026-001.toml", "kehu commit leads/2026/LEAD-2026-001.toml"),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![s.paths("paths", value::PATH, "What to commit; all when left out", "要提交的路径；省略则为全部")]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let paths = matches.get_many::<PathBuf>("paths").into_iter().flatten().cloned().collect();
    Ok(Request::Commit(CommitRequest { paths }))
}
