//! Merges records, takes merges back, compares two.

use super::desk::{Delivery, Drawing, deliver, open, tell_outcome};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::DedupeRequest;
use crate::ops::Session;
use crate::ops::dedupe::{Merger, Pair, merge, pair, settle, sheet, unmerge};
use crate::record::{Exit, Result, Value, Words, plural};
use crate::rules::listing::value_json;
use crate::words;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &DedupeRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    match request {
        DedupeRequest::Merge(asked) => {
            let merger = merge(&session, asked)?;
            tell_merger(&merger, &session, context, ui)
        }
        DedupeRequest::Unmerge(text) => {
            let (operation, outcome) = unmerge(&session, text)?;
            if outcome.commit.is_some() {
                let what = Words::same(format!("{} ({})", operation.name, operation.commit.subject));
                ui.note(&Words::join([&words!("took back", "已撤销"), &what], " ", " "));
            }
            tell_outcome(&outcome, &session, context, ui)
        }
        DedupeRequest::Review([first, second]) => {
            let pair = pair(&session, [first, second])?;
            show(&pair, &session, context, ui)
        }
        DedupeRequest::Settle([first, second], verdict) => {
            let outcome = settle(&session, [first, second], verdict)?;
            tell_outcome(&outcome, &session, context, ui)
        }
    }
}

/// Says what gave way and what followed; prints what stays.
fn tell_merger(merger: &Merger, session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    if context.wants_json() || context.dry_run {
        return tell_outcome(&merger.outcome, session, context, ui);
    }
    merger.outcome.warnings.iter().for_each(|warning| ui.warn(warning));
    ui.print(merger.survivor.as_str())?;
    let gone: Vec<Words> = merger.gone.iter().map(|number| Words::same(number.as_str())).collect();
    let (survivor, gone) = (&merger.survivor, Words::join(&gone, ", ", "、"));
    ui.note(&words!("merged {gone} into {survivor}", "已将 {gone} 合并到 {survivor}"; each gone));
    let mut what: Vec<Words> = merger
        .followed
        .iter()
        .map(|(kind, count)| Words {
            en: plural(*count, &kind.label.en.to_lowercase()).into(),
            zh: format!("{count} 条{}", kind.label.zh).into(),
        })
        .collect();
    if merger.files > 0 {
        let (en, zh) = (plural(merger.files, "file"), format!("{} 个附件", merger.files));
        what.push(Words { en: en.into(), zh: zh.into() });
    }
    if !what.is_empty() {
        let what = Words::join(&what, ", ", "、");
        ui.note(&words!("followed: {what}", "随之转移：{what}"; each what));
    }
    let first = &merger.gone[0];
    ui.note(&words!("`kehu dedupe unmerge {first}` takes it back", "用 `kehu dedupe unmerge {first}` 撤销"));
    Ok(Exit::Done)
}

fn show(pair: &Pair, session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    let [first, second] = pair.records.each_ref().map(|record| record.number.as_str());
    let side = |value: &Option<Value>| value.as_ref().map_or(Json::Null, value_json);
    let all = || {
        let lines = pair.lines().into_iter();
        lines
            .map(|line| {
                let [a, b] = line.values.each_ref().map(side);
                json!({ "field": line.path, "first": a, "second": b, "same": line.values[0] == line.values[1] })
            })
            .collect::<Vec<_>>()
    };
    let json = || {
        json!({
            "schema": "kehu.dedupe-review",
            "version": 1,
            "first": first,
            "second": second,
            "distinct": pair.is_distinct,
            "referring": { "first": pair.referring[0], "second": pair.referring[1] },
            "merge": pair.command(),
            "fields": all(),
        })
    };
    let drawing = Drawing::Sheet(sheet(pair, session));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if context.wants_json() {
        return Ok(Exit::Done);
    }
    if pair.is_distinct {
        ui.note(&words!(
            "they were found not to be the same; `kehu dedupe review {first} {second} --undecided` takes that back",
            "已确认并非同一条；`kehu dedupe review {first} {second} --undecided` 可撤回"
        ));
        return Ok(Exit::Done);
    }
    let command = pair.command();
    ui.note(&words!(
        "the same: `{command}`; not the same: `kehu dedupe review {first} {second} --different`",
        "是同一条：`{command}`；并非同一条：`kehu dedupe review {first} {second} --different`"
    ));
    Ok(Exit::Done)
}
