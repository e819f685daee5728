//! What people and scripts see of lists, cards and imports that come to nothing.

mod common;

use common::Env;

const LONG: &str = "客户希望先看三个同行案例，再约技术负责人当面谈一次，预算要到下个季度才能批下来，请提前两周提醒";

fn two_leads() -> Env {
    let env = Env::repository("en");
    for (company, phone) in [("示例甲", "13800138001"), ("示例乙", "13800138002")] {
        env.lead(company, phone);
    }
    env.done(&["lead", "set", "LEAD-2026-001", &format!("remark={LONG}")]);
    env
}

#[test]
fn a_quiet_list_is_its_numbers() {
    let env = two_leads();
    assert_eq!(env.done(&["lead", "list", "-q"]), "LEAD-2026-001\nLEAD-2026-002");
    assert!(env.done(&["lead", "list", "-q", "-o", "csv"]).contains("示例甲"), "a format is what was asked for");
}

#[test]
fn a_card_shows_the_whole_text_on_a_narrow_screen() {
    let env = two_leads();
    let mut command = env.command(&["lead", "show", "LEAD-2026-001"]);
    command.env("COLUMNS", "60");
    let shown = env.finish(command).stdout;
    assert!(!shown.contains('…'), "{shown}");
    let words: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(words.contains(LONG), "{shown}");
}

#[test]
fn a_table_of_which_nothing_is_known_is_refused() {
    let env = two_leads();
    env.write("x.csv", "甲,乙\n1,2\n");
    let said = env.refused(1, &["lead", "import", "x.csv"]);
    assert!(said.contains("`x.csv`: no column of the table is a field of a lead"), "{said}");
}

/// The history of a record is read for its values: they are broken into lines, and no number is broken.
#[test]
fn history_shows_whole_values_on_a_narrow_screen() {
    let env = two_leads();
    env.done(&["--lang", "zh", "lead", "set", "LEAD-2026-001", "phone=13900139000", "budget_max=9876543.21"]);
    env.done(&[
        "lead",
        "set",
        "LEAD-2026-001",
        "company=宁波示例智能装备制造集团股份有限公司",
        "expected_on=2026-12-31",
    ]);
    let run = |args: &[&str], columns: usize| {
        let mut command = env.command(&[&["--lang", "zh"], args].concat());
        command.env("COLUMNS", columns.to_string());
        env.finish(command).stdout
    };
    for args in [&["log"][..], &["log", "LEAD-2026-001"], &["op", "log"], &["blame", "LEAD-2026-001"]] {
        let shown = run(args, 80);
        assert!(!shown.contains('…'), "{args:?}\n{shown}");
        assert!(shown.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{args:?}\n{shown}");
        if args != ["op", "log"] {
            assert!(shown.contains("13900139000") && shown.contains("9876543.21"), "{args:?}\n{shown}");
            let words: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(words.contains("2026-12-31"), "{args:?}\n{shown}");
        }
    }
    let operation = env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    assert!(run(&["op", "log"], 80).contains(&operation), "the name of an operation is typed and stays in one");
    assert!(!run(&["log"], 80).contains("名称  "), "the company gives way to what changed");
    assert!(run(&["log"], 200).contains("名称  "));
}
