//! A first mapping file, from what was recognised in a table.

use super::FieldKey;
use crate::import::matching::{Matching, Target};
use crate::import::names::heading_words;
use crate::import::table::{RawCell, Table};
use crate::import::unit::Unit;
use crate::record::{Kind, Label, Lang};
use std::collections::BTreeMap;

const HEAD: Label = Label::new(
    "How the columns of this file become fields; see docs/import-mapping.md.",
    "此文件各列如何对应字段；说明见 docs/import-mapping.zh.md。",
);
const DATE_ORDER: Label =
    Label::new("or \"day_first\", for dates such as 3/5/2026", "或 \"day_first\"（先日后月），用于 3/5/2026 这类日期");
const BLANK: Label = Label::new("words that mean nothing in this file", "此文件中表示“没填”的词");
const KEEP: Label = Label::new(
    "To keep columns without a field, put this line above [columns]:",
    "若要保留没有对应字段的列，请把下一行放到 [columns] 之前：",
);
const CONSTANTS: Label =
    Label::new("Required fields without a column may be constants:", "没有对应列的必填字段可以统一设定：");

/// Writes a mapping for the table: recognised columns listed, the others commented with the nearest field
/// and a few of their values, so that it can be completed by hand.
pub fn write_mapping(kind: Kind, table: &Table, matching: &Matching, lang: Lang) -> String {
    let mut text = head(kind, table, lang);
    text.push_str("\n[columns]\n");
    for (key, headers) in recognised(kind, matching) {
        text.push_str(&format!("{key} = {}\n", source(kind, &key, &headers)));
    }
    text.push_str(&unmatched(table, matching, lang));
    text.push_str(&missing(kind, matching, lang));
    text
}

/// Writes how the table was read, and the settings that may have to be stated.
fn head(kind: Kind, table: &Table, lang: Lang) -> String {
    let mut text = format!("# {}\nkind = \"{kind}\"\n", HEAD.get(lang));
    if let Some(encoding) = table.encoding {
        text.push_str(&format!("encoding = {}\n", quoted(&encoding.to_lowercase())));
    }
    if let Some(mark) = table.delimiter {
        let mark = if mark == '\t' { quoted("tab") } else { quoted(&mark.to_string()) };
        text.push_str(&format!("delimiter = {mark}\n"));
    }
    if let Some(sheet) = &table.sheet {
        text.push_str(&format!("sheet = {}\n", quoted(sheet)));
    }
    if let Some(row) = table.header_row {
        text.push_str(&format!("header_row = {row}\n"));
    }
    text.push_str(&format!("# date_order = \"month_first\"   # {}\n", DATE_ORDER.get(lang)));
    text.push_str(&format!("# blank = [\"Select\"]           # {}\n", BLANK.get(lang)));
    text
}

/// Writes where a field comes from: a heading, with the unit that it names, or a list of them.
fn source(kind: Kind, key: &str, headers: &[String]) -> String {
    let [one] = headers else {
        let list: Vec<String> = headers.iter().map(|header| quoted(header)).collect();
        return format!("[{}]", list.join(", "));
    };
    let unit = Unit::of_heading(one).and_then(|(_, unit)| unit.fit(FieldKey::find(kind, key)?));
    match unit {
        Some(unit) => format!("{{ from = {}, unit = {} }}", quoted(one), quoted(unit.word)),
        None => quoted(one),
    }
}

/// Lists columns without a field as comments, each with the nearest field, and how to keep them.
fn unmatched(table: &Table, matching: &Matching, lang: Lang) -> String {
    let mut text = String::new();
    let mut headings = Vec::new();
    for one in &matching.unmatched {
        let nearest = one.nearest.map_or("FIELD", |field| field.key);
        let heading = quoted(heading_words(&one.header).get(lang));
        let samples = samples(table, one.column);
        let samples = if samples.is_empty() { samples } else { format!("   # {samples}") };
        text.push_str(&format!("# {nearest} = {heading}{samples}\n"));
        headings.push(heading);
    }
    if !headings.is_empty() {
        text.push_str(&format!("\n# {}\n# keep = [{}]\n", KEEP.get(lang), headings.join(", ")));
    }
    text
}

/// Returns the headings of each recognised field, parts in the order they are joined, second columns
/// after the first.
fn recognised(kind: Kind, matching: &Matching) -> BTreeMap<String, Vec<String>> {
    let mut used: Vec<_> = matching.columns.iter().collect();
    used.sort_by_key(|used| match used.target {
        Target::Part(part) => (part.place, used.column),
        Target::Also(_) => (1, used.column),
        _ => (0, used.column),
    });
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for used in used {
        let key = match used.target {
            Target::Also(key) if kind.field(key).is_none() => format!("contacts.{key}"),
            _ => used.target.key(),
        };
        let headers = found.entry(key).or_default();
        // Of two columns of one heading the second cannot be told by it; it is left to be matched by name.
        if !headers.contains(&used.header) {
            headers.push(used.header.clone());
        }
    }
    found
}

/// Lists required fields that have no column, as constants to be filled in.
fn missing(kind: Kind, matching: &Matching, lang: Lang) -> String {
    let found = recognised(kind, matching);
    let lacking = kind
        .fields
        .iter()
        .filter(|field| field.need == crate::record::Need::Required && !found.contains_key(field.key));
    let lines: String =
        lacking.map(|field| format!("# {} = \"\"   # {}\n", field.key, field.label.get(lang))).collect();
    if lines.is_empty() { lines } else { format!("\n# {}\n# [set]\n{lines}", CONSTANTS.get(lang)) }
}

/// Returns up to three different values of a column, short and on one line.
fn samples(table: &Table, column: usize) -> String {
    let mut seen: Vec<String> = Vec::new();
    let cells = table.rows.iter().take(1000).map(|row| row.cell(column)).filter(|cell: &&RawCell| !cell.is_blank());
    for cell in cells {
        let text = cell.display().trim().chars().map(|c| if is_unseen(c) { ' ' } else { c }).take(20).collect();
        if !seen.contains(&text) {
            seen.push(text);
        }
        if seen.len() == 3 {
            break;
        }
    }
    seen.join(" | ")
}

/// Returns a string of TOML in which nothing is unseen: the text is printed, and a heading may command a terminal.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.replace(['\n', '\r'], " ").chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if is_unseen(c) => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Tells whether a character is not seen itself: it commands a terminal or turns the direction of writing.
fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Input, Mapping, ReadOptions, match_headers, read_table};
    use crate::record::LEAD;

    #[test]
    fn what_is_written_can_be_read() {
        let text = "公司名称,省,市,\"说\"\"明\",Shoe size,预算（万元）\n甲,浙江,杭州,x,42,50\n";
        let input = Input { name: "x.csv", bytes: text.as_bytes() };
        let table = read_table(&input, &ReadOptions::default()).unwrap();
        let file = write_mapping(LEAD, &table, &match_headers(LEAD, &table.headers), Lang::Zh);
        assert!(file.starts_with("# 此文件各列如何对应字段") && !file.contains("# To keep"), "{file}");
        let mapping = Mapping::parse(&file, "m.toml", Some(LEAD)).unwrap_or_else(|e| panic!("{file}\n{e:?}"));
        let region = mapping.columns.iter().find(|(key, _)| key.name() == "region").unwrap();
        assert_eq!(region.1.from, ["省", "市"]);
        assert!(file.contains("\"Shoe size\"") && file.contains("# 42"), "{file}");
        assert!(file.contains("budget = { from = \"预算（万元）\", unit = \"万元\" }\n"), "{file}");
        assert_eq!((mapping.delimiter, mapping.header_row), (Some(','), Some(1)));
    }
}
