//! Every figure counted by hand.

use super::*;
use crate::record::{OPPORTUNITY, USER};
use crate::report::fixture::{lines, opportunity, run, run_where, sales, sheet, snapshot, snapshot_of, stays};
use crate::report::{Input, Period, PeriodFlags};

#[test]
fn new_leads() {
    let document = run(&REPORT, &snapshot());
    assert_eq!(
        lines(sheet(&document, "new_leads")),
        ["rep.a 3 3 0 0", "rep.b 3 0 2 1", "rep.x 0 0 0 0", "- 1 0 0 1", "total 7 3 2 2"]
    );
    assert_eq!(
        lines(sheet(&document, "new_by_source")),
        [
            "search_ads 1 1 0 0",
            "exhibition 3 2 1 0",
            "customer 1 0 1 0",
            "web_form 1 0 0 1",
            "booth 1 0 0 1",
            "total 7 3 2 2"
        ]
    );
    assert_eq!(
        lines(sheet(&document, "new_by_person_and_source")),
        [
            "rep.a search_ads 1 1 0 0",
            "rep.a exhibition 2 2 0 0",
            "rep.b exhibition 1 0 1 0",
            "rep.b customer 1 0 1 0",
            "rep.b booth 1 0 0 1",
            "- web_form 1 0 0 1",
            "total · 7 3 2 2"
        ]
    );
}

#[test]
fn first_response_leaves_pending_out_and_keeps_what_was_lost() {
    let document = run(&REPORT, &snapshot());
    assert_eq!(
        lines(sheet(&document, "first_response")),
        ["rep.a A 3 2 1 0 0 66.7%", "rep.b B 2 0 0 1 1 0.0%", "total · 5 2 1 1 1 50.0%"]
    );
}

#[test]
fn follow_ups_and_late_logs() {
    let document = run(&REPORT, &snapshot());
    assert_eq!(lines(sheet(&document, "followups")), ["rep.a 5 1", "rep.b 2 0", "rep.x 1 0", "- 0 0", "total 8 1"]);
    assert_eq!(
        lines(sheet(&document, "followups_by_method")),
        [
            "rep.a phone 2 1",
            "rep.a email 1 0",
            "rep.a wechat 1 0",
            "rep.a visit 1 0",
            "rep.b phone 1 0",
            "rep.b fax 1 0",
            "rep.x phone 1 0",
            "total · 8 1"
        ]
    );
}

#[test]
fn conversions_need_another_status_before_or_acquisition_within() {
    let document = run(&REPORT, &snapshot());
    let moved = sheet(&document, "moved");
    assert_eq!(lines(moved), ["rep.a 2 0", "rep.b 0 1", "rep.x 0 0", "- 0 0", "total 2 1"]);
    assert!(moved.notes.is_empty());
    assert_eq!(lines(sheet(&document, "disqualified")), ["rep.b no_fit 1", "total · 1"]);
}

#[test]
fn without_history_it_says_so() {
    let snapshot = snapshot();
    let document = REPORT.run(&Input::new(&snapshot)).unwrap();
    let moved = sheet(&document, "moved");
    assert_eq!(lines(moved).last().unwrap(), "total 1 0");
    assert_eq!(moved.notes.len(), 1);
    let document = REPORT.run(&Input { period: Some(Period::all_time()), ..Input::new(&snapshot) }).unwrap();
    let moved = sheet(&document, "moved");
    assert_eq!((lines(moved).last().unwrap().as_str(), moved.notes.len()), ("total 3 1", 0));
}

#[test]
fn due() {
    let document = run(&REPORT, &snapshot());
    assert_eq!(
        lines(sheet(&document, "due")),
        ["rep.a 0 2 2 0", "rep.b 2 1 1 0", "rep.x 0 0 0 0", "- 0 0 1 0", "total 2 3 4 0"]
    );
}

#[test]
fn an_empty_repository_has_empty_sheets() {
    let document = run(&REPORT, &snapshot_of(vec![]));
    assert_eq!(document.sheets.len(), SECTIONS.len());
    assert!(document.sheets.iter().all(|sheet| sheet.rows.is_empty() && sheet.total.is_none()));
}

#[test]
fn one_person_one_department_or_some_leads_only() {
    let snapshot = snapshot();
    let of = |input: Input<'_>| lines(sheet(&REPORT.run(&input).unwrap(), "followups"));
    let input = Input::new(&snapshot);
    assert_eq!(of(Input { owner: Some("Rep B"), ..input.clone() }), ["rep.b 2 0", "total 2 0"]);
    assert_eq!(of(Input { department: Some("华南"), ..input.clone() }), ["rep.b 2 0", "total 2 0"]);
    assert!(of(Input { department: Some("华南"), owner: Some("rep.a"), ..input }).is_empty());
    let filter = "source = exhibition";
    let document = run_where(&REPORT, &snapshot, filter);
    assert_eq!(lines(sheet(&document, "followups")), ["rep.a 2 0", "rep.b 0 0", "total 2 0"]);
    assert_eq!(lines(sheet(&document, "due")), ["rep.a 0 1 0 0", "rep.b 0 1 0 0", "total 0 2 0 0"]);
}

#[test]
fn a_period_that_has_ended_is_told_apart_from_now() {
    let snapshot = snapshot();
    let flags = PeriodFlags { week: Some("last"), ..PeriodFlags::default() };
    let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
    let input = Input { period, ..Input::new(&snapshot) };
    let document = REPORT.run(&input).unwrap();
    assert_eq!(lines(sheet(&document, "followups")).last().unwrap(), "total 2 0");
    assert!(document.definition.last().unwrap().en.contains("--as-of 2026-03-15"));
    let young = REPORT.run(&Input { reaches_back: false, ..input }).unwrap();
    assert!(young.definition.last().unwrap().en.ends_with("no commit is as old."), "a hint that fails is none");
}

#[test]
fn stage_moves_of_the_week() {
    let snapshot = sales();
    let stays = stays(&[
        (1, &[("needs", 1), ("proposal", 3), ("negotiation", 15), ("won", 16)]),
        (2, &[("needs", 5), ("proposal", 16), ("needs", 17), ("proposal", 18)]),
        (5, &[("needs", 11), ("proposal", 16)]),
        // New in the week, and moved the week before.
        (8, &[("proposal", 17)]),
    ]);
    let document = REPORT.run(&Input { stays: Some(&stays), ..Input::new(&snapshot) }).unwrap();
    assert_eq!(
        lines(sheet(&document, "stage_moves")),
        ["needs proposal 3", "proposal needs 1", "negotiation won 1", "total · 5"]
    );
    assert_eq!(
        lines(sheet(&document, "stage_moves_by_person")),
        [
            "rep.a needs proposal 2",
            "rep.a proposal needs 1",
            "rep.a negotiation won 1",
            "rep.b needs proposal 1",
            "total · · 5"
        ]
    );
    assert_eq!(sheet(&run(&REPORT, &snapshot), "stage_moves").notes.len(), 1, "not looked up is not none");
}

#[test]
fn won_and_lost_in_the_week() {
    let closed = "closed_on=2026-03-17 owner=rep.b lost_stage=needs customer=B2B-2026-002";
    let mut records = [OPPORTUNITY, USER].map(|kind| sales().records(kind).to_vec()).concat();
    records.extend([
        opportunity(11, &format!("stage=lost lost_reason=price amount=700 {closed}")),
        opportunity(12, &format!("stage=lost lost_reason=price amount=300 {closed}")),
        opportunity(13, &format!("stage=won actual_amount=50 currency=USD {closed}")),
    ]);
    let document = run(&REPORT, &snapshot_of(records));
    assert_eq!(
        lines(sheet(&document, "closed")),
        ["rep.a 1 100,000.00 0 0.00", "rep.b 1 0.00 2 1,000.00", "total 2 100,000.00 2 1,000.00"]
    );
    assert_eq!(lines(sheet(&document, "lost")), ["rep.b price 2 1,000.00", "total · 2 1,000.00"]);
    assert_eq!(lines(sheet(&document, "other_currencies")), ["USD 0 0.00 0.00 1 50.00"]);
}
