//! The place of a text where the words of a query stand closest together, short enough for a line.

use super::Word;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthChar;

/// How many columns a snippet takes at most, the dots apart.
const WIDTH: usize = 50;
/// How many columns of it stand before the first word found.
const BEFORE: usize = 14;

/// Marks that end what is left out before a snippet.
const ENDS: &[char] = &['.', ',', ';', ':', '!', '?', '，', '。', '；', '：', '！', '？', '、'];

/// Returns the part of a text with the most words of the query, in one line; its beginning where it has none.
///
/// What is left out before and after is `…`.
pub fn snippet(text: &str, words: &[Word], query: &[Word]) -> String {
    let wanted: BTreeSet<&str> = query.iter().map(|word| &*word.text).collect();
    let found: Vec<&Word> = words.iter().filter(|word| wanted.contains(&*word.text)).collect();
    let latest = before(text, text.len(), WIDTH);
    let start = best_place(text, &found).map_or(0, |at| begin(text, at)).min(latest);
    let mut end = start + fitting(&text[start..], WIDTH);
    if is_within_word(text, end) {
        end = text[start..end].rfind(parts_words).map_or(end, |at| start + at);
    }
    let line = text[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    let line = if start > 0 { line.trim_start_matches(ENDS).trim_start() } else { &line };
    let [before, after] = [&text[..start], &text[end..]].map(|rest| if rest.trim().is_empty() { "" } else { "…" });
    format!("{before}{line}{after}")
}

/// Returns the first place from which a snippet shows the most different words.
fn best_place(text: &str, found: &[&Word]) -> Option<usize> {
    let shown = |at: usize| {
        let end = at + fitting(&text[at..], WIDTH - BEFORE);
        let within = found.iter().filter(|word| word.at.start >= at && word.at.end <= end);
        within.map(|word| &*word.text).collect::<BTreeSet<_>>().len()
    };
    let places = found.iter().map(|word| word.at.start);
    // Of several that show as many, `max_by_key` would take the last.
    places.rev().max_by_key(|at| shown(*at))
}

/// Returns where a snippet begins whose first word found stands at `at`: a little before, at the begin of a word or line.
fn begin(text: &str, at: usize) -> usize {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    before(text, at, BEFORE).max(line)
}

/// Returns the first begin of a word from which it is at most so many columns to `at`.
fn before(text: &str, at: usize, columns: usize) -> usize {
    let reversed: String = text[..at].chars().rev().collect();
    let start = at - fitting(&reversed, columns);
    if !is_within_word(text, start) {
        return start;
    }
    text[start..at].find(parts_words).map_or(at, |end| start + end)
}

/// Returns how many bytes of a text take at most so many columns.
fn fitting(text: &str, columns: usize) -> usize {
    let mut used = 0;
    let too_far = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or_default();
        used > columns
    });
    too_far.map_or(text.len(), |(at, _)| at)
}

/// Tells whether a cut at `at` would go through a word that is written in letters.
fn is_within_word(text: &str, at: usize) -> bool {
    let [before, after] = [text[..at].chars().next_back(), text[at..].chars().next()];
    before.zip(after).is_some_and(|(a, b)| !parts_words(a) && !parts_words(b))
}

/// Tells whether a text may be cut beside the character.
fn parts_words(c: char) -> bool {
    !c.is_alphanumeric() || c.width() == Some(2)
}
