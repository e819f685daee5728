//! Rows of a table gathered into the records they are lines of: one order of all rows with its number.
//!
//! An export of an ERP or a shop has a row for each line of an order, with what holds for the whole order on the first
//! of them or on each. Rows with one order number, wherever they stand, make one order ([`whole`]); a row that says
//! nothing but a line belongs to the order above it. What befalls an order befalls all of its rows.
//!
//! *Invariants:* the lines stand in the order of the rows, and none is taken twice; a table without lines is left as
//! it is, each of its rows a record.

mod whole;

use self::whole::Whole;
use super::plan::Further;
use crate::import::Mapped;
use crate::record::dictionary::fold_name;
use crate::record::{Dictionary, Row};
use std::collections::HashMap;

/// The table of which a row of a file makes one row, and rows of one order several.
const LINES: &str = "lines";

/// Gathers the rows of a table by the number of their order; returns them with the rows beyond the first of each.
pub fn gather(rows: Vec<Mapped>, relax: &[String], dictionary: &Dictionary) -> (Vec<Mapped>, Further) {
    if !rows.iter().any(|row| line(row).is_some()) {
        return (rows, Further::default());
    }
    let (mut gathered, mut further) = (Vec::new(), Further::default());
    for group in groups(rows) {
        let numbers: Vec<usize> = group.iter().map(|row| row.row_number).collect();
        gathered.push(Whole::of(group, dictionary).finish(relax));
        if let [first, rest @ ..] = numbers.as_slice()
            && !rest.is_empty()
        {
            further.insert(*first, rest.to_vec());
        }
    }
    (gathered, further)
}

/// Parts rows by their order, each in the order of the file; rows that are passed over stand alone.
fn groups(rows: Vec<Mapped>) -> Vec<Vec<Mapped>> {
    let mut groups: Vec<Vec<Mapped>> = Vec::new();
    let (mut by_number, mut above) = (HashMap::new(), None);
    for row in rows {
        let fresh = groups.len();
        let at = match number(&row) {
            _ if row.skipped.is_some() => fresh,
            Some(number) => *by_number.entry(number).or_insert(fresh),
            None => above.filter(|_| is_only_a_line(&row)).unwrap_or(fresh),
        };
        above = if row.skipped.is_some() { above } else { Some(at) };
        match groups.get_mut(at) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// Returns what a row's order is known by: the number outside, else its own.
fn number(row: &Mapped) -> Option<(bool, String)> {
    let outside = row.row.text("external_number").map(fold_name).filter(|number| !number.is_empty());
    outside.map(|number| (true, number)).or_else(|| row.number.clone().map(|number| (false, number)))
}

fn line(row: &Mapped) -> Option<&Row> {
    row.inner.as_ref().filter(|(table, _)| *table == LINES).map(|(_, line)| line)
}

/// Tells whether a row names a product and nothing of an order.
fn is_only_a_line(row: &Mapped) -> bool {
    let is_constant = |key: &str| row.constants.contains(&key);
    line(row).is_some_and(|line| line.get("product").is_some())
        && row.row.iter().all(|(field, _)| is_constant(field.key))
}
