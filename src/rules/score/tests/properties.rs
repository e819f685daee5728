//! What holds of the score of any lead.

use super::{Score, score_on};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Facts of every kind, each absent, good or bad, with the dimension they belong to.
const CHOICES: [(&str, &str, &[&str]); 11] = [
    ("urgency", "expected_on", &["2026-01-01", "2026-03-12", "2026-08-01", "2030-01-01"]),
    ("urgency", "urgency", &["within_3_months", "3_to_6_months", "later", "soon"]),
    ("budget_fit", "budget_min", &["1", "90000", "500000"]),
    ("budget_fit", "budget_max", &["1", "90000", "500000"]),
    ("budget_fit", "budget_fit", &["within", "negotiable", "insufficient"]),
    ("size", "staff", &["-1", "0", "300", "10000"]),
    ("size", "listed", &["yes", "no"]),
    ("size", "size", &["large", "medium", "small", "huge"]),
    ("decision_chain", "decision_chain", &["confirmed", "to_be_confirmed", "vague"]),
    ("decision_chain", "decision_maker", &["总经理"]),
    ("intent", "intent", &["requested_proposal", "interested", "needs_contact"]),
];

fn any_lead() -> impl Strategy<Value = Vec<usize>> {
    CHOICES.map(|(_, _, values)| 0..=values.len()).to_vec()
}

fn scored(picks: &[usize]) -> Score {
    let chosen = CHOICES.iter().zip(picks).filter_map(|((_, key, values), pick)| Some((*key, *values.get(*pick)?)));
    score_on("2026-03-12", &chosen.collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn score_reachable_and_maximum(picks in any_lead()) {
        let score = scored(&picks);
        prop_assert!(score.total <= score.reachable && score.reachable <= Decimal::ONE_HUNDRED);
        let sum: Decimal = score.dimensions.iter().map(|d| d.points).sum();
        prop_assert_eq!(sum, score.total);
        let open: Decimal = score.dimensions.iter().filter(|d| d.tier.is_none()).map(|d| d.max).sum();
        prop_assert_eq!(score.total + open, score.reachable);
        prop_assert_eq!(score.missing.len(), score.dimensions.iter().filter(|d| d.tier.is_none()).count());
    }

    #[test]
    fn a_fact_changes_its_own_dimension_only(picks in any_lead(), at in 0..CHOICES.len(), to in 0usize..5) {
        let mut changed = picks.clone();
        changed[at] = to.min(CHOICES[at].2.len());
        for (before, after) in scored(&picks).dimensions.iter().zip(&scored(&changed).dimensions) {
            prop_assert!(before == after || before.key == CHOICES[at].0, "{} changed {}", CHOICES[at].1, before.key);
        }
    }
}
