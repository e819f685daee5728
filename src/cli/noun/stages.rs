//! `kehu opportunity stages`

use super::{Verb, texts};
use crate::cli::request::Request;
use crate::cli::speaker::value;
use crate::record::{Label, OPPORTUNITY};

/// The opportunities asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagesRequest {
    /// Which; all when empty.
    pub numbers: Vec<String>,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "stages",
    about: Label::new("Show the stages {nouns} went through, when, and by whom", "显示{noun}经过的阶段、时间和操作人"),
    detail: Label::new(
        "Read from git's history: which commit changed the stage, and for how many days it stayed. With `--as-of` as it was then.",
        "取自 git 历史：哪次提交更改了阶段，停留多少天。配合 `--as-of` 可看当时的情况。",
    ),
    examples: |_| {
        ["kehu {kind} stages {num}", "kehu {kind} stages -o stages.xlsx"].map(|line| Label::new(line, line)).into()
    },
    fits: |kind| kind == OPPORTUNITY,
    args: |_, s| vec![s.positions("numbers", value::NUM, "Which; all when left out", "编号；省略则为全部")],
    parse: |_, matches| {
        let numbers = texts(matches, "numbers").map(String::from).collect();
        Ok(Request::Stages(StagesRequest { numbers }))
    },
};
