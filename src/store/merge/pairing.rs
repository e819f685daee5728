//! Which element of a list on one side is which of the base and of the other side.
//!
//! An element of a declared table is the same where its identity is (the name of a contact, the path of an
//! attachment); one without identity (a verification) only where all of it is. What then is left over is the
//! same when it has a telephone number or another telling value in common, or most of what it holds: the name
//! of a contact may be corrected on one side while its title changes on the other.

use super::shape::{Facts, Shape, canonical, facts};
use super::tree::{Body, Id, Item, Which};
use crate::record::CONFLICTS;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Above this many comparisons what is left over is not compared.
const LARGEST: usize = 1 << 16;

/// Names the elements among the siblings of base, ours and theirs so that the same one has the same name.
pub(super) fn pair_elements(shape: Shape, base: &mut [Item], sides: [&mut [Item]; 2]) {
    let paths = |items: &[Item]| -> Vec<Vec<String>> { elements(items).map(|(path, _)| path.clone()).collect() };
    let mut arrays: Vec<Vec<String>> = [&*base, sides[0], sides[1]].into_iter().flat_map(paths).collect();
    arrays.sort();
    arrays.dedup();
    let [ours, theirs] = sides;
    for array in arrays {
        if array.is_empty() && [&*base, ours, theirs].into_iter().flatten().all(is_single) {
            [&mut *base, ours, theirs].into_iter().for_each(|side| name_by_content(shape, side));
            continue;
        }
        let known = [&*base, ours, theirs].map(|items| known(shape, items, &array));
        let renamed = renamed(shape.of(&Id::Element(array.clone(), Which::Nth(0))), &known);
        let [known, ..] = &known;
        for side in [&mut *ours, theirs] {
            name(shape, &array, (known, &renamed), side);
        }
        let places: Vec<usize> = places(base, &array).collect();
        for (nth, at) in places.into_iter().enumerate() {
            base[at].id = Id::Element(array.clone(), Which::Base(nth));
        }
    }
}

fn is_single(item: &Item) -> bool {
    matches!(item.body, Body::Scalar(_))
}

/// Names the items of a set, where what is there twice is the same.
fn name_by_content(shape: Shape, side: &mut [Item]) {
    for item in side {
        let content = canonical(shape.element(), &item.body.text());
        item.id = Id::Element(Vec::new(), Which::New(content, 0));
    }
}

fn elements(items: &[Item]) -> impl Iterator<Item = (&Vec<String>, &Item)> {
    items.iter().filter_map(|item| match &item.id {
        Id::Element(path, _) => Some((path, item)),
        _ => None,
    })
}

fn places<'a>(items: &'a [Item], array: &'a [String]) -> impl Iterator<Item = usize> + 'a {
    let is = move |item: &Item| matches!(&item.id, Id::Element(path, _) if path == array);
    items.iter().enumerate().filter(move |(_, item)| is(item)).map(|(at, _)| at)
}

fn known(shape: Shape, items: &[Item], array: &[String]) -> Vec<Facts> {
    let elements = places(items, array).map(|at| &items[at]);
    elements.map(|item| facts(shape.of(&item.id), &item.body)).collect()
}

/// Returns what both sides made alike of an element of the base that one of them has under its old name no more: whoever
/// bears that name on the other side is somebody else.
fn renamed(row: Shape, [base, ours, theirs]: &[Vec<Facts>; 3]) -> HashSet<Facts> {
    if ours.len().saturating_mul(theirs.len().max(base.len())) > LARGEST {
        return HashSet::new();
    }
    let bears = |side: &[Facts], old: &Facts| side.iter().any(|new| identity(row, new) == identity(row, old));
    let gone = base.iter().filter(|old| identity(row, old).is_some() && !(bears(ours, old) && bears(theirs, old)));
    let gone: Vec<&Facts> = gone.collect();
    let both = ours.iter().filter(|new| theirs.contains(new) && !base.contains(new));
    both.filter(|new| gone.iter().any(|old| is_alike(row, old, new))).cloned().collect()
}

/// Names the elements of an array on one side by those of the base.
fn name(shape: Shape, array: &[String], (base, renamed): (&[Facts], &HashSet<Facts>), side: &mut [Item]) {
    let own = known(shape, side, array);
    let row = shape.of(&Id::Element(array.to_vec(), Which::Nth(0)));
    let recorded = array.len() == 1 && array[0] == CONFLICTS;
    let found = find(row, (base, renamed), &own, recorded);
    let mut counts: HashMap<String, usize> = HashMap::new();
    let at: Vec<usize> = places(side, array).collect();
    for (nth, at) in at.into_iter().enumerate() {
        let which = match found[nth] {
            Some(in_base) => Which::Base(in_base),
            None => {
                let known_by = known_by(row, &own[nth], recorded);
                let count = counts.entry(known_by.clone()).or_default();
                *count += 1;
                Which::New(known_by, *count)
            }
        };
        side[at].id = Id::Element(array.to_vec(), which);
    }
}

/// Returns for each element of a side which of the base it is.
fn find(
    row: Shape,
    (base, renamed): (&[Facts], &HashSet<Facts>),
    side: &[Facts],
    only_equal: bool,
) -> Vec<Option<usize>> {
    let mut match_up = MatchUp { found: vec![None; side.len()], taken: vec![false; base.len()] };
    let mut equal: HashMap<&Facts, Vec<usize>> = HashMap::new();
    base.iter().enumerate().rev().for_each(|(at, facts)| equal.entry(facts).or_default().push(at));
    for (nth, facts) in side.iter().enumerate() {
        if let Some(at) = equal.get_mut(facts).and_then(Vec::pop) {
            match_up.put(at, nth);
        }
    }
    if only_equal {
        return match_up.found;
    }
    match_up.greedily(base, side, |old, new| renamed.contains(new) && is_alike(row, old, new));
    match_up.greedily(base, side, |old, new| identity(row, old).is_some() && identity(row, old) == identity(row, new));
    match_up.greedily(base, side, |old, new| is_alike(row, old, new));
    match_up.found
}

struct MatchUp {
    found: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl MatchUp {
    fn put(&mut self, in_base: usize, in_side: usize) {
        self.found[in_side] = Some(in_base);
        self.taken[in_base] = true;
    }

    /// Pairs what is left over and fits, those first that have most in common.
    fn greedily(&mut self, base: &[Facts], side: &[Facts], fits: impl Fn(&Facts, &Facts) -> bool) {
        let old: Vec<usize> = (0..base.len()).filter(|at| !self.taken[*at]).collect();
        let new: Vec<usize> = (0..side.len()).filter(|at| self.found[*at].is_none()).collect();
        if old.len().saturating_mul(new.len()) > LARGEST {
            return;
        }
        let mut pairs = Vec::new();
        for &i in &old {
            for &j in new.iter().filter(|j| fits(&base[i], &side[**j])) {
                pairs.push((Reverse(common(&base[i], &side[j])), i, j));
            }
        }
        pairs.sort_unstable();
        for (_, i, j) in pairs {
            if !self.taken[i] && self.found[j].is_none() {
                self.put(i, j);
            }
        }
    }
}

/// Returns the values an element is known by, if it has them.
fn identity(row: Shape, facts: &Facts) -> Option<Vec<&String>> {
    let keys = row.identity();
    let value = |key: &&str| facts.get([key.to_string()].as_slice());
    if keys.is_empty() { None } else { keys.iter().map(value).collect() }
}

/// Returns what a new element is known by.
fn known_by(row: Shape, facts: &Facts, recorded: bool) -> String {
    if recorded {
        return recorded_by(facts);
    }
    match identity(row, facts) {
        Some(values) => format!("{values:?}"),
        None => format!("{facts:?}"),
    }
}

/// Returns what a conflict entry is known by: both sides of a conflict record it with ours and theirs swapped.
fn recorded_by(facts: &Facts) -> String {
    let side = |name: &str| -> Vec<(String, &String)> {
        let own = facts.iter().filter_map(|(path, value)| {
            let rest = path.first()?.strip_prefix(name)?;
            Some((format!("{rest}{:?}", &path[1..]), value))
        });
        own.collect()
    };
    let mut sides = [side("ours"), side("theirs")];
    sides.sort();
    let shared: BTreeMap<_, _> =
        facts.iter().filter(|(path, _)| path.first().is_some_and(|key| key == "field" || key == "base")).collect();
    format!("{shared:?} {sides:?}")
}

/// Counts the values two elements have in common.
fn common(old: &Facts, new: &Facts) -> usize {
    old.iter().filter(|(path, value)| !value.is_empty() && new.get(*path) == Some(*value)).count()
}

/// Tells whether two elements are so alike that one is the other with another identity.
fn is_alike(row: Shape, old: &Facts, new: &Facts) -> bool {
    let tells = |path: &[String]| path.first().is_some_and(|key| row.tells(key));
    let shared = old.iter().filter(|(path, value)| !value.is_empty() && new.get(*path) == Some(*value));
    let values = |facts: &Facts| facts.values().filter(|value| !value.is_empty()).count();
    let most = values(old).max(values(new));
    let (count, telling) = shared.fold((0, false), |(count, told), (path, _)| (count + 1, told || tells(path)));
    telling || count * 2 > most
}
