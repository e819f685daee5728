//! JSON and workbooks keep the types of cells.

use super::{draw, draw_bytes, leads, options, report, yuan};
use calamine::{Data, DataType, Reader, Xlsx};
use chrono::NaiveDate;
use kehu::output::find_format;
use kehu::record::Lang;
use kehu::sheet::Cell;
use std::io::Cursor;

#[test]
fn json_is_typed_and_speaks_no_language() {
    let value =
        |lang| -> serde_json::Value { serde_json::from_str(&draw("json", &report(), &options(lang, 80))).unwrap() };
    let (en, zh) = (value(Lang::En), value(Lang::Zh));
    assert_eq!(en["schema"], "kehu.report");
    assert_eq!(en["version"], 1);
    assert_eq!(en["report"], "weekly");
    assert_eq!(en["facts"]["as_of"], "2026-03-20T09:30:00+08:00");
    let section = &en["sections"][0];
    assert_eq!(section["columns"][2], serde_json::json!({ "key": "share", "label": "Share", "type": "ratio" }));
    let row = serde_json::json!({
        "source": "exhibition", "leads": 38, "share": 0.6667, "amount": "1234567.50", "last": "2026-03-20T09:30:00+08:00"
    });
    assert_eq!(section["rows"][0], row);
    assert_eq!(section["rows"][1]["amount"], serde_json::Value::Null);
    assert_eq!(section["total"]["share"], 1);
    for key in ["rows", "total", "key"] {
        assert_eq!(section[key], zh["sections"][0][key]);
    }
    assert_eq!(en["facts"], zh["facts"]);
}

#[test]
fn a_workbook_reads_back_typed() {
    let bytes = draw_bytes("xlsx", &report(), &options(Lang::Zh, 80));
    assert_eq!(bytes, draw_bytes("xlsx", &report(), &options(Lang::Zh, 80)), "same input, same bytes");
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["概要", "新增线索（按来源）", "当前逾期"]);
    let sheet = book.worksheet_range("新增线索（按来源）").unwrap();
    let cell = |row, column| sheet.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(cell(0, 3), Data::String("成交金额".into()));
    assert_eq!(cell(1, 0), Data::String("展会".into()));
    assert_eq!(cell(1, 1), Data::Float(38.0));
    assert_eq!(cell(1, 2), Data::Float(0.666667));
    assert_eq!(cell(1, 3), Data::Float(1_234_567.5));
    assert_eq!(cell(1, 4).as_datetime().unwrap().to_string(), "2026-03-20 09:30:00");
    assert_eq!(cell(2, 3), Data::Empty);
    assert_eq!(cell(3, 0), Data::String("合计".into()));
    assert_eq!(cell(5, 0), Data::String("未计入 2 条无来源线索".into()));
    let summary = book.worksheet_range("概要").unwrap();
    assert_eq!(summary.get_value((0, 0)), Some(&Data::String("销售周报".into())));
    assert_eq!(summary.get_value((3, 1)).unwrap().as_datetime().unwrap().to_string(), "2026-03-20 09:30:00");
}

#[test]
fn a_workbook_takes_texts_as_texts() {
    let mut sheet = leads();
    let texts = ["=1+1", "+14155552671", "https://example.com", "_x0041_", "007", "a\u{1}b", "{=1}"];
    sheet.rows = texts
        .iter()
        .map(|text| vec![Cell::text(*text), Cell::Date(NaiveDate::MIN), yuan("9999999999999999.99")])
        .collect();
    sheet.rows.push(vec![Cell::text("长".repeat(40_000))]);
    let mut bytes = Vec::new();
    find_format("xlsx").unwrap().draw_sheet(sheet, &options(Lang::En, 80), &mut bytes).unwrap();
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["List"]);
    assert!(book.worksheet_formula("List").unwrap().is_empty());
    let sheet = book.worksheet_range("List").unwrap();
    for (at, text) in (1..).zip(texts) {
        assert_eq!(sheet.get_value((at, 0)), Some(&Data::String(text.into())));
    }
    assert_eq!(sheet.get_value((1, 1)), Some(&Data::String(NaiveDate::MIN.to_string())));
    assert_eq!(sheet.get_value((1, 2)), Some(&Data::String("9,999,999,999,999,999.99".into())), "digits are not lost");
    assert!(sheet.get_value((8, 0)).unwrap().to_string().ends_with("长…"));
}
