//! The page of a difference: how much of what, what many changes have in common, then record by record.

use super::super::Session;
use super::{Act, Difference, End, RecordDiff};
use crate::record::{FieldChange, KINDS, Kind, Label, Value, Words};
use crate::rules::listing::{change_words, field_words, value_words_at};
use crate::sheet::{Cell, Column, ColumnType, Document, Fact, Sheet, Weight};
use crate::words;
use std::collections::HashMap;

/// How many records of a kind are shown one by one unless told otherwise.
pub const DEFAULT_LIMIT: usize = 50;

/// From how many records on what they have in common is told.
const MANY: usize = 3;

/// How much is told of what records have in common, of each kind.
const PATTERNS: usize = 8;

/// The fields by which new records are counted.
const COUNTED: [&str; 3] = ["source", "owner", "status"];

/// Fields of a new or removed record that are named; the rest is counted.
const NAMED: usize = 6;

/// Makes the page; at most `limit` records of a kind are shown one by one, 0 for all.
pub fn document(session: &Session, from: &End, to: &End, difference: &Difference, limit: usize) -> Document {
    let title = Words::join([&from.name, &to.name], " → ", " → ");
    let mut sheets = vec![summary(difference)];
    let commons = commons(session, difference);
    sheets.extend((!commons.rows.is_empty()).then_some(commons));
    let shown = KINDS.into_iter().map(|kind| of_kind(session, kind, difference, limit));
    sheets.extend(shown.filter(|sheet| !sheet.rows.is_empty()));
    let files = files(difference);
    sheets.extend((!files.rows.is_empty()).then_some(files));
    let ends = [("from", "From", "从", from), ("to", "To", "到", to)];
    let ends = ends.into_iter().map(|(key, en, zh, end)| Fact::new(key, Label::new(en, zh), told(end)));
    let left_out =
        Fact::new("left_out", Label::new("Not yours to read", "无权查看的记录"), Cell::count(difference.left_out));
    let facts = ends.chain((difference.left_out > 0).then_some(left_out)).collect();
    Document { name: "diff".into(), title, facts, sheets, definition: Vec::new() }
}

/// Says which commit an end is.
fn told(end: &End) -> Cell {
    let Words { en, zh } = &end.name;
    match end.commit {
        None => Cell::Label("work-tree".into(), end.name.clone()),
        Some(commit) if commit.to_string().starts_with(&**en) => Cell::text(commit.to_string()),
        Some(commit) => Cell::Label(commit.to_string(), words!("{en} ({commit})", "{zh}（{commit}）")),
    }
}

/// Counts what became of the records of each kind.
fn summary(difference: &Difference) -> Sheet {
    let columns = vec![
        Column::text("kind", "Kind", "类型"),
        Column::of("added", "New", "新建", ColumnType::Integer),
        Column::of("changed", "Changed", "修改", ColumnType::Integer),
        Column::of("renumbered", "Renumbered", "改号", ColumnType::Integer),
        Column::of("removed", "Removed", "删除", ColumnType::Integer),
    ];
    let mut sheet = Sheet::new("summary", words!("Summary", "概要"), columns);
    let row = |key: &str, label: Words, acts: &[&Act]| {
        let count = |fits: fn(&Act) -> bool| Cell::count(acts.iter().filter(|act| fits(act)).count());
        vec![
            Cell::Label(key.to_string(), label),
            count(|act| *act == Act::Added),
            count(|act| *act == Act::Changed),
            count(|act| matches!(act, Act::Renumbered(_))),
            count(|act| *act == Act::Removed),
        ]
    };
    for kind in KINDS {
        let acts: Vec<&Act> = of(difference, kind).map(|one| &one.act).collect();
        if !acts.is_empty() {
            sheet.rows.push(row(kind.name, kind.label.into(), &acts));
        }
    }
    let acts: Vec<&Act> = difference.files.iter().map(|(_, act)| act).collect();
    if !acts.is_empty() {
        sheet.rows.push(row("file", words!("Other files", "其他文件"), &acts));
    }
    sheet
}

fn of(difference: &Difference, kind: Kind) -> impl Iterator<Item = &RecordDiff> {
    difference.records.iter().filter(move |one| one.kind == kind)
}

/// Tells what many records have in common: the same change of a field, and of new ones where they come from.
fn commons(session: &Session, difference: &Difference) -> Sheet {
    let columns = vec![
        Column::text("kind", "Kind", "类型"),
        Column::of("records", "Records", "记录数", ColumnType::Integer),
        Column::text("what", "In common", "共同点"),
    ];
    let mut sheet = Sheet::new("in_common", words!("In common", "共同点"), columns);
    for kind in KINDS {
        let mut counts: HashMap<String, (usize, Words)> = HashMap::new();
        for one in of(difference, kind) {
            for words in alike(session, one) {
                counts.entry(words.en.to_string()).or_insert((0, words)).0 += 1;
            }
        }
        let mut all: Vec<(usize, Words)> = counts.into_values().filter(|(count, _)| *count >= MANY).collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.en.cmp(&b.1.en)));
        sheet.rows.extend(all.into_iter().take(PATTERNS).map(|(count, words)| {
            let label = Cell::Label(kind.name.to_string(), kind.label.into());
            vec![label, Cell::count(count), Cell::Label(words.en.to_string(), words)]
        }));
    }
    sheet
}

/// Returns what others may have in common with a record's difference.
fn alike(session: &Session, one: &RecordDiff) -> Vec<Words> {
    let dictionary = &session.config.dictionary;
    let is_told = |change: &&FieldChange| match one.act {
        Act::Added => COUNTED.contains(&change.path.as_str()),
        Act::Changed => true,
        _ => false,
    };
    let said = |change: &FieldChange| {
        let Words { en, zh } = change_words(one.kind, change, dictionary);
        match one.act {
            Act::Added => words!("new, {en}", "新建，{zh}"),
            _ => Words { en, zh },
        }
    };
    one.changes.iter().filter(is_told).map(said).collect()
}

/// Shows the records of a kind, a line for each field that changed.
fn of_kind(session: &Session, kind: Kind, difference: &Difference, limit: usize) -> Sheet {
    let columns = vec![
        Column::text("number", "Record", "记录").weighing(Weight::Main),
        Column::text("title", "Name", "名称"),
        Column::text("field", "Field", "字段"),
        Column::text("old", "Before", "之前"),
        Column::text("new", "After", "之后"),
    ];
    let mut sheet = Sheet::new(kind.folder, kind.label.into(), columns);
    let all: Vec<&RecordDiff> = of(difference, kind).collect();
    let limit = if limit == 0 { all.len() } else { limit };
    sheet.rows = all.iter().take(limit).flat_map(|one| rows(session, one)).collect();
    let more = all.len().saturating_sub(limit);
    if more > 0 {
        sheet.notes.push(words!(
            "{more} more records are not shown; `--limit 0` shows all",
            "另有 {more} 条记录未显示；`--limit 0` 显示全部"
        ));
    }
    sheet
}

fn rows(session: &Session, one: &RecordDiff) -> Vec<Vec<Cell>> {
    let head = |at: usize| match at {
        0 => [Cell::text(one.number.as_str()), Cell::text(one.title.as_str())],
        _ => [Cell::Empty, Cell::Empty],
    };
    let line = |at: usize, what: Words, old: Cell, new: Cell| {
        let [number, title] = head(at);
        vec![number, title, Cell::Label(what.en.to_string(), what), old, new]
    };
    let value = |change: &FieldChange, value: &Option<Value>| {
        value.as_ref().map_or(Cell::Empty, |value| {
            let words = value_words_at(one.kind, &change.path, value, &session.config.dictionary);
            Cell::Label(words.en.to_string(), words)
        })
    };
    let whole = |act: Words, old: Cell, new: Cell| vec![line(0, act, old, new)];
    match &one.act {
        Act::Added => whole(words!("(new)", "（新建）"), Cell::Empty, named(session, one)),
        Act::Removed => whole(words!("(removed)", "（删除）"), named(session, one), Cell::Empty),
        Act::Renumbered(old) if one.changes.is_empty() => {
            whole(words!("(number)", "（编号）"), Cell::text(old.as_str()), Cell::text(one.number.as_str()))
        }
        _ if one.changes.is_empty() => {
            whole(words!("(layout, comments or unknown keys)", "（排版、注释或未知字段）"), Cell::Empty, Cell::Empty)
        }
        act => {
            let mut lines = match act {
                Act::Renumbered(old) => {
                    whole(words!("(number)", "（编号）"), Cell::text(old.as_str()), Cell::text(one.number.as_str()))
                }
                _ => Vec::new(),
            };
            for change in &one.changes {
                let what = field_words(one.kind, &change.path);
                lines.push(line(lines.len(), what, value(change, &change.old), value(change, &change.new)));
            }
            lines
        }
    }
}

/// Names what a record that came or went says, its first fields.
fn named(session: &Session, one: &RecordDiff) -> Cell {
    let dictionary = &session.config.dictionary;
    let told = one.changes.iter().map(|change| {
        let (value, FieldChange { path, .. }) = (change.new.clone().or_else(|| change.old.clone()), change);
        change_words(one.kind, &FieldChange { path: path.clone(), old: None, new: value }, dictionary)
    });
    let rest = one.changes.len().saturating_sub(NAMED);
    let mut parts: Vec<Words> = told.take(NAMED).collect();
    if rest > 0 {
        parts.push(words!("{rest} more", "另有 {rest} 项"));
    }
    let words = Words::join(&parts, ", ", "，");
    Cell::Label(words.en.to_string(), words)
}

/// Lists other files.
fn files(difference: &Difference) -> Sheet {
    let columns = vec![Column::text("path", "File", "文件"), Column::text("act", "What", "变化")];
    let mut sheet = Sheet::new("files", words!("Other files", "其他文件"), columns);
    let row = |(path, act): &(String, Act)| {
        let (key, words) = name(act);
        vec![Cell::text(path.as_str()), Cell::Label(key.to_string(), words)]
    };
    sheet.rows = difference.files.iter().map(row).collect();
    sheet
}

/// Returns the key and the word of what became of a record or a file.
pub fn name(act: &Act) -> (&'static str, Words) {
    match act {
        Act::Added => ("added", words!("new", "新建")),
        Act::Removed => ("removed", words!("removed", "删除")),
        Act::Changed => ("changed", words!("changed", "修改")),
        Act::Renumbered(_) => ("renumbered", words!("renumbered", "改号")),
    }
}
