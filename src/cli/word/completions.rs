//! `kehu completions`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::record::{Label, Result};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches};
use clap_complete::Shell;

/// Completions that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionsRequest {
    /// The shell they are for.
    pub shell: Shell,
}

pub(super) const WORD: Word = Word {
    name: "completions",
    about: Label::new("Print a shell's completions", "输出 shell 的补全脚本"),
    detail: Label::new("", ""),
    examples: &[
        Label::new(
            "kehu completions bash > ~/.local/share/bash-completion/completions/kehu",
            "kehu completions bash > ~/.local/share/bash-completion/completions/kehu",
        ),
        Label::new(
            "kehu completions fish > ~/.config/fish/completions/kehu.fish",
            "kehu completions fish > ~/.config/fish/completions/kehu.fish",
        ),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.position("shell", Label::new("SHELL", "终端"), "Which shell", "哪种 shell")
            .required(true)
            .value_parser(PossibleValuesParser::new(["bash", "zsh", "fish"])),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let shell = match matches.get_one::<String>("shell").map(String::as_str) {
        Some("zsh") => Shell::Zsh,
        Some("fish") => Shell::Fish,
        _ => Shell::Bash,
    };
    Ok(Request::Completions(CompletionsRequest { shell }))
}
