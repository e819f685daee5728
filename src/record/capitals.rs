//! Amounts in Chinese capitals (人民币大写), as bills and contracts bear them.
//!
//! By the People's Bank's rules for filling in bills (正确填写票据和结算凭证的基本规定). Where they leave a choice: 元 without
//! 角 and 分 is followed by 整, 角 by nothing; 零 stands where the 元 are a round ten and 角 follow, and not where only
//! the 万 are and thousands follow. 零 stands for a section that is all zeros, without which 亿 and 仟 would run together.
//!
//! *Absent on purpose:* negative amounts, which no bill bears, and fractions of a 分.

use super::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// The units of a section of four digits, the highest first.
const UNITS: [(u64, &str); 4] = [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")];

const WAN: u64 = 10_000;
const YI: u64 = 100_000_000;

/// From here on there is no unit: 亿 of 亿.
const LIMIT: u64 = YI * YI;

/// Returns an amount in capitals: `壹仟肆佰零玖元伍角`, `零元整`.
///
/// Nothing for a negative one, one with fractions of a 分, and from 亿亿 on.
pub fn capitals(amount: Money) -> Option<String> {
    let cents = amount.0.checked_mul(Decimal::ONE_HUNDRED)?;
    let cents = cents.is_integer().then(|| cents.to_u128()).flatten()?;
    let yuan = u64::try_from(cents / 100).ok().filter(|yuan| *yuan < LIMIT)?;
    let (jiao, fen) = (digit(cents / 10), digit(cents));
    let mut text = String::new();
    if yuan > 0 {
        write_yuan(yuan, &mut text);
        text.push('元');
    }
    match (jiao, fen) {
        (0, 0) if yuan == 0 => return Some("零元整".to_string()),
        (0, 0) => text.push('整'),
        // The rules want it before 分, and allow it before 角, of which nobody can then say that a digit was added.
        (0, _) if yuan > 0 => text.push('零'),
        (1.., _) if yuan > 0 && yuan % 10 == 0 => text.push('零'),
        _ => {}
    }
    for (count, unit) in [(jiao, '角'), (fen, '分')].into_iter().filter(|(count, _)| *count > 0) {
        text.extend([DIGITS[count], unit]);
    }
    Some(text)
}

/// Returns the last decimal digit.
fn digit(number: u128) -> usize {
    (number % 10) as usize
}

/// Writes a whole number below [`LIMIT`].
fn write_yuan(number: u64, text: &mut String) {
    split(number, YI, "亿", text, |part, text| split(part, WAN, "万", text, write_section));
}

/// Writes what is above a unit, the unit, and what is below it, each by `write`; 零 between where the next place is 0.
fn split(number: u64, size: u64, unit: &str, text: &mut String, write: impl Fn(u64, &mut String)) {
    let (above, below) = (number / size, number % size);
    if above > 0 {
        write(above, text);
        text.push_str(unit);
    }
    if above > 0 && below > 0 && below < size / 10 {
        text.push('零');
    }
    if below > 0 {
        write(below, text);
    }
}

/// Writes a number of at most four digits, zeros between two others as one 零.
fn write_section(number: u64, text: &mut String) {
    let (mut is_begun, mut has_gap) = (false, false);
    for (size, unit) in UNITS {
        let count = (number / size % 10) as usize;
        if count == 0 {
            has_gap = is_begun;
            continue;
        }
        if has_gap {
            text.push('零');
        }
        text.push(DIGITS[count]);
        text.push_str(unit);
        (is_begun, has_gap) = (true, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Option<String> {
        capitals(Money(text.replace(',', "").parse().unwrap()))
    }

    #[test]
    fn examples_of_the_rules_and_others() {
        for (amount, expected) in [
            ("1,409.50", "壹仟肆佰零玖元伍角"),
            ("6,007.14", "陆仟零柒元壹角肆分"),
            ("1,680.32", "壹仟陆佰捌拾元零叁角贰分"),
            ("107,000.53", "壹拾万柒仟元零伍角叁分"),
            ("16,409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("0", "零元整"),
            ("0.01", "壹分"),
            ("0.10", "壹角"),
            ("0.56", "伍角陆分"),
            ("1", "壹元整"),
            ("10", "壹拾元整"),
            ("10.05", "壹拾元零伍分"),
            ("11.1", "壹拾壹元壹角"),
            ("100.30", "壹佰元零叁角"),
            ("1000", "壹仟元整"),
            ("1001", "壹仟零壹元整"),
            ("1010", "壹仟零壹拾元整"),
            ("10,000", "壹万元整"),
            ("10,001", "壹万零壹元整"),
            ("10,010", "壹万零壹拾元整"),
            ("11,000", "壹万壹仟元整"),
            ("100,000", "壹拾万元整"),
            ("200,700", "贰拾万零柒佰元整"),
            ("1,000,000", "壹佰万元整"),
            ("1,234,567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
            ("10,000,000", "壹仟万元整"),
            ("100,000,000", "壹亿元整"),
            ("100,000,001", "壹亿零壹元整"),
            ("100,007,000", "壹亿零柒仟元整"),
            ("100,010,000", "壹亿零壹万元整"),
            ("107,000,000", "壹亿零柒佰万元整"),
            ("110,000,000", "壹亿壹仟万元整"),
            ("1,000,000,000,000", "壹万亿元整"),
            ("1,234,500,000,000", "壹万贰仟叁佰肆拾伍亿元整"),
            ("1,000,100,000,000.07", "壹万零壹亿元零柒分"),
            ("9,999,999,999,999,999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ] {
            assert_eq!(of(amount).as_deref(), Some(expected), "{amount}");
        }
        for amount in ["-1", "-0.01", "0.001", "12.345", "10,000,000,000,000,000", "79228162514264337593543950335"] {
            assert_eq!(of(amount), None, "{amount}");
        }
        assert_eq!(of("5.100").as_deref(), Some("伍元壹角"), "zeros after the last digit say nothing");
    }

    /// Reads capitals by adding digit times unit, which knows nothing of how they are written; in 分.
    fn read(text: &str) -> u128 {
        let (mut total, mut section, mut count, mut cents) = (0_u128, 0, 0, 0);
        for c in text.chars() {
            match c {
                '仟' => section += std::mem::take(&mut count) * 1000,
                '佰' => section += std::mem::take(&mut count) * 100,
                '拾' => section += std::mem::take(&mut count) * 10,
                '万' => total += (std::mem::take(&mut section) + std::mem::take(&mut count)) * 10_000,
                '亿' => total = (total + std::mem::take(&mut section) + std::mem::take(&mut count)) * 100_000_000,
                '元' => cents = (total + section + std::mem::take(&mut count)) * 100,
                '角' => cents += std::mem::take(&mut count) * 10,
                '分' => cents += std::mem::take(&mut count),
                '整' => {}
                digit => count = DIGITS.iter().position(|known| *known == digit).unwrap() as u128,
            }
        }
        cents
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_the_amount(yuan in 0..LIMIT, digits in 0_u32..17, cents in 0_u64..100) {
            // Of every length, and often with zeros at the end.
            let yuan = yuan % 10_u64.pow(digits.min(16)) / 10_u64.pow(digits % 5) * 10_u64.pow(digits % 5);
            let all = u128::from(yuan) * 100 + u128::from(cents);
            let text = capitals(Money(Decimal::from_i128_with_scale(all as i128, 2))).unwrap();
            prop_assert_eq!(read(&text), all, "{}", text);
            for odd in ["零零", "零拾", "零佰", "零仟", "零万", "零亿", "亿万", "零整", "整零", "零角"] {
                prop_assert!(!text.contains(odd), "{}", text);
            }
            prop_assert!(all == 0 || !text.contains("零元") && !text.starts_with('零'), "{}", text);
            prop_assert_eq!(text.ends_with('整'), cents == 0);
        }
    }
}
