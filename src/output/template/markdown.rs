//! Values in Markdown: no mark in them is markup.

/// Marks that mean something anywhere in a line.
const MARKS: [char; 14] = ['\\', '`', '*', '_', '[', ']', '<', '>', '#', '|', '~', '$', '^', '&'];

/// Returns a text in which Markdown finds nothing; of several lines one, and none of the blanks around, since a line and
/// what it is set in by may begin a block.
pub(super) fn escape(text: &str) -> String {
    let text = text.trim();
    let mut escaped = String::with_capacity(text.len());
    // What begins a list, a rule or a heading does so at the beginning only.
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (at, c) in text.char_indices() {
        // A number is one of a list only with a blank behind its mark.
        let is_counted = || text[at + c.len_utf8()..].chars().next().is_none_or(char::is_whitespace);
        let begins = at == 0 && matches!(c, '-' | '+' | '=' | ':')
            || digits > 0 && at == digits && matches!(c, '.' | ')') && is_counted();
        match c {
            '\n' | '\r' | '\t' => escaped.push(' '),
            _ if begins || MARKS.contains(&c) => escaped.extend(['\\', c]),
            // Of `!`, `{` and `(` only what follows makes markup, and that is escaped.
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Parser, Tag, TagEnd};

    #[test]
    fn usual_text_stays_as_it_is() {
        for plain in ["某某科技有限公司", "CON-2026-001", "120,000.00", "2026-05-01", "No. 3 (east), 2nd floor"]
        {
            assert_eq!(escape(plain), plain);
        }
        assert_eq!(escape("33.34%"), "33.34%");
        assert_eq!(escape("1. a"), "1\\. a");
        assert_eq!(escape("\n + a"), "\\+ a");
        assert_eq!(escape("- a*b_c"), "\\- a\\*b\\_c");
    }

    proptest! {
        #[test]
        fn any_value_is_only_text(text in "[ -~\\n某甲]{0,40}") {
            let escaped = escape(&text);
            let mut read = String::new();
            for event in Parser::new_ext(&escaped, super::super::html::MARKDOWN) {
                match event {
                    Event::Text(part) => read.push_str(&part),
                    Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                    other => prop_assert!(false, "{:?} of {:?}", other, escaped),
                }
            }
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(&read), words(&text));
        }
    }
}
