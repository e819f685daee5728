//! `sources` (来源分析): how many leads each source brings, and what becomes of them.

use super::axis::Axis;
use super::table::{Figure, PerGrade, Table, figures};
use super::view::{Graded, View};
use super::{Period, Report};
use crate::record::{LEAD, Label, Money};
use crate::rules::config::SourceCost;
use crate::sheet::{Cell, Sheet};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::HashMap;

/// The report.
pub const REPORT: Report = Report {
    name: "sources",
    title: Label::new("Sources", "来源分析"),
    about: Label::new(
        "Leads, grades, conversion and disqualification per source channel and group",
        "各来源渠道及分组的线索、级别、转化与剔除",
    ),
    filters: LEAD,
    unit: None,
    definition: &[
        Label::new(
            "Leads: those acquired in the period, with the grade and status they have now, by the source they came from.",
            "线索：获取日期在期间内的线索，按来源统计，级别与状态为当前值。",
        ),
        Label::new(
            "Rate: converted ÷ all leads of the source, disqualified ones included. Share: of all leads of the report.",
            "转化率：已转化 ÷ 该来源全部线索（含已剔除）。占比：占本报表全部线索。",
        ),
        Label::new(
            "A lead whose source is a group counts in the group alone; a source the dictionary does not know is its own group.",
            "来源只到分组的线索计入该分组；字典中没有的来源自成一组。",
        ),
        Label::new(
            "Cost: what the dictionary states for the channel, by days where only part of it lies in the period; shown \
             for all leads only, since it is not parted among owners.",
            "费用：字典所列该渠道的费用，仅部分在期间内者按天分摊；费用不分到人，故仅在统计全部线索时列出。",
        ),
    ],
    sheets,
};

figures! {
    /// Leads of one source.
    Leads {
        leads: usize,
        grades: PerGrade,
        converted: usize,
        disqualified: usize,
    }
}

figures! {
    /// What the leads of one channel cost.
    Spent {
        amount: Decimal,
        leads: usize,
        converted: usize,
    }
}

impl Leads {
    fn count(&mut self, new: &Graded<'_>) {
        self.leads += 1;
        self.grades.count(new.grade);
        self.converted += usize::from(new.lead.text("status") == Some("converted"));
        self.disqualified += usize::from(new.lead.text("status") == Some("disqualified"));
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let groups_axis = Axis::dictionary(view, "source", "group", Label::new("Group", "分组"));
    let channels_axis = Axis::dictionary(view, "source", "source", Label::new("Source", "来源"));
    let group_of = group_of(view);
    let mut groups = Table::<1, Leads>::new([&groups_axis]);
    let mut channels = Table::<1, Leads>::new([&channels_axis]);
    let new = view.score(&view.new_leads());
    for lead in &new {
        let source = lead.lead.text("source");
        channels.at([source]).count(lead);
        groups.at([source.map(|source| group_of.get(source).copied().unwrap_or(source))]).count(lead);
    }
    let costs = costs(view, &channels_axis, &new);
    let mut sheets = vec![
        channels.draw("sources", Label::new("By source", "按来源"), columns(view, new.len())),
        groups.draw("groups", Label::new("By group", "按分组"), columns(view, new.len())),
    ];
    sheets.extend(costs);
    sheets
}

/// Returns what the leads of each channel that cost something cost; nothing when none did.
fn costs<'a>(view: &View<'a>, channels: &Axis<'a>, new: &[Graded<'a>]) -> Option<Sheet> {
    let mut table = Table::<1, Spent>::new([channels]);
    for cost in view.snapshot.config.source_costs.iter().filter(|_| view.is_whole()) {
        let amount = share_of(cost, &view.period);
        if !amount.is_zero() {
            table.at([Some(&cost.source)]).amount += amount;
        }
    }
    for lead in new {
        if let Some(row) = table.get([lead.lead.text("source")]) {
            row.leads += 1;
            row.converted += usize::from(lead.lead.text("status") == Some("converted"));
        }
    }
    let each = |amount: Decimal, count: usize| match count {
        0 => Cell::Empty,
        count => Cell::Money(Money(cents(amount / Decimal::from(count)))),
    };
    let columns = vec![
        Figure::money("cost", "Cost", "费用", |row: &Spent| Cell::Money(Money(row.amount))),
        Figure::count("leads", "Leads", "线索", |row: &Spent| row.leads),
        Figure::money("per_lead", "Per lead", "每线索", move |row: &Spent| each(row.amount, row.leads)),
        Figure::count("converted", "Conv.", "转化", |row: &Spent| row.converted),
        Figure::money("per_converted", "Per conv.", "每转化", move |row: &Spent| each(row.amount, row.converted)),
    ];
    let sheet = table.draw("costs", Label::new("Costs", "费用"), columns);
    Some(sheet).filter(|sheet| !sheet.rows.is_empty())
}

/// Returns the part of a cost that falls in the period, by days, to the cent.
fn share_of(cost: &SourceCost, period: &Period) -> Decimal {
    let days = |from: NaiveDate, to: NaiveDate| ((to - from).num_days() + 1).max(0);
    let within = days(cost.from.max(period.from), cost.to.min(period.to));
    let all = days(cost.from, cost.to).max(1);
    cents(cost.amount.0 * Decimal::from(within) / Decimal::from(all))
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Returns the group of each channel that has one.
fn group_of<'a>(view: &View<'a>) -> HashMap<&'a str, &'a str> {
    let entries = view.snapshot.config.dictionary.get("source").into_iter().flat_map(|entries| entries.iter());
    entries.filter_map(|entry| Some((entry.key.as_str(), entry.group.as_deref()?))).collect()
}

fn columns(view: &View<'_>, all: usize) -> Vec<Figure<Leads>> {
    let mut columns = vec![
        Figure::count("leads", "Leads", "线索", |row: &Leads| row.leads),
        Figure::share("share", "Share", "占比", move |row: &Leads| (row.leads, all)),
    ];
    columns.extend(Figure::grades(view.grades(), |row: &Leads| &row.grades));
    columns.extend([
        Figure::count("converted", "Conv.", "转化", |row: &Leads| row.converted),
        Figure::share("rate", "Rate", "转化率", |row: &Leads| (row.converted, row.leads)),
        Figure::count("disqualified", "Disq.", "剔除", |row: &Leads| row.disqualified),
    ]);
    columns
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{lines, run, sheet, snapshot, snapshot_of};
    use super::super::{Input, Period, PeriodFlags};
    use super::*;
    use std::sync::Arc;

    #[test]
    fn channels_and_groups() {
        let document = run(&REPORT, &snapshot());
        let channels = lines(sheet(&document, "sources"));
        for line in [
            "exhibition 4 33.3% 2 1 1 1 25.0% 1",
            "search_ads 1 8.3% 1 0 0 0 0.0% 0",
            "webinar 1 8.3% 0 0 1 1 100.0% 0",
            "customer 2 16.7% 0 2 0 1 50.0% 0",
            "web_form 1 8.3% 0 0 1 0 0.0% 0",
            "marketing 1 8.3% 0 1 0 0 0.0% 0",
        ] {
            assert!(channels.contains(&line.to_string()), "{line} in {channels:#?}");
        }
        assert_eq!(
            channels[6..],
            ["booth 1 8.3% 0 0 1 0 0.0% 0", "- 1 8.3% 0 0 1 0 0.0% 0", "total 12 100.0% 3 4 5 3 25.0% 1"]
        );
        assert_eq!(
            lines(sheet(&document, "groups")),
            [
                "marketing 7 58.3% 3 2 2 2 28.6% 1",
                "referral 2 16.7% 0 2 0 1 50.0% 0",
                "inbound 1 8.3% 0 0 1 0 0.0% 0",
                "booth 1 8.3% 0 0 1 0 0.0% 0",
                "- 1 8.3% 0 0 1 0 0.0% 0",
                "total 12 100.0% 3 4 5 3 25.0% 1"
            ]
        );
    }

    #[test]
    fn a_period_is_a_cohort() {
        let snapshot = snapshot();
        let flags = PeriodFlags { from: Some("2026-03-01"), to: Some("2026-03-02"), ..PeriodFlags::default() };
        let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
        let document = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
        assert_eq!(lines(sheet(&document, "groups")).last().unwrap(), "total 3 100.0% 0 1 2 2 66.7% 1");
    }

    #[test]
    fn costs_are_parted_by_days() {
        let mut snapshot = snapshot();
        let day = |text: &str| text.parse().unwrap();
        let cost = |source: &str, from: &str, to: &str, yuan: i64| SourceCost {
            source: source.into(),
            from: day(from),
            to: day(to),
            amount: Money(Decimal::from(yuan)),
        };
        Arc::make_mut(&mut snapshot.config).source_costs = vec![
            cost("exhibition", "2026-03-01", "2026-03-31", 3100),
            cost("exhibition", "2026-02-01", "2026-02-28", 500),
            cost("partner", "2026-03-16", "2026-03-16", 90),
        ];
        let all = run(&REPORT, &snapshot);
        assert_eq!(
            lines(sheet(&all, "costs")),
            ["exhibition 3,600.00 4 900.00 1 3,600.00", "partner 90.00 0 · 0 ·", "total 3,690.00 4 922.50 1 3,690.00"]
        );
        let flags = PeriodFlags { week: Some("2026-W12"), ..PeriodFlags::default() };
        let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
        let week = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
        assert_eq!(lines(sheet(&week, "costs"))[0], "exhibition 700.00 3 233.33 1 700.00");
        let mine = REPORT.run(&Input { owner: Some("rep.a"), ..Input::new(&snapshot) }).unwrap();
        assert_eq!(mine.sheets.len(), 2, "costs are not parted among owners");
    }

    #[test]
    fn nothing_is_not_zero_per_cent() {
        let document = run(&REPORT, &snapshot_of(vec![]));
        assert!(document.sheets.iter().all(|sheet| sheet.rows.is_empty() && sheet.total.is_none()));
    }
}
