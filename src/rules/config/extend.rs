//! New entries for dictionaries, written into the file in place.

use crate::record::{Failure, Result};
use crate::words;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Value};

/// A new entry: dictionary, key, label.
pub type NewEntry<'a> = (&'a str, &'a str, &'a str);

/// Returns the text of `config/dictionary.toml` with the entries added, one line each, at the end of
/// their dictionaries; entries whose key is there already are passed over.
///
/// Fails when the text is not TOML or a dictionary is not an array.
pub fn add_entries(text: &str, entries: &[NewEntry<'_>]) -> Result<String> {
    let broken =
        |_| Failure::invalid(words!("`config/dictionary.toml` does not parse", "`config/dictionary.toml` 无法解析"));
    let mut document: DocumentMut = text.parse().map_err(broken)?;
    for (dictionary, key, label) in entries {
        let item = document.entry(dictionary).or_insert_with(|| Item::Value(Value::Array(Array::new())));
        let array = item.as_array_mut().ok_or_else(|| {
            Failure::invalid(words!("dictionary `{dictionary}` is not an array", "字典 `{dictionary}` 不是数组"))
        })?;
        let known =
            array.iter().any(|entry| entry.as_inline_table().and_then(|entry| entry.get("key")?.as_str()) == Some(key));
        if !known {
            push(array, key, label);
        }
    }
    Ok(document.to_string())
}

fn push(array: &mut Array, key: &str, label: &str) {
    let mut entry = InlineTable::new();
    for (name, text) in [("key", key), ("zh", label), ("en", label)] {
        entry.insert(name, text.into());
    }
    let mut value = Value::InlineTable(entry);
    value.decor_mut().set_prefix("\n  ");
    array.push_formatted(value);
    array.set_trailing_comma(true);
    array.set_trailing("\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_entry_is_one_line() {
        let text = "# 来源\nsource = [\n  { key = \"a\", zh = \"甲\", en = \"A\" },\n] # end\n";
        let more = add_entries(text, &[("source", "b", "乙方"), ("source", "a", "甲")]).unwrap();
        assert_eq!(
            more,
            "# 来源\nsource = [\n  { key = \"a\", zh = \"甲\", en = \"A\" },\n  { key = \"b\", zh = \"乙方\", en = \"乙方\" },\n] # end\n"
        );
        assert!(add_entries("source = 3", &[("source", "b", "b")]).is_err());
    }
}
