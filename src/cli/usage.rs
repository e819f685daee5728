//! A command line that clap could not read, said in either language.

use super::grammar;
use super::nearest::nearest;
use super::noun::VERBS;
use crate::record::{Failure, KINDS, Lang};
use crate::words;
use clap::Command;
use clap::error::{ContextKind as Context, ContextValue, Error, ErrorKind};
use std::ffi::OsString;

/// Turns clap's error into a failure with exit code 2: what is wrong, and what to write or read instead.
///
/// `args` are those of the command line; from them the command is taken where clap does not say which.
pub fn failure(error: &Error, args: &[OsString]) -> Failure {
    let path = command_path(error).unwrap_or_else(|| called_path(args));
    let (arg, value) = (text(error, Context::InvalidArg), text(error, Context::InvalidValue));
    let failure = match error.kind() {
        ErrorKind::InvalidSubcommand => return unknown_command(&path, &text(error, Context::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => return missing_command(&path),
        ErrorKind::UnknownArgument => unknown_argument(error, &arg),
        ErrorKind::InvalidValue if value.is_empty() => missing_value(&arg),
        ErrorKind::ValueValidation => {
            let flag = arg.split_whitespace().next().unwrap_or_default();
            Failure::usage(words!("`{value}` is not a count for `{flag}`", "`{flag}` 需要整数，不能是“{value}”"))
        }
        ErrorKind::InvalidValue => {
            Failure::usage(words!("`{value}` is not a value of `{arg}`", "“{value}”不是 `{arg}` 的有效值"))
        }
        ErrorKind::NoEquals => {
            Failure::usage(words!("`{arg}` wants its value after `=`", "`{arg}` 的值要写在 `=` 之后"))
        }
        ErrorKind::TooManyValues => {
            Failure::usage(words!("`{value}` is one value too many for `{arg}`", "`{arg}` 多了一个值“{value}”"))
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => missing_value(&arg),
        ErrorKind::ArgumentConflict => argument_conflict(error, &arg),
        ErrorKind::MissingRequiredArgument => Failure::usage(words!("`{arg}` is missing", "缺少 `{arg}`")),
        ErrorKind::InvalidUtf8 => Failure::usage(words!("an argument is not UTF-8", "有参数不是 UTF-8 编码")),
        _ => Failure::usage(words!("the command line is not understood", "无法理解命令行")),
    };
    see_help(with_values(failure, error), &path)
}

/// Tells whether no command was given at all.
pub fn is_bare(error: &Error) -> bool {
    error.kind() == ErrorKind::MissingSubcommand && command_path(error).as_deref() == Some("kehu")
}

/// Returns the words of the command the error is about, as `kehu lead add`; nothing when clap does not say.
fn command_path(error: &Error) -> Option<String> {
    // The usage line is ours: the words of the command, then what stands in brackets.
    let usage = text(error, Context::Usage);
    let words = usage.split_whitespace().skip_while(|word| *word != "kehu");
    let path: Vec<&str> = words.take_while(|word| !word.starts_with(['[', '<'])).collect();
    (!path.is_empty()).then(|| path.join(" "))
}

/// Returns the command whose words stand in the arguments; options before them may mislead it.
fn called_path(args: &[OsString]) -> String {
    let root = built();
    let (mut command, mut path) = (&root, String::from("kehu"));
    for word in args.iter().filter_map(|arg| arg.to_str()) {
        if let Some(below) = command.find_subcommand(word) {
            command = below;
            path = format!("{path} {}", below.get_name());
        }
    }
    path
}

fn built() -> Command {
    let mut root = grammar::command(Lang::En);
    root.build();
    root
}

fn text(error: &Error, kind: Context) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("`, `"),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    }
}

fn unknown_command(path: &str, word: &str) -> Failure {
    let failure = Failure::usage(words!("`{path}` has no command `{word}`", "`{path}` 没有命令“{word}”"));
    if path == "kehu import" {
        return failure.hint(words!(
            "records are imported by their noun, as `kehu lead import FILE`",
            "记录按名词导入，例如 `kehu lead import 文件`"
        ));
    }
    if path == "kehu" && VERBS.iter().any(|verb| verb.name == word) {
        let nouns = KINDS.map(|kind| kind.name).join(", ");
        return failure.hint(words!(
            "a verb follows its noun, one of {nouns}, as in `kehu lead {word}`",
            "动词写在名词（{nouns}）之后，例如 `kehu lead {word}`"
        ));
    }
    let names = names_below(path);
    match nearest(word, names.iter().map(|name| (name.as_str(), name.as_str()))).as_slice() {
        [] => see_help(failure, path),
        near => {
            let near: Vec<String> = near.iter().map(|name| format!("`{path} {name}`")).collect();
            let near = near.join(", ");
            failure.hint(words!("did you mean {near}?", "是不是 {near}？"))
        }
    }
}

fn missing_command(path: &str) -> Failure {
    let known = names_below(path).join(", ");
    Failure::usage(words!("`{path}` wants a command", "`{path}` 之后需要一个命令"))
        .hint(words!("one of {known}; see `{path} --help`", "可选：{known}；见 `{path} --help`"))
}

fn unknown_argument(error: &Error, arg: &str) -> Failure {
    let failure = if arg.starts_with('-') {
        Failure::usage(words!("there is no option `{arg}`", "没有选项 `{arg}`"))
    } else {
        Failure::usage(words!("`{arg}` is one argument too many", "多余的参数“{arg}”"))
    };
    match text(error, Context::SuggestedArg) {
        near if near.is_empty() => failure,
        near => failure.hint(words!("did you mean `{near}`?", "是不是 `{near}`？")),
    }
}

fn missing_value(arg: &str) -> Failure {
    Failure::usage(words!("`{arg}` wants a value", "`{arg}` 需要一个值"))
}

fn argument_conflict(error: &Error, arg: &str) -> Failure {
    match text(error, Context::PriorArg) {
        prior if prior == arg => Failure::usage(words!("`{arg}` is given twice", "`{arg}` 给了两次")),
        prior => Failure::usage(words!("`{arg}` cannot stand beside `{prior}`", "`{arg}` 不能与 `{prior}` 同时使用")),
    }
}

/// Adds a hint with the values there are, where they are few words.
fn with_values(failure: Failure, error: &Error) -> Failure {
    let Some(ContextValue::Strings(values)) = error.get(Context::ValidValue) else { return failure };
    match values.join(", ") {
        values if values.is_empty() => failure,
        values => failure.hint(words!("one of {values}", "可选：{values}")),
    }
}

fn see_help(failure: Failure, path: &str) -> Failure {
    if failure.hints.is_empty() { failure.hint(words!("see `{path} --help`", "见 `{path} --help`")) } else { failure }
}

/// Returns the names of the commands below a command.
fn names_below(path: &str) -> Vec<String> {
    let root = built();
    let command = find(&root, path).unwrap_or(&root);
    command.get_subcommands().map(|below| below.get_name().to_string()).collect()
}

/// Returns the command called by `path`, as `kehu lead add`, in a built tree.
pub fn find<'a>(root: &'a Command, path: &str) -> Option<&'a Command> {
    let mut words = path.split_whitespace().skip(1);
    words.try_fold(root, |command, word| command.find_subcommand(word))
}
