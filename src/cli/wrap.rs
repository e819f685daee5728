//! Text broken into lines by the width it takes on a screen.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Marks that must not begin a line.
const CLOSING: &str = "，。；：、！？）》”’]),.;:!?";
/// Marks that must not end a line.
const OPENING: &str = "（《“‘[(";

/// Returns the columns a text takes.
pub fn width_of(text: &str) -> usize {
    text.width()
}

/// Breaks a text into lines of at most `width` columns, at spaces and between Chinese characters.
///
/// A word wider than a line stands on a line of its own. Returns no line for an empty text.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if !line.is_empty() && width_of(line.trim_end()) + width_of(piece.trim_end()) > width - blank_width(&line) {
            lines.push(line.trim_end().to_string());
            line.clear();
        }
        line.push_str(piece);
    }
    if !text.is_empty() {
        lines.push(line.trim_end().to_string());
    }
    lines
}

/// Returns the columns of the spaces a line ends with.
fn blank_width(line: &str) -> usize {
    line.len() - line.trim_end().len()
}

/// Cuts a text where a line may end; each piece keeps the spaces after it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|before| may_break(before, c)) {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

fn may_break(before: char, after: char) -> bool {
    let is_wide = |c: char| c.width() == Some(2);
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_breaks_at_spaces() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible word", 6), ["incomprehensible", "word"]);
        assert!(wrap("", 10).is_empty());
    }

    #[test]
    fn chinese_breaks_anywhere_but_before_a_mark() {
        assert_eq!(wrap("一二三四五", 6), ["一二三", "四五"]);
        assert_eq!(wrap("一二三，四", 6), ["一二", "三，四"]);
        assert_eq!(wrap("用 `kehu` 查看", 9), ["用 `kehu`", "查看"]);
    }

    #[test]
    fn no_line_is_too_wide() {
        let text = "可读取 csv、tsv、xlsx。表头按键、名称或别名（中英文均可）匹配字段，否则使用映射文件。";
        for line in wrap(text, 24) {
            assert!(width_of(&line) <= 24, "{line}");
        }
    }
}
