//! Numbers that are names, telephone numbers and accounts, as spreadsheets disfigure them.
//!
//! *Invariant:* no digit is made up: what may have lost one is left as it is and told.

use crate::record::halve_width;

/// Restores a number that a spreadsheet turned into a float: `13800138000.0`, `1.3800138000E+10`.
///
/// Scientific notation is restored only when every digit is written: of `1.3800138E+10` nobody knows whether
/// the last three were zeros or were rounded away, so it stays as it is and is refused; see [`lacks_digits`].
pub(super) fn restore_digits(text: &str) -> String {
    let halved = halve_width(text);
    let text = bare(&halved);
    if let Some((whole, fraction)) = text.split_once('.')
        && whole.len() > 6
        && whole.bytes().all(|b| b.is_ascii_digit())
        && fraction.bytes().all(|b| b == b'0')
    {
        return whole.to_string();
    }
    match scientific(text) {
        Some((digits, exponent)) if digits.len() == exponent + 1 => digits,
        _ => text.to_string(),
    }
}

/// The digits that a number keeps in a spreadsheet; those beyond become zeros.
const KEPT_DIGITS: usize = 15;

/// Tells whether a text is a number that a spreadsheet took digits from: in scientific notation with fewer
/// digits than the number has (`1.3800138E+10`), or, as a number, with zeros beyond the 15th digit.
pub(super) fn lacks_digits(text: &str, is_number: bool) -> bool {
    let halved = halve_width(text);
    let text = bare(&halved);
    if let Some((digits, exponent)) = scientific(text) {
        return digits.len() <= exponent;
    }
    let beyond = text.get(KEPT_DIGITS..).unwrap_or_default();
    is_number && !beyond.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && beyond.bytes().all(|b| b == b'0')
}

/// Takes off what marks a text as text, and what nobody sees.
fn bare(text: &str) -> &str {
    let text = text.trim().trim_start_matches(['\'', '`']);
    text.trim_matches(['\u{200b}', '\u{202d}', '\u{202c}', '\u{feff}'])
}

/// Returns the digits that a number in scientific notation writes, and how many places follow the first.
///
/// An exponent below 5 is part of a word (`3e4`), and nothing anybody is called by has more than 20 places.
fn scientific(text: &str) -> Option<(String, usize)> {
    let (number, exponent) = text.split_once(['e', 'E'])?;
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let exponent: usize = exponent.parse().ok().filter(|places| (5..=20).contains(places))?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = [whole, fraction].concat();
    (whole.len() == 1 && digits.bytes().all(|b| b.is_ascii_digit())).then_some((digits, exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_restored_when_exact() {
        for (text, digits) in [
            ("13800138000.0", "13800138000"),
            ("1.3800138000e10", "13800138000"),
            ("1.3900002742E+10", "13900002742"),
            ("1.3800138E+10", "1.3800138E+10"),
            ("1.3900015E+10", "1.3900015E+10"),
            ("'13800138000", "13800138000"),
            ("１３８００１３８０００", "13800138000"),
            ("1.38E+10", "1.38E+10"),
            ("1.38001E+10", "1.38001E+10"),
            ("1.38001380001E+10", "1.38001380001E+10"),
        ] {
            assert_eq!(restore_digits(text), digits, "{text}");
        }
    }

    #[test]
    fn digits_that_are_not_written_are_missed() {
        for (text, is_number, lacks) in [
            ("1.3900015E+10", false, true),
            ("1.38E+10", false, true),
            ("1E+10", false, true),
            ("9.11101081234567E+17", false, true),
            ("1.3900002742E+10", false, false),
            ("13900002742", true, false),
            ("911101081234567000", true, true),
            ("911101081234567000", false, false),
            ("911101081234567123", true, false),
            ("3e4", false, false),
            ("wang.e10", false, false),
        ] {
            assert_eq!(lacks_digits(text, is_number), lacks, "{text}");
        }
    }
}
