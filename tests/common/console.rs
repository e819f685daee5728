//! Runs the `console` blocks of a document as a shell would, and compares what they print.
//!
//! A line that starts with `$ ` is a command, `> ` continues it; the lines below it are what it prints,
//! stdout and stderr together, and `[exit N]` where it does not end well. `...` stands for any text, alone
//! on a line for any lines. The blocks of a document run one after the other in one folder; a `cd` lasts.

#![allow(dead_code)] // Each test file uses its own part of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The present of every command: the day the sample files are about.
pub const NOW: &str = "2026-03-20T18:00:00+08:00";

/// A command of a document, with what the document says it prints.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// The line it stands at.
    pub line: usize,
    /// The command.
    pub command: String,
    /// What it prints, line by line.
    pub expected: Vec<String>,
}

/// A fenced block: the line it starts at, what it is said to be, and its lines.
pub struct Block<'a> {
    pub line: usize,
    pub info: &'a str,
    pub text: Vec<&'a str>,
}

/// Returns the fenced blocks of a document.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some(Block { line: at + 1, info: info.trim(), text: Vec::new() }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text.push(line),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// Returns the commands of a document's `console` blocks.
pub fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in blocks(text).into_iter().filter(|block| block.info == "console") {
        for (at, line) in (block.line + 1..).zip(block.text) {
            if let Some(command) = line.strip_prefix("$ ") {
                steps.push(Step { line: at, command: command.to_string(), expected: Vec::new() });
                continue;
            }
            let step = steps.last_mut().unwrap_or_else(|| panic!("line {at}: no command before it"));
            match line.strip_prefix("> ").filter(|_| step.expected.is_empty()) {
                Some(more) => step.command = format!("{}\n{more}", step.command),
                None => step.expected.push(line.to_string()),
            }
        }
    }
    steps
}

/// Where commands run: a home without any settings, and the folder in it that the last `cd` left.
pub struct Shell {
    home: tempfile::TempDir,
    folder: PathBuf,
    lang: &'static str,
}

impl Shell {
    /// Makes a home; `lang` is what its `LANG` says.
    pub fn new(lang: &'static str) -> Shell {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("work");
        std::fs::create_dir(&folder).unwrap();
        Shell { home, folder, lang }
    }

    /// Returns the folder commands run in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Gives a command this home and the program, and takes away all else that could change its output.
    pub fn hermetic(&self, command: &mut Command) {
        let program = assert_cmd::cargo::cargo_bin!("kehu").parent().unwrap().to_path_buf();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(program).chain(std::env::split_paths(&path))).unwrap();
        command
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.home.path())
            .env("LANG", self.lang)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", NOW)
            .env("GIT_COMMITTER_DATE", NOW)
            .env("GIT_PAGER", "cat")
            .env("COLUMNS", "100")
            .env("KEHU_NOW", NOW)
            .stdin(Stdio::null());
    }

    /// Runs a command; returns what it printed, line by line, `[exit N]` included.
    pub fn run(&mut self, command: &str) -> Vec<String> {
        let left = self.home.path().join("folder");
        let script = format!("exec 2>&1\n{command}\ncode=$?\npwd >'{}'\nexit $code", left.display());
        let mut bash = Command::new("bash");
        self.hermetic(bash.args(["-c", &script]));
        let output = bash.output().expect("bash runs");
        if let Ok(folder) = std::fs::read_to_string(&left) {
            self.folder = folder.trim_end().into();
        }
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let text = text.replace(&*self.home.path().to_string_lossy(), "~");
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        match output.status.code() {
            Some(0) => {}
            code => lines.push(format!("[exit {}]", code.unwrap_or(-1))),
        }
        lines
    }
}

/// Runs the commands of a document; returns how many there are.
///
/// # Panics
/// When any prints something else than the document says, with what it printed instead.
pub fn run_document(name: &str, text: &str, shell: &mut Shell) -> usize {
    let steps = steps(text);
    let mut wrong = String::new();
    for step in &steps {
        let printed = shell.run(&step.command);
        if !fits(&step.expected, &printed) {
            wrong += &format!("{name}:{}\n$ {}\n{}\n\n", step.line, step.command, printed.join("\n"));
        }
    }
    assert!(wrong.is_empty(), "these print something else:\n{wrong}");
    steps.len()
}

/// Tells whether lines are as expected; trailing blanks do not count.
pub fn fits(expected: &[String], printed: &[String]) -> bool {
    match expected.split_first() {
        None => printed.is_empty(),
        Some((any, rest)) if any.trim() == "..." => (0..=printed.len()).any(|at| fits(rest, &printed[at..])),
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, more)| fits_line(line.trim_end(), first.trim_end()) && fits(rest, more)),
    }
}

fn fits_line(expected: &str, printed: &str) -> bool {
    let mut parts = expected.split("...");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = printed.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
