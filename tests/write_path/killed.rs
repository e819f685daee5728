//! Killed at every step, and at any instant: all of a commit or nothing of it.

use super::{added, child_command, killed_at, new_repo, run_task, visible};
use crate::git_dir::GitDir;
use kehu::store::STEPS;
use std::collections::BTreeSet;
use std::time::Duration;

/// Kills `task` at every step; after the next start the repository is as before or as after, nothing between.
fn survives_kills(prepare: &[&str], task: &str) {
    let make = || {
        let dir = if task == "init" { GitDir::new() } else { new_repo() };
        prepare.iter().for_each(|task| run_task(&dir, task).unwrap());
        dir
    };
    let whole = make();
    let before = if task == "init" { String::new() } else { visible(&whole) };
    run_task(&whole, task).unwrap();
    let after = visible(&whole);
    assert_ne!(before, after);
    let mut seen = BTreeSet::new();
    for step in STEPS {
        let dir = make();
        let output = killed_at(&dir, task, step);
        assert!(!output.status.success(), "{task} was not killed at {step}");
        let is_committed = dir.git(&["rev-parse", "-q", "--verify", "HEAD"]).status.success();
        // Any next command finishes it: one that reads, and where none can be opened yet, the same again.
        if run_task(&dir, "recover").is_err() {
            assert!(!is_committed, "{task} at {step}");
            run_task(&dir, task).unwrap();
        }
        let now = visible(&dir);
        assert!(now == before || now == after, "{task} killed at {step} left\n{now}");
        let committed = now == after;
        let is_past = STEPS.iter().position(|s| *s == step) >= STEPS.iter().position(|s| *s == "moved");
        assert!(committed || !is_past, "{task} killed at {step} lost what the branch had");
        seen.insert(committed);
        run_task(&dir, task).unwrap();
        assert_eq!(visible(&dir), after, "{task} again after {step}");
    }
    assert!(task == "init" || seen.len() == 2, "both outcomes occur");
}

#[test]
fn killed_while_making_the_first_commit() {
    survives_kills(&[], "init");
}

#[test]
fn killed_while_adding() {
    survives_kills(&[], "write leads/2026/LEAD-2026-001.toml");
}

#[test]
fn killed_while_changing() {
    survives_kills(&["bulk old"], "write leads/2026/LEAD-2026-950.toml");
}

#[test]
fn killed_while_removing() {
    survives_kills(&["write leads/2026/LEAD-2026-001.toml"], "remove leads/2026/LEAD-2026-001.toml");
}

#[test]
fn killed_while_importing() {
    survives_kills(&[], "bulk new");
}

#[test]
fn killed_while_changing_many() {
    survives_kills(&["bulk old"], "bulk new");
}

#[test]
fn killed_while_removing_many() {
    survives_kills(&["bulk old"], "bulk-remove");
}

/// Killed with the file system's signal at a random instant, while others work: what was acknowledged is there.
#[test]
fn killed_at_any_instant_nothing_acknowledged_is_lost() {
    let dir = new_repo();
    let mut acknowledged = BTreeSet::new();
    for round in 0..60 {
        // Twelve instants; where other work keeps the machine busy, later ones until an add has got through.
        if round >= 12 && !acknowledged.is_empty() {
            break;
        }
        let mut child = child_command(&dir, "add 50").spawn().unwrap();
        std::thread::sleep(Duration::from_millis(40 + 17 * round));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        acknowledged.extend(added(&output));
    }
    run_task(&dir, "add 1").unwrap();
    let tree = visible(&dir);
    for path in &acknowledged {
        assert!(tree.contains(path), "{path} was acknowledged");
    }
    assert!(!acknowledged.is_empty());
}
