//! The legal name of a worksheet, and the numbers a spreadsheet can hold exactly.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeSet;

/// The longest name Excel takes, in UTF-16 units.
const LONGEST_NAME: usize = 31;
/// The longest text Excel takes in a cell, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
/// The digits a spreadsheet keeps of a number.
const EXACT_DIGITS: usize = 15;

/// Returns a name for a worksheet that Excel accepts and that is not in `taken` yet, and takes it.
pub fn take_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let legal: String = wanted
        .chars()
        .map(|c| if "*?:[]\\/".contains(c) || c.is_control() { ' ' } else { c })
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let legal = legal.trim_matches(['\'', ' ']);
    // Excel keeps `History` for itself.
    let legal = if legal.is_empty() || legal.eq_ignore_ascii_case("history") { "Sheet" } else { legal };
    for count in 1.. {
        let suffix = if count == 1 { String::new() } else { format!(" {count}") };
        let head = shorten(legal, LONGEST_NAME - suffix.len());
        let name = format!("{}{suffix}", head.trim_end_matches([' ', '\'']));
        if taken.insert(name.to_lowercase()) {
            return name;
        }
    }
    unreachable!("there are more names than worksheets")
}

/// Returns `text` as long as a cell can hold, ending in `…` when something was cut.
pub fn fit_cell(text: &str) -> String {
    match shorten(text, LONGEST_TEXT) {
        whole if whole.len() == text.len() => whole.to_string(),
        _ => format!("{}…", shorten(text, LONGEST_TEXT - 1)),
    }
}

/// Returns the longest start of `text` of at most `max` UTF-16 units.
fn shorten(text: &str, max: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > max
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// Returns the number as a spreadsheet holds it; nothing when digits would be lost.
pub fn exact_number(number: Decimal) -> Option<f64> {
    let digits = number.normalize().mantissa().unsigned_abs().to_string().len();
    number.to_f64().filter(|_| digits <= EXACT_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_legal_and_unique() {
        let mut taken = BTreeSet::new();
        let mut name = |wanted: &str| take_name(wanted, &mut taken);
        assert_eq!(name("按来源/级别: 新增"), "按来源 级别 新增");
        assert_eq!(name("'quoted'"), "quoted");
        assert_eq!(name("' 'twice ' '"), "twice");
        assert_eq!(name("Quoted"), "Quoted 2", "Excel compares without case");
        assert_eq!(name("history"), "Sheet");
        assert_eq!(name("[]"), "Sheet 2");
        let long = "线索来源渠道与转化情况统计明细表线索来源渠道与转化情况统计明细表";
        assert_eq!(name(long).chars().count(), 31);
        assert!(name(long).ends_with(" 2"));
        assert!(name(&"😀".repeat(40)).encode_utf16().count() <= 31);
    }

    #[test]
    fn numbers_are_exact_or_text() {
        assert_eq!(exact_number(Decimal::new(123_456_789_012_345, 2)), Some(1_234_567_890_123.45));
        assert_eq!(exact_number(Decimal::new(1_234_567_890_123_456, 2)), None);
        assert_eq!(exact_number(Decimal::from(5_000_000_000_000_000_000_i64)), None);
    }
}
