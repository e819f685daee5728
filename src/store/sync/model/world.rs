//! Clones of one repository in memory: what they commit, how they sync, what is known of it all.

use super::super::base::{Relation, base_tree, relation};
use super::super::renumber::Numbers;
use super::super::unite::{Asked, Side, Trees, Union, unite};
use super::deed::{Deed, Desk, Edits, Stop};
use super::text::{settled, title, values};
use crate::record::{CUSTOMER, Kind, LEAD, Result};
use crate::store::objects::Objects;
use crate::store::objects::tree::{self, rewrite};
use crate::store::{parse_path, path_of};
use git2::{ObjectType, Odb, Oid, Repository};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// A clone.
pub struct Clone {
    pub head: Oid,
    /// Files edited by hand and not committed.
    pub dirty: BTreeMap<String, String>,
}

pub struct World {
    pub git: Repository,
    pub remote: Oid,
    pub clones: Vec<Clone>,
    /// Every value that was acknowledged, and whether somebody who saw it has replaced it.
    pub values: BTreeMap<String, bool>,
    /// Every commit that was acknowledged.
    pub commits: Vec<Oid>,
    /// The references that were reported to lead nowhere: the value beside them.
    pub lost: BTreeSet<String>,
    /// What bore a number when the remote first had it.
    given: HashMap<String, String>,
    /// Every path that a commit or one before it held.
    ever: HashMap<Oid, Rc<BTreeSet<String>>>,
    /// The paths that a commit put.
    put: HashMap<Oid, Vec<String>>,
}

/// The texts of a tree, by path.
pub type Texts = BTreeMap<String, String>;

impl World {
    pub fn new(clones: usize) -> World {
        let odb = Odb::new().unwrap();
        odb.add_new_mempack_backend(1).unwrap();
        let git = Repository::from_odb(odb).unwrap();
        let mut world = World {
            git,
            remote: Oid::ZERO_SHA1,
            clones: Vec::new(),
            values: BTreeMap::new(),
            commits: Vec::new(),
            lost: BTreeSet::new(),
            given: HashMap::new(),
            ever: HashMap::new(),
            put: HashMap::new(),
        };
        let tree = world.odb().write(ObjectType::Tree, &[]).unwrap();
        world.remote = world.put(tree, &[], &BTreeMap::from([("kehu.toml".into(), Some("format = 1\n".into()))]));
        world.clones = (0..clones).map(|_| Clone { head: world.remote, dirty: BTreeMap::new() }).collect();
        world
    }

    fn odb(&self) -> Odb<'_> {
        self.git.odb().unwrap()
    }

    fn tree(&self, commit: Oid) -> Oid {
        self.git.find_commit(commit).unwrap().tree_id()
    }

    /// Returns the texts of a commit.
    pub fn texts(&self, commit: Oid) -> Texts {
        let (odb, mut texts) = (self.odb(), Texts::new());
        tree::compare(&odb, None, Some(self.tree(commit)), "", &mut |path, _, is| {
            let text = String::from_utf8(odb.read(is.unwrap()).unwrap().data().to_vec()).unwrap();
            texts.insert(path, text);
        })
        .unwrap();
        texts
    }

    /// Makes a commit; returns it.
    fn put(&mut self, tree: Oid, parents: &[Oid], edits: &Edits) -> Oid {
        let odb = self.odb();
        let blob = |text: &String| odb.write(ObjectType::Blob, text.as_bytes()).unwrap();
        let edits: Vec<(&str, Option<Oid>)> =
            edits.iter().map(|(path, text)| (path.as_str(), text.as_ref().map(blob))).collect();
        let tree = self.rewritten(tree, &edits);
        let mut text = format!("tree {tree}\n");
        parents.iter().for_each(|parent| text += &format!("parent {parent}\n"));
        let at = 1_773_000_000 + self.ever.len();
        text += &format!("author A <a@example.com> {at} +0000\ncommitter A <a@example.com> {at} +0000\n\nx\n");
        let commit = odb.write(ObjectType::Commit, text.as_bytes()).unwrap();
        drop(odb);
        let mut ever: BTreeSet<String> = parents.iter().flat_map(|parent| self.ever[parent].iter().cloned()).collect();
        ever.extend(edits.iter().map(|(path, _)| path.to_string()));
        self.ever.insert(commit, Rc::new(ever));
        self.put.insert(
            commit,
            edits.iter().filter(|(_, blob)| blob.is_some()).map(|(path, _)| path.to_string()).collect(),
        );
        commit
    }

    fn rewritten(&self, tree: Oid, edits: &[(&str, Option<Oid>)]) -> Oid {
        let (odb, mut made) = (self.odb(), Objects::default());
        let tree = rewrite(&odb, Some(tree), edits, &mut made).unwrap();
        made.iter().for_each(|object| _ = odb.write(object.kind, &object.data).unwrap());
        tree
    }

    /// Does a deed in a clone.
    pub fn act(&mut self, clone: usize, deed: &Deed) {
        match deed {
            Deed::Sync(stop, rival) => self.sync(clone, *stop, rival.filter(|rival| *rival != clone)),
            Deed::EditByHand(at, field) => {
                let edits = Desk::new(self, clone).edits(&Deed::Set(*at, *field));
                let edits = edits.into_iter().filter_map(|(path, text)| Some((path, text?)));
                self.clones[clone].dirty.extend(edits);
            }
            Deed::CommitByHand => {
                let dirty = std::mem::take(&mut self.clones[clone].dirty);
                self.commit(clone, dirty.into_iter().map(|(path, text)| (path, Some(text))).collect());
            }
            deed => {
                let edits = Desk::new(self, clone).edits(deed);
                // As the guard has it: a command never goes over a hand edit.
                if !edits.keys().any(|path| self.clones[clone].dirty.contains_key(path)) {
                    self.commit(clone, edits);
                }
            }
        }
    }

    /// Commits what a command changed; what it put and what it replaced is known from now on.
    fn commit(&mut self, clone: usize, edits: Edits) {
        let head = self.clones[clone].head;
        let texts = self.texts(head);
        if edits.iter().all(|(path, text)| texts.get(path) == text.as_ref()) {
            return;
        }
        let before: Vec<&str> = edits.keys().filter_map(|path| texts.get(path).map(String::as_str)).collect();
        let after: Vec<&str> = edits.values().flatten().map(String::as_str).collect();
        let all = |texts: &[&str]| texts.iter().flat_map(|text| values(text)).collect::<BTreeSet<_>>();
        // Who gives a field another value has replaced its old one, also where a conflict names that too.
        let fields = |texts: &[&str]| texts.iter().flat_map(|text| values(&settled(text))).collect::<BTreeSet<_>>();
        for values in [all, fields] {
            let (before, after) = (values(&before), values(&after));
            before.difference(&after).for_each(|value| _ = self.values.insert(value.clone(), true));
            after.difference(&before).for_each(|value| _ = self.values.entry(value.clone()).or_insert(false));
        }
        let commit = self.put(self.tree(head), &[head], &edits);
        self.clones[clone].head = commit;
        self.commits.push(commit);
    }

    /// Returns how many commits there are.
    pub fn count(&self) -> usize {
        self.ever.len()
    }

    /// Returns the next free number, as of these commits and of a clone's files.
    pub fn next(&self, commits: &[Oid], clone: usize, kind: Kind, prefix: &str) -> u32 {
        let all = commits.iter().flat_map(|commit| self.ever[commit].iter()).chain(self.clones[clone].dirty.keys());
        let used = all.filter_map(|path| {
            let (of, number) = parse_path(path)?;
            number.parts().filter(|parts| of == kind && parts.prefix == prefix).map(|parts| parts.seq)
        });
        used.max().unwrap_or(0) + 1
    }

    fn sync(&mut self, clone: usize, stop: Stop, mut rival: Option<usize>) {
        for _ in 0..4 {
            let theirs = self.remote;
            if stop == Stop::Fetched || !self.merge(clone, theirs) || stop == Stop::Merged {
                return;
            }
            if let Some(rival) = rival.take() {
                self.sync(rival, Stop::Never, None);
            }
            if self.remote == theirs {
                self.remote = self.clones[clone].head;
                self.keep_numbers();
                return;
            }
        }
    }

    /// Merges theirs into a clone; returns whether it could be done.
    fn merge(&mut self, clone: usize, theirs: Oid) -> bool {
        let ours = self.clones[clone].head;
        let bases = match relation(&self.git, ours, theirs).unwrap() {
            Relation::Ahead => return true,
            Relation::Behind => vec![ours],
            Relation::Apart(bases) => bases,
        };
        let trees =
            Trees { base: base_tree(&self.git, &bases).unwrap(), ours: self.tree(ours), theirs: self.tree(theirs) };
        let union = self.united(clone, trees, [ours, theirs]);
        let is_edited = |path: &String| self.clones[clone].dirty.contains_key(path);
        if union.edits.keys().any(is_edited) {
            return false;
        }
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let odb = self.odb();
        let edits = union.edits.iter();
        let edits: Edits = edits
            .map(|(path, content)| (path.clone(), content.as_ref().map(|content| text(content.read(&odb).unwrap()))))
            .collect();
        drop(odb);
        let merged = self.put(trees.ours, &[theirs, ours], &edits);
        self.clones[clone].head = if bases == [ours] {
            assert_eq!(self.tree(merged), trees.theirs, "what is behind comes to what theirs is");
            theirs
        } else {
            merged
        };
        let after = self.texts(self.clones[clone].head);
        for lost in &union.lost {
            self.lost.extend(values(&after[&path_of(lost.kind, &lost.number)]));
        }
        true
    }

    fn united(&self, clone: usize, trees: Trees, tips: [Oid; 2]) -> Union {
        let odb = self.odb();
        let asked = |numbers| Asked { edited: Side::Ours, numbers, touches: None, upstream: "o/main" };
        let mut numbers = Given { world: self, clone, tips, next: HashMap::new() };
        let ours = unite(&odb, trees, asked(Some(&mut numbers))).unwrap();
        if ours.moved.is_empty() && ours.met.iter().all(|met| met.conflicts.is_empty()) {
            let swapped = Trees { ours: trees.theirs, theirs: trees.ours, ..trees };
            let theirs = unite(&odb, swapped, asked(None)).unwrap();
            let tree = |base: Oid, union: &Union| {
                let blob = |content: &super::super::changes::Content| {
                    odb.write(ObjectType::Blob, &content.read(&odb).unwrap()).unwrap()
                };
                let edits: Vec<(&str, Option<Oid>)> =
                    union.edits.iter().map(|(path, content)| (path.as_str(), content.as_ref().map(blob))).collect();
                self.rewritten(base, &edits)
            };
            assert_eq!(tree(trees.ours, &ours), tree(trees.theirs, &theirs), "the same from either side");
        }
        ours
    }

    /// A number that others have seen never comes to mean another record.
    fn keep_numbers(&mut self) {
        for (path, text) in self.texts(self.remote) {
            let Some((kind, _)) = parse_path(&path).filter(|(kind, _)| [LEAD, CUSTOMER].contains(kind)) else {
                continue;
            };
            let title = title(kind, &text);
            let first = self.given.entry(path.clone()).or_insert_with(|| title.clone());
            assert_eq!(*first, title, "{path} meant another record");
        }
    }
}

/// The numbers that a clone knows.
struct Given<'w> {
    world: &'w World,
    clone: usize,
    tips: [Oid; 2],
    next: HashMap<String, u32>,
}

impl Numbers for Given<'_> {
    fn next(&mut self, kind: Kind, prefix: &str, _: i32) -> Result<u32> {
        let first = || self.world.next(&self.tips, self.clone, kind, prefix);
        let next = self.next.entry(prefix.to_string()).or_insert_with(first);
        *next += 1;
        Ok(*next - 1)
    }

    fn is_taken(&mut self, path: &str) -> Result<bool> {
        let mut walk = self.world.git.revwalk().unwrap();
        walk.push(self.tips[1]).unwrap();
        walk.hide(self.tips[0]).unwrap();
        Ok(walk.flatten().any(|commit| self.world.put[&commit].iter().any(|put| put == path)))
    }
}
