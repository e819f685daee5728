//! `kehu undo`, `kehu redo`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::record::Label;
use clap::{Arg, ArgMatches};

/// An operation to be taken back or done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoRequest {
    /// Its name, the beginning of it, or a commit; one's own last when absent.
    pub operation: Option<String>,
}

pub(super) const UNDO: Word = Word {
    name: "undo",
    about: Label::new("Take an operation back", "撤销一次操作"),
    detail: Label::new(
        "Takes out what the operation changed, field by field, in a commit of its own: an import, a bulk change, any \
         other, also after a push. Without a name it is your own last. Where later changes build on it, nothing is done \
         and they are named.",
        "以一次新提交逐字段撤销该操作的改动：导入、批量修改或其他操作均可，推送之后也可以。不写名称时撤销您自己的上一次操作。\
         若后来的改动建立在其上，则不做任何更改并列出这些改动。",
    ),
    examples: &[
        Label::new("kehu undo", "kehu undo"),
        Label::new("kehu undo 20260312T093000-k7x2ab", "kehu undo 20260312T093000-k7x2ab"),
    ],
    args,
    action: Action::Parse(|matches| Ok(Request::Undo(request(matches)))),
};

pub(super) const REDO: Word = Word {
    name: "redo",
    about: Label::new("Do an operation again that was taken back", "重做已撤销的操作"),
    detail: Label::new("Without a name it is the one you took back last.", "不写名称时重做您最近一次撤销的操作。"),
    examples: &[Label::new("kehu redo", "kehu redo")],
    args,
    action: Action::Parse(|matches| Ok(Request::Redo(request(matches)))),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.position(
            "operation",
            Label::new("OP", "操作"),
            "The operation, as `kehu op log` names it, or a commit",
            "操作名称（见 `kehu op log`）或提交",
        ),
        s.switch("last", "Your own last one; what is taken without a name", "您自己的最近一次；不写名称时即为此")
            .conflicts_with("operation"),
    ]
}

fn request(matches: &ArgMatches) -> UndoRequest {
    UndoRequest { operation: matches.get_one::<String>("operation").cloned() }
}
