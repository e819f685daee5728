//! What changed between two states of a record, field by field.

use super::value::{Row, Value};

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// The field: `phone`, `contacts.1.email` (rows count from 0), `custom.抖音号`.
    pub path: String,
    /// What it was, nothing when it was absent.
    pub old: Option<Value>,
    /// What it is, nothing when it is gone.
    pub new: Option<Value>,
}

/// Returns the fields that differ, in declared order, custom fields last.
///
/// A record that is new or gone differs in every field it has. Table rows are compared by place; rows
/// beyond the shorter table are new or gone as a whole.
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
    use crate::record::{CONTACT, CUSTOMER};

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
    fn a_new_record_differs_in_all_it_has() {
        let new = customer(&[("a", None)]);
        let found = changes(None, Some(&new));
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|change| change.old.is_none()));
    }
}
