//! Reports of what is sold: a seller's count what the seller may read, a manager's what the department has.

use crate::team::{FOREIGN, Team};
use serde_json::Value as Json;

/// A team in which the colleague sells too, what was won and lost included; every deal is worth another amount.
///
/// `li` has 1000 in needs and 2000 in proposal, `colleague` 4000 in proposal, 8000 won and 16000 lost, `other` of the west
/// 1000 in needs and 32000 in negotiation.
fn sellers() -> Team {
    let team = Team::new();
    let env = &team.0;
    for (owner, name) in [("colleague", "Colleagueco"), ("other", "Foreignco South")] {
        let told = [format!("name={name}"), format!("owner={owner}")];
        let told: Vec<&str> = told.iter().map(String::as_str).collect();
        let fields = ["type=potential", "category=B2B", "industry=retail", "region=Suzhou", "source=hotline"];
        env.done(&[&["customer", "add"][..], &fields, &told].concat());
    }
    for (owner, customer, amount, stage) in [
        ("li", "B2B-2026-001", 2000, "proposal"),
        ("colleague", "B2B-2026-003", 4000, "proposal"),
        ("colleague", "B2B-2026-003", 8000, "won"),
        ("colleague", "B2B-2026-003", 16000, "lost"),
        ("other", "B2B-2026-004", 32000, "negotiation"),
    ] {
        let mut told = vec![format!("name={owner} {amount}"), format!("owner={owner}"), format!("customer={customer}")];
        told.extend([format!("amount={amount}"), format!("stage={stage}")]);
        match stage {
            "won" => told.push("closed_on=2026-03-12".into()),
            "lost" => {
                told.extend(["lost_reason=price".into(), "lost_stage=proposal".into(), "closed_on=2026-03-12".into()])
            }
            _ => {}
        }
        let told: Vec<&str> = told.iter().map(String::as_str).collect();
        let fixed = ["opportunity", "add", "expected_on=2026-05-01", "materials_waived=from before"];
        env.done(&[&fixed[..], &told].concat());
    }
    team
}

/// Returns a section of a report as lines: the first column, then those that are named.
#[track_caller]
fn lines(report: &Json, section: &str, columns: &[&str]) -> Vec<String> {
    let sections = report["sections"].as_array().expect("sections");
    let found = sections.iter().find(|one| one["key"] == section);
    let found = found.unwrap_or_else(|| panic!("no section {section}: {report:#}"));
    let cell = |row: &Json, column: &&str| row[*column].as_str().map_or_else(|| row[*column].to_string(), String::from);
    let rows = found["rows"].as_array().expect("rows");
    rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect::<Vec<_>>().join(" ")).collect()
}

fn report(team: &Team, login: &str, args: &[&str]) -> Json {
    let shown = team.run(login, &[&["report"][..], args, &["--json"]].concat());
    assert_eq!(shown.code, 0, "{shown}");
    shown.json()
}

/// What is counted and what it is worth by step: those who acts reads, and no other.
#[test]
fn a_funnel_is_of_the_deals_one_may_read() {
    let team = sellers();
    let steps = ["step", "reached", "amount"];
    for (login, counted) in [
        ("li", ["opportunity 2 3000.00", "proposal 1 2000.00", "negotiation 0 0.00", "won 0 0.00"]),
        ("boss", ["opportunity 5 31000.00", "proposal 4 30000.00", "negotiation 1 8000.00", "won 1 8000.00"]),
        ("admin", ["opportunity 7 64000.00", "proposal 5 62000.00", "negotiation 2 40000.00", "won 1 8000.00"]),
    ] {
        let told = report(&team, login, &["funnel"]);
        let told = lines(&told, "snapshot", &steps);
        assert_eq!(told[2..], counted, "{login}");
    }
    for (login, ended) in [("li", ["0 2", "0 1"]), ("boss", ["0 5", "1 4"])] {
        let told = report(&team, login, &["funnel"]);
        let lost = lines(&told, "dropped", &["lost", "reached"]);
        assert_eq!([&lost[1], &lost[2]].map(String::as_str), ended, "{login}: {lost:?}");
    }
}

/// The days in stage come from git's history, which has the deals of everybody.
#[test]
fn days_in_stage_are_of_the_deals_one_may_read() {
    let team = sellers();
    team.0.done(&["opportunity", "advance", "OPP-2026-004", "materials_waived=from before, too"]);
    let stays = ["stage", "stays", "ended"];
    for (login, told) in [
        ("li", &["needs 1 0", "proposal 1 0"][..]),
        ("boss", &["needs 1 0", "proposal 2 1", "negotiation 1 0"]),
        ("admin", &["needs 2 0", "proposal 2 1", "negotiation 2 0"]),
    ] {
        assert_eq!(lines(&report(&team, login, &["funnel"]), "stays", &stays), told, "{login}");
    }
}

#[test]
fn a_pipeline_is_of_the_deals_one_may_read() {
    let team = sellers();
    for (login, stages, owners) in [
        ("li", &["needs 1 1000.00", "proposal 1 2000.00"][..], &["li 2 3000.00"][..]),
        ("boss", &["needs 1 1000.00", "proposal 2 6000.00"], &["li 2 3000.00", "colleague 1 4000.00"]),
        (
            "admin",
            &["needs 2 2000.00", "proposal 2 6000.00", "negotiation 1 32000.00"],
            &["li 2 3000.00", "colleague 1 4000.00", "other 2 33000.00"],
        ),
    ] {
        let told = report(&team, login, &["pipeline"]);
        assert_eq!(lines(&told, "stages", &["stage", "open", "amount"]), stages, "{login}");
        let mut told = lines(&told, "owners", &["owner", "open", "amount"]);
        let mut owners = owners.to_vec();
        told.sort();
        owners.sort_unstable();
        assert_eq!(told, owners, "{login}");
    }
}

/// Asking for another's does not bring what one may not read, and the table for people names nobody else.
#[test]
fn asking_for_anothers_deals_brings_none() {
    let team = sellers();
    for name in ["funnel", "pipeline"] {
        let own = team.run("li", &["report", name]);
        assert!(!own.stdout.contains("colleague") && !own.stdout.contains(FOREIGN), "{own}");
        assert!(own.stderr.contains("5 opportunities"), "what is left out is said: {own}");
        for others in [&["--owner", "colleague"][..], &["--owner", "other"], &["--department", "west"]] {
            let shown = team.run("li", &[&["report", name][..], others, &["--json"]].concat());
            assert_eq!(shown.code, 0, "{shown}");
            let amounts = shown.json()["sections"].to_string();
            let seen =
                [4000, 8000, 16000, 32000, 33000].iter().any(|amount| amounts.contains(&format!("\"{amount}.00\"")));
            assert!(!seen, "{name} {others:?}: {shown}");
        }
    }
    let department = report(&team, "boss", &["pipeline", "--department", "west"]);
    assert!(!department["sections"].to_string().contains("32000.00"), "{department:#}");
}
