//! The sample spreadsheets in `examples/` are what their generator makes, and hold what they promise.

use calamine::{Data, Reader, Xlsx};
use kehu::record::normalize_phone;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::PathBuf;

#[allow(dead_code)]
#[path = "../examples/make_samples.rs"]
mod make_samples;

fn example(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn csv_rows(name: &str) -> Vec<Vec<String>> {
    let bytes = example(name);
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => encoding_rs::GBK.decode(error.as_bytes()).0.into_owned(),
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_string).collect()).collect()
}

#[test]
fn the_files_are_what_the_generator_makes() {
    for (name, bytes) in make_samples::make_files().unwrap() {
        assert!(bytes == example(&format!("leads/{name}")), "`cargo run --example make_samples` changes {name}");
    }
}

#[test]
fn the_workbook_is_as_messy_as_real_ones() {
    let mut book = Xlsx::new(Cursor::new(example("leads/展会线索.xlsx"))).unwrap();
    let sheet = book.worksheet_range("线索登记").unwrap();
    assert_eq!(sheet.height(), 3 + 40);
    let cell = |row, column| sheet.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(cell(2, 0), Data::String("公司名称 *".into()));
    assert_eq!(cell(3, 3), Data::Float(13_800_130_001.0));
    assert_eq!(cell(4, 3), Data::String("13800130002".into()));
    assert!(matches!(cell(3, 14), Data::DateTime(_)));
    assert_eq!(cell(4, 14), Data::String("2026年2月24日".into()));
    assert_eq!(cell(5, 14), Data::String("2026/2/25".into()));
    assert_eq!(cell(3, 9), Data::String("12-26万".into()));
    assert_eq!(cell(42, 0), Data::Empty, "one company is missing");
}

#[test]
fn the_web_form_is_gbk_with_crlf() {
    let bytes = example("leads/官网表单.csv");
    assert!(std::str::from_utf8(&bytes).is_err());
    assert!(bytes.windows(2).any(|pair| pair == b"\r\n"));
    let rows = csv_rows("leads/官网表单.csv");
    assert_eq!(rows.len(), 1 + 25);
    assert_eq!(rows[0][1], "公司名称");
    assert!(rows[11][12].contains("\"某某\"软件，\n"), "{:?}", rows[11]);
}

#[test]
fn telephone_numbers_are_valid() {
    for (name, column, country) in [("leads/官网表单.csv", 3, "CN"), ("leads/inbound-en.csv", 3, "CN")] {
        for row in csv_rows(name).iter().skip(1).filter(|row| !row[column].is_empty()) {
            assert!(normalize_phone(&row[column], country).is_some(), "{name}: {}", row[column]);
        }
    }
}

#[test]
fn references_lead_somewhere() {
    let users: BTreeSet<String> = csv_rows("users.csv").into_iter().skip(1).map(|row| row[0].clone()).collect();
    assert_eq!(users.len(), 4);
    let followups = csv_rows("followups.csv");
    assert!(followups.len() > 40, "{}", followups.len());
    for row in followups.iter().skip(1) {
        let seq: u32 = row[1].strip_prefix("LEAD-2026-").unwrap().parse().unwrap();
        assert!((1..=37).contains(&seq), "the exhibition's good rows are leads 1 to 37: {seq}");
        assert!(users.contains(&row[9]), "{row:?}");
        assert_ne!(row[6].is_empty(), row[8].is_empty(), "a next action or a reason for none: {row:?}");
    }
    for row in csv_rows("leads/inbound-en.csv").iter().skip(1) {
        assert!(row[13].is_empty() || users.contains(&row[13]), "{row:?}");
    }
}
