//! The published form of a page; additive only.

use super::next::tasks_of;
use super::related::{Related, SHOWN, sum};
use crate::record::{CUSTOMER, Kind, Lang, Money, OPPORTUNITY, Record};
use crate::rules::Snapshot;
use crate::rules::completeness::Completeness;
use crate::rules::contract::Payments;
use crate::rules::due::Task;
use crate::rules::listing::{self, RecordSchema, fields_json};
use serde_json::{Value as Json, json};

/// Returns a record in the schema `kehu.record`: the record itself, what is due next of it, what of it is missing, what
/// belongs to it.
pub fn record_json(record: &Record, snapshot: &Snapshot, lang: Lang) -> Json {
    let mut object = json!({
        "schema": "kehu.record",
        "version": 1,
        "kind": record.kind.name,
        "record": listing::record_json(record, snapshot, lang),
        "due": tasks_of(record, snapshot).iter().map(|task| task_json(task, snapshot)).collect::<Vec<_>>(),
        "completeness": completeness_json(record, snapshot),
    });
    if [CUSTOMER, OPPORTUNITY].contains(&record.kind) {
        object["related"] = related_json(record, snapshot, lang);
    }
    object
}

fn task_json(task: &Task<'_>, snapshot: &Snapshot) -> Json {
    let due = &task.due;
    json!({
        "group": task.group(snapshot.as_of.moment).key(),
        "due": if due.whole_day { due.at.date_naive().to_string() } else { due.at.to_rfc3339() },
        "overdue_hours": due.overdue_by.map(|late| late.num_hours()),
        "number": task.record.number.as_str(),
        "task": { "en": due.label.en, "zh": due.label.zh },
        "rule": due.rule,
        "method": due.method,
    })
}

fn completeness_json(record: &Record, snapshot: &Snapshot) -> Json {
    let found = Completeness::within(record, snapshot);
    json!({ "wanted": found.wanted, "filled": found.filled(), "missing": found.missing })
}

fn related_json(record: &Record, snapshot: &Snapshot, lang: Lang) -> Json {
    let related = Related::of(record, snapshot);
    let rows = |kind: Kind, records: &[&Record], columns: &str| -> Vec<Json> {
        let columns = listing::columns(columns, &RecordSchema::of(kind, snapshot)).unwrap_or_default();
        records.iter().map(|one| fields_json(one, &columns, snapshot, lang)).collect()
    };
    let amount = |money: Option<Money>| money.map(|money| money.to_string());
    let shown = &related.followups[..related.followups.len().min(SHOWN)];
    let columns = "at,subject,method,contact,outcome,points,next_action,next_on,author";
    let followups = rows(crate::record::FOLLOWUP, shown, columns);
    let mut contracts = rows(
        crate::record::CONTRACT,
        &related.contracts,
        "name,status,standing,amount,currency,signed_on,end_on,owner",
    );
    for (row, contract) in contracts.iter_mut().zip(&related.contracts) {
        row["received"] = json!(Payments::of(contract).received.to_string());
    }
    let days = || related.orders.iter().filter_map(|order| order.date("ordered_on"));
    json!({
        "leads": rows(crate::record::LEAD, &related.leads, "status,contact_name,product,acquired_on,owner"),
        "opportunities": rows(
            OPPORTUNITY,
            &related.opportunities,
            "name,stage,amount,currency,actual_amount,chance,weighted,expected_on,closed_on,owner",
        ),
        "contracts": contracts,
        "orders": {
            "count": related.orders.len(),
            "amount": amount(sum(&related.orders, |order| order.money("amount"), snapshot)),
            "first_on": days().min(),
            "last_on": days().max(),
        },
        "tickets": rows(
            crate::record::TICKET,
            &related.tickets,
            "status,kind,priority,content,raised_at,promise,promise_state,resolved_at,satisfaction,owner",
        ),
        "followups": followups,
        "followups_total": related.followups.len(),
    })
}
