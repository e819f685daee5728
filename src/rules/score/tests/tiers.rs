//! Every tier of every dimension and the facts at its boundaries.

use super::{dimension, score_on};

/// A day, the fields of a lead as `key=value`s, the tier, the fact.
type Case = (&'static str, &'static str, &'static str, &'static str);

#[track_caller]
fn assert_tiers(key: &str, cases: &[Case]) {
    for (today, fields, tier, fact) in cases {
        let fields: Vec<_> = fields.split(' ').map(|field| field.split_once('=').unwrap()).collect();
        let found = dimension(&score_on(today, &fields), key);
        assert_eq!(found, (Some(tier.to_string()), fact.to_string()), "{today} {fields:?}");
    }
}

#[test]
fn tiers_of_urgency() {
    assert_tiers(
        "urgency",
        &[
            ("2026-03-12", "expected_on=2026-03-12", "within_3_months", "expected purchase 2026-03-12, today"),
            ("2026-03-12", "expected_on=2026-05-01", "within_3_months", "expected purchase 2026-05-01, 50 days away"),
            ("2026-03-12", "expected_on=2026-03-13", "within_3_months", "expected purchase 2026-03-13, 1 day away"),
            ("2026-03-12", "expected_on=2026-06-12", "within_3_months", "expected purchase 2026-06-12, 92 days away"),
            ("2026-03-12", "expected_on=2026-06-13", "3_to_6_months", "expected purchase 2026-06-13, 93 days away"),
            ("2026-03-12", "expected_on=2026-09-12", "3_to_6_months", "expected purchase 2026-09-12, 184 days away"),
            ("2026-03-12", "expected_on=2026-09-13", "later", "expected purchase 2026-09-13, 185 days away"),
            ("2025-11-30", "expected_on=2026-02-28", "within_3_months", "expected purchase 2026-02-28, 90 days away"),
            ("2025-11-30", "expected_on=2026-03-01", "3_to_6_months", "expected purchase 2026-03-01, 91 days away"),
            ("2027-11-30", "expected_on=2028-02-29", "within_3_months", "expected purchase 2028-02-29, 91 days away"),
            (
                "2026-03-12",
                "expected_on=2026-03-11",
                "within_3_months",
                "expected purchase 2026-03-11, 1 day ago: stale",
            ),
            (
                "2026-03-12",
                "expected_on=2026-03-01 status=working",
                "within_3_months",
                "expected purchase 2026-03-01, 11 days ago: stale",
            ),
            (
                "2026-03-12",
                "expected_on=2026-03-01 status=converted",
                "later",
                "expected purchase 2026-03-01, 11 days ago, lead closed",
            ),
            (
                "2026-03-12",
                "expected_on=2026-03-01 status=disqualified urgency=3_to_6_months",
                "later",
                "expected purchase 2026-03-01, 11 days ago, lead closed",
            ),
            (
                "2026-03-12",
                "expected_on=2026-05-01 status=converted",
                "within_3_months",
                "expected purchase 2026-05-01, 50 days away",
            ),
            (
                "2026-03-12",
                "expected_on=2026-12-31 urgency=within_3_months",
                "later",
                "expected purchase 2026-12-31, 294 days away",
            ),
            ("2026-03-12", "urgency=within_3_months", "within_3_months", "stated: Purchase within 3 months"),
            ("2026-03-12", "urgency=3_to_6_months", "3_to_6_months", "stated: Purchase in 3 to 6 months"),
            ("2026-03-12", "urgency=later", "later", "stated: Purchase later"),
        ],
    );
}

#[test]
fn tiers_of_budget_fit() {
    assert_tiers(
        "budget_fit",
        &[
            (
                "2026-03-12",
                "budget_min=110000 budget_max=120000",
                "within",
                "budget 110000.00–120000.00, price 100000.00–150000.00",
            ),
            (
                "2026-03-12",
                "budget_min=50000 budget_max=100000",
                "within",
                "budget 50000.00–100000.00, price 100000.00–150000.00",
            ),
            ("2026-03-12", "budget_min=900000", "within", "budget 900000.00, price 100000.00–150000.00"),
            ("2026-03-12", "budget_max=99999.99", "negotiable", "budget 99999.99, price 100000.00–150000.00"),
            ("2026-03-12", "budget_max=80000", "negotiable", "budget 80000.00, price 100000.00–150000.00"),
            ("2026-03-12", "budget_max=79999.99", "insufficient", "budget 79999.99, price 100000.00–150000.00"),
            ("2026-03-12", "budget_max=1 budget_fit=within", "insufficient", "budget 1.00, price 100000.00–150000.00"),
            ("2026-03-12", "budget_fit=within", "within", "stated: Reaches the product's price"),
            ("2026-03-12", "budget_fit=negotiable", "negotiable", "stated: Low but negotiable"),
            ("2026-03-12", "budget_fit=insufficient", "insufficient", "stated: Insufficient"),
        ],
    );
}

#[test]
fn tiers_of_size() {
    assert_tiers(
        "size",
        &[
            ("2026-03-12", "staff=500", "large", "staff 500"),
            ("2026-03-12", "staff=499", "medium", "staff 499"),
            ("2026-03-12", "staff=300", "medium", "staff 300"),
            ("2026-03-12", "staff=299 size=large", "small", "staff 299"),
            ("2026-03-12", "staff=0", "small", "staff 0"),
            ("2026-03-12", "staff=20 listed=yes", "large", "listed company"),
            ("2026-03-12", "listed=no size=small", "small", "stated: Small or sole trader"),
            ("2026-03-12", "size=medium", "medium", "stated: Medium (300 to 499 staff)"),
            ("2026-03-12", "size=large", "large", "stated: Large (500 staff or listed)"),
        ],
    );
}

#[test]
fn tiers_of_decision_chain() {
    assert_tiers(
        "decision_chain",
        &[
            ("2026-03-12", "decision_chain=confirmed", "confirmed", "stated: Decision maker confirmed"),
            (
                "2026-03-12",
                "decision_chain=to_be_confirmed",
                "to_be_confirmed",
                "stated: Decision maker to be confirmed",
            ),
            ("2026-03-12", "decision_chain=vague decision_maker=总经理", "vague", "stated: Vague"),
            (
                "2026-03-12",
                "decision_maker=总经理",
                "to_be_confirmed",
                "decision maker 总经理; decision chain not stated",
            ),
        ],
    );
}

#[test]
fn tiers_of_intent() {
    assert_tiers(
        "intent",
        &[
            ("2026-03-12", "intent=requested_proposal", "requested_proposal", "stated: Asked for a proposal or quote"),
            ("2026-03-12", "intent=interested", "interested", "stated: Interested"),
            ("2026-03-12", "intent=needs_contact", "needs_contact", "stated: Needs continued contact"),
        ],
    );
}
