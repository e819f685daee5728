//! Runs the program hermetically: its own home, no configuration of this machine, a fixed moment.

pub mod memory;

use assert_cmd::Command;
use serde_json::Value as Json;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// The moment every run takes for the present.
pub const NOW: &str = "2026-03-12T09:30:00+08:00";

/// A home and a working folder of its own, gone when dropped.
pub struct Env {
    home: tempfile::TempDir,
}

/// What a run left: the result, the talk and the exit code; printed, all three as one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

#[allow(dead_code)] // Each test file uses its own part of it.
impl Env {
    pub fn new() -> Env {
        let home = memory::tempdir();
        std::fs::create_dir(home.path().join("work")).expect("a working folder");
        Env { home }
    }

    /// Makes a repository in the working folder, one that speaks `lang`.
    #[track_caller]
    pub fn repository(lang: &str) -> Env {
        let env = Env::new();
        assert_eq!(env.run(&["init", "--lang", lang]).code, 0);
        env
    }

    /// Makes a repository of two leads, `LEAD-2026-001` and `LEAD-2026-002`.
    #[track_caller]
    pub fn with_two_leads() -> Env {
        let env = Env::repository("en");
        env.lead("A", "13800138001");
        env.lead("B", "13800138002");
        env
    }

    /// Adds users named by their logins, each with role and department.
    #[track_caller]
    pub fn users(&self, users: &[(&str, &str, &str)]) {
        for (login, role, department) in users {
            let [name, email] = [format!("name={login}"), format!("email={login}@example.com")];
            let [role, department] = [format!("role={role}"), format!("department={department}")];
            self.done(&["user", "add", login, &name, &email, &role, &department]);
        }
    }

    /// Adds a lead whose company, telephone and source are said; returns its number.
    #[track_caller]
    pub fn lead(&self, company: &str, phone: &str) -> String {
        let (company, phone) = (format!("company={company}"), format!("phone={phone}"));
        self.done(&["lead", "add", &company, &phone, "contact_name=Buyer", "region=Hangzhou", "source=hotline"])
    }

    /// Adds a customer in Suzhou, of `li`, with nothing but what a customer must have; returns its number.
    #[track_caller]
    pub fn customer(&self, name: &str) -> String {
        let name = format!("name={name}");
        let fields = ["category=B2B", "type=intent", "region=苏州", "industry=retail", "source=hotline", "owner=li"];
        self.done(&[&["customer", "add", &name][..], &fields].concat())
    }

    /// Runs the program, which must succeed; returns what it prints, without the last line end.
    #[track_caller]
    pub fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.code, 0, "{args:?}\n{output}");
        output.stdout.trim_end().to_string()
    }

    /// Runs the program, which must succeed and print one JSON document; returns that.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Json {
        let output = self.run(args);
        assert_eq!(output.code, 0, "{args:?}\n{output}");
        output.json()
    }

    /// Runs the program, which must fail with this code; returns what it says, having printed nothing.
    #[track_caller]
    pub fn refused(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!((output.code, output.stdout.as_str()), (code, ""), "{args:?}\n{output}");
        output.stderr
    }

    /// Returns the text of a file in the working folder.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.dir().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file in the working folder, and the folders it wants.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.dir().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        std::fs::write(path, text).expect("a file is written");
    }

    /// Replaces a part of a file by hand, once.
    #[track_caller]
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no `{old}`:\n{text}");
        self.write(path, &text.replacen(old, new, 1));
    }

    /// Runs git, which must succeed; returns what it prints, without the last line end.
    #[track_caller]
    pub fn git_done(&self, args: &[&str]) -> String {
        let output = self.git(args);
        assert_eq!(output.code, 0, "git {args:?}\n{output}");
        output.stdout.trim_end().to_string()
    }

    /// Returns what would show that something was written: the commit, and what git says of the files.
    #[track_caller]
    pub fn state(&self) -> String {
        self.git_done(&["rev-parse", "HEAD"]) + &self.git_done(&["status", "--porcelain", "--untracked-files=all"])
    }

    /// Returns how many lines of which files the last commit added and removed.
    #[track_caller]
    pub fn last_diff(&self) -> String {
        self.git_done(&["diff", "--numstat", "HEAD~1"]).replace('\t', " ")
    }

    /// Returns the working folder.
    pub fn dir(&self) -> PathBuf {
        self.home.path().join("work")
    }

    /// Runs the program in the working folder.
    pub fn run(&self, args: &[&str]) -> Output {
        self.finish(self.command(args))
    }

    /// Runs it with something on stdin.
    pub fn run_with(&self, args: &[&str], stdin: impl Into<Vec<u8>>) -> Output {
        let mut command = self.command(args);
        command.write_stdin(stdin);
        self.finish(command)
    }

    /// Makes the command, for a test that changes its environment.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("kehu"));
        command.args(args);
        self.hermetic(&mut command, &self.dir());
        command
    }

    /// Runs git in the working folder.
    pub fn git(&self, args: &[&str]) -> Output {
        let mut command = Command::new("git");
        command.args(args);
        self.hermetic(&mut command, &self.dir());
        self.finish(command)
    }

    /// Runs git in the working folder where it finds kehu, as the programs do that kehu has it call.
    pub fn git_with_kehu(&self, args: &[&str]) -> Output {
        let program = assert_cmd::cargo::cargo_bin!("kehu").parent().expect("a folder").to_path_buf();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([program].into_iter().chain(std::env::split_paths(&path))).expect("a path");
        let mut command = Command::new("git");
        command.args(args);
        self.hermetic(&mut command, &self.dir());
        command.env("PATH", path);
        self.finish(command)
    }

    /// Runs a command made by [`Env::command`].
    pub fn finish(&self, mut command: Command) -> Output {
        let output = command.output().expect("the program starts");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("UTF-8");
            text.replace(&*self.home.path().to_string_lossy(), "$HOME")
        };
        Output { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code().unwrap_or(-1) }
    }

    /// Gives a command this home, a fixed moment and identity, and nothing else.
    pub fn hermetic(&self, command: &mut Command, dir: &Path) {
        command.current_dir(dir).env_clear().envs(self.variables());
    }

    /// The same for a command that is not waited for.
    pub fn hermetic_std(&self, command: &mut std::process::Command, dir: &Path) {
        command.current_dir(dir).env_clear().envs(self.variables());
    }

    /// Returns the environment of a run.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        let fixed = [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "Test User"),
            ("GIT_AUTHOR_EMAIL", "test@example.com"),
            ("GIT_COMMITTER_NAME", "Test User"),
            ("GIT_COMMITTER_EMAIL", "test@example.com"),
            ("GIT_AUTHOR_DATE", NOW),
            ("GIT_COMMITTER_DATE", NOW),
            ("LANG", "C"),
            ("NO_COLOR", "1"),
            ("COLUMNS", "100"),
            ("KEHU_NOW", NOW),
        ];
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = [("PATH", path), ("HOME", self.home.path().into())];
        own.into_iter().chain(fixed.map(|(name, value)| (name, value.into()))).collect()
    }
}

#[allow(dead_code)] // Each test file uses its own part of it.
impl Output {
    /// Returns the one JSON document it printed.
    #[track_caller]
    pub fn json(&self) -> Json {
        parse(&self.stdout)
    }
}

/// Reads a JSON document.
#[allow(dead_code)] // Not every test file reads JSON.
#[track_caller]
pub fn parse(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "------- stderr -------\n{}", self.stderr)?;
        }
        if self.code != 0 {
            writeln!(f, "[exit {}]", self.code)?;
        }
        Ok(())
    }
}
