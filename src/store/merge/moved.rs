//! Comments that stand above something new on both sides because each put it in front of them.
//!
//! A comment belongs to what it stands above. Who adds a contact at the end of a file adds it behind the comment
//! that ended the file, and from then on that comment stands above the contact. When both sides did so it would
//! be there twice.

use super::tree::{Document, Id, Item};
use std::collections::HashMap;

/// Takes out the comments above new things that the sides together do not have so often.
pub(super) fn once(merged: &mut Document, base: Option<&Document>, sides: [&Document; 2]) {
    let Some(base) = base else { return };
    let known: Vec<&Id> = base.items.iter().map(|item| &item.id).collect();
    let [old, ours, theirs] = [base, sides[0], sides[1]].map(counted);
    let mut there =
        counted(merged).into_iter().map(|(line, count)| (line.to_string(), count)).collect::<HashMap<_, _>>();
    let of = |counts: &HashMap<&str, usize>, line: &str| counts.get(line).copied().unwrap_or_default();
    let at_most = |line: &str| {
        let old = of(&old, line);
        old + of(&ours, line).saturating_sub(old) + of(&theirs, line).saturating_sub(old)
    };
    for item in merged.items.iter_mut().rev().filter(|item| !is_in(item, &known)) {
        let mut lead = String::new();
        for line in item.lead.split_inclusive('\n') {
            match there.get_mut(line.trim()) {
                Some(count) if *count > at_most(line.trim()) && of(&old, line.trim()) > 0 => *count -= 1,
                _ => lead.push_str(line),
            }
        }
        item.lead = lead;
    }
}

fn is_in(item: &Item, known: &[&Id]) -> bool {
    known.iter().any(|id| match (&item.id, id) {
        (Id::Element(path, which), Id::Element(other, _)) => {
            path == other && matches!(which, super::tree::Which::Base(_))
        }
        (own, id) => own == *id,
    })
}

/// Counts the comment lines above things and at the end.
fn counted(document: &Document) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    let leads = document.items.iter().map(|item| &*item.lead).chain([&*document.tail]);
    for line in leads.flat_map(str::lines).map(str::trim).filter(|line| line.starts_with('#')) {
        *counts.entry(line).or_default() += 1;
    }
    counts
}
