//! Pushes judged on the server: by real git, to a bare repository with the hook.

mod claims;
#[path = "../common/mod.rs"]
mod common;
mod forged;
mod gates;
mod histories;
mod main_branch;
mod odd;
mod rights;
mod servers;
mod signatures;

use common::{Env, Output};
use std::path::{Path, PathBuf};

/// A team with a server, a clone for each of its members.
struct Team {
    env: Env,
}

const LI: &str = "leads/2026/LEAD-2026-001.toml";
const POOL: &str = "leads/2026/LEAD-2026-002.toml";
const OTHERS: &str = "leads/2026/LEAD-2026-003.toml";

impl Team {
    /// Records and users are on the server before the hook is; `admin` is who set it up.
    fn new() -> Team {
        let env = Env::repository("en");
        let team = Team { env };
        let env = &team.env;
        env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
        env.users(&[
            ("li", "sales", "east"),
            ("other", "sales", "west"),
            ("boss", "manager", "east"),
            ("service", "service", "help"),
        ]);
        for (at, owner) in [Some("li"), None, Some("other")].into_iter().enumerate() {
            let number = env.lead(&format!("Company {at}"), &format!("1380013800{at}"));
            owner.map(|owner| env.done(&["lead", "set", &number, &format!("owner={owner}")]));
        }
        env.git_done(&["clone", "-q", "--bare", ".", "../server.git"]);
        env.done(&["hook", "install", "pre-receive", "--bare-repo", "../server.git"]);
        for login in ["li", "other", "boss", "admin"] {
            env.git_done(&["clone", "-q", "../server.git", &format!("../{login}")]);
        }
        team
    }

    fn folder(&self, login: &str) -> PathBuf {
        self.env.dir().parent().unwrap().join(login)
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>, login: &str, args: &[&str]) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(program);
        command.args(args);
        self.env.hermetic(&mut command, &self.folder(login));
        let email = if login == "admin" { "test@example.com".to_string() } else { format!("{login}@example.com") };
        for part in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{part}_EMAIL"), &email).env(format!("GIT_{part}_NAME"), login);
        }
        // The hook finds kehu as on a server: by its path.
        let own = Path::new(assert_cmd::cargo::cargo_bin!("kehu")).parent().unwrap().to_path_buf();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path))).unwrap();
        command.env("PATH", path);
        command
    }

    fn git(&self, login: &str, args: &[&str]) -> Output {
        self.env.finish(self.command("git", login, args))
    }

    #[track_caller]
    fn git_done(&self, login: &str, args: &[&str]) -> String {
        let output = self.git(login, args);
        assert_eq!(output.code, 0, "{login}: git {args:?}\n{output}");
        output.stdout.trim_end().to_string()
    }

    #[track_caller]
    fn kehu(&self, login: &str, args: &[&str]) -> String {
        let output = self.env.finish(self.command(assert_cmd::cargo::cargo_bin!("kehu"), login, args));
        assert_eq!(output.code, 0, "{login}: kehu {args:?}\n{output}");
        output.stdout.trim_end().to_string()
    }

    fn write(&self, login: &str, path: &str, text: &str) {
        let path = self.folder(login).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[track_caller]
    fn edit(&self, login: &str, path: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.folder(login).join(path)).unwrap();
        assert!(text.contains(old), "{path} has no `{old}`:\n{text}");
        self.write(login, path, &text.replacen(old, new, 1));
    }

    /// Commits everything by plain git, without kehu and its hooks.
    fn commit(&self, login: &str) {
        self.git_done(login, &["add", "-A"]);
        self.git_done(login, &["commit", "-qm", "by hand"]);
    }

    fn served(&self) -> String {
        self.env.git_done(&["-C", "../server.git", "for-each-ref"])
    }

    #[track_caller]
    fn pushed(&self, login: &str) {
        self.git_done(login, &["push", "-q", "origin", "HEAD"]);
    }

    /// Pushes, which must be refused with the server as it was; returns what reaches the pusher's terminal.
    #[track_caller]
    fn refused(&self, login: &str, args: &[&str]) -> String {
        let before = self.served();
        let output = self.git(login, &[&["push", "-q", "origin"], args].concat());
        assert_eq!(output.code, 1, "{args:?} {output}");
        assert_eq!(self.served(), before, "nothing is taken");
        assert!(output.stderr.contains("remote: error: the push is refused, and nothing of it was taken"), "{output}");
        output.stderr.lines().filter_map(|line| line.strip_prefix("remote: ")).map(|line| format!("{line}\n")).collect()
    }

    /// Takes back what the clone has more than the server.
    fn reset(&self, login: &str) {
        self.git_done(login, &["fetch", "-q"]);
        self.git_done(login, &["reset", "-q", "--hard", "origin/main"]);
        self.git_done(login, &["clean", "-qfd"]);
    }
}
