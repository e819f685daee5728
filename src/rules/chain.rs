//! The decision chain (决策链) of a customer: who reports to whom, and what is not known of who decides.
//! DOMAIN: customer archive.
//!
//! A contact reports to the first other contact of the name it gives. Who names nobody, or nobody that is there, stands at
//! the top; of people who report to each other in a circle the first does.
//!
//! *Invariant:* every contact is in the tree once.

use super::Snapshot;
use super::cadence::is_open;
use crate::record::{LEAD, Record, Row};
use chrono::{DateTime, FixedOffset};

/// The role that a customer's chain cannot do without.
pub const DECIDER: &str = "decision_maker";

/// The roles a deal of any size wants to know, the most wanted first.
const WANTED: [&str; 4] = [DECIDER, "economic_buyer", "technical_buyer", "user"];

/// A contact's place in the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Link<'r> {
    /// Its place among the customer's contacts.
    pub at: usize,
    /// The contact.
    pub contact: &'r Row,
    /// The place of whom it reports to; none at the top.
    pub above: Option<usize>,
    /// Whether it is the last below that one.
    pub is_last: bool,
    /// How far below the top it stands.
    pub depth: usize,
}

/// Returns the contacts of a customer, each before those who report to it.
pub fn links(customer: &Record) -> Vec<Link<'_>> {
    let contacts = customer.rows("contacts");
    let above: Vec<Option<usize>> = (0..contacts.len()).map(|at| boss(contacts, at)).collect();
    let mut walk = Walk { contacts, above: &above, seen: vec![false; contacts.len()], links: Vec::new() };
    let tops = (0..contacts.len()).filter(|at| above[*at].is_none());
    for top in tops.chain(0..contacts.len()) {
        walk.enter(top, None, 0);
    }
    let Walk { mut links, .. } = walk;
    let mut known = std::collections::HashSet::new();
    for link in links.iter_mut().rev() {
        link.is_last = known.insert(link.above);
    }
    links
}

/// Returns the places of the contacts that report to themselves in the end.
pub fn circular(customer: &Record) -> Vec<usize> {
    let contacts = customer.rows("contacts");
    let comes_back = |at: &usize| {
        let above = std::iter::successors(boss(contacts, *at), |above| boss(contacts, *above));
        above.take(contacts.len()).any(|above| above == *at)
    };
    (0..contacts.len()).filter(comes_back).collect()
}

/// Returns whom a contact reports to.
fn boss(contacts: &[Row], at: usize) -> Option<usize> {
    let name = contacts[at].text("reports_to").map(str::trim).filter(|name| !name.is_empty())?;
    (0..contacts.len()).find(|other| *other != at && contacts[*other].text("name").map(str::trim) == Some(name))
}

struct Walk<'r, 'a> {
    contacts: &'r [Row],
    above: &'a [Option<usize>],
    seen: Vec<bool>,
    links: Vec<Link<'r>>,
}

impl Walk<'_, '_> {
    fn enter(&mut self, at: usize, above: Option<usize>, depth: usize) {
        if std::mem::replace(&mut self.seen[at], true) {
            return;
        }
        self.links.push(Link { at, contact: &self.contacts[at], above, is_last: false, depth });
        for below in (0..self.contacts.len()).filter(|below| self.above[*below] == Some(at)) {
            self.enter(below, Some(at), depth + 1);
        }
    }
}

/// What is known of who decides at a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decider {
    /// No contact is known to.
    Unknown,
    /// One is, and no follow-up was with any who does.
    Untouched,
    /// A follow-up was with one who does.
    Touched,
}

/// Returns what is known of who decides at a customer.
pub fn decider(customer: &Record, snapshot: &Snapshot) -> Decider {
    let mut deciders = customer.rows("contacts").iter().filter(|contact| contact.text("buying_role") == Some(DECIDER));
    match deciders.clone().next() {
        None => Decider::Unknown,
        Some(_) if deciders.any(|contact| last_met(customer, contact, snapshot).is_some()) => Decider::Touched,
        Some(_) => Decider::Untouched,
    }
}

/// Returns the roles a chain wants that no contact of a customer has, the most wanted first.
pub fn missing_roles(customer: &Record) -> Vec<&'static str> {
    let has = |role: &&str| customer.rows("contacts").iter().any(|contact| contact.text("buying_role") == Some(role));
    WANTED.into_iter().filter(|role| !has(role)).collect()
}

/// Returns the moment of the last follow-up with a contact, up to the snapshot's.
pub fn last_met(customer: &Record, contact: &Row, snapshot: &Snapshot) -> Option<DateTime<FixedOffset>> {
    let name = contact.text("name").map(str::trim)?;
    let with = snapshot.touches(customer).into_iter().filter(|one| met(one, snapshot) == Some(name));
    with.filter_map(|one| one.moment("at")).filter(|at| *at <= snapshot.as_of.moment).max()
}

/// Returns whom a follow-up was with: whom it names, else the one contact of the lead it is about.
fn met<'s>(followup: &'s Record, snapshot: &'s Snapshot) -> Option<&'s str> {
    let of_lead = || {
        let lead = snapshot.find(followup.text("subject")?).filter(|subject| subject.kind == LEAD)?;
        lead.text("contact_name")
    };
    followup.text("contact").or_else(of_lead).map(str::trim)
}

/// Returns the names of the people whom a record knows: contacts, the contact of a lead or ticket, who decides.
pub fn people(record: &Record) -> impl Iterator<Item = &str> {
    let named = ["contact_name", "decision_maker", "contact"].into_iter().filter_map(|key| record.text(key));
    let contacts = record.rows("contacts").iter().filter_map(|contact| contact.text("name"));
    named.chain(contacts).map(str::trim).filter(|name| !name.is_empty())
}

/// Tells whether a follow-up confirms who decides about a lead: it reached the one who is said to, and the lead, which is
/// open, does not say so yet.
pub fn confirms(followup: &Record, lead: &Record) -> bool {
    let Some(decider) = lead.text("decision_maker").map(str::trim).filter(|name| !name.is_empty()) else {
        return false;
    };
    let met = followup.text("contact").or(lead.text("contact_name")).map(str::trim);
    let is_reached = met == Some(decider) && followup.text("outcome") != Some("no_answer");
    is_reached && is_open(lead) && lead.text("decision_chain") != Some("confirmed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CONTACT, CUSTOMER, FOLLOWUP, Number, Value};
    use proptest::prelude::*;

    fn customer(contacts: &[(&str, Option<&str>)]) -> Record {
        let row = |(name, boss): &(&str, Option<&str>)| {
            let mut row = Row::new(CONTACT);
            row.set("name", Value::text(*name));
            boss.map(|boss| row.set("reports_to", Value::text(boss)));
            row
        };
        let mut customer = Record::new(CUSTOMER, Number::parse("B2B-2026-001").unwrap());
        customer.set("contacts", Value::Rows(contacts.iter().map(row).collect()));
        customer
    }

    fn told(customer: &Record) -> Vec<String> {
        let one = |link: &Link<'_>| {
            let mark = if link.is_last { "`" } else { "|" };
            format!("{}{mark}{}", " ".repeat(link.depth), link.contact.text("name").unwrap_or_default())
        };
        links(customer).iter().map(one).collect()
    }

    #[test]
    fn whoever_reached_the_one_who_decides_confirms_it() {
        let record = |kind, number: &str, fields: &[(&str, &str)]| {
            let mut record = Record::new(kind, Number::parse(number).unwrap());
            fields.iter().for_each(|(key, text)| drop(record.set(key, Value::text(*text))));
            record
        };
        let lead = |more: &[(&str, &str)]| {
            let fields = [("contact_name", "王先生"), ("decision_maker", "李女士"), ("status", "working")];
            record(LEAD, "LEAD-2026-001", &[&fields, more].concat())
        };
        let with = |fields: &[(&str, &str)]| record(FOLLOWUP, "20260312T093000-abcd", fields);
        let him = lead(&[("decision_maker", " 王先生 ")]);
        for (followup, lead, wanted) in [
            (with(&[]), lead(&[]), false),
            (with(&[("contact", "李女士")]), lead(&[]), true),
            (with(&[]), him.clone(), true),
            (with(&[("outcome", "no_answer")]), him.clone(), false),
            (with(&[("outcome", "negative")]), him, true),
            (with(&[("contact", "李女士")]), lead(&[("decision_chain", "vague")]), true),
            (with(&[("contact", "李女士")]), lead(&[("decision_chain", "confirmed")]), false),
            (with(&[("contact", "李女士")]), lead(&[("status", "converted")]), false),
            (with(&[("contact", "李女士")]), lead(&[("decision_maker", " ")]), false),
        ] {
            assert_eq!(confirms(&followup, &lead), wanted, "{followup:?} {lead:?}");
        }
    }

    #[test]
    fn who_reports_stands_below() {
        let chain = customer(&[("c", Some("b")), ("a", None), ("b", Some(" a ")), ("d", Some("a")), ("e", Some("x"))]);
        assert_eq!(told(&chain), ["|a", " |b", "  `c", " `d", "`e"]);
    }

    #[test]
    fn a_circle_begins_with_its_first() {
        let circle = customer(&[("top", None), ("a", Some("c")), ("b", Some("a")), ("c", Some("b")), ("s", Some("s"))]);
        assert_eq!(told(&circle), ["|top", "|s", "`a", " `b", "  `c"]);
        assert_eq!(circular(&circle), [1, 2, 3]);
        assert!(circular(&customer(&[("a", Some("b")), ("b", Some("c")), ("c", None)])).is_empty());
    }

    #[test]
    fn roles_that_nobody_has() {
        let mut chain = customer(&[("a", None), ("b", None)]);
        assert_eq!(missing_roles(&chain), WANTED);
        let mut contacts = chain.rows("contacts").to_vec();
        contacts[0].set("buying_role", Value::text("user"));
        contacts[1].set("buying_role", Value::text(DECIDER));
        chain.set("contacts", Value::Rows(contacts));
        assert_eq!(missing_roles(&chain), ["economic_buyer", "technical_buyer"]);
    }

    proptest! {
        #[test]
        fn every_contact_is_there_once(bosses in prop::collection::vec(prop::option::of(0usize..12), 0..12)) {
            let names: Vec<String> = (0..bosses.len()).map(|at| format!("p{}", at % 9)).collect();
            let all: Vec<String> = (0..12).map(|at| format!("p{at}")).collect();
            let contacts: Vec<(&str, Option<&str>)> =
                names.iter().zip(&bosses).map(|(name, boss)| (&**name, boss.map(|boss| &*all[boss]))).collect();
            let chain = customer(&contacts);
            let links = links(&chain);
            let mut places: Vec<usize> = links.iter().map(|link| link.at).collect();
            for (nth, link) in links.iter().enumerate() {
                let above = link.above.map(|above| links[..nth].iter().find(|other| other.at == above).unwrap().depth + 1);
                prop_assert_eq!(link.depth, above.unwrap_or(0));
            }
            places.sort();
            prop_assert_eq!(places, (0..bosses.len()).collect::<Vec<_>>());
        }
    }
}
