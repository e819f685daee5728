//! `kehu status` beside `git status`: the same files, whatever state they are in.
//!
//! Where stats tell that nothing changed git is not asked; so every state is looked at in a repository of
//! which the rest is certain.

#![cfg(unix)]

mod common;

use common::Env;
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";
const OTHER: &str = "leads/2026/LEAD-2026-002.toml";
const NEW: &str = "leads/2026/LEAD-2026-009.toml";

fn repository() -> Env {
    let env = Env::with_two_leads();
    env.done(&["user", "add", "li.ming", "name=Example", "email=test@example.com", "role=sales"]);
    env
}

/// Returns what `kehu status` says of each file.
#[track_caller]
fn ours(env: &Env) -> BTreeMap<String, String> {
    let said = env.json(&["status", "--json"]);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_string();
    said["edits"].as_array().unwrap().iter().map(|edit| (text(&edit["path"]), text(&edit["change"]))).collect()
}

/// Returns what `git status` says of each file of ours, in our words; hidden files that nobody staged are no records.
fn theirs(env: &Env) -> BTreeMap<String, String> {
    let said = env.git_done(&["status", "--porcelain=v2", "--no-renames", "-uall"]);
    let ours = ["kehu.toml", "config/", "leads/", "users/", "products/", "customers/", "followups/", "attachments/"];
    let mut found = BTreeMap::new();
    for line in said.lines() {
        let parts: Vec<&str> = line.split(' ').collect();
        let (word, path) = match parts[0] {
            "?" => ("added", parts[1]),
            "u" => ("conflicted", parts[10]),
            _ => (word(parts[1]), parts[8]),
        };
        let is_hidden = parts[0] == "?" && path.rsplit('/').next().unwrap().starts_with('.');
        if ours.iter().any(|name| path.starts_with(name)) && !is_hidden {
            found.insert(path.to_string(), word.to_string());
        }
    }
    found
}

/// Says what the states of git's index and of the file come to.
fn word(states: &str) -> &'static str {
    match states {
        "A." => "added",
        ".D" | "D." => "deleted",
        ".M" | "M." | ".T" | "T." => "modified",
        states if !states.contains('.') => "staged",
        _ => panic!("`{states}`"),
    }
}

fn write_new(env: &Env, path: &str) {
    env.write(path, "name = \"X\"\n");
}

/// A state of the work tree and of git's index, and how many files `kehu status` lists.
type State = (&'static str, usize, fn(&Env));

const STATES: [State; 24] = [
    ("nothing", 0, |_| ()),
    ("edited", 1, |env| env.edit(LEAD, "Hangzhou", "Shanghai")),
    ("edited to the same length", 1, |env| env.edit(LEAD, "Hangzhou", "Huangzho")),
    ("touched", 0, |env| env.write(LEAD, &env.read(LEAD))),
    ("staged", 1, |env| {
        env.edit(LEAD, "Hangzhou", "Shanghai");
        env.git_done(&["add", LEAD]);
    }),
    ("staged and edited again", 1, |env| {
        env.edit(LEAD, "Hangzhou", "Shanghai");
        env.git_done(&["add", LEAD]);
        env.edit(LEAD, "Shanghai", "Suzhou");
    }),
    ("staged and edited back", 1, |env| {
        env.edit(LEAD, "Hangzhou", "Shanghai");
        env.git_done(&["add", LEAD]);
        env.edit(LEAD, "Shanghai", "Hangzhou");
    }),
    ("new", 1, |env| write_new(env, NEW)),
    ("new and staged", 1, |env| {
        write_new(env, NEW);
        env.git_done(&["add", NEW]);
    }),
    ("new in a new folder", 1, |env| write_new(env, "products/DESK-01.toml")),
    ("new, staged and edited again", 1, |env| {
        write_new(env, "users/a.toml");
        env.git_done(&["add", "users/a.toml"]);
        env.edit("users/a.toml", "X", "Y");
    }),
    ("deleted", 1, |env| fs::remove_file(env.dir().join(LEAD)).unwrap()),
    ("deleted and staged", 1, |env| drop(env.git_done(&["rm", "-q", LEAD]))),
    ("a folder deleted", 1, |env| fs::remove_dir_all(env.dir().join("users")).unwrap()),
    ("taken out of the index", 1, |env| {
        env.git_done(&["rm", "-q", "--cached", LEAD]);
        fs::remove_file(env.dir().join(LEAD)).unwrap();
    }),
    ("renamed", 2, |env| fs::rename(env.dir().join(LEAD), env.dir().join(NEW)).unwrap()),
    ("renamed and staged", 2, |env| drop(env.git_done(&["mv", LEAD, NEW]))),
    ("mode changed", 1, |env| {
        fs::set_permissions(env.dir().join(LEAD), Permissions::from_mode(0o755)).unwrap();
    }),
    ("replaced by a link", 1, |env| {
        fs::remove_file(env.dir().join(LEAD)).unwrap();
        symlink("LEAD-2026-002.toml", env.dir().join(LEAD)).unwrap();
    }),
    ("two swapped", 2, |env| {
        let (lead, other, temp) = (env.dir().join(LEAD), env.dir().join(OTHER), env.dir().join("temp"));
        fs::rename(&lead, &temp).unwrap();
        fs::rename(&other, &lead).unwrap();
        fs::rename(&temp, &other).unwrap();
    }),
    ("ignored, hidden and others", 3, |env| {
        env.write(".gitignore", "*.bak\nusers/ignored.toml\n");
        for path in [
            "leads/x.bak",
            "users/ignored.toml",
            "leads/.x.swp",
            "leads/x.txt",
            "notes.txt",
            "config/x",
            "attachments/a/b",
        ] {
            write_new(env, path);
        }
    }),
    ("something of others staged", 1, |env| {
        write_new(env, "notes.txt");
        env.git_done(&["add", "notes.txt"]);
        env.edit("config/sla.toml", "\n", "\n# ours\n");
    }),
    ("assumed to be unchanged", 0, |env| {
        env.git_done(&["update-index", "--assume-unchanged", LEAD]);
        env.edit(LEAD, "Hangzhou", "Shanghai");
    }),
    ("a merge undecided", 1, |env| {
        env.git_done(&["checkout", "-q", "-b", "side"]);
        env.done(&["lead", "set", "LEAD-2026-001", "remark=side"]);
        env.git_done(&["checkout", "-q", "main"]);
        env.done(&["lead", "set", "LEAD-2026-001", "remark=main"]);
        assert_eq!(env.git(&["merge", "side"]).code, 1);
    }),
];

#[test]
fn every_state_is_told_as_git_tells_it() {
    for (what, count, make) in STATES {
        let env = repository();
        // So that the last write is older than git's index, and what is unchanged is certain.
        std::thread::sleep(std::time::Duration::from_millis(20));
        env.git_done(&["status"]);
        make(&env);
        let told = ours(&env);
        assert_eq!(told, theirs(&env), "{what}");
        assert_eq!(told.len(), count, "{what}: {told:?}");
    }
}
