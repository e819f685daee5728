//! Every file ends in a right answer or in one clear line, whatever was done to it: by hand here, by dice below.
//!
//! `KEHU_SEEDS=20000` throws the dice longer than a run of all tests should take.

#[path = "common/damage.rs"]
mod damage;
#[path = "common/watch.rs"]
mod watch;

use damage::*;
use kehu::import::{Format, Input, ReadOptions, Table, read_table};
use kehu::record::{Exit, Failure, LEAD};
use std::io::Write;
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

fn seeds() -> u64 {
    std::env::var("KEHU_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(25)
}

/// Tells whether this run may take long: sizes are then the full ones.
fn is_long() -> bool {
    seeds() > 1000
}

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
