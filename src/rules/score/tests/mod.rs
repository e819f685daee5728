mod properties;
mod tiers;

use super::*;
use crate::record::{LEAD, Lang, Number};
use crate::rules::listing::testing;
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
