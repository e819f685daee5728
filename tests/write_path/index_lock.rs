//! git's lock on its index: waited for, refused, outlived.

use super::{killed_at, lead, leftovers, new_repo, options, read, refused, run_task, visible, write};
use kehu::record::Exit;
use kehu::store::{Message, Repo};
use std::fs;
use std::time::Duration;

/// A commit that git's index does not know would be undone by the next plain `git commit`.
#[test]
fn a_held_index_lock_is_waited_for_and_then_refused() {
    let dir = new_repo();
    let lock = dir.path().join(".git/index.lock");
    let head = dir.git_text(&["rev-parse", "HEAD"]);
    let repo = Repo::discover(dir.path()).unwrap();
    let mut transaction = repo.begin(&options()).unwrap();
    transaction.write(&lead(1), "a = 1\n".into()).unwrap();
    fs::write(&lock, "").unwrap();
    let failure = transaction.commit(&Message::new("lead: add")).unwrap_err();
    assert_eq!(failure.exit, Exit::Busy);
    assert!(failure.message.en.contains(".git/index.lock`"), "{failure}");
    assert!(failure.hints[0].en.contains("pgrep"), "{failure:?}");
    assert_eq!(dir.git_text(&["rev-parse", "HEAD"]), head);
    assert!(
        !dir.path().join(lead(1)).exists() && repo.private_dir().join("journal").read_dir().unwrap().next().is_none()
    );
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(500));
            fs::remove_file(&lock).unwrap();
        });
        write(&dir, &lead(1), "a = 1\n").unwrap();
    });
    visible(&dir);
}

/// A `git commit` that has read the old index and not locked it yet must meet the lock while anything is unfinished.
#[test]
fn the_lock_of_the_index_outlives_the_new_index() {
    let dir = new_repo();
    killed_at(&dir, &format!("write {}", lead(1)), "durable");
    assert!(dir.git_text(&["ls-files"]).contains(&lead(1)));
    assert!(dir.path().join(".git/index.lock").exists());
    run_task(&dir, "recover").unwrap();
    visible(&dir);
}

/// Readers bring the files of a killed commit; the next writer waits for the index before it goes on.
#[test]
fn a_held_index_lock_while_finishing() {
    let dir = new_repo();
    killed_at(&dir, &format!("write {}", lead(1)), "branch");
    let lock = dir.path().join(".git/index.lock");
    fs::remove_file(&lock).unwrap();
    fs::write(&lock, "").unwrap();
    run_task(&dir, "recover").unwrap();
    assert_eq!(read(&dir, &lead(1)), "status = \"new\"\n");
    assert_eq!(write(&dir, &lead(2), "a = 1\n").unwrap_err().exit, Exit::Busy);
    fs::remove_file(&lock).unwrap();
    run_task(&dir, "recover").unwrap();
    visible(&dir);
}

/// Killed while finishing, and then the commit is taken back by hand: nothing of it stays in the work tree.
#[test]
fn a_commit_taken_back_by_hand_leaves_no_temporary_files() {
    let dir = new_repo();
    write(&dir, &lead(1), "a = 1\n").unwrap();
    let before = visible(&dir);
    killed_at(&dir, "bulk new", "branch");
    killed_at(&dir, "recover", "temps");
    fs::remove_file(dir.path().join(".git/index.lock")).unwrap();
    dir.git_text(&["reset", "-q", "--hard", "HEAD~1"]);
    assert!(leftovers(dir.path()).iter().any(|path| path.ends_with("kehu-tmp")));
    run_task(&dir, "recover").unwrap();
    assert_eq!(visible(&dir), before);
}

#[test]
fn unfinished_business_of_git_is_named() {
    let dir = new_repo();
    write(&dir, &lead(1), "a = 1\n").unwrap();
    dir.git_text(&["checkout", "-q", "-b", "side"]);
    write(&dir, &lead(1), "a = 2\n").unwrap();
    dir.git_text(&["checkout", "-q", "main"]);
    write(&dir, &lead(1), "a = 3\n").unwrap();
    for verb in ["merge", "rebase", "cherry-pick"] {
        assert!(!dir.git(&[verb, "side"]).status.success());
        assert!(refused(write(&dir, &lead(9), "a = 1\n")).message.en.contains(verb));
        dir.git_text(&[verb, "--abort"]);
    }
    dir.git_text(&["checkout", "-q", "--detach"]);
    assert!(refused(write(&dir, &lead(9), "a = 1\n")).message.en.contains("detached"));
}
