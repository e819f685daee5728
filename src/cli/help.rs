//! The help page of a command, in either language.
//!
//! Drawn from the clap command instead of by clap, whose headings and marks are English and whose
//! columns do not know that a Chinese character is two wide.

use super::speaker::{Speaker, position_name};
use super::wrap::{width_of, wrap};
use clap::{Arg, ArgAction, Command};
use std::fmt::Write;

/// Columns left of the text of an argument when its name is short enough.
const INDENT: usize = 2;
/// The widest name that keeps its text on the same line.
const NAME_WIDTH: usize = 26;

/// How a page is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The language.
    pub speaker: Speaker,
    /// Columns to fit.
    pub width: usize,
    /// Whether headings are bold.
    pub color: bool,
}

impl Page {
    /// Draws the help of a built command.
    pub fn render(&self, command: &Command) -> String {
        let mut page = String::new();
        let about = command.get_long_about().or(command.get_about());
        for paragraph in about.map(ToString::to_string).unwrap_or_default().lines() {
            self.put_paragraph(&mut page, paragraph);
        }
        let usage = command.get_overridden_usage().map(ToString::to_string).unwrap_or_default();
        let _ = write!(page, "\n{}{usage}\n", self.bold(self.speaker.say("Usage: ", "用法：")));
        self.put_examples(&mut page, command);
        self.put_commands(&mut page, command);
        for heading in headings(command, self.speaker) {
            self.put_args(&mut page, command, heading.as_deref());
        }
        page
    }

    fn put_paragraph(&self, page: &mut String, text: &str) {
        match text {
            "" => page.push('\n'),
            text => self.put_lines(page, 0, text),
        }
    }

    fn put_examples(&self, page: &mut String, command: &Command) {
        let Some(examples) = command.get_after_help() else { return };
        self.put_heading(page, self.speaker.say("Examples", "示例"));
        for line in examples.to_string().lines() {
            let _ = writeln!(page, "  {line}");
        }
    }

    fn put_commands(&self, page: &mut String, command: &Command) {
        let below: Vec<&Command> = command.get_subcommands().filter(|below| !below.is_hide_set()).collect();
        if below.is_empty() {
            return;
        }
        self.put_heading(page, self.speaker.say("Commands", "命令"));
        for below in below {
            let about = below.get_about().map(ToString::to_string).unwrap_or_default();
            self.put_row(page, below.get_name(), &about);
        }
    }

    /// Draws the arguments under a heading; without one, the positional ones.
    fn put_args(&self, page: &mut String, command: &Command, heading: Option<&str>) {
        let under = |arg: &&Arg| !arg.is_hide_set() && arg_heading(arg, self.speaker).as_deref() == heading;
        let mut args = command.get_arguments().filter(under).peekable();
        if args.peek().is_none() {
            return;
        }
        self.put_heading(page, heading.unwrap_or(self.speaker.say("Arguments", "参数")));
        for arg in args {
            self.put_row(page, &arg_name(arg), &self.arg_text(arg));
        }
    }

    fn arg_text(&self, arg: &Arg) -> String {
        let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let values = arg.get_possible_values();
        if takes_value(arg) && !values.is_empty() {
            let values: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
            let values = values.join(self.speaker.say(", ", "、"));
            let _ = write!(text, "{}{values}]", self.speaker.say(" [possible values: ", " [可选值："));
        }
        text
    }

    fn put_heading(&self, page: &mut String, heading: &str) {
        let _ = write!(page, "\n{}\n", self.bold(&format!("{heading}{}", self.speaker.say(":", "："))));
    }

    fn put_row(&self, page: &mut String, name: &str, text: &str) {
        let column = INDENT + NAME_WIDTH + 2;
        let _ = write!(page, "{:INDENT$}{name}", "");
        let used = INDENT + width_of(name);
        let start = if used + 2 <= column {
            let _ = write!(page, "{:1$}", "", column - used);
            page.len()
        } else {
            page.push('\n');
            let _ = write!(page, "{:column$}", "");
            page.len()
        };
        self.put_lines(page, column, text);
        if page.len() == start {
            page.push('\n');
        }
    }

    /// Writes a text wrapped, each line but the first indented; the first begins where the page ends.
    fn put_lines(&self, page: &mut String, indent: usize, text: &str) {
        let width = self.width.saturating_sub(indent).max(24);
        for (at, line) in wrap(text, width).iter().enumerate() {
            if at > 0 {
                let _ = write!(page, "{:indent$}", "");
            }
            let _ = writeln!(page, "{line}");
        }
    }

    fn bold(&self, text: &str) -> String {
        let style = anstyle::Style::new().bold();
        if self.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }
}

/// Returns the headings of the arguments in the order they first appear: none, for the positional ones, first,
/// that of the global options last.
fn headings(command: &Command, speaker: Speaker) -> Vec<Option<String>> {
    let mut found: Vec<Option<String>> = vec![None];
    let (own, global): (Vec<&Arg>, Vec<&Arg>) = command.get_arguments().partition(|arg| !arg.is_global_set());
    for arg in own.into_iter().chain(global) {
        let heading = arg_heading(arg, speaker);
        if !found.contains(&heading) {
            found.push(heading);
        }
    }
    found
}

/// Returns the heading an argument stands under; none for a positional one.
fn arg_heading(arg: &Arg, speaker: Speaker) -> Option<String> {
    let own = arg.get_help_heading().unwrap_or(speaker.say("Options", "选项"));
    (!arg.is_positional()).then(|| own.to_string())
}

fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

/// Returns `-o, --output <FORMAT>`, `--dry-run`, `[NUM]...`.
fn arg_name(arg: &Arg) -> String {
    if arg.is_positional() {
        return position_name(arg);
    }
    let long = arg.get_long().map(|long| format!("--{long}"));
    let short = arg.get_short().map(|short| format!("-{short}"));
    let mut name = [short, long].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if let Some(value) = arg.get_value_names().and_then(|names| names.first()).filter(|_| takes_value(arg)) {
        let _ = if arg.is_require_equals_set() { write!(name, "[=<{value}>]") } else { write!(name, " <{value}>") };
    }
    name
}
