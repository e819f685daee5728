//! One side of a table: what its rows are of, in which order they stand and what they are called.
//!
//! Sources stand in the order of the dictionary, people by login. What is not known comes after what
//! is, what is not stated comes last; so the same records always make the same rows.

use super::view::View;
use crate::record::{Label, USER, Words};
use crate::sheet::{Cell, Column, ColumnType};
use crate::words;
use std::collections::HashMap;

/// The rank of a key its dictionary does not know.
const UNKNOWN: usize = usize::MAX - 1;
/// The rank of what is not stated.
const MISSING: usize = usize::MAX;

/// A row's place on a side; orders as the rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place<'a> {
    rank: usize,
    key: &'a str,
}

/// One side of a table.
pub struct Axis<'a> {
    column: Column,
    known: HashMap<&'a str, (usize, Words)>,
    /// The rank of a key that is not known: after the known ones, or among them by its text.
    other: usize,
    missing: Words,
}

impl<'a> Axis<'a> {
    /// Makes a side of keys in the given order.
    pub fn keys(
        key: &str,
        label: Label,
        missing: Words,
        known: impl IntoIterator<Item = (&'a str, Words)>,
    ) -> Axis<'a> {
        let known = known.into_iter().enumerate().map(|(rank, (key, label))| (key, (rank, label))).collect();
        Axis { column: Column::new(key, label, ColumnType::Text), known, other: UNKNOWN, missing }
    }

    /// Makes a side of names that stand by their text.
    pub fn names(
        key: &str,
        label: Label,
        missing: Words,
        known: impl IntoIterator<Item = (&'a str, Words)>,
    ) -> Axis<'a> {
        let known = known.into_iter().map(|(key, label)| (key, (0, label))).collect();
        Axis { column: Column::new(key, label, ColumnType::Text), known, other: 0, missing }
    }

    /// Makes a side of the keys of a dictionary, in its order.
    pub fn dictionary(view: &View<'a>, name: &str, key: &str, label: Label) -> Axis<'a> {
        let entries = view.snapshot.config.dictionary.get(name).into_iter().flat_map(|entries| entries.iter());
        let known = entries.map(|entry| (entry.key.as_str(), entry.label.clone()));
        Axis::keys(key, label, words!("not stated", "未填"), known)
    }

    /// Makes a side of texts as they are written, by their text.
    pub fn texts(key: &str, label: Label) -> Axis<'a> {
        Axis::names(key, label, words!("not stated", "未填"), [])
    }

    /// Makes a side of the grades of the model, best first.
    pub fn grades(view: &View<'a>) -> Axis<'a> {
        let known = view.grades().iter().map(|grade| (grade.key.as_str(), grade.label.clone()));
        Axis::keys("grade", Label::new("Grade", "级别"), words!("none", "无"), known)
    }

    /// Makes a side of people, by login, called by their names; records of nobody come last.
    pub fn people(view: &View<'a>, key: &str, label: Label) -> Axis<'a> {
        let users = view.snapshot.records(USER).iter();
        let known = users.map(|user| (user.number.as_str(), Words::same(user.title())));
        Axis::names(key, label, words!("unassigned", "未分配"), known)
    }

    /// Returns the place of a key, or of what is not stated.
    pub fn place(&self, key: Option<&'a str>) -> Place<'a> {
        match key {
            Some(key) => Place { rank: self.known.get(key).map_or(self.other, |(rank, _)| *rank), key },
            None => Place { rank: MISSING, key: "" },
        }
    }

    /// Returns the cell that names a place; an unknown key is shown as it is.
    pub fn cell(&self, place: Place<'a>) -> Cell {
        let label = if place.rank == MISSING {
            self.missing.clone()
        } else {
            self.known.get(place.key).map_or_else(|| Words::same(place.key), |(_, label)| label.clone())
        };
        Cell::Label(place.key.to_string(), label)
    }

    /// Returns the column of the places.
    pub fn column(&self) -> Column {
        self.column.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Lang;

    #[test]
    fn known_then_unknown_then_missing() {
        let known = [("web", words!("Web", "网站")), ("ads", words!("Ads", "广告"))];
        let axis = Axis::keys("source", Label::new("Source", "来源"), words!("none", "无"), known);
        let mut places = [None, Some("zoo"), Some("ads"), Some("booth"), Some("web")].map(|key| axis.place(key));
        places.sort();
        assert_eq!(places.map(|place| axis.cell(place).display(Lang::En)), ["Web", "Ads", "booth", "zoo", "none"]);
    }

    #[test]
    fn names_stand_by_text_whether_known_or_not() {
        let axis =
            Axis::names("person", Label::new("Person", "人员"), words!("none", "无"), [("b", words!("Zed", "乙"))]);
        let mut places = [None, Some("c"), Some("b"), Some("a")].map(|key| axis.place(key));
        places.sort();
        assert_eq!(places.map(|place| axis.cell(place).display(Lang::Zh)), ["a", "乙", "c", "无"]);
    }
}
