//! Files as people make them: workbooks, encodings, and what is no table.

use super::{Desk, LEADS};
use rust_xlsxwriter::{Format as CellFormat, Workbook};

#[test]
fn an_empty_sheet_in_front_is_passed_over() {
    let desk = Desk::new();
    let mut book = Workbook::new();
    book.add_worksheet().set_name("封面").unwrap();
    let sheet = book.add_worksheet().set_name("线索").unwrap();
    for (row, cells) in LEADS.lines().enumerate() {
        for (column, text) in cells.split(',').enumerate() {
            sheet.write_string(row as u32, column as u16, text).unwrap();
        }
    }
    let file = desk.write("book.xlsx", book.save_to_buffer().unwrap());
    let told = desk.ok(&["lead", "import", &file]);
    assert!(told.stderr.contains("sheet `封面` is empty, so `线索` is read"), "{told}");
    assert_eq!(desk.ok(&["lead", "list", "--count"]).stdout, "2\n");
    let json = desk.ok(&["lead", "list", "--count", "--json"]).json();
    assert_eq!((&json["schema"], &json["count"]), (&"kehu.count".into(), &2.into()));
    assert_eq!(desk.ok(&["lead", "list", "-q", "--limit", "一条"]).stdout.lines().count(), 1);
    let refused = desk.run(&["lead", "list", "--limit", "few"]);
    assert!(refused.stderr.contains("`few` is not a count for `--limit`"), "{refused}");
}

#[test]
fn files_that_are_no_tables_end_in_one_line() {
    let desk = Desk::new();
    let encrypted = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), vec![0; 2000]].concat();
    let zip = [b"PK\x03\x04".to_vec(), vec![7; 300]].concat();
    for (name, bytes) in [
        ("zero.csv", Vec::new()),
        ("blank.csv", b" \r\n\n".to_vec()),
        ("damaged.xlsx", zip),
        ("encrypted.xlsx", encrypted),
        ("binary.csv", (0..=255u8).cycle().take(4000).collect()),
    ] {
        let output = desk.run(&["lead", "import", &desk.write(name, bytes)]);
        assert_eq!(output.code, 1, "{name}: {output}");
        let errors = output.stderr.lines().filter(|line| line.starts_with("error:")).count();
        assert!(errors == 1 && output.stdout.is_empty(), "{name}: {output}");
    }
    assert_eq!(desk.run(&["lead", "import", "."]).stderr.lines().next(), Some("error: `.` is a folder"));
    let good = desk.write("leads.csv", LEADS);
    let missing = desk.run(&["lead", "import", &good, "../nowhere.csv"]);
    assert_eq!((missing.code, missing.stderr.as_str()), (1, "error: there is no file `../nowhere.csv`\n"));
    assert_eq!(desk.commits(), 1, "a file that is not there is found before the first is imported");
    let header = desk.write("header.csv", LEADS.lines().next().unwrap());
    let output = desk.ok(&["lead", "import", &header]);
    assert!(output.stderr.contains("there are headers but no rows"), "{output}");
    let misnamed = desk.write("text.xlsx", LEADS);
    assert_eq!(desk.counts(&["lead", "import", &misnamed]), [2, 0, 0, 0, 0]);
}

#[test]
fn a_workbook_as_people_make_them() {
    let desk = Desk::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = CellFormat::new().set_bold();
    sheet.merge_range(0, 0, 0, 6, "2026 春季展会客户登记表", &bold).unwrap();
    sheet.write(1, 0, "填写说明：带 * 为必填").unwrap();
    for (column, text) in ["*公司名称", "联系人（必填）", "手机", "地区", "来源", "获取日期", "预算"].iter().enumerate()
    {
        sheet.write(2, column as u16, *text).unwrap();
    }
    sheet.merge_range(3, 3, 4, 3, "上海", &bold).unwrap();
    let day = CellFormat::new().set_num_format("yyyy/m/d");
    for (row, (company, phone)) in [("甲公司", 13_800_138_001.0), ("乙公司", 13_800_138_002.0)].into_iter().enumerate()
    {
        let row = row as u32 + 3;
        sheet.write(row, 0, company).unwrap();
        sheet.write(row, 1, "王某").unwrap();
        sheet.write(row, 2, phone).unwrap();
        sheet.write(row, 4, "展会").unwrap();
        sheet.write_with_format(row, 5, 46082.0, &day).unwrap();
        sheet.write(row, 6, "10-20万").unwrap();
    }
    sheet.write(5, 0, "合计").unwrap();
    sheet.write(5, 6, 300_000.0).unwrap();
    let file = desk.write("expo.xlsx", book.save_to_buffer().unwrap());
    let (json, _) = desk.import(&["lead", "import", &file]);
    assert_eq!([&json["created"], &json["skipped"]], [2, 1], "{json}");
    let record = desk.read("leads/2026/LEAD-2026-002.toml");
    for line in
        ["phone = \"13800138002\"", "region = \"上海\"", "acquired_on = 2026-03-01", "budget_max = \"200000.00\""]
    {
        assert!(record.contains(line), "{line}: {record}");
    }
}

#[test]
fn encodings_and_marks_are_found() {
    let utf16 = |big: bool| -> Vec<u8> {
        let units = "\u{feff}".encode_utf16().chain(LEADS.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let traditional = LEADS
        .replace("公司名称,联系人,手机,地区,来源,获取日期", "公司名稱,聯絡人,手機,地區,來源,獲取日期")
        .replace("展会", "展會")
        .replace("老客户", "老客戶")
        .replace("杭州甲贸易", "杭州甲貿易");
    for (name, bytes) in [
        ("gbk.csv", encoding_rs::GBK.encode(LEADS).0.into_owned()),
        ("big5.csv", encoding_rs::BIG5.encode(&traditional.replace("上海乙科技有限公司", "上海乙科技")).0.into_owned()),
        ("utf16le.csv", utf16(false)),
        ("utf16be.csv", utf16(true)),
        ("bom.csv", format!("\u{feff}{LEADS}").into_bytes()),
        ("cr.csv", LEADS.replace('\n', "\r").into_bytes()),
        ("crlf.csv", LEADS.replace('\n', "\r\n").into_bytes()),
        ("semicolon.csv", LEADS.replace(',', ";").into_bytes()),
        ("pipe.csv", LEADS.replace(',', "|").into_bytes()),
        ("tab.tsv", LEADS.replace(',', "\t").into_bytes()),
    ] {
        let desk = Desk::new();
        let (json, code) = desk.import(&["lead", "import", &desk.write(name, bytes)]);
        assert_eq!((code, &json["created"]), (0, &2.into()), "{name}: {json}");
        assert!(desk.read("leads/2026/LEAD-2026-001.toml").contains("source = \"exhibition\""), "{name}");
    }
}

#[test]
fn a_total_with_words_beside_it_is_no_record() {
    let desk = Desk::new();
    let head = "客户名称,联系人,电话,建档日期,地区";
    let rows = "某甲公司,王某,13800138001,2026-03-01,上海\n总计,3家,,,\n合计：,共1家,,,\n　ＴＯＴＡＬ：,张三,,,\nTotal,王某,13800138002,2026-03-01,上海\n";
    let file = desk.write("c.csv", format!("{head}\n{rows}"));
    let (json, code) = desk.import(&["customer", "import", &file, "--set", "来源=展会"]);
    assert_eq!((code, &json["created"], &json["skipped"]), (0, &2.into(), &3.into()), "Total may be a company: {json}");
}

/// Makes a workbook whose first column is merged over the first three of its rows.
fn under_one_company(heads: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in std::iter::once(&heads).chain(rows).enumerate() {
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(row as u32, column as u16, *text).unwrap();
        }
    }
    sheet.merge_range(1, 0, 3, 0, rows[0][0], &CellFormat::new()).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn rows_under_a_merged_company_are_its_contacts() {
    let heads = ["公司名称", "客户类型", "地区", "来源", "联系人", "手机", "备注"];
    let first = ["宁波示例设备有限公司", "intent", "浙江 宁波", "展会", "甲某", "13800138001", "第一"];
    let rows: [&[&str]; 5] = [
        &first,
        &["", "", "", "", "乙某", "13800138002", "懂技术"],
        &["", "", "", "", "丙某", "12", ""],
        &["杭州示例贸易有限公司", "intent", "浙江 杭州", "展会", "丁某", "13800138004", ""],
        &["", "", "", "", "戊某", "13800138005", ""],
    ];
    for mode in ["skip", "update", "keep", "error"] {
        let desk = Desk::new();
        let file = desk.write("clients.xlsx", under_one_company(&heads, &rows));
        let import =
            ["customer", "import", &file, "--set", "category=B2B", "--set", "owner=li.ming", "--on-duplicate", mode];
        let (json, _) = desk.import(&import);
        let counts = ["created", "updated", "unchanged", "duplicates", "rejected", "rows"].map(|key| json[key].clone());
        // The number `12` is none, and the last row says no company at all: only a merged cell joins rows.
        assert_eq!(counts, [2, 1, 0, 0, 2, 5].map(serde_json::Value::from), "{mode}: {json}");
        let record = desk.read("customers/2026/B2B-2026-001.toml");
        assert_eq!(record.matches("[[contacts]]").count(), 2, "{mode}: {record}");
        assert!(record.contains("name = \"乙某\"") && record.contains("第一\n懂技术"), "{mode}: {record}");
        if mode != "error" {
            let (again, _) = desk.import(&import);
            assert_eq!([&again["created"], &again["updated"], &again["rejected"]], [0, 0, 2], "{mode}: {again}");
        }
    }
    // Contacts of what was not taken are not taken either.
    let desk = Desk::new();
    let mut broken = rows;
    let nowhere = ["宁波示例设备有限公司", "nonsense", "浙江 宁波", "展会", "甲某", "13800138001", ""];
    broken[0] = &nowhere;
    let file = desk.write("clients.xlsx", under_one_company(&heads, &broken[..2]));
    let (json, said) = desk.import(&["customer", "import", &file, "--set", "category=B2B", "--set", "owner=li.ming"]);
    assert_eq!([&json["created"], &json["rejected"]], [0, 2], "{json} {said}");
    assert!(json.to_string().contains("it belongs to row 2, which was not taken"), "{json}");
}

#[test]
fn leads_under_a_merged_company_are_a_row_each() {
    let desk = Desk::new();
    let heads = ["公司名称", "联系人", "手机", "地区", "来源", "获取日期"];
    let rows: [&[&str]; 3] = [
        &["宁波示例设备有限公司", "甲某", "13800138001", "浙江 宁波", "展会", "2026-03-01"],
        &["", "乙某", "13800138002", "浙江 杭州", "展会", "2026-03-01"],
        &["", "丙某", "13800138003", "上海", "展会", "2026-03-01"],
    ];
    let file = desk.write("leads.xlsx", under_one_company(&heads, &rows));
    let (json, _) = desk.import(&["lead", "import", &file]);
    assert_eq!(json["created"], 3, "{json}");
    assert!(desk.read("leads/2026/LEAD-2026-003.toml").contains("company = \"宁波示例设备有限公司\""));
}
