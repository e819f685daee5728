//! Workbooks: typed cells, sheets, repeats, and parts that are damaged.

use super::{map_all, read_as, shown};
use kehu::import::*;
use kehu::record::LEAD;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};

/// Makes a workbook with a title, merged headings, typed cells, a hidden sheet and far-away cells.
pub fn workbook(far: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().set_hidden(true);
    let sheet = book.add_worksheet().set_name("线索").unwrap().set_active(true);
    sheet.set_first_tab(true);
    let plain = CellFormat::new();
    let day = CellFormat::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let time = CellFormat::new().set_num_format("hh:mm");
    sheet.merge_range(0, 0, 0, 6, "2026 年线索登记", &plain).unwrap();
    sheet.merge_range(1, 0, 2, 0, "公司名称*", &plain).unwrap();
    sheet.merge_range(1, 1, 1, 2, "联系方式", &plain).unwrap();
    for (column, text) in [(1, "姓名"), (2, "电话"), (3, "获取日期"), (4, "是否上市"), (5, "行业"), (6, "时间")]
    {
        sheet.write(2, column, text).unwrap();
    }
    sheet.write(3, 0, "甲公司").unwrap();
    sheet.write(3, 1, "王伟").unwrap();
    sheet.write(3, 2, 13_800_138_000f64).unwrap();
    sheet.write_with_format(3, 3, ExcelDateTime::from_ymd(2026, 3, 5).unwrap(), &day).unwrap();
    sheet.write(3, 4, true).unwrap();
    sheet.write_formula(3, 5, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap();
    sheet.write_with_format(3, 6, 0.5, &time).unwrap();
    if far {
        sheet.write(1_048_575, 16_383, "x").unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn an_xlsx_with_everything() {
    let table = read_as("x.csv", &workbook(false), LEAD);
    assert_eq!((table.format, table.sheet.as_deref(), table.header_row), (Format::Xlsx, Some("线索"), Some(3)));
    let names: Vec<&str> = table.headers.iter().map(|h| h.text.as_str()).collect();
    assert_eq!(names, ["公司名称", "姓名", "电话", "获取日期", "是否上市", "行业", "时间"]);
    assert!(table.notes[0].en.contains("named csv"), "{:?}", table.notes);
    let error = table.notes.last().map(|note| note.en.to_string()).unwrap_or_default();
    assert!(error.contains("1 cells hold an error") && error.contains("`#N/A` in F4"), "{error}");
    let rows = map_all(LEAD, &table, "", NewKeys::Refuse);
    assert_eq!(
        shown(&rows[0]),
        "company=甲公司 contact_name=王伟 phone=13800138000 listed=Flag(true) acquired_on=2026-03-05 [时间]=12:00:00"
    );
}

#[test]
fn sheets_are_chosen_by_name_or_number() {
    let bytes = workbook(false);
    let choose = |sheet: &str| {
        let options = ReadOptions { sheet: Some(sheet.into()), kind: Some(LEAD), ..ReadOptions::default() };
        read_table(&Input { name: "x.xlsx", bytes: &bytes }, &options)
    };
    assert!(choose("线索").is_ok() && choose("2").is_ok());
    let failure = choose("3").unwrap_err();
    assert!(failure.hints[0].en.contains("`线索`"), "{failure:?}");
    assert!(choose("说明").is_err(), "an empty sheet has no headings");
}

#[test]
fn far_away_cells_do_not_take_the_memory() {
    let table = read_as("x.xlsx", &workbook(true), LEAD);
    assert_eq!(table.rows.len(), 2);
    assert_eq!(table.rows[1].number, 1_048_576);
}

/// Makes an ods workbook from the rows of one table and the styles before it.
fn ods(table: &str) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_string()),
        ("META-INF/manifest.xml", "<manifest/>".to_string()),
        (
            "content.xml",
            format!(
                "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>{table}"
            ),
        ),
    ];
    for (name, text) in parts {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn an_ods_with_repeats_dates_and_a_hidden_sheet() {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let table = format!(
        "<style:style style:name=\"h\"><style:table-properties table:display=\"false\"/></style:style>\
         <table:table table:name=\"hidden\" table:style-name=\"h\"></table:table><table:table table:name=\"线索\">\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row>{}{}{}{}</table:table-row>\
         <table:table-row>{}<table:table-cell office:value-type=\"float\" office:value=\"13800138000\"><text:p>1.38E+10</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2026-03-05\"><text:p>5. März</text:p></table:table-cell>{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         </table:table></office:body></office:document-content>",
        cell("公司名称"),
        cell("电话"),
        cell("获取日期"),
        cell("备注"),
        cell("甲 &amp; 乙&#x516C;司"),
        cell("a</text:p><text:p>b")
    );
    let table = read_as("x.ods", &ods(&table), LEAD);
    assert_eq!((table.sheet.as_deref(), table.header_row, table.rows.len()), (Some("线索"), Some(3), 1));
    assert_eq!(
        shown(&map_all(LEAD, &table, "", NewKeys::Refuse)[0]),
        "company=甲 & 乙公司 phone=13800138000 acquired_on=2026-03-05 remark=a\nb"
    );
    let cut = ods("<table:table table:name=\"a\"><table:table-row><table:table-cell>");
    assert!(read_table(&Input { name: "x.ods", bytes: &cut }, &ReadOptions::default()).is_err(), "it must not hang");
}

/// Packs a workbook again with one part cut off after a share of its bytes.
fn cut_part(whole: &[u8], part: usize, share: usize) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut file = from.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if at == part {
            bytes.truncate(bytes.len() * share / 10);
        }
        to.start_file(file.name().unwrap().as_ref(), zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn cut_off_parts_of_a_workbook_neither_hang_nor_panic() {
    let whole = workbook(false);
    let parts = zip::ZipArchive::new(std::io::Cursor::new(&whole)).unwrap().len();
    for (part, share) in (0..parts).flat_map(|part| [0, 3, 6, 9].map(|share| (part, share))) {
        let bytes = cut_part(&whole, part, share);
        let _ = read_table(&Input { name: "x.xlsx", bytes: &bytes }, &ReadOptions::default());
    }
}

#[test]
fn damaged_files_end_in_one_line() {
    let whole = workbook(false);
    let fails = |name: &str, bytes: &[u8]| {
        let failure = read_table(&Input { name, bytes }, &ReadOptions::default()).unwrap_err();
        assert!(
            !failure.message.en.contains('\n') && failure.message.en.starts_with(&format!("`{name}`")),
            "{failure}"
        );
    };
    fails("empty.csv", b"");
    fails("empty.xlsx", b" \n");
    fails("cut.xlsx", &whole[..whole.len() / 2]);
    fails("x.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    fails("x.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 1]);
    fails("x.json", b"{\"a\": [");
    fails("x.png", b"\x89PNG\r\n\x1a\n");
}
