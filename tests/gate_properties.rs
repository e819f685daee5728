//! No sequence of commands brings a deal to a stage without what the stage wants.

mod common;
#[path = "common/deal.rs"]
mod deal;

use common::Env;
use deal::{NUMBER, deal};
use proptest::prelude::*;

/// What somebody might do, in any order, whether it helps or not.
const DEEDS: [&[&str]; 24] = [
    &["opportunity", "advance", NUMBER],
    &["opportunity", "advance", NUMBER],
    &["opportunity", "win", NUMBER],
    &["opportunity", "win", NUMBER],
    &["opportunity", "set", NUMBER, "stage=won"],
    &["opportunity", "set", NUMBER, "stage=negotiation"],
    &["opportunity", "set", NUMBER, "stage=needs"],
    &["opportunity", "lose", NUMBER, "--reason", "price"],
    &["opportunity", "reopen", NUMBER],
    &["attach", NUMBER, "../quote.pdf", "--kind", "quote"],
    &["attach", NUMBER, "../draft.pdf", "--kind", "contract_draft"],
    &["attach", NUMBER, "../signed.pdf", "--kind", "contract"],
    &["opportunity", "set", NUMBER, "products=DESK-01", "service_period=2026", "payment_terms=30 days"],
    &["opportunity", "set", NUMBER, "customer_confirmed=yes", "actual_amount=600000", "contract_number=HT-1"],
    &["opportunity", "set", NUMBER, "actual_amount=100"],
    &["opportunity", "set", NUMBER, "products=", "amount="],
    &["approve", NUMBER],
    &["contract", "add", "name=Desks", "customer=B2B-2026-001", "amount=1", "owner=li", "opportunity=OPP-2026-001"],
    &["contract", "set", "CON-2026-001", "status=signed", "signed_on=2026-03-12"],
    &["contract", "set", "CON-2026-001", "opportunity="],
    &["contract", "rm", "CON-2026-001", "--confirm", "CON-2026-001"],
    &["undo"],
    &["undo"],
    &["redo"],
];

/// Returns what `check` says of stages.
fn of_stages(env: &Env) -> Vec<String> {
    let said = env.run(&["check"]).stdout;
    said.lines().filter(|line| line.contains("stage-")).map(str::to_string).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stage_always_has_its_materials(deeds in prop::collection::vec(0..DEEDS.len(), 10..40)) {
        let env = deal();
        for at in deeds {
            env.run(DEEDS[at]);
            let wrong = of_stages(&env);
            prop_assert!(wrong.is_empty(), "after {:?}: {wrong:?}", DEEDS[at]);
        }
    }
}

#[test]
fn the_deeds_do_win_a_deal() {
    let env = deal();
    for at in [9, 0, 10, 0, 11, 12, 13, 16, 2] {
        assert_eq!(env.run(DEEDS[at]).code, 0, "{:?}", DEEDS[at]);
    }
    assert!(env.read("opportunities/2026/OPP-2026-001.toml").starts_with("stage = \"won\"\n"));
    assert!(of_stages(&env).is_empty());
}
