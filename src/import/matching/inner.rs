//! Columns of a table inside the record: the contact of a customer, the line of an order.
//!
//! Contacts are looked for in every table of customers. Lines are only where a column names the product: a table of
//! orders has amounts, and prices and quantities at times, without having lines. Beside a product a bare `金额` or
//! `Amount` is that of the line, unless a column is named for that alone.

use super::super::inner::Inner;
use super::super::names::{self, Named};
use super::{Heading, Matcher, Target};
use crate::record::Field;

/// The table inside a record, with the names of its fields.
pub(super) struct InnerNames {
    /// The table.
    pub table: Inner,
    /// Its fields.
    pub named: Vec<Named>,
}

impl InnerNames {
    /// Returns the names for these headings; none where the table is not looked for under them, and no mapping lists
    /// what it wants.
    pub fn of(table: Inner, headings: &[Heading<'_>], is_listed: impl Fn(&str) -> bool) -> Option<InnerNames> {
        let inner = InnerNames { table, named: Named::all(table.fields) };
        let is_name = |field: &Field| field.identity;
        let bears = |heading: &Heading<'_>, named: &Named| {
            let parts = names::several(&heading.header.text);
            let names = heading.names().chain(parts.iter());
            names.into_iter().any(|name| named.rank_in(&table, name).is_some())
        };
        let mut names = inner.named.iter().filter(|named| is_name(named.field));
        let is_named = |named: &Named| {
            is_listed(&inner.target(named.field).key()) || headings.iter().any(|heading| bears(heading, named))
        };
        let is_wanted = !table.wants_name() || names.any(is_named);
        is_wanted.then_some(inner)
    }

    /// Returns what a column of a field of the table becomes.
    pub fn target(&self, field: &'static Field) -> Target {
        Target::Inner(self.table.key, field)
    }

    /// Returns the fields that a folded heading may name, each with how well it does.
    pub fn ranks(&self, folded: &str) -> impl Iterator<Item = (usize, &'static Field)> {
        self.named.iter().filter_map(|named| Some((named.rank_in(&self.table, folded)?, named.field)))
    }
}

impl Matcher<'_> {
    /// Gives names that a field of the record and one of its lines share to the line that has no column of its own.
    pub(super) fn shared_names(&mut self) {
        let Some(inner) = self.inner.as_ref().filter(|inner| inner.table.wants_name()) else { return };
        let mut found = Vec::new();
        for own in &self.own {
            let Some(line) = inner.named.iter().find(|named| named.field.key == own.field.key) else { continue };
            let is_line = |name: &&String| line.rank_in(&inner.table, name).is_some();
            let is_own = |name: &&String| own.rank(name).is_some();
            let free = self.headings.iter().filter(|heading| self.is_free(heading.header.column));
            let mut lines = free.filter(|heading| heading.names().any(|name| is_line(&name))).peekable();
            let is_shared = |heading: &Heading<'_>| heading.names().any(|name| is_own(&name));
            let first = lines.peek().map(|heading| heading.header);
            if lines.all(is_shared) && !self.taken.contains(&inner.target(line.field).key()) {
                found.extend(first.map(|header| (header, inner.target(line.field))));
            }
        }
        found.into_iter().for_each(|(header, target)| self.claim(header, target));
    }
}
