//! The order of what a merge keeps.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

/// Returns what is kept, each once: what the base has in the order of the base, or of the side that changed it,
/// and what is new behind what it stood behind. New things that stood behind the same go by `rank`.
///
/// `keep` names things of the sequences only. Swapping the sides changes nothing, if `rank` is different for
/// different things.
pub(super) fn order<'a, T: Eq + Hash, R: Ord>(
    base: &[&'a T],
    sides: [&[&'a T]; 2],
    keep: &HashSet<&'a T>,
    rank: impl Fn(&T) -> R,
) -> Vec<&'a T> {
    let spine = spine(base, sides, keep, &rank);
    let place: HashMap<&T, usize> = spine.iter().enumerate().map(|(at, thing)| (*thing, at + 1)).collect();
    let [ours, theirs] = sides.map(|side| behind(side, &place, keep));
    let mut out = Vec::with_capacity(keep.len());
    for at in 0..=spine.len() {
        out.extend(at.checked_sub(1).map(|at| spine[at]));
        let own = |side: &Added<'a, T>, other: &Added<'a, T>| -> Vec<&'a T> {
            // What both added at different places stands at the first of them.
            let is_first = |thing: &&T| other.place.get(*thing).is_none_or(|place| *place >= at);
            side.groups.get(&at).into_iter().flatten().copied().filter(is_first).collect()
        };
        out.extend(join(own(&ours, &theirs), own(&theirs, &ours), &rank));
    }
    out
}

/// Returns the things of the base that are kept, in the order of the side that changed it, if one did.
fn spine<'a, T: Eq + Hash, R: Ord>(
    base: &[&'a T],
    sides: [&[&'a T]; 2],
    keep: &HashSet<&'a T>,
    rank: &impl Fn(&T) -> R,
) -> Vec<&'a T> {
    let kept: Vec<&T> = base.iter().copied().filter(|thing| keep.contains(*thing)).collect();
    let known: HashSet<&T> = kept.iter().copied().collect();
    let [ours, theirs] =
        sides.map(|side| -> Vec<&'a T> { side.iter().copied().filter(|one| known.contains(*one)).collect() });
    let moved = |side: &[&'a T]| {
        let there: HashSet<&T> = side.iter().copied().collect();
        !kept.iter().filter(|thing| there.contains(**thing)).eq(side)
    };
    let chosen = match (moved(&ours), moved(&theirs)) {
        (false, false) => return kept,
        (true, false) => ours,
        (false, true) => theirs,
        (true, true) => {
            let ranks = |side: &[&'a T]| side.iter().map(|thing| rank(thing)).collect::<Vec<R>>();
            if ranks(&ours) <= ranks(&theirs) { ours } else { theirs }
        }
    };
    with_missing(chosen, &kept)
}

/// Adds what the chosen side has not, behind what it stands behind in the base.
fn with_missing<'a, T: Eq + Hash>(mut chosen: Vec<&'a T>, kept: &[&'a T]) -> Vec<&'a T> {
    let there: HashSet<&T> = chosen.iter().copied().collect();
    let mut before = None;
    for &thing in kept {
        if !there.contains(thing) {
            let at = before.and_then(|before| chosen.iter().position(|one| *one == before)).map_or(0, |at| at + 1);
            chosen.insert(at, thing);
        }
        before = Some(thing);
    }
    chosen
}

/// What a side added.
struct Added<'a, T> {
    /// By the place of what it stands behind; 0 is the start.
    groups: BTreeMap<usize, Vec<&'a T>>,
    place: HashMap<&'a T, usize>,
}

fn behind<'a, T: Eq + Hash>(side: &[&'a T], spine: &HashMap<&'a T, usize>, keep: &HashSet<&'a T>) -> Added<'a, T> {
    let mut added = Added { groups: BTreeMap::new(), place: HashMap::new() };
    let mut at = 0;
    for &thing in side {
        match spine.get(thing) {
            Some(place) => at = *place,
            None if keep.contains(thing) => {
                added.groups.entry(at).or_default().push(thing);
                added.place.insert(thing, at);
            }
            None => {}
        }
    }
    added
}

/// Joins two sequences into one; what is in both is there once.
fn join<'a, T: Eq + Hash, R: Ord>(ours: Vec<&'a T>, theirs: Vec<&'a T>, rank: &impl Fn(&T) -> R) -> Vec<&'a T> {
    let [in_ours, in_theirs] = [&ours, &theirs].map(|side| side.iter().copied().collect::<HashSet<&T>>());
    let (mut ours, mut theirs) = (ours.into_iter().peekable(), theirs.into_iter().peekable());
    let (mut out, mut done) = (Vec::new(), HashSet::new());
    loop {
        while ours.next_if(|thing| done.contains(*thing)).is_some() {}
        while theirs.next_if(|thing| done.contains(*thing)).is_some() {}
        let from_ours = match (ours.peek(), theirs.peek()) {
            (None, None) => return out,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            // What only one has goes before what waits for the other.
            (Some(one), Some(other)) => match (in_theirs.contains(*one), in_ours.contains(*other)) {
                (false, true) => true,
                (true, false) => false,
                _ => rank(one) <= rank(other),
            },
        };
        let next = if from_ours { ours.next() } else { theirs.next() };
        out.extend(next.filter(|thing| done.insert(*thing)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ordered(base: &str, ours: &str, theirs: &str) -> String {
        let chars: Vec<char> = (0..128u8).map(char::from).collect();
        let seq = |text: &str| text.bytes().map(|b| &chars[usize::from(b)]).collect::<Vec<&char>>();
        let (base, ours, theirs) = (seq(base), seq(ours), seq(theirs));
        let keep: HashSet<&char> = ours.iter().chain(&theirs).copied().collect();
        let kept = keep.iter().filter(|c| !base.contains(*c) || ours.contains(*c) && theirs.contains(*c));
        order(&base, [&ours, &theirs], &kept.copied().collect(), |c| *c).into_iter().collect()
    }

    #[test]
    fn what_is_new_stands_behind_what_it_stood_behind() {
        assert_eq!(ordered("az", "abz", "acz"), "abcz");
        assert_eq!(ordered("az", "aczd", "abz"), "abczd");
        assert_eq!(ordered("az", "z", "abz"), "bz");
        assert_eq!(ordered("", "xy", "ay"), "axy");
        assert_eq!(ordered("abc", "cab", "abxc"), "cabx");
        assert_eq!(ordered("abc", "axbc", "abcx"), "axbc");
    }

    fn sequence() -> impl Strategy<Value = String> {
        Just(('a'..='h').collect::<Vec<char>>())
            .prop_shuffle()
            .prop_flat_map(|all| (0..all.len()).prop_map(move |n| all[..n].iter().collect()))
    }

    proptest! {
        #[test]
        fn sides_may_be_swapped(base in sequence(), ours in sequence(), theirs in sequence()) {
            let merged = ordered(&base, &ours, &theirs);
            prop_assert_eq!(&merged, &ordered(&base, &theirs, &ours));
            prop_assert_eq!(&ordered(&base, &ours, &base), &ours);
            let mut once: Vec<char> = merged.chars().collect();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), merged.len());
        }
    }
}
