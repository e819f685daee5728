//! Checks of orders: their lines.

use super::Context;
use crate::record::{ORDER, Problem, Record};
use crate::rules::order::lines_total;
use crate::words;

/// Postage and rebates may make them differ, so it is only said.
pub(super) fn lines(record: &Record, _: &Context<'_>, problems: &mut Vec<Problem>) {
    let lines = record.rows("lines");
    let (Some(sum), Some(amount)) = (lines_total(lines), record.money("amount")) else { return };
    if record.kind == ORDER && !lines.is_empty() && sum != amount {
        let message = words!("the lines come to {sum}, the order to {amount}", "明细合计 {sum}，订单金额为 {amount}");
        problems.push(Problem::warning("line-sum", "lines", message));
    }
}
