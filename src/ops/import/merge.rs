//! What a row adds to a record that is there: fields it fills replace those of the record, fields it leaves
//! blank stay; lists gain values; contacts join those there are. Two things follow from what they are: a branch
//! goes with its industry, and the day somebody was first heard of only becomes earlier. The lines of an order are a
//! whole, as its amount is theirs: a file that has any has all of them.
//!
//! Of several rows of one file about the same record the first stands: a later one fills what the earlier
//! ones leave open, adds its remark on a line of its own, and what it says otherwise is a [`Conflict`].
//!
//! *Invariant:* merging the same rows a second time changes nothing.

use crate::record::dictionary::fold_name;
use crate::record::{Field, Row, Value, Words};
use crate::rules::dedupe::merge::{FIRST_HEARD, united, with_line};
use std::collections::{HashMap, VecDeque};

/// What a later row says otherwise than an earlier one of its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The field; none for one without a declaration.
    pub field: Option<&'static Field>,
    /// What people call it.
    pub name: Words,
    /// What stands.
    pub kept: Value,
    /// What was left out.
    pub left: Value,
}

impl Conflict {
    /// Returns the conflict between what stands and what a later row says; none where both say the same.
    fn between(field: Option<&'static Field>, name: Words, stands: &Value, said: &Value) -> Option<Conflict> {
        (stands != said).then(|| Conflict { field, name, kept: stands.clone(), left: said.clone() })
    }
}

/// Returns the record's row with what the file's row says; `earlier` is what rows before it said.
pub fn merge(record: &Row, said: &Row, earlier: Option<&Row>, conflicts: &mut Vec<Conflict>) -> Row {
    let mut merged = record.clone();
    for (field, new) in said.iter() {
        let value = match merged.get(field.key) {
            Some(old) => join(field, old, new, earlier, conflicts),
            None => new.clone(),
        };
        merged.set(field.key, value);
    }
    drop_finer_words(record, said, &mut merged);
    for (name, new) in said.custom() {
        let stands = earlier.is_some_and(|earlier| earlier.get_custom(name).is_some());
        match merged.get_custom(name).filter(|_| stands) {
            Some(old) => conflicts.extend(Conflict::between(None, Words::same(&**name), old, new)),
            None => merged.set_custom(name, new.clone()),
        }
    }
    merged
}

/// Returns what a field becomes of the value it has and the one that the file's row says.
fn join(
    field: &'static Field,
    old: &Value,
    new: &Value,
    earlier: Option<&Row>,
    conflicts: &mut Vec<Conflict>,
) -> Value {
    let stands = earlier.is_some_and(|earlier| earlier.get(field.key).is_some());
    match (old, new) {
        (Value::Texts(old), Value::Texts(new)) => Value::Texts(united(old, new)),
        (Value::Rows(old), Value::Rows(new)) => {
            let earlier = earlier.map_or(&[][..], |earlier| earlier.rows(field.key));
            Value::Rows(match field.key {
                "lines" => lines_of_file(old, new),
                _ => merge_tables(old, new, earlier, conflicts),
            })
        }
        (Value::Text(old), Value::Text(new)) if field.key == "remark" && stands => Value::text(with_line(old, new)),
        _ if stands => {
            conflicts.extend(Conflict::between(Some(field), field.label.into(), old, new));
            old.clone()
        }
        (Value::Date(old), Value::Date(new)) if field.key == FIRST_HEARD => Value::Date(*new.min(old)),
        _ => new.clone(),
    }
}

/// How much of what a row says its record does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gain {
    /// Values the record has nothing for, further ones of a list included.
    pub lacking: usize,
    /// Values the record has another for.
    pub other: usize,
}

/// Compares a record with itself as a row would change it.
pub fn gain(record: &Row, merged: &Row) -> Gain {
    let fields = merged.iter().map(|(field, value)| (record.get(field.key), value));
    let custom = merged.custom().iter().map(|(name, value)| (record.get_custom(name), value));
    let mut gain = Gain::default();
    for (old, new) in fields.chain(custom).filter(|(old, new)| *old != Some(*new)) {
        let is_more = match (old, new) {
            (None, _) => true,
            (Some(Value::Texts(old)), Value::Texts(new)) => new.len() > old.len(),
            (Some(Value::Rows(old)), Value::Rows(new)) => new.len() > old.len(),
            _ => false,
        };
        *(if is_more { &mut gain.lacking } else { &mut gain.other }) += 1;
    }
    gain
}

/// Keys, and the field that divides each more finely. A note on the source is a remark and no division of it.
const FINER: [(&str, &str); 1] = [("industry", "industry_note")];

/// Takes out what divides a key that is another now, unless the row says it anew: a branch of one industry under
/// the heading of another would contradict it.
fn drop_finer_words(record: &Row, said: &Row, merged: &mut Row) {
    for (key, finer) in FINER {
        if record.get(key).is_some() && record.get(key) != merged.get(key) && said.get(finer).is_none() {
            merged.remove(finer);
        }
    }
}

/// Joins tables: a row with the name of one there is changes it, another is added.
fn merge_tables(old: &[Row], new: &[Row], earlier: &[Row], conflicts: &mut Vec<Conflict>) -> Vec<Row> {
    let mut all = old.to_vec();
    for row in new {
        let is_same = |one: &Row| match (one.text("name"), row.text("name")) {
            (Some(name), Some(other)) => name.trim() == other.trim(),
            _ => one == row,
        };
        match all.iter().position(is_same) {
            None => all.push(row.clone()),
            Some(at) => all[at] = merge(&all[at], row, earlier.iter().find(|one| is_same(one)), conflicts),
        }
    }
    all
}

/// Returns the lines an order has by its file, which has all of them: each with what that of the record says besides,
/// and none that the file does not have.
fn lines_of_file(old: &[Row], new: &[Row]) -> Vec<Row> {
    let product = |row: &Row| row.text("product").map(fold_name);
    let mut left: HashMap<Option<String>, VecDeque<&Row>> = HashMap::new();
    old.iter().for_each(|row| left.entry(product(row)).or_default().push_back(row));
    let with = |one: &Row, row: &Row| merge(one, row, None, &mut Vec::new());
    let mut all: Vec<Option<Row>> = vec![None; new.len()];
    // Those that are there as they are first: of two of one product each finds its own.
    let is_same = |one: &Row, row: &Row| with(one, row) == *one;
    for is_found in [&is_same as &dyn Fn(&Row, &Row) -> bool, &|_, _| true] {
        for (place, row) in all.iter_mut().zip(new).filter(|(place, _)| place.is_none()) {
            let Some(alike) = left.get_mut(&product(row)) else { continue };
            let at = alike.iter().position(|one| is_found(one, row));
            *place = at.and_then(|at| alike.remove(at)).map(|one| with(one, row));
        }
    }
    all.into_iter().zip(new).map(|(one, row)| one.unwrap_or_else(|| row.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CONTACT, CUSTOMER, LEAD, find_field};
    use crate::words;

    fn customer(remark: &str, tags: &[&str], contacts: &[(&str, &str)]) -> Row {
        let mut row = Row::new(CUSTOMER.fields);
        if !remark.is_empty() {
            row.set("remark", Value::text(remark));
        }
        row.set("tags", Value::Texts(tags.iter().map(|tag| (*tag).into()).collect()));
        let contacts = contacts.iter().map(|(name, phone)| {
            let mut contact = Row::new(CONTACT);
            for (key, text) in [("name", name), ("work_phone", phone)].into_iter().filter(|(_, text)| !text.is_empty())
            {
                contact.set(key, Value::text(*text));
            }
            contact
        });
        row.set("contacts", Value::Rows(contacts.collect()));
        row
    }

    #[test]
    fn nothing_is_blanked_and_lists_grow() {
        let old = customer("老客户", &["a"], &[("王某", "13800138000"), ("", "0571-88888888")]);
        let new = customer("", &["b", "a"], &[("王某", "13900139000"), ("李某", ""), ("", "0571-88888888")]);
        let merged = merge(&old, &new, None, &mut Vec::new());
        let contacts = [("王某", "13900139000"), ("", "0571-88888888"), ("李某", "")];
        assert_eq!(merged, customer("老客户", &["a", "b"], &contacts));
        assert_eq!(merge(&merged, &new, None, &mut Vec::new()), merged);
    }

    #[test]
    fn a_finer_word_goes_with_its_key() {
        let row = |industry: &str, note: &str| {
            let mut row = Row::new(CUSTOMER.fields);
            let said =
                [("industry", industry), ("industry_note", note)].into_iter().filter(|(_, text)| !text.is_empty());
            for (key, text) in said {
                row.set(key, Value::text(text));
            }
            row
        };
        let old = row("manufacturing", "机械");
        let merged = |new: &Row| merge(&old, new, None, &mut Vec::new());
        assert_eq!(merged(&row("it", "")), row("it", ""));
        assert_eq!(merged(&row("it", "软件")), row("it", "软件"));
        assert_eq!(merged(&row("manufacturing", "")), old);
        assert_eq!(merged(&row("", "")), old);
    }

    #[test]
    fn who_comes_again_was_heard_of_before() {
        let on = |day: &str| {
            let mut row = Row::new(LEAD.fields);
            row.set("acquired_on", Value::Date(day.parse().unwrap()));
            row
        };
        let merged = |old: &str, new: &str| merge(&on(old), &on(new), None, &mut Vec::new());
        assert_eq!(merged("2026-03-01", "2026-03-09"), on("2026-03-01"));
        assert_eq!(merged("2026-03-09", "2026-03-01"), on("2026-03-01"));
    }

    #[test]
    fn what_a_row_adds_is_counted() {
        let old = customer("一", &["a"], &[("王某", "13800138000")]);
        let mut said = customer("二", &["a", "b"], &[("李某", "")]);
        said.set("region", Value::text("上海"));
        let merged = merge(&old, &said, None, &mut Vec::new());
        assert_eq!(gain(&old, &merged), Gain { lacking: 3, other: 1 }, "tag, contact and region; the remark");
        assert_eq!(gain(&old, &old), Gain::default());
    }

    #[test]
    fn the_first_row_of_a_file_stands() {
        let first = customer("一", &["a"], &[("王某", "13800138000")]);
        let mut later = customer("二", &["b"], &[("王某", "13900139000"), ("李某", "")]);
        later.set("region", Value::text("上海"));
        let mut conflicts = Vec::new();
        let merged = merge(&first, &later, Some(&first), &mut conflicts);
        let mut expected = customer("一\n二", &["a", "b"], &[("王某", "13800138000"), ("李某", "")]);
        expected.set("region", Value::text("上海"));
        assert_eq!(merged, expected);
        let (kept, left) = (Value::text("13800138000"), Value::text("13900139000"));
        assert_eq!(
            conflicts,
            [Conflict {
                field: find_field(CONTACT, "work_phone"), name: words!("Work phone", "工作电话"), kept, left
            }]
        );
        assert_eq!(merge(&merged, &later, Some(&first), &mut Vec::new()), merged);
    }
}
