//! Taking operations back and doing them again: byte for byte where nothing followed, refused where it would
//! take something of later work.

mod common;

use common::Env;
use insta::assert_snapshot;

const LEADS: &str = "\
company,contact_name,phone,region,source,acquired_on
示例甲公司,王伟,13800138011,Hangzhou,hotline,2026-03-01
示例乙公司,李娜,13800138012,Hangzhou,hotline,2026-03-02
";
const LEAD: &str = "leads/2026/LEAD-2026-001.toml";

fn repository() -> Env {
    let env = Env::repository("en");
    env.lead("A", "13800138001");
    env.write("expo.csv", LEADS);
    env
}

/// The tree of the newest commit: the bytes of all files in one name.
fn tree(env: &Env) -> String {
    env.git_done(&["rev-parse", "HEAD^{tree}"])
}

#[track_caller]
fn clean(env: &Env) {
    assert_eq!(env.git_done(&["status", "--porcelain", "--untracked-files=no"]), "");
    env.git_done(&["fsck", "--strict"]);
}

#[test]
fn every_kind_of_operation_is_taken_back_byte_for_byte_and_done_again() {
    let env = repository();
    env.edit(LEAD, "region", "# theirs to keep\nregion");
    env.done(&["commit"]);
    env.write("booth.csv", "公司,联系人,电话,地区,来源,获取日期\n示例丙公司,赵六,13800138013,杭州,展台,2026-03-03\n");
    for work in [
        &["lead", "import", "expo.csv"][..],
        &["lead", "import", "booth.csv", "--add-unknown"],
        &["lead", "set", "--where", "region = Hangzhou", "remark=visit", "tags+=high_potential"],
        &["lead", "set", "LEAD-2026-001", "remark=", "intent=interested"],
        &["followup", "add", "LEAD-2026-001", "method=phone", "points=x", "next_action=call", "next_on=2026-03-25"],
        &["lead", "add", "company=B", "contact_name=C", "phone=13800138002", "region=X", "source=hotline"],
        &["lead", "rm", "LEAD-2026-003", "--confirm", "LEAD-2026-003"],
    ] {
        let before = tree(&env);
        let output = env.run(work);
        assert!(output.code == 0 || output.code == 3, "{work:?}\n{output}");
        let after = tree(&env);
        assert_ne!(after, before, "{work:?}");
        env.done(&["undo"]);
        assert_eq!(tree(&env), before, "{work:?}");
        clean(&env);
        env.done(&["redo"]);
        assert_eq!(tree(&env), after, "{work:?}");
        env.done(&["undo"]);
        assert_eq!(tree(&env), before, "done again it is taken back again, {work:?}");
        env.done(&["redo", "--last"]);
        assert_eq!(tree(&env), after, "{work:?}");
        clean(&env);
    }
    env.done(&["check"]);
}

#[test]
fn one_after_another_down_to_the_beginning() {
    let env = repository();
    let trees: Vec<String> = ["one", "two", "three"]
        .iter()
        .map(|text| {
            let before = tree(&env);
            env.done(&["lead", "set", "LEAD-2026-001", &format!("remark={text}")]);
            before
        })
        .collect();
    for before in trees.iter().rev() {
        env.done(&["undo"]);
        assert_eq!(tree(&env), *before);
    }
    env.done(&["redo"]);
    assert!(env.read(LEAD).contains("one"));
    env.done(&["redo"]);
    assert!(env.read(LEAD).contains("two"));
}

#[test]
fn later_work_on_other_fields_stays() {
    let env = repository();
    env.done(&["lead", "import", "expo.csv"]);
    let set = env.done(&["op", "log", "--limit", "1", "-o", "tsv"]);
    assert!(set.contains("lead: import 2 (expo.csv)"), "{set}");
    env.done(&["lead", "set", "--where", "region = Hangzhou", "remark=visit"]);
    env.done(&["lead", "set", "LEAD-2026-002", "intent=interested", "tags+=high_potential"]);
    let bulk = name_of(&env, "remark");
    env.done(&["undo", &bulk]);
    let text = env.read("leads/2026/LEAD-2026-002.toml");
    assert!(!text.contains("remark") && text.contains("intent") && text.contains("high_potential"), "{text}");
    clean(&env);
}

/// The name of the newest operation whose subject has a text.
#[track_caller]
fn name_of(env: &Env, subject: &str) -> String {
    let log = env.json(&["op", "log", "--json"]);
    let all = log["operations"].as_array().unwrap().iter();
    let mut all = all.filter(|one| one["subject"].as_str().unwrap().contains(subject));
    let one = all.next();
    one.unwrap_or_else(|| panic!("no {subject} in {log}"))["operation"].as_str().unwrap().to_string()
}

#[test]
fn what_later_work_built_on_is_refused_and_named() {
    let env = repository();
    env.done(&["lead", "import", "expo.csv"]);
    let import = name_of(&env, "import");
    env.done(&["lead", "set", "LEAD-2026-001", "remark=one", "intent=interested"]);
    let set = name_of(&env, "set");
    env.done(&["lead", "set", "LEAD-2026-001", "remark=two"]);
    env.done(&[
        "followup",
        "add",
        "LEAD-2026-002",
        "method=phone",
        "points=x",
        "next_action=call",
        "next_on=2026-03-25",
    ]);
    env.done(&["lead", "set", "LEAD-2026-003", "remark=later"]);
    let before = env.state();
    let refused = |args: &[&str]| env.refused(5, args).replace(&import, "IMPORT").replace(&set, "SET");
    assert_snapshot!(refused(&["undo", &set]), @"
    error: later changes build on `SET`; nothing was changed
      `LEAD-2026-001` Remark: one → two
    hint: take the later ones back first: `kehu op log` lists them
    ");
    assert_snapshot!(refused(&["undo", &import]), @"
    error: later changes build on `IMPORT`; nothing was changed
      `LEAD-2026-003` Remark: later
      `20260312T093000-ep4y` refers to `LEAD-2026-002` in Subject
    hint: take the later ones back first: `kehu op log` lists them
    ");
    assert_eq!(env.state(), before);
}

#[test]
fn it_says_what_it_did_and_what_it_cannot() {
    let env = repository();
    assert_snapshot!(env.run(&["redo"]), @"
    ------- stderr -------
    error: there is no such operation of yours
    hint: `kehu op log` lists the operations of all
    [exit 4]
    ");
    env.done(&["lead", "set", "LEAD-2026-001", "remark=one"]);
    let set = name_of(&env, "set");
    let told = |args: &[&str]| env.run(args).to_string().replace(&set, "SET");
    assert_snapshot!(told(&["undo", "--dry-run"]), @"
    LEAD-2026-001 changed
      Remark: one → –
    ------- stderr -------
    nothing was written (`--dry-run`)
    ");
    assert_snapshot!(told(&["undo"]), @"
    LEAD-2026-001
    ------- stderr -------
    took back SET (lead: set LEAD-2026-001 remark)
    ");
    assert_snapshot!(told(&["undo", &set]), @"
    ------- stderr -------
    error: `SET` was taken back already
    hint: `kehu redo SET` does it again
    [exit 5]
    ");
    let undo = env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    assert_snapshot!(told(&["undo", undo.trim()]).replace(undo.trim(), "UNDO"), @"
    ------- stderr -------
    error: `UNDO` is no operation of its own
    hint: `kehu redo SET` does again what it took back
    [exit 2]
    ");
    assert_snapshot!(told(&["op", "log", "--limit", "2", "-o", "tsv"]).replace(undo.trim(), "UNDO"), @"
    When	Who	Operation	What	Standing
    2026-03-12T09:30:00+08:00	Test User	UNDO	undo: lead: set LEAD-2026-001 remark	
    2026-03-12T09:30:00+08:00	Test User	SET	lead: set LEAD-2026-001 remark	undone
    ");
    assert_snapshot!(told(&["redo"]), @"
    LEAD-2026-001
    ------- stderr -------
    did again SET (lead: set LEAD-2026-001 remark)
    ");
    assert_snapshot!(told(&["redo", &set]), @"
    ------- stderr -------
    error: `SET` was not taken back
    [exit 5]
    ");
    assert_snapshot!(env.run(&["undo", "nothing"]), @"
    ------- stderr -------
    error: there is no operation `nothing`
    hint: `kehu op log` lists those there are
    [exit 4]
    ");
    assert_eq!(
        env.git_done(&["log", "-2", "--format=%s"]),
        "redo: lead: set LEAD-2026-001 remark\nundo: lead: set LEAD-2026-001 remark"
    );
    let trailers = env.git_done(&["log", "-2", "--format=%(trailers:only)"]);
    assert!(
        trailers.contains(&format!("Kehu-Undo: {set}")) && trailers.contains(&format!("Kehu-Redo: {set}")),
        "{trailers}"
    );
}

#[test]
fn only_ones_own_without_a_name_and_never_hand_edits() {
    let env = repository();
    env.done(&["lead", "set", "LEAD-2026-001", "intent=interested"]);
    let mut other = env.command(&["lead", "set", "LEAD-2026-001", "remark=theirs"]);
    other.env("GIT_AUTHOR_EMAIL", "other@example.com").env("GIT_AUTHOR_NAME", "Other");
    assert_eq!(env.finish(other).code, 0);
    let theirs = name_of(&env, "remark");
    env.done(&["undo"]);
    assert!(env.read(LEAD).contains("theirs") && !env.read(LEAD).contains("intent"), "one's own, not theirs");
    env.edit(LEAD, "Hangzhou", "Shanghai");
    assert!(env.refused(5, &["undo", &theirs]).contains("hand edits"));
    env.edit(LEAD, "Shanghai", "Hangzhou");
    env.done(&["undo", &theirs]);
    assert!(!env.read(LEAD).contains("theirs"));
}

#[test]
fn what_plain_git_did_is_taken_back_by_its_commit() {
    let env = repository();
    let before = tree(&env);
    env.edit(LEAD, "Hangzhou", "Shanghai");
    env.git_done(&["commit", "--quiet", "-am", "by hand"]);
    let commit = env.git_done(&["rev-parse", "HEAD"]);
    env.done(&["undo", &commit[..12]]);
    assert_eq!(tree(&env), before);
    env.git_done(&["checkout", "--quiet", "-b", "side"]);
    env.done(&["lead", "set", "LEAD-2026-001", "remark=side"]);
    env.git_done(&["checkout", "--quiet", "main"]);
    env.done(&["lead", "set", "LEAD-2026-001", "intent=interested"]);
    let merge = env.git(&["merge", "--quiet", "--no-edit", "side"]);
    assert_eq!(merge.code, 0, "{merge}");
    let merge = env.git_done(&["rev-parse", "--short=10", "HEAD"]);
    assert_snapshot!(env.refused(2, &["undo", "HEAD"]).replace(&merge, "MERGE"), @"
    error: `MERGE` joins two histories and is no one change
    hint: `kehu op log` lists the operations it brought
    ");
    env.done(&["undo", "HEAD^2"]);
    assert!(!env.read(LEAD).contains("side") && env.read(LEAD).contains("interested"));
}

#[test]
fn killed_at_every_step_it_is_done_or_not() {
    for step in [
        "locked",
        "staged",
        "objects",
        "journal",
        "git-locked",
        "moved",
        "branch",
        "placed",
        "files",
        "index",
        "journal-dropped",
    ] {
        let env = repository();
        env.done(&["lead", "import", "expo.csv"]);
        let (after, import) = (tree(&env), name_of(&env, "import 2"));
        let before = env.git_done(&["rev-parse", "HEAD~1^{tree}"]);
        let mut command = env.command(&["undo"]);
        command.env("KEHU_FAIL_AT", step);
        env.finish(command);
        env.run(&["lead", "list"]);
        assert!([&before, &after].contains(&&tree(&env)), "{step}");
        clean(&env);
        env.run(&["undo", &import]);
        assert_eq!(tree(&env), before, "{step}");
        clean(&env);
    }
}
