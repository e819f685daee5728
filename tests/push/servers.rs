//! Servers: an empty one, and one that is reached over the network.

use super::{LI, OTHERS, Team};
use crate::common::Env;
use std::path::Path;

#[test]
fn an_empty_server_takes_what_is_sound() {
    let env = Env::repository("zh");
    env.done(&["user", "add", "li", "name=li", "email=li@example.com", "role=sales"]);
    let team = Team { env };
    team.env.git_done(&["init", "-q", "--bare", "--initial-branch=main", "../server.git"]);
    team.env.done(&["hook", "install", "pre-receive", "-C", "../server.git"]);
    assert_eq!(
        team.env.run(&["hook", "install", "pre-receive", "-C", "../server.git"]).stderr,
        "the hook is installed already\n",
        "it has no language yet"
    );
    let path = "../server.git";
    let push = || team.env.finish(team.command("git", "work", &["push", "-q", path, "HEAD"]));
    assert_eq!(push().code, 0, "roles do not hold yet");
    team.env.write(LI, "status = \"new\"\n");
    team.commit("work");
    let refused = push();
    assert!(refused.stderr.contains("remote: 错误：推送被拒绝，未接受任何内容"), "{refused}");
    let work = team.env.run(&["hook", "install", "pre-receive"]);
    assert!(work.code == 2 && work.stderr.contains("不是裸 git 仓库"), "{work}");
}

/// Serves the server's repository over loopback until dropped.
struct Daemon(std::process::Child, u16);

impl Daemon {
    fn new(team: &Team) -> Option<Daemon> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let home = team.folder("");
        let mut command = std::process::Command::new("git");
        team.env.hermetic_std(&mut command, &home);
        let own = Path::new(assert_cmd::cargo::cargo_bin!("kehu")).parent().unwrap().to_path_buf();
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env("PATH", std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path))).unwrap());
        command.arg("daemon").arg(format!("--base-path={}", home.display())).arg(format!("--port={port}"));
        command.args(["--listen=127.0.0.1", "--export-all", "--enable=receive-pack", "--reuseaddr"]).arg(&home);
        let child = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().ok()?;
        let daemon = Daemon(child, port);
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(daemon);
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        None
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_same_over_the_network_and_by_a_file_address() {
    let team = Team::new();
    let daemon = Daemon::new(&team).expect("git daemon");
    let file = format!("file://{}", team.folder("server.git").display());
    for (at, address) in [format!("git://127.0.0.1:{}/server.git", daemon.1), file].iter().enumerate() {
        team.git_done("li", &["remote", "set-url", "origin", address]);
        team.reset("li");
        team.kehu("li", &["lead", "set", "LEAD-2026-001", &format!("remark={at}")]);
        team.pushed("li");
        team.edit("li", OTHERS, "Hangzhou", "Shanghai");
        team.commit("li");
        assert!(team.refused("li", &["HEAD"]).contains("`LEAD-2026-003` is not yours to change"), "{address}");
    }
}

/// What is refused as another's may be no more the pusher's to undo; git takes it back then.
#[test]
fn who_lost_the_right_is_told_the_way_out() {
    let team = Team::new();
    team.kehu("li", &["lead", "set", "LEAD-2026-001", "remark=mine"]);
    team.kehu("li", &["lead", "set", "LEAD-2026-002", "owner=li"]);
    team.kehu("admin", &["lead", "set", "LEAD-2026-003", "remark=x"]);
    team.edit("li", OTHERS, "Hangzhou", "Shanghai");
    team.commit("li");
    team.pushed("admin");
    let sync = || team.env.finish(team.command(assert_cmd::cargo::cargo_bin!("kehu"), "li", &["sync"]));
    let refused = sync();
    let short = &team.git_done("li", &["log", "--format=%H", "--grep=by hand"])[..10];
    let restore = format!("`git restore --source origin/main -SW {OTHERS}`");
    for part in ["is not yours to change", "(by hand)", &format!("`kehu undo {short}`"), &restore] {
        assert!(refused.stderr.contains(part), "{part}\n{refused}");
    }
    team.git_done("li", &["restore", "--source", "origin/main", "-SW", OTHERS]);
    team.git_done("li", &["reset", "-q", "--soft", "origin/main"]);
    team.kehu("li", &["commit"]);
    assert_eq!(sync().code, 0);
    team.git_done("admin", &["pull", "-q"]);
    let text = |path: &str| std::fs::read_to_string(team.folder("admin").join(path)).unwrap();
    assert!(text(LI).contains("mine") && text(OTHERS).contains("Hangzhou"), "the rest is pushed");
}
