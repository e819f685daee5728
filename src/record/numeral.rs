//! Chinese numerals, written as digits: `十五` → `15`, `两百` → `200`, `伍拾` → `50`.
//!
//! *Invariant:* a numeral that may mean two numbers stays as it is: `一百二` is 120 to most and 102 to a
//! machine, `三四` is three or four. What stays is refused where a number is wanted, and nobody is misread.

/// Digits from one to nine, in everyday and in financial characters.
const DIGITS: [(char, u32); 19] = [
    ('一', 1),
    ('二', 2),
    ('两', 2),
    ('三', 3),
    ('四', 4),
    ('五', 5),
    ('六', 6),
    ('七', 7),
    ('八', 8),
    ('九', 9),
    ('壹', 1),
    ('贰', 2),
    ('叁', 3),
    ('肆', 4),
    ('伍', 5),
    ('陆', 6),
    ('柒', 7),
    ('捌', 8),
    ('玖', 9),
];

/// Units below ten thousand; 万 and 亿 are units of amounts.
const UNITS: [(char, u32); 6] = [('十', 10), ('拾', 10), ('百', 100), ('佰', 100), ('千', 1000), ('仟', 1000)];

fn find<T: Copy>(table: &[(char, T)], c: char) -> Option<T> {
    table.iter().find(|(one, _)| *one == c).map(|(_, value)| *value)
}

/// Tells whether a character is part of a Chinese numeral below ten thousand.
pub fn is_numeral(c: char) -> bool {
    matches!(c, '零' | '〇') || find(&DIGITS, c).is_some() || find(&UNITS, c).is_some()
}

/// Returns a text with its Chinese numerals below ten thousand as digits: `十五万` → `15万`, `三个月` → `3个月`.
///
/// Those after a digit belong to it (`5百万`), as those after `几` and `数` do: they stay.
pub fn numerals_to_digits(text: &str) -> String {
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(is_numeral) {
        let (before, after) = rest.split_at(at);
        let (run, after) = after.split_at(after.find(|c| !is_numeral(c)).unwrap_or(after.len()));
        plain.push_str(before);
        match read(run).filter(|_| !plain.ends_with(|c: char| c.is_ascii_digit() || "几数".contains(c))) {
            Some(number) => plain.push_str(&number.to_string()),
            None => plain.push_str(run),
        }
        rest = after;
    }
    plain + rest
}

/// Reads one numeral below ten thousand; nothing when it may mean two numbers, or none.
fn read(run: &str) -> Option<u32> {
    let (mut sum, mut last_unit, mut digit, mut after_zero) = (0, u32::MAX, None, false);
    for c in run.chars() {
        if let Some(unit) = find(&UNITS, c) {
            let leads = unit == 10 && last_unit == u32::MAX;
            let count = digit.take().or(leads.then_some(1))?;
            if unit >= last_unit {
                return None;
            }
            (sum, last_unit, after_zero) = (sum + count * unit, unit, false);
        } else if let Some(value) = find(&DIGITS, c) {
            if digit.replace(value).is_some() {
                return None;
            }
        } else {
            after_zero = true;
        }
    }
    let is_plain = digit.is_none() || after_zero || matches!(last_unit, 10 | u32::MAX);
    is_plain.then(|| sum + digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_become_digits() {
        for (text, plain) in [
            ("十五万", "15万"),
            ("三个月", "3个月"),
            ("两百万", "200万"),
            ("一百二十万元", "120万元"),
            ("一百零二", "102"),
            ("一亿二千万", "1亿2000万"),
            ("伍拾万元整", "50万元整"),
            ("九千九百九十九", "9999"),
        ] {
            assert_eq!(numerals_to_digits(text), plain, "{text}");
        }
    }

    #[test]
    fn what_may_mean_two_numbers_stays() {
        for text in ["一百二", "三千五", "三四个月", "几十万", "5百万", "百万", "十百", "二〇二六"]
        {
            assert_eq!(numerals_to_digits(text), text, "{text}");
        }
    }
}
