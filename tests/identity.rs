//! Without an identity nothing is written. Alone in its binary, since the environment belongs to all tests of one.

use kehu::store::{Message, Repo, WriteOptions};
use std::time::Duration;

#[test]
fn no_identity_no_commit() {
    for variable in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"] {
        // SAFETY: the only test of this binary, before it starts any thread.
        unsafe { std::env::remove_var(variable) };
    }
    for level in [git2::ConfigLevel::Global, git2::ConfigLevel::System, git2::ConfigLevel::XDG] {
        // SAFETY: before any repository is opened.
        unsafe { git2::opts::set_search_path(level, "/nonexistent").unwrap() };
    }
    let dir = tempfile::tempdir().unwrap();
    let repo = Repo::init(dir.path()).unwrap();
    let options = WriteOptions {
        lock_timeout: Duration::ZERO,
        now: chrono::DateTime::parse_from_rfc3339("2026-03-12T09:30:00+08:00").unwrap(),
        command: "init",
        note: &|_| {},
        judge: None,
    };
    let commit = || {
        let mut transaction = repo.begin(&options).unwrap();
        transaction.write("kehu.toml", b"format = 1\n".into()).unwrap();
        transaction.commit(&Message::new("init"))
    };
    let failure = commit().unwrap_err();
    assert!(failure.hints[0].en.contains("git config --global user.name"), "{failure:?}");
    assert_eq!(repo.head().unwrap(), None);
    assert!(!dir.path().join("kehu.toml").exists());
    let mut config = repo.git().config().unwrap();
    config.set_str("user.name", "Example User").unwrap();
    assert!(commit().unwrap_err().hints[0].en.contains("user.email"));
    config.set_str("user.email", "user@example.com").unwrap();
    assert!(commit().unwrap().is_some());
}
