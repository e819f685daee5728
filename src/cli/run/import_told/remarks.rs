//! Remarks on an import: how the file was read, a few rows of each kind of trouble, and what to do next.

use super::SHOWN;
use crate::cli::run::import_rows::{by_reason, one_by_one, rows_words};
use crate::cli::ui::Ui;
use crate::import::{Unmatched, heading_words};
use crate::ops::import::{Duplicate, Gain, Summary};
use crate::record::{LEAD, Words};
use crate::words;

/// Rejected rows that are shown before the rest is counted.
const REJECTED: usize = 10;

/// Says all there is to remark.
pub fn remarks(summary: &Summary, ui: &Ui) {
    about_columns(summary, ui);
    about_rows(summary, ui);
    about_duplicates(summary, ui);
    for new in &summary.new_keys {
        let (dictionary, key, label) = (new.dictionary, &new.key, &new.label);
        ui.note(&words!(
            "dictionary `{dictionary}` gained `{key}` ({label})",
            "字典 `{dictionary}` 新增 `{key}`（{label}）"
        ));
    }
}

/// Says how the file was read.
fn about_columns(summary: &Summary, ui: &Ui) {
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
}

/// Says which rows were passed over or rejected, and which of those that were taken want a look.
fn about_rows(summary: &Summary, ui: &Ui) {
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
    if summary.overdue > 0 {
        let count = summary.overdue;
        ui.note(&words!(
            "{count} new leads were acquired long ago and are overdue at once; `--set assigned_at=today` on import, or `kehu lead set \
             --where 'acquired_on < today-30d' assigned_at=today`, starts their clock anew; so does `kehu lead assign`",
            "{count} 条新线索获取已久，一导入即逾期；导入时加 `--set 分配时间=今天`，或用 `kehu lead set --where '获取日期 < today-30d' 分配时间=今天` \
             可从今天重新计时；`kehu lead assign` 分配时也会重新计时"
        ));
    }
    not_taken(summary, ui);
}

/// Says which rows have their record already, and what takes over what they say besides.
fn about_duplicates(summary: &Summary, ui: &Ui) {
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
    let told = columns.iter().map(|column| {
        let Words { en, zh } = heading_words(&column.header);
        match column.nearest {
            Some(field) => words!("`{en}` (nearest: {} `{}`)", "“{zh}”（最接近：{} `{}`）";
                field.label.get(ui.lang), field.key),
            None => words!("`{en}`", "“{zh}”"),
        }
    });
    let list = Words::join(&told.collect::<Vec<_>>(), ", ", "、");
    ui.warn(&words!(
        "columns that match no field are left out: {list}",
        "以下列没有对应字段，未导入：{list}"; each list
    ));
    ui.note(&words!(
        "`--keep-unknown` keeps such columns, `--map` says what they mean",
        "用 `--keep-unknown` 保留这些列，或用 `--map` 指定含义"
    ));
}

fn duplicate(one: &Duplicate) -> Words {
    let (number, key) = (one.row_number, &one.key);
    let other = match (&one.number, one.earlier_row) {
        (Some(number), _) => words!("`{number}`", " `{number}` "),
        (None, row) => words!("row {}", "第 {} 行"; row.unwrap_or_default()),
    };
    let same = words!(
        "row {number}: skipped, same {key} as {other}",
        "第 {number} 行：已跳过，{key}与{other}相同"; each key, other
    );
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

/// Says which rows name another owner or status than their record has, and what changes it.
fn not_taken(summary: &Summary, ui: &Ui) {
    let kind = summary.kind.name;
    if !summary.other_owner.is_empty() {
        let (count, Words { en, zh }) = (summary.other_owner.len(), rows_words(&summary.other_owner, ui));
        ui.warn(&words!(
            "{en}: {count} rows name another owner than their record has, who stays",
            "{zh}：共 {count} 行的负责人与记录不同，未更改负责人"
        ));
        ui.note(&match summary.kind == LEAD {
            true => words!(
                "`kehu lead assign LEAD --to LOGIN` changes the owner",
                "用 `kehu lead assign 线索 --to 登录名` 更改负责人"
            ),
            false => words!(
                "`kehu {kind} set NUM owner=LOGIN` changes the owner",
                "用 `kehu {kind} set 编号 负责人=登录名` 更改负责人"
            ),
        });
    }
    if !summary.other_status.is_empty() {
        let (count, Words { en, zh }) = (summary.other_status.len(), rows_words(&summary.other_status, ui));
        ui.warn(&words!(
            "{en}: {count} rows have a status that their lead has left behind or that `kehu lead convert` gives; it stays as it is",
            "{zh}：共 {count} 行的状态早于线索现有状态，或须由 `kehu lead convert` 得到，未更改状态"
        ));
    }
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
