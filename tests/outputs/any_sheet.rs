//! Whatever a sheet holds: every format draws it, and some read back.

use super::{leads, options, report};
use chrono::{DateTime, NaiveDate};
use kehu::output::{DrawOptions, FORMATS, find_format};
use kehu::record::{Lang, Money, Words};
use kehu::sheet::formula::unguard;
use kehu::sheet::{Cell, Column, ColumnType, Document, Sheet};
use proptest::prelude::*;
use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr;

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        any::<String>().prop_map(Cell::Text),
        "[a-z\u{4e00}-\u{4e20} =+\"',|\\r\\n\\t\u{1b}]{0,40}".prop_map(Cell::Text),
        (any::<String>(), any::<String>()).prop_map(|(key, label)| Cell::Label(key, Words::same(label))),
        any::<i64>().prop_map(Cell::Integer),
        any::<[u8; 16]>().prop_map(|bytes| Cell::Decimal(Decimal::deserialize(bytes))),
        any::<[u8; 16]>().prop_map(|bytes| Cell::Ratio(Decimal::deserialize(bytes))),
        any::<[u8; 16]>().prop_map(|bytes| Cell::Money(Money(Decimal::deserialize(bytes)))),
        any::<i32>().prop_map(|n| Cell::Date(NaiveDate::from_num_days_from_ce_opt(n / 25).unwrap_or(NaiveDate::MAX))),
        any::<i64>()
            .prop_map(|n| Cell::Moment(DateTime::from_timestamp(n >> 22, 0).unwrap_or_default().fixed_offset())),
        any::<bool>().prop_map(Cell::Flag),
        prop::collection::vec(any::<String>(), 0..3).prop_map(Cell::List),
    ]
}

fn any_sheet() -> impl Strategy<Value = Sheet> {
    let types = prop::sample::select(vec![ColumnType::Text, ColumnType::Money, ColumnType::Ratio, ColumnType::Date]);
    let columns = prop::collection::vec((any::<String>(), types), 0..5);
    let rows = prop::collection::vec(prop::collection::vec(any_cell(), 0..6), 0..6);
    (any::<String>(), columns, rows, prop::option::of(prop::collection::vec(any_cell(), 0..6))).prop_map(
        |(title, columns, rows, total)| {
            let columns =
                (0..).zip(columns).map(|(at, (label, ty))| Column::new(format!("c{at}"), Words::same(label), ty));
            Sheet { rows, total, ..Sheet::new("any", Words::same(title), columns.collect()) }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_format_panics(sheets in prop::collection::vec(any_sheet(), 0..3), width in prop::option::of(0usize..140), excel: bool) {
        let document = Document { sheets, ..report() };
        let options = DrawOptions { width, excel, ..options(Lang::Zh, 80) };
        for format in FORMATS {
            let (mut once, mut twice) = (Vec::new(), Vec::new());
            (format.draw_document)(&document, &options, &mut once).unwrap();
            (format.draw_document)(&document, &options, &mut twice).unwrap();
            prop_assert!(once == twice, "{} is not reproducible", format.name);
            prop_assert!(format.binary || String::from_utf8(once).is_ok());
        }
    }

    #[test]
    fn csv_and_tsv_read_back(texts in prop::collection::vec(prop::collection::vec(any::<String>(), 3), 0..6)) {
        let columns = ["a", "b", "c"].map(|key| Column::new(key, Words::same(key), ColumnType::Text));
        let mut sheet = Sheet::new("x", Words::default(), columns.to_vec());
        sheet.rows = texts.iter().map(|row| row.iter().map(Cell::text).collect()).collect();
        for (name, delimiter) in [("csv", b','), ("tsv", b'\t')] {
            let mut bytes = Vec::new();
            find_format(name).unwrap().draw_sheet(sheet.clone(), &options(Lang::En, 80), &mut bytes).unwrap();
            let read: Vec<Vec<String>> = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&bytes[..])
                .records().map(|record| record.unwrap().iter().map(|text| unguard(text).to_string()).collect()).collect();
            prop_assert_eq!(&read, &texts);
        }
    }

    #[test]
    fn a_table_fits_the_terminal(names in prop::collection::vec("[a-z \u{4e00}-\u{4e40}]{0,60}", 1..6), width in 20usize..120) {
        let mut sheet = leads();
        sheet.rows = names.iter().map(|name| { let mut row = leads().rows[0].clone(); row[3] = Cell::text(name); row }).collect();
        let mut bytes = Vec::new();
        find_format("table").unwrap().draw_sheet(sheet, &options(Lang::Zh, width), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for line in text.lines().filter(|_| width >= 30) {
            prop_assert!(line.width() <= width, "{} > {width}: {line}", line.width());
        }
        prop_assert_eq!(text.matches("LEAD-2026-001").count(), names.len());
        prop_assert_eq!(text.matches("13800130001").count(), names.len(), "numbers are whole");
    }
}
