//! Commits that are signed, where the repository wants that.

use super::{LI, OTHERS, Team};

/// Makes a key and has the clone of `login` sign with it; returns the public one.
pub fn sign_with(team: &Team, login: &str, name: &str) -> Option<String> {
    let key = team.folder(&format!("key-{name}"));
    let mut command = assert_cmd::Command::new("ssh-keygen");
    team.env.hermetic(&mut command, &team.folder(""));
    command.args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]).arg(&key);
    if !key.exists() && !command.output().ok()?.status.success() {
        return None;
    }
    let text = key.to_string_lossy().into_owned();
    for (setting, value) in [("gpg.format", "ssh"), ("commit.gpgSign", "true"), ("user.signingKey", text.as_str())] {
        team.git_done(login, &["config", setting, value]);
    }
    Some(std::fs::read_to_string(key.with_extension("pub")).unwrap().trim().to_string())
}

#[test]
fn signatures_where_they_are_wanted() {
    let team = Team::new();
    let (Some(li), Some(admin)) = (sign_with(&team, "li", "li"), sign_with(&team, "admin", "admin")) else {
        eprintln!("not tested: there is no ssh-keygen here");
        return;
    };
    for (login, key) in [("li", &li), ("admin", &admin)] {
        team.kehu("admin", &["user", "set", login, &format!("ssh_keys={key}")]);
    }
    team.edit("admin", "config/access.toml", "require = false", "require = true");
    team.kehu("admin", &["commit"]);
    team.pushed("admin");
    // A commit of kehu is signed as one of git is, and git can tell by whom.
    team.reset("li");
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=signed"]);
    team.write("li", ".git/signers", &format!("li {li}\n"));
    team.git_done("li", &["-c", "gpg.ssh.allowedSignersFile=.git/signers", "verify-commit", "HEAD"]);
    assert_eq!(team.git_done("li", &["fsck", "--strict"]), "");
    team.edit("li", LI, "Hangzhou", "Shanghai");
    team.commit("li");
    team.pushed("li");
    let change = |to: &str| {
        team.reset("li");
        team.kehu("li", &["lead", "set", "LEAD-2026-001", &format!("remark={to}")]);
    };
    team.git_done("li", &["config", "commit.gpgSign", "false"]);
    change("unsigned");
    assert!(team.refused("li", &["HEAD"]).contains("it is not signed"));
    // A key that is nobody's, one that is another's, and another's name under one's own key.
    sign_with(&team, "li", "stolen").unwrap();
    change("by a key of nobody");
    assert!(team.refused("li", &["HEAD"]).contains("its signature is by no key of `li@example.com`"));
    sign_with(&team, "li", "admin").unwrap();
    change("by the admin's key");
    assert!(team.refused("li", &["HEAD"]).contains("it is signed by `admin` and says it was made by `li@example.com`"));
    sign_with(&team, "li", "li").unwrap();
    team.reset("li");
    team.edit("li", OTHERS, "Hangzhou", "Shanghai");
    let mut forged = team.command("git", "li", &["commit", "-qam", "x"]);
    forged.env("GIT_AUTHOR_EMAIL", "test@example.com").env("GIT_COMMITTER_EMAIL", "test@example.com");
    assert_eq!(team.env.finish(forged).code, 0);
    let said = team.refused("li", &["HEAD"]);
    assert!(said.contains("it is signed by `li` and says it was made by `test@example.com`"), "{said}");
    // A signature that was moved to another commit.
    change("moved");
    let signed =
        team.git_done("li", &["cat-file", "commit", "HEAD"]).replace("LEAD-2026-001 remark", "LEAD-2026-001 other");
    team.write("li", ".git/moved", &format!("{signed}\n"));
    let moved = team.git_done("li", &["hash-object", "-t", "commit", "-w", ".git/moved"]);
    assert!(team.refused("li", &[&format!("{moved}:refs/heads/main")]).contains("its signature is by no key"));
}

#[test]
fn a_commit_that_cannot_be_signed_is_not_made() {
    let team = Team::new();
    for (setting, value) in [("gpg.format", "ssh"), ("commit.gpgSign", "true")] {
        team.git_done("li", &["config", setting, value]);
    }
    let set = || {
        let kehu = assert_cmd::cargo::cargo_bin!("kehu");
        team.env.finish(team.command(kehu, "li", &["lead", "set", "LEAD-2026-001", "remark=x"]))
    };
    let before = team.git_done("li", &["rev-parse", "HEAD"]);
    let keyless = set();
    assert!(keyless.code == 1 && keyless.stderr.contains("git knows no key (`user.signingKey`)"), "{keyless}");
    team.git_done("li", &["config", "user.signingKey", "/nowhere/key"]);
    let failed = set();
    assert!(failed.code == 1 && failed.stderr.contains("the commit could not be signed: "), "{failed}");
    assert_eq!(team.git_done("li", &["rev-parse", "HEAD"]), before);
    assert_eq!(team.git_done("li", &["status", "--porcelain"]), "");
}
