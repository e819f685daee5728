//! What others do at the same time: processes of ours, plain git, a merge begun.

use super::{added, child_command, commit, lead, leftovers, new_repo, options, read, run_task, visible, write};
use crate::git_dir::GitDir;
use kehu::record::{Exit, LEAD};
use kehu::store::{Message, Repo};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn eight_processes_get_numbers_of_their_own() {
    let dir = new_repo();
    let children: Vec<_> = (0..8).map(|_| child_command(&dir, "add 20").spawn().unwrap()).collect();
    let mut paths = Vec::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        paths.extend(added(&output));
    }
    let unique: BTreeSet<&String> = paths.iter().collect();
    assert_eq!((paths.len(), unique.len()), (160, 160));
    assert_eq!(visible(&dir).lines().count(), 161);
    assert_eq!(dir.git_text(&["rev-list", "--count", "HEAD"]).trim(), "161");
}

#[test]
fn commits_by_plain_git_meanwhile_are_kept() {
    let dir = new_repo();
    let children: Vec<_> = (0..3).map(|_| child_command(&dir, "add 15").spawn().unwrap()).collect();
    let mut made = Vec::new();
    for n in 0..15 {
        let name = format!("notes-{n}.txt");
        fs::write(dir.path().join(&name), "by hand\n").unwrap();
        // git may refuse when kehu has its locks for a moment. Every other commit is of the whole index.
        let added = dir.git(&["add", &name]).status.success();
        let only: &[&str] = if n % 2 == 0 { &["--only", &name] } else { &[] };
        if added && dir.git(&[&["commit", "-qm", "by hand"], only].concat()).status.success() {
            made.push(name);
        }
    }
    let mut paths = Vec::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        paths.extend(added(&output));
    }
    assert_eq!(paths.len(), 45);
    let tree = dir.git_text(&["ls-tree", "-r", "--name-only", "HEAD"]);
    for path in made.iter().chain(&paths) {
        assert!(tree.contains(path.as_str()), "{path} is in the branch");
    }
    assert!(!made.is_empty());
    dir.git_text(&["fsck", "--strict"]);
}

#[test]
fn a_commit_between_reading_and_writing_is_built_upon() {
    let dir = new_repo();
    let repo = Repo::discover(dir.path()).unwrap();
    let mut transaction = repo.begin(&options()).unwrap();
    transaction.write("leads/2026/LEAD-2026-001.toml", b"a = 1\n".into()).unwrap();
    fs::write(dir.path().join("notes.txt"), "by hand\n").unwrap();
    dir.git_text(&["add", "notes.txt"]);
    dir.git_text(&["commit", "-qm", "by hand"]);
    transaction.commit(&Message::new("lead: add")).unwrap().unwrap();
    assert_eq!(visible(&dir).lines().count(), 3);

    let mut transaction = repo.begin(&options()).unwrap();
    transaction.write("leads/2026/LEAD-2026-001.toml", b"a = 2\n".into()).unwrap();
    fs::write(dir.path().join("leads/2026/LEAD-2026-001.toml"), "a = 3\n").unwrap();
    dir.git_text(&["commit", "-qam", "the same by hand"]);
    let failure = transaction.commit(&Message::new("lead: set")).unwrap_err();
    assert_eq!(failure.exit, Exit::Conflict);
    assert_eq!(read(&dir, "leads/2026/LEAD-2026-001.toml"), "a = 3\n");
    visible(&dir);
}

#[test]
fn a_branch_switched_to_meanwhile_is_not_written_on() {
    let dir = new_repo();
    assert!(write(&dir, &lead(1), "a = 1\n").unwrap());
    for (switch, told) in [
        (&["checkout", "-q", "-b", "side"][..], "another branch"),
        (&["checkout", "-q", "--detach"], "no branch is checked out"),
    ] {
        let before = (visible(&dir), dir.git_text(&["rev-parse", "main"]));
        let failure = commit(&dir, "lead: test", |transaction| {
            transaction.write(&lead(2), b"a = 2\n".into())?;
            dir.git_text(switch);
            Ok(())
        });
        let failure = failure.unwrap_err();
        assert_eq!(failure.exit, Exit::Conflict);
        assert!(failure.message.en.contains(told), "{failure}");
        assert_eq!((visible(&dir), dir.git_text(&["rev-parse", "main"])), before);
        assert_eq!(leftovers(dir.path()), Vec::<String>::new());
        dir.git_text(&["checkout", "-q", "main"]);
    }
    assert!(write(&dir, &lead(2), "a = 2\n").unwrap());
}

#[test]
fn a_merge_begun_meanwhile_is_not_committed_into() {
    let dir = new_repo();
    assert!(write(&dir, &lead(1), "a = 1\n").unwrap());
    dir.git_text(&["checkout", "-q", "-b", "side"]);
    assert!(write(&dir, &lead(2), "a = 2\n").unwrap());
    dir.git_text(&["checkout", "-q", "main"]);
    assert!(write(&dir, &lead(3), "a = 3\n").unwrap());
    let failure = commit(&dir, "lead: test", |transaction| {
        transaction.write(&lead(4), b"a = 4\n".into())?;
        dir.git_text(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
        Ok(())
    });
    assert!(failure.unwrap_err().message.en.contains("merge"));
    dir.git_text(&["commit", "-qm", "merged"]);
    assert_eq!(dir.git_text(&["status", "--porcelain"]), "");
}

#[test]
fn numbers_are_never_used_again() {
    let dir = new_repo();
    let next = |dir: &GitDir| -> u32 {
        let repo = Repo::discover(dir.path()).unwrap();
        repo.begin(&options()).unwrap().next_sequence(LEAD, "LEAD", 2026).unwrap()
    };
    assert_eq!(next(&dir), 1);
    run_task(&dir, "add 3").unwrap();
    commit(&dir, "lead: rm", |transaction| transaction.remove(&lead(3))).unwrap();
    assert_eq!(next(&dir), 4, "the highest was removed");
    fs::remove_file(dir.path().join(".git/kehu/numbers")).unwrap();
    assert_eq!(next(&dir), 4, "and the cache with it");
    fs::write(dir.path().join(lead(41)), "by = \"hand\"\n").unwrap();
    assert_eq!(next(&dir), 42, "a file that nobody committed");
    fs::remove_file(dir.path().join(lead(41))).unwrap();
    dir.git_text(&["checkout", "-q", "-b", "side", "HEAD~2"]);
    write(&dir, &lead(1999), "a = 1\n").unwrap();
    dir.git_text(&["rm", "-q", &lead(1999)]);
    dir.git_text(&["commit", "-qm", "removed on the side"]);
    dir.git_text(&["checkout", "-q", "main"]);
    dir.git_text(&["merge", "-q", "--no-ff", "--no-edit", "side"]);
    assert_eq!(next(&dir), 2000, "used and removed on a merged branch");
    dir.git_text(&["reset", "-q", "--hard", "HEAD~1"]);
    assert!(next(&dir) >= 4, "after a reset the cache may know too much, never too little");
    let repo = Repo::discover(dir.path()).unwrap();
    let mut transaction = repo.begin(&options()).unwrap();
    let first = transaction.next_sequence(LEAD, "OTHER", 2026).unwrap();
    transaction.write("leads/2026/OTHER-2026-007.toml", b"a = 1\n".into()).unwrap();
    assert_eq!((first, transaction.next_sequence(LEAD, "OTHER", 2026).unwrap()), (1, 8));
    assert_eq!(transaction.next_sequence(LEAD, "OTHER", 2027).unwrap(), 1);
}
