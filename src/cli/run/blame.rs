//! Shows who gave the fields of a record their values.

use super::desk::{Delivery, Drawing, deliver, open};
use super::log::{done_json, who};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::BlameRequest;
use crate::ops::blame::{Blame, Item, Origin, blame};
use crate::record::{Dictionary, Exit, Result, Words};
use crate::rules::listing::{field_words, value_json, value_words};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &BlameRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let blamed = blame(&session, request.kind, &request.record)?;
    let dictionary = &session.config.dictionary;
    let lang = ui.lang;
    let one = |(item, origin): &(Item, Origin)| {
        let mut json = match origin {
            Origin::Commit(done) => done_json(done),
            Origin::Before(commit) => json!({ "commit": null, "before": commit }),
            Origin::Nowhere => json!({ "commit": null }),
        };
        json["field"] = item.path.as_str().into();
        json["value"] = value_json(&item.value);
        json["text"] = value_words(item.field, &item.value, dictionary).get(lang).into();
        json
    };
    let all = || blamed.values.iter().map(one).collect::<Vec<Json>>();
    let record = &blamed.record;
    let (kind, number) = (record.kind.name, record.number.as_str());
    let json = || json!({ "schema": "kehu.blame", "version": 1, "kind": kind, "number": number, "values": all() });
    let drawing = Drawing::Sheet(sheet(&blamed, dictionary, context.wants_names()));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    Ok(Exit::Done)
}

fn sheet(blamed: &Blame, dictionary: &Dictionary, names: bool) -> Sheet {
    let columns = vec![
        Column::text("field", "Field", "字段"),
        Column::text("value", "Value", "值").weighing(Weight::Main),
        Column::of("at", "When", "时间", ColumnType::Moment),
        Column::text("author", "Who", "何人"),
        Column::text("subject", "Operation", "操作").weighing(Weight::Spare),
        Column::text("commit", "Commit", "提交"),
    ];
    let mut sheet = Sheet::new("blame", Words::default(), columns);
    sheet.whole = true;
    let label = |text: Words| Cell::Label(text.en.to_string(), text);
    for (item, origin) in &blamed.values {
        let field = field_words(blamed.record.kind, &item.path);
        let mut row =
            vec![Cell::Label(item.path.clone(), field), label(value_words(item.field, &item.value, dictionary))];
        let short = |commit: &str| Cell::text(commit.chars().take(8).collect::<String>());
        row.extend(match origin {
            Origin::Nowhere => [Cell::Empty, Cell::Empty, label(words!("not committed yet", "尚未提交")), Cell::Empty],
            Origin::Before(commit) => {
                let words = words!("there before the history begins", "早于现有历史");
                [Cell::Empty, Cell::Empty, label(words), short(commit)]
            }
            Origin::Commit(done) => {
                [Cell::Moment(done.at), who(done, names), Cell::text(&done.subject), short(&done.commit)]
            }
        });
        sheet.rows.push(row);
    }
    sheet
}
