use super::super::{Input, ReadOptions, read_table};
use super::*;
use crate::import::table::RawCell;
use crate::words;

fn table(bytes: &[u8], name: &str) -> Table {
    read_table(&Input { name, bytes }, &ReadOptions { kind: Some(crate::record::LEAD), ..ReadOptions::default() })
        .unwrap()
}

fn again(text: &[u8], name: &str, lang: Lang) -> (Table, Table) {
    let before = table(text, name);
    let rejected = vec![(before.rows[0].number, words!("bad phone", "电话无效"))];
    let file = write_rejects(&before, &rejected, lang).unwrap();
    let after = table(&file.bytes, &format!("x.{}", file.extension));
    (before, after)
}

#[test]
fn rejects_have_the_format_of_the_input() {
    let text = "公司名称;联系人;电话\n\"甲;公司\n杭州\";王伟;12\n乙;李娜;13800138000\n";
    let (bytes, ..) = encoding_rs::GB18030.encode(text);
    let (before, after) = again(&bytes, "x.csv", Lang::Zh);
    assert_eq!((after.encoding, after.delimiter), (before.encoding, before.delimiter));
    assert_eq!(after.rows[0].cells[..3], before.rows[0].cells[..]);
    assert_eq!(after.rows[0].cells[3..], [RawCell::text("2"), RawCell::text("电话无效")]);
    let matching = super::super::match_headers(crate::record::LEAD, &after.headers);
    assert_eq!((matching.columns.len(), matching.unmatched.len()), (3, 0), "the added columns are passed over");
}

#[test]
fn rejected_again_the_added_columns_are_not_doubled() {
    let first = table("公司,电话,原行号,原因\n甲,12,7,电话无效\n".as_bytes(), "x.csv");
    let names = |format| {
        let table = Table { format, ..first.clone() };
        let file = write_rejects(&table, &[(2, words!("bad", "错"))], Lang::Zh).unwrap();
        let again = super::tests::table(&file.bytes, &format!("x.{}", file.extension));
        let cells = again.rows[0].cells.iter().map(|cell| cell.display().into_owned()).collect::<Vec<_>>();
        (again.headers.iter().map(|h| h.text.clone()).collect::<Vec<_>>().join(" "), cells.join(" "))
    };
    let expected = ("公司 电话 原行号 原因".to_string(), "甲 12 7 错".to_string());
    assert_eq!((names(Format::Csv), names(Format::Ods)), (expected.clone(), expected));
}

#[test]
fn a_rejects_file_is_known_whatever_is_stated_of_sheet_and_headings() {
    let text = "登记表,,\n单位：万元,,\n公司,电话,预算\n甲,12,50\n";
    for (format, sheet) in [(Format::Csv, None), (Format::Xlsx, Some("客户")), (Format::Ods, Some("a/b"))] {
        let before = Table { format, sheet: sheet.map(String::from), ..table(text.as_bytes(), "x.csv") };
        let stated = ReadOptions {
            kind: Some(crate::record::LEAD),
            sheet: sheet.map(String::from),
            header_row: before.header_row,
            ..ReadOptions::default()
        };
        let again = |before: &Table, number| {
            let file = write_rejects(before, &[(number, words!("bad", "错"))], Lang::Zh).unwrap();
            read_table(&Input { name: &format!("x.{}", file.extension), bytes: &file.bytes }, &stated).unwrap()
        };
        let once = again(&before, 4);
        let twice = again(&once, once.rows[0].number);
        for table in [once, twice] {
            let names: Vec<&str> = table.headers.iter().map(|h| h.text.as_str()).collect();
            assert_eq!(names, ["公司", "电话", "预算", "原行号", "原因"]);
            assert_eq!((table.rows.len(), table.unit), (1, before.unit), "{sheet:?}");
            assert_eq!(table.rows[0].cell(3).display(), "4", "the number in the first file");
            assert_eq!(table.sheet.as_deref().filter(|name| *name != "Sheet1"), sheet.filter(|name| *name == "客户"));
        }
    }
}

#[test]
fn json_and_workbooks() {
    let (_, after) = again("[{\"公司\":\"甲\",\"电话\":12}]".as_bytes(), "x.json", Lang::En);
    let names: Vec<&str> = after.headers.iter().map(|h| h.text.as_str()).collect();
    assert_eq!(names, ["公司", "电话", "_row", "_reason"]);
    let mut before = table("公司,电话\n甲,12\n".as_bytes(), "x.csv");
    before.format = Format::Ods;
    let file = write_rejects(&before, &[(2, words!("bad", "错"))], Lang::En).unwrap();
    let after = table(&file.bytes, "x.xlsx");
    assert_eq!((file.extension, after.rows[0].cell(3).display().as_ref()), ("xlsx", "bad"));
}

#[test]
fn what_is_too_wide_for_a_workbook_goes_back_as_text() {
    let mut before = table(format!("公司,电话\n甲,12{}x\n", ",".repeat(MAX_COLUMNS - 2)).as_bytes(), "x.csv");
    (before.format, before.delimiter) = (Format::Xlsx, None);
    let file = write_rejects(&before, &[(2, words!("bad", "错"))], Lang::En).unwrap();
    let text = String::from_utf8(file.bytes).unwrap();
    assert_eq!(file.extension, "csv");
    assert!(text.ends_with(",x,2,bad\n"), "{}", &text[text.len() - 40..]);
}
