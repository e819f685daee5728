//! What an import came to, as it is published.

use super::updated;
use crate::cli::run::desk::change_json;
use crate::import::ColumnUnit;
use crate::ops::batch::Touched;
use crate::ops::import::{Duplicate, Gathered, Summary};
use crate::record::{Lang, Words};
use serde_json::{Value as Json, json};
use std::path::Path;

/// Returns the published form of what an import came to, `kehu.import` version 1.
pub fn summary_json(summary: &Summary, rejects: Option<&Path>, dry_run: bool, lang: Lang) -> Json {
    let duplicates = summary.duplicates.iter().map(|one| duplicate_json(one, lang));
    json!({
        "schema": "kehu.import",
        "version": 1,
        "kind": summary.kind.name,
        "file": summary.file,
        "sha256": summary.sha256,
        "dry_run": dry_run,
        "rows": summary.rows,
        "created": summary.created.len(),
        "joined": summary.joined,
        "gathered": summary.gathered.map(gathered_json),
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "duplicates": summary.duplicates.len(),
        "rejected": summary.rejected.len(),
        "skipped": summary.skipped.len(),
        "commit": summary.commit,
        "rejects_file": rejects.map(|path| path.display().to_string()),
        "unmatched_columns": summary.unmatched.iter().map(|column| column.header.as_str()).collect::<Vec<_>>(),
        "units": summary.units.iter().map(unit_json).collect::<Vec<_>>(),
        "updated_records": updated(summary).map(updated_json).collect::<Vec<_>>(),
        "rejected_rows": rows_json(&summary.rejected, lang),
        "duplicate_rows": duplicates.collect::<Vec<_>>(),
        "rows_without_next": summary.without_next,
        "overdue_at_once": summary.overdue,
        "rows_with_other_owner": summary.other_owner,
        "rows_with_other_status": summary.other_status,
        "skipped_rows": rows_json(&summary.skipped, lang),
        "warnings": rows_json(&summary.warnings, lang),
        "notes": summary.notes.iter().map(|note| note.get(lang)).collect::<Vec<_>>(),
    })
}

fn gathered_json(one: Gathered) -> Json {
    json!({
        "rows": one.rows,
        "records": one.records(),
        "created": one.created,
        "updated": one.updated,
        "unchanged": one.unchanged,
        "duplicates": one.duplicates,
        "rejected": one.rejected,
    })
}

fn rows_json(rows: &[(usize, Words)], lang: Lang) -> Vec<Json> {
    rows.iter().map(|(row, why)| json!({ "row": row, "reason": why.get(lang) })).collect()
}

fn unit_json(one: &ColumnUnit) -> Json {
    json!({ "column": one.column, "field": one.field, "unit": one.unit })
}

fn duplicate_json(one: &Duplicate, lang: Lang) -> Json {
    json!({
        "row": one.row_number,
        "number": one.number.as_ref().map(|number| number.as_str()),
        "earlier_row": one.earlier_row,
        "key": one.key.get(lang),
        "lacking": one.gain.lacking,
        "differing": one.gain.other,
    })
}

fn updated_json(one: &Touched) -> Json {
    json!({ "number": one.number.as_str(), "fields": one.changes.iter().map(change_json).collect::<Vec<_>>() })
}
