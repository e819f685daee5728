//! The graph of commits: which are parents of which, and their order in time.
//!
//! *Invariants:* a commit comes after its parents, so places only ever grow at the end; what is known of
//! a commit never changes. The order depends on the commits alone, not on the way they became known.

use crate::record::{Failure, Result};
use crate::store::error::GitResult;
use crate::words;
use foldhash::HashMap;
use git2::{Odb, Oid, Repository};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The place of a commit in a [`Graph`].
pub(super) type Place = u32;

/// Commits with their parents, parents first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Graph {
    ids: Vec<Oid>,
    /// When each was committed, in seconds since 1970.
    times: Vec<i64>,
    /// Where in `parents` those of each commit end.
    ends: Vec<u32>,
    parents: Vec<Place>,
    places: HashMap<Oid, Place>,
}

/// What a commit says of itself before it has a place.
struct Header {
    parents: Vec<Oid>,
    time: i64,
}

impl Graph {
    /// Adds `tip` and all that lead to it, as far as they are not there yet; parents first.
    ///
    /// In a shallow clone the history begins where git has no more of it.
    pub fn extend(&mut self, git: &Repository, tip: Oid) -> Result<()> {
        let odb = git.odb().git()?;
        let is_shallow = git.is_shallow();
        let mut headers: HashMap<Oid, Header> = HashMap::default();
        let mut open = vec![tip];
        while let Some(id) = open.last().copied() {
            if self.places.contains_key(&id) {
                open.pop();
            } else if let Some(header) = headers.get(&id) {
                let parents: Vec<Place> = header.parents.iter().filter_map(|id| self.place(*id)).collect();
                self.push(id, header.time, &parents);
                headers.remove(&id);
                open.pop();
            } else {
                let mut header = read_header(&odb, id)?;
                if is_shallow {
                    header.parents.retain(|id| odb.exists(*id));
                }
                open.extend(header.parents.iter().filter(|id| !self.places.contains_key(*id)));
                headers.insert(id, header);
            }
        }
        Ok(())
    }

    /// Adds a commit whose parents are there.
    pub fn push(&mut self, id: Oid, time: i64, parents: &[Place]) {
        self.places.insert(id, self.ids.len() as Place);
        self.ids.push(id);
        self.times.push(time);
        self.parents.extend_from_slice(parents);
        self.ends.push(self.parents.len() as u32);
    }

    /// Returns how many commits there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns the place of a commit.
    pub fn place(&self, id: Oid) -> Option<Place> {
        self.places.get(&id).copied()
    }

    /// Returns the commit at a place.
    pub fn id(&self, place: Place) -> Oid {
        self.ids[place as usize]
    }

    /// Returns when the commit at a place was made, in seconds since 1970.
    pub fn time(&self, place: Place) -> i64 {
        self.times[place as usize]
    }

    /// Returns the parents of the commit at a place, in the order it states them.
    pub fn parents(&self, place: Place) -> &[Place] {
        let at = place as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.parents[start as usize..self.ends[at] as usize]
    }

    /// Marks the commits that lead to any of `tips`, these included.
    pub fn reachable(&self, tips: impl IntoIterator<Item = Place>) -> Vec<bool> {
        let mut marks = vec![false; self.len()];
        for tip in tips {
            marks[tip as usize] = true;
        }
        for place in (0..self.len()).rev() {
            if marks[place] {
                for parent in self.parents(place as Place) {
                    marks[*parent as usize] = true;
                }
            }
        }
        marks
    }
}

/// Walks marked commits, newest first, but none before all that were made on it.
///
/// Of commits made in the same second on different branches the one with the greater id comes first.
pub(super) struct Newest {
    /// How many marked commits were made on each that have not been given yet.
    waiting: Vec<u32>,
    marks: Vec<bool>,
    ready: BinaryHeap<Ready>,
}

#[derive(PartialEq, Eq)]
struct Ready {
    time: i64,
    id: Oid,
    place: Place,
}

impl Newest {
    /// Starts with the newest of the commits that `marks` tells; it must be as long as the graph.
    pub fn new(graph: &Graph, marks: Vec<bool>) -> Newest {
        let mut waiting = vec![0; graph.len()];
        let marked = |marks: &[bool]| {
            let places = marks.iter().enumerate().filter(|(_, mark)| **mark);
            places.map(|(place, _)| place as Place).collect::<Vec<_>>()
        };
        let all = marked(&marks);
        for parent in all.iter().flat_map(|place| graph.parents(*place)) {
            waiting[*parent as usize] += 1;
        }
        let first = all.into_iter().filter(|place| waiting[*place as usize] == 0);
        let ready = first.map(|place| Ready::new(graph, place)).collect();
        Newest { waiting, marks, ready }
    }

    /// Returns the next; `graph` is the one it was made for.
    pub fn next(&mut self, graph: &Graph) -> Option<Place> {
        let Ready { place, .. } = self.ready.pop()?;
        for parent in graph.parents(place) {
            let at = *parent as usize;
            self.waiting[at] -= 1;
            if self.waiting[at] == 0 && self.marks[at] {
                self.ready.push(Ready::new(graph, *parent));
            }
        }
        Some(place)
    }
}

impl Ready {
    fn new(graph: &Graph, place: Place) -> Ready {
        Ready { time: graph.time(place), id: graph.id(place), place }
    }
}

impl Ord for Ready {
    fn cmp(&self, other: &Ready) -> Ordering {
        (self.time, self.id).cmp(&(other.time, other.id))
    }
}

impl PartialOrd for Ready {
    fn partial_cmp(&self, other: &Ready) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reads the lines of a commit that the graph is made of; the rest is not looked at, which saves half the time.
fn read_header(odb: &Odb<'_>, id: Oid) -> Result<Header> {
    let object = odb.read(id).git()?;
    let damaged = || Failure::failed(words!("the git commit `{id}` is damaged", "git 提交对象 `{id}` 已损坏"));
    parse_header(object.data()).ok_or_else(damaged)
}

/// Reads `tree`, `parent` as often as there are any, `author` and `committer`.
fn parse_header(data: &[u8]) -> Option<Header> {
    let mut header = Header { parents: Vec::new(), time: 0 };
    for line in data.split(|byte| *byte == b'\n') {
        if let Some(id) = line.strip_prefix(b"parent ") {
            header.parents.push(Oid::from_str(std::str::from_utf8(id).ok()?).ok()?);
        } else if let Some(committer) = line.strip_prefix(b"committer ") {
            header.time = time_of(committer);
            return Some(header);
        } else if line.is_empty() {
            return None;
        }
    }
    None
}

/// Returns the moment in `Name <mail> SECONDS ZONE`, 0 where there is none, as libgit2 has it.
fn time_of(committer: &[u8]) -> i64 {
    let after = committer.iter().rposition(|byte| *byte == b'>').map_or(&[][..], |at| &committer[at + 1..]);
    let text = std::str::from_utf8(after).unwrap_or_default();
    text.split_whitespace().next().and_then(|seconds| seconds.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Oid {
        Oid::from_bytes(&[n; 20]).unwrap()
    }

    /// Two branches from 0: 1–3 and 2–4, joined by 5; 4 has a clock that is behind.
    fn graph() -> Graph {
        let mut graph = Graph::default();
        for (n, time, parents) in
            [(0, 10, &[][..]), (1, 20, &[0]), (2, 30, &[0]), (3, 40, &[1]), (4, 5, &[2]), (5, 50, &[3, 4])]
        {
            graph.push(id(n), time, parents);
        }
        graph
    }

    fn order(graph: &Graph, marks: Vec<bool>) -> Vec<Place> {
        let mut newest = Newest::new(graph, marks);
        std::iter::from_fn(|| newest.next(graph)).collect()
    }

    #[test]
    fn newest_first_and_children_before_parents() {
        let graph = graph();
        assert_eq!(order(&graph, graph.reachable([5])), [5, 3, 1, 4, 2, 0]);
        assert_eq!(order(&graph, graph.reachable([4])), [4, 2, 0]);
        assert_eq!(graph.parents(5), [3, 4]);
        assert!(graph.parents(0).is_empty());
    }

    #[test]
    fn equal_times_are_ordered_by_id() {
        let mut graph = Graph::default();
        graph.push(id(9), 1, &[]);
        graph.push(id(3), 2, &[0]);
        graph.push(id(4), 2, &[0]);
        graph.push(id(1), 3, &[1, 2]);
        assert_eq!(order(&graph, graph.reachable([3])), [3, 2, 1, 0]);
    }

    #[test]
    fn headers() {
        let parent = id(7);
        let text = format!(
            "tree {parent}\nparent {parent}\nauthor A > b <a@b> 5 +0800\ncommitter C <c@d> 1773279000 +0800\n\nparent x\n"
        );
        let header = parse_header(text.as_bytes()).unwrap();
        assert_eq!((header.parents.as_slice(), header.time), (&[parent][..], 1_773_279_000));
        assert!(parse_header(b"tree x\n\ncommitter C <c@d> 5 +0800\n").is_none());
        assert!(parse_header(b"parent short\n").is_none());
        assert_eq!(time_of(b"no moment"), 0);
    }
}
