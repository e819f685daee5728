//! The one door through which clock, user, environment and terminal come in.
//!
//! What a command depends on besides its request and the repository is gathered here once, flags before
//! environment; everything below the command line gets it as parameters, so the same input gives the
//! same bytes.
//!
//! *Absent on purpose:* randomness, of which there is none; the repository: its locale, zone and editor
//! settings join where it is opened.

use super::global::{AsOfArg, Globals, OutputTarget, parse_now};
use super::scan::{ColorWhen, Glance, Variables};
use crate::import::MAX_BYTES;
use crate::record::date::Clock;
use crate::record::{Failure, Lang, Result};
use crate::words;
use chrono::{DateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use std::ffi::OsString;
use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::time::Duration;

/// How long a command waits for the lock unless told otherwise.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// How long work may last before its progress is shown.
const PATIENCE: Duration = Duration::from_millis(250);

/// Which streams are terminals, and how wide the screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terminal {
    /// stdin is one.
    pub stdin: bool,
    /// stdout is one.
    pub stdout: bool,
    /// stderr is one.
    pub stderr: bool,
    /// Columns of the one stdout is.
    pub columns: Option<usize>,
}

impl Terminal {
    /// Looks at the streams of this process.
    pub fn probe() -> Terminal {
        let stdout = std::io::stdout().is_terminal();
        let size = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Terminal {
            stdin: std::io::stdin().is_terminal(),
            stdout,
            stderr: std::io::stderr().is_terminal(),
            columns: if stdout { size() } else { None },
        }
    }
}

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Screen {
    /// Columns to fit; none when nothing limits them.
    pub width: Option<usize>,
    /// Whether stdout is coloured.
    pub color_stdout: bool,
    /// Whether stderr is coloured.
    pub color_stderr: bool,
}

impl Screen {
    /// Decides by flag, environment and terminal, in this order.
    pub fn new(when: ColorWhen, variables: Variables<'_>, terminal: Terminal) -> Screen {
        let columns = variables("COLUMNS").and_then(|value| value.to_str()?.parse().ok()).filter(|n| *n > 0);
        Screen {
            width: columns.or(terminal.columns),
            color_stdout: use_color(when, terminal.stdout, variables),
            color_stderr: use_color(when, terminal.stderr, variables),
        }
    }
}

/// How much is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Talk {
    /// Errors only, `-q`.
    Quiet,
    /// Notes and warnings too.
    #[default]
    Normal,
    /// Details too, `-v`.
    Verbose,
}

/// What a command depends on besides its request and the repository.
#[derive(Debug, Clone)]
pub struct Context {
    /// Where to look for the repository.
    pub dir: PathBuf,
    /// The language asked for by flag or environment; it wins over the repository's.
    pub asked_lang: Option<Lang>,
    /// The language of the system, or of the repository where the command line was read.
    pub usual_lang: Lang,
    /// Where the result goes.
    pub output: Option<OutputTarget>,
    /// Whether results and errors are JSON.
    pub json: bool,
    /// The moment the records are read as of.
    pub as_of: Option<AsOfArg>,
    /// Whether the configuration of the present is applied to records of the past.
    pub present_config: bool,
    /// The user to act as.
    pub user: Option<String>,
    /// Whether nothing may be changed.
    pub dry_run: bool,
    /// The subject of the commit.
    pub message: Option<String>,
    /// How long to wait for the lock.
    pub lock_timeout: Duration,
    /// Whether the index may be used.
    pub use_index: bool,
    /// How much is said.
    pub talk: Talk,
    /// Whether the next step is said after a change.
    pub hints: bool,
    /// How to draw.
    pub screen: Screen,
    /// Which streams are terminals.
    pub terminal: Terminal,
    /// How long work may last before its progress is shown; none when it never is.
    pub patience: Option<Duration>,
    /// The editor's command line, of the environment; git's `core.editor` comes after it.
    pub editor: Option<OsString>,
    /// The index of the commit that git calls a hook for, `GIT_INDEX_FILE`.
    pub git_index: Option<PathBuf>,
    /// What git and the server tell a hook that runs for a push.
    pub push: PushContext,
    /// The present.
    pub clock: Clock,
}

/// What git and the server tell a hook that runs for a push.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PushContext {
    /// The repository that is pushed to, `GIT_DIR`.
    pub git_dir: Option<PathBuf>,
    /// The folders of objects that are seen besides its own: where git keeps what is pushed until it is accepted.
    pub objects: Vec<PathBuf>,
    /// Who pushes, by login or address, where the server says so.
    pub pusher: Option<String>,
}

/// The variables by which servers say who pushes: one's own, Gitea and Forgejo, GitLab, gitolite, git over http.
const PUSHERS: [&str; 6] =
    ["KEHU_PUSHER", "GITEA_PUSHER_EMAIL", "GITEA_PUSHER_NAME", "GL_USERNAME", "GL_USER", "REMOTE_USER"];

impl PushContext {
    fn new(variables: Variables<'_>) -> PushContext {
        let set = |name: &str| variables(name).filter(|value| !value.is_empty());
        let alternates = set("GIT_ALTERNATE_OBJECT_DIRECTORIES");
        let alternates = alternates.iter().flat_map(std::env::split_paths);
        let objects = set("GIT_OBJECT_DIRECTORY").map(PathBuf::from).into_iter().chain(alternates);
        PushContext {
            git_dir: set("GIT_DIR").map(PathBuf::from),
            objects: objects.filter_map(|folder| std::path::absolute(folder).ok()).collect(),
            pusher: PUSHERS.into_iter().find_map(set).and_then(|name| name.into_string().ok()),
        }
    }
}

impl Context {
    /// Joins global options, environment and terminal, and reads the clock, once.
    ///
    /// Fails with exit code 2 when `KEHU_NOW` cannot be read.
    pub fn new(globals: Globals, glance: Glance, variables: Variables<'_>, terminal: Terminal) -> Result<Context> {
        let set = |name: &str| variables(name).filter(|value| !value.is_empty());
        let text = |name: &str| set(name).and_then(|value| value.into_string().ok());
        let now = match (globals.now, text("KEHU_NOW")) {
            (None, Some(value)) => Some(parse_now(&value).map_err(|f| f.within(words!("KEHU_NOW", "KEHU_NOW")))?),
            (flag, _) => flag,
        };
        let json = globals.json || globals.output == Some(OutputTarget::Format("json".into()));
        let talk = match (globals.quiet, globals.verbose) {
            (true, _) => Talk::Quiet,
            (_, true) => Talk::Verbose,
            _ => Talk::Normal,
        };
        Ok(Context {
            dir: globals.repo.or_else(|| set("KEHU_REPO").map(PathBuf::from)).unwrap_or_else(|| PathBuf::from(".")),
            asked_lang: glance.asked,
            usual_lang: glance.usual,
            json,
            output: globals.output,
            as_of: globals.as_of,
            present_config: globals.present_config,
            user: globals.user.or_else(|| text("KEHU_USER")),
            dry_run: globals.dry_run,
            message: globals.message,
            lock_timeout: globals.lock_timeout.map_or(LOCK_TIMEOUT, Duration::from_secs),
            use_index: !globals.no_index,
            talk,
            hints: hints(terminal, variables) && !json && talk > Talk::Quiet && !globals.dry_run,
            screen: Screen::new(glance.color, variables, terminal),
            terminal,
            patience: patience(terminal, variables).filter(|_| !json && talk > Talk::Quiet),
            editor: ["KEHU_EDITOR", "VISUAL", "EDITOR"].into_iter().find_map(set),
            git_index: set("GIT_INDEX_FILE").map(PathBuf::from),
            push: PushContext::new(variables),
            clock: Clock { stated: now, real: Utc::now().trunc_subsecs(0) },
        })
    }

    /// Tells whether the result is wanted as JSON.
    pub fn wants_json(&self) -> bool {
        let is_json = |name: &str| matches!(name, "json" | "jsonl" | "ndjson");
        match &self.output {
            None => self.json,
            Some(OutputTarget::Format(name)) => is_json(name),
            Some(OutputTarget::File(path)) => path.extension().is_some_and(|ending| is_json(&ending.to_string_lossy())),
        }
    }

    /// Tells whether a list is wanted as its numbers alone, one a line: `-q` and no format.
    pub fn wants_numbers(&self) -> bool {
        self.talk == Talk::Quiet && self.output.is_none() && !self.json
    }

    /// Tells whether the result is drawn as a table for people.
    pub fn wants_table(&self) -> bool {
        match &self.output {
            None => !self.json,
            Some(OutputTarget::Format(name)) => name == "table",
            Some(OutputTarget::File(_)) => false,
        }
    }

    /// Tells whether the result is for people to read, who know users and customers by name: a table, a page, a workbook.
    pub fn wants_names(&self) -> bool {
        let is_page = |name: &str| matches!(name, "markdown" | "md" | "html" | "htm" | "xlsx");
        match &self.output {
            Some(OutputTarget::Format(name)) => self.wants_table() || is_page(name),
            Some(OutputTarget::File(path)) => path.extension().is_some_and(|ending| is_page(&ending.to_string_lossy())),
            None => self.wants_table(),
        }
    }

    /// Returns the language to speak, given the repository's own once it is known.
    pub fn lang(&self, repository: Option<Lang>) -> Lang {
        self.asked_lang.or(repository).unwrap_or(self.usual_lang)
    }

    /// Returns the present moment in `zone`: `--now`, else the clock as it stood at the start.
    pub fn now(&self, zone: Tz) -> DateTime<Tz> {
        self.clock.now(zone)
    }

    /// Returns the folder to start looking for the repository in, as an absolute path.
    ///
    /// Fails when the working directory is gone.
    pub fn start_dir(&self) -> Result<PathBuf> {
        std::path::absolute(&self.dir).map_err(|error| {
            let dir = self.dir.display();
            Failure::failed(words!("cannot find `{dir}`: {error}", "找不到 `{dir}`：{error}"))
        })
    }

    /// Reads one line of stdin; nothing at its end.
    pub fn read_line(&self) -> Result<Option<String>> {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        let read =
            read.map_err(|error| Failure::failed(words!("cannot read stdin: {error}", "无法读取标准输入：{error}")))?;
        Ok((read > 0).then_some(line))
    }

    /// Reads stdin to its end, or one byte further than any file may be.
    pub fn read_stdin(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        std::io::stdin()
            .take(MAX_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::failed(words!("cannot read stdin: {error}", "无法读取标准输入：{error}")))?;
        Ok(bytes)
    }
}

/// Returns how long work may last before a bar is drawn; nothing where stderr is no screen to draw it on.
fn patience(terminal: Terminal, variables: Variables<'_>) -> Option<Duration> {
    // In milliseconds, for tests: what they wait for should not take as long as what people wait for.
    let stated = variables("KEHU_PATIENCE").and_then(|value| value.to_str()?.parse().ok());
    let can_draw = terminal.stderr && !is_dumb(variables);
    can_draw.then(|| stated.map_or(PATIENCE, Duration::from_millis))
}

/// Tells whether the next step is for anybody to read: by `KEHU_HINTS`, `always` or `never`, else by the terminal.
fn hints(terminal: Terminal, variables: Variables<'_>) -> bool {
    match variables("KEHU_HINTS").as_ref().and_then(|value| value.to_str()) {
        Some("always") => true,
        Some("never") => false,
        _ => terminal.stderr,
    }
}

/// Tells whether the terminal cannot move its cursor.
fn is_dumb(variables: Variables<'_>) -> bool {
    variables("TERM").is_some_and(|value| value == "dumb")
}

/// Decides on colour: flag, then `NO_COLOR`, then `CLICOLOR_FORCE`, then the terminal.
fn use_color(when: ColorWhen, is_terminal: bool, variables: Variables<'_>) -> bool {
    let set = |name: &str| variables(name).filter(|value| !value.is_empty());
    let forced = || set("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto if set("NO_COLOR").is_some() => false,
        ColorWhen::Auto => forced() || (is_terminal && !is_dumb(variables)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(globals: Globals, variables: &[(&str, &str)], terminal: Terminal) -> Result<Context> {
        let find = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
        let glance = Glance::new(&[], &find);
        Context::new(globals, glance, &find, terminal)
    }

    fn shanghai(context: &Context) -> String {
        context.now(Tz::Asia__Shanghai).to_rfc3339()
    }

    #[test]
    fn the_next_step_is_for_who_looks() {
        let seen = Terminal { stderr: true, ..Terminal::default() };
        let hints = |globals: Globals, variables: &[(&str, &str)], terminal| {
            context(globals, variables, terminal).unwrap().hints
        };
        assert!(hints(Globals::default(), &[], seen));
        assert!(
            !hints(Globals::default(), &[], Terminal { stdout: true, ..Terminal::default() }),
            "nobody reads stderr"
        );
        assert!(!hints(Globals::default(), &[("KEHU_HINTS", "never")], seen));
        let wanted = [("KEHU_HINTS", "always")];
        assert!(hints(Globals::default(), &wanted, Terminal::default()));
        for globals in [
            Globals { json: true, ..Globals::default() },
            Globals { output: Some(OutputTarget::Format("json".into())), ..Globals::default() },
            Globals { quiet: true, ..Globals::default() },
            Globals { dry_run: true, ..Globals::default() },
        ] {
            assert!(!hints(globals, &wanted, seen));
        }
    }

    #[test]
    fn flags_win_over_the_environment() {
        let env = [("KEHU_REPO", "/a"), ("KEHU_USER", "li.ming"), ("KEHU_NOW", "2026-03-12"), ("LANG", "C")];
        let from_env = context(Globals::default(), &env, Terminal::default()).unwrap();
        assert_eq!((from_env.dir.to_str(), from_env.user.as_deref()), (Some("/a"), Some("li.ming")));
        assert_eq!(shanghai(&from_env), "2026-03-12T00:00:00+08:00");
        let now = parse_now("2026-04-01T08:00:00Z").unwrap();
        let flags = Globals { repo: Some("/b".into()), now: Some(now), ..Globals::default() };
        let from_flags = context(flags, &env, Terminal::default()).unwrap();
        assert_eq!(from_flags.dir.to_str(), Some("/b"));
        assert_eq!(shanghai(&from_flags), "2026-04-01T16:00:00+08:00");
    }

    #[test]
    fn a_bad_environment_is_said() {
        let failure = context(Globals::default(), &[("KEHU_NOW", "soon")], Terminal::default()).unwrap_err();
        assert_eq!(failure.message.en, "KEHU_NOW: `soon` is not a moment");
    }

    #[test]
    fn colour() {
        let terminal = Terminal { stdout: true, ..Terminal::default() };
        let color = |when: ColorWhen, env: &[(&str, &str)], terminal: Terminal| {
            let find = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
            Screen::new(when, &find, terminal).color_stdout
        };
        assert!(color(ColorWhen::Auto, &[], terminal));
        assert!(!color(ColorWhen::Auto, &[], Terminal::default()));
        assert!(!color(ColorWhen::Auto, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], terminal));
        assert!(color(ColorWhen::Auto, &[("CLICOLOR_FORCE", "1")], Terminal::default()));
        assert!(color(ColorWhen::Always, &[("NO_COLOR", "1")], Terminal::default()));
    }

    #[test]
    fn language_of_the_repository_stands_between() {
        let zh = context(Globals::default(), &[("LANG", "C")], Terminal::default()).unwrap();
        assert_eq!((zh.lang(None), zh.lang(Some(Lang::Zh))), (Lang::En, Lang::Zh));
        let asked = context(Globals::default(), &[("KEHU_LANG", "en")], Terminal::default()).unwrap();
        assert_eq!(asked.lang(Some(Lang::Zh)), Lang::En);
    }
}
