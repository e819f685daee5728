//! The mean and the median of days.

use crate::sheet::Cell;
use rust_decimal::{Decimal, RoundingStrategy};

/// Returns the mean; nothing where there are no numbers.
pub fn mean(days: &[i64]) -> Option<Decimal> {
    Decimal::from(days.iter().sum::<i64>()).checked_div(Decimal::from(days.len()))
}

/// Returns the middle of sorted numbers, or the mean of the middle two.
pub fn median(days: &[i64]) -> Option<Decimal> {
    let upper = days.len() / 2;
    let lower = days.len().checked_sub(1)? / 2;
    mean(&[*days.get(lower)?, *days.get(upper)?])
}

/// Makes a cell with two decimals; empty where there are none.
pub fn rounded(days: Option<Decimal>) -> Cell {
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
