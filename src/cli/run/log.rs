//! Shows the history of records.

use super::desk::{Delivery, Drawing, change_json, deliver, open};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::ops::log::{Bulk, Done, Entry, Event, Question, Step, log};
use crate::record::{Dictionary, Exit, Kind, Result, Words, grouped, many};
use crate::rules::listing::change_words;
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use serde_json::{Value as Json, json};

/// Fields of a new or removed record that are named; the rest is counted.
const SHOWN: usize = 6;

/// Does it.
pub fn run(question: &Question, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let events = log(&session, question)?;
    let teller =
        Teller { dictionary: &session.config.dictionary, names: context.wants_names(), one: is_of_one(question) };
    let lang = ui.lang;
    let all = || events.iter().map(|event| teller.json(event, lang)).collect::<Vec<_>>();
    let kind = question.kind.map(|kind| kind.name);
    let json = || json!({ "schema": "kehu.log", "version": 1, "kind": kind, "entries": all() });
    let drawing = Drawing::Sheet(teller.sheet(&events));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if events.is_empty() && !context.wants_json() {
        ui.note(&words!("no change fits", "没有符合条件的改动"));
    }
    Ok(Exit::Done)
}

/// Tells whether every line is about the same record, so that its number need not be repeated.
fn is_of_one(question: &Question) -> bool {
    question.record.is_some() && !question.followups
}

/// Puts the history into words.
struct Teller<'a> {
    dictionary: &'a Dictionary,
    /// Whether users are told by name.
    names: bool,
    one: bool,
}

impl Teller<'_> {
    /// Makes the table, a line for each field; that of one record does not repeat its number.
    fn sheet(&self, events: &[Event]) -> Sheet {
        let mut columns = vec![
            Column::of("at", "When", "时间", ColumnType::Moment),
            Column::text("author", "Who", "何人"),
            Column::text("what", "What", "内容").weighing(Weight::Main),
            Column::text("commit", "Commit", "提交"),
        ];
        if !self.one {
            columns.insert(2, Column::text("number", "Record", "记录"));
            let name = Column::text("name", "Name", "名称").weighing(Weight::Spare);
            columns.insert(3, name);
        }
        let mut sheet = Sheet::new("log", Words::default(), columns);
        sheet.rows = events.iter().flat_map(|event| self.rows(event)).collect();
        sheet.whole = true;
        sheet
    }

    fn rows(&self, event: &Event) -> Vec<Vec<Cell>> {
        let (done, number, title, lines) = match event {
            Event::One(entry) => (&entry.done, entry.number.as_str(), entry.title.as_str(), self.lines(entry)),
            Event::Many(bulk) => (&bulk.done, "", "", vec![bulk_words(bulk)]),
        };
        let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::text(text) };
        let row = |what: Words| {
            let mut row = vec![Cell::Moment(done.at), who(done, self.names)];
            if !self.one {
                row.extend([text(number), text(title)]);
            }
            row.extend([
                Cell::Label(what.en.to_string(), what),
                Cell::text(done.commit.chars().take(8).collect::<String>()),
            ]);
            row
        };
        lines.into_iter().map(row).collect()
    }

    /// Returns what an entry says, a line for each field; a new or removed record is one line.
    fn lines(&self, entry: &Entry) -> Vec<Words> {
        let told =
            |kind: Kind| entry.changes.iter().map(|change| change_words(kind, change, self.dictionary)).collect();
        let told: Vec<Words> = entry.kind.map(told).unwrap_or_default();
        if entry.step == Step::Changed && !told.is_empty() {
            return told;
        }
        let verb = match &entry.step {
            Step::Added => words!("added", "新建"),
            Step::Removed => words!("removed", "删除"),
            Step::RenumberedFrom(old) => words!("renumbered, was {old}", "改编号，原为 {old}"),
            Step::RenumberedTo(new) => words!("renumbered, now {new}", "改编号，现为 {new}"),
            Step::Unreadable => words!("cannot be read as a record from here on", "自此无法作为记录读取"),
            Step::Readable => words!("can be read again", "恢复可读"),
            Step::Changed if entry.kind.is_none() => words!("changed", "修改"),
            Step::Changed => words!("layout, comments or unknown keys", "排版、注释或未知字段"),
        };
        let is_told = matches!(entry.step, Step::Added | Step::RenumberedFrom(_) | Step::Readable);
        if !is_told || told.is_empty() {
            return vec![verb];
        }
        let rest = told.len().saturating_sub(SHOWN);
        let mut shown: Vec<Words> = told.into_iter().take(SHOWN).collect();
        if rest > 0 {
            shown.push(words!("{rest} more", "另有 {rest} 项"));
        }
        vec![Words::join([&verb, &Words::join(&shown, ", ", "，")], ": ", "：")]
    }

    fn json(&self, event: &Event, lang: crate::record::Lang) -> Json {
        let mut json = done_json(match event {
            Event::One(entry) => &entry.done,
            Event::Many(bulk) => &bulk.done,
        });
        match event {
            Event::One(entry) => self.entry_json(entry, lang, &mut json),
            Event::Many(bulk) => {
                let count = |(kind, step, count): &(Option<Kind>, Step, usize)| json!({ "kind": kind.map(|kind| kind.name), "step": step_name(step), "count": count });
                json["step"] = "bulk".into();
                json["text"] = bulk_words(bulk).get(lang).into();
                json["counts"] = bulk.counts.iter().map(count).collect();
            }
        }
        json
    }

    fn entry_json(&self, entry: &Entry, lang: crate::record::Lang, json: &mut Json) {
        let changes = entry.changes.iter().map(|change| {
            let mut one = change_json(change);
            let text = entry.kind.map(|kind| change_words(kind, change, self.dictionary));
            one["text"] = text.map_or(Json::Null, |text| text.get(lang).into());
            one
        });
        json["kind"] = entry.kind.map_or(Json::Null, |kind| kind.name.into());
        json["number"] = entry.number.as_str().into();
        json["title"] = entry.title.as_str().into();
        json["step"] = step_name(&entry.step).into();
        if let Step::RenumberedFrom(number) | Step::RenumberedTo(number) = &entry.step {
            json["other_number"] = number.as_str().into();
        }
        json["changes"] = changes.collect();
    }
}

/// Returns who made a commit, and in whose name where that was another's; by name, or as programs know users.
pub fn who(done: &Done, names: bool) -> Cell {
    let author = if names { done.author_name() } else { &done.author };
    match &done.on_behalf_of {
        None => Cell::text(author),
        Some(user) => {
            let user = if names { &user.name } else { &user.login };
            let both = words!("{author} for {user}", "{author}（代 {user}）");
            Cell::Label(both.en.to_string(), both)
        }
    }
}

fn step_name(step: &Step) -> &'static str {
    match step {
        Step::Added => "added",
        Step::Changed => "changed",
        Step::Removed => "removed",
        Step::RenumberedFrom(_) => "renumbered",
        Step::RenumberedTo(_) => "renumbered-away",
        Step::Unreadable => "unreadable",
        Step::Readable => "readable",
    }
}

/// Returns what is told of a commit with every line.
pub fn done_json(done: &Done) -> Json {
    json!({
        "commit": done.commit,
        "operation": done.operation,
        "at": done.at.to_rfc3339(),
        "author": done.author,
        "email": done.email,
        "user": done.user.as_ref().map(|user| &user.login),
        "on_behalf_of": done.on_behalf_of.as_ref().map(|user| &user.login),
        "subject": done.subject,
        "merge": done.is_merge,
    })
}

/// Says how many records became what: `9,000 leads created (lead: import 9000 (expo.xlsx))`.
fn bulk_words(bulk: &Bulk) -> Words {
    let parts: Vec<Words> = bulk.counts.iter().map(|(kind, step, count)| count_words(*kind, step, *count)).collect();
    let subject = &bulk.done.subject;
    let all = Words::join(&parts, ", ", "，");
    words!("{all} ({subject})", "{all}（{subject}）"; each all)
}

fn count_words(kind: Option<Kind>, step: &Step, count: usize) -> Words {
    let (en, zh) = kind.map_or(("file".to_string(), "文件"), |kind| (kind.label.en.to_lowercase(), kind.label.zh));
    let en = if count == 1 { en } else { many(&en) };
    let count = grouped(count);
    match step {
        Step::Added => words!("{count} {en} created", "新建{zh} {count} 条"),
        Step::Removed => words!("{count} {en} removed", "删除{zh} {count} 条"),
        _ => words!("{count} {en} changed", "修改{zh} {count} 条"),
    }
}
