//! `kehu NOUN import`, run as people run it: files in, records, commits, rejected rows and words out.

mod common;

use common::{Env, Output, parse};
use rust_xlsxwriter::{Format as CellFormat, Workbook};
use serde_json::Value as Json;

const LEADS: &str = "\
公司名称,联系人,手机,地区,来源,获取日期
杭州甲贸易有限公司,王某,13800138001,浙江 杭州,展会,2026-03-01
上海乙科技有限公司,李某,13800138002,上海,老客户,2026-03-02
";

/// A repository in the working folder of an environment of its own.
struct Desk(Env);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(Env::new());
        desk.git(&["init", "-q", "-b", "main"]);
        desk.git(&["config", "user.name", "Tester"]);
        desk.git(&["config", "user.email", "t@example.com"]);
        desk.ok(&["init", "--lang", "en"]);
        desk
    }

    fn git(&self, args: &[&str]) -> String {
        let output = self.0.git(args);
        assert_eq!(output.code, 0, "git {args:?}\n{output}");
        output.stdout
    }

    fn run(&self, args: &[&str]) -> Output {
        self.0.run(args)
    }

    fn ok(&self, args: &[&str]) -> Output {
        let output = self.run(args);
        assert_eq!(output.code, 0, "kehu {args:?}\n{output}");
        output
    }

    /// Writes a file beside the repository, where it dirties nothing; returns its path as typed.
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        std::fs::write(self.0.dir().join("..").join(name), bytes).unwrap();
        format!("../{name}")
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.dir().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn exists(&self, path: &str) -> bool {
        self.0.dir().join(path).exists()
    }

    /// Imports, checks that every row is accounted for, and returns the counts with the exit code.
    fn import(&self, args: &[&str]) -> (Json, i32) {
        let output = self.run(&[args, &["--json"]].concat());
        let json = output.json();
        let count = |key: &str| json[key].as_u64().unwrap_or_else(|| panic!("{key}: {json}"));
        let parts = ["created", "updated", "unchanged", "duplicates", "rejected", "skipped"].map(count);
        assert_eq!(parts.iter().sum::<u64>(), count("rows"), "{json}");
        (json, output.code)
    }

    /// Returns created, updated, unchanged, duplicates, rejected.
    fn counts(&self, args: &[&str]) -> [u64; 5] {
        let (json, code) = self.import(args);
        let counts =
            ["created", "updated", "unchanged", "duplicates", "rejected"].map(|key| json[key].as_u64().unwrap());
        assert_eq!(code, if counts[4] > 0 { 3 } else { 0 }, "{json}");
        counts
    }

    fn commits(&self) -> usize {
        self.git(&["log", "--oneline"]).lines().count()
    }

    fn assert_clean(&self) {
        assert_eq!(self.git(&["status", "--short"]), "");
    }
}

#[test]
fn the_published_result() {
    let desk = Desk::new();
    let file = desk.write("leads.csv", LEADS);
    let (json, code) = desk.import(&["lead", "import", &file]);
    assert_eq!(code, 0);
    assert_eq!(
        (&json["schema"], &json["version"], &json["file"]),
        (&"kehu.import".into(), &1.into(), &"leads.csv".into())
    );
    assert_eq!(json["commit"], desk.git(&["rev-parse", "HEAD"]).trim());
    let message = desk.git(&["log", "-1", "--format=%B"]);
    assert!(message.starts_with("lead: import 2 (leads.csv)\n"), "{message}");
    assert!(message.contains(&format!("Kehu-Source-Sha256: {}", json["sha256"].as_str().unwrap())), "{message}");
    assert!(!message.contains("王某") && !message.contains("贸易"), "{message}");
    desk.assert_clean();
}

#[test]
fn the_same_file_twice_changes_nothing_for_every_kind() {
    let desk = Desk::new();
    for (kind, name, text, rows) in [
        ("user", "users.csv", "登录名,姓名,邮箱,角色\nli.ming,李某,li@example.com,销售\n,王某,wang@example.com,\n", 2),
        ("product", "products.csv", "产品编号,产品名称\nDESK-01,办公桌\nDESK-02,会议桌\n", 2),
        ("lead", "leads.csv", LEADS, 2),
        (
            "customer",
            "customers.csv",
            "客户编号,客户名称,联系人,电话,来源,建档日期,负责人\nB2B-2024-007,某丙公司,张某,13800138003,展会,2024-03-01,李某\n\
             ,某丁公司,赵某,13800138004,展会,2026-03-01,wang@example.com\n",
            2,
        ),
        (
            "followup",
            "followups.csv",
            "跟进客户,跟进时间,跟进方式,沟通要点,下一步行动,下次跟进日期,跟进人\n某丙公司,2026-03-05 10:00,电话,谈价格,报价,2026-03-20,李某\n\
             13800138001,2026-03-06 10:00,电话,谈价格,报价,2026-03-20,wang\n",
            2,
        ),
    ] {
        let file = desk.write(name, text);
        assert_eq!(desk.counts(&[kind, "import", &file]), [rows, 0, 0, 0, 0], "{kind}");
        let commits = desk.commits();
        for mode in ["skip", "update", "keep"] {
            let counts = desk.counts(&[kind, "import", &file, "--on-duplicate", mode]);
            assert_eq!(counts, [0, 0, rows, 0, 0], "{kind} {mode}");
        }
        assert_eq!(desk.commits(), commits, "{kind}");
    }
    assert!(desk.read("customers/2024/B2B-2024-007.toml").contains("owner = \"li.ming\""));
    assert!(desk.read("customers/2026/B2B-2026-001.toml").contains("owner = \"wang\""));
    let subjects = desk.ok(&["followup", "list", "--columns", "subject", "-o", "csv"]).stdout;
    assert!(subjects.contains("B2B-2024-007") && subjects.contains("LEAD-2026-001"), "{subjects}");
    desk.assert_clean();
}

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
    assert!(told.stderr.contains("拒绝：第 2、3、4、5、6 … 行，共 8 行：缺少来源"), "{told}");
    assert!(told.stderr.contains("`--set 来源=…`") && !told.stderr.contains("警告"), "{told}");
    assert_eq!(desk.counts(&["lead", "import", &file, "--set", "来源=展会"]), [8, 0, 0, 0, 0]);
}

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
fn an_update_tells_what_went_with_the_industry() {
    let desk = Desk::new();
    let row = |industry: &str, day: &str| {
        format!("公司名称,联系人,手机,地区,来源,获取日期,行业\n甲公司,王某,13800138001,上海,展会,{day},{industry}\n")
    };
    desk.ok(&["lead", "import", &desk.write("a.csv", row("机械", "2026-03-01"))]);
    assert!(desk.read("leads/2026/LEAD-2026-001.toml").contains("industry_note = \"机械\""));
    let update = ["lead", "import", &desk.write("b.csv", row("教育", "2026-03-09")), "--on-duplicate", "update"];
    let told = desk.ok(&[&update[..], &["--lang", "zh"]].concat());
    assert!(told.stderr.contains("细分行业：机械 → –"), "{told}");
    let text = desk.read("leads/2026/LEAD-2026-001.toml");
    assert!(text.contains("industry = \"education\"") && !text.contains("机械"), "{text}");
    assert!(text.contains("acquired_on = 2026-03-01"), "the first contact stays: {text}");
    assert_eq!(desk.counts(&update), [0, 0, 1, 0, 0]);
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
fn a_dry_run_tells_and_writes_nothing() {
    let desk = Desk::new();
    let file =
        desk.write("leads.csv", format!("{LEADS}上海乙科技,李某,13800138002,上海,老客户,2026-03-02\n合计,,,,,\n"));
    let output = desk.ok(&["lead", "import", &file, "--dry-run"]);
    insta::assert_snapshot!(output, @r"
    create LEAD-2026-001: 杭州甲贸易有限公司
    create LEAD-2026-002: 上海乙科技有限公司
    leads.csv: 2 created, 0 updated, 0 unchanged, 1 duplicates, 0 rejected, 1 skipped; nothing was written (`--dry-run`)
    ------- stderr -------
    read as UTF-8, columns parted by `,`
    row 5: a total, not a record
    warning: row 4: same telephone number as row 3
    ");
    assert_eq!(desk.commits(), 1);
    desk.assert_clean();
    desk.ok(&["lead", "import", &file]);
    let more = desk.write("more.csv", "手机,备注,地区\n13800138002,要报价,上海\n");
    let output = desk.ok(&["lead", "import", &more, "--dry-run", "--on-duplicate", "update"]);
    assert!(output.stdout.starts_with("update LEAD-2026-002: Remark: 要报价\n"), "{output}");
}

#[test]
fn an_update_is_one_line_a_field_and_blanks_nothing() {
    let desk = Desk::new();
    desk.ok(&["lead", "import", &desk.write("leads.csv", LEADS)]);
    let path = "leads/2026/LEAD-2026-001.toml";
    let text = desk.read(path).replace("contact_name = \"王某\"", "contact_name = \"王某\" # 采购");
    std::fs::write(desk.0.dir().join(path), format!("# 重点\n{text}")).unwrap();
    desk.git(&["commit", "-qam", "by hand"]);
    let more = desk.write("more.csv", "公司名称,联系人,手机,备注,地区\n杭州甲贸易,王某某,138-0013-8001,要报价,\n");
    assert_eq!(desk.counts(&["lead", "import", &more]), [0, 0, 0, 0, 1], "alone it lacks too much");
    assert_eq!(desk.counts(&["lead", "import", &more, "--on-duplicate", "update"]), [0, 1, 0, 0, 0]);
    let diff = desk.git(&["show", "--format=%s", "-U0", "HEAD"]);
    let changed: Vec<&str> = diff
        .lines()
        .filter(|line| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---"))
        .collect();
    assert_eq!(
        changed,
        [
            "-company = \"杭州甲贸易有限公司\"",
            "-contact_name = \"王某\" # 采购",
            "+company = \"杭州甲贸易\"",
            "+contact_name = \"王某某\" # 采购",
            "+remark = \"要报价\"",
        ],
        "{diff}"
    );
    assert!(diff.starts_with("lead: update 1 (more.csv)"), "{diff}");
    assert!(desk.read(path).contains("region = \"浙江 杭州\"") && desk.read(path).starts_with("# 重点"));
    assert_eq!(desk.counts(&["lead", "import", &more, "--on-duplicate", "update"]), [0, 0, 1, 0, 0]);
}

#[test]
fn rows_that_undo_each_other_count_as_unchanged() {
    let desk = Desk::new();
    let text = format!("{LEADS}杭州甲贸易,赵某,13800138001,浙江 杭州,展会,2026-03-01\n");
    let file = desk.write("leads.csv", text);
    assert_eq!(desk.counts(&["lead", "import", &file, "--on-duplicate", "update"]), [2, 0, 0, 1, 0]);
    assert_eq!(desk.commits(), 2);
    assert_eq!(desk.counts(&["lead", "import", &file, "--on-duplicate", "update"]), [0, 0, 3, 0, 0]);
    assert_eq!(desk.commits(), 2);
}

#[test]
fn an_update_that_breaks_a_rule_is_rejected_alone() {
    let desk = Desk::new();
    let file = "公司名称,联系人,手机,地区,来源,获取日期,预算下限,预算上限\n甲公司,王某,13800138001,上海,展会,2026-03-01,10000,20000\n";
    desk.ok(&["lead", "import", &desk.write("a.csv", file)]);
    let more = "手机,预算下限,备注\n13800138001,90000,\n13800138001,,要报价\n";
    let (json, code) = desk.import(&["lead", "import", &desk.write("b.csv", more), "--on-duplicate", "update"]);
    assert_eq!((code, &json["updated"], &json["rejected"]), (3, &1.into(), &1.into()), "{json}");
}

#[test]
fn error_stops_at_the_first_duplicate() {
    let desk = Desk::new();
    desk.ok(&["lead", "import", &desk.write("leads.csv", LEADS)]);
    let more = desk.write("more.csv", format!("{LEADS}某丙公司,张某,13800138003,上海,展会,2026-03-01\n"));
    let output = desk.run(&["lead", "import", &more, "--on-duplicate", "error"]);
    assert_eq!(output.code, 5, "{output}");
    assert!(output.stderr.contains("row 2 has the same telephone number as `LEAD-2026-001`"), "{output}");
    assert_eq!(desk.commits(), 2);
}

#[test]
fn leads_meet_customers_and_keep_makes_both() {
    let desk = Desk::new();
    let customers =
        desk.write("c.csv", "客户名称,联系人,电话,来源,地区\n杭州甲贸易有限公司,王某,13800138009,展会,浙江 杭州\n");
    assert_eq!(desk.counts(&["customer", "import", &customers]), [1, 0, 0, 0, 0]);
    let leads = desk.write("leads.csv", LEADS);
    let (json, _) = desk.import(&["lead", "import", &leads, "--on-duplicate", "update"]);
    assert_eq!((&json["created"], &json["duplicates"]), (&1.into(), &1.into()));
    assert_eq!(json["duplicate_rows"][0]["number"], "B2B-2026-001");
    assert_eq!(desk.counts(&["lead", "import", &leads, "--on-duplicate", "keep"]), [1, 0, 1, 0, 0]);
    assert_eq!(desk.counts(&["lead", "import", &leads, "--on-duplicate", "keep"]), [0, 0, 2, 0, 0]);
}

#[test]
fn rows_meet_records_of_the_other_kind_in_every_mode() {
    let customers = "客户名称,联系人,电话,来源,地区\n杭州甲贸易有限公司,王某,13800138001,展会,浙江 杭州\n";
    for (first, then) in [("lead", "customer"), ("customer", "lead")] {
        let desk = Desk::new();
        let files =
            [("lead", LEADS.lines().take(2).collect::<Vec<_>>().join("\n")), ("customer", customers.to_string())];
        for (kind, text) in &files {
            desk.write(&format!("{kind}.csv"), text);
        }
        assert_eq!(desk.counts(&[first, "import", &format!("../{first}.csv")]), [1, 0, 0, 0, 0], "{first}");
        let file = format!("../{then}.csv");
        for mode in ["skip", "update"] {
            let counts = desk.counts(&[then, "import", &file, "--on-duplicate", mode]);
            assert_eq!(counts, [0, 0, 0, 1, 0], "{then} {mode}");
        }
        assert_eq!(desk.run(&[then, "import", &file, "--on-duplicate", "error"]).code, 5, "{then}");
        assert_eq!(desk.counts(&[then, "import", &file, "--on-duplicate", "keep"]), [1, 0, 0, 0, 0], "{then}");
        assert_eq!(desk.counts(&[then, "import", &file, "--on-duplicate", "keep"]), [0, 0, 1, 0, 0], "{then}");
    }
}

#[test]
fn further_contacts_join_their_customer() {
    let desk = Desk::new();
    let file = "客户名称,联系人,手机,来源,建档日期\n甲公司,王某,13800138001,展会,2026-03-01\n\
                甲公司,李某,13800138002,展会,2026-03-01\n甲公司,李某,13800138002,展会,2026-03-01\n";
    let file = desk.write("c.csv", file);
    let skipped = desk.ok(&["customer", "import", &file, "--dry-run"]);
    assert!(skipped.stderr.contains("2 of these rows name further contacts"), "{skipped}");
    assert_eq!(desk.counts(&["customer", "import", &file, "--on-duplicate", "update"]), [1, 1, 0, 1, 0]);
    let record = desk.read("customers/2026/B2B-2026-001.toml");
    assert_eq!(record.matches("[[contacts]]").count(), 2, "{record}");
    assert_eq!(desk.commits(), 2);
    assert_eq!(desk.counts(&["customer", "import", &file, "--on-duplicate", "update"]), [0, 0, 3, 0, 0]);
}

#[test]
fn second_numbers_stay_with_their_contact_and_the_first_row_stands() {
    let desk = Desk::new();
    let file = "客户名称,联系人,手机,座机,性别,地区,来源,建档日期,负责人\n\
                甲公司,王某,13800138001,0571-88888881,男,上海,展会,2026-03-01,someone\n\
                甲公司,李某,13800138002,0571-88888882,女,上海,转介绍,2026-03-01,someone\n";
    let file = desk.write("c.csv", file);
    let update = ["customer", "import", &file, "--on-duplicate", "update", "--keep-unknown"];
    desk.ok(&["user", "import", &desk.write("u.csv", "登录名,姓名,邮箱\nsomeone,某某,s@example.com\n")]);
    let (json, _) = desk.import(&update);
    assert_eq!([&json["created"], &json["updated"]], [1, 1], "{json}");
    let warnings: Vec<&str> =
        json["warnings"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    assert!(warnings.contains(&"Source: `Exhibition` of an earlier row stands, `Referral` was not taken"), "{json}");
    assert!(warnings.contains(&"性别: `男` of an earlier row stands, `女` was not taken"), "{json}");
    let record = desk.read("customers/2026/B2B-2026-001.toml");
    for line in ["other_phones = [\"0571-88888881\"]", "other_phones = [\"0571-88888882\"]", "source = \"exhibition\""]
    {
        assert!(record.contains(line), "{line}: {record}");
    }
    assert_eq!(desk.counts(&update), [0, 0, 2, 0, 0]);
}

#[test]
fn optional_values_that_cannot_be_read_may_be_kept() {
    let desk = Desk::new();
    let file = desk.write(
        "l.csv",
        "公司名称,联系人,手机,地区,来源,获取日期,行业\n甲公司,王某,13800138001,上海,展会,2026-03-01,阀门\n",
    );
    assert_eq!(desk.counts(&["lead", "import", &file, "--dry-run"]), [0, 0, 0, 0, 1]);
    assert_eq!(desk.counts(&["lead", "import", &file, "--on-invalid", "keep"]), [1, 0, 0, 0, 0]);
    assert!(desk.read("leads/2026/LEAD-2026-001.toml").contains("阀门"));
    let bad =
        desk.write("b.csv", "公司名称,联系人,手机,地区,来源,获取日期\n乙公司,王某,1380013800,上海,展会,2026-03-01\n");
    assert_eq!(
        desk.counts(&["lead", "import", &bad, "--on-invalid", "keep"]),
        [0, 0, 0, 0, 1],
        "a channel is required"
    );
}

#[test]
fn archive_numbers_survive_and_are_never_given_twice() {
    let desk = Desk::new();
    let head = "客户编号,客户名称,客户类别,联系人,手机,来源\n";
    let file = format!(
        "{head},甲公司,,王某,13800138001,展会\nB2B-2026-001,乙公司,,李某,13800138002,展会\n\
         GOV-2024-3,某局,,张某,13800138003,展会\nKH-7,丙公司,,赵某,13800138004,展会\n\
         B2B-2024-020,丁公司,政府,钱某,13800138005,展会\nB2B-2026-001,戊公司,,孙某,13800138006,展会\n"
    );
    let (json, _) = desk.import(&["customer", "import", &desk.write("c.csv", file)]);
    assert_eq!([&json["created"], &json["duplicates"], &json["rejected"]], [4, 1, 1], "{json}");
    assert!(desk.read("customers/2026/B2B-2026-001.toml").contains("乙公司"), "the stated one");
    assert!(desk.read("customers/2026/B2B-2026-002.toml").contains("甲公司"), "the next free one");
    assert!(desk.read("customers/2024/GOV-2024-003.toml").contains("category = \"GOV\""));
    assert!(
        desk.read("customers/2026/B2B-2026-003.toml").contains("\"客户编号\" = \"KH-7\""),
        "another's number is kept"
    );
    desk.ok(&["customer", "rm", "GOV-2024-003", "--confirm", "GOV-2024-003"]);
    let again = format!("{head}GOV-2024-003,某局,,张某,13800138003,展会\nGOV-2024-001,某院,,张某,13800138013,展会\n");
    let (json, _) = desk.import(&["customer", "import", &desk.write("d.csv", again)]);
    assert_eq!([&json["created"], &json["rejected"]], [1, 1], "below the highest, but never used: {json}");
    assert!(json["rejected_rows"][0]["reason"].as_str().unwrap().contains("never used twice"), "{json}");
    assert!(desk.exists("customers/2024/GOV-2024-001.toml"));
}

#[test]
fn unknown_values_join_their_dictionary_on_request() {
    let desk = Desk::new();
    let file = format!(
        "{LEADS}某丙公司,张某,13800138003,上海,抖音直播,2026-03-01\n某丁公司,赵某,13800138004,上海,抖音直播,2026-03-01\n"
    );
    let file = desk.write("leads.csv", file);
    assert_eq!(desk.counts(&["lead", "import", &file]), [2, 0, 0, 0, 2]);
    let other = desk.write(
        "other.csv",
        "公司名称,联系人,手机,地区,来源,获取日期\n某戊公司,孙某,13800138005,上海,抖音直播,2026-03-01\n",
    );
    let output = desk.ok(&["lead", "import", &file, &other, "--add-unknown"]);
    assert!(output.stderr.contains("dictionary `source` gained `抖音直播`"), "{output}");
    assert_eq!(desk.commits(), 4, "one commit each");
    let added = desk.git(&["diff", "HEAD~2", "HEAD", "--", "config"]);
    let lines = added.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++")).count();
    assert_eq!(lines, 1, "one line for one value: {added}");
    let update = desk.write("update.csv", "手机,来源\n13800138001,短视频\n");
    assert_eq!(desk.counts(&["lead", "import", &update, "--on-duplicate", "update", "--add-unknown"]), [0, 1, 0, 0, 0]);
    assert!(desk.read("leads/2026/LEAD-2026-001.toml").contains("source = \"短视频\""));
    let check = desk.run(&["check"]);
    assert!(!check.stdout.contains("unknown-key"), "{check}");
}

#[test]
fn constants_and_columns_without_a_field() {
    let desk = Desk::new();
    let file = desk.write("leads.csv", "公司名称,联系人,手机,抖音号,Emial\n甲公司,王某,13800138001,dy1,a@b.cn\n");
    let set = ["--set", "source=展会", "--set", "region=上海", "--set", "acquired_on=2026-03-01"];
    let output = desk.ok(&[&["lead", "import", &file, "--keep-unknown", "--dry-run"][..], &set].concat());
    assert!(!output.stderr.contains("no field"), "{output}");
    let output = desk.ok(&[&["lead", "import", &file, "--dry-run"][..], &set].concat());
    assert!(
        output.stderr.contains("columns that match no field are left out: `抖音号`, `Emial` (nearest: E-mail `email`)"),
        "{output}"
    );
    desk.ok(&[&["lead", "import", &file, "--keep-unknown"][..], &set].concat());
    let record = desk.read("leads/2026/LEAD-2026-001.toml");
    assert!(record.contains("\"抖音号\" = \"dy1\"") && record.contains("source = \"exhibition\""), "{record}");
    let wrong = desk.run(&["lead", "import", &file, "--set", "shoe_size=42"]);
    assert_eq!(wrong.code, 2, "{wrong}");
}

#[test]
fn owners_and_subjects_by_name() {
    let desk = Desk::new();
    let users =
        "登录名,姓名,邮箱\nli.ming,李某,li@example.com\nwang,王某,wang@example.com\nwang2,王某,wang2@example.com\n";
    desk.ok(&["user", "import", &desk.write("u.csv", users)]);
    let leads = "公司名称,联系人,手机,地区,来源,获取日期,负责人\n甲公司,a,13800138001,上海,展会,2026-03-01,李某\n\
                 乙公司,b,13800138002,上海,展会,2026-03-01,LI@example.com\n丙公司,c,13800138003,上海,展会,2026-03-01,li.min\n\
                 丁公司,d,13800138004,上海,展会,2026-03-01,王某\n戊公司,e,13800138005,北京,展会,2026-03-01,\n\
                 戊公司,f,13800138006,广州,展会,2026-03-01,\n";
    let (json, _) = desk.import(&["lead", "import", &desk.write("l.csv", leads)]);
    let reason = |at: usize| json["rejected_rows"][at]["reason"].as_str().unwrap_or_default().to_string();
    assert_eq!(json["created"], 4, "{json}");
    assert_eq!(reason(0), "Owner `li.min` does not exist; nearest is `li.ming` (李某)");
    assert_eq!(reason(1), "Owner `王某` may be `wang` (王某), `wang2` (王某); write the number of one of them");
    let followups = "跟进客户,跟进时间,跟进方式,沟通要点,跟进人\n甲公司,2026-03-05 10:00,电话,谈价格,wang\n\
                     戊公司,2026-03-05 10:00,电话,谈价格,wang\n没有的公司,2026-03-05 10:00,电话,谈价格,wang\n";
    let (json, _) = desk.import(&["followup", "import", &desk.write("f.csv", followups)]);
    assert_eq!([&json["created"], &json["rejected"]], [1, 2], "{json}");
    let ambiguous = json["rejected_rows"][0]["reason"].as_str().unwrap();
    assert!(ambiguous.contains("may be `LEAD-2026-003` (戊公司), `LEAD-2026-004` (戊公司)"), "{ambiguous}");
}

#[test]
fn who_imports_owns_what_the_file_gives_to_nobody() {
    let desk = Desk::new();
    desk.ok(&["user", "import", &desk.write("u.csv", "登录名,姓名,邮箱\ntester,某某,test@example.com\n")]);
    desk.ok(&["customer", "import", &desk.write("c.csv", "客户名称,来源\n甲公司,展会\n")]);
    let record = desk.read("customers/2026/B2B-2026-001.toml");
    assert!(record.contains("owner = \"tester\"") && record.contains("acquired_on = 2026-03-12"), "{record}");
}

#[test]
fn relaxed_fields_warn_and_check_keeps_telling() {
    let desk = Desk::new();
    let map = desk.write("map.toml", "kind = \"lead\"\nrelax = [\"region\", \"channel\"]\n");
    let file =
        desk.write("l.csv", "公司名称,联系人,来源,获取日期\n甲公司,王某,展会,2026-03-01\n个人,李某,展会,2026-03-01\n");
    let (json, code) = desk.import(&["lead", "import", &file, "--map", &map]);
    assert_eq!((code, &json["created"]), (0, &2.into()), "{json}");
    assert!(json["warnings"][0]["reason"].as_str().unwrap().contains("Region is missing"), "{json}");
    let check = desk.run(&["check"]);
    assert_eq!(check.code, 6, "a gap stays a gap until it is filled: {check}");
    assert_eq!(desk.counts(&["lead", "import", &file, "--map", &map]), [0, 0, 2, 0, 0], "without any key too");
}

#[test]
fn a_mapping_written_from_a_file_imports_it_alike() {
    for (name, text) in [
        ("plain.csv", LEADS.to_string()),
        ("titled.csv", format!("2026年展会登记表,,,,,\n说明：带 * 为必填,,,,,\n{LEADS}")),
        ("parts.csv", "Company;First Name;Last Name;Phone;Mobile;Country;City;Lead Source;Create Date;Shoe size\n\
                       Acme;Some;Body;021-55556666;13800138001;China;Shanghai;展会;2026-03-01;42\n".to_string()),
        ("range.csv", "公司名称\t联系人\t手机\t省\t市\t来源\t获取日期\t预算\n甲公司\t王某\t13800138001\t浙江\t杭州\t展会\t2026/3/1\t10-20万\n".to_string()),
    ] {
        let (direct, mapped) = (Desk::new(), Desk::new());
        let file = direct.write(name, &text);
        mapped.write(name, &text);
        let map = mapped.ok(&["import", "map", &file]).stdout;
        let map = mapped.write("map.toml", map);
        let plain = direct.counts(&["lead", "import", &file]);
        assert_eq!(mapped.counts(&["lead", "import", &file, "--map", &map]), plain, "{name}");
        assert!(plain[0] > 0 && plain[4] == 0, "{name}: {plain:?}");
        for number in 1..=plain[0] {
            let path = format!("leads/2026/LEAD-2026-{number:03}.toml");
            assert_eq!(direct.read(&path), mapped.read(&path), "{name}");
        }
    }
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
