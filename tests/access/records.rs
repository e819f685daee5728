//! Whose a record is decides who reads it and who writes it.

use crate::team::Team;

#[test]
fn what_is_left_out_is_said_and_a_report_names_its_scope() {
    let team = Team::new();
    let listed = team.run("li", &["lead", "list", "--columns", "number", "-o", "csv"]);
    assert_eq!(listed.stdout, "Number\nLEAD-2026-001\nLEAD-2026-002\n");
    assert_eq!(listed.stderr, "left out as others': 2 leads; you read own records and the pool\n");
    let boss = team.run("boss", &["--lang", "zh", "lead", "list", "-q"]);
    assert_eq!(boss.stdout, "LEAD-2026-001\nLEAD-2026-002\nLEAD-2026-003\n");
    let report = team.run("li", &["report", "grades", "--json"]);
    let facts = report.json();
    assert!(facts["facts"].to_string().contains("own records and the pool; left out: 2 leads"), "{facts}");
    assert!(
        report.stderr.contains(
            "left out as others': 2 leads, 1 customer, 1 opportunity, 1 contract, 1 order, 1 ticket, 2 follow-ups"
        ),
        "{report}"
    );
    for format in ["csv", "markdown"] {
        let report = team.done("boss", &["report", "grades", "-o", format]);
        assert!(
            report.contains(
                "own department and the pool; left out: 1 lead, 1 customer, 1 opportunity, 1 contract, 1 order, 1 ticket, "
            ),
            "{report}"
        );
    }
    for login in ["admin", "li"] {
        let whole = team.run(login, &["report", "grades", "--json"]);
        assert_eq!(whole.stdout.contains("\"scope\""), login != "admin", "{whole}");
    }
}

#[test]
fn a_report_of_sales_counts_what_its_maker_reads() {
    let team = Team::new();
    for (login, open, contracts) in [("li", 1, 0), ("admin", 2, 1)] {
        for (report, column, count) in [("pipeline", "open", open), ("contracts", "contracts", contracts)] {
            let told = team.run(login, &["report", report, "--json"]).json();
            let total = told["sections"][0]["total"][column].as_i64();
            assert_eq!(total.unwrap_or_default(), count, "{login} {report}: {told}");
        }
    }
}

#[test]
fn sales_keep_their_own_claim_and_give_back() {
    let team = Team::new();
    team.done("li", &["lead", "set", "LEAD-2026-001", "remark=mine"]);
    let pool = team.denied("li", &["lead", "set", "LEAD-2026-002", "remark=x"]);
    assert!(pool.contains("`kehu pool claim LEAD-2026-002` claims it"), "{pool}");
    let called = ["followup", "add", "LEAD-2026-002", "method=phone", "points=called", "no_next=later"];
    assert!(team.denied("li", &called).contains("`kehu pool claim LEAD-2026-002` claims it"));
    team.done("li", &["lead", "set", "LEAD-2026-002", "owner=li", "remark=x"]);
    team.denied("li", &["lead", "set", "LEAD-2026-002", "owner=colleague"]);
    team.done("li", &["lead", "set", "LEAD-2026-002", "--unset", "owner"]);
    let others = team.denied("li", &["lead", "set", "LEAD-2026-003", "owner=li"]);
    assert!(
        others.contains("belongs to `colleague`") && others.contains("`boss`, `colleague`, `marketing` may read it"),
        "{others}"
    );
    team.denied("li", &["lead", "rm", "LEAD-2026-001", "--confirm", "LEAD-2026-001"]);
    team.done("boss", &["lead", "set", "LEAD-2026-002", "owner=colleague"]);
    team.denied("boss", &["lead", "set", "LEAD-2026-002", "owner=other"]);
    team.denied("boss", &["lead", "set", "LEAD-2026-004", "owner=li"]);
    team.denied("li", &["followup", "add", "LEAD-2026-003", "method=phone", "points=x", "no_next=x"]);
    let lead = |phone: &str, owner: &str| {
        let [company, phone, owner] = [format!("company={phone}"), format!("phone={phone}"), format!("owner={owner}")];
        let new = ["lead", "add", &company, "contact_name=x", &phone, "region=x", "source=hotline", &owner];
        team.run("li", &new).code
    };
    assert_eq!([lead("13800138010", "li"), lead("13800138011", ""), lead("13800138012", "colleague")], [0, 0, 7]);
}

#[test]
fn an_import_gives_back_what_is_not_ones_own() {
    let team = Team::new();
    let rows = |owner: &str| {
        let row = |at: usize| format!("New {at},x,138001390{at:02},x,hotline,2026-03-12,{owner}\n");
        "company,contact_name,phone,region,source,acquired_on,owner\n".to_string()
            + &(10..40).map(row).collect::<String>()
    };
    team.0.write("../own.csv", &rows("li"));
    team.0.write("../others.csv", &rows("colleague"));
    let refused = team.denied("li", &["lead", "import", "../others.csv"]);
    assert!(
        refused.contains("a lead of `colleague` is not yours to add") && refused.contains("and 29 more rows"),
        "{refused}"
    );
    team.done("li", &["lead", "import", "../own.csv"]);
    // Rows beside those that are one's own go back with who could do it: one that would add, and one that would change.
    let mixed = "company,contact_name,phone,region,source,acquired_on,owner\n\
        Mixed 1,x,13800139200,x,hotline,2026-03-12,li\n\
        Mixed 2,x,13800139201,x,hotline,2026-03-12,colleague\n\
        Company 2,y,13800138002,x,hotline,2026-03-12,\n\
        Company 0,y,13800138000,x,hotline,2026-03-12,\n\
        Mixed 3,x,,x,hotline,2026-03-12,li\n";
    team.0.write("../mixed.csv", mixed);
    let all = ["lead", "import", "../mixed.csv", "--on-duplicate", "update"];
    let strict = team.denied("li", &[&all[..], &["--strict"]].concat());
    assert!(strict.contains("3 rows were rejected") && strict.contains("row 3: a lead of `colleague`"), "{strict}");
    let taken = team.run("li", &all);
    assert_eq!(taken.code, 3, "{taken}");
    assert!(taken.stdout.contains("1 created, 1 updated, 0 unchanged, 0 duplicates, 3 rejected"), "{taken}");
    let back = team.0.read("../mixed.rejects.csv");
    assert!(back.contains("`LEAD-2026-003` is not yours to change: it belongs to `colleague`"), "{back}");
    assert!(
        back.contains("`colleague`, `boss` could do it") || back.contains("`boss`, `colleague` could do it"),
        "{back}"
    );
    assert!(team.0.read("leads/2026/LEAD-2026-001.toml").contains("contact_name = \"y\""));
    assert!(!team.0.read("leads/2026/LEAD-2026-003.toml").contains("contact_name = \"y\""));
    // Who may do it takes what came back.
    team.0.write("../back.csv", &back.lines().take(3).map(|line| format!("{line}\n")).collect::<String>());
    let again = team.run("boss", &["lead", "import", "../back.csv", "--on-duplicate", "update"]);
    assert!(again.stdout.contains("1 created, 1 updated"), "{again}");
    // What a dictionary lacks is configuration.
    team.0.write(
        "../keys.csv",
        &rows("li").replace("138001390", "138001391").replace("New", "Newer").replace("hotline", "Fair in Suzhou"),
    );
    let keys = team.denied("li", &["lead", "import", "../keys.csv", "--add-unknown"]);
    assert!(keys.contains("`config/dictionary.toml` is not yours to change"), "{keys}");
    // A duplicate is found whoever has it.
    let double = ["lead", "add", "company=x", "contact_name=x", "phone=13800138003", "region=x", "source=hotline"];
    assert_eq!(team.run("li", &double).code, 5);
}

#[test]
fn hand_edits_are_committed_by_who_may() {
    let team = Team::new();
    team.0.edit("leads/2026/LEAD-2026-001.toml", "Hangzhou", "Shanghai");
    team.done("li", &["commit"]);
    team.0.edit("users/li.toml", "role = \"sales\"", "role = \"admin\"");
    let refused = team.denied("li", &["commit"]);
    assert!(refused.contains("only admins write `config/` and `users/`"), "{refused}");
    assert!(team.run("li", &["whoami", "--json"]).stdout.contains("\"role\": \"sales\""), "not committed is not so");
    team.denied("li", &["lead", "set", "LEAD-2026-003", "remark=x"]);
    team.0.git_done(&["checkout", "-q", "."]);
    team.0.write("config/access.toml", "enforce = false\n");
    team.denied("li", &["commit"]);
    team.denied("li", &["lead", "set", "LEAD-2026-003", "remark=x"]);
    team.done("admin", &["commit"]);
    team.done("li", &["lead", "set", "LEAD-2026-003", "remark=x"]);
}

#[test]
fn what_refers_to_a_record_counts_whoever_reads_it() {
    let team = Team::new();
    // The follow-up is about the boss's lead, and by somebody of another department.
    team.done("admin", &["lead", "set", "LEAD-2026-004", "owner=li"]);
    let kept = team.run("boss", &["lead", "rm", "LEAD-2026-004", "--confirm", "LEAD-2026-004"]);
    assert_eq!(kept.code, 5, "{kept}");
}

/// What one added oneself, and nobody made anything of, goes again by `undo`, whoever may remove nothing.
#[test]
fn ones_own_addition_is_taken_back() {
    let team = Team::new();
    let new = |company: &str, phone: &str, owner: &str| {
        let fields = [company, phone, owner, "contact_name=x", "region=x", "source=hotline"];
        team.done("li", &[&["lead", "add"], &fields[..]].concat())
    };
    let files = || team.0.git_done(&["rev-parse", "HEAD:"]);
    let before = files();
    let first = new("company=New", "phone=13800138050", "owner=li");
    team.done("li", &["undo", "--dry-run"]);
    team.done("li", &["undo"]);
    assert_eq!(files(), before, "as if it had never been");
    let second = new("company=New", "phone=13800138050", "owner=li");
    assert_ne!(first, second, "its number stays used");
    // Done again, and taken back again.
    team.done("li", &["undo"]);
    team.done("li", &["redo"]);
    team.done("li", &["undo"]);
    assert_eq!(files(), before);
    // An import, and a record of the pool, are no other matter.
    team.0.write("in.csv", "company,contact,phone,region,source,acquired_on\nA,x,13800138051,x,hotline,2026-03-01\nB,x,13800138052,x,hotline,2026-03-01\n");
    team.done("li", &["lead", "import", "in.csv"]);
    team.done("li", &["undo"]);
    assert_eq!(files(), before);
    // Nor what was logged about it, and what the person changed and took back.
    let number = new("company=New", "phone=13800138050", "owner=li");
    team.done("li", &["lead", "set", &number, "remark=mine"]);
    team.done("li", &["undo"]);
    team.done("service", &["followup", "add", "B2B-2026-002", "method=phone", "points=x", "no_next=later"]);
    team.done("service", &["undo"]);
    team.done("li", &["undo"]);
    assert_eq!(files(), before);
    // Removing stays refused, of one's own too; so does taking back what somebody else added, or built on.
    let number = new("company=New", "phone=13800138050", "owner=li");
    let said = team.denied("li", &["lead", "rm", &number, "--confirm", &number]);
    assert!(said.contains("`kehu undo` takes back"), "{said}");
    team.done("boss", &["lead", "set", &number, "remark=seen"]);
    let added = team.0.git_done(&["log", "-1", "--skip=1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    let built_on = team.run("li", &["undo", &added]);
    assert_eq!(built_on.code, 5, "{built_on}");
    let fields = ["company=By boss", "contact_name=x", "phone=13800138053", "region=x", "source=hotline", "owner=li"];
    team.done("boss", &[&["lead", "add"], &fields[..]].concat());
    let added = team.0.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    assert!(team.denied("li", &["undo", &added]).contains("is not yours to remove"));
    // What an admin added in one's name is the admin's.
    let fields = ["company=By admin", "contact_name=x", "phone=13800138054", "region=x", "source=hotline"];
    team.done("admin", &[&["--as", "li", "lead", "add"], &fields[..]].concat());
    let added = team.0.git_done(&["log", "-1", "--format=%(trailers:key=Kehu-Op,valueonly)"]);
    team.denied("li", &["undo", &added]);
}

#[test]
fn nothing_is_brought_to_a_customer_that_is_not_ones_own() {
    let team = Team::new();
    let deal = |customer: &str| {
        vec![
            "opportunity".to_string(),
            "add".into(),
            "name=x".into(),
            format!("customer={customer}"),
            "amount=1".into(),
            "expected_on=2026-05-01".into(),
        ]
    };
    let run = |login: &str, words: Vec<String>| team.run(login, &words.iter().map(String::as_str).collect::<Vec<_>>());
    let refused = run("li", deal("B2B-2026-002"));
    assert_eq!(refused.code, 7, "{refused}");
    assert!(refused.stderr.contains("the opportunity cannot go to `B2B-2026-002`, which is not yours"), "{refused}");
    let own = run("li", deal("B2B-2026-001"));
    assert_eq!(own.code, 0, "{own}");
    let moved = team.denied("li", &["opportunity", "set", own.stdout.trim(), "customer=B2B-2026-002"]);
    assert!(moved.contains("the opportunity cannot go to"), "{moved}");
    let led = team.denied("li", &["lead", "set", "LEAD-2026-001", "status=converted", "converted_to=B2B-2026-002"]);
    assert!(led.contains("the lead cannot go to `B2B-2026-002`"), "{led}");
}
