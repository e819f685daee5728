//! Plain git merges records by `kehu merge-driver`: merge, pull, rebase, cherry-pick.

mod common;

use common::{Env, Output};
use insta::assert_snapshot;

const LEAD: &str = "leads/2026/LEAD-2026-001.toml";

/// Makes a repository with a lead, that has theirs set on the branch `other` and ours on `main`.
fn forked(lang: &str, theirs: &[&str], ours: &[&str]) -> Env {
    let env = Env::repository(lang);
    env.lead("Some Co", "13800138000");
    env.done(&["user", "add", "li.ming", "name=Li", "email=test@example.com", "role=admin"]);
    env.git_done(&["switch", "-qc", "other"]);
    env.done(&set(theirs));
    env.git_done(&["switch", "-q", "main"]);
    env.done(&set(ours));
    env
}

fn set<'a>(assignments: &[&'a str]) -> Vec<&'a str> {
    [&["lead", "set", "LEAD-2026-001"], assignments].concat()
}

/// Merges a branch with git, which finds the driver.
fn merge(env: &Env, branch: &str) -> Output {
    env.git_with_kehu(&["merge", "-q", "--no-edit", branch])
}

#[test]
fn different_fields_merge() {
    let env = forked(
        "en",
        &["contact_title=Buyer", "tags=high_potential", "remark=them"],
        &["email=a@example.org", "tags=price_sensitive", "region=Ningbo"],
    );
    let plain = env.git(&["merge", "-q", "other"]);
    assert_eq!(plain.code, 1, "line by line it is a conflict");
    env.git_done(&["merge", "--abort"]);
    let merged = merge(&env, "other");
    assert_eq!((merged.code, merged.stderr.as_str()), (0, ""));
    assert_snapshot!(env.read(LEAD), @r#"
    status = "new"
    company = "Some Co"
    contact_name = "Buyer"
    contact_title = "Buyer"
    phone = "13800138000"
    email = "a@example.org"
    region = "Ningbo"
    source = "hotline"
    acquired_on = 2026-03-12
    tags = ["high_potential", "price_sensitive"]
    remark = "them"
    "#);
    assert_eq!(env.git_done(&["status", "--porcelain"]), "");
}

#[test]
fn the_same_field_is_recorded_and_the_merge_goes_on() {
    let env = forked("zh", &["budget_max=150000"], &["budget_max=120000", "remark=mine"]);
    let merged = merge(&env, "other");
    assert_eq!(merged.code, 0);
    assert_eq!(
        merged.stderr,
        "警告：双方都修改了 `LEAD-2026-001`：预算上限；双方的值均已保留，用 `kehu conflicts` 查看\n"
    );
    assert_snapshot!(env.read(LEAD), @r#"
    status = "new"
    company = "Some Co"
    contact_name = "Buyer"
    phone = "13800138000"
    region = "Hangzhou"
    budget_max = "150000.00"
    source = "hotline"
    acquired_on = 2026-03-12
    remark = "mine"

    [[conflicts]]
    field = "budget_max"
    ours = "120000.00"
    ours_by = "li.ming"
    ours_at = 2026-03-12T09:30:00+08:00
    theirs = "150000.00"
    theirs_by = "li.ming"
    theirs_at = 2026-03-12T09:30:00+08:00
    "#);
    assert_eq!(env.git_done(&["status", "--porcelain"]), "");
    assert_eq!(env.git_done(&["rev-list", "--count", "--merges", "HEAD"]), "1");
}

#[test]
fn rebase_and_cherry_pick_merge_so_too() {
    for command in [&["rebase", "-q", "other"][..], &["cherry-pick", "other"], &["merge", "-q", "--squash", "other"]] {
        let env = forked("en", &["contact_title=Buyer", "source=exhibition"], &["email=a@example.org"]);
        let done = env.git_with_kehu(command);
        assert_eq!(done.code, 0, "{command:?}: {done}");
        let text = env.read(LEAD);
        for line in ["contact_title = \"Buyer\"", "email = \"a@example.org\"", "source = \"exhibition\""] {
            assert!(text.contains(line), "{command:?}: {text}");
        }
    }
}

#[test]
fn a_pull_into_a_clone_merges_so() {
    let env = Env::repository("en");
    env.lead("Some Co", "13800138000");
    env.git_done(&["clone", "-q", ".", "other"]);
    let setting = env.git(&["-C", "other", "config", "merge.kehu.driver"]);
    assert_eq!(setting.stdout, "");
    env.done(&["-C", "other", "lead", "set", "LEAD-2026-001", "phone=13900139000"]);
    let setting = env.git_done(&["-C", "other", "config", "merge.kehu.driver"]);
    assert!(setting.contains("kehu merge-driver %O %A %B %P"), "a command that writes tells git: {setting}");
    env.done(&set(&["email=a@example.org"]));
    let pulled = env.git_with_kehu(&["-C", "other", "pull", "-q", "--no-rebase", "--no-edit"]);
    assert_eq!((pulled.code, pulled.stderr.as_str()), (0, ""));
    let text = env.read(&format!("other/{LEAD}"));
    assert!(text.contains("phone = \"13900139000\"\nemail = \"a@example.org\"\n"), "{text}");
}

#[test]
fn configuration_merges_by_key_and_stops_where_it_conflicts() {
    let env = Env::repository("en");
    let file = "config/assignment.toml";
    let commit = |message: &str| env.git_done(&["commit", "-qam", message]);
    env.git_done(&["switch", "-qc", "other"]);
    env.edit(file, "daily_cap = 20 ", "daily_cap = 25 ");
    commit("theirs");
    env.git_done(&["switch", "-q", "main"]);
    env.edit(file, "open_cap = 100 ", "open_cap = 90 ");
    commit("ours");
    assert_eq!(merge(&env, "other").code, 0);
    let text = env.read(file);
    assert!(text.contains("daily_cap = 25 ") && text.contains("open_cap = 90 "), "{text}");
    env.git_done(&["switch", "-q", "other"]);
    env.edit(file, "open_cap = 100 ", "open_cap = 80 ");
    commit("theirs again");
    env.git_done(&["switch", "-q", "main"]);
    let merged = merge(&env, "other");
    assert_eq!(merged.code, 1);
    assert!(merged.stderr.contains("warning: both sides changed `config/assignment.toml`: `open_cap`"), "{merged}");
    assert!(env.read(file).contains("<<<<<<< ours\n"), "{}", env.read(file));
    assert_eq!(env.run(&["check"]).code, 6);
}

#[test]
fn two_records_of_one_number_stop_a_merge_of_git_and_not_ours() {
    let env = Env::repository("en");
    env.git_done(&["switch", "-qc", "other"]);
    env.lead("Their Co", "13900139000");
    env.lead("Third Co", "13900139003");
    env.done(&["followup", "add", "LEAD-2026-001", "method=phone", "points=called", "no_next=done"]);
    env.git_done(&["switch", "-q", "main"]);
    std::fs::remove_dir_all(env.dir().join(".git/kehu")).unwrap();
    env.write(LEAD, "status = \"new\"\ncompany = \"Our Co\"\ncontact_name = \"Buyer\"\nphone = \"13800138000\"\nregion = \"Hangzhou\"\nsource = \"hotline\"\nacquired_on = 2026-03-12\n");
    env.git_done(&["add", "."]);
    env.git_done(&["commit", "-qm", "ours"]);
    let merged = merge(&env, "other");
    assert_eq!(merged.code, 1, "{merged}");
    assert!(merged.stderr.contains("both sides gave the number `LEAD-2026-001`"), "{merged}");
    env.git_done(&["merge", "--abort"]);
    assert_snapshot!(env.done(&["merge", "other", "--dry-run"]), @"
    Change      Record                What
    ----------  --------------------  -----------------
    renumbered  LEAD-2026-003         was LEAD-2026-001
    came        20260312T093000-zwgo  new
    came        LEAD-2026-002         new
    came        LEAD-2026-003         new
    ");
    let before = env.git_done(&["rev-parse", "HEAD"]);
    assert_snapshot!(env.run(&["merge", "other"]), @"
    Change      Record                What
    ----------  --------------------  -----------------
    renumbered  LEAD-2026-003         was LEAD-2026-001
    came        20260312T093000-zwgo  new
    came        LEAD-2026-002         new
    came        LEAD-2026-003         new
    ------- stderr -------
    `other`: 3 commits came
    ");
    assert_eq!(env.git_done(&["rev-parse", "HEAD^1"]), before, "what was here stays the main line");
    assert_eq!(env.git_done(&["rev-parse", "HEAD^2"]), env.git_done(&["rev-parse", "other"]));
    assert!(env.read(LEAD).contains("Our Co"));
    assert_eq!(
        env.done(&["lead", "list", "--columns", "number,company", "-o", "csv"]),
        "Number,Company\nLEAD-2026-001,Our Co\nLEAD-2026-002,Third Co\nLEAD-2026-003,Their Co"
    );
    assert_eq!(env.done(&["followup", "list", "--columns", "subject", "-o", "csv"]), "Subject\nLEAD-2026-003");
    env.done(&["check"]);
    assert_eq!(env.git_done(&["status", "--porcelain"]), "");
    let again = env.run(&["merge", "other"]);
    assert!(again.code == 0 && again.stderr.contains("all of `other` is here already"), "{again}");
    assert!(env.refused(4, &["merge", "nowhere"]).contains("there is no branch `nowhere`"));
}

#[test]
fn a_branch_in_conflict_gives_way() {
    let env = forked("en", &["budget_max=150000"], &["budget_max=120000"]);
    let merged = env.run(&["merge", "other"]);
    assert_eq!(merged.code, 5, "{merged}");
    let text = env.read(LEAD);
    assert!(text.contains("budget_max = \"120000.00\"") && text.contains("ours = \"150000.00\""), "{text}");
}

#[test]
fn what_went_and_what_came_are_not_the_same_record_renamed() {
    let env = Env::repository("en");
    env.lead("Old Co", "13800138001");
    env.git_done(&["branch", "other"]);
    env.done(&["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"]);
    env.lead("New Co", "13800138002");
    env.git_done(&["switch", "-q", "other"]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=old customer"]);
    let merged = merge(&env, "main");
    assert_eq!(merged.code, 1, "{merged}");
    assert!(!env.read("leads/2026/LEAD-2026-002.toml").contains("old customer"));
}

#[test]
fn where_there_is_no_kehu_lines_merge() {
    let env = forked("en", &["remark=theirs"], &["status=working"]);
    assert_eq!(env.git(&["merge", "-q", "--no-edit", "other"]).code, 0);
    let text = env.read(LEAD);
    assert!(text.contains("remark = \"theirs\"") && text.contains("status = \"working\""), "{text}");
    let env = forked("en", &["remark=theirs"], &["remark=ours"]);
    assert_eq!(env.git(&["merge", "-q", "--no-edit", "other"]).code, 1);
    assert!(env.read(LEAD).contains("<<<<<<< ours\nremark = \"ours\"\n=======\nremark = \"theirs\"\n>>>>>>> theirs\n"));
}

#[test]
fn a_merge_of_merges_loses_nothing() {
    let env = forked("en", &["budget_max=150000"], &["budget_max=120000"]);
    env.git_done(&["branch", "criss"]);
    env.git_done(&["branch", "cross", "other"]);
    for (branch, other) in [("criss", "other"), ("cross", "main")] {
        env.git_done(&["switch", "-q", branch]);
        assert_eq!(merge(&env, other).code, 0);
    }
    env.done(&set(&["budget_max=170000"]));
    env.git_done(&["switch", "-q", "criss"]);
    assert_eq!(merge(&env, "cross").code, 0);
    let text = env.read(LEAD);
    for value in ["120000.00", "150000.00", "170000.00"] {
        assert!(text.contains(value), "{text}");
    }
    assert_eq!(env.run(&["lead", "list"]).code, 0);
}

#[test]
fn what_is_no_text_merges_as_git_would() {
    let env = Env::repository("en");
    let write = |name: &str, bytes: &[u8]| std::fs::write(env.dir().join(name), bytes).unwrap();
    write("base", b"a\n\xff\nb\n");
    write("ours", b"x\n\xff\nb\n");
    write("theirs", b"a\n\xff\ny\n");
    let driver = ["merge-driver", "base", "ours", "theirs", "leads/2026/LEAD-2026-001.toml"];
    assert_eq!(env.run(&driver).to_string(), "");
    assert_eq!(std::fs::read(env.dir().join("ours")).unwrap(), b"x\n\xff\ny\n");
    write("theirs", b"z\n\xff\nb\n");
    assert_eq!(env.run(&driver).code, 5);
    assert!(std::fs::read(env.dir().join("ours")).unwrap().starts_with(b"<<<<<<< ours\nx\n"));
    env.refused(1, &["merge-driver", "base", "ours", "nothing", "leads/2026/LEAD-2026-001.toml"]);
}
