//! Won and lost, counted by hand.

use super::REPORT;
use crate::report::fixture::{lines, opportunity, run, run_where, sales, sheet, snapshot_of};
use crate::report::{Input, Period, PeriodFlags};

#[test]
fn every_side_of_what_was_closed() {
    let document = run(&REPORT, &sales());
    for (key, rows) in [
        (
            "quarters",
            &[
                "2025-Q4 1 0 100.0% 30,000.00 0.00 100.0%",
                "2026-Q1 1 2 33.3% 100,000.00 120,000.00 45.5%",
                "total 2 2 50.0% 130,000.00 120,000.00 52.0%",
            ][..],
        ),
        (
            "owners",
            &[
                "rep.a 1 0 100.0% 100,000.00 0.00 100.0%",
                "rep.b 0 1 0.0% 0.00 50,000.00 0.0%",
                "rep.x 1 0 100.0% 30,000.00 0.00 100.0%",
                "- 0 1 0.0% 0.00 70,000.00 0.0%",
                "total 2 2 50.0% 130,000.00 120,000.00 52.0%",
            ],
        ),
        (
            "sources",
            &[
                "exhibition 2 1 66.7% 130,000.00 70,000.00 65.0%",
                "customer 0 1 0.0% 0.00 50,000.00 0.0%",
                "total 2 2 50.0% 130,000.00 120,000.00 52.0%",
            ],
        ),
        (
            "industries",
            &[
                "manufacturing 1 1 50.0% 30,000.00 70,000.00 30.0%",
                "- 1 1 50.0% 100,000.00 50,000.00 66.7%",
                "total 2 2 50.0% 130,000.00 120,000.00 52.0%",
            ],
        ),
        (
            "products",
            &[
                "云仓 1 1 50.0% 100,000.00 50,000.00 66.7%",
                "质检 0 1 0.0% 0.00 50,000.00 0.0%",
                "- 1 1 50.0% 30,000.00 70,000.00 30.0%",
            ],
        ),
        (
            "competitors",
            &[
                "乙 0 1 0.0% 0.00 50,000.00 0.0%",
                "甲 1 1 50.0% 100,000.00 50,000.00 66.7%",
                "- 1 1 50.0% 30,000.00 70,000.00 30.0%",
            ],
        ),
        ("reasons", &["price 1 50.0% 50,000.00", "competitor 1 50.0% 70,000.00", "total 2 100.0% 120,000.00"]),
        ("stages", &["proposal 1 50.0% 50,000.00", "- 1 50.0% 70,000.00", "total 2 100.0% 120,000.00"]),
        ("cycle", &["won 2 0 22.5 22.5", "lost 1 1 10 10"]),
    ] {
        assert_eq!(lines(sheet(&document, key)), rows, "{key}");
    }
    let sizes = lines(sheet(&document, "sizes"));
    assert_eq!(sizes[0], "large 1 1 50.0% 30,000.00 70,000.00 30.0%", "600 people are a large company");
}

#[test]
fn a_period_is_of_the_close() {
    let snapshot = sales();
    let flags = PeriodFlags { quarter: Some("2026-Q1"), ..PeriodFlags::default() };
    let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
    let document = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
    let owners = lines(sheet(&document, "owners"));
    assert_eq!(owners.last().unwrap(), "total 1 2 33.3% 100,000.00 120,000.00 45.5%");
    let mine = REPORT.run(&Input { department: Some("华南"), ..Input::new(&snapshot) }).unwrap();
    assert_eq!(
        lines(sheet(&mine, "owners")),
        ["rep.b 0 1 0.0% 0.00 50,000.00 0.0%", "total 0 1 0.0% 0.00 50,000.00 0.0%"]
    );
}

#[test]
fn a_filter_is_one_of_opportunities() {
    let document = run_where(&REPORT, &sales(), "lost_reason = price");
    assert_eq!(lines(sheet(&document, "quarters")).last().unwrap(), "total 0 1 0.0% 0.00 50,000.00 0.0%");
    assert_eq!(lines(sheet(&document, "cycle")), ["lost 1 0 10 10"]);
}

#[test]
fn a_close_before_the_opening_is_no_cycle() {
    let odd = opportunity(1, "stage=won opened_on=2026-03-02 closed_on=2026-03-01 actual_amount=5");
    let document = run(&REPORT, &snapshot_of(vec![odd]));
    assert_eq!(lines(sheet(&document, "cycle")), ["won 0 1 · ·"]);
    assert_eq!(lines(sheet(&document, "quarters"))[0], "2026-Q1 1 0 100.0% 5.00 0.00 100.0%");
}

#[test]
fn a_dollar_is_no_yuan() {
    let won = |n: u32, words: &str| opportunity(n, &format!("stage=won closed_on=2026-03-01 actual_amount=5 {words}"));
    let document = run(&REPORT, &snapshot_of(vec![won(1, "currency=USD"), won(2, "currency=cny"), won(3, "")]));
    assert_eq!(lines(sheet(&document, "quarters"))[0], "2026-Q1 3 0 100.0% 10.00 0.00 100.0%");
    assert_eq!(lines(sheet(&document, "other_currencies")), ["USD 0 0.00 0.00 1 5.00"]);
}

#[test]
fn losses_of_no_amount_make_no_rate_by_amount() {
    let closed = |n: u32, words: &str| opportunity(n, &format!("closed_on=2026-03-01 {words}"));
    let won = closed(1, "stage=won actual_amount=5");
    let document = run(&REPORT, &snapshot_of(vec![won.clone(), closed(2, "stage=lost")]));
    assert_eq!(lines(sheet(&document, "quarters"))[0], "2026-Q1 1 1 50.0% 5.00 0.00 ·");
    assert_eq!(sheet(&document, "quarters").notes[0].en, "1 of them state no amount");
    let document = run(&REPORT, &snapshot_of(vec![won, closed(2, "stage=lost"), closed(3, "stage=lost amount=15")]));
    assert_eq!(lines(sheet(&document, "quarters"))[0], "2026-Q1 1 2 33.3% 5.00 15.00 25.0%");
}
