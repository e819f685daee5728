//! Reports: pure functions of a snapshot and a period.
//!
//! A report is one file: its name, what it is about, the definition of its figures and a function from
//! the records it looks at to sheets. Period, owner, department and filter are read the same way for
//! all of them ([`View`]), and every document says what it is as of. A new report is a file and a line in
//! [`REPORTS`].
//!
//! *Invariants:* rows stand in a fixed order; a total is the sum of its rows; a share of nothing is
//! empty, not 0 %; what was lost stays in denominators.
//!
//! *Absent on purpose:* drawing, the clock, and history: what leads were when the period began and the
//! stages that opportunities went through are given.

mod activity;
mod average;
mod axis;
mod contracts;
mod currency;
mod customers;
mod deals;
#[cfg(test)]
mod fixture;
mod forecast;
mod funnel;
mod grades;
mod owners;
mod period;
mod pipeline;
mod quality;
mod receivables;
mod sources;
mod table;
mod targets;
#[cfg(test)]
mod tests;
mod tickets;
mod units;
mod view;
mod weekly;
mod winloss;

pub use period::{Period, PeriodFlags, Unit};

use crate::query::Filter;
use crate::record::dictionary::fold_name;
use crate::record::{Failure, Kind, Label, Number, Result, Words};
use crate::rules::Snapshot;
use crate::rules::stay::Stay;
use crate::sheet::{Cell, Column, Document, Fact, Sheet};
use crate::words;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};
use view::View;

/// A report there is.
pub struct Report {
    /// The name typed on the command line.
    pub name: &'static str,
    /// Its heading.
    pub title: Label,
    /// What it tells, in one line.
    pub about: Label,
    /// The kind whose fields `--where` is about.
    pub filters: Kind,
    /// The unit around today it is about unless a period is given; all time when absent.
    pub unit: Option<Unit>,
    /// Whether it needs to know through which stages opportunities went.
    pub wants_stays: bool,
    /// Whether a period that has ended is told as of its end, not as of now.
    pub as_of_end: bool,
    /// What every figure means.
    pub definition: &'static [Label],
    sheets: fn(&View<'_>) -> Vec<Sheet>,
}

/// Every report there is.
pub static REPORTS: [Report; 15] = [
    weekly::REPORT,
    sources::REPORT,
    grades::REPORT,
    funnel::REPORT,
    pipeline::REPORT,
    forecast::REPORT,
    winloss::REPORT,
    targets::REPORT,
    contracts::REPORT,
    receivables::REPORT,
    customers::REPORT,
    owners::REPORT,
    activity::REPORT,
    tickets::REPORT,
    quality::REPORT,
];

/// What a report is made from.
#[derive(Clone)]
pub struct Input<'a> {
    /// The records, with the moment they are of.
    pub snapshot: &'a Snapshot,
    /// The status at the period's beginning of leads that have another one now; absent when not looked up.
    pub earlier: Option<&'a HashMap<Number, String>>,
    /// The stages that opportunities went through, also others than those of the snapshot; absent when not looked up.
    pub stays: Option<&'a HashMap<Number, Vec<Stay>>>,
    /// Whether the records can be read as they were when the period ended: some commit was made by then.
    pub reaches_back: bool,
    /// Whose deals are among the records, where that is not everybody's.
    pub seen: Option<&'a HashSet<String>>,
    /// The period asked for; the report's own when absent.
    pub period: Option<Period>,
    /// Only this person's records, by login or name.
    pub owner: Option<&'a str>,
    /// Only records of this department's people.
    pub department: Option<&'a str>,
    /// Only records this lets by; parsed for the report's `filters` kind.
    pub filter: Option<&'a Filter>,
}

impl<'a> Input<'a> {
    /// Makes the input of a report about everybody and its own period.
    pub fn new(snapshot: &'a Snapshot) -> Input<'a> {
        Input {
            snapshot,
            earlier: None,
            stays: None,
            reaches_back: true,
            seen: None,
            period: None,
            owner: None,
            department: None,
            filter: None,
        }
    }
}

impl Report {
    /// Returns the report called `name`: by its name, its title in either language, or Chinese words that the title of
    /// no other has, as 漏斗; the failure names all there are.
    pub fn find(name: &str) -> Result<&'static Report> {
        let wanted = fold_name(name);
        let is_called = |report: &&Report| {
            report.name == wanted || [report.title.en, report.title.zh].iter().any(|title| fold_name(title) == wanted)
        };
        let is_part = |report: &&Report| report.title.zh.contains(&wanted);
        let by_part = || {
            let mut parts = REPORTS.iter().filter(is_part).filter(|_| !wanted.is_empty());
            parts.next().filter(|_| parts.next().is_none())
        };
        REPORTS.iter().find(is_called).or_else(by_part).ok_or_else(|| {
            let en = REPORTS.iter().map(|report| report.name).collect::<Vec<_>>().join(", ");
            let both = |report: &Report| format!("{}（{}）", report.title.zh, report.name);
            let zh = REPORTS.iter().map(both).collect::<Vec<_>>().join("、");
            Failure::usage(words!("there is no report `{name}`", "没有报表 `{name}`"))
                .hint(words!("the reports are {en}", "可用的报表：{zh}"))
        })
    }

    /// Returns the period the report is about, `asked` or its own.
    pub fn period(&self, asked: Option<Period>, today: NaiveDate) -> Period {
        asked.or_else(|| Some(self.unit?.containing(today))).unwrap_or_else(Period::all_time)
    }

    /// Makes the report.
    ///
    /// Fails when the owner or the department asked for is not known.
    pub fn run(&self, input: &Input<'_>) -> Result<Document> {
        let view = View::new(self, input)?;
        let own = self.definition.iter().map(|line| Words::from(*line));
        Ok(Document {
            name: self.name.into(),
            title: self.title.into(),
            facts: facts(input, &view.period),
            sheets: (self.sheets)(&view),
            definition: own.chain(hindsight(input, &view.period)).collect(),
        })
    }
}

/// Returns the list of reports, as `report list` prints it.
pub fn list() -> Document {
    let columns = vec![Column::text("name", "Report", "报表"), Column::text("about", "About", "内容")];
    let mut sheet = Sheet::new("reports", Words::default(), columns);
    let row = |report: &Report| vec![Cell::text(report.name), Cell::Label(report.about.en.into(), report.about.into())];
    sheet.rows = REPORTS.iter().map(row).collect();
    Document { name: "list".into(), title: words!("Reports", "报表"), sheets: vec![sheet], ..Document::default() }
}

/// Returns the lines under the heading: what, when, as of, whose.
fn facts(input: &Input<'_>, period: &Period) -> Vec<Fact> {
    let as_of = &input.snapshot.as_of;
    let fact = |key, en, zh, value| Fact::new(key, Label::new(en, zh), value);
    let mut facts = vec![
        fact("period", "Period", "期间", Cell::Label(period.key.clone(), period.label.clone())),
        fact("as_of", "As of", "截至", Cell::Moment(as_of.moment.fixed_offset())),
        fact("commit", "Commit", "提交", Cell::maybe(as_of.commit.as_deref())),
    ];
    if as_of.edited {
        let edited = words!("with changes not committed yet", "含尚未提交的修改");
        facts.push(fact("edited", "Work tree", "工作区", Cell::Label("edited".into(), edited)));
    }
    for (key, en, zh, text) in
        [("owner", "Owner", "负责人", input.owner), ("department", "Department", "部门", input.department)]
    {
        facts.extend(text.map(|text| fact(key, en, zh, Cell::text(text))));
    }
    facts.extend(input.filter.map(|filter| fact("where", "Filter", "筛选", Cell::text(filter.to_string()))));
    facts
}

/// Says that states are of now where the period has ended before.
fn hindsight(input: &Input<'_>, period: &Period) -> Option<Words> {
    let today = input.snapshot.as_of.today();
    let end = period.end().filter(|end| *end < today)?;
    let states = words!(
        "The period ended on {end}: status, grade, owner and what is due are as of {today}",
        "该期间已于 {end} 结束：状态、级别、负责人与待办均截至 {today}"
    );
    let then = match input.reaches_back {
        true => words!("; `--as-of {end}` shows them as they were then.", "；用 `--as-of {end}` 可看当时的情况。"),
        false => words!("; no commit is as old.", "；当时还没有任何提交。"),
    };
    Some(Words::join([&states, &then], "", ""))
}
