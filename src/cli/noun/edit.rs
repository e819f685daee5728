//! `kehu NOUN edit`

use super::{Verb, texts};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Kind, Label, Result};
use clap::{Arg, ArgMatches};

/// A record to be edited by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditRequest {
    /// Its kind.
    pub kind: Kind,
    /// Its number, or what people call it.
    pub number: String,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "edit",
    about: Label::new("Edit a {noun} in your editor", "用编辑器修改{noun}"),
    detail: Label::new(
        "The editor is KEHU_EDITOR, VISUAL, EDITOR or git's core.editor. What you leave is checked; with mistakes \
         in it you may go on, and off a terminal it is refused, with the text kept.",
        "编辑器依次取 KEHU_EDITOR、VISUAL、EDITOR、git 的 core.editor。保存后会检查；有错时可继续编辑，\
         不在终端上时则拒绝，并保留文本。",
    ),
    examples: |_| vec![Label::new("kehu {kind} edit {num}", "kehu {kind} edit {num}")],
    fits: |_| true,
    args,
    parse,
};

fn args(_: Kind, s: Speaker) -> Vec<Arg> {
    vec![s.position("number", value::NUM, "Which", "编号").required(true)]
}

fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    let number = texts(matches, "number").next().unwrap_or_default().to_string();
    Ok(Request::Edit(EditRequest { kind, number }))
}
