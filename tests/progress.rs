//! The progress bar: seen on a terminal while one waits, gone without a trace, and nowhere else.
//!
//! A pseudo-terminal stands in for the screen; what it was sent is played back to see what a person is left with.
#![cfg(target_os = "linux")]

mod common;

use common::Env;
use std::ffi::CStr;
use std::fs::File;
use std::io::{Read, Seek};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};

/// How long every test but one waits for a bar, in milliseconds.
const AT_ONCE: &str = "0";

/// A command with its stderr on a terminal.
struct Screen {
    child: Child,
    terminal: File,
    /// Its stdout: a file, which takes any amount while the terminal is read.
    stdout: File,
    /// Everything the terminal was sent so far.
    sent: Vec<u8>,
}

/// What a command left.
struct Left {
    status: ExitStatus,
    stdout: String,
    sent: String,
}

impl Screen {
    fn run(env: &Env, args: &[&str], variables: &[(&str, &str)]) -> Screen {
        let (terminal, stderr) = pseudo_terminal();
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("kehu"));
        command.args(args).current_dir(env.dir()).env_clear().envs(env.variables());
        command.env("TERM", "xterm").envs(variables.iter().copied());
        let stdout = tempfile::tempfile().unwrap();
        command.stdin(Stdio::null()).stdout(stdout.try_clone().unwrap()).stderr(stderr);
        // Tests that a script runs in the background ignore the signal, and so would the program.
        // SAFETY: between fork and exec the child only sets how a signal is taken.
        unsafe {
            command.pre_exec(|| {
                libc::signal(libc::SIGINT, libc::SIG_DFL);
                Ok(())
            });
        }
        Screen { child: command.spawn().unwrap(), terminal, stdout, sent: Vec::new() }
    }

    /// Reads on; returns whether there was anything, which there is not once the command has ended.
    fn read(&mut self) -> bool {
        let mut buffer = [0; 4096];
        let count = self.terminal.read(&mut buffer).unwrap_or(0);
        self.sent.extend_from_slice(&buffer[..count]);
        count > 0
    }

    /// Waits until the terminal was sent some words, or the command has ended.
    fn wait_for(&mut self, words: &str) {
        while !self.sent.windows(words.len()).any(|part| part == words.as_bytes()) && self.read() {}
    }

    fn interrupt(&self) {
        // SAFETY: a signal to a child that was not waited for yet, so the number is still its own.
        unsafe { libc::kill(self.child.id() as i32, libc::SIGINT) };
    }

    fn finish(mut self) -> Left {
        while self.read() {}
        let status = self.child.wait().unwrap();
        self.stdout.rewind().unwrap();
        let stdout = std::io::read_to_string(self.stdout).unwrap();
        Left { status, stdout, sent: String::from_utf8(self.sent).expect("UTF-8") }
    }
}

/// Opens a pseudo-terminal: the end that reads what is sent, and the one that is a screen to a command.
fn pseudo_terminal() -> (File, File) {
    let mut name = [0; 64];
    // SAFETY: the descriptor is checked and owned by nobody else; the name is terminated within its bounds.
    unsafe {
        let descriptor = libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC);
        assert!(descriptor >= 0, "there are pseudo-terminals");
        let terminal = File::from_raw_fd(descriptor);
        assert_eq!(libc::grantpt(descriptor) + libc::unlockpt(descriptor), 0);
        assert_eq!(libc::ptsname_r(terminal.as_raw_fd(), name.as_mut_ptr(), name.len()), 0);
        let name = CStr::from_ptr(name.as_ptr()).to_str().unwrap();
        (terminal, File::options().read(true).write(true).open(name).unwrap())
    }
}

/// Plays back what a terminal was sent; returns the lines that stay on it.
fn shown(sent: &str) -> String {
    let (mut lines, mut line, mut column) = (String::new(), Vec::new(), 0);
    let mut rest = sent.chars();
    while let Some(c) = rest.next() {
        match c {
            '\r' => column = 0,
            '\n' => {
                lines.extend(line.drain(..).chain(['\n']));
                column = 0;
            }
            '\u{1b}' => match (rest.next(), rest.find(|c| c.is_ascii_alphabetic())) {
                (Some('['), Some('K')) => line.clear(),
                (_, other) => panic!("the sequence {other:?} is not played back: {sent:?}"),
            },
            c => {
                line.resize(line.len().max(column + 1), ' ');
                line[column] = c;
                column += 1;
            }
        }
    }
    lines.extend(line);
    lines
}

fn leads(count: usize) -> String {
    let row = |n| format!("示例{n}有限公司,测试,1380013{n:04},浙江 杭州,展会,2026-03-01\n");
    "公司名称,联系人,手机号码,地区,来源,获取日期\n".to_string() + &(0..count).map(row).collect::<String>()
}

/// Returns a repository with a file of leads beside.
fn with_file(lang: &str, count: usize) -> Env {
    let env = Env::repository(lang);
    env.write("new.csv", &leads(count));
    env
}

/// What a command says where there is no terminal.
fn said(env: &Env, args: &[&str]) -> String {
    let mut command = env.command(args);
    command.env("KEHU_PATIENCE", AT_ONCE);
    env.finish(command).stderr
}

#[test]
fn every_stage_of_an_import_is_told_and_nothing_of_it_stays() {
    let words = [
        ("en", ["reading the file", "reading rows", "checking rows", "writing records", "writing files"]),
        ("zh", ["读取文件", "读取数据行", "检查数据行", "写入记录", "写出文件"]),
    ];
    for (lang, words) in words {
        let piped = with_file(lang, 120);
        let expected = piped.run(&["lead", "import", "new.csv"]);
        let env = with_file(lang, 120);
        let left = Screen::run(&env, &["lead", "import", "new.csv"], &[("KEHU_PATIENCE", AT_ONCE)]).finish();
        assert!(left.status.success());
        for one in words {
            assert!(left.sent.contains(one), "`{one}` was not told: {:?}", left.sent);
        }
        assert_eq!(left.stdout, expected.stdout);
        assert_eq!(shown(&left.sent), expected.stderr);
        assert_eq!(env.git_done(&["rev-parse", "HEAD^{tree}"]), piped.git_done(&["rev-parse", "HEAD^{tree}"]));
    }
}

#[test]
fn reading_is_told_when_the_index_has_to_be_made() {
    let env = with_file("en", 60);
    env.done(&["lead", "import", "new.csv"]);
    for args in [&["lead", "list"][..], &["report", "weekly"], &["check"], &["lead", "list", "--as-of", "HEAD"]] {
        let expected = env.run(args);
        std::fs::remove_file(env.dir().join(".git/kehu/index.sqlite")).unwrap();
        let left = Screen::run(&env, args, &[("KEHU_PATIENCE", AT_ONCE)]).finish();
        assert!(left.sent.contains("reading records"), "{args:?} {:?}", left.sent);
        assert_eq!((left.stdout, shown(&left.sent)), (expected.stdout, expected.stderr), "{args:?}");
    }
}

#[test]
fn nothing_is_drawn_where_nobody_looks_or_nobody_waits() {
    let env = with_file("en", 60);
    env.done(&["lead", "import", "new.csv"]);
    let list = ["lead", "list"];
    assert_eq!(said(&env, &list), "", "in a pipe");
    let quiet = [
        (&["lead", "list", "-q"][..], ("KEHU_PATIENCE", AT_ONCE)),
        (&["lead", "list", "--json"], ("KEHU_PATIENCE", AT_ONCE)),
        (&list, ("KEHU_PATIENCE", "60000")),
    ];
    for (args, variable) in quiet {
        assert_eq!(Screen::run(&env, args, &[variable]).finish().sent, "", "{args:?} {variable:?}");
    }
    let dumb = [("KEHU_PATIENCE", AT_ONCE), ("TERM", "dumb")];
    assert_eq!(Screen::run(&env, &list, &dumb).finish().sent, "", "on a terminal that cannot move its cursor");
    assert_ne!(Screen::run(&env, &list, &[("KEHU_PATIENCE", AT_ONCE)]).finish().sent, "");
}

/// What an interrupted command says.
const INTERRUPTED: &str = "interrupted: all of it is in the last commit or nothing is; `git log -1` shows which";

#[test]
fn an_interrupted_wait_leaves_a_clean_line() {
    let env = with_file("en", 10);
    let lock = File::options().create(true).truncate(false).write(true).open(env.dir().join(".git/kehu/lock")).unwrap();
    lock.lock().unwrap();
    let mut screen = Screen::run(&env, &["lead", "import", "new.csv"], &[("KEHU_PATIENCE", AT_ONCE)]);
    screen.wait_for("waiting for another command");
    screen.interrupt();
    let left = screen.finish();
    assert_eq!(left.status.signal(), Some(libc::SIGINT), "it ends as any command that is interrupted");
    assert_eq!(shown(&left.sent).trim_end(), INTERRUPTED, "the line is wiped, and one is said");
}

#[test]
fn an_import_interrupted_anywhere_leaves_a_sound_repository() {
    for stage in ["checking rows", "writing records", "writing files", "finishing git's index"] {
        let env = with_file("en", 400);
        let before = env.git_done(&["rev-parse", "HEAD"]);
        let mut screen = Screen::run(&env, &["lead", "import", "new.csv"], &[("KEHU_PATIENCE", AT_ONCE)]);
        screen.wait_for(stage);
        screen.interrupt();
        let left = screen.finish();
        // The last of the work may be done before the signal comes.
        let is_interrupted = left.status.signal() == Some(libc::SIGINT);
        assert!(is_interrupted || left.status.success(), "{stage}: {}", left.status);
        assert!(!is_interrupted || shown(&left.sent).trim_end() == INTERRUPTED, "{stage}: {:?}", left.sent);
        let after = env.git_done(&["rev-parse", "HEAD"]);
        let expected = if after == before { "0" } else { "400" };
        assert_eq!(env.done(&["lead", "list", "--count"]), expected, "{stage}");
        assert_eq!(env.git_done(&["status", "--porcelain"]), "?? new.csv", "{stage}");
        env.git_done(&["fsck", "--strict", "--no-dangling"]);
        env.done(&["check"]);
    }
}
