//! Archives that unpack to too much.

use super::{is_long, options, read, refused, rows};
use crate::damage::*;
use std::io::Write;

#[test]
fn entities_do_not_grow() {
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let dtd = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY l0 \"lol\">{laughs}<!ENTITY p SYSTEM \"file:///etc/passwd\">]>"
    );
    let strings = format!("{dtd}<sst><si><t>&l9;&p;</t></si></sst>");
    let parts =
        with(xlsx_parts(&leads_xml("<row r=\"5\"><c t=\"s\"><v>0</v></c></row>")), "xl/sharedStrings.xml", strings);
    match read("x.xlsx", &zip(&parts), &options()) {
        Ok(table) => assert_eq!(
            (table.rows.len(), table.rows.iter().any(|row| row.cell(0).display().contains("root"))),
            (3, false)
        ),
        Err(failure) => assert!(failure.message.en.contains("damaged"), "{failure:?}"),
    }
    let sheet = format!("{dtd}<worksheet>{}</worksheet>", leads_xml(&xml_row(5, &["&l9;"])));
    let _ = read("x.xlsx", &zip(&with(xlsx_parts(""), "xl/worksheets/sheet1.xml", sheet)), &options());
    let _ = read("x.ods", &ods(&format!("{dtd}{}", ods_rows().replace("甲公司", "&l9;"))), &options());
}

/// Packs a part that unpacks to so many times a block, without holding it.
fn bomb(name: &str, head: &str, block: &str, times: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in without(xlsx_parts(&leads_xml("")), name) {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.start_file(name, zip::write::SimpleFileOptions::default().compression_level(Some(1))).unwrap();
    zip.write_all(head.as_bytes()).unwrap();
    let block = block.repeat((1 << 20) / block.len());
    (0..times).for_each(|_| zip.write_all(block.as_bytes()).unwrap());
    zip.finish().unwrap().into_inner()
}

#[test]
fn archives_that_unpack_to_too_much() {
    let too_large = |bytes: &[u8]| {
        let failure = refused("x.xlsx", bytes, "too large", "表格过大");
        assert!(failure.hints[0].zh.contains("请拆分文件"), "{failure:?}");
    };
    let claims = |size: u32| {
        let mut bytes = xlsx();
        let last = (0..bytes.len()).rfind(|at| bytes[*at..].starts_with(b"PK\x01\x02")).unwrap();
        bytes[last + 24..last + 28].copy_from_slice(&size.to_le_bytes());
        bytes
    };
    too_large(&claims(300 << 20));
    too_large(&claims(u32::MAX - 1));
    refused("x.xlsx", &claims(7), "larger than its declared", "已损坏");
    too_large(&bomb("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c t=\"str\"><v>", "x", 20));
    too_large(&bomb("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c t=\"str\"><v><![CDATA[", "<>", 20));
    too_large(&bomb("xl/workbook.xml", "<workbook><sheets>", "<s/>", 60));
    if is_long() {
        too_large(&bomb("xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "<row/>  ", 257));
        too_large(&bomb("xl/sharedStrings.xml", "<sst>", "<si/>", 200));
    }
    let strings = |claim: &str| {
        with(xlsx_parts(&leads_xml("")), "xl/sharedStrings.xml", format!("<sst {claim}><si><t>x</t></si></sst>"))
    };
    for claim in
        ["uniqueCount=\"1099511627776\"", "uniqueCount='18446744073709551615'", "count=\"1\" uniqueCount=\"40000000\""]
    {
        refused("x.xlsx", &zip(&strings(claim)), "more shared strings", "已损坏");
    }
    let renamed: Vec<Part> = strings("uniqueCount=\"99999999999\"")
        .into_iter()
        .map(|(name, bytes)| (name.replace("xl/sharedStrings", "xl\\SHAREDstrings"), bytes))
        .collect();
    refused("x.xlsx", &zip(&renamed), "more shared strings", "已损坏");
    let many: Vec<Part> = (0..10_050).map(|n| (format!("xl/{n}"), Vec::new())).collect();
    too_large(&zip(&many));
}

#[test]
fn ods_that_repeats_itself() {
    let cell = |repeated: &str, text: &str| {
        format!(
            "<table:table-row><table:table-cell {repeated} office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell></table:table-row>"
        )
    };
    let wide = cell("table:number-columns-repeated=\"16384\"", &"长".repeat(100_000));
    refused("x.ods", &ods(&(ods_rows() + &wide)), "too large", "表格过大");
    let wide = cell("table:number-columns-repeated=\"99999999999999\"", &"x".repeat(2000)).repeat(20);
    refused("x.ods", &ods(&(ods_rows() + &wide)), "too large", "表格过大");
    let empty = "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    assert_eq!(rows("x.ods", &ods(&(ods_rows() + &empty.repeat(50)))), 3);
    refused("x.ods", &ods(&(ods_rows() + &empty.repeat(2) + &cell("", "x"))), "too large", "表格过大");
    let rows_of = |count: &str| {
        let repeated = format!("<table:table-row table:number-rows-repeated=\"{count}\">");
        ods(&(ods_rows() + &cell("", "x").replacen("<table:table-row>", &repeated, 1)))
    };
    assert_eq!(rows("x.ods", &rows_of("5000")), 3 + 5000, "none is left out");
    refused("x.ods", &rows_of("18446744073709551615"), "too large", "表格过大");
    let deep = "<text:span>".repeat(200_000);
    refused("x.ods", &ods(&(ods_rows() + &cell("", &deep))), "damaged", "已损坏");
    let locked = with(unzip(&ods("")), "META-INF/manifest.xml", "<manifest:encryption-data/>");
    refused("x.ods", &zip(&locked), "protected by a password", "有密码保护");
}
