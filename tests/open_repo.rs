//! Opening and making repositories: what is accepted, and how what is not is named.

#[path = "common/git_dir.rs"]
mod git_dir;

use git_dir::GitDir;
use kehu::record::{Exit, Failure};
use kehu::store::{Message, Repo, WriteOptions};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn options() -> WriteOptions<'static> {
    WriteOptions {
        lock_timeout: Duration::from_secs(10),
        now: chrono::DateTime::parse_from_rfc3339("2026-03-12T09:30:00+08:00").unwrap(),
        command: "test",
        note: &|_| {},
        judge: None,
    }
}

fn write(repo: &Repo, path: &str, text: &str) {
    let mut transaction = repo.begin(&options()).unwrap();
    transaction.write(path, text.into()).unwrap();
    transaction.commit(&Message::new("test")).unwrap().unwrap();
}

fn new_repo() -> GitDir {
    let dir = GitDir::new();
    write(&Repo::init(dir.path()).unwrap(), "kehu.toml", "format = 1\n");
    dir
}

/// A folder with `kehu.toml` that git made with these arguments of `git init`.
fn made_by_git(args: &[&str]) -> GitDir {
    let dir = GitDir::new();
    dir.git_text(&[&["init", "-q"], args].concat());
    fs::write(dir.path().join("kehu.toml"), "format = 1\n").unwrap();
    dir
}

fn failure(path: &Path) -> Failure {
    Repo::discover(path).err().expect("it is refused")
}

#[test]
fn init_makes_a_branch_main_and_opens_what_is_there() {
    let dir = new_repo();
    assert_eq!(dir.git_text(&["symbolic-ref", "HEAD"]), "refs/heads/main\n");
    let again = Repo::init(dir.path()).unwrap();
    assert!(again.head().unwrap().is_some());
    let by_git = GitDir::new();
    by_git.git_text(&["init", "-q", "-b", "trunk"]);
    write(&Repo::init(by_git.path()).unwrap(), "kehu.toml", "format = 1\n");
    assert_eq!(by_git.git_text(&["rev-parse", "--abbrev-ref", "HEAD"]), "trunk\n");
    assert_eq!(by_git.git_text(&["status", "--porcelain"]), "");
}

#[test]
fn init_inside_another_repository_is_refused() {
    let dir = new_repo();
    let failure = Repo::init(&dir.path().join("below")).err().unwrap();
    assert_eq!(failure.exit, Exit::Conflict);
    assert!(failure.message.en.contains("inside the git repository"));
}

#[test]
fn found_from_below_and_through_a_link() {
    let dir = new_repo();
    let below = dir.path().join("leads/2026");
    fs::create_dir_all(&below).unwrap();
    let root = dir.path().canonicalize().unwrap();
    assert_eq!(Repo::discover(&below).unwrap().root().canonicalize().unwrap(), root);
    let link = dir.path().parent().unwrap().join("link");
    std::os::unix::fs::symlink(dir.path(), &link).unwrap();
    assert_eq!(Repo::discover(&link.join("leads")).unwrap().root().canonicalize().unwrap(), root);
}

#[test]
fn a_second_work_tree_writes_to_its_own_branch() {
    let dir = new_repo();
    let second = dir.path().parent().unwrap().join("second");
    dir.git_text(&["worktree", "add", "-q", "-b", "side", second.to_str().unwrap()]);
    let repo = Repo::discover(&second).unwrap();
    write(&repo, "users/a.toml", "a = 1\n");
    let second = GitDir::at(second);
    assert_eq!(second.git_text(&["status", "--porcelain"]), "");
    assert_eq!(second.git_text(&["rev-list", "--count", "side"]), "2\n");
    assert_eq!(dir.git_text(&["status", "--porcelain"]), "");
    assert_eq!(dir.git_text(&["rev-list", "--count", "main"]), "1\n");
    let _held = Repo::discover(dir.path()).unwrap().git().path().to_path_buf();
    let first = Repo::discover(dir.path()).unwrap();
    let _transaction = first.begin(&options()).unwrap();
    let busy = repo.begin(&WriteOptions { lock_timeout: Duration::ZERO, ..options() }).err().unwrap();
    assert_eq!(busy.exit, Exit::Busy, "one lock for all work trees");
}

#[test]
fn what_is_no_repository_is_said() {
    let dir = GitDir::new();
    assert_eq!(failure(dir.path()).exit, Exit::NotRepository);
    fs::write(dir.path().join("kehu.toml"), "format = 1\n").unwrap();
    assert!(failure(dir.path()).message.en.contains("not in a git repository"));
    let outer = made_by_git(&[]);
    let below = outer.path().join("crm");
    fs::create_dir(&below).unwrap();
    fs::write(below.join("kehu.toml"), "format = 1\n").unwrap();
    assert!(failure(&below).message.en.contains("not the top"));
    let bare = made_by_git(&["--bare"]);
    assert!(failure(bare.path()).message.en.contains("bare"));
}

#[test]
fn a_newer_format_is_refused_and_a_damaged_file_is_not_our_business() {
    let dir = new_repo();
    fs::write(dir.path().join("kehu.toml"), "format = 2\n").unwrap();
    assert_eq!(failure(dir.path()).exit, Exit::Newer);
    fs::write(dir.path().join("kehu.toml"), "format = \n").unwrap();
    assert!(Repo::discover(dir.path()).is_ok());
}

#[test]
fn formats_that_libgit2_cannot_open_are_named() {
    for (args, name) in [(["--object-format=sha256"], "SHA-256"), (["--ref-format=reftable"], "reftable")] {
        assert!(failure(made_by_git(&args).path()).message.en.contains(name), "{name}");
    }
    let dir = new_repo();
    dir.git_text(&["config", "core.repositoryFormatVersion", "1"]);
    dir.git_text(&["config", "extensions.partialClone", "origin"]);
    assert!(failure(dir.path()).message.en.contains("partial clone"));
    dir.git_text(&["config", "--unset", "extensions.partialClone"]);
    dir.git_text(&["sparse-checkout", "set", "leads"]);
    assert!(failure(dir.path()).message.en.contains("sparse"));
}

#[test]
fn a_split_index_is_read_and_written() {
    let dir = new_repo();
    dir.git_text(&["config", "core.splitIndex", "true"]);
    let shared = || std::fs::read_dir(dir.path().join(".git")).unwrap().flatten();
    let is_split = || shared().any(|entry| entry.file_name().to_string_lossy().starts_with("sharedindex."));
    for name in ["a", "b"] {
        let repo = Repo::discover(dir.path()).unwrap();
        let mut transaction = repo.begin(&options()).unwrap();
        transaction.write(&format!("users/{name}.toml"), b"a = 1\n".into()).unwrap();
        transaction.commit(&Message::new("user: add")).unwrap();
        assert!(is_split());
        assert_eq!(dir.git_text(&["status", "--porcelain"]), "");
        assert_eq!(repo.status().unwrap(), []);
    }
    std::fs::write(dir.path().join("users/a.toml"), "a = 22\n").unwrap();
    dir.git_text(&["rm", "-q", "--cached", "users/b.toml"]);
    let edits = Repo::discover(dir.path()).unwrap().status().unwrap();
    let paths: Vec<&str> = edits.iter().map(|edit| edit.path.as_str()).collect();
    assert_eq!(paths, ["users/a.toml", "users/b.toml"]);
    let staged = Repo::discover(dir.path()).unwrap().staged(None).unwrap();
    let tree = dir.git_text(&["write-tree"]);
    assert!(format!("{staged:?}").contains(tree.trim()), "{staged:?} {tree}");
}

#[test]
fn another_users_folder_is_named_with_the_way_out() {
    let dir = new_repo();
    let other = Command::new("chown").args(["-R", "12345"]).arg(dir.path()).status();
    if !other.is_ok_and(|status| status.success()) {
        return; // Only root can give a folder away.
    }
    let failure = failure(dir.path());
    assert!(failure.message.en.contains("another user"), "{failure}");
    assert!(failure.hints[0].en.contains(&format!("safe.directory {}", dir.path().display())));
}

#[test]
fn signed_commits_are_not_pretended() {
    let dir = new_repo();
    dir.git_text(&["config", "commit.gpgsign", "true"]);
    let notes = std::cell::RefCell::new(Vec::new());
    let note = |words: kehu::record::Words| notes.borrow_mut().push(words.en.to_string());
    let repo = Repo::discover(dir.path()).unwrap();
    let mut transaction = repo.begin(&WriteOptions { note: &note, ..options() }).unwrap();
    transaction.write("users/a.toml", b"a = 1\n".into()).unwrap();
    transaction.commit(&Message::new("user: add")).unwrap();
    assert!(notes.borrow().iter().any(|note| note.contains("not signed")));
}

#[test]
fn attributes_that_cannot_be_applied_are_refused() {
    let dir = new_repo();
    fs::write(dir.path().join(".gitattributes"), "secret/** filter=crypt\n").unwrap();
    let repo = Repo::discover(dir.path()).unwrap();
    let mut transaction = repo.begin(&options()).unwrap();
    let failure = transaction.write("secret/a.toml", b"a = 1\n".into()).unwrap_err();
    assert!(failure.message.en.contains("`filter`"), "{failure}");
}

#[test]
fn a_folder_beside_is_not_inside() {
    let dir = new_repo();
    fs::create_dir(dir.path().join("leads")).unwrap();
    fs::create_dir(dir.path().with_file_name("beside")).unwrap();
    let beside = dir.path().join("leads/../../beside");
    assert_eq!(failure(&beside).exit, Exit::NotRepository, "a clone that is empty must not be taken for this one");
    assert_eq!(Repo::peek(&beside, "kehu.toml"), None);
    assert!(Repo::discover(&dir.path().join("leads/../leads")).is_ok());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(dir.path().join("leads"), dir.path().with_file_name("link")).unwrap();
        assert!(Repo::discover(&dir.path().with_file_name("link").join("..")).is_ok(), "up from where the link leads");
    }
}
