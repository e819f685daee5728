//! What is wrong with a record, and where it stands.

use super::words::Words;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look; nothing is refused for it.
    Warning,
    /// Breaks a rule: refused when written, exit 6 from `check`.
    Error,
}

/// Something wrong with one record, found by a rule; it knows the field but not the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Stable name of the rule, such as `phone-format`; the same in every language.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The field, `contacts.2.email` for one inside the third contact; none when it is the whole record.
    pub field: Option<String>,
    /// What is wrong, lower case, no full stop.
    pub message: Words,
    /// What would mend it, where that is known.
    pub mend: Option<Words>,
}

impl Problem {
    /// Makes an error about a field.
    pub fn error(code: &'static str, field: impl Into<String>, message: Words) -> Problem {
        Problem { code, severity: Severity::Error, field: Some(field.into()), message, mend: None }
    }

    /// Makes a warning about a field.
    pub fn warning(code: &'static str, field: impl Into<String>, message: Words) -> Problem {
        Problem { severity: Severity::Warning, ..Problem::error(code, field, message) }
    }

    /// Says what would mend it.
    pub fn mend(mut self, mend: Words) -> Problem {
        self.mend = Some(mend);
        self
    }
}

/// A problem with its place in the work tree or a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Path from the repository's top, with `/`.
    pub path: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Column in characters, from 1; 0 when the whole line is meant.
    pub column: usize,
    /// What is wrong.
    pub problem: Problem,
}
