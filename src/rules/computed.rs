//! Computed fields: what is not stored but follows from the records, the configuration and the moment.
//!
//! One list; filters, sorting, columns and JSON follow from it. Follow-ups dated after the moment of the
//! snapshot have not taken place yet and are left out.
//!
//! *Absent on purpose:* what is due next, which cadence says.

mod evaluation;

pub use evaluation::{Evaluation, Figure};

use super::contract::cooperation;
use super::{cadence, contract, family::customer_of, opportunity, target, ticket::Promise};
use crate::query::Type;
use crate::record::{CUSTOMER, Kind, Label, OPPORTUNITY, Record};

/// A computed field.
#[derive(Debug)]
pub struct Computed {
    /// Its key in filters, columns and JSON.
    pub name: &'static str,
    /// The names of the kinds that have it, each with those it is computed from besides its own.
    pub kinds: &'static [(&'static str, &'static [&'static str])],
    /// What it is compared as.
    pub ty: Type,
    /// Whether it has several values.
    pub list: bool,
    /// What people call it.
    pub label: Label,
    /// The stored field that it tells more exactly: filters by that one ask this, lists show this.
    pub covers: Option<&'static str>,
    /// Other names it goes by.
    pub aliases: &'static [&'static str],
    /// Computes it; nothing when it is missing.
    pub compute: for<'a> fn(&Evaluation<'a>) -> Option<Figure<'a>>,
}

/// The kinds that are touched, each with those whose follow-ups count.
const TOUCHED: &[(&str, &[&str])] = &[
    ("lead", &["followup"]),
    ("customer", &["followup", "lead", "opportunity"]),
    ("opportunity", &["followup"]),
    ("ticket", &["followup"]),
];

/// Every computed field. A new one is a line here and a function below.
pub static COMPUTED: &[Computed] = &[
    Computed {
        name: "score",
        kinds: &[("lead", &["product"])],
        ty: Type::Decimal,
        list: false,
        label: Label::new("Score", "评分"),
        covers: None,
        aliases: &["得分", "分数", "Lead Score"],
        compute: |of| Some(Figure::Decimal(of.assessment().total)),
    },
    Computed {
        name: "grade",
        kinds: &[("lead", &["product"])],
        ty: Type::Key("grade"),
        list: false,
        label: Label::new("Grade", "级别"),
        covers: None,
        aliases: &["线索级别", "线索等级", "等级"],
        compute: grade,
    },
    Computed {
        name: "reachable",
        kinds: &[("lead", &["product"])],
        ty: Type::Decimal,
        list: false,
        label: Label::new("Reachable score", "可达评分"),
        covers: None,
        aliases: &["最高可达"],
        compute: |of| Some(Figure::Decimal(of.assessment().reachable)),
    },
    Computed {
        name: "missing",
        kinds: &[("lead", &["product"])],
        ty: Type::Key("dimension"),
        list: true,
        label: Label::new("Missing for the score", "评分缺失项"),
        covers: None,
        aliases: &["缺失项"],
        compute: missing,
    },
    Computed {
        name: "last_followup_at",
        kinds: TOUCHED,
        ty: Type::Moment,
        list: false,
        label: Label::new("Last follow-up", "最近跟进时间"),
        covers: None,
        aliases: &["最后跟进时间", "最近跟进", "上次跟进"],
        compute: |of| of.last_followup().map(Figure::Moment),
    },
    Computed {
        name: "idle_days",
        kinds: TOUCHED,
        ty: Type::Integer,
        list: false,
        label: Label::new("Idle days", "未跟进天数"),
        covers: None,
        aliases: &["闲置天数"],
        compute: idle_days,
    },
    Computed {
        name: "followup_count",
        kinds: TOUCHED,
        ty: Type::Integer,
        list: false,
        label: Label::new("Follow-ups", "跟进次数"),
        covers: None,
        aliases: &["跟进数"],
        compute: followup_count,
    },
    Computed {
        name: "first_response_hours",
        kinds: &[("lead", &["followup"])],
        ty: Type::Decimal,
        list: false,
        label: Label::new("First response hours", "首次响应小时数"),
        covers: None,
        aliases: &["响应时长", "响应小时数"],
        compute: |of| cadence::first_response_hours(of.record, of.snapshot).map(Figure::Decimal),
    },
    Computed {
        name: "chance",
        kinds: &[("opportunity", &[])],
        ty: Type::Integer,
        list: false,
        label: Label::new("Chance", "赢率"),
        covers: None,
        aliases: &["赢单率", "Win probability"],
        compute: |of| opportunity::chance(of.record, &of.snapshot.config.stages).map(Figure::Integer),
    },
    Computed {
        name: "weighted",
        kinds: &[("opportunity", &[])],
        ty: Type::Money,
        list: false,
        label: Label::new("Weighted", "加权金额"),
        covers: None,
        aliases: &["加权", "Weighted amount"],
        compute: |of| opportunity::weighted(of.record, &of.snapshot.config.stages).map(Figure::Money),
    },
    Computed {
        name: "promise",
        kinds: &[("ticket", &[])],
        ty: Type::Moment,
        list: false,
        label: Label::new("Promised by", "承诺时限"),
        aliases: &["时限", "承诺"],
        covers: None,
        compute: |of| Promise::of(of.record, of.snapshot)?.due.map(|due| Figure::Moment(due.fixed_offset())),
    },
    Computed {
        name: "time_used",
        kinds: &[("ticket", &[])],
        ty: Type::Integer,
        list: false,
        label: Label::new("Time used, per cent", "已用时限百分比"),
        aliases: &["时限进度"],
        covers: None,
        compute: |of| {
            Promise::of(of.record, of.snapshot).map(|it| Figure::Integer(it.percent(of.snapshot.as_of.moment)))
        },
    },
    Computed {
        name: "promise_state",
        kinds: &[("ticket", &[])],
        ty: Type::Key("ticket_standing"),
        list: false,
        label: Label::new("Promise", "时限情况"),
        aliases: &["时限状态"],
        covers: None,
        compute: |of| Promise::of(of.record, of.snapshot).map(|it| Figure::Key(it.standing.key())),
    },
    Computed {
        name: "uses",
        kinds: &[("article", &["ticket"])],
        ty: Type::Integer,
        list: false,
        label: Label::new("Uses", "引用次数"),
        covers: None,
        aliases: &["使用次数"],
        compute: |of| i64::try_from(of.snapshot.uses(of.record.number.as_str())).ok().map(Figure::Integer),
    },
    Computed {
        name: "customer",
        kinds: &[("followup", &["lead", "customer", "opportunity", "ticket"])],
        ty: Type::Subject,
        list: false,
        label: Label::new("Customer", "客户"),
        covers: None,
        aliases: &["所属客户"],
        compute: customer,
    },
    Computed {
        name: "standing",
        kinds: &[("contract", &[])],
        ty: Type::Key("contract_status"),
        list: false,
        label: Label::new("Standing", "执行状态"),
        covers: Some("status"),
        aliases: &["合同执行状态"],
        compute: standing,
    },
    Computed {
        name: "cooperating_since",
        kinds: &[("customer", &["contract"])],
        ty: Type::Date,
        list: false,
        label: Label::new("Cooperating since", "合作起始日"),
        covers: Some("first_cooperation_on"),
        aliases: &["合作始于"],
        compute: |of| cooperation::since(of.record, of.snapshot).map(Figure::Date),
    },
    Computed {
        name: "contracted_products",
        kinds: &[("customer", &["contract"])],
        ty: Type::Text,
        list: true,
        label: Label::new("Products under contract", "签约产品"),
        covers: Some("products"),
        aliases: &[],
        compute: contracted_products,
    },
    Computed {
        name: "contracted_amount",
        kinds: &[("customer", &["contract"])],
        ty: Type::Money,
        list: false,
        label: Label::new("Amount of the contracts", "累计合同金额"),
        covers: Some("contract_amount"),
        aliases: &["签约金额"],
        compute: |of| cooperation::amount(of.record, of.snapshot).map(Figure::Money),
    },
    Computed {
        name: "next_renewal_on",
        kinds: &[("customer", &["contract"])],
        ty: Type::Date,
        list: false,
        label: Label::new("Next renewal", "下次续约日"),
        covers: Some("renewal_on"),
        aliases: &[],
        compute: |of| cooperation::renewal(of.record, of.snapshot).map(Figure::Date),
    },
    Computed {
        name: "period",
        kinds: &[("target", &[])],
        ty: Type::Text,
        list: false,
        label: Label::new("Period", "期间"),
        covers: None,
        aliases: &[],
        compute: |of| target::period(of.record).map(Figure::Text),
    },
    Computed {
        name: "sales",
        kinds: &[("target", &[])],
        ty: Type::Money,
        list: false,
        label: Label::new("Sales target", "销售目标"),
        covers: None,
        aliases: &[],
        compute: |of| target::whole(of.record, "sales").map(Figure::Money),
    },
    Computed {
        name: "receipts",
        kinds: &[("target", &[])],
        ty: Type::Money,
        list: false,
        label: Label::new("Receipts target", "回款目标"),
        covers: None,
        aliases: &[],
        compute: |of| target::whole(of.record, "receipts").map(Figure::Money),
    },
];

impl Computed {
    /// Tells whether records of this kind have it.
    pub fn is_of(&self, kind: Kind) -> bool {
        self.kinds.iter().any(|(name, _)| *name == kind.name)
    }

    /// Returns the names of the kinds it is computed from besides that of the record.
    pub fn needs(&self, kind: Kind) -> &'static [&'static str] {
        self.kinds.iter().find(|(name, _)| *name == kind.name).map_or(&[], |(_, needs)| needs)
    }

    /// Returns the computed field of a kind with this key.
    pub fn find(kind: Kind, name: &str) -> Option<&'static Computed> {
        COMPUTED.iter().find(|computed| computed.name == name && computed.is_of(kind))
    }

    /// Returns the computed field of a kind that tells a stored one more exactly.
    pub fn covering(kind: Kind, stored: &str) -> Option<&'static Computed> {
        COMPUTED.iter().find(|computed| computed.covers == Some(stored) && computed.is_of(kind))
    }
}

fn grade<'a>(of: &Evaluation<'a>) -> Option<Figure<'a>> {
    let grades = &of.snapshot.config.model.grades;
    grades.get(of.assessment().grade).map(|grade| Figure::Key(&grade.key))
}

fn missing<'a>(of: &Evaluation<'a>) -> Option<Figure<'a>> {
    let dimensions = &of.snapshot.config.model.dimensions;
    let keys: Vec<&str> =
        of.assessment().missing().filter_map(|one| Some(dimensions.get(one.at)?.key.as_str())).collect();
    (!keys.is_empty()).then_some(Figure::Keys(keys))
}

/// Whole days since the last follow-up, else since the record was assigned or acquired; never below 0.
fn idle_days<'a>(of: &Evaluation<'a>) -> Option<Figure<'a>> {
    let since = of.last_followup().or_else(|| of.anchor())?;
    let days = (of.snapshot.as_of.today() - of.day(since)).num_days();
    Some(Figure::Integer(days.max(0)))
}

/// Counts the follow-ups that have taken place; of an opportunity those about it, as others are the customer's.
fn followup_count<'a>(of: &Evaluation<'a>) -> Option<Figure<'a>> {
    let now = of.snapshot.as_of.moment;
    let touches = of.snapshot.touches(of.record).into_iter();
    let took_place = touches.filter(|followup| followup.moment("at").is_some_and(|at| at <= now));
    let own = |followup: &&Record| followup.text("subject") == Some(of.record.number.as_str());
    let counted = took_place.filter(|followup| of.record.kind != OPPORTUNITY || own(followup));
    i64::try_from(counted.count()).ok().map(Figure::Integer)
}

/// Returns the customer a follow-up belongs to, by way of the lead or opportunity it is about.
fn customer<'a>(of: &Evaluation<'a>) -> Option<Figure<'a>> {
    let subject = of.snapshot.find(of.record.text("subject")?)?;
    let customer = if subject.kind == CUSTOMER { Some(subject.number.as_str()) } else { customer_of(subject) };
    customer.map(Figure::Key)
}

/// Returns how a contract stands on the day of the snapshot.
fn standing<'a>(of: &Evaluation<'a>) -> Option<Figure<'a>> {
    Some(Figure::Key(contract::standing(of.record, of.snapshot.as_of.today()).key()))
}

fn contracted_products<'a>(of: &Evaluation<'a>) -> Option<Figure<'a>> {
    let products = cooperation::products(of.record, of.snapshot);
    (!products.is_empty()).then_some(Figure::Texts(products))
}
