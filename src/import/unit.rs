//! Units that stand in a heading and not in its cells: `预算（万元）`, `Budget (k)`, `人数（百人）`, `采购周期（月）`.
//!
//! A cell without a unit of its own is read as if the heading's stood in it: `50` as `50万元`, `50-100` as
//! `50-100万元`, `50以上` as `50万元以上`. So there is one reader of amounts, and it never learns of headings.
//!
//! *Invariants:* a cell that states a unit (`50万`, `500000元`) is left alone; so is one that says no amount
//! anyway. No amount is ever read without the unit because it could not be read with it.

use super::clean::{head_count, plain_amount, purchase_window, staff_band};
use super::mapping::FieldKey;
use crate::record::{FieldType, Money, halve_width, is_numeral};

/// The unit of the bare numbers of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// The unit as it is put into a cell: `万元`, `k`, `个月`.
    pub word: &'static str,
    measure: Measure,
}

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Amount,
    People,
    Time,
    Share,
    /// The time until a purchase.
    Window,
    /// Whatever a text field tells by it.
    Text,
}

/// Names of units as headings write them, without currency, spaces and case; and the unit as a cell has it.
const NAMES: [(Measure, &str, &[&str]); 18] = [
    (Measure::Amount, "元", &["元", "圆", "块", "yuan"]),
    (Measure::Amount, "千元", &["千元", "千", "仟元", "千块"]),
    (Measure::Amount, "万元", &["万元", "万", "萬元", "萬", "wan", "w", "万块", "万圆"]),
    (Measure::Amount, "十万元", &["十万元", "十万"]),
    (Measure::Amount, "百万元", &["百万元", "百万"]),
    (Measure::Amount, "千万元", &["千万元", "千万"]),
    (Measure::Amount, "亿元", &["亿元", "亿", "億元", "億"]),
    (Measure::Amount, "k", &["k", "thousand", "thousands", "'000", "000", "000s", "'000s", "1000s"]),
    (Measure::Amount, "M", &["m", "mn", "mln", "mio", "million", "millions", "mm"]),
    (Measure::Amount, "bn", &["bn", "billion", "billions"]),
    (Measure::People, "人", &["人", "名", "位"]),
    (Measure::People, "百人", &["百人"]),
    (Measure::People, "千人", &["千人"]),
    (Measure::People, "万人", &["万人"]),
    (Measure::Time, "天", &["天", "日", "day", "days"]),
    (Measure::Time, "周", &["周", "星期", "week", "weeks"]),
    (Measure::Time, "个月", &["月", "个月", "month", "months"]),
    (Measure::Share, "%", &["%", "百分比", "percent", "pct"]),
];

/// Units that may end a heading without a mark before them; shorter ones end other words too.
const JOINED: [&str; 6] = ["千万元", "百万元", "十万元", "万元", "千元", "亿元"];

/// Bare numbers from here on are doubtful under a unit of ten thousand or more.
const DOUBTFUL: i64 = 10_000;

impl Unit {
    /// Returns the unit that `name` names: `万元`, `万`, `k`, `RMB 万元`, `单位：万元`, `万元/年`.
    pub(super) fn find(name: &str) -> Option<Unit> {
        let name = halve_width(name).to_lowercase();
        let name = name.trim().trim_start_matches("单位").trim_start_matches([':', ' ']).trim_start_matches("in ");
        let name = name.split('/').next().unwrap_or(name).replace(' ', "");
        let marks = ["人民币", "rmb", "cny", "usd", "eur", "¥", "￥", "$", "€", "£", "us$"];
        let bare = marks.iter().fold(name.as_str(), |name, mark| {
            let name = name.strip_prefix(mark).unwrap_or(name);
            name.strip_suffix(mark).unwrap_or(name)
        });
        let found = NAMES.iter().find(|(.., names)| names.contains(&bare));
        found.map(|(measure, word, _)| Unit { word, measure: *measure })
    }

    /// Parts a heading from the unit at its end: in brackets, after a mark, or joined to it.
    pub(super) fn of_heading(heading: &str) -> Option<(String, Unit)> {
        let text = halve_width(heading).replace(['【', '['], "(").replace(['】', ']'], ")");
        let text = text.trim();
        if let Some((before, hint)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
            return Some((before.trim().to_string(), Unit::find(hint)?)).filter(|(before, _)| !before.is_empty());
        }
        let joined = JOINED.iter().find_map(|word| Some((text.strip_suffix(word)?, *word)));
        let marked = || {
            let (before, word) = text.rsplit_once(['/', '_', '-', ':', ' ', ',', '、'])?;
            Some((before, word))
        };
        let (before, word) = joined.or_else(marked)?;
        let before = before.trim_end_matches(['/', '_', '-', ':', ' ', ',', '、']);
        let before = before.strip_suffix(" in").or_else(|| before.strip_suffix("_in")).unwrap_or(before);
        Some((before.to_string(), Unit::find(word)?)).filter(|(before, _)| !before.is_empty())
    }

    /// Returns the unit of amounts that a line above a table states: `单位：万元`, `（金额单位：人民币万元）`.
    pub(super) fn of_line(line: &str) -> Option<Unit> {
        let line = halve_width(line);
        let (_, rest) = line.split_once("单位:")?;
        let name = rest.trim_start().split([' ', ')', '】', ',', ';', '。']).next()?;
        Unit::find(name).filter(|unit| unit.measure == Measure::Amount)
    }

    /// Tells whether it measures amounts of money.
    pub(super) fn is_of_amounts(self) -> bool {
        self.measure == Measure::Amount
    }

    /// Returns the unit as values of a field can be in it.
    pub(super) fn fit(self, key: FieldKey) -> Option<Unit> {
        let measure = match (self.measure, key) {
            (Measure::Amount, FieldKey::Range(..)) => Measure::Amount,
            (measure, FieldKey::Own(field) | FieldKey::Inner(_, field)) => match (measure, field.ty) {
                (Measure::Amount, FieldType::Money) => Measure::Amount,
                (Measure::People, FieldType::Integer) if field.key == "staff" => Measure::People,
                (Measure::People, FieldType::Key("size")) => Measure::People,
                (Measure::Time, FieldType::Key("urgency")) => Measure::Window,
                (Measure::Time, FieldType::Date) if field.key == "expected_on" => Measure::Window,
                (Measure::Time | Measure::Share, FieldType::Text) => Measure::Text,
                _ => return None,
            },
            _ => return None,
        };
        Some(Unit { measure, ..self })
    }

    /// Tells whether the unit changes what a bare number means; `元` and `人` do not.
    pub(super) fn matters(&self) -> bool {
        !matches!(self.word, "元" | "人")
    }

    /// Returns the cell with the unit where it states none; nothing when it is to be read as it stands.
    pub(super) fn put_into(&self, text: &str) -> Option<String> {
        let text = halve_width(text);
        let is_number = |c: char| c.is_ascii_digit() || is_numeral(c);
        let at = text.rfind(is_number)?;
        let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
        if !self.matters() || states_unit(&text, is_number) {
            return None;
        }
        let (before, after) = text.split_at(end);
        let until = if self.measure == Measure::Window && !before.contains(['-', '~']) { "内" } else { "" };
        let filled = if after.is_empty() {
            format!("{before}{}{until}", self.word)
        } else {
            format!("{before}{}{after}", self.word)
        };
        let is_amount = |text: &str| Money::parse_range(&plain_amount(text)).is_some();
        let is_readable = match self.measure {
            // An amount that can be read only without the unit is better refused than read so.
            Measure::Amount => is_amount(&filled) || is_amount(&text),
            Measure::People => head_count(&filled).is_some() || staff_band(&filled).is_some(),
            Measure::Window => purchase_window(&filled).is_some(),
            _ => text.trim().chars().all(|c| is_number(c) || c == '.'),
        };
        is_readable.then_some(filled)
    }

    /// Tells whether an amount would be odd in this unit: who writes `500000` under 万元 may have meant 元.
    pub(super) fn is_doubtful(&self, text: &str) -> bool {
        let is_large = self.measure == Measure::Amount && !matches!(self.word, "元" | "千元" | "k");
        let ends = || Money::parse_range(&plain_amount(text));
        is_large && ends().is_some_and(|(low, high)| low.or(high).is_some_and(|end| end.0 >= DOUBTFUL.into()))
    }
}

/// Tells whether a unit stands behind a number of the text. 百 and 千 behind a Chinese numeral belong to it.
fn states_unit(text: &str, is_number: impl Fn(char) -> bool) -> bool {
    let starts = |digit: char, rest: &str| {
        let rest = rest.trim_start();
        let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
        let is_name = NAMES.iter().any(|(.., names)| names.contains(&&*word));
        let first = |marks: &str| rest.chars().next().is_some_and(|c| marks.contains(c));
        is_name || first("万萬亿億元圆块人名天日周月年个星%") || digit.is_ascii_digit() && first("百佰千仟")
    };
    text.char_indices().any(|(at, c)| is_number(c) && starts(c, &text[at + c.len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, LEAD};

    #[test]
    fn units_of_headings() {
        for (heading, before, unit) in [
            ("预算（万元）", "预算", "万元"),
            ("预算(万)", "预算", "万元"),
            ("预算（单位：万元）", "预算", "万元"),
            ("预算【人民币 万元】", "预算", "万元"),
            ("金额/万元", "金额", "万元"),
            ("预算万元", "预算", "万元"),
            ("年营业额（亿元）", "年营业额", "亿元"),
            ("价格（千元/套）", "价格", "千元"),
            ("Budget (k)", "Budget", "k"),
            ("Budget (USD k)", "Budget", "k"),
            ("Revenue in millions", "Revenue", "M"),
            ("Budget ('000)", "Budget", "k"),
            ("budget_wan", "budget", "万元"),
            ("人数（人）", "人数", "人"),
            ("人数(百人)", "人数", "百人"),
            ("采购周期（月）", "采购周期", "个月"),
            ("账期（天）", "账期", "天"),
        ] {
            let found = Unit::of_heading(heading).map(|(before, unit)| (before, unit.word));
            assert_eq!(found, Some((before.to_string(), unit)), "{heading}");
        }
        for heading in ["预算", "预估金额(USD)", "来源(1展会)", "（万元）", "公司名称", "E-mail", "State/Province"]
        {
            assert_eq!(Unit::of_heading(heading), None, "{heading}");
        }
    }

    #[test]
    fn units_of_whole_tables() {
        for line in ["单位：万元", "（金额单位：人民币万元）", "2026年度  单位: 万元"] {
            assert_eq!(Unit::of_line(line).map(|unit| unit.word), Some("万元"), "{line}");
        }
        for line in ["单位：杭州甲贸易有限公司", "填报单位：人", "客户登记表"] {
            assert_eq!(Unit::of_line(line), None, "{line}");
        }
    }

    #[test]
    fn a_bare_number_gets_the_unit() {
        let wan = Unit::find("万").unwrap();
        for (text, filled) in [
            ("50", "50万元"),
            ("１２．５", "12.5万元"),
            ("50-100", "50-100万元"),
            ("50以上", "50万元以上"),
            ("≤50", "≤50万元"),
            ("约50左右", "约50万元左右"),
            ("￥50", "￥50万元"),
            ("五十", "五十万元"),
            ("五百", "五百万元"),
            ("50.", "50万元."),
        ] {
            assert_eq!(wan.put_into(text).as_deref(), Some(filled), "{text}");
        }
        for text in ["50万", "500000元", "50 k", "50-100万", "20万-30", "5 million", "五十万", "面议", "", "3/5", "5百"]
        {
            assert_eq!(wan.put_into(text), None, "{text}");
        }
        assert_eq!(Unit::find("元").unwrap().put_into("50"), None, "says nothing");
        assert_eq!(Unit::find("百人").unwrap().put_into("3-5").as_deref(), Some("3-5百人"));
        assert!(wan.is_doubtful("500000") && wan.is_doubtful("20000-30000") && !wan.is_doubtful("5000"));
        let of = |kind: crate::record::Kind, key| FieldKey::find(kind, key).unwrap();
        let window = Unit::find("月").and_then(|unit| unit.fit(of(LEAD, "urgency"))).unwrap();
        assert_eq!(window.put_into("3").as_deref(), Some("3个月内"));
        assert_eq!(window.put_into("3-6").as_deref(), Some("3-6个月"));
        assert_eq!(window.put_into("2026-05-01"), None);
        let text = Unit::find("天").and_then(|unit| unit.fit(of(CUSTOMER, "payment_cycle"))).unwrap();
        assert_eq!(text.put_into("30").as_deref(), Some("30天"));
        assert_eq!(text.put_into("月结30"), None);
        assert_eq!(wan.fit(of(LEAD, "staff")), None);
    }
}
