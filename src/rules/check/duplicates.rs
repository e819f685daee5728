//! The check for records that share an exact key.

use super::Found;
use crate::record::{CONTRACT, CUSTOMER, Kind, LEAD, ORDER, Problem, Record, TICKET, Words};
use crate::rules::Snapshot;
use crate::rules::cadence::is_open;
use crate::rules::dedupe::{DedupeKey, KeyKind, are_distinct, exact_keys};
use crate::words;
use std::collections::{BTreeMap, HashMap};

/// What is known by a number of its own elsewhere: an order, a contract, a ticket.
const NUMBERED: [Kind; 3] = [ORDER, CONTRACT, TICKET];

/// Reports leads and customers that share a key, and orders, contracts and tickets of one outside number, one problem for each record and the other it names.
///
/// It warns and fails nothing: `--on-duplicate keep` is a right answer, two offices under one number are real,
/// and what somebody decided must not stop every commit for ever.
/// A lead that is converted or disqualified has been dealt with and is nobody's duplicate, and two that were found not to be
/// the same are none. Of more than
/// two that share a key, all name the first and the first names the second, so that the work and the
/// output grow with the records and not with their pairs.
pub(super) fn duplicates(snapshot: &Snapshot, found: &mut Vec<Found>) {
    let leads = snapshot.records(LEAD).iter().filter(|lead| is_open(lead));
    let mut sharing: HashMap<(Option<&str>, DedupeKey), Vec<&Record>> = HashMap::new();
    let numbered = NUMBERED.iter().flat_map(|kind| snapshot.records(*kind));
    for record in snapshot.records(CUSTOMER).iter().chain(leads).chain(numbered) {
        for key in exact_keys(record) {
            let kind = NUMBERED.contains(&record.kind).then_some(record.kind.name);
            sharing.entry((kind, key)).or_default().push(record);
        }
    }
    let mut pairs: BTreeMap<(&str, &str), (&Record, &Record, Vec<KeyKind>)> = BTreeMap::new();
    for ((_, key), records) in sharing {
        for record in &records {
            let is_other = |other: &&&Record| !std::ptr::eq(**other, *record) && !are_distinct(other, record);
            let Some(other) = records.iter().find(is_other) else { continue };
            let pair = pairs.entry((record.number.as_str(), other.number.as_str()));
            pair.or_insert_with(|| (record, other, Vec::new())).2.push(key.kind);
        }
    }
    for (record, other, kinds) in pairs.into_values() {
        found.push((record.kind, record.number.clone(), problem(record, other, kinds)));
    }
}

fn problem(record: &Record, other: &Record, mut kinds: Vec<KeyKind>) -> Problem {
    kinds.sort();
    kinds.dedup();
    let names: Vec<Words> = kinds.iter().map(|kind| name(*kind)).collect();
    let names = Words::join(&names, " and ", "和");
    let (number, title) = (&other.number, other.title());
    let message = words!(
        "has the same {names} as `{number}` ({title})",
        "与 `{number}`（{title}）的{names}相同"; each names
    );
    let mend = if NUMBERED.contains(&record.kind) {
        let (kind, one) = (record.kind.name, &record.number);
        words!(
            "if both are one, remove one: `kehu {kind} rm {one}`",
            "若为同一单据，请删除一条：`kehu {kind} rm {one}`"
        )
    } else {
        let own = &record.number;
        words!(
            "`kehu dedupe review {own} {number}` shows both, and makes one of them or notes that they are two",
            "用 `kehu dedupe review {own} {number}` 对比两者，并合并或注明并非同一条"
        )
    };
    Problem::warning("duplicate", kinds.first().map_or("", |kind| field(record, *kind)), message).mend(mend)
}

fn name(kind: KeyKind) -> Words {
    match kind {
        KeyKind::CreditCode => words!("credit code", "统一社会信用代码"),
        KeyKind::Phone => words!("phone", "电话"),
        KeyKind::Email => words!("e-mail", "邮箱"),
        KeyKind::NameRegion => words!("company and region", "公司名称和地区"),
        KeyKind::Identity => words!("outside number or content", "外部编号或内容"),
    }
}

/// Returns the field a key of a record came from.
fn field(record: &Record, kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::CreditCode => "credit_code",
        KeyKind::Phone | KeyKind::Email if record.kind == CUSTOMER => "contacts",
        KeyKind::Phone => "phone",
        KeyKind::Email => "email",
        KeyKind::Identity if NUMBERED.contains(&record.kind) => "external_number",
        KeyKind::NameRegion | KeyKind::Identity => record.kind.title,
    }
}
