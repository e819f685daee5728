//! What becomes of some of the demo's leads: customers, opportunities, one of them won, a contract, follow-ups.
//!
//! Done by the operations of the program, as people would do it; so the demo shows their commits, too.

use crate::ops::Session;
use crate::ops::add::{JsonLine, NewRecord, OnDuplicate, add};
use crate::ops::attach::attach;
use crate::ops::contact::{self, OnNamesake};
use crate::ops::convert::{Conversion, Into, convert};
use crate::ops::deal::advance;
use crate::ops::import::{ImportOptions, Summary, import};
use crate::ops::set::{Chosen, set};
use crate::record::{Assignment, CONTACT, CONTRACT, CUSTOMER, FOLLOWUP, Field, OPPORTUNITY, Result, find_field};
use crate::rules::deal::Move;

/// The day of all this.
const DAY: &str = "2026-03-20";

/// The leads that are converted, in the order their customers and opportunities are numbered.
const CONVERTED: [&str; 4] = ["LEAD-2026-001", "LEAD-2026-004", "LEAD-2026-010", "LEAD-2026-037"];

/// Fields by their keys, with what is said of them.
type Told = &'static [(&'static str, &'static str)];

/// Who decides at the first customer, besides the contact its lead named.
const BOSS: [(&str, &str); 6] = [
    ("name", "示例总经理"),
    ("title", "总经理"),
    ("work_phone", "13800139001"),
    ("buying_role", "decision_maker"),
    ("influence", "5"),
    ("attitude", "1"),
];

/// What turns out of the contacts that leads named.
static CONTACTS: [(&str, &str, Told); 4] = [
    ("B2B-2026-001", "张经理", &[("buying_role", "influencer"), ("attitude", "2"), ("reports_to", "示例总经理")]),
    ("B2B-2026-002", "赵工", &[("buying_role", "decision_maker"), ("influence", "4"), ("attitude", "1")]),
    ("B2B-2026-003", "陈主任", &[("buying_role", "decision_maker"), ("influence", "3"), ("attitude", "-1")]),
    ("B2B-2026-004", "杨女士", &[("buying_role", "decision_maker"), ("influence", "4"), ("attitude", "1")]),
];

/// The files that take an opportunity a stage further: its number, the kind of the file, its name.
const FILES: [(&str, &str, &str); 3] = [
    ("OPP-2026-001", "quote", "报价单.txt"),
    ("OPP-2026-001", "contract_draft", "合同草案.txt"),
    ("OPP-2026-002", "quote", "报价单.txt"),
];

/// What is said of the opportunity that is won.
const WON: [(&str, &str); 6] = [
    ("closed_on", DAY),
    ("actual_amount", "248000"),
    ("contract_number", "CON-2026-001"),
    ("service_period", "2026年4月至2027年3月"),
    ("payment_terms", "预付三成，验收后付清"),
    ("customer_confirmed", "yes"),
];

/// What is said of its customer then.
const COOPERATION: [(&str, &str); 6] = [
    ("level", "high"),
    ("first_cooperation_on", "2026-03-18"),
    ("products", "智能升降桌"),
    ("contract_amount", "248000"),
    ("payment_cycle", "预付三成，验收后付清"),
    ("renewal_on", "2027-04-01"),
];

/// What was signed, a JSON object a line; a payment plan has no place in a table.
const CONTRACTS: &str = include_str!("../../../examples/contracts.jsonl");

/// What was said to the customers since.
const FOLLOWUPS: (&str, &[u8]) = ("customer-followups.csv", include_bytes!("../../../examples/customer-followups.csv"));

/// Does it; returns what the import of the follow-ups came to. On an earlier day none of it has taken place, and in
/// another year the leads have other numbers: then nothing is done.
pub fn make(session: &Session) -> Result<Option<Summary>> {
    let today = session.now.date_naive().to_string();
    if today.as_str() < DAY || today[..4] != DAY[..4] {
        return Ok(None);
    }
    for lead in CONVERTED {
        // Whenever the demo is made, it took place that day.
        let facts = assignments(CUSTOMER.fields, &[("acquired_on", DAY)]);
        let deal = assignments(OPPORTUNITY.fields, &[("opened_on", DAY)]);
        convert(
            session,
            &Conversion { lead: lead.to_string(), customer: Into::Found, facts, opportunity: Some(deal) },
        )?;
    }
    contact::add(session, "B2B-2026-001", &assignments(CONTACT, &BOSS), OnNamesake::Refuse)?;
    for (customer, name, told) in &CONTACTS {
        contact::set(session, customer, name, &assignments(CONTACT, told))?;
    }
    add(session, CONTRACT, contracts(), OnDuplicate::Keep)?;
    let (name, bytes) = FOLLOWUPS;
    let summary = import(session, FOLLOWUP, name, bytes, &ImportOptions::default(), &mut |_| Ok(()))?;
    for (number, kind, name) in FILES {
        attach(session, number, vec![(name.to_string(), format!("示例：{name}\n").into_bytes())], kind, false)?;
        advance(session, &[number.to_string()], Move::Advance, &[])?;
    }
    advance(session, &["OPP-2026-001".to_string()], Move::Win, &assignments(OPPORTUNITY.fields, &WON))?;
    let customer = Chosen::Numbers(vec!["B2B-2026-001".to_string()]);
    set(session, CUSTOMER, customer, &assignments(CUSTOMER.fields, &COOPERATION), None)?;
    Ok(Some(summary))
}

fn contracts() -> Vec<NewRecord> {
    let objects = CONTRACTS.lines().filter_map(|line| serde_json::from_str(line).ok());
    objects.enumerate().map(|(at, object)| NewRecord::Line(JsonLine { line: at + 1, object }, Vec::new())).collect()
}

fn assignments(fields: &'static [Field], told: &[(&str, &str)]) -> Vec<Assignment> {
    told.iter().filter_map(|(key, text)| Some(Assignment::set(find_field(fields, key)?, *text))).collect()
}
