//! The name of a company, reduced to what tells it from others.
//!
//! Width, case, spaces, marks, traditional characters, legal form and region say nothing about which
//! company is meant; everything else does. Kept on purpose:
//! - `分公司`, `分行`, `办事处` and the like: a branch is not its company, nor another branch;
//! - `集团`, `控股`: a group and its listed company are two customers (中车集团, 中车股份);
//! - what stands in brackets, unless it is a region or a legal form.
//!
//! *Invariant:* normalising what is normalised changes nothing.

use super::region::{Place, place_of_word, take_place, take_place_of_company};
use super::simplify::simplify;
use crate::record::halve_width;

/// The forms of a company, longest first where one ends another.
const COMPANY_FORMS: [&str; 5] = ["股份有限责任公司", "股份合作公司", "股份有限公司", "有限责任公司", "有限公司"];

/// Other legal forms after a Chinese name, longest first where one ends another.
const OTHER_FORMS: [&str; 12] = [
    "股份公司",
    "责任公司",
    "总公司",
    "公司",
    "特殊普通合伙",
    "普通合伙",
    "有限合伙",
    "个人独资",
    "株式会社",
    "有限会社",
    "coltd",
    "ltd",
];

/// What a branch is called at the end of its name.
const BRANCHES: [&str; 12] =
    ["分公司", "子公司", "分行", "支行", "办事处", "代表处", "营业部", "分店", "分所", "分院", "分校", "分厂"];

/// Legal forms after a Latin name, as words.
const LATIN_FORMS: [&str; 42] = [
    "co",
    "company",
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "llc",
    "llp",
    "lp",
    "plc",
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "ug",
    "ev",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "oy",
    "oyj",
    "ab",
    "as",
    "asa",
    "aps",
    "pty",
    "pte",
    "pvt",
    "private",
    "sdn",
    "bhd",
    "kk",
    "and",
];

/// Names that are written where no company is known.
const PLACEHOLDERS: [&str; 16] = [
    "个人",
    "个体",
    "无",
    "未知",
    "暂无",
    "不详",
    "没有",
    "测试",
    "na",
    "none",
    "null",
    "unknown",
    "self",
    "selfemployed",
    "individual",
    "test",
];

/// Returns the name without what says nothing: `杭州某某贸易有限公司` and `某某贸易（杭州）有限责任公司` are `某某贸易`.
pub fn normalize_company(name: &str) -> String {
    reduce(name, &mut |_| true)
}

/// Tells whether a reduced name can tell one company from another.
pub(super) fn is_telling(reduced: &str) -> bool {
    reduced.chars().count() >= 2 && !PLACEHOLDERS.contains(&reduced)
}

/// Half width, lower case, simplified characters; brackets of all kinds become `(` and `)`.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for c in halve_width(text).chars() {
        match c {
            '[' | '{' | '<' | '【' | '〔' | '〈' | '《' => cleaned.push('('),
            ']' | '}' | '>' | '】' | '〕' | '〉' | '》' => cleaned.push(')'),
            c if c.is_ascii() => cleaned.push(c.to_ascii_lowercase()),
            c if is_han(c) => cleaned.push(simplify(c)),
            c => cleaned.extend(c.to_lowercase()),
        }
    }
    cleaned
}

/// Reduces a name; a region in it goes when `drop` says so.
pub(super) fn reduce(name: &str, drop: &mut dyn FnMut(Place) -> bool) -> String {
    let cleaned = clean(name);
    match cleaned.chars().any(is_han) {
        true => reduce_chinese(&cleaned, drop),
        false => reduce_latin(&cleaned, drop),
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn reduce_chinese(cleaned: &str, drop: &mut dyn FnMut(Place) -> bool) -> String {
    let flat = letters(cleaned);
    if is_branch(&flat) {
        return reduce_branch(flat, drop);
    }
    let flat = if cleaned.contains('(') { letters(&without_brackets(cleaned, drop)) } else { flat };
    let mut name = flat.as_str();
    loop {
        let before = name;
        name = strip_place(strip_form(name), drop);
        if name == before {
            break;
        }
    }
    if is_branch(name) { reduce_branch(name.to_string(), drop) } else { name.to_string() }
}

fn is_branch(flat: &str) -> bool {
    BRANCHES.iter().any(|end| flat.ends_with(end))
}

/// Reduces the name of a branch: the legal form within it goes, nothing at its end does.
fn reduce_branch(mut name: String, drop: &mut dyn FnMut(Place) -> bool) -> String {
    loop {
        let form = COMPANY_FORMS.iter().find(|form| name.contains(**form));
        let without = form.map_or_else(|| name.clone(), |form| name.replacen(form, "", 1));
        let shorter = if is_telling(&without) { without } else { name.clone() };
        let shorter = strip_place(&shorter, drop).to_string();
        if shorter == name {
            return name;
        }
        name = shorter;
    }
}

fn letters(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    kept.extend(text.chars().filter(|c| is_han(*c) || c.is_alphanumeric()));
    kept
}

/// Takes brackets out: a region or legal form with what they hold, anything else leaving that in place.
fn without_brackets(text: &str, drop: &mut dyn FnMut(Place) -> bool) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        kept.push_str(before);
        let Some((inside, behind)) = after.split_once(')') else {
            rest = after;
            continue;
        };
        let held = letters(inside);
        let place = take_place(&held).filter(|(_, end)| end.is_empty()).map(|(place, _)| place);
        let idle = held.is_empty() || forms().any(|form| form == held) || place.is_some_and(&mut *drop);
        if !idle {
            kept.push_str(&held);
        }
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

fn forms() -> impl Iterator<Item = &'static str> {
    COMPANY_FORMS.into_iter().chain(OTHER_FORMS)
}

fn strip_form(name: &str) -> &str {
    if !name.ends_with(['司', '伙', '资', '社', 'd']) && !name.starts_with('株') {
        return name;
    }
    let shorter = forms().find_map(|form| name.strip_suffix(form)).or_else(|| name.strip_prefix("株式会社"));
    shorter.filter(|rest| rest.chars().count() >= 2).unwrap_or(name)
}

fn strip_place<'n>(name: &'n str, drop: &mut dyn FnMut(Place) -> bool) -> &'n str {
    let Some((place, rest)) = take_place_of_company(name) else { return name };
    let tells = rest.chars().nth(1).is_some();
    if tells && drop(place) { rest } else { name }
}

fn reduce_latin(cleaned: &str, drop: &mut dyn FnMut(Place) -> bool) -> String {
    let mut marked = String::with_capacity(cleaned.len() + 8);
    for c in cleaned.chars() {
        match c {
            '.' | '\'' | '’' => {}
            '&' => marked.push_str(" and "),
            c if c.is_alphanumeric() => marked.push(c),
            _ => marked.push(' '),
        }
    }
    let mut words: Vec<&str> = marked.split_ascii_whitespace().collect();
    if words.len() > 1 && words.first() == Some(&"the") {
        words.remove(0);
    }
    let mut idle_place = |word: Option<&&str>| word.and_then(|word| place_of_word(word)).is_some_and(&mut *drop);
    while words.len() > 1 {
        if words.last().is_some_and(|word| LATIN_FORMS.contains(word)) || idle_place(words.last()) {
            words.pop();
        } else if idle_place(words.first()) {
            words.remove(0);
        } else {
            break;
        }
    }
    words.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_company_however_written() {
        for names in [
            &[
                "杭州某某贸易有限公司",
                "某某贸易（杭州）有限责任公司",
                "浙江省杭州市某某贸易股份有限公司",
                "某某贸易",
                "杭州 某某 贸易 公司",
            ][..],
            &["上海某某（集团）有限公司", "某某集团有限公司", "某某集团公司", "某某集团"],
            &["台灣積體電路製造股份有限公司", "台湾积体电路制造股份有限公司"],
            &["ＡＢＣ科技（深圳）有限公司", "abc科技有限公司", "深圳市ABC科技"],
            &[
                "Acme Co., Ltd.",
                "ACME",
                "Acme Company Limited",
                "The Acme Corp.",
                "Acme (Shanghai) Co., Ltd",
                "Shanghai Acme Co Ltd",
            ],
            &["Müller GmbH & Co. KG", "Müller"],
            &["Foo & Bar Inc", "Foo and Bar, Inc."],
            &["Some S.A.", "some sa"],
            &["某某会计师事务所（特殊普通合伙）", "某某会计师事务所"],
            &["某某投资中心（有限合伙）", "某某投资中心"],
            &["某某有限公司上海分公司", "某某股份有限公司（上海）分公司", "某某上海分公司"],
            &["某某株式会社", "株式会社某某"],
            &["某某·科技", "某某科技"],
        ] {
            let first = normalize_company(names[0]);
            for name in names {
                assert_eq!(normalize_company(name), first, "{name}");
            }
        }
    }

    #[test]
    fn different_companies() {
        for (a, b) in [
            ("某某有限公司上海分公司", "某某有限公司"),
            ("某某有限公司上海分公司", "某某有限公司北京分公司"),
            ("某某银行杭州支行", "某某银行"),
            ("某某集团有限公司", "某某股份有限公司"),
            ("某某（中国）有限公司", "某某有限公司"),
            ("某某控股有限公司", "某某有限公司"),
            ("某某科技有限公司", "某某技术有限公司"),
            ("某某一厂", "某某二厂"),
            ("Acme Holdings Ltd", "Acme Ltd"),
            ("Acme Group", "Acme Inc"),
            ("Foo Trading Ltd", "Foo Ltd"),
            ("阿里巴巴", "巴巴"),
        ] {
            assert_ne!(normalize_company(a), normalize_company(b), "{a} / {b}");
        }
    }

    #[test]
    fn a_name_is_never_reduced_to_nothing() {
        for name in ["上海公司", "有限公司", "公司", "Shanghai", "Co., Ltd.", "北京", "The", "分公司", "(上海)"]
        {
            let reduced = normalize_company(name);
            assert!(!reduced.is_empty() || name == "(上海)", "{name}");
        }
        assert_eq!(normalize_company(""), "");
        assert!(!is_telling(&normalize_company("个人")) && !is_telling(&normalize_company("N/A")));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(name in "\\PC{0,24}") {
            let once = normalize_company(&name);
            prop_assert_eq!(normalize_company(&once), once);
        }

        #[test]
        fn normalising_chinese_twice_changes_nothing(parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "上海", "杭州市", "浙江省", "某某", "（北京）", "(", ")", "集团", "有限公司", "股份", "分公司", "公司", "ABC ", "Co., Ltd",
                "吉林", "市", "州", "臺北", "株式会社", "有限", "有限合伙", "the ", "&", "ltd", "支行", "责任",
            ]), 0..8)) {
            let name = parts.concat();
            let once = normalize_company(&name);
            prop_assert_eq!(normalize_company(&once), once.clone(), "{}", name);
        }
    }
}
