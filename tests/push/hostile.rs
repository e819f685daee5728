//! Pushes made to get around the hook: by plain git and by raw objects.

use crate::served::{LI, OTHERS, Team};

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

/// Commits all changes of a clone as it says, author and committer.
fn commit_as(team: &Team, login: &str, [author, committer]: [&str; 2], message: &str) {
    let mut command = team.command("git", login, &["commit", "-qam", message]);
    for (part, who) in [("AUTHOR", author), ("COMMITTER", committer)] {
        command.env(format!("GIT_{part}_EMAIL"), who).env(format!("GIT_{part}_NAME"), who);
    }
    assert_eq!(team.env.finish(command).code, 0);
}

/// Pushes as a server does that says who it is; returns what reaches the pusher.
fn push_as(team: &Team, login: &str, pusher: &str) -> crate::common::Output {
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
    let (Some(li), Some(other)) = (team.sign_with("li", "li"), team.sign_with("other", "other")) else {
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
    team.sign_with("admin", "admin").unwrap();
    team.kehu("admin", &["commit"]);
    team.pushed("admin");
    team.reset("li");
    team.edit("li", LI, "Hangzhou", "Shanghai");
    commit_as(&team, "li", [ADMIN_EMAIL, LI_EMAIL], "x");
    for output in [team.git("li", &["push", "-q", "origin", "HEAD"]), push_as(&team, "li", "admin")] {
        assert!(output.code == 1 && output.stderr.contains("in the name of `test@example.com`"), "{output}");
    }
}

/// Writes an object as it is given, sound or not; returns its id.
fn raw(team: &Team, kind: &str, data: &[u8]) -> String {
    let path = team.folder("li").join(".git/raw");
    std::fs::write(&path, data).unwrap();
    team.git_done("li", &["hash-object", "--literally", "-w", "-t", kind, ".git/raw"])
}

/// Returns a tree's form with one more entry.
fn entry(mode: &str, name: &str, id: &str) -> Vec<u8> {
    let id = (0..20).map(|at| u8::from_str_radix(&id[at * 2..at * 2 + 2], 16).unwrap());
    format!("{mode} {name}\0").into_bytes().into_iter().chain(id).collect()
}

#[test]
fn what_sync_would_stop_at_is_refused() {
    let team = Team::new();
    let push = |tree: &str| {
        let commit = team.git_done("li", &["commit-tree", tree, "-p", "origin/main", "-m", "x"]);
        team.refused("li", &[&format!("{commit}:refs/heads/main")])
    };
    let blob = raw(&team, "blob", b"x");
    let folder = raw(&team, "tree", &entry("100644", "x", &blob));
    let top = team.git_done("li", &["ls-tree", "HEAD", "--format=%(objectmode) %(objectname) %(path)"]);
    let entries: Vec<Vec<u8>> = top
        .lines()
        .map(|line| line.splitn(3, ' ').collect::<Vec<_>>())
        .map(|parts| entry(parts[0].trim_start_matches('0'), parts[2], parts[1]))
        .collect();
    // Beside what is there, before it or after it.
    let beside = |mode: &str, name: &str, id: &str| {
        let [before, after] = [name < ".gitattributes", name >= ".gitattributes"];
        let odd = entry(mode, name, id);
        let parts = entries.iter().enumerate().flat_map(|(at, one)| match (at, before, after) {
            (0, true, _) => [odd.clone(), one.clone()].concat(),
            (0, _, true) => [one.clone(), odd.clone()].concat(),
            _ => one.clone(),
        });
        let data: Vec<u8> = parts.collect();
        raw(&team, "tree", &data)
    };
    for (mode, name, id) in [
        ("40000", ".git", &folder),
        ("40000", "..", &folder),
        ("100644", ".Git", &blob),
        ("40000", ".git ", &folder),
        ("100644", "leads/2026/LEAD-2026-003.toml", &blob),
        ("100644", ".gitattributes", &blob),
        ("40000", "users", &folder),
        ("100644", "a\nb", &blob),
    ] {
        let said = push(&beside(mode, name, id));
        assert!(said.contains("no clone could take it") || said.contains("not yours"), "{name:?}: {said}");
    }
    for (mode, name, what) in [
        ("120000", "docs", "docs:1:1: it is a link or another repository, not a file"),
        ("160000", "module", "module:1:1: it is a link or another repository, not a file"),
        ("100755", "run.sh", "run.sh:1:1: its mode is that of a program"),
        ("100755", LI, "LEAD-2026-001.toml:1:1: its mode is that of a program"),
        ("100755", OTHERS, "LEAD-2026-003.toml:1:1: its mode is that of a program"),
    ] {
        team.reset("li");
        let same = team.git("li", &["rev-parse", &format!("HEAD:{name}")]);
        let id = if same.code == 0 { same.stdout.trim() } else { &blob };
        let id = if mode == "160000" { &team.git_done("li", &["rev-parse", "HEAD"]) } else { id };
        team.git_done("li", &["update-index", "--add", "--cacheinfo", &format!("{mode},{id},{name}")]);
        let said = push(&team.git_done("li", &["write-tree"]));
        assert!(said.contains(what), "{name}: {said}");
    }
}

#[test]
fn what_is_odd_already_may_stay_and_only_admins_mend_it() {
    let team = Team::new();
    std::os::unix::fs::symlink("kehu.toml", team.folder("admin").join("link")).unwrap();
    team.write("admin", "run.sh", "true\n");
    team.git_done("admin", &["add", "-A"]);
    team.git_done("admin", &["update-index", "--chmod=+x", "run.sh", LI]);
    team.git_done("admin", &["commit", "-qm", "x"]);
    std::fs::rename(team.folder("server.git/hooks"), team.folder("server.git/off")).unwrap();
    team.pushed("admin");
    std::fs::rename(team.folder("server.git/off"), team.folder("server.git/hooks")).unwrap();
    // Brought together with what is new; the record stays what it is when it is changed.
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=own"]);
    team.git_done("li", &["pull", "-q", "--no-rebase", "--no-edit"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=again"]);
    team.pushed("li");
    for mend in [&["rm", "-q", "link"][..], &["update-index", "--chmod=-x", LI]] {
        for (login, may) in [("li", false), ("admin", true)] {
            team.reset(login);
            team.git_done(login, mend);
            team.git_done(login, &["commit", "-qm", "x"]);
            match may {
                true => team.pushed(login),
                false => assert!(team.refused(login, &["HEAD"]).contains("it was no plain file, and only admins")),
            }
        }
    }
}

#[test]
fn what_is_no_text_is_said_to_be_none() {
    let team = Team::new();
    let write = |path: &str, bytes: &[u8]| std::fs::write(team.folder("admin").join(path), bytes).unwrap();
    let huge = vec![b'#'; (16 << 20) + 1];
    for (path, bytes, said) in [
        (
            LI,
            &b"status = \"new\"\n# \xff\n"[..],
            "LEAD-2026-001.toml:2:3: the file is not UTF-8 text; save it as UTF-8",
        ),
        ("config/sla.toml", b"# \xff\n", "config/sla.toml:1:3: the file is not UTF-8 text"),
        (LI, &huge, "LEAD-2026-001.toml:1:1: the file has 16 MB; a record has at most 16 MB"),
    ] {
        team.reset("admin");
        write(path, bytes);
        team.commit("admin");
        let refused = team.refused("admin", &["HEAD"]);
        assert!(refused.contains(said) && !refused.contains("missing"), "{refused}");
    }
}
