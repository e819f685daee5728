//! A mistake in a filter, with its place.

use crate::record::{Failure, Words};
use crate::words;
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// How many characters of a long filter are shown before and after the mistake.
const AROUND: usize = 40;

/// A mistake in a filter: where it is and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The characters it is about, counted from 0.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: Words,
    /// What may be meant.
    pub hints: Vec<Words>,
}

impl Fault {
    /// Makes a fault about bytes of `text`.
    pub(super) fn new(text: &str, bytes: Range<usize>, message: Words) -> Fault {
        let chars = |end: usize| text.char_indices().take_while(|(at, _)| *at < end).count();
        Fault { at: chars(bytes.start)..chars(bytes.end), message, hints: Vec::new() }
    }

    /// Adds a hint.
    pub(super) fn hint(mut self, hint: Option<Words>) -> Fault {
        self.hints.extend(hint);
        self
    }

    /// Makes the failure without the filter: of one nobody wrote, but a flag stands for; exit code 2.
    pub fn into_plain_failure(self) -> Failure {
        self.hints.into_iter().fold(Failure::usage(self.message), Failure::hint)
    }

    /// Makes the failure that shows the filter with the mistake marked under it; exit code 2.
    pub fn into_failure(self, text: &str) -> Failure {
        let (line, mark) = self.excerpt(text);
        let (at, Words { en, zh }) = (self.at.start + 1, &self.message);
        let message = words!(
            "filter, character {at}: {en}\n  {line}\n  {mark}",
            "筛选条件第 {at} 个字符：{zh}\n  {line}\n  {mark}"
        );
        self.hints.into_iter().fold(Failure::usage(message), Failure::hint)
    }

    /// Returns the filter on one line and the carets under the mistake, aligned by display width.
    fn excerpt(&self, text: &str) -> (String, String) {
        let from = self.at.start.saturating_sub(AROUND);
        let mut line = String::from(if from > 0 { "…" } else { "" });
        let mut mark = " ".repeat(line.chars().count());
        let mut rest = text.chars().enumerate().skip(from).peekable();
        while let Some((at, c)) = rest.next_if(|(at, _)| *at < self.at.start + AROUND) {
            let c = if c.is_control() { ' ' } else { c };
            let width = c.width().unwrap_or(0);
            line.push(c);
            let inside = self.at.contains(&at) || at == self.at.start;
            mark.push_str(
                &(if inside {
                    "^"
                } else if at < self.at.start {
                    " "
                } else {
                    ""
                })
                .repeat(width),
            );
        }
        if rest.peek().is_some() {
            line.push('…');
        }
        if !mark.ends_with('^') {
            mark.push('^');
        }
        (line, mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Exit, Lang};
    use crate::words;

    #[test]
    fn carets_stand_under_wide_characters() {
        let text = "公司 = 甲 and 级 = A";
        let at = text.find('级').unwrap();
        let fault = Fault::new(text, at..at + '级'.len_utf8(), words!("unknown field `级`", "没有字段“级”"));
        assert_eq!(fault.at, 11..12);
        let failure = fault.into_failure(text);
        assert_eq!(failure.exit, Exit::Usage);
        let wanted = "error: filter, character 12: unknown field `级`\n  公司 = 甲 and 级 = A\n                ^^";
        assert_eq!(failure.render(Lang::En), wanted);
    }

    #[test]
    fn long_filters_are_shown_in_part() {
        let text = "(".repeat(100_000);
        let failure = Fault::new(&text, 200..201, words!("too deep", "嵌套过深")).into_failure(&text);
        assert!(failure.message.en.len() < 300, "{}", failure.message.en);
    }

    #[test]
    fn the_end_can_be_marked() {
        let failure = Fault::new("a =", 3..3, words!("a value is missing", "缺少值")).into_failure("a =");
        assert!(failure.message.zh.ends_with("\n  a =\n     ^"), "{}", failure.message.zh);
    }
}
