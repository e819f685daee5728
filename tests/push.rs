//! Pushes judged on the server: by real git, to a bare repository with the hook.

mod common;

#[path = "common/served.rs"]
mod served;

use common::Env;
use served::{LI, OTHERS, POOL, Team};
use std::path::Path;

#[test]
fn what_everybody_may_is_taken() {
    let team = Team::new();
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=mine"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-002", "owner=li"]);
    team.kehu("li", &["followup", "add", "LEAD-2026-001", "method=phone", "points=x", "no_next=later"]);
    team.edit("li", LI, "Hangzhou", "Shanghai");
    team.commit("li");
    team.pushed("li");
    team.git_done("admin", &["pull", "-q"]);
    team.kehu("admin", &["user", "add", "new", "name=New", "email=new@example.com", "role=sales"]);
    team.kehu("admin", &["--as", "li", "lead", "set", "LEAD-2026-001", "remark=for li"]);
    team.edit("admin", "config/access.toml", "rewind = false", "rewind = false # as ever");
    team.kehu("admin", &["commit"]);
    team.pushed("admin");
    // Who is made a user is one behind that commit, in the same push too.
    team.kehu("admin", &["user", "add", "newer", "name=Newer", "email=newer@example.com", "role=sales"]);
    let new = ["lead", "add", "contact_name=x", "region=x", "source=hotline"];
    let kehu = assert_cmd::cargo::cargo_bin!("kehu");
    for (login, phone) in [("new", "13800138077"), ("newer", "13800138078")] {
        let [company, phone] = [format!("company={login}"), format!("phone={phone}")];
        let mut command = team.command(kehu, login, &[&new[..], &[&company, &phone]].concat());
        command.current_dir(team.folder("admin"));
        let added = team.env.finish(command);
        assert_eq!(added.code, 0, "{added}");
    }
    team.pushed("admin");
    team.git_done("li", &["pull", "-q"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=again"]);
    team.pushed("li");
    assert_eq!(team.env.run(&["-C", "../li", "check"]).code, 0);
}

#[test]
fn what_is_not_theirs_is_refused_with_the_line() {
    let team = Team::new();
    let owner_line = std::fs::read_to_string(team.folder("li").join(OTHERS)).unwrap();
    let owner_line = owner_line.lines().position(|line| line.starts_with("owner")).unwrap() + 1;
    team.edit("li", OTHERS, "Hangzhou", "Shanghai");
    team.commit("li");
    let short = &team.git_done("li", &["rev-parse", "HEAD"])[..8];
    let said = team.refused("li", &["HEAD"]);
    let line = format!(
        "commit {short}: {OTHERS}:{owner_line}:9: `LEAD-2026-003` is not yours to change: it belongs to `other`"
    );
    assert!(said.contains(&line) && said.contains("`other` could do it"), "{said}");

    for (path, what) in
        [(LI, "`LEAD-2026-001` is not yours to remove"), (POOL, "`LEAD-2026-002` is not yours to remove")]
    {
        team.reset("li");
        team.git_done("li", &["rm", "-q", path]);
        team.commit("li");
        let said = team.refused("li", &["HEAD"]);
        assert!(said.contains(&format!("{path}:1:1: {what}")), "{said}");
    }
    for (path, text, what) in [
        ("config/scoring.toml", "", "`config/scoring.toml` is not yours to change; only admins"),
        (".gitattributes", "* -text\n", "`.gitattributes` is not yours to change"),
        (
            "users/li.toml",
            "name = \"li\"\nemail = \"li@example.com\"\nrole = \"admin\"\n",
            "only admins write `config/` and",
        ),
        (
            "users/me.toml",
            "name = \"Me\"\nemail = \"me@example.com\"\nrole = \"admin\"\n",
            "only admins write `config/` and",
        ),
    ] {
        team.reset("li");
        team.write("li", path, text);
        team.commit("li");
        let said = team.refused("li", &["HEAD"]);
        assert!(said.contains(what), "{said}");
        // Nor under cover of what is done with it afterwards.
        team.edit("li", OTHERS, "Hangzhou", "Shanghai");
        team.commit("li");
        assert!(team.refused("li", &["HEAD"]).contains("`LEAD-2026-003` is not yours to change"));
    }
    team.reset("boss");
    team.git_done("boss", &["rm", "-q", LI]);
    team.commit("boss");
    team.pushed("boss");
}

#[test]
fn who_is_no_user_or_another_is_refused() {
    let team = Team::new();
    team.edit("li", LI, "Hangzhou", "Shanghai");
    team.git_done("li", &["add", "-A"]);
    let forge = |author: &str, committer: &str| {
        let mut command = team.command("git", "li", &["commit", "-qm", "x", "--amend"]);
        if team.git_done("li", &["rev-parse", "HEAD"]) == team.git_done("li", &["rev-parse", "origin/main"]) {
            command = team.command("git", "li", &["commit", "-qm", "x"]);
        } else {
            command.arg("--reset-author");
        }
        command.env("GIT_AUTHOR_EMAIL", author).env("GIT_COMMITTER_EMAIL", committer);
        assert_eq!(team.env.finish(command).code, 0);
    };
    let own = "li@example.com";
    forge("stranger@example.com", "stranger@example.com");
    assert!(team.refused("li", &["HEAD"]).contains("git's address `stranger@example.com` is no user's"));
    forge("stranger@example.com", own);
    assert!(team.refused("li", &["HEAD"]).contains("`stranger@example.com` is no user's"));
    forge(own, "other@example.com");
    assert!(team.refused("li", &["HEAD"]).contains("`LEAD-2026-001` is not yours to change"));
    // An address can be forged; a server that knows who pushes is believed.
    forge("test@example.com", "test@example.com");
    let push = |pusher: &str| {
        let mut command = team.command("git", "li", &["push", "-q", "origin", "HEAD"]);
        command.env("KEHU_PUSHER", pusher);
        team.env.finish(command)
    };
    let other = push("li");
    assert!(other.stderr.contains("`li` pushes a commit by `test@example.com`"), "{other}");
    assert!(push("nobody").stderr.contains("`nobody`, who pushes, is no user"));
    forge(own, own);
    assert_eq!(push("li@example.com").code, 0);
    // In another's name by who is no admin.
    team.edit("li", LI, "Shanghai", "Suzhou");
    team.git_done("li", &["commit", "-qam", "x", "-m", "Kehu-On-Behalf-Of: admin"]);
    assert!(team.refused("li", &["HEAD"]).contains("only admins act in another's name (`--as admin`)"));
}

#[test]
fn what_breaks_a_rule_is_refused_whoever_made_it() {
    let team = Team::new();
    let lead = std::fs::read_to_string(team.folder("admin").join(LI)).unwrap();
    let dictionary = std::fs::read_to_string(team.folder("admin").join("config/dictionary.toml")).unwrap();
    let dictionary = dictionary.replace("key = \"hotline\"", "key = \"telephone\"");
    let cases: [(&str, &str, &str); 9] = [
        (LI, "status = \"sleeping\"\n", "LEAD-2026-001.toml:1:10: Status `sleeping` is not in dictionary"),
        (LI, "status = \n", "LEAD-2026-001.toml:1:10: not TOML"),
        ("leads/2026/LEAD-2025-009.toml", &lead, "the file does not lie where its number says; move it to `leads/2025"),
        ("leads/2026/note.toml", &lead, "the file name is not a number of its kind"),
        ("config/sla.toml", "x = 1\n", "config/sla.toml:1:1: unknown setting `x`"),
        ("kehu.toml", "format = 1\nname = \"x\"\nlocale = \"xx\"\n", "kehu.toml:3:10: unknown locale"),
        ("kehu.toml", "format = 2\nname = \"x\"\n", "the repository has format 2"),
        (
            "users/li.toml",
            "name = \"li\"\nemail = \"li@example.com\"\nrole = \"sales\"\nssh_keys = [\"x\"]\n",
            "is not a public SSH key",
        ),
        ("config/dictionary.toml", &dictionary, "Source `hotline` is not in dictionary"),
    ];
    for (path, text, what) in cases {
        team.reset("admin");
        team.write("admin", path, text);
        team.commit("admin");
        let said = match what.contains("format 2") {
            true => team.git("admin", &["push", "-q", "origin", "HEAD"]).stderr,
            false => team.refused("admin", &["HEAD"]),
        };
        assert!(said.contains(what), "{path}: {said}");
    }
    // References: one that leads nowhere, and one that is left leading there.
    team.reset("admin");
    team.edit("admin", LI, "owner = \"li\"", "owner = \"nobody\"");
    team.commit("admin");
    assert!(team.refused("admin", &["HEAD"]).contains("`nobody` does not exist"));
    team.reset("admin");
    team.git_done("admin", &["rm", "-q", "users/li.toml"]);
    team.commit("admin");
    let said = team.refused("admin", &["HEAD"]);
    assert!(said.contains("leads/2026/LEAD-2026-001.toml:") && said.contains("`li` does not exist"), "{said}");
    // A link in the place of a record.
    team.reset("admin");
    std::os::unix::fs::symlink("LEAD-2026-001.toml", team.folder("admin").join("leads/2026/LEAD-2026-009.toml"))
        .unwrap();
    team.commit("admin");
    assert!(team.refused("admin", &["HEAD"]).contains("it is a link or another repository, not a file"));
    // What was wrong before is not held against a change beside it.
    team.reset("admin");
    team.write("admin", "leads/2026/LEAD-2026-010.toml", "status = \"sleeping\"\n");
    team.commit("admin");
    std::fs::rename(team.folder("server.git/hooks"), team.folder("server.git/off")).unwrap();
    team.pushed("admin");
    std::fs::rename(team.folder("server.git/off"), team.folder("server.git/hooks")).unwrap();
    team.edit("admin", "leads/2026/LEAD-2026-010.toml", "sleeping\"\n", "sleeping\"\nremark = \"x\"\n");
    team.commit("admin");
    team.pushed("admin");
}

#[test]
fn numbers_are_nobody_elses() {
    let team = Team::new();
    team.kehu("boss", &["lead", "set", "LEAD-2026-001", "remark=x"]);
    team.git_done("boss", &["rm", "-q", LI]);
    team.commit("boss");
    team.pushed("boss");
    team.reset("li");
    let text = "status = \"new\"\ncompany = \"Another\"\ncontact_name = \"x\"\nphone = \"13800138099\"\nregion = \"x\"\nsource = \"hotline\"\nacquired_on = 2026-03-12\nowner = \"li\"\n";
    team.write("li", LI, text);
    team.commit("li");
    assert!(team.refused("li", &["HEAD"]).contains("`LEAD-2026-001` is or was another record's"));
    // The same record may come back.
    team.reset("boss");
    team.git_done("boss", &["checkout", "-q", "HEAD~1", "--", LI]);
    team.commit("boss");
    team.pushed("boss");
    // Two clones that gave the same number meet on a branch of their own, too.
    for login in ["li", "other"] {
        team.reset(login);
        let [company, owner] = [format!("company={login}"), format!("owner={login}")];
        let new =
            ["lead", "add", &company, "contact_name=x", "phone=13800138098", "region=x", "source=hotline", &owner];
        assert_eq!(team.kehu(login, &new), "LEAD-2026-004");
    }
    team.pushed("li");
    team.git_done("other", &["fetch", "-q"]);
    assert!(team.refused("other", &["HEAD:refs/heads/mine"]).contains("`LEAD-2026-004` is or was another record's"));
}

#[test]
fn the_main_branch_only_grows() {
    let team = Team::new();
    team.kehu("admin", &["lead", "set", "LEAD-2026-001", "remark=x"]);
    team.pushed("admin");
    team.git_done("admin", &["reset", "-q", "--hard", "HEAD~1"]);
    assert!(team.refused("admin", &["--force", "HEAD"]).contains("`refs/heads/main` would lose commits"));
    assert!(team.refused("admin", &["--delete", "main"]).contains("`refs/heads/main` is the main branch and stays"));
    team.git_done("admin", &["push", "-q", "origin", "HEAD:refs/heads/mine"]);
    team.git_done("admin", &["push", "-q", "origin", "--delete", "mine"]);
    team.git_done("admin", &["tag", "kept"]);
    team.git_done("admin", &["push", "-q", "origin", "kept"]);
    let blob = team.git_done("admin", &["rev-parse", "HEAD:kehu.toml"]);
    assert!(team.refused("admin", &[&format!("{blob}:refs/tags/odd")]).contains("would lead to no commit"));
    team.reset("admin");
    team.edit("admin", "config/access.toml", "rewind = false", "rewind = true");
    team.kehu("admin", &["commit"]);
    team.pushed("admin");
    team.git_done("admin", &["reset", "-q", "--hard", "HEAD~2"]);
    team.git_done("admin", &["push", "-q", "--force", "origin", "HEAD"]);
}

#[test]
fn a_merge_is_judged_by_what_it_changes_itself() {
    let team = Team::new();
    // Different fields of one record, by two people: what git brings together is nobody's change.
    team.edit("li", LI, "Hangzhou", "Shanghai");
    team.commit("li");
    team.kehu("boss", &["lead", "set", "LEAD-2026-001", "remark=from the boss"]);
    team.kehu("boss", &["lead", "set", "LEAD-2026-002", "owner=li"]);
    team.pushed("boss");
    team.git_done("li", &["pull", "-q", "--no-rebase", "--no-edit"]);
    team.pushed("li");
    // A merge that takes an old version back has changed it.
    team.reset("boss");
    team.kehu("boss", &["lead", "set", "LEAD-2026-002", "owner=boss"]);
    team.reset("other");
    team.kehu("other", &["lead", "set", "LEAD-2026-003", "remark=own"]);
    team.pushed("boss");
    team.git_done("other", &["fetch", "-q"]);
    team.git_done("other", &["merge", "-q", "-s", "ours", "--no-edit", "origin/main"]);
    let said = team.refused("other", &["HEAD"]);
    assert!(said.contains("`LEAD-2026-002` is not yours to change: it belongs to `boss`"), "{said}");
    team.git_done("other", &["reset", "-q", "--hard", "HEAD~1"]);
    // So has one in which something is changed by hand.
    team.git_done("other", &["merge", "-q", "--no-commit", "origin/main"]);
    team.edit("other", LI, "Shanghai", "Suzhou");
    team.commit("other");
    assert!(team.refused("other", &["HEAD"]).contains("`LEAD-2026-001` is not yours to change"));
    team.git_done("other", &["reset", "-q", "--hard", "HEAD~1"]);
    team.git_done("other", &["merge", "-q", "--no-edit", "origin/main"]);
    team.pushed("other");
}

#[test]
fn a_record_is_not_taken_over_by_a_history_of_ones_own() {
    let team = Team::new();
    let record = std::fs::read_to_string(team.folder("other").join(LI)).unwrap();
    let pool: String =
        record.lines().filter(|line| !line.starts_with("owner")).map(|line| format!("{line}\n")).collect();
    // From before the record was there, or from nowhere: it is added to the pool, which anybody may, and merged.
    let first = team.git_done("other", &["rev-list", "--max-parents=0", "HEAD"]);
    for start in [Some(first.as_str()), None] {
        team.reset("other");
        match start {
            Some(first) => drop(team.git_done("other", &["checkout", "-q", "-B", "old", first])),
            None => {
                team.git_done("other", &["checkout", "-q", "--orphan", "none"]);
                team.git_done("other", &["rm", "-rq", "--cached", "."]);
                team.git_done("other", &["clean", "-qfdx"]);
            }
        }
        team.write("other", LI, &format!("{pool}remark = \"mine now\"\n"));
        team.commit("other");
        for [one, other] in [["HEAD", "origin/main"], ["origin/main", "HEAD"]] {
            team.git_done("other", &["read-tree", "--reset", "-u", "origin/main"]);
            team.write("other", LI, &format!("{record}remark = \"mine now\"\n"));
            team.git_done("other", &["add", "-A"]);
            let tree = team.git_done("other", &["write-tree"]);
            let merge = team.git_done("other", &["commit-tree", &tree, "-m", "merge", "-p", one, "-p", other]);
            let said = team.refused("other", &[&format!("{merge}:refs/heads/main")]);
            assert!(said.contains("`LEAD-2026-001` is not yours to change: it belongs to `li`"), "{start:?} {said}");
        }
        team.git_done("other", &["reset", "-q", "--hard"]);
        team.git_done("other", &["checkout", "-q", "main"]);
    }
    let replaced = team.git_done("other", &["rev-parse", "HEAD"]);
    let said = team.refused("other", &[&format!("HEAD:refs/replace/{replaced}")]);
    assert!(said.contains("would replace what others see"), "{said}");
}

#[test]
fn what_sync_merges_is_taken() {
    let team = Team::new();
    let new = |login: &str, company: &str, phone: &str| {
        let [company, phone, owner] =
            [format!("company={company}"), format!("phone={phone}"), format!("owner={login}")];
        team.kehu(login, &["lead", "add", &company, &phone, "contact_name=x", "region=x", "source=hotline", &owner])
    };
    // The same number for two records, the same field changed two ways, different fields of one record.
    assert_eq!([new("boss", "North", "13800138050"), new("li", "South", "13800138051")], ["LEAD-2026-004"; 2]);
    team.kehu("li", &["followup", "add", "LEAD-2026-004", "method=phone", "points=x", "no_next=later"]);
    team.kehu("boss", &["lead", "set", "LEAD-2026-001", "remark=from the boss", "need=desks"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=from li", "region=Suzhou"]);
    team.kehu("boss", &["sync"]);
    let met = team.env.finish(team.command(assert_cmd::cargo::cargo_bin!("kehu"), "li", &["sync"]));
    assert!(met.stderr.contains("4 commits went"), "{met}");
    team.kehu("boss", &["sync"]);
    let merged = std::fs::read_to_string(team.folder("boss").join(LI)).unwrap();
    assert!(
        merged.contains("[[conflicts]]") && merged.contains("region = \"Suzhou\"") && merged.contains("desks"),
        "{merged}"
    );
    assert!(team.folder("boss").join("leads/2026/LEAD-2026-005.toml").exists());
    // Taken out of li's hands meanwhile: what li did before, with the right to, is merged all the same.
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "intent=interested"]);
    team.kehu("admin", &["sync"]);
    team.kehu("admin", &["lead", "set", "LEAD-2026-001", "owner=other"]);
    team.kehu("admin", &["sync"]);
    team.kehu("li", &["sync"]);
    let handed = team.env.git_done(&["-C", "../server.git", "show", &format!("main:{LI}")]);
    assert!(handed.contains("owner = \"other\"") && handed.contains("intent = \"interested\""), "{handed}");
}

#[test]
fn a_right_that_was_taken_is_gone_on_old_branches_too() {
    let team = Team::new();
    team.kehu("admin", &["user", "set", "boss", "role=admin"]);
    team.pushed("admin");
    team.reset("boss");
    // Made while still an admin, pushed when no more.
    team.write("boss", "users/ghost.toml", "name = \"Ghost\"\nemail = \"ghost@example.com\"\nrole = \"admin\"\n");
    team.commit("boss");
    team.kehu("admin", &["user", "set", "boss", "role=sales"]);
    team.pushed("admin");
    assert!(team.refused("boss", &["HEAD:refs/heads/side"]).contains("only admins write `config/` and `users/`"));
    team.git_done("boss", &["pull", "-q", "--no-rebase", "--no-edit"]);
    assert!(team.refused("boss", &["HEAD"]).contains("only admins write `config/` and `users/`"));
    // The last admin stays, and an admin may hand over.
    team.git_done("admin", &["rm", "-q", "users/admin.toml"]);
    team.commit("admin");
    assert!(team.refused("admin", &["HEAD"]).contains("no user would be an admin any more"));
}

#[test]
fn an_empty_server_takes_what_is_sound() {
    let env = Env::repository("zh");
    env.done(&["user", "add", "li", "name=li", "email=li@example.com", "role=sales"]);
    let team = Team { env };
    team.env.git_done(&["init", "-q", "--bare", "--initial-branch=main", "../server.git"]);
    team.env.done(&["hook", "install", "pre-receive", "-C", "../server.git"]);
    assert_eq!(
        team.env.run(&["hook", "install", "pre-receive", "-C", "../server.git"]).stderr,
        "the hook is installed already\n",
        "it has no language yet"
    );
    let path = "../server.git";
    let push = || team.env.finish(team.command("git", "work", &["push", "-q", path, "HEAD"]));
    assert_eq!(push().code, 0, "roles do not hold yet");
    team.env.write(LI, "status = \"new\"\n");
    team.commit("work");
    let refused = push();
    assert!(refused.stderr.contains("remote: 错误：推送被拒绝，未接受任何内容"), "{refused}");
    let work = team.env.run(&["hook", "install", "pre-receive"]);
    assert!(work.code == 2 && work.stderr.contains("不是裸 git 仓库"), "{work}");
}

/// Serves the server's repository over loopback until dropped.
struct Daemon(std::process::Child, u16);

impl Daemon {
    fn new(team: &Team) -> Option<Daemon> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let home = team.folder("");
        let mut command = std::process::Command::new("git");
        team.env.hermetic_std(&mut command, &home);
        let own = Path::new(assert_cmd::cargo::cargo_bin!("kehu")).parent().unwrap().to_path_buf();
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env("PATH", std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path))).unwrap());
        command.arg("daemon").arg(format!("--base-path={}", home.display())).arg(format!("--port={port}"));
        command.args(["--listen=127.0.0.1", "--export-all", "--enable=receive-pack", "--reuseaddr"]).arg(&home);
        let child = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().ok()?;
        let daemon = Daemon(child, port);
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(daemon);
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        None
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_same_over_the_network_and_by_a_file_address() {
    let team = Team::new();
    let daemon = Daemon::new(&team).expect("git daemon");
    let file = format!("file://{}", team.folder("server.git").display());
    for (at, address) in [format!("git://127.0.0.1:{}/server.git", daemon.1), file].iter().enumerate() {
        team.git_done("li", &["remote", "set-url", "origin", address]);
        team.reset("li");
        team.kehu("li", &["lead", "set", "LEAD-2026-001", &format!("remark={at}")]);
        team.pushed("li");
        team.edit("li", OTHERS, "Hangzhou", "Shanghai");
        team.commit("li");
        assert!(team.refused("li", &["HEAD"]).contains("`LEAD-2026-003` is not yours to change"), "{address}");
    }
}

#[test]
fn signatures_where_they_are_wanted() {
    let team = Team::new();
    let (Some(li), Some(admin)) = (team.sign_with("li", "li"), team.sign_with("admin", "admin")) else {
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
    team.sign_with("li", "stolen").unwrap();
    change("by a key of nobody");
    assert!(team.refused("li", &["HEAD"]).contains("its signature is by no key of `li@example.com`"));
    team.sign_with("li", "admin").unwrap();
    change("by the admin's key");
    assert!(team.refused("li", &["HEAD"]).contains("it is signed by `admin` and says it was made by `li@example.com`"));
    team.sign_with("li", "li").unwrap();
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
