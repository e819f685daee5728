//! Computed fields: what is not stored but follows from the records, the configuration and the moment.
//!
//! One list; filters, sorting, columns and JSON follow from it. Follow-ups dated after the moment of the
//! snapshot have not taken place yet and are left out.
//!
//! *Absent on purpose:* what is due next, which cadence says.

use super::score::{Assessment, assess_in};
use super::{Snapshot, cadence};
use crate::query::{Datum, Type};
use crate::record::{Kind, Label, Record};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone};
use rust_decimal::Decimal;
use std::cell::OnceCell;

/// A computed field.
#[derive(Debug)]
pub struct Computed {
    /// Its key in filters, columns and JSON.
    pub name: &'static str,
    /// The names of the kinds that have it.
    pub kinds: &'static [&'static str],
    /// What it is compared as.
    pub ty: Type,
    /// Whether it has several values.
    pub list: bool,
    /// What people call it.
    pub label: Label,
    /// Other names it goes by.
    pub aliases: &'static [&'static str],
    /// The kinds of record it is computed from besides its own, by name.
    pub needs: &'static [&'static str],
    /// Computes it; nothing when it is missing.
    pub compute: for<'a> fn(&Evaluation<'a>) -> Option<Figure<'a>>,
}

/// The value of a computed field.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure<'a> {
    /// A key of the model: a grade.
    Key(&'a str),
    /// Keys of the model: dimensions.
    Keys(Vec<&'a str>),
    /// A count.
    Integer(i64),
    /// Points or hours.
    Decimal(Decimal),
    /// A moment.
    Moment(DateTime<FixedOffset>),
}

/// Every computed field. A new one is a line here and a function below.
pub static COMPUTED: &[Computed] = &[
    Computed {
        name: "score",
        kinds: &["lead"],
        ty: Type::Decimal,
        list: false,
        label: Label::new("Score", "评分"),
        aliases: &["得分", "分数", "Lead Score"],
        needs: &["product"],
        compute: |of| Some(Figure::Decimal(of.assessment().total)),
    },
    Computed {
        name: "grade",
        kinds: &["lead"],
        ty: Type::Key("grade"),
        list: false,
        label: Label::new("Grade", "级别"),
        aliases: &["线索级别", "线索等级", "等级"],
        needs: &["product"],
        compute: grade,
    },
    Computed {
        name: "reachable",
        kinds: &["lead"],
        ty: Type::Decimal,
        list: false,
        label: Label::new("Reachable score", "可达评分"),
        aliases: &["最高可达"],
        needs: &["product"],
        compute: |of| Some(Figure::Decimal(of.assessment().reachable)),
    },
    Computed {
        name: "missing",
        kinds: &["lead"],
        ty: Type::Key("dimension"),
        list: true,
        label: Label::new("Missing for the score", "评分缺失项"),
        aliases: &["缺失项"],
        needs: &["product"],
        compute: missing,
    },
    Computed {
        name: "last_followup_at",
        kinds: &["lead", "customer"],
        ty: Type::Moment,
        list: false,
        label: Label::new("Last follow-up", "最近跟进时间"),
        aliases: &["最后跟进时间", "最近跟进", "上次跟进"],
        needs: &["followup"],
        compute: |of| of.last_followup().map(Figure::Moment),
    },
    Computed {
        name: "idle_days",
        kinds: &["lead", "customer"],
        ty: Type::Integer,
        list: false,
        label: Label::new("Idle days", "未跟进天数"),
        aliases: &["闲置天数"],
        needs: &["followup"],
        compute: idle_days,
    },
    Computed {
        name: "followup_count",
        kinds: &["lead", "customer"],
        ty: Type::Integer,
        list: false,
        label: Label::new("Follow-ups", "跟进次数"),
        aliases: &["跟进数"],
        needs: &["followup"],
        compute: |of| i64::try_from(of.followups().count()).ok().map(Figure::Integer),
    },
    Computed {
        name: "first_response_hours",
        kinds: &["lead"],
        ty: Type::Decimal,
        list: false,
        label: Label::new("First response hours", "首次响应小时数"),
        aliases: &["响应时长", "响应小时数"],
        needs: &["followup"],
        compute: |of| cadence::first_response_hours(of.record, of.snapshot).map(Figure::Decimal),
    },
];

impl Computed {
    /// Tells whether records of this kind have it.
    pub fn is_of(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind.name)
    }

    /// Returns the computed field of a kind with this key.
    pub fn find(kind: Kind, name: &str) -> Option<&'static Computed> {
        COMPUTED.iter().find(|computed| computed.name == name && computed.is_of(kind))
    }
}

/// One record being computed; what several fields need is found once.
pub struct Evaluation<'a> {
    /// The record.
    pub record: &'a Record,
    /// What it is part of.
    pub snapshot: &'a Snapshot,
    assessment: OnceCell<Assessment>,
}

impl<'a> Evaluation<'a> {
    /// Begins with a record.
    pub fn new(record: &'a Record, snapshot: &'a Snapshot) -> Evaluation<'a> {
        Evaluation { record, snapshot, assessment: OnceCell::new() }
    }

    /// Returns the value of a computed field; nothing when its kind has no such field or it is missing.
    pub fn compute(&self, name: &str) -> Option<Figure<'a>> {
        (Computed::find(self.record.kind, name)?.compute)(self)
    }

    /// Returns the score without words.
    pub fn assessment(&self) -> &Assessment {
        self.assessment.get_or_init(|| assess_in(self.record, self.snapshot))
    }

    /// Returns the moments of the follow-ups that have taken place, in order.
    fn followups(&self) -> impl DoubleEndedIterator<Item = DateTime<FixedOffset>> {
        let now = self.snapshot.as_of.moment;
        let all = self.snapshot.followups(self.record.number.as_str());
        all.filter_map(|followup| followup.moment("at")).filter(move |at| *at <= now)
    }

    fn last_followup(&self) -> Option<DateTime<FixedOffset>> {
        self.followups().next_back()
    }

    /// Returns the day of a moment in the repository's zone.
    fn day(&self, moment: DateTime<FixedOffset>) -> NaiveDate {
        moment.with_timezone(&self.snapshot.as_of.moment.timezone()).date_naive()
    }

    /// Returns when the record was there to be worked on: assigned, else acquired, at the begin of the day.
    fn anchor(&self) -> Option<DateTime<FixedOffset>> {
        self.record.moment("assigned_at").or_else(|| {
            let midnight = self.record.date("acquired_on")?.and_time(NaiveTime::MIN);
            let zone = self.snapshot.as_of.moment.timezone();
            zone.from_local_datetime(&midnight).earliest().map(|moment| moment.fixed_offset())
        })
    }
}

impl Figure<'_> {
    /// Shows the value to `see`, each key of several by itself.
    pub fn visit(&self, see: &mut dyn FnMut(Datum<'_>) -> bool) -> bool {
        match self {
            Figure::Key(key) => see(Datum::Text(key)),
            Figure::Keys(keys) => keys.iter().any(|key| see(Datum::Text(key))),
            Figure::Integer(n) => see(Datum::Number(Decimal::from(*n))),
            Figure::Decimal(n) => see(Datum::Number(*n)),
            Figure::Moment(moment) => see(Datum::Moment(*moment)),
        }
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
