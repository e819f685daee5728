//! Edits a list of texts: one item a line is one changed line.

use super::super::align::{Step, align};
use super::super::write::{Form, Place, write_text, write_value};
use super::Editor;
use crate::record::Value;
use std::ops::Range;

impl Editor<'_> {
    /// Makes the array at `span`, whose items stand at `items`, hold `new` where it held `old`.
    pub(super) fn set_texts(
        &mut self,
        span: Range<usize>,
        items: &[Range<usize>],
        old: &[Box<str>],
        new: &[Box<str>],
        inline: bool,
    ) {
        if !inline && items.len() == old.len() && !new.is_empty() && self.one_a_line(&span, items) {
            return self.set_lines(&span, items, old, new);
        }
        let kept_on_one_line = !self.splice.text[span.clone()].contains('\n') && old.len() > 1;
        let form = if inline || kept_on_one_line { Form::OneLine } else { Form::Lines };
        let mut text = String::new();
        write_value(&mut text, &Value::Texts(new.to_vec()), Place::Declared, form);
        self.splice.replace(span, text.replace('\n', self.splice.eol));
    }

    /// Tells whether brackets and items all stand on lines of their own, each item with its comma.
    fn one_a_line(&self, span: &Range<usize>, items: &[Range<usize>]) -> bool {
        let text = self.splice.text;
        let starts_line = |at: usize| text[self.splice.line_start(at)..at].trim().is_empty();
        let rest = |item: &Range<usize>| text[item.end..self.splice.line_end(item.end)].trim_start();
        let Some((last, others)) = items.split_last() else { return false };
        starts_line(span.end - 1)
            && items.iter().all(|item| starts_line(item.start))
            && others.iter().all(|item| rest(item).starts_with(','))
            && matches!(rest(last).chars().next(), None | Some(',' | '#'))
    }

    fn set_lines(&mut self, span: &Range<usize>, items: &[Range<usize>], old: &[Box<str>], new: &[Box<str>]) {
        let indent = items.first().map_or("", |item| self.splice.indent(item.start));
        let mut end = self.splice.line_end(span.start);
        let mut comma = true;
        for step in align(old, new, |a, b| if a == b { 3 } else { 1 }) {
            match step {
                Step::Pair(i, j) => {
                    if old[i] != new[j] {
                        self.splice.replace(items[i].clone(), quoted(&new[j]));
                    }
                    comma = self.has_comma(&items[i]);
                    end = self.splice.line_end(items[i].end);
                }
                Step::Drop(i) => self.splice.remove_lines(items[i].clone()),
                Step::Add(j) => {
                    if !std::mem::replace(&mut comma, true) {
                        let last = items.last().map_or(span.start, |item| item.end);
                        self.splice.replace(last..last, ",".into());
                    }
                    self.splice.replace(end..end, format!("{indent}{},{}", quoted(&new[j]), self.splice.eol));
                }
            }
        }
    }

    fn has_comma(&self, item: &Range<usize>) -> bool {
        self.splice.text[item.end..self.splice.line_end(item.end)].trim_start().starts_with(',')
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_text(&mut out, text, Form::OneLine);
    out
}
