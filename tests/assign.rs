//! `kehu lead assign`: who gets which lead, why, and what stays in the pool.

mod common;

use common::{Env, Output};
use insta::assert_snapshot;

/// A team of two sales, one of them senior, under a manager, with three leads of nobody; the first is of grade A.
fn team() -> Env {
    let env = Env::repository("en");
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "east"), ("chen", "sales", "west"), ("boss", "manager", "east")]);
    env.done(&["user", "set", "chen", "senior=yes", "regions=江苏"]);
    for (at, company) in ["First", "Second", "Third"].iter().enumerate() {
        env.lead(company, &format!("1380013800{at}"));
    }
    let facts = ["urgency=within_3_months", "budget_fit=within", "size=large", "decision_chain=confirmed"];
    env.done(&[&["lead", "set", "LEAD-2026-001"][..], &facts].concat());
    env
}

fn by(env: &Env, login: &str, args: &[&str]) -> Output {
    let mut command = env.command(args);
    for part in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{part}_EMAIL"), format!("{login}@example.com"));
    }
    env.finish(command)
}

fn owner(env: &Env, number: &str) -> String {
    env.json(&["lead", "show", number, "--json"])["record"]["owner"].as_str().unwrap_or("-").to_string()
}

#[test]
fn rules_choose_and_the_commit_says_why() {
    let env = team();
    assert_snapshot!(env.run(&["lead", "assign", "--auto"]), @"
    Number         Company  Result    Owner  Reason
    -------------  -------  --------  -----  -------------------------------------------------
    LEAD-2026-001  First    assigned  chen   no rule, grade A; senior first
    LEAD-2026-002  Second   assigned  li     no rule, grade C; not another's region or product
    LEAD-2026-003  Third    assigned  li     no rule, grade C; not another's region or product
    ");
    assert_snapshot!(env.git_done(&["log", "-1", "--format=%B"]).split("Kehu-Op").next().unwrap(), @"
    lead: assign LEAD-2026-001, LEAD-2026-002, LEAD-2026-003 to 2 users

    LEAD-2026-001 to chen: no rule, grade A; senior first
    LEAD-2026-002 to li: no rule, grade C; not another's region or product
    LEAD-2026-003 to li: no rule, grade C; not another's region or product
    ");
    let lead = env.read("leads/2026/LEAD-2026-001.toml");
    assert!(
        lead.contains("status = \"assigned\"") && lead.contains("assigned_at = 2026-03-12T09:30:00+08:00"),
        "{lead}"
    );
    let state = env.state();
    let again = env.run(&["lead", "assign", "--auto"]);
    assert_eq!((again.code, again.stderr.as_str()), (0, "nothing changed\n"), "{again}");
    assert_eq!(env.state(), state);
    env.done(&["undo"]);
    assert!(!env.read("leads/2026/LEAD-2026-001.toml").contains("owner"));
}

#[test]
fn the_reason_is_explained_before_and_afterwards() {
    let env = team();
    let state = env.state();
    assert_snapshot!(env.run(&["lead", "assign", "LEAD-2026-001", "LEAD-2026-002", "--explain"]), @"
    LEAD-2026-001 First: no rule, grade A
    User  Chosen  Why           Senior  Fits by     Open  Today  Last assigned
    ----  ------  ------------  ------  ----------  ----  -----  -------------
    chen  yes     senior first  yes     not region     0      0
    li    no      not senior    no                     0      0

    LEAD-2026-002 Second: no rule, grade C
    User  Chosen  Why                              Senior  Fits by     Open  Today  Last assigned
    ----  ------  -------------------------------  ------  ----------  ----  -----  ----------------
    li    yes     not another's region or product  no                     0      0
    chen  no      fits less                        yes     not region     1      1  2026-03-12 09:30
    ");
    assert_eq!(env.state(), state);
    let before = env.json(&["lead", "assign", "--explain", "--json"]);
    assert_eq!((&before["schema"], &before["leads"][0]["owner"]), (&"kehu.assign".into(), &"chen".into()));
    env.done(&["lead", "assign", "--auto"]);
    env.done(&["user", "set", "chen", "left_on=2026-03-11"]);
    assert_eq!(env.json(&["lead", "assign", "--explain", "--json", "--as-of", "HEAD~2"])["leads"], before["leads"]);
    let note = env.run(&["lead", "assign", "LEAD-2026-001", "--explain"]);
    assert_eq!(note.stderr, "passed over, since they have an owner or are closed: 1\n");
    assert_eq!(env.run(&["lead", "assign", "--auto", "--as-of", "HEAD~2"]).code, 2, "the past is not changed");
}

#[test]
fn what_nobody_can_take_stays_in_the_pool() {
    let env = team();
    env.done(&["user", "set", "li", "daily_cap=1"]);
    env.done(&["user", "set", "chen", "left_on=2026-03-01"]);
    let said = env.run(&["--lang", "zh", "lead", "assign", "LEAD-2026-002", "LEAD-2026-003", "--auto", "--json"]);
    assert_eq!(said.code, 3, "{said}");
    let json = said.json();
    assert_eq!((&json["leads"][0]["owner"], &json["leads"][0]["result"]), (&"li".into(), &"assigned".into()));
    assert_eq!(json["leads"][1]["result"], "pool");
    assert_eq!(json["leads"][1]["reason"], "无匹配规则，C 级；li：已达每日上限 1；chen：已于 2026-03-01 离职");
    assert_eq!(owner(&env, "LEAD-2026-003"), "-");
}

#[test]
fn a_rule_of_the_file_names_who() {
    let env = team();
    env.edit("config/assignment.toml", "rule = []", "rule = [{ region = [\"浙江\"], to = [\"boss\"] }]");
    env.done(&["commit"]);
    env.done(&["lead", "assign", "LEAD-2026-002", "--auto"]);
    assert_eq!(owner(&env, "LEAD-2026-002"), "boss");
}

#[test]
fn a_named_user_gets_them_whatever_the_rules_say() {
    let env = team();
    env.done(&["lead", "assign", "LEAD-2026-001", "--to", "li"]);
    env.done(&["lead", "set", "LEAD-2026-002", "status=disqualified", "disqualify_reason=fake"]);
    let given = env.run(&["lead", "assign", "--where", "company in (First, Second)", "--to", "chen"]);
    assert_eq!(
        (given.code, owner(&env, "LEAD-2026-001"), owner(&env, "LEAD-2026-002")),
        (3, "chen".into(), "-".into())
    );
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: assign LEAD-2026-001 to chen");
    env.done(&["user", "set", "li", "left_on=2026-03-11"]);
    assert!(env.refused(6, &["lead", "assign", "LEAD-2026-003", "--to", "li"]).contains("left on 2026-03-11"));
    env.refused(4, &["lead", "assign", "LEAD-2026-003", "--to", "ghost"]);
    for args in [&["--to", "li"][..], &["LEAD-2026-001"], &["LEAD-2026-001", "--auto", "--to", "li"]] {
        assert_eq!(env.run(&[&["lead", "assign"], args].concat()).code, 2, "{args:?}");
    }
}

#[test]
fn managers_assign_within_their_department_and_sales_claim() {
    let env = team();
    env.users(&[("wang", "sales", "east")]);
    let all = by(&env, "boss", &["lead", "assign", "--auto", "-q"]);
    assert_eq!((all.code, all.stdout.as_str()), (0, "LEAD-2026-001\nLEAD-2026-002\nLEAD-2026-003\n"), "{all}");
    let owners = ["LEAD-2026-001", "LEAD-2026-002", "LEAD-2026-003"].map(|number| owner(&env, number));
    assert_eq!(owners, ["li", "wang", "li"], "nobody of another department");
    let sales = by(&env, "li", &["lead", "assign", "LEAD-2026-001", "--to", "li"]);
    assert_eq!(sales.code, 7, "{sales}");
    assert!(sales.stderr.contains("`kehu pool claim NUM` claims") && sales.stderr.contains("could do it"), "{sales}");
}

#[test]
fn many_at_once_want_their_count() {
    let env = team();
    env.write(
        "../more.csv",
        &(0..30).fold("company,contact_name,phone,region,source,acquired_on\n".to_string(), |rows, at| {
            rows + &format!("Company {at},x,139001390{at:02},x,hotline,2026-03-12\n")
        }),
    );
    env.done(&["lead", "import", "../more.csv"]);
    let said = env.refused(8, &["lead", "assign", "--auto"]);
    assert!(said.contains("33 records at once"), "{said}");
    assert_eq!(env.run(&["lead", "assign", "--auto", "--dry-run"]).code, 0);
    assert_eq!(env.run(&["lead", "assign", "--auto", "--expect", "33"]).code, 0);
    assert_eq!(env.git_done(&["log", "-1", "--format=%s"]), "lead: assign 33 records to 2 users");
}
