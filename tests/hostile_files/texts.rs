//! Texts: names that lie, characters that cannot be read, too much of it.

use super::{options, read, refused, rows, table};
use crate::damage::*;
use kehu::import::{Format, ReadOptions};

#[test]
fn a_name_that_lies_about_the_content() {
    for (name, bytes) in good_files() {
        for other in ["x.csv", "x.xlsx", "x.xls", "x.xlsb", "x.ods", "x.json", "x.jsonl", "x", "线索.备份"] {
            let is_text = !name.starts_with("book") && !name.starts_with("li");
            // Text that is called JSON is taken at its word: nothing but a mistake tells it from JSON that is broken.
            if is_text && other.contains(".json") {
                refused(other, &bytes, "malformed", "JSON 格式有误");
                continue;
            }
            assert_eq!(rows(other, &bytes), 3, "{name} called {other}");
        }
    }
    let notes = table("x.csv", &xlsx()).notes;
    assert_eq!(notes[0].en, "named csv, but its content is xlsx");
    assert_eq!(notes[0].zh, "扩展名为 csv，内容是 xlsx");
    let page =
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>公司名称</td></tr></table></html>";
    let failure = refused("名单.xls", page.as_bytes(), "HTML, not a workbook", "是 HTML，不是工作簿");
    assert_eq!(failure.hints[0].zh, "请用表格软件打开后另存为 xlsx 或 csv");
    refused("x.xls", b"<?xml version=\"1.0\"?>\n<Workbook/>", "XML, not a workbook", "是 XML，不是工作簿");
    refused("x.csv", b"%PDF-1.7\n", "PDF, not a table", "是 PDF，不是表格");
    refused("x.csv", b"\x1f\x8b\x08\0", "gzip, not a table", "是 gzip，不是表格");
    refused("x.xlsx", b"{\\rtf1 \\ansi}", "RTF, not a table", "是 RTF，不是表格");
    let parts = |name: &str| zip(&[(name.to_string(), b"<x/>".to_vec())]);
    refused("x.xlsx", &parts("word/document.xml"), "a document, not a workbook", "文件是文档");
    refused("x.zip", &parts("leads.csv"), "no workbook", "不是工作簿");
    refused("x.xls", &ole(&[("WordDocument", vec![0; 64])]), "a document, not a workbook", "文件是文档");
}

#[test]
fn files_that_hold_nothing() {
    for bytes in [
        &b""[..],
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b" \r\n\r\n",
        b"\xef\xbb\xbf\n",
        b"\xff\xfe\n\0",
        b"\0\0\0",
    ] {
        for name in ["x.csv", "x.xlsx", "x.json"] {
            refused(name, bytes, "the file is empty", "文件为空");
        }
    }
    let head = LEADS.lines().next().unwrap();
    assert_eq!(rows("x.csv", head.as_bytes()), 0);
    assert_eq!(rows("x.csv", format!("{head}\n,,,,,\n").as_bytes()), 0);
    refused("x.csv", b",,,\n,,\n", "no row of headings", "没有找到表头行");
    refused("x.xlsx", &zip(&xlsx_parts("<sheetData/>")), "no row of headings", "没有找到表头行");
    refused("x.json", b"[]", "no row of headings", "没有找到表头行");
}

#[test]
fn odd_texts_are_read_right() {
    let head = "公司名称,联系人,手机";
    let companies = |text: &str| -> Vec<String> {
        table("x.csv", text.as_bytes()).rows.iter().map(|row| row.cell(0).display().into_owned()).collect()
    };
    assert_eq!(companies(&format!("{head}\r\n甲,王,1\n乙,李,2\r丙,张,3\r\n\r\r\n丁,赵,4")), ["甲", "乙", "丙", "丁"]);
    assert_eq!(companies(&format!("{head}\n\"甲,王,1\n乙,李,2\n")), ["\"甲", "乙"], "a lone quote swallows nothing");
    assert_eq!(companies(&format!("{head}\n甲\0公司,王,1\n乙,\0,2\n")), ["甲\0公司", "乙"]);
    assert_eq!(companies(&format!("sep=,\r\n{head}\r\n甲,王,1\r\n")), ["甲"]);
    let wide = table("x.csv", LEADS.replace('\n', &format!("{}\n", ",".repeat(17))).as_bytes());
    assert_eq!((wide.rows.len(), wide.headers.len()), (3, 6), "17 empty columns at the end are none");
    let long = "长".repeat(350_000);
    let read = table("x.csv", format!("{head}\n甲,王,\"{long}\n{long}\"\n乙,李,2\n").as_bytes());
    assert_eq!((read.rows.len(), read.rows[0].cell(2).display().len(), read.rows[1].number), (2, 6 * 350_000 + 1, 4));
    let gbk = encoding_rs::GB18030.encode(LEADS).0.into_owned();
    assert_eq!(rows("x.csv", &gbk[..gbk.len() - 20]), 3, "cut in the middle of the last row");
}

#[test]
fn characters_that_cannot_be_read_name_their_lines() {
    let mut bytes = format!("{LEADS}丁公司,赵某,1,,,\r\n戊公司,钱某,2,,,\n").into_bytes();
    for company in ["乙", "戊"] {
        let at = bytes.windows(3).position(|three| three == company.as_bytes()).unwrap();
        bytes[at] = b'\xff';
    }
    let read = read("x.csv", &bytes, &ReadOptions { encoding: Some("utf-8".into()), ..options() }).unwrap();
    let note = read.notes.iter().find(|note| note.en.contains('�')).unwrap();
    assert!(note.en.contains("(line 3, 6)") && note.zh.contains("（第 3, 6 行）"), "{note:?}");
    let many = "a,b\n".to_string() + &"\u{1},x\n".repeat(20);
    let bytes: Vec<u8> = many.bytes().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    let read = self::read("x.csv", &bytes, &ReadOptions { encoding: Some("utf-8".into()), ..options() }).unwrap();
    assert!(read.notes.iter().any(|note| note.en.contains("2, 3, 4, 5, 6, 7, 8, 9 …")), "{:?}", read.notes);
}

#[test]
fn texts_that_would_fill_the_memory() {
    let too_large = |name: &str, bytes: &[u8]| refused(name, bytes, "too large", "表格过大");
    too_large("x.csv", ",".repeat(20_000).as_bytes());
    too_large("x.csv", "a\n".repeat(1_048_578).as_bytes());
    too_large("x.json", format!("[{}]", "[],".repeat(12_000_000)).as_bytes());
    let object: String = (0..20_000).map(|n| format!("\"{n}\":1,")).collect();
    too_large("x.json", format!("[{{{object}\"x\":1}}]").as_bytes());
    too_large("x.jsonl", format!("{{{object}\"x\":1}}\n").as_bytes());
    refused("x.json", "[".repeat(100_000).as_bytes(), "malformed", "JSON 格式有误");
    let deep = format!("[{{\"公司\":{}1{}}}]", "{\"a\":".repeat(5000), "}".repeat(5000));
    refused("x.json", deep.as_bytes(), "malformed", "JSON 格式有误");
    let place = refused("x.jsonl", "{\"公司\":1}\n\n{\"公司\":".as_bytes(), "line 3", "第 3 行");
    assert!(place.message.en.starts_with("`x.jsonl`: line 3: the JSON is malformed"), "{place:?}");
    refused("x.csv", &Vec::from_iter((0..4096u32).map(|n| (n * 7 % 31) as u8)), "not text", "不是文本");
}

#[test]
fn a_stated_format_is_not_trusted_either() {
    let formats = Format::names();
    for (name, bytes) in good_files() {
        for format in &formats {
            let stated = ReadOptions { format: Format::find(format), ..options() };
            let _ = read(name, &bytes, &stated);
            let _ = read(name, &harm(&bytes, 7), &stated);
        }
    }
}
