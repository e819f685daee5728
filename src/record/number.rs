//! The number of a record: its identity, its file's stem, and what other records refer to it by.

use std::borrow::Borrow;
use std::fmt;

/// The longest number accepted, in bytes; file systems end at 255 with the ending and a temporary suffix.
const MAX_BYTES: usize = 120;

/// The number of a record, such as `LEAD-2026-001`, `li.ming` or `20260312T093000-k7x2`.
///
/// Always usable as a file name: letters and digits of any script, `-`, `_` and `.`, not starting with
/// `.` or `-`, and no name that means a device on Windows; so no number can leave its folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number(Box<str>);

/// The parts of a sequence number, `PREFIX-YEAR-SEQ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequence<'a> {
    /// `LEAD`, `B2B`, …
    pub prefix: &'a str,
    /// The year, four digits.
    pub year: i32,
    /// The running number, from 1.
    pub seq: u32,
}

impl Number {
    /// Returns the number, or nothing when `text` could not be a file name.
    pub fn parse(text: &str) -> Option<Number> {
        let fits = !text.is_empty()
            && text.len() <= MAX_BYTES
            && !text.starts_with(['.', '-'])
            && !text.ends_with('.')
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && !is_device(text);
        fits.then(|| Number(text.into()))
    }

    /// Makes a sequence number with at least `digits` digits: `LEAD-2026-001`.
    pub fn sequence(prefix: &str, year: i32, seq: u32, digits: usize) -> Number {
        Number(format!("{prefix}-{year:04}-{seq:0digits$}").into())
    }

    /// Makes the number of an event: its moment in digits and some letters, `20260312T093000-k7x2`.
    pub fn event(moment: &str, letters: &str) -> Number {
        Number(format!("{moment}-{letters}").into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns prefix, year and running number, when it has the form `PREFIX-YEAR-SEQ`.
    pub fn parts(&self) -> Option<Sequence<'_>> {
        Sequence::of(&self.0)
    }
}

impl<'a> Sequence<'a> {
    /// Returns the parts of a text of the form `PREFIX-YEAR-SEQ`, whether or not it can be a number.
    pub fn of(text: &'a str) -> Option<Sequence<'a>> {
        let (head, seq) = text.rsplit_once('-')?;
        let (prefix, year) = head.rsplit_once('-')?;
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if prefix.is_empty() || year.len() != 4 || !digits(year) || !digits(seq) {
            return None;
        }
        Some(Sequence { prefix, year: year.parse().ok()?, seq: seq.parse().ok()? })
    }
}

/// Tells whether Windows takes a file of this name for a device, whatever its ending: a clone there would fail.
fn is_device(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or_default();
    let Some((name, rest)) = stem.split_at_checked(3) else { return false };
    let is_one_of = |names: &[&str]| names.iter().any(|one| name.eq_ignore_ascii_case(one));
    match rest {
        "" => is_one_of(&["con", "prn", "aux", "nul"]),
        "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³" => is_one_of(&["com", "lpt"]),
        _ => false,
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for Number {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Number {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_sequence_number() {
        let number = Number::sequence("B2B", 2026, 7, 3);
        assert_eq!(number.as_str(), "B2B-2026-007");
        assert_eq!(number.parts(), Some(Sequence { prefix: "B2B", year: 2026, seq: 7 }));
        assert_eq!(Number::sequence("LEAD", 2026, 12345, 3).as_str(), "LEAD-2026-12345");
        assert_eq!(Number::parse("li.ming").unwrap().parts(), None);
    }

    #[test]
    fn no_number_leaves_its_folder() {
        for bad in
            ["", ".", "..", "../x", "a/b", "a\\b", ".git", "-rf", "a\0b", "a b", "C:x", "x.", "CON", "nul.txt", "Com1"]
        {
            assert_eq!(Number::parse(bad), None, "{bad:?}");
        }
        for good in ["桌子-01", "connor", "com10", "aux-1"] {
            assert!(Number::parse(good).is_some(), "{good}");
        }
    }
}
