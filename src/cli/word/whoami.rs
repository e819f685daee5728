//! `kehu whoami`

use super::{Action, Word, no_args};
use crate::cli::request::Request;
use crate::record::Label;

pub(super) const WORD: Word = Word {
    name: "whoami",
    about: Label::new("Say who you are here, and what you may read and write", "说明您在此处的身份与读写范围"),
    detail: Label::new(
        "By git's e-mail address, or by `--as`, which is for admins where roles hold. `-q` prints the login alone.",
        "依据 git 的邮箱，或 `--as` 指定的用户（启用角色限制后只有管理员可用）。`-q` 只输出用户名。",
    ),
    examples: &[
        Label::new("kehu whoami", "kehu whoami"),
        Label::new("kehu whoami --as li.ming", "kehu whoami --as li.ming"),
    ],
    args: no_args,
    action: Action::Parse(|_| Ok(Request::Whoami)),
};
