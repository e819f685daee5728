//! A sync as a table and as JSON.

use crate::ops::sync::{Act, Brought, FileStep, MetRecord, Synced, Taken};
use crate::record::{Dictionary, Kind, Label, Number, Value, WHOLE, Words};
use crate::rules::listing::{field_words, value_words_at};
use crate::sheet::{Cell, Column, Sheet};
use crate::store::LostReference;
use crate::store::merge::FieldConflict;
use crate::words;
use serde_json::{Value as Json, json};

/// So many new records of a kind are named one by one; more are counted.
const NAMED: usize = 20;

/// Makes the table: first what wants a look, then what was merged, what came and what went.
pub fn sheet(brought: &Brought, went: &[FileStep], dictionary: &Dictionary) -> Sheet {
    let columns = vec![
        Column::text("change", "Change", "变化"),
        Column::text("record", "Record", "记录"),
        Column::text("what", "What", "内容"),
    ];
    let mut sheet = Sheet::new("sync", Words::default(), columns);
    let moved = brought.moved.iter().map(|one| {
        let (old, new) = (&one.old, &one.new);
        row("moved", Label::new("renumbered", "改号"), new.as_str(), words!("was {old}", "原为 {old}"))
    });
    sheet.rows.extend(moved);
    sheet.rows.extend(brought.met.iter().flat_map(|one| torn(one, dictionary)));
    let lost = brought.lost.iter().map(|one| {
        let LostReference { kind, number, field, target, .. } = one;
        let Words { en, zh } = field_words(*kind, field);
        let what = words!("{en} names {target}, which was removed", "“{zh}”引用的 {target} 已被删除");
        row("reference", Label::new("reference", "引用"), number.as_str(), what)
    });
    sheet.rows.extend(lost);
    let merged = brought.met.iter().map(|one| row("merged", Label::new("merged", "合并"), &named(one), fields(one)));
    sheet.rows.extend(merged);
    sheet.rows.extend(steps("came", Label::new("came", "获取"), &brought.came));
    sheet.rows.extend(steps("went", Label::new("went", "推送"), went));
    sheet
}

/// Returns what got another number, a line each: the old one and the new one.
pub fn moved_lines(brought: &Brought) -> String {
    brought.moved.iter().map(|one| format!("{} {}\n", one.old, one.new)).collect()
}

fn row(key: &str, change: Label, record: &str, what: Words) -> Vec<Cell> {
    vec![Cell::Label(key.into(), change.into()), Cell::text(record), Cell::Label(what.en.to_string(), what)]
}

/// Returns the rows of what a person has to decide.
fn torn(one: &MetRecord, dictionary: &Dictionary) -> Vec<Vec<Cell>> {
    let label = Label::new("conflict", "冲突");
    let record = named(one);
    let told = one.conflicts.iter().map(|conflict| row("conflict", label, &record, values(one, conflict, dictionary)));
    let mut rows: Vec<Vec<Cell>> = told.collect();
    if let Some(beside) = &one.beside {
        let what = words!("theirs stays; ours is `{beside}`", "保留对方内容；我方内容存为 `{beside}`");
        rows.push(row("conflict", label, &record, what));
    }
    rows
}

fn values(one: &MetRecord, conflict: &FieldConflict, dictionary: &Dictionary) -> Words {
    if conflict.field == WHOLE {
        return words!("removed on one side, changed on the other", "一方删除，另一方修改");
    }
    let shown = |value: &Option<String>| match (value, &one.record) {
        (Some(value), Some((kind, _))) => value_words_at(*kind, &conflict.field, &Value::text(&**value), dictionary),
        (Some(value), None) => Words::same(value.clone()),
        (None, _) => words!("nothing", "无"),
    };
    let (field, ours, theirs) = (called(one, &conflict.field), shown(&conflict.ours), shown(&conflict.theirs));
    words!("{field}: ours {ours}, theirs {theirs}", "{field}：我方 {ours}，对方 {theirs}"; each field, ours, theirs)
}

/// Returns which fields of a record each side changed.
fn fields(one: &MetRecord) -> Words {
    if one.ours.is_empty() && one.theirs.is_empty() {
        return words!("both changed it", "双方均有修改");
    }
    let all = |fields: &[String]| {
        let fields: Vec<Words> = fields.iter().map(|field| called(one, field)).collect();
        Words::join(&fields, ", ", "、")
    };
    let (ours, theirs) = (all(&one.ours), all(&one.theirs));
    words!("ours {ours}; theirs {theirs}", "我方 {ours}；对方 {theirs}"; each ours, theirs)
}

/// Returns what people call a field.
fn called(one: &MetRecord, field: &str) -> Words {
    match &one.record {
        Some((kind, _)) => field_words(*kind, field),
        None => Words::same(field.to_string()),
    }
}

fn named(one: &MetRecord) -> String {
    one.record.as_ref().map_or_else(|| one.path.clone(), |(_, number)| number.to_string())
}

/// Returns the rows of files that came or went; of many of a kind one row.
fn steps(key: &str, change: Label, steps: &[FileStep]) -> Vec<Vec<Cell>> {
    let mut sorted: Vec<&FileStep> = steps.iter().collect();
    let group = |step: &FileStep| (step.record.as_ref().map_or("", |(kind, _)| kind.folder), step.act);
    sorted.sort_by_key(|step| group(step));
    let mut rows = Vec::new();
    for same in sorted.chunk_by(|a, b| group(a) == group(b)) {
        let Label { en, zh } = act(same[0].act);
        match &same[0].record {
            Some((kind, _)) if same.len() > NAMED => {
                let (count, label) = (same.len(), kind.label);
                let (noun, noun_zh) = (label.en.to_lowercase(), label.zh);
                let what = words!("{count} {en} ({noun})", "{count} 条{noun_zh}：{zh}");
                rows.push(row(key, change, "", what));
            }
            _ => rows.extend(same.iter().map(|step| {
                let number = step.record.as_ref().map(|(_, number)| number.as_str());
                row(key, change, number.unwrap_or(&step.path), Label::new(en, zh).into())
            })),
        }
    }
    rows
}

fn act(act: Act) -> Label {
    match act {
        Act::Added => Label::new("new", "新建"),
        Act::Changed => Label::new("changed", "修改"),
        Act::Removed => Label::new("removed", "删除"),
    }
}

/// Returns the published form of a sync, `kehu.sync` version 1.
pub fn sync_json(synced: &Synced) -> Json {
    let mut json = json!({
        "schema": "kehu.sync",
        "version": 1,
        "remote": synced.remote.name,
        "branch": synced.remote.branch,
        "dry_run": synced.dry_run,
        "pushed": synced.is_pushed,
        "commit": synced.head.map(|head| head.to_string()),
        "commits": {"came": synced.commits_in, "went": synced.commits_out},
        "went": synced.went.iter().map(step_json).collect::<Vec<_>>(),
    });
    brought_json(&synced.brought, &mut json);
    json
}

/// Returns the published form of a branch that was taken in, `kehu.merge` version 1.
pub fn merge_json(taken: &Taken, branch: &str, dry_run: bool) -> Json {
    let mut json = json!({
        "schema": "kehu.merge",
        "version": 1,
        "branch": branch,
        "dry_run": dry_run,
        "commit": taken.commit.map(|commit| commit.to_string()),
        "commits": taken.commits,
    });
    brought_json(&taken.brought, &mut json);
    json
}

fn brought_json(brought: &Brought, json: &mut Json) {
    let moved = brought.moved.iter();
    let moved = moved.map(|one| json!({"kind": one.kind.name, "old": one.old.as_str(), "new": one.new.as_str()}));
    let lost = brought.lost.iter().map(
        |one| json!({"kind": one.kind.name, "number": one.number.as_str(), "field": one.field, "target": one.target}),
    );
    json["moved"] = moved.collect();
    json["merged"] = brought.met.iter().map(met_json).collect();
    json["lost_references"] = lost.collect();
    json["came"] = brought.came.iter().map(step_json).collect();
}

fn met_json(one: &MetRecord) -> Json {
    let conflicts = one.conflicts.iter().map(|conflict| {
        let FieldConflict { field, base, ours, theirs } = conflict;
        json!({"field": field, "base": base, "ours": ours, "theirs": theirs})
    });
    let mut json = place_json(&one.path, one.record.as_ref());
    json["ours"] = json!(one.ours);
    json["theirs"] = json!(one.theirs);
    json["conflicts"] = conflicts.collect();
    json["beside"] = json!(one.beside);
    json
}

fn step_json(step: &FileStep) -> Json {
    let mut json = place_json(&step.path, step.record.as_ref());
    json["act"] = json!(match step.act {
        Act::Added => "added",
        Act::Changed => "changed",
        Act::Removed => "removed",
    });
    json
}

fn place_json(path: &str, record: Option<&(Kind, Number)>) -> Json {
    let (kind, number) = record.map(|(kind, number)| (kind.name, number.as_str())).unzip();
    json!({"path": path, "kind": kind, "number": number})
}
