//! Reading and validating a model.

use super::check;
use super::condition::Condition;
use super::source::{Source, Table, nearest};
use super::{Derivation, Dimension, Grade, Model, Tier};
use crate::record::{Finding, LEAD, Words, toml_words};
use crate::words;
use toml::de::DeTable;

/// Which leads are closed unless the file says otherwise.
const CLOSED_WHEN: &str = "status in (converted, disqualified)";

/// Reads a model; fails with every finding, sorted by place.
pub(super) fn read(text: &str, path: &str) -> Result<Model, Vec<Finding>> {
    let mut source = Source::new(text, path);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let (at, what) = (error.span().map_or(0, |span| span.start), toml_words(error.message()));
        let message = words!("not valid TOML: {what}", "不是有效的 TOML：{what}"; each what);
        source.report(at, "scoring-syntax", message);
    }
    let model = if errors.is_empty() { model(&mut source, Table::new(&document)) } else { None };
    source.findings.sort_by_key(|finding| (finding.line, finding.column));
    match model {
        Some(model) if source.findings.is_empty() => Ok(model),
        _ => Err(source.findings),
    }
}

fn model<'a>(source: &mut Source<'a>, table: Table<'a>) -> Option<Model> {
    source.only(table, &["maximum", "closed_when", "grades", "dimensions"]);
    let maximum = source.number(table, "maximum");
    let maximum = source.needed(table, "maximum", maximum);
    let grade_tables = source.tables(table, "grades");
    let grades: Vec<_> = grade_tables.iter().map(|grade| read_grade(source, *grade)).collect();
    let dimension_tables = source.tables(table, "dimensions");
    let dimensions: Vec<_> = dimension_tables.iter().map(|dimension| read_dimension(source, *dimension)).collect();
    check::unique(source, &grade_tables);
    check::unique(source, &dimension_tables);
    let closed_when = match table.has("closed_when") {
        true => condition(source, table, "closed_when"),
        false => Some(closed_by_default()),
    };
    let (maximum, grades) = (maximum?, grades.into_iter().collect::<Option<Vec<_>>>());
    if let Some(grades) = &grades {
        check::grades(source, &grade_tables, grades, maximum.value);
    }
    let dimensions = dimensions.into_iter().collect::<Option<Vec<_>>>()?;
    check::sum(source, maximum, &dimensions);
    Some(Model { maximum: maximum.value, dimensions, grades: grades?, closed_when: closed_when? })
}

fn closed_by_default() -> Condition {
    let nowhere = super::condition::Place { path: String::new(), line: 0, column: 0, verbatim: false };
    Condition::read(CLOSED_WHEN, nowhere).expect("a test reads this condition")
}

fn read_grade<'a>(source: &mut Source<'a>, table: Table<'a>) -> Option<Grade> {
    source.only(table, &["key", "label", "from", "first_response_hours"]);
    let key = key(source, table);
    let label = source.words(table, "label");
    let from = source.number(table, "from");
    let from = source.needed(table, "from", from);
    let hours = source.number(table, "first_response_hours");
    let whole = hours
        .map(|hours| u32::try_from(hours.value).ok().filter(|_| hours.value.is_integer() && !hours.value.is_zero()));
    if let (Some(hours), Some(None)) = (hours, whole) {
        let message = words!("`first_response_hours` must be whole hours", "“first_response_hours”须为整小时数");
        source.report(hours.at, "scoring-type", message);
    }
    let key = key?;
    Some(Grade {
        label: label.unwrap_or_else(|| Words::same(&key)),
        key,
        from: from?.value,
        first_response_hours: whole.flatten(),
    })
}

fn read_dimension<'a>(source: &mut Source<'a>, table: Table<'a>) -> Option<Dimension> {
    source.only(table, &["key", "label", "missing", "weight", "by", "field", "tiers"]);
    let key = key(source, table);
    let label = source.words(table, "label");
    let missing = source.words(table, "missing");
    let weight = source.number(table, "weight");
    let weight = source.needed(table, "weight", weight);
    let by = derivation(source, table);
    // Where the derivation is misspelt, its bounds are not to blame.
    let all = Derivation::ALL.map(|(_, _, bound)| bound);
    let bounds = by.map_or(if table.has("by") { all.to_vec() } else { Vec::new() }, |by| vec![by.bound_key()]);
    let field = stated_field(source, table);
    let tier_tables = source.tables(table, "tiers");
    let tiers: Vec<_> = tier_tables.iter().map(|tier| read_tier(source, *tier, by, &bounds)).collect();
    check::unique(source, &tier_tables);
    let tiers = tiers.into_iter().collect::<Option<Vec<_>>>()?;
    let (key, weight) = (key?, weight?);
    let label = label.unwrap_or_else(|| Words::same(&key));
    let missing = missing.unwrap_or_else(|| label.clone());
    let dimension = Dimension { key, label, missing, weight: weight.value, by, field, tiers };
    check::points(source, &tier_tables, &dimension);
    check::bounds(source, &tier_tables, &dimension);
    check::conditions(source, &tier_tables, &dimension);
    let conditional = tier_tables.iter().any(|tier| tier.has("when") || tier.has("assume_when"));
    if !conditional && !table.has("by") && !table.has("field") {
        let message = words!(
            "nothing says how the tier is found: `by`, `field`, or `when` of a tier",
            "未说明如何确定档位：需要 `by`、`field` 或档位的 `when`"
        );
        source.report(table.at, "scoring-incomplete", message);
    }
    Some(dimension)
}

fn read_tier<'a>(
    source: &mut Source<'a>,
    table: Table<'a>,
    by: Option<Derivation>,
    bounds: &[&'static str],
) -> Option<Tier> {
    source.only(table, &[&["key", "label", "points", "when", "assume_when"], bounds].concat());
    let key = key(source, table);
    let label = source.words(table, "label");
    let points = source.number(table, "points");
    let points = source.needed(table, "points", points);
    let bound = by.and_then(|by| source.number(table, by.bound_key()));
    let when = condition(source, table, "when");
    let assume_when = condition(source, table, "assume_when");
    let key = key?;
    let label = label.unwrap_or_else(|| Words::same(&key));
    Some(Tier { key, label, points: points?.value, bound: bound.map(|bound| bound.value), when, assume_when })
}

/// Takes a key: what is stored and printed in JSON.
fn key<'a>(source: &mut Source<'a>, table: Table<'a>) -> Option<String> {
    let key = source.text(table, "key");
    let key = source.needed(table, "key", key)?;
    if key.value.trim().is_empty() {
        source.report(key.at, "scoring-type", words!("`key` must not be empty", "“key”不能为空"));
        return None;
    }
    Some(key.value.to_string())
}

fn derivation<'a>(source: &mut Source<'a>, table: Table<'a>) -> Option<Derivation> {
    let by = source.text(table, "by")?;
    let found = Derivation::ALL.iter().find(|(_, name, _)| *name == by.value);
    if found.is_none() {
        let (name, known) = (by.value, Derivation::ALL.map(|(_, name, _)| name));
        let message = words!("unknown derivation `{name}`", "未知的推导方式“{name}”");
        source.report_with(by.at, "scoring-unknown-value", message, nearest(name, &known));
    }
    found.map(|(by, ..)| *by)
}

/// Takes the field in which a tier is stated: one of the lead's that holds a key.
fn stated_field<'a>(source: &mut Source<'a>, table: Table<'a>) -> Option<&'static str> {
    let name = source.text(table, "field")?;
    let known: Vec<&str> =
        LEAD.fields.iter().filter(|f| f.dictionary().is_some() && !f.is_list()).map(|f| f.key).collect();
    let found = known.iter().find(|key| **key == name.value);
    if found.is_none() {
        let field = name.value;
        let message = match LEAD.field(field) {
            Some(_) => {
                words!("field `{field}` holds no key a tier could be stated by", "字段“{field}”不是取值为档位的字段")
            }
            None => words!("unknown field `{field}`", "没有字段“{field}”"),
        };
        source.report_with(name.at, "scoring-unknown-field", message, nearest(field, &known));
    }
    LEAD.field(found?).map(|field| field.key)
}

fn condition<'a>(source: &mut Source<'a>, table: Table<'a>, key: &str) -> Option<Condition> {
    let text = source.text(table, key)?;
    let place = source.place(table, key)?;
    Condition::read(text.value, place).map_err(|finding| source.findings.push(finding)).ok()
}
