//! Changes to a text, gathered first and made at once; every byte outside them stays.

use std::ops::Range;

/// A text whose last line is ended, and the changes to be made to it.
pub(super) struct Splice<'a> {
    /// The text.
    pub text: &'a str,
    /// What its lines end with.
    pub eol: &'static str,
    changes: Vec<(Range<usize>, String)>,
}

impl<'a> Splice<'a> {
    /// Starts with no change.
    pub fn new(text: &'a str) -> Splice<'a> {
        let first = text.find('\n').and_then(|at| text[..at].bytes().last());
        let eol = if first == Some(b'\r') { "\r\n" } else { "\n" };
        Splice { text, eol, changes: Vec::new() }
    }

    /// Replaces what stands in a range.
    pub fn replace(&mut self, range: Range<usize>, with: String) {
        self.changes.push((range, with));
    }

    /// Inserts lines, written with `\n`, at the start of a line.
    pub fn insert_lines(&mut self, at: usize, lines: &str) {
        let lines = if self.eol == "\n" { lines.to_string() } else { lines.replace('\n', self.eol) };
        self.changes.push((at..at, lines));
    }

    /// Takes the whole lines out that a range touches.
    pub fn remove_lines(&mut self, range: Range<usize>) {
        self.changes.push((self.line_start(range.start)..self.line_end(range.end), String::new()));
    }

    /// Returns the start of the line that `at` is in.
    pub fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |found| found + 1)
    }

    /// Returns the end of the line that `at` is in, behind its line end.
    pub fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |found| at + found + 1)
    }

    /// Returns the start of the comment and blank lines right above the line that starts at `at`, while `keep` says so.
    pub fn above(&self, at: usize, keep: impl Fn(&str) -> bool) -> usize {
        let mut start = at;
        while start > 0 {
            let previous = self.line_start(start - 1);
            if !keep(self.text[previous..start].trim()) {
                break;
            }
            start = previous;
        }
        start
    }

    /// Returns the white space a line starts with.
    pub fn indent(&self, at: usize) -> &'a str {
        let line = &self.text[self.line_start(at)..at];
        if line.trim().is_empty() { line } else { "" }
    }

    /// Returns the text with all changes made; those at one place in the order they were asked for.
    pub fn finish(mut self) -> String {
        self.changes.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(self.text.len() + 256);
        let mut done = 0;
        for (range, with) in self.changes {
            out.push_str(self.text.get(done..range.start).unwrap_or_default());
            out.push_str(&with);
            done = range.end.max(done);
        }
        out.push_str(&self.text[done..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let mut splice = Splice::new("a\r\n# c\r\nb = 1 # x\r\n");
        assert_eq!(splice.eol, "\r\n");
        let b = splice.text.find('b').unwrap();
        assert_eq!(splice.above(b, |line| line.starts_with('#')), 3);
        splice.remove_lines(b..b + 1);
        splice.insert_lines(0, "z\n");
        splice.insert_lines(0, "y\n");
        assert_eq!(splice.finish(), "z\r\ny\r\na\r\n# c\r\n");
    }
}
