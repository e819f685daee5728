use super::*;
use crate::record::{LEAD, Lang, Number};
use crate::rules::listing::testing;
use proptest::prelude::*;
use serde_json::json;
use std::sync::LazyLock;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn lead(fields: &[(&str, &str)]) -> Record {
    let mut lead = Record::new(LEAD, Number::parse("LEAD-2026-001").unwrap());
    for (key, text) in fields {
        testing::set(&mut lead, key, text);
    }
    lead
}

fn money(amount: i64) -> Money {
    Money(Decimal::from(amount))
}

/// Scores on a day, the product costing 100,000 to 150,000.
fn score_on(today: &str, fields: &[(&str, &str)]) -> Score {
    static MODEL: LazyLock<Model> = LazyLock::new(Model::default);
    let (model, dictionary) = (&*MODEL, Dictionary::default());
    let price_range = Some((money(100_000), money(150_000)));
    score(&lead(fields), &ScoreFacts { model, today: day(today), price_range, dictionary: &dictionary })
}

/// Returns tier and fact of a dimension.
fn dimension(score: &Score, key: &str) -> (Option<String>, String) {
    let found = score.dimensions.iter().find(|dimension| dimension.key == key).unwrap();
    (found.tier.clone(), found.fact.as_ref().map_or_else(String::new, |fact| fact.en.to_string()))
}

#[test]
fn every_tier_and_its_boundaries() {
    for (today, key, fields, tier, fact) in [
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-03-12")][..],
            "within_3_months",
            "expected purchase 2026-03-12, today",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-05-01")],
            "within_3_months",
            "expected purchase 2026-05-01, 50 days away",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-03-13")],
            "within_3_months",
            "expected purchase 2026-03-13, 1 day away",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-06-12")],
            "within_3_months",
            "expected purchase 2026-06-12, 92 days away",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-06-13")],
            "3_to_6_months",
            "expected purchase 2026-06-13, 93 days away",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-09-12")],
            "3_to_6_months",
            "expected purchase 2026-09-12, 184 days away",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-09-13")],
            "later",
            "expected purchase 2026-09-13, 185 days away",
        ),
        (
            "2025-11-30",
            "urgency",
            &[("expected_on", "2026-02-28")],
            "within_3_months",
            "expected purchase 2026-02-28, 90 days away",
        ),
        (
            "2025-11-30",
            "urgency",
            &[("expected_on", "2026-03-01")],
            "3_to_6_months",
            "expected purchase 2026-03-01, 91 days away",
        ),
        (
            "2027-11-30",
            "urgency",
            &[("expected_on", "2028-02-29")],
            "within_3_months",
            "expected purchase 2028-02-29, 91 days away",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-03-11")],
            "within_3_months",
            "expected purchase 2026-03-11, 1 day ago: stale",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-03-01"), ("status", "working")],
            "within_3_months",
            "expected purchase 2026-03-01, 11 days ago: stale",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-03-01"), ("status", "converted")],
            "later",
            "expected purchase 2026-03-01, 11 days ago, lead closed",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-03-01"), ("status", "disqualified"), ("urgency", "3_to_6_months")],
            "later",
            "expected purchase 2026-03-01, 11 days ago, lead closed",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-05-01"), ("status", "converted")],
            "within_3_months",
            "expected purchase 2026-05-01, 50 days away",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("expected_on", "2026-12-31"), ("urgency", "within_3_months")],
            "later",
            "expected purchase 2026-12-31, 294 days away",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("urgency", "within_3_months")],
            "within_3_months",
            "stated: Purchase within 3 months",
        ),
        (
            "2026-03-12",
            "urgency",
            &[("urgency", "3_to_6_months")],
            "3_to_6_months",
            "stated: Purchase in 3 to 6 months",
        ),
        ("2026-03-12", "urgency", &[("urgency", "later")], "later", "stated: Purchase later"),
        (
            "2026-03-12",
            "budget_fit",
            &[("budget_min", "110000"), ("budget_max", "120000")],
            "within",
            "budget 110000.00–120000.00, price 100000.00–150000.00",
        ),
        (
            "2026-03-12",
            "budget_fit",
            &[("budget_min", "50000"), ("budget_max", "100000")],
            "within",
            "budget 50000.00–100000.00, price 100000.00–150000.00",
        ),
        (
            "2026-03-12",
            "budget_fit",
            &[("budget_min", "900000")],
            "within",
            "budget 900000.00, price 100000.00–150000.00",
        ),
        (
            "2026-03-12",
            "budget_fit",
            &[("budget_max", "99999.99")],
            "negotiable",
            "budget 99999.99, price 100000.00–150000.00",
        ),
        (
            "2026-03-12",
            "budget_fit",
            &[("budget_max", "80000")],
            "negotiable",
            "budget 80000.00, price 100000.00–150000.00",
        ),
        (
            "2026-03-12",
            "budget_fit",
            &[("budget_max", "79999.99")],
            "insufficient",
            "budget 79999.99, price 100000.00–150000.00",
        ),
        (
            "2026-03-12",
            "budget_fit",
            &[("budget_max", "1"), ("budget_fit", "within")],
            "insufficient",
            "budget 1.00, price 100000.00–150000.00",
        ),
        ("2026-03-12", "budget_fit", &[("budget_fit", "within")], "within", "stated: Reaches the product's price"),
        ("2026-03-12", "budget_fit", &[("budget_fit", "negotiable")], "negotiable", "stated: Low but negotiable"),
        ("2026-03-12", "budget_fit", &[("budget_fit", "insufficient")], "insufficient", "stated: Insufficient"),
        ("2026-03-12", "size", &[("staff", "500")], "large", "staff 500"),
        ("2026-03-12", "size", &[("staff", "499")], "medium", "staff 499"),
        ("2026-03-12", "size", &[("staff", "300")], "medium", "staff 300"),
        ("2026-03-12", "size", &[("staff", "299"), ("size", "large")], "small", "staff 299"),
        ("2026-03-12", "size", &[("staff", "0")], "small", "staff 0"),
        ("2026-03-12", "size", &[("staff", "20"), ("listed", "yes")], "large", "listed company"),
        ("2026-03-12", "size", &[("listed", "no"), ("size", "small")], "small", "stated: Small or sole trader"),
        ("2026-03-12", "size", &[("size", "medium")], "medium", "stated: Medium (300 to 499 staff)"),
        ("2026-03-12", "size", &[("size", "large")], "large", "stated: Large (500 staff or listed)"),
        (
            "2026-03-12",
            "decision_chain",
            &[("decision_chain", "confirmed")],
            "confirmed",
            "stated: Decision maker confirmed",
        ),
        (
            "2026-03-12",
            "decision_chain",
            &[("decision_chain", "to_be_confirmed")],
            "to_be_confirmed",
            "stated: Decision maker to be confirmed",
        ),
        (
            "2026-03-12",
            "decision_chain",
            &[("decision_chain", "vague"), ("decision_maker", "总经理")],
            "vague",
            "stated: Vague",
        ),
        (
            "2026-03-12",
            "decision_chain",
            &[("decision_maker", "总经理")],
            "to_be_confirmed",
            "decision maker 总经理; decision chain not stated",
        ),
        (
            "2026-03-12",
            "intent",
            &[("intent", "requested_proposal")],
            "requested_proposal",
            "stated: Asked for a proposal or quote",
        ),
        ("2026-03-12", "intent", &[("intent", "interested")], "interested", "stated: Interested"),
        ("2026-03-12", "intent", &[("intent", "needs_contact")], "needs_contact", "stated: Needs continued contact"),
    ] {
        let found = dimension(&score_on(today, fields), key);
        assert_eq!(found, (Some(tier.to_string()), fact.to_string()), "{today} {fields:?}");
    }
}

#[test]
fn what_is_not_known_scores_nothing() {
    let score = score_on("2026-03-12", &[]);
    assert_eq!((score.total, score.reachable, score.grade.as_str()), (Decimal::ZERO, Decimal::ONE_HUNDRED, "C"));
    assert_eq!(score.missing, ["urgency", "budget_fit", "size", "decision_chain", "intent"]);
    for (key, fields, fact) in [
        ("size", &[("listed", "no")][..], ""),
        ("intent", &[("intent", "curious")], "`curious` is no tier of the model"),
        ("decision_chain", &[("decision_chain", "unclear")], "`unclear` is no tier of the model"),
    ] {
        assert_eq!(dimension(&score_on("2026-03-12", fields), key), (None, fact.to_string()));
    }
}

#[test]
fn a_budget_without_a_price_is_as_stated() {
    let (model, dictionary) = (Model::default(), Dictionary::default());
    let facts = ScoreFacts { model: &model, today: day("2026-03-12"), price_range: None, dictionary: &dictionary };
    let known = score(&lead(&[("budget_max", "5"), ("budget_fit", "within")]), &facts);
    assert_eq!(dimension(&known, "budget_fit").0.as_deref(), Some("within"));
    let unknown = score(&lead(&[("budget_min", "5"), ("budget_max", "9")]), &facts);
    assert_eq!(dimension(&unknown, "budget_fit"), (None, "budget 5.00–9.00, no price to compare it with".to_string()));
    assert!(
        unknown.summary().zh.contains("产品价格") && !unknown.summary().zh.contains("预算"),
        "{}",
        unknown.summary().zh
    );
    assert!(unknown.summary().en.contains("product price"), "{}", unknown.summary().en);
}

#[test]
fn the_summary_of_the_domain() {
    let facts = [("expected_on", "2026-05-01"), ("staff", "600"), ("intent", "needs_contact")];
    let score = score_on("2026-03-12", &facts);
    assert_eq!(score.summary().en, "52 (C), up to 92: budget, decision maker unknown");
    assert_eq!(score.summary().zh, "52（C），最高可达 92：预算、决策人未知");
    let all = score_on("2026-03-12", &FULL);
    assert_eq!((all.summary().en.as_ref(), all.summary().zh.as_ref()), ("100 (A)", "100（A）"));
    assert!(!all.stale && score_on("2026-06-12", &FULL).stale);
}

/// A lead with the first tier everywhere, on 2026-03-12.
const FULL: [(&str, &str); 6] = [
    ("status", "working"),
    ("expected_on", "2026-05-01"),
    ("budget_max", "200000"),
    ("staff", "800"),
    ("decision_chain", "confirmed"),
    ("intent", "requested_proposal"),
];

#[test]
fn the_published_form() {
    let facts = [("expected_on", "2026-05-01"), ("staff", "320")];
    let missing = |key: &str, max: i32| json!({"key": key, "points": 0, "max": max, "tier": null, "fact": null});
    assert_eq!(
        score_on("2026-03-12", &facts).json(Lang::Zh),
        json!({
            "total": 45,
            "grade": "C",
            "reachable": 95,
            "missing": ["budget_fit", "decision_chain", "intent"],
            "dimensions": [
                {"key": "urgency", "points": 30, "max": 30, "tier": "within_3_months", "fact": "预计采购 2026-05-01，还有 50 天"},
                missing("budget_fit", 25),
                {"key": "size", "points": 15, "max": 20, "tier": "medium", "fact": "员工数 320"},
                missing("decision_chain", 15),
                missing("intent", 10),
            ],
        })
    );
    assert_eq!(number("79.50".parse().unwrap()).to_string(), "79.5");
    assert_eq!(number(Decimal::from(80)).to_string(), "80");
}

#[test]
fn conditions_come_before_facts() {
    let text = Model::default_text().replace("staff = 500\n", "staff = 500\nwhen = 'region ~ 上海 and tags has vip'\n");
    let (model, dictionary) = (Model::parse(&text, "x").unwrap(), Dictionary::default());
    let facts = ScoreFacts { model: &model, today: day("2026-03-12"), price_range: None, dictionary: &dictionary };
    let mut vip = lead(&[("staff", "10"), ("region", "上海")]);
    assert_eq!(dimension(&score(&vip, &facts), "size").0.as_deref(), Some("small"));
    vip.set("tags", Value::Texts(vec!["vip".into()]));
    let found = dimension(&score(&vip, &facts), "size");
    assert_eq!(found, (Some("large".to_string()), "region 上海, tags vip".to_string()));
}

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
