//! The days in stage of the funnel and the stage moves of the week, from git's commits.

mod common;

use common::Env;
use serde_json::{Value as Json, json};

const DEAL: &str = "opportunities/2026/OPP-2026-001.toml";

/// A repository with an opportunity that `li` added in the first stage.
fn deal() -> Env {
    let env = Env::repository("en");
    env.customer("Acme");
    add(&env, "Desks", "li");
    env
}

fn add(env: &Env, name: &str, owner: &str) {
    let (name, owner) = (format!("name={name}"), format!("owner={owner}"));
    env.done(&["opportunity", "add", &name, "customer=Acme", &owner, "amount=9", "expected_on=2026-05-01"]);
}

/// Commits what lies in the work tree, as git alone does, at nine in the morning of a day in March.
#[track_caller]
fn commit(env: &Env, day: u32) {
    env.git_done(&["add", "-A"]);
    let mut git = std::process::Command::new("git");
    env.hermetic_std(&mut git, &env.dir());
    let at = format!("2026-03-{day:02}T09:30:00+08:00");
    git.args(["commit", "-q", "-m", "hand"]).env("GIT_COMMITTER_DATE", &at).env("GIT_AUTHOR_DATE", &at);
    assert!(git.status().expect("git").success());
}

/// Brings a file of an opportunity to another stage.
#[track_caller]
fn bring(env: &Env, from: &str, to: &str, day: u32) {
    env.edit(DEAL, &format!("stage = \"{from}\""), &format!("stage = \"{to}\""));
    commit(env, day);
}

/// Returns the rows of a sheet of a report.
#[track_caller]
fn rows(env: &Env, args: &[&str], key: &str) -> Json {
    let report = env.json(&[&["report"][..], args, &["--json"]].concat());
    let sheets = report["sheets"].as_array().expect("sheets").clone();
    sheets.into_iter().find(|sheet| sheet["key"] == key).expect("the sheet")["rows"].clone()
}

#[test]
fn stays_are_the_same_with_and_without_what_is_remembered() {
    let env = deal();
    bring(&env, "needs", "proposal", 15);
    env.edit(DEAL, "amount = 9.00", "amount = 10.00");
    commit(&env, 16);
    bring(&env, "proposal", "needs", 18);
    let funnel = |extra: &[&str]| {
        rows(&env, &[&["funnel", "--as-of", "2026-03-20T09:30:00+08:00"], extra].concat(), "stays")
    };
    let first = funnel(&[]);
    assert_eq!(first, json!([]), "{first:#}");
    assert_eq!(funnel(&[]), first);
    assert_eq!(funnel(&["--no-index"]), first);
}
