//! What changed between two states of a record, field by field.

use super::conflict::{CONFLICTS, join_name};
use super::value::{Row, Value};

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// The field: `phone`, `contacts.1.email` (rows count from 0), `custom.抖音号`; a conflict by the field it is
    /// over, `conflicts.phone`.
    pub path: String,
    /// What it was, nothing when it was absent.
    pub old: Option<Value>,
    /// What it is, nothing when it is gone.
    pub new: Option<Value>,
}

/// Returns the fields that differ, in declared order, custom fields last.
///
/// A record that is new or gone differs in every field it has. Table rows are compared by place; rows
/// beyond the shorter table are new or gone as a whole. Conflicts are compared by the field they are over, whole.
pub fn changes(old: Option<&Row>, new: Option<&Row>) -> Vec<FieldChange> {
    let mut found = Vec::new();
    if let Some(some) = old.or(new) {
        compare_rows("", old, new, some, &mut found);
    }
    found
}

fn compare_rows(prefix: &str, old: Option<&Row>, new: Option<&Row>, some: &Row, found: &mut Vec<FieldChange>) {
    for field in some.fields() {
        let (before, after) = (old.and_then(|row| row.get(field.key)), new.and_then(|row| row.get(field.key)));
        let path = format!("{prefix}{}", field.key);
        match (before, after) {
            _ if field.key == CONFLICTS => compare_conflicts(rows(before), rows(after), found),
            (Some(Value::Rows(before)), Some(Value::Rows(after))) => compare_tables(&path, before, after, found),
            (Some(Value::Rows(before)), None) => compare_tables(&path, before, &[], found),
            (None, Some(Value::Rows(after))) => compare_tables(&path, &[], after, found),
            _ => note(path, before, after, found),
        }
    }
    let names =
        |row: Option<&Row>| row.map(|row| row.custom().iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    let mut customs = names(old).unwrap_or_default();
    customs.extend(names(new).unwrap_or_default());
    customs.sort();
    customs.dedup();
    for name in customs {
        let (before, after) = (old.and_then(|row| row.get_custom(&name)), new.and_then(|row| row.get_custom(&name)));
        note(format!("{prefix}custom.{name}"), before, after, found);
    }
}

fn rows(value: Option<&Value>) -> &[Row] {
    match value {
        Some(Value::Rows(rows)) => rows,
        _ => &[],
    }
}

/// Compares conflicts by the field they are over, and where several are over one, by their order.
fn compare_conflicts(old: &[Row], new: &[Row], found: &mut Vec<FieldChange>) {
    fn keyed(rows: &[Row]) -> Vec<((&str, usize), &Row)> {
        let names: Vec<&str> = rows.iter().map(|row| row.text("field").unwrap_or_default()).collect();
        let nth = |at: usize| names[..at].iter().filter(|name| **name == names[at]).count();
        rows.iter().enumerate().map(|(at, row)| ((names[at], nth(at)), row)).collect()
    }
    let (old, new) = (keyed(old), keyed(new));
    let of = |rows: &[((&str, usize), &Row)], key: (&str, usize)| {
        let row = rows.iter().find(|(other, _)| *other == key).map(|(_, row)| *row);
        row.map(|row| Value::Rows(vec![row.clone()]))
    };
    let added = new.iter().filter(|(key, _)| !old.iter().any(|(other, _)| other == key));
    for (key, _) in old.iter().chain(added) {
        let path = format!("{CONFLICTS}.{}", join_name([key.0]));
        note(path, of(&old, *key).as_ref(), of(&new, *key).as_ref(), found);
    }
}

fn compare_tables(path: &str, old: &[Row], new: &[Row], found: &mut Vec<FieldChange>) {
    for at in 0..old.len().max(new.len()) {
        let place = format!("{path}.{at}");
        match (old.get(at), new.get(at)) {
            (Some(before), Some(after)) => compare_rows(&format!("{place}."), Some(before), Some(after), before, found),
            (before, after) => {
                let whole = |row: &Row| Value::Rows(vec![row.clone()]);
                found.push(FieldChange { path: place, old: before.map(whole), new: after.map(whole) });
            }
        }
    }
}

fn note(path: String, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<FieldChange>) {
    if old != new {
        found.push(FieldChange { path, old: old.cloned(), new: new.cloned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CONFLICT, CONTACT, CUSTOMER};

    fn customer(contacts: &[(&str, Option<&str>)]) -> Row {
        let mut row = Row::new(CUSTOMER.fields);
        row.set("name", Value::text("甲"));
        let rows = contacts.iter().map(|(name, phone)| {
            let mut contact = Row::new(CONTACT);
            contact.set("name", Value::text(*name));
            phone.map(|phone| contact.set("work_phone", Value::text(phone)));
            contact
        });
        row.set("contacts", Value::Rows(rows.collect()));
        row
    }

    #[test]
    fn names_each_field_that_differs() {
        let old = customer(&[("a", None), ("b", Some("1"))]);
        let mut new = customer(&[("a", None), ("b", Some("2")), ("c", None)]);
        new.set("level", Value::text("high"));
        new.set_custom("抖音号", Value::text("x"));
        let found = changes(Some(&old), Some(&new));
        let paths: Vec<&str> = found.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["level", "contacts.1.work_phone", "contacts.2", "custom.抖音号"]);
        assert!(changes(Some(&old), Some(&old)).is_empty());
    }

    #[test]
    fn conflicts_are_told_by_their_field() {
        let record = |fields: &[&str]| {
            let conflicts = fields.iter().map(|field| {
                let mut conflict = Row::new(CONFLICT);
                conflict.set("field", Value::text(*field));
                conflict
            });
            let mut row = Row::new(CUSTOMER.fields);
            row.set(CONFLICTS, Value::Rows(conflicts.collect()));
            row
        };
        let found =
            changes(Some(&record(&["name", "level", "region"])), Some(&record(&["level", "region", "contacts.a"])));
        let told: Vec<_> = found.iter().map(|change| (change.path.as_str(), change.new.is_some())).collect();
        assert_eq!(told, [("conflicts.name", false), ("conflicts.\"contacts.a\"", true)]);
    }

    #[test]
    fn a_new_record_differs_in_all_it_has() {
        let new = customer(&[("a", None)]);
        let found = changes(None, Some(&new));
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|change| change.old.is_none()));
    }
}
