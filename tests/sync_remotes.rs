//! Remotes that are slow, refuse, race, vanish, or are reached over a socket: every failure is told, nothing is lost.

#![cfg(unix)]

mod common;
#[path = "common/team.rs"]
mod team;

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use team::{Team, write_script};

#[test]
fn who_pushed_first_is_merged_and_it_is_tried_again() {
    let team = Team::new(2);
    team.lead(0, "Alpha", "13800138001");
    team.lead(1, "Beta", "13800138002");
    let program = assert_cmd::cargo::cargo_bin!("kehu");
    // In the middle of the first push of one clone the other syncs.
    let script = format!("test -e ../raced && exit 0; touch ../raced; '{}' -C ../b sync >/dev/null", program.display());
    team.hook(Some(0), "pre-push", &script);
    let output = team.run(0, &["sync"]);
    assert_eq!(output.code, 0, "{output}");
    assert!(output.stdout.contains("LEAD-2026-002") && output.stdout.contains("was LEAD-2026-001"), "{output}");
    team.synced(1);
    team.in_step();
}

#[test]
fn a_remote_that_refuses_is_quoted_and_nothing_is_lost() {
    let team = Team::new(2);
    team.lead(0, "Alpha", "13800138001");
    team.hook(None, "pre-receive", "echo 'not on Sundays' >&2; exit 1");
    let output = team.run(0, &["sync"]);
    assert_eq!(output.code, 1, "{output}");
    for part in ["`origin` did not take the push", "not on Sundays", "1 commits", "kehu sync"] {
        assert!(output.stderr.contains(part), "{part}\n{output}");
    }
    team.hook(None, "pre-receive", "exit 0");
    team.lead(1, "Beta", "13800138002");
    team.synced(1);
    team.hook(None, "pre-receive", "exit 1");
    let output = team.run(0, &["sync", "--json"]);
    assert_eq!(output.code, 3, "merged here, not pushed: {output}");
    let json = output.json();
    assert_eq!((&json["pushed"], &json["moved"][0]["new"]), (&false.into(), &"LEAD-2026-002".into()));
    assert!(output.stderr.contains("kehu.error"), "{output}");
    team.hook(None, "pre-receive", "exit 0");
    team.synced(0);
    team.synced(1);
    team.in_step();
}

#[test]
fn a_remote_that_vanishes_in_the_middle_is_told() {
    let team = Team::new(2);
    team.lead(1, "Beta", "13800138002");
    team.synced(1);
    team.lead(0, "Alpha", "13800138001");
    team.hook(None, "pre-receive", "mv ../remote.git ../away.git; kill -9 $PPID");
    let output = team.run(0, &["sync"]);
    assert_eq!(output.code, 3, "{output}");
    assert!(output.stderr.contains("cannot fetch from `origin`") && output.stderr.contains("stays here"), "{output}");
    assert!(output.stdout.contains("was LEAD-2026-001"), "what moved is told all the same: {output}");
    std::fs::rename(team.remote().with_file_name("away.git"), team.remote()).unwrap();
    team.hook(None, "pre-receive", "exit 0");
    team.synced(0);
    team.synced(1);
    team.in_step();
}

#[test]
fn a_push_whose_answer_is_lost_counts_by_what_the_remote_has() {
    let team = Team::new(1);
    team.lead(0, "Alpha", "13800138001");
    // The remote has it, and then the connection breaks.
    let push = "git push -q --no-verify origin HEAD:main && exit 1";
    team.hook(Some(0), "pre-push", push);
    let output = team.run(0, &["sync"]);
    assert_eq!(output.code, 0, "{output}");
    team.in_step();
}

#[test]
fn a_remote_that_is_not_there_changes_nothing() {
    let team = Team::new(1);
    team.lead(0, "Alpha", "13800138001");
    team.env.git_done(&["remote", "set-url", "origin", "../nowhere.git"]);
    let before = team.env.state();
    let output = team.run(0, &["sync"]);
    assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{output}");
    assert!(output.stderr.contains("cannot fetch from `origin`") && output.stderr.contains("nowhere.git"), "{output}");
    assert_eq!(team.env.state(), before);
}

#[test]
fn what_takes_too_long_is_stopped() {
    let team = Team::new(1);
    let slow = team.folder(0).with_file_name("slow");
    write_script(&slow, "sleep 30 & echo $! >../pid; wait");
    team.env.git_done(&["config", "core.sshCommand", &slow.to_string_lossy()]);
    team.env.git_done(&["remote", "set-url", "origin", "ssh://localhost/x.git"]);
    let start = Instant::now();
    let output = team.run(0, &["sync", "--timeout", "1"]);
    assert_eq!(output.code, 1, "{output}");
    assert!(output.stderr.contains("`git fetch` did not end within 1 s"), "{output}");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    let left = std::fs::read_to_string(team.folder(0).with_file_name("pid")).unwrap();
    let is_gone = || !std::path::Path::new(&format!("/proc/{}", left.trim())).join("exe").exists();
    let gone = (0..100).any(|_| {
        is_gone() || {
            std::thread::sleep(Duration::from_millis(50));
            false
        }
    });
    assert!(gone, "all that git started is stopped with it");
}

#[test]
fn nothing_asks_where_nobody_can_answer() {
    let team = Team::new(1);
    let ssh = team.folder(0).with_file_name("bin").join("ssh");
    write_script(&ssh, "echo \"$GIT_TERMINAL_PROMPT $*\" >../asked; exit 255");
    team.env.git_done(&["config", "core.sshCommand", &format!("{} -v", ssh.display())]);
    team.env.git_done(&["remote", "set-url", "origin", "ssh://localhost/x.git"]);
    assert_eq!(team.run(0, &["sync"]).code, 1);
    let asked = std::fs::read_to_string(team.folder(0).with_file_name("asked")).unwrap();
    assert!(asked.starts_with("0 -v -o BatchMode=yes"), "{asked}");
}

/// A git daemon that is gone when dropped.
struct Daemon {
    child: Child,
    port: u16,
}

impl Daemon {
    fn new(team: &Team) -> Daemon {
        let base = team.remote().parent().unwrap().to_path_buf();
        for _ in 0..20 {
            // Free a moment ago, so free now, mostly.
            let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut command = Command::new("git");
            command.args(["daemon", "--export-all", "--enable=receive-pack", "--listen=127.0.0.1", "--reuseaddr"]);
            command.arg(format!("--port={port}")).arg(format!("--base-path={}", base.display())).arg(&base);
            team.env.hermetic_std(&mut command, &base);
            let mut child = command.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let start = Instant::now();
            while start.elapsed() < Duration::from_secs(10) && child.try_wait().unwrap().is_none() {
                if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                    return Daemon { child, port };
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            drop(Daemon { child, port });
        }
        panic!("git daemon does not start");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // What was started is a wrapper round the daemon itself.
        // SAFETY: a plain system call; the group is the child's own, which has not been waited for.
        unsafe { libc::kill(-(self.child.id() as i32), libc::SIGKILL) };
        let _ = self.child.wait();
    }
}

#[test]
fn over_a_socket_it_is_the_same() {
    let team = Team::new(2);
    let daemon = Daemon::new(&team);
    for clone in [0, 1] {
        team.git(clone, &["remote", "set-url", "origin", &format!("git://127.0.0.1:{}/remote.git", daemon.port)]);
    }
    team.lead(0, "Alpha", "13800138001");
    team.lead(1, "Beta", "13800138002");
    team.synced(0);
    team.synced(1);
    team.synced(0);
    team.in_step();
    team.lead(0, "Gamma", "13800138003");
    drop(daemon);
    let output = team.run(0, &["sync"]);
    assert!(output.code == 1 && output.stderr.contains("cannot fetch"), "{output}");
}

#[test]
fn two_at_once_in_one_clone_take_turns() {
    let team = Team::new(2);
    team.lead(1, "Beta", "13800138002");
    team.synced(1);
    team.lead(0, "Alpha", "13800138001");
    std::thread::scope(|scope| {
        let both: Vec<_> = (0..2).map(|_| scope.spawn(|| sync(&team, 0))).collect();
        both.into_iter().for_each(|one| assert_eq!(one.join().unwrap(), 0));
    });
    team.hook(Some(0), "pre-push", "sleep 3");
    team.lead(0, "Gamma", "13800138003");
    std::thread::scope(|scope| {
        let first = scope.spawn(|| sync(&team, 0));
        while !team.folder(0).join(".git/kehu/sync").exists() {
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(500));
        team.lead(0, "Delta", "13800138004");
        let output = team.run(0, &["sync", "--lock-timeout", "0"]);
        assert!(output.code == 9 && output.stderr.contains("`sync`"), "{output}");
        assert_eq!(first.join().unwrap(), 0, "and writing goes on beside a sync");
    });
    team.hook(Some(0), "pre-push", "exit 0");
    team.synced(0);
    team.synced(1);
    team.in_step();
}

/// Syncs from any thread; returns the exit code.
fn sync(team: &Team, clone: usize) -> i32 {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("kehu"));
    team.env.hermetic_std(command.args(["sync", "--lock-timeout", "60"]), &team.folder(clone));
    command.stdin(Stdio::null()).output().unwrap().status.code().unwrap_or(-1)
}

#[test]
fn clones_that_race_all_get_through() {
    let team = Team::new(4);
    for clone in 0..4 {
        team.lead(clone, &format!("Firm {clone}"), &format!("1380013800{clone}"));
    }
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4)
            .map(|clone| {
                scope.spawn({
                    let team = &team;
                    move || sync(team, clone)
                })
            })
            .collect();
        all.into_iter().for_each(|one| assert_eq!(one.join().unwrap(), 0));
    });
    (0..4).for_each(|clone| _ = team.synced(clone));
    team.in_step();
    assert_eq!(team.done(3, &["lead", "list", "--count"]), "4");
}

/// A server judges each commit; the way out that is told leads out, and loses nothing else.
#[test]
fn a_refused_operation_is_named_with_the_way_out() {
    let team = Team::new(1);
    team.lead(0, "Alpha", "13800138001");
    team.synced(0);
    // What kehu's own hook says of a commit, of every commit that touches a file.
    let judge = "while read old new ref; do \
        for commit in $(git log --format=%h --abbrev=8 $old..$new -- leads/2026/LEAD-2026-002.toml); do \
        echo \"  commit $commit: leads/2026/LEAD-2026-002.toml:1:1: not this one\" >&2; bad=1; done; done; \
        test -z \"$bad\"";
    team.hook(None, "pre-receive", judge);
    team.lead(0, "Beta", "13800138002");
    let operation = team.git(0, &["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    team.done(0, &["lead", "set", "LEAD-2026-001", "remark=later"]);
    let output = team.run(0, &["sync"]);
    assert_eq!(output.code, 1, "{output}");
    let [undo, join] = [format!("`kehu undo {operation}`"), "`git reset --soft origin/main`".to_string()];
    for part in ["not this one", "lead: add LEAD-2026-002", &undo, &join, "`kehu commit`", "`kehu sync`"] {
        assert!(output.stderr.contains(part), "{part}\n{output}");
    }
    team.done(0, &["undo", &operation]);
    assert_eq!(team.run(0, &["sync"]).code, 1, "taking it back in another commit is not enough");
    team.git(0, &["reset", "-q", "--soft", "origin/main"]);
    team.done(0, &["commit"]);
    team.synced(0);
    let shown = team.done(0, &["lead", "show", "LEAD-2026-001"]);
    assert!(shown.contains("later"), "{shown}");
    assert_eq!(team.run(0, &["lead", "show", "LEAD-2026-002"]).code, 4);
    team.in_step();
}
