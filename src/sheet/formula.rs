//! Texts that a spreadsheet program would run: marked by an apostrophe in text files, and unmarked again.
//!
//! A name or a remark comes from anybody; written into a CSV as it stands, `=HYPERLINK(…)` is a formula to who
//! opens it. Numbers and telephone numbers (`-5`, `+86 138-0013-8000`) run nothing and stay as they are.
//!
//! *Invariant:* `unguard` undoes either way of marking, for any text.

use std::borrow::Cow;

const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Returns `text` marked where it would run as a formula.
pub fn guard(text: &str) -> Cow<'_, str> {
    if is_figure(text) { Cow::Borrowed(text) } else { guard_all(text) }
}

/// Returns `text` marked where it is more than text to a spreadsheet program: telephone numbers too, which would
/// become numbers without their `+`.
pub fn guard_all(text: &str) -> Cow<'_, str> {
    let is_marked = text.starts_with('\'') && text.trim_start_matches('\'').starts_with(STARTS);
    if is_marked || text.starts_with(STARTS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Returns `text` without the mark, if it has one.
pub fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(inner) if inner.trim_start_matches('\'').starts_with(STARTS) => inner,
        _ => text,
    }
}

/// Tells whether a text is a sign with figures: a number, a telephone number, a dash.
fn is_figure(text: &str) -> bool {
    text.strip_prefix(['+', '-']).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || " .,-()/%".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_runs_is_marked() {
        for text in ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", "\r=1", "＝1", "--x", "+1+A1"] {
            assert_eq!(guard(text), format!("'{text}"));
        }
        for text in
            ["+86 138-0013-8000", "+14155552671", "-12,800.50", "-", "--", "-5%", "a=1", "甲", "", "'quoted'", "’=1"]
        {
            assert_eq!(guard(text), text);
        }
        assert_eq!(guard_all("+14155552671"), "'+14155552671");
    }

    proptest! {
        #[test]
        fn marks_are_taken_off_again(text in "['=+@a1 -]{0,6}|.{0,8}") {
            for marked in [guard(&text), guard_all(&text)] {
                prop_assert_eq!(unguard(&marked), text.as_str());
            }
        }
    }
}
