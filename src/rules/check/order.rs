//! Checks of orders: their lines.

use super::Context;
use crate::record::{ORDER, Problem, Record};
use crate::rules::contract::total;
use crate::words;

/// Postage and rebates may make them differ, so it is only said.
pub(super) fn lines(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    let lines = record.rows("lines");
    // Where a line has no amount of its own nothing can be added up.
    let amounts: Option<Vec<_>> = lines.iter().map(|line| line.money("amount")).collect();
    let (Some(amounts), Some(amount)) = (amounts, record.money("amount")) else { return };
    let sum = total(amounts);
    if record.kind == ORDER && !lines.is_empty() && sum != amount {
        let message = words!("the lines come to {sum}, the order to {amount}", "明细合计 {sum}，订单金额为 {amount}");
        problems.push(Problem::warning("line-sum", "lines", message));
    }
}
