//! What belongs to a customer or an opportunity, as tables beside it: leads, opportunities, the last follow-ups.

use crate::record::{CUSTOMER, FOLLOWUP, Kind, LEAD, Label, OPPORTUNITY, Record};
use crate::rules::Snapshot;
use crate::rules::listing::{self, RecordSchema};
use crate::sheet::Sheet;

/// How many follow-ups are shown, the newest; `followup list` has all.
const SHOWN: usize = 10;

/// Returns the tables that have rows; none for records of other kinds.
pub fn tables(record: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    if ![CUSTOMER, OPPORTUNITY].contains(&record.kind) {
        return Vec::new();
    }
    // What an opportunity's customer was told is the customer's to show.
    let is_shown =
        |followup: &&Record| record.kind == CUSTOMER || followup.text("subject") == Some(record.number.as_str());
    let touches = snapshot.touches(record).into_iter().rev().filter(is_shown).take(SHOWN).collect();
    let family: Vec<&Record> = snapshot.family(record.number.as_str()).collect();
    let of = |kind: Kind| family.iter().copied().filter(|one| one.kind == kind).collect::<Vec<_>>();
    let all = [
        (LEAD, Label::new("Leads", "线索"), of(LEAD), "number,status,contact_name,product,acquired_on,owner"),
        (
            OPPORTUNITY,
            Label::new("Opportunities", "商机"),
            of(OPPORTUNITY),
            "number,name,stage,amount,weighted,expected_on,owner",
        ),
        (
            FOLLOWUP,
            Label::new("Last follow-ups", "最近跟进"),
            touches,
            "at,subject,method,contact,points,next_action,next_on,author",
        ),
    ];
    let full = all.into_iter().filter(|(_, _, records, _)| !records.is_empty());
    full.filter_map(|(kind, title, records, columns)| table(kind, title, &records, columns, snapshot)).collect()
}

fn table(kind: Kind, title: Label, records: &[&Record], columns: &str, snapshot: &Snapshot) -> Option<Sheet> {
    let columns = listing::columns(columns, &RecordSchema::of(kind, snapshot)).ok()?;
    let mut sheet = listing::sheet(kind, records, &columns, snapshot);
    sheet.title = title.into();
    Some(sheet)
}
