//! One record on one page: its fields, its tables, what is due next, what belongs to it.
//!
//! A customer's page is made for it ([`customer`]); others tell their fields in the order of their declaration. What is
//! said of a record besides itself is said in JSON too, under the same names.
//!
//! *Invariant:* every field that holds something is on the page.

mod customer;
mod fields;
mod json;
mod next;
mod related;
mod tables;

pub use json::record_json;

use super::score::dimensions;
use crate::record::{CUSTOMER, FieldType, KINDS, LEAD, Record, USER, table_fields};
use crate::rules::Snapshot;
use crate::sheet::{Cell, Sheet};
use std::collections::{BTreeSet, HashMap};

/// Returns the page of a record, as sheets from top to bottom; for a lead also where its score comes from.
pub fn card(record: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    let mut sheets = match record.kind {
        kind if kind == CUSTOMER => customer::page(record, snapshot),
        _ => page(record, snapshot),
    };
    if record.kind == LEAD {
        let mut score = dimensions(record, snapshot);
        score.key = "score".into();
        sheets.push(score);
    }
    sheets.iter_mut().for_each(|sheet| sheet.whole = true);
    sheets
}

/// The page of a record of no particular kind.
fn page(record: &Record, snapshot: &Snapshot) -> Vec<Sheet> {
    let mut sheets = vec![fields::all(record, snapshot)];
    sheets.extend(next::sheet(record, snapshot));
    sheets.extend(tables::all(record, snapshot));
    sheets.extend(related::sheets(record, snapshot));
    sheets
}

/// Puts the names of users in the place of their logins, for people to read; a name that several bear says nobody.
pub fn name_users(sheets: &mut [Sheet], snapshot: &Snapshot) {
    let mut logins: HashMap<&str, Vec<&str>> = HashMap::new();
    for user in snapshot.records(USER) {
        logins.entry(user.title()).or_default().push(user.number.as_str());
    }
    let names: HashMap<&str, &str> = logins
        .iter()
        .filter_map(|(name, logins)| <[&str; 1]>::try_from(&**logins).ok().map(|[one]| (one, *name)))
        .collect();
    let user_keys = user_keys();
    let rename = |cell: &mut Cell| {
        if let Cell::Text(login) = cell
            && let Some(name) = names.get(login.as_str())
        {
            *login = name.to_string();
        }
    };
    for sheet in sheets {
        let places: Vec<usize> =
            (0..sheet.columns.len()).filter(|at| user_keys.contains(&*sheet.columns[*at].key)).collect();
        for row in &mut sheet.rows {
            for at in &places {
                row.get_mut(*at).into_iter().for_each(&rename);
            }
            if let [Cell::Label(key, _), value] = row.as_mut_slice()
                && user_keys.contains(&**key)
            {
                rename(value);
            }
        }
    }
}

/// Returns the keys of the fields that name a user, those of rows of tables included: `owner`, `uploaded_by`.
fn user_keys() -> BTreeSet<&'static str> {
    let fields = KINDS.iter().flat_map(|kind| kind.fields);
    let all = fields.flat_map(|field| std::iter::once(field).chain(table_fields(field).unwrap_or_default()));
    all.filter(|field| field.ty == FieldType::Reference("user")).map(|field| field.key).collect()
}
