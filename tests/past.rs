//! The past: every command that reads can read it as of any day or commit, and says the same each time.

mod common;

use common::Env;

/// What is read; each as of a commit must be what it was when that commit was the newest.
const READS: [&[&str]; 12] = [
    &["lead", "list", "--json"],
    &["lead", "list", "--where", "grade = A or score > 0", "-o", "csv"],
    &["lead", "show", "LEAD-2026-001"],
    &["lead", "score", "LEAD-2026-001"],
    &["lead", "score"],
    &["followup", "list"],
    &["product", "list"],
    &["report", "weekly", "-o", "html"],
    &["report", "sources"],
    &["report", "grades", "-o", "markdown"],
    &["report", "quality", "--json"],
    &["check"],
];

/// Makes a repository whose commits are days apart; the clock of each is said.
fn repository() -> Env {
    let env = Env::repository("en");
    at(&env, "2026-03-12T10:00:00+08:00", &["product", "add", "DESK-01", "name=Desk"]);
    at(&env, "2026-03-12T10:05:00+08:00", &LEAD);
    env
}

const LEAD: [&str; 9] = [
    "lead",
    "add",
    "company=A",
    "phone=13800138001",
    "contact_name=Buyer",
    "region=Hangzhou",
    "source=hotline",
    "product=DESK-01",
    "intent=interested",
];

/// Runs a command at a moment, of the committer's clock too; it must succeed.
#[track_caller]
fn at(env: &Env, moment: &str, args: &[&str]) -> String {
    let mut command = env.command(args);
    command.env("KEHU_NOW", moment).env("GIT_AUTHOR_DATE", moment).env("GIT_COMMITTER_DATE", moment);
    let output = env.finish(command);
    assert_eq!(output.code, 0, "{args:?}\n{output}");
    output.stdout
}

#[test]
fn everything_reads_the_past_as_it_was() {
    let env = repository();
    let then = "2026-03-12T23:59:59+08:00";
    let was: Vec<String> = READS.iter().map(|args| at(&env, then, args)).collect();
    at(
        &env,
        "2026-03-20T10:00:00+08:00",
        &["lead", "set", "LEAD-2026-001", "status=working", "intent=requested_proposal"],
    );
    at(
        &env,
        "2026-03-21T10:00:00+08:00",
        &["followup", "add", "LEAD-2026-001", "method=phone", "points=x", "next_action=call", "next_on=2026-03-25"],
    );
    at(
        &env,
        "2026-03-22T10:00:00+08:00",
        &["lead", "add", "company=B", "phone=13800138002", "contact_name=C", "region=Hangzhou", "source=hotline"],
    );
    env.edit("config/scoring.toml", "from = 80", "from = 81");
    at(&env, "2026-03-23T10:00:00+08:00", &["commit"]);
    for (args, was) in READS.iter().zip(&was) {
        for as_of in ["2026-03-12", "HEAD~4", "2026-03-19T12:00"] {
            let asked: Vec<&str> = args.iter().copied().chain(["--as-of", as_of]).collect();
            let is = at(&env, "2026-04-01T10:00:00+08:00", &asked);
            if as_of == "2026-03-12" {
                assert_eq!(is, *was, "{asked:?}");
            }
            assert_eq!(is, at(&env, "2026-05-01T10:00:00+08:00", &asked), "the same again, {asked:?}");
            let slow: Vec<&str> = asked.iter().copied().chain(["--no-index"]).collect();
            assert_eq!(is, at(&env, "2026-05-01T10:00:00+08:00", &slow), "without the index, {asked:?}");
        }
    }
    assert!(env.refused(2, &["status", "--as-of", "HEAD~1"]).contains("leave `--as-of` out"));
}

#[test]
fn a_changed_model_is_replayed_on_the_past() {
    let env = repository();
    let grade = |extra: &[&str]| {
        let asked = [&["lead", "list", "-o", "tsv", "--columns", "number,score,grade"][..], extra].concat();
        env.done(&asked).lines().nth(1).unwrap_or_default().to_string()
    };
    let before = grade(&[]);
    env.edit("config/scoring.toml", "from = 80", "from = 2");
    env.edit("config/scoring.toml", "from = 60", "from = 1");
    at(&env, "2026-03-23T10:00:00+08:00", &["commit"]);
    let now = grade(&[]);
    assert_ne!(now, before, "the model says something else now");
    assert_eq!(grade(&["--as-of", "HEAD~1"]), before);
    assert_eq!(grade(&["--as-of", "HEAD~1", "--with-config", "then"]), before);
    assert_eq!(grade(&["--as-of", "HEAD~1", "--with-config", "now"]), now);
    let facts = |extra: &[&str]| env.done(&[&["report", "grades", "--as-of", "HEAD~1"][..], extra].concat());
    assert!(facts(&["--with-config", "now"]).contains("of the present") && !facts(&[]).contains("of the present"));
}
