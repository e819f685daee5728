//! Shows records with all their fields.

use super::desk::{Delivery, Drawing, deliver, open};
use crate::cli::context::Context;
use crate::cli::noun::show::ShowRequest;
use crate::cli::ui::Ui;
use crate::ops::show::{card, name_users};
use crate::record::{Exit, Result};
use crate::rules::listing::record_json;
use crate::sheet::Document;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &ShowRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let mut document = Document::default();
    let mut records: Vec<Json> = Vec::new();
    for number in &request.numbers {
        let snapshot = session.around(request.kind, number)?;
        let Some(record) = snapshot.records(request.kind).first() else { continue };
        let mut sheets = card(record, &snapshot);
        if let Some(fields) = sheets.first_mut().filter(|_| context.wants_names()) {
            name_users(fields, record, &snapshot);
        }
        document.sheets.extend(sheets);
        records.push(json!({
            "schema": "kehu.record",
            "version": 1,
            "kind": request.kind.name,
            "record": record_json(record, &snapshot, ui.lang),
        }));
    }
    let json = || match records.as_slice() {
        [one] => one.clone(),
        many => Json::Array(many.to_vec()),
    };
    let lines = || records.clone();
    let drawing = Drawing::Document(document);
    let delivery = Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&lines) };
    deliver(delivery, context, ui)?;
    Ok(Exit::Done)
}
