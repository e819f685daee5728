//! What a text is wrapped in: a byte order mark, its kind of line ends, whether the last line is ended.

use super::trivia::layout;

/// A text without its wrapping: `\n` line ends, the last line ended.
pub(super) struct Framed {
    /// The text inside.
    pub body: String,
    frame: Frame,
}

/// The wrapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Frame {
    mark: &'static str,
    line_end: &'static str,
    last: &'static str,
}

/// Takes the wrapping off.
pub(super) fn unwrap(text: &str) -> Framed {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = if body.len() < text.len() { "\u{feff}" } else { "" };
    let ends = body.matches('\n').count();
    // Line ends of both kinds in one text are left as they are.
    let crlf = ends > 0 && body.matches("\r\n").count() == ends;
    let mut body = if crlf { body.replace("\r\n", "\n") } else { body.to_string() };
    let ended = body.is_empty() || body.ends_with('\n');
    if !ended {
        body.push('\n');
    }
    let line_end = if crlf { "\r\n" } else { "\n" };
    Framed { body, frame: Frame { mark, line_end, last: if ended { "\n" } else { "" } } }
}

/// Puts a merged text in the wrapping that the sides make of that of the base.
pub(super) fn wrap(body: String, base: Option<&Framed>, ours: &Framed, theirs: &Framed) -> String {
    let merged = |part: fn(&Frame) -> &'static str| {
        layout(base.map(|base| part(&base.frame)), part(&ours.frame), part(&theirs.frame))
    };
    let mut body = body;
    if merged(|frame| frame.last).is_empty() && body.ends_with('\n') {
        body.pop();
    }
    let line_end = merged(|frame| frame.line_end);
    let body = if line_end == "\n" { body } else { body.replace('\n', &line_end) };
    merged(|frame| frame.mark) + &body
}
