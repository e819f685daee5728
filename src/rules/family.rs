//! What belongs to a customer (客户的线索和商机): the leads it was made of and its opportunities.
//!
//! Follow-ups stay with what they were about. Whoever asks for those of a customer is given those of its family too,
//! so a conversion moves no record and loses none, and undoing it brings none back.

use crate::record::{LEAD, OPPORTUNITY, Record};

/// Returns the number of the customer that a lead was converted to, or that an opportunity is with.
pub fn customer_of(record: &Record) -> Option<&str> {
    let fields = [(LEAD, "converted_to"), (OPPORTUNITY, "customer")];
    fields.into_iter().find(|(kind, _)| *kind == record.kind).and_then(|(_, field)| record.text(field))
}
