//! What people write into cells, run through the binary: units, amounts, notes, and what an update changed.

mod common;

use common::{Env, Output};
use serde_json::Value as Json;

const HEAD: &str = "公司名称,联系人,手机,地区,来源,获取日期";

/// Returns a table of leads that differ in telephone and name, with more columns of these cells.
fn leads(columns: &str, cells: &[&str]) -> String {
    let rows = cells.iter().enumerate().map(|(at, cell)| {
        let number = at + 1;
        format!("某{number}号科技有限公司,王某,1380013{number:04},上海,展会,2026-03-01,{cell}\n")
    });
    format!("{HEAD},{columns}\n{}", rows.collect::<String>())
}

struct Desk(Env);

impl Desk {
    fn new() -> Desk {
        Desk(Env::repository("en"))
    }

    /// Writes a file beside the repository, where it dirties nothing.
    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.dir().join("..").join(name), text).unwrap();
        format!("../{name}")
    }

    fn import(&self, text: &str, args: &[&str]) -> Output {
        let file = self.write("leads.csv", text);
        self.0.run(&[&["lead", "import", &file], args].concat())
    }

    fn json(&self, text: &str, args: &[&str]) -> Json {
        self.import(text, &[args, &["--json"]].concat()).json()
    }

    /// Returns fields of all leads as csv without its heading, blank ones too.
    fn fields(&self, columns: &str) -> Vec<String> {
        let csv = self.0.done(&["lead", "list", "--columns", columns, "-o", "csv", "--sort", "number"]);
        csv.lines().skip(1).map(str::to_string).collect()
    }
}

#[test]
fn a_unit_in_the_heading_holds_for_bare_numbers() {
    for (heading, factor) in [
        ("预算（万元）", 10_000),
        ("预算(万)", 10_000),
        ("金额/万元", 10_000),
        ("Budget (k)", 1_000),
        ("budget_wan", 10_000),
        ("预算（单位：百万）", 1_000_000),
        ("预算（元）", 1),
    ] {
        let desk = Desk::new();
        let text = leads(heading, &["50", "50-100", "50万", "500000元", "50以上", "不超过5"]);
        let output = desk.import(&text, &[]);
        assert_eq!(output.code, 0, "{heading}\n{output}");
        let of = |n: i64| format!("{}.00", n * factor);
        let expected = [
            format!("{},{}", of(50), of(50)),
            format!("{},{}", of(50), of(100)),
            "500000.00,500000.00".into(),
            "500000.00,500000.00".into(),
            format!("{},", of(50)),
            format!(",{}", of(5)),
        ];
        assert_eq!(desk.fields("budget_min,budget_max"), expected, "{heading}");
    }
}

#[test]
fn the_plan_says_where_a_unit_came_from() {
    let desk = Desk::new();
    let text = leads("预算（万元）,员工数（百人）", &["50,3", "500000,2-4"]);
    let output = desk.import(&text, &["--dry-run"]);
    for line in [
        "numbers without a unit under `预算（万元）` are read in 万元",
        "numbers without a unit under `员工数（百人）` are read in 百人",
        "row 3: `500000` under `预算（万元）` was read as `500000万元`; if yuan are meant, write `500000元`",
    ] {
        assert!(output.stderr.contains(line), "{line}\n{output}");
    }
    let json = desk.json(&text, &[]);
    assert_eq!(json["units"][0]["column"], "预算（万元）", "{json}");
    assert_eq!((&json["units"][0]["field"], &json["units"][0]["unit"]), (&"budget".into(), &"万元".into()));
    assert_eq!(json["units"].as_array().map(Vec::len), Some(2), "{json}");
    assert_eq!(desk.fields("staff,size"), ["300,", ",Small"]);
    let own = desk.json(&leads("预算（万元）", &["50万元"]), &["--on-duplicate", "keep"]);
    assert_eq!(own["units"], Json::Array(Vec::new()), "nothing was read in it");
}

#[test]
fn a_line_above_the_table_may_state_the_unit_of_its_amounts() {
    let desk = Desk::new();
    let table = leads("预算,年费（元）", &["50,3"]);
    let output = desk.import(&format!("2026年线索表,,\n（金额单位：万元）,,\n{table}"), &[]);
    assert!(output.stderr.contains("under `预算` are read in 万元"), "{output}");
    assert_eq!(desk.fields("budget_max,phone"), ["500000.00,13800130001"]);
}

#[test]
fn a_mapping_states_units() {
    let desk = Desk::new();
    let text = leads("Deal（元）", &["50", "8千"]);
    let map = desk.write("map.toml", "[columns]\nbudget = { from = \"Deal（元）\", unit = \"万元\" }\n");
    let json = desk.json(&text, &["--map", &map]);
    assert_eq!((&json["created"], &json["units"][0]["unit"]), (&2.into(), &"万元".into()), "{json}");
    assert_eq!(desk.fields("budget_max"), ["500000.00", "8000.00"]);
    let bad = desk.write("bad.toml", "[columns]\nbudget = { from = \"Deal（元）\", unit = \"bushel\" }\n");
    let refused = desk.import(&text, &["--map", &bad]);
    assert_eq!(refused.code, 6, "{refused}");
    assert!(refused.stderr.contains("bad.toml:2:37") && refused.stderr.contains("`unit` wants a unit"), "{refused}");
}

#[test]
fn amounts_as_people_write_them() {
    let desk = Desk::new();
    let forms = [
        ("十万", "100000.00,100000.00"),
        ("五十万", "500000.00,500000.00"),
        ("两百万", "2000000.00,2000000.00"),
        ("一百二十万元", "1200000.00,1200000.00"),
        ("5w", "50000.00,50000.00"),
        ("5k", "5000.00,5000.00"),
        ("1.5M", "1500000.00,1500000.00"),
        ("不超过10万", ",100000.00"),
        ("10万以内", ",100000.00"),
        ("10万以下", ",100000.00"),
        ("至少5万", "50000.00,"),
        ("10万以上", "100000.00,"),
        ("200左右", "200.00,200.00"),
        ("约200", "200.00,200.00"),
        ("20-30万", "200000.00,300000.00"),
        ("20万-30万", "200000.00,300000.00"),
        ("20~30万", "200000.00,300000.00"),
        ("１２００００", "120000.00,120000.00"),
        ("￥120000", "120000.00,120000.00"),
        ("RMB 120000", "120000.00,120000.00"),
        ("人民币12万", "120000.00,120000.00"),
        ("1，200，000", "1200000.00,1200000.00"),
    ];
    let cells: Vec<&str> = forms.iter().map(|(cell, _)| *cell).collect();
    let output = desk.import(&leads("预算", &cells), &[]);
    assert_eq!(output.code, 0, "{output}");
    let expected: Vec<&str> = forms.iter().map(|(_, ends)| *ends).collect();
    assert_eq!(desk.fields("budget_min,budget_max"), expected);
}

#[test]
fn columns_of_one_end_take_limits_and_units() {
    let desk = Desk::new();
    let cells = ["50,100", "5万,¥8", "5以上,20以内", "8,80000元"];
    let output = desk.import(&leads("预算下限（万元）,预算上限（万元）", &cells), &[]);
    assert_eq!(output.code, 0, "{output}");
    let ends = ["500000.00,1000000.00", "50000.00,80000.00", "50000.00,200000.00", "80000.00,80000.00"];
    assert_eq!(desk.fields("budget_min,budget_max"), ends);
    let text = "公司名称,来源,建档日期,负责人,年营业额（亿元）\n甲公司,展会,2026-03-01,li,3-5\n";
    let file = desk.write("customers.csv", text);
    let refused = desk.0.run(&["customer", "import", &file, "--dry-run"]);
    assert!(refused.code == 3 && refused.stderr.contains("this field holds one amount"), "{refused}");
}

#[test]
fn what_stays_unreadable_is_refused_with_a_way_out() {
    let desk = Desk::new();
    let text = leads("预算", &["一百二", "几十万", "10万/年", "50万"]);
    let output = desk.import(&text, &["--dry-run"]);
    assert_eq!(output.code, 3, "{output}");
    let line =
        "row 2: `一百二` is neither an amount nor a range; write it as `50万`, `10-20万`, `10万以内` or `10万以上`";
    assert!(output.stderr.contains(line), "{output}");
    assert!(output.stderr.contains("`--on-invalid keep` takes 3 of the rejected rows"), "{output}");
    let lacking = "公司名称,联系人,手机,地区,来源,获取日期\n甲公司,王某,13800138001,上海,不认识,2026-03-01\n";
    let output = desk.import(lacking, &["--dry-run"]);
    assert!(!output.stderr.contains("--on-invalid"), "a source is required: {output}");
    let no_channel = "公司名称,联系人,手机,地区,来源,获取日期,预算\n甲公司,王某,123,上海,展会,2026-03-01,\n乙公司,,13800138001,上海,展会,2026-03-01,面议\n";
    assert!(!desk.import(no_channel, &["--dry-run"]).stderr.contains("--on-invalid"), "more is missing than that");
    let one_channel =
        "公司名称,联系人,手机,邮箱,地区,来源,获取日期\n甲公司,王某,123,wang@example.com,上海,展会,2026-03-01\n";
    let output = desk.import(one_channel, &["--dry-run"]);
    assert!(output.stderr.contains("`--on-invalid keep` takes 1 of the rejected rows"), "the mail is left: {output}");
    let json = desk.json(&text, &["--on-invalid", "keep"]);
    assert_eq!((&json["created"], &json["rejected"]), (&4.into(), &0.into()), "{json}");
}

#[test]
fn a_word_that_says_more_than_its_key_is_noted() {
    let desk = Desk::new();
    let head = "公司名称,联系人,手机,地区,获取日期,来源,行业,来源说明\n";
    let rows = [
        ("抖音", "机械", ""),
        ("社交媒体", "制造业", ""),
        ("social", "制造", ""),
        ("抖音", "C", "春季直播"),
        ("抖音直播间", "機械", ""),
    ];
    let text = |rows: &[(&str, &str, &str)]| {
        let lines = rows.iter().enumerate().map(|(at, (source, industry, note))| {
            format!("某{at}号科技有限公司,王某,138001300{at:02},上海,2026-03-01,{source},{industry},{note}\n")
        });
        format!("{head}{}", lines.collect::<String>())
    };
    let json = desk.json(&text(&rows[..4]), &[]);
    assert_eq!(json["created"], 4, "{json}");
    let fields = || desk.fields("source,source_note,industry,industry_note");
    let expected = [
        "Social media,抖音,Manufacturing,机械",
        "Social media,,Manufacturing,",
        "Social media,,Manufacturing,",
        "Social media,春季直播,Manufacturing,",
    ];
    assert_eq!(fields(), expected);
    let again = desk.json(&text(&rows[..4]), &["--on-duplicate", "update"]);
    assert_eq!(again["unchanged"], 4, "{again}");
    // A note stands, whoever wrote it; a blank one is filled when the key changes.
    let other = [("百度", "食品", ""), ("百度", "制造业", ""), ("social", "制造", ""), ("百度", "C", "")];
    for (count, key) in [(3, "updated"), (4, "unchanged")] {
        let json = desk.json(&text(&other), &["--on-duplicate", "update"]);
        assert_eq!(json[key], count, "{key}: {json}");
    }
    let expected = [
        "Search ads,抖音,Manufacturing,机械",
        "Search ads,百度,Manufacturing,",
        "Social media,,Manufacturing,",
        "Search ads,春季直播,Manufacturing,",
    ];
    assert_eq!(fields(), expected);
}

#[test]
fn an_update_tells_what_it_changed() {
    let desk = Desk::new();
    let table = |region: &str, need: &str| {
        let rows =
            (1..=7).map(|n| format!("某{n}号科技有限公司,王某,138001300{n:02},{region},展会,2026-03-01,{need}\n"));
        format!("{HEAD},需求\n{}", rows.collect::<String>())
    };
    desk.json(&table("上海", ""), &[]);
    let update = ["--on-duplicate", "update"];
    let plan = desk.import(&table("苏州", "升降桌"), &[&update[..], &["--dry-run"]].concat());
    assert!(plan.stdout.contains("update LEAD-2026-001: Region: 上海 → 苏州; Need: 升降桌\n"), "{plan}");
    assert_eq!(plan.stdout.matches("update LEAD").count(), 7, "{plan}");
    let dry = desk.json(&table("苏州", "升降桌"), &[&update[..], &["--dry-run"]].concat());
    let expected = serde_json::json!({ "number": "LEAD-2026-007", "fields": [
        { "field": "region", "old": "上海", "new": "苏州" },
        { "field": "need", "old": null, "new": "升降桌" },
    ] });
    assert_eq!(dry["updated_records"][6], expected, "{dry}");
    let done = desk.import(&table("苏州", "升降桌"), &update);
    assert!(done.stderr.contains("update LEAD-2026-005: Region: 上海 → 苏州; Need: 升降桌\n"), "{done}");
    assert!(!done.stderr.contains("LEAD-2026-006") && done.stderr.contains("and 2 more changed records"), "{done}");
    let json = desk.json(&table("杭州", "升降桌"), &update);
    assert_eq!(json["updated_records"].as_array().map(Vec::len), Some(7), "{json}");
    assert_eq!(desk.json(&table("杭州", ""), &update)["updated_records"], Json::Array(Vec::new()));
}

#[test]
fn follow_ups_from_elsewhere_may_lack_a_next_step() {
    let desk = Desk::new();
    desk.json(&leads("需求", &["升降桌"]), &[]);
    let text = "跟进对象,跟进时间,跟进方式,沟通要点,跟进人\nLEAD-2026-001,2026-03-05 10:00,电话,谈价格,li\n";
    let file = desk.write("followups.csv", text);
    desk.0.done(&["followup", "import", &file]);
    let check = desk.0.run(&["check"]);
    assert!(check.code == 0 && format!("{check}").contains("missing-next"), "{check}");
    let said = desk.0.refused(6, &["followup", "add", "LEAD-2026-001", "method=phone", "points=谈价格"]);
    assert!(said.contains("needs a next action"), "{said}");
}

#[test]
fn unknown_values_are_told_the_known_ones_by_label_and_key() {
    let desk = Desk::new();
    let text = leads("行业", &["制造也"]);
    let output = desk.import(&text, &["--dry-run", "--lang", "zh"]);
    assert!(output.stderr.contains("制造业 (manufacturing)"), "{output}");
    let said = desk.0.refused(2, &["--lang", "zh", "lead", "list", "--where", "source = exhibiton"]);
    assert!(said.contains("展会 (exhibition)"), "{said}");
}
