//! What the pages tell, to whom, and of which day.

use super::shop;
use serde_json::json;

#[test]
fn json_says_what_the_page_says() {
    let env = shop("en");
    let shown = env.json(&["customer", "show", "B2B-2026-001", "--json"]);
    assert_eq!((&shown["schema"], &shown["version"]), (&json!("kehu.record"), &json!(1)));
    assert_eq!(
        shown["completeness"],
        json!({
            "wanted": 19, "filled": 18,
            "missing": ["products"],
        })
    );
    assert_eq!(shown["record"]["attachments"][0]["sha256"].as_str().unwrap().len(), 64);
    let related = &shown["related"];
    assert_eq!(
        related["orders"],
        json!({"count": 2, "amount": "1250.50", "first_on": "2026-03-01", "last_on": "2026-03-09"})
    );
    assert_eq!(related["contracts"][0]["received"], "36000.00");
    assert_eq!(related["opportunities"].as_array().unwrap().len(), 3);
    assert_eq!(related["opportunities"][0]["weighted"], "24000.00");
    assert_eq!((&related["followups_total"], related["followups"].as_array().unwrap().len()), (&json!(11), 10));
    assert_eq!(related["followups"][0]["subject"], "OPP-2026-001", "the newest first");
    assert_eq!(related["leads"][0]["number"], "LEAD-2026-001");
    let opportunity = env.json(&["opportunity", "show", "OPP-2026-001", "--json"]);
    assert_eq!(opportunity["related"]["contracts"][0]["number"], "CON-2026-001");
    assert_eq!(opportunity["related"]["followups_total"], 1);
    let lead = env.json(&["lead", "show", "LEAD-2026-001", "--json"]);
    assert!(lead.get("related").is_none() && lead["completeness"]["missing"] == json!(["email"]), "{lead}");
}

#[test]
fn what_is_due_is_what_due_says() {
    let env = shop("en");
    for now in ["2026-03-12T10:00:00+08:00", "2026-03-20T10:00:00+08:00", "2026-09-20T10:00:00+08:00"] {
        let due = env.json(&["due", "--owner", "all", "--json", "--now", now]);
        let page = env.json(&["customer", "show", "B2B-2026-001", "--json", "--now", now]);
        let told =
            |one: &serde_json::Value| ["number", "rule", "due", "overdue_hours", "group"].map(|key| one[key].clone());
        let listed: Vec<_> = due["tasks"].as_array().unwrap().iter().map(told).collect();
        let shown: Vec<_> = page["due"].as_array().unwrap().iter().map(told).collect();
        assert!(!shown.is_empty());
        assert_eq!(shown, listed, "{now}");
    }
    env.done(&[
        "opportunity",
        "set",
        "OPP-2026-001",
        "OPP-2026-002",
        "stage=lost",
        "lost_reason=price",
        "lost_stage=needs",
    ]);
    env.done(&["followup", "add", "B2B-2026-001", "method=phone", "author=li", "points=x", "no_next=all said"]);
    let later = env.json(&["customer", "show", "B2B-2026-001", "--json"]);
    let due = later["due"].as_array().unwrap();
    assert_eq!((due.len(), &due[0]["group"]), (1, &json!("coming")), "beyond the week the next thing alone: {due:?}");
}

#[test]
fn the_page_is_drawn_in_every_format_and_as_of_the_past() {
    let env = shop("zh");
    for format in ["table", "plain", "csv", "tsv", "markdown", "html", "jsonl"] {
        let page = env.done(&["customer", "show", "B2B-2026-001", "-o", format]);
        assert!(page.contains("升降桌采购") && page.contains("E-mail") == page.contains("More"), "{format}: {page}");
        assert!(page.contains("36000.00") || page.contains("36,000.00"), "{format}: {page}");
    }
    env.done(&["customer", "show", "B2B-2026-001", "-o", "../page.xlsx"]);
    env.git_done(&["-c", "user.name=x", "commit", "-q", "--allow-empty", "-m", "now"]);
    let show = ["customer", "show", "B2B-2026-001"];
    let now = env.done(&show);
    assert_eq!(env.done(&[&show[..], &["--as-of", "HEAD"]].concat()), now);
    env.done(&["contract", "rm", "CON-2026-001", "--confirm", "CON-2026-001"]);
    assert!(!env.done(&show).contains("升降桌采购"));
    assert_eq!(env.done(&[&show[..], &["--as-of", "HEAD~1"]].concat()), now);
    let opportunity = env.done(&["opportunity", "show", "OPP-2026-001", "--as-of", "HEAD~1"]);
    assert!(opportunity.contains("升降桌采购"), "{opportunity}");
}

#[test]
fn a_page_shows_what_its_reader_may_read() {
    let env = shop("en");
    env.done(&["user", "add", "admin", "name=Ada", "email=test@example.com", "role=admin"]);
    env.users(&[("li", "sales", "east"), ("chen", "sales", "west"), ("boss", "manager", "east")]);
    let run = |login: &str, args: &[&str]| env.run(&[&["--as", login][..], args].concat());
    for login in ["li", "boss"] {
        let page = run(login, &["customer", "show", "B2B-2026-001"]);
        assert!(
            page.code == 0 && page.stdout.contains("CON-2026-001") && page.stdout.contains("OPP-2026-002"),
            "{page}"
        );
    }
    assert_eq!(run("chen", &["customer", "show", "B2B-2026-001"]).code, 7);
    // An opportunity is its owner's, and the customer's name is not said with it to who does not read the customer.
    env.done(&["opportunity", "set", "OPP-2026-002", "owner=chen"]);
    let own = run("chen", &["opportunity", "show", "OPP-2026-002"]);
    assert!(own.code == 0 && own.stdout.contains("B2B-2026-001"), "{own}");
    assert!(!own.stdout.contains("示例贸易有限公司"), "{own}");
    assert!(run("li", &["opportunity", "show", "OPP-2026-002"]).stdout.contains("B2B-2026-001 示例贸易有限公司"));
}
