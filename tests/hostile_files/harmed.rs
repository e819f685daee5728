//! Good files with bytes changed and ends cut off.

use super::{options, read, seeds};
use crate::damage::*;

#[test]
fn harmed_files_are_read_or_refused() {
    let files = good_files();
    for seed in 0..seeds() {
        for (name, bytes) in &files {
            for harmed in [harm(bytes, seed), harm_inside(bytes, seed)] {
                if let Ok(table) = read(name, &harmed, &options()) {
                    let known = table.headers.iter().all(|header| !header.text.is_empty());
                    assert!(known && table.rows.len() < 4000, "{name}, seed {seed}");
                }
            }
        }
    }
}

#[test]
fn files_cut_off_anywhere() {
    for (name, bytes) in good_files() {
        let step = (bytes.len() / 40).max(1);
        for at in (0..bytes.len()).step_by(step) {
            if let Ok(table) = read(name, &bytes[..at], &options()) {
                // What pads the end of an xls may go; an archive has its list of parts there.
                let is_whole = ["book.xlsx", "book.xlsb", "book.ods", "list.json"].contains(&name);
                assert!(!is_whole && table.rows.len() <= 3, "{name} cut at {at}");
            }
        }
    }
}
