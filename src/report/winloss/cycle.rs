//! How long it took from opening an opportunity to its close.

use crate::record::Label;
use crate::report::deals::Deal;
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use rust_decimal::{Decimal, RoundingStrategy};

/// Returns the mean and the median cycle of what was won and of what was lost.
pub fn cycle(closed: &[Deal<'_>]) -> Sheet {
    let figure = |key: &str, en, zh, ty| Column::of(key, en, zh, ty);
    let columns = vec![
        Column::text("outcome", "Outcome", "结果"),
        figure("counted", "Counted", "计入", ColumnType::Integer),
        figure("left_out", "Left out", "不计", ColumnType::Integer),
        figure("mean_days", "Mean days", "平均天数", ColumnType::Decimal),
        figure("median_days", "Median days", "中位天数", ColumnType::Decimal),
    ];
    let mut sheet = Sheet::new("cycle", Label::new("Cycle", "成交周期").into(), columns);
    for (is_won, key, words) in [(true, "won", words!("won", "成交")), (false, "lost", words!("lost", "失败"))] {
        let of_outcome: Vec<&Deal<'_>> = closed.iter().filter(|deal| deal.is_won() == is_won).collect();
        let mut days: Vec<i64> = of_outcome.iter().filter_map(|deal| days(deal)).collect();
        days.sort_unstable();
        if !of_outcome.is_empty() {
            sheet.rows.push(vec![
                Cell::Label(key.into(), words),
                Cell::count(days.len()),
                Cell::count(of_outcome.len() - days.len()),
                rounded(mean(&days)),
                rounded(median(&days)),
            ]);
        }
    }
    sheet
}

/// Returns the days from opening to close; nothing where one is missing or they stand the wrong way round.
fn days(deal: &Deal<'_>) -> Option<i64> {
    let days = (deal.closed_on()? - deal.record.date("opened_on")?).num_days();
    Some(days).filter(|days| *days >= 0)
}

fn mean(days: &[i64]) -> Option<Decimal> {
    Decimal::from(days.iter().sum::<i64>()).checked_div(Decimal::from(days.len()))
}

/// Returns the middle of sorted numbers, or the mean of the middle two.
pub(in crate::report) fn median(days: &[i64]) -> Option<Decimal> {
    let upper = days.len() / 2;
    let lower = days.len().checked_sub(1)? / 2;
    mean(&[*days.get(lower)?, *days.get(upper)?])
}

/// Makes a cell of days to two decimals; empty where there are none.
pub(in crate::report) fn rounded(days: Option<Decimal>) -> Cell {
    let round = |days: Decimal| days.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    days.map_or(Cell::Empty, |days| Cell::Decimal(round(days)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_mean() {
        let both = |days: &[i64]| [mean(days), median(days)].map(|one| rounded(one).display(crate::record::Lang::En));
        assert_eq!(both(&[3]), ["3", "3"]);
        assert_eq!(both(&[1, 2, 10]), ["4.33", "2"]);
        assert_eq!(both(&[1, 2, 5, 10]), ["4.5", "3.5"]);
        assert_eq!(both(&[]), ["", ""], "nothing is not no days");
    }
}
