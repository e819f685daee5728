//! Clones that work apart and sync in any order, are killed in the middle and race each other: they come to the same
//! files, and nothing that was acknowledged is lost.
//!
//! All of it happens in memory, so thousands of schedules take seconds; `tests/sync_clones.rs` drives the program.
//! `KEHU_SCHEDULES=N` makes them N.

mod deed;
mod text;
mod world;

use crate::record::{CONFLICTS, CUSTOMER, LEAD, Severity};
use crate::rules::references::references;
use crate::store::{codec, parse_path};
use deed::{Deed, Stop};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use text::{title, values};
use world::World;

fn schedules() -> u32 {
    std::env::var("KEHU_SCHEDULES").ok().and_then(|count| count.parse().ok()).unwrap_or(200)
}

fn stop() -> impl Strategy<Value = Stop> {
    prop_oneof![1 => Just(Stop::Fetched), 1 => Just(Stop::Merged), 6 => Just(Stop::Never)]
}

fn deed() -> impl Strategy<Value = Deed> {
    let some = 0..12usize;
    prop_oneof![
        4 => any::<bool>().prop_map(Deed::Add),
        1 => (0..2usize).prop_map(Deed::Import),
        1 => (0..2usize).prop_map(Deed::AddUser),
        2 => some.clone().prop_map(Deed::Follow),
        5 => (some.clone(), 0..3usize).prop_map(|(at, field)| Deed::Set(at, field)),
        2 => some.clone().prop_map(Deed::Tag),
        2 => (some.clone(), some.clone()).prop_map(|(at, to)| Deed::Convert(at, to)),
        2 => some.clone().prop_map(Deed::Remove),
        1 => some.clone().prop_map(Deed::Settle),
        1 => (some, 0..3usize).prop_map(|(at, field)| Deed::EditByHand(at, field)),
        1 => Just(Deed::CommitByHand),
        6 => (stop(), prop::option::weighted(0.3, 0..3usize)).prop_map(|(stop, rival)| Deed::Sync(stop, rival)),
    ]
}

/// Brings every clone in step, twice: the first round makes the last changes, the second hands them on.
fn settle(world: &mut World) {
    for _ in 0..2 {
        for clone in 0..world.clones.len() {
            world.act(clone, &Deed::CommitByHand);
            world.act(clone, &Deed::Sync(Stop::Never, None));
        }
    }
}

fn check(world: &World) {
    for clone in &world.clones {
        assert_eq!(clone.head, world.remote, "all come to the same");
    }
    for commit in &world.commits {
        let is_in = *commit == world.remote || world.git.graph_descendant_of(world.remote, *commit).unwrap();
        assert!(is_in, "what was acknowledged is in the history");
    }
    let texts = world.texts(world.remote);
    let present: std::collections::BTreeSet<String> = texts.values().flat_map(|text| values(text)).collect();
    for (value, is_replaced) in &world.values {
        assert!(*is_replaced || present.contains(value), "{value} is lost\n{texts:#?}");
    }
    let mut called = BTreeMap::new();
    for (path, text) in &texts {
        let Some((kind, number)) = parse_path(path) else { continue };
        let (record, findings) = codec::parse(kind, &number, text);
        assert!(findings.iter().all(|finding| finding.problem.severity < Severity::Error), "{findings:?}\n{text}");
        called.insert(number.to_string(), (kind, record.unwrap(), text));
    }
    for (kind, record, text) in called.values() {
        for reference in references(&record.row) {
            let about = ["points", "evidence"].iter().find_map(|key| record.text(key)).unwrap_or_default();
            match called.get(reference.number) {
                Some((_, target, _)) => {
                    // Of a text in conflict either side may have meant the record that the reference names.
                    let sides = record.rows(CONFLICTS).iter().flat_map(|one| [one.text("ours"), one.text("theirs")]);
                    let mut said = std::iter::once(about).chain(sides.flatten());
                    let names = |text: &str| text.split(' ').next_back() == Some(target.title());
                    assert!(said.any(names), "{kind} {} refers to another record\n{text}", record.number);
                }
                _ => assert!(!world.lost.is_disjoint(&values(about)), "{kind} {} was not told\n{text}", record.number),
            }
        }
    }
    assert!(called.values().all(|(kind, _, text)| ![LEAD, CUSTOMER].contains(kind) || !title(*kind, text).is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: schedules(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clones_come_to_the_same(clones in 2..4usize, deeds in vec((0..4usize, deed()), 4..28)) {
        let mut world = World::new(clones);
        for (clone, deed) in &deeds {
            let deed = match deed {
                Deed::Sync(stop, Some(rival)) => Deed::Sync(*stop, Some(rival % clones)),
                other => other.clone(),
            };
            world.act(clone % clones, &deed);
        }
        settle(&mut world);
        check(&world);
    }
}
