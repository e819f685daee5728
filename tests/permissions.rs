//! Folders and files without permission: what can be read is shown, what cannot be written is said before
//! anything happens, and nothing is half.
//!
//! Permission bits mean nothing to root, so the program runs as nobody where the tests run as root.

#![cfg(unix)]

mod common;
#[path = "common/sound.rs"]
mod sound;

use common::{Env, Output};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const NOBODY: u32 = 65534;
const LEAD: &str = "leads/2026/LEAD-2026-001.toml";
const ADD: [&str; 7] =
    ["lead", "add", "company=C", "contact_name=x", "phone=13800138003", "region=x", "source=hotline"];

fn is_root() -> bool {
    // SAFETY: the call always succeeds and touches no memory.
    unsafe { libc::geteuid() == 0 }
}

/// A repository with two leads that belongs to who runs the program.
struct Nobody(Env);

impl Nobody {
    fn new() -> Nobody {
        let env = Env::repository("en");
        env.lead("A", "13800138001");
        env.lead("B", "13800138002");
        Nobody::owning(env)
    }

    fn owning(env: Env) -> Nobody {
        if is_root() {
            let home = env.dir().parent().unwrap().to_path_buf();
            assert!(Command::new("chown").arg("-R").arg(NOBODY.to_string()).arg(home).status().unwrap().success());
        }
        Nobody(env)
    }

    /// A copy as it is now, permissions included.
    fn copy(&self) -> Nobody {
        Nobody::owning(sound::copy(&self.0))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.dir().join(path)
    }

    fn chmod(&self, path: &str, mode: u32) {
        fs::set_permissions(self.path(path), Permissions::from_mode(mode)).unwrap();
    }

    /// Takes the right to write from everything at and below a path, or gives it back.
    fn writable(&self, path: &str, yes: bool) {
        let mode = if yes { "u+w" } else { "a-w" };
        assert!(Command::new("chmod").args(["-R", mode]).arg(self.path(path)).status().unwrap().success());
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        self.0.hermetic_std(command.args(args), &self.0.dir());
        if is_root() {
            // SAFETY: the calls are safe between fork and exec.
            unsafe {
                command.pre_exec(|| {
                    match libc::setgroups(0, std::ptr::null()) | libc::setgid(NOBODY) | libc::setuid(NOBODY) {
                        0 => Ok(()),
                        _ => Err(std::io::Error::last_os_error()),
                    }
                });
            }
        }
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        output(&mut self.command(assert_cmd::cargo::cargo_bin!("kehu"), args))
    }

    fn git(&self, args: &[&str]) -> String {
        let output = output(&mut self.command("git", args));
        assert_eq!(output.code, 0, "git {args:?}: {output}");
        output.stdout
    }

    /// Checks that git, its index, the files and the rules agree; returns the tree of the branch.
    #[track_caller]
    fn sound(&self) -> String {
        let checked = self.run(&["check"]);
        assert_eq!(checked.code, 0, "{checked}");
        assert_eq!(self.git(&["status", "--porcelain"]) + &self.git(&["fsck", "--strict", "--no-dangling"]), "");
        self.git(&["ls-tree", "-r", "HEAD"])
    }
}

impl Drop for Nobody {
    fn drop(&mut self) {
        self.writable(".", true);
    }
}

fn output(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Output { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code().unwrap_or(-1) }
}

const READS: [&[&str]; 5] = [
    &["lead", "list"],
    &["lead", "show", "LEAD-2026-001"],
    &["report", "weekly"],
    &["check"],
    &["lead", "list", "--as-of", "HEAD~1"],
];

fn read_all(env: &Nobody) -> Vec<Output> {
    READS.iter().map(|args| env.run(args)).collect()
}

#[test]
fn what_may_not_be_written_is_read_all_the_same() {
    let env = Nobody::new();
    let usual = read_all(&env);
    assert!(usual.iter().all(|output| output.code == 0));
    for drop_index in [false, true] {
        for path in [".", ".git", "leads"] {
            if drop_index {
                _ = fs::remove_dir_all(env.path(".git/kehu"));
            }
            env.writable(path, false);
            assert_eq!(read_all(&env), usual, "{path}");
            env.writable(path, true);
        }
    }
    _ = fs::remove_dir_all(env.path(".git/kehu"));
    fs::write(env.path(".git/kehu"), "a file where the folder should be").unwrap();
    assert_eq!(read_all(&env), usual);
    let refused = env.run(&ADD);
    assert_eq!(refused.code, 1, "{refused}");
    assert!(refused.stderr.contains("/.git/kehu`"), "{refused}");
}

/// Every place a write needs, one after the other: it fails with nothing changed, or it is done.
#[test]
fn what_may_not_be_written_is_said_and_nothing_is_half() {
    let template = Nobody::new();
    let before = template.sound();
    let done = template.copy();
    assert_eq!(done.run(&ADD).code, 0);
    let after = done.sound();
    // Where a write of the whole is needed; the others are of no consequence to it.
    let needed = [".git/objects", ".git/refs/heads", ".git/kehu", "leads/2026", "leads", ".git", "."];
    for path in needed.into_iter().chain([".git/logs", ".git/kehu/index.sqlite", ".git/kehu/numbers", "config"]) {
        let env = template.copy();
        env.writable(path, false);
        let output = env.run(&ADD);
        let git_says = output.stderr.contains("Permission denied");
        if output.code == 1 {
            assert_eq!(output.stdout, "", "{path}: {output}");
            assert!(output.stderr.contains("no permission") || git_says, "{path}: {output}");
            assert!(output.stderr.contains("hint: `ls -ld`"), "{path}: {output}");
        } else {
            assert!(output.code == 0 && output.stderr.is_empty(), "{path}: {output}");
        }
        assert!(output.code == 1 || !needed.contains(&path), "{path}: {output}");
        env.writable(path, true);
        assert_eq!(&env.sound(), if output.code == 1 { &before } else { &after }, "{path}: {output}");
    }
}

#[test]
fn a_record_without_permission_is_named_and_the_others_are_shown() {
    let env = Nobody::new();
    env.chmod(LEAD, 0o000);
    for index in ["--quiet", "--no-index"] {
        let listed = env.run(&["lead", "list", index, "--json"]);
        assert_eq!(listed.code, 3, "{listed}");
        assert!(listed.stdout.contains("LEAD-2026-002") && !listed.stdout.contains("LEAD-2026-001"), "{listed}");
    }
    let listed = env.run(&["lead", "list"]);
    assert!(listed.stderr.contains(&format!("{LEAD}:1:1: it cannot be read: no permission")), "{listed}");
    let shown = env.run(&["lead", "show", "LEAD-2026-001"]);
    assert_eq!(shown.code, 1, "{shown}");
    assert!(shown.stderr.contains(&format!("error: cannot read `{LEAD}`: no permission\nhint: ")), "{shown}");
    let checked = env.run(&["check"]);
    assert_eq!(checked.code, 6, "{checked}");
    assert!(checked.stdout.contains("no permission [error unreadable]"), "{checked}");
    let set = env.run(&["lead", "set", "LEAD-2026-001", "remark=x"]);
    assert_eq!((set.code, set.stderr.contains(LEAD)), (1, true), "{set}");
    assert_eq!(env.run(&["lead", "set", "LEAD-2026-002", "remark=x"]).code, 0);
    assert_eq!(env.run(&ADD).code, 0);
    env.chmod(LEAD, 0o644);
    env.sound();
}

#[test]
fn a_folder_without_permission_is_named() {
    let env = Nobody::new();
    env.chmod("leads/2026", 0o000);
    let listed = env.run(&["lead", "list"]);
    env.chmod("leads/2026", 0o755);
    assert_eq!(listed.code, 3, "{listed}");
    assert!(listed.stderr.contains("leads/2026:1:1: it cannot be read: no permission"), "{listed}");
    env.chmod("config", 0o000);
    let listed = env.run(&["lead", "list"]);
    let checked = env.run(&["check"]);
    env.chmod("config", 0o755);
    assert_eq!(listed.code, 1, "{listed}");
    assert!(listed.stderr.contains("cannot read `config/"), "{listed}");
    assert_eq!(checked.code, 6, "what no command can read is no pass: {checked}");
    assert!(checked.stdout.contains("config/") && checked.stdout.contains("no permission"), "{checked}");
    env.sound();
}

#[test]
fn results_that_may_not_be_written() {
    let env = Nobody::new();
    let before = env.sound();
    let file = env.path("../bad.csv");
    fs::write(&file, "company,contact_name,phone,region,source\nC,x,nonsense,x,hotline\nD,x,13800138004,x,hotline\n")
        .unwrap();
    fs::create_dir(env.path("../closed")).unwrap();
    env.chmod("../closed", 0o555);
    let into = env.path("../closed/rejects.csv").display().to_string();
    let imported = env.run(&["lead", "import", "../bad.csv", "--set", "acquired_on=2026-03-01", "--rejects", &into]);
    assert_eq!(imported.code, 1, "{imported}");
    assert!(imported.stderr.contains(&format!("error: cannot write `{into}`: no permission")), "{imported}");
    assert!(imported.stderr.contains("nothing was imported"), "{imported}");
    assert_eq!(env.sound(), before);
    let listed = env.run(&["lead", "list", "-o", "../closed/leads.xlsx"]);
    assert_eq!((listed.code, listed.stdout.as_str()), (1, ""), "{listed}");
    assert!(listed.stderr.contains("cannot write `../closed/leads.xlsx`: no permission"), "{listed}");
    assert_eq!(fs::read_dir(env.path("../closed")).unwrap().count(), 0);
}

#[test]
fn locks_that_others_left_or_hold() {
    let env = Env::repository("en");
    env.write(".git/index.lock", "");
    let refused = env.run(&ADD);
    assert_eq!((refused.code, refused.stdout.as_str()), (9, ""), "{refused}");
    assert!(refused.stderr.contains(".git/index.lock`; waited 5 s, nothing was changed"), "{refused}");
    assert!(refused.stderr.contains("hint: run it again") && refused.stderr.contains("`pgrep -l git`"), "{refused}");
    assert_eq!(env.run(&["lead", "list"]).code, 0, "readers do not mind");
    fs::remove_file(env.dir().join(".git/index.lock")).unwrap();
    env.done(&ADD);
    env.write(".git/refs/heads/main.lock", "");
    let refused = env.run(&["lead", "set", "LEAD-2026-001", "remark=x"]);
    assert_eq!(refused.code, 9, "{refused}");
    assert!(refused.stderr.contains("refs/heads/main.lock`") && refused.stderr.contains("`pgrep -l git`"), "{refused}");
    fs::remove_file(env.dir().join(".git/refs/heads/main.lock")).unwrap();
    let lock = fs::File::options().write(true).open(env.dir().join(".git/kehu/lock")).unwrap();
    lock.lock().unwrap();
    lock.set_len(0).unwrap();
    std::io::Write::write_all(&mut &lock, b"4711 lead import\n").unwrap();
    let busy = env.run(&["lead", "set", "LEAD-2026-001", "remark=x", "--lock-timeout", "0"]);
    assert_eq!(busy.code, 9, "{busy}");
    assert!(busy.stderr.contains("process 4711, `lead import`"), "{busy}");
    assert_eq!(env.run(&["lead", "list"]).code, 0, "readers take no lock");
    drop(lock);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=x"]);
    sound::sound(&env);
}
