//! Hand edits: never overwritten, never swept in, committed as they are.

use super::{lead, new_repo, options, read, refused, run_task, write};
use kehu::record::Exit;
use kehu::store::{EditKind, Message, Repo};
use std::fs;

#[test]
fn hand_edits_are_neither_overwritten_nor_swept_in() {
    let dir = new_repo();
    write(&dir, &lead(1), "a = 1\n").unwrap();
    let file = dir.path().join(lead(1));
    fs::write(&file, "a = 2 # by hand\n").unwrap();
    assert!(refused(write(&dir, &lead(1), "a = 3\n")).message.en.contains("LEAD-2026-001"));
    assert!(write(&dir, &lead(2), "a = 1\n").unwrap(), "other records go on");
    assert_eq!(dir.git_text(&["status", "--porcelain"]), format!(" M {}\n", lead(1)));
    dir.git_text(&["add", "."]);
    fs::write(&file, "a = 1\n").unwrap();
    assert!(refused(write(&dir, &lead(1), "a = 3\n")).message.en.contains("staged"));
    dir.git_text(&["reset", "-q", "--hard"]);
    fs::remove_file(&file).unwrap();
    assert!(refused(write(&dir, &lead(1), "a = 3\n")).message.en.contains("deleted"));
    dir.git_text(&["reset", "-q", "--hard"]);
    fs::write(dir.path().join(lead(3)), "in the way\n").unwrap();
    assert!(refused(write(&dir, &lead(3), "a = 3\n")).message.en.contains("never committed"));
    assert_eq!(read(&dir, &lead(3)), "in the way\n");
}

#[test]
fn what_a_person_staged_stays_staged() {
    let dir = new_repo();
    fs::write(dir.path().join("notes.txt"), "staged\n").unwrap();
    fs::write(dir.path().join("other.txt"), "untracked\n").unwrap();
    dir.git_text(&["add", "notes.txt"]);
    write(&dir, &lead(1), "a = 1\n").unwrap();
    run_task(&dir, "bulk new").unwrap();
    assert_eq!(dir.git_text(&["status", "--porcelain"]), "A  notes.txt\n?? other.txt\n");
    assert!(!dir.git_text(&["ls-tree", "-r", "--name-only", "HEAD"]).contains("notes.txt"));
}

#[test]
fn paths_never_leave_the_repository() {
    let dir = new_repo();
    let outside = tempfile::tempdir().unwrap();
    for path in ["../x.toml", "/tmp/x.toml", ".git/config", "a/.GIT/x", "a//b", ""] {
        assert_eq!(write(&dir, path, "a = 1\n").unwrap_err().exit, Exit::Invalid, "{path}");
    }
    std::os::unix::fs::symlink(outside.path(), dir.path().join("leads")).unwrap();
    assert_eq!(write(&dir, &lead(1), "a = 1\n").unwrap_err().exit, Exit::Conflict);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    write(&dir, "users/a.toml", "a = 1\n").unwrap();
    assert_eq!(write(&dir, "users/a.toml/b", "a = 1\n").unwrap_err().exit, Exit::Conflict);
    assert_eq!(write(&dir, "users", "a = 1\n").unwrap_err().exit, Exit::Conflict);
}

#[test]
fn hand_edits_are_listed_and_committed_as_they_are() {
    let dir = new_repo();
    for n in 1..=4 {
        write(&dir, &lead(n), "a = 1\n").unwrap();
    }
    let repo = Repo::discover(dir.path()).unwrap();
    assert_eq!(repo.status().unwrap(), []);
    fs::write(dir.path().join(lead(1)), "a = 2\n").unwrap();
    fs::remove_file(dir.path().join(lead(2))).unwrap();
    fs::write(dir.path().join(lead(3)), "a = 5\n").unwrap();
    dir.git_text(&["add", &lead(3)]);
    fs::write(dir.path().join(lead(3)), "a = 6\n").unwrap();
    fs::create_dir_all(dir.path().join("users")).unwrap();
    fs::write(dir.path().join("users/a.toml"), "a = 1\n").unwrap();
    fs::write(dir.path().join("notes.txt"), "not ours\n").unwrap();
    let found: Vec<(String, EditKind)> =
        repo.status().unwrap().into_iter().map(|edit| (edit.path, edit.kind)).collect();
    let expected = [
        (lead(1), EditKind::Modified),
        (lead(2), EditKind::Deleted),
        (lead(3), EditKind::Staged),
        ("users/a.toml".to_string(), EditKind::Added),
    ];
    assert_eq!(found, expected);
    assert_eq!(repo.begin(&options()).unwrap().adopt(&lead(3)).unwrap_err().exit, Exit::Conflict);
    let mut transaction = repo.begin(&options()).unwrap();
    for path in [lead(1), lead(2), "users/a.toml".to_string()] {
        transaction.adopt(&path).unwrap();
    }
    transaction.commit(&Message::new("edit")).unwrap().unwrap();
    assert_eq!(repo.status().unwrap().len(), 1);
    assert_eq!(dir.git_text(&["status", "--porcelain"]), format!("MM {}\n?? notes.txt\n", lead(3)));
    assert_eq!(dir.git_text(&["show", &format!("HEAD:{}", lead(1))]), "a = 2\n");
}

#[test]
fn line_ends_that_git_converts_are_no_edit() {
    let dir = new_repo();
    write(&dir, &lead(1), "a = 1\nb = 1\n").unwrap();
    dir.git_text(&["config", "core.autocrlf", "true"]);
    fs::write(dir.path().join(lead(1)), "a = 1\r\nb = 1\r\n").unwrap();
    write(&dir, &lead(1), "a = 2\nb = 1\n").unwrap();
    assert_eq!(read(&dir, &lead(1)), "a = 2\r\nb = 1\r\n", "the file keeps its line ends");
    assert_eq!(dir.git_text(&["show", &format!("HEAD:{}", lead(1))]), "a = 2\nb = 1\n");
    assert_eq!(dir.git_text(&["status", "--porcelain"]), "");
}
