//! `kehu help`

use super::{Action, Word};
use crate::cli::noun::texts;
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};

/// Help that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpRequest {
    /// A topic, or the words of a command; neither when empty.
    pub words: Vec<String>,
}

pub(super) const WORD: Word = Word {
    name: "help",
    about: Label::new("Explain a topic or a command", "解释主题或命令"),
    detail: Label::new(
        "Topics: exit-codes, fields, filters, import-mapping, dates, formats.",
        "主题：exit-codes、fields、filters、import-mapping、dates、formats。",
    ),
    examples: &[
        Label::new("kehu help exit-codes", "kehu help exit-codes"),
        Label::new("kehu help lead add", "kehu help lead add"),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![s.positions("words", Label::new("TOPIC|COMMAND", "主题|命令"), "What to explain", "要解释的内容")]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::Help(HelpRequest { words: texts(matches, "words").map(String::from).collect() }))
}
