//! `winloss` (赢单分析): what was won and lost, by whom, of whom and why, and how long it took.

mod cycle;
#[cfg(test)]
mod tests;

use super::axis::Axis;
use super::deals::{Deal, of_other_currencies};
use super::table::{Amount, Figure, Table, figures, quotient};
use super::units::Units;
use super::view::View;
use super::{Report, Unit};
use crate::record::{Label, OPPORTUNITY};
use crate::rules::score::size_of;
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use std::collections::BTreeSet;

/// The report.
pub const REPORT: Report = Report {
    name: "winloss",
    title: Label::new("Won and lost", "赢单分析"),
    about: Label::new(
        "Win rate by owner, source, industry, product, competitor and size; reasons and stages of loss; cycle",
        "按负责人、来源、行业、产品、竞争对手与规模的赢单率；失败原因与阶段；成交周期",
    ),
    filters: OPPORTUNITY,
    unit: None,
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Opportunities closed in the period: those won or lost now, by the day they were closed. Open ones are in no \
             figure; those without such a day only count for all time.",
            "期间内关闭的商机：现为成交或失败，且关闭日期在期间内；在手商机不计。无关闭日期者仅计入全部时间。",
        ),
        Label::new(
            "Win rate: won ÷ (won + lost). By amount: won amount ÷ (won + lost amount); what is won counts by the actual \
             amount, what is lost by the amount expected; empty where none of them states one. Only amounts in the repository's currency are added up; others \
             are listed apart.",
            "赢单率：成交数 ÷（成交数 + 失败数）。金额赢单率：成交金额 ÷（成交金额 + 失败金额）；成交按实际成交金额，失败按预计金额；均未填金额时为空。\
             仅汇总仓库币种的金额，其他币种单列。",
        ),
        Label::new(
            "Source: that of the lead, or of the customer where there is no lead. Industry and size: those of the customer, \
             the size by its staff where they are known.",
            "来源：取来源线索的来源，无线索时取客户的来源。行业与规模取自客户；已知员工数时按员工数定规模。",
        ),
        Label::new(
            "Product, competitor: an opportunity with several counts once for each, so there is no total.",
            "产品、竞争对手：有多个时各计一次，因此没有合计。",
        ),
        Label::new(
            "Cycle: the days from opening to close. The median is the middle one, or the mean of the middle two. Left out: \
             what lacks one of the days or was closed before it was opened.",
            "周期：自立项日至关闭日的天数。中位数为居中者，或居中两者的平均。缺少任一日期或关闭早于立项者不计。",
        ),
    ],
    sheets,
};

figures! {
    /// Closed opportunities of one row.
    Closed {
        won: usize,
        lost: usize,
        won_amount: Amount,
        lost_amount: Amount,
        /// Those won that state an amount that counts.
        won_valued: usize,
        /// Those lost that do.
        lost_valued: usize,
    }
}

impl Closed {
    fn count(&mut self, deal: &Deal<'_>) {
        let valued = usize::from(deal.worth().is_some());
        if deal.is_won() {
            self.won += 1;
            self.won_valued += valued;
            self.won_amount += deal.worth();
        } else {
            self.lost += 1;
            self.lost_valued += valued;
            self.lost_amount += deal.worth();
        }
    }

    /// Returns the win rate by amount; nothing where nobody knows what was lost, or won, since that weighs nothing.
    fn rate_by_amount(&self) -> Cell {
        let is_unknown = |count: usize, valued: usize| count > 0 && valued == 0;
        if is_unknown(self.won, self.won_valued) || is_unknown(self.lost, self.lost_valued) {
            return Cell::Empty;
        }
        quotient(self.won_amount.0, self.won_amount.0.saturating_add(self.lost_amount.0))
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let mut closed = view.deals();
    closed.retain(|deal| !deal.is_open() && view.period.holds(deal.closed_on()));
    let of_customer = |deal: &Deal<'_>| deal.customer(view.snapshot);
    let model = &view.snapshot.config.model;
    let title = Label::new;
    let owners = Axis::people(view, "owner", title("Owner", "负责人"));
    let sources = Axis::dictionary(view, "source", "source", title("Source", "来源"));
    let industries = Axis::dictionary(view, "industry", "industry", title("Industry", "行业"));
    let sizes = Axis::dictionary(view, "size", "size", title("Size", "规模"));
    let source = |deal: &Deal<'_>| deal.origin(view.snapshot).and_then(|one| one.text("source"));
    let industry = |deal: &Deal<'_>| of_customer(deal).and_then(|one| one.text("industry"));
    let size = |deal: &Deal<'_>| of_customer(deal).and_then(|one| size_of(one, model));
    let mut sheets = vec![
        by_quarter(&closed),
        by(&owners, &closed, |deal| deal.record.text("owner")).draw("owners", title("By owner", "按负责人"), columns()),
        by(&sources, &closed, source).draw("sources", title("By source", "按来源"), columns()),
        by(&industries, &closed, industry).draw("industries", title("By industry", "按行业"), columns()),
        by(&sizes, &closed, size).draw("sizes", title("By size", "按规模"), columns()),
        by_texts("products", title("Product", "产品"), &closed, title("By product", "按产品")),
        by_texts("competitors", title("Competitor", "竞争对手"), &closed, title("By competitor", "按竞争对手")),
    ];
    let mut lost = closed.clone();
    lost.retain(Deal::is_lost);
    let reasons = Axis::dictionary(view, "lost_reason", "reason", title("Reason", "原因"));
    let stages = Axis::dictionary(view, "stage", "stage", title("Stage", "阶段"));
    sheets.extend([
        losses(&reasons, &lost, "reasons", title("Lost because", "失败原因"), "lost_reason"),
        losses(&stages, &lost, "stages", title("Lost in stage", "失败阶段"), "lost_stage"),
        cycle::cycle(&closed),
    ]);
    sheets.extend(of_other_currencies(&closed));
    sheets
}

/// Adds closed opportunities up by a key.
fn by<'s, 'a>(
    axis: &'s Axis<'a>,
    closed: &[Deal<'a>],
    key: impl Fn(&Deal<'a>) -> Option<&'a str>,
) -> Table<'s, 'a, 1, Closed> {
    let mut table = Table::<1, Closed>::new([axis]);
    for deal in closed {
        table.at([key(deal)]).count(deal);
    }
    table
}

fn by_quarter(closed: &[Deal<'_>]) -> Sheet {
    let units = Units::of(Unit::Quarter, closed.iter().filter_map(Deal::closed_on));
    let quarters = units.axis("quarter", Label::new("Quarter", "季度"));
    let table = by(&quarters, closed, |deal| units.name(deal.closed_on()));
    let mut sheet = table.draw("quarters", Label::new("By quarter", "按季度"), columns());
    let count = closed.iter().filter(|deal| deal.foreign.is_none() && deal.worth().is_none()).count();
    if count > 0 {
        sheet.notes.push(words!("{count} of them state no amount", "其中 {count} 个未填金额"));
    }
    sheet
}

/// Adds closed opportunities up by the texts of a list, once for each.
fn by_texts(field: &'static str, label: Label, closed: &[Deal<'_>], title: Label) -> Sheet {
    let axis = Axis::texts(field, label);
    let mut table = Table::<1, Closed>::new([&axis]);
    for deal in closed {
        let texts: BTreeSet<&str> = deal.record.texts(field).iter().map(|text| &**text).collect();
        if texts.is_empty() {
            table.at([None]).count(deal);
        }
        for text in texts {
            table.at([Some(text)]).count(deal);
        }
    }
    let mut sheet = table.draw(field, title, columns());
    sheet.total = None;
    sheet
}

/// Adds losses up by what a field says of them.
fn losses<'a>(axis: &Axis<'a>, lost: &[Deal<'a>], key: &str, title: Label, field: &str) -> Sheet {
    let all = lost.len();
    let columns = vec![
        Figure::count("lost", "Lost", "失败", |row: &Closed| row.lost),
        Figure::share("share", "Share", "占比", move |row: &Closed| (row.lost, all)),
        Figure::amount("lost_amount", "Lost amount", "失败金额", |row: &Closed| row.lost_amount),
    ];
    by(axis, lost, |deal| deal.record.text(field)).draw(key, title, columns)
}

fn columns() -> Vec<Figure<Closed>> {
    vec![
        Figure::count("won", "Won", "成交", |row: &Closed| row.won),
        Figure::count("lost", "Lost", "失败", |row: &Closed| row.lost),
        Figure::share("rate", "Rate", "赢单率", |row: &Closed| (row.won, row.won + row.lost)),
        Figure::amount("won_amount", "Won amount", "成交金额", |row: &Closed| row.won_amount),
        Figure::amount("lost_amount", "Lost amount", "失败金额", |row: &Closed| row.lost_amount),
        Figure::of(Column::of("amount_rate", "By amt", "金额赢单率", ColumnType::Ratio), Closed::rate_by_amount),
    ]
}
