//! A folder for a test, with git kept away from the settings of who runs it.

#[path = "memory.rs"]
mod memory;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder, and the home of the git that works in it.
pub struct GitDir {
    path: PathBuf,
    _temp: Option<tempfile::TempDir>,
}

impl GitDir {
    /// Makes an empty folder.
    pub fn new() -> GitDir {
        isolate();
        let temp = memory::tempdir();
        let path = temp.path().join("data");
        std::fs::create_dir(&path).unwrap();
        GitDir { path, _temp: Some(temp) }
    }

    /// Takes a folder that exists.
    pub fn at(path: PathBuf) -> GitDir {
        isolate();
        GitDir { path, _temp: None }
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives a command an identity and no settings but those of the repository.
    pub fn hermetic(&self, command: &mut Command) {
        for part in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{part}_NAME"), "Test User").env(format!("GIT_{part}_EMAIL"), "test@example.com");
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    }

    /// Runs git.
    pub fn git(&self, args: &[&str]) -> Output {
        let mut command = Command::new("git");
        self.hermetic(&mut command);
        command.current_dir(&self.path).args(["-c", "init.defaultBranch=main"]).args(args).output().unwrap()
    }

    /// Runs git, which must succeed; returns what it says on stdout.
    #[track_caller]
    pub fn git_text(&self, args: &[&str]) -> String {
        let output = self.git(args);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Keeps libgit2 in this process away from global settings; the identity comes from the environment.
fn isolate() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        for level in [git2::ConfigLevel::Global, git2::ConfigLevel::System, git2::ConfigLevel::XDG] {
            // SAFETY: called once, before any repository is opened in this process.
            unsafe { git2::opts::set_search_path(level, "/nonexistent").unwrap() };
        }
        for part in ["AUTHOR", "COMMITTER"] {
            // SAFETY: the tests that read these run after this returns, and none sets them again.
            unsafe {
                std::env::set_var(format!("GIT_{part}_NAME"), "Test User");
                std::env::set_var(format!("GIT_{part}_EMAIL"), "test@example.com");
            }
        }
    });
}
