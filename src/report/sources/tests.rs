//! Figures of the sources, counted by hand.

use super::super::fixture::{lines, run, sales, sheet, snapshot, snapshot_of};
use super::super::{Input, Period, PeriodFlags};
use super::*;
use crate::record::Money;
use crate::rules::config::SourceCost;
use rust_decimal::Decimal;
use std::sync::Arc;

#[test]
fn channels_and_groups() {
    let document = run(&REPORT, &snapshot());
    let channels = lines(sheet(&document, "sources"));
    for line in [
        "exhibition 4 33.3% 2 1 1 1 25.0% 1",
        "search_ads 1 8.3% 1 0 0 0 0.0% 0",
        "webinar 1 8.3% 0 0 1 1 100.0% 0",
        "customer 2 16.7% 0 2 0 1 50.0% 0",
        "web_form 1 8.3% 0 0 1 0 0.0% 0",
        "marketing 1 8.3% 0 1 0 0 0.0% 0",
    ] {
        assert!(channels.contains(&line.to_string()), "{line} in {channels:#?}");
    }
    assert_eq!(
        channels[6..],
        ["booth 1 8.3% 0 0 1 0 0.0% 0", "- 1 8.3% 0 0 1 0 0.0% 0", "total 12 100.0% 3 4 5 3 25.0% 1"]
    );
    assert_eq!(
        lines(sheet(&document, "groups")),
        [
            "marketing 7 58.3% 3 2 2 2 28.6% 1",
            "referral 2 16.7% 0 2 0 1 50.0% 0",
            "inbound 1 8.3% 0 0 1 0 0.0% 0",
            "booth 1 8.3% 0 0 1 0 0.0% 0",
            "- 1 8.3% 0 0 1 0 0.0% 0",
            "total 12 100.0% 3 4 5 3 25.0% 1"
        ]
    );
}

#[test]
fn a_period_is_a_cohort() {
    let snapshot = snapshot();
    let flags = PeriodFlags { from: Some("2026-03-01"), to: Some("2026-03-02"), ..PeriodFlags::default() };
    let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
    let document = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
    assert_eq!(lines(sheet(&document, "groups")).last().unwrap(), "total 3 100.0% 0 1 2 2 66.7% 1");
}

#[test]
fn costs_are_parted_by_days() {
    let mut snapshot = snapshot();
    let day = |text: &str| text.parse().unwrap();
    let cost = |source: &str, from: &str, to: &str, yuan: i64| SourceCost {
        source: source.into(),
        from: day(from),
        to: day(to),
        amount: Money(Decimal::from(yuan)),
    };
    Arc::make_mut(&mut snapshot.config).source_costs = vec![
        cost("exhibition", "2026-03-01", "2026-03-31", 3100),
        cost("exhibition", "2026-02-01", "2026-02-28", 500),
        cost("partner", "2026-03-16", "2026-03-16", 90),
    ];
    let all = run(&REPORT, &snapshot);
    assert_eq!(
        lines(sheet(&all, "costs")),
        ["exhibition 3,600.00 4 900.00 1 3,600.00", "partner 90.00 0 · 0 ·", "total 3,690.00 4 922.50 1 3,690.00"]
    );
    let flags = PeriodFlags { week: Some("2026-W12"), ..PeriodFlags::default() };
    let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
    let week = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
    assert_eq!(lines(sheet(&week, "costs"))[0], "exhibition 700.00 3 233.33 1 700.00");
    let mine = REPORT.run(&Input { owner: Some("rep.a"), ..Input::new(&snapshot) }).unwrap();
    assert_eq!(mine.sheets.len(), 3, "costs are not parted among owners");
}

#[test]
fn nothing_is_not_zero_per_cent() {
    let document = run(&REPORT, &snapshot_of(vec![]));
    assert!(document.sheets.iter().all(|sheet| sheet.rows.is_empty() && sheet.total.is_none()));
}

#[test]
fn an_opportunity_counts_once_for_where_it_came_from() {
    let document = run(&REPORT, &sales());
    assert_eq!(
        lines(sheet(&document, "deals")),
        ["exhibition 4 2 1 66.7% 130,000.00", "customer 4 0 1 0.0% 0.00", "total 8 2 2 50.0% 130,000.00"]
    );
    assert_eq!(lines(sheet(&document, "other_currencies")), ["USD 1 60,000.50 24,000.20 0 0.00"]);
    let march = PeriodFlags { month: Some("2026-03"), ..PeriodFlags::default() };
    let snapshot = sales();
    let period = Period::parse(&march, snapshot.as_of.today()).unwrap();
    let document = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
    // Those of the customer acquired in January are of January.
    assert_eq!(lines(sheet(&document, "deals"))[1], "customer 2 0 1 0.0% 0.00");
}

#[test]
fn what_is_won_pays_for_the_channel() {
    let mut snapshot = sales();
    let cost = |source: &str, yuan: i64| SourceCost {
        source: source.into(),
        from: "2026-03-01".parse().unwrap(),
        to: "2026-03-31".parse().unwrap(),
        amount: Money(Decimal::from(yuan)),
    };
    Arc::make_mut(&mut snapshot.config).source_costs = vec![cost("exhibition", 3600), cost("partner", 90)];
    assert_eq!(
        lines(sheet(&run(&REPORT, &snapshot), "returns")),
        [
            "exhibition 3,600.00 2 130,000.00 1,800.00 3511.1%",
            "partner 90.00 0 0.00 · -100.0%",
            "total 3,690.00 2 130,000.00 1,845.00 3423.0%"
        ]
    );
    Arc::make_mut(&mut snapshot.config).source_costs =
        vec![SourceCost { amount: Money(Decimal::MAX), ..cost("partner", 0) }];
    run(&REPORT, &snapshot);
}
