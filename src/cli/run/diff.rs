//! Shows what differs.

use super::desk::{Delivery, Drawing, change_json, deliver, open};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::DiffRequest;
use crate::ops::diff::{Act, End, RecordDiff, diff, document, ends, name};
use crate::record::{Exit, Result};
use crate::words;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &DiffRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let (from, to) = ends(&session, &request.ends)?;
    let difference = diff(&session, &from, &to, &request.kinds)?;
    let differs = if difference.is_empty() || !request.exit_code { Exit::Done } else { Exit::Failed };
    if difference.is_empty() && context.wants_table() {
        ui.note(&words!("nothing differs", "没有差异"));
        return Ok(differs);
    }
    let records = || difference.records.iter().map(record_json).collect::<Vec<_>>();
    let file = |(path, act): &(String, Act)| json!({ "path": path, "act": name(act).0 });
    let files = || difference.files.iter().map(file).collect::<Vec<_>>();
    let commit = |end: &End| end.commit.map(|commit| commit.to_string());
    let json = || {
        let (from, to) = (commit(&from), commit(&to));
        let left_out = difference.left_out;
        json!({
            "schema": "kehu.diff", "version": 1, "from": from, "to": to, "left_out": left_out,
            "records": records(), "files": files(),
        })
    };
    let drawing = Drawing::Document(document(&session, &from, &to, &difference, request.limit));
    deliver(
        Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&records) },
        context,
        ui,
    )?;
    Ok(differs)
}

fn record_json(one: &RecordDiff) -> Json {
    let was = match &one.act {
        Act::Renumbered(old) => Some(old.as_str()),
        _ => None,
    };
    json!({
        "kind": one.kind.name,
        "number": one.number.as_str(),
        "was": was,
        "act": name(&one.act).0,
        "title": one.title,
        "changes": one.changes.iter().map(change_json).collect::<Vec<_>>(),
    })
}
