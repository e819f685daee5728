//! What an import came to, in words and as JSON.
//!
//! Talk is short: how the file was read, a few rows of each kind of trouble and which more there are,
//! and what to do next; `-v` tells all rows. The rows themselves are in the file of rejected rows.

use super::desk::change_json;
use super::import_rows::{by_reason, one_by_one, rows_words};
use crate::cli::ui::Ui;
use crate::import::{Unmatched, heading_words};
use crate::ops::batch::{Action, Touched};
use crate::ops::import::{Duplicate, Gain, Summary};
use crate::record::input::shorten;
use crate::record::{Dictionary, Lang, Result, Words};
use crate::rules::listing::change_words;
use crate::words;
use serde_json::{Value as Json, json};
use std::path::Path;

/// Rejected rows that are shown before the rest is counted.
const REJECTED: usize = 10;
/// Lines of any other kind of remark that are shown.
const SHOWN: usize = 5;
/// Fields of a changed record that are told.
const FIELDS: usize = 4;
/// Records that a dry run lists.
const LISTED: usize = 20;

/// Says what an import came to: counts on stdout, remarks on stderr.
pub fn tell(summary: &Summary, dictionary: &Dictionary, dry_run: bool, ui: &Ui) -> Result<()> {
    remarks(summary, ui);
    if dry_run {
        list(summary, dictionary, ui)?;
    } else {
        let all = updated(summary).map(|one| update(one, dictionary));
        let count = updated(summary).count();
        all.take(SHOWN).for_each(|line| ui.note(&line));
        if count > SHOWN {
            ui.note(&words!("and {} more changed records", "另有 {} 条记录有变化"; count - SHOWN));
        }
    }
    let (file, created, updated) = (&summary.file, summary.created.len(), summary.updated);
    let (unchanged, duplicates, rejected) = (summary.unchanged, summary.duplicates.len(), summary.rejected.len());
    let mut line = words!(
        "{file}: {created} created, {updated} updated, {unchanged} unchanged, {duplicates} duplicates, {rejected} rejected",
        "{file}：新建 {created}，更新 {updated}，未变 {unchanged}，重复 {duplicates}，拒绝 {rejected}"
    );
    if !summary.skipped.is_empty() {
        let skipped = summary.skipped.len();
        line = Words::join([&line, &words!("{skipped} skipped", "跳过 {skipped}")], ", ", "，");
    }
    if dry_run {
        let nothing = words!("nothing was written (`--dry-run`)", "未写入任何内容（`--dry-run`）");
        line = Words::join([&line, &nothing], "; ", "；");
    }
    ui.print_words(&line)
}

/// Says where the rejected rows went and what to do with them.
pub fn tell_rejects(summary: &Summary, path: Option<&Path>, ui: &Ui) {
    let Some(path) = path.map(Path::display) else { return };
    let count = summary.rejected.len();
    ui.insist(&words!(
        "{count} rejected rows with their reasons: `{path}`; mend them there and import that file",
        "被拒绝的 {count} 行及原因已写入 `{path}`，在其中改好后导入该文件即可"
    ));
}

/// Lists on stdout what a dry run would write.
fn list(summary: &Summary, dictionary: &Dictionary, ui: &Ui) -> Result<()> {
    let created = summary.created.iter().zip(&summary.titles).map(|(number, title)| {
        let title = title.lines().next().unwrap_or_default();
        words!("create {number}: {title}", "新建 {number}：{title}")
    });
    for line in updated(summary).map(|one| update(one, dictionary)).chain(created).take(LISTED) {
        ui.print_words(&line)?;
    }
    match summary.touched.len().saturating_sub(LISTED) {
        0 => Ok(()),
        more => ui.print_words(&words!("and {more} more", "另有 {more} 条")),
    }
}

fn updated(summary: &Summary) -> impl Iterator<Item = &Touched> {
    summary.touched.iter().filter(|one| one.action == Action::Updated)
}

/// Returns what changed of a record, field by field from what to what.
fn update(one: &Touched, dictionary: &Dictionary) -> Words {
    let short = |words: Words| Words { en: shorten(&words.en).into(), zh: shorten(&words.zh).into() };
    let all = one.changes.iter().map(|change| short(change_words(one.kind, change, dictionary)));
    let mut fields: Vec<Words> = all.take(FIELDS).collect();
    if let Some(more @ 1..) = one.changes.len().checked_sub(FIELDS) {
        fields.push(words!("and {more} more", "另有 {more} 项"));
    }
    let (number, fields) = (&one.number, Words::join(&fields, "; ", "；"));
    Words {
        en: format!("update {number}: {}", fields.en).into(), zh: format!("更新 {number}：{}", fields.zh).into()
    }
}

/// Returns the published form of the records that changed.
fn updated_json(one: &Touched) -> Json {
    json!({ "number": one.number.as_str(), "fields": one.changes.iter().map(change_json).collect::<Vec<_>>() })
}

fn remarks(summary: &Summary, ui: &Ui) {
    summary.notes.iter().for_each(|note| ui.note(note));
    if summary.rows == 0 {
        ui.note(&words!("there are headers but no rows", "只有表头，没有数据行"));
    }
    for one in &summary.units {
        let (Words { en, zh }, unit) = (heading_words(&one.column), one.unit);
        ui.note(&words!(
            "numbers without a unit under `{en}` are read in {unit}",
            "“{zh}”下未写单位的数字按“{unit}”读入"
        ));
    }
    unmatched(&summary.unmatched, ui);
    by_reason(&summary.skipped, SHOWN, Ui::note, ui);
    by_reason(&summary.rejected, REJECTED, Ui::reject, ui);
    lacking(summary, ui);
    if summary.keepable > 0 {
        let count = summary.keepable;
        ui.note(&words!(
            "`--on-invalid keep` takes {count} of the rejected rows, with values that cannot be read kept as custom fields",
            "用 `--on-invalid keep` 可照常导入被拒绝行中的 {count} 行，读不懂的值存为自定义字段"
        ));
    }
    by_reason(&summary.warnings, SHOWN, Ui::warn, ui);
    without_next(&summary.without_next, ui);
    one_by_one(summary.duplicates.iter().map(|one| (one.row_number, duplicate(one))), SHOWN, Ui::warn, ui);
    if summary.duplicates.iter().any(|one| one.gain != Gain::default()) && summary.contacts_left_out == 0 {
        ui.note(&words!(
            "`--on-duplicate update` takes these values into the records that are there",
            "用 `--on-duplicate update` 可将这些内容并入已有记录"
        ));
    }
    if summary.contacts_left_out > 0 {
        let count = summary.contacts_left_out;
        ui.note(&words!(
            "{count} of these rows name further contacts; `--on-duplicate update` adds them to their customers",
            "其中 {count} 行是同一客户的其他联系人，用 `--on-duplicate update` 可一并加入"
        ));
    }
    for new in &summary.new_keys {
        let (dictionary, key, label) = (new.dictionary, &new.key, &new.label);
        ui.note(&words!(
            "dictionary `{dictionary}` gained `{key}` ({label})",
            "字典 `{dictionary}` 新增 `{key}`（{label}）"
        ));
    }
}

/// Says which required fields no row has, once for all rows, and what sets them.
fn lacking(summary: &Summary, ui: &Ui) {
    for field in summary.lacking.iter().filter(|_| !summary.rejected.is_empty()) {
        let (en, zh, key) = (field.label.en, field.label.zh, field.key);
        ui.note(&words!(
            "no row has {en}: no column of it was recognised, or it is blank; `--set {key}=…` sets it for all rows",
            "所有行都没有“{zh}”：未识别出该列，或整列为空；可用 `--set {zh}=…` 为所有行设定"
        ));
    }
}

fn unmatched(columns: &[Unmatched], ui: &Ui) {
    if columns.is_empty() {
        return;
    }
    let told: Vec<Words> = columns
        .iter()
        .map(|column| {
            let Words { en, zh } = heading_words(&column.header);
            match column.nearest {
                Some(field) => words!("`{en}` (nearest: {} `{}`)", "“{zh}”（最接近：{} `{}`）";
                    field.label.get(ui.lang), field.key),
                None => words!("`{en}`", "“{zh}”"),
            }
        })
        .collect();
    let list = Words::join(&told, ", ", "、");
    ui.warn(&Words {
        en: format!("columns that match no field are left out: {}", list.en).into(),
        zh: format!("以下列没有对应字段，未导入：{}", list.zh).into(),
    });
    ui.note(&words!(
        "`--keep-unknown` keeps such columns, `--map` says what they mean",
        "用 `--keep-unknown` 保留这些列，或用 `--map` 指定含义"
    ));
}

fn duplicate(one: &Duplicate) -> Words {
    let number = one.row_number;
    let other = match (&one.number, one.earlier_row) {
        (Some(number), _) => words!("`{number}`", " `{number}` "),
        (None, row) => words!("row {}", "第 {} 行"; row.unwrap_or_default()),
    };
    let same = Words {
        en: format!("row {number}: skipped, same {} as {}", one.key.en, other.en).into(),
        zh: format!("第 {number} 行：已跳过，{}与{}相同", one.key.zh, other.zh).into(),
    };
    let Gain { lacking, other } = one.gain;
    let left = match (lacking, other) {
        (0, 0) => return same,
        (_, 0) => words!("the record lacks {lacking} of its values", "其中 {lacking} 项该记录没有"),
        (0, _) => words!("the record differs in {other} of its values", "其中 {other} 项与该记录不同"),
        _ => words!(
            "the record lacks {lacking} of its values and differs in {other}",
            "其中 {lacking} 项该记录没有，{other} 项不同"
        ),
    };
    Words::join([&same, &left], "; ", "；")
}

/// Says which rows are the last follow-up of an open subject and promise nothing, once for the file.
fn without_next(rows: &[usize], ui: &Ui) {
    if rows.is_empty() {
        return;
    }
    let Words { en, zh } = rows_words(rows, ui);
    ui.warn(&words!(
        "{en}: the last follow-up of an open subject names no next action with its date",
        "{zh}：对象未结，最近一次跟进缺少下一步行动和下次跟进日期"
    ));
    ui.note(&words!(
        "fill `next_action` and `next_on`, or say in `no_next` why there is none; `kehu check` lists such follow-ups",
        "请补填下一步行动（next_action）和下次跟进日期（next_on），或在 no_next 说明原因；`kehu check` 会列出这些跟进"
    ));
}

/// Returns the published form of what an import came to, `kehu.import` version 1.
pub fn summary_json(summary: &Summary, rejects: Option<&Path>, dry_run: bool, lang: Lang) -> Json {
    let rows = |all: &[(usize, Words)]| -> Vec<Json> {
        all.iter().map(|(row, why)| json!({ "row": row, "reason": why.get(lang) })).collect()
    };
    let duplicates: Vec<Json> = summary
        .duplicates
        .iter()
        .map(|one| {
            json!({
                "row": one.row_number,
                "number": one.number.as_ref().map(|number| number.as_str()),
                "earlier_row": one.earlier_row,
                "key": one.key.get(lang),
                "lacking": one.gain.lacking,
                "differing": one.gain.other,
            })
        })
        .collect();
    let units: Vec<Json> =
        summary.units.iter().map(|one| json!({ "column": one.column, "field": one.field, "unit": one.unit })).collect();
    json!({
        "schema": "kehu.import",
        "version": 1,
        "kind": summary.kind.name,
        "file": summary.file,
        "sha256": summary.sha256,
        "dry_run": dry_run,
        "rows": summary.rows,
        "created": summary.created.len(),
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "duplicates": summary.duplicates.len(),
        "rejected": summary.rejected.len(),
        "skipped": summary.skipped.len(),
        "commit": summary.commit,
        "rejects_file": rejects.map(|path| path.display().to_string()),
        "unmatched_columns": summary.unmatched.iter().map(|column| column.header.as_str()).collect::<Vec<_>>(),
        "units": units,
        "updated_records": updated(summary).map(updated_json).collect::<Vec<_>>(),
        "rejected_rows": rows(&summary.rejected),
        "duplicate_rows": duplicates,
        "rows_without_next": summary.without_next,
        "skipped_rows": rows(&summary.skipped),
        "warnings": rows(&summary.warnings),
        "notes": summary.notes.iter().map(|note| note.get(lang)).collect::<Vec<_>>(),
    })
}
