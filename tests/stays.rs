//! The days in stage of the funnel and the stage moves of the week, from git's commits.

mod common;

use common::Env;
use serde_json::Value as Json;

/// When the reports are made.
const NOW: &str = "2026-03-20T09:30:00+08:00";

const DEAL: &str = "opportunities/2026/OPP-2026-001.toml";

/// A repository with an opportunity that was added in the first stage on 12 March.
fn deal() -> Env {
    let env = Env::repository("en");
    env.customer("Acme");
    env.done(&["opportunity", "add", "name=Desks", "customer=Acme", "owner=li", "amount=9", "expected_on=2026-05-01"]);
    env
}

/// Commits what lies in the work tree, as git alone does, at half past nine in the morning of a day in March.
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

/// Returns the rows of a sheet of a report made on 20 March, the values of each in one line.
#[track_caller]
fn rows(env: &Env, args: &[&str], key: &str) -> Vec<String> {
    let mut command = env.command(&[&["report"][..], args, &["--json"]].concat());
    command.env("KEHU_NOW", NOW);
    let report = env.finish(command).json();
    let sections = report["sections"].as_array().expect("sections");
    let sheet = sections.iter().find(|sheet| sheet["key"] == key).expect("the sheet");
    let keys: Vec<&str> =
        sheet["columns"].as_array().expect("columns").iter().filter_map(|one| one["key"].as_str()).collect();
    let line = |row: &Json| keys.iter().map(|key| row[*key].to_string()).collect::<Vec<_>>().join(" ");
    sheet["rows"].as_array().expect("rows").iter().map(line).collect()
}

#[test]
fn stays_are_the_same_with_and_without_what_is_remembered() {
    let env = deal();
    bring(&env, "needs", "proposal", 15);
    env.edit(DEAL, "amount = \"9.00\"", "amount = \"10.00\"");
    commit(&env, 16);
    bring(&env, "proposal", "needs", 18);
    let funnel = |extra: &[&str]| rows(&env, &[&["funnel"], extra].concat(), "stays");
    let first = funnel(&[]);
    assert_eq!(first, ["\"needs\" 2 1 3 1 2", "\"proposal\" 1 1 3 0 null"]);
    assert_eq!(funnel(&[]), first);
    assert_eq!(funnel(&["--no-index"]), first);
    let before = rows(&env, &["funnel", "--as-of", "2026-03-17"], "stays");
    assert_eq!(before, ["\"needs\" 1 1 3 0 null", "\"proposal\" 1 0 null 1 2.6"], "what came after is not known yet");
    let moves = ["\"proposal\" \"needs\" 1"];
    assert_eq!(rows(&env, &["weekly"], "stage_moves"), moves, "the other was on Sunday, in the week before");
    env.git_done(&["reset", "-q", "--hard", "HEAD~1"]);
    let reset = ["\"needs\" 1 1 3 0 null", "\"proposal\" 1 0 null 1 5"];
    assert_eq!(funnel(&[]), reset, "what is remembered of a branch that is gone does no harm");
}

#[test]
fn a_file_that_cannot_be_read_and_a_new_number_interrupt_no_stay() {
    let env = deal();
    let whole = env.read(DEAL);
    env.write(DEAL, "stage = ");
    commit(&env, 13);
    env.write(DEAL, &whole);
    commit(&env, 14);
    env.git_done(&["mv", DEAL, "opportunities/2026/OPP-2026-002.toml"]);
    env.git_done(&["commit", "-q", "-m", "sync", "-m", "Kehu-Renumber: opportunity OPP-2026-001 OPP-2026-002"]);
    for extra in [&[][..], &["--no-index"]] {
        let told = rows(&env, &[&["funnel"], extra].concat(), "stays");
        assert_eq!(told, ["\"needs\" 1 0 null 1 8"]);
    }
}
