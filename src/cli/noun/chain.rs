//! `kehu customer chain`

use super::{Verb, texts};
use crate::cli::request::Request;
use crate::cli::speaker::value;
use crate::record::{CUSTOMER, Label};

/// The verb.
pub const VERB: Verb = Verb {
    name: "chain",
    about: Label::new("Draw who decides at a {noun}, and who reports to whom", "查看{noun}的决策链和汇报关系"),
    detail: Label::new(
        "The contacts as a tree, with role, influence, attitude and the last follow-up with each; roles that nobody is \
         known to have are named. `-o FILE.mmd` writes a Mermaid chart.",
        "以树形列出联系人及其角色、影响力、态度和最近一次跟进，并指出尚无人担任的角色。`-o 文件.mmd` 输出 Mermaid 图。",
    ),
    examples: |_| {
        vec![
            Label::new("kehu {kind} chain {num}", "kehu {kind} chain {num}"),
            Label::new("kehu {kind} chain {num} -o chain.mmd", "kehu {kind} chain {num} -o 决策链.mmd"),
        ]
    },
    fits: |kind| kind == CUSTOMER,
    args: |_, s| vec![s.position("number", value::NUM, "Which", "编号").required(true)],
    parse: |_, matches| Ok(Request::Chain(texts(matches, "number").next().unwrap_or_default().to_string())),
};
