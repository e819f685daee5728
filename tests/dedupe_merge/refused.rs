//! What is taken by name, what is refused, and who may.

use super::*;

#[test]
fn what_is_taken_is_of_the_other() {
    let env = two_archives("en");
    let take = [
        "--take",
        "B2B-2026-002.level",
        "--take",
        "B2B-2026-002.Company",
        "--take",
        "b2b-2026-002.contacts.王经理.邮箱",
    ];
    let output =
        env.run(&[&["dedupe", "merge", "B2B-2026-001", "B2B-2026-002", "-m", "one of two"][..], &take].concat());
    assert_eq!(output.code, 0, "{output}");
    assert!(output.stderr.contains("`B2B-2026-001`: Company 云帆食品 gives way to 苏州云帆"), "{output}");
    let file = env.read(SURVIVOR);
    assert!(file.contains("name = \"苏州云帆\"") && file.contains("email = \"b@example.com\""), "{file}");
    env.done(&["dedupe", "unmerge", "B2B-2026-002"]);
    for (code, take) in [
        (2, "B2B-2026-003.level"),
        (2, "B2B-2026-002.colour"),
        (2, "B2B-2026-002.contacts"),
        (2, "B2B-2026-002.merged_from"),
        (2, "B2B-2026-002.assigned_at"),
        (6, "B2B-2026-002.short_name"),
        (6, "B2B-2026-002.contacts.李工.email"),
    ] {
        env.refused(code, &["dedupe", "merge", "B2B-2026-001", "B2B-2026-002", "--take", take]);
    }
}

#[test]
fn what_must_not_be_one_is_refused_as_a_whole() {
    let env = two_archives("en");
    env.done(&["customer", "set", "B2B-2026-001", "credit_code=91350100M000100Y43"]);
    env.done(&["customer", "set", "B2B-2026-002", "credit_code=91330106MA2XXXXX0Y"]);
    let merge = ["dedupe", "merge", "B2B-2026-001", "B2B-2026-002"];
    assert_snapshot!(env.refused(5, &merge), @"
    error: their credit codes differ: B2B-2026-001 91350100M000100Y43, B2B-2026-002 91330106MA2XXXXX0Y
    hint: two codes are two companies; if one is wrong, `--take B2B-2026-001.credit_code` says which is right
    ");
    env.done(&[&merge[..], &["--take", "B2B-2026-001.credit_code"]].concat());
    env.done(&["undo"]);
    env.done(&["customer", "set", "B2B-2026-002", "credit_code="]);
    assert_snapshot!(env.refused(5, &["dedupe", "merge", "B2B-2026-001", "LEAD-2026-001"]), @"
    error: `B2B-2026-001` is a customer and `LEAD-2026-001` is a lead: only records of one kind are merged
    hint: `kehu lead convert LEAD-2026-001 --customer B2B-2026-001` lets the lead become that customer
    ");
    env.refused(5, &["dedupe", "merge", "B2B-2026-001", "B2B-2026-001"]);
    env.refused(5, &["dedupe", "merge", "B2B-2026-001", "B2B-2026-002", "B2B-2026-002"]);
    assert_snapshot!(env.refused(4, &["dedupe", "merge", "B2B-2026-001", "B2B-2026-007"]), @"
    error: there is no lead or customer `B2B-2026-007`
    hint: leads and customers are merged, each with its kind
    ");
    // Hand edits of either, of what names it and of its files; those that take the reference out too.
    for (path, old, new) in [
        (SURVIVOR, "一", "三"),
        ("customers/2026/B2B-2026-002.toml", "二", "三"),
        ("contracts/2026/CON-2026-001.toml", "B2B-2026-002", "B2B-2026-001"),
        ("attachments/B2B-2026-002/licence.jpg", "licence", "changed"),
    ] {
        env.edit(path, old, new);
        let refused = env.refused(5, &merge);
        assert!(refused.contains(path), "{refused}");
        env.git_done(&["checkout", "-q", "."]);
    }
    env.refused(5, &["dedupe", "unmerge", "B2B-2026-002"]);
    env.refused(4, &["dedupe", "unmerge", "B2B-2026-001"]);
    env.refused(2, &["dedupe", "unmerge", &env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"])]);
    let before = tree(&env);
    let dry = env.done(&[&merge[..], &["--dry-run"]].concat());
    assert!(dry.contains("B2B-2026-002 removed") && dry.contains("Customer: B2B-2026-002 → B2B-2026-001"), "{dry}");
    assert_eq!(tree(&env), before);
}

#[test]
fn later_work_stands_in_the_way_and_is_named() {
    let env = two_archives("en");
    let merge = ["dedupe", "merge", "B2B-2026-001", "B2B-2026-002"];
    env.done(&merge);
    env.done(&["followup", "add", "B2B-2026-001", "method=phone", "points=later", "no_next=x"]);
    env.done(&["customer", "set", "B2B-2026-001", "region=上海"]);
    env.done(&["dedupe", "unmerge", "B2B-2026-002"]);
    assert!(env.read(SURVIVOR).contains("region = \"上海\""), "what was done since stays");
    sound(&env);
    env.done(&merge);
    let name = env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    env.done(&["contract", "set", "CON-2026-001", "name=Chairs"]);
    env.done(&["customer", "set", "B2B-2026-001", "level=low"]);
    assert_snapshot!(env.refused(5, &["dedupe", "unmerge", "B2B-2026-002"]).replace(&name, "OP"), @"
    error: later changes build on `OP`; nothing was changed
      `B2B-2026-001` Value level: High → Low
    hint: take the later ones back first: `kehu op log` lists them
    ");
}

#[test]
fn many_references_want_the_number_that_is_expected() {
    let env = two_archives("en");
    for at in 0..25 {
        let points = format!("points=call {at}");
        env.done(&["followup", "add", "B2B-2026-002", "method=phone", &points, "no_next=x"]);
    }
    let merge = ["dedupe", "merge", "B2B-2026-001", "B2B-2026-002"];
    let refused = env.refused(8, &merge);
    assert!(refused.contains("--expect 33"), "{refused}");
    env.refused(8, &[&merge[..], &["--expect", "32"]].concat());
    env.done(&[&merge[..], &["--expect", "33"]].concat());
    sound(&env);
}

#[test]
fn who_may_change_all_of_it_may_merge() {
    let env = Env::repository("en");
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "east"), ("wang", "sales", "east"), ("boss", "manager", "east")]);
    for phone in ["13800138001", "13800138002"] {
        env.lead(&format!("Company {phone}"), phone);
    }
    let as_user = |login: &str, args: &[&str]| {
        let mut command = env.command(args);
        for part in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{part}_EMAIL"), format!("{login}@example.com"))
                .env(format!("GIT_{part}_NAME"), login);
        }
        env.finish(command)
    };
    let merge = ["dedupe", "merge", "LEAD-2026-001", "LEAD-2026-002"];
    let pool = as_user("li", &merge);
    assert!(pool.code == 7 && pool.stderr.contains("in the pool"), "{pool}");
    assert_eq!(as_user("boss", &merge).code, 0, "a manager joins what is in the pool");
    env.done(&["undo", &env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"])]);
    env.done(&["lead", "set", "LEAD-2026-001", "LEAD-2026-002", "owner=li"]);
    assert_eq!(as_user("li", &["lead", "rm", "LEAD-2026-002", "--confirm", "LEAD-2026-002"]).code, 7);
    let merged = as_user("li", &merge);
    assert_eq!(merged.code, 0, "{merged}");
    assert_eq!(as_user("li", &["dedupe", "unmerge", "LEAD-2026-002"]).code, 0);
    // What a colleague wrote of it names it, and is the colleague's.
    let told = ["method=phone", "points=called", "no_next=x", "author=wang"];
    env.done(&[&["followup", "add", "LEAD-2026-002"][..], &told].concat());
    let refused = as_user("li", &merge);
    assert!(refused.code == 7 && refused.stderr.contains("boss"), "{refused}");
    assert_eq!(as_user("boss", &merge).code, 0);
    sound(&env);
}
