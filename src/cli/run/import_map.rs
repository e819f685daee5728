//! Writes a first mapping file from what was recognised in a spreadsheet.

use super::import::{read, read_options};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::ImportMapRequest;
use crate::import::{Input, match_headers, read_table, write_mapping};
use crate::record::{
    ARTICLE, CONTRACT, CUSTOMER, Exit, FOLLOWUP, Kind, LEAD, OPPORTUNITY, ORDER, PRODUCT, REVIEW, Result, TARGET,
    TICKET, USER,
};
use crate::words;

/// The kinds a spreadsheet may be of, likeliest first.
const KINDS: [Kind; 12] =
    [LEAD, CUSTOMER, FOLLOWUP, OPPORTUNITY, ORDER, CONTRACT, PRODUCT, USER, TICKET, ARTICLE, REVIEW, TARGET];

/// Does it; needs no repository.
pub fn run(request: &ImportMapRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let (name, bytes) = read(&request.file, context)?;
    let input = Input { name: &name, bytes: &bytes };
    let table = read_table(&input, &read_options(&request.source, request.kind)?)?;
    let fit = |kind: &Kind| match_headers(*kind, &table.headers).columns.len();
    let kind = request.kind.or_else(|| KINDS.into_iter().rev().max_by_key(fit)).unwrap_or(LEAD);
    let matching = match_headers(kind, &table.headers);
    let text = write_mapping(kind, &table, &matching, ui.lang);
    let (matched, unmatched) = (matching.columns.len(), matching.unmatched.len());
    let noun = kind.label.zh;
    ui.note(&words!(
        "taken for {kind} rows: {matched} columns recognised, {unmatched} not",
        "识别为{noun}：{matched} 列已识别，{unmatched} 列未识别"
    ));
    match &context.output {
        Some(crate::cli::global::OutputTarget::File(path)) => {
            ui.write_file(path, |out| out.write_all(text.as_bytes()))?
        }
        _ => ui.print(&text)?,
    }
    Ok(Exit::Done)
}
