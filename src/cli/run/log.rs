//! Shows the history of records.

use super::desk::{Delivery, Drawing, change_json, deliver, open};
use crate::cli::context::Context;
use crate::cli::noun::log::LogRequest;
use crate::cli::ui::Ui;
use crate::ops::log::{Entry, Step, log};
use crate::record::{Exit, FieldChange, Label, Result, Words};
use crate::rules::listing::change_words;
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use serde_json::{Value as Json, json};

/// Fields of a new or removed record that are named; the rest is counted.
const SHOWN: usize = 6;

/// Does it.
pub fn run(request: &LogRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let number = request.number.as_deref();
    let entries = log(&session, request.kind, number, request.limit)?;
    let dictionary = &session.config.dictionary;
    let words = |change: &FieldChange| change_words(request.kind, change, dictionary);
    let lang = ui.lang;
    let all = || {
        entries.iter().map(|entry| entry_json(entry, |change| words(change).get(lang).to_string())).collect::<Vec<_>>()
    };
    let json = || json!({ "schema": "kehu.log", "version": 1, "kind": request.kind.name, "entries": all() });
    let drawing = Drawing::Sheet(sheet(&entries, number, words));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    Ok(Exit::Done)
}

/// Makes the table, a line for each field; that of one record does not repeat its number.
fn sheet(entries: &[Entry], one: Option<&str>, text: impl Fn(&FieldChange) -> Words) -> Sheet {
    let column = |key, en, zh, ty| Column::new(key, Label::new(en, zh), ty);
    let mut columns = vec![
        column("at", "When", "时间", ColumnType::Moment),
        column("author", "Who", "何人", ColumnType::Text),
        column("what", "What", "内容", ColumnType::Text),
        column("commit", "Commit", "提交", ColumnType::Text),
    ];
    if one.is_none() {
        columns.insert(2, column("number", "Record", "记录", ColumnType::Text));
    }
    let mut sheet = Sheet::new("log", Words::default(), columns);
    for entry in entries {
        for what in lines(entry, &text) {
            let mut row = vec![
                Cell::Moment(entry.at),
                who(entry),
                Cell::Label(what.en.to_string(), what),
                Cell::text(entry.commit.chars().take(8).collect::<String>()),
            ];
            if one.is_none() {
                row.insert(2, Cell::text(entry.number.as_str()));
            }
            sheet.rows.push(row);
        }
    }
    sheet
}

/// Returns who made a commit, and in whose name where that was another's.
fn who(entry: &Entry) -> Cell {
    let author = &entry.author;
    match &entry.on_behalf_of {
        None => Cell::text(author),
        Some(login) => {
            let both = words!("{author} for {login}", "{author}（代 {login}）");
            Cell::Label(both.en.to_string(), both)
        }
    }
}

/// Returns what an entry says, a line for each field; a new or removed record is one line.
fn lines(entry: &Entry, text: &impl Fn(&FieldChange) -> Words) -> Vec<Words> {
    let told: Vec<Words> = entry.changes.iter().map(text).collect();
    if entry.step == Step::Changed && !told.is_empty() {
        return told;
    }
    let verb = match entry.step {
        Step::Added => words!("added", "新建"),
        Step::Removed => words!("removed", "删除"),
        Step::Changed => words!("layout, comments or unknown keys", "排版、注释或未知字段"),
    };
    if entry.step != Step::Added || told.is_empty() {
        return vec![verb];
    }
    let rest = told.len().saturating_sub(SHOWN);
    let mut shown: Vec<Words> = told.into_iter().take(SHOWN).collect();
    if rest > 0 {
        shown.push(words!("{rest} more", "另有 {rest} 项"));
    }
    vec![Words::join([&verb, &Words::join(&shown, ", ", "，")], ": ", "：")]
}

fn entry_json(entry: &Entry, text: impl Fn(&FieldChange) -> String) -> Json {
    let changes = entry.changes.iter().map(|change| {
        let mut one = change_json(change);
        one["text"] = text(change).into();
        one
    });
    json!({
        "number": entry.number.as_str(),
        "commit": entry.commit,
        "at": entry.at.to_rfc3339(),
        "author": entry.author,
        "email": entry.email,
        "on_behalf_of": entry.on_behalf_of,
        "subject": entry.subject,
        "step": match entry.step { Step::Added => "added", Step::Changed => "changed", Step::Removed => "removed" },
        "changes": changes.collect::<Vec<_>>(),
    })
}
