//! What becomes of values: numbers, dictionaries, owners, columns without a field.

use super::{Desk, LEADS};

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
fn addresses_and_numbers_in_each_others_column() {
    let desk = Desk::new();
    let head = "公司名称,联系人,联系方式,邮箱,地区,来源,获取日期";
    let tail = "上海,展会,2026-03-01";
    let rows = [
        format!("某甲公司,王某,wang@example.com,,{tail}"),
        format!("某乙公司,李某,,13800138002,{tail}"),
        format!("某丙公司,赵某,13800138003/zhao@example.com,,{tail}"),
        format!("某丁公司,钱某,b@example.com,a@example.com,{tail}"),
    ];
    let file = desk.write("a.csv", format!("{head}\n{}\n", rows.join("\n")));
    let told = desk.ok(&["lead", "import", &file, "--lang", "zh"]);
    assert!(told.stderr.contains("第 2 行：电话栏填的是邮箱“wang@example.com”，已记入邮箱"), "{told}");
    assert!(told.stderr.contains("第 3 行：邮箱栏填的是电话“13800138002”，已记入电话"), "{told}");
    let list = desk.ok(&["lead", "list", "--columns", "phone,email", "-o", "csv"]).stdout;
    let cells: Vec<&str> = list.lines().skip(1).collect();
    assert_eq!(
        cells,
        [",wang@example.com", "13800138002,", "13800138003,zhao@example.com", ",a@example.com"],
        "{list}"
    );
    assert!(desk.read("leads/2026/LEAD-2026-004.toml").contains("b@example.com"), "nothing is lost");
    let customers = "客户名称,联系人,电话,邮箱,地区\n某戊公司,孙某,sun@example.com,,上海\n";
    desk.ok(&["customer", "import", &desk.write("c.csv", customers), "--set", "来源=展会"]);
    assert!(desk.read("customers/2026/B2B-2026-001.toml").contains("email = \"sun@example.com\""));
}
