//! Amounts of money: exact decimals, read as people write them.

use super::numeral::numerals_to_digits;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// An amount in the repository's currency; exact, never a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(pub Decimal);

/// Words and marks that may stand around an amount and say nothing but that it is money; case does not matter.
const MARKS: [&str; 10] = ["¥", "￥", "$", "€", "£", "RMB", "CNY", "USD", "EUR", "人民币"];

/// Names of the unit itself: an amount that bears one is meant as it is written, not in thousands.
const PLAIN: [&str; 5] = ["元整", "元", "圆整", "圆", "块"];

/// Chinese and English units after an amount, longest first; case does not matter.
const UNITS: [(&str, i64); 19] = [
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("wan", 10_000),
    ("mn", 1_000_000),
    ("bn", 1_000_000_000),
    ("亿", 100_000_000),
    ("億", 100_000_000),
    ("万", 10_000),
    ("萬", 10_000),
    ("千", 1_000),
    ("仟", 1_000),
    ("百", 100),
    ("佰", 100),
    ("w", 10_000),
    ("k", 1_000),
    ("m", 1_000_000),
];

/// Words before or after an amount that make it the upper end, longer ones before those they contain.
const AT_MOST: Bound = Bound {
    before: &[
        "不超过",
        "不多于",
        "不高于",
        "不大于",
        "至多",
        "最多",
        "最高",
        "低于",
        "少于",
        "小于",
        "不到",
        "不足",
        "≤",
        "<=",
        "<",
        "no more than",
        "not more than",
        "less than",
        "at most",
        "up to",
        "under",
        "below",
        "max",
    ],
    after: &["及以下", "以下", "以内", "之内", "内", "封顶", "or less", "or below", "and below", "max"],
};

/// Words that make it the lower end.
const AT_LEAST: Bound = Bound {
    before: &[
        "不低于",
        "不少于",
        "不小于",
        "至少",
        "最少",
        "最低",
        "高于",
        "大于",
        "超过",
        "多于",
        "≥",
        ">=",
        ">",
        "no less than",
        "not less than",
        "more than",
        "at least",
        "over",
        "above",
        "from",
        "min",
    ],
    after: &["及以上", "以上", "起步", "起", "+", "or more", "or above", "and above", "and up"],
};

/// Marks and words between the ends of a range.
const BETWEEN: [&str; 12] = ["--", "~", "—", "–", "‐", "‑", "−", "-", "至", "到", " to ", "〜"];

struct Bound {
    before: &'static [&'static str],
    after: &'static [&'static str],
}

impl Bound {
    /// Takes the word of the bound off; nothing when there is none.
    fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        let before = self.before.iter().find_map(|word| strip_start(text, word));
        before.or_else(|| self.after.iter().find_map(|word| strip_end(text, word)))
    }
}

/// An amount as it is written, and the factor of the unit it states, if it states one.
struct Written {
    number: Decimal,
    unit: Option<i64>,
}

impl Written {
    /// Returns the amount, by `unit` where it states none of its own.
    fn by(&self, unit: Option<i64>) -> Option<Money> {
        self.number.checked_mul(self.unit.or(unit).unwrap_or(1).into()).map(Money)
    }
}

impl Money {
    /// Reads an amount: `12800`, `¥12,800.50`, `50万`, `1.2亿元`, `五十万`, `3万5千`, `5w`, `1.5M`, full-width digits.
    ///
    /// Thousands may be grouped by `,` or `，`; the decimal mark is a point. Returns nothing when
    /// anything else remains, so `10-20万` and `约5万` are not amounts.
    pub fn parse(text: &str) -> Option<Money> {
        written(&plain(text))?.by(None)
    }

    /// Tells whether it is a whole number of cents.
    pub fn is_in_cents(self) -> bool {
        self.0.normalize().scale() <= 2
    }

    /// Reads a range: `10-20万` (the unit of one end holds for both), `5万~8万`, `10万以上`, `不超过20万`.
    ///
    /// A single amount is both ends. An open end is nothing.
    pub fn parse_range(text: &str) -> Option<(Option<Money>, Option<Money>)> {
        let text = plain(text);
        let text = text.trim().trim_end_matches("之间").trim();
        let amount = |text: &str| written(text)?.by(None);
        if let Some(one) = amount(text) {
            return Some((Some(one), Some(one)));
        }
        if let Some(most) = AT_MOST.strip(text).and_then(amount) {
            return Some((None, Some(most)));
        }
        if let Some(least) = AT_LEAST.strip(text).and_then(amount) {
            return Some((Some(least), None));
        }
        let (low, high) = BETWEEN.iter().find_map(|mark| {
            text.split_once(mark).filter(|(low, high)| !low.trim().is_empty() && !high.trim().is_empty())
        })?;
        let (low, high) = (written(low)?, written(high.trim_start_matches(['-', '—', '–', '~']))?);
        let least = low.by(high.unit)?;
        let most = high.by(None).filter(|most| least <= *most).or_else(|| high.by(low.unit))?;
        (least <= most).then_some((Some(least), Some(most)))
    }
}

/// Returns a text in half width, Chinese numerals as digits.
fn plain(text: &str) -> Cow<'_, str> {
    let text = halve_width(text);
    if text.is_ascii() { text } else { Cow::Owned(numerals_to_digits(&text)) }
}

/// Reads `1.2亿元` as 1.2 and the unit it states, if any; nothing when it is no amount.
fn written(text: &str) -> Option<Written> {
    let text = text.trim();
    let in_brackets = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let (rest, is_plain) = without_marks(in_brackets.unwrap_or(text));
    let after_sign = rest.strip_prefix('-').filter(|_| in_brackets.is_none());
    let (rest, is_plain_inside) = without_marks(after_sign.unwrap_or(rest));
    let Written { number, unit } = scaled(rest)?;
    let is_negative = in_brackets.is_some() || after_sign.is_some();
    let unit = unit.or((is_plain || is_plain_inside).then_some(1));
    Some(Written { number: if is_negative { -number } else { number }, unit })
}

/// Reads a bare number, one with a unit, or one with two: `3万5千`, `1亿2000万`.
fn scaled(text: &str) -> Option<Written> {
    if let Some(number) = number(text) {
        return Some(Written { number, unit: None });
    }
    let (rest, unit) = UNITS.iter().find_map(|(word, unit)| Some((strip_end(text, word)?, *unit)))?;
    // A million or ten is what `百万` and `千万` say alone; `万` says only that there are some.
    let alone = || rest.is_empty().then_some(Decimal::ONE).filter(|_| matches!(unit, 1_000_000 | 10_000_000));
    let number = number(rest).or_else(alone).or_else(|| {
        let above = UNITS.iter().filter(|(_, above)| *above > unit);
        let (high, low, above) =
            above.filter_map(|(word, above)| rest.split_once(word).map(|(h, l)| (h, l, *above))).next()?;
        let low = number(low.trim())?;
        let ratio = Decimal::from(above / unit);
        (low < ratio).then_some(number(high.trim())?.checked_mul(ratio)? + low)
    })?;
    Some(Written { number, unit: Some(unit) })
}

fn number(text: &str) -> Option<Decimal> {
    let digits = ungroup(text)?;
    Decimal::from_str(&digits).or_else(|_| Decimal::from_scientific(&digits)).ok()
}

/// Takes a word off the start, whatever its case; what is left is trimmed.
fn strip_start<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then(|| rest.trim_start())
}

/// Takes a word off the end, whatever its case; what is left is trimmed.
fn strip_end<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(word.len())?)?;
    end.eq_ignore_ascii_case(word).then(|| rest.trim_end())
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

/// Takes off the marks around an amount; tells whether one of them names the unit itself.
fn without_marks(text: &str) -> (&str, bool) {
    let (mut rest, mut is_plain) = (text.trim(), false);
    loop {
        let before = rest;
        for mark in MARKS {
            rest = strip_start(rest, mark).unwrap_or(rest);
            rest = strip_end(rest, mark).unwrap_or(rest);
        }
        if let Some(bare) = PLAIN.iter().find_map(|word| strip_end(rest, word)) {
            (rest, is_plain) = (bare, true);
        }
        if rest == before {
            return (rest, is_plain);
        }
    }
}

/// Turns full-width digits, letters and marks into their half-width forms (`１２，０００` → `12,000`).
pub fn halve_width(text: &str) -> Cow<'_, str> {
    // Most text has none of these and stays as it is.
    if text.is_ascii() || !text.contains(|c| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}' | '\u{a0}')) {
        return Cow::Borrowed(text);
    }
    let halved = text.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        other => other,
    });
    Cow::Owned(halved.collect())
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
            ("十万", "100000"),
            ("五十万", "500000"),
            ("两百万", "2000000"),
            ("一百二十万元", "1200000"),
            ("一亿二千万", "120000000"),
            ("3万5千", "35000"),
            ("百万", "1000000"),
            ("伍拾万元整", "500000"),
            ("5w", "50000"),
            ("5W", "50000"),
            ("5K", "5000"),
            ("1.5M", "1500000"),
            ("2 million", "2000000"),
            ("人民币５０万元", "500000"),
            ("rmb 3,000", "3000"),
            ("１２，０００．５０", "12000.50"),
            ("1，200，000", "1200000"),
        ] {
            assert_eq!(Money::parse(text), Some(yuan(amount)), "{text}");
        }
        for text in [
            "",
            "面议",
            "10-20万",
            "约5万",
            "1,2,3",
            "12,34",
            "¥",
            "万",
            "1.2.3",
            ",5",
            "--5",
            "一百二",
            "3万5",
            "几十万",
            "十几万",
            "二三十万",
            "千元",
            "5万美元",
            "10万/年",
        ] {
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
        for text in ["不超过10万", "10万以内", "10万以下", "最多10万", "≤ 10万", "up to 100k", "10万元及以下"]
        {
            assert_eq!(Money::parse_range(text), range(None, Some("100000")), "{text}");
        }
        for text in ["至少5万", "5万以上", "5万起", "5万+", "不低于5万", "More than 50K", "五万元以上"]
        {
            assert_eq!(Money::parse_range(text), range(Some("50000"), None), "{text}");
        }
        for text in
            ["20-30万", "20万-30万", "20~30万", "２０～３０万", "20万到30万之间", "二十至三十万", "20万-30", "200-300k"]
        {
            assert_eq!(Money::parse_range(text), range(Some("200000"), Some("300000")), "{text}");
        }
        assert_eq!(Money::parse_range("500元-1万"), range(Some("500"), Some("10000")), "元 is a unit of its own");
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
