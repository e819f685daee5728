//! The message of a commit.

/// The trailer with the name of the operation that a commit is.
pub const OPERATION: &str = "Kehu-Op";

/// The trailer with the login of the user in whose name the author acted.
pub const ON_BEHALF_OF: &str = "Kehu-On-Behalf-Of";

/// The trailer of a record that got another number, `KIND OLD NEW`; one for each.
pub const RENUMBERED: &str = "Kehu-Renumber";

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

    /// Returns the value of a trailer; of several the first.
    pub fn trailer_of(&self, key: &str) -> Option<&str> {
        self.trailers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
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

/// Returns the trailers in the text of a commit: the lines `Key: value` of its last paragraph, in order.
pub(crate) fn trailers_of(text: &str) -> Vec<(String, String)> {
    // A subject is no trailer.
    let Some((_, last)) = text.trim_end().rsplit_once("\n\n") else { return Vec::new() };
    let is_key = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let pairs = last.lines().filter_map(|line| line.split_once(": ")).filter(|(key, _)| is_key(key));
    pairs.map(|(key, value)| (key.to_string(), value.trim_end().to_string())).collect()
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
        assert_eq!(trailers_of(&message.render()), [("Kehu-Op".to_string(), "k7x2".to_string())]);
        assert_eq!(trailers_of("Kehu-Op: x\n"), [], "a subject is no trailer");
        assert_eq!(trailers_of("s\n\nA-1: x: y\nnot one\nB C: z\nA-1: w\n").len(), 2);
        let message = Message { body: "why\n".into(), ..Message::new("s") };
        assert_eq!(message.render(), "s\n\nwhy\n");
    }
}
