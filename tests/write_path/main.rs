//! The write path, held to its promise: killed at any step, raced by others, met by hand edits.
//!
//! A "process" is this test binary run again for its test [`child`], told by the environment what to do.

#[path = "../common/git_dir.rs"]
mod git_dir;
mod hand_edits;
mod index_lock;
mod killed;
mod meanwhile;

use chrono::DateTime;
use git_dir::GitDir;
use kehu::record::{Exit, Failure, LEAD, Result};
use kehu::store::{Message, Repo, Transaction, WriteOptions};
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

fn read(dir: &GitDir, path: &str) -> String {
    fs::read_to_string(dir.path().join(path)).unwrap()
}

fn added(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter_map(|line| line.rsplit_once("added ").map(|(_, path)| path.to_string())).collect()
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
