//! What no clone could take or read: links, modes, names, raw objects, what is no text.

use super::{LI, OTHERS, Team};

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
