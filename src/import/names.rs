//! The names columns go by: how a heading is folded, and which names stand for which field.
//!
//! Names come from the field declarations; here are only those that stand for a part of a field
//! (`省` of a region) or for the record's own number.

use super::inner::Inner;
use super::unit::Unit;
use crate::record::dictionary::fold_name;
use crate::record::{CONTACT, Field, KINDS, Kind, LEAD, PRODUCT, Words};
use crate::rules::dedupe::simplify;
use crate::words;
use std::sync::OnceLock;

/// Marks a heading may carry to say that its column is required, optional or an example.
const REMARKS: [&str; 14] = [
    "必填",
    "必填项",
    "选填",
    "可选",
    "非必填",
    "必选",
    "required",
    "optional",
    "mandatory",
    "必须",
    "*",
    "必输",
    "唯一",
    "必填字段",
];

/// A longer text, in bytes, is no heading: it names nothing, and is not looked through for what it may name.
pub(super) const LONGEST: usize = 256;

/// Takes a heading as it stands to what is shown and matched: one line, no marks of required fields.
pub(super) fn clean_header(text: &str) -> String {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text = text.trim_matches(['\u{feff}', '*', '＊', '★', '●', ' ', ':', '：']).to_string();
    for (open, close) in [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】'), ('<', '>')] {
        while let Some((before, inner, after)) = bracketed(&text, open, close)
            && REMARKS.contains(&inner.trim().to_lowercase().trim_matches(['*', ' ']))
        {
            text = format!("{}{}", before.trim_end(), after);
        }
    }
    text.trim_matches(['*', '＊', ' ']).to_string()
}

fn bracketed(text: &str, open: char, close: char) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(open)?;
    let (inner, after) = rest.split_once(close)?;
    Some((before, inner, after))
}

/// Folds a heading for comparison, as dictionary names are, and without punctuation.
pub(super) fn fold_header(text: &str) -> String {
    if text.len() > LONGEST {
        return text.to_string();
    }
    let folded = fold_name(&clean_header(text));
    let plain =
        folded.chars().filter(|c| !matches!(c, '.' | '?' | '#' | '\'' | '"' | '、' | '。' | '&' | '|' | '\\' | ','));
    let plain = plain.map(simplify).collect::<String>().replace("联络", "联系").replace("行动电话", "手机");
    match plain.strip_prefix('列').filter(|letters| is_letters(letters)) {
        Some(letters) => format!("column{letters}"),
        None => plain,
    }
}

/// Returns a heading as it is shown: a column without one by its letter, in either language.
pub fn heading_words(text: &str) -> Words {
    match text.strip_prefix("column ").filter(|letters| is_letters(&letters.to_lowercase())) {
        Some(letters) => words!("column {letters}", "列 {letters}"),
        None => Words::same(text),
    }
}

/// Tells whether a text is the letters of a column, in lower case.
fn is_letters(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Returns a text in simplified characters.
pub(super) fn simplify_text(text: &str) -> String {
    text.chars().map(simplify).collect()
}

/// Returns the heading without its bracketed hint: `来源(1天眼查/2转介绍)` → `来源`.
pub(super) fn without_hint(text: &str) -> Option<String> {
    const OPENING: [char; 5] = ['(', '（', '[', '【', '<'];
    text.find(OPENING)?;
    let text = clean_header(text);
    let at = text.find(OPENING)?;
    let before = text.get(..at)?.trim();
    (!before.is_empty()).then(|| before.to_string())
}

/// Returns the names that a heading of several consists of, folded: `手机/电话` → `手机`, `电话`; none of one alone.
pub(super) fn several(text: &str) -> Vec<String> {
    let text = if text.len() > LONGEST { "" } else { text };
    let bare = without_hint(text);
    let parts = bare.as_deref().unwrap_or(text).split(['/', '／', '、']).map(fold_header);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 { parts } else { Vec::new() }
}

/// Returns the heading without the unit at its end: `金额/万元` → `金额`, `budget_wan` → `budget`.
pub(super) fn without_unit(text: &str) -> Option<String> {
    Unit::of_heading(&clean_header(text)).map(|(before, _)| before)
}

/// A field with its names as headings are compared with them.
pub(super) struct Named {
    pub field: &'static Field,
    /// Key and labels.
    own: [String; 3],
    aliases: Vec<String>,
}

impl Named {
    /// Returns the fields of which each can be a column.
    pub fn all(fields: &'static [Field]) -> Vec<Named> {
        fields.iter().filter(|field| !field.is_table()).map(Named::new).collect()
    }

    fn new(field: &'static Field) -> Named {
        let own = [field.key, field.label.en, field.label.zh].map(fold_header);
        Named { field, own, aliases: field.aliases.iter().map(|alias| fold_header(alias)).collect() }
    }

    /// Returns how well `folded` names the field: 0 for key or label, more for later aliases.
    pub fn rank(&self, folded: &str) -> Option<usize> {
        if self.own.iter().any(|name| name == folded) {
            return Some(0);
        }
        self.aliases.iter().position(|alias| alias == folded).map(|at| at + 1)
    }

    /// Ranks a heading for a field of an inner table: its own names, and those with `联系人` or `Contact` before them.
    pub fn rank_in(&self, inner: &Inner, folded: &str) -> Option<usize> {
        self.rank(folded).or_else(|| inner.without_prefix(folded).and_then(|rest| self.rank(rest)))
    }

    /// Returns all names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.own.iter().chain(&self.aliases).map(String::as_str)
    }
}

/// Parts of a field that may have a column each, with the names of each part, in the order they are joined.
pub(super) const REGION: [&[&str]; 4] = [
    &["国家", "国家/地区", "国籍", "Country", "Country/Region"],
    &["省", "省份", "省/直辖市", "所在省份", "Province", "State", "State/Province"],
    &["市", "城市", "地市", "所在城市", "City", "Town"],
    &["区", "区县", "区/县", "县", "县区", "District", "County", "Suburb"],
];
pub(super) const NAME: [&[&str]; 2] = [
    &["First Name", "Given Name", "Forename", "名", "名字", "given_name"],
    &["Last Name", "Surname", "Family Name", "姓", "姓氏"],
];
pub(super) const ADDRESS: [&[&str]; 3] = [
    &["Street", "Street Address", "Address Line 1", "Address 1"],
    &["Street2", "Street 2", "Address Line 2", "Address 2"],
    &["街道"],
];

/// Headings of a column that holds an amount or a range of amounts, with the two fields it fills.
pub(super) const RANGES: [(Kind, &str, &str, &str, &[&str]); 2] = [
    (
        LEAD,
        "budget",
        "budget_min",
        "budget_max",
        &[
            "预算",
            "预算范围",
            "预算区间",
            "预算金额",
            "项目预算",
            "预计金额",
            "预估金额",
            "意向金额",
            "金额",
            "Budget",
            "Budget Range",
            "Deal Amount",
            "Deal Size",
            "Expected Revenue",
            "Amount",
        ],
    ),
    (PRODUCT, "price", "price_min", "price_max", &["价格区间", "价格范围", "Price Range"]),
];

/// Returns the two fields that one name fills: `预算` of a lead means `budget_min` and `budget_max`.
pub fn range_of(kind: Kind, name: &str) -> Option<[&'static Field; 2]> {
    let wanted = fold_header(name);
    let bears = |key: &str, names: &[&str]| key == wanted || names.iter().any(|name| fold_header(name) == wanted);
    let mut all = RANGES.iter().filter(|(of, ..)| *of == kind);
    let (_, _, low, high, _) = all.find(|(_, key, _, _, names)| bears(key, names))?;
    Some([kind.field(low)?, kind.field(high)?])
}

/// Names of the record's own number.
pub(super) fn number_names(kind: Kind) -> &'static [&'static str] {
    match kind.name {
        "lead" => &["number", "编号", "线索编号", "Lead No"],
        "customer" => &["number", "编号", "客户编号", "档案编号", "客户代码", "客户编码"],
        "opportunity" => &["number", "编号", "商机编号", "Opportunity Number"],
        "contract" => &["number", "编号", "合同编号"],
        "review" => &["number", "编号", "复盘编号"],
        "ticket" => &["number", "编号", "工单编号"],
        "article" => &["number", "编号", "文章编号", "知识编号", "Article Number"],
        "target" => &["number", "编号", "目标编号"],
        "product" => &["number", "编号", "产品编号", "产品编码", "产品代码", "Product Code", "Product Number", "SKU"],
        "user" => &["number", "编号", "账号", "登录名", "用户名", "工号", "Login", "Username"],
        _ => &["number"],
    }
}

/// Returns Chinese words known as headings of any kind, by which encodings are told apart.
pub(super) fn known_words() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let fields = KINDS.iter().flat_map(|kind| kind.fields).filter(|field| !field.own).chain(CONTACT);
        let names = fields.flat_map(|field| std::iter::once(field.label.zh).chain(field.aliases.iter().copied()));
        let traditional =
            ["公司名稱", "聯絡人", "聯繫人", "電話", "手機", "郵箱", "備註", "來源", "客戶名稱", "負責人"];
        let han = |word: &&str| word.chars().count() > 1 && word.chars().all(|c| c > '\u{2e7f}');
        let mut words: Vec<&str> = names.chain(traditional).filter(han).collect();
        words.sort_unstable();
        words.dedup();
        words
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_cleaned() {
        for (text, clean) in [
            ("*公司名称", "公司名称"),
            ("公司名称（必填）", "公司名称"),
            ("电话 [required]*", "电话"),
            (" 联系人\n姓名 ：", "联系人 姓名"),
            ("预估金额(USD)", "预估金额(USD)"),
            ("(必填)", ""),
        ] {
            assert_eq!(clean_header(text), clean, "{text}");
        }
        assert_eq!(without_hint("来源(1天眼查/2转介绍…)").as_deref(), Some("来源"));
        assert_eq!(without_hint("来源"), None);
        assert_eq!(fold_header("聯絡人"), fold_header("联系人"));
        assert_eq!(fold_header("獲取日期"), fold_header("获取日期"));
        assert_eq!(simplify_text("線上研討會 Expo"), "线上研讨会 Expo");
        assert_eq!(fold_header("列 D"), fold_header("column D"));
        assert_eq!(heading_words("column AB"), words!("column AB", "列 AB"));
        assert_eq!(heading_words("column of figures"), Words::same("column of figures"));
        assert_eq!(fold_header("Company / Account"), "companyaccount");
    }
}
