//! Who refers to records that are to go.

use super::Session;
use super::undo::back_from_conversion;
use crate::record::{Failure, KINDS, Kind, LEAD, Number, OPPORTUNITY, Record, Result, Words};
use crate::rules::listing::field_words;
use crate::rules::references::references;
use crate::words;
use std::collections::HashSet;

/// Records of these kinds and numbers.
pub type Gone = HashSet<(Kind, String)>;

/// A reference to a record that goes, in one that stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referring {
    /// The record that stays.
    pub by: Number,
    /// The field that refers.
    pub field: Words,
    /// The record that goes.
    pub to: String,
    /// The lead whose conversion made the reference, if one did.
    pub converted: Option<Number>,
}

impl Referring {
    /// Says it in a sentence.
    pub fn words(&self) -> Words {
        let Referring { by, field: Words { en, zh }, to, .. } = self;
        words!("`{by}` refers to `{to}` in {en}", "`{by}` 的“{zh}”引用了 `{to}`")
    }

    /// Makes a failure of exit code 5 of it.
    pub fn refusal(&self, session: &Session) -> Failure {
        let by = &self.by;
        let failure = Failure::conflict(self.words());
        let Some(lead) = &self.converted else {
            return failure.hint(words!("change or remove `{by}` first", "请先修改或删除 `{by}`"));
        };
        let failure = failure.hint(back_from_conversion(session, lead));
        match lead == by {
            true => failure.hint(words!(
                "or `kehu lead set {by} status=working converted_to=` keeps the lead by itself",
                "或用 `kehu lead set {by} 状态=跟进中 转化为客户=` 单独保留该线索"
            )),
            false => failure.hint(words!(
                "or `kehu opportunity set {by} lead=` lets go of the lead",
                "或用 `kehu opportunity set {by} 来源线索=` 解除关联"
            )),
        }
    }
}

/// Returns the references to records that go, of those that stay; `changed` are records as they will be then.
pub fn referring(session: &Session, gone: &Gone, changed: &[Record]) -> Result<Vec<Referring>> {
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let key = |record: &Record| (record.kind, record.number.to_string());
    let known: HashSet<(Kind, String)> = changed.iter().map(key).collect();
    // Also those that are not the acting person's to read: a reference must not lead nowhere.
    let snapshot = session.whole(&KINDS)?;
    let all = KINDS.iter().flat_map(|kind| snapshot.records(*kind));
    let stays = all.filter(|record| !gone.contains(&key(record)) && !known.contains(&key(record)));
    Ok(stays.chain(changed).flat_map(|record| references_to(record, gone)).collect())
}

fn references_to(record: &Record, gone: &Gone) -> Vec<Referring> {
    let found = references(&record.row).into_iter();
    let leads_there =
        |number: &str, kinds: &[Kind]| kinds.iter().any(|kind| gone.contains(&(*kind, number.to_string())));
    found
        .filter(|one| leads_there(one.number, &one.kinds))
        .map(|one| Referring {
            converted: match (record.kind, &*one.path) {
                (kind, "converted_to") if kind == LEAD => Some(record.number.clone()),
                (kind, "lead") if kind == OPPORTUNITY => Number::parse(one.number),
                _ => None,
            },
            by: record.number.clone(),
            field: field_words(record.kind, &one.path),
            to: one.number.to_string(),
        })
        .collect()
}
