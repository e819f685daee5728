//! How complete a record is: what it is to have, and what of it is not there. DOMAIN: customer archive, data quality.
//!
//! Wanted are the required fields, each of a group of which one would do (phone, e-mail), those of the rows of its tables,
//! and of a customer that was won those of the cooperation. The report on quality, `kehu check` and the card of a record
//! ask here, so that they mean the same.

use crate::record::{CUSTOMER, Field, Need, Record, Row, Value};
use crate::rules::Snapshot;
use crate::rules::computed::{Computed, Evaluation};

/// The fields of the cooperation, wanted after the first deal.
const COOPERATION: [&str; 5] = ["first_cooperation_on", "products", "contract_amount", "payment_cycle", "renewal_on"];

/// What a record is to have, and what it lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completeness {
    /// How many fields are wanted.
    pub wanted: usize,
    /// The paths of those with nothing in them: `source`, `contacts.0.name`.
    pub missing: Vec<String>,
}

impl Completeness {
    /// Looks at a record.
    pub fn of(record: &Record) -> Completeness {
        let mut found = Completeness::default();
        found.look("", &record.row, wanted_by_state(record));
        found
    }

    /// Looks at a record among the others, which tell some of its fields: the contracts of a customer its cooperation.
    pub fn within(record: &Record, snapshot: &Snapshot) -> Completeness {
        let mut found = Completeness::of(record);
        found.missing.retain(|path| !is_told(record, path, snapshot));
        found
    }

    /// Returns how many of the fields wanted have something.
    pub fn filled(&self) -> usize {
        self.wanted - self.missing.len()
    }

    fn look(&mut self, prefix: &str, row: &Row, besides: &[&str]) {
        for field in row.fields() {
            let value = row.get(field.key);
            if is_wanted(field, besides) {
                self.wanted += 1;
                if value.is_none_or(is_blank) {
                    self.missing.push(format!("{prefix}{}", field.key));
                }
            }
            if let Some(Value::Rows(rows)) = value.filter(|_| !field.own) {
                let inner = |at: usize| format!("{prefix}{}.{at}.", field.key);
                rows.iter().enumerate().for_each(|(at, row)| self.look(&inner(at), row, &[]));
            }
        }
    }
}

/// Returns the fields that a record is to have in its state, whatever their declaration says.
pub fn wanted_by_state(record: &Record) -> &'static [&'static str] {
    let is_won = record.kind == CUSTOMER && record.text("type") == Some("won");
    if is_won { &COOPERATION } else { &[] }
}

/// Tells whether a record or a row of one is to have a field; `besides` as [`wanted_by_state`] says.
pub fn is_wanted(field: &Field, besides: &[&str]) -> bool {
    field.need != Need::Optional || besides.contains(&field.key)
}

/// Returns the fields that a record lacks by its state, and no other record tells.
pub fn lacking_by_state(record: &Record, snapshot: &Snapshot) -> Vec<&'static Field> {
    let missing = wanted_by_state(record).iter().filter(|key| record.get(key).is_none_or(is_blank));
    missing.filter(|key| !is_told(record, key, snapshot)).filter_map(|key| record.kind.field(key)).collect()
}

/// Tells whether other records tell a field.
pub fn is_told(record: &Record, key: &str, snapshot: &Snapshot) -> bool {
    let computed = Computed::covering(record.kind, key);
    computed.is_some_and(|computed| (computed.compute)(&Evaluation::new(record, snapshot)).is_some())
}

/// Tells whether a value says nothing: blank text, an empty list.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty(),
        Value::Texts(texts) => texts.is_empty(),
        Value::Rows(rows) => rows.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CONTACT, Kind, LEAD, Number};
    use crate::rules::{AsOf, Config};

    fn record(kind: Kind, fields: &[(&str, &str)]) -> Record {
        let mut record = Record::new(kind, Number::sequence("X", 2026, 1, 3));
        fields.iter().for_each(|(key, text)| drop(record.set(key, Value::text(*text))));
        record
    }

    #[test]
    fn what_a_record_lacks_is_counted_and_named() {
        let lead = record(LEAD, &[("status", "new"), ("company", "x"), ("contact_name", " "), ("phone", "1")]);
        let found = Completeness::of(&lead);
        assert_eq!(found.missing, ["contact_name", "email", "region", "source", "acquired_on"]);
        assert_eq!((found.wanted, found.filled()), (8, 3));
    }

    #[test]
    fn a_won_customer_is_to_tell_of_the_cooperation() {
        let fields = [("category", "B2B"), ("name", "x"), ("source", "hotline"), ("acquired_on", "2026-03-01")];
        let intent = record(CUSTOMER, &[&fields[..], &[("type", "intent")]].concat());
        assert_eq!(Completeness::of(&intent), Completeness { wanted: 5, missing: Vec::new() });
        let mut won = record(CUSTOMER, &[&fields[..], &[("type", "won"), ("payment_cycle", "monthly")]].concat());
        won.set("contacts", Value::Rows(vec![Row::new(CONTACT)]));
        let lacks = ["first_cooperation_on", "products", "contract_amount", "renewal_on"];
        assert_eq!(Completeness::of(&won).missing, [&lacks[..], &["contacts.0.name"]].concat());
        assert_eq!(Completeness::of(&won).wanted, 11);
        let moment = chrono::DateTime::parse_from_rfc3339("2026-03-20T09:00:00+08:00").unwrap();
        let as_of = AsOf { moment: moment.with_timezone(&chrono_tz::Asia::Shanghai), commit: None, edited: false };
        let alone = Snapshot::new(Config::default(), as_of, Vec::new());
        assert_eq!(lacking_by_state(&won, &alone).iter().map(|field| field.key).collect::<Vec<_>>(), lacks);
    }
}
