//! Checks: what may be wrong with a record, by itself or among the others.
//!
//! Every rule that `check` and the writing commands apply is a line of [`CHECKS`]. A check of a record
//! sees that record, the configuration and the day; a check of the snapshot sees all records. An error
//! breaks a rule of the domain; a warning is worth a look and never stands in the way.
//!
//! *Absent on purpose:* what only a file can have wrong (syntax, conflict markers, a path that does not
//! fit its number) is the store's; what is wrong within the configuration is told when it is read, and only what the
//! passing of time makes of it is looked for here ([`check_calendar`]); a missing second channel is a gap in completeness, not a problem.

mod access;
mod calendar;
mod conflict;
mod contract;
mod duplicates;
mod fields;
mod followup;
mod links;
mod opportunity;
mod order;
mod sense;
mod status;
mod ticket;

pub use calendar::check_calendar;
pub use contract::seems_same;
pub use contract::{BELONGS, other_customer, parted};
pub use followup::check_next;
pub use opportunity::STAGE_MATERIAL;

use super::{Config, Snapshot};
use crate::record::{Field, KINDS, Kind, Label, Number, Problem, Record, Row, Value};
use chrono::NaiveDate;
use std::fmt;

/// What a check of one record looks at besides the record itself.
pub(crate) struct Context<'a> {
    pub config: &'a Config,
    pub today: NaiveDate,
    /// The record's rows: its own, then those of its tables. Walked once for all checks, as the values are.
    rows: Vec<(Prefix, &'a Row)>,
    /// Every value with its place and field.
    values: Vec<(Place, &'static Field, &'a Value)>,
}

impl<'a> Context<'a> {
    fn new(record: &'a Record, config: &'a Config, today: NaiveDate) -> Context<'a> {
        let mut rows = vec![(Prefix(None), &record.row)];
        for (field, value) in record.iter() {
            if let Value::Rows(inner) = value {
                rows.extend(inner.iter().enumerate().map(|(at, row)| (Prefix(Some((field.key, at))), row)));
            }
        }
        let mut values = Vec::with_capacity(rows.iter().map(|(_, row)| row.placed().len()).sum());
        for (prefix, row) in &rows {
            let place = |field: &Field| Place { prefix: *prefix, key: field.key };
            values.extend(row.iter().map(|(field, value)| (place(field), field, value)));
        }
        Context { config, today, rows, values }
    }
}

/// A problem of one record of a snapshot.
pub type Found = (Kind, Number, Problem);

/// What a check looks at.
enum Scope {
    /// One record by itself.
    Record(fn(&Record, &Context<'_>, &mut Vec<Problem>)),
    /// All records.
    Snapshot(fn(&Snapshot, &mut Vec<Found>)),
}

/// A named check.
pub struct Check {
    /// Its name, the code of its problems unless those name something more exact.
    pub name: &'static str,
    /// What it demands.
    pub about: Label,
    scope: Scope,
}

const fn of_record(
    name: &'static str,
    en: &'static str,
    zh: &'static str,
    run: fn(&Record, &Context<'_>, &mut Vec<Problem>),
) -> Check {
    Check { name, about: Label::new(en, zh), scope: Scope::Record(run) }
}

const fn of_snapshot(
    name: &'static str,
    en: &'static str,
    zh: &'static str,
    run: fn(&Snapshot, &mut Vec<Found>),
) -> Check {
    Check { name, about: Label::new(en, zh), scope: Scope::Snapshot(run) }
}

/// Every check there is.
pub static CHECKS: &[Check] = &[
    of_record("missing-field", "Required fields are there", "必填字段齐全", fields::required),
    of_record("missing-channel", "A lead has a phone or an e-mail", "线索至少有电话或邮箱", fields::channel),
    of_record("odd-type", "Values are of their field's type", "值的类型正确", fields::odd_type),
    of_record("unknown-key", "Keys are in their dictionary", "字典值已知", fields::unknown_key),
    of_record(
        "format",
        "Phones, addresses and codes are well formed",
        "电话、邮箱、网址、信用代码格式正确",
        fields::format,
    ),
    of_record("odd-date", "Dates are plausible", "日期合理", sense::dates),
    of_record("odd-range", "The lower end is not above the upper", "下限不高于上限", sense::ranges),
    of_record("odd-number", "Numbers are within their bounds", "数值在范围内", sense::bounds),
    of_record("missing-reason", "A disqualified lead has a reason", "剔除的线索有原因", sense::reason),
    of_record("odd-status", "A converted lead stays so", "已转化的线索保持已转化", status::converted),
    of_record(
        STAGE_MATERIAL,
        "An opportunity has what its stage wants",
        "商机具备所处阶段要求的材料",
        opportunity::stage,
    ),
    of_record(
        "stage-reason",
        "A loss, and a probability of its own, have a reason",
        "失败和概率调整有原因",
        opportunity::reasons,
    ),
    of_record("plan-sum", "A payment plan comes to the amount", "付款计划合计等于合同金额", contract::plan),
    of_record(
        "contract-day",
        "A contract has the days of its status, in order",
        "合同日期与状态相符且先后有序",
        contract::days,
    ),
    of_snapshot("double-contract", "No contract is there twice", "同一份合同只登记一次", contract::twice),
    of_record("overpaid", "No more is received than agreed", "收款不超过合同金额", contract::receipts),
    of_record("ticket-closing", "A ticket has what its status says", "工单具备其状态要求的内容", ticket::closing),
    of_record("ticket-moment", "The moments of a ticket follow each other", "工单各时间先后有序", ticket::moments),
    of_record("line-sum", "The lines of an order come to its amount", "订单明细合计等于订单金额", order::lines),
    of_record("free-mail", "Company mail is preferred", "优先使用企业邮箱", sense::free_mail),
    of_record("short-needs", "Needs are specific", "需求描述具体", sense::needs),
    of_snapshot(
        "missing-cooperation",
        "A won customer has its cooperation block",
        "成交客户的合作信息齐全",
        sense::cooperation,
    ),
    of_record("number-form", "Numbers are written as the numbering says", "编号格式符合编号规则", sense::number_form),
    of_record("number-prefix", "The number's prefix agrees with its field", "编号前缀与字段一致", sense::prefix),
    of_record("unknown-contact", "A contact reports to a contact", "汇报对象是本客户的联系人", sense::reports_to),
    of_record("circular-contact", "No contact reports to itself in the end", "汇报关系不成环", sense::circles),
    of_record("odd-key", "SSH keys are public keys", "SSH 公钥格式正确", access::keys),
    of_record("next-before", "The next date is not before the follow-up", "下次日期不早于本次跟进", followup::order),
    of_record("open-conflict", "No conflict is left open", "没有未处理的冲突", conflict::open),
    of_snapshot("missing-reference", "What a record refers to exists", "引用的记录存在", links::references),
    of_snapshot(
        "other-customer",
        "A contract is with the customer of its opportunity, an order with that of its contract",
        "合同与其商机、订单与其合同属同一客户",
        contract::customers,
    ),
    of_snapshot(
        "unknown-customer",
        "A converted lead names its customer",
        "已转化的线索指明客户",
        status::converted_to_nobody,
    ),
    of_snapshot("missing-next", "Open subjects have a next action", "未结对象有下一步行动", followup::next),
    of_snapshot(
        "stage-contract",
        "An opportunity or its contracts have what its stage wants",
        "商机或其合同具备所处阶段要求的材料",
        opportunity::contracts,
    ),
    of_snapshot("early-review", "A review is of a closed deal", "复盘针对已关闭的商机", opportunity::reviews),
    of_snapshot(
        "won-customer",
        "A customer that was won is called so",
        "成交客户的类型为成交",
        opportunity::won_customers,
    ),
    of_snapshot("no-decision-maker", "A decision maker is known and touched", "已接触决策人", links::decision_makers),
    of_snapshot("no-admin", "Where there are users, one is an admin", "有用户时，其中有管理员", access::admin),
    of_snapshot("duplicate", "No two records share an exact key", "没有重复记录", duplicates::duplicates),
];

/// Returns what is wrong with a record by itself.
pub fn check_record(record: &Record, config: &Config, today: NaiveDate) -> Vec<Problem> {
    let (context, mut problems) = (Context::new(record, config, today), Vec::new());
    for check in CHECKS {
        if let Scope::Record(run) = check.scope {
            run(record, &context, &mut problems);
        }
    }
    problems
}

/// Returns what is wrong among the records, sorted by kind and number.
pub fn check_snapshot(snapshot: &Snapshot) -> Vec<Found> {
    let mut found = Vec::new();
    for check in CHECKS {
        if let Scope::Snapshot(run) = check.scope {
            run(snapshot, &mut found);
        }
    }
    let place = |kind: Kind| KINDS.iter().position(|known| *known == kind);
    found.sort_by(|a, b| (place(a.0), a.1.as_str()).cmp(&(place(b.0), b.1.as_str())));
    found
}

/// Where a row stands in its record: nowhere but there, or in a table as `contacts.2.`.
#[derive(Clone, Copy)]
struct Prefix(Option<(&'static str, usize)>);

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |(table, at)| write!(f, "{table}.{at}."))
    }
}

/// Where a value stands: `email`, `contacts.2.email`. Put into words only for what is wrong, which is rare.
#[derive(Clone, Copy)]
struct Place {
    prefix: Prefix,
    key: &'static str,
}

impl From<Place> for String {
    fn from(place: Place) -> String {
        format!("{}{}", place.prefix, place.key)
    }
}

#[cfg(test)]
mod tests;
