//! `kehu pool`

use super::{Action, Word, no_args};
use crate::cli::noun::{count, expect_arg, texts};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Failure, Kind, Label, Result};
use crate::rules::pool::POOLED;
use crate::words;
use clap::{Arg, ArgMatches};

/// What is to be done in the pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PoolRequest {
    /// List what lies in it, of one kind or of all.
    List(Option<Kind>),
    /// Take these from it.
    Claim(Vec<String>),
    /// Give these back to it.
    Release {
        /// Their numbers.
        records: Vec<String>,
        /// Why.
        reason: String,
    },
    /// Give back what nobody saw to.
    Recycle {
        /// The exact count of records that may go.
        expect: Option<usize>,
    },
}

pub(super) const WORD: Word = Word {
    name: "pool",
    about: Label::new("The pool: leads and customers without an owner", "公海：没有负责人的线索和客户"),
    detail: Label::new("", ""),
    examples: &[Label::new("kehu pool list", "kehu pool list")],
    args: no_args,
    action: Action::Words(&[LIST, CLAIM, RELEASE, RECYCLE]),
};

const LIST: Word = Word {
    name: "list",
    about: Label::new("List what lies in the pool, since when and why", "列出公海中的记录、何时进入及原因"),
    detail: Label::new(
        "Open leads and customers without an owner. Who had one last, and until when, is what git's history says.",
        "没有负责人的未关闭线索和客户。上一任负责人及其截止时间取自 git 历史。",
    ),
    examples: &[
        Label::new("kehu pool list", "kehu pool list"),
        Label::new("kehu pool list --kind lead --json", "kehu pool list --kind lead --json"),
    ],
    args: |s| vec![s.choice("kind", POOLED.map(|kind| kind.name), "Only these", "只列出此类")],
    action: Action::Parse(|matches| Ok(Request::Pool(PoolRequest::List(texts(matches, "kind").find_map(Kind::find))))),
};

const CLAIM: Word = Word {
    name: "claim",
    about: Label::new("Take records from the pool", "从公海领取"),
    detail: Label::new(
        "They become yours, all or none. config/assignment.toml limits the claims of a day (claims_per_day), and has \
         whoever had a record last wait (previous_owner_waits_days); a refusal names the rule (exit code 7).",
        "领取后由您负责，要么全部成功要么全部不动。config/assignment.toml 限制每日领取数（claims_per_day），原负责人须等待\
         （previous_owner_waits_days）；被拒绝时会说明规则（退出码 7）。",
    ),
    examples: &[Label::new("kehu pool claim LEAD-2026-001 B2B-2026-001", "kehu pool claim LEAD-2026-001 B2B-2026-001")],
    args: |s| vec![numbers(s)],
    action: Action::Parse(|matches| Ok(Request::Pool(PoolRequest::Claim(named(matches))))),
};

const RELEASE: Word = Word {
    name: "release",
    about: Label::new("Give records back to the pool", "退回公海"),
    detail: Label::new("The reason is kept in the record until somebody takes it.", "原因保存在记录中，直到有人领取。"),
    examples: &[Label::new(
        "kehu pool release LEAD-2026-001 --reason 'not my region'",
        "kehu pool release LEAD-2026-001 --reason '不在我的区域'",
    )],
    args: |s| vec![numbers(s), s.option("reason", value::TEXT, "Why", "原因").required(true)],
    action: Action::Parse(release),
};

const RECYCLE: Word = Word {
    name: "recycle",
    about: Label::new("Give back to the pool what nobody saw to", "将无人跟进的记录退回公海"),
    detail: Label::new(
        "A lead without first response for more than lead_idle_days since it was assigned, and a customer without \
         follow-up for more than customer_idle_days (config/assignment.toml). Exempt are records with protected_until \
         and customers with renewal_on today or later, with a contract that runs, or with an open opportunity. Meant for cron; `--dry-run` lists what would go. More at once \
         than a mass change may be wants `--expect`.",
        "分配后超过 lead_idle_days 天无首次响应的线索，以及超过 customer_idle_days 天无跟进的客户（config/assignment.toml）。保护截止\
         （protected_until）或续约日期（renewal_on）在今天或之后的、合同未到期的、有未结商机的客户不退回。可由 cron 运行；`--dry-run` 列出将退回的记录。一次退回过多时须给出 `--expect`。",
    ),
    examples: &[
        Label::new("kehu pool recycle --dry-run", "kehu pool recycle --dry-run"),
        Label::new("kehu pool recycle", "kehu pool recycle"),
    ],
    args: |s| vec![expect_arg(s)],
    action: Action::Parse(|matches| Ok(Request::Pool(PoolRequest::Recycle { expect: count(matches, "expect") }))),
};

fn numbers(s: Speaker) -> Arg {
    s.positions("numbers", value::NUM, "Leads or customers", "线索或客户").required(true)
}

fn named(matches: &ArgMatches) -> Vec<String> {
    texts(matches, "numbers").map(String::from).collect()
}

fn release(matches: &ArgMatches) -> Result<Request> {
    let reason = texts(matches, "reason").next().unwrap_or_default().trim().to_string();
    if reason.is_empty() {
        return Err(Failure::usage(words!("the reason is empty", "原因为空")));
    }
    Ok(Request::Pool(PoolRequest::Release { records: named(matches), reason }))
}
