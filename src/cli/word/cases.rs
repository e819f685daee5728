//! `kehu cases`

use super::{Action, Word};
use crate::cli::noun::{texts, where_arg};
use crate::cli::request::Request;
use crate::cli::speaker::value;
use crate::record::Label;

/// What cases are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasesRequest {
    /// Words that must all occur.
    pub words: Vec<String>,
    /// `won` or `lost`; both when absent.
    pub outcome: Option<String>,
    /// Filters of opportunities.
    pub filters: Vec<String>,
}

pub(super) const WORD: Word = Word {
    name: "cases",
    about: Label::new("Search the reviews of deals that were won or lost", "检索成交与失败商机的复盘案例"),
    detail: Label::new(
        "All words must occur: in factors, lesson and actions of the review, in name, products, competitors and reason of the deal, in \
         name, industry and region of the customer. `--where` is about the fields of opportunities. `kehu review add` writes a review.",
        "所有词都须出现：复盘的成败因素、经验教训、改进措施，商机的名称、产品、竞争对手、失败原因，或客户的名称、行业、地区。\
         `--where` 针对商机的字段。用 `kehu review add` 填写复盘。",
    ),
    examples: &[
        Label::new("kehu cases delivery --outcome lost", "kehu cases 交期 --outcome lost"),
        Label::new("kehu cases --where 'amount >= 100000'", "kehu cases --where '金额 >= 10万'"),
    ],
    args: |s| {
        vec![
            s.positions("words", value::TEXT, "Words that must all occur", "须全部出现的词"),
            s.choice("outcome", ["won", "lost"], "Only deals that were won, or lost", "只看成交或失败的"),
            where_arg(s),
        ]
    },
    action: Action::Parse(|matches| {
        let all = |id: &str| texts(matches, id).map(String::from).collect();
        let outcome = texts(matches, "outcome").next().map(String::from);
        Ok(Request::Cases(CasesRequest { words: all("words"), outcome, filters: all("where") }))
    }),
};
