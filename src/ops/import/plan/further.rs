//! The rows of an order beyond its first: what befalls the first befalls them.

use super::Plan;
use std::collections::BTreeMap;

/// The further rows of records made of several, by the first.
pub type Further = BTreeMap<usize, Vec<usize>>;

/// How many records rows were gathered into, and what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gathered {
    /// How many rows they have.
    pub rows: usize,
    /// Records that are new.
    pub created: usize,
    /// Those that changed.
    pub updated: usize,
    /// Those that say what is there.
    pub unchanged: usize,
    /// Those left out, as they are there already.
    pub duplicates: usize,
    /// Those that break a rule.
    pub rejected: usize,
}

impl Gathered {
    /// Returns how many records there are in all.
    pub fn records(&self) -> usize {
        self.created + self.updated + self.unchanged + self.duplicates + self.rejected
    }
}

impl Plan {
    /// Counts the records of the plan and says of every further row what is said of its first; `rows` is how many
    /// there are that are not passed over. Returns nothing where each row is a record.
    pub fn spread(&mut self, further: &Further, rows: usize) -> Option<Gathered> {
        if further.is_empty() {
            return None;
        }
        let gathered = Gathered {
            rows,
            created: self.create.len(),
            updated: self.updated.len(),
            unchanged: self.unchanged.len(),
            duplicates: self.duplicates.len(),
            rejected: self.rejected.len(),
        };
        let others = |first: usize| further.get(&first).into_iter().flatten().copied();
        let made = self.create.iter().flat_map(|one| others(one.row_number));
        self.joined = made.count();
        let lists = [&mut self.updated, &mut self.unchanged, &mut self.other_owner, &mut self.keepable];
        for rows in lists {
            let more: Vec<usize> = rows.iter().flat_map(|first| others(*first)).collect();
            rows.extend(more);
            rows.sort_unstable();
        }
        let more: Vec<_> =
            self.rejected.iter().flat_map(|(first, why)| others(*first).map(|row| (row, why.clone()))).collect();
        self.rejected.extend(more);
        self.rejected.sort_by_key(|(row, _)| *row);
        // What an update would take is told once for each order.
        let more: Vec<_> =
            self.duplicates.iter().flat_map(|one| others(one.row_number).map(|row| one.of_row(row))).collect();
        self.duplicates.extend(more);
        self.duplicates.sort_by_key(|one| one.row_number);
        Some(gathered)
    }
}
