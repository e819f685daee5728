//! `kehu handover`: what a user has goes to others, with a briefing on each record.

#[path = "common/by_day.rs"]
mod by_day;
mod common;

use by_day::{done, on};
use common::Env;
use insta::assert_snapshot;

/// Sales `li`, who has three leads and a customer, sales `chen` and `wang`, a manager and a service.
fn team() -> Env {
    let env = Env::repository("en");
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[
        ("li", "sales", "east"),
        ("chen", "sales", "east"),
        ("wang", "sales", "east"),
        ("far", "sales", "west"),
        ("boss", "manager", "east"),
        ("help", "service", "east"),
    ]);
    for at in 1..=3 {
        env.lead(&format!("Company {at}"), &format!("1380013800{at}"));
    }
    let contacts = r#"[{"name":"Archivist","work_phone":"13900139001"}]"#;
    let fields = r#""type":"intent","category":"B2B","industry":"retail","region":"Suzhou","source":"hotline""#;
    let customer = format!(r#"{{"name":"Archive",{fields},"owner":"li","contacts":{contacts}}}"#);
    assert_eq!(env.run_with(&["customer", "add", "--stdin"], customer).code, 0);
    env.done(&["lead", "assign", "LEAD-2026-001", "LEAD-2026-002", "LEAD-2026-003", "--to", "li"]);
    env
}

/// Runs a hand-over that must be refused with this code and nothing changed; returns what is said.
#[track_caller]
fn refused(env: &Env, code: i32, login: &str, args: &[&str]) -> String {
    let before = env.state();
    for dry_run in [&[][..], &["--dry-run"]] {
        let output = on(env, 13, login, &[&["handover"], args, dry_run].concat());
        assert_eq!((output.code, output.stdout.as_str()), (code, ""), "{login} {args:?} {dry_run:?}\n{output}");
    }
    assert_eq!(env.state(), before);
    on(env, 13, login, &[&["handover"], args].concat()).stderr
}

fn owner(env: &Env, number: &str) -> String {
    let kind = if number.starts_with("LEAD") { "lead" } else { "customer" };
    env.json(&[kind, "show", number, "--json"])["record"]["owner"].as_str().unwrap_or("-").to_string()
}

#[test]
fn each_record_goes_with_a_briefing() {
    let env = team();
    for (day, points) in [(5, "met at the fair"), (8, "sent papers"), (10, "asked for a\nquote"), (11, "will decide")] {
        let [at, points] = [format!("at=2026-03-{day:02}T15:00"), format!("points={points}")];
        let next = ["next_action=Send the quote", "next_on=2026-03-12"];
        done(
            &env,
            12,
            "li",
            &[&["followup", "add", "LEAD-2026-001", "method=phone", &at, &points][..], &next].concat(),
        );
    }
    let args = ["handover", "--from", "li", "--to", "chen,wang"];
    let state = env.state();
    let dry = on(&env, 14, "boss", &[&args[..], &["--dry-run"]].concat());
    assert_eq!((dry.code, env.state()), (0, state), "{dry}");
    assert_eq!(dry.stderr, "nothing was written (`--dry-run`)\n");
    let told = on(&env, 14, "boss", &[&args[..], &["-o", "markdown"]].concat());
    assert_snapshot!(told, @"
    ## Hand-over from li to chen, wang, 2026-03-14: 4 records

    | New owner | Kind     | Number        | Name      | Contact   | Phone       | Last follow-ups                          | Promised       | On         | Overdue |
    | --------- | -------- | ------------- | --------- | --------- | ----------- | ---------------------------------------- | -------------- | ---------- | ------- |
    | chen      | Lead     | LEAD-2026-001 | Company 1 | Buyer     | 13800138001 | 2026-03-11 Phone: will decide<br>2026-03-10 Phone: asked for a quote<br>2026-03-08 Phone: sent papers | Send the quote | 2026-03-12 | 2 d     |
    | chen      | Lead     | LEAD-2026-003 | Company 3 | Buyer     | 13800138003 |                                          |                |            |         |
    | wang      | Lead     | LEAD-2026-002 | Company 2 | Buyer     | 13800138002 |                                          |                |            |         |
    | wang      | Customer | B2B-2026-001  | Archive   | Archivist | 13900139001 |                                          |                |            |         |
    ");
    assert_snapshot!(dry, @"
    Hand-over from li to chen, wang, 2026-03-14: 4 records
    New owner  Number         Name       Phone        Promised        On          Overdue
    ---------  -------------  ---------  -----------  --------------  ----------  -------
    chen       LEAD-2026-001  Company 1  13800138001  Send the quote  2026-03-12  2 d
    chen       LEAD-2026-003  Company 3  13800138003
    wang       LEAD-2026-002  Company 2  13800138002
    wang       B2B-2026-001   Archive    13900139001
    ------- stderr -------
    nothing was written (`--dry-run`)
    ");
    assert_eq!(
        env.git_done(&["log", "-1", "--format=%B"]).split("\n\nKehu-Op").next().unwrap(),
        "handover: li to chen, wang, 4 records\n\nLEAD-2026-001 to chen\nLEAD-2026-003 to chen\nLEAD-2026-002 to wang\n\
         B2B-2026-001 to wang"
    );
    let again = on(&env, 14, "boss", &args);
    assert_eq!((again.code, again.stderr.as_str()), (0, "`li` has nothing to hand over\n"), "{again}");
    done(&env, 14, "boss", &["undo"]);
    for number in ["LEAD-2026-001", "LEAD-2026-002", "LEAD-2026-003", "B2B-2026-001"] {
        assert_eq!(owner(&env, number), "li");
    }
    assert_eq!(env.git_done(&["diff", "--stat", "HEAD~2"]), "", "byte for byte as before");
}

#[test]
fn programs_get_it_all() {
    let env = team();
    let args = ["method=visit", "points=x", "next_action=call", "next_on=2026-03-20", "at=2026-03-10T15:00"];
    done(&env, 12, "li", &[&["followup", "add", "B2B-2026-001"], &args[..]].concat());
    let told =
        on(&env, 13, "boss", &["handover", "--from", "li", "--to", "chen", "--kind", "customer", "--json"]).json();
    assert_eq!((&told["schema"], &told["version"], &told["from"]), (&"kehu.handover".into(), &1.into(), &"li".into()));
    let record = &told["records"][0];
    assert_eq!((&record["contact"], &record["phone"]), (&"Archivist".into(), &"13900139001".into()));
    assert_eq!((&record["followups"][0]["method"], &record["promise"]["on"]), (&"visit".into(), &"2026-03-20".into()));
    assert!(record["promise"]["overdue_days"].is_null() && told["commit"].is_string());
    let lines = on(&env, 13, "boss", &["handover", "--from", "li", "--to", "chen", "-o", "jsonl", "--dry-run"]).stdout;
    assert_eq!(lines.lines().count(), 3);
    let table = done(&env, 13, "boss", &["handover", "--from", "li", "--to", "chen", "-o", "csv"]);
    assert!(
        table.lines().nth(1).unwrap().starts_with("chen,Lead,LEAD-2026-001,Company 1,Buyer,13800138001,"),
        "{table}"
    );
    assert_eq!(owner(&env, "LEAD-2026-003"), "chen");
}

#[test]
fn a_promise_stands_and_the_cadence_begins_anew() {
    let env = team();
    let facts = ["urgency=within_3_months", "budget_fit=within", "size=large", "decision_chain=confirmed"];
    env.done(&[&["lead", "set", "LEAD-2026-001"][..], &facts].concat());
    let add = |number: &str, next: &str| {
        let next = format!("next_on={next}");
        let fields = ["method=phone", "points=x", "at=2026-03-12T09:40", "next_action=quote", &next];
        done(&env, 12, "li", &[&["followup", "add", number], &fields[..]].concat());
    };
    add("LEAD-2026-001", "2026-03-20");
    add("B2B-2026-001", "2026-03-13");
    let due = |login: &str| {
        let told = done(&env, 14, login, &["due", "--until", "2026-03-31", "-o", "csv"]);
        let lines = told.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        let lines = lines.filter(|cells| !["refresh", "festival", "recycle"].contains(cells.last().unwrap()));
        lines.map(|cells| format!("{} {} {}", cells[1], cells[2], cells.last().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(
        due("li"),
        [
            "2026-03-13 B2B-2026-001 promised",
            "2026-03-19 LEAD-2026-002 repeat",
            "2026-03-19 LEAD-2026-003 repeat",
            "2026-03-20 LEAD-2026-001 promised"
        ]
    );
    done(&env, 14, "boss", &["handover", "--from", "li", "--to", "chen"]);
    assert_eq!(due("li"), [""; 0]);
    // The first response of the new owner comes first, and hides no promise.
    assert_eq!(
        due("chen"),
        [
            "2026-03-13 B2B-2026-001 promised",
            "2026-03-15T10:00:00+08:00 LEAD-2026-001 first-response",
            "2026-03-20 LEAD-2026-001 promised",
            "2026-03-21 LEAD-2026-002 repeat",
            "2026-03-21 LEAD-2026-003 repeat",
        ]
    );
    done(
        &env,
        14,
        "chen",
        &[
            "followup",
            "add",
            "LEAD-2026-001",
            "method=phone",
            "points=hello",
            "next_action=quote",
            "next_on=2026-03-20",
        ],
    );
    assert!(!due("chen").iter().any(|line| line.ends_with("first-response")));
    env.done(&["undo"]);
    env.done(&["undo", &env.git_done(&["log", "-1", "--skip=2", "--format=%(trailers:key=Kehu-Op,valueonly)"])]);
    assert_eq!(due("li").len(), 4, "and all is as it was");
}

#[test]
fn what_belongs_together_goes_to_one() {
    let env = team();
    // The customer of the second lead is the fourth record; a lead closed otherwise stays.
    env.done(&["lead", "set", "LEAD-2026-002", "status=converted", "converted_to=B2B-2026-001"]);
    env.done(&["lead", "set", "LEAD-2026-003", "status=disqualified", "disqualify_reason=fake"]);
    let before = env.read("leads/2026/LEAD-2026-002.toml");
    assert_eq!(
        done(&env, 14, "admin", &["handover", "--from", "li", "--to", "wang，chen", "-q"]),
        "LEAD-2026-001\nLEAD-2026-002\nB2B-2026-001"
    );
    let owners = ["LEAD-2026-001", "LEAD-2026-002", "LEAD-2026-003", "B2B-2026-001"].map(|number| owner(&env, number));
    assert_eq!(owners, ["wang", "chen", "li", "chen"]);
    let after = env.read("leads/2026/LEAD-2026-002.toml");
    assert_eq!(after, before.replace("owner = \"li\"", "owner = \"chen\""), "it is answered, and begins nothing anew");
}

#[test]
fn opportunities_go_with_their_customer() {
    let env = team();
    let deal = ["name=Desks", "customer=B2B-2026-001", "amount=50000", "expected_on=2026-05-01", "owner=li"];
    env.done(&[&["opportunity", "add"][..], &deal].concat());
    let given = ["handover", "--from", "li", "--to", "chen", "--kind", "customer", "-q"];
    assert_eq!(done(&env, 13, "boss", &given), "B2B-2026-001\nOPP-2026-001");
    let told = env.json(&["opportunity", "show", "OPP-2026-001", "--json"]);
    assert_eq!(told["record"]["owner"], "chen");
    let back = ["handover", "--from", "chen", "--to", "wang", "--kind", "opportunity", "--json"];
    let told = on(&env, 13, "boss", &back).json();
    let record = &told["records"][0];
    assert_eq!((&record["kind"], &record["contact"]), (&"opportunity".into(), &"Archivist".into()));
    assert_eq!(owner(&env, "B2B-2026-001"), "chen");
}

#[test]
fn orders_go_with_their_customer() {
    let env = team();
    for (number, owner) in [("external_number=A-1", "owner=li"), ("external_number=A-2", "owner=wang")] {
        env.done(&["order", "add", number, "customer=B2B-2026-001", "amount=100", owner]);
    }
    let of = |number: &str| env.json(&["order", "show", number, "--json"])["record"]["owner"].clone();
    let numbers = env.done(&["order", "list", "-q"]);
    let numbers: Vec<&str> = numbers.lines().collect();
    let given = done(&env, 13, "boss", &["handover", "--from", "li", "--to", "chen", "--kind", "customer", "-q"]);
    assert_eq!(given, format!("B2B-2026-001\n{}", numbers[0]));
    assert_eq!([of(numbers[0]), of(numbers[1])], ["chen", "wang"], "another's order stays");
}

#[test]
fn a_filter_and_a_kind_say_what_goes() {
    let env = team();
    env.done(&["lead", "set", "LEAD-2026-002", "region=Ningbo"]);
    let some = ["--from", "li", "--to", "chen", "--where"];
    assert_eq!(
        done(&env, 13, "boss", &[&["handover"], &some[..], &["region = Ningbo", "-q"]].concat()),
        "LEAD-2026-002"
    );
    let said = refused(&env, 2, "boss", &[&some[..], &["grade = C"]].concat());
    assert!(said.contains("unknown field `grade`") && said.contains("`--kind lead` hands over only these"), "{said}");
    let graded = ["grade = C and company = \"Company 1\"", "--kind", "lead", "-q"];
    assert_eq!(done(&env, 13, "boss", &[&["handover"], &some[..], &graded].concat()), "LEAD-2026-001");
    assert_eq!((owner(&env, "LEAD-2026-003"), owner(&env, "B2B-2026-001")), ("li".into(), "li".into()));
}

#[test]
fn who_may_not_receive_is_told_why() {
    let env = team();
    env.edit("users/wang.toml", "role", "absences = [{ from = 2026-03-10, to = 2026-03-20 }]\nrole");
    env.done(&["commit"]);
    env.done(&["user", "set", "far", "left_on=2026-03-01"]);
    for (to, code, why) in [
        ("ghost", 4, "ghost"),
        ("chen,li", 6, "`li` gets no records: the records are handed over by that user"),
        ("chen,wang", 6, "`wang` gets no records: absent until 2026-03-20"),
        ("far", 6, "`far` gets no records: left on 2026-03-01"),
        ("help", 6, "`help` gets no records: the role Service has no leads and customers of its own"),
    ] {
        let said = refused(&env, code, "admin", &["--from", "li", "--to", to]);
        assert!(said.contains(why), "{to}: {said}");
    }
    assert!(refused(&env, 4, "admin", &["--from", "ghost", "--to", "chen"]).contains("ghost"));
    for args in [
        &["--from", "li"][..],
        &["--to", "li"],
        &["--from", "li", "--to", ","],
        &["--from", "li", "--to", "chen", "-o", "x.docx"],
    ] {
        let before = env.state();
        assert_eq!((on(&env, 13, "admin", &[&["handover"], args].concat()).code, env.state()), (2, before), "{args:?}");
    }
    let before = env.state();
    for args in [&["handover", "--from", "li", "--to", "chen"][..], &["pool", "recycle"], &["lead", "assign", "--auto"]]
    {
        let unwritten = on(&env, 13, "admin", &[args, &["-o", "../nowhere/briefing.md"]].concat());
        assert_eq!((unwritten.code, env.state()), (1, before.clone()), "{unwritten}");
        assert!(unwritten.stderr.contains("cannot write `../nowhere/briefing.md`"), "{unwritten}");
    }
}

#[test]
fn it_is_for_who_assigns() {
    let env = team();
    let said = refused(&env, 7, "chen", &["--from", "li", "--to", "chen"]);
    assert!(said.contains("leads are not yours to assign") && said.contains("`boss` could do it"), "{said}");
    refused(&env, 7, "help", &["--from", "li", "--to", "chen"]);
    // Another department's is named, not left out.
    env.done(&["lead", "assign", "LEAD-2026-003", "--to", "far"]);
    let said = refused(&env, 7, "boss", &["--from", "far", "--to", "chen"]);
    assert!(said.contains("`LEAD-2026-003` is not yours to change: it belongs to `far`"), "{said}");
    refused(&env, 7, "boss", &["--from", "li", "--to", "chen,far"]);
    done(&env, 13, "boss", &["handover", "--from", "li", "--to", "chen", "-q"]);
}

#[test]
fn a_mass_change_wants_its_number() {
    let env = team();
    let new = |at: usize| {
        format!(
            "{{\"company\":\"Bulk {at}\",\"contact_name\":\"x\",\"phone\":\"137001370{at:02}\",\"region\":\"x\",\"source\":\"hotline\",\"owner\":\"chen\"}}\n"
        )
    };
    let added = env.run_with(&["lead", "add", "--stdin"], (0..25).map(new).collect::<String>());
    assert_eq!(added.code, 0, "{added}");
    env.done(&["user", "set", "wang", "open_cap=10"]);
    let args = ["handover", "--from", "chen", "--to", "wang"];
    let before = env.state();
    let said = on(&env, 13, "boss", &args);
    assert_eq!((said.code, env.state()), (8, before), "{said}");
    assert!(said.stderr.contains("`--expect 25` confirms the number"), "{said}");
    let given = on(&env, 13, "boss", &[&args[..], &["--expect", "25", "-o", "csv"]].concat());
    assert_eq!((given.code, given.stdout.lines().count()), (0, 26), "{given}");
    assert!(given.stderr.contains("wang then has 25 open leads, above the cap of 10"), "{given}");
}

#[test]
fn who_is_no_user_any_more_hands_over_too() {
    let env = team();
    env.done(&["lead", "assign", "LEAD-2026-002", "--to", "far"]);
    env.git_done(&["rm", "-q", "users/far.toml"]);
    env.git_done(&["commit", "-qm", "left"]);
    assert_eq!(done(&env, 13, "admin", &["handover", "--from", "far", "--to", "chen", "-q"]), "LEAD-2026-002");
}

#[test]
fn what_cannot_be_read_is_not_left_out_in_silence() {
    let env = team();
    env.edit("leads/2026/LEAD-2026-002.toml", "company =", "company");
    env.git_done(&["commit", "-qam", "broken"]);
    let told = on(&env, 13, "boss", &["handover", "--from", "li", "--to", "chen"]);
    assert_eq!(told.code, 3, "{told}");
    assert!(told.stderr.contains("LEAD-2026-002.toml"), "{told}");
}

#[test]
fn contracts_go_too_and_a_briefing_is_not_written_over_by_nothing() {
    let env = team();
    let contract = ["name=Desks", "customer=B2B-2026-001", "amount=1000", "owner=li", "status=signed"];
    env.done(&[&["contract", "add", "signed_on=2026-03-12"][..], &contract].concat());
    env.done(
        &[
            &["contract", "add", "signed_on=2026-03-12", "terminated_on=2026-03-12", "status=terminated"][..],
            &contract[..4],
        ]
        .concat(),
    );
    let briefing = ["handover", "--from", "li", "--to", "wang", "-o", "../briefing.html"];
    done(&env, 13, "boss", &briefing);
    assert_eq!(["CON-2026-001", "CON-2026-002"].map(|number| contract_owner(&env, number)), ["wang", "li"]);
    let written = std::fs::read(env.dir().join("../briefing.html")).unwrap();
    let again = on(&env, 13, "boss", &briefing);
    assert!(again.code == 0 && again.stderr.contains("`../briefing.html` is left as it is"), "{again}");
    assert_eq!(std::fs::read(env.dir().join("../briefing.html")).unwrap(), written);
}

fn contract_owner(env: &Env, number: &str) -> String {
    env.json(&["contract", "show", number, "--json"])["record"]["owner"].as_str().unwrap_or_default().to_string()
}
