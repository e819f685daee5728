//! What stands between brackets: which lists are sets, and commas and blanks of what a merge put together.

use super::shape::Shape;
use super::tree::{Body, Item, Seq};
use super::trivia;
use toml::de::DeValue;

/// Tells whether lists merge item by item: of texts or days, which are sets, or of tables. What is a list of
/// numbers has an order and a length that mean something, and is one value.
pub(super) fn is_set(shape: Shape, base: Option<&Body>, ours: &Seq, theirs: &Seq) -> bool {
    let base = match base {
        None => None,
        Some(Body::List(base)) => Some(base),
        Some(_) => return false,
    };
    let items = || base.into_iter().chain([ours, theirs]).flat_map(|seq| &seq.items);
    let all_tables = items().all(|item| matches!(item.body, Body::Inline(_)));
    items().all(|item| is_text(item, shape)) || all_tables && !shape.is_set()
}

fn is_text(item: &Item, shape: Shape) -> bool {
    let Body::Scalar(text) = &item.body else { return false };
    match DeValue::parse(text).map(|value| value.into_inner()) {
        Ok(DeValue::String(_)) => true,
        Ok(DeValue::Datetime(_)) => !shape.is_set(),
        _ => false,
    }
}

/// Tells whether nothing is in it.
pub(super) fn is_empty(body: &Body) -> bool {
    match body {
        Body::Scalar(_) => false,
        Body::List(seq) | Body::Inline(seq) => seq.items.is_empty(),
        Body::Section(items) => items.is_empty(),
    }
}

/// Merges what stands behind an item; the comma of items between brackets is put right by [`joined`].
pub(super) fn trail(base: Option<&str>, ours: &str, theirs: &str) -> String {
    let [one, other] = [ours, theirs].map(without_comma);
    let old = base.map(without_comma);
    trivia::behind(old.as_deref(), &one, &other)
}

/// Returns the merged items with a comma behind each but the last, and behind that as the sides have it.
pub(super) fn joined(mut items: Vec<Item>, base: Option<&Seq>, ours: &Seq, theirs: &Seq) -> Seq {
    let close = trivia::lines(base.map(|base| &*base.close), &ours.close, &theirs.close);
    let ends = |seq: &Seq| if ends_with_comma(seq) { "," } else { "" };
    let last_comma = trivia::layout(base.map(ends), ends(ours), ends(theirs));
    let one_line = !close.contains('\n') && items.iter().all(|item| !item.lead.contains('\n'));
    let first_lead = [base, Some(ours), Some(theirs)].map(|seq| seq.and_then(|seq| Some(&*seq.items.first()?.lead)));
    let count = items.len();
    for (at, item) in items.iter_mut().enumerate() {
        let comma = if at + 1 < count { "," } else { &last_comma };
        item.trail = format!("{comma}{}", without_comma(&item.trail));
        if one_line {
            item.lead = match at {
                0 => trivia::layout(first_lead[0], first_lead[1].unwrap_or(""), first_lead[2].unwrap_or("")),
                _ if item.lead.is_empty() => " ".to_string(),
                _ => std::mem::take(&mut item.lead),
            };
        }
    }
    // A comment ends with its line.
    for at in 1..count {
        let (before, item) = items.split_at_mut(at);
        if before[at - 1].trail.contains('#') && !item[0].lead.starts_with('\n') {
            item[0].lead.insert(0, '\n');
        }
    }
    let commented = items.last().is_some_and(|item| item.trail.contains('#'));
    let close = if commented && !close.starts_with('\n') { format!("\n{close}") } else { close };
    Seq { items, close }
}

/// Changes the items between brackets and puts their commas right; the last one's is as it was.
pub(super) fn edited<T>(seq: &mut Seq, edit: impl FnOnce(&mut Vec<Item>) -> T) -> T {
    let last_comma = if ends_with_comma(seq) { "," } else { "" };
    let before = seq.items.len();
    let done = edit(&mut seq.items);
    let count = seq.items.len();
    if count != before {
        for (at, item) in seq.items.iter_mut().enumerate() {
            let comma = if at + 1 < count { "," } else { last_comma };
            item.trail = format!("{comma}{}", without_comma(&item.trail));
        }
    }
    done
}

fn ends_with_comma(seq: &Seq) -> bool {
    seq.items.last().is_some_and(|item| comma(&item.trail).is_some())
}

/// Returns where the comma is in what stands behind an item.
fn comma(trail: &str) -> Option<usize> {
    let mut in_comment = false;
    trail.char_indices().find_map(|(at, c)| {
        in_comment = if in_comment { c != '\n' } else { c == '#' };
        (c == ',' && !in_comment).then_some(at)
    })
}

fn without_comma(trail: &str) -> String {
    match comma(trail) {
        Some(at) => format!("{}{}", &trail[..at], &trail[at + 1..]),
        None => trail.to_string(),
    }
}
