//! Rows that meet records, or one another: added, updated, skipped, joined.

use super::{Desk, LEADS};

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
fn an_update_never_moves_an_owner_or_takes_a_status_back() {
    let desk = Desk::new();
    let sheet = |owner: &str, status: &str, remark: &str| {
        let row = |name: &str, end: &str, owner: &str| {
            format!("{name},王某,1380013800{end},上海,展会,2026-03-01,{owner},{status},{remark}\n")
        };
        let rows = [row("甲公司", "1", owner), row("乙公司", "2", owner)].concat();
        format!("公司名称,联系人,手机,地区,来源,获取日期,负责人,状态,备注\n{rows}")
    };
    desk.ok(&["lead", "import", &desk.write("a.csv", sheet("li", "assigned", ""))]);
    desk.ok(&["lead", "set", "LEAD-2026-001", "owner=wang", "status=qualified"]);
    desk.ok(&["lead", "set", "LEAD-2026-002", "owner=", "status=new"]);
    let update = |name: &str, text: String| {
        let file = desk.write(name, text);
        desk.ok(&["lead", "import", &file, "--on-duplicate", "update"])
    };
    let told = update("b.csv", sheet("li", "assigned", "要报价"));
    assert!(told.stderr.contains("row 2: 1 rows name another owner than their record has, who stays"), "{told}");
    assert!(told.stderr.contains("`kehu lead assign LEAD --to LOGIN`"), "{told}");
    assert!(told.stderr.contains("have a status that their lead has left behind"), "{told}");
    let first = desk.read("leads/2026/LEAD-2026-001.toml");
    assert!(first.contains("owner = \"wang\"") && first.contains("status = \"qualified\""), "{first}");
    assert!(first.contains("要报价"), "the rest is taken: {first}");
    let second = desk.read("leads/2026/LEAD-2026-002.toml");
    assert!(second.contains("owner = \"li\"") && second.contains("status = \"assigned\""), "{second}");
    update("c.csv", sheet("li", "converted", ""));
    let first = desk.read("leads/2026/LEAD-2026-001.toml");
    assert!(first.contains("status = \"qualified\""), "only a conversion converts: {first}");
    let file = desk.write("d.csv", sheet("li", "assigned", "要报价"));
    let again = desk.json(&["lead", "import", &file, "--on-duplicate", "update", "--json"]);
    assert_eq!([&again["updated"], &again["unchanged"]], [0, 2], "{again}");
    assert_eq!(again["rows_with_other_owner"], serde_json::json!([2]), "{again}");
    assert_eq!(again["rows_with_other_status"], serde_json::json!([2]), "{again}");
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
    assert_eq!(desk.counts(&["lead", "import", &more]), [0, 0, 0, 1, 0], "known by its number, whatever it lacks");
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
fn what_kehu_exports_comes_back_unchanged() {
    let desk = Desk::new();
    let more = "某丙公司,李某,13800138003,上海,展会,2026-03-02,无效,重复\n";
    let text: String = LEADS.lines().skip(1).map(|line| format!("{line},,\n")).collect();
    let head = "公司名称,联系人,手机,地区,来源,获取日期,状态,剔除原因";
    desk.ok(&["lead", "import", &desk.write("leads.csv", format!("{head}\n{text}{more}"))]);
    desk.ok(&["lead", "list", "-o", "../l.xlsx"]);
    for mode in ["update", "skip"] {
        assert_eq!(desk.counts(&["lead", "import", "../l.xlsx", "--on-duplicate", mode]), [0, 0, 3, 0, 0], "{mode}");
    }
    let rows = "编号,电话\nLEAD-2026-001,138\nLEAD-2026-077,13800138009\n";
    let told = desk.run(&["lead", "import", &desk.write("n.csv", rows), "--lang", "zh"]);
    let line = |row: usize| told.stderr.lines().find(|line| line.contains(&format!("第 {row} 行"))).unwrap();
    assert!(!line(2).contains("缺少"), "the record has what the row lacks: {told}");
    assert!(line(3).contains("缺少公司名称"), "{told}");
}
