//! The only printer: data on stdout, talk on stderr.
//!
//! *Invariants.* stdout holds nothing but the result. A reader that stops reading (`| head`) ends the
//! program quietly, as success; any other trouble with stdout is a failure. With `--json` every line on
//! stderr is a JSON object; else no name or value in it can command the terminal. `-q` silences everything but
//! errors. Colour never carries meaning alone.

mod file;
mod interrupt;
mod progress;

use super::context::{Context, Screen, Talk};
use super::exit;
use super::scan::Glance;
use crate::output::clean;
use crate::progress::Progress;
use crate::record::{Failure, Lang, Result, Words};
use crate::store::refused;
use crate::words;
use anstyle::{AnsiColor, Style};
use serde_json::json;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;
use std::time::Duration;

/// How to print; made once from the context.
#[derive(Debug, Clone, Copy)]
pub struct Ui {
    /// The language spoken; settled when the repository's own is known.
    pub lang: Lang,
    /// Whether errors and notes are JSON.
    pub json: bool,
    talk: Talk,
    color: bool,
    /// How long work may last before its progress is shown; none when it never is.
    patience: Option<Duration>,
}

/// How grave a line on stderr is.
#[derive(Debug, Clone, Copy)]
enum Level {
    Note,
    Warning,
    Rejected,
    Next,
}

impl Ui {
    /// Makes the printer for a context.
    pub fn new(context: &Context) -> Ui {
        Ui {
            lang: context.lang(None),
            json: context.json,
            talk: context.talk,
            color: context.screen.color_stderr,
            patience: context.patience,
        }
    }

    /// Makes the printer for a command line that is not read yet, and may never be.
    pub fn early(glance: Glance, screen: Screen) -> Ui {
        let (lang, json, color) = (glance.lang(), glance.json, screen.color_stderr);
        Ui { lang, json, talk: Talk::Normal, color, patience: None }
    }

    /// Writes the result to stdout.
    ///
    /// A closed pipe is success. Fails when stdout cannot take it, as a full disk.
    pub fn emit(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let written = write(&mut out).and_then(|()| out.flush());
        // What is left in the buffer after an error must not be tried again when it is dropped.
        let _ = out.into_parts();
        match written {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(refused(&words!("cannot write to stdout", "无法写入标准输出"), &error))
            }
            _ => Ok(()),
        }
    }

    /// Writes a text to stdout, with a line end if it has none.
    pub fn print(&self, text: &str) -> Result<()> {
        self.emit(|out| {
            out.write_all(text.as_bytes())?;
            if text.is_empty() || text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") }
        })
    }

    /// Writes a sentence to stdout, whatever names and values stand in it.
    pub fn print_words(&self, text: &Words) -> Result<()> {
        self.print(&clean(text.get(self.lang)))
    }

    /// Writes lines of names and values to stdout; nothing for none.
    pub fn print_all(&self, lines: &str) -> Result<()> {
        self.emit(|out| lines.lines().try_for_each(|line| writeln!(out, "{}", clean(line))))
    }

    /// Asks on a terminal whether to edit again; no answer is no.
    pub fn ask_again(&self, context: &Context) -> Result<bool> {
        self.tell(words!("edit again? [Y/n]", "再次编辑？[Y/n]").get(self.lang));
        let answer = context.read_line()?;
        Ok(answer.is_some_and(|answer| !matches!(answer.trim(), "n" | "N" | "no" | "否")))
    }

    /// Writes the result to a file, whole or not at all; says so.
    ///
    /// Fails when the folder is missing or cannot be written; what stood there before then stays.
    pub fn write_file(&self, path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let shown = path.display();
        self.write_file_quietly(path, write)?;
        self.note(&words!("wrote `{shown}`", "已写入 `{shown}`"));
        Ok(())
    }

    /// Writes a file as [`Ui::write_file`] does, for callers who say so in their own words.
    pub fn write_file_quietly(&self, path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        file::write_atomically(path, write).map_err(|error| cannot_write(path, &error))
    }

    /// Fails as [`Ui::write_file`] would, writing nothing.
    pub fn try_file(&self, path: &Path) -> Result<()> {
        file::probe(path).map_err(|error| cannot_write(path, &error))
    }

    /// Writes a page to stderr that nobody asked for as a result: the help after a bare `kehu`.
    pub fn tell(&self, text: &str) {
        talk_line(text.trim_end());
    }

    /// Says what was done, on stderr.
    pub fn note(&self, text: &Words) {
        if self.talk >= Talk::Normal {
            self.say(Level::Note, text);
        }
    }

    /// Says what was done and must be known, under `-q` too: a file was written that nobody named.
    pub fn insist(&self, text: &Words) {
        self.say(Level::Note, text);
    }

    /// Tells whether everything is to be said, however long it is: `-v`.
    pub fn says_all(&self) -> bool {
        self.talk >= Talk::Verbose
    }

    /// Says a detail that only `-v` wants.
    pub fn detail(&self, text: &Words) {
        if self.talk >= Talk::Verbose {
            self.say(Level::Note, text);
        }
    }

    /// Says what deserves a look.
    pub fn warn(&self, text: &Words) {
        if self.talk >= Talk::Normal {
            self.say(Level::Warning, text);
        }
    }

    /// Says what was refused while the rest was taken.
    pub fn reject(&self, text: &Words) {
        if self.talk >= Talk::Normal {
            self.say(Level::Rejected, text);
        }
    }

    /// Says what comes next.
    pub fn next(&self, text: &Words) {
        if self.talk >= Talk::Normal {
            self.say(Level::Next, text);
        }
    }

    /// Says why the command failed.
    pub fn fail(&self, failure: &Failure) {
        let text = if self.json {
            error_json(failure, self.lang)
        } else {
            let rendered = failure.render(self.lang);
            rendered.lines().map(|line| self.paint_label(&clean(line))).collect::<Vec<_>>().join("\n")
        };
        talk_line(&text);
    }

    /// Returns where work tells its progress: a bar on a terminal, once it has taken a while.
    pub fn progress(&self) -> Progress {
        self.patience.map_or_else(Progress::default, |patience| Progress::to(progress::Bar::new(self.lang, patience)))
    }

    fn say(&self, level: Level, text: &Words) {
        let text = text.get(self.lang);
        let (name, label) = match (level, self.lang) {
            (Level::Note, _) => ("note", ""),
            (Level::Warning, Lang::En) => ("warning", "warning: "),
            (Level::Warning, Lang::Zh) => ("warning", "警告："),
            (Level::Rejected, Lang::En) => ("rejected", "rejected: "),
            (Level::Rejected, Lang::Zh) => ("rejected", "拒绝："),
            (Level::Next, Lang::En) => ("next", "next: "),
            (Level::Next, Lang::Zh) => ("next", "下一步："),
        };
        if self.json {
            talk_line(&json!({"schema": "kehu.message", "version": 1, "level": name, "message": text}).to_string());
        } else {
            let text = format!("{label}{text}");
            talk_line(&text.lines().map(|line| self.paint_label(&clean(line))).collect::<Vec<_>>().join("\n"));
        }
    }

    /// Colours the `error:`, `warning:` or `hint:` a line begins with.
    fn paint_label(&self, line: &str) -> String {
        const LABELS: [(&str, AnsiColor); 10] = [
            ("error:", AnsiColor::Red),
            ("错误：", AnsiColor::Red),
            ("rejected:", AnsiColor::Red),
            ("拒绝：", AnsiColor::Red),
            ("warning:", AnsiColor::Yellow),
            ("警告：", AnsiColor::Yellow),
            ("hint:", AnsiColor::Cyan),
            ("提示：", AnsiColor::Cyan),
            ("next:", AnsiColor::Cyan),
            ("下一步：", AnsiColor::Cyan),
        ];
        let found = LABELS.iter().find_map(|(label, color)| Some((label, color, line.strip_prefix(label)?)));
        match found.filter(|_| self.color) {
            Some((label, color, rest)) => {
                let style = Style::new().bold().fg_color(Some((*color).into()));
                format!("{style}{label}{style:#}{rest}")
            }
            None => line.to_string(),
        }
    }
}

/// Returns the published form of a failure, `kehu.error` version 1.
fn error_json(failure: &Failure, lang: Lang) -> String {
    let all = |words: &[Words]| words.iter().map(|one| one.get(lang).to_string()).collect::<Vec<_>>();
    let error = json!({
        "schema": "kehu.error",
        "version": 1,
        "exit": failure.exit as u8,
        "code": exit::name(failure.exit),
        "message": failure.message.get(lang),
        "details": all(&failure.details),
        "hints": all(&failure.hints),
    });
    error.to_string()
}

/// Writes a line to stderr; there is nowhere to report that it could not.
fn talk_line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    refused(&words!("cannot write `{shown}`", "无法写入 `{shown}`"), error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Exit;

    #[test]
    fn a_failure_as_json() {
        let failure = Failure::new(Exit::Invalid, words!("no", "不")).hint(words!("do", "做"));
        assert_eq!(
            error_json(&failure, Lang::Zh),
            r#"{"schema":"kehu.error","version":1,"exit":6,"code":"invalid","message":"不","details":[],"hints":["做"]}"#
        );
    }

    #[test]
    fn labels_are_coloured_only_on_request() {
        let glance = Glance::new(&[], &|_| Some("C".into()));
        let plain = Ui::early(glance, Screen::default());
        assert_eq!(plain.paint_label("hint: x"), "hint: x");
        let painted = Ui { color: true, ..plain };
        assert_eq!(painted.paint_label("提示：x"), "\u{1b}[1m\u{1b}[36m提示：\u{1b}[0mx");
        assert_eq!(painted.paint_label("x"), "x");
    }
}
