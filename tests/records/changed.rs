//! Records are changed, one or many, edited and removed.

use super::LEAD;
use crate::common::{Env, Output};
use insta::assert_snapshot;
use serde_json::json;

/// Runs `edit` with a shell script for an editor; `$1` is the file.
fn edit(env: &Env, number: &str, script: &str, args: &[&str]) -> Output {
    env.write("../editor.sh", &format!("set -e\n{script}\n"));
    let editor = format!("sh {}", env.dir().join("../editor.sh").display());
    let mut command = env.command(&[&["lead", "edit", number], args].concat());
    command.env("EDITOR", editor);
    env.finish(command)
}

#[test]
fn a_changed_field_is_a_changed_line() {
    let env = Env::repository("en");
    env.lead("Example", "13800138000");
    let set = |words: &[&str]| {
        env.done(&[&["lead", "set", "LEAD-2026-001"], words].concat());
        env.last_diff()
    };
    assert_eq!(set(&["remark=call # back"]), format!("1 0 {LEAD}"));
    assert_eq!(set(&["phone=0571-8888 6666"]), format!("1 1 {LEAD}"));
    assert_eq!(set(&["tags+=high_potential"]), format!("1 0 {LEAD}"));
    assert_eq!(set(&["tags+=a,b"]), format!("5 1 {LEAD}"));
    assert_eq!(set(&["tags-=a"]), format!("0 1 {LEAD}"));
    assert_eq!(set(&["--unset", "remark,tags"]), format!("0 5 {LEAD}"));
    assert_eq!(set(&["custom.booth=A9"]), format!("3 0 {LEAD}"));
    env.edit(LEAD, "region = \"Hangzhou\"", "region = \"Hangzhou\"   # by hand\nmine = 5");
    env.edit(LEAD, "status", "# a comment\nstatus");
    env.done(&["commit", "-q"]);
    assert_eq!(set(&["region=Shanghai"]), format!("1 1 {LEAD}"));
    assert_snapshot!(env.read(LEAD), @r#"
    # a comment
    status = "new"
    company = "Example"
    contact_name = "Buyer"
    phone = "0571-88886666"
    region = "Shanghai"   # by hand
    mine = 5
    source = "hotline"
    acquired_on = 2026-03-12

    [custom]
    booth = "A9"
    "#);
    let before = env.state();
    assert_snapshot!(env.run(&["lead", "set", "LEAD-2026-001", "region=Shanghai"]), @"
    ------- stderr -------
    nothing changed
    ");
    assert_snapshot!(env.refused(6, &["lead", "set", "LEAD-2026-001", "phone="]), @"error: LEAD-2026-001: Phone or E-mail is missing");
    assert_snapshot!(env.refused(6, &["lead", "set", "LEAD-2026-001", "tags-=a"]), @"error: LEAD-2026-001: `a` is not in `tags`");
    assert_snapshot!(env.refused(2, &["lead", "set", "LEAD-2026-001"]), @"
    error: no change is given
    hint: give `key=value`, a flag or `--unset key`
    ");
    assert_snapshot!(env.refused(2, &["lead", "set", "remark=x"]), @"
    error: no record is named
    hint: give numbers or `--where FILTER`
    ");
    assert_eq!(env.state(), before);
}

#[test]
fn a_mass_change_says_how_many() {
    let env = Env::repository("en");
    let lines: String = (1..=30)
        .map(|n| format!("{{\"company\":\"C{n}\",\"contact_name\":\"B\",\"phone\":\"138001380{n:02}\",\"region\":\"x\",\"source\":\"hotline\"}}\n"))
        .collect();
    assert_eq!(env.run_with(&["lead", "add", "--stdin"], lines).code, 0);
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: add 30 records");
    let before = env.state();
    let all = ["lead", "set", "--where", "status = new", "remark=x"];
    assert_snapshot!(env.refused(8, &all), @"
    error: this would change 30 records at once
    hint: `--dry-run` shows them; `--expect 30` confirms the number
    ");
    assert_snapshot!(env.refused(8, &[&all[..], &["--expect", "29"]].concat()), @"
    error: this would change 30 records, not 29
    hint: `--dry-run` shows them; `--expect 30` confirms the number
    ");
    assert_eq!(env.done(&[&all[..], &["--dry-run", "-q"]].concat()).lines().count(), 30);
    assert_eq!(env.state(), before);
    assert_eq!(env.done(&[&all[..], &["--expect", "30"]].concat()).lines().count(), 30);
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: set 30 records remark");
    env.done(&["lead", "set", "--where", "company = C1", "remark=y"]);
    let lines = "{\"number\":\"LEAD-2026-001\",\"remark\":null}\n{\"number\":\"LEAD-2026-002\",\"staff\":\"44\"}\n";
    assert_eq!(env.run_with(&["lead", "set", "--stdin"], lines).stdout, "LEAD-2026-001\nLEAD-2026-002\n");
    let bad =
        env.run_with(&["lead", "set", "--stdin"], "{\"number\":\"LEAD-2026-003\",\"staff\":5}\n\n{\"staff\":1}\n");
    assert_snapshot!(bad, @"
    ------- stderr -------
    error: line 3: `number` is missing
    [exit 2]
    ");
    assert!(!env.read("leads/2026/LEAD-2026-003.toml").contains("staff"));
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let env = Env::repository("zh");
    let lead = env.lead("示例", "13800138000");
    let before = env.state();
    let add = ["lead", "add", "company=另一家", "contact_name=甲", "phone=13800138001", "region=x", "source=hotline"];
    for (args, editor) in [
        (&add[..], ""),
        (&["lead", "set", &lead, "remark=m", "status=working"], ""),
        (&["lead", "rm", &lead], ""),
        (&["lead", "edit", &lead], "s/示例/改名/"),
    ] {
        let mut command = env.command(&[args, &["--dry-run"]].concat());
        command.env("EDITOR", format!("sed -i {editor}"));
        let output = env.finish(command);
        assert_eq!(output.code, 0, "{output}");
        assert_eq!(env.state(), before, "{args:?}");
    }
    assert_snapshot!(env.run(&[&add[..], &["--dry-run"]].concat()), @"
    LEAD-2026-002 新建
      状态：新建
      公司名称：另一家
      联系人：甲
      电话：13800138001
      地区：x
      来源：400电话
      获取日期：2026-03-12
    ------- stderr -------
    未写入任何内容（`--dry-run`）
    ");
    assert_snapshot!(env.run(&["lead", "set", &lead, "remark=m", "status=working", "--dry-run"]), @"
    LEAD-2026-001 修改
      状态：新建 → 跟进中
      备注：m
    ------- stderr -------
    未写入任何内容（`--dry-run`）
    ");
    assert_snapshot!(env.run(&["lead", "rm", &lead, "--dry-run"]), @"
    LEAD-2026-001 删除
    ------- stderr -------
    未写入任何内容（`--dry-run`）
    ");
    let change = env.json(&["lead", "set", &lead, "remark=m", "--dry-run", "--json"]);
    assert_eq!(change["records"][0]["changes"], json!([{"field": "remark", "old": null, "new": "m"}]));
    assert_eq!((&change["dry_run"], &change["commit"]), (&json!(true), &json!(null)));
    assert_eq!(env.state(), before);
}

#[test]
fn a_record_is_edited_and_judged() {
    let env = Env::repository("en");
    let lead = env.lead("Example", "13800138000");
    assert_eq!(edit(&env, &lead, "sed -i 's/Buyer/Other/' $1", &[]).stdout, "LEAD-2026-001\n");
    assert_eq!(env.last_diff(), format!("1 1 {LEAD}"));
    let before = env.state();
    let scratch = ".git/kehu/edit-LEAD-2026-001.toml";
    assert_snapshot!(edit(&env, &lead, ":", &[]), @"
    ------- stderr -------
    nothing changed
    ");
    assert!(!env.dir().join(scratch).exists());
    assert_snapshot!(edit(&env, &lead, "sed -i 's/hotline/nowhere/; /^phone/d' $1", &[]), @r#"
    ------- stderr -------
    warning: leads/2026/LEAD-2026-001.toml:1:1: Phone or E-mail is missing
    warning: leads/2026/LEAD-2026-001.toml:5:10: Source `nowhere` is not in dictionary `source`; did you mean Other (other)?
        source = "nowhere"
                 ^
    error: `LEAD-2026-001` was not changed: 2 mistakes
    hint: your text is kept in `$HOME/work/.git/kehu/edit-LEAD-2026-001.toml`
    [exit 6]
    "#);
    assert!(env.read(scratch).contains("nowhere"), "the text is kept");
    assert_snapshot!(edit(&env, &lead, "sed -i 's/\"hotline\"/\"hot/' $1", &[]), @r#"
    ------- stderr -------
    warning: leads/2026/LEAD-2026-001.toml:6:14: not TOML: invalid basic string, expected `"`
        source = "hot
                     ^
    error: `LEAD-2026-001` was not changed: 1 mistake
    hint: your text is kept in `$HOME/work/.git/kehu/edit-LEAD-2026-001.toml`
    [exit 6]
    "#);
    assert_snapshot!(edit(&env, &lead, "exit 3", &[]), @"
    ------- stderr -------
    error: the editor `sh $HOME/work/../editor.sh` failed (exit status: 3)
    hint: nothing was changed
    [exit 1]
    ");
    assert_eq!(env.state(), before);
    let program = assert_cmd::cargo::cargo_bin!("kehu").display().to_string();
    let meanwhile = format!("sed -i 's/Other/Mine/' $1\n{program} -q lead set {lead} remark=theirs >&2");
    assert_snapshot!(edit(&env, &lead, &meanwhile, &[]), @"
    ------- stderr -------
    LEAD-2026-001
    error: `LEAD-2026-001` was changed while you edited it
    hint: your text is kept in `$HOME/work/.git/kehu/edit-LEAD-2026-001.toml`
    [exit 5]
    ");
    assert!(env.read(scratch).contains("Mine"));
    assert_snapshot!(edit(&env, "LEAD-2026-404", ":", &[]), @"
    ------- stderr -------
    error: there is no lead `LEAD-2026-404`
    hint: `kehu lead list` shows the numbers there are
    [exit 4]
    ");
}

#[test]
fn a_removed_number_never_comes_back() {
    let env = Env::repository("en");
    let [first, second] = [env.lead("A", "13800138001"), env.lead("B", "13800138002")];
    assert_snapshot!(env.refused(2, &["lead", "rm", &second]), @"
    error: `LEAD-2026-002` is not confirmed
    hint: say each number again after `--confirm`
    ");
    assert_snapshot!(env.refused(2, &["lead", "rm", &second, "--confirm", &first]), @"
    error: `LEAD-2026-002` is not confirmed
    hint: say each number again after `--confirm`
    ");
    env.done(&["followup", "add", &first, "method=phone", "points=x", "no_next=x"]);
    assert_snapshot!(env.refused(5, &["lead", "rm", &first, "--confirm", &first]).replace(char::is_numeric, "N"), @"
    error: `NNNNNNNNTNNNNNN-nhdN` refers to `LEAD-NNNN-NNN` in Subject
    hint: change or remove `NNNNNNNNTNNNNNN-nhdN` first
    ");
    assert_eq!(env.done(&["lead", "rm", &second, "--confirm", &second]), second);
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: remove LEAD-2026-002");
    assert_eq!(env.lead("C", "13800138003"), "LEAD-2026-003");
    assert_snapshot!(env.refused(4, &["lead", "rm", &second, "--confirm", &second]), @"
    error: there is no lead `LEAD-2026-002`
    hint: `kehu lead list` shows the numbers there are
    ");
    let text = env.read(LEAD).replace("13800138001", "13800138099").replace("\"A\"", "\"Z\"");
    env.write("leads/2026/LEAD-2026-999.toml", &text);
    env.done(&["commit", "-q"]);
    assert_eq!(env.lead("D", "13800138004"), "LEAD-2026-1000");
    assert!(env.read("leads/2026/001xxx/LEAD-2026-1000.toml").contains("\"D\""));
    env.done(&["lead", "rm", "LEAD-2026-1000", "--confirm", "LEAD-2026-1000"]);
    assert_eq!(env.lead("E", "13800138005"), "LEAD-2026-1001");
    let list = env.done(&["lead", "list", "--columns", "number", "-o", "tsv"]);
    assert_eq!(list.lines().last(), Some("LEAD-2026-1001"), "a number is a number, not a text");
}

/// Days that count from today are stored as the day they come to; what a file says must say it itself.
#[test]
fn relative_days() {
    let env = Env::repository("en");
    let number = env.lead("Example", "13800138000");
    let day = |field: &str| {
        let text = env.read(LEAD);
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{field} = ")).map(str::to_string));
        line.unwrap_or_default()
    };
    for (text, stored) in [
        ("today", "2026-03-12"),
        ("today+7d", "2026-03-19"),
        ("明天", "2026-03-13"),
        ("下周一", "2026-03-16"),
        ("next-friday", "2026-03-20"),
        ("今天-2周", "2026-02-26"),
        ("2026-04-01", "2026-04-01"),
    ] {
        env.done(&["lead", "set", &number, &format!("expected_on={text}")]);
        assert_eq!(day("expected_on"), stored, "{text}");
    }
    env.done(&["lead", "set", &number, "--expected-on", "后天"]);
    assert_eq!(day("expected_on"), "2026-03-14");
    let present = ["--now", "2026-05-01T09:00:00+08:00", "lead", "set", &number, "expected_on=today"];
    env.done(&present);
    assert_eq!(day("expected_on"), "2026-05-01", "of the present that is stated");
    let logged = ["method=phone", "points=x", "next_action=y", "next_on=下周一", "at=昨天 15:30"];
    let logged = env.done(&[&["followup", "add", &number], &logged[..]].concat());
    let shown = env.done(&["followup", "show", &logged, "--json"]);
    assert!(shown.contains("2026-03-16") && shown.contains("2026-03-11T15:30"), "{shown}");
    // A period is no day, nor what is no date's, nor a word in a file.
    for text in ["下周", "this-week", "soon", "today+"] {
        let refused = env.run(&["lead", "set", &number, &format!("expected_on={text}")]);
        assert_eq!(refused.code, 6, "{text}: {refused}");
    }
    env.done(&["lead", "set", &number, "remark=today"]);
    assert_eq!(day("remark"), "\"today\"");
    let line = format!(r#"{{"number":"{number}","expected_on":"today"}}"#);
    assert_eq!(env.run_with(&["lead", "set", "--stdin"], line).code, 6);
    let table = "company,contact,phone,region,source,acquired_on\nA,x,13800138051,x,hotline,today\n";
    env.write("in.csv", table);
    let import = env.run(&["lead", "import", "in.csv"]);
    assert!(import.code == 3 && import.stderr.contains("Acquired on `today` is not a day"), "{import}");
    env.write("in.csv", &table.replace(",acquired_on", "").replace(",today", ""));
    env.done(&["lead", "import", "in.csv", "--set", "acquired_on=today-1d"]);
    assert!(env.read("leads/2026/LEAD-2026-002.toml").contains("acquired_on = 2026-03-11"));
}
