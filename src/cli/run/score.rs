//! Scores leads and says why.

use super::desk::{Delivery, Drawing, deliver, open, tell_findings};
use super::set::chosen;
use crate::cli::context::Context;
use crate::cli::noun::score::ScoreRequest;
use crate::cli::ui::Ui;
use crate::ops::score::{dimensions, list, scored};
use crate::ops::set::Chosen;
use crate::record::{Exit, Result};
use crate::rules::listing::record_json;
use crate::sheet::Document;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &ScoreRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let wanted = match chosen(&session, crate::record::LEAD, &request.selection)? {
        Chosen::Numbers(numbers) if numbers.is_empty() => None,
        chosen => Some(chosen),
    };
    let (snapshot, findings) = session.snapshot(&crate::record::KINDS)?;
    let leads = scored(&session, &snapshot, wanted)?;
    let lang = ui.lang;
    let all = || {
        leads.iter().map(|lead| {
            let record = record_json(lead, &snapshot, lang);
            json!({ "number": lead.number.as_str(), "company": lead.title(), "score": record.get("score").cloned().unwrap_or(Json::Null) })
        }).collect::<Vec<_>>()
    };
    let json = || json!({ "schema": "kehu.scores", "version": 1, "leads": all() });
    let drawing = match request.explain {
        false => Drawing::Sheet(list(&leads, &snapshot)),
        true => Drawing::Document(Document {
            sheets: leads.iter().map(|lead| dimensions(lead, &snapshot)).collect(),
            ..Document::default()
        }),
    };
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    Ok(tell_findings(&findings, ui))
}
