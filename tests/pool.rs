//! `kehu pool`: what lies in it, who may take what, and what goes back.

#[path = "common/by_day.rs"]
mod by_day;
mod common;

use by_day::{done, on};
use common::Env;
use insta::assert_snapshot;

/// A team of two sales and a manager; two leads and a customer, none with an owner.
fn team() -> Env {
    let env = Env::repository("en");
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "east"), ("chen", "sales", "east"), ("boss", "manager", "east")]);
    env.lead("First", "13800138001");
    env.lead("Second", "13800138002");
    let customer = ["name=Archive", "industry=retail", "region=Suzhou", "source=hotline"];
    env.done(&[&["customer", "add"][..], &customer].concat());
    env.done(&["customer", "set", "B2B-2026-001", "--unset", "owner"]);
    env
}

/// Runs it, which must be refused with this code and nothing changed; returns what is said.
#[track_caller]
fn refused(env: &Env, code: i32, day: u32, login: &str, args: &[&str]) -> String {
    let before = env.state();
    let output = on(env, day, login, args);
    assert_eq!((output.code, output.stdout.as_str()), (code, ""), "{login} {args:?}\n{output}");
    assert_eq!(env.state(), before);
    output.stderr
}

#[test]
fn a_customer_without_an_owner_is_in_the_pool_and_right() {
    let env = team();
    assert!(!env.read("customers/2026/B2B-2026-001.toml").contains("owner"));
    assert!(!env.run(&["check"]).stdout.contains("owner"));
    done(&env, 12, "li", &["customer", "show", "B2B-2026-001"]);
    let others = refused(&env, 7, 12, "li", &["customer", "set", "B2B-2026-001", "remark=x"]);
    assert!(others.contains("in the pool"), "{others}");
}

#[test]
fn the_pool_says_since_when_and_why() {
    let env = team();
    done(&env, 13, "li", &["pool", "claim", "LEAD-2026-001", "B2B-2026-001"]);
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "pool: claim LEAD-2026-001, B2B-2026-001");
    assert!(env.read("leads/2026/LEAD-2026-001.toml").contains("status = \"assigned\""));
    done(&env, 14, "li", &["pool", "release", "LEAD-2026-001", "--reason", "not my region"]);
    assert_snapshot!(on(&env, 16, "chen", &["pool", "list"]), @"
    Number         Kind  Name    Region    Since       Days  Why                 Previous owner
    -------------  ----  ------  --------  ----------  ----  ------------------  --------------
    LEAD-2026-001  Lead  First   Hangzhou  2026-03-14     2  not my region       li
    LEAD-2026-002  Lead  Second  Hangzhou  2026-03-12     4  never had an owner
    ");
    assert_eq!(done(&env, 16, "boss", &["pool", "list", "--kind", "customer", "-q"]), "");
    let json = on(&env, 16, "chen", &["pool", "list", "--kind", "lead", "--json"]).json();
    assert_eq!((&json["schema"], &json["records"][0]["previous_owner"]), (&"kehu.pool".into(), &"li".into()));
    assert_eq!(json["records"][0]["owned_until"], "2026-03-14T10:00:00+08:00");
    done(&env, 17, "chen", &["pool", "claim", "First"]);
    assert!(!env.read("leads/2026/LEAD-2026-001.toml").contains("pool_reason"), "the reason goes with the pool");
    assert_eq!(on(&env, 12, "stranger", &["pool", "list"]).code, 7);
}

#[test]
fn whoever_had_it_last_waits() {
    let env = team();
    done(&env, 12, "li", &["pool", "claim", "LEAD-2026-001"]);
    // However it was given back.
    done(&env, 13, "li", &["lead", "set", "LEAD-2026-001", "--unset", "owner"]);
    for args in [&["pool", "claim", "LEAD-2026-001"][..], &["lead", "set", "LEAD-2026-001", "owner=li"]] {
        let said = refused(&env, 7, 19, "li", args);
        assert!(said.contains("from 2026-03-20 on (`previous_owner_waits_days = 7`)"), "{said}");
    }
    done(&env, 20, "li", &["pool", "claim", "LEAD-2026-001"]);
    done(&env, 20, "li", &["pool", "release", "LEAD-2026-001", "--reason", "again"]);
    done(&env, 20, "chen", &["pool", "claim", "LEAD-2026-001"]);
    done(&env, 21, "chen", &["pool", "release", "LEAD-2026-001", "--reason", "again"]);
    done(&env, 21, "li", &["pool", "claim", "LEAD-2026-001"]);
}

#[test]
fn a_day_has_so_many_claims() {
    let env = team();
    env.edit("config/assignment.toml", "claims_per_day = 10", "claims_per_day = 1");
    env.done(&["commit"]);
    let two = refused(&env, 7, 13, "li", &["pool", "claim", "LEAD-2026-001", "LEAD-2026-002"]);
    assert!(two.contains("you claimed 0 today, these are 2, and a day has 1 (`claims_per_day = 1`)"), "{two}");
    done(&env, 13, "li", &["lead", "set", "LEAD-2026-001", "owner=li"]);
    assert!(refused(&env, 7, 13, "li", &["pool", "claim", "LEAD-2026-002"]).contains("you claimed 1 today"));
    done(&env, 13, "chen", &["pool", "claim", "LEAD-2026-002"]);
    done(&env, 14, "li", &["pool", "claim", "B2B-2026-001"]);
}

#[test]
fn what_is_not_in_the_pool_is_not_claimed() {
    let env = team();
    done(&env, 12, "chen", &["pool", "claim", "LEAD-2026-001"]);
    let said = refused(&env, 5, 12, "boss", &["pool", "claim", "LEAD-2026-002", "LEAD-2026-001"]);
    assert!(said.contains("`LEAD-2026-001` is not in the pool: it belongs to `chen`"), "{said}");
    refused(&env, 7, 12, "li", &["pool", "release", "LEAD-2026-001", "--reason", "x"]);
    refused(&env, 5, 12, "chen", &["pool", "release", "LEAD-2026-002", "--reason", "x"]);
    refused(&env, 4, 12, "li", &["pool", "claim", "LEAD-2026-009"]);
    env.done(&["lead", "set", "LEAD-2026-002", "status=disqualified", "disqualify_reason=fake"]);
    assert!(refused(&env, 5, 12, "li", &["pool", "claim", "LEAD-2026-002"]).contains("is closed"));
    assert_eq!(env.run(&["pool", "release", "LEAD-2026-001"]).code, 2, "a reason is wanted");
}

#[test]
fn what_nobody_saw_to_goes_back() {
    let env = team();
    done(&env, 12, "boss", &["lead", "assign", "LEAD-2026-001", "LEAD-2026-002", "--to", "li"]);
    done(&env, 12, "li", &["pool", "claim", "B2B-2026-001"]);
    done(&env, 13, "li", &["followup", "add", "LEAD-2026-002", "method=phone", "points=x", "no_next=x"]);
    assert_eq!(done(&env, 19, "boss", &["pool", "recycle", "-q"]), "", "after 7 days nothing, after more than 7");
    let state = env.state();
    assert_snapshot!(on(&env, 20, "boss", &["pool", "recycle", "--dry-run"]), @"
    Number         Kind  Name   Owner until now  Due on
    -------------  ----  -----  ---------------  ----------
    LEAD-2026-001  Lead  First  li               2026-03-20
    ------- stderr -------
    nothing was written (`--dry-run`)
    ");
    assert_eq!(env.state(), state);
    done(&env, 20, "admin", &["lead", "set", "LEAD-2026-001", "protected_until=2026-03-21"]);
    assert_eq!(done(&env, 21, "boss", &["pool", "recycle", "-q"]), "");
    assert_eq!(done(&env, 22, "boss", &["pool", "recycle", "-q"]), "LEAD-2026-001");
    assert_eq!(
        env.git_done(&["log", "-1", "--format=%s%n%(trailers:key=Kehu-Pool,valueonly)"]),
        "pool: recycle LEAD-2026-001\nrecycle"
    );
    let list = on(&env, 22, "chen", &["pool", "list", "--json"]).json();
    assert_eq!(
        (&list["records"][0]["why"], &list["records"][0]["since"]),
        (&"no first response".into(), &"2026-03-22".into())
    );
    assert!(refused(&env, 7, 23, "li", &["pool", "claim", "LEAD-2026-001"]).contains("previous_owner_waits_days"));
    assert_eq!(done(&env, 22, "boss", &["pool", "recycle", "-q"]), "", "once");
    let mut later = env.command(&["pool", "recycle", "-q", "--now", "2026-04-12"]);
    later.env("GIT_AUTHOR_EMAIL", "boss@example.com");
    assert_eq!(env.finish(later).stdout, "B2B-2026-001\n", "the customer, too");
}

#[test]
fn no_command_gets_round_the_limits() {
    let env = team();
    done(&env, 12, "li", &["pool", "claim", "LEAD-2026-001"]);
    done(&env, 13, "li", &["pool", "release", "LEAD-2026-001", "--reason", "x"]);
    let rule = "previous_owner_waits_days = 7";
    let mut edit = env.command(&["lead", "edit", "LEAD-2026-001"]);
    edit.env("KEHU_EDITOR", "sed -i 's/^status/owner = \"li\"\\nstatus/'");
    edit.env("GIT_AUTHOR_EMAIL", "li@example.com").env("KEHU_NOW", "2026-03-14T10:00:00+08:00");
    let edited = env.finish(edit);
    assert!(edited.code == 7 && edited.stderr.contains(rule), "{edited}");
    env.edit("leads/2026/LEAD-2026-001.toml", "status =", "owner = \"li\"\nstatus =");
    let by_hand = on(&env, 14, "li", &["commit"]);
    assert!(by_hand.code == 7 && by_hand.stderr.contains(rule), "{by_hand}");
    env.git_done(&["checkout", "-q", "."]);
    env.write("../own.csv", "公司名称,联系人,电话,负责人\nFirst,Buyer,13800138001,li\n");
    let imported = on(&env, 14, "li", &["lead", "import", "../own.csv", "--on-duplicate", "update"]);
    assert!(imported.code == 7 && imported.stderr.contains(rule), "{imported}");
    // A slip is no claim: what one gave back oneself is taken back, and nobody else's deed.
    done(&env, 14, "li", &["pool", "claim", "LEAD-2026-002"]);
    done(&env, 14, "li", &["pool", "release", "LEAD-2026-002", "--reason", "slip"]);
    done(&env, 14, "li", &["undo"]);
    done(&env, 15, "boss", &["pool", "release", "LEAD-2026-002", "--reason", "x"]);
    let last = env.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    assert!(refused(&env, 7, 15, "li", &["undo", &last]).contains(rule));
    done(&env, 15, "boss", &["undo"]);
}
