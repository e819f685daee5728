//! `kehu merge`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};

pub(super) const WORD: Word = Word {
    name: "merge",
    about: Label::new(
        "Take in a branch: an import or a bulk change that waited for its review",
        "合入分支：等待评审的导入或批量修改",
    ),
    detail: Label::new(
        "Records merge by field. A number that was given here as well stays here; the branch's record takes the next free \
         one, and references follow. Where both changed the same field, the value that is here stays and `kehu conflicts` \
         shows both, with exit code 5. Plain `git merge` does the same as long as no number was given twice.",
        "按字段合并记录。双方分配了同一编号时，此处的记录保留编号，分支上的取下一个空闲编号，引用随之更新。同一字段双方改得不同时，\
         保留此处的值，`kehu conflicts` 列出双方的值，退出码为 5。没有重复编号时，直接用 `git merge` 效果相同。",
    ),
    examples: &[
        Label::new("kehu merge expo", "kehu merge expo"),
        Label::new("kehu merge expo --dry-run", "kehu merge expo --dry-run"),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.position("branch", Label::new("BRANCH", "分支"), "The branch, or any commit", "分支，或任意提交")
            .required(true),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::Merge(matches.get_one::<String>("branch").cloned().unwrap_or_default()))
}
