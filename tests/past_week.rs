//! The weekly report of a week that is over: the same whenever it is printed.

#[path = "common/by_day.rs"]
mod by_day;
mod common;

use by_day::done;
use common::Env;
use serde_json::Value as Json;

/// The week of 16 to 22 March: what was planned, answered, moved and won in it.
fn week() -> Env {
    let env = Env::repository("en");
    env.users(&[("li", "sales", "east"), ("wang", "sales", "east")]);
    let lead = |day, company: &str, phone: &str| {
        let (company, phone) = (format!("company={company}"), format!("phone={phone}"));
        let rest = ["contact_name=C", "region=Hangzhou", "source=hotline", "owner=li", "intent=interested"];
        done(&env, day, "admin", &[&["lead", "add", &company, &phone][..], &rest].concat())
    };
    lead(16, "Kept", "13800138001");
    lead(17, "Lost", "13800138002");
    lead(18, "Won", "13800138003");
    done(&env, 17, "admin", &["customer", "add", "name=Acme", "source=hotline", "region=Hangzhou", "owner=li"]);
    let deal = ["opportunity", "add", "name=Desks", "customer=Acme", "owner=li", "amount=9", "expected_on=2026-05-01"];
    done(&env, 18, "admin", &deal);
    for number in ["LEAD-2026-001", "LEAD-2026-003"] {
        let promise = ["method=phone", "points=talked", "next_action=call", "next_on=2026-03-20"];
        done(&env, 18, "li", &[&["followup", "add", number][..], &promise].concat());
    }
    done(&env, 20, "admin", &["lead", "disqualify", "LEAD-2026-002", "--reason", "no_fit"]);
    env
}

/// Returns the weekly report of that week, asked for on a day by its name.
fn report(env: &Env, day: u32) -> Json {
    let args = ["report", "weekly", "--week", "2026-W12", "--json"];
    common::parse(&done(env, day, "admin", &args))
}

/// Does in the week after what would show in a report of states as of now.
fn the_week_after(env: &Env) {
    for args in [
        &["lead", "set", "LEAD-2026-001", "owner=wang", "intent=requested_proposal", "urgency=within_3_months"][..],
        &["lead", "reopen", "LEAD-2026-002"],
        &["lead", "disqualify", "LEAD-2026-003", "--reason", "unreachable"],
        &[
            "followup",
            "add",
            "LEAD-2026-001",
            "method=phone",
            "points=talked",
            "next_action=call",
            "next_on=2026-03-30",
        ],
        &["opportunity", "set", "OPP-2026-001", "owner=wang"],
        &["opportunity", "lose", "OPP-2026-001", "--reason", "price"],
        &["customer", "set", "B2B-2026-001", "owner=wang"],
    ] {
        done(env, 24, if args[0] == "followup" { "li" } else { "admin" }, args);
    }
}

#[test]
fn a_week_that_is_over_is_told_as_of_its_end() {
    let env = week();
    // The very end of the week, which nothing can follow, as a day of its own cannot be asked for before it is over.
    let mut at_end = env.command(&["report", "weekly", "--week", "2026-W12", "--json"]);
    at_end.env("KEHU_NOW", "2026-03-22T23:59:59+08:00");
    let then = env.finish(at_end).json();
    let due = |report: &Json| {
        let sheets = report["sections"].as_array().expect("sections");
        sheets.iter().find(|sheet| sheet["key"] == "due").expect("due")["rows"].clone()
    };
    assert!(due(&then).to_string().contains("\"overdue\":2"), "something is there to go wrong: {}", due(&then));
    assert_eq!(report(&env, 23)["sections"], then["sections"], "on Monday morning");
    the_week_after(&env);
    assert_eq!(report(&env, 25)["sections"], then["sections"], "after another week's work");
    assert_eq!(report(&env, 31), report(&env, 27), "byte by byte, whenever it is printed");
}

#[test]
fn what_was_entered_late_counts_where_it_took_place() {
    let env = week();
    let visit =
        ["followup", "add", "LEAD-2026-003", "method=visit", "points=saw", "next_action=call", "next_on=2026-04-02"];
    done(&env, 23, "li", &[&visit[..], &["at=2026-03-20T15:00"]].concat());
    let told = done(&env, 24, "admin", &["report", "weekly", "--week", "last"]);
    assert!(told.contains("Entered since: 1 records"), "{told}");
    let made = told.split("\nFollow-ups\n").nth(1).expect("the sheet").lines().find(|line| line.starts_with("Total"));
    assert_eq!(made.map(|line| line.split_whitespace().collect::<Vec<_>>()), Some(vec!["Total", "3", "1"]), "{told}");
}

#[test]
fn leads_that_came_in_and_were_closed_in_one_week_are_counted() {
    let env = Env::repository("en");
    env.users(&[("li", "sales", "east")]);
    let head = "company,contact_name,phone,region,source,acquired_on,owner,status,disqualify_reason\n";
    let row = |at: u32, day: &str, status: &str| {
        format!("Fair {at},C,1390001000{at},Hangzhou,exhibition,{day},li,{status}\n")
    };
    let rows = [
        row(1, "2026-02-27", "new,"),
        row(2, "2026-03-17", "new,"),
        row(3, "2026-02-27", "new,"),
        row(4, "2026-02-27", "disqualified,no_fit"),
    ];
    env.write("../fair.csv", &[head, &rows.concat()].concat());
    done(&env, 17, "admin", &["lead", "import", "../fair.csv"]);
    done(&env, 18, "admin", &["lead", "convert", "LEAD-2026-001", "--no-opportunity"]);
    done(&env, 18, "admin", &["lead", "convert", "LEAD-2026-002", "--no-opportunity"]);
    done(&env, 19, "admin", &["lead", "disqualify", "LEAD-2026-003", "--reason", "no_fit"]);
    let moved = |report: &Json| {
        let sheets = report["sections"].as_array().expect("sections");
        let sheet = sheets.iter().find(|sheet| sheet["key"] == "moved").expect("moved");
        let li = sheet["rows"].as_array().expect("rows").iter().find(|row| row["person"] == "li").cloned();
        li.map(|row| (row["converted"].clone(), row["disqualified"].clone()))
    };
    let wanted = Some((2.into(), 1.into()));
    assert_eq!(moved(&report(&env, 20)), wanted, "what came in as disqualified was not disqualified that week");
    assert_eq!(moved(&report(&env, 31)), wanted, "nor when the week is over");
}
