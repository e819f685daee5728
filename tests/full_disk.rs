//! A disk that is full, or takes no file beyond a size, at any step: a clear error, nothing lost, nothing half.
//!
//! Before the commit point, where all room is taken, the command fails with exit code 1 and says what to do.
//! Should anything go wrong after it the commit stands, which is said, and the next command finishes. With `KEHU_SMALL_DISK=DIR`, a small file system
//! mounted there, one of the tests fills it up in earnest.

#![cfg(unix)]

mod common;
#[path = "common/sound.rs"]
mod sound;

use common::{Env, Output};
use kehu::store::STEPS;
use sound::{copy, sound};
use std::fmt::Write;
use std::os::unix::process::CommandExt;
use std::process::Command;

const ADD: [&str; 7] =
    ["lead", "add", "company=C", "contact_name=x", "phone=13800138003", "region=x", "source=hotline"];

/// A repository with a lead, and a table of leads beside it.
fn repository(rows: usize) -> (Env, String) {
    let env = Env::repository("en");
    env.lead("A", "13800138001");
    let mut text = "company,contact_name,phone,region,source,status,acquired_on\n".to_string();
    for n in 0..rows {
        writeln!(text, "Firm {n},Buyer,137{n:08},Hangzhou,hotline,new,2026-03-01").unwrap();
    }
    let file = env.dir().with_file_name("leads.csv");
    std::fs::write(&file, text).unwrap();
    (env, file.display().to_string())
}

/// Returns the tree that the command would make.
fn after(template: &Env, args: &[&str]) -> String {
    let done = copy(template);
    done.done(args);
    sound(&done)
}

/// Lets the disk be full at every step.
fn survives_full(args: &[&str], template: &Env) {
    survives_full_at(STEPS, args, template);
}

/// Lets the disk be full at steps.
fn survives_full_at(steps: impl IntoIterator<Item = &'static str>, args: &[&str], template: &Env) {
    let (before, after) = (sound(template), after(template, args));
    for step in steps {
        let env = copy(template);
        let mut command = env.command(args);
        command.env("KEHU_FAIL_AT", format!("{step}:full"));
        let output = env.finish(command);
        let stands = STEPS.iter().position(|s| *s == step) >= STEPS.iter().position(|s| *s == "moved");
        let is_told = output.stderr.contains(&format!("`{step}`: no space is left on the disk"));
        // An index that cannot be replaced at once is replaced with the files.
        assert_eq!(is_told, step != "moved", "{step}: {output}");
        if step == "moved" {
            assert_eq!(output.code, 0, "{step}: {output}");
        } else if stands {
            assert_eq!(output.code, 0, "{step}: {output}");
            assert!(output.stderr.contains("committed, but not finished: "), "{step}: {output}");
            assert!(output.stderr.contains("the next kehu command finishes it"), "{step}: {output}");
        } else {
            assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{step}: {output}");
            assert!(output.stderr.contains("hint: make room"), "{step}: {output}");
            assert_eq!(env.git_done(&["status", "--porcelain"]), "", "{step}: nothing is left even now");
        }
        assert_eq!(&sound(&env), if stands { &after } else { &before }, "{step}");
        env.run(args);
        assert_eq!(sound(&env), again(&env, &after, stands), "{step}: the same again");
    }
}

/// Returns the tree after the same command once more: an add that stood is refused as a duplicate.
fn again(env: &Env, after: &str, stood: bool) -> String {
    if stood { env.git_done(&["ls-tree", "-r", "HEAD"]) } else { after.to_string() }
}

#[test]
fn a_full_disk_at_every_step_of_an_add() {
    survives_full(&ADD, &repository(0).0);
}

/// A change goes the way of an addition: here at the odd steps, a removal at the even ones.
#[test]
fn a_full_disk_in_the_midst_of_a_change() {
    let steps = STEPS.into_iter().skip(1).step_by(2);
    survives_full_at(steps, &["lead", "set", "LEAD-2026-001", "remark=x"], &repository(0).0);
}

#[test]
fn a_full_disk_in_the_midst_of_a_removal() {
    let steps = STEPS.into_iter().step_by(2);
    survives_full_at(steps, &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"], &repository(0).0);
}

#[test]
fn a_full_disk_at_every_step_of_an_import() {
    let (env, file) = repository(60);
    survives_full(&["lead", "import", &file], &env);
}

/// What a killed import left cannot be finished: reading goes on and says so, writing is refused.
#[test]
fn a_full_disk_while_finishing() {
    let (env, file) = repository(60);
    let after = after(&env, &["lead", "import", &file]);
    let run = |fail: &str, args: &[&str]| {
        let mut command = env.command(args);
        command.env("KEHU_FAIL_AT", fail);
        env.finish(command)
    };
    assert_eq!(run("branch", &["lead", "import", &file]).code, -1);
    for step in ["temps", "half-renamed", "files", "index"] {
        let fail = format!("{step}:full");
        let read = run(&fail, &["lead", "list"]);
        assert_eq!(read.code, 0, "{read}");
        assert!(read.stderr.contains("could not be finished") && read.stdout.contains("LEAD-2026-001"), "{read}");
        let written = run(&fail, &ADD);
        assert_eq!(written.code, 1, "{written}");
        assert!(written.stderr.contains("hint: make room"), "{written}");
    }
    assert_eq!(sound(&env), after);
}

/// Runs the program where no file may grow beyond `limit` bytes, which fails a write as a full disk does.
fn limited(env: &Env, args: &[&str], limit: u64) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("kehu"));
    command.args(args);
    env.hermetic_std(&mut command, &env.dir());
    let limit_size = move || {
        let limit = libc::rlimit { rlim_cur: limit, rlim_max: limit };
        // SAFETY: both calls are safe between fork and exec, and the structure outlives its call.
        match unsafe {
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN) as isize | libc::setrlimit(libc::RLIMIT_FSIZE, &limit) as isize
        } {
            -1 => Err(std::io::Error::last_os_error()),
            _ => Ok(()),
        }
    };
    // SAFETY: see above.
    unsafe { command.pre_exec(limit_size) };
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Output { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code().unwrap_or(-1) }
}

#[test]
fn files_that_may_not_grow() {
    let (template, file) = repository(60);
    let before = sound(&template);
    let mut refused = 0;
    for args in [&ADD[..], &["lead", "import", &file], &["lead", "set", "LEAD-2026-001", "remark=x"]] {
        let after = after(&template, args);
        for limit in [0, 20, 60, 120, 200, 300, 500, 1000, 2000, 5000, 12_000] {
            let env = copy(&template);
            let output = limited(&env, args, limit);
            let now = sound(&env);
            match output.code {
                0 => assert_eq!(now, after, "{args:?} {limit}: {output}"),
                1 => {
                    assert_eq!(
                        (now.as_str(), output.stdout.as_str()),
                        (before.as_str(), ""),
                        "{args:?} {limit}: {output}"
                    );
                    let said = &output.stderr;
                    assert!(said.contains("may not become that large") || said.contains("File too large"), "{said}");
                    assert!(said.contains(".git/") && said.contains("hint: `ulimit -f`"), "{said}");
                }
                code => panic!("{args:?} {limit}: {code}\n{output}"),
            }
            refused += usize::from(output.code == 1);
            assert!(!output.stderr.contains("committed, but"), "all room is taken before: {args:?} {limit}: {output}");
        }
    }
    assert!(refused > 10, "{refused} refused");
}

#[test]
fn both_languages_say_what_to_do() {
    let (env, _) = repository(0);
    let mut command = env.command(&[&ADD[..], &["--lang", "zh"]].concat());
    command.env("KEHU_FAIL_AT", "objects:full");
    let said = env.finish(command).stderr;
    assert_eq!(said, "错误：`objects`：磁盘空间已满\n提示：请在该磁盘上腾出空间后重试\n");
}

/// A result that cannot be written: an error, and what stood in its place stays.
#[test]
fn a_result_that_cannot_be_written() {
    let (env, file) = repository(5);
    env.done(&["lead", "import", &file]);
    env.write("leads.md", "before\n");
    let output = limited(&env, &["lead", "list", "-o", "leads.md"], 10);
    assert_eq!(output.code, 1, "{output}");
    assert!(output.stderr.contains("cannot write `leads.md`: the file may not become that large"), "{output}");
    assert_eq!(env.read("leads.md"), "before\n");
    let full = Command::new("sh")
        .args(["-c", "exec \"$0\" lead list > /dev/full"])
        .arg(assert_cmd::cargo::cargo_bin!("kehu"))
        .current_dir(env.dir())
        .output()
        .unwrap();
    assert_eq!(full.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&full.stderr).contains("no space is left on the disk"));
}

/// Fills a small file system up in earnest, leaving a little more room each time.
#[test]
fn a_disk_that_is_full() {
    let Some(disk) = std::env::var_os("KEHU_SMALL_DISK").map(std::path::PathBuf::from) else { return };
    let (template, file) = repository(300);
    let (before, after) = (sound(&template), after(&template, &["lead", "import", &file]));
    let mut outcomes = std::collections::BTreeMap::new();
    for spare in (0..120).map(|n| n * 16_384) {
        let work = disk.join("work");
        let cp = Command::new("cp").arg("-a").args([&template.dir(), &work]).status().unwrap();
        assert!(cp.success());
        let filler = disk.join("filler");
        fill(&filler, spare);
        let run = |args: &[&str]| {
            let mut command = Command::new(assert_cmd::cargo::cargo_bin!("kehu"));
            template.hermetic_std(command.args(args), &work);
            let output = command.output().unwrap();
            (output.status.code(), String::from_utf8(output.stderr).unwrap())
        };
        let (code, said) = run(&["lead", "import", &file]);
        let outcome = match code {
            // All room is taken before the commit point, so nothing is left unfinished after it.
            Some(0) if !said.contains("committed, but") => "done",
            Some(1) if said.contains("no space is left") || said.contains("No space left") => "refused",
            _ => panic!("{spare}: {code:?}\n{said}"),
        };
        *outcomes.entry(outcome).or_insert(0) += 1;
        assert_eq!(run(&["lead", "list"]).0, Some(0), "reading goes on");
        std::fs::remove_file(&filler).unwrap();
        assert_eq!(run(&["check"]).0, Some(0));
        let git = |args: &[&str]| {
            let mut command = Command::new("git");
            template.hermetic_std(command.args(args), &work);
            String::from_utf8(command.output().unwrap().stdout).unwrap()
        };
        assert_eq!(git(&["status", "--porcelain"]) + &git(&["fsck", "--strict", "--no-dangling"]), "");
        assert_eq!(git(&["ls-tree", "-r", "HEAD"]).trim(), if outcome == "refused" { &before } else { &after });
        std::fs::remove_dir_all(&work).unwrap();
    }
    println!("{outcomes:?}");
    assert_eq!(outcomes.len(), 2);
}

/// Writes a file until `spare` bytes are left.
fn fill(path: &std::path::Path, spare: usize) {
    let mut file = std::fs::File::create(path).unwrap();
    while std::io::Write::write_all(&mut file, &[b'x'; 4096]).is_ok() {}
    let size = file.metadata().unwrap().len();
    file.set_len(size.saturating_sub(spare as u64)).unwrap();
}
