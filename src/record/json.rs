//! Records from JSON objects, as `--stdin` lines and JSON imports give them.

use super::assignment::Assignment;
use super::dictionary::fold_name;
use super::field::{Field, FieldType, find_field};
use super::input::Reading;
use super::kind::Kind;
use super::problem::Problem;
use super::value::{Row, Value};
use crate::words;
use serde_json::{Map, Value as Json};

/// Changes `row` by the members of a JSON object: a member per field by its key, `null` clears, tables
/// are arrays of objects, `custom` is an object.
///
/// What kehu keeps itself (conflicts) stays as it is. `number` and members that `show --json` computes are the
/// caller's to take out before. Returns everything that could not be read.
pub fn apply_object(kind: Kind, object: &Map<String, Json>, row: &mut Row, reading: &Reading<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, value) in object {
        if let Err(problem) = apply_member(kind.fields, key, value, row, reading) {
            problems.push(problem);
        }
    }
    problems
}

fn apply_member(
    fields: &'static [Field],
    key: &str,
    value: &Json,
    row: &mut Row,
    reading: &Reading<'_>,
) -> Result<(), Problem> {
    if let ("custom", Json::Object(members)) = (key, value) {
        members.iter().for_each(|(name, value)| apply_custom(name, value, row));
        return Ok(());
    }
    let Some(field) = find_field(fields, key) else {
        return Err(unknown_field(fields, key));
    };
    if field.own {
        return Ok(());
    }
    match (field.ty, value) {
        (FieldType::Table(inner), Json::Array(items)) => {
            let rows = items.iter().enumerate().map(|(at, item)| read_row(field, inner, at, item, reading));
            row.set(field.key, Value::Rows(rows.collect::<Result<_, _>>()?));
            Ok(())
        }
        (FieldType::Table(_), Json::Null) => {
            row.remove(field.key);
            Ok(())
        }
        (_, Json::Object(_)) => Err(not_that(field)),
        // A text of a JSON list is one text, whatever marks are in it.
        (FieldType::Texts, Json::Array(items)) if items.iter().all(Json::is_string) => {
            set_texts(field, items.iter().filter_map(Json::as_str), row);
            Ok(())
        }
        (_, Json::Array(items)) if !field.is_list() || !items.iter().all(Json::is_string) => Err(not_that(field)),
        _ => Assignment::set(field, plain_text(value).unwrap_or_default()).apply(row, reading),
    }
}

fn apply_custom(name: &str, value: &Json, row: &mut Row) {
    match plain_text(value) {
        Some(text) => row.set_custom(name, Value::text(text)),
        None => drop(row.remove_custom(name)),
    }
}

/// How alike two keys must be, from 0 to 1 by Jaro–Winkler, for one to be offered for the other.
const ALIKE: f64 = 0.75;

fn unknown_field(fields: &[Field], key: &str) -> Problem {
    let folded = fold_name(key);
    // JSON is by key; whoever writes a label or another name is told the key of it.
    let likeness = |field: &Field| {
        let names = [field.key, field.label.en, field.label.zh].into_iter().chain(field.aliases.iter().copied());
        names.map(|name| strsim::jaro_winkler(&fold_name(name), &folded)).fold(0.0, f64::max)
    };
    let near = fields.iter().filter(|field| !field.own && likeness(field) > ALIKE);
    // Of several as near the first declared.
    let mend = match near.rev().max_by(|a, b| likeness(a).total_cmp(&likeness(b))) {
        Some(field) => words!("did you mean `{}`?", "是不是 `{}`？"; field.key),
        None => words!("fields of your own stand in the object `custom`", "自定义字段请放在 `custom` 对象中"),
    };
    Problem::error("unknown-field", key, words!("there is no field `{key}`", "没有字段“{key}”")).mend(mend)
}

fn not_that(field: &Field) -> Problem {
    Problem::error(
        "json-type",
        field.key,
        words!("`{}` cannot hold this kind of JSON value", "“{}”不能是这种 JSON 值"; field.key),
    )
}

fn set_texts<'a>(field: &Field, texts: impl Iterator<Item = &'a str>, row: &mut Row) {
    let texts: Vec<Box<str>> = texts.map(str::trim).filter(|text| !text.is_empty()).map(Into::into).collect();
    if texts.is_empty() {
        row.remove(field.key);
    } else {
        row.set(field.key, Value::Texts(texts));
    }
}

fn read_row(
    field: &Field,
    inner: &'static [Field],
    at: usize,
    item: &Json,
    reading: &Reading<'_>,
) -> Result<Row, Problem> {
    let mut row = Row::new(inner);
    let place = |problem: Problem| {
        let inner = problem.field.clone().unwrap_or_default();
        Problem { field: Some(format!("{}.{at}.{inner}", field.key)), ..problem }
    };
    let Json::Object(members) = item else { return Err(place(not_that(field))) };
    for (key, value) in members {
        apply_member(inner, key, value, &mut row, reading).map_err(place)?;
    }
    Ok(row)
}

/// Returns a JSON scalar or list of scalars as the text a person would have written; nothing for null.
fn plain_text(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        Json::Array(items) => Some(items.iter().filter_map(plain_text).collect::<Vec<_>>().join("\n")),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::date::DateOrder;
    use crate::record::{CUSTOMER, Dictionary};

    fn read(text: &str) -> (Row, Vec<Problem>) {
        let dictionary = Dictionary::default();
        let zone = chrono_tz::Asia::Shanghai;
        let reading = Reading { dictionary: &dictionary, country: "CN", zone, order: DateOrder::Unstated };
        let mut row = Row::new(CUSTOMER.fields);
        let object = serde_json::from_str(text).unwrap();
        let problems = apply_object(CUSTOMER, &object, &mut row, &reading);
        (row, problems)
    }

    #[test]
    fn reads_scalars_lists_and_tables() {
        let (row, problems) = read(
            r#"{"name":"甲公司","staff":320,"listed":true,"products":["a, b","c"],"annual_revenue":"50万",
                "contacts":[{"name":"王伟","influence":5}],"custom":{"QQ":12345}}"#,
        );
        assert_eq!(problems, []);
        assert_eq!((row.integer("staff"), row.flag("listed"), row.texts("products").len()), (Some(320), true, 2));
        assert_eq!(row.rows("contacts")[0].integer("influence"), Some(5));
        assert_eq!(row.get_custom("QQ"), Some(&Value::text("12345")));
    }

    #[test]
    fn names_what_it_cannot_read() {
        let (_, problems) = read(r#"{"naem":"x","staff":{"a":1},"contacts":[{"name":"a"},{"influence":"high"}]}"#);
        let places: Vec<_> = problems.iter().map(|problem| problem.field.as_deref().unwrap()).collect();
        assert_eq!(places, ["naem", "staff", "contacts.1.influence"]);
        assert_eq!(problems[0].mend.as_ref().unwrap().en, "did you mean `name`?");
    }
}
