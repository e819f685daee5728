//! The program, killed at every step of the write path and at random instants, with every kind of change.
//!
//! After the next command the change is there as a whole or not at all, what was acknowledged earlier is
//! there, and git, index, files and rules agree. `tests/write_path/` does the same below the command line.
//! `KEHU_SOAK=N` makes the random rounds N times as many.

#![cfg(unix)]

mod common;
#[path = "common/sound.rs"]
mod sound;

use common::Env;
use kehu::store::STEPS;
use sound::{copy, sound, whole};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";

/// A repository with two leads, a follow-up and a user.
fn repository() -> Env {
    let env = Env::with_two_leads();
    env.done(&["user", "add", "li.ming", "name=Example", "email=test@example.com", "role=sales"]);
    env.done(&["followup", "add", "LEAD-2026-001", "method=phone", "points=called", "no_next=done"]);
    env
}

/// Returns a table of leads, the `from`-th and the following.
fn table(from: usize, rows: usize) -> String {
    let mut text = "company,contact_name,phone,region,source,status,acquired_on,owner\n".to_string();
    for n in from..from + rows {
        writeln!(text, "Firm {n},Buyer,138{n:08},Hangzhou,hotline,new,2026-03-01,li.ming").unwrap();
    }
    text
}

/// Writes a file outside the repository; returns where.
fn beside(env: &Env, name: &str, text: &str) -> String {
    let path = env.dir().with_file_name(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Kills a command that touches few records at every other step, the `which`-th test at the odd or the even
/// ones: they all go one way. `KEHU_SOAK` takes every step.
fn survives_small(which: usize, template: &Env, args: &[&str]) {
    let skips = if soak() > 1 { 1 } else { 2 };
    survives_at(STEPS.into_iter().skip(which % skips).step_by(skips), template, args);
}

/// Kills a command at every step.
fn survives(template: &Env, args: &[&str]) {
    survives_at(STEPS, template, args);
}

/// Kills a command at steps; after the next one the repository is as before or as after, nothing between.
fn survives_at(steps: impl IntoIterator<Item = &'static str>, template: &Env, args: &[&str]) {
    let before = sound(template);
    let done = copy(template);
    done.done(args);
    let after = sound(&done);
    assert_ne!(before, after, "{args:?} changes something");
    let mut outcomes = BTreeSet::new();
    for step in steps {
        let env = copy(template);
        kill_at(&env, args, step);
        let now = sound(&env);
        assert!(now == before || now == after, "{args:?} killed at {step} left\n{now}");
        assert!(now == after || place(step) < place("moved"), "{args:?} killed at {step} lost what the branch had");
        outcomes.insert(now == after);
    }
    assert_eq!(outcomes.len(), 2, "both outcomes occur");
}

/// Runs a command that is killed at `step`.
#[track_caller]
fn kill_at(env: &Env, args: &[&str], step: &str) {
    let output = run_at(env, args, step);
    assert_eq!(output.code, -1, "{args:?} was not killed at {step}: {output}");
}

fn run_at(env: &Env, args: &[&str], fail: &str) -> common::Output {
    let mut command = env.command(args);
    command.env("KEHU_FAIL_AT", fail);
    env.finish(command)
}

/// Returns where a step stands; from `branch` on the change has happened.
fn place(step: &str) -> Option<usize> {
    STEPS.iter().position(|known| *known == step)
}

#[test]
fn adding_a_lead() {
    let fields = ["company=C", "contact_name=x", "phone=13800138003", "region=x", "source=hotline"];
    survives_small(1, &repository(), &[&["lead", "add"][..], &fields].concat());
}

#[test]
fn adding_a_followup() {
    survives_small(
        2,
        &repository(),
        &["followup", "add", "LEAD-2026-002", "method=phone", "points=called", "no_next=done"],
    );
}

#[test]
fn adding_a_user() {
    survives_small(3, &repository(), &["user", "add", "b", "name=B", "email=b@example.com", "role=sales"]);
}

#[test]
fn adding_a_product() {
    survives_small(4, &repository(), &["product", "add", "DESK-01", "name=Desk"]);
}

#[test]
fn changing_a_lead() {
    survives_small(5, &repository(), &["lead", "set", "LEAD-2026-001", "remark=x"]);
}

#[test]
fn changing_several() {
    survives_small(6, &repository(), &["lead", "set", "--where", "source = hotline", "remark=x", "--expect", "2"]);
}

#[test]
fn editing_a_lead() {
    let env = repository();
    env.git_done(&["config", "core.editor", "sed -i s/Hangzhou/Shanghai/"]);
    survives_small(7, &env, &["lead", "edit", "LEAD-2026-001"]);
}

#[test]
fn removing_a_lead() {
    survives_small(8, &repository(), &["lead", "rm", "LEAD-2026-002", "--confirm", "LEAD-2026-002"]);
}

/// Some hundred rows, a folder that is new, and a change of the configuration with them.
#[test]
fn importing_many() {
    let env = repository();
    let first = table(0, 1).replacen("company", "number,company", 1).replace("Firm", "LEAD-2026-850,Firm");
    env.done(&["lead", "import", &beside(&env, "first.csv", &first)]);
    let file = beside(&env, "leads.csv", &table(1, 200).replace("hotline", "Fair of spring"));
    survives(&env, &["lead", "import", &file, "--add-unknown"]);
}

/// New folders of three years are moved in one after the other, beside files of a folder that exists.
#[test]
fn importing_into_several_new_folders() {
    let env = repository();
    let mut text = "number,company,contact_name,phone,region,source,status,acquired_on\n".to_string();
    for n in 0..12 {
        let year = 2023 + n % 4;
        writeln!(text, "LEAD-{year}-{:03},Firm {n},Buyer,138{n:08},Hangzhou,hotline,new,{year}-03-01", 100 + n)
            .unwrap();
    }
    let file = beside(&env, "leads.csv", &text);
    survives(&env, &["lead", "import", &file]);
    let killed = copy(&env);
    kill_at(&killed, &["lead", "import", &file], "half-placed");
    let placed = |env: &Env| (2023..2026).filter(|year| env.dir().join(format!("leads/{year}")).exists()).count();
    assert_eq!(placed(&killed), 1, "killed between two folders");
    let killed = copy(&env);
    kill_at(&killed, &["lead", "import", &file], "half-moved");
    assert_eq!((placed(&killed), std::fs::read_dir(killed.dir().join("leads/2026")).unwrap().count()), (3, 3));
}

#[test]
fn changing_many_by_import() {
    let env = repository();
    env.done(&["lead", "import", &beside(&env, "leads.csv", &table(0, 60))]);
    let other = beside(&env, "other.csv", &table(0, 60).replace("Buyer", "Head of purchase"));
    survives(&env, &["lead", "import", &other, "--on-duplicate", "update"]);
}

#[test]
fn making_a_repository() {
    for step in STEPS {
        let env = Env::new();
        kill_at(&env, &["init"], step);
        // Either the next command finds a repository, or there is none yet and it can be made.
        if env.run(&["check"]).code != 0 {
            env.done(&["init"]);
        }
        assert_eq!(sound(&env).lines().count(), 12, "{step}");
        env.lead("A", "13800138001");
    }
}

/// Hand edits are in the work tree before and after; only the branch and the index change.
#[test]
fn committing_hand_edits() {
    let template = repository();
    template.edit(LEAD, "Hangzhou", "Shanghai");
    template.write("users/b.toml", "name = \"B\"\nemail = \"b@example.com\"\nrole = \"sales\"\n");
    template.edit("config/sla.toml", "\n", "\n# ours\n");
    std::fs::remove_file(template.dir().join("leads/2026/LEAD-2026-002.toml")).unwrap();
    let edits = template.git_done(&["status", "--porcelain"]);
    assert_eq!(edits.lines().count(), 4);
    for step in STEPS {
        let env = copy(&template);
        kill_at(&env, &["commit"], step);
        env.done(&["check"]);
        let stands = place(step) >= place("moved");
        assert_eq!(env.git_done(&["status", "--porcelain"]), if stands { "" } else { &edits }, "{step}");
        whole(&env);
        assert_eq!(env.run(&["commit"]).code, 0);
        sound(&env);
        assert_eq!(env.git_done(&["rev-list", "--count", "HEAD"]), "6", "{step}");
    }
}

/// Killed past the commit point, and again at every step of the recovery.
#[test]
fn killed_again_while_finishing() {
    let template = repository();
    let file = beside(&template, "leads.csv", &table(0, 60));
    let args = ["lead", "import", &file];
    let done = copy(&template);
    done.done(&args);
    let after = sound(&done);
    for first in ["branch", "half-moved", "index-locked"] {
        let killed = copy(&template);
        kill_at(&killed, &args, first);
        let mut again = 0;
        for step in STEPS {
            let env = copy(&killed);
            let next = run_at(&env, &["lead", "list"], step);
            again += usize::from(next.code == -1);
            assert_eq!(sound(&env), after, "killed at {first}, then at {step}");
        }
        assert!(again >= 5, "the recovery passes {again} steps after {first}");
    }
}

/// How many times as many rounds as usual.
fn soak() -> u64 {
    std::env::var("KEHU_SOAK").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// Numbers that look random, the same in every run.
fn random(seed: u64) -> u64 {
    let mixed = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32
}

/// Starts the program without waiting for it.
fn start(env: &Env, args: &[&str]) -> Child {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("kehu"));
    command.args(args);
    env.hermetic_std(&mut command, &env.dir());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Runs the program and kills it after `wait`; returns what it printed, if it ended well before that.
fn interrupted(env: &Env, args: &[&str], wait: Duration) -> Option<String> {
    let mut child = start(env, args);
    std::thread::sleep(wait);
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

#[test]
fn adds_killed_at_any_instant() {
    let env = repository();
    let mut acknowledged = Vec::new();
    let usual = {
        let start = std::time::Instant::now();
        env.lead("first", "13700000000");
        start.elapsed().as_micros() as u64
    };
    for round in 0..40 * soak() {
        let (company, phone) = (format!("company=Firm {round}"), format!("phone=136{round:08}"));
        let args = ["lead", "add", &company, &phone, "contact_name=x", "region=x", "source=hotline"];
        // Some get more time than they need, also when the machine is busier than it was.
        let wait = if round % 8 == 7 { 6 * usual } else { random(round) % (usual + usual / 3) };
        let wait = Duration::from_micros(wait);
        acknowledged.extend(interrupted(&env, &args, wait).map(|number| (number.trim().to_string(), company.clone())));
    }
    let tree = sound(&env);
    for (number, company) in &acknowledged {
        assert!(tree.contains(number), "{number} was acknowledged");
        assert!(env.done(&["lead", "show", number]).contains(&company["company=".len()..]));
    }
    let unique: BTreeSet<_> = acknowledged.iter().map(|(number, _)| number).collect();
    assert_eq!(unique.len(), acknowledged.len());
    assert!(!acknowledged.is_empty(), "some end in time");
}

#[test]
fn imports_killed_at_any_instant() {
    let template = repository();
    let file = beside(&template, "leads.csv", &table(0, 300));
    let args = ["lead", "import", &file];
    let (before, done) = (sound(&template), copy(&template));
    let start = std::time::Instant::now();
    done.done(&args);
    let usual = start.elapsed().as_micros() as u64;
    let after = sound(&done);
    for round in 0..12 * soak() {
        let env = copy(&template);
        // Most of the time goes into reading; the second half is where writing happens.
        let wait = Duration::from_micros(usual / 2 + random(round) % (usual * 2 / 3));
        let acknowledged = interrupted(&env, &args, wait).is_some();
        // The next one, which finishes what was left, is killed too.
        interrupted(&env, &["lead", "list"], Duration::from_micros(random(round + 1000) % 60_000));
        let now = sound(&env);
        assert!(now == after || now == before && !acknowledged, "round {round} left\n{now}");
    }
}
