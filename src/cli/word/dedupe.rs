//! `kehu dedupe`

use super::{Action, Word, no_args};
use crate::cli::noun::{count, expect_arg, texts};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::ops::dedupe::{Asked, Verdict};
use crate::record::Label;
use clap::{Arg, ArgAction, ArgMatches};

/// What is to be done with records that are, or seem to be, the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DedupeRequest {
    /// Make one of them.
    Merge(Asked),
    /// Take a merge back, by what went or by its operation.
    Unmerge(String),
    /// Show two side by side.
    Review([String; 2]),
    /// Note what somebody finds of two.
    Settle([String; 2], Verdict),
}

pub(super) const WORD: Word = Word {
    name: "dedupe",
    about: Label::new("Make one of records that are the same", "合并重复的线索或客户"),
    detail: Label::new("", ""),
    examples: &[Label::new(
        "kehu dedupe merge B2B-2026-001 B2B-2026-004",
        "kehu dedupe merge B2B-2026-001 B2B-2026-004",
    )],
    args: no_args,
    action: Action::Words(&[REVIEW, MERGE, UNMERGE]),
};

const MERGE: Word = Word {
    name: "merge",
    about: Label::new("Merge leads into a lead, customers into a customer", "将重复的线索（或客户）合并为一条"),
    detail: Label::new(
        "The first record stays and its values stand. What it lacks is filled from the others, in the order given; tags, \
         contacts, verifications and files are united, remarks come on lines of their own, and of two telephone numbers \
         both are kept. `--take` takes one field from another record. Follow-ups, opportunities, contracts, orders, tickets and \
         whatever else names the others name the first, all in one commit; the others go, and their numbers stay in \
         `merged_from`. What gave way is told. `kehu dedupe unmerge` takes it back.",
        "写在前面的一条保留，其内容优先；缺少的内容按顺序由其余各条补充；标签、联系人、核实记录和附件合并，备注逐行追加，\
         两个电话都保留。`--take` 指定某个字段取自另一条。跟进、商机、合同、订单、工单等所有引用在同一次提交中改为保留的一条；\
         其余各条删除，编号记入 `merged_from`。未采用的内容会逐项列出。用 `kehu dedupe unmerge` 撤销。",
    ),
    examples: &[
        Label::new(
            "kehu dedupe merge B2B-2026-001 B2B-2026-004 --dry-run",
            "kehu dedupe merge B2B-2026-001 B2B-2026-004 --dry-run",
        ),
        Label::new(
            "kehu dedupe merge LEAD-2026-001 LEAD-2026-007 LEAD-2026-009 --take LEAD-2026-007.phone",
            "kehu dedupe merge LEAD-2026-001 LEAD-2026-007 LEAD-2026-009 --take LEAD-2026-007.电话",
        ),
    ],
    args: |s| {
        vec![
            s.position("survivor", value::NUM, "The record that stays", "保留的记录").required(true),
            s.positions("others", value::NUM, "Those that are merged into it", "并入的记录").required(true),
            s.option(
                "take",
                Label::new("NUM.FIELD", "编号.字段"),
                "Take this field from that record; may be repeated",
                "该字段取自该记录；可重复",
            )
            .action(ArgAction::Append),
            expect_arg(s),
        ]
    },
    action: Action::Parse(|matches| {
        let all = |id: &str| texts(matches, id).map(String::from).collect();
        Ok(Request::Dedupe(DedupeRequest::Merge(Asked {
            survivor: one(matches, "survivor"),
            others: all("others"),
            takes: all("take"),
            expect: count(matches, "expect"),
        })))
    }),
};

const UNMERGE: Word = Word {
    name: "unmerge",
    about: Label::new("Take a merge of records back", "撤销一次合并"),
    detail: Label::new(
        "By the number of a record that went, or by the operation as `kehu op log` names it; `kehu undo` does the same. What \
         came to the record that stays since then stays with it. Where later changes build on the merge, nothing is done \
         and they are named.",
        "按被合并掉的编号，或 `kehu op log` 中的操作名称；效果与 `kehu undo` 相同。合并后新增到保留记录的内容仍归该记录。\
         若后来的改动建立在此次合并之上，则不做任何更改并列出这些改动。",
    ),
    examples: &[Label::new("kehu dedupe unmerge B2B-2026-004", "kehu dedupe unmerge B2B-2026-004")],
    args: |s| {
        let what = Label::new("NUM|OP", "编号|操作");
        vec![s.position("what", what, "What went, or the operation", "被合并掉的编号，或操作名称").required(true)]
    },
    action: Action::Parse(|matches| Ok(Request::Dedupe(DedupeRequest::Unmerge(one(matches, "what"))))),
};

const REVIEW: Word = Word {
    name: "review",
    about: Label::new("Compare two records field by field", "逐字段对比两条记录"),
    detail: Label::new(
        "Shows them side by side, and the command that makes one of them. `--different` notes in both that they are not \
         the same, and they are no longer told as duplicates; `--undecided` takes that back.",
        "并排显示两条记录，并给出合并命令。`--different` 在两条记录中注明并非同一条，此后不再提示重复；`--undecided` 撤回。",
    ),
    examples: &[
        Label::new("kehu dedupe review B2B-2026-001 B2B-2026-004", "kehu dedupe review B2B-2026-001 B2B-2026-004"),
        Label::new(
            "kehu dedupe review B2B-2026-001 B2B-2026-004 --different --reason 'two branches'",
            "kehu dedupe review B2B-2026-001 B2B-2026-004 --different --reason 两家分公司",
        ),
    ],
    args: review_args,
    action: Action::Parse(|matches| {
        let both = ["first", "second"].map(|id| one(matches, id));
        let reason = texts(matches, "reason").next().map(String::from);
        Ok(Request::Dedupe(match (matches.get_flag("different"), matches.get_flag("undecided")) {
            (true, _) => DedupeRequest::Settle(both, Verdict::Different(reason)),
            (_, true) => DedupeRequest::Settle(both, Verdict::Undecided),
            _ => DedupeRequest::Review(both),
        }))
    }),
};

fn review_args(s: Speaker) -> Vec<Arg> {
    vec![
        s.position("first", value::NUM, "One record", "一条记录").required(true),
        s.position("second", value::NUM, "The other", "另一条记录").required(true),
        s.switch("different", "Note that they are not the same", "注明两者并非同一条"),
        s.option("reason", value::TEXT, "Why, for the commit", "原因，写入提交说明").requires("different"),
        s.switch("undecided", "Take that note back", "撤回该说明").conflicts_with("different"),
    ]
}

fn one(matches: &ArgMatches, id: &str) -> String {
    texts(matches, id).next().unwrap_or_default().to_string()
}
