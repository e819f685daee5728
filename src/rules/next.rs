//! What comes next (下一步): the command that the sales loop usually goes on with, after one that is done.
//!
//! [`TABLE`] has a line for every command and how things stand after it; [`hint`] finds the line and fills in the numbers
//! that are known. How things stand is told by the functions `of_…` from the records as they are now.
//!
//! *Invariants:* every command in a hint is one that the program reads, with `…` and `FILE` only where nobody but the
//! person knows the value; the first line that fits is taken.
//!
//! *Absent on purpose:* who looks, and whether anything is to be said at all; what is due, which has days and a list.

use super::Config;
use super::config::Stages;
use super::contract::{Payments, Standing, receivable, standing};
use super::convert;
use super::deal::{Move, target};
use super::gate::{Gap, gaps};
use super::opportunity::is_open;
use crate::record::{CONTRACT, FieldType, Label, OPPORTUNITY, Record, Value, Words};
use crate::words;
use chrono::NaiveDate;

/// How things stand after a command, as far as the next step depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Nobody has it.
    Unowned,
    /// Somebody has it.
    Owned,
    /// It lacks something.
    Lacking,
    /// It lacks nothing for the next step.
    Ready,
    /// The stage it goes to wants a file.
    WantsFile,
    /// The stage it goes to wants a contract, and there is none.
    WantsContract,
    /// The stage it goes to wants the contract there is to be signed.
    WantsSignature,
    /// The stage it goes to wants money received of the contract there is.
    WantsDeposit,
    /// Winning wants a manager's word.
    WantsApproval,
    /// The stage it goes to wants what is told with the step.
    WantsFields,
    /// It is a contract that is not signed.
    Draft,
    /// Money is to come of it on a day that is planned.
    Owing,
    /// Money is to come of it on no planned day.
    Unplanned,
    /// It is closed, and nobody has looked back at it.
    Unreviewed,
    /// Nothing is being sold to it.
    Unsold,
}

/// A line of the table.
pub struct Rule {
    /// The commands it follows: the words typed, without `kehu`.
    pub after: &'static [&'static str],
    /// How things stand.
    pub state: State,
    /// What comes next; `{…}` stands for a [`Slot`].
    pub then: Label,
}

/// A place in a hint, and what goes there.
pub type Slot = (&'static str, Words);

/// How things stand, with what is known of it.
pub type Known = (State, Vec<Slot>);

/// The commands after which an opportunity is looked at.
const DEAL: &[&str] = &[
    "lead convert",
    "opportunity add",
    "opportunity advance",
    "opportunity reopen",
    "opportunity set",
    "attach",
    "approve",
    "contract sign",
    "contract receive",
];

/// The commands after which a contract is looked at.
const CONTRACTED: &[&str] = &["contract add", "contract plan", "contract renew", "contract sign", "contract receive"];

/// Every hint there is.
pub static TABLE: [Rule; 24] = [
    rule(
        &["lead import"],
        State::Unowned,
        "`kehu lead assign --auto` gives those without an owner to whom the rules choose",
        "用 `kehu lead assign --auto` 按规则分配没有负责人的线索",
    ),
    rule(
        &["lead add"],
        State::Unowned,
        "`kehu lead assign {number} --auto` finds an owner",
        "用 `kehu lead assign {number} --auto` 分配负责人",
    ),
    rule(
        &["lead import", "lead add", "lead assign"],
        State::Owned,
        "`kehu due --owner {owner}` tells who is to be contacted when",
        "用 `kehu due --owner {owner}` 查看何时联系",
    ),
    rule(
        &["pool claim"],
        State::Owned,
        "`kehu followup add {number} method=phone points=… next_action=… next_on=…` notes the first talk",
        "首次联系后，用 `kehu followup add {number} 方式=电话 要点=… 下一步=… 下次跟进日期=…` 登记",
    ),
    rule(
        &["followup add"],
        State::Lacking,
        "`kehu lead score {number} --explain` shows what to find out: {missing}",
        "用 `kehu lead score {number} --explain` 查看还需了解什么：{missing}",
    ),
    rule(
        &["followup add"],
        State::Ready,
        "`kehu lead qualify {number}`, if it is worth selling to; nothing is missing",
        "信息已齐全；若值得推进，用 `kehu lead qualify {number}` 确认",
    ),
    rule(
        &["lead qualify"],
        State::Lacking,
        "`kehu lead convert {number} {fields}` makes customer and opportunity",
        "用 `kehu lead convert {number} {fields}` 转化为客户和商机",
    ),
    rule(
        &["lead qualify"],
        State::Ready,
        "`kehu lead convert {number}` makes customer and opportunity",
        "用 `kehu lead convert {number}` 转化为客户和商机",
    ),
    rule(
        &["lead convert"],
        State::Unsold,
        "`kehu opportunity add customer={number} name=… amount=… expected_on=…`, once there is something to sell",
        "有成交机会时，用 `kehu opportunity add 客户={number} 商机名称=… 金额=… 预计成交日期=…` 建商机",
    ),
    rule(
        DEAL,
        State::Ready,
        "`kehu opportunity {step} {number}` takes it to {stage}; nothing is missing",
        "材料已齐，用 `kehu opportunity {step} {number}` 进入“{stage}”",
    ),
    rule(
        DEAL,
        State::WantsFile,
        "`kehu attach {number} FILE --kind {kind}`; {stage} wants {missing}",
        "用 `kehu attach {number} 文件 --kind {kind}` 添加附件；“{stage}”需要：{missing}",
    ),
    rule(
        DEAL,
        State::WantsContract,
        "`kehu contract add opportunity={number} customer={customer} amount={amount} name=…`; {stage} wants {missing}",
        "用 `kehu contract add 商机={number} 客户={customer} 合同金额={amount} 合同名称=…` 建合同；“{stage}”需要：{missing}",
    ),
    rule(
        DEAL,
        State::WantsSignature,
        "`kehu contract sign {contract} --file FILE`, once both have signed; {stage} wants {missing}",
        "双方签署后，用 `kehu contract sign {contract} --file 文件` 登记；“{stage}”需要：{missing}",
    ),
    rule(
        DEAL,
        State::WantsDeposit,
        "`kehu contract receive {contract} {amount}`, when the deposit is there; {stage} wants {missing}",
        "定金到账后，用 `kehu contract receive {contract} {amount}` 登记；“{stage}”需要：{missing}",
    ),
    rule(
        DEAL,
        State::WantsApproval,
        "a manager runs `kehu approve {number} --amount {amount}`; {stage} wants {missing}",
        "由主管执行 `kehu approve {number} --amount {amount}`；“{stage}”需要：{missing}",
    ),
    rule(
        DEAL,
        State::WantsFields,
        "`kehu opportunity {step} {number} {fields}` tells what is missing and takes it to {stage}",
        "用 `kehu opportunity {step} {number} {fields}` 补充所缺内容并进入“{stage}”",
    ),
    rule(
        &["opportunity win", "opportunity lose"],
        State::Unreviewed,
        "`kehu review add opportunity={number} factors=… lesson=…` within {days} days",
        "请在 {days} 天内复盘：`kehu review add 商机={number} 成败因素=… 经验教训=…`",
    ),
    rule(
        CONTRACTED,
        State::Draft,
        "`kehu contract sign {contract} --file FILE`, once both have signed",
        "双方签署后，用 `kehu contract sign {contract} --file 文件` 登记",
    ),
    rule(
        CONTRACTED,
        State::Owing,
        "`kehu contract receive {contract} {amount}`, when what is due on {day} is there",
        "{day} 应收的款项到账后，用 `kehu contract receive {contract} {amount}` 登记",
    ),
    rule(
        CONTRACTED,
        State::Unplanned,
        "`kehu contract receive {contract} {amount}`, when the money is there",
        "款项到账后，用 `kehu contract receive {contract} {amount}` 登记",
    ),
    rule(
        &["ticket add", "ticket reopen"],
        State::Unowned,
        "`kehu ticket dispatch {number}` finds a handler",
        "用 `kehu ticket dispatch {number}` 派单",
    ),
    rule(
        &["ticket add", "ticket dispatch"],
        State::Owned,
        "`kehu ticket start {number}`, when the handler begins",
        "处理人开始处理时，用 `kehu ticket start {number}` 登记",
    ),
    rule(
        &["ticket start", "ticket resume", "ticket reopen"],
        State::Owned,
        "`kehu ticket resolve {number} --result …`, when it is done",
        "处理完成后，用 `kehu ticket resolve {number} --result …` 登记结果",
    ),
    rule(
        &["ticket resolve"],
        State::Owned,
        "`kehu ticket confirm {number} --satisfaction 5`, with what the customer says of it",
        "客户确认后，用 `kehu ticket confirm {number} --satisfaction 5` 登记满意度",
    ),
];

const fn rule(after: &'static [&'static str], state: State, en: &'static str, zh: &'static str) -> Rule {
    Rule { after, state, then: Label::new(en, zh) }
}

/// Tells whether anything may come next after a command.
pub fn is_followed(done: &str) -> bool {
    TABLE.iter().any(|rule| rule.after.contains(&done))
}

/// Returns what comes next after a command, as things stand.
pub fn hint(done: &str, (state, slots): &Known) -> Option<Words> {
    let rule = TABLE.iter().find(|rule| rule.state == *state && rule.after.contains(&done))?;
    let fill = |text: &str, get: fn(&Words) -> &str| {
        slots.iter().fold(text.to_string(), |text, (name, value)| text.replace(&format!("{{{name}}}"), get(value)))
    };
    Some(Words { en: fill(rule.then.en, |words| &words.en).into(), zh: fill(rule.then.zh, |words| &words.zh).into() })
}

/// Returns a slot that is the same in both languages.
pub fn same(name: &'static str, value: impl ToString) -> Slot {
    (name, Words::same(value.to_string()))
}

/// Returns whether somebody has a record, with its number and who.
pub fn of_owner(record: &Record) -> Known {
    let owner = record.text("owner");
    let state = if owner.is_some() { State::Owned } else { State::Unowned };
    (state, vec![same("number", &record.number), same("owner", owner.unwrap_or("all"))])
}

/// Returns how a lead stands that was talked to, with what nobody knows of it yet.
pub fn of_talk(lead: &Record, missing: &[Words]) -> Option<Known> {
    let is_asked = matches!(lead.text("status"), Some("new" | "assigned" | "working"));
    let state = if missing.is_empty() { State::Ready } else { State::Lacking };
    is_asked.then(|| (state, vec![same("number", &lead.number), ("missing", Words::join(missing, ", ", "、"))]))
}

/// Returns what a qualified lead lacks to become customer and opportunity.
pub fn of_qualified(lead: &Record) -> Known {
    let row = convert::opportunity(lead, "");
    let lacking = ["amount", "expected_on"].into_iter().filter(|key| row.get(key).is_none());
    let fields: Vec<Words> = lacking.map(asked).collect();
    let state = if fields.is_empty() { State::Ready } else { State::Lacking };
    (state, vec![same("number", &lead.number), ("fields", Words::join(&fields, " ", " "))])
}

/// Returns what an open opportunity wants to go to the next stage, or to be won from the last.
pub fn of_deal(deal: &Record, contracts: &[Record], config: &Config) -> Option<Known> {
    if !is_open(deal) {
        return None;
    }
    let (step, stage) = match target(deal, Move::Advance, &config.stages) {
        Ok(stage) => (Move::Advance, stage),
        Err(_) => (Move::Win, "won".to_string()),
    };
    let mut there = deal.clone();
    there.set("stage", Value::text(&*stage));
    // A waiver is for the stage it stands in.
    there.remove("materials_waived");
    let own: Vec<&Record> = contracts.iter().filter(|one| is_of(one, deal)).collect();
    let gaps = gaps(&there, &own, &config.stages);
    let missing: Vec<Words> = gaps.iter().map(|gap| gap.words(config)).collect();
    let (state, mut slots) = wanted(deal, &gaps, &own);
    slots.extend([
        same("number", &deal.number),
        same("step", step.verb()),
        ("stage", config.dictionary.words("stage", &stage)),
        ("missing", Words::join(&missing, ", ", "、")),
    ]);
    Some((state, slots))
}

/// Tells whether the next step of an open opportunity is to be won.
pub fn wins(deal: &Record, stages: &Stages) -> bool {
    is_open(deal) && target(deal, Move::Advance, stages).is_err()
}

fn is_of(contract: &Record, deal: &Record) -> bool {
    contract.kind == CONTRACT && contract.text("opportunity") == Some(deal.number.as_str())
}

/// Returns what is to be done first about what is missing: what contracts show, files, a manager's word, fields.
fn wanted(deal: &Record, gaps: &[Gap], contracts: &[&Record]) -> Known {
    let first = |gap: &Gap| match gap {
        Gap::Material(alternatives) => alternatives.first().cloned(),
        _ => None,
    };
    let wanted: Vec<String> = gaps.iter().filter_map(first).collect();
    let is_field = |key: &&String| OPPORTUNITY.field(key).is_some();
    let contract = contracts.iter().find(|one| one.text("status") == Some("draft")).or(contracts.first());
    if let Some(fact) = wanted.iter().find(|key| matches!(key.as_str(), "contract_signed" | "deposit_paid")) {
        let Some(contract) = contract else { return (State::WantsContract, of_new_contract(deal)) };
        return match fact.as_str() {
            "deposit_paid" => (State::WantsDeposit, of_payment(contract)),
            _ => (State::WantsSignature, vec![same("contract", &contract.number)]),
        };
    }
    if let Some(kind) = wanted.iter().find(|key| !is_field(key)) {
        return (State::WantsFile, vec![same("kind", kind)]);
    }
    if let Some(amount) =
        gaps.iter().find_map(|gap| if let Gap::Approval { amount, .. } = gap { Some(amount) } else { None })
    {
        return (State::WantsApproval, vec![same("amount", amount)]);
    }
    let fields: Vec<Words> = wanted.iter().map(|key| asked(key)).collect();
    let state = if fields.is_empty() { State::Ready } else { State::WantsFields };
    (state, vec![("fields", Words::join(&fields, " ", " "))])
}

/// Returns a field of an opportunity as it is typed, its value left open.
fn asked(key: &str) -> Words {
    let Some(field) = OPPORTUNITY.field(key) else { return Words::same(format!("{key}=…")) };
    let (key, label) = (field.key, field.label.zh);
    if field.ty == FieldType::Flag { words!("{key}=yes", "{label}=是") } else { words!("{key}=…", "{label}=…") }
}

fn of_new_contract(deal: &Record) -> Vec<Slot> {
    let amount = deal.money("actual_amount").or(deal.money("amount"));
    let amount = amount.map_or("…".to_string(), |amount| amount.to_string());
    vec![same("customer", deal.text("customer").unwrap_or("…")), same("amount", amount)]
}

fn of_payment(contract: &Record) -> Vec<Slot> {
    let payments = Payments::of(contract);
    let next = payments.instalments.iter().map(|one| one.outstanding()).find(|open| *open > Default::default());
    vec![same("contract", &contract.number), same("amount", next.unwrap_or_default())]
}

/// Returns what a closed opportunity wants: a look back, where there was none.
pub fn of_closed(deal: &Record, reviews: &[Record], config: &Config) -> Option<Known> {
    let is_reviewed = reviews.iter().any(|review| review.text("opportunity") == Some(deal.number.as_str()));
    let days = config.stages.review_days;
    (!is_reviewed).then(|| (State::Unreviewed, vec![same("number", &deal.number), same("days", days)]))
}

/// Returns what a contract wants: to be signed, or the next payment; nothing once all is paid or it is ended.
pub fn of_contract(contract: &Record, day: NaiveDate) -> Option<Known> {
    if standing(contract, day) == Standing::Draft {
        return Some((State::Draft, vec![same("contract", &contract.number)]));
    }
    let next = receivable(contract, day).first().map(|one| one.due_on)?;
    let mut slots = of_payment(contract);
    slots.extend(next.map(|day| same("day", day)));
    Some((if next.is_some() { State::Owing } else { State::Unplanned }, slots))
}
