//! What an import came to, in words and as JSON.
//!
//! Talk is short: how the file was read, a few rows of each kind of trouble and which more there are,
//! and what to do next; `-v` tells all rows. The rows themselves are in the file of rejected rows.

mod json;
mod remarks;

pub use self::json::summary_json;

use self::remarks::remarks;
use crate::cli::ui::Ui;
use crate::ops::batch::{Action, Touched};
use crate::ops::import::Summary;
use crate::record::input::shorten;
use crate::record::{Dictionary, Result, Words, plural};
use crate::rules::listing::change_words;
use crate::words;
use std::path::Path;

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
    ui.print_words(&counts(summary, dry_run))
}

/// Returns how many rows came to what, in one line; where several make one record, how many records.
fn counts(summary: &Summary, dry_run: bool) -> Words {
    let (file, rows) = (Words::same(&*summary.file), summary.rows_as_records());
    let (created, updated, unchanged) = (rows.created, rows.updated, rows.unchanged);
    let (duplicates, rejected) = (rows.duplicates, rows.rejected);
    let counts = words!(
        "{created} created, {updated} updated, {unchanged} unchanged, {duplicates} duplicates, {rejected} rejected",
        "新建 {created}，更新 {updated}，未变 {unchanged}，重复 {duplicates}，拒绝 {rejected}"
    );
    let of = summary.gathered.map(|all| {
        let (records, rows, label) = (all.records(), all.rows, summary.kind.label);
        let (en, zh) = (plural(records, &label.en.to_lowercase()), label.zh);
        words!("{en} in {rows} rows", "{rows} 行共 {records} 个{zh}")
    });
    let mut line = Words::join([Some(file), of, Some(counts)].iter().flatten(), ": ", "：");
    if !summary.skipped.is_empty() {
        let skipped = match (summary.gathered, summary.skipped.len()) {
            (Some(_), skipped) => {
                let rows = plural(skipped, "row");
                words!("{rows} skipped", "跳过 {skipped} 行")
            }
            (None, skipped) => words!("{skipped} skipped", "跳过 {skipped}"),
        };
        line = Words::join([&line, &skipped], ", ", "，");
    }
    if dry_run {
        let nothing = words!("nothing was written (`--dry-run`)", "未写入任何内容（`--dry-run`）");
        line = Words::join([&line, &nothing], "; ", "；");
    }
    line
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
    words!("update {number}: {fields}", "更新 {number}：{fields}"; each fields)
}
