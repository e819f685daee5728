//! The write path, held to its promise: killed at any step, raced by others, met by hand edits.
//!
//! A "process" is this test binary run again for its test [`child`], told by the environment what to do.

#[path = "common/git_dir.rs"]
mod git_dir;

use chrono::DateTime;
use git_dir::GitDir;
use kehu::record::{Exit, Failure, LEAD, Result};
use kehu::store::{EditKind, Message, Repo, STEPS, Transaction, WriteOptions};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const TASK: &str = "KEHU_TEST_TASK";
const BULK: usize = 120;

fn options() -> WriteOptions<'static> {
    WriteOptions {
        lock_timeout: Duration::from_secs(60),
        now: DateTime::parse_from_rfc3339("2026-03-12T09:30:00+08:00").unwrap(),
        command: "test",
        note: &|words| println!("note: {}", words.en),
        judge: None,
    }
}

fn commit(dir: &GitDir, subject: &str, change: impl FnOnce(&mut Transaction<'_>) -> Result<()>) -> Result<bool> {
    let repo = Repo::discover(dir.path())?;
    let mut transaction = repo.begin(&options())?;
    change(&mut transaction)?;
    Ok(transaction.commit(&Message::new(subject))?.is_some())
}

fn write(dir: &GitDir, path: &str, text: &str) -> Result<bool> {
    commit(dir, "lead: test", |transaction| transaction.write(path, text.into()))
}

/// A repository with `kehu.toml`, committed by kehu itself.
fn new_repo() -> GitDir {
    let dir = GitDir::new();
    init(&dir).unwrap();
    dir
}

fn init(dir: &GitDir) -> Result<()> {
    let repo = Repo::init(dir.path())?;
    let mut transaction = repo.begin(&options())?;
    transaction.write("kehu.toml", b"format = 1\n".into())?;
    transaction.commit(&Message::new("init")).map(|_| ())
}

fn lead(n: u32) -> String {
    if n < 1000 {
        format!("leads/2026/LEAD-2026-{n:03}.toml")
    } else {
        format!("leads/2026/{:03}xxx/LEAD-2026-{n}.toml", n / 1000)
    }
}

/// What a child does: one line of the task each. A test compares the repository before and after.
fn run_task(dir: &GitDir, task: &str) -> Result<()> {
    let (verb, argument) = task.split_once(' ').unwrap_or((task, ""));
    match verb {
        "init" => init(dir),
        "write" => write(dir, argument, "status = \"new\"\n").map(|_| ()),
        "remove" => commit(dir, "lead: rm", |transaction| transaction.remove(argument)).map(|_| ()),
        "bulk" => commit(dir, "lead: import", |transaction| {
            for n in 900..900 + BULK as u32 {
                transaction.write(&lead(n), format!("status = \"{argument}\"\nn = {n}\n").into_bytes())?;
            }
            Ok(())
        })
        .map(|_| ()),
        "bulk-remove" => commit(dir, "lead: rm", |transaction| {
            (900..900 + BULK as u32).try_for_each(|n| transaction.remove(&lead(n)))
        })
        .map(|_| ()),
        "add" => (0..argument.parse().unwrap()).try_for_each(|_| add(dir)),
        "recover" => {
            Repo::discover(dir.path())?.recover_if_idle(&|words| println!("note: {}", words.en));
            Ok(())
        }
        _ => panic!("{task}"),
    }
}

/// Adds a lead with the next number; prints the path once that is acknowledged.
fn add(dir: &GitDir) -> Result<()> {
    let repo = Repo::discover(dir.path())?;
    let mut transaction = repo.begin(&options())?;
    let path = lead(transaction.next_sequence(LEAD, "LEAD", 2026)?);
    transaction.write(&path, format!("pid = {}\n", std::process::id()).into_bytes())?;
    transaction.commit(&Message::new("lead: add"))?;
    println!("added {path}");
    Ok(())
}

#[test]
fn child() {
    let Ok(task) = std::env::var(TASK) else { return };
    let dir = GitDir::at(std::env::var("KEHU_TEST_DIR").unwrap().into());
    if let Err(failure) = run_task(&dir, &task) {
        eprintln!("{}", failure.render(kehu::record::Lang::En));
        std::process::exit(failure.exit as i32);
    }
}

fn child_command(dir: &GitDir, task: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["child", "--exact", "--nocapture"]);
    command.env(TASK, task).env("KEHU_TEST_DIR", dir.path()).env_remove("KEHU_FAIL_AT");
    dir.hermetic(&mut command);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn killed_at(dir: &GitDir, task: &str, step: &str) -> Output {
    child_command(dir, task).env("KEHU_FAIL_AT", step).output().unwrap()
}

fn read(dir: &GitDir, path: &str) -> String {
    fs::read_to_string(dir.path().join(path)).unwrap()
}

/// Returns what a killed process left behind: locks, journals, temporary files, empty folders.
fn leftovers(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = path.display().to_string();
        if path.is_dir() && !text.contains("/.git/objects") {
            if fs::read_dir(&path).unwrap().next().is_none() && !text.contains("/.git") {
                found.push(text);
            }
            found.extend(leftovers(&path));
        } else if text.ends_with(".lock") || text.contains("/journal/") || text.ends_with("kehu-tmp") {
            found.push(text);
        }
    }
    found
}

/// Everything a person can see: the commit's tree, and that index and work tree agree with it.
fn visible(dir: &GitDir) -> String {
    let tree = dir.git_text(&["ls-tree", "-r", "HEAD"]);
    assert_eq!(dir.git_text(&["status", "--porcelain"]), "", "status is clean");
    assert_eq!(dir.git_text(&["fsck", "--strict", "--no-dangling"]), "", "fsck is silent");
    assert_eq!(leftovers(dir.path()), Vec::<String>::new());
    tree
}

/// Kills `task` at every step; after the next start the repository is as before or as after, nothing between.
fn survives_kills(prepare: &[&str], task: &str) {
    let make = || {
        let dir = if task == "init" { GitDir::new() } else { new_repo() };
        prepare.iter().for_each(|task| run_task(&dir, task).unwrap());
        dir
    };
    let whole = make();
    let before = if task == "init" { String::new() } else { visible(&whole) };
    run_task(&whole, task).unwrap();
    let after = visible(&whole);
    assert_ne!(before, after);
    let mut seen = BTreeSet::new();
    for step in STEPS {
        let dir = make();
        let output = killed_at(&dir, task, step);
        assert!(!output.status.success(), "{task} was not killed at {step}");
        let is_committed = dir.git(&["rev-parse", "-q", "--verify", "HEAD"]).status.success();
        // Any next command finishes it: one that reads, and where none can be opened yet, the same again.
        if run_task(&dir, "recover").is_err() {
            assert!(!is_committed, "{task} at {step}");
            run_task(&dir, task).unwrap();
        }
        let now = visible(&dir);
        assert!(now == before || now == after, "{task} killed at {step} left\n{now}");
        let committed = now == after;
        let is_past = STEPS.iter().position(|s| *s == step) >= STEPS.iter().position(|s| *s == "moved");
        assert!(committed || !is_past, "{task} killed at {step} lost what the branch had");
        seen.insert(committed);
        run_task(&dir, task).unwrap();
        assert_eq!(visible(&dir), after, "{task} again after {step}");
    }
    assert!(task == "init" || seen.len() == 2, "both outcomes occur");
}

#[test]
fn killed_while_making_the_first_commit() {
    survives_kills(&[], "init");
}

#[test]
fn killed_while_adding() {
    survives_kills(&[], "write leads/2026/LEAD-2026-001.toml");
}

#[test]
fn killed_while_changing() {
    survives_kills(&["bulk old"], "write leads/2026/LEAD-2026-950.toml");
}

#[test]
fn killed_while_removing() {
    survives_kills(&["write leads/2026/LEAD-2026-001.toml"], "remove leads/2026/LEAD-2026-001.toml");
}

#[test]
fn killed_while_importing() {
    survives_kills(&[], "bulk new");
}

#[test]
fn killed_while_changing_many() {
    survives_kills(&["bulk old"], "bulk new");
}

#[test]
fn killed_while_removing_many() {
    survives_kills(&["bulk old"], "bulk-remove");
}

/// Killed with the file system's signal at a random instant, while others work: what was acknowledged is there.
#[test]
fn killed_at_any_instant_nothing_acknowledged_is_lost() {
    let dir = new_repo();
    let mut acknowledged = BTreeSet::new();
    for round in 0..60 {
        // Twelve instants; where other work keeps the machine busy, later ones until an add has got through.
        if round >= 12 && !acknowledged.is_empty() {
            break;
        }
        let mut child = child_command(&dir, "add 50").spawn().unwrap();
        std::thread::sleep(Duration::from_millis(40 + 17 * round));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        acknowledged.extend(added(&output));
    }
    run_task(&dir, "add 1").unwrap();
    let tree = visible(&dir);
    for path in &acknowledged {
        assert!(tree.contains(path), "{path} was acknowledged");
    }
    assert!(!acknowledged.is_empty());
}

fn added(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter_map(|line| line.rsplit_once("added ").map(|(_, path)| path.to_string())).collect()
}

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

#[test]
fn a_write_that_changes_nothing_commits_nothing() {
    let dir = new_repo();
    assert!(write(&dir, &lead(1), "a = 1\n").unwrap());
    let head = dir.git_text(&["rev-parse", "HEAD"]);
    assert!(!write(&dir, &lead(1), "a = 1\n").unwrap());
    assert!(!commit(&dir, "rm", |transaction| transaction.remove(&lead(2))).unwrap());
    assert_eq!(head, dir.git_text(&["rev-parse", "HEAD"]));
    assert_eq!(
        dir.git_text(&["log", "-1", "--format=%an <%ae> %aI|%s"]).trim(),
        "Test User <test@example.com> 2026-03-12T09:30:00+08:00|lead: test"
    );
    assert!(dir.git_text(&["reflog", "-1"]).contains("kehu: lead: test"));
}

fn refused(result: Result<bool>) -> Failure {
    let failure = result.unwrap_err();
    assert_eq!(failure.exit, Exit::Conflict, "{failure}");
    assert!(!failure.hints.is_empty(), "{failure}");
    failure
}

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

#[test]
fn the_past_is_told() {
    let dir = new_repo();
    let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
    let repo = Repo::discover(dir.path()).unwrap();
    let mut made = Vec::new();
    for (day, text) in [("13", "a = 1\n"), ("14", "a = 2\n")] {
        let options = WriteOptions { now: at(&format!("2026-03-{day}T10:00:00+08:00")), ..options() };
        let mut transaction = repo.begin(&options).unwrap();
        transaction.write(&lead(1), text.into()).unwrap();
        transaction.write(&lead(day.parse().unwrap()), text.into()).unwrap();
        made.push(transaction.commit(&Message::new(format!("day {day}"))).unwrap().unwrap());
    }
    let commits: Vec<_> = repo.commits(made[1], &[]).unwrap().take(2).collect::<Result<_>>().unwrap();
    assert_eq!(commits.iter().map(|commit| commit.subject.as_str()).collect::<Vec<_>>(), ["day 14", "day 13"]);
    assert_eq!((commits[0].parents.as_slice(), commits[1].author_name.as_str()), (&made[..1], "Test User"));
    assert_eq!(repo.commits(made[1], &[made[0]]).unwrap().count(), 1);
    let changes = repo.changes_of(&commits[0]).unwrap();
    assert_eq!(changes.iter().map(|change| change.path.clone()).collect::<Vec<_>>(), [lead(1), lead(14)]);
    assert_eq!(repo.blob(changes[0].first_before().unwrap()).unwrap(), b"a = 1\n");
    assert_eq!(repo.blob(changes[0].after.unwrap()).unwrap(), b"a = 2\n");
    assert_eq!(changes[1].before, [None]);
    let zone = chrono::FixedOffset::east_opt(8 * 3600).unwrap();
    assert_eq!(repo.resolve("2026-03-13", &zone).unwrap(), made[0]);
    assert_eq!(repo.resolve("HEAD", &zone).unwrap(), made[1]);
    assert_eq!(repo.resolve("2026-03-11", &zone).unwrap_err().exit, Exit::NotFound);
    assert_eq!(repo.resolve("nonsense", &zone).unwrap_err().exit, Exit::NotFound);
    let changes = repo.changes_between(Some(made[0]), made[1], "leads").unwrap();
    assert_eq!(changes.iter().map(|change| change.0.clone()).collect::<Vec<_>>(), [lead(1), lead(14)]);
}
