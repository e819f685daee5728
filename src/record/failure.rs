//! What can go wrong, said so that a person or a script knows what to do.

use super::words::{Lang, Words};
use std::fmt;

/// The exit code of the program. One number, one meaning, the same in every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// It happened and is durable.
    Done = 0,
    /// It failed; nothing was changed.
    Failed = 1,
    /// The command line is not understood.
    Usage = 2,
    /// Something was rejected or unreadable; the rest is done.
    Partly = 3,
    /// A record was not found, or several fit.
    NotFound = 4,
    /// It meets something that is there already: a duplicate, a hand edit, a merge.
    Conflict = 5,
    /// A record or a configuration breaks a rule.
    Invalid = 6,
    /// The user may not do this.
    Denied = 7,
    /// A mass change wants `--expect N`.
    NeedsExpect = 8,
    /// Another process holds the lock.
    Busy = 9,
    /// This is not a kehu repository.
    NotRepository = 10,
    /// The repository was made by a newer kehu.
    Newer = 11,
}

/// A failed operation: its exit code, one sentence, what else is wrong, and hints on what to do now.
///
/// The sentence starts in lower case, has no full stop, and puts values in backticks. A hint is a
/// sentence that may name a command, never a destructive one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit code the program ends with.
    pub exit: Exit,
    /// What went wrong.
    pub message: Words,
    /// What else is wrong, in the same form.
    pub details: Vec<Words>,
    /// What to do now.
    pub hints: Vec<Words>,
}

/// The result of everything below the command line.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// Makes a failure with no hint.
    pub fn new(exit: Exit, message: Words) -> Failure {
        Failure { exit, message, details: Vec::new(), hints: Vec::new() }
    }

    /// Makes a failure with exit code 1.
    pub fn failed(message: Words) -> Failure {
        Failure::new(Exit::Failed, message)
    }

    /// Makes a failure with exit code 2.
    pub fn usage(message: Words) -> Failure {
        Failure::new(Exit::Usage, message)
    }

    /// Makes a failure with exit code 4.
    pub fn not_found(message: Words) -> Failure {
        Failure::new(Exit::NotFound, message)
    }

    /// Makes a failure with exit code 5.
    pub fn conflict(message: Words) -> Failure {
        Failure::new(Exit::Conflict, message)
    }

    /// Makes a failure with exit code 6.
    pub fn invalid(message: Words) -> Failure {
        Failure::new(Exit::Invalid, message)
    }

    /// Adds something else that is wrong.
    pub fn detail(mut self, detail: Words) -> Failure {
        self.details.push(detail);
        self
    }

    /// Adds a hint.
    pub fn hint(mut self, hint: Words) -> Failure {
        self.hints.push(hint);
        self
    }

    /// Says where it went wrong, in front of the message.
    pub fn within(mut self, place: Words) -> Failure {
        self.message = Words::join([&place, &self.message], ": ", "：");
        self
    }

    /// Returns message, details and hints as they are printed, in `lang`.
    pub fn render(&self, lang: Lang) -> String {
        let (error, hint) = match lang {
            Lang::En => ("error: ", "hint: "),
            Lang::Zh => ("错误：", "提示："),
        };
        let mut text = format!("{error}{}", self.message.get(lang));
        for one in &self.details {
            text.push_str(&format!("\n  {}", one.get(lang)));
        }
        for one in &self.hints {
            text.push_str(&format!("\n{hint}{}", one.get(lang)));
        }
        text
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

impl std::error::Error for Failure {}
