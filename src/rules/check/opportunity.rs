//! Checks of opportunities: what their stage wants, and the reasons they give.

use super::{Context, Found};
use crate::record::{CONTRACT, CUSTOMER, OPPORTUNITY, Problem, REVIEW, Record, Words};
use crate::rules::gate::{Gap, gaps, is_waived, own_gaps};
use crate::rules::opportunity::is_open;
use crate::rules::{Config, Snapshot};
use crate::words;
use std::collections::{HashMap, HashSet};

/// The code of what a stage wants and is not there.
pub const STAGE_MATERIAL: &str = "stage-material";

/// Fields that the declaration, or [`reasons`], asks for already.
const ASKED_FOR: [&str; 2] = ["customer", "lost_reason"];

/// Finds what an opportunity lacks in its stage whatever its contracts show.
pub(super) fn stage(record: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    if record.kind == OPPORTUNITY {
        problems.extend(problems_of(record, own_gaps(record, &context.config.stages), context.config));
    }
}

/// Finds what neither opportunities nor their contracts have of what their stage wants.
pub(super) fn contracts(snapshot: &Snapshot, found: &mut Vec<Found>) {
    let config = &snapshot.config;
    let mut contracts: HashMap<&str, Vec<&Record>> = HashMap::new();
    for contract in snapshot.records(CONTRACT) {
        contracts.entry(contract.text("opportunity").unwrap_or_default()).or_default().push(contract);
    }
    for record in snapshot.records(OPPORTUNITY) {
        let theirs = contracts.get(record.number.as_str()).map_or(&[][..], Vec::as_slice);
        let own = own_gaps(record, &config.stages);
        let gaps = gaps(record, theirs, &config.stages).into_iter().filter(|gap| !own.contains(gap)).collect();
        let problems = problems_of(record, gaps, config);
        found.extend(problems.map(|problem| (record.kind, record.number.clone(), problem)));
    }
}

/// Finds customers with a won opportunity that are not called won.
pub(super) fn won_customers(snapshot: &Snapshot, found: &mut Vec<Found>) {
    let won = snapshot.records(OPPORTUNITY).iter().filter(|one| one.text("stage") == Some("won"));
    let with: HashSet<&str> = won.filter_map(|one| one.text("customer")).collect();
    let is_open = |customer: &&Record| matches!(customer.text("type"), Some("potential" | "intent"));
    for customer in snapshot.records(CUSTOMER).iter().filter(is_open).filter(|one| with.contains(one.number.as_str())) {
        let label = snapshot.config.dictionary.words("customer_type", customer.text("type").unwrap_or_default());
        let message =
            words!("has a won opportunity, and is called {label}", "已有成交商机，类型却是“{label}”"; each label);
        let number = &customer.number;
        let mend = words!("`kehu customer set {number} type=won`", "`kehu customer set {number} 客户类型=成交`");
        found.push((CUSTOMER, customer.number.clone(), Problem::warning("won-customer", "type", message).mend(mend)));
    }
}

/// Finds reviews of opportunities that are open.
pub(super) fn reviews(snapshot: &Snapshot, found: &mut Vec<Found>) {
    for review in snapshot.records(REVIEW) {
        let of = review.text("opportunity").and_then(|number| snapshot.find(number));
        if let Some(open) = of.filter(|one| one.kind == OPPORTUNITY && is_open(one)) {
            let number = &open.number;
            let message = words!("`{number}` is reviewed, and is open", "`{number}` 尚未关闭，已有复盘");
            found.push((REVIEW, review.number.clone(), Problem::warning("early-review", "opportunity", message)));
        }
    }
}

fn problems_of(record: &Record, gaps: Vec<Gap>, config: &Config) -> impl Iterator<Item = Problem> {
    let label = config.dictionary.words("stage", record.text("stage").unwrap_or_default());
    gaps.into_iter().filter(|gap| !ASKED_FOR.contains(&gap.field())).map(move |gap| {
        let wanted = gap.words(config);
        let message = words!("the stage {label} wants {wanted}", "阶段“{label}”须有{wanted}"; each label, wanted);
        // What is being imported has no number yet to attach anything to.
        let mend = match record.number.parts() {
            None if gap.field() == "stage" => words!(
                "for deals from before, `materials_waived=…` says why it goes without",
                "历史商机可用 `免材料原因=…` 说明"
            ),
            _ => gap.mend(record.number.as_str(), config),
        };
        Problem::error(STAGE_MATERIAL, gap.field(), message).mend(mend)
    })
}

pub(super) fn reasons(record: &Record, context: &Context<'_>, problems: &mut Vec<Problem>) {
    if record.kind != OPPORTUNITY {
        return;
    }
    if record.integer("probability").is_some() && is_blank(record, "probability_reason") {
        let message = words!("a probability other than the stage's needs a reason", "调整成交概率须写明原因");
        problems.push(Problem::error("stage-reason", "probability_reason", message));
    }
    if is_open(record) {
        problems.extend(closed_though_open(record));
    }
    problems.extend(closed_no_day(record));
    if record.text("stage") != Some("lost") || is_waived(record) {
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

/// A deal that was closed on no day is in no report of a period; of one from before the day may be forgotten.
fn closed_no_day(record: &Record) -> Option<Problem> {
    if is_open(record) {
        return None;
    }
    let Some(closed) = record.date("closed_on") else {
        let message = words!("a closed opportunity needs the day it was closed", "已关闭的商机须有关闭日期");
        let make = if is_waived(record) { Problem::warning } else { Problem::error };
        return Some(make("odd-close", "closed_on", message).mend(words!("add `closed_on`", "请补充 `closed_on`")));
    };
    let opened = record.date("opened_on").filter(|opened| closed < *opened)?;
    let message = words!(
        "it was closed on {closed}, before it was opened on {opened}",
        "关闭日期 {closed} 早于立项日期 {opened}"
    );
    Some(Problem::warning("odd-close", "closed_on", message))
}

/// Finds what an open opportunity says of a close or a loss, as a merge of two stages may leave it.
fn closed_though_open(record: &Record) -> Option<Problem> {
    let key =
        ["closed_on", "lost_stage", "lost_reason", "lost_note"].into_iter().find(|key| record.get(key).is_some())?;
    let label = record.kind.field(key)?.label;
    let message = words!("an open opportunity has no {label}", "未关闭的商机不应有{label}"; each label);
    let mend = words!("clear it: `{key}=`", "请清空：`{key}=`");
    Some(Problem::error("odd-close", key, message).mend(mend))
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
