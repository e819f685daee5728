//! `kehu lead score`

use super::{Selection, Verb, texts, where_arg};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Kind, LEAD, Label, Result};
use clap::{Arg, ArgMatches};

/// Scores that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreRequest {
    /// Which leads; all when empty.
    pub selection: Selection,
    /// Whether each dimension is to be explained.
    pub explain: bool,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "score",
    about: Label::new("Score {nouns} and say why", "为{noun}评分并说明依据"),
    detail: Label::new(
        "The model is config/scoring.toml. Scores are computed, never stored; a dimension nothing is known of \
         counts 0 and is named.",
        "评分模型见 config/scoring.toml。得分实时计算，从不存储；未知的维度计 0 分并列出。",
    ),
    examples: |_| {
        vec![
            Label::new("kehu {kind} score {num} --explain", "kehu {kind} score {num} --explain"),
            Label::new(
                "kehu {kind} score --where 'owner is missing' --json",
                "kehu {kind} score --where 'owner is missing' --json",
            ),
        ]
    },
    fits: |kind| kind == LEAD,
    args,
    parse,
};

fn args(_: Kind, s: Speaker) -> Vec<Arg> {
    vec![
        s.positions("numbers", value::NUM, "Which; all when left out", "编号；省略则为全部"),
        where_arg(s),
        s.switch(
            "explain",
            "Show each dimension with its points and the fact they come from",
            "显示各维度的得分及其依据",
        ),
    ]
}

fn parse(_: Kind, matches: &ArgMatches) -> Result<Request> {
    let selection = Selection::parse(texts(matches, "numbers").map(String::from).collect(), matches)?;
    Ok(Request::Score(ScoreRequest { selection, explain: matches.get_flag("explain") }))
}
