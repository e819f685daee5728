//! Every file ends in a right answer or in one clear line, whatever was done to it: by hand here, by dice in `harmed`.
//!
//! `KEHU_SEEDS=20000` throws the dice longer than a run of all tests should take.

mod archives;
#[path = "../common/damage.rs"]
mod damage;
mod harmed;
mod texts;
#[path = "../common/watch.rs"]
mod watch;
mod workbooks;

use damage::*;
use kehu::import::{Input, ReadOptions, Table, read_table};
use kehu::record::{Failure, LEAD};
use std::time::Duration;

fn options() -> ReadOptions {
    ReadOptions { kind: Some(LEAD), ..ReadOptions::default() }
}

/// Reads a file within the time, and looks at what a failure says.
#[track_caller]
fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Table, Failure> {
    watch::listen();
    let start = watch::thread_time();
    let result = read_table(&Input { name, bytes }, options);
    let took = watch::thread_time() - start;
    assert!(took < Duration::from_secs(10), "{name}: {took:?}");
    if let Err(failure) = &result {
        for text in [&failure.message.en, &failure.message.zh] {
            assert!(text.starts_with(&format!("`{name}`")) && !text.contains('\n'), "{failure:?}");
            assert!(text.chars().count() < 400 && !text.contains("panicked"), "{failure:?}");
        }
    }
    assert_eq!(watch::own(), [] as [String; 0], "{name}");
    result
}

#[track_caller]
fn rows(name: &str, bytes: &[u8]) -> usize {
    table(name, bytes).rows.len()
}

#[track_caller]
fn table(name: &str, bytes: &[u8]) -> Table {
    read(name, bytes, &options()).unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
}

/// Asserts that a file is refused in these words.
#[track_caller]
fn refused(name: &str, bytes: &[u8], en: &str, zh: &str) -> Failure {
    let failure = match read(name, bytes, &options()) {
        Err(failure) => failure,
        Ok(table) => panic!("{name} is read: {} rows", table.rows.len()),
    };
    assert!(failure.message.en.contains(en) && failure.message.zh.contains(zh), "{name}: {failure:?}");
    failure
}

#[test]
fn good_files_of_every_format_and_encoding() {
    for (name, bytes) in good_files() {
        let table = table(name, &bytes);
        assert_eq!((table.rows.len(), table.headers.len()), (3, 6), "{name}: {:?}", table.notes);
        let companies: Vec<_> = table.rows.iter().map(|row| row.cell(0).display().replace(',', "")).collect();
        assert_eq!(companies, ["甲公司", "乙公司", "丙公司"], "{name}");
        let day = table.rows[0].cell(5).display().into_owned();
        assert_eq!(day, "2026-03-01", "{name}");
    }
}

fn seeds() -> u64 {
    std::env::var("KEHU_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(25)
}

/// Tells whether this run may take long: sizes are then the full ones.
fn is_long() -> bool {
    seeds() > 1000
}
