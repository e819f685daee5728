//! Texts in both languages of the program.
//!
//! Every word a user sees is written once, in English and Chinese side by side, so the compiler
//! keeps the two complete and a reviewer sees both. Which one is shown is decided where it is
//! printed; code below the command line never asks for the language.

use std::borrow::Cow;

/// A language the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Lang {
    /// English
    #[default]
    En,
    /// Simplified Chinese
    Zh,
}

impl Lang {
    /// Returns the language a tag such as `zh`, `zh_CN.UTF-8`, `en-US` or `C` asks for, if it is one of ours.
    pub fn parse(tag: &str) -> Option<Lang> {
        match tag.get(..2).map(str::to_ascii_lowercase)?.as_str() {
            "zh" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// Returns the two-letter tag, `en` or `zh`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }
}

/// A constant text in both languages: the label of a field, a kind, a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// English
    pub en: &'static str,
    /// Chinese
    pub zh: &'static str,
}

impl Label {
    /// Makes a label from its English and its Chinese text.
    pub const fn new(en: &'static str, zh: &'static str) -> Label {
        Label { en, zh }
    }

    /// Returns the text in `lang`.
    pub fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

impl From<Label> for Words {
    fn from(label: Label) -> Words {
        Words { en: label.en.into(), zh: label.zh.into() }
    }
}

/// A text in both languages, made at run time; see [`words!`](crate::words).
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Words {
    /// English
    pub en: Cow<'static, str>,
    /// Chinese
    pub zh: Cow<'static, str>,
}

impl Words {
    /// Makes the same text for both languages: a name, a path, a number.
    pub fn same(text: impl Into<String>) -> Words {
        let text = text.into();
        Words { en: text.clone().into(), zh: text.into() }
    }

    /// Returns the text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// Joins several texts with `en` between the English and `zh` between the Chinese ones.
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Words>, en: &str, zh: &str) -> Words {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for part in parts {
            left.push(part.en.as_ref());
            right.push(part.zh.as_ref());
        }
        Words { en: left.join(en).into(), zh: right.join(zh).into() }
    }
}

/// Returns a count with its English noun: `1 record`, `2 records`.
pub fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {}", many(noun)) }
}

/// Returns the plural of an English noun: `leads`, `opportunities`.
pub fn many(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// Returns a count with its digits grouped by three: `9,000`.
pub fn grouped(count: usize) -> String {
    let plain = count.to_string();
    let mut text = String::with_capacity(plain.len() + plain.len() / 3);
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Makes [`Words`] from an English and a Chinese format string.
///
/// Both see the same captured variables; positional arguments follow a semicolon. Variables named after `each` are
/// [`Words`] or [`Label`]s themselves, of which each text sees its own language.
///
/// ```
/// use kehu::words;
/// let n = 3;
/// assert_eq!(words!("created {n}", "新建 {n}").zh, "新建 3");
/// assert_eq!(words!("{} of {}", "{} / {}"; 1, 2).en, "1 of 2");
/// let what = words!("lead", "线索");
/// assert_eq!(words!("new {what}", "新{what}"; each what).zh, "新线索");
/// ```
#[macro_export]
macro_rules! words {
    ($en:literal, $zh:literal $(,)?) => {
        $crate::record::Words { en: format!($en).into(), zh: format!($zh).into() }
    };
    ($en:literal, $zh:literal; each $($name:ident),+ $(,)?) => {
        $crate::record::Words {
            en: { $(let $name = &$name.en;)+ format!($en).into() },
            zh: { $(let $name = &$name.zh;)+ format!($zh).into() },
        }
    };
    ($en:literal, $zh:literal; $($arg:expr),+ $(,)?) => {
        $crate::record::Words { en: format!($en, $($arg),+).into(), zh: format!($zh, $($arg),+).into() }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_nouns_have_their_plural() {
        assert_eq!([plural(1, "opportunity"), plural(2, "opportunity")], ["1 opportunity", "2 opportunities"]);
        assert_eq!([many("lead"), many("follow-up"), many("day")], ["leads", "follow-ups", "days"]);
    }

    #[test]
    fn language_tags() {
        assert_eq!(Lang::parse("zh_CN.UTF-8"), Some(Lang::Zh));
        assert_eq!(Lang::parse("en-GB"), Some(Lang::En));
        assert_eq!(Lang::parse("C"), None);
        assert_eq!(Lang::parse("de"), None);
        assert_eq!(Lang::parse("中文"), None);
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!([0, 999, 9000, 1_234_567].map(grouped), ["0", "999", "9,000", "1,234,567"]);
    }

    #[test]
    fn joins_each_language_by_its_own_mark() {
        let parts = [words!("a", "甲"), words!("b", "乙")];
        assert_eq!(Words::join(&parts, ", ", "、"), words!("a, b", "甲、乙"));
    }
}
