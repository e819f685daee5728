//! `kehu approve`

use super::{Action, Word};
use crate::cli::noun::texts;
use crate::cli::request::Request;
use crate::cli::speaker::value;
use crate::record::Label;

/// What is approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApproveRequest {
    /// The opportunities; those that wait are listed when there are none.
    pub numbers: Vec<String>,
    /// Up to what; what each is expected to be won for when absent.
    pub amount: Option<String>,
    /// What is said about it.
    pub note: Option<String>,
}

pub(super) const WORD: Word = Word {
    name: "approve",
    about: Label::new(
        "Approve that opportunities are won, or list those that wait",
        "审批商机成交，或列出待审批的商机",
    ),
    detail: Label::new(
        "Winning for more than `approval_above` of config/stages.toml, or for anything in another currency than that of \
         kehu.toml, wants the approval of a manager of the owner's department, or of an admin, in that person's own name. It \
         holds up to its amount: one that is won for more wants another. Without numbers those are listed that wait for you.",
        "成交金额超过 config/stages.toml 的 `approval_above`，或以 kehu.toml 之外的币种计价时，须由负责人所在部门的主管或管理员以本人名义审批。审批以批准金额为限，\
         超出须重新审批。不给编号则列出等待您审批的商机。",
    ),
    examples: &[
        Label::new("kehu approve", "kehu approve"),
        Label::new(
            "kehu approve OPP-2026-001 --amount 620000 --note 'as discussed'",
            "kehu approve OPP-2026-001 --amount 62万 --note 同意按此价成交",
        ),
    ],
    args: |s| {
        vec![
            s.positions("numbers", value::NUM, "Which opportunities", "商机编号"),
            s.option(
                "amount",
                value::TEXT,
                "Up to this amount [default: what it is expected to be won for]",
                "批准金额 [默认值：预计成交的金额]",
            ),
            s.option("note", value::TEXT, "What is said about it", "审批意见"),
        ]
    },
    action: Action::Parse(|matches| {
        let one = |id: &str| texts(matches, id).next().map(String::from);
        let numbers = texts(matches, "numbers").map(String::from).collect();
        Ok(Request::Approve(ApproveRequest { numbers, amount: one("amount"), note: one("note") }))
    }),
};
