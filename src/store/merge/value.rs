//! Values and names as text.

use super::tree::{Body, Id, Item};
use crate::store::codec::write_key;

/// Returns a value as TOML text that may stand behind a key, sections as inline tables.
pub(super) fn text(body: &Body) -> String {
    match body {
        Body::Section(items) => table(items),
        _ => body.text(),
    }
}

/// Returns items as an inline table.
pub(super) fn table(items: &[Item]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut arrays: Vec<&[String]> = Vec::new();
    for item in items {
        match &item.id {
            Id::Element(path, _) if arrays.contains(&path.as_slice()) => {}
            Id::Element(path, _) => {
                arrays.push(path);
                let like = items.iter().filter(|item| matches!(item.id, Id::Element(..)) && item.id.path() == path);
                let rows: Vec<String> = like.map(|item| text(&item.body)).collect();
                parts.push(format!("{} = [{}]", dotted(path), rows.join(", ")));
            }
            _ => parts.push(format!("{} = {}", dotted(item.id.path()), text(&item.body))),
        }
    }
    if parts.is_empty() { "{}".into() } else { format!("{{ {} }}", parts.join(", ")) }
}

/// Returns the parts of a key as TOML has them.
pub(super) fn dotted(parts: &[String]) -> String {
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        out.push_str(if at > 0 { "." } else { "" });
        write_key(&mut out, part);
    }
    out
}

/// Returns what an element is called where so many before it are called the same.
pub(super) fn numbered(called: &str, before: usize) -> String {
    match (called, before) {
        ("", _) => format!("#{}", before + 1),
        (_, 0) => called.to_string(),
        _ => format!("{called}#{}", before + 1),
    }
}
