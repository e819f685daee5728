//! Amounts of money: exact decimals, read as people write them.

use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;

/// An amount in the repository's currency; exact, never a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(pub Decimal);

/// Words and marks that may stand around an amount and say nothing but that it is money.
const MARKS: [&str; 13] = ["¥", "￥", "$", "€", "£", "RMB", "CNY", "USD", "EUR", "人民币", "元", "圆", "块"];

/// Chinese and English units after an amount, longest first.
const UNITS: [(&str, i64); 7] = [
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("亿", 100_000_000),
    ("万", 10_000),
    ("萬", 10_000),
    ("千", 1_000),
    ("k", 1_000),
];

impl Money {
    /// Reads an amount: `12800`, `¥12,800.50`, `$22,700.00`, `50万`, `1.2亿元`, full-width digits.
    ///
    /// Thousands may be grouped by `,` or `，`; the decimal mark is a point. Returns nothing when
    /// anything else remains, so `10-20万` and `约5万` are not amounts.
    pub fn parse(text: &str) -> Option<Money> {
        let (number, unit) = split_unit(&halve_width(text))?;
        let unit = Decimal::from(unit.unwrap_or(1));
        Some(Money(number.checked_mul(unit)?))
    }

    /// Reads a range: `10-20万` (the unit of the end holds for both), `5万~8万`, `10万以上`, `20万以内`.
    ///
    /// A single amount is both ends. An open end is nothing.
    pub fn parse_range(text: &str) -> Option<(Option<Money>, Option<Money>)> {
        let text = halve_width(text);
        if let Some(one) = Money::parse(&text) {
            return Some((Some(one), Some(one)));
        }
        for (suffix, low) in
            [("以上", true), ("起", true), ("+", true), ("以下", false), ("以内", false), ("之内", false)]
        {
            if let Some(amount) = text.trim().strip_suffix(suffix).and_then(Money::parse) {
                return Some(if low { (Some(amount), None) } else { (None, Some(amount)) });
            }
        }
        for (prefix, low) in [(">=", true), (">", true), ("≥", true), ("<=", false), ("<", false), ("≤", false)] {
            if let Some(amount) = text.trim().strip_prefix(prefix).and_then(Money::parse) {
                return Some(if low { (Some(amount), None) } else { (None, Some(amount)) });
            }
        }
        let (low, high) = ["--", "~", "—", "–", "-", "至", "到", " to "].iter().find_map(|mark| {
            text.split_once(mark).filter(|(low, high)| !low.trim().is_empty() && !high.trim().is_empty())
        })?;
        let (low, low_unit) = split_unit(low)?;
        let (high, high_unit) = split_unit(high.trim_start_matches(['-', '—', '–', '~']))?;
        let unit = |unit: Option<i64>| Decimal::from(unit.unwrap_or(1));
        let low = Money(low.checked_mul(unit(low_unit.or(high_unit)))?);
        let high = Money(high.checked_mul(unit(high_unit))?);
        (low <= high).then_some((Some(low), Some(high)))
    }
}

/// Splits `1.2亿元` into 1.2 and the unit, if one is stated; nothing when it is no amount.
fn split_unit(text: &str) -> Option<(Decimal, Option<i64>)> {
    let mut rest = text.trim();
    let mut negative = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
        (rest, negative) = (inner.trim(), true);
    }
    if let Some(after) = rest.strip_prefix('-').filter(|_| !negative) {
        (rest, negative) = (after.trim(), true);
    }
    rest = strip_marks(rest);
    let mut unit = None;
    for (word, factor) in UNITS {
        let cut = rest.len().checked_sub(word.len()).filter(|cut| rest.is_char_boundary(*cut));
        if let Some(cut) = cut.filter(|cut| rest[*cut..].eq_ignore_ascii_case(word)) {
            (rest, unit) = (strip_marks(&rest[..cut]), Some(factor));
            break;
        }
    }
    if let Some(after) = rest.strip_prefix('-').filter(|_| !negative) {
        (rest, negative) = (after.trim(), true);
    }
    let digits = ungroup(rest)?;
    let number = Decimal::from_str(&digits).or_else(|_| Decimal::from_scientific(&digits)).ok()?;
    Some((if negative { -number } else { number }, unit))
}

/// Takes thousands marks out where they stand right: groups of three (or four, as Chinese counts) after the first.
fn ungroup(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let groups: Vec<&str> = whole.split(',').collect();
    let (first, others) = groups.split_first()?;
    let size = others.first().map_or(3, |g| g.len());
    if !others.is_empty() && (first.is_empty() || first.len() > size || !(3..=4).contains(&size)) {
        return None;
    }
    if others.iter().any(|g| g.len() != size || !g.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let mut digits = groups.concat();
    if let Some(fraction) = fraction {
        digits.push('.');
        digits.push_str(fraction);
    }
    digits.bytes().next().is_some_and(|b| b.is_ascii_digit() || b == b'.').then_some(digits)
}

fn strip_marks(text: &str) -> &str {
    let mut rest = text.trim();
    loop {
        let before = rest;
        for mark in MARKS {
            rest = rest.strip_prefix(mark).unwrap_or(rest).trim_start();
            rest = rest.strip_suffix(mark).unwrap_or(rest).trim_end();
        }
        if rest == before {
            return rest;
        }
    }
}

/// Turns full-width digits, letters and marks into their half-width forms (`１２，０００` → `12,000`).
pub fn halve_width(text: &str) -> String {
    // Most text has none of these, and is copied several times as fast as it is taken apart.
    if !text.contains(|c| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}' | '\u{a0}')) {
        return text.to_string();
    }
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            other => other,
        })
        .collect()
}

impl fmt::Display for Money {
    /// Writes plain digits with at least two decimals, as stored: `100000.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut amount = self.0.normalize();
        if amount.scale() < 2 {
            amount.rescale(2);
        }
        f.pad(&amount.to_string())
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        Money(amounts.map(|money| money.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(text: &str) -> Money {
        Money(Decimal::from_str(text).unwrap())
    }

    #[test]
    fn reads_amounts_as_written() {
        for (text, amount) in [
            ("12800", "12800"),
            ("¥12,800.50", "12800.50"),
            ("$22,700.00", "22700"),
            ("50万", "500000"),
            ("50万元", "500000"),
            ("1.2亿", "120000000"),
            ("１２，０００元", "12000"),
            ("RMB 3,000", "3000"),
            ("-5.5", "-5.5"),
            ("(1,200.00)", "-1200"),
            ("￥-20", "-20"),
            ("1e3", "1000"),
            ("12,0000", "120000"),
            ("3k", "3000"),
        ] {
            assert_eq!(Money::parse(text), Some(yuan(amount)), "{text}");
        }
        for text in ["", "面议", "10-20万", "约5万", "1,2,3", "12,34", "¥", "万", "1.2.3", ",5", "--5"] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
    }

    #[test]
    fn reads_ranges() {
        let range = |low: Option<&str>, high: Option<&str>| Some((low.map(yuan), high.map(yuan)));
        assert_eq!(Money::parse_range("10-20万"), range(Some("100000"), Some("200000")));
        assert_eq!(Money::parse_range("5万~8万元"), range(Some("50000"), Some("80000")));
        assert_eq!(Money::parse_range("8000至1.2万"), None, "the unit would make the low end the higher");
        assert_eq!(Money::parse_range("10万以上"), range(Some("100000"), None));
        assert_eq!(Money::parse_range("≤20万"), range(None, Some("200000")));
        assert_eq!(Money::parse_range("3万"), range(Some("30000"), Some("30000")));
        assert_eq!(Money::parse_range("20-10万"), None);
        assert_eq!(Money::parse_range("面议"), None);
    }

    #[test]
    fn writes_two_decimals_at_least() {
        assert_eq!(yuan("100000").to_string(), "100000.00");
        assert_eq!(yuan("0.125").to_string(), "0.125");
        assert_eq!(yuan("5.10").to_string(), "5.10");
    }
}
