//! Edits the rows of a table field, `[[contacts]]`.

use super::super::align::{Step, align};
use super::super::render::{join, write_section};
use super::{CUSTOM, Editor, Head, Outcome, Section, last_byte};
use crate::record::{Field, Row, table_fields};
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

impl Editor<'_> {
    /// Edits the rows of a field: like rows keep their place and only what differs in them is touched.
    pub(super) fn rows(
        &mut self,
        section: &Section<'_, '_>,
        field: &'static Field,
        old: &[Row],
        new: &[Row],
    ) -> Outcome {
        let path = join(section.path, field.key);
        let entry = section.entry(field.key).filter(|_| !old.is_empty());
        let Some(entry) = entry else { return self.add_rows(section, field, new, &path) };
        let Some(items) = entry.value.get_ref().as_array() else { return self.unusual() };
        let items: Vec<_> = items.iter().collect();
        if items.len() != old.len() {
            return self.unusual();
        }
        let (first, mut end) = (self.block_start(entry.value.span().start), None);
        for step in align(old, new, likeness) {
            match step {
                Step::Pair(i, j) => {
                    self.row(items[i], field, &old[i], &new[j], &path)?;
                    end = Some(self.splice.line_end(last_byte(items[i])));
                }
                Step::Drop(i) => {
                    self.remove_section(items[i], entry.is_pair())?;
                    end = Some(self.splice.line_end(last_byte(items[i])));
                }
                Step::Add(_) if entry.is_pair() => return self.unusual(),
                Step::Add(j) => match end {
                    Some(end) => self.insert_block(end, &self.row_text(&new[j], &path), Side::After),
                    None => self.insert_block(first, &self.row_text(&new[j], &path), Side::Before),
                },
            }
        }
        Ok(())
    }

    fn row(&mut self, item: &Spanned<DeValue<'_>>, field: &Field, old: &Row, new: &Row, path: &str) -> Outcome {
        let Some(table) = item.get_ref().as_table() else { return self.unusual() };
        let fields = table_fields(field).unwrap_or_default();
        let head = self.head_of(item);
        if old == new { Ok(()) } else { self.section(&Section { table, head, path, fields }, old, new) }
    }

    /// Tells whether a table has a header of its own.
    pub(super) fn head_of(&self, table: &Spanned<DeValue<'_>>) -> Head {
        let span = table.span();
        if self.splice.text[span.clone()].starts_with('[') { Head::Header(span) } else { Head::Inline }
    }

    fn add_rows(&mut self, section: &Section<'_, '_>, field: &Field, rows: &[Row], path: &str) -> Outcome {
        let (at, side) = self.block_place(section, Some(field.key))?;
        for row in rows {
            self.insert_block(at, &self.row_text(row, path), side);
        }
        Ok(())
    }

    fn row_text(&self, row: &Row, path: &str) -> String {
        let mut text = String::new();
        write_section(&mut text, row, path, self.form());
        text
    }

    /// Returns where a block that is not there yet goes: behind the nearest block declared before it, else
    /// before the nearest one declared after it, else at the end. `[custom]`, no key, comes before all.
    pub(super) fn block_place(
        &self,
        section: &Section<'_, '_>,
        key: Option<&str>,
    ) -> Result<(usize, Side), super::Stuck> {
        let place = |key: &str| section.fields.iter().position(|field| field.key == key);
        let own = key.and_then(place);
        let mut blocks: Vec<(Option<usize>, Range<usize>)> = Vec::new();
        for name in section.fields.iter().filter(|field| field.is_table()).map(|field| field.key).chain([CUSTOM]) {
            if let Some(entry) = section.entry(name).filter(|entry| !entry.is_pair()) {
                blocks.push((place(name), entry.value.span().start..last_byte(entry.value)));
            }
        }
        blocks.sort_by_key(|(place, _)| *place);
        let before = blocks.iter().rfind(|(place, _)| *place < own);
        let after = blocks.iter().find(|(place, _)| *place > own);
        match (&section.head, before, after) {
            (Head::Inline, ..) => self.unusual(),
            (_, Some((_, block)), _) => Ok((self.splice.line_end(block.end), Side::After)),
            (_, None, Some((_, block))) => Ok((self.block_start(block.start), Side::Before)),
            (Head::File, ..) => Ok((self.splice.text.len(), Side::After)),
            (Head::Header(_), ..) => Ok((self.splice.line_end(section.end()), Side::After)),
        }
    }

    /// Returns the start of a block: its header's line or the comments right above it.
    fn block_start(&self, header: usize) -> usize {
        self.splice.above(self.splice.line_start(header), |line| line.starts_with('#'))
    }

    /// Inserts a block of lines, parted from its neighbours by a blank line.
    pub(super) fn insert_block(&mut self, at: usize, block: &str, side: Side) {
        let block = match side {
            Side::After if self.splice.text.is_empty() => block.to_string(),
            Side::After => format!("\n{block}"),
            Side::Before => format!("{block}\n"),
        };
        self.splice.insert_lines(at, &block);
    }

    /// Takes a section out: its header with the blank lines above, its lines, the sections inside it. Comments stay.
    pub(super) fn remove_section(&mut self, value: &Spanned<DeValue<'_>>, inline: bool) -> Outcome {
        if inline {
            return self.unusual();
        }
        let start = self.splice.above(self.splice.line_start(value.span().start), str::is_empty);
        self.splice.remove_lines(start..value.span().end);
        self.remove_inside(value)
    }

    fn remove_inside(&mut self, value: &Spanned<DeValue<'_>>) -> Outcome {
        let Some(table) = value.get_ref().as_table() else { return Ok(()) };
        for (key, inner) in table.iter() {
            if key.span().end <= inner.span().start {
                self.splice.remove_lines(key.span().start..inner.span().end);
            } else if let Head::Header(_) = self.head_of(inner) {
                match inner.get_ref() {
                    DeValue::Array(items) => items.iter().try_for_each(|item| self.remove_section(item, false))?,
                    _ => self.remove_section(inner, false)?,
                }
            } else {
                self.remove_inside(inner)?;
            }
        }
        Ok(())
    }
}

/// Where a block goes, seen from its neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Behind it.
    After,
    /// Before it.
    Before,
}

/// Says how alike two rows are: equal, the same first field (the name), or just rows.
fn likeness(old: &Row, new: &Row) -> u32 {
    let name = |row: &Row| row.placed().first().cloned();
    match (old == new, name(old) == name(new)) {
        (true, _) => 4,
        (false, true) => 3,
        (false, false) => 1,
    }
}
