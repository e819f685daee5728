//! `kehu check`: what it finds, where, in which form; as a hook.

mod common;

use common::Env;
use insta::assert_snapshot;
use serde_json::{Value as Json, json};

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";

/// Makes a repository with one lead.
fn repository() -> Env {
    let env = Env::repository("en");
    env.lead("Example", "13800138000");
    env
}

#[test]
fn every_kind_of_mistake_has_its_place() {
    let env = repository();
    assert_snapshot!(env.run(&["check"]), @"
    ------- stderr -------
    checked 1 record: 0 errors, 0 warnings
    ");
    let good = env.read(LEAD);
    let write = |number: &str, text: String| env.write(&format!("leads/2026/LEAD-2026-{number}.toml"), &text);
    write("002", good.replace("status = \"new\"", "status = \"lost\"\ncolour = \"red\""));
    write("003", good.replace("13800138000", "12").replace("Example", "C") + "staff = \"many\"\nowner = \"li.ming\"\n");
    write("004", "company = \n".into());
    write("005", format!("<<<<<<< ours\n{good}=======\n{good}>>>>>>> theirs\n"));
    write("006", String::new());
    write(
        "007",
        good.replace("13800138000", "13800138007").replace("Example", "G") + "budget_min = \"5\"\nbudget_max = \"2\"\n",
    );
    env.write("leads/2025/LEAD-2026-008.toml", &good.replace("13800138000", "13800138008").replace("Example", "H"));
    env.write("followups/2026/03/01/20260301T093000-aaaa.toml", "at = 2026-03-01T09:30:00+08:00\nsubject = \"LEAD-2026-404\"\nmethod = \"phone\"\npoints = \"x\"\nauthor = \"li.ming\"\n");
    env.write("users/li.hua.toml", "name = \"x\"\nemail = \"x@example.com\"\nrole = \"sales\"\ndepartment = \"y\"\n");
    std::fs::write(env.dir().join("leads/2026/LEAD-2026-009.toml"), b"\xff\xfe").unwrap();
    assert_snapshot!(env.run(&["check"]), @"
    followups/2026/03/01/20260301T093000-aaaa.toml:2:11: Subject `LEAD-2026-404` does not exist [error missing-reference]
    followups/2026/03/01/20260301T093000-aaaa.toml:5:10: Author `li.ming` does not exist [error missing-reference]
    leads/2025/LEAD-2026-008.toml:1:1: the file does not lie where its number says; move it to `leads/2026/LEAD-2026-008.toml` [error misplaced-file]
    leads/2026/LEAD-2026-001.toml:4:9: has the same phone and company and region as `LEAD-2026-002` (Example); `kehu dedupe review LEAD-2026-001 LEAD-2026-002` shows both, and makes one of them or notes that they are two [warning duplicate]
    leads/2026/LEAD-2026-002.toml:1:10: Status `lost` is not in dictionary `lead_status`; one of New (new), Assigned (assigned), Working (working), Qualified (qualified), Converted (converted), Disqualified (disqualified), Nurture (nurture) [error unknown-key]
    leads/2026/LEAD-2026-002.toml:2:1: field `colour` is not known; it is kept; put fields of your own under `[custom]` [warning unknown-field]
    leads/2026/LEAD-2026-002.toml:5:9: has the same phone and company and region as `LEAD-2026-001` (Example); `kehu dedupe review LEAD-2026-002 LEAD-2026-001` shows both, and makes one of them or notes that they are two [warning duplicate]
    leads/2026/LEAD-2026-003.toml:4:9: Phone `12` is not a mobile of 11 digits, a landline with area code, or +country number [error phone-format]
    leads/2026/LEAD-2026-003.toml:8:9: Staff is `many`, not a whole number [error type-mismatch]
    leads/2026/LEAD-2026-003.toml:9:9: Owner `li.ming` does not exist [error missing-reference]
    leads/2026/LEAD-2026-004.toml:1:11: not TOML: string values must be quoted, expected literal string [error toml-syntax]
    leads/2026/LEAD-2026-005.toml:1:1: the file holds an unresolved merge conflict; keep one side and take the lines starting with <<<<<<<, ======= and >>>>>>> out [error conflict-marker]
    leads/2026/LEAD-2026-006.toml:1:1: Phone or E-mail is missing [error missing-channel]
    leads/2026/LEAD-2026-006.toml:1:1: Status is missing [error missing-field]
    leads/2026/LEAD-2026-006.toml:1:1: Company is missing [error missing-field]
    leads/2026/LEAD-2026-006.toml:1:1: Contact is missing [error missing-field]
    leads/2026/LEAD-2026-006.toml:1:1: Region is missing [error missing-field]
    leads/2026/LEAD-2026-006.toml:1:1: Source is missing [error missing-field]
    leads/2026/LEAD-2026-006.toml:1:1: Acquired on is missing [error missing-field]
    leads/2026/LEAD-2026-007.toml:8:14: the lower end 5.00 is above the upper end 2.00 [error budget-range]
    leads/2026/LEAD-2026-009.toml:1:1: the file is not UTF-8 text; save it as UTF-8 [error encoding]
    users/li.hua.toml:3:8: no user is an admin, so roles do not hold; `kehu user set LOGIN role=admin` makes one; `enforce = false` in `config/access.toml` says it is meant so [warning no-admin]
    ------- stderr -------
    checked 7 records: 18 errors, 4 warnings
    [exit 6]
    ");
    assert_snapshot!(env.run(&["check", "leads/2026/LEAD-2026-004.toml", "users"]), @"
    leads/2026/LEAD-2026-004.toml:1:11: not TOML: string values must be quoted, expected literal string [error toml-syntax]
    users/li.hua.toml:3:8: no user is an admin, so roles do not hold; `kehu user set LOGIN role=admin` makes one; `enforce = false` in `config/access.toml` says it is meant so [warning no-admin]
    ------- stderr -------
    checked 1 record: 1 error, 1 warning
    [exit 6]
    ");
    assert_snapshot!(env.run(&["check", "-o", "github", "leads/2026/LEAD-2026-007.toml"]), @"
    ::error file=leads/2026/LEAD-2026-007.toml,line=8,col=14,title=budget-range::the lower end 5.00 is above the upper end 2.00
    ------- stderr -------
    checked 1 record: 1 error, 0 warnings
    [exit 6]
    ");
    let found: Json =
        serde_json::from_str(&env.run(&["check", "--json", "leads/2026/LEAD-2026-004.toml"]).stdout).unwrap();
    assert_eq!((&found["schema"], &found["version"], &found["errors"]), (&json!("kehu.check"), &json!(1), &json!(1)));
    assert_eq!(found["findings"][0]["code"], "toml-syntax");
    assert_eq!((&found["findings"][0]["line"], &found["findings"][0]["column"]), (&json!(1), &json!(11)));
    let listed = env.run(&["lead", "list", "--count"]);
    assert_eq!((listed.stdout.as_str(), listed.code), ("5\n", 3), "what can be read is shown: {listed}");
}

#[test]
fn a_wrong_configuration_is_told_with_every_mistake() {
    let env = repository();
    env.edit("kehu.toml", "locale = \"en\"", "locale = \"xx\"");
    env.edit("kehu.toml", "currency = \"CNY\"", "currency = 5");
    let sla = env.read("config/sla.toml");
    env.write("config/sla.toml", &format!("{sla}x =\n"));
    assert_snapshot!(env.refused(6, &["lead", "list"]), @"
    error: kehu.toml:7:10: unknown locale `xx`; one of: zh, en
      kehu.toml:9:12: `currency` is not a text in quotes
      config/sla.toml:20:4: not valid TOML: string values must be quoted, expected literal string
    ");
    assert_snapshot!(env.run(&["check"]), @"
    config/sla.toml:20:4: not valid TOML: string values must be quoted, expected literal string [error toml-syntax]
    kehu.toml:7:10: unknown locale `xx`; one of: zh, en [error config-value]
    kehu.toml:9:12: `currency` is not a text in quotes [error config-value]
    ------- stderr -------
    checked 1 record: 3 errors, 0 warnings
    [exit 6]
    ");
    env.git_done(&["checkout", "-q", "."]);
    env.edit("kehu.toml", "format = 1", "format = 2");
    assert_snapshot!(env.refused(11, &["lead", "list"]), @"
    error: this repository has format 2; this kehu knows formats up to 1
    hint: install a newer kehu
    ");
}

#[test]
fn the_hook_judges_what_is_staged_and_nothing_old() {
    let env = repository();
    let program = assert_cmd::cargo::cargo_bin!("kehu").parent().unwrap().to_path_buf();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths(std::iter::once(program).chain(std::env::split_paths(&path))).unwrap();
    let commit = |args: &[&str]| {
        let mut command = assert_cmd::Command::new("git");
        command.args([&["commit", "-q"], args].concat());
        env.hermetic(&mut command, &env.dir());
        command.env("PATH", &path);
        env.finish(command)
    };
    assert_snapshot!(env.run(&["hook", "install", "pre-commit"]), @"
    ------- stderr -------
    wrote `$HOME/work/.git/hooks/pre-commit`
    ");
    assert_snapshot!(env.run(&["hook", "install", "pre-commit"]), @"
    ------- stderr -------
    the hook is installed already
    ");
    env.edit(LEAD, "hotline", "nowhere");
    env.git_done(&["add", "leads"]);
    assert_snapshot!(commit(&["-m", "bad"]), @"
    ------- stderr -------
    leads/2026/LEAD-2026-001.toml:6:10: Source `nowhere` is not in dictionary `source`; did you mean Other (other)? [error unknown-key]
    checked 1 record: 1 error, 0 warnings
    [exit 1]
    ");
    env.edit(LEAD, "nowhere", "web_form");
    assert_eq!(commit(&["-m", "the file is mended, what is staged is not"]).code, 1);
    assert_eq!(commit(&["-am", "good"]).code, 0, "`-a` commits another index than the usual one");
    env.edit(LEAD, "web_form", "nowhere");
    assert_eq!(commit(&["-am", "bad"]).code, 1);
    env.write("notes.txt", "x");
    env.git_done(&["add", "notes.txt"]);
    assert_eq!(commit(&["-m", "the file is bad, what is staged is good"]).code, 0);
    assert_eq!(commit(&["-am", "bad", "--no-verify"]).code, 0);
    env.write("notes.txt", "y");
    assert_eq!(commit(&["-am", "an old mistake does not stand in the way"]).code, 0);
    assert_eq!(env.run(&["check"]).code, 6, "it is still told");
    env.write(".git/hooks/pre-commit", "#!/bin/sh\n");
    assert_snapshot!(env.refused(5, &["hook", "install", "pre-commit"]), @"
    error: there is another hook at `$HOME/work/.git/hooks/pre-commit`
    hint: add the line `kehu check --staged || exit 1` to it
    ");
}

/// A file may be sound and yet half of what git merges; the check says so, and how to get out of it.
#[test]
fn what_a_plain_merge_left_undecided_is_an_error() {
    let env = repository();
    env.git_done(&["switch", "-qc", "other"]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=theirs"]);
    env.git_done(&["switch", "-q", "main"]);
    env.done(&["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"]);
    env.write("note é.txt", "x\n");
    let merged = env.git(&["merge", "-q", "other"]);
    assert_eq!(merged.code, 1, "removed here, changed there: {merged}");
    assert_snapshot!(env.run(&["check"]), @"
    leads/2026/LEAD-2026-001.toml:1:1: git's index has it undecided, from a merge; `git merge --abort` goes back, and `kehu sync` or `kehu merge BRANCH` merge by field, what is in conflict for `kehu resolve`; or settle it here and `git add leads/2026/LEAD-2026-001.toml` [error unmerged]
    ------- stderr -------
    checked 1 record: 1 error, 0 warnings
    [exit 6]
    ");
    let zh = env.run(&["--lang", "zh", "check"]);
    assert!(zh.stdout.contains("git 索引中它尚未合并完成") && zh.stdout.contains("git merge --abort"), "{zh}");
    let json: Json = env.run(&["check", "--json"]).json();
    assert_eq!((&json["findings"][0]["code"], &json["findings"][0]["path"]), (&json!("unmerged"), &json!(LEAD)));
    assert_eq!(env.run(&["check", "users"]).code, 0, "only what is asked for");
    env.git_done(&["merge", "--abort"]);
    env.done(&["check"]);
    // The same from a stash, which no command of git aborts.
    env.git_done(&["switch", "-q", "other"]);
    env.edit(LEAD, "theirs", "by hand");
    env.git_done(&["stash", "-q"]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=later"]);
    assert_eq!(env.git(&["stash", "pop", "-q"]).code, 1);
    let stashed = env.run(&["check"]);
    let way = format!("or `git restore --source HEAD -SW {LEAD}` goes back [error unmerged]");
    assert!(stashed.stdout.contains(&way), "{stashed}");
    env.git_done(&["restore", "--source", "HEAD", "-SW", LEAD]);
    env.done(&["check"]);
}
