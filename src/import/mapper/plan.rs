//! The plan of a table: which columns feed which field, and in what style and unit they are written.

use super::super::condition::Condition;
use super::super::mapping::{FieldKey, Others, Source};
use super::super::matching::{Target, match_free};
use super::super::names::{fold_header, heading_words};
use super::super::table::{Header, RawCell, Table};
use super::super::unit::Unit;
use super::super::values::Style;
use super::{ColumnUnit, Conditions, Feed, Mapper, Unknown};
use crate::record::date::{DateOrder, prove_order};
use crate::record::{Failure, FieldType, Result, Words};
use crate::words;
use std::collections::{HashMap, HashSet};

impl<'a> Mapper<'a> {
    fn column(&self, header: &str, table: &Table) -> Result<usize> {
        let exact = table.headers.iter().find(|h| h.text == header).map(|h| h.column);
        exact.or_else(|| self.places.get(&fold_header(header)).copied()).ok_or_else(|| {
            let quoted = |header: &Header| {
                let Words { en, zh } = heading_words(&header.text);
                words!("`{en}`", "`{zh}`")
            };
            let known: Vec<Words> = table.headers.iter().take(60).map(quoted).collect();
            let known = Words::join(&known, ", ", "、");
            Failure::invalid(words!(
                "the mapping names column `{header}`, which is not there",
                "映射所指的列 `{header}` 不存在"
            ))
            .hint(Words::join([&words!("the columns are", "现有的列"), &known], " ", "："))
        })
    }

    /// Takes the columns the mapping lists.
    pub(super) fn listed(&mut self, table: &Table) -> Result<()> {
        for (key, source) in &self.mapping.columns {
            let columns: Vec<usize> =
                source.from.iter().map(|header| self.column(header, table)).collect::<Result<_>>()?;
            let columns = self.second_columns(*key, source, columns);
            let header = source.from.first().cloned().unwrap_or_default();
            self.feeds.push(Feed {
                key: *key,
                columns,
                header,
                join: source.join.as_deref(),
                style: self.style(*key, source),
            });
        }
        for header in &self.mapping.keep {
            let column = self.column(header, table)?;
            self.kept.push((column, header.clone()));
        }
        Ok(())
    }

    /// Puts all but the first column of a telephone or e-mail field aside, as matched ones are; parts of other
    /// fields are joined.
    fn second_columns(&mut self, key: FieldKey, source: &Source, mut columns: Vec<usize>) -> Vec<usize> {
        if let FieldKey::Own(field) | FieldKey::Inner(_, field) = key
            && matches!(field.ty, FieldType::Phone | FieldType::Email)
            && source.join.is_none()
        {
            let others = columns.split_off(columns.len().min(1));
            let named = others.into_iter().zip(source.from.iter().skip(1));
            self.also.extend(named.map(|(column, header)| (column, header.clone(), field.key)));
        }
        columns
    }

    fn style(&self, key: FieldKey, source: &'a Source) -> Style<'a> {
        let order = source.date_order.or(self.mapping.date_order).unwrap_or_default();
        let format = source.date_format.as_deref().or(self.mapping.date_format.as_deref());
        let heading = match source.from.as_slice() {
            [heading] => self.unit_of(key, heading),
            _ => None,
        };
        Style { order, format, epoch_1904: self.epoch_1904, unit: source.unit.or(heading) }
    }

    /// Returns the unit of a field's bare numbers: its heading's, for amounts else that of the whole table.
    fn unit_of(&self, key: FieldKey, heading: &str) -> Option<Unit> {
        let own = Unit::of_heading(heading).and_then(|(_, unit)| unit.fit(key));
        own.or_else(|| self.table_unit?.fit(key))
    }

    /// Tells of which columns bare numbers are read in a unit that does not stand beside them.
    pub(super) fn note_units(&mut self, table: &Table) {
        for feed in &self.feeds {
            let (Some(unit), [column]) = (feed.style.unit, feed.columns.as_slice()) else { continue };
            let is_used = |cell: &RawCell| cell.is_textual() && unit.put_into(&cell.display()).is_some();
            if table.rows.iter().any(|row| is_used(row.cell(*column))) {
                let (column, field) = (feed.header.clone(), feed.key.name());
                self.units.push(ColumnUnit { column, field, unit: unit.word });
            }
        }
    }

    pub(super) fn conditions(&mut self, table: &Table) -> Result<()> {
        let found = |mapper: &Mapper<'a>, list: &'a [Condition]| -> Result<Conditions<'a>> {
            list.iter().map(|condition| Ok((condition, mapper.column(&condition.header, table)?))).collect()
        };
        self.skip = found(self, &self.mapping.skip)?;
        self.rules = self.mapping.rules.iter().map(|rule| found(self, &rule.when)).collect::<Result<_>>()?;
        Ok(())
    }

    /// Matches the columns the mapping does not list.
    pub(super) fn matched(&mut self, headers: &[Header]) {
        let ignored: HashSet<String> = self.mapping.ignore.iter().map(|header| fold_header(header)).collect();
        let listed = self.feeds.iter().flat_map(|feed| feed.columns.iter());
        let also = self.also.iter().map(|(column, ..)| column);
        let used: HashSet<usize> =
            listed.chain(also).chain(self.kept.iter().map(|(column, _)| column)).copied().collect();
        let free: Vec<Header> = headers
            .iter()
            .filter(|header| !used.contains(&header.column) && !ignored.contains(&fold_header(&header.text)))
            .cloned()
            .collect();
        let taken = self.feeds.iter().map(|feed| feed.key.name()).collect();
        self.matching = match self.mapping.others {
            Others::Match => match_free(self.kind, &free, &taken),
            Others::Keep | Others::Ignore => self.matching.clone(),
        };
        self.feed_matched();
        let keep_all = self.mapping.others == Others::Keep;
        if keep_all {
            self.kept.extend(free.into_iter().map(|header| (header.column, header.text)));
        } else if self.options.unknown == Unknown::Keep {
            let unmatched = std::mem::take(&mut self.matching.unmatched);
            self.kept.extend(unmatched.into_iter().map(|one| (one.column, one.header)));
        }
    }

    fn feed_matched(&mut self) {
        let style = Style {
            order: self.mapping.date_order.unwrap_or_default(),
            format: self.mapping.date_format.as_deref(),
            epoch_1904: self.epoch_1904,
            unit: None,
        };
        let mut parts: HashMap<&'static str, Vec<(usize, usize)>> = HashMap::new();
        for used in &self.matching.columns {
            let key = match used.target {
                Target::Number => FieldKey::Number,
                Target::Field(field) => FieldKey::Own(field),
                Target::Inner(table, field) => FieldKey::Inner(table, field),
                Target::Range(low, high) => FieldKey::Range(low, high),
                Target::Part(part) => {
                    parts.entry(part.field).or_default().push((part.place, used.column));
                    continue;
                }
                Target::Also(key) => {
                    self.also.push((used.column, used.header.clone(), key));
                    continue;
                }
            };
            let (header, unit) = (used.header.clone(), self.unit_of(key, &used.header));
            let style = Style { unit, ..style };
            self.feeds.push(Feed { key, columns: vec![used.column], header, join: None, style });
        }
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_unstable();
        for (name, mut columns) in parts {
            columns.sort_unstable();
            let columns: Vec<usize> = columns.into_iter().map(|(_, column)| column).collect();
            if let Some(key) = FieldKey::find(self.kind, name) {
                self.feeds.push(Feed { key, columns, header: name.to_string(), join: None, style });
            }
        }
    }

    /// Finds the order of day and month from whole columns, where nobody states it.
    pub(super) fn prove_dates(&mut self, table: &Table) {
        let is_date = |ty: FieldType| matches!(ty, FieldType::Date | FieldType::Moment);
        for feed in &mut self.feeds {
            let (FieldKey::Own(field) | FieldKey::Inner(_, field)) = feed.key else { continue };
            let (true, [column], DateOrder::Unstated) = (is_date(field.ty), feed.columns.as_slice(), feed.style.order)
            else {
                continue;
            };
            let texts: Vec<_> = table.rows.iter().map(|row| row.cell(*column).display()).collect();
            feed.style.order = match prove_order(texts.iter().map(|text| text.as_ref())) {
                DateOrder::YearFirst if self.reading.order != DateOrder::Unstated => self.reading.order,
                DateOrder::Unstated => self.reading.order,
                proven => proven,
            };
        }
    }
}
