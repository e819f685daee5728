//! A sync killed at every step, and refused room on the disk: the next one comes to what it would have come to.
//!
//! `KEHU_SOAK=N` takes every step instead of every other.

#![cfg(unix)]

mod common;
#[path = "common/team.rs"]
mod team;

use common::Output;
use kehu::store::{STEPS, SYNC_STEPS};
use std::collections::BTreeSet;
use team::Team;

/// Two clones that have drifted apart: a number given twice, a field changed two ways, a record removed, new folders.
fn apart() -> Team {
    let team = Team::new(2);
    team.lead(0, "Alpha", "13800138001");
    team.lead(0, "Beta", "13800138002");
    team.synced(0);
    team.synced(1);
    team.lead(1, "Theirs", "13800138003");
    team.done(1, &["lead", "set", "LEAD-2026-001", "budget_max=100", "remark=x"]);
    team.done(1, &["product", "add", "DESK-01", "name=Desk"]);
    team.done(1, &["lead", "rm", "LEAD-2026-002", "--confirm", "LEAD-2026-002"]);
    team.synced(1);
    team.lead(0, "Ours", "13800138004");
    team.done(0, &["lead", "set", "LEAD-2026-001", "budget_max=200", "intent=interested"]);
    team.done(0, &["followup", "add", "LEAD-2026-003", "method=phone", "points=called", "no_next=done"]);
    team
}

/// Returns the steps, every other one unless more is asked for.
fn steps() -> impl Iterator<Item = &'static str> {
    let by = if std::env::var("KEHU_SOAK").is_ok() { 1 } else { 2 };
    STEPS.into_iter().step_by(by).chain(SYNC_STEPS)
}

fn run_at(team: &Team, fail: &str) -> Output {
    let mut command = team.env.command(&["sync"]);
    command.env("KEHU_FAIL_AT", fail);
    team.env.finish(command)
}

/// Brings both clones in step, and checks them; returns what they hold.
fn settled(team: &Team) -> String {
    let output = team.run(0, &["sync"]);
    assert!([0, 5].contains(&output.code), "{output}");
    assert!([0, 5].contains(&team.run(1, &["sync"]).code));
    team.in_step();
    team.git(0, &["ls-tree", "-r", "HEAD"])
}

/// Kills the sync of the first clone at every step, and lets it go on afterwards.
fn survives(template: &Team) {
    let golden = template.copy();
    let expected = settled(&golden);
    let mut killed = BTreeSet::new();
    for step in steps() {
        let team = template.copy();
        let output = run_at(&team, step);
        if output.code == -1 {
            killed.insert(step);
        }
        // What was acknowledged before is there at once, whatever the sync came to.
        assert!(team.done(0, &["lead", "show", "LEAD-2026-001"]).contains("LEAD-2026-001"), "{step}");
        assert_eq!(team.git(0, &["status", "--porcelain"]), "", "{step}");
        assert_eq!(settled(&team), expected, "killed at {step}");
    }
    assert!(killed.len() + 4 >= steps().count(), "these steps are passed: {killed:?}");
}

#[test]
fn a_merge() {
    survives(&apart());
}

#[test]
fn a_forward() {
    let team = apart();
    team.git(0, &["reset", "-q", "--hard", "HEAD~3"]);
    survives(&team);
}

#[test]
fn a_full_disk_is_told_and_mended_by_the_next() {
    let template = apart();
    let expected = settled(&template.copy());
    for step in ["staged", "journal", "git-locked", "files", "durable"] {
        let team = template.copy();
        let output = run_at(&team, &format!("{step}:full"));
        assert!(output.stderr.contains("no space is left"), "{step}: {output}");
        assert_eq!(settled(&team), expected, "full at {step}");
    }
}
