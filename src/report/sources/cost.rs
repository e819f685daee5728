//! What the channels cost in the period, and what their leads and opportunities return.

use super::Sourced;
use crate::record::{Label, Money};
use crate::report::Period;
use crate::report::axis::Axis;
use crate::report::table::{Amount, Figure, Table, figures, quotient};
use crate::report::view::{Graded, View};
use crate::rules::config::SourceCost;
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};

figures! {
    /// What one channel cost and brought.
    Spent {
        cost: Amount,
        leads: usize,
        converted: usize,
        won: usize,
        won_amount: Amount,
    }
}

/// Draws the channels that cost something: what their leads cost, and what was won of them. Nothing when none did.
pub fn sheets<'a>(
    view: &View<'a>,
    channels: &Axis<'a>,
    new: &[Graded<'a>],
    sourced: &[Sourced<'a>],
) -> impl Iterator<Item = Sheet> {
    let spent = || spent(view, channels, new, sourced);
    let costs = spent().draw("costs", Label::new("Costs", "费用"), cost_columns());
    let returns = spent().draw("returns", Label::new("Returns", "回报"), return_columns());
    [costs, returns].into_iter().filter(|sheet| !sheet.rows.is_empty())
}

fn spent<'s, 'a>(
    view: &View<'a>,
    channels: &'s Axis<'a>,
    new: &[Graded<'a>],
    sourced: &[Sourced<'a>],
) -> Table<'s, 'a, 1, Spent> {
    let mut table = Table::<1, Spent>::new([channels]);
    for cost in view.snapshot.config.source_costs.iter().filter(|_| view.is_whole()) {
        let amount = share_of(cost, &view.period);
        if !amount.0.is_zero() {
            table.at([Some(&cost.source)]).cost += Some(amount);
        }
    }
    for lead in new {
        if let Some(row) = table.get([lead.lead.text("source")]) {
            row.leads += 1;
            row.converted += usize::from(lead.lead.text("status") == Some("converted"));
        }
    }
    for one in sourced.iter().filter(|one| one.deal.is_won()) {
        if let Some(row) = table.get([one.source]) {
            row.won += 1;
            row.won_amount += one.deal.worth();
        }
    }
    table
}

fn cost_columns() -> Vec<Figure<Spent>> {
    vec![
        Figure::amount("cost", "Cost", "费用", |row: &Spent| row.cost),
        Figure::count("leads", "Leads", "线索", |row: &Spent| row.leads),
        Figure::money("per_lead", "Per lead", "每线索", |row: &Spent| each(row.cost, row.leads)),
        Figure::count("converted", "Conv.", "转化", |row: &Spent| row.converted),
        Figure::money("per_converted", "Per conv.", "每转化", |row: &Spent| each(row.cost, row.converted)),
    ]
}

fn return_columns() -> Vec<Figure<Spent>> {
    vec![
        Figure::amount("cost", "Cost", "费用", |row: &Spent| row.cost),
        Figure::count("won", "Won", "成交", |row: &Spent| row.won),
        Figure::amount("won_amount", "Won amount", "成交金额", |row: &Spent| row.won_amount),
        Figure::money("per_won", "Per won", "每成交", |row: &Spent| each(row.cost, row.won)),
        Figure::of(Column::of("return", "Return", "回报率", ColumnType::Ratio), |row: &Spent| {
            quotient(row.won_amount.0.saturating_sub(row.cost.0), row.cost.0)
        }),
    ]
}

/// Returns what each of so many cost, to the cent; nothing where there are none.
fn each(cost: Amount, count: usize) -> Cell {
    cost.0.checked_div(Decimal::from(count)).map_or(Cell::Empty, |each| Cell::Money(Money(cents(each))))
}

/// Returns the part of a cost that falls in the period, by days, to the cent.
fn share_of(cost: &SourceCost, period: &Period) -> Money {
    let days = |from: NaiveDate, to: NaiveDate| ((to - from).num_days() + 1).max(0);
    let within = days(cost.from.max(period.from), cost.to.min(period.to));
    let all = days(cost.from, cost.to).max(1);
    Money(cents(cost.amount.0.saturating_mul(Decimal::from(within)) / Decimal::from(all)))
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}
