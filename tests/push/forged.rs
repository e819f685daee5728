//! Commits in another's name, where it is known who made them.

use super::signatures::sign_with;
use super::{LI, Team};
use crate::common::Output;

/// Commits all changes of a clone as it says, author and committer.
fn commit_as(team: &Team, login: &str, [author, committer]: [&str; 2], message: &str) {
    let mut command = team.command("git", login, &["commit", "-qam", message]);
    for (part, who) in [("AUTHOR", author), ("COMMITTER", committer)] {
        command.env(format!("GIT_{part}_EMAIL"), who).env(format!("GIT_{part}_NAME"), who);
    }
    assert_eq!(team.env.finish(command).code, 0);
}

/// Pushes as a server does that says who it is; returns what reaches the pusher.
fn push_as(team: &Team, login: &str, pusher: &str) -> Output {
    let mut command = team.command("git", login, &["push", "-q", "origin", "HEAD"]);
    command.env("KEHU_PUSHER", pusher);
    team.env.finish(command)
}

const LI_EMAIL: &str = "li@example.com";
const ADMIN_EMAIL: &str = "test@example.com";

#[test]
fn who_is_known_is_author_and_committer() {
    let team = Team::new();
    let refused = |makers: [&str; 2], message: &str, said: &str| {
        team.reset("li");
        team.edit("li", LI, "Hangzhou", "Shanghai");
        commit_as(&team, "li", makers, message);
        let output = push_as(&team, "li", "li");
        let place = format!("commit {}: {said}", &team.git_done("li", &["rev-parse", "HEAD"])[..8]);
        assert!(output.code == 1 && output.stderr.contains(&place), "{output}");
    };
    let forged = "`li@example.com` committed it in the name of `test@example.com`, which only an admin may";
    refused([ADMIN_EMAIL, LI_EMAIL], "x", forged);
    refused([ADMIN_EMAIL, LI_EMAIL], "x\n\nKehu-On-Behalf-Of: other", "only admins act in another's name");
    refused([LI_EMAIL, LI_EMAIL], "x\n\nKehu-On-Behalf-Of: other", "only admins act in another's name");
    refused([LI_EMAIL, ADMIN_EMAIL], "x", "`li` pushes a commit by `test@example.com`");
    // What an admin commits and pushes may be another's work, and be in another's name.
    team.reset("admin");
    team.edit("admin", LI, "Hangzhou", "Shanghai");
    commit_as(&team, "admin", [LI_EMAIL, ADMIN_EMAIL], "x");
    team.kehu("admin", &["--as", "li", "lead", "set", "LEAD-2026-001", "remark=x"]);
    assert_eq!(push_as(&team, "admin", "admin").code, 0);
    // A merge is the person's who makes it, and what it brings is on the server.
    team.reset("other");
    team.kehu("li", &["sync"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=y"]);
    team.kehu("other", &["lead", "set", "LEAD-2026-003", "remark=y"]);
    assert_eq!(push_as(&team, "other", "other").code, 0);
    team.git_done("li", &["pull", "-q", "--no-rebase", "--no-edit"]);
    let merged = push_as(&team, "li", "li");
    assert_eq!(merged.code, 0, "{merged}");
}

#[test]
fn a_signature_is_the_authors() {
    let team = Team::new();
    let (Some(li), Some(other)) = (sign_with(&team, "li", "li"), sign_with(&team, "other", "other")) else {
        eprintln!("not tested: there is no ssh-keygen here");
        return;
    };
    // What another has signed may be pushed for that person.
    for (login, key) in [("li", &li), ("other", &other)] {
        team.kehu("admin", &["user", "set", login, &format!("ssh_keys={key}")]);
    }
    team.pushed("admin");
    team.reset("other");
    team.kehu("other", &["lead", "set", "LEAD-2026-003", "remark=signed"]);
    team.git_done("li", &["pull", "-q", "../other", "main"]);
    assert_eq!(push_as(&team, "li", "li").code, 0);
    team.git_done("admin", &["pull", "-q"]);
    team.edit("admin", "config/access.toml", "require = false", "require = true");
    sign_with(&team, "admin", "admin").unwrap();
    team.kehu("admin", &["commit"]);
    team.pushed("admin");
    team.reset("li");
    team.edit("li", LI, "Hangzhou", "Shanghai");
    commit_as(&team, "li", [ADMIN_EMAIL, LI_EMAIL], "x");
    for output in [team.git("li", &["push", "-q", "origin", "HEAD"]), push_as(&team, "li", "admin")] {
        assert!(output.code == 1 && output.stderr.contains("in the name of `test@example.com`"), "{output}");
    }
}
