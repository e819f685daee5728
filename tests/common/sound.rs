//! What must hold of a repository whatever happened to it: nothing half, nothing left behind.

use super::common::Env;
use std::path::Path;

/// Checks that git, its index, the work tree and the rules agree; returns the tree of the branch.
///
/// The checking is by the program itself, so it also finishes what a killed command left.
#[track_caller]
pub fn sound(env: &Env) -> String {
    let checked = env.run(&["check"]);
    assert_eq!(checked.code, 0, "{checked}");
    assert_eq!(env.git_done(&["status", "--porcelain"]), "", "status is clean");
    whole(env)
}

/// The same of a repository that may hold hand edits.
#[track_caller]
pub fn whole(env: &Env) -> String {
    assert_eq!(env.git(&["fsck", "--strict", "--no-dangling"]).to_string(), "", "fsck is silent");
    assert_eq!(leftovers(&env.dir()), Vec::<String>::new());
    env.git_done(&["ls-tree", "-r", "HEAD"])
}

#[allow(dead_code)] // Not every test copies.
/// Copies the working folder into one of its own.
pub fn copy(env: &Env) -> Env {
    let copied = Env::new();
    std::fs::remove_dir(copied.dir()).unwrap();
    let done = std::process::Command::new("cp").arg("-a").args([env.dir(), copied.dir()]).status().unwrap();
    assert!(done.success());
    copied
}

/// Returns what a killed command left behind: locks, journals, temporary files, empty folders.
fn leftovers(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = path.display().to_string();
        if path.is_dir() && !path.is_symlink() && !text.contains("/.git/objects") {
            if !text.contains("/.git") && std::fs::read_dir(&path).unwrap().next().is_none() {
                found.push(text);
            }
            found.extend(leftovers(&path));
        } else if text.ends_with(".lock") || text.contains("/journal/") || text.ends_with("kehu-tmp") {
            found.push(text);
        }
    }
    found
}
