//! Comparing texts as people do: without case and width, numbers in them by their value.

use crate::record::halve_width;
use std::cmp::Ordering;

/// Folds width and case away: `ＡBc` → `abc`.
pub fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { halve_width(text).to_lowercase() }
}

/// Tells whether `text`, folded, is `folded`.
pub(super) fn is_folded(text: &str, folded: &str) -> bool {
    if text.is_ascii() { text.eq_ignore_ascii_case(folded) } else { fold(text) == folded }
}

/// Orders texts with the numbers in them by value: `LEAD-2026-999` before `LEAD-2026-1000`.
///
/// Zeros before a number count only when nothing else differs, so that the order is total.
pub fn natural_cmp(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    while !left.is_empty() && !right.is_empty() {
        let (one, left_rest) = take_piece(left);
        let (two, right_rest) = take_piece(right);
        let order = match (is_number(one), is_number(two)) {
            (true, true) => compare_digits(one, two),
            _ => one.cmp(two),
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// Splits off a run of digits or a run without any.
fn take_piece(text: &str) -> (&str, &str) {
    let digits = is_number(text);
    let end = text.bytes().position(|b| b.is_ascii_digit() != digits).unwrap_or(text.len());
    text.split_at(end)
}

fn is_number(text: &str) -> bool {
    text.bytes().next().is_some_and(|b| b.is_ascii_digit())
}

fn compare_digits(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_by_value() {
        let mut texts = ["LEAD-2026-1000", "LEAD-2026-999", "LEAD-2025-1001", "B2B-2026-001", "LEAD"];
        texts.sort_by(|a, b| natural_cmp(a, b));
        assert_eq!(texts, ["B2B-2026-001", "LEAD", "LEAD-2025-1001", "LEAD-2026-999", "LEAD-2026-1000"]);
        assert_eq!(natural_cmp("a07", "a7"), Ordering::Less);
        assert_eq!(natural_cmp("展位9号", "展位10号"), Ordering::Less);
    }

    #[test]
    fn width_and_case_are_folded() {
        assert_eq!(fold("ＡＢc　公司"), "abc 公司");
        assert!(is_folded("ＡcＭe", "acme"));
        assert!(!is_folded("acm", "acme"));
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in "[a-c0-9-]{0,6}", b in "[a-c0-9-]{0,6}", c in "[a-c0-9-]{0,6}") {
            prop_assert_eq!(natural_cmp(&a, &b), natural_cmp(&b, &a).reverse());
            prop_assert_eq!(natural_cmp(&a, &b).is_eq(), a == b);
            if natural_cmp(&a, &b).is_le() && natural_cmp(&b, &c).is_le() {
                prop_assert!(natural_cmp(&a, &c).is_le());
            }
        }
    }
}
