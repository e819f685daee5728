//! The months, quarters or years that days lie in, as a side of a table.

use super::Unit;
use super::axis::Axis;
use crate::record::Label;
use chrono::NaiveDate;
use std::collections::HashMap;

/// The units that some days lie in, called by the names periods have: `2026-03`, `2026-Q1`.
pub struct Units {
    names: HashMap<NaiveDate, String>,
}

impl Units {
    /// Names the units that `days` lie in.
    pub fn of(unit: Unit, days: impl IntoIterator<Item = NaiveDate>) -> Units {
        let mut names = HashMap::new();
        for day in days {
            names.entry(day).or_insert_with(|| unit.containing(day).key);
        }
        Units { names }
    }

    /// Returns the name of the unit a day lies in; nothing of a day that was not named.
    pub fn name(&self, day: Option<NaiveDate>) -> Option<&str> {
        self.names.get(&day?).map(String::as_str)
    }

    /// Makes a side of these units, the earliest first; what has no day comes last.
    pub fn axis(&self, key: &str, label: Label) -> Axis<'_> {
        Axis::texts(key, label)
    }
}
