//! Three-way merge of trees of items.
//!
//! A line changed on one side only is as that side has it, whatever stands around it; a list of texts is a set,
//! a table goes by its keys, an array of tables by its elements. What both sides changed differently is a
//! conflict: theirs is kept, and both values are told.

use super::pairing::pair_elements;
use super::seq;
use super::shape::{Shape, called, facts};
use super::tree::{Body, Document, Id, Item, Seq};
use super::{moved, trivia, value};
use crate::record::{CONFLICTS, join_name};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A field that both sides changed differently.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Where it is.
    pub path: Vec<Step>,
    /// Its value in the base, on our side and on theirs, as TOML; none where it is absent.
    pub values: [Option<String>; 3],
}

/// A step on the way to a value.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// To a key.
    Key(String),
    /// To an element, with what it is called.
    Element(Id, String),
}

/// The base, our and their version of something; none where it is absent.
type Versions<T> = [Option<T>; 3];

/// A merge under way.
pub(super) struct Merge {
    /// The conflicts so far.
    pub found: Vec<Found>,
    /// Fields of which both sides settled a conflict: there it counts what they are, not whether they changed.
    settled: BTreeSet<String>,
    path: Vec<Step>,
    /// All comments of our side and of theirs.
    comments: [HashSet<String>; 2],
    /// Comments that one side made on something that the other took out.
    orphans: String,
}

/// Merges two documents; without base everything in them is new.
pub(super) fn merge(
    shape: Shape,
    base: Option<&Document>,
    ours: &Document,
    theirs: &Document,
    settled: BTreeSet<String>,
) -> (Document, Vec<Found>) {
    let comments = [ours, theirs].map(|side| {
        let all = trivia::comments_of(&side.items).into_iter().chain(trivia::comment_lines(&side.tail));
        all.map(str::to_string).collect()
    });
    let mut merge = Merge { found: Vec::new(), settled, path: Vec::new(), comments, orphans: String::new() };
    let old = base.map(|base| base.items.clone()).unwrap_or_default();
    let items = merge.items(shape, [old, ours.items.clone(), theirs.items.clone()]);
    let tail = trivia::lines(base.map(|base| &*base.tail), &ours.tail, &theirs.tail) + &merge.orphans;
    let mut merged = Document { items, tail };
    moved::once(&mut merged, base, [ours, theirs]);
    moved::kept(&mut merged, base, [ours, theirs]);
    (merged, merge.found)
}

impl Merge {
    /// Merges siblings.
    pub fn items(&mut self, shape: Shape, mut versions: [Vec<Item>; 3]) -> Vec<Item> {
        let start = self.found.len();
        let [base, ours, theirs] = &mut versions;
        pair_elements(shape, base, [ours, theirs]);
        versions.iter_mut().for_each(each_once);
        let ids = versions.each_ref().map(|items| items.iter().map(|item| item.id.clone()).collect::<Vec<Id>>());
        let mut by_id: HashMap<&Id, Versions<Item>> = HashMap::new();
        for (at, items) in versions.into_iter().enumerate() {
            for (id, item) in ids[at].iter().zip(items) {
                by_id.entry(id).or_default()[at] = Some(item);
            }
        }
        let mut all: Vec<&Id> = by_id.keys().copied().collect();
        all.sort_by_cached_key(|id| shape.rank(id));
        let mut merged: HashMap<&Id, Item> = HashMap::new();
        let mut comments: Vec<(&Id, String)> = Vec::new();
        for id in all {
            let versions = by_id.remove(id).unwrap_or_default();
            let left = self.orphaned(&versions);
            match self.item(shape, id, versions) {
                Some(item) => _ = merged.insert(id, item),
                None => comments.extend(left.map(|left| (id, left))),
            }
        }
        let keep: HashSet<&Id> = merged.keys().copied().collect();
        let [base, ours, theirs] = ids.each_ref().map(|ids| ids.iter().collect::<Vec<&Id>>());
        let order = super::order::order(&base, [&ours, &theirs], &keep, |id| shape.rank(id));
        for (id, comment) in comments {
            let below = below(id, &ours, &keep).or_else(|| below(id, &theirs, &keep));
            match below.and_then(|id| merged.get_mut(id)) {
                Some(item) if item.trail.ends_with('\n') => item.lead.push_str(&comment),
                _ => self.orphans.push_str(&comment),
            }
        }
        let mut items: Vec<Item> = order.into_iter().filter_map(|id| merged.remove(id)).collect();
        items.sort_by_key(|item| item.id.is_section());
        self.tell_apart(shape, start, &items);
        items
    }

    fn item(&mut self, shape: Shape, id: &Id, versions: Versions<Item>) -> Option<Item> {
        let own = shape.of(id);
        let steps = self.path.len();
        self.enter(own, id, &versions);
        let merged = match versions {
            [_, None, None] => None,
            [None, Some(one), None] | [None, None, Some(one)] => Some(one),
            [Some(base), Some(left), None] => self.one_side(own, base, [Some(left), None]),
            [Some(base), None, Some(left)] => self.one_side(own, base, [None, Some(left)]),
            [base, Some(ours), Some(theirs)] => Some(self.both(own, base.as_ref(), ours, theirs)),
        };
        self.path.truncate(steps);
        merged
    }

    fn enter(&mut self, own: Shape, id: &Id, versions: &Versions<Item>) {
        self.path.extend(id.path().iter().cloned().map(Step::Key));
        if let Id::Element(..) = id {
            let [base, ours, theirs] = versions;
            let item = theirs.as_ref().or(ours.as_ref()).or(base.as_ref());
            let called = item.and_then(|item| called(own, &facts(own, &item.body)));
            self.path.push(Step::Element(id.clone(), called.unwrap_or_default()));
        }
    }

    /// Merges something that one side took out.
    fn one_side(&mut self, own: Shape, base: Item, sides: [Option<Item>; 2]) -> Option<Item> {
        // Taking out a set or a section is taking out what was in it.
        let emptied = match &base.body {
            Body::List(seq) if own.is_set() => Some(Body::List(Seq { items: Vec::new(), close: seq.close.clone() })),
            Body::Section(_) if matches!(base.id, Id::Section(_)) => Some(Body::Section(Vec::new())),
            _ => None,
        };
        let fits = |left: &Item| std::mem::discriminant(&left.body) == std::mem::discriminant(&base.body);
        if let Some(body) = emptied.filter(|_| sides.iter().flatten().all(fits)) {
            let [ours, theirs] = sides.map(|side| side.unwrap_or_else(|| Item { body: body.clone(), ..base.clone() }));
            return Some(self.both(own, Some(&base), ours, theirs)).filter(|item| !seq::is_empty(&item.body));
        }
        let old = facts(own, &base.body);
        if sides.iter().flatten().all(|left| facts(own, &left.body) == old) && !self.is_settled() {
            return None;
        }
        let [ours, theirs] = sides;
        let text = |item: &Item| value::text(&item.body);
        self.report([Some(text(&base)), ours.as_ref().map(text), theirs.as_ref().map(text)]);
        theirs
    }

    fn both(&mut self, own: Shape, base: Option<&Item>, ours: Item, theirs: Item) -> Item {
        let is_entry = matches!(&ours.id, Id::Element(path, _) if path.as_slice() == [CONFLICTS]);
        if is_entry && facts(own, &ours.body) != facts(own, &theirs.body) {
            // The same conflict, recorded on both sides with ours and theirs swapped.
            return if ours.body.text() <= theirs.body.text() { ours } else { theirs };
        }
        let body = self.body(own, base.map(|base| &base.body), &ours.body, &theirs.body);
        Item {
            lead: trivia::lines(base.map(|base| &*base.lead), &ours.lead, &theirs.lead),
            head: trivia::layout(base.map(|base| &*base.head), &ours.head, &theirs.head),
            trail: seq::trail(base.map(|base| &*base.trail), &ours.trail, &theirs.trail),
            id: ours.id,
            body,
        }
    }

    fn body(&mut self, own: Shape, base: Option<&Body>, ours: &Body, theirs: &Body) -> Body {
        let texts = [base.map(Body::text), Some(ours.text()), Some(theirs.text())];
        if texts[1] == texts[2] || texts[0] == texts[2] && !self.is_settled() {
            return ours.clone();
        }
        if texts[0] == texts[1] && !self.is_settled() {
            return theirs.clone();
        }
        match (base, ours, theirs) {
            (_, Body::Section(one), Body::Section(other)) => {
                let old = if let Some(Body::Section(old)) = base { old.clone() } else { Vec::new() };
                Body::Section(self.items(own, [old, one.clone(), other.clone()]))
            }
            (_, Body::Inline(one), Body::Inline(other)) => {
                let old = if let Some(Body::Inline(old)) = base { Some(old) } else { None };
                Body::Inline(self.seq(own, old, one, other))
            }
            (_, Body::List(one), Body::List(other)) if seq::is_set(own, base, one, other) => {
                let old = if let Some(Body::List(old)) = base { Some(old) } else { None };
                Body::List(self.seq(own, old, one, other))
            }
            _ => self.leaf(own, base, ours, theirs),
        }
    }

    fn seq(&mut self, own: Shape, base: Option<&Seq>, ours: &Seq, theirs: &Seq) -> Seq {
        let old = base.map(|base| base.items.clone()).unwrap_or_default();
        let items = self.items(own, [old, ours.items.clone(), theirs.items.clone()]);
        seq::joined(items, base, ours, theirs)
    }

    /// Merges what is changed as a whole.
    fn leaf(&mut self, own: Shape, base: Option<&Body>, ours: &Body, theirs: &Body) -> Body {
        let old = base.map(|base| facts(own, base));
        let (one, other) = (facts(own, ours), facts(own, theirs));
        if one == other {
            // Equal, but written differently.
            let text = trivia::layout(base.map(Body::text).as_deref(), &ours.text(), &theirs.text());
            return if text == ours.text() { ours.clone() } else { theirs.clone() };
        }
        match old {
            Some(old) if old == one && !self.is_settled() => theirs.clone(),
            Some(old) if old == other && !self.is_settled() => ours.clone(),
            _ => {
                self.report([base.map(value::text), Some(value::text(ours)), Some(value::text(theirs))]);
                theirs.clone()
            }
        }
    }

    /// Returns the comments that one side made on something that the other took out, and has nowhere else.
    fn orphaned(&self, versions: &Versions<Item>) -> Option<String> {
        let [Some(base), ours, theirs] = versions else { return None };
        let (left, there) = match (ours, theirs) {
            (Some(left), None) => (left, &self.comments[1]),
            (None, Some(left)) => (left, &self.comments[0]),
            _ => return None,
        };
        let known = trivia::comments_of(std::slice::from_ref(base));
        let own = trivia::comments_of(std::slice::from_ref(left)).into_iter();
        let new = own.filter(|line| !known.contains(line) && !there.contains(*line));
        let text: String = new.map(|line| format!("{line}\n")).collect();
        (!text.is_empty()).then_some(text)
    }

    fn is_settled(&self) -> bool {
        !self.settled.is_empty() && self.settled.contains(&name(&self.path))
    }

    /// Tells elements of the same name apart in the conflicts found from `start` on, now that it is known which
    /// elements there are.
    fn tell_apart(&mut self, shape: Shape, start: usize, items: &[Item]) {
        let depth = self.path.len();
        for found in &mut self.found[start..] {
            let Some(at) = found.path[depth..].iter().position(|step| matches!(step, Step::Element(..))) else {
                continue;
            };
            let Step::Element(id, called_so) = &mut found.path[depth + at] else { continue };
            if id.path().len() != at {
                continue;
            }
            let own = shape.of(id);
            let like = items.iter().filter(|item| matches!(item.id, Id::Element(..)) && item.id.path() == id.path());
            let others = like.take_while(|item| item.id != *id);
            let named = |item: &&Item| called(own, &facts(own, &item.body)).unwrap_or_default() == *called_so;
            *called_so = value::numbered(called_so, others.filter(named).count());
        }
    }

    fn report(&mut self, values: [Option<String>; 3]) {
        self.found.push(Found { path: self.path.clone(), values });
    }
}

/// Takes out what is in a set twice.
fn each_once(items: &mut Vec<Item>) {
    let mut there: HashSet<Id> = HashSet::new();
    items.retain(|item| there.insert(item.id.clone()));
}

/// Returns the next line below something that a merge keeps.
fn below<'a>(id: &Id, side: &[&'a Id], keep: &HashSet<&Id>) -> Option<&'a Id> {
    let at = side.iter().position(|one| *one == id)?;
    side[at..].iter().copied().find(|one| keep.contains(one) && matches!(one, Id::Pair(_)))
}

/// Returns the name of a place: `contacts."J. Wang".email`, and of the second of that name `contacts."J. Wang#2".email`.
pub(super) fn name(path: &[Step]) -> String {
    join_name(path.iter().map(|step| match step {
        Step::Key(key) | Step::Element(_, key) => key.as_str(),
    }))
}
