//! What a conversion makes of a lead, or joins, and what it asks for.

use super::*;

#[test]
fn a_conversion_makes_customer_contact_and_opportunity_in_one_commit() {
    let env = fair();
    let commits = env.git_done(&["rev-list", "--count", "HEAD"]).parse::<u32>().unwrap();
    assert_eq!(env.done(&["lead", "convert", "LEAD-2026-001"]), "B2B-2026-001\nOPP-2026-001\nLEAD-2026-001");
    assert_eq!(env.git_done(&["rev-list", "--count", "HEAD"]), (commits + 1).to_string());
    assert_eq!(
        env.git_done(&["log", "-1", "--format=%s"]),
        "lead: convert LEAD-2026-001 to B2B-2026-001, OPP-2026-001"
    );
    assert_snapshot!(env.read("customers/2026/B2B-2026-001.toml"), @r#"
    type = "intent"
    category = "B2B"
    name = "Acme Desks"
    region = "江苏 苏州"
    needs = "Desks for two halls"
    source = "exhibition"
    acquired_on = 2026-03-12
    owner = "li"
    tags = ["high_potential"]

    [custom]
    booth = "A12"

    [[contacts]]
    name = "A. Buyer"
    title = "Purchasing"
    work_phone = "13800138001"
    email = "buyer@acme.example.com"

    [[contacts]]
    name = "B. Boss"
    buying_role = "decision_maker"
    "#);
    assert_snapshot!(env.read("opportunities/2026/OPP-2026-001.toml"), @r#"
    stage = "needs"
    name = "Acme Desks DESK-01"
    customer = "B2B-2026-001"
    lead = "LEAD-2026-001"
    amount = "200000.00"
    expected_on = 2026-05-01
    products = ["DESK-01"]
    opened_on = 2026-03-12
    owner = "li"
    "#);
    let lead = env.read("leads/2026/LEAD-2026-001.toml");
    assert!(lead.contains("status = \"converted\"") && lead.contains("converted_to = \"B2B-2026-001\""), "{lead}");
    assert_eq!(env.run(&["check"]).code, 0);
    let refused = env.refused(5, &["lead", "convert", "LEAD-2026-001"]);
    let operation = env.json(&["op", "log", "--limit", "1", "--json"])["operations"][0]["operation"].to_string();
    assert_snapshot!(refused.replace(operation.trim_matches('"'), "OP"), @"
    error: `LEAD-2026-001` was converted to `B2B-2026-001`
    hint: `kehu customer show B2B-2026-001` shows it
    hint: `kehu undo OP` takes the conversion back
    ");
    for verb in ["qualify", "nurture", "reopen"] {
        assert!(env.refused(5, &["lead", verb, "LEAD-2026-001"]).contains("was converted to `B2B-2026-001`"));
    }
    assert!(env.refused(6, &["lead", "set", "LEAD-2026-001", "status=working"]).contains("was converted to"));
}

#[test]
fn what_is_told_wins_over_what_the_lead_says() {
    let env = fair();
    let told = ["--category", "GOV", "--set-customer", "行业=教育", "--set-customer", "level=high"];
    let deal = ["name=Desks", "金额=12万", "expected_close=2026-06-01", "stage=needs"];
    let made = env.done(&[&["lead", "convert", "LEAD-2026-001"][..], &deal, &told].concat());
    assert_eq!(made.lines().next(), Some("GOV-2026-001"));
    let customer = env.read("customers/2026/GOV-2026-001.toml");
    assert!(customer.contains("industry = \"education\"") && customer.contains("level = \"high\""), "{customer}");
    let deal = env.read("opportunities/2026/OPP-2026-001.toml");
    assert!(
        deal.contains("\"120000.00\"") && deal.contains("2026-06-01") && deal.contains("name = \"Desks\""),
        "{deal}"
    );
}

#[test]
fn without_an_opportunity_there_is_a_customer_alone() {
    let env = fair();
    let convert = ["lead", "convert", "LEAD-2026-001", "--no-opportunity"];
    assert!(env.refused(2, &[&convert[..], &["amount=1"]].concat()).contains("--no-opportunity"));
    assert_eq!(env.done(&convert), "B2B-2026-001\nLEAD-2026-001");
    assert!(env.read("customers/2026/B2B-2026-001.toml").contains("type = \"potential\""));
    assert!(!env.dir().join("opportunities").exists());
}

#[test]
fn what_is_lacking_is_named_with_how_to_give_it() {
    let env = Env::repository("en");
    env.lead("Acme", "13800138001");
    assert_snapshot!(env.refused(6, &["lead", "convert", "LEAD-2026-001"]), @"
    error: the opportunity: Acme: the stage Needs wants Amount; give `amount=…`
      the stage Needs wants Expected close; give `expected_on=…`
    hint: `kehu lead convert LEAD-2026-001 amount=… expected_on=…` gives it; `--no-opportunity` makes none
    ");
    assert_snapshot!(env.refused(6, &["lead", "convert", "LEAD-2026-001", "--lang", "zh", "金额=5万"]), @"
    错误：商机：Acme：阶段“需求确认”须有预计成交日期；填写 `预计成交日期=…`
    提示：用 `kehu lead convert LEAD-2026-001 金额=… 预计成交日期=…` 补充；`--no-opportunity` 不建商机
    ");
    env.edit("leads/2026/LEAD-2026-001.toml", "source = \"hotline\"\n", "");
    env.git_done(&["commit", "-qam", "by hand"]);
    let whole = ["lead", "convert", "LEAD-2026-001", "amount=5万", "expected_on=2026-05-01"];
    assert_snapshot!(env.refused(6, &whole), @"
    error: the customer: Acme: Source is missing
    hint: `kehu lead convert LEAD-2026-001 --set-customer KEY=VALUE` gives what the lead does not say
    ");
    assert_eq!(env.git_done(&["status", "--porcelain"]), "");
    let given = env.run(&[&whole[..], &["--set-customer", "source=hotline"]].concat());
    assert_eq!(given.code, 0, "{given}");
}

#[test]
fn an_existing_customer_is_joined_and_keeps_what_it_says() {
    let env = fair();
    let known = r#"{"name":"Acme","source":"referral","region":"江苏 苏州","owner":"li","type":"potential","contacts":[{"name":"C. Clerk","work_phone":"13800138001"}]}"#;
    let added = env.run_with(&["customer", "add", "--on-duplicate", "keep", "--stdin"], known);
    assert_eq!(added.code, 0, "{added}");
    let joined = env.run(&["lead", "convert", "LEAD-2026-001"]);
    assert_snapshot!(joined, @"
    B2B-2026-001
    OPP-2026-001
    LEAD-2026-001
    ------- stderr -------
    joined `B2B-2026-001` (Acme), which has the same telephone number; if it is another, `kehu undo` and convert with `--new`
    ");
    let customer = env.read("customers/2026/B2B-2026-001.toml");
    assert_snapshot!(customer, @r#"
    type = "intent"
    category = "B2B"
    name = "Acme"
    region = "江苏 苏州"
    needs = "Desks for two halls"
    source = "referral"
    acquired_on = 2026-03-12
    owner = "li"
    tags = ["high_potential"]

    [[contacts]]
    name = "C. Clerk"
    work_phone = "13800138001"

    [[contacts]]
    name = "A. Buyer"
    title = "Purchasing"
    work_phone = "13800138001"
    email = "buyer@acme.example.com"

    [[contacts]]
    name = "B. Boss"
    buying_role = "decision_maker"
    "#);
    assert!(env.git_done(&["log", "-1", "--format=%b"]).starts_with("joined B2B-2026-001: the same telephone number"));
}

#[test]
fn of_several_customers_none_is_guessed() {
    let env = fair();
    for (name, contact) in [
        ("One", r#"{"name":"x","work_phone":"13800138001"}"#),
        ("Two", r#"{"name":"x","email":"buyer@acme.example.com"}"#),
    ] {
        let known =
            format!(r#"{{"name":"{name}","source":"referral","region":"x","owner":"li","contacts":[{contact}]}}"#);
        assert_eq!(env.run_with(&["customer", "add", "--on-duplicate", "keep", "--stdin"], known).code, 0);
    }
    let before = files(&env);
    assert_snapshot!(env.refused(4, &["lead", "convert", "LEAD-2026-001"]), @"
    error: `LEAD-2026-001` may be any of `B2B-2026-001` by telephone number, `B2B-2026-002` by e-mail address
    hint: `kehu lead convert LEAD-2026-001 --customer NUM` says which, `--new` that it is none of these
    ");
    assert_eq!(files(&env), before);
    let made = env.done(&["lead", "convert", "Acme Desks", "--customer", "Two"]);
    assert_eq!(made, "B2B-2026-002\nOPP-2026-001\nLEAD-2026-001");
}

#[test]
fn follow_ups_stay_with_the_lead_and_are_the_customers_too() {
    let env = fair();
    env.done(&["lead", "convert", "LEAD-2026-001"]);
    env.done(&[
        "followup",
        "add",
        "OPP-2026-001",
        "method=visit",
        "points=showed desks",
        "no_next=x",
        "at=2026-03-12 09:00",
    ]);
    let show = |args: &[&str]| env.done(&[&["--now", "2026-03-14T09:00:00+08:00"], args].concat());
    assert_snapshot!(show(&["customer", "show", "B2B-2026-001"]), @"
    B2B-2026-001 Acme Desks
    Type            Intent
    Owner           li
    Region          江苏 苏州
    Tags            High potential
    Last follow-up  2026-03-12 09:30
    Idle days       2
    Follow-ups      2
    Complete        100.0%

    Due next
    When    Due         What                         Number        Rule
    ------  ----------  ---------------------------  ------------  --------
    coming  2026-03-15  Contact: 3 days without one  OPP-2026-001  idle
    coming  2026-03-16  quote                        B2B-2026-001  promised

    Company
    Company   Acme Desks
    Category  Business

    Needs
    Current needs  Desks for two halls

    Source and ownership
    Source       Exhibition
    Acquired on  2026-03-12

    Other
    booth  A12

    Contacts
    Contact   Title       Work phone   Buying role
    --------  ----------  -----------  --------------
    A. Buyer  Purchasing  13800138001
    B. Boss                            Decision maker

    More of the contacts
    Contact   Field   Value
    --------  ------  ----------------------
    A. Buyer  E-mail  buyer@acme.example.com

    Open opportunities
    Number        Opportunity         Stage      Amount   Weighted  Expected close  Owner
    ------------  ------------------  -----  ----------  ---------  --------------  -----
    OPP-2026-001  Acme Desks DESK-01  Needs  200,000.00  40,000.00  2026-05-01      li

    Made of the leads
    Number         Contact   Product  Acquired on  Owner
    -------------  --------  -------  -----------  -----
    LEAD-2026-001  A. Buyer  DESK-01  2026-03-12   li

    Follow-ups
    At                Method  Points         Next action  Next date   Author  Subject
    ----------------  ------  -------------  -----------  ----------  ------  -------------
    2026-03-12 09:30  Phone   wants a quote  quote        2026-03-16  test    LEAD-2026-001
    2026-03-12 09:00  Visit   showed desks                            test    OPP-2026-001
    ");
    let all = "customer = B2B-2026-001";
    assert_eq!(show(&["followup", "list", "--where", all, "-q"]).lines().count(), 2);
    assert_eq!(
        show(&["followup", "list", "--where", "客户 = 'Acme Desks' and subject = LEAD-2026-001", "-q"]).lines().count(),
        1
    );
    assert_eq!(show(&["customer", "list", "--where", "followup_count = 2 and idle_days = 2", "-q"]), "B2B-2026-001");
    assert_eq!(show(&["followup", "list", "--customer", "Acme Desks", "-q"]).lines().count(), 2);
    let log = show(&["log", "B2B-2026-001", "--followups"]);
    assert!(log.contains("wants a quote") && log.contains("showed desks"), "{log}");
    // What was promised to the lead is due with the customer.
    let due = env.json(&["due", "--json"]);
    let tasks = due["tasks"].as_array().unwrap();
    let promised: Vec<_> = tasks.iter().filter(|task| task["rule"] == "promised").collect();
    assert_eq!(promised.len(), 1, "{due}");
    assert_eq!((&promised[0]["number"], &promised[0]["due"]), (&"B2B-2026-001".into(), &"2026-03-16".into()));
    // As of the day before there was a lead and nothing else.
    assert_eq!(env.done(&["customer", "list", "-q", "--as-of", "HEAD~2"]), "");
    assert_eq!(
        env.done(&["lead", "show", "LEAD-2026-001", "--as-of", "HEAD~2", "--json"]).matches("converted").count(),
        0
    );
}

#[test]
fn who_converts_writes_the_lead_and_the_customer() {
    let env = fair();
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[
        ("li", "sales", "east"),
        ("chen", "sales", "east"),
        ("boss", "manager", "east"),
        ("mark", "marketing", "m"),
    ]);
    let run = |login: &str, args: &[&str]| -> Output {
        let mut command = env.command(args);
        for part in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{part}_EMAIL"), format!("{login}@example.com"));
        }
        env.finish(command)
    };
    let convert = ["lead", "convert", "LEAD-2026-001"];
    let before = files(&env);
    for (login, args) in [("chen", &convert[..]), ("mark", &convert), ("mark", &["lead", "qualify", "LEAD-2026-001"])] {
        let refused = run(login, args);
        assert_eq!(refused.code, 7, "{login}: {refused}");
    }
    // A customer that is another's is not joined, though nothing of it would change.
    env.done(&["customer", "add", "name=Other", "source=referral", "region=x", "owner=chen", "type=won"]);
    assert_eq!(run("li", &[&convert[..], &["--customer", "B2B-2026-001"]].concat()).code, 7);
    env.done(&["undo"]);
    assert_eq!(files(&env), before);
    assert_eq!(run("li", &convert).code, 0);
    // Whoever is given the customer reads what was said to the lead.
    env.done(&["customer", "set", "B2B-2026-002", "owner=chen"]);
    let read = run("chen", &["followup", "list", "--where", "customer = B2B-2026-002", "-q"]);
    assert_eq!(read.stdout.lines().count(), 1, "{read}");
    assert_eq!(run("chen", &["lead", "show", "LEAD-2026-001"]).code, 0);
    assert_eq!(run("chen", &["lead", "set", "LEAD-2026-001", "remark=x"]).code, 7);
}

#[test]
fn another_company_is_told_and_a_shared_key_may_be_another_customer() {
    let env = fair();
    env.customer("Globex");
    let told = env.run(&["lead", "convert", "LEAD-2026-001", "--customer", "B2B-2026-001", "--dry-run"]);
    let warning = "`LEAD-2026-001` is of Acme Desks, `B2B-2026-001` is Globex: they have no key in common";
    assert!(told.stderr.contains(warning), "{told}");
    let json = env.json(&["lead", "convert", "LEAD-2026-001", "--customer", "B2B-2026-001", "--dry-run", "--json"]);
    assert_eq!(json["warnings"], serde_json::json!([warning]));
    env.done(&["contact", "add", "B2B-2026-001", "name=A. Buyer", "email=buyer@acme.example.com"]);
    let found = env.run(&["lead", "convert", "LEAD-2026-001", "--dry-run"]);
    assert!(found.stderr.contains("joined `B2B-2026-001`") && found.stderr.contains("`--new`"), "{found}");
    let known = env.run(&["lead", "convert", "LEAD-2026-001", "--customer", "B2B-2026-001", "--dry-run"]);
    assert!(!known.stderr.contains("no key in common"), "{known}");
    assert_eq!(env.run(&["lead", "convert", "LEAD-2026-001", "--customer", "B2B-2026-001", "--new"]).code, 2);
    let made = env.done(&["lead", "convert", "LEAD-2026-001", "--new"]);
    assert_eq!(made, "B2B-2026-002\nOPP-2026-001\nLEAD-2026-001");
}

#[test]
fn a_promise_is_due_with_the_person_it_was_made_to() {
    let env = fair();
    env.customer("Acme Desks Holding");
    env.done(&["contact", "add", "B2B-2026-001", "name=First Person", "work_phone=13900139000"]);
    let to = ["lead", "convert", "LEAD-2026-001", "--customer", "B2B-2026-001", "--no-opportunity"];
    env.done(&to);
    let promised = || {
        let due = env.json(&["due", "--owner", "all", "--json"]);
        let all = due["due"].as_array().or(due["tasks"].as_array()).unwrap_or_else(|| panic!("{due}")).clone();
        let one = all.into_iter().find(|one| one["rule"] == "promised").unwrap_or_else(|| panic!("{due}"));
        [one["number"].clone(), one["contact"].clone(), one["phone"].clone()]
    };
    assert_eq!(promised(), ["B2B-2026-001", "A. Buyer", "13800138001"]);
    let told = ["method=phone", "points=x", "next_action=call", "next_on=2026-03-17", "contact=First Person"];
    env.done(&[&["followup", "add", "LEAD-2026-001"][..], &told].concat());
    assert_eq!(promised(), ["B2B-2026-001", "First Person", "13900139000"]);
}
