//! References between records: which fields name other records, and of which kinds these may be.
//!
//! The numbers of records that one was found to differ from are no references: they follow new numbers, and may well
//! name what is gone.

use crate::record::{
    CUSTOMER, DISTINCT_FROM, Field, FieldType, Kind, LEAD, OPPORTUNITY, Problem, Row, TICKET, Value, Words,
};
use crate::words;

/// The kinds a follow-up may be about.
pub const SUBJECTS: [Kind; 4] = [LEAD, CUSTOMER, OPPORTUNITY, TICKET];

/// Those that people call by company or telephone number; an opportunity goes by its number.
pub const CALLED: [Kind; 2] = [LEAD, CUSTOMER];

/// A reference from one record to another.
#[derive(Debug, Clone)]
pub struct Reference<'a> {
    /// Where it stands: `owner`, `verifications.0.by`.
    pub path: String,
    /// The field that holds it.
    pub field: &'static Field,
    /// The kinds it may name.
    pub kinds: Vec<Kind>,
    /// The number it names.
    pub number: &'a str,
}

/// Returns the references of a record's row, those inside its tables included (`verifications.0.by`).
pub fn references(row: &Row) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    collect("", row, &mut found);
    found
}

fn collect<'a>(prefix: &str, row: &'a Row, found: &mut Vec<Reference<'a>>) {
    for (field, value) in row.iter() {
        let path = || format!("{prefix}{}", field.key);
        match (field.ty, value) {
            (FieldType::Reference(kind), Value::Text(number)) => {
                let kinds = Kind::find(kind).into_iter().collect();
                found.push(Reference { path: path(), field, kinds, number });
            }
            (FieldType::Subject, Value::Text(number)) => {
                found.push(Reference { path: path(), field, kinds: SUBJECTS.to_vec(), number });
            }
            (FieldType::Table(_), Value::Rows(rows)) => {
                for (at, row) in rows.iter().enumerate() {
                    collect(&format!("{}.{at}.", path()), row, found);
                }
            }
            _ => {}
        }
    }
}

/// Finds the new number of a record of one of these kinds, if it has got one.
pub type Renamed<'a> = &'a dyn Fn(&[Kind], &str) -> Option<String>;

/// Lets the references of a row follow records that got other numbers; returns whether any did.
pub fn follow(row: &mut Row, renamed: Renamed<'_>) -> bool {
    let new_value = |(field, value): (&'static Field, &Value)| {
        let new = match (field.ty, value) {
            (FieldType::Reference(kind), Value::Text(number)) => renamed(Kind::find(kind).as_slice(), number)?.into(),
            (FieldType::Subject, Value::Text(number)) => renamed(&SUBJECTS, number)?.into(),
            (FieldType::Texts, Value::Texts(numbers)) if field.key == DISTINCT_FROM => {
                return Some((field, Value::Texts(renamed_all(numbers, renamed)?)));
            }
            (FieldType::Table(_), Value::Rows(rows)) => {
                let mut rows = rows.clone();
                let followed = rows.iter_mut().filter_map(|row| follow(row, renamed).then_some(())).count();
                return (followed > 0).then_some((field, Value::Rows(rows)));
            }
            _ => return None,
        };
        Some((field, Value::Text(new)))
    };
    let new: Vec<(&Field, Value)> = row.iter().filter_map(new_value).collect();
    let any = !new.is_empty();
    for (field, value) in new {
        row.set_field(field, value);
    }
    any
}

/// Returns numbers of leads and customers with new ones in the place of those that have one, none twice; nothing where
/// none has.
fn renamed_all(numbers: &[Box<str>], renamed: Renamed<'_>) -> Option<Vec<Box<str>>> {
    let mut all: Vec<Box<str>> = Vec::new();
    for number in numbers {
        let new = renamed(&CALLED, number).map_or_else(|| number.clone(), String::into_boxed_str);
        if !all.contains(&new) {
            all.push(new);
        }
    }
    (all != numbers).then_some(all)
}

/// Returns the problem of a reference to a record that does not exist.
pub fn dangling(reference: &Reference<'_>) -> Problem {
    let (label, number) = (reference.field.label, reference.number);
    let kinds: Vec<Words> = reference.kinds.iter().map(|kind| kind.label.into()).collect();
    let kinds = Words::join(&kinds, " or ", "或");
    let message = words!("{label} `{number}` does not exist", "{label} `{number}` 不存在"; each label);
    let an = if kinds.en.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" };
    let mend = Words {
        en: format!("name {an} {} there is", kinds.en.to_lowercase()).into(),
        zh: format!("请填写已有的{}", kinds.zh).into(),
    };
    Problem::error("missing-reference", reference.path.as_str(), message).mend(mend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Number, Record, VERIFICATION};

    #[test]
    fn references_inside_tables_are_found() {
        let mut lead = Record::new(LEAD, Number::sequence("LEAD", 2026, 1, 3));
        lead.set("owner", Value::text("li.ming"));
        let mut verification = Row::new(VERIFICATION);
        verification.set("by", Value::text("wang"));
        lead.set("verifications", Value::Rows(vec![verification]));
        let found: Vec<(String, &str)> = references(&lead.row).into_iter().map(|one| (one.path, one.number)).collect();
        assert_eq!(found, [("owner".to_string(), "li.ming"), ("verifications.0.by".to_string(), "wang")]);
    }

    #[test]
    fn references_follow_a_new_number_of_their_kind() {
        let mut lead = Record::new(LEAD, Number::sequence("LEAD", 2026, 1, 3));
        lead.set("owner", Value::text("B2B-2026-001"));
        lead.set("converted_to", Value::text("B2B-2026-001"));
        lead.set("remark", Value::text("B2B-2026-001"));
        let renamed = |kinds: &[Kind], number: &str| {
            (kinds.contains(&CUSTOMER) && number == "B2B-2026-001").then(|| "B2B-2026-002".to_string())
        };
        lead.set(
            DISTINCT_FROM,
            Value::Texts(vec!["B2B-2026-001".into(), "B2B-2026-002".into(), "LEAD-2026-003".into()]),
        );
        assert!(follow(&mut lead.row, &renamed));
        assert_eq!(lead.texts(DISTINCT_FROM).join(" "), "B2B-2026-002 LEAD-2026-003");
        assert!(!follow(&mut lead.row, &renamed), "once");
        let texts = ["owner", "converted_to", "remark"].map(|key| lead.text(key).unwrap_or_default());
        assert_eq!(texts, ["B2B-2026-001", "B2B-2026-002", "B2B-2026-001"]);
    }
}
