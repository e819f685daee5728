//! Changes on a branch that is not checked out, for a review: nothing of the work tree is touched.

mod common;

use common::Env;
use insta::assert_snapshot;

const LEADS: &str = "\
company,contact_name,phone,region,source,acquired_on
示例甲公司,王伟,13800138011,Hangzhou,hotline,2026-03-01
示例乙公司,李娜,13800138012,Hangzhou,hotline,2026-03-02
";

fn repository() -> Env {
    let env = Env::repository("en");
    env.lead("A", "13800138001");
    env.write("expo.csv", LEADS);
    env
}

/// What the branch `name` holds of leads.
fn leads_of(env: &Env, name: &str) -> String {
    env.done(&["lead", "list", "-q", "--as-of", name])
}

#[test]
fn an_import_waits_on_its_branch_for_a_review() {
    let env = repository();
    let before = env.state();
    assert_snapshot!(env.run(&["lead", "import", "expo.csv", "--branch", "expo"]), @"
    expo.csv: 2 created, 0 updated, 0 unchanged, 0 duplicates, 0 rejected
    ------- stderr -------
    this is on the branch `expo`; `kehu diff HEAD...expo` shows it, `kehu merge expo` takes it over
    read as UTF-8, columns parted by `,`
    ");
    assert_eq!(env.state(), before, "neither HEAD nor files nor index are touched");
    assert_eq!(leads_of(&env, "HEAD"), "LEAD-2026-001");
    assert_eq!(leads_of(&env, "expo"), "LEAD-2026-001\nLEAD-2026-002\nLEAD-2026-003");
    let again = env.run(&["lead", "import", "expo.csv", "--branch", "expo"]);
    assert!(again.stdout.contains("0 created") && again.stdout.contains("2 unchanged"), "{again}");
    assert_eq!(env.git_done(&["rev-list", "--count", "HEAD..expo"]), "1", "what changes nothing is no commit");

    env.done(&["lead", "set", "LEAD-2026-003", "remark=checked", "--branch", "expo"]);
    assert_eq!(env.git_done(&["rev-list", "--count", "HEAD..expo"]), "2");
    env.done(&["merge", "expo"]);
    assert_eq!(leads_of(&env, "HEAD"), "LEAD-2026-001\nLEAD-2026-002\nLEAD-2026-003");
    env.done(&["check"]);
    env.git_done(&["fsck", "--strict"]);
}

#[test]
fn a_bulk_change_takes_the_branch_and_not_the_hand_edits() {
    let env = repository();
    env.edit("leads/2026/LEAD-2026-001.toml", "Hangzhou", "Shanghai");
    let before = env.state();
    env.done(&["lead", "set", "--where", "region = Hangzhou", "remark=visit", "--branch", "visit"]);
    assert_eq!(env.state(), before);
    assert_eq!(env.git_done(&["diff", "--name-only", "main", "visit"]), "leads/2026/LEAD-2026-001.toml");
    let text = env.git_done(&["show", "visit:leads/2026/LEAD-2026-001.toml"]);
    assert!(text.contains("region = \"Hangzhou\"") && text.contains("remark = \"visit\""), "{text}");
    assert!(
        env.refused(8, &["lead", "set", "--where", "company ~ A", "remark=x", "--expect", "2", "--branch", "visit"])
            .contains("1 record")
    );
}

#[test]
fn numbers_of_a_branch_are_not_given_again() {
    let env = repository();
    env.done(&["lead", "import", "expo.csv", "--branch", "expo"]);
    assert_eq!(env.lead("B", "13800138002"), "LEAD-2026-004");
    // What is remembered of them is only a cache.
    std::fs::remove_file(env.dir().join(".git/kehu/numbers")).unwrap();
    assert_eq!(env.lead("C", "13800138003"), "LEAD-2026-005");
    env.write("more.csv", &LEADS.replace("1380013801", "1380013802").replace("示例", "样例"));
    env.done(&["lead", "import", "more.csv", "--branch", "other"]);
    assert!(leads_of(&env, "other").ends_with("LEAD-2026-007"));
    env.git_done(&["merge", "--quiet", "--no-edit", "expo"]);
    env.git_done(&["merge", "--quiet", "--no-edit", "other"]);
    env.done(&["check"]);
}

#[test]
fn duplicates_are_those_of_the_branch() {
    let env = repository();
    env.done(&["lead", "import", "expo.csv", "--branch", "expo"]);
    // On the branch they are there already, on the one that is checked out they are not.
    env.done(&["lead", "import", "expo.csv"]);
    assert_eq!(leads_of(&env, "HEAD"), "LEAD-2026-001\nLEAD-2026-004\nLEAD-2026-005");
    let said = env.run(&["lead", "set", "LEAD-2026-002", "phone=13800138001", "--branch", "expo"]).stderr;
    assert!(said.contains("now has the same") && said.contains("LEAD-2026-001"), "{said}");
}

#[test]
fn only_a_branch_that_is_free_can_be_written() {
    let env = repository();
    let set = |branch: &'static str| ["lead", "set", "LEAD-2026-001", "remark=x", "--branch", branch];
    assert_snapshot!(env.refused(5, &set("main")), @"
    error: `main` is checked out
    hint: leave `--branch` out to change it
    ");
    assert_snapshot!(env.refused(2, &set("a b")), @"
    error: `a b` is no name for a branch
    hint: write letters, digits and `-`: `import-2026-06`
    ");
    assert_snapshot!(env.refused(2, &set("refs/heads/rev")), @"
    error: `refs/heads/rev` is no name for a branch
    hint: write `rev`, without `refs/`
    ");
    env.git_done(&["remote", "add", "origin", "../nowhere"]);
    assert_snapshot!(env.refused(2, &set("origin/main")), @"
    error: `origin/main` is no name for a branch
    hint: names that begin with `origin/` are those of the remote `origin`; name a branch of your own: `import-2026-06`
    ");
    assert_snapshot!(env.refused(5, &set("main/sub")), @"
    error: there cannot be a branch `main/sub` beside the branch `main`
    hint: write another name: `import-2026-06`
    ");
    env.git_done(&["branch", "team/li"]);
    assert!(env.refused(5, &set("team")).contains("beside the branch `team/li`"));
    for name in ["HEAD", "@", "a..b", "x.lock", "a~1"] {
        assert!(env.refused(2, &set(name)).contains("is no name for a branch"), "{name}");
    }
    env.done(&set("team/boss"));
    assert_eq!(
        env.git_done(&["for-each-ref", "--format=%(refname)"]),
        "refs/heads/main\nrefs/heads/team/boss\nrefs/heads/team/li"
    );
    assert!(env.refused(2, &["lead", "set", "LEAD-2026-001", "remark=x", "--branch=-x"]).contains("`-x`"));
    env.git_done(&["worktree", "add", "--quiet", "../side", "-b", "side"]);
    assert!(env.refused(5, &set("side")).contains("`side` is checked out"));
    assert_snapshot!(env.refused(2, &["lead", "set", "LEAD-2026-001", "remark=x", "--branch", "x", "--as-of", "HEAD"]), @"
    error: the past cannot be changed
    hint: leave `--as-of` out to change the present
    ");
}

#[test]
fn killed_at_any_step_the_branch_has_it_or_not() {
    for step in ["locked", "objects", "journal", "branch"] {
        let env = repository();
        let before = env.state();
        let mut command = env.command(&["lead", "import", "expo.csv", "--branch", "expo"]);
        command.env("KEHU_FAIL_AT", step);
        assert_ne!(env.finish(command).code, 0, "{step}");
        assert_eq!(env.state(), before, "{step}");
        let said = env.run(&["lead", "import", "expo.csv", "--branch", "expo"]);
        assert_eq!(said.code, 0, "{step}: {said}");
        assert_eq!(leads_of(&env, "expo"), "LEAD-2026-001\nLEAD-2026-002\nLEAD-2026-003", "{step}");
        assert_eq!(env.git_done(&["rev-list", "--count", "HEAD..expo"]), "1", "{step}");
        assert_eq!(env.state(), before, "{step}");
        env.git_done(&["fsck", "--strict"]);
    }
}
