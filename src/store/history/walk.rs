//! Walking the commits of a history.

use super::CommitInfo;
use super::graph::{Graph, Newest};
use crate::record::Result;
use crate::store::{LoadOptions, Repo};
use git2::Oid;

/// Commits of a history, newest first, none before all that were made on it; see [`Repo::commits`].
pub struct Commits<'r> {
    repo: &'r Repo,
    graph: Graph,
    order: Newest,
}

impl Repo {
    /// Returns the commits that lead to `tip`, newest first, without those that lead to any of `without`.
    ///
    /// What a commit says is read when it is come to. Fails when one of them is not there.
    pub fn commits(&self, tip: Oid, without: &[Oid]) -> Result<Commits<'_>> {
        let tips: Vec<Oid> = without.iter().copied().chain([tip]).collect();
        let (graph, _) = self.graph(&tips, LoadOptions::default())?;
        let places = without.iter().filter_map(|id| graph.place(*id));
        let mut marks = graph.reachable(graph.place(tip));
        let known = graph.reachable(places);
        marks.iter_mut().zip(known).for_each(|(mark, known)| *mark &= !known);
        let order = Newest::new(&graph, marks);
        Ok(Commits { repo: self, graph, order })
    }
}

impl Iterator for Commits<'_> {
    type Item = Result<CommitInfo>;

    fn next(&mut self) -> Option<Result<CommitInfo>> {
        let place = self.order.next(&self.graph)?;
        Some(self.repo.commit_info(self.graph.id(place)))
    }
}
