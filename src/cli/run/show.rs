//! Shows records with all their fields.

use super::desk::{Delivery, Drawing, deliver, open};
use crate::cli::context::Context;
use crate::cli::noun::show::ShowRequest;
use crate::cli::ui::Ui;
use crate::ops::show::{card, name_users, record_json};
use crate::record::{Exit, Result};
use crate::sheet::Document;
use serde_json::Value as Json;

/// Does it.
pub fn run(request: &ShowRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let mut document = Document::default();
    let mut records: Vec<Json> = Vec::new();
    for text in &request.numbers {
        let number = session.number_of(request.kind, text)?;
        let snapshot = session.around(request.kind, number.as_str())?;
        let same_kind = snapshot.records(request.kind);
        let Some(record) = same_kind.iter().find(|record| record.number == number) else { continue };
        if context.wants_json() {
            records.push(record_json(record, &snapshot, ui.lang));
            continue;
        }
        let mut sheets = card(record, &snapshot);
        if context.wants_names() {
            name_users(&mut sheets, &snapshot);
        }
        document.sheets.extend(sheets);
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
