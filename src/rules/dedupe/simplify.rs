//! Traditional to simplified Chinese, character by character, for comparing names.
//!
//! Characters, not phrases: a key must turn equal names into equal texts and need not be good Chinese,
//! so 乾 becomes 干 everywhere. Most names hold only characters of GB 2312, of which a dozen are
//! traditional; the table of the others is made by OpenCC when the first one is met.

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use std::sync::OnceLock;

/// The characters of GB 2312 that OpenCC simplifies; a test compares them with it.
const IN_GB2312: [(char, char); 15] = [
    ('乾', '干'),
    ('吒', '咤'),
    ('夥', '伙'),
    ('後', '后'),
    ('徵', '征'),
    ('捱', '挨'),
    ('摺', '折'),
    ('於', '于'),
    ('榘', '矩'),
    ('甯', '宁'),
    ('菸', '烟'),
    ('薹', '苔'),
    ('醣', '糖'),
    ('麴', '曲'),
    ('麽', '么'),
];

const FIRST: u32 = 0x4e00;
const LAST: u32 = 0x9fff;
const COUNT: usize = (LAST - FIRST + 1) as usize;

/// Returns the simplified form of a character, itself where it has none.
pub fn simplify(c: char) -> char {
    let code = u32::from(c);
    if !(FIRST..=LAST).contains(&code) {
        return c;
    }
    let at = (code - FIRST) as usize;
    match plain().get(at) {
        Some(true) => c,
        _ => table().get(at).copied().unwrap_or(c),
    }
}

/// Tells, by place, which characters are of GB 2312 and have no simpler form.
fn plain() -> &'static [bool] {
    static PLAIN: OnceLock<Vec<bool>> = OnceLock::new();
    PLAIN.get_or_init(|| {
        let mut plain = vec![false; COUNT];
        let rows = (0xb0..=0xf7_u8).flat_map(|row| (0xa1..=0xfe_u8).flat_map(move |cell| [row, cell]));
        let bytes: Vec<u8> = rows.collect();
        let (text, _) = encoding_rs::GBK.decode_without_bom_handling(&bytes);
        for c in text.chars().filter(|c| IN_GB2312.iter().all(|(traditional, _)| traditional != c)) {
            if let Some(known) = u32::from(c).checked_sub(FIRST).and_then(|at| plain.get_mut(at as usize)) {
                *known = true;
            }
        }
        plain
    })
}

/// Returns, by place, the simplified form of every character.
fn table() -> &'static [char] {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let converter = OpenCC::from_config(BuiltinConfig::T2s).ok();
        let once = |c: char| -> Option<char> {
            let text = converter.as_ref()?.convert(c.encode_utf8(&mut [0; 4]));
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        // Twice, since a few simplified forms have a simpler one themselves.
        let simple = |c: char| once(c).map_or(c, |simpler| once(simpler).unwrap_or(simpler));
        (FIRST..=LAST).filter_map(char::from_u32).map(simple).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_list_is_what_opencc_says() {
        let plain = plain();
        assert_eq!(plain.iter().filter(|known| **known).count(), 6763 - IN_GB2312.len());
        for (at, known) in plain.iter().enumerate().filter(|(_, known)| **known) {
            let c = char::from_u32(FIRST + at as u32).unwrap();
            assert_eq!(table()[at], c, "{known}");
        }
        for (traditional, simplified) in IN_GB2312 {
            assert_eq!(simplify(traditional), simplified);
        }
    }

    #[test]
    fn simplifying_twice_changes_nothing() {
        for c in (FIRST..=LAST).filter_map(char::from_u32) {
            assert_eq!(simplify(simplify(c)), simplify(c), "{c}");
        }
        let name: String = "臺灣積體電路製造股份有限公司".chars().map(simplify).collect();
        assert_eq!(name, "台湾积体电路制造股份有限公司");
    }
}
