//! Checks of opportunities: what their stage wants, and the reasons they give.

use super::Context;
use crate::record::{Label, OPPORTUNITY, Problem, Record, Words};
use crate::rules::opportunity::lacking;
use crate::words;

/// Fields that the declaration, or [`reasons`], asks for already.
const ASKED_FOR: [&str; 2] = ["customer", "lost_reason"];

pub(super) fn stage(record: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    if record.kind != OPPORTUNITY {
        return;
    }
    let label = context.config.dictionary.words("stage", record.text("stage").unwrap_or_default());
    for field in lacking(record, &context.config.stages).into_iter().filter(|field| !ASKED_FOR.contains(&field.key)) {
        let wanted = field.label;
        let message = words!("the stage {label} wants {wanted}", "阶段“{label}”须有{wanted}"; each label, wanted);
        let key = field.key;
        let name = Label::new(key, wanted.zh);
        let mend = words!("give it as `{name}=…`", "请填写 `{name}=…`"; each name);
        problems.push(Problem::error("stage-field", key, message).mend(mend));
    }
}

pub(super) fn reasons(record: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    if record.kind != OPPORTUNITY {
        return;
    }
    if record.integer("probability").is_some() && is_blank(record, "probability_reason") {
        let message = words!("a probability other than the stage's needs a reason", "调整成交概率须写明原因");
        problems.push(Problem::error("stage-reason", "probability_reason", message));
    }
    if record.text("stage") != Some("lost") {
        return;
    }
    match record.text("lost_reason") {
        None => {
            let message = words!("a lost opportunity needs a reason", "失败的商机须有失败原因");
            let problem = Problem::error("stage-reason", "lost_reason", message);
            problems.push(problem.mend(known(context)));
        }
        Some("other") if is_blank(record, "lost_note") => {
            let message = words!("the reason `other` needs a note", "失败原因为“其他”时须填写失败说明");
            problems.push(Problem::error("missing-note", "lost_note", message));
        }
        Some(_) => {}
    }
}

/// Names the reasons there are.
fn known(context: &Context<'_>) -> Words {
    let reasons = &context.config.stages.lost_reasons;
    let keys: Vec<Words> = reasons.iter().map(|entry| Words::same(entry.key.as_str())).collect();
    let labels: Vec<Words> = reasons.iter().map(|entry| entry.label.clone()).collect();
    let (en, zh) = (Words::join(&keys, ", ", "、").en, Words::join(&labels, ", ", "、").zh);
    words!("write `lost_reason=…`, one of {en}", "请写明 `失败原因=…`，可选：{zh}")
}

fn is_blank(record: &Record, key: &str) -> bool {
    record.text(key).is_none_or(|text| text.trim().is_empty())
}
