//! The history of one record, wherever its file lay and whatever number it had.
//!
//! Walking back from the newest commit, the record keeps its number until a commit that gave it another one
//! (`Kehu-Renumber`), before which it had the old one on the side that was renumbered. On that side the old
//! number is this record; on the other it is the record that has the number since.
//!
//! *Invariants:* a commit is in the lineage when it left the record different from what any of its parents had;
//! between two of them the record is the same.

use super::change::Change;
use super::commit::Renumbered;
use super::graph::{Newest, Place};
use super::known::split;
use super::past::History;
use crate::record::{Kind, Number, Result};
use crate::store::error::GitResult;
use crate::store::layout::{ENDING, path_of};
use foldhash::HashMap;
use git2::Oid;
use std::collections::BTreeMap;
use std::path::Path;

/// Numbers of one record that are followed; a record that was renumbered more often began before.
const NAMES: usize = 64;

/// The history of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lineage {
    /// What left it different, newest first, merges included that only brought changes together.
    pub changes: Vec<RecordChange>,
    /// Which of the changes made it what it is at the commit the history leads to.
    pub latest: Option<usize>,
}

/// A commit that left a record different from what one of its parents had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordChange {
    /// The commit.
    pub commit: Oid,
    /// The number the record has since.
    pub number: Number,
    /// The number it got, where this commit renumbered the record that had this number; it is gone from here then.
    pub renumbered_to: Option<Number>,
    /// What it was in each parent.
    pub before: Vec<Before>,
    /// What it is since; none when it is gone.
    pub after: Option<State>,
}

/// What a record was in a parent of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Its number there.
    pub number: Number,
    /// Its file; none when there was none.
    pub state: Option<State>,
    /// Which change made it so: its place in [`Lineage::changes`].
    pub made_by: Option<usize>,
}

/// The file of a record at a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Where it lies.
    pub path: String,
    /// What it holds.
    pub blob: Oid,
}

impl RecordChange {
    /// Tells whether no parent had the record as it is since, so that the change was made here and not merged in.
    pub fn is_own(&self) -> bool {
        self.before.iter().all(|before| before.state != self.after || before.number != self.number)
    }

    /// Returns the number it had before, where this commit gave it another.
    pub fn renumbered_from(&self) -> Option<&Number> {
        self.before.iter().map(|before| &before.number).find(|number| **number != self.number)
    }
}

impl History<'_> {
    /// Returns the history of a record, also of one that is gone; empty when there never was one.
    pub fn of_record(&self, kind: Kind, number: &Number) -> Result<Lineage> {
        let Some(tip) = self.tip else { return Ok(Lineage::default()) };
        let mut names = vec![number.clone()];
        let moves = self.renumbered(kind)?;
        let mut at = 0;
        while let Some(name) = names.get(at).cloned() {
            let olds = moves.iter().filter(|(_, one)| one.new == name).map(|(_, one)| one.old.clone());
            for old in olds.collect::<Vec<_>>() {
                if !names.contains(&old) && names.len() < NAMES {
                    names.push(old);
                }
            }
            at += 1;
        }
        let mut touched = Vec::with_capacity(names.len());
        for name in &names {
            touched.push(self.touched(kind, name)?);
        }
        let moves = moves.into_iter().filter(|(_, one)| names.contains(&one.old) || names.contains(&one.new));
        let mut by_place: BTreeMap<Place, Vec<Renumbered>> = BTreeMap::new();
        moves.for_each(|(place, one)| by_place.entry(place).or_default().push(one));
        Ok(Walk { history: self, names, touched, moves: by_place }.lineage(tip))
    }

    /// Returns what every commit made of the file with a record's name, by place.
    fn touched(&self, kind: Kind, number: &Number) -> Result<BTreeMap<Place, Touched>> {
        let name = format!("{number}{ENDING}");
        let changes = match self.remembered(|known| known.touches(kind.folder, &name))? {
            Some(changes) => changes,
            None => self.read_touches(kind.folder, |path| split(path).1 == name)?,
        };
        let mut by_place: BTreeMap<Place, Vec<Change>> = BTreeMap::new();
        changes.into_iter().for_each(|(place, change)| by_place.entry(place).or_default().push(change));
        let usual = path_of(kind, number);
        let mut touched = BTreeMap::new();
        for (place, changes) in by_place {
            // A second file of the same name in another folder is not the record.
            let has_usual = changes.iter().any(|change| change.path == usual);
            if has_usual || !self.is_there(place, &usual)? {
                touched.insert(place, Touched::of(&changes, &usual));
            }
        }
        Ok(touched)
    }

    /// Returns what was renumbered among records of a kind, on any branch that was read, with the places of the commits.
    pub(super) fn renumbered(&self, kind: Kind) -> Result<Vec<(Place, Renumbered)>> {
        match self.remembered(|known| known.renumbered(kind))? {
            Some(moves) => Ok(moves),
            None => self.read_renumbered(kind),
        }
    }

    /// Returns the changes of files of a top folder, with their places; also those of other branches.
    pub(super) fn changes_below(&self, folder: &str) -> Result<Vec<(Place, Change)>> {
        match self.remembered(|known| known.changes_below(folder))? {
            Some(changes) => Ok(changes),
            None => self.read_touches(folder, |_| true),
        }
    }

    fn is_there(&self, place: Place, path: &str) -> Result<bool> {
        let tree = self.repo.git().find_commit(self.graph.id(place)).and_then(|commit| commit.tree()).git()?;
        Ok(tree.get_path(Path::new(path)).is_ok())
    }

    /// Finds the changes of files of this top folder whose path is wanted by reading every commit.
    fn read_touches(&self, folder: &str, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<(Place, Change)>> {
        let mut found = Vec::new();
        for place in 0..self.graph.len() as Place {
            let commit = self.repo.commit_info(self.graph.id(place))?;
            let changes = self.repo.changes_in(&commit, folder)?.into_iter();
            found.extend(changes.filter(|change| is_wanted(&change.path)).map(|change| (place, change)));
        }
        Ok(found)
    }

    /// Finds what was renumbered by reading every commit.
    fn read_renumbered(&self, kind: Kind) -> Result<Vec<(Place, Renumbered)>> {
        let mut found = Vec::new();
        for place in 0..self.graph.len() as Place {
            let all = self.repo.commit_info(self.graph.id(place))?.renumbered().into_iter();
            found.extend(all.filter(|one| one.kind == kind).map(|one| (place, one)));
        }
        Ok(found)
    }
}

/// What a commit made of the file with a record's name.
struct Touched {
    /// In each parent.
    before: Vec<Option<State>>,
    after: Option<State>,
}

impl Touched {
    /// Joins the changes of files of the same name: one that went and one that came are one that moved.
    fn of(changes: &[Change], usual: &str) -> Touched {
        let pick = |blob: &dyn Fn(&Change) -> Option<Oid>| {
            let there =
                changes.iter().filter_map(|change| Some(State { path: change.path.clone(), blob: blob(change)? }));
            there.min_by(|a, b| (a.path != usual, &a.path).cmp(&(b.path != usual, &b.path)))
        };
        let parents = changes.first().map_or(0, |change| change.before.len());
        let before = |at: usize| pick(&|change: &Change| change.before.get(at).copied().flatten());
        Touched { before: (0..parents).map(before).collect(), after: pick(&|change: &Change| change.after) }
    }
}

/// The walk from the newest commit back.
struct Walk<'a, 'r> {
    history: &'a History<'r>,
    /// The numbers the record may have had, that asked for first.
    names: Vec<Number>,
    /// What commits made of the file of each of them.
    touched: Vec<BTreeMap<Place, Touched>>,
    /// What commits renumbered among them.
    moves: BTreeMap<Place, Vec<Renumbered>>,
}

/// A number, by its place in [`Walk::names`].
type Name = usize;

impl Walk<'_, '_> {
    fn lineage(&self, tip: Place) -> Lineage {
        let graph = &self.history.graph;
        let mut masks = vec![0u64; graph.len()];
        masks[tip as usize] = 1;
        for place in (0..=tip).rev() {
            let mask = masks[place as usize];
            for name in (0..self.names.len()).filter(|name| mask & (1 << name) != 0) {
                for (at, parent) in graph.parents(place).iter().enumerate() {
                    if let Some(before) = self.name_before(place, name, at) {
                        masks[*parent as usize] |= 1 << before;
                    }
                }
            }
        }
        let found = self.in_order(&masks);
        let latest = self.latest(&masks, &found);
        let changes = found.iter().map(|(place, name)| self.change(*place, *name, &latest)).collect();
        Lineage { changes, latest: latest[0].get(tip as usize).copied().flatten() }
    }

    /// Returns which number the record has in a parent, when it has the number `name` at a commit; none when it
    /// is not in that parent, whose record of this number is another.
    fn name_before(&self, place: Place, name: Name, parent: usize) -> Option<Name> {
        let Some(moves) = self.moves.get(&place) else { return Some(name) };
        let of = |number: &Number| self.names.iter().position(|known| known == number);
        let came = moves.iter().find(|one| one.new == self.names[name]);
        if let Some(came) = came.filter(|one| self.source(place, one) == Some(parent)) {
            return of(&came.old);
        }
        let left = moves.iter().find(|one| one.old == self.names[name]);
        // The record that left is asked for by this number only as long as no other has it.
        let is_other = left.is_some_and(|one| self.source(place, one) == Some(parent));
        if is_other && self.after(place, name).is_some() { None } else { Some(name) }
    }

    /// Returns the parent whose record was renumbered: the one that had another under the old number than there
    /// is since; of several the last, for the first is what was shared already.
    fn source(&self, place: Place, moved: &Renumbered) -> Option<usize> {
        let name = self.names.iter().position(|known| *known == moved.old)?;
        let touched = self.touched[name].get(&place)?;
        touched.before.iter().rposition(|before| before.is_some() && *before != touched.after)
    }

    fn after(&self, place: Place, name: Name) -> Option<&State> {
        self.touched[name].get(&place)?.after.as_ref()
    }

    /// Returns commits and numbers that left the record different, newest first.
    fn in_order(&self, masks: &[u64]) -> Vec<(Place, Name)> {
        let graph = &self.history.graph;
        let marks = masks.iter().map(|mask| *mask != 0).collect();
        let mut order = Newest::new(graph, marks);
        let mut found = Vec::new();
        while let Some(place) = order.next(graph) {
            let names = (0..self.names.len()).filter(|name| masks[place as usize] & (1 << name) != 0);
            found.extend(names.filter(|name| self.touched[*name].contains_key(&place)).map(|name| (place, name)));
        }
        found
    }

    /// Returns, for each number and commit, which change made the record what it is there.
    fn latest(&self, masks: &[u64], found: &[(Place, Name)]) -> Vec<Vec<Option<usize>>> {
        let places: HashMap<(Place, Name), usize> = found.iter().enumerate().map(|(at, one)| (*one, at)).collect();
        let mut latest = vec![vec![None; masks.len()]; self.names.len()];
        for place in 0..masks.len() {
            for name in (0..self.names.len()).filter(|name| masks[place] & (1 << name) != 0) {
                let made = places.get(&(place as Place, name)).copied();
                let first = self.history.graph.parents(place as Place).first();
                latest[name][place] = made.or_else(|| latest[name][*first? as usize]);
            }
        }
        latest
    }

    fn change(&self, place: Place, name: Name, latest: &[Vec<Option<usize>>]) -> RecordChange {
        let touched = &self.touched[name][&place];
        let parents = self.history.graph.parents(place);
        let before = touched.before.iter().enumerate().map(|(at, state)| {
            let was = self.name_before(place, name, at);
            let (number, state) = match was {
                Some(was) if was != name => {
                    (&self.names[was], self.touched[was].get(&place).and_then(|t| t.before.get(at)?.clone()))
                }
                Some(_) => (&self.names[name], state.clone()),
                None => (&self.names[name], None),
            };
            let made_by = was.zip(parents.get(at)).and_then(|(was, parent)| latest[was][*parent as usize]);
            Before { number: number.clone(), made_by: made_by.filter(|_| state.is_some()), state }
        });
        let left = self.moves.get(&place).and_then(|moves| moves.iter().find(|one| one.old == self.names[name]));
        RecordChange {
            commit: self.history.graph.id(place),
            number: self.names[name].clone(),
            renumbered_to: left.filter(|_| touched.after.is_none()).map(|one| one.new.clone()),
            before: before.collect(),
            after: touched.after.clone(),
        }
    }
}
