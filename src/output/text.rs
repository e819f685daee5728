//! Text on a terminal: what may reach it, how wide it is, and how it is cut.
//!
//! Widths are columns of the screen: a Chinese character takes two. Ambiguous characters count as one.

use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// Returns the columns `text` takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Returns `text` fit for one line of a terminal: line breaks shown as `⏎`, tabs as spaces, and every
/// character that could command the terminal or turn the direction of writing made visible.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| tame(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    Cow::Owned(text.chars().map(|c| tame(c).unwrap_or(c)).collect())
}

/// Returns what is shown instead of a character, nothing for a harmless one.
fn tame(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('⏎'),
        '\t' => Some(' '),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32),
        '\u{7f}' => Some('␡'),
        c if c.is_control() || turns_direction(c) => Some('\u{fffd}'),
        _ => None,
    }
}

/// Tells whether the character is invisible and changes the direction of what follows.
pub fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns `text` in at most `max` columns, ending in `…` when something was cut.
pub fn truncate(text: &str, max: usize) -> Cow<'_, str> {
    if width(text) <= max {
        return Cow::Borrowed(text);
    }
    match max {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}…", &text[..prefix(text, max - 1)])),
    }
}

/// Returns the bytes of the longest start of `text` that takes at most `max` columns.
fn prefix(text: &str, max: usize) -> usize {
    // Widths are taken of whole starts, for a sequence of characters may be narrower than their sum; the
    // cap keeps a cell of nothing but combining marks from costing the square of its length.
    let starts = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(8 * max + 8);
    starts.take_while(|end| width(&text[..*end]) <= max).last().unwrap_or(0)
}

/// Returns the columns that keep the last amount, day or time within `text` whole, `…` included: `360,000.00`,
/// `2026-05-01`; none where there is none.
pub fn through_figures(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_joined = |three: &[u8]| matches!(three, [a, b'.' | b',' | b'-' | b':' | b'/', c] if a.is_ascii_digit() && c.is_ascii_digit());
    let Some(at) = bytes.windows(3).rposition(is_joined) else { return 0 };
    let end = at + 2 + bytes[at + 2..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    width(&text[..end]) + usize::from(end < text.len())
}

/// Pads `text` with spaces to `to` columns, in front when `right`.
pub fn pad(text: &str, to: usize, right: bool) -> String {
    let spaces = " ".repeat(to.saturating_sub(width(text)));
    if right { spaces + text } else { text.to_string() + &spaces }
}

/// Breaks `text` into lines of at most `max` columns: between words, around Chinese characters, and
/// inside a word only when it alone is too long. No line starts with a closing mark.
pub fn wrap(text: &str, max: usize) -> Vec<String> {
    let max = max.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if !line.is_empty() && width(&line) + width(piece.trim_end()) > max {
            lines.push(line.trim_end().to_string());
            line.clear();
        }
        line.push_str(piece);
        while width(line.trim_end()) > max {
            let end = prefix(&line, max).max(line.chars().next().map_or(1, char::len_utf8));
            let rest = line.split_off(end);
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_string());
    }
    lines
}

/// Returns the columns of the widest piece of `text` that is not broken.
pub fn widest_piece(text: &str) -> usize {
    pieces(text).into_iter().map(|piece| width(piece.trim_end())).max().unwrap_or(0)
}

/// Splits `text` where a line may break; every piece keeps the spaces after it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut before) = (0, ' ');
    for (at, c) in text.char_indices() {
        if at > start && may_break(before, c) {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = c;
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

fn may_break(before: char, after: char) -> bool {
    const CLOSING: &str = "，。、；：？！）】》”’…%,.;:?!)]";
    const OPENING: &str = "（【《“‘([";
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after)
}

fn is_wide(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_from_words() {
        for (text, columns) in
            [("待收 CNY 360,000.00（第 2 期）", 20), ("due 2026-05-01", 14), ("第 2 期", 0), ("", 0), ("a, 1", 0)]
        {
            assert_eq!(through_figures(text), columns, "{text}");
        }
    }

    #[test]
    fn nothing_commands_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}"), "a␛[31mb␇");
        assert_eq!(clean("x\u{9b}2Jy\u{202e}z\u{7f}"), "x\u{fffd}2Jy\u{fffd}z␡");
        assert_eq!(clean("一\r\n二\n三\t四"), "一⏎二⏎三 四");
        assert!(matches!(clean("平常 text"), Cow::Borrowed(_)));
    }

    #[test]
    fn cut_by_columns() {
        assert_eq!(truncate("示例科技有限公司", 16), "示例科技有限公司");
        assert_eq!(truncate("示例科技有限公司", 15), "示例科技有限公…");
        assert_eq!(truncate("示例科技有限公司", 8), "示例科…", "a half character is not drawn");
        assert_eq!(truncate("abc", 2), "a…");
        assert_eq!(truncate("abc", 1), "…");
        assert_eq!(truncate("abc", 0), "");
        assert_eq!(truncate(&"e\u{301}".repeat(100_000), 3), "e\u{301}e\u{301}…");
    }

    #[test]
    fn wrapped_between_words_and_characters() {
        assert_eq!(wrap("first response within 24 h", 10), ["first", "response", "within 24", "h"]);
        assert_eq!(wrap("首次响应，按自然时间计。", 10), ["首次响应，", "按自然时间", "计。"]);
        assert_eq!(wrap("首次响应，按自然时间计。", 8), ["首次响", "应，按自", "然时间", "计。"]);
        assert_eq!(wrap("unbreakable", 4), ["unbr", "eaka", "ble"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(widest_piece("Acquired on 日期"), 8);
    }

    #[test]
    fn padded_by_columns() {
        assert_eq!(pad("客户", 6, false), "客户  ");
        assert_eq!(pad("12", 4, true), "  12");
        assert_eq!(pad("12345", 4, true), "12345");
    }
}
