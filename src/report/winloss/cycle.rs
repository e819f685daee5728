//! How long it took from opening an opportunity to its close.

use crate::record::Label;
use crate::report::average::{mean, median, rounded};
use crate::report::deals::Deal;
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;

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
