//! `kehu status`

use super::{Action, Word, no_args};
use crate::cli::request::Request;
use crate::record::Label;

pub(super) const WORD: Word = Word {
    name: "status",
    about: Label::new("Show records edited by hand and not yet committed", "显示手工修改而尚未提交的记录"),
    detail: Label::new("`kehu commit` checks and commits them.", "`kehu commit` 检查并提交这些修改。"),
    examples: &[Label::new("kehu status", "kehu status")],
    args: no_args,
    action: Action::Parse(|_| Ok(Request::Status)),
};
