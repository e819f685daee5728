//! The words of a score: for each dimension the fact it came from.

use super::{Assessment, Basis, DimensionScore, Score, ScoreFacts, budget};
use crate::query::{Datum, Filter, Values};
use crate::record::{LEAD, Money, Record, Words};
use crate::rules::listing::RecordSchema;
use crate::rules::model::{Dimension, Tier};
use crate::words;
use chrono::NaiveDate;

/// Puts the score of a lead into words.
pub(super) fn score(lead: &Record, facts: &ScoreFacts<'_>, assessment: &Assessment) -> Score {
    let model = facts.model;
    let found = model.dimensions.iter().zip(&assessment.found);
    let mut dimensions: Vec<DimensionScore> =
        found.map(|(dimension, (tier, basis))| explain(dimension, *tier, *basis, lead, facts)).collect();
    for missing in assessment.missing() {
        dimensions[missing.at].missing = missing.words(&model.dimensions[missing.at]);
    }
    Score {
        total: assessment.total,
        grade: model.grades.get(assessment.grade).map_or_else(String::new, |grade| grade.key.clone()),
        reachable: assessment.reachable,
        missing: dimensions.iter().filter(|d| d.tier.is_none()).map(|d| d.key.clone()).collect(),
        dimensions,
        stale: assessment.stale,
    }
}

fn explain(
    dimension: &Dimension,
    tier: Option<usize>,
    basis: Basis,
    lead: &Record,
    facts: &ScoreFacts<'_>,
) -> DimensionScore {
    let tier = tier.and_then(|at| dimension.tiers.get(at));
    DimensionScore {
        key: dimension.key.clone(),
        label: dimension.label.clone(),
        missing: dimension.missing.clone(),
        points: tier.map(|tier| tier.points).unwrap_or_default(),
        max: dimension.weight,
        tier: tier.map(|tier| tier.key.clone()),
        tier_label: tier.map(|tier| tier.label.clone()),
        fact: fact(dimension, tier, basis, lead, facts),
    }
}

fn fact(
    dimension: &Dimension,
    tier: Option<&Tier>,
    basis: Basis,
    lead: &Record,
    facts: &ScoreFacts<'_>,
) -> Option<Words> {
    match basis {
        Basis::Nothing => unknown_tier(dimension, lead),
        Basis::NoPrice => {
            let budget = amounts(budget(lead)?);
            Some(words!("budget {budget}, no price to compare it with", "预算 {budget}，没有可比的产品价格"))
        }
        Basis::Condition => condition_fact(tier?.when.as_ref()?.filter(), lead),
        Basis::Expected | Basis::Stale | Basis::Closed => Some(expected(lead.date("expected_on")?, facts.today, basis)),
        Basis::Budget => {
            let (budget, price) = (amounts(budget(lead)?), amounts(facts.price_range?));
            Some(words!("budget {budget}, price {price}", "预算 {budget}，产品价格 {price}"))
        }
        Basis::Staff => {
            let staff = lead.integer("staff")?;
            Some(words!("staff {staff}", "员工数 {staff}"))
        }
        Basis::Listed => Some(words!("listed company", "上市公司")),
        Basis::Stated => Some(stated(dimension, tier?, facts)),
        Basis::Assumed => {
            let Words { en, zh } = condition_fact(tier?.assume_when.as_ref()?.filter(), lead)?;
            let what = &dimension.label;
            Some(Words {
                en: format!("{en}; {} not stated", what.en.to_lowercase()).into(),
                zh: format!("{zh}；未填写{}", what.zh).into(),
            })
        }
    }
}

/// Says how far the expected date is away.
fn expected(on: NaiveDate, today: NaiveDate, basis: Basis) -> Words {
    let away = (on - today).num_days();
    let days = away.abs();
    let unit = if days == 1 { "day" } else { "days" };
    let (en, zh) = match basis {
        Basis::Stale => (format!("{days} {unit} ago: stale"), format!("已过 {days} 天，需更新")),
        Basis::Closed => (format!("{days} {unit} ago, lead closed"), format!("已过 {days} 天，线索已关闭")),
        _ if away == 0 => ("today".to_string(), "就在今天".to_string()),
        _ => (format!("{days} {unit} away"), format!("还有 {days} 天")),
    };
    words!("expected purchase {on}, {en}", "预计采购 {on}，{zh}")
}

fn stated(dimension: &Dimension, tier: &Tier, facts: &ScoreFacts<'_>) -> Words {
    let dictionary = dimension.field.and_then(|field| LEAD.field(field)?.dictionary());
    let known = dictionary.map(|name| facts.dictionary.words(name, &tier.key));
    let label = known.filter(|label| label.en != tier.key).unwrap_or_else(|| tier.label.clone());
    words!("stated: {label}", "已填写：{label}"; each label)
}

/// Says that a tier is stated which the model does not have.
fn unknown_tier(dimension: &Dimension, lead: &Record) -> Option<Words> {
    let stated = lead.text(dimension.field?)?;
    Some(words!("`{stated}` is no tier of the model", "“{stated}”不是评分模型的档位"))
}

/// Says what a lead has in the fields of a condition.
fn condition_fact(filter: &Filter, lead: &Record) -> Option<Words> {
    let schema = RecordSchema::stored(LEAD, None);
    let facts: Vec<Words> = filter.fields().iter().filter_map(|key| field_fact(&schema, key, lead)).collect();
    Some(Words::join(&facts, ", ", "，"))
}

fn field_fact(schema: &RecordSchema<'_>, key: &str, lead: &Record) -> Option<Words> {
    let Words { en, zh } = schema.named(key)?.label();
    let (en, mut values) = (en.to_lowercase(), Vec::new());
    lead.row.any(key, &mut |datum| {
        values.push(text_of(datum));
        false
    });
    if values.is_empty() {
        return Some(words!("{en} missing", "{zh}缺失"));
    }
    let values = Words::join(&values, ", ", "、");
    Some(words!("{en} {values}", "{zh} {values}"; each values))
}

fn text_of(datum: Datum<'_>) -> Words {
    match datum {
        Datum::Text(text) => Words::same(text),
        Datum::Number(number) => Words::same(number.normalize().to_string()),
        Datum::Flag(true) => words!("yes", "是"),
        Datum::Flag(false) => words!("no", "否"),
        Datum::Date(day) => Words::same(day.to_string()),
        Datum::Moment(moment) => Words::same(moment.format("%Y-%m-%d %H:%M").to_string()),
        Datum::Table => words!("given", "已填写"),
    }
}

fn amounts((low, high): (Money, Money)) -> String {
    if low == high { low.to_string() } else { format!("{low}–{high}") }
}
