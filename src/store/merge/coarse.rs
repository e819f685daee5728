//! The merge by keys at the top alone, for layouts that cannot be taken apart further.

use super::shape::{Facts, Shape, gather_items};
use super::three::{Found, Step};
use super::tree::{Document, Id, Item};
use super::value;
use std::collections::BTreeSet;

/// Merges two documents; what both changed below a key at the top is one conflict.
pub(super) fn merge(
    shape: Shape,
    base: Option<&Document>,
    ours: &Document,
    theirs: &Document,
) -> (Document, Vec<Found>) {
    // Which side holds the rest of the file is the same whichever way they are swapped.
    let swapped = ours.text() > theirs.text();
    let (host, guest) = if swapped { (theirs, ours) } else { (ours, theirs) };
    let mut merged = host.clone();
    let mut found = Vec::new();
    let keys: BTreeSet<&String> = [Some(host), Some(guest), base].into_iter().flatten().flat_map(keys).collect();
    for key in keys {
        let old = base.map(|base| facts_of(shape, base, key)).unwrap_or_default();
        let (one, other) = (facts_of(shape, host, key), facts_of(shape, guest, key));
        if one == other || old == other {
            continue;
        }
        if old != one {
            let values = [base, Some(ours), Some(theirs)].map(|document| Some(value::table(&of_key(document?, key))));
            found.push(Found { path: vec![Step::Key(key.clone())], values: values.map(|v| v.and_then(inner)) });
        }
        if old == one || !swapped {
            replace(&mut merged, key, of_key(guest, key));
        }
    }
    (merged, found)
}

/// Returns what stands behind the one key of an inline table.
fn inner(table: String) -> Option<String> {
    let (_, value) = table.strip_prefix("{ ")?.strip_suffix(" }")?.split_once(" = ")?;
    Some(value.to_string())
}

fn keys(document: &Document) -> impl Iterator<Item = &String> {
    document.items.iter().filter_map(|item| item.id.path().first())
}

fn of_key(document: &Document, key: &str) -> Vec<Item> {
    document.items.iter().filter(|item| is_of(item, key)).cloned().collect()
}

fn is_of(item: &Item, key: &str) -> bool {
    item.id.path().first().is_some_and(|first| first == key)
}

fn facts_of(shape: Shape, document: &Document, key: &str) -> Facts {
    let mut facts = Facts::new();
    gather_items(shape, &of_key(document, key), &mut Vec::new(), &mut facts);
    facts
}

/// Puts the items of a key in the place of those there are: lines behind the last line, sections at the end.
fn replace(document: &mut Document, key: &str, items: Vec<Item>) {
    document.items.retain(|item| !is_of(item, key));
    let lines = document.items.iter().take_while(|item| matches!(item.id, Id::Pair(_))).count();
    let (below, above): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| item.id.is_section());
    document.items.extend(below);
    document.items.splice(lines..lines, above);
}
