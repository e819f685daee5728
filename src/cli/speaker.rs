//! Arguments with their words in the chosen language.
//!
//! clap keeps one text an argument, so a command is built for one language. The words stand in both
//! where the argument is made, and [`Speaker`] picks.

use crate::record::{Failure, Label, Lang, Result, halve_width, numerals_to_digits};
use crate::words;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};
use std::path::PathBuf;

/// What stands for a value in usage and help.
pub mod value {
    use crate::record::Label;

    /// A folder.
    pub const DIR: Label = Label::new("DIR", "目录");
    /// A file.
    pub const FILE: Label = Label::new("FILE", "文件");
    /// A file or folder in the repository.
    pub const PATH: Label = Label::new("PATH", "路径");
    /// The number of a record.
    pub const NUM: Label = Label::new("NUM", "编号");
    /// The login of a user.
    pub const USER: Label = Label::new("USER", "用户");
    /// A count.
    pub const N: Label = Label::new("N", "数量");
    /// A field and its value.
    pub const ASSIGNMENT: Label = Label::new("KEY=VALUE", "键=值");
    /// The key of a field.
    pub const KEY: Label = Label::new("KEY", "键");
    /// A filter.
    pub const FILTER: Label = Label::new("FILTER", "条件");
    /// One of a few words.
    pub const CHOICE: Label = Label::new("CHOICE", "选项");
    /// A name.
    pub const NAME: Label = Label::new("NAME", "名称");
    /// A day.
    pub const DATE: Label = Label::new("DATE", "日期");
    /// Any text.
    pub const TEXT: Label = Label::new("TEXT", "文字");
}

/// Makes arguments whose words are in one language.
#[derive(Debug, Clone, Copy)]
pub struct Speaker(pub Lang);

impl Speaker {
    /// Returns the text in the language.
    pub fn say(self, en: &'static str, zh: &'static str) -> &'static str {
        Label::new(en, zh).get(self.0)
    }

    /// Makes a flag without value, `--ID`.
    pub fn switch(self, id: &'static str, en: &'static str, zh: &'static str) -> Arg {
        Arg::new(id).long(id).action(ArgAction::SetTrue).help(self.say(en, zh))
    }

    /// Makes an option with one value, `--ID VALUE`.
    pub fn option(self, id: &'static str, value: Label, en: &'static str, zh: &'static str) -> Arg {
        Arg::new(id).long(id).value_name(value.get(self.0)).help(self.say(en, zh))
    }

    /// Makes an option whose value is a path.
    pub fn path(self, id: &'static str, value: Label, en: &'static str, zh: &'static str) -> Arg {
        self.option(id, value, en, zh).value_parser(value_parser!(PathBuf))
    }

    /// Makes an option that takes one of a few words.
    pub fn choice(
        self,
        id: &'static str,
        words: impl IntoIterator<Item = &'static str>,
        en: &'static str,
        zh: &'static str,
    ) -> Arg {
        self.option(id, value::CHOICE, en, zh).value_parser(PossibleValuesParser::new(words))
    }

    /// Makes an option whose value is a count.
    pub fn count(self, id: &'static str, en: &'static str, zh: &'static str) -> Arg {
        self.option(id, value::N, en, zh).value_parser(read_count)
    }

    /// Makes an argument without a flag.
    pub fn position(self, id: &'static str, value: Label, en: &'static str, zh: &'static str) -> Arg {
        Arg::new(id).value_name(value.get(self.0)).help(self.say(en, zh))
    }

    /// Makes arguments without a flag, as many as there are.
    pub fn positions(self, id: &'static str, value: Label, en: &'static str, zh: &'static str) -> Arg {
        self.position(id, value, en, zh).num_args(1..).action(ArgAction::Append)
    }

    /// Makes arguments without a flag whose values are paths.
    pub fn paths(self, id: &'static str, value: Label, en: &'static str, zh: &'static str) -> Arg {
        self.positions(id, value, en, zh).value_parser(value_parser!(PathBuf))
    }

    /// Finishes a command that is called by `path`: its usage line, and its path in place of clap's help.
    ///
    /// clap does not say which command `--help` was asked of, nor can its help be translated; so what it
    /// prints as help is the path, from which [`help`](super::help) renders the page.
    pub fn seal(self, command: Command, path: &str) -> Command {
        let usage = self.usage(&command, path);
        command.override_usage(usage).override_help(path.to_string())
    }

    fn usage(self, command: &Command, path: &str) -> String {
        let mut usage = format!("{path} {}", self.say("[OPTIONS]", "[选项]"));
        for arg in command.get_arguments().filter(|arg| arg.is_positional()) {
            usage.push(' ');
            usage.push_str(&position_name(arg));
        }
        if command.has_subcommands() {
            usage.push_str(self.say(" <COMMAND>", " <命令>"));
        }
        usage
    }
}

/// Returns `<NUM>`, `[NUM]`, `<NUM>...` or `[NUM]...` for a positional argument.
pub fn position_name(arg: &Arg) -> String {
    let name = arg.get_value_names().and_then(|names| names.first()).map_or(arg.get_id().as_str(), |name| name);
    let many = if matches!(arg.get_action(), ArgAction::Append) { "..." } else { "" };
    if arg.is_required_set() { format!("<{name}>{many}") } else { format!("[{name}]{many}") }
}

/// Reads a count as people write one: `20`, `２０`, `二十`, `20条`.
fn read_count(text: &str) -> Result<u64> {
    let plain = numerals_to_digits(&halve_width(text));
    let count = plain.trim().trim_end_matches(['条', '个', '行', '项']).parse();
    count.map_err(|_| Failure::usage(words!("`{text}` is not a count", "“{text}”不是数量")))
}
