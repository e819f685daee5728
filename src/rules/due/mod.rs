//! What is to be done, and when (待办): contacts by the cadence, closes that are past, approvals, reviews, renewals,
//! payments, archives to refresh, care, records about to return to the pool, tickets. DOMAIN: follow-up and cadence.
//!
//! Each source is a file with a function from a record to what it calls for; a new one is a file and a line in
//! [`SOURCES`]. All are pure functions of a snapshot and its moment, so the list of a past morning can be made again.
//!
//! *Invariant:* a follow-up that is added never makes anything due earlier than it was.

mod approval;
mod care;
mod close;
mod contact;
mod payment;
mod recycle;
mod refresh;
mod renewal;
mod review;
mod ticket;

use super::Snapshot;
use super::cadence::Due;
use crate::record::{
    CONTRACT, CUSTOMER, Failure, Kind, LEAD, Label, OPPORTUNITY, REVIEW, Record, Result, TICKET, Words,
};
use crate::words;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use rayon::prelude::*;
use std::collections::HashSet;

pub use approval::APPROVAL;
pub use care::FESTIVAL;

/// A source of tasks: what a record calls for, in any order.
type Source = fn(&Record, &Scope<'_>) -> Vec<Due>;

/// Every source.
static SOURCES: [Source; 10] = [
    contact::due,
    close::due,
    approval::due,
    review::due,
    renewal::due,
    payment::due,
    refresh::due,
    recycle::due,
    care::due,
    ticket::due,
];

/// The kinds that call for something, in the order they are told of one moment.
pub const KINDS: [Kind; 5] = [LEAD, CUSTOMER, OPPORTUNITY, CONTRACT, TICKET];

/// What the rules by which something is due are called in Chinese; in English they go by their keys, and so does a rule
/// without a line here.
static RULES: [(&str, &str); 19] = [
    ("first-response", "首次响应"),
    ("step", "跟进计划"),
    ("repeat", "定期联系"),
    ("promised", "已约定"),
    ("idle", "久未跟进"),
    ("no-plan", "无计划"),
    ("close", "预计成交"),
    ("renewal", "续约提醒"),
    ("renewal-day", "续约到期"),
    (APPROVAL, "待审批"),
    ("review", "复盘"),
    ("payment", "应收款"),
    ("dispatch", "待派单"),
    ("ticket", "工单时限"),
    ("refresh", "档案更新"),
    ("recycle", "退回公海"),
    (FESTIVAL, "节日"),
    ("anniversary", "纪念日"),
    ("birthday", "生日"),
];

/// Returns what people call a rule.
pub fn rule_label(rule: &'static str) -> Words {
    let known = RULES.iter().find(|(key, _)| *key == rule);
    Label::new(rule, known.map_or(rule, |(_, label)| label)).into()
}

/// Returns the key of a rule by its key or by what people call it; the failure names all there are.
pub fn rule_of(text: &str) -> Result<&'static str> {
    let found = RULES.iter().find(|(key, label)| *key == text.trim() || *label == text.trim());
    found.map(|(key, _)| *key).ok_or_else(|| {
        let (en, zh) = RULES.iter().copied().unzip::<_, _, Vec<_>, Vec<_>>();
        let (en, zh) = (en.join(", "), zh.join("、"));
        Failure::usage(words!("there is no rule `{text}`", "没有规则“{text}”"))
            .hint(words!("the rules are {en}", "可用的规则：{zh}"))
    })
}

/// What all records are judged by.
pub struct Scope<'a> {
    snapshot: &'a Snapshot,
    /// The festivals in sight, by day.
    festivals: Vec<(NaiveDate, Words)>,
    /// The opportunities that have a review.
    reviewed: HashSet<&'a str>,
}

/// One thing to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Task<'a> {
    /// The lead, customer, opportunity, contract or ticket it is about.
    pub record: &'a Record,
    /// What and when.
    pub due: Due,
}

/// When a task is due, as seen from a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// It should have been done.
    Overdue,
    /// On this day.
    Today,
    /// Later.
    Coming,
}

impl Group {
    /// Returns its name in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Group::Overdue => "overdue",
            Group::Today => "today",
            Group::Coming => "coming",
        }
    }

    /// Returns what people call it.
    pub fn label(self) -> Label {
        match self {
            Group::Overdue => Label::new("overdue", "逾期"),
            Group::Today => Label::new("today", "今天"),
            Group::Coming => Label::new("coming", "将到期"),
        }
    }
}

impl Task<'_> {
    /// Returns its group, as seen from `now`.
    pub fn group(&self, now: DateTime<Tz>) -> Group {
        if self.due.overdue_by.is_some() {
            Group::Overdue
        } else if self.due.at.date_naive() <= now.date_naive() {
            Group::Today
        } else {
            Group::Coming
        }
    }
}

/// Returns what the records that `admit` lets by call for up to the day `until`: what is longest overdue first, then by
/// moment, then by number.
pub fn tasks<'a>(snapshot: &'a Snapshot, until: NaiveDate, admit: impl Fn(&Record) -> bool + Sync) -> Vec<Task<'a>> {
    let reviewed = snapshot.records(REVIEW).iter().filter_map(|review| review.text("opportunity")).collect();
    let scope = Scope { snapshot, festivals: care::festivals(snapshot, until), reviewed };
    let records = KINDS.map(|kind| snapshot.records(kind));
    let of_record = |record: &'a Record| {
        let all = SOURCES.iter().flat_map(|source| source(record, &scope));
        all.filter(|due| due.at.date_naive() <= until).map(|due| Task { record, due }).collect::<Vec<_>>()
    };
    let admitted = records.par_iter().flat_map(|list| list.par_iter()).filter(|record| admit(record));
    let mut tasks: Vec<Task<'a>> = admitted.flat_map_iter(of_record).collect();
    let now = snapshot.as_of.moment;
    tasks.par_sort_by_cached_key(|task| (task.group(now), task.due.at, place(task.record)));
    tasks
}

/// Orders records of one moment by kind, each kind as its numbers count.
fn place(record: &Record) -> (Option<usize>, String, i32, u32) {
    let (prefix, year, seq) = record.number.parts().map_or(("", 0, 0), |parts| (parts.prefix, parts.year, parts.seq));
    (KINDS.iter().position(|kind| *kind == record.kind), prefix.to_string(), year, seq)
}

#[cfg(test)]
mod tests;
