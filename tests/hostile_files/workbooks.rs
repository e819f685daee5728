//! Workbooks: sheets that claim too much, cells of every sort, parts that lack.

use super::{is_long, options, read, refused, rows, table};
use crate::damage::*;
use kehu::import::ReadOptions;
use kehu::record::Exit;

#[test]
fn sheets_that_claim_more_than_they_hold() {
    let sheet = |sheet: String| zip(&xlsx_parts(&sheet));
    let claim = "<dimension ref=\"A1:XFD1048576\"/>";
    assert_eq!(rows("x.xlsx", &sheet(format!("{claim}{}", leads_xml("")))), 3);
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    let read = table("x.xlsx", &sheet(leads_xml(far)));
    assert_eq!((read.rows.len(), read.rows[3].number), (4, 1_048_576));
    let beyond = "<row r=\"1048577\"><c r=\"A1048577\"><v>1</v></c></row>";
    refused("x.xlsx", &sheet(leads_xml(beyond)), "too large", "表格过大");
    for place in ["ZZZZ1", "A99999999999", "1", "", "A0", "甲1", "a-1"] {
        let odd = format!("<row r=\"5\"><c r=\"{place}\"><v>1</v></c></row>");
        let _ = self::read("x.xlsx", &sheet(leads_xml(&odd)), &options());
    }
    let filler: String =
        (5..=if is_long() { 1_048_576 } else { 100_000 }).map(|n| format!("<row r=\"{n}\" s=\"1\"/>")).collect();
    assert_eq!(rows("x.xlsx", &sheet(leads_xml(&filler))), 3, "styled rows are none");
    let wide: String = (5..2000).map(|n| format!("<row r=\"{n}\"><c r=\"XFD{n}\"><v>1</v></c></row>")).collect();
    refused("x.xlsx", &sheet(leads_xml(&wide)), "too large", "表格过大");
}

#[test]
fn merged_areas_of_all_sizes() {
    let merged = |areas: &[String], more: &str| {
        let cells: String = areas.iter().map(|area| format!("<mergeCell ref=\"{area}\"/>")).collect();
        zip(&xlsx_parts(&format!("{}<mergeCells>{cells}</mergeCells>", leads_xml(more))))
    };
    let everything = vec!["A1:XFD1048576".to_string(); 20_000];
    assert_eq!(rows("x.xlsx", &merged(&everything, "")), 3);
    let one_a_row: Vec<String> = (1..60_000).map(|n| format!("A{n}:B{}", n + 1)).collect();
    assert_eq!(rows("x.xlsx", &merged(&one_a_row, "")), 3);
    let below = vec!["A2:A6".to_string()];
    let read = table("x.xlsx", &merged(&below, "<row r=\"5\"><c r=\"B5\"><v>1</v></c></row>"));
    assert_eq!(read.rows[3].cell(0).display(), "甲公司", "a merged cell counts for each of its rows");
    let long = format!(
        "<row r=\"5\">{}</row>",
        xml_row(5, &[&"长".repeat(100_000)]).replace("<row r=\"5\">", "").replace("</row>", "")
    );
    let under: String = (6..4000).map(|n| format!("<row r=\"{n}\"><c r=\"B{n}\"><v>1</v></c></row>")).collect();
    let whole = merged(&["A5:A4000".to_string()], &(long + &under));
    refused("x.xlsx", &whole, "too large", "表格过大");
    for odd in ["B2:A1", "A1", ":", "A1:B2:C3", "A1:A99999999999", ""] {
        let _ = self::read("x.xlsx", &merged(&[odd.to_string()], ""), &options());
    }
}

#[test]
fn cells_of_every_sort() {
    let sheet = |cells: &str| {
        let head = xml_row(1, &["公司名称", "联系人", "获取日期", "备注"]);
        zip(&xlsx_parts(&format!("<sheetData>{head}<row r=\"2\">{cells}</row></sheetData>")))
    };
    let shown = |cells: &str| -> Vec<String> {
        let read = table("x.xlsx", &sheet(cells));
        read.rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.display().into_owned())).collect()
    };
    assert_eq!(
        shown(
            "<c t=\"str\"><f>A1&amp;\"x\"</f><v>甲</v></c><c><f>1+1</f><v>2</v></c><c t=\"e\"><f>NA()</f><v>#N/A</v></c><c t=\"b\"><v>1</v></c>"
        ),
        ["甲", "2", "#N/A", "true"]
    );
    assert_eq!(
        shown("<c t=\"d\"><v>2026-03-05</v></c><c><v>1e3</v></c><c><v>13800138000</v></c>"),
        ["2026-03-05", "1000", "13800138000"]
    );
    let unknown = table(
        "x.xlsx",
        &sheet("<c t=\"inlineStr\"><is><t>甲</t></is></c><c><f>B1&amp;1</f></c><c><f>TODAY()</f><v/></c>"),
    );
    let note = unknown.notes.iter().find(|note| note.en.contains("formulas")).unwrap();
    assert!(note.en.starts_with("2 formulas without a stored value") && note.en.contains("first in B2"), "{note:?}");
    assert!(note.zh.contains("2 个公式没有保存结果") && note.zh.contains("B2"), "{note:?}");
    for odd in [
        "<c t=\"s\"><v>7</v></c>",
        "<c t=\"s\"><v>-1</v></c>",
        "<c t=\"s\"><v>99999999999999999999</v></c>",
        "<c s=\"99999\"><v>1</v></c>",
        "<c><v>1e999</v></c>",
        "<c><v>NaN</v></c>",
        "<c><v>x</v></c>",
        "<c t=\"e\"><v>#WHAT</v></c>",
        "<c t=\"zz\"><v>1</v></c>",
        "<c><f t=\"shared\" si=\"99999999999\" ref=\"A1:B2\">A1</f><v>1</v></c>",
        "<c><f t=\"shared\">A1</f></c>",
        "<c><v>1<v>2</v></v></c>",
        "<c t=\"inlineStr\"><is><t>&lol;</t></is></c>",
        "<c t=\"inlineStr\"><is><t>&#0;&#xFFFFFFFF;</t></is></c>",
        "<c t=\"inlineStr\"><is><r><t>x",
        "<c t=\"d\"><v>9999999-99-99</v></c>",
        "</row></sheetData></worksheet><c>",
        "<c r=\"C2\"><v>1</v></c><c r=\"A2\"><v>2</v></c>",
    ] {
        let _ = self::read("x.xlsx", &sheet(odd), &options());
    }
}

#[test]
fn days_of_both_calendars() {
    let book = |since_1904: bool| {
        let styles = "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
        let head = xml_row(1, &["公司名称", "获取日期"]);
        let row = "<row r=\"2\"><c t=\"inlineStr\"><is><t>甲</t></is></c><c s=\"1\"><v>45000</v></c></row>";
        let parts = xlsx_parts(&format!("<sheetData>{head}{row}</sheetData>"));
        let book = workbook_xml(&[("线索", "visible")]);
        let book = if since_1904 { book.replace("<sheets>", "<workbookPr date1904=\"1\"/><sheets>") } else { book };
        let read = table("x.xlsx", &zip(&with(with(parts, "xl/workbook.xml", book), "xl/styles.xml", styles)));
        (read.rows[0].cell(1).display().into_owned(), read.epoch_1904)
    };
    assert_eq!(book(false), ("2023-03-15".to_string(), false));
    assert_eq!(book(true), ("2027-03-16".to_string(), true));
}

#[test]
fn sheets_hidden_named_twice_or_absent() {
    let parts = |states: &[(&str, &str)]| {
        let targets: Vec<String> = (1..=states.len()).map(|at| format!("worksheets/sheet{at}.xml")).collect();
        let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
        let mut parts = with(xlsx_parts(&leads_xml("")), "xl/workbook.xml", workbook_xml(states));
        parts = with(parts, "xl/_rels/workbook.xml.rels", relations_xml("worksheet", &targets));
        let other = xlsx_parts(&format!(
            "<sheetData>{}{}</sheetData>",
            xml_row(1, &["公司名称", "手机"]),
            xml_row(2, &["丁", "1"])
        ));
        for at in 2..=states.len() {
            parts = with(parts, &format!("xl/worksheets/sheet{at}.xml"), other[4].1.clone());
        }
        zip(&parts)
    };
    let hidden = table("x.xlsx", &parts(&[("旧", "hidden"), ("新", "visible")]));
    assert_eq!((hidden.sheet.as_deref(), hidden.rows.len()), (Some("新"), 1));
    assert!(hidden.notes[0].zh.contains("读取工作表 `新`，共 2 个"), "{:?}", hidden.notes);
    assert_eq!(rows("x.xlsx", &parts(&[("旧", "hidden"), ("新", "veryHidden")])), 3, "all hidden: the first");
    assert_eq!(rows("x.xlsx", &parts(&[("线索", "visible"), ("线索", "visible")])), 3, "of one name: the first");
    let stated = |sheet: &str| {
        read(
            "x.xlsx",
            &parts(&[("旧", "hidden"), ("新", "visible")]),
            &ReadOptions { sheet: Some(sheet.into()), ..options() },
        )
    };
    assert_eq!(stated("旧").unwrap().rows.len(), 3);
    let absent = stated("三月").unwrap_err();
    assert_eq!((absent.exit, &*absent.message.zh), (Exit::NotFound, "`x.xlsx`：没有名为 `三月` 的工作表"));
    assert_eq!(absent.hints[0].en, "the sheets are `旧`, `新`");
}

#[test]
fn workbooks_that_lack_parts() {
    let good = || xlsx_parts(&leads_xml(""));
    for part in ["_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"] {
        refused("x.xlsx", &zip(&without(good(), part)), "damaged", "已损坏");
    }
    refused("x.xlsx", &zip(&without(good(), "xl/workbook.xml")), "no sheet", "没有工作表");
    assert_eq!(rows("x.xlsx", &zip(&without(good(), "[Content_Types].xml"))), 3);
    for target in
        ["../../../etc/passwd", "/etc/passwd", "http://127.0.0.1/x.xml", "file:///etc/passwd", "worksheets/", ""]
    {
        let outside = with(good(), "xl/_rels/workbook.xml.rels", relations_xml("worksheet", &[target]));
        refused("x.xlsx", &zip(&outside), "damaged", "已损坏");
    }
    for (name, _) in good() {
        for content in ["", "<", "<x>", "\u{0}", "<?xml version=\"1.0\" encoding=\"UTF-16\"?><x/>"] {
            let _ = read("x.xlsx", &zip(&with(good(), &name, content)), &options());
        }
    }
    for (name, _) in xlsb_parts() {
        let _ = read("x.xlsb", &zip(&without(xlsb_parts(), &name)), &options());
        let _ = read("x.xlsb", &zip(&with(xlsb_parts(), &name, vec![0xff; 64])), &options());
    }
}

#[test]
fn passwords_are_named() {
    let locked = ole(&[("EncryptionInfo", vec![4, 0, 4, 0]), ("EncryptedPackage", vec![1; 64])]);
    let failure = refused("报价.xlsx", &locked, "the workbook is protected by a password", "工作簿有密码保护");
    assert_eq!(failure.hints[0].en, "save it without a password, then import it again");
    assert_eq!(failure.hints[0].zh, "请另存为不带密码的文件后再导入");
    let passed = ole(&[("Workbook", xls_stream(&record(0x002f, &[1, 0, 1, 0]), &[xls_leads()]))]);
    refused("x.xls", &passed, "protected by a password", "有密码保护");
    let mut sealed = xlsx();
    for mark in [&b"PK\x03\x04"[..], b"PK\x01\x02"] {
        let places: Vec<usize> = (0..sealed.len()).filter(|at| sealed[*at..].starts_with(mark)).collect();
        places.iter().for_each(|at| sealed[at + if mark[2] == 3 { 6 } else { 8 }] |= 1);
    }
    refused("x.xlsx", &sealed, "protected by a password", "有密码保护");
    let mut packed = xlsx();
    for mark in [&b"PK\x03\x04"[..], b"PK\x01\x02"] {
        let places: Vec<usize> = (0..packed.len()).filter(|at| packed[*at..].starts_with(mark)).collect();
        places.iter().for_each(|at| packed[at + if mark[2] == 3 { 8 } else { 10 }] = 14);
    }
    refused("x.xlsx", &packed, "damaged", "已损坏");
}

#[test]
fn an_xls_that_claims_too_much() {
    let book = |globals: &[u8], sheets: &[Vec<u8>]| ole(&[("Workbook", xls_stream(globals, sheets))]);
    let size = |rows: u32, columns: u16| {
        record(
            0x0200,
            &[&0u32.to_le_bytes()[..], &rows.to_le_bytes(), &0u16.to_le_bytes(), &columns.to_le_bytes(), &[0, 0]]
                .concat(),
        )
    };
    let too_large = |bytes: &[u8]| refused("x.xls", bytes, "too large", "表格过大");
    too_large(&book(&[], &[size(u32::MAX - 1, 0xffff)]));
    too_large(&book(&[], &[[label(0, 0, "x"), label(0xffff, 0xff, "x")].concat()]));
    assert_eq!(
        rows("x.xls", &book(&[], &[[size(65_536, 256), xls_leads()].concat()])),
        3,
        "the whole sheet was styled"
    );
    assert_eq!(rows("x.xls", &book(&record(0x0022, &[1, 0]), &[xls_leads()])), 3);
    refused("x.xls", &book(&[], &[]), "no sheet inside", "已损坏");
    // One sheet under many names, and a turn back in each of the chains.
    let mut sheets = vec![xls_leads()];
    sheets.resize(40, Vec::new());
    let mut stream = xls_stream(&[], &sheets);
    let places: Vec<usize> = (0..stream.len()).filter(|at| stream[*at..].starts_with(&[0x85, 0])).collect();
    let first = stream[places[0] + 4..places[0] + 8].to_vec();
    places.iter().for_each(|at| stream[at + 4..at + 8].copy_from_slice(&first));
    refused("x.xls", &ole(&[("Workbook", stream)]), "its sheets overlap", "已损坏");
    let good = xls();
    for (entry, next) in [(1, 1u32), (2, 2), (9, 2), (0, 0), (9, 5000), (1, 0x7fff_ffff)] {
        let mut turned = good.clone();
        turned[512 + entry * 4..516 + entry * 4].copy_from_slice(&next.to_le_bytes());
        let _ = read("x.xls", &turned, &options());
    }
    let mut long = good.clone();
    long[1024 + 128 + 120..1024 + 128 + 124].copy_from_slice(&u32::MAX.to_le_bytes());
    let _ = read("x.xls", &long, &options());
    let mut root = good.clone();
    root[64..68].copy_from_slice(&u32::MAX.to_le_bytes());
    root[1024 + 116..1024 + 124].copy_from_slice(&[2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    let _ = read("x.xls", &root, &options());
    let mut decoy = ole(&[
        ("WORKBOOK", xls_stream(&[], &[size(u32::MAX - 1, 0xffff)])),
        ("Workbook", xls_stream(&[], &[xls_leads()])),
    ]);
    too_large(&decoy);
    decoy[30] = 12;
    let _ = read("x.xls", &decoy, &options());
}
