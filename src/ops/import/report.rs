//! What an import came to, row by row.

use super::plan::{Duplicate, Gathered, Plan};
use crate::import::{ColumnUnit, NewKey, Table, Unmatched};
use crate::ops::batch::{Action, Batch, Outcome, Touched};
use crate::record::{Field, Kind, Number, Words};

/// How many new records are told by name.
const TITLES: usize = 100;

/// What an import came to.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The kind of its records.
    pub kind: Kind,
    /// The file.
    pub file: String,
    /// The file's SHA-256, in hexadecimal.
    pub sha256: String,
    /// Rows of data it has.
    pub rows: usize,
    /// New records.
    pub created: Vec<Number>,
    /// What the first new records are called, for a list of them.
    pub titles: Vec<String>,
    /// How many rows changed a record, one of this file included.
    pub updated: usize,
    /// How many rows joined the new record of an earlier one.
    pub joined: usize,
    /// What the rows come to as records, where several make one.
    pub gathered: Option<Gathered>,
    /// Records that were, or in a dry run would be, made or changed.
    pub touched: Vec<Touched>,
    /// How many rows say what their record says.
    pub unchanged: usize,
    /// Rows whose record is there already.
    pub duplicates: Vec<Duplicate>,
    /// Rows that break a rule, with the reason.
    pub rejected: Vec<(usize, Words)>,
    /// The required fields that no row has.
    pub lacking: Vec<&'static Field>,
    /// How many of them could be taken if values that cannot be read were kept aside.
    pub keepable: usize,
    /// Rows that are passed over, with the reason.
    pub skipped: Vec<(usize, Words)>,
    /// How many of the duplicates name a contact that their customer lacks.
    pub contacts_left_out: usize,
    /// What is worth a look, by row.
    pub warnings: Vec<(usize, Words)>,
    /// Rows that are the last follow-up of an open subject and name no next step.
    pub without_next: Vec<usize>,
    /// How many of the new leads are overdue from the first day on, as they were acquired long ago.
    pub overdue: usize,
    /// Rows of records that are there which name another owner, who is not taken.
    pub other_owner: Vec<usize>,
    /// Rows of leads that are there with a status that is not taken.
    pub other_status: Vec<usize>,
    /// Headings nothing was made of.
    pub unmatched: Vec<Unmatched>,
    /// Columns whose bare numbers were read in a unit that does not stand beside them.
    pub units: Vec<ColumnUnit>,
    /// Values that joined a dictionary.
    pub new_keys: Vec<NewKey>,
    /// What was found out about the file, and what the store has to say.
    pub notes: Vec<Words>,
    /// The commit; none when nothing changed and in a dry run.
    pub commit: Option<String>,
    /// The table as it was read, for the rejected rows.
    pub table: Option<Table>,
}

impl Summary {
    /// Starts a summary from a plan; the table is kept for the rows that it rejects.
    pub fn of(kind: Kind, file: &str, table: Table, plan: &Plan) -> Summary {
        Summary {
            kind,
            file: file.to_string(),
            sha256: String::new(),
            rows: table.rows.len(),
            created: Vec::with_capacity(plan.create.len()),
            titles: plan
                .create
                .iter()
                .take(TITLES)
                .map(|one| one.row.text(kind.title).unwrap_or_default().into())
                .collect(),
            updated: plan.updated.len(),
            joined: plan.joined,
            gathered: None,
            touched: Vec::new(),
            unchanged: plan.unchanged.len(),
            duplicates: plan.duplicates.clone(),
            rejected: plan.rejected.clone(),
            lacking: Vec::new(),
            keepable: plan.keepable.len(),
            skipped: plan.skipped.clone(),
            contacts_left_out: plan.contacts_left_out,
            warnings: plan.warnings.clone(),
            without_next: plan.without_next.clone(),
            other_owner: plan.other_owner.clone(),
            other_status: plan.other_status.clone(),
            unmatched: Vec::new(),
            units: Vec::new(),
            overdue: 0,
            new_keys: Vec::new(),
            notes: table.notes.clone(),
            commit: None,
            table: (!plan.rejected.is_empty()).then_some(table),
        }
    }

    /// Returns what became of the records: of each row, where each is one.
    pub fn rows_as_records(&self) -> Gathered {
        self.gathered.unwrap_or(Gathered {
            rows: self.rows,
            created: self.created.len(),
            updated: self.updated,
            unchanged: self.unchanged,
            duplicates: self.duplicates.len(),
            rejected: self.rejected.len(),
        })
    }

    /// Takes the numbers new records got.
    pub fn note_created(&mut self, batch: &Batch<'_>) {
        let made = batch.touched().iter().filter(|touched| touched.action == Action::Created);
        self.created = made.map(|touched| touched.number.clone()).collect();
    }

    /// Returns the commit's subject, which counts records: `lead: import 312, update 20 (expo.xlsx)`.
    pub fn subject(&self, batch: &Batch<'_>) -> String {
        let mut parts = Vec::new();
        if !self.created.is_empty() {
            parts.push(format!("import {}", self.created.len()));
        }
        let updated = batch.touched().len() - self.created.len();
        if updated > 0 {
            parts.push(format!("update {updated}"));
        }
        if parts.is_empty() {
            parts.push("add dictionary entries".to_string());
        }
        format!("{}: {} ({})", self.kind, parts.join(", "), self.file)
    }

    /// Takes what the batch came to.
    pub fn finish(&mut self, outcome: Outcome, new_keys: Vec<NewKey>) {
        self.commit = outcome.commit;
        self.touched = outcome.touched;
        self.new_keys = new_keys;
    }
}
