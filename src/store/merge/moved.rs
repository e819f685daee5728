//! Comments that a merge has twice, or not at all, because they stand above something else on one of the sides.
//!
//! A comment belongs to what it stands above. Who adds a contact at the end of a file adds it behind the comment
//! that ended the file, and from then on that comment stands above the contact; who takes something out leaves
//! its comment to what follows. Where the sides leave a comment to different things it would be there twice; and where
//! each takes out what the other leaves it to, it would be gone though nobody took it out.

use super::entries::is_entry;
use super::tree::{Document, Id, Item, Which};
use super::trivia::comment_lines;
use std::collections::HashMap;

/// How often a comment line is there.
type Counts = HashMap<String, usize>;

/// Takes out the comments that are there more often than both sides together have them: first those above
/// something new, then those at the end, then any; entries of conflicts, which take over what stood at the end, with the last.
pub(super) fn once(merged: &mut Document, base: Option<&Document>, sides: [&Document; 2]) {
    let Some(base) = base else { return };
    let [old, ours, theirs] = [base, sides[0], sides[1]].map(counted);
    let mut extra = counted(merged);
    extra.retain(|line, count| {
        let of = |counts: &Counts| counts.get(line).copied().unwrap_or_default();
        let most = of(&old) + of(&ours).saturating_sub(of(&old)) + of(&theirs).saturating_sub(of(&old));
        *count = count.saturating_sub(most);
        *count > 0 && of(&old) > 0
    });
    if extra.is_empty() {
        return;
    }
    let known: Vec<&Id> = base.items.iter().map(|item| &item.id).collect();
    let (new, rest): (Vec<&mut Item>, Vec<&mut Item>) = merged.items.iter_mut().partition(|item| !is_in(item, &known));
    let leads = new.into_iter().rev().map(|item| &mut item.lead).chain([&mut merged.tail]);
    for lead in leads.chain(rest.into_iter().rev().map(|item| &mut item.lead)) {
        *lead = lead.split_inclusive('\n').filter(|line| !take(&mut extra, line.trim())).collect();
    }
}

/// Puts the comments at the end that all three versions have and the merge has less often.
pub(super) fn kept(merged: &mut Document, base: Option<&Document>, sides: [&Document; 2]) {
    let Some(base) = base else { return };
    let mut there = counted(merged);
    let [mut ours, mut theirs] = sides.map(counted);
    for line in lines(base) {
        let is_kept = take(&mut ours, line) && take(&mut theirs, line);
        if is_kept && !take(&mut there, line) {
            merged.tail.push_str(&format!("{line}\n"));
        }
    }
}

/// Tells whether a line is one too many; then there is one less of them.
fn take(extra: &mut Counts, line: &str) -> bool {
    match extra.get_mut(line) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

fn is_in(item: &Item, known: &[&Id]) -> bool {
    match &item.id {
        Id::Element(_, which) => matches!(which, Which::Base(_)) || is_entry(item),
        id => known.contains(&id),
    }
}

/// Counts the comment lines above things and at the end.
fn counted(document: &Document) -> Counts {
    let mut counts = Counts::new();
    lines(document).for_each(|line| *counts.entry(line.to_string()).or_default() += 1);
    counts
}

/// Returns the comment lines above things and at the end, in order.
fn lines(document: &Document) -> impl Iterator<Item = &str> {
    document.items.iter().map(|item| &*item.lead).chain([&*document.tail]).flat_map(comment_lines)
}
