//! The `git` program, run with a time limit, for what goes over the network.
//!
//! It brings the user's keys, proxies, credential helpers and hooks, and every way to a remote that git knows. Where
//! stdin is no terminal nobody can answer, so nothing may ask: git is told not to prompt, and so is ssh.
//!
//! *Invariants:* it is over when the limit is, with everything it started; what it said on stderr is quoted when it
//! fails. Whether it failed is told by its exit code, never by its words, which are in any language.

use crate::record::{Failure, Result, Words};
use crate::store::Repo;
use crate::words;
use std::env::var_os;
use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The longest pause between two looks at a git that is running.
const LONGEST_PAUSE: Duration = Duration::from_millis(10);

/// How long the output of a git that has ended is waited for: what it left running may hold the pipe.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Lines of stderr that are quoted, the last ones.
const QUOTED: usize = 20;

/// Variables that would lead git away from the repository it is started in.
const ELSEWHERE: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE"];

/// How git may go over the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// How long one fetch or push may take.
    pub limit: Duration,
    /// Whether somebody is there to be asked for a password.
    pub may_ask: bool,
}

/// What a git that has ended said.
pub(super) struct Said {
    /// Whether it went well.
    pub is_done: bool,
    /// What it printed.
    pub stdout: String,
    stderr: String,
}

impl Said {
    /// Makes a failure that quotes git.
    pub fn failure(&self, message: Words) -> Failure {
        let lines: Vec<&str> = self.stderr.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        let last = &lines[lines.len().saturating_sub(QUOTED)..];
        last.iter().fold(Failure::failed(message), |failure, line| failure.detail(Words::same(*line)))
    }
}

impl Repo {
    /// Runs git in the work tree.
    ///
    /// Fails when there is no git program, and when it does not end within the limit.
    pub(super) fn run_git(&self, network: Network, args: &[&str]) -> Result<Said> {
        let mut command = Command::new("git");
        command.args(args).current_dir(self.root());
        ELSEWHERE.iter().for_each(|name| _ = command.env_remove(name));
        if !network.may_ask {
            self.keep_silent(&mut command);
        }
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| not_run(&error))?;
        Running::new(child, network).wait(args)
    }

    /// Lets neither git nor ssh ask anything.
    fn keep_silent(&self, command: &mut Command) {
        command.stdin(Stdio::null()).env("GIT_TERMINAL_PROMPT", "0");
        let stated = var_os("GIT_SSH_COMMAND").filter(|stated| !stated.is_empty());
        let configured = || self.git().config().and_then(|config| config.get_string("core.sshCommand")).ok();
        let ssh = stated.or_else(|| configured().map(OsString::from));
        // Another program may be chosen by this older variable; what it takes for options nobody knows.
        if ssh.is_some() || var_os("GIT_SSH").is_none() {
            let ssh = ssh.unwrap_or_else(|| "ssh".into());
            if is_openssh(&ssh.to_string_lossy()) {
                let mut quiet = ssh;
                quiet.push(" -o BatchMode=yes");
                command.env("GIT_SSH_COMMAND", quiet);
            }
        }
        own_group(command);
    }
}

/// Tells whether a command line calls OpenSSH, by the name of the program.
fn is_openssh(line: &str) -> bool {
    let program = line.split_whitespace().next().unwrap_or_default().trim_matches(['\'', '"']);
    matches!(Path::new(program).file_name().and_then(|name| name.to_str()), Some("ssh" | "ssh.exe"))
}

/// A git under way.
struct Running {
    child: Child,
    network: Network,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
}

impl Running {
    fn new(mut child: Child, network: Network) -> Running {
        let (stdout, stderr) = (gather(child.stdout.take()), gather(child.stderr.take()));
        Running { child, network, stdout, stderr }
    }

    fn wait(mut self, args: &[&str]) -> Result<Said> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = self.child.try_wait().map_err(|error| not_run(&error))? {
                return Ok(self.said(status));
            }
            if start.elapsed() >= self.network.limit {
                self.stop();
                return Err(too_long(args, self.network.limit));
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn said(&self, status: ExitStatus) -> Said {
        let text = |from: &Receiver<Vec<u8>>| {
            String::from_utf8_lossy(&from.recv_timeout(LAST_WORDS).unwrap_or_default()).into_owned()
        };
        Said { is_done: status.success(), stdout: text(&self.stdout), stderr: text(&self.stderr) }
    }

    fn stop(&mut self) {
        if !self.network.may_ask {
            stop_group(&self.child);
        }
        // It may have ended by itself meanwhile.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe to its end, beside.
fn gather(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What came before an error is all there is.
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = send.send(bytes);
    });
    receive
}

/// Puts git in a group of its own with all it starts, so that all of it can be ended. Not where it may ask: a
/// group in the background cannot read the terminal.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

#[cfg(unix)]
fn stop_group(child: &Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        // SAFETY: a plain system call; the group is the child's own, and the child has not been waited for, so its
        // number belongs to nobody else.
        unsafe { libc::kill(-group, libc::SIGKILL) };
    }
}

#[cfg(not(unix))]
fn stop_group(_: &Child) {}

fn not_run(error: &std::io::Error) -> Failure {
    if error.kind() == ErrorKind::NotFound {
        return Failure::failed(words!("there is no program `git`", "找不到程序 `git`")).hint(words!(
            "kehu goes over the network by git: install it, and see that it is on the path",
            "kehu 通过 git 访问网络：请安装 git，并确认它在 PATH 中"
        ));
    }
    Failure::failed(words!("cannot run `git`: {error}", "无法运行 `git`：{error}"))
}

fn too_long(args: &[&str], limit: Duration) -> Failure {
    let (verb, seconds) = (args.first().copied().unwrap_or_default(), limit.as_secs_f32());
    Failure::failed(words!(
        "`git {verb}` did not end within {seconds} s and was stopped",
        "`git {verb}` 在 {seconds} 秒内未结束，已被终止"
    ))
    .hint(words!("`--timeout` gives it longer", "可用 `--timeout` 延长时限"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openssh_is_known_by_its_name() {
        for line in ["ssh", "ssh -i key", "/usr/bin/ssh -p 2222", "'/usr/bin/ssh'"] {
            assert!(is_openssh(line), "{line}");
        }
        for line in ["", "plink -batch", "/opt/my-ssh", "sshpass -p x ssh"] {
            assert!(!is_openssh(line), "{line}");
        }
    }

    #[test]
    fn the_last_lines_are_quoted() {
        let stderr = (1..=30).map(|n| format!("line {n}\n\n")).collect();
        let failure = Said { is_done: false, stdout: String::new(), stderr }.failure(words!("no", "不"));
        assert_eq!(failure.details.len(), QUOTED);
        assert_eq!(failure.details.last().map(|line| line.en.to_string()), Some("line 30".into()));
    }
}
