//! Many processes at once on one repository: everything acknowledged is there once, readers see whole records,
//! and what is refused is refused with an exit code of the list.
//!
//! `KEHU_SOAK=N` makes the mixed race N times as long.

#![cfg(unix)]

mod common;
#[path = "common/sound.rs"]
mod sound;

use common::{Env, Output};
use sound::sound;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Runs a program in the working folder, like [`Env::run`], from any thread.
fn run(env: &Env, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Output {
    let mut command = Command::new(program);
    env.hermetic_std(command.args(args), &env.dir());
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Output { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code().unwrap_or(-1) }
}

fn kehu(env: &Env, args: &[&str]) -> Output {
    run(env, assert_cmd::cargo::cargo_bin!("kehu"), args)
}

fn add(env: &Env, company: &str, phone: &str) -> Output {
    let (company, phone) = (format!("company={company}"), format!("phone={phone}"));
    // A patience that no machine uses up, however busy it is.
    kehu(
        env,
        &["lead", "add", &company, &phone, "contact_name=x", "region=x", "source=hotline", "--lock-timeout", "300"],
    )
}

#[test]
fn eight_processes_add_fifty_each() {
    let env = Env::with_two_leads();
    let commits = || env.git_done(&["rev-list", "--count", "HEAD"]).parse::<usize>().unwrap();
    let (before, start) = (commits(), Instant::now());
    let numbers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for process in 0..8 {
            let (env, numbers) = (&env, &numbers);
            scope.spawn(move || {
                for n in 0..50 {
                    let output = add(env, &format!("Firm {process}-{n}"), &format!("137{process:04}{n:04}"));
                    assert_eq!(output.code, 0, "{output}");
                    numbers.lock().unwrap().push(output.stdout.trim().to_string());
                }
            });
        }
    });
    println!("400 adds took {:.1} s", start.elapsed().as_secs_f32());
    let numbers = numbers.into_inner().unwrap();
    let unique: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!((numbers.len(), unique.len(), commits() - before), (400, 400, 400));
    let tree = sound(&env);
    assert_eq!(tree.lines().filter(|line| line.contains("\tleads/")).count(), 402);
    assert!(numbers.iter().all(|number| tree.contains(&format!("/{number}.toml"))));
    // One lead a commit, and the companies are those that were said.
    let added = env.git_done(&["log", "--format=", "--name-status", "--diff-filter=A", "-400"]);
    assert_eq!(added.lines().filter(|line| line.starts_with("A\tleads/")).count(), 400);
    let companies: BTreeSet<String> =
        env.done(&["lead", "list", "--columns", "company", "-o", "csv"]).lines().map(str::to_string).collect();
    assert!((0..8).all(|process| (0..50).all(|n| companies.contains(&format!("Firm {process}-{n}")))));
}

/// What was acknowledged, to be found at the end.
#[derive(Default)]
struct Acknowledged {
    /// Numbers of leads with their company.
    leads: Mutex<BTreeMap<String, String>>,
    /// Follow-ups.
    followups: Mutex<BTreeSet<String>>,
    /// The last remark of the record that several change.
    remarks: Mutex<Vec<String>>,
    /// How often each exit code came.
    codes: Mutex<BTreeMap<(&'static str, i32), usize>>,
}

impl Acknowledged {
    /// Counts an exit code, which must be one of those that may come.
    #[track_caller]
    fn count(&self, what: &'static str, output: &Output, allowed: &[i32]) -> bool {
        assert!(allowed.contains(&output.code), "{what}: {output}");
        assert!(!output.stderr.contains("kehu has made a mistake"), "{what}: {output}");
        *self.codes.lock().unwrap().entry((what, output.code)).or_insert(0) += 1;
        output.code == 0
    }
}

/// How long the mixed race runs.
fn duration() -> Duration {
    let times = std::env::var("KEHU_SOAK").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    Duration::from_secs(5) * times
}

#[test]
fn everything_at_once() {
    let env = Env::with_two_leads();
    let seen = Acknowledged::default();
    let over = AtomicBool::new(false);
    let workers: [fn(&Env, &Acknowledged, usize); 9] =
        [adder, adder, setter, setter, importer, follower, hand, plain_git, reader];
    std::thread::scope(|scope| {
        for (at, worker) in workers.into_iter().enumerate() {
            let (env, seen, over) = (&env, &seen, &over);
            scope.spawn(move || {
                for round in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    worker(env, seen, at * 10_000 + round);
                }
            });
        }
        std::thread::sleep(duration());
        over.store(true, Ordering::Relaxed);
    });
    println!("{:?}", seen.codes.lock().unwrap());
    // What hands did last may not be committed yet; a person would do it now.
    env.done(&["commit"]);
    env.git_done(&["add", "."]);
    env.git(&["commit", "-qm", "by hand"]);
    let tree = sound(&env);
    let companies = env.run(&["lead", "list", "--columns", "number,company", "-o", "csv"]).stdout;
    for (number, company) in seen.leads.lock().unwrap().iter() {
        assert!(companies.contains(&format!("{number},{company}\n")), "{number} {company} was acknowledged");
    }
    for number in seen.followups.lock().unwrap().iter() {
        assert!(tree.contains(&format!("/{number}.toml")), "{number} was acknowledged");
    }
    let history = env.git_done(&["log", "-p", "--format=", "--", "leads/2026/LEAD-2026-001.toml"]);
    for remark in seen.remarks.lock().unwrap().iter() {
        assert!(history.contains(&format!("+remark = \"{remark}\"")), "{remark} was acknowledged");
    }
    let all =
        [seen.leads.lock().unwrap().len(), seen.followups.lock().unwrap().len(), seen.remarks.lock().unwrap().len()];
    assert!(all.iter().all(|n| *n > 0), "{all:?}");
}

fn adder(env: &Env, seen: &Acknowledged, round: usize) {
    let company = format!("Firm {round}");
    let output = add(env, &company, &format!("136{round:08}"));
    if seen.count("add", &output, &[0]) {
        seen.leads.lock().unwrap().insert(output.stdout.trim().to_string(), company);
    }
}

/// The record that several change, and hands edit. `git checkout` takes a file away and writes it in place,
/// so for a moment there is none, or half of one; of every other record there never is.
const CONTESTED: &str = "leads/2026/LEAD-2026-001.toml";

/// Two of these change the same record, which hands edit too.
fn setter(env: &Env, seen: &Acknowledged, round: usize) {
    let remark = format!("round {round}");
    let output = kehu(env, &["lead", "set", "LEAD-2026-001", &format!("remark={remark}"), "--lock-timeout", "300"]);
    // 5: the record has a hand edit just now; 4, 6: git is just writing it.
    if seen.count("set", &output, &[0, 4, 5, 6]) {
        seen.remarks.lock().unwrap().push(remark);
    }
}

fn importer(env: &Env, seen: &Acknowledged, round: usize) {
    let file = env.dir().with_file_name(format!("leads-{round}.csv"));
    let row = |n: usize| format!("Import {round}-{n},x,135{:08},x,hotline,2026-03-01\n", round * 100 + n);
    let rows: String = (0..60).map(row).collect();
    fs::write(&file, format!("company,contact_name,phone,region,source,acquired_on\n{rows}")).unwrap();
    let output = kehu(env, &["lead", "import", file.to_str().unwrap(), "--lock-timeout", "300"]);
    if seen.count("import", &output, &[0]) {
        assert!(output.stdout.contains("60 created"), "{output}");
        let listed = kehu(env, &["lead", "list", "--where", &format!("company ~ 'Import {round}-'"), "-q"]);
        seen.count("list imported", &listed, &[0, 3]);
        assert_eq!(listed.stdout.lines().count(), 60, "an import is seen as a whole when it has ended: {listed}");
    }
}

fn follower(env: &Env, seen: &Acknowledged, round: usize) {
    let points = format!("points=call {round}");
    let args = ["followup", "add", "LEAD-2026-002", "method=phone", &points, "no_next=done", "--lock-timeout", "300"];
    let output = kehu(env, &args);
    if seen.count("followup", &output, &[0]) {
        seen.followups.lock().unwrap().insert(output.stdout.trim().to_string());
    }
}

/// Edits the record that others set, and commits it or puts it back.
fn hand(env: &Env, seen: &Acknowledged, round: usize) {
    let path = env.dir().join(CONTESTED);
    let Ok(text) = fs::read_to_string(&path) else { return };
    // As editors save: whole, by a rename.
    let temp = env.dir().with_file_name("edited");
    fs::write(&temp, text.replace("contact_name = \"Buyer", "contact_name = \"Buyer+")).unwrap();
    fs::rename(&temp, &path).unwrap();
    if round.is_multiple_of(2) {
        let output = kehu(env, &["commit", CONTESTED, "--lock-timeout", "300"]);
        seen.count("commit", &output, &[0, 5, 6]);
    }
    // What could not be committed is thrown away, as far as git lets it.
    let output = run(env, "git", &["checkout", "-q", "HEAD", "--", CONTESTED]);
    seen.count("git checkout", &output, &[0, 1, 128]);
    std::thread::sleep(Duration::from_millis(50));
}

/// Commits a file of its own with git, from the whole index and from one path.
fn plain_git(env: &Env, seen: &Acknowledged, round: usize) {
    let name = format!("notes-{round}.txt");
    fs::write(env.dir().join(&name), "by hand\n").unwrap();
    let added = run(env, "git", &["add", &name]);
    // 128: kehu has the index for a moment.
    if seen.count("git add", &added, &[0, 128]) {
        let only: &[&str] = if round.is_multiple_of(2) { &["--only", &name] } else { &[] };
        let committed = run(env, "git", &[&["commit", "-qm", "by hand"], only].concat());
        seen.count("git commit", &committed, &[0, 1, 128]);
    }
    std::thread::sleep(Duration::from_millis(50));
}

fn reader(env: &Env, seen: &Acknowledged, round: usize) {
    let index = if round.is_multiple_of(3) { "--no-index" } else { "--verbose" };
    let listed = kehu(env, &["lead", "list", "--json", index]);
    seen.count("list", &listed, &[0, 3]);
    assert!(listed.code == 0 || listed.stderr.lines().all(|line| line.contains(CONTESTED)), "{listed}");
    let parsed = listed.json();
    let records = parsed["records"].as_array().unwrap();
    assert!(!records.is_empty(), "{listed}");
    for record in records.iter().filter(|record| record["number"] != "LEAD-2026-001") {
        for key in ["company", "contact_name", "phone", "region", "source", "acquired_on", "status"] {
            assert!(record[key].is_string(), "half a record: {record}");
        }
    }
    let shown = kehu(env, &["lead", "show", "LEAD-2026-002"]);
    seen.count("show", &shown, &[0]);
    let reported = kehu(env, &["report", "weekly"]);
    seen.count("report", &reported, &[0, 3]);
    let past = kehu(env, &["lead", "list", "--as-of", "HEAD", "-q"]);
    seen.count("past", &past, &[0]);
}
