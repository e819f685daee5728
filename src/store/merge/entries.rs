//! The entries of a record's `[[conflicts]]`: what both sides had where they changed the same thing differently.

use super::shape::{Shape, canonical};
use super::three::{Found, Step, name};
use super::tree::{Body, Document, Id, Item};
use super::{Authors, parse, value};
use crate::record::{CONFLICTS, Value, WHOLE};
use crate::store::codec::{Form, Place, write_text, write_value};
use std::collections::BTreeSet;

/// Which side removed the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remover {
    Ours,
    Theirs,
}

/// Returns the fields that have an entry in the base and none on either side.
pub(super) fn settled(base: &Document, sides: [&Document; 2]) -> BTreeSet<String> {
    let names =
        |document: &Document| entries(document).filter_map(|entry| text_of(entry, "field")).collect::<BTreeSet<_>>();
    let open: BTreeSet<String> = sides.into_iter().flat_map(names).collect();
    names(base).difference(&open).cloned().collect()
}

fn entries(document: &Document) -> impl Iterator<Item = &Item> {
    document.items.iter().filter(|item| is_entry(item))
}

/// Tells whether an item is an entry.
pub(super) fn is_entry(item: &Item) -> bool {
    matches!(item.id, Id::Element(..)) && item.id.path() == [CONFLICTS]
}

/// Returns the value of a key of an entry, as it is written.
pub(super) fn written(entry: &Item, key: &str) -> Option<String> {
    let Body::Section(lines) = &entry.body else { return None };
    let line = lines.iter().find(|line| line.id.path() == [key])?;
    Some(value::text(&line.body))
}

/// Returns the text in a key of an entry.
pub(super) fn text_of(entry: &Item, key: &str) -> Option<String> {
    written(entry, key).and_then(|text| canonical(Shape::Free, &text).strip_prefix('"').map(str::to_string))
}

/// Adds an entry for each conflict; none for one of which both values are recorded already.
pub(super) fn record(shape: Shape, document: &mut Document, found: &[Found], ours: &Authors, theirs: &Authors) {
    if found.is_empty() {
        return;
    }
    let mut text = String::new();
    // What a person put in the place of the entries gives way to them and is kept in one.
    let is_misused = |item: &Item| item.id.path().first().is_some_and(|key| key == CONFLICTS) && !is_entry(item);
    if let Some(at) = document.items.iter().position(is_misused) {
        let odd = document.items.remove(at);
        let values = [None, None, Some(value::text(&odd.body))];
        text.push_str(&entry(CONFLICTS, &values, None, ours, theirs));
    }
    for found in found {
        let name = name(&found.path);
        if !is_recorded(shape, document, &name, found) {
            text.push_str(&entry(&name, &found.values, None, ours, theirs));
        }
    }
    append(document, &text);
}

/// Adds the entry of a record that one side removed and the other changed.
pub(super) fn record_whole(document: &mut Document, remover: Remover, ours: &Authors, theirs: &Authors) {
    append(document, &entry(WHOLE, &[None, None, None], Some(remover), ours, theirs));
}

/// Returns the shape of what is at the end of a path.
pub(super) fn shape_of(shape: Shape, path: &[Step]) -> Shape {
    path.iter().fold(shape, |shape, step| match step {
        Step::Key(key) => shape.at(std::slice::from_ref(key)),
        Step::Element(..) => shape.element(),
    })
}

/// Tells whether the entries of a field hold both values already.
fn is_recorded(shape: Shape, document: &Document, name: &str, found: &Found) -> bool {
    let own = shape_of(shape, &found.path);
    let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => canonical(own, a) == canonical(own, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    let of_field = || entries(document).filter(|entry| text_of(entry, "field").as_deref() == Some(name));
    found.values[1..]
        .iter()
        .all(|value| of_field().any(|entry| ["ours", "theirs"].iter().any(|key| same(&written(entry, key), value))))
}

/// Returns the text of an entry.
fn entry(
    field: &str,
    values: &[Option<String>; 3],
    removed: Option<Remover>,
    ours: &Authors,
    theirs: &Authors,
) -> String {
    let mut out = format!("\n[[{CONFLICTS}]]\nfield = ");
    write_text(&mut out, field, Form::OneLine);
    out.push('\n');
    let [base, our_value, their_value] = values.each_ref().map(Option::as_deref);
    if let Some(remover) = removed {
        let side = if remover == Remover::Ours { "ours" } else { "theirs" };
        out.push_str(&format!("removed = \"{side}\"\n"));
    }
    put(&mut out, "base", base);
    for (name, value, side) in [("ours", our_value, ours), ("theirs", their_value, theirs)] {
        put(&mut out, name, value);
        let Some(side) = side.of(field) else { continue };
        let (mut by, mut at) = (String::new(), String::new());
        write_text(&mut by, &side.by, Form::OneLine);
        write_value(&mut at, &Value::Moment(side.at), Place::Declared, Form::OneLine);
        put(&mut out, &format!("{name}_by"), Some(&by));
        put(&mut out, &format!("{name}_at"), Some(&at));
    }
    out
}

fn put(out: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        out.push_str(&format!("{key} = {}\n", value.trim()));
    }
}

/// Puts entries behind those there are, else behind everything, comments at the end included.
fn append(document: &mut Document, text: &str) {
    let Some(mut new) = parse::parse(text) else { return };
    let at = document.items.iter().rposition(is_entry).map_or(document.items.len(), |at| at + 1);
    if let Some(first) = new.items.first_mut().filter(|_| at == document.items.len()) {
        let tail = std::mem::take(&mut document.tail);
        let lead = if at == 0 && tail.is_empty() { first.lead.trim_start() } else { &first.lead };
        first.lead = tail + lead;
    }
    document.items.splice(at..at, new.items);
}
