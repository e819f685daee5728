//! The history of records, with what is remembered of it and without: always the same, whatever was committed,
//! merged, reset and renumbered meanwhile; and what git itself tells, as far as git can.

mod common;

use common::memory::tempdir;
use git2::{Commit, Oid, Repository, Signature, Time};
use kehu::record::{LEAD, Number};
use kehu::store::{CommitInfo, LoadOptions, Repo, path_of};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The files of a commit and what each holds.
type Files = BTreeMap<String, u8>;

/// Something that happens to the branch.
#[derive(Debug, Clone)]
enum Step {
    /// Records get other content, are added or removed: number and content, 0 for none.
    Edit(Vec<(u8, u8)>),
    /// A record gets another number, and a line says so.
    Renumber(u8, u8),
    /// A record's file lies in another folder of its kind, or comes back from there.
    Move(u8),
    /// The branch goes back to a commit made before, as many ago.
    Reset(usize),
    /// Another commit is merged; of what both changed, and for some numbers anyway, the content is stated.
    Merge(usize, Vec<(u8, u8)>),
    /// Two clones gave the same number: theirs stays, ours gets another one in the merge itself.
    Collide(u8, u8),
}

fn steps(with_moves: bool) -> impl Strategy<Value = Vec<(Step, i64)>> {
    let edits = || prop::collection::vec((1u8..5, 0u8..4), 1..4);
    let moving = if with_moves { 2 } else { 0 };
    let step = prop_oneof![
        6 => edits().prop_map(Step::Edit),
        moving => (1u8..5, 1u8..6).prop_map(|(old, new)| Step::Renumber(old, new)),
        moving => (1u8..5).prop_map(Step::Move),
        moving => (1u8..5, 5u8..8).prop_map(|(old, new)| Step::Collide(old, new)),
        2 => (1usize..6).prop_map(Step::Reset),
        3 => (1usize..6, edits()).prop_map(|(other, edits)| Step::Merge(other, edits)),
    ];
    // Clocks of clones differ, and several commits fall into one second.
    prop::collection::vec((step, -2i64..3), 1..16)
}

fn number(n: u8) -> Number {
    Number::sequence("LEAD", 2026, u32::from(n), 3)
}

fn path(n: u8) -> String {
    path_of(LEAD, &number(n))
}

fn elsewhere(n: u8) -> String {
    format!("leads/old/{}.toml", number(n))
}

/// A repository whose branch is moved by steps.
struct Branch {
    dir: tempfile::TempDir,
    made: Vec<(Oid, Files)>,
    head: usize,
    now: i64,
}

impl Branch {
    fn new() -> Branch {
        let dir = tempdir();
        let git = Repository::init(dir.path()).unwrap();
        fs::write(dir.path().join("kehu.toml"), "format = 1\n").unwrap();
        let mut branch = Branch { dir, made: Vec::new(), head: 0, now: 1_700_000_000 };
        branch.commit(&git, Files::from([("kehu.toml".to_string(), 1)]), &[], "start");
        branch
    }

    fn files(&self) -> Files {
        self.made[self.head].1.clone()
    }

    fn commit(&mut self, git: &Repository, files: Files, others: &[usize], text: &str) {
        let mut update = git2::build::TreeUpdateBuilder::new();
        for (path, content) in &files {
            let text = format!("company = \"{content}\"\nstaff = {content}\n");
            update.upsert(path.as_str(), git.blob(text.as_bytes()).unwrap(), git2::FileMode::Blob);
        }
        let empty = git.find_tree(git.treebuilder(None).unwrap().write().unwrap()).unwrap();
        let tree = git.find_tree(update.create_updated(git, &empty).unwrap()).unwrap();
        let own = if self.made.is_empty() { vec![] } else { vec![self.head] };
        let parents: Vec<usize> = own.into_iter().chain(others.iter().copied()).collect();
        let parents: Vec<Commit<'_>> = parents.iter().map(|at| git.find_commit(self.made[*at].0).unwrap()).collect();
        let who = Signature::new("Test", "test@example.com", &Time::new(self.now, 480)).unwrap();
        let id = git.commit(None, &who, &who, text, &tree, &parents.iter().collect::<Vec<_>>()).unwrap();
        git.set_head_detached(id).unwrap();
        git.reference("refs/heads/main", id, true, "test").unwrap();
        git.set_head("refs/heads/main").unwrap();
        self.made.push((id, files));
        self.head = self.made.len() - 1;
    }

    fn step(&mut self, step: &Step, later: i64) {
        let git = Repository::open(self.dir.path()).unwrap();
        self.now += later;
        let mut files = self.files();
        match step {
            Step::Edit(edits) => {
                put(&mut files, edits);
                self.commit(&git, files, &[], "edit");
            }
            Step::Renumber(old, new) => {
                if old == new || files.contains_key(&path(*new)) {
                    return;
                }
                let Some(content) = files.remove(&path(*old)) else { return };
                files.insert(path(*new), content);
                self.commit(&git, files, &[], &renumbered(*old, *new));
            }
            Step::Move(n) => {
                let (from, to) = match files.contains_key(&path(*n)) {
                    true => (path(*n), elsewhere(*n)),
                    false => (elsewhere(*n), path(*n)),
                };
                let Some(content) = files.remove(&from) else { return };
                files.insert(to, content);
                self.commit(&git, files, &[], "move");
            }
            Step::Reset(back) => {
                self.head = self.made.len().saturating_sub(back + 1);
                git.reference("refs/heads/main", self.made[self.head].0, true, "test").unwrap();
            }
            Step::Merge(back, edits) => {
                let other = self.made.len().saturating_sub(back + 1);
                if other == self.head {
                    return;
                }
                for (path, content) in self.made[other].1.clone() {
                    files.entry(path).or_insert(content);
                }
                put(&mut files, edits);
                self.commit(&git, files, &[other], "merge");
            }
            Step::Collide(n, free) => {
                let start = self.head;
                // Ours, then theirs, then both: what was shared is the first parent.
                let (mut ours, mut theirs) = (files.clone(), files);
                ours.insert(path(*n), 20);
                self.commit(&git, ours, &[], "ours");
                let our_commit = self.head;
                self.head = start;
                theirs.insert(path(*n), 30);
                self.commit(&git, theirs.clone(), &[], "theirs");
                theirs.insert(path(*free), 20);
                self.commit(&git, theirs, &[our_commit], &renumbered(*n, *free));
            }
        }
    }
}

fn put(files: &mut Files, edits: &[(u8, u8)]) {
    for (n, content) in edits {
        match content {
            0 => drop(files.remove(&path(*n))),
            content => drop(files.insert(path(*n), *content)),
        }
    }
}

fn renumbered(old: u8, new: u8) -> String {
    format!("renumber\n\nKehu-Renumber: lead {} {}\n", number(old), number(new))
}

/// Returns everything the history says, as one text.
fn told(repo: &Repo, use_index: bool) -> String {
    let history = repo.history(repo.head().unwrap(), LoadOptions { use_index }).unwrap();
    let mut text = String::new();
    for n in 1..8 {
        text += &format!("{n}: {:#?}\n", history.of_record(LEAD, &number(n)).unwrap());
    }
    for commit in history.commits() {
        text += &format!("{} {} {:?}\n", commit.id, commit.seconds, history.changes(commit).unwrap());
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(32), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_remembered_changes_nothing(steps in steps(true)) {
        let mut branch = Branch::new();
        for (step, later) in &steps {
            branch.step(step, *later);
            let repo = Repo::discover(branch.dir.path()).unwrap();
            prop_assert_eq!(told(&repo, true), told(&repo, false), "after {:?}", step);
        }
        let _ = fs::remove_dir_all(branch.dir.path().join(".git/kehu"));
        let repo = Repo::discover(branch.dir.path()).unwrap();
        prop_assert_eq!(told(&repo, true), told(&repo, false), "all at once");
    }

    #[test]
    fn git_tells_the_same_commits(steps in steps(false)) {
        let mut branch = Branch::new();
        steps.iter().for_each(|(step, later)| branch.step(step, *later));
        let repo = Repo::discover(branch.dir.path()).unwrap();
        let history = repo.history(repo.head().unwrap(), LoadOptions::default()).unwrap();
        for n in 1..5 {
            let changes = history.of_record(LEAD, &number(n)).unwrap().changes.into_iter();
            let ours: BTreeSet<String> = changes.map(|change| change.commit.to_string()).collect();
            prop_assert_eq!(ours, git_log(branch.dir.path(), &["--full-history", "--", &path(n)]));
        }
        let all: Vec<CommitInfo> = history.commits().map(|commit| history.info(commit).unwrap()).collect();
        prop_assert_eq!(all.iter().map(|info| info.id.to_string()).collect::<BTreeSet<_>>(), git_log(branch.dir.path(), &[]));
        for (at, info) in all.iter().enumerate() {
            prop_assert!(all[at..].iter().all(|other| !other.parents.contains(&info.id) || other.id == info.id));
        }
    }
}

fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

fn git_log(dir: &Path, args: &[&str]) -> BTreeSet<String> {
    let mut command = Command::new("git");
    command.current_dir(dir).env("GIT_CONFIG_GLOBAL", "/dev/null").args(["log", "--format=%H"]).args(args);
    let output = command.output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect()
}
