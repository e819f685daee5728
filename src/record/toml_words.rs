//! What the TOML library finds wrong, in both languages.
//!
//! The library says it in English only. Its sentences are told apart by how they start; one that is not
//! known is given as it is.

use super::words::Words;
use crate::words;

/// What a sentence of the library starts with, and what it says in Chinese.
const SENTENCES: [(&str, &str); 33] = [
    ("string values must be quoted", "文本值须加引号，`=` 后也不能空着"),
    ("missing opening quote", "缺少前引号"),
    ("invalid basic string", "引号没有配对，或引号内有不允许的字符"),
    ("invalid literal string", "单引号没有配对，或引号内有不允许的字符"),
    ("invalid multi-line", "三引号没有配对"),
    ("missing escaped value", "反斜杠后缺少字符；文本中的反斜杠请写成 `\\\\`，或改用单引号"),
    ("invalid escape", "反斜杠写法不对；文本中的反斜杠请写成 `\\\\`，或改用单引号"),
    ("too few unicode", "反斜杠写法不对；文本中的反斜杠请写成 `\\\\`，或改用单引号"),
    ("missing assignment", "键与值之间缺少 `=`"),
    ("key with no value", "键后面缺少 `=` 和值"),
    ("missing value", "`=` 后面缺少值"),
    ("invalid key-value pair", "不是“键 = 值”的写法"),
    ("unexpected key or value", "一行只能写一个“键 = 值”，此处有多余内容"),
    ("unexpected content", "值后面有多余内容"),
    ("duplicate key", "键重复"),
    ("cannot extend", "此键已是另一种值，不能再作为表使用"),
    ("invalid unquoted key", "键中有不允许的字符，请给键加引号"),
    ("unquoted keys cannot be empty", "缺少键"),
    ("extra assignment", "多余的 `=`"),
    ("extra `=`", "多余的 `=`"),
    ("unclosed array table", "`[[` 没有以 `]]` 结束"),
    ("unclosed array", "数组没有以 `]` 结束"),
    ("unclosed table", "表名没有以 `]` 结束"),
    ("unclosed inline table", "`{` 没有以 `}` 结束"),
    ("missing comma", "两项之间缺少逗号"),
    ("extra comma", "多余的逗号"),
    ("unexpected `=` in array", "数组中不能写 `=`"),
    ("unexpected leading zero", "数字不能以 0 开头；编号和电话请加引号"),
    ("`_` may only", "数字中的 `_` 只能在两个数字之间"),
    ("carriage return", "换行符不对：回车后须有换行"),
    ("invalid comment character", "注释中有不允许的字符"),
    ("invalid date", "日期或时间不正确，应如 2026-03-05 或 2026-03-05T09:30:00+08:00"),
    ("invalid ", "值的写法不对；文本须加引号，日期应如 2026-03-05"),
];

/// Returns what the library says of a mistake, without the list of what it would rather have in Chinese.
pub fn toml_words(message: &str) -> Words {
    let line = message.lines().next().unwrap_or_default().to_string();
    let known = SENTENCES.iter().find(|(start, _)| line.starts_with(start));
    match known {
        Some((_, zh)) => Words { en: line.into(), zh: (*zh).into() },
        None => words!("{line}", "{line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeTable;

    #[test]
    fn common_mistakes_are_told_in_chinese() {
        let mut wrong = Vec::new();
        for (text, zh) in [
            ("company = \"甲公司\n", "引号没有配对"),
            ("company = '甲公司\n", "单引号没有配对"),
            ("remark = \"\"\"甲公司\n", "三引号没有配对"),
            ("company = 甲公司\n", "须加引号"),
            ("company = jia\n", "须加引号"),
            ("company \"甲公司\"\n", "缺少 `=`"),
            ("company\n", "缺少 `=`"),
            ("company =\n", "`=` 后也不能空着"),
            ("staff = 1\nstaff = 2\n", "键重复"),
            ("expected_on = 2026-13-45\n", "日期"),
            ("expected_on = 2026-3-5\n", "日期"),
            ("tags = [\"a\", \"b\"\n", "数组没有以 `]` 结束"),
            ("tags = [\"a\" \"b\"]\n", "缺少逗号"),
            ("[custom\n", "表名没有以 `]` 结束"),
            ("x = { a = 1\n", "没有以 `}` 结束"),
            ("staff = 007\n", "不能以 0 开头"),
            ("path = \"C:\\Users\"\n", "反斜杠"),
            ("公司 = \"甲\"\n", "请给键加引号"),
            ("staff = 1 listed = true\n", "多余内容"),
        ] {
            let message = DeTable::parse(text).unwrap_err().message().to_string();
            let words = toml_words(&message);
            assert!(!words.en.is_empty(), "{text}");
            if !words.zh.contains(zh) {
                wrong.push(format!("{text} → {message} → {}", words.zh));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let other = toml_words("something new\nmore");
        assert_eq!((&*other.en, &*other.zh), ("something new", "something new"));
    }
}
