//! `examples/a-week.sh`: a team's week in Chinese, from the import to the weekly report with each figure counted twice.

#[path = "common/console.rs"]
mod console;

use console::Shell;
use std::path::Path;

const REPO: &str = "week/示例软件有限公司";

/// Makes `miscount`: the program, but for its ledger, which is empty.
const MISCOUNT: &str =
    r#"printf '#!/bin/bash\n[[ $* == *contract\ ledger* ]] || exec kehu "$@"\n' >miscount; chmod +x miscount"#;

/// Plays the week in a home of its own with this program; returns what it printed without commit ids, and the shell
/// beside the folder.
fn play(program: &str) -> (Vec<String>, Shell) {
    let mut shell = Shell::new("C");
    assert_eq!(shell.run(MISCOUNT), [""; 0]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/a-week.sh");
    let lines = shell.run(&format!("KEHU={program} bash '{}' week", script.display()));
    (lines.iter().map(|line| without_ids(line)).collect(), shell)
}

/// Returns a line with every word of 8 or 40 hexadecimal digits replaced.
fn without_ids(line: &str) -> String {
    let is_id = |word: &&str| matches!(word.len(), 8 | 40) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let ids = line.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(is_id);
    ids.fold(line.to_string(), |text, id| text.replace(id, "ID"))
}

#[track_caller]
fn assert_says(lines: &[String], said: &[&str]) {
    for line in said {
        assert!(lines.iter().any(|told| told.contains(line)), "{line}: {lines:#?}");
    }
}

#[test]
fn a_week_ends_with_a_report_whose_figures_are_all_explained() {
    let other = std::thread::spawn(|| play("$PWD/miscount").0);
    let (lines, mut shell) = play("kehu");
    let again = other.join().expect("the second week is played");
    let last = lines.last().map(String::as_str).unwrap_or_default();
    assert!(last.starts_with("以上 ") && last.ends_with(" 个数字，逐一相符。"), "{lines:#?}");

    // The second week prints the same, until its last figure is counted wrong; that ends it.
    assert_eq!(again.last().map(String::as_str), Some("[exit 1]"), "{again:#?}");
    let same = lines.len() - 3;
    assert_eq!(lines[..same], again[..same]);
    assert_eq!(again[same..], ["  0.00", "targets.csv says '186000.00', the query found '0.00'", "[exit 1]"]);

    // What was refused, what was told on the way, and the end of it.
    assert_says(
        &lines,
        &[
            "leads.csv：新建 6，更新 0，未变 0，重复 0，拒绝 0",
            "不能读取 `LEAD-2026-001`：负责人是 李明",
            "须先经过方案提交",
            "主管批准的金额 620000.00（超过 500000.00 须审批）",
            "不能审批 `OPP-2026-001`",
            "（大写：陆拾贰万元整）",
            "0 个错误",
            "首次响应 · 合计 · 及时率：0.8",
            "回款 · 个人 · 李明 · 回款：186000.00",
            "逾期 不到 1 小时",
            "审批记录 1：zhang.wei 620000.00",
            "620,000.00  2026-03-31    李明",
        ],
    );
    let refused = lines.iter().filter(|line| line.starts_with("（被拒绝")).count();
    assert_eq!(refused, 4, "{lines:#?}");

    // The repository it leaves is sound, clean, and each commit is its author's.
    let who = "GIT_AUTHOR_EMAIL=zhang.wei@example.com GIT_COMMITTER_EMAIL=zhang.wei@example.com";
    let checked = shell.run(&format!("{who} kehu -C {REPO} check"));
    assert!(checked.last().is_some_and(|line| line.contains("0 个错误")), "{checked:?}");
    assert_eq!(shell.run(&format!("git -C {REPO} status --porcelain")), [""; 0]);
    let authors = shell.run(&format!("git -C {REPO} log --format=%ae | sort -u"));
    assert_eq!(authors, ["chen.jie@example.com", "li.ming@example.com", "zhang.wei@example.com"]);
    let stage = shell.run(&format!("grep ^stage {REPO}/opportunities/2026/OPP-2026-001.toml"));
    assert_eq!(stage, ["stage = \"won\""]);
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let mut shell = Shell::new("C");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/a-week.sh");
    let lines = shell.run(&format!("mkdir week; bash '{}' week", script.display()));
    assert_eq!(lines, ["usage: a-week.sh [FOLDER], one that does not exist", "[exit 2]"]);
}
