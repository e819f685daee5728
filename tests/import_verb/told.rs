//! What an import says: which rows, why, and what to do about it.

use super::{Desk, LEADS};

#[test]
fn a_value_kept_aside_is_told_where_the_row_lacks_it() {
    let desk = Desk::new();
    let text = "公司名称,联系人,手机,地区,来源,获取日期\n某甲公司,王某,1.39E+10,上海,展会,2026-03-01\n";
    let file = desk.write("a.csv", text);
    let told = desk.run(&["lead", "import", &file, "--on-invalid", "keep", "--lang", "zh"]);
    assert_eq!(told.code, 3, "{told}");
    assert!(told.stderr.contains("位数已在表格中丢失") && told.stderr.contains("缺少电话或邮箱"), "{told}");
}

#[test]
fn remarks_name_their_rows() {
    let desk = Desk::new();
    let head = "公司名称,联系人,手机,地区,来源,获取日期";
    let row = |n: usize| format!("某{n}公司,王某,1390013800{n},上海,展会,2026-03-01");
    let rows: Vec<String> = (1..=9).map(row).collect();
    desk.ok(&["lead", "import", &desk.write("a.csv", format!("{head}\n{}\n", rows.join("\n")))]);
    let rows: Vec<String> = rows.iter().map(|row| format!("{row},要报价,x")).collect();
    let more = desk.write("b.csv", format!("{head},备注,\n{}\n", rows.join("\n")));
    let told = desk.ok(&["lead", "import", &more, "--lang", "zh"]);
    let first = "警告：第 2 行：已跳过，电话与 `LEAD-2026-001` 相同；其中 1 项该记录没有";
    assert!(told.stderr.contains(first) && told.stderr.contains("用 `--on-duplicate update` 可将"), "{told}");
    assert!(told.stderr.contains("警告：另有 4 行类似情况：第 7-10 行"), "{told}");
    assert!(told.stderr.contains("“列 H”") && !told.stderr.contains("column"), "{told}");
    let told = desk.ok(&["lead", "import", &more, "--lang", "zh", "-v"]);
    assert!(told.stderr.contains("第 10 行：已跳过") && !told.stderr.contains("类似情况"), "{told}");
    let map = desk.write("m.toml", "[columns]\nsource_note = \"列 H\"\n");
    let told = desk.ok(&["lead", "import", &more, "--map", &map, "--on-duplicate", "update"]);
    assert!(told.stdout.contains("9 updated"), "{told}");
    assert!(desk.read("leads/2026/LEAD-2026-001.toml").contains("source_note = \"x\""));
}

#[test]
fn follow_ups_without_a_next_step_are_told_once() {
    let desk = Desk::new();
    desk.ok(&["user", "add", "wang", "name=王某", "email=t@example.com"]);
    desk.ok(&["lead", "import", &desk.write("leads.csv", LEADS)]);
    let head = "跟进客户,跟进时间,跟进方式,沟通要点,下一步行动,下次跟进日期,跟进人";
    let row = |subject: &str, day: u32, next: &str| format!("{subject},2026-03-0{day} 10:00,电话,谈价格,{next},wang\n");
    let (one, two) = ("LEAD-2026-001", "LEAD-2026-002");
    let text = [row(one, 3, ","), row(one, 4, ","), row(two, 4, "报价,2026-03-20"), row(two, 3, ",")].concat();
    let file = desk.write("f.csv", format!("{head}\n{text}"));
    let told = desk.ok(&["followup", "import", &file, "--lang", "zh"]);
    assert!(told.stderr.contains("警告：第 3 行：对象未结，最近一次跟进缺少下一步行动和下次跟进日期"), "{told}");
    assert_eq!(told.stderr.matches("对象未结").count(), 1, "{told}");
    let early = desk.write("e.csv", format!("{head}\n{}", row(one, 2, ",")));
    let (json, _) = desk.import(&["followup", "import", &early]);
    assert_eq!(json["rows_without_next"], serde_json::json!([]), "a later one is there");
}

#[test]
fn unknown_owners_and_missing_reasons_come_with_a_way_out() {
    let desk = Desk::new();
    desk.ok(&["user", "add", "zhang.san", "name=张某", "email=t@example.com"]);
    let row = |n: u32, rest: &str| format!("某{n}公司,王某,1380013800{n},上海,展会,2026-03-01,{rest}\n");
    let text = [row(1, "小张,"), row(2, "赵六,"), row(3, ",无效")].concat();
    let file = desk.write("a.csv", format!("公司名称,联系人,手机,地区,来源,获取日期,负责人,状态\n{text}"));
    let told = desk.run(&["lead", "import", &file, "--lang", "zh"]);
    assert!(told.stderr.contains("第 2 行：负责人“小张”不存在；最接近的是 `zhang.san` (张某)"), "{told}");
    assert!(told.stderr.contains("第 3 行：负责人“赵六”不存在；可用 `kehu user list`"), "{told}");
    assert!(
        told.stderr.contains("必须有剔除原因；请写明 `剔除原因=…`，可选：") && told.stderr.contains("重复"),
        "{told}"
    );
}

#[test]
fn rows_of_other_reasons_are_not_said_to_be_alike() {
    let desk = Desk::new();
    let head = "公司名称,联系人,手机,地区,来源,获取日期\n";
    let days =
        (1..=11).map(|n| format!("2027-01-{n:02}")).chain(["1980-01-01".into(), String::new(), "很久以前".into()]);
    let row = |(n, day): (usize, String)| format!("某{n}公司,王某,138001380{n:02},上海,展会,{day}\n");
    let file = desk.write("a.csv", format!("{head}{}", days.enumerate().map(row).collect::<String>()));
    let told = desk.run(&["lead", "import", &file, "--lang", "zh"]);
    assert!(told.stderr.contains("另有 4 行是其他原因（`-v` 逐一说明）：第 12-15 行"), "{told}");
    assert!(!told.stderr.contains("类似情况"), "{told}");
    let told = desk.run(&["lead", "import", &file, "--lang", "zh", "-v"]);
    assert!(told.stderr.contains("早于 1990 年") && !told.stderr.contains("其他原因"), "{told}");
}

#[test]
fn days_are_taken_as_sales_teams_write_them() {
    let desk = Desk::new();
    let head = "公司名称,联系人,手机,地区,来源,获取日期\n";
    let rows = |days: &[&str]| {
        let row = |(n, day): (usize, &&str)| format!("某{n}公司,王某,1380013800{n},上海,展会,{day}\n");
        format!("{head}{}", days.iter().enumerate().map(row).collect::<String>())
    };
    let short = desk.write("short.csv", rows(&["26/3/5", "26/3/6"]));
    let told = desk.run(&["lead", "import", &short, "--lang", "zh"]);
    assert!(told.code == 3 && told.stderr.contains("“26/3/5”的年份只有两位"), "{told}");
    assert!(told.stderr.contains("--date-order year-first"), "{told}");
    let (json, _) = desk.import(&["lead", "import", &short, "--date-order", "year-first", "--dry-run"]);
    assert_eq!((&json["created"], &json["rejected"]), (&2.into(), &0.into()), "{json}");
    let days = ["2026-03-05（周四）", "2026年3月5日星期四", "2026 03 05", "05-Mar-26", "26/3/5", "2026/3/5"];
    let (json, _) = desk.import(&["lead", "import", &desk.write("a.csv", rows(&days))]);
    assert_eq!((&json["created"], &json["rejected"]), (&6.into(), &0.into()), "{json}");
    let count = desk.ok(&["lead", "list", "--where", "acquired_on = 2026-03-05", "-q"]).stdout;
    assert_eq!(count.lines().count(), 6);
}
