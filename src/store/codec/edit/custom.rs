//! Edits the `[custom]` table.

use super::super::render::{join, write_custom};
use super::super::write::Place;
use super::{CUSTOM, Editor, Entry, Head, Outcome, Section};
use crate::record::{Row, Value};

impl Editor<'_> {
    /// Edits the custom fields of a table, which differ.
    pub(super) fn custom(&mut self, section: &Section<'_, '_>, before: &Row, after: &Row) -> Outcome {
        let Some(entry) = section.entry(CUSTOM) else { return self.add_custom(section, after) };
        let Some(table) = entry.value.get_ref().as_table() else { return self.unusual() };
        if after.custom().is_empty() {
            return self.remove_custom(section, &entry);
        }
        if !same_order(before, after) {
            return self.unusual();
        }
        let path = join(section.path, CUSTOM);
        let inner = Section { table, head: self.head_of(entry.value), path: &path, fields: &[] };
        for (name, _) in before.custom().iter().filter(|(name, _)| after.get_custom(name).is_none()) {
            let Some(gone) = inner.entry(name) else { continue };
            self.remove_pair(&inner, &gone)?;
        }
        self.set_custom(&inner, before, after)
    }

    /// Sets and inserts custom fields, each behind the one it follows.
    fn set_custom(&mut self, inner: &Section<'_, '_>, before: &Row, after: &Row) -> Outcome {
        let mut end = if let Head::Header(head) = &inner.head { Some(self.splice.line_end(head.end)) } else { None };
        for (name, new) in after.custom() {
            let old = before.get_custom(name);
            match (inner.entry(name), old == Some(new)) {
                (None, _) => self.insert_custom(end, name, new)?,
                (Some(entry), true) => end = self.after_pair(&entry, end),
                (Some(entry), false) if entry.is_pair() => {
                    self.set(&inner.head, &entry, old, new, Place::Custom)?;
                    end = self.after_pair(&entry, end);
                }
                (Some(_), false) => return self.unusual(),
            }
        }
        Ok(())
    }

    /// Returns where the next custom field goes; nowhere behind a section, or where there is no line to add.
    fn after_pair(&self, entry: &Entry<'_, '_>, end: Option<usize>) -> Option<usize> {
        end.filter(|_| entry.is_pair()).map(|_| self.splice.line_end(entry.value.span().end))
    }

    fn insert_custom(&mut self, at: Option<usize>, name: &str, value: &Value) -> Outcome {
        let Some(at) = at else { return self.unusual() };
        let line = self.pair_text("", name, value, Place::Custom);
        self.splice.replace(at..at, line);
        Ok(())
    }

    fn add_custom(&mut self, section: &Section<'_, '_>, after: &Row) -> Outcome {
        let (at, side) = self.block_place(section, None)?;
        let mut block = String::new();
        write_custom(&mut block, after, section.path, self.form());
        self.insert_block(at, &block, side);
        Ok(())
    }

    fn remove_custom(&mut self, section: &Section<'_, '_>, entry: &Entry<'_, '_>) -> Outcome {
        match self.head_of(entry.value) {
            Head::Header(_) => self.remove_section(entry.value, false),
            _ => self.remove_pair(section, entry),
        }
    }
}

/// Tells whether the fields that are in both stand in the same order.
fn same_order(before: &Row, after: &Row) -> bool {
    let kept = before.custom().iter().filter(|(name, _)| after.get_custom(name).is_some());
    let stayed = after.custom().iter().filter(|(name, _)| before.get_custom(name).is_some());
    kept.map(|(name, _)| name).eq(stayed.map(|(name, _)| name))
}
