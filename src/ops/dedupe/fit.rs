//! What must not be merged as it is.

use super::super::Session;
use super::super::undo::back_from_conversion;
use super::itself;
use crate::record::{CONFLICTS, Exit, Failure, Number, Record, Result, Words};
use crate::rules::dedupe::are_distinct;
use crate::rules::dedupe::merge::{Take, What, has};
use crate::rules::listing::field_words;
use crate::words;

/// Refuses records that are not to be one, with exit code 5: one twice, conflicts that are open, records noted as not the
/// same, a converted lead that would go into one that is not or is with another customer, credit codes that differ.
pub(super) fn refuse_unfit(session: &Session, survivor: &Record, others: &[Record], takes: &[Take]) -> Result<()> {
    let all: Vec<&Record> = std::iter::once(survivor).chain(others).collect();
    for (at, record) in all.iter().enumerate() {
        let number = &record.number;
        if all[..at].iter().any(|other| other.number == *number) {
            return Err(itself(number));
        }
        if !record.rows(CONFLICTS).is_empty() {
            return Err(Failure::conflict(words!("`{number}` has open conflicts", "`{number}` 有待处理的冲突"))
                .hint(words!("`kehu conflicts {number}` lists them", "用 `kehu conflicts {number}` 查看")));
        }
        if let Some(other) = all[..at].iter().find(|other| are_distinct(other, record)) {
            return Err(distinct(&other.number, number));
        }
    }
    others.iter().try_for_each(|other| refuse_conversion(session, survivor, other))?;
    refuse_codes(&all, takes)?;
    takes.iter().try_for_each(|take| refuse_take(&all, take))
}

fn distinct(a: &Number, b: &Number) -> Failure {
    Failure::conflict(words!("`{a}` and `{b}` were found not to be the same", "`{a}` 与 `{b}` 已确认不是同一条")).hint(
        words!(
            "`kehu dedupe review {a} {b} --undecided` takes that back",
            "`kehu dedupe review {a} {b} --undecided` 可撤回该确认"
        ),
    )
}

/// Refuses to lose what a lead became.
fn refuse_conversion(session: &Session, survivor: &Record, other: &Record) -> Result<()> {
    let is_converted = |lead: &Record| lead.text("status") == Some("converted") || lead.text("converted_to").is_some();
    if !is_converted(other) {
        return Ok(());
    }
    let (stays, goes) = (&survivor.number, &other.number);
    if !is_converted(survivor) {
        let became = other.text("converted_to").unwrap_or("–");
        return Err(Failure::conflict(words!(
            "`{goes}` was converted to `{became}`, and `{stays}` was not: an open lead cannot take that over",
            "`{goes}` 已转化为 `{became}`，而 `{stays}` 尚未转化，不能并入"
        ))
        .hint(words!(
            "`kehu dedupe merge {goes} {stays}` lets the converted one stay",
            "用 `kehu dedupe merge {goes} {stays}` 保留已转化的一条"
        ))
        .hint(back_from_conversion(session, goes)));
    }
    match [survivor, other].map(|lead| lead.text("converted_to")) {
        [ours, theirs] if ours == theirs => Ok(()),
        [ours, theirs] => {
            let [ours, theirs] = [ours, theirs].map(|customer| customer.unwrap_or("–").to_string());
            Err(Failure::conflict(words!(
                "`{stays}` became `{ours}` and `{goes}` became `{theirs}`",
                "`{stays}` 已转化为 `{ours}`，`{goes}` 已转化为 `{theirs}`"
            ))
            .hint(words!(
                "merge the customers first: `kehu dedupe merge {ours} {theirs}`",
                "请先合并客户：`kehu dedupe merge {ours} {theirs}`"
            )))
        }
    }
}

/// Refuses credit codes that differ, unless it is said which is right.
fn refuse_codes(all: &[&Record], takes: &[Take]) -> Result<()> {
    let is_code = |take: &Take| matches!(take.what, What::Field(field) if field.key == "credit_code");
    let mut codes: Vec<(&str, &Number)> = Vec::new();
    for record in all {
        let code =
            record.text("credit_code").map(str::trim).filter(|code| codes.iter().all(|(known, _)| known != code));
        codes.extend(code.map(|code| (code, &record.number)));
    }
    if codes.len() < 2 || takes.iter().any(is_code) {
        return Ok(());
    }
    let told: Vec<Words> = codes.iter().map(|(code, number)| words!("{number} {code}", "{number} {code}")).collect();
    let told = Words::join(&told, ", ", "、");
    let number = &all[0].number;
    Err(Failure::conflict(words!("their credit codes differ: {told}", "统一社会信用代码不同：{told}"; each told)).hint(
        words!(
            "two codes are two companies; if one is wrong, `--take {number}.credit_code` says which is right",
            "代码不同通常是两家公司；若有一个有误，用 `--take {number}.credit_code` 指明正确的一个"
        ),
    ))
}

/// Refuses to take what is not there.
fn refuse_take(all: &[&Record], take: &Take) -> Result<()> {
    let number = &take.from;
    if all.iter().any(|record| record.number == *number && has(record, &take.what)) {
        return Ok(());
    }
    let key = take.what.path();
    let label = all.first().map(|record| field_words(record.kind, &key)).unwrap_or_default();
    Err(Failure::new(
        Exit::Invalid,
        words!("`{number}` has no {label} to take", "`{number}` 没有“{label}”可取"; each label),
    )
    .hint(words!("leave `--take {number}.{key}` out", "请去掉 `--take {number}.{key}`")))
}
