//! What belongs to a customer (客户的线索、商机、合同、订单和工单): the leads it was made of, its opportunities, contracts, orders
//! and tickets.
//!
//! Follow-ups stay with what they were about. Whoever asks for those of a customer is given those of its family too,
//! so a conversion moves no record and loses none, and undoing it brings none back.

use crate::record::{CONTRACT, Kind, LEAD, OPPORTUNITY, ORDER, Record, TICKET};

/// The kinds that belong to a customer, each with the field that names it.
const FIELDS: [(Kind, &str); 5] = [
    (LEAD, "converted_to"),
    (OPPORTUNITY, "customer"),
    (CONTRACT, "customer"),
    (ORDER, "customer"),
    (TICKET, "customer"),
];

/// Returns the kinds that belong to a customer.
pub fn kinds() -> impl Iterator<Item = Kind> {
    FIELDS.into_iter().map(|(kind, _)| kind)
}

/// Returns the number of the customer that a lead was converted to, or that another record is with.
pub fn customer_of(record: &Record) -> Option<&str> {
    FIELDS.into_iter().find(|(kind, _)| *kind == record.kind).and_then(|(_, field)| record.text(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, FOLLOWUP, Kind, Number, Value};
    use crate::rules::{AsOf, Config, Snapshot};
    use chrono::{DateTime, TimeZone};

    fn record(kind: Kind, number: &str, fields: &[(&str, &str)]) -> Record {
        let mut record = Record::new(kind, Number::parse(number).unwrap());
        fields.iter().for_each(|(key, text)| drop(record.set(key, Value::text(*text))));
        record
    }

    #[test]
    fn follow_ups_count_for_the_customer_and_its_own_for_its_opportunities() {
        let followup = |(at, subject): (usize, &str)| {
            let mut one = record(FOLLOWUP, &format!("f{at}"), &[("subject", subject)]);
            let moment = DateTime::parse_from_rfc3339(&format!("2026-03-0{}T09:00:00+08:00", 9 - at)).unwrap();
            one.set("at", Value::Moment(moment));
            one
        };
        let subjects = ["LEAD-1", "LEAD-2", "OPP-1", "OPP-2", "B2B-1", "B2B-2"];
        let mut records: Vec<Record> = subjects.into_iter().enumerate().map(followup).collect();
        records.extend([
            record(LEAD, "LEAD-1", &[("converted_to", "B2B-1")]),
            record(LEAD, "LEAD-2", &[]),
            record(OPPORTUNITY, "OPP-1", &[("customer", "B2B-1")]),
            record(OPPORTUNITY, "OPP-2", &[("customer", "B2B-2")]),
            record(CUSTOMER, "B2B-1", &[]),
            record(CUSTOMER, "B2B-2", &[]),
        ]);
        let config = Config::default();
        let moment = config.settings.timezone.with_ymd_and_hms(2026, 3, 20, 9, 0, 0).unwrap();
        let snapshot = Snapshot::new(config, AsOf { moment, commit: None, edited: false }, records);
        for (number, touched) in [
            ("B2B-1", "B2B-1 OPP-1 LEAD-1"),
            ("B2B-2", "B2B-2 OPP-2"),
            ("OPP-1", "B2B-1 OPP-1"),
            ("LEAD-1", "LEAD-1"),
            ("LEAD-2", "LEAD-2"),
        ] {
            let found = snapshot.touches(snapshot.find(number).unwrap()).into_iter();
            let found: Vec<&str> = found.filter_map(|followup| followup.text("subject")).collect();
            assert_eq!(found.join(" "), touched, "{number}, the oldest first");
        }
        let family: Vec<&str> = snapshot.family("B2B-1").map(|one| one.number.as_str()).collect();
        assert_eq!(family, ["LEAD-1", "OPP-1"]);
    }
}
