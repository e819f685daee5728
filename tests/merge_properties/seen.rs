//! What can be seen in a text that was merged: values, comments, doubles.

use kehu::record::Record;
use std::collections::BTreeMap;

/// Tells whether two contacts of a record bear one name.
pub fn namesakes(record: &Record) -> bool {
    let mut names: Vec<Option<&str>> = record.rows("contacts").iter().map(|row| row.text("name")).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    names.len() < all
}

/// Tells whether a list of texts has one of them twice.
pub fn repeats(text: &str) -> bool {
    fn in_value(value: &toml::Value) -> bool {
        match value {
            toml::Value::Array(items) => {
                let mut texts: Vec<&str> = items.iter().filter_map(toml::Value::as_str).collect();
                let all = texts.len();
                texts.sort_unstable();
                texts.dedup();
                texts.len() < all || items.iter().any(in_value)
            }
            toml::Value::Table(table) => table.values().any(in_value),
            _ => false,
        }
    }
    text.parse::<toml::Table>().is_ok_and(|table| table.values().any(in_value))
}

/// Returns every single value by its place; of lists and tables the items without order.
pub fn leaves(text: &str) -> BTreeMap<String, String> {
    fn walk(path: String, value: &toml::Value, found: &mut BTreeMap<String, String>) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    walk(format!("{path}/{key}"), value, found);
                }
            }
            toml::Value::Array(items) if items.iter().all(toml::Value::is_str) => {
                for item in items {
                    found.insert(format!("{path}={item}"), String::new());
                }
            }
            toml::Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    walk(format!("{path}/{at}"), item, found);
                }
            }
            single => _ = found.insert(path, single.to_string()),
        }
    }
    let mut found = BTreeMap::new();
    walk(
        String::new(),
        &toml::Value::Table(text.replace("\r\n", "\n").parse().unwrap_or_else(|e| panic!("{e}\n{text}"))),
        &mut found,
    );
    found
}

/// Returns the lines that are comments or have one behind.
pub fn comments(text: &str) -> Vec<String> {
    let parts = text.lines().flat_map(|line| line.match_indices("# ").map(move |(at, _)| &line[at..]));
    let marks = ["ours", "theirs", "base", "end"];
    let own = |comment: &&str| marks.iter().any(|mark| comment.strip_prefix("# ").is_some_and(|c| c.starts_with(mark)));
    parts.filter(own).map(|comment| comment[2..].split(" #").next().unwrap_or_default().trim().to_string()).collect()
}
