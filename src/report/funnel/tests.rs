//! The funnel, counted by hand.

use super::REPORT;
use crate::report::Input;
use crate::report::fixture::{lead, lines, opportunity, run, run_where, sales, sheet, snapshot_of, stays};

#[test]
fn how_many_reached_each_step() {
    let document = run(&REPORT, &sales());
    for (key, rows) in [
        (
            "snapshot",
            &[
                "lead 12 · · · ·",
                "qualified 3 · · 25.0% 25.0%",
                "opportunity 8 5 540,000.00 100.0% 25.0%",
                "proposal 5 3 390,000.00 62.5% 16.7%",
                "negotiation 3 1 330,000.00 60.0% 16.7%",
                "won 2 1 130,000.00 66.7% 8.3%",
            ][..],
        ),
        (
            "dropped",
            &[
                "lead 12 3 8 1 8.3%",
                "qualified 3 3 0 0 0.0%",
                "opportunity 8 5 2 1 12.5%",
                "proposal 5 3 2 0 0.0%",
                "negotiation 3 2 1 0 0.0%",
            ],
        ),
        ("cohorts", &["2026-03 12 3 3 2 2 1 8.3%", "total 12 3 3 2 2 1 8.3%"]),
    ] {
        assert_eq!(lines(sheet(&document, key)), rows, "{key}");
    }
}

#[test]
fn leads_under_a_filter_have_no_direct_opportunities() {
    let document = run_where(&REPORT, &sales(), "source = customer");
    assert_eq!(
        lines(sheet(&document, "snapshot")),
        [
            "lead 2 · · · ·",
            "qualified 1 · · 50.0% 50.0%",
            "opportunity 1 0 250,000.00 100.0% 50.0%",
            "proposal 1 0 250,000.00 100.0% 50.0%",
            "negotiation 1 0 200,000.00 100.0% 50.0%",
            "won 0 0 0.00 0.0% 0.0%",
        ]
    );
}

#[test]
fn an_opportunity_goes_with_its_lead_whoever_owns_it() {
    let snapshot = sales();
    let of = |owner| REPORT.run(&Input { owner: Some(owner), ..Input::new(&snapshot) }).unwrap();
    // The lost one of rep.b came of a lead of rep.a.
    assert_eq!(lines(sheet(&of("rep.a"), "snapshot"))[2], "opportunity 3 1 360,000.00 100.0% 40.0%");
    assert_eq!(lines(sheet(&of("rep.b"), "snapshot"))[2], "opportunity 3 2 80,000.00 100.0% 16.7%");
}

#[test]
fn a_lead_is_lost_when_all_that_came_of_it_is() {
    let lost = |n: u32, stage: &str| opportunity(n, &format!("stage=lost lost_stage={stage} lead=LEAD-2026-001"));
    let records = vec![lead(1, "A", 2, "status=converted"), lost(1, "needs"), lost(2, "proposal")];
    let document = run(&REPORT, &snapshot_of(records));
    let dropped = lines(sheet(&document, "dropped"));
    assert_eq!(dropped[2..], ["opportunity 1 1 0 0 0.0%", "proposal 1 0 0 1 100.0%"]);
    assert_eq!(lines(sheet(&document, "cohorts"))[0], "2026-03 1 1 1 1 0 0 0.0%");
}

#[test]
fn without_leads_there_is_no_share_of_them() {
    let document = run(&REPORT, &snapshot_of(vec![opportunity(1, "stage=needs")]));
    assert_eq!(
        lines(sheet(&document, "snapshot"))[..3],
        ["lead 0 · · · ·", "qualified 0 · · · ·", "opportunity 1 1 0.00 · ·"]
    );
    assert!(sheet(&document, "cohorts").rows.is_empty());
    assert!(run(&REPORT, &snapshot_of(vec![])).sheets.iter().all(|sheet| sheet.rows.is_empty()));
}

#[test]
fn days_in_stage_of_what_is_read() {
    let snapshot = sales();
    let stays = stays(&[
        (1, &[("needs", 1), ("proposal", 3), ("negotiation", 8), ("won", 16)]),
        (2, &[("needs", 5), ("proposal", 8), ("needs", 10), ("negotiation", 16)]),
        (3, &[("needs", 2), ("proposal", 10), ("lost", 12)]),
        (6, &[("won", 4)]),
        // Nobody's but the history's: not among the records.
        (99, &[("needs", 1), ("proposal", 2)]),
    ]);
    let document = REPORT.run(&Input { stays: Some(&stays), ..Input::new(&snapshot) }).unwrap();
    assert_eq!(
        lines(sheet(&document, "stays")),
        // 2, 3, 6 and 8 days; 2, 2 and 5; 8, and 2 so far.
        ["needs 4 4 4.5 0 ·", "proposal 3 3 2 0 ·", "negotiation 2 1 8 1 2"]
    );
    let of = Input { stays: Some(&stays), owner: Some("rep.x"), ..Input::new(&snapshot) };
    assert!(sheet(&REPORT.run(&of).unwrap(), "stays").rows.is_empty(), "it was imported as won");
    assert_eq!(sheet(&run(&REPORT, &snapshot), "stays").notes.len(), 1, "not looked up is not none");
}
