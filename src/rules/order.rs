//! Orders: what their lines come to.
//!
//! A line's amount is stored where somebody said it, and else follows from its quantity and unit price.
//!
//! *Invariant:* exact decimals; where one line's amount cannot be known, neither can that of all.

use super::contract::total;
use crate::record::{Money, Row};

/// Returns the amount of a line: its own, else quantity times unit price; nothing where neither is known.
pub fn line_amount(line: &Row) -> Option<Money> {
    let product = || {
        let (price, quantity) = (line.money("price")?, line.integer("quantity")?);
        price.0.checked_mul(quantity.into()).map(Money)
    };
    line.money("amount").or_else(product)
}

/// Returns what lines come to together; nothing where the amount of one is not known.
pub fn lines_total(lines: &[Row]) -> Option<Money> {
    lines.iter().map(line_amount).collect::<Option<Vec<_>>>().map(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{LINE, Value};

    fn line(quantity: Option<i64>, price: Option<&str>, amount: Option<&str>) -> Row {
        let mut row = Row::new(LINE);
        quantity.map(|quantity| row.set("quantity", Value::Integer(quantity)));
        for (key, text) in [("price", price), ("amount", amount)] {
            text.map(|text| row.set(key, Value::Money(Money::parse(text).unwrap())));
        }
        row
    }

    #[test]
    fn a_line_is_its_amount_or_what_quantity_and_price_make() {
        let amount = |line: Row| line_amount(&line).map(|amount| amount.to_string());
        assert_eq!(amount(line(Some(3), Some("0.10"), None)).as_deref(), Some("0.30"));
        assert_eq!(amount(line(Some(3), Some("0.10"), Some("0.25"))).as_deref(), Some("0.25"), "a rebate");
        assert_eq!([amount(line(None, Some("5"), None)), amount(line(Some(5), None, None))], [None, None]);
    }

    #[test]
    fn all_lines_together_or_nothing() {
        let lines = [line(Some(3), Some("0.10"), None), line(None, None, Some("-0.05"))];
        assert_eq!(lines_total(&lines).map(|sum| sum.to_string()).as_deref(), Some("0.25"));
        assert_eq!(lines_total(&[lines[0].clone(), line(Some(1), None, None)]), None);
    }
}
