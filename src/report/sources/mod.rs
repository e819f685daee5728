//! `sources` (来源分析): how many leads each source brings, what becomes of them, and what that costs and returns.

mod cost;
#[cfg(test)]
mod tests;

use super::Report;
use super::axis::Axis;
use super::deals::{Deal, Descent, of_other_currencies};
use super::table::{Amount, Figure, PerRank, Table, figures};
use super::view::{Graded, View};
use crate::record::{LEAD, Label};
use crate::sheet::Sheet;
use std::collections::HashMap;

/// The report.
pub const REPORT: Report = Report {
    name: "sources",
    title: Label::new("Sources", "来源分析"),
    about: Label::new(
        "Leads, grades, conversion, opportunities, cost and return per source channel and group",
        "各来源渠道及分组的线索、级别、转化、商机、费用与回报",
    ),
    filters: LEAD,
    unit: None,
    wants_stays: false,
    as_of_end: false,
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
            "Opportunities: those that came of these leads, and those without a lead of customers acquired in the period, \
             whenever they are closed. Each counts once, for the source of its lead, or of its customer where there is no \
             lead. Win rate: won ÷ (won + lost).",
            "商机：由这些线索转化而来的商机，以及期间内建档客户的无线索商机，无论何时关闭。每个商机只计一次，归其线索的来源，\
             无线索时归其客户的来源。赢单率：成交 ÷（成交 + 失败）。",
        ),
        Label::new(
            "Cost: what the dictionary states for the channel, by days where only part of it lies in the period; shown \
             for all leads only, since it is not parted among owners.",
            "费用：字典所列该渠道的费用，仅部分在期间内者按天分摊；费用不分到人，故仅在统计全部线索时列出。",
        ),
        Label::new(
            "Return: (won amount − cost) ÷ cost, of channels that cost something. What was won is in the repository's \
             currency; other currencies are listed apart.",
            "回报率：（成交金额 − 费用）÷ 费用，仅列有费用的渠道。成交金额仅计仓库币种，其他币种单列。",
        ),
    ],
    sheets,
};

figures! {
    /// Leads of one source.
    Leads {
        leads: usize,
        grades: PerRank,
        converted: usize,
        disqualified: usize,
    }
}

figures! {
    /// What came of the leads of one source.
    Deals {
        opportunities: usize,
        won: usize,
        lost: usize,
        won_amount: Amount,
    }
}

/// An opportunity with the source it is counted for.
struct Sourced<'a> {
    source: Option<&'a str>,
    deal: Deal<'a>,
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
    let sourced = sourced(view);
    let mut sheets = vec![
        channels.draw("sources", Label::new("By source", "按来源"), columns(view, new.len())),
        groups.draw("groups", Label::new("By group", "按分组"), columns(view, new.len())),
        deals(&channels_axis, &sourced),
    ];
    sheets.extend(cost::sheets(view, &channels_axis, &new, &sourced));
    sheets.extend(of_other_currencies(sourced.iter().map(|one| &one.deal)));
    sheets
}

/// Returns the opportunities of the report, each with its one source.
fn sourced<'a>(view: &View<'a>) -> Vec<Sourced<'a>> {
    let descent = Descent::new(view);
    let mut all = Vec::new();
    for lead in view.new_leads() {
        all.extend(descent.of(lead).iter().map(|deal| Sourced { source: lead.text("source"), deal: *deal }));
    }
    for deal in &descent.direct {
        let customer = deal.customer(view.snapshot);
        if view.period.holds(customer.and_then(|customer| customer.date("acquired_on"))) {
            all.push(Sourced { source: customer.and_then(|customer| customer.text("source")), deal: *deal });
        }
    }
    all
}

/// Draws what came of the leads of each source.
fn deals<'a>(channels: &Axis<'a>, sourced: &[Sourced<'a>]) -> Sheet {
    let mut table = Table::<1, Deals>::new([channels]);
    for one in sourced {
        let row = table.at([one.source]);
        row.opportunities += 1;
        row.lost += usize::from(one.deal.is_lost());
        row.won += usize::from(one.deal.is_won());
        row.won_amount += one.deal.worth().filter(|_| one.deal.is_won());
    }
    let columns = vec![
        Figure::count("opportunities", "Opportunities", "商机", |row: &Deals| row.opportunities),
        Figure::count("won", "Won", "成交", |row: &Deals| row.won),
        Figure::count("lost", "Lost", "失败", |row: &Deals| row.lost),
        Figure::share("win_rate", "Win rate", "赢单率", |row: &Deals| (row.won, row.won + row.lost)),
        Figure::amount("won_amount", "Won amount", "成交金额", |row: &Deals| row.won_amount),
    ];
    table.draw("deals", Label::new("Opportunities by source", "按来源的商机"), columns)
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
