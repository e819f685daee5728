//! Words around records, run through the binary: names for numbers, columns, warnings of a change.

mod common;

use common::Env;
use serde_json::json;

/// Makes a repository with a user and two leads of that user.
fn desk() -> Env {
    let env = Env::repository("zh");
    env.done(&["user", "add", "li.ming", "姓名=李明", "邮箱=li@example.com", "角色=销售"]);
    for (company, phone) in [("示例江苏青松机械制造有限公司", "13800138001"), ("苏州蓝湖食品有限公司", "13800138002")]
    {
        let number = env.lead(company, phone);
        env.done(&["lead", "set", &number, "负责人=李明"]);
    }
    env
}

#[test]
fn people_read_names_and_programs_logins() {
    let env = desk();
    for format in ["table", "markdown", "html"] {
        let list = env.done(&["lead", "list", "-o", format]);
        assert!(list.contains("李明") && !list.contains("li.ming"), "{format}: {list}");
    }
    for format in ["csv", "tsv", "json", "jsonl"] {
        let list = env.done(&["lead", "list", "-o", format]);
        assert!(!list.contains("李明") && list.contains("li.ming"), "{format}: {list}");
    }
    env.done(&["user", "add", "li.ming2", "姓名=李明", "邮箱=li2@example.com", "角色=销售"]);
    assert!(env.done(&["lead", "list"]).contains("li.ming"), "a name of two tells neither");
}

#[test]
fn a_table_leaves_out_what_no_record_has() {
    let env = Env::repository("zh");
    env.lead("某某公司", "13800138001");
    let heading = |args: &[&str]| env.done(&[&["lead", "list"], args].concat()).lines().next().unwrap().to_string();
    assert!(!heading(&[]).contains("负责人"), "{}", heading(&[]));
    assert!(heading(&["--columns", "number,owner"]).contains("负责人"));
    assert!(heading(&["-o", "csv"]).contains("负责人"));
}

#[test]
fn eighty_columns_show_the_company_whole() {
    let env = desk();
    let mut command = env.command(&["lead", "list"]);
    command.env("COLUMNS", "80");
    let list = env.finish(command).stdout;
    for text in ["LEAD-2026-001", "示例江苏青松机械制造有限公司", "Buyer", "李明", "13800138001"] {
        assert!(list.contains(text), "{text}\n{list}");
    }
    assert!(list.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{list}");
}

#[test]
fn json_has_the_columns_asked_for() {
    let env = desk();
    let args = ["lead", "list", "--columns", "公司名称,owner,grade,custom.x,verifications.channel", "--limit", "1"];
    let expected = json!({
        "number": "LEAD-2026-001", "company": "示例江苏青松机械制造有限公司", "owner": "li.ming", "grade": "C",
        "custom.x": null, "verifications.channel": [],
    });
    let list = env.json(&[&args[..], &["-o", "json"]].concat());
    assert_eq!(list["records"], json!([expected]));
    assert_eq!(env.json(&[&args[..], &["-o", "jsonl"]].concat()), expected);
    assert!(env.json(&["lead", "list", "-o", "json"])["records"][0]["phone"].is_string());
    let said = env.refused(2, &["lead", "list", "--columns", "compnay", "-o", "json"]);
    assert!(said.contains("company") && said.contains("kehu help fields"), "{said}");
    let fields = env.done(&["help", "fields"]);
    for word in ["contacts.work_phone", "公司名称", "last_followup_at"] {
        assert!(fields.contains(word), "{word}\n{fields}");
    }
}

#[test]
fn a_change_that_makes_a_double_says_so() {
    let env = desk();
    let output = env.run(&["lead", "set", "LEAD-2026-002", "电话=13800138001"]);
    assert_eq!(output.code, 0, "{output}");
    let said = "LEAD-2026-002 的电话现与 `LEAD-2026-001`（示例江苏青松机械制造有限公司）相同";
    assert!(output.stderr.contains(said), "{output}");
    let again = env.run(&["lead", "set", "LEAD-2026-002", "备注=老客户"]);
    assert!(!again.stderr.contains("相同"), "only when it becomes one: {again}");
    let both = env.run(&["lead", "set", "LEAD-2026-001", "LEAD-2026-002", "邮箱=a@example.com"]);
    assert!(both.stderr.contains("LEAD-2026-002 的") && both.stderr.contains("`LEAD-2026-001`"), "{both}");
}

#[test]
fn rm_takes_a_name_that_only_one_record_bears() {
    let env = desk();
    assert!(env.refused(2, &["lead", "rm", "苏州蓝湖食品"]).contains("(LEAD-2026-002) 未经确认"));
    assert_eq!(env.run(&["lead", "rm", "没有此公司", "--confirm", "没有此公司"]).code, 4);
    let third = env.done(&[
        "lead",
        "add",
        "公司=苏州蓝湖食品股份公司",
        "联系人=甲",
        "电话=13900139000",
        "地区=苏州",
        "来源=展会",
    ]);
    env.done(&["lead", "set", &third, "status=disqualified", "disqualify_reason=fake"]);
    let said = env.refused(4, &["lead", "rm", "苏州蓝湖食品", "--confirm", "苏州蓝湖食品"]);
    assert!(said.contains("LEAD-2026-002") && said.contains(&third), "one that is done with counts too: {said}");
    let said = env.refused(2, &["lead", "rm", "13800138002", "--confirm", &third]);
    assert!(said.contains("`13800138002` (LEAD-2026-002) 未经确认"), "{said}");
    env.done(&["lead", "rm", "13800138002", "--confirm", "LEAD-2026-002"]);
    assert_eq!(env.done(&["lead", "list", "--count"]), "2");
}

#[test]
fn edit_holds_nothing_against_a_change_that_was_wrong_before() {
    let env = desk();
    let path = "leads/2026/LEAD-2026-001.toml";
    env.edit(path, "source = \"hotline\"", "source = \"nowhere\"");
    env.git_done(&["commit", "-qam", "by hand"]);
    let edit = |script: &str| {
        env.write("../editor.sh", &format!("set -e\n{script}\n"));
        let mut command = env.command(&["lead", "edit", "LEAD-2026-001"]);
        command.env("EDITOR", format!("sh {}", env.dir().join("../editor.sh").display()));
        env.finish(command)
    };
    let done = edit("printf 'remark = \"老客户\"\\n' >> \"$1\"");
    assert_eq!(done.code, 0, "{done}");
    assert!(env.read(path).contains("nowhere") && env.read(path).contains("remark"));
    let refused = edit("sed -i 's/contact_name = .*/contact_name = 3/' \"$1\"");
    assert_eq!(refused.code, 6, "{refused}");
    assert!(!refused.stderr.contains("nowhere"), "{refused}");
}

#[test]
fn mistakes_in_toml_are_told_in_chinese() {
    let env = desk();
    let path = "leads/2026/LEAD-2026-001.toml";
    let text = env.read(path);
    for (old, new, said) in [
        ("region = \"Hangzhou\"", "region = Hangzhou", "文本值须加引号"),
        ("region = \"Hangzhou\"", "region \"Hangzhou\"", "缺少 `=`"),
        ("region = \"Hangzhou\"", "region = \"Hangzhou\"\nregion = \"x\"", "键重复"),
    ] {
        env.write(path, &text.replacen(old, new, 1));
        let check = env.run(&["check"]);
        assert!(check.to_string().contains(said), "{said}\n{check}");
    }
}
