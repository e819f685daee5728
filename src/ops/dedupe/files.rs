//! The files of records that are merged, moved to the folder of the one that stays.
//!
//! *Invariant:* every file is there afterwards: where the survivor has another of its name, under a name of its own.

use super::super::Batch;
use crate::record::{Number, Record, Result, Row, Value};
use crate::store::beside;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// How many letters of a hash tell a file from another of its name, more where that is not enough.
const LETTERS: [usize; 2] = [8, 64];

/// Moves the files of records to the folder of another, and what they say of them with it; returns how many moved.
///
/// Fails with exit code 5 where one has changes that are not committed.
pub(super) fn move_all(batch: &mut Batch<'_>, into: &Number, others: &mut [Record]) -> Result<usize> {
    let mut count = 0;
    for other in others {
        let (from, to) = (folder(&other.number), folder(into));
        let mut moved = HashMap::new();
        for path in batch.files_in(from.trim_end_matches('/'))? {
            let Some(bytes) = batch.read_bytes(&path)? else { continue };
            let place = free_place(batch, path.replacen(&from, &to, 1), &bytes)?;
            if batch.read_bytes(&place)?.is_none() {
                batch.put_bytes(&place, Some(bytes))?;
            }
            batch.put_bytes(&path, None)?;
            moved.insert(path, place);
        }
        count += moved.len();
        let rows = other.rows("attachments").iter().map(|row| followed(row, &moved, [&from, &to])).collect::<Vec<_>>();
        if !rows.is_empty() {
            other.set("attachments", Value::Rows(rows));
        }
    }
    Ok(count)
}

fn folder(number: &Number) -> String {
    format!("attachments/{number}/")
}

/// Returns where a file of these bytes may lie: at the place itself, where it is free or the same, else beside.
fn free_place(batch: &mut Batch<'_>, place: String, bytes: &[u8]) -> Result<String> {
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let [short, long] = LETTERS.map(|letters| beside(&place, &hash[..letters]));
    for candidate in [place, short] {
        if batch.read_bytes(&candidate)?.is_none_or(|there| there == bytes) {
            return Ok(candidate);
        }
    }
    Ok(long)
}

/// Returns what is said of a file with its new path.
fn followed(row: &Row, moved: &HashMap<String, String>, [from, to]: [&str; 2]) -> Row {
    let mut row = row.clone();
    if let Some(path) = row.text("path") {
        let new = moved.get(path).cloned().unwrap_or_else(|| path.replacen(from, to, 1));
        row.set("path", Value::text(new));
    }
    row
}
