//! Rewrites one field into the layout that has a place for every change, by `toml_edit`.

use super::super::splice::Splice;
use super::CUSTOM;
use toml_edit::{DocumentMut, Item, Table};

/// Returns the text with the field in tables with headers instead of inline tables and dotted keys.
pub(in crate::store) fn usual_layout(body: &str, key: &str) -> String {
    rewrite(body, |document| {
        if let Some(item) = document.remove(key) {
            document.insert(key, with_headers(item));
        }
    })
}

/// Returns the text without the field.
pub(super) fn without(body: &str, key: &str) -> String {
    rewrite(body, |document| _ = document.remove(key))
}

/// Changes the parsed text; line ends come out as they were.
fn rewrite(body: &str, change: impl FnOnce(&mut DocumentMut)) -> String {
    let Ok(mut document) = body.parse::<DocumentMut>() else { return body.to_string() };
    change(&mut document);
    let text = document.to_string();
    if Splice::new(body).eol == "\r\n" { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
}

fn with_headers(item: Item) -> Item {
    match item.into_table() {
        Ok(table) => Item::Table(undotted(table)),
        Err(item) => match item.into_array_of_tables() {
            Ok(mut tables) => {
                tables.iter_mut().for_each(|table| *table = undotted(std::mem::take(table)));
                Item::ArrayOfTables(tables)
            }
            Err(item) => item,
        },
    }
}

fn undotted(mut table: Table) -> Table {
    table.set_dotted(false);
    table.set_implicit(false);
    if let Some(custom) = table.remove(CUSTOM) {
        table.insert(CUSTOM, with_headers(custom));
    }
    table
}
