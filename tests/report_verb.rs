//! `kehu report` as people run it: what a report says of itself, in every form it goes out in.

mod common;

use common::Env;
use insta::assert_snapshot;

/// Makes a repository with one good lead and one file that is none.
fn half_readable() -> Env {
    let env = Env::repository("zh");
    env.lead("某甲贸易", "13800138001");
    env.write("leads/2026/LEAD-2026-002.toml", "company = \n");
    env
}

#[test]
fn a_report_says_what_it_could_not_count() {
    let env = half_readable();
    for format in ["table", "plain", "csv", "tsv", "json", "jsonl", "markdown", "html"] {
        let report = env.run(&["report", "grades", "-o", format]);
        assert_eq!(report.code, 3, "{format}: {report}");
        assert!(report.stdout.contains("LEAD-2026-002.toml"), "{format}: {report}");
    }
    assert!(env.run(&["report", "grades"]).stdout.contains("未计入"));
    env.run(&["report", "grades", "-o", "../grades.xlsx"]);
    let bytes = std::fs::read(env.dir().join("../grades.xlsx")).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let summary = calamine::Reader::worksheet_range(&mut book, "概要").unwrap();
    assert!(summary.rows().any(|row| row[0] == "未计入" && row[1].to_string().contains("LEAD-2026-002")));

    let whole = Env::repository("zh");
    assert!(!whole.done(&["report", "grades"]).contains("未计入"));
}

#[test]
fn a_table_of_commas_says_what_it_is_of() {
    let env = Env::repository("zh");
    env.lead("某甲贸易", "13800138001");
    let csv = env.done(&["report", "grades", "--month", "2026-03", "-o", "csv"]);
    let head = env.git_done(&["rev-parse", "HEAD"]);
    let lines: Vec<&str> = csv.lines().collect();
    let (period, commit) = ("期间,2026 年 3 月（2026-03-01 至 2026-03-31）", format!("提交,{head}"));
    assert_eq!(lines[..4], ["报表,级别分析", period, "截至,2026-03-12T09:30:00+08:00", &commit]);
    assert!(lines.contains(&"统计口径") && lines.iter().any(|line| line.contains("可达：缺失信息")), "{csv}");
    assert!(env.done(&["lead", "list", "-o", "csv"]).starts_with("编号,"), "a list is its rows alone");
}

#[test]
fn no_hint_leads_to_a_time_before_the_first_commit() {
    let env = Env::repository("zh");
    let told = env.done(&["report", "weekly", "--week", "2025-W45"]);
    assert!(told.contains("2025-11-09") && !told.contains("--as-of"), "{told}");
}

#[test]
fn names_and_weeks_that_are_none_are_told_in_chinese() {
    let env = Env::repository("zh");
    assert_eq!(env.done(&["report", "周报"]), env.done(&["report", "weekly"]));
    assert_snapshot!(env.run(&["report", "日报"]), @"
    ------- stderr -------
    错误：没有报表 `日报`
    提示：可用的报表：周报（weekly）、来源分析（sources）、级别分析（grades）、销售漏斗（funnel）、商机管道（pipeline）、销售预测（forecast）、赢单分析（winloss）、业绩达成（targets）、合同分析（contracts）、应收账款（receivables）、客户分析（customers）、负责人分析（owners）、跟进分析（activity）、工单分析（tickets）、数据质量（quality）
    [exit 2]
    ");
    assert_snapshot!(env.run(&["report", "周报", "--week", "大上周"]), @"
    ------- stderr -------
    错误：`--week` 需要存在的期间，而不是 `大上周`
    提示：请写成 2026-W12、本周（`this`）或上周（`last`）
    [exit 2]
    ");
}
