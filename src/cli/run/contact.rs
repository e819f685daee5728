//! Lists the contacts of customers, and changes them.

use super::desk::{Delivery, Drawing, deliver, filter, open, tell_findings, tell_outcome};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::ContactRequest;
use crate::ops::Session;
use crate::ops::contact::{add, list, remove, set};
use crate::record::{CONTACT, CUSTOMER, Exit, Field, Record, Result, Row, Value, Words};
use crate::rules::listing::{value_json, value_words};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use serde_json::{Map, Value as Json, json};

/// Does it.
pub fn run(request: &ContactRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let outcome = match request {
        ContactRequest::List { customers, filters } => return run_list(customers, filters, &session, context, ui),
        ContactRequest::Add { customer, assignments, on_namesake } => {
            add(&session, customer, assignments, *on_namesake)?
        }
        ContactRequest::Set { customer, contact, assignments } => set(&session, customer, contact, assignments)?,
        ContactRequest::Remove { customer, contacts } => remove(&session, customer, contacts)?,
    };
    tell_outcome(&outcome, &session, context, ui)
}

fn run_list(
    customers: &[String],
    filters: &[String],
    session: &Session,
    context: &Context,
    ui: &mut Ui,
) -> Result<Exit> {
    let filter = filter(session, CUSTOMER, filters, &[])?;
    let (customers, findings) = list(session, customers, filter.as_ref())?;
    if context.wants_numbers() {
        customers.iter().try_for_each(|customer| ui.print(customer.number.as_str()))?;
        return Ok(tell_findings(&findings, ui));
    }
    let each =
        || customers.iter().flat_map(|customer| customer.rows("contacts").iter().map(move |row| (customer, row)));
    let all = || each().map(|(customer, row)| contact_json(customer, row)).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.contacts", "version": 1, "contacts": all() });
    let drawing = Drawing::Sheet(sheet(each(), session));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if customers.is_empty() && !context.wants_json() {
        ui.note(&words!("there is no contact", "没有联系人"));
    }
    Ok(tell_findings(&findings, ui))
}

/// Makes a row of each contact; columns in which nobody has anything are left out.
fn sheet<'r>(contacts: impl Iterator<Item = (&'r Record, &'r Row)>, session: &Session) -> Sheet {
    let mut columns =
        vec![Column::text("customer", "Customer", "客户"), Column::text("company", "Company", "公司名称")];
    let weight = |key: &str| match key {
        // Before any of these is cut, what else is known of a contact is left out.
        "name" | "title" | "buying_role" => Weight::Main,
        "work_phone" => Weight::Usual,
        _ => Weight::Spare,
    };
    columns.extend(
        CONTACT.iter().map(|field| Column::new(field.key, field.label, ColumnType::Text).weighing(weight(field.key))),
    );
    let mut sheet = Sheet { whole: true, ..Sheet::new("contacts", Words::default(), columns) };
    let is_spare: Vec<bool> = sheet.columns.iter().map(|column| column.weight == Weight::Spare).collect();
    for (customer, contact) in contacts {
        let mut row = vec![Cell::text(customer.number.as_str()), Cell::text(customer.title())];
        row.extend(CONTACT.iter().map(|field| match contact.get(field.key) {
            Some(value) => cell(field, value, session),
            None => Cell::Empty,
        }));
        sheet.rows.push(row);
    }
    match sheet.rows.is_empty() {
        true => sheet.keep_columns(|at| !is_spare[at]),
        false => sheet.drop_empty_columns(),
    }
    sheet
}

fn cell(field: &'static Field, value: &Value, session: &Session) -> Cell {
    if let (Value::Integer(n), true) = (value, field.signed) {
        return Cell::Signed(*n);
    }
    let words = value_words(Some(field), value, &session.config.dictionary);
    match words.en == words.zh {
        true => Cell::text(words.en),
        false => Cell::Label(words.en.to_string(), words),
    }
}

fn contact_json(customer: &Record, contact: &Row) -> Json {
    let mut object = Map::new();
    object.insert("customer".into(), customer.number.as_str().into());
    object.insert("company".into(), customer.title().into());
    object.extend(contact.iter().map(|(field, value)| (field.key.to_string(), value_json(value))));
    object.extend(contact.custom().iter().map(|(name, value)| (format!("custom.{name}"), value_json(value))));
    Json::Object(object)
}
