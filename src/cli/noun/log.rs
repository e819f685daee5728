//! `kehu NOUN log`, and what it shares with `kehu log`

use super::{Verb, count, texts};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::ops::log::Question;
use crate::record::{Kind, Label, Result};
use clap::{Arg, ArgMatches};

/// The verb.
pub const VERB: Verb = Verb {
    name: "log",
    about: Label::new("Show who changed {nouns}, when and what", "显示{noun}的修改历史：何人、何时、改了什么"),
    detail: DETAIL,
    examples: |_| {
        vec![
            Label::new("kehu {kind} log {num}", "kehu {kind} log {num}"),
            Label::new("kehu {kind} log --since today-7d --by me", "kehu {kind} log --since today-7d --by me"),
        ]
    },
    fits: |_| true,
    args: |_, s| args(s),
    parse: |kind, matches| Ok(Request::Log(question(Some(kind), matches))),
};

/// What there is to know of it.
pub const DETAIL: Label = Label::new(
    "Newest first. A commit that touches more than ten records is one line, unless one record or `--all` is asked for. \
     A record is followed through its moves and other numbers.",
    "最新的在前。改动超过十条记录的提交合为一行，除非指定了某条记录或 `--all`。记录移动位置或改编号后仍能追溯。",
);

/// Makes the arguments.
pub fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.position(
            "number",
            Label::new("NUM|NAME", "编号|名称"),
            "Which record; all when left out",
            "记录的编号或名称；省略则为全部",
        ),
        s.switch("followups", "With the follow-ups about the record", "同时显示针对该记录的跟进记录")
            .requires("number"),
        s.option(
            "by",
            Label::new("me|USER", "me|用户"),
            "Only what this user did, or others in the user's name",
            "只显示该用户所做的，或他人代其所做的",
        ),
        s.option("since", value::DATE, "From this day or moment on", "起始日期或时刻"),
        s.option("until", value::DATE, "To this day, which is in it, or moment", "截止日期（含当日）或时刻"),
        s.option("field", value::KEY, "Only changes of this field", "只显示该字段的改动"),
        s.count("limit", "At most this many changes", "最多显示的改动数"),
        s.switch("all", "Tell bulk changes record by record too", "批量改动也逐条显示"),
    ]
}

/// Reads the arguments; `kind` is the noun, where there is one.
pub fn question(kind: Option<Kind>, matches: &ArgMatches) -> Question {
    let text = |id: &str| texts(matches, id).next().map(String::from);
    Question {
        kind,
        record: text("number"),
        followups: matches.get_flag("followups"),
        by: text("by"),
        since: text("since"),
        until: text("until"),
        field: text("field"),
        limit: count(matches, "limit"),
        all: matches.get_flag("all"),
    }
}

/// Reads a kind by its noun; the words clap offers are all there are.
pub fn kind_of(matches: &ArgMatches) -> Result<Option<Kind>> {
    Ok(texts(matches, "kind").next().and_then(Kind::find))
}
