//! What spreadsheets do to values, undone: phones that became numbers, bands for numbers, words for dates.

use super::digits::restore_digits;
use crate::record::{Money, halve_width, normalize_phone, numerals_to_digits};

/// Marks between several numbers in one cell.
const BETWEEN: [char; 11] = ['/', '、', ',', '，', ';', '；', '|', '\n', '\t', '\\', '或'];

/// A telephone cell, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phones {
    /// The numbers as they are stored, at least one.
    pub numbers: Vec<String>,
    /// What else stands in the cell.
    pub rest: Vec<String>,
}

/// Reads a telephone cell, which may hold several numbers and words; `is_number` tells that the cell held
/// a number, so that a leading zero may be missing. Returns nothing when no number is in it.
pub(super) fn read_phones(text: &str, country: &str, is_number: bool) -> Option<Phones> {
    let text = restore_digits(text);
    let one = |number| Some(Phones { numbers: vec![number], rest: Vec::new() });
    if let Some(number) = normalize_phone(&text, country) {
        return one(number);
    }
    let zero = format!("0{text}");
    if let Some(number) = normalize_phone(&zero, country).filter(|_| is_number && (9..=11).contains(&text.len())) {
        return one(number);
    }
    let plain = halve_width(&text);
    let (mut numbers, mut rest) = (Vec::new(), Vec::new());
    for part in plain.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty()) {
        let restored = restore_digits(part);
        let bare = without_words(&restored).trim();
        let number = normalize_phone(bare, country);
        if number.is_none() || bare != restored {
            rest.push(part.to_string());
        }
        numbers.extend(number);
    }
    (!numbers.is_empty()).then_some(Phones { numbers, rest })
}

/// Returns the WeChat account that a telephone cell names instead of a number: `微信：abc`, `wx:abc`.
pub(super) fn wechat_account(text: &str) -> Option<String> {
    let text = halve_width(text);
    let (label, account) = text.split_once(':')?;
    let label = label.trim().to_lowercase();
    let is_wechat = matches!(label.as_str(), "微信" | "微信号" | "wechat" | "wx" | "vx" | "v");
    Some(account.trim().to_string()).filter(|account| is_wechat && !account.is_empty())
}

/// Cuts a name, a label or a note around the number off: `电话：138…`, `138… (王总)`.
fn without_words(text: &str) -> &str {
    let text = text
        .split_once(['(', '（'])
        .filter(|(before, _)| before.chars().any(|c| c.is_ascii_digit()))
        .map_or(text, |(b, _)| b);
    let is_word = |c: char| !c.is_ascii_digit() && !matches!(c, '+' | '(');
    let text = text.trim_start_matches(is_word);
    text.trim_end_matches(|c: char| !c.is_ascii_digit())
}

/// One tier of a few, read from a text that may say more than it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tier {
    /// The key of the tier.
    pub key: &'static str,
    /// Whether the tier says all that the text says.
    pub is_whole: bool,
}

/// Reads a number of people: `1,200人`, `3千人`, `1.2万`, `约80人`, `50人左右`.
pub(super) fn head_count(text: &str) -> Option<i64> {
    let count = Money::parse(&plain_amount(&without_people(text)))?.0;
    count.is_integer().then(|| count.try_into().ok()).flatten()
}

/// Reads a band of staff as a size, by its lower end: `500人以上`, `100-499人`, `少于50人`, `1000+`, `1万人以上`.
pub(super) fn staff_band(text: &str) -> Option<Tier> {
    let text = without_people(text);
    let (least, is_whole) = match whole_bounds(&text).or_else(|| loose_bounds(&text))? {
        (None, Some(most)) => (most.saturating_sub(1), most == 300),
        (Some(least), None) => (least, least == 500),
        (Some(least), Some(most)) if least < most => (least, least == 300 && matches!(most, 499 | 500)),
        _ => return None,
    };
    let key = match least {
        500.. => "large",
        300.. => "medium",
        _ => "small",
    };
    Some(Tier { key, is_whole })
}

fn without_people(text: &str) -> String {
    let text = halve_width(text).to_lowercase();
    let words = ["employees", "employee", "people", "persons", "staff", "人", "名", "员工"];
    words.iter().fold(text, |text, word| text.replace(word, "")).trim().to_string()
}

/// The ends of a band, either of which may be open.
type Bounds = (Option<i64>, Option<i64>);

fn whole_bounds(text: &str) -> Option<Bounds> {
    let (low, high) = Money::parse_range(text)?;
    let whole = |end: Option<Money>| end.map(|end| i64::try_from(end.0.trunc()).ok());
    match (whole(low), whole(high)) {
        (Some(None), _) | (_, Some(None)) => None,
        (low, high) => Some((low.flatten(), high.flatten())),
    }
}

/// Reads a band among other words: `规模约 51-200 左右`; not where a unit would be overlooked.
fn loose_bounds(text: &str) -> Option<Bounds> {
    let text = text.replace([' ', ','], "");
    let has_unit = |c: char| "万萬千仟百佰亿億".contains(c);
    let numbers: Vec<i64> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|p| p.parse().ok())
        .collect::<Option<_>>()?;
    let upper = ["以下", "以内", "不足", "少于", "小于", "<", "≤", "lessthan", "under", "upto"];
    let lower = ["以上", "+", "超过", "大于", "多于", "多", ">", "≥", "morethan", "over"];
    match numbers[..] {
        _ if text.contains(has_unit) => None,
        [most] if upper.iter().any(|word| text.contains(word)) => Some((None, Some(most))),
        [least] if lower.iter().any(|word| text.contains(word)) => Some((Some(least), None)),
        [least, most] => Some((Some(least), Some(most))),
        _ => None,
    }
}

/// Units of duration, in months; longer words before those they end with.
const UNITS: [(&str, f64); 13] = [
    ("个月", 1.0),
    ("months", 1.0),
    ("month", 1.0),
    ("个星期", 0.25),
    ("星期", 0.25),
    ("周", 0.25),
    ("weeks", 0.25),
    ("week", 0.25),
    ("天", 0.034),
    ("days", 0.034),
    ("day", 0.034),
    ("个季度", 3.0),
    ("年", 12.0),
];

/// Reads a duration until a purchase as an urgency: `3个月内`, `半年内`, `3-6 months`, `6个月以上`.
///
/// A month of a year (`2026年12月`, `3月`) is a date and no duration.
pub(super) fn purchase_window(text: &str) -> Option<Tier> {
    const UNTIL: [&str; 10] = ["within", "lessthan", "未来", "<=", "≤", "<", "以内", "之内", "内", "以下"];
    const FROM: [&str; 11] = ["morethan", "over", "超过", ">=", "≥", ">", "以上", "以后", "之后", "后", "+"];
    let text = halve_width(text).replace(' ', "").to_lowercase().replace("半年", "6个月").replace("半个月", "2周");
    let text = numerals_to_digits(&text);
    let around = |words: &'static [&'static str]| {
        words.iter().find_map(|word| text.strip_prefix(word).or_else(|| text.strip_suffix(word)))
    };
    let (until, from) = (around(&UNTIL), around(&FROM));
    let bare = until.or(from).unwrap_or(&text);
    let (bare, factor) = UNITS.iter().find_map(|(unit, factor)| Some((bare.strip_suffix(unit)?, *factor)))?;
    let numbers: Vec<f64> = bare.split(['-', '~', '到', '至']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (most, is_whole) = match (&numbers[..], until, from) {
        _ if numbers.iter().any(|number| *number > 400.0) => return None,
        ([least, most], _, None) if least < most => {
            let whole = (*least == 0.0 && most * factor == 3.0) || (least * factor == 3.0 && most * factor == 6.0);
            (most * factor, whole)
        }
        ([least], None, Some(_)) if least * factor >= 6.0 => (f64::MAX, least * factor == 6.0),
        ([most], Some(_), _) => (most * factor, most * factor == 3.0),
        _ => return None,
    };
    let key = match most {
        ..=3.0 => "within_3_months",
        ..=6.0 => "3_to_6_months",
        _ => "later",
    };
    Some(Tier { key, is_whole })
}

/// Reads words of haste and delay, which state no duration, as an urgency.
pub(super) fn haste(text: &str) -> Option<&'static str> {
    const NOW: [&str; 10] = ["立即", "马上", "尽快", "紧急", "现在", "本月", "asap", "immediate", "urgent", "now"];
    const LATER: [&str; 6] = ["明年", "以后再", "暂无计划", "长期", "nextyear", "later"];
    let text = halve_width(text).replace(' ', "").to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&NOW) { Some("within_3_months") } else { has(&LATER).then_some("later") }
}

/// Takes words that soften an amount off: `约5万`, `5万左右`, `预算10万`.
pub(super) fn plain_amount(text: &str) -> String {
    const SOFT: [&str; 13] =
        ["差不多", "接近", "大约", "大概", "约", "预算", "预计", "左右", "上下", "about", "approx.", "ca.", ":"];
    let wide = halve_width(text);
    let mut text = wide.trim();
    // A bare number, as most are, is soft nowhere.
    let is_bare = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'));
    for word in SOFT.iter().filter(|_| !is_bare) {
        text = text.trim_start_matches(word).trim_end_matches(word).trim();
    }
    text.to_string()
}

/// Words that say that nothing is known; free text keeps them, and a dictionary that knows one wins.
pub(super) fn is_blank_word(text: &str) -> bool {
    const WORDS: [&str; 24] = [
        "", "-", "--", "---", "—", "——", "/", "\\", ".", "?", "n/a", "na", "n.a.", "#n/a", "null", "none", "nil",
        "nan", "无", "暂无", "没有", "未知", "不详", "(空)",
    ];
    // None is as long, and none begins with a digit, as most cells do that are as short.
    if text.len() > 24 || text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let text = halve_width(text).trim().to_lowercase();
    WORDS.contains(&text.as_str())
        || matches!(text.as_str(), "select" | "please select" | "请选择" | "unknown" | "未填" | "未填写")
}

/// Tells whether a text is a word for a total, perhaps with what is counted: `合计`, `总计：12`, `合计（元）`, `Total`.
pub(super) fn is_total_word(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        "合计",
        "总计",
        "小计",
        "共计",
        "总和",
        "累计",
        "本页合计",
        "本页小计",
        "grand total",
        "subtotal",
        "sub-total",
        "total",
        "sum",
    ];
    // What is counted; any other letter belongs to a name.
    const COUNTED: &str = "家条个行户人名份项元";
    // Nearly every row begins otherwise, which its first character tells.
    let is_first = |c: char| {
        matches!(c, '合' | '总' | '小' | '共' | '累' | '本' | '\u{ff01}'..='\u{ff5e}')
            || "gst".contains(c.to_ascii_lowercase())
    };
    if !text.trim_start().starts_with(is_first) {
        return false;
    }
    let text = halve_width(text).trim().to_lowercase().replace("合 计", "合计").replace("总 计", "总计");
    let rest = WORDS.iter().find_map(|word| text.strip_prefix(word));
    rest.is_some_and(|rest| !rest.chars().any(|c| c.is_alphabetic() && !COUNTED.contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_phones_in_a_cell() {
        let read = |text| read_phones(text, "CN", false).map(|p| (p.numbers.join("; "), p.rest.join("; ")));
        let both = |first: &str, rest: &str| Some((first.to_string(), rest.to_string()));
        assert_eq!(read("13800138000/13900139000"), both("13800138000; 13900139000", ""));
        assert_eq!(read("无、13900139000"), both("13900139000", "无"));
        assert_eq!(read("电话：13800138000"), both("13800138000", "电话:13800138000"));
        assert_eq!(read("13800138000（王总）"), both("13800138000", "13800138000(王总)"));
        assert_eq!(read("0571-88888888-801"), both("0571-88888888-801", ""));
        assert_eq!(read("1.38E+10"), None);
        assert_eq!(read("没有"), None);
        assert_eq!(
            read_phones("57188888888", "CN", true).map(|p| p.numbers.concat()).as_deref(),
            Some("0571-88888888")
        );
        assert_eq!(read_phones("57188888888", "CN", false), None);
    }

    #[test]
    fn bands_of_staff() {
        for (text, size) in [
            ("500人以上", Some("large")),
            ("300-500人", Some("medium")),
            ("100-499人", Some("small")),
            ("300人以下", Some("small")),
            ("1,000+", Some("large")),
            ("少于50人", Some("small")),
            ("1万人以上", Some("large")),
            ("200多人", Some("small")),
            ("300多名员工", Some("medium")),
            ("3千-5千人", Some("large")),
            ("51-200 employees", Some("small")),
            ("规模 300-400 之内", Some("medium")),
            ("1.2万人", None),
            ("320", None),
            ("很多", None),
        ] {
            assert_eq!(staff_band(text).map(|tier| tier.key), size, "{text}");
        }
    }

    #[test]
    fn numbers_of_people() {
        for (text, count) in
            [("1,200人", Some(1200)), ("1.2万人", Some(12_000)), ("两百名", Some(200)), ("1.5人", None)]
                .into_iter()
                .chain([("约80人", Some(80)), ("50人左右", Some(50)), ("200多人", None)])
        {
            assert_eq!(head_count(text), count, "{text}");
        }
    }

    #[test]
    fn tiers_that_say_less_than_the_text() {
        for (text, is_whole) in [("500人以上", true), ("300-499人", true), ("100-499人", false), ("1000+", false)]
        {
            assert_eq!(staff_band(text).map(|tier| tier.is_whole), Some(is_whole), "{text}");
        }
        for (text, is_whole) in [("三个月内", true), ("3-6个月", true), ("半年内", false), ("2 weeks以内", false)]
        {
            assert_eq!(purchase_window(text).map(|tier| tier.is_whole), Some(is_whole), "{text}");
        }
    }

    #[test]
    fn windows_of_purchase() {
        for (text, urgency) in [
            ("3个月内", Some("within_3_months")),
            ("三个月内", Some("within_3_months")),
            ("半年内", Some("3_to_6_months")),
            ("半年以上", Some("later")),
            ("3-6个月", Some("3_to_6_months")),
            ("within 2 weeks", Some("within_3_months")),
            ("within 3 months", Some("within_3_months")),
            ("6个月以上", Some("later")),
            ("一年内", Some("later")),
            ("2026-05-01", None),
            ("2026年12月", None),
            ("2027年3月上旬", None),
            ("2026年内", None),
            ("3月5日", None),
            ("12月内", None),
            ("明年2月", None),
            ("2027/3", None),
            ("三四个月内", None),
            ("尽快", None),
            ("看情况", None),
        ] {
            assert_eq!(purchase_window(text).map(|tier| tier.key), urgency, "{text}");
        }
        assert_eq!((haste("请尽快"), haste("看情况")), (Some("within_3_months"), None));
    }

    #[test]
    fn totals() {
        for text in [
            "合计",
            "合 计：",
            "总计：12 家",
            "Total",
            "Grand Total:",
            "小计 (3)",
            "合计（元）",
            "ＴＯＴＡＬ：",
            "累计 ",
        ] {
            assert!(is_total_word(text), "{text}");
        }
        for text in ["合计科技有限公司", "Total Energies", "Summit", "共计贸易", "本页", "元合计", ""]
        {
            assert!(!is_total_word(text), "{text}");
        }
    }

    #[test]
    fn amounts_and_blanks() {
        assert_eq!(plain_amount("约5万左右"), "5万");
        assert!(is_blank_word(" Ｎ／Ａ ") && is_blank_word("Select") && !is_blank_word("Google"));
    }
}
