//! Rows that are rejected come back in a file that can be mended.

use super::{Desk, LEADS};
use crate::common::parse;
use rust_xlsxwriter::Workbook;

#[test]
fn rejected_rows_come_back_and_can_be_mended() {
    let desk = Desk::new();
    let text = format!("{LEADS},钱某,13800138003,上海,展会,2026-03-01\n某丁公司,赵某,1.38E+10,上海,展会,2026-03-01\n");
    let file = desk.write("leads.csv", &text);
    let (json, code) = desk.import(&["lead", "import", &file]);
    assert_eq!((code, &json["created"], &json["rejected"]), (3, &2.into(), &2.into()));
    assert_eq!(json["rejects_file"], "../leads.rejects.csv");
    let rejects = desk.read("../leads.rejects.csv");
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines[0], "公司名称,联系人,手机,地区,来源,获取日期,row,reason");
    assert_eq!(lines[1], ",钱某,13800138003,上海,展会,2026-03-01,4,Company is missing");
    assert!(lines[2].starts_with("某丁公司,赵某,1.38E+10,上海,展会,2026-03-01,5,"), "{rejects}");
    assert_eq!(desk.read("../leads.csv"), text, "the input is left alone");

    let mended = rejects.replacen("\n,钱某", "\n某丙公司,钱某", 1);
    let again = desk.write("leads.rejects.csv", &mended);
    assert_eq!(desk.counts(&["lead", "import", &again]), [1, 0, 0, 0, 1]);
    assert_eq!(desk.read("../leads.rejects.csv"), mended, "what a person mends is not overwritten");
    assert!(desk.read("../leads.rejects-2.csv").contains("某丁公司"));
    let custom = desk.ok(&["lead", "list", "--json"]).stdout;
    assert!(!custom.contains("is missing"), "the reason is not imported: {custom}");
    desk.assert_clean();
}

#[test]
fn a_missing_column_is_told_once() {
    let desk = Desk::new();
    let rows: String = (1..=8).map(|n| format!("某{n}公司,王某,1380013800{n},上海,2026-03-01\n")).collect();
    let file = desk.write("leads.csv", format!("公司名称,联系人,手机,地区,获取日期\n{rows}"));
    let told = desk.run(&["lead", "import", &file, "--lang", "zh"]);
    assert_eq!(told.code, 3, "{told}");
    assert_eq!(told.stderr.matches("缺少来源").count(), 1, "{told}");
    assert!(told.stderr.contains("拒绝：第 2-9 行，共 8 行：缺少来源"), "{told}");
    assert!(told.stderr.contains("`--set 来源=…`") && !told.stderr.contains("警告"), "{told}");
    assert_eq!(desk.counts(&["lead", "import", &file, "--set", "来源=展会"]), [8, 0, 0, 0, 0]);
}

#[test]
fn the_same_rejected_rows_are_one_file_however_often() {
    let desk = Desk::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in [["公司名称", "手机"], ["杭州甲贸易有限公司", "138"]].iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *text).unwrap();
        }
    }
    let file = desk.write("book.xlsx", book.save_to_buffer().unwrap());
    for _ in 0..2 {
        let told = desk.run(&["lead", "import", &file, "-q"]);
        assert!(told.stderr.contains("`../book.rejects.xlsx`"), "named under -q too: {told}");
        // A workbook states its seconds, and the next is another.
        std::thread::sleep(std::time::Duration::from_millis(1100));
    }
    assert!(!desk.exists("../book.rejects-2.xlsx"));
}

#[test]
fn where_rejected_rows_go() {
    let desk = Desk::new();
    let bad =
        desk.write("bad.csv", "公司名称,联系人,手机,地区,来源,获取日期\n,王某,13800138001,上海,展会,2026-03-01\n");
    assert_eq!(desk.import(&["lead", "import", &bad, "--rejects", "../mine.csv"]).0["rejects_file"], "../mine.csv");
    assert!(desk.exists("../mine.csv") && !desk.exists("../bad.rejects.csv"));
    let refused = desk.run(&["lead", "import", &bad, "--rejects", &bad]);
    assert_eq!(refused.code, 2, "{refused}");
    assert_eq!(desk.run(&["lead", "import", &bad, &bad, "--rejects", "../x.csv"]).code, 2);
    let lost = desk.run(&["lead", "import", &bad, "--rejects", "../no/such/folder.csv"]);
    assert_eq!(lost.code, 1, "{lost}");
    let piped = desk.0.run_with(&["lead", "import", "-", "--json"], desk.read("../bad.csv"));
    let json = piped.json();
    assert_eq!((&json["file"], &json["rejects_file"]), (&"stdin".into(), &"stdin.rejects.csv".into()), "{piped}");
    assert_eq!(desk.run(&["lead", "import", &bad, "--dry-run"]).code, 3);
    assert!(!desk.exists("../bad.rejects.csv"), "a dry run writes nothing");
}

#[test]
fn nothing_is_imported_when_the_rejected_rows_cannot_be_written() {
    let desk = Desk::new();
    let file = desk.write("leads.csv", format!("{LEADS},钱某,13800138003,上海,展会,2026-03-01\n"));
    let commits = desk.commits();
    assert_eq!(desk.run(&["lead", "import", &file, "--rejects", "../no/such/folder.csv"]).code, 1);
    assert_eq!(desk.commits(), commits);
}

#[test]
fn strict_takes_all_or_none() {
    let desk = Desk::new();
    let file = desk.write("leads.csv", format!("{LEADS},钱某,13800138003,上海,展会,2026-03-01\n"));
    let output = desk.run(&["lead", "import", &file, "--strict"]);
    assert_eq!(output.code, 6, "{output}");
    assert!(output.stderr.contains("row 4: Company is missing"), "{output}");
    assert!(!desk.exists("leads") && !desk.exists("../leads.rejects.csv"));
}

#[test]
fn rejected_rows_come_back_in_the_format_they_came_in() {
    let desk = Desk::new();
    let bad = "公司名称,联系人,手机,地区,来源,获取日期\n甲公司,王某,13800138001,上海,不认识,2026-03-01\n";
    let gbk = desk.write("gbk.csv", encoding_rs::GBK.encode(bad).0);
    desk.import(&["lead", "import", &gbk]);
    let back = std::fs::read(desk.0.dir().join("../gbk.rejects.csv")).unwrap();
    assert!(encoding_rs::GBK.decode(&back).0.contains("甲公司,王某"), "in GBK again");
    let json =
        r#"[{"company":"甲公司","contact_name":"王某","phone":"13800138001","source":"不认识","region":"上海"}]"#;
    desk.import(&["lead", "import", &desk.write("l.json", json)]);
    let back = parse(&desk.read("../l.rejects.json"));
    assert_eq!((&back[0]["company"], &back[0]["_row"]), (&"甲公司".into(), &1.into()), "{back}");
    let mended = desk
        .read("../l.rejects.json")
        .replace("不认识", "展会")
        .replace("\"region\"", "\"acquired_on\": \"2026-03-01\",\n\"region\"");
    assert_eq!(desk.counts(&["lead", "import", &desk.write("l.rejects.json", mended)]), [1, 0, 0, 0, 0]);
}

/// A workbook with a title above the headings, on a sheet with a name of its own.
fn titled_book(rows: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("客户").unwrap();
    sheet.write_string(0, 0, "客户登记表").unwrap();
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.split(',').enumerate() {
            sheet.write_string(row as u32 + 1, column as u16, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn rejected_rows_are_imported_with_the_map_of_their_file() {
    let desk = Desk::new();
    let head = "公司名称,联系人,手机,地区,来源,获取日期";
    let good = "某甲公司,王某,13800138001,上海,展会,2026-03-01";
    let book =
        titled_book(&[head, good, "某乙公司,李某,138,上海,展会,2026-03-01", "某丙公司,李某,139,上海,展会,2026-03-01"]);
    let file = desk.write("b.xlsx", book);
    let map = desk.ok(&["import", "map", &file, "--kind", "lead"]).stdout;
    assert!(map.contains("sheet = \"客户\"") && map.contains("header_row = 2"), "{map}");
    let map = desk.write("b.toml", map);
    assert_eq!(desk.counts(&["lead", "import", &file, "--map", &map, "--lang", "zh"]), [1, 0, 0, 0, 2]);
    let again = ["lead", "import", "../b.rejects.xlsx", "--map", &map];
    assert_eq!(desk.counts(&again), [0, 0, 0, 0, 2], "read with the map, and refused for the same reasons");
    let rows = |name: &str| {
        let bytes = std::fs::read(desk.0.dir().join(name)).unwrap();
        let options = kehu::import::ReadOptions::default();
        let table = kehu::import::read_table(&kehu::import::Input { name, bytes: &bytes }, &options).unwrap();
        assert_eq!(table.sheet.as_deref(), Some("客户"));
        table.rows.iter().map(|row| row.cell(6).display().into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (rows("../b.rejects.xlsx"), rows("../b.rejects-2.xlsx")),
        (vec!["4".into(), "5".into()], vec!["4".into(), "5".into()])
    );
}
