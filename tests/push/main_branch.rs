//! Whose users count: those of a branch that is there, whatever HEAD of the server names.

use super::{OTHERS, Team};

const EVERYBODY_AN_ADMIN: &str = "name = \"li\"\nemail = \"li@example.com\"\nrole = \"admin\"\n";

/// Has HEAD of the server name a branch.
fn head(team: &Team, branch: &str) {
    team.env.git_done(&["-C", "../server.git", "symbolic-ref", "HEAD", &format!("refs/heads/{branch}")]);
}

#[test]
fn roles_hold_where_head_names_a_branch_that_is_not_there() {
    let team = Team::new();
    head(&team, "master");
    team.write("li", "users/li.toml", EVERYBODY_AN_ADMIN);
    team.commit("li");
    assert!(team.refused("li", &["HEAD"]).contains("only admins write `config/` and `users/`"));
    assert!(team.refused("li", &["HEAD:refs/heads/master"]).contains("`refs/heads/main` would no longer be the main"));
    team.reset("li");
    assert!(team.refused("li", &["--delete", "main"]).contains("`refs/heads/main` is the main branch and stays"));
    assert!(team.refused("li", &["--force", "HEAD~1:refs/heads/main"]).contains("would lose commits"));
    // An old state, which has other users, does not become the main branch by being given that name.
    assert!(team.refused("li", &["HEAD~4:refs/heads/master"]).contains("symbolic-ref HEAD refs/heads/main`"));
    team.git_done("li", &["push", "-q", "origin", "HEAD:refs/heads/side"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=own"]);
    team.pushed("li");
}

#[test]
fn where_the_main_branch_cannot_be_told_nothing_is_taken() {
    let team = Team::new();
    for name in ["one", "two"] {
        team.env.git_done(&["-C", "../server.git", "branch", name, "main"]);
    }
    team.env.git_done(&["-C", "../server.git", "update-ref", "-d", "refs/heads/main"]);
    team.kehu("admin", &["lead", "set", "LEAD-2026-001", "remark=x"]);
    let install = || team.env.run(&["hook", "install", "pre-receive", "--bare-repo", "../server.git"]).stderr;
    for pushed in ["HEAD:refs/heads/one", "HEAD:refs/heads/main", ":refs/heads/two"] {
        let said = team.refused("admin", &[pushed]);
        assert!(said.contains("which branch is the main one cannot be told, for `refs/heads/main` is not there"));
        assert!(said.contains("symbolic-ref HEAD refs/heads/main`"), "{said}");
    }
    assert!(install().contains("so every push is refused until"), "{}", install());
    head(&team, "one");
    assert_eq!(install(), "the hook is installed already\n");
    team.git_done("admin", &["push", "-q", "origin", "HEAD:refs/heads/one"]);
    // One that is left alone is it; another beside it would leave that open.
    team.git_done("admin", &["push", "-q", "origin", ":refs/heads/two"]);
    head(&team, "master");
    assert!(team.refused("admin", &["HEAD:refs/heads/two"]).contains("`refs/heads/one` would no longer be the main"));
    // Putting the hook there puts HEAD right.
    assert!(install().contains("HEAD named a branch that is not there; it names `refs/heads/one` now"));
    team.git_done("admin", &["push", "-q", "origin", "HEAD:refs/heads/two"]);
}

#[test]
fn the_first_push_brings_its_own_users() {
    let team = Team::new();
    team.env.git_done(&["init", "-q", "--bare", "--initial-branch=master", "../new.git"]);
    team.env.done(&["hook", "install", "pre-receive", "--bare-repo", "../new.git"]);
    team.git_done("li", &["remote", "set-url", "origin", "../new.git"]);
    let push = |refs: &[&str]| team.git("li", &[&["push", "-q", "origin"], refs].concat());
    let two = push(&["HEAD:refs/heads/one", "HEAD:refs/heads/two"]);
    assert!(two.code == 1 && two.stderr.contains("cannot be told"), "{two}");
    team.write("li", "users/li.toml", EVERYBODY_AN_ADMIN);
    team.commit("li");
    let said = push(&["HEAD:refs/heads/main"]);
    assert!(said.stderr.contains("only admins write `config/` and `users/`"), "{said}");
    team.git_done("li", &["reset", "-q", "--hard", "HEAD~1"]);
    assert_eq!(push(&["HEAD:refs/heads/main"]).code, 0);
    team.edit("li", OTHERS, "Hangzhou", "Shanghai");
    team.commit("li");
    assert!(push(&["HEAD:refs/heads/main"]).stderr.contains("`LEAD-2026-003` is not yours to change"));
}
