//! The message of a commit.

/// The trailer with the login of the user in whose name the author acted.
pub const ON_BEHALF_OF: &str = "Kehu-On-Behalf-Of";

/// What a commit says: a sentence a reviewer can read, and trailers for programs.
///
/// Carries numbers of records, never names of people or companies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// One line: `lead: import 312, update 20 (expo.xlsx)`.
    pub subject: String,
    /// More lines; empty for none.
    pub body: String,
    /// Keys and values at the end: `Kehu-Op`, `Kehu-On-Behalf-Of`, `Kehu-Source-Sha256`.
    pub trailers: Vec<(String, String)>,
}

impl Message {
    /// Makes a message of one line.
    pub fn new(subject: impl Into<String>) -> Message {
        Message { subject: subject.into(), ..Message::default() }
    }

    /// Adds a trailer.
    pub fn trailer(mut self, key: impl Into<String>, value: impl Into<String>) -> Message {
        self.trailers.push((key.into(), value.into()));
        self
    }

    /// Returns the subject on one line.
    pub(crate) fn subject_line(&self) -> String {
        one_line(&self.subject)
    }

    /// Returns the text of the commit: subject, body, trailers, an empty line between.
    pub(crate) fn render(&self) -> String {
        let trailers = self.trailers.iter().map(|(key, value)| format!("{}: {}", one_line(key), one_line(value)));
        let trailers = trailers.collect::<Vec<_>>().join("\n");
        let body = self.body.replace('\0', "");
        let parts = [self.subject_line(), body.trim().to_string(), trailers];
        let mut text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        text.push('\n');
        text
    }
}

/// Returns the value of a trailer in the text of a commit: in its last paragraph, the first of this key.
pub(crate) fn trailer_of(text: &str, key: &str) -> Option<String> {
    let last = text.trim_end().rsplit_once("\n\n")?.1;
    last.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).map(str::to_string)
}

/// Makes one line of a text: a line break in a file name must not become a trailer.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subject_body_trailers() {
        let message = Message::new("lead: import 2 (展会\nKehu-Op: forged.xlsx)").trailer("Kehu-Op", "k7x2");
        assert_eq!(message.render(), "lead: import 2 (展会 Kehu-Op: forged.xlsx)\n\nKehu-Op: k7x2\n");
        assert_eq!(trailer_of(&message.render(), "Kehu-Op").as_deref(), Some("k7x2"));
        assert_eq!(trailer_of("Kehu-Op: x\n", "Kehu-Op"), None, "a subject is no trailer");
        let message = Message { body: "why\n".into(), ..Message::new("s") };
        assert_eq!(message.render(), "s\n\nwhy\n");
    }
}
