//! `kehu man`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};
use std::path::PathBuf;

/// Manual pages that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManRequest {
    /// The folder to write all pages to; the main page to stdout when none is given.
    pub out: Option<PathBuf>,
}

pub(super) const WORD: Word = Word {
    name: "man",
    about: Label::new("Print the manual page, or write all of them", "输出手册页，或写出全部手册页"),
    detail: Label::new("", ""),
    examples: &[
        Label::new("kehu man | man -l -", "kehu man | man -l -"),
        Label::new("kehu man --out ~/.local/share/man/man1", "kehu man --out ~/.local/share/man/zh_CN/man1"),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![s.path("out", value::DIR, "Write the pages of all commands to this folder", "将所有命令的手册页写入该目录")]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::Man(ManRequest { out: matches.get_one::<PathBuf>("out").cloned() }))
}
