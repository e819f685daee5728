use super::*;
use crate::record::dictionary::{Entries, Entry};
use crate::record::{LEAD, Record, Value};
use crate::words;

/// Reads the default model with one piece of text replaced.
fn with(from: &str, to: &str) -> Result<Model, Vec<Finding>> {
    let text = Model::default_text();
    assert!(text.contains(from), "{from}");
    Model::parse(&text.replacen(from, to, 1), "config/scoring.toml")
}

/// Returns what is wrong, one line a finding, as `line:column code message (mend)`.
fn refusal(read: Result<Model, Vec<Finding>>) -> Vec<String> {
    let findings = read.expect_err("a model that is not valid");
    let line = |found: &Finding| {
        let Finding { path, line, column, problem } = found;
        assert_eq!(path, "config/scoring.toml");
        assert!(*line > 0 && *column > 0);
        let mend = problem.mend.as_ref().map(|mend| format!(" ({})", mend.en)).unwrap_or_default();
        format!("{line}:{column} {} {}{mend}", problem.code, problem.message.en)
    };
    findings.iter().map(line).collect()
}

#[test]
fn the_default_model_is_that_of_the_domain() {
    let model = Model::default();
    let weights: Vec<(&str, i64)> =
        vec![("urgency", 30), ("budget_fit", 25), ("size", 20), ("decision_chain", 15), ("intent", 10)];
    let found = model.dimensions.iter().map(|d| (d.key.as_str(), d.weight));
    assert_eq!(found.collect::<Vec<_>>(), weights.into_iter().map(|(k, w)| (k, w.into())).collect::<Vec<_>>());
    assert_eq!(model.maximum, Decimal::ONE_HUNDRED);
    let hours: Vec<_> = model.grades.iter().map(|grade| (grade.key.as_str(), grade.first_response_hours)).collect();
    assert_eq!(hours, [("A", Some(24)), ("B", Some(48)), ("C", None)]);
    for dimension in &model.dimensions {
        assert_eq!(dimension.field, Some(dimension.key.as_str()));
        assert_eq!(dimension.tiers.len(), 3);
    }
}

#[test]
fn grades_are_half_open() {
    let model = Model::default();
    let grade = |score: &str| model.grades[model.grade_at(score.parse().unwrap())].key.clone();
    let grades = ["100", "80", "79.999", "79.5", "60", "59.999", "0"].map(grade);
    assert_eq!(grades, ["A", "A", "B", "B", "B", "C", "C"]);
}

#[test]
fn closed_leads_without_the_key() {
    let model = with("closed_when = \"status in (converted, disqualified)\"", "").unwrap();
    let mut lead = Record::new(LEAD, crate::record::Number::parse("LEAD-2026-001").unwrap());
    assert!(!model.closed_when.holds(&lead));
    lead.set("status", Value::text("converted"));
    assert!(model.closed_when.holds(&lead));
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (from, to, wanted) in [
        ("maximum = 100", "maximum = 90", "scoring-weights the weights sum to 100, not to the maximum 90"),
        ("weight = 10", "weight = 12.5", "scoring-weights the weights sum to 102.5, not to the maximum 100"),
        ("weight = 10", "wieght = 10", "scoring-unknown-key unknown key `wieght` (did you mean `weight`?)"),
        ("weight = 10", "weight = \"10\"", "scoring-type `weight` must be a number from 0 up"),
        ("weight = 10", "weight = -10", "scoring-type `weight` must be a number from 0 up"),
        ("weight = 10", "", "scoring-incomplete `weight` is missing"),
        ("points = 6", "points = 12", "scoring-points tier `interested` gives 12, more than the weight 10 of `intent`"),
        ("points = 6", "points = 1", "scoring-points tier `needs_contact` gives more than the one above it"),
        (
            "points = 15\n\n",
            "points = 14\n\n",
            "scoring-points the first tier of `decision_chain` must give its weight 15, not 14",
        ),
        ("from = 60", "from = 80", "scoring-threshold grade `B` must begin below `A`, which stands above it"),
        ("from = 80", "from = 101", "scoring-threshold grade `A` begins above the maximum"),
        ("from = 0", "from = 1", "scoring-threshold the last grade must begin at 0"),
        ("months = 6", "months = 3", "scoring-overlap tier `3_to_6_months` overlaps the one above it"),
        ("months = 6", "months = 4.5", "scoring-overlap `months` must be whole months, 1200 at most"),
        ("months = 6", "", "scoring-overlap tier `3_to_6_months` needs `months`"),
        ("share = 0.8", "share = 1.0", "scoring-overlap tier `negotiable` overlaps the one above it"),
        ("staff = 300", "staff = 500", "scoring-overlap tier `medium` overlaps the one above it"),
        (
            "points = 10\n\n# 预算",
            "points = 10\nmonths = 9\n\n# 预算",
            "scoring-overlap the last tier `later` takes the rest and has no `months`",
        ),
        (
            "by = \"staff\"",
            "by = \"stuff\"",
            "scoring-unknown-value unknown derivation `stuff` (did you mean `staff`?)",
        ),
        (
            "field = \"intent\"",
            "field = \"intend\"",
            "scoring-unknown-field unknown field `intend` (did you mean `intent`?)",
        ),
        (
            "field = \"intent\"",
            "field = \"company\"",
            "scoring-unknown-field field `company` holds no key a tier could be stated by (known: `status`",
        ),
        ("field = \"intent\"", "", "scoring-incomplete nothing says how the tier is found"),
        (
            "key = \"interested\"",
            "key = \"requested_proposal\"",
            "scoring-duplicate `requested_proposal` is there already",
        ),
        ("key = \"intent\"", "key = \"size\"", "scoring-duplicate `size` is there already"),
        ("key = \"B\"", "key = \"A\"", "scoring-duplicate `A` is there already"),
        ("key = \"B\"", "key = \"\"", "scoring-type `key` must not be empty"),
        (
            "first_response_hours = 48",
            "first_response_hours = 1.5",
            "scoring-type `first_response_hours` must be whole hours",
        ),
        (
            "decision_maker is not missing",
            "decison_maker is missing",
            "scoring-condition unknown field `decison_maker` (did you mean `decision_maker`",
        ),
        ("decision_maker is not missing", "grade = A", "scoring-condition unknown field `grade`"),
        ("decision_maker is not missing", "acquired_on > today-7d", "scoring-condition `today-7d` counts from today"),
        ("maximum = 100", "maximum = 100\nmaximum = 100", "scoring-syntax not valid TOML: duplicate key"),
        ("maximum = 100", "maximum = ", "scoring-syntax not valid TOML:"),
    ] {
        let found = refusal(with(from, to));
        assert!(found.iter().any(|line| line.contains(wanted)), "{to}: {found:#?}");
    }
}

#[test]
fn places_are_exact() {
    assert_eq!(Model::parse("", "x").unwrap_err().len(), 3, "maximum, grades, dimensions");
    let deep = format!("maximum = {}", "[".repeat(100_000));
    assert!(Model::parse(&deep, "x").is_err());
    let text = "maximum = 10\n\n[[grades]]\nkey = \"A\"\nfrom = 0\n\n[[dimensions]]\nkey = \"d\"\nweight = 10\n\n\
        [[dimensions.tiers]]\nkey = \"档\"\npoints = 11\nwhen = \"公司 ~ 甲 and 负责 = x\"\n";
    let found = refusal(Model::parse(text, "config/scoring.toml"));
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], "13:10 scoring-points tier `档` gives 11, more than the weight 10 of `d`");
    assert!(found[1].starts_with("14:20 scoring-condition unknown field `负责`"), "{found:?}");
    let found = refusal(Model::parse(&text.replace(" = \"公司", " = \"\\u516c司"), "config/scoring.toml"));
    assert!(found[1].starts_with("14:8 scoring-condition"), "places in escaped text cannot be counted: {found:?}");
    let found = refusal(Model::parse(&text.replace(" and 负责 = x", ""), "config/scoring.toml"));
    assert_eq!(found, ["13:10 scoring-points tier `档` gives 11, more than the weight 10 of `d`"]);
}

#[test]
fn all_mistakes_are_found_at_once() {
    let text = Model::default_text()
        .replace("maximum = 100", "maximum = 99\ncolour = 1")
        .replace("from = 60", "from = 90")
        .replace("months = 6", "months = 2")
        .replace("share = 0.8", "share = 2");
    let found = refusal(Model::parse(&text, "config/scoring.toml"));
    assert_eq!(found.len(), 5, "{found:#?}");
    let text = Model::default_text().replace("weight = 10", "").replace("from = 60", "from = 90");
    assert_eq!(refusal(Model::parse(&text, "config/scoring.toml")).len(), 2);
    assert_eq!(refusal(with("by = \"staff\"", "by = \"stuff\"")).len(), 1);
    let mut sorted = found.clone();
    sorted.sort_by_key(|line| line.split(':').next().unwrap().parse::<usize>().unwrap());
    assert_eq!(found, sorted);
}

#[test]
fn conditions_that_never_decide_are_refused() {
    let tiers = |first: &str, second: &str| {
        with("by = \"staff\"\n", "").map(|_| ()).expect_err("bounds without a derivation are unknown keys");
        let text = Model::default_text()
            .replace("by = \"staff\"\n", "")
            .replace("staff = 500\n", &format!("when = '{first}'\n"))
            .replace("staff = 300\n", &format!("when = '{second}'\n"));
        Model::parse(&text, "config/scoring.toml")
    };
    for (first, second) in [
        ("staff >= 300", "staff >= 500"),
        ("staff > 299", "staff = 300"),
        ("staff <= 500", "staff < 500"),
        ("listed = yes", "listed = 是"),
        ("budget_max > 10万", "budget_max >= 20万"),
    ] {
        let found = refusal(tiers(first, second));
        assert!(found.len() == 1 && found[0].contains("scoring-overlap tier `medium` overlaps `large`"), "{found:?}");
    }
    for (first, second) in [
        ("staff >= 500 or listed = yes", "staff >= 300"),
        ("staff >= 500", "staff >= 300"),
        ("staff > 300", "staff >= 300"),
        ("staff >= 300", "budget_max >= 500"),
    ] {
        assert!(tiers(first, second).is_ok(), "{first}, {second}");
    }
}

#[test]
fn keys_in_conditions_are_bound_to_the_dictionary() {
    let entry = |key: &str, label: Words, group: Option<&str>| Entry {
        key: key.into(),
        label,
        aliases: Vec::new(),
        group: group.map(str::to_string),
    };
    let sources = Entries::new(vec![
        entry("marketing", words!("Marketing", "市场推广"), None),
        entry("exhibition", words!("Exhibition", "展会"), Some("marketing")),
    ]);
    let statuses = Entries::new(vec![entry("converted", words!("Converted", "已转化"), None)]);
    let mut dictionary = Dictionary::default();
    dictionary.entries.insert("source".into(), sources);
    dictionary.entries.insert("lead_status".into(), statuses);
    let mut model = with("decision_maker is not missing", "source = 市场推广").unwrap();
    let mut lead = Record::new(LEAD, crate::record::Number::parse("LEAD-2026-001").unwrap());
    lead.set("source", Value::text("exhibition"));
    let holds =
        |model: &Model| model.dimension("decision_chain").unwrap().tiers[1].assume_when.as_ref().unwrap().holds(&lead);
    assert!(!holds(&model));
    let found = model.bind(&dictionary);
    assert!(holds(&model), "the label is known and the group has its channels");
    assert_eq!(found.len(), 1, "`disqualified` is not in this dictionary");
    assert!(found[0].problem.message.en.contains("`disqualified` is not a value of `status`"));
}

#[test]
fn a_model_may_be_of_anything() {
    let text = r#"
maximum = 12.5
[[grades]]
key = "甲"
from = 10.25
[[grades]]
key = "乙"
from = 0
[[dimensions]]
key = "east"
weight = 12.5
[[dimensions.tiers]]
key = "yes"
points = 12.5
when = "region ~ 浙江 and (tags has vip or custom.展位 > 3)"
[[dimensions.tiers]]
key = "no"
points = 0
assume_when = "region is not missing"
"#;
    let model = Model::parse(text, "config/scoring.toml").unwrap();
    assert_eq!(model.grades[0].label, Words::same("甲"));
    assert_eq!(model.dimensions[0].missing, Words::same("east"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_reading_panic(
        from in 0..8000usize,
        length in 0..40usize,
        what in "[a-z0-9=\"'\\[\\]{}#. \n时-]{0,12}"
    ) {
        let text: Vec<char> = Model::default_text().chars().collect();
        let start = from.min(text.len());
        let end = (start + length).min(text.len());
        let edited: String = text[..start].iter().chain(&what.chars().collect::<Vec<_>>()).chain(&text[end..]).collect();
        let _ = Model::parse(&edited, "config/scoring.toml");
    }
}
