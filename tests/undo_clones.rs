//! Taking operations back where clones meet: records that got other numbers, operations that were taken back here
//! and done again there, and what cannot be taken back without breaking something.

#![cfg(unix)]

mod common;
#[path = "common/team.rs"]
mod team;

use common::Env;
use std::os::unix::fs::{PermissionsExt, symlink};
use team::Team;

const FIRST: &str = "leads/2026/LEAD-2026-001.toml";
const SECOND: &str = "leads/2026/LEAD-2026-002.toml";

/// Two clones that know the same, nothing yet.
fn team() -> Team {
    Team::new(2)
}

/// The name of the newest operation in a clone whose subject begins so.
#[track_caller]
fn operation(team: &Team, clone: usize, subject: &str) -> String {
    let log: serde_json::Value = serde_json::from_str(&team.done(clone, &["op", "log", "--json"])).unwrap();
    let mut all = log["operations"].as_array().unwrap().iter();
    let one = all.find(|one| one["subject"].as_str().unwrap().starts_with(subject));
    one.unwrap_or_else(|| panic!("no {subject} in {log}"))["operation"].as_str().unwrap().to_string()
}

/// Lets the first clone be one commit further: what both do at the same moment on the same base has the same name.
fn other_base(team: &Team) {
    team.write(0, "notes.txt", "x");
    team.plain_commit(0);
}

/// Two clones that gave the same number, of which the second was renumbered; returns what the second did to its lead
/// before.
fn renumbered() -> (Team, String, String) {
    let team = team();
    other_base(&team);
    team.lead(0, "Alpha", "13800138001");
    team.done(0, &["lead", "set", "LEAD-2026-001", "region=Suzhou"]);
    team.synced(0);
    team.lead(1, "Beta", "13800138002");
    let add = operation(&team, 1, "lead: add");
    team.done(1, &["lead", "set", "LEAD-2026-001", "region=Suzhou"]);
    let set = operation(&team, 1, "lead: set");
    team.synced(1);
    assert!(team.read(1, SECOND).contains("Beta") && team.read(1, FIRST).contains("Alpha"));
    (team, add, set)
}

#[test]
fn a_record_that_got_another_number_is_changed_under_it() {
    let (team, add, set) = renumbered();
    let (alpha, before) = (team.read(1, FIRST), team.read(1, SECOND));
    let preview = team.done(1, &["undo", "--dry-run", &set]);
    assert!(preview.starts_with("LEAD-2026-002 changed") && !preview.contains("LEAD-2026-001"), "{preview}");
    assert_eq!(team.done(1, &["undo", &set]), "LEAD-2026-002");
    assert_eq!((team.read(1, FIRST), team.read(1, SECOND)), (alpha.clone(), before.replace("Suzhou", "Hangzhou")));
    assert_eq!(team.done(1, &["redo", &set]), "LEAD-2026-002");
    assert_eq!(team.read(1, SECOND), before);
    team.done(1, &["undo", &set]);
    assert_eq!(team.done(1, &["undo", &add]), "LEAD-2026-002");
    assert!(!team.folder(1).join(SECOND).exists() && team.read(1, FIRST) == alpha);
    assert_eq!(team.done(1, &["redo", &add]), "LEAD-2026-002");
    assert_eq!(team.read(1, SECOND), before.replace("Suzhou", "Hangzhou"));
}

#[test]
fn a_difference_pairs_what_was_renumbered_whichever_way_it_is_asked_for() {
    let (team, add, _) = renumbered();
    let old = team.git(1, &["log", "--format=%H", "--grep", &add]);
    let acts = |args: &[&str]| {
        let told: serde_json::Value = serde_json::from_str(&team.done(1, &[args, &["--json"]].concat())).unwrap();
        let all = told["records"].as_array().unwrap_or_else(|| panic!("{told}")).iter();
        let one = |one: &serde_json::Value| {
            let text = |key: &str| one[key].as_str().unwrap_or_else(|| panic!("{one}")).to_string();
            let fields = one["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap());
            (text("number"), text("act"), fields.filter(|field| *field == "region").count())
        };
        all.map(one).collect::<Vec<_>>()
    };
    let row = |number: &str, act: &str, regions| (number.to_string(), act.to_string(), regions);
    let forth = [row("LEAD-2026-001", "added", 1), row("LEAD-2026-002", "renumbered", 1)];
    assert_eq!(acts(&["diff", &old, "HEAD"]), forth);
    assert_eq!(acts(&["diff", &old]), forth, "to the work tree");
    let mut back = acts(&["diff", "HEAD", &old]);
    back.sort();
    assert_eq!(back, [row("LEAD-2026-001", "removed", 1), row("LEAD-2026-001", "renumbered", 1)]);
}

#[test]
fn twice_renumbered_and_with_references_to_it() {
    let team = Team::new(2);
    team.lead(1, "Beta", "13800138002");
    let about = ["followup", "add", "LEAD-2026-001", "method=phone", "points=x", "next_action=a", "next_on=2026-03-25"];
    let followup = team.done(1, &about);
    team.done(1, &["followup", "rm", &followup, "--confirm", &followup]);
    let rm = operation(&team, 1, "followup: remove");
    // The remote turns its push down once it has merged, so that it has to merge, and to renumber, once more.
    other_base(&team);
    team.lead(0, "Alpha", "13800138001");
    team.synced(0);
    team.hook(None, "pre-receive", "#!/bin/sh\nexit 1\n");
    team.run(1, &["sync"]);
    team.hook(None, "pre-receive", "#!/bin/sh\nexit 0\n");
    assert!(team.read(1, SECOND).contains("Beta"));
    team.lead(0, "Gamma", "13800138003");
    team.synced(0);
    team.synced(1);
    assert!(team.read(1, "leads/2026/LEAD-2026-003.toml").contains("Beta"));
    team.done(1, &["undo", &rm]);
    assert!(team.done(1, &["followup", "show", &followup]).contains("LEAD-2026-003"));
    team.done(1, &["check"]);
}

#[test]
fn what_is_no_text_comes_back_byte_for_byte_or_not_at_all() {
    let env = Env::repository("en");
    let path = "attachments/B2B-2026-001/a.png";
    let bytes = |n: u8| [b"\x89PNG\xff\x00v".as_slice(), &[n]].concat();
    let put = |n: u8| {
        std::fs::create_dir_all(env.dir().join(path).parent().unwrap()).unwrap();
        std::fs::write(env.dir().join(path), bytes(n)).unwrap();
        env.git_done(&["add", "-A"]);
        env.git_done(&["commit", "-qm", &format!("v{n}")]);
    };
    let now = || std::fs::read(env.dir().join(path)).unwrap();
    (1..=2).for_each(put);
    let tree = env.git_done(&["rev-parse", "HEAD~1^{tree}"]);
    env.done(&["undo", "HEAD"]);
    assert_eq!((now(), env.git_done(&["rev-parse", "HEAD^{tree}"])), (bytes(1), tree));
    env.done(&["redo"]);
    assert_eq!(now(), bytes(2));
    put(3);
    let said = env.refused(5, &["undo", "HEAD~3"]);
    assert!(said.contains(&format!("`{path}` was changed later")), "{said}");
    assert_eq!(now(), bytes(3));
}

#[test]
fn links_and_programs_are_refused() {
    let env = Env::repository("en");
    env.write("run.sh", "#!/bin/sh\n");
    std::fs::set_permissions(env.dir().join("run.sh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    symlink("run.sh", env.dir().join("link")).unwrap();
    env.git_done(&["add", "-A"]);
    env.git_done(&["commit", "-qm", "put"]);
    env.git_done(&["rm", "-q", "run.sh", "link"]);
    env.git_done(&["commit", "-qm", "taken"]);
    let before = env.state();
    let said = env.refused(5, &["undo", "HEAD"]);
    for part in ["links, programs or submodules", "`link`", "`run.sh`", "git revert"] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(env.refused(5, &["undo", "HEAD~1"]).contains("`link`"), "to take a link out is to change one");
    assert_eq!(env.state(), before);
}

#[test]
fn nothing_is_left_that_cannot_be_read() {
    let env = Env::repository("en");
    env.lead("A", "13800138001");
    let root = env.git_done(&["rev-list", "--max-parents=0", "HEAD"]);
    let before = env.state();
    for args in [&["undo", &root][..], &["undo", "--dry-run", &root]] {
        let said = env.refused(6, args);
        assert!(
            said.contains("the configuration could not be read") && said.contains("`kehu.toml` would be"),
            "{said}"
        );
    }
    assert_eq!(env.state(), before);
    env.edit(FIRST, "region", "region = [\nregion");
    env.git_done(&["commit", "-qam", "broken"]);
    env.edit(FIRST, "region = [\n", "");
    env.git_done(&["commit", "-qam", "mended"]);
    let before = env.state();
    let said = env.refused(5, &["undo"]);
    assert!(said.contains("records could not be read") && said.contains(FIRST), "{said}");
    assert_eq!(env.state(), before);
    let broken = env.git_done(&["rev-parse", "HEAD~1"]);
    assert_eq!(env.done(&["undo", &broken]), "", "it is mended already");
}

#[test]
fn where_the_history_of_a_shallow_clone_begins_nothing_is_known() {
    let team = team();
    for n in 1..=3 {
        team.lead(0, &format!("Company {n}"), &format!("1380013800{n}"));
    }
    team.synced(0);
    let remote = format!("file://{}", team.remote().display());
    team.env.git_done(&["clone", "-q", "--depth", "2", &remote, "../shallow"]);
    let run = |args: &[&str]| team.env.run(&[&["-C", "../shallow"], args].concat());
    let begins = team.git(0, &["rev-parse", "HEAD~1"]);
    let output = run(&["undo", &begins]);
    assert_eq!((output.code, output.stdout.as_str()), (5, ""), "{output}");
    assert!(output.stderr.contains("shallow") && output.stderr.contains("git fetch --unshallow"), "{output}");
    assert_eq!(run(&["undo", "HEAD"]).code, 0);
    assert_eq!(run(&["redo"]).code, 0);
    let blamed = run(&["blame", "LEAD-2026-001", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&blamed.stdout).unwrap();
    let values = told["values"].as_array().unwrap();
    assert!(values.iter().all(|one| one["commit"].is_null() && one["before"] == begins.as_str()), "{blamed}");
    for (args, part) in [
        (&["blame", "LEAD-2026-001"][..], "there before the history begins"),
        (&["log"], "LEAD-2026-003"),
        (&["log", "LEAD-2026-001"], ""),
        (&["lead", "list", "--as-of", "HEAD"], "LEAD-2026-003"),
    ] {
        let output = run(args);
        assert!(output.stdout.contains(part), "{output}");
        let said = format!("this clone is shallow: history before `{}` is missing", &begins[..8]);
        assert_eq!(output.stderr.matches(&said).count(), 1, "{args:?}\n{output}");
    }
    assert!(!run(&["log"]).stdout.contains("LEAD-2026-002"), "where it begins nothing seems made");
    let output = run(&["lead", "list", "--as-of", "2026-01-01"]);
    assert!(output.code == 4 && output.stderr.contains("git fetch --unshallow"), "{output}");
}

#[test]
fn taken_back_and_done_again_in_clones_it_is_the_files_that_count() {
    let team = team();
    team.lead(0, "Alpha", "13800138001");
    team.done(0, &["lead", "set", "LEAD-2026-001", "remark=here"]);
    let set = operation(&team, 0, "lead: set");
    team.synced(0);
    team.synced(1);
    let at = |moment: &str, clone: usize, args: &[&str]| {
        let folder = [".", "../b"][clone];
        let mut command = team.env.command(&[&["-C", folder], args].concat());
        command.env("KEHU_NOW", moment).env("GIT_AUTHOR_DATE", moment).env("GIT_COMMITTER_DATE", moment);
        let output = team.env.finish(command);
        assert_eq!(output.code, 0, "{output}");
    };
    at("2026-03-13T09:00:00+08:00", 0, &["undo", &set]);
    at("2026-03-14T09:00:00+08:00", 1, &["undo", &set]);
    at("2026-03-14T10:00:00+08:00", 1, &["redo", &set]);
    at("2026-03-15T09:00:00+08:00", 0, &["sync"]);
    at("2026-03-15T10:00:00+08:00", 1, &["sync"]);
    assert!(!team.read(1, FIRST).contains("here"), "what only one clone changed is taken");
    let again = |args: &[&str], is_there: bool| {
        at("2026-03-16T09:00:00+08:00", 1, args);
        assert_eq!(team.read(1, FIRST).contains("here"), is_there, "{args:?}");
    };
    again(&["redo", &set], true);
    assert!(team.run(1, &["redo", &set]).stderr.contains("was not taken back"));
    again(&["undo", &set], false);
    assert!(team.run(1, &["undo", &set]).stderr.contains("was taken back already"));
}
