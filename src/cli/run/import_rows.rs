//! Remarks on rows of a file: those of one reason in one line, and by number which rows there are besides.

use crate::cli::ui::Ui;
use crate::record::{Words, plural};
use crate::words;
use std::collections::HashMap;

/// Runs of row numbers that are written out.
const RUNS: usize = 20;
/// From so many rows on their count is told.
const MANY: usize = 6;

/// How a line is said: as a note, a warning, a rejection.
type Say = fn(&Ui, &Words);

/// Says remarks on rows, those of one reason in one line: the first `shown` reasons, and which rows have others; with
/// `-v` all of them.
pub fn by_reason(all: &[(usize, Words)], shown: usize, say: Say, ui: &Ui) {
    let mut reasons: Vec<(&Words, Vec<usize>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (number, why) in all {
        let place = *places.entry(&why.en).or_insert(reasons.len());
        match reasons.get_mut(place) {
            Some((_, rows)) => rows.push(*number),
            None => reasons.push((why, vec![*number])),
        }
    }
    let line = |(why, rows): &(&Words, Vec<usize>)| Words::join([&rows_words(rows, ui), *why], ": ", "：");
    let shown = if ui.says_all() { reasons.len() } else { shown };
    reasons.iter().take(shown).for_each(|reason| say(ui, &line(reason)));
    let rest = reasons.iter().skip(shown).flat_map(|(_, rows)| rows.iter().copied());
    more(rest, ui, |count, Words { en, zh }| {
        let rows = plural(count, "more row");
        say(
            ui,
            &words!(
                "and {rows} for other reasons (`-v` says them): {en}",
                "另有 {count} 行是其他原因（`-v` 逐一说明）：第 {zh} 行"
            ),
        );
    });
}

/// Says the first lines on rows, each of which is of its own, and which rows the others are of; with `-v` all of them.
pub fn one_by_one(all: impl ExactSizeIterator<Item = (usize, Words)>, shown: usize, say: Say, ui: &Ui) {
    let shown = if ui.says_all() { all.len() } else { shown };
    let mut rest = Vec::new();
    for (at, (row, line)) in all.enumerate() {
        if at < shown { say(ui, &line) } else { rest.push(row) }
    }
    more(rest.into_iter(), ui, |count, Words { en, zh }| {
        let rows = plural(count, "more row");
        say(ui, &words!("and {rows} like these: {en}", "另有 {count} 行类似情况：第 {zh} 行"));
    });
}

/// Has the rest told, where there is one: how many rows, and which.
fn more(rows: impl Iterator<Item = usize>, ui: &Ui, tell: impl FnOnce(usize, Words)) {
    let mut rows: Vec<usize> = rows.collect();
    rows.sort_unstable();
    rows.dedup();
    if rows.is_empty() {
        return;
    }
    tell(rows.len(), runs_words(&runs(&rows), ui));
}

/// Returns the numbers of rows, and their count where it is not seen at once.
pub fn rows_words(rows: &[usize], ui: &Ui) -> Words {
    let Words { en, zh } = runs_words(&runs(rows), ui);
    match rows.len() {
        1 => words!("row {en}", "第 {zh} 行"),
        count @ MANY.. => words!("{count} rows, {en}", "第 {zh} 行，共 {count} 行"),
        _ => words!("rows {en}", "第 {zh} 行"),
    }
}

/// Writes runs of numbers, the first of many unless all is to be said: `3-7, 12 …`.
fn runs_words(runs: &[(usize, usize)], ui: &Ui) -> Words {
    let most = if ui.says_all() { runs.len() } else { RUNS };
    let shown = runs.iter().take(most).map(|(from, to)| match to - from {
        0 => from.to_string(),
        1 => format!("{from}, {to}"),
        _ => format!("{from}-{to}"),
    });
    let shown: Vec<String> = shown.collect();
    let more = if runs.len() > most { " …" } else { "" };
    let en = shown.join(", ") + more;
    Words { zh: en.replace(", ", "、").into(), en: en.into() }
}

/// Joins numbers in order that follow each other: 3, 4, 5, 7 are 3 to 5 and 7 to 7.
fn runs(rows: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == *row => *to = *row,
            _ => runs.push((*row, *row)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_each_other_are_joined() {
        assert_eq!(runs(&[3, 4, 5, 7, 12, 13]), [(3, 5), (7, 7), (12, 13)]);
        assert_eq!(runs(&[]), []);
    }
}
