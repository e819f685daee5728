//! The index never shows: with it and without, after any history of a work tree, the same is loaded and found.

#[path = "../common/mod.rs"]
mod common;
mod everyday;
mod step;
mod world;

use git2::{Oid, Repository};
use kehu::record::{FOLLOWUP, KINDS, Kind, LEAD, Number, Record};
use kehu::store::layout::path_of;
use kehu::store::{Keyer, LoadOptions, Loaded, Repo, Source, codec::render};
use proptest::collection::vec;
use proptest::prelude::*;
use std::fs;
use step::{Step, step};
use world::{World, place, put};

const WITHOUT: LoadOptions = LoadOptions { use_index: false };

fn keys(record: &Record) -> Vec<String> {
    ["phone", "subject"].iter().filter_map(|field| Some(format!("{field}:{}", record.text(field)?))).collect()
}

const KEYER: Keyer = Keyer { version: 1, keys };

/// Finds by walking over all records.
fn found_by_walking(loaded: &Loaded, key: &str) -> Vec<(Kind, Number)> {
    let bears = |kind: &Kind| {
        let mut numbers: Vec<_> = loaded
            .records
            .iter()
            .filter(|r| r.kind == *kind && keys(r).iter().any(|k| k == key))
            .map(|r| r.number.clone())
            .collect();
        numbers.sort();
        numbers.into_iter().map(|number| (*kind, number)).collect::<Vec<_>>()
    };
    KINDS.iter().flat_map(bears).collect()
}

fn load(repo: &Repo, source: &Source, options: LoadOptions) -> Loaded {
    repo.load(&KINDS, source, options).unwrap()
}

/// Returns what was loaded in a form whose differences can be read.
fn shown(loaded: &Loaded) -> Vec<String> {
    let records =
        loaded.records.iter().map(|record| format!("{}: {}", path_of(record.kind, &record.number), render(record)));
    records.chain(loaded.findings.iter().map(|finding| format!("{finding:?}"))).collect()
}

/// `PROPTEST_CASES` says how many sequences to try, for a run by hand.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_index_never_shows(steps in vec((step(), any::<[bool; 2]>()), 1..30)) {
        let mut world = World::new();
        for (step, [look, look_back]) in &steps {
            world.take(step);
            let repo = world.repo();
            if *look {
                let plain = load(&repo, &Source::WorkTree, WITHOUT);
                let indexed = load(&repo, &Source::WorkTree, LoadOptions::default());
                prop_assert_eq!(shown(&indexed), shown(&plain), "after {:?}", step);
                prop_assert!(indexed == plain);
                for kind in [LEAD, FOLLOWUP] {
                    let part = repo.load(&[kind], &Source::WorkTree, LoadOptions::default()).unwrap();
                    let of_kind = plain.records.iter().filter(|record| record.kind == kind);
                    prop_assert!(part.records.iter().eq(of_kind));
                }
                for record in &plain.records {
                    let one = repo.load_one(record.kind, &record.number, &Source::WorkTree).unwrap();
                    prop_assert_eq!(&one.unwrap().0, record);
                }
            }
            if let Some(commit) = world.commits.last().filter(|_| *look_back) {
                let source = Source::Commit(*commit);
                let plain = load(&repo, &source, WITHOUT);
                prop_assert_eq!(shown(&load(&repo, &source, LoadOptions::default())), shown(&plain));
                prop_assert_eq!(shown(&load(&repo, &source, LoadOptions::default())), shown(&plain), "from the index");
            }
            // What is found by a key is checked, but a key that a turned bit took away is not missed.
            if matches!(step, Step::Commit) && !world.is_flipped {
                let plain = load(&repo, &Source::WorkTree, WITHOUT);
                let index = repo.keys(&KEYER).unwrap();
                for n in 0..10 {
                    for key in [format!("phone:1380013800{n}"), format!("subject:LEAD-2026-00{n}")] {
                        prop_assert_eq!(index.find(&key).unwrap(), found_by_walking(&plain, &key), "{}", key);
                    }
                }
            }
        }
        if !world.commits.is_empty() {
            KINDS.iter().for_each(|kind| _ = fs::remove_dir_all(world.dir.path().join(kind.folder)));
            world.checkout(u8::MAX);
            let (repo, at) = (world.repo(), Repository::open(world.dir.path()).unwrap().head().unwrap().target().unwrap());
            let (tree, commit) = (load(&repo, &Source::WorkTree, LoadOptions::default()), load(&repo, &Source::Commit(at), LoadOptions::default()));
            prop_assert_eq!(shown(&tree), shown(&commit), "the work tree is the commit");
        }
    }
}

#[test]
fn what_is_wrong_with_files_is_found_again_from_a_warm_index() {
    let mut world = World::new();
    for step in [
        Step::Write(0, 7),
        Step::Break(1),
        Step::NotUtf8(2),
        Step::Write(4, 1),
        Step::Misplace(4),
        Step::Symlink(3),
        Step::Folder(7),
    ] {
        world.take(&step);
    }
    put(&world.dir.path().join("leads/.LEAD-2026-001.toml.tmp"), b"x");
    put(&world.dir.path().join("leads/README.md"), b"x");
    world.take(&Step::Wait);
    let repo = world.repo();
    let first = load(&repo, &Source::WorkTree, LoadOptions::default());
    let codes: Vec<_> = first.findings.iter().map(|f| (f.path.as_str(), f.line, f.column, f.problem.code)).collect();
    let expected = [
        ("followups/2026/03/01/20260301T093000-k7x1.toml", 1, 10, "toml-syntax"),
        ("followups/2026/03/12/20260312T093000-k7x2.toml", 1, 11, "encoding"),
        ("leads/2026/001xxx/LEAD-2031-004.toml", 0, 0, "misplaced-file"),
        ("leads/2026/LEAD-2026-001.toml", 2, 1, "unknown-field"),
        ("users/li.ming3.toml", 0, 0, "not-a-file"),
        ("users/li.ming7.toml", 0, 0, "not-a-file"),
    ];
    assert_eq!(codes, expected);
    assert_eq!(load(&repo, &Source::WorkTree, LoadOptions::default()), first);
    assert_eq!(load(&repo, &Source::WorkTree, WITHOUT), first);
}

#[test]
fn one_file_read_by_itself() {
    let mut world = World::new();
    world.take(&Step::Write(0, 1));
    world.take(&Step::Commit);
    world.take(&Step::Break(0));
    let (repo, (kind, number)) = (world.repo(), place(0));
    let commit = Source::Commit(world.commits[0]);
    assert!(
        repo.load_one(kind, &number, &Source::WorkTree)
            .is_err_and(|failure| failure.message.en.contains(":1:10: not TOML"))
    );
    assert!(repo.load_one(kind, &number, &commit).unwrap().is_some());
    assert_eq!(repo.load_one(kind, &place(4).1, &commit).unwrap(), None);
    assert_eq!(repo.read_text(&Source::WorkTree, "nothing/here").unwrap(), None);
    assert_eq!(repo.read_text(&commit, "kehu.toml").unwrap().as_deref(), Some("format = 1\n"));
    assert_eq!(repo.list_numbers(kind, &Source::WorkTree).unwrap(), std::slice::from_ref(&number));
    assert_eq!(repo.list_numbers(kind, &commit).unwrap(), [number]);
    assert!(repo.load(&KINDS, &Source::Commit(Oid::ZERO_SHA1), LoadOptions::default()).is_err());
}

#[test]
fn an_index_that_cannot_be_written_is_done_without() {
    let mut world = World::new();
    world.take(&Step::Write(0, 1));
    world.take(&Step::Commit);
    let repo = world.repo();
    fs::write(repo.private_dir(), "a file where the folder should be").unwrap();
    assert_eq!(load(&repo, &Source::WorkTree, LoadOptions::default()).records.len(), 1);
    assert_eq!(load(&repo, &Source::Commit(world.commits[0]), LoadOptions::default()).records.len(), 1);
    assert_eq!(repo.keys(&KEYER).unwrap().find("phone:13800138001").unwrap().len(), 1);
}
