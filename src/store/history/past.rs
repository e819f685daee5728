//! The history that leads to a commit, by way of what is remembered of it.
//!
//! *Invariants:* with and without what is remembered the answers are the same; it only saves reading.

use super::change::{Change, join};
use super::commit::CommitInfo;
use super::graph::{Graph, Newest, Place};
use super::known::{Known, Told};
use super::trees::Trees;
use crate::record::{Failure, Result};
use crate::store::error::GitResult;
use crate::store::{LoadOptions, Repo};
use crate::words;
use foldhash::HashMap;
use git2::{Oid, Repository};
use rayon::prelude::*;
use std::cell::RefCell;

/// How many commits are read before what they changed is remembered.
const BATCH: usize = 4096;
/// How many commits in a row one thread reads; they share most of their trees.
const RUN: usize = 64;
/// How often what another process remembers meanwhile is looked at.
const TRIES: usize = 3;

/// The history that leads to a commit.
pub struct History<'r> {
    pub(super) repo: &'r Repo,
    pub(super) graph: Graph,
    pub(super) tip: Option<Place>,
    known: RefCell<Option<Known>>,
}

/// A commit of a history, not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitAt {
    /// The commit.
    pub id: Oid,
    /// When it was committed, in seconds since 1970.
    pub seconds: i64,
    place: Place,
}

impl Repo {
    /// Returns the history that leads to `tip`; that of none is empty.
    ///
    /// Fails when one of its commits is not there.
    pub fn history(&self, tip: Option<Oid>, options: LoadOptions) -> Result<History<'_>> {
        let tips: Vec<Oid> = tip.into_iter().collect();
        let (graph, known) = self.graph(&tips, options)?;
        let tip = tip.and_then(|tip| graph.place(tip));
        Ok(History { repo: self, graph, tip, known: RefCell::new(known) })
    }

    /// Returns a graph with these commits and all that lead to them, and what is remembered of it.
    pub(super) fn graph(&self, tips: &[Oid], options: LoadOptions) -> Result<(Graph, Option<Known>)> {
        let extend = |graph: &mut Graph| tips.iter().try_for_each(|tip| graph.extend(self.git(), *tip));
        for _ in 0..if options.use_index { TRIES } else { 0 } {
            let Some(mut known) = Known::open(self) else { break };
            let Some(mut graph) = known.graph() else { continue };
            let from = graph.len();
            extend(&mut graph)?;
            if graph.len() == from || known.add_commits(&graph, from) {
                return Ok((graph, Some(known)));
            }
        }
        let mut graph = Graph::default();
        extend(&mut graph)?;
        Ok((graph, None))
    }
}

impl CommitAt {
    /// Returns its place in the graph it was read from.
    pub(super) fn place(&self) -> Place {
        self.place
    }
}

impl History<'_> {
    /// Walks its commits, newest first, none before all that were made on it.
    pub fn commits(&self) -> impl Iterator<Item = CommitAt> {
        let mut order = Newest::new(&self.graph, self.graph.reachable(self.tip));
        std::iter::from_fn(move || {
            let place = order.next(&self.graph)?;
            Some(CommitAt { id: self.graph.id(place), seconds: self.graph.time(place), place })
        })
    }

    /// Returns what history tells of a commit.
    pub fn info(&self, commit: CommitAt) -> Result<CommitInfo> {
        self.repo.commit_info(commit.id)
    }

    /// Returns the files that a commit left different from any of its parents, sorted by path; of the first
    /// commit all.
    pub fn changes(&self, commit: CommitAt) -> Result<Vec<Change>> {
        let known = self.known.borrow();
        let Some(known) = known.as_ref() else {
            return self.repo.changes_of(&self.repo.commit_info(commit.id)?);
        };
        let is_remembered = (commit.place as usize) < known.covered();
        match is_remembered.then(|| known.changes(commit.place)).flatten() {
            Some(changes) => Ok(changes),
            None => Ok(Teller::new(self.repo.git())?.tell(&self.graph, commit.place)?.changes),
        }
    }

    /// Reads what all commits changed, as far as it is not remembered, for questions that need all of it.
    pub fn gather(&self) -> Result<()> {
        let mut known = self.known.borrow_mut();
        let gathered = match known.as_mut() {
            Some(known) => self.cover(known)?,
            None => true,
        };
        // Where nothing can be remembered, commits are read one by one.
        if !gathered {
            *known = None;
        }
        Ok(())
    }

    /// Answers from what is remembered, all of which is read before; nothing when nothing is.
    pub(super) fn remembered<T>(&self, ask: impl FnOnce(&Known) -> Option<T>) -> Result<Option<T>> {
        self.gather()?;
        let mut known = self.known.borrow_mut();
        let answer = known.as_ref().and_then(ask);
        if answer.is_none() {
            *known = None;
        }
        Ok(answer)
    }

    /// Remembers what commits changed that is not remembered yet; returns whether it could.
    fn cover(&self, known: &mut Known) -> Result<bool> {
        let missing = self.graph.len().saturating_sub(known.covered());
        let stage = self.repo.progress().stage(&words!("reading the history", "读取历史"), missing);
        let mut refused = 0;
        while refused < TRIES {
            let from = known.covered();
            let to = self.graph.len().min(from + BATCH);
            if from >= to {
                return Ok(true);
            }
            let told = tell_all(self.repo.git(), &self.graph, from as Place..to as Place)?;
            stage.advance(to - from);
            if !known.add_changes(from..to, &told) {
                refused += 1;
            }
        }
        Ok(false)
    }
}

/// Reads what the commits at some places came to, on all cores.
fn tell_all(git: &Repository, graph: &Graph, places: std::ops::Range<Place>) -> Result<Vec<Told>> {
    let dir = git.path().to_path_buf();
    let places: Vec<Place> = places.collect();
    let run = |places: &[Place]| -> Result<Vec<Told>> {
        let git = Repository::open(&dir).git()?;
        let mut teller = Teller::new(&git)?;
        places.iter().map(|place| teller.tell(graph, *place)).collect()
    };
    let told: Result<Vec<Vec<Told>>> = places.par_chunks(RUN).map(run).collect();
    Ok(told?.into_iter().flatten().collect())
}

/// Tells what commits changed, one after the other.
struct Teller<'g> {
    git: &'g Repository,
    trees: Trees<'g>,
    roots: HashMap<Place, Oid>,
}

impl<'g> Teller<'g> {
    fn new(git: &'g Repository) -> Result<Teller<'g>> {
        Ok(Teller { git, trees: Trees::new(git)?, roots: HashMap::default() })
    }

    fn tell(&mut self, graph: &Graph, place: Place) -> Result<Told> {
        let commit = self.git.find_commit(graph.id(place)).git()?;
        let root = commit.tree_id();
        self.roots.insert(place, root);
        let mut found = Vec::new();
        for parent in graph.parents(place) {
            let before = self.root(graph, *parent)?;
            found.push(self.trees.compare(Some(before), Some(root))?);
        }
        if found.is_empty() {
            found.push(self.trees.compare(None, Some(root))?);
        }
        Ok(Told { changes: join(found), renumbered: CommitInfo::of(&commit).renumbered() })
    }

    /// Returns the tree of a commit.
    fn root(&mut self, graph: &Graph, place: Place) -> Result<Oid> {
        if let Some(root) = self.roots.get(&place) {
            return Ok(*root);
        }
        let id = graph.id(place);
        let commit = self.git.find_commit(id);
        let damaged = |_| Failure::failed(words!("the git commit `{id}` is damaged", "git 提交对象 `{id}` 已损坏"));
        let root = commit.map_err(damaged)?.tree_id();
        self.roots.insert(place, root);
        Ok(root)
    }
}
