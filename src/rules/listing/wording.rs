//! Fields and values of records in the words people use, for histories and previews.

use crate::record::{
    Anniversary, CONFLICTS, Dictionary, Field, FieldChange, FieldType, Kind, Row, Value, WHOLE, Words, find_field,
    split_name, table_fields,
};
use crate::words;

/// Returns what people call the field at a path: `Contacts 2 E-mail` for `contacts.1.email`.
///
/// `*` is the record itself, as in conflicts; they also name a row by what it is called: `contacts.李女士.email`.
pub fn field_words(kind: Kind, path: &str) -> Words {
    if path == WHOLE {
        return words!("the record itself", "记录本身");
    }
    if let Some(over) = conflict_over(path) {
        let Words { en, zh } = field_words(kind, &over);
        return words!("conflict over {en}", "“{zh}”的冲突");
    }
    let (_, parts) = walk(kind, path);
    Words::join(&parts, " ", " ")
}

/// Returns the field that the conflict at a path is over.
fn conflict_over(path: &str) -> Option<String> {
    match <[String; 2]>::try_from(split_name(path)) {
        Ok([table, field]) if table == CONFLICTS && field.parse::<usize>().is_err() => Some(field),
        _ => None,
    }
}

/// Returns the field that a path ends at; nothing for custom fields and for a row as a whole.
pub fn field_at(kind: Kind, path: &str) -> Option<&'static Field> {
    walk(kind, path).0
}

/// Says a change: `Phone: 138… → 139…`, the value alone for what was absent, a dash for what is gone; of a conflict
/// that it was settled.
pub fn change_words(kind: Kind, change: &FieldChange, dictionary: &Dictionary) -> Words {
    let field = field_at(kind, &change.path);
    let label = field_words(kind, &change.path);
    if change.new.is_none() && conflict_over(&change.path).is_some() {
        return Words::join([&label, &words!("settled", "已解决")], ": ", "：");
    }
    if conflict_over(&change.path).as_deref() == Some(WHOLE) {
        return Words::join([&label, &words!("removed on one side", "一方已删除")], ": ", "：");
    }
    let side = |value: &Option<Value>| value.as_ref().map(|value| value_words(field, value, dictionary));
    let dash = Words::same("–");
    let what = match (side(&change.old), side(&change.new)) {
        (Some(old), Some(new)) => Words::join([&old, &new], " → ", " → "),
        (None, Some(new)) => new,
        (Some(old), None) => Words::join([&old, &dash], " → ", " → "),
        (None, None) => dash,
    };
    Words::join([&label, &what], ": ", "：")
}

/// Finds the field a path ends at, with the words for its parts.
fn walk(kind: Kind, path: &str) -> (Option<&'static Field>, Vec<Words>) {
    let mut fields = kind.fields;
    let mut found = None;
    let mut parts = Vec::new();
    for part in split_name(path) {
        let field = find_field(fields, &part);
        match field {
            Some(field) => {
                parts.push(field.label.into());
                fields = table_fields(field).unwrap_or(fields);
                found = Some(field);
            }
            None if part == "custom" => found = None,
            // People count rows from one.
            None => parts.push(Words::same(part.parse::<usize>().map_or(part, |at| (at + 1).to_string()))),
        }
    }
    (found, parts)
}

/// Returns the value at a path as people write it; see [`value_words`].
pub fn value_words_at(kind: Kind, path: &str, value: &Value, dictionary: &Dictionary) -> Words {
    value_words(walk(kind, path).0, value, dictionary)
}

/// Returns a value as people write it, keys with their labels.
pub fn value_words(field: Option<&'static Field>, value: &Value, dictionary: &Dictionary) -> Words {
    let key = |key: &str| match field.and_then(Field::dictionary) {
        Some(name) => dictionary.words(name, key),
        None => Words::same(key),
    };
    match value {
        Value::Text(text) if field.is_some_and(|field| field.ty == FieldType::Anniversary) => {
            Anniversary::parse(text).map_or_else(|| Words::same(text.as_ref()), |day| day.words())
        }
        Value::Text(text) => key(text),
        Value::Odd(text) => Words::same(text.as_ref()),
        Value::Integer(n) if *n != 0 && field.is_some_and(|field| field.signed) => Words::same(format!("{n:+}")),
        Value::Integer(n) => Words::same(n.to_string()),
        Value::Flag(true) => Words { en: "yes".into(), zh: "是".into() },
        Value::Flag(false) => Words { en: "no".into(), zh: "否".into() },
        Value::Money(money) => Words::same(money.to_string()),
        Value::Date(day) => Words::same(day.to_string()),
        Value::Moment(moment) => Words::same(moment.format("%Y-%m-%d %H:%M").to_string()),
        Value::Texts(texts) => Words::join(&texts.iter().map(|text| key(text)).collect::<Vec<_>>(), ", ", "、"),
        Value::Rows(rows) => Words::same(rows.iter().map(row_name).collect::<Vec<_>>().join(", ")),
    }
}

/// Returns what a row of a table is known by: its first text.
fn row_name(row: &Row) -> String {
    if find_field(row.fields(), "theirs_by").is_some() {
        // A conflict is known by what is to be decided.
        let side =
            |key: &str| row.get(key).map_or("–".into(), |value| value_words(None, value, &Dictionary::default()).en);
        return format!("{} / {}", side("ours"), side("theirs"));
    }
    let texts = row.iter().filter_map(|(_, value)| match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Date(day) => Some(day.to_string()),
        _ => None,
    });
    texts.into_iter().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, LEAD};

    #[test]
    fn changes_in_words() {
        let change = |path: &str, old: Option<&str>, new: Option<&str>| FieldChange {
            path: path.into(),
            old: old.map(Value::text),
            new: new.map(Value::text),
        };
        let dictionary = Dictionary::default();
        let words = change_words(LEAD, &change("phone", Some("1"), Some("2")), &dictionary);
        assert_eq!((words.en.as_ref(), words.zh.as_ref()), ("Phone: 1 → 2", "电话：1 → 2"));
        let words = change_words(LEAD, &change("conflicts.phone", Some("x"), None), &dictionary);
        assert_eq!((words.en.as_ref(), words.zh.as_ref()), ("conflict over Phone: settled", "“电话”的冲突：已解决"));
        let words = change_words(CUSTOMER, &change("contacts.1.email", Some("a@b.cn"), None), &dictionary);
        assert_eq!(words.en, "Contacts 2 E-mail: a@b.cn → –");
        assert_eq!(field_words(CUSTOMER, "custom.抖音号").zh, "抖音号");
        assert_eq!(field_words(CUSTOMER, "contacts.\"J. Wang\".email").en, "Contacts J. Wang E-mail");
        assert_eq!(field_words(CUSTOMER, "*").en, "the record itself");
    }
}
