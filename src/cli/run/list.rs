//! Lists records.

use super::desk::{Delivery, Drawing, deliver, filter, open, tell_findings};
use crate::cli::context::Context;
use crate::cli::noun::list::ListRequest;
use crate::cli::ui::Ui;
use crate::ops::set::with_needed;
use crate::query::Filter;
use crate::record::{Exit, KINDS, Kind, Record, Result};
use crate::rules::Snapshot;
use crate::rules::listing::{self, Named, RecordSchema, SortKey};
use crate::sheet::{Sheet, Weight};
use crate::words;
use serde_json::json;

/// What a list is to show, in which form.
struct Asked<'a> {
    request: &'a ListRequest,
    context: &'a Context,
    columns: Vec<Named>,
    sort: Vec<SortKey>,
}

/// Does it.
pub fn run(request: &ListRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let kind = request.kind;
    let schema = RecordSchema::new(kind, &session.config);
    let filter = filter(&session, kind, &request.filters, &request.fields)?;
    let sort = request.sort.iter().map(|one| format!("{}{}", if one.descending { "-" } else { "" }, one.field));
    let sort = listing::sort_keys(&sort.collect::<Vec<_>>().join(","), &schema)?;
    let columns = match request.columns.as_slice() {
        [] => listing::default_columns(kind, &schema),
        asked => listing::columns(&asked.join(","), &schema)?,
    };
    let asked = Asked { request, context, columns, sort };
    let (snapshot, findings) = session.snapshot(&asked.kinds_needed(filter.as_ref()))?;
    let records = listing::select(&snapshot, kind, filter.as_ref(), &asked.sort, request.limit);
    if request.count {
        print_count(kind, records.len(), context, ui)?;
        return Ok(tell_findings(&findings, ui));
    }
    if context.wants_numbers() {
        records.iter().try_for_each(|record| ui.print(record.number.as_str()))?;
        return Ok(tell_findings(&findings, ui));
    }
    let lang = ui.lang;
    let one = |record: &&Record| match request.columns.is_empty() {
        true => listing::record_json(record, &snapshot, lang),
        false => listing::fields_json(record, &asked.columns, &snapshot, lang),
    };
    let all = || records.iter().map(one).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.list", "version": 1, "kind": kind.name, "records": all() });
    let drawing = Drawing::Sheet(asked.sheet(&records, &snapshot));
    let delivery = Delivery { now: session.now, excel: request.excel, drawing, json: Some(&json), lines: Some(&all) };
    deliver(delivery, context, ui)?;
    if records.is_empty() && !context.wants_json() {
        let (en, zh) = (kind.label.en.to_lowercase(), kind.label.zh);
        ui.note(&words!("no {en} fits", "没有符合条件的{zh}"));
    }
    // Taking a hundred thousand records apart takes its time, and nobody waits for it.
    rayon::spawn(move || drop(snapshot));
    Ok(tell_findings(&findings, ui))
}

impl Asked<'_> {
    /// Returns the kinds to load: that of the list, and those its columns, order, filter and form need.
    fn kinds_needed(&self, filter: Option<&Filter>) -> Vec<Kind> {
        let Asked { request, context, columns, sort } = self;
        let names = columns.iter().map(Named::key).chain(sort.iter().map(|key| key.key().to_string()));
        let mut names: Vec<String> = names.collect();
        names.extend(filter.iter().flat_map(|filter| filter.fields().iter().cloned()));
        let mut kinds = with_needed(request.kind, names.iter().map(String::as_str));
        let whole_records = context.wants_json() && !request.count && request.columns.is_empty();
        let named: Vec<Kind> = listing::named_kinds(columns).filter(|_| context.wants_names()).collect();
        let others = KINDS.into_iter().filter(|other| whole_records || named.contains(other));
        for other in others {
            if !kinds.contains(&other) {
                kinds.push(other);
            }
        }
        kinds
    }

    /// Returns the list as a table; what was asked for by name is not left out on a narrow screen.
    fn sheet(&self, records: &[&Record], snapshot: &Snapshot) -> Sheet {
        let Asked { request, context, columns, sort } = self;
        let mut sheet = listing::sheet(request.kind, records, columns, snapshot);
        let is_asked = |key: &str| !request.columns.is_empty() || sort.iter().any(|sorted| sorted.key() == key);
        let asked = sheet.columns.iter_mut().filter(|column| column.weight == Weight::Spare && is_asked(&column.key));
        asked.for_each(|column| column.weight = Weight::Usual);
        if context.wants_names() {
            listing::name_references(&mut sheet, columns, snapshot);
        }
        if context.wants_table() && request.columns.is_empty() {
            sheet.drop_empty_columns();
        }
        sheet
    }
}

fn print_count(kind: Kind, count: usize, context: &Context, ui: &mut Ui) -> Result<()> {
    match context.wants_json() {
        true => {
            ui.print(&json!({ "schema": "kehu.count", "version": 1, "kind": kind.name, "count": count }).to_string())
        }
        false => ui.print(&count.to_string()),
    }
}
