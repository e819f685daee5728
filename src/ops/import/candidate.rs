//! What becomes of the rows of a file before they are compared with records: candidates, rejections, rows passed over.

use crate::import::NewKey;
use crate::record::{Number, Row, Value, Words};
use crate::rules::dedupe::DedupeKey;

/// A row that could become a record.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Where it stands in its file.
    pub row_number: usize,
    /// The first row of those that its name is merged over.
    pub block: Option<usize>,
    /// Its number, where the file states one that could be ours or it follows from the row.
    pub number: Option<Number>,
    /// Whether the file states the number, rather than it being made of a name.
    pub is_stated: bool,
    /// What the record would be, initial values filled in.
    pub row: Row,
    /// The fields that were filled in.
    pub filled: Vec<&'static str>,
    /// What makes it the same as another.
    pub keys: Vec<DedupeKey>,
    /// What fills a note that nothing else fills: the word that was read as a key.
    pub notes: Vec<(&'static str, Value)>,
    /// Values its dictionaries lack.
    pub new_keys: Vec<NewKey>,
    /// What is worth a look.
    pub warnings: Vec<Words>,
    /// What it lacks to be a record of its own; nothing that counts where its record is there already.
    pub lacks: Option<Words>,
}

impl Candidate {
    /// Tells whether it stands below the first row of its company, as a further contact does.
    pub fn is_further(&self) -> bool {
        self.block.is_some_and(|first| first != self.row_number)
    }

    /// Returns what the row itself says; an update changes only this.
    pub fn said(&self) -> Row {
        let mut said = self.row.clone();
        self.filled.iter().for_each(|key| drop(said.remove(key)));
        said
    }
}

/// Why a row cannot be taken.
pub struct Rejection {
    /// The row.
    pub row_number: usize,
    /// What is wrong with it.
    pub why: Words,
    /// What it lacks besides, unless its record is there already.
    pub lacks: Option<Words>,
    /// The number it states.
    pub number: Option<Number>,
    /// Whether it could be taken if values that cannot be read were kept aside.
    pub is_keepable: bool,
}

/// What became of a row before it was compared with others.
pub enum Judged {
    /// It could become a record.
    Candidate(Box<Candidate>),
    /// It breaks a rule.
    Rejected(Rejection),
    /// A rule of the mapping passes it over.
    Skipped(usize, Words),
}

/// Fills notes that are blank.
pub fn fill_notes(row: &mut Row, notes: &[(&'static str, Value)]) {
    for (key, value) in notes {
        if row.get(key).is_none() {
            row.set(key, value.clone());
        }
    }
}
