//! A remote and clones of it side by side: the working folder, `../b`, `../c` … and `../remote.git`.

#![allow(dead_code)] // Each test file uses its own part of it.

use super::common::{Env, Output};
use std::path::{Path, PathBuf};

/// A remote with its clones; the first is the working folder of the environment.
pub struct Team {
    pub env: Env,
    clones: usize,
}

/// The folders of the clones, as seen from the first.
const FOLDERS: [&str; 5] = [".", "../b", "../c", "../d", "../e"];

impl Team {
    /// Makes a repository, a bare remote that it was pushed to, and the other clones.
    pub fn new(clones: usize) -> Team {
        let team = Team { env: Env::repository("en"), clones };
        team.env.git_done(&["init", "-q", "--bare", "-b", "main", "../remote.git"]);
        team.env.git_done(&["remote", "add", "origin", "../remote.git"]);
        team.synced(0);
        for folder in &FOLDERS[1..clones] {
            team.env.git_done(&["clone", "-q", "../remote.git", folder]);
            // By the way from the clone, so that a copy of all leads to the copy of the remote.
            team.env.git_done(&["-C", folder, "remote", "set-url", "origin", "../remote.git"]);
        }
        team
    }

    /// The same with two clones, both of which have the lead `LEAD-2026-001`.
    pub fn with_a_lead() -> Team {
        let team = Team::new(2);
        team.lead(0, "Alpha", "13800138001");
        team.synced(0);
        team.synced(1);
        team
    }

    /// Copies all of it, as it is.
    pub fn copy(&self) -> Team {
        let env = Env::new();
        std::fs::remove_dir(env.dir()).unwrap();
        let all = std::fs::read_dir(self.folder(0).parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
        let done = std::process::Command::new("cp").arg("-a").args(all).arg(env.dir().parent().unwrap()).status();
        assert!(done.unwrap().success());
        Team { env, clones: self.clones }
    }

    /// Returns the folder of a clone.
    pub fn folder(&self, clone: usize) -> PathBuf {
        let work = self.env.dir();
        if clone == 0 { work } else { work.with_file_name(FOLDERS[clone].trim_start_matches("../")) }
    }

    /// Returns the folder of the remote.
    pub fn remote(&self) -> PathBuf {
        self.env.dir().with_file_name("remote.git")
    }

    /// Runs the program in a clone.
    pub fn run(&self, clone: usize, args: &[&str]) -> Output {
        self.env.run(&[&["-C", FOLDERS[clone]], args].concat())
    }

    /// Runs it in somebody's name: git's author is LOGIN with the address `LOGIN@example.com`.
    pub fn run_as(&self, login: &str, clone: usize, args: &[&str]) -> Output {
        let mut command = self.env.command(&[&["-C", FOLDERS[clone]], args].concat());
        for part in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{part}_NAME"), login);
            command.env(format!("GIT_{part}_EMAIL"), format!("{login}@example.com"));
        }
        self.env.finish(command)
    }

    /// Runs it in a clone; it must succeed.
    #[track_caller]
    pub fn done(&self, clone: usize, args: &[&str]) -> String {
        let output = self.run(clone, args);
        assert_eq!(output.code, 0, "{args:?} in {}\n{output}", FOLDERS[clone]);
        output.stdout.trim_end().to_string()
    }

    /// Adds a lead; returns its number.
    #[track_caller]
    pub fn lead(&self, clone: usize, company: &str, phone: &str) -> String {
        let (company, phone) = (format!("company={company}"), format!("phone={phone}"));
        self.done(clone, &["lead", "add", &company, &phone, "contact_name=x", "region=Hangzhou", "source=hotline"])
    }

    /// Syncs a clone, which must succeed without conflict.
    #[track_caller]
    pub fn synced(&self, clone: usize) -> String {
        self.done(clone, &["sync"])
    }

    /// Runs git in a clone; it must succeed.
    #[track_caller]
    pub fn git(&self, clone: usize, args: &[&str]) -> String {
        self.env.git_done(&[&["-C", FOLDERS[clone]], args].concat())
    }

    /// Runs git in a clone where it finds kehu; it must succeed.
    #[track_caller]
    pub fn git_with_kehu(&self, clone: usize, args: &[&str]) {
        let output = self.env.git_with_kehu(&[&["-C", FOLDERS[clone]], args].concat());
        assert_eq!(output.code, 0, "git {args:?}\n{output}");
    }

    /// Returns the commit a clone is at.
    #[track_caller]
    pub fn head(&self, clone: usize) -> String {
        self.git(clone, &["rev-parse", "HEAD"])
    }

    /// Returns the text of a file in a clone.
    #[track_caller]
    pub fn read(&self, clone: usize, path: &str) -> String {
        std::fs::read_to_string(self.folder(clone).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file in a clone by hand.
    pub fn write(&self, clone: usize, path: &str, text: impl AsRef<[u8]>) {
        let path = self.folder(clone).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Replaces a part of a file in a clone by hand.
    #[track_caller]
    pub fn edit(&self, clone: usize, path: &str, old: &str, new: &str) {
        let text = self.read(clone, path);
        assert!(text.contains(old), "{path} has no `{old}`:\n{text}");
        self.write(clone, path, text.replacen(old, new, 1));
    }

    /// Commits what lies in a clone by plain git.
    #[track_caller]
    pub fn plain_commit(&self, clone: usize) {
        self.git(clone, &["add", "-A"]);
        self.git(clone, &["commit", "-qm", "by hand"]);
    }

    /// Writes a hook; of a clone, or of the remote for none.
    pub fn hook(&self, clone: Option<usize>, name: &str, script: &str) {
        let git = clone.map_or_else(|| self.remote(), |clone| self.folder(clone).join(".git"));
        write_script(&git.join("hooks").join(name), script);
    }

    /// Checks that clones and remote are at the same commit, and that all is as it should be in each.
    #[track_caller]
    pub fn in_step(&self) {
        let remote = self.env.git_done(&["--git-dir", "../remote.git", "rev-parse", "main"]);
        for (clone, folder) in FOLDERS.iter().enumerate().take(self.clones) {
            assert_eq!(self.head(clone), remote, "{folder} and the remote");
            assert_eq!(self.git(clone, &["status", "--porcelain"]), "");
            assert_eq!(self.git(clone, &["fsck", "--strict", "--no-dangling"]), "");
            let checked = self.run(clone, &["check"]);
            assert!(checked.code == 0, "{checked}");
        }
    }
}

/// Writes a script that can be run.
pub fn write_script(path: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
