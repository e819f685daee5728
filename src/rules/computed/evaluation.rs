//! A record being computed, and the values that come of it.

use super::Computed;
use crate::query::Datum;
use crate::record::{Money, Record};
use crate::rules::Snapshot;
use crate::rules::score::{Assessment, assess_in};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone};
use rust_decimal::Decimal;
use std::cell::OnceCell;

/// The value of a computed field.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure<'a> {
    /// A key of the model (a grade), or the number of a record.
    Key(&'a str),
    /// Keys of the model: dimensions.
    Keys(Vec<&'a str>),
    /// A text made for it.
    Text(String),
    /// Texts as they stand.
    Texts(Vec<&'a str>),
    /// A day.
    Date(NaiveDate),
    /// A count.
    Integer(i64),
    /// Points or hours.
    Decimal(Decimal),
    /// An amount.
    Money(Money),
    /// A moment.
    Moment(DateTime<FixedOffset>),
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

    pub(super) fn last_followup(&self) -> Option<DateTime<FixedOffset>> {
        let now = self.snapshot.as_of.moment;
        let touches = self.snapshot.touches(self.record);
        touches.into_iter().rev().filter_map(|followup| followup.moment("at")).find(|at| *at <= now)
    }

    /// Returns the day of a moment in the repository's zone.
    pub(super) fn day(&self, moment: DateTime<FixedOffset>) -> NaiveDate {
        moment.with_timezone(&self.snapshot.as_of.moment.timezone()).date_naive()
    }

    /// Returns when the record was there to be worked on: assigned, else acquired, at the begin of the day.
    pub(super) fn anchor(&self) -> Option<DateTime<FixedOffset>> {
        self.record.moment("assigned_at").or_else(|| {
            let day = self.record.date("acquired_on").or_else(|| self.record.date("opened_on"));
            let midnight = day?.and_time(NaiveTime::MIN);
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
            Figure::Text(text) => see(Datum::Text(text)),
            Figure::Texts(texts) => texts.iter().any(|text| see(Datum::Text(text))),
            Figure::Date(day) => see(Datum::Date(*day)),
            Figure::Integer(n) => see(Datum::Number(Decimal::from(*n))),
            Figure::Decimal(n) => see(Datum::Number(*n)),
            Figure::Money(money) => see(Datum::Number(money.0)),
            Figure::Moment(moment) => see(Datum::Moment(*moment)),
        }
    }
}
