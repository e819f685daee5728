//! A file's text with its fields and keys in words behind each line, for reading and comparing.
//!
//! Nothing of the text is left out or changed, so what differs between two files differs between their
//! annotated texts, down to comments and unknown keys; what is no TOML stays as it is.

use super::split_bom;
use crate::record::{Dictionary, Field, FieldType, Kind, Lang, find_field, table_fields};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Returns the text of a record's file with labels and the words of dictionaries behind its lines:
/// `status = "working"  ‹Status: Working›`.
pub fn annotate(text: &str, kind: Kind, dictionary: &Dictionary, lang: Lang) -> String {
    let (bom, body) = split_bom(text);
    let Ok(document) = DeTable::parse(body) else { return text.to_string() };
    let mut notes = Notes { body, dictionary, lang, by_line: BTreeMap::new() };
    notes.table(kind.fields, document.get_ref());
    let mut annotated = bom.to_string();
    let mut from = 0;
    for (end, words) in notes.by_line {
        annotated.push_str(&body[from..end]);
        annotated.push_str(&format!("  ‹{}›", words.join(lang_of(lang, "; ", "；"))));
        from = end;
    }
    annotated.push_str(&body[from..]);
    annotated
}

fn lang_of(lang: Lang, en: &'static str, zh: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// What is written behind lines, by where they end.
struct Notes<'a> {
    body: &'a str,
    dictionary: &'a Dictionary,
    lang: Lang,
    by_line: BTreeMap<usize, Vec<String>>,
}

impl Notes<'_> {
    fn table(&mut self, fields: &'static [Field], table: &DeTable<'_>) {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            if let Some(field) = find_field(fields, key.get_ref()) {
                self.field(field, key.span().start, value);
            }
        }
    }

    fn field(&mut self, field: &'static Field, key: usize, value: &Spanned<DeValue<'_>>) {
        let label = field.label.get(self.lang);
        match (value.get_ref(), table_fields(field)) {
            (DeValue::Array(items), Some(inner)) => {
                for item in items.iter() {
                    self.add(item.span().start, label.to_string());
                    if let Some(table) = item.get_ref().as_table() {
                        self.table(inner, table);
                    }
                }
            }
            (DeValue::Array(items), None) => {
                self.add(key, label.to_string());
                for item in items.iter() {
                    if let Some(word) = item.get_ref().as_str().and_then(|key| self.word(field, key)) {
                        self.add(item.span().end, word);
                    }
                }
            }
            (other, _) => {
                let colon = lang_of(self.lang, ": ", "：");
                let word = other.as_str().and_then(|key| self.word(field, key));
                let said = word.map_or_else(|| label.to_string(), |word| format!("{label}{colon}{word}"));
                self.add(value.span().end, said);
            }
        }
    }

    /// Returns what people call a key of a dictionary, where that says more than the key.
    fn word(&self, field: &Field, key: &str) -> Option<String> {
        let (FieldType::Key(name) | FieldType::Keys(name)) = field.ty else { return None };
        let label = self.dictionary.label(name, key, self.lang);
        (label != key).then(|| label.to_string())
    }

    fn add(&mut self, offset: usize, words: String) {
        let line = self.body.get(offset..).and_then(|rest| rest.find('\n'));
        let end = line.map_or(self.body.len(), |at| offset + at);
        let end = if self.body[..end].ends_with('\r') { end - 1 } else { end };
        self.by_line.entry(end).or_default().push(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CUSTOMER, KINDS, LEAD};
    use proptest::prelude::*;

    fn plain(annotated: &str) -> String {
        let mut text = String::new();
        for part in annotated.split_inclusive('\n') {
            let (line, end) = part.split_at(part.trim_end_matches(['\r', '\n']).len());
            let line =
                if line.ends_with('›') { line.rsplit_once("  ‹").map_or(line, |(line, _)| line) } else { line };
            text.push_str(line);
            text.push_str(end);
        }
        text
    }

    #[test]
    fn labels_stand_behind_lines() {
        let text = "# mine\ncompany = \"某某\" # sure\r\nstaff = 3\nunknown = 1\nremark = \"\"\"\na = 1\n\"\"\"\n[custom]\nx = 1";
        let annotated = annotate(text, LEAD, &Dictionary::default(), Lang::Zh);
        assert_eq!(
            annotated,
            "# mine\ncompany = \"某某\" # sure  ‹公司名称›\r\nstaff = 3  ‹员工数›\nunknown = 1\nremark = \"\"\"\na = 1\n\"\"\"  ‹备注›\n[custom]\nx = 1"
        );
        let text = "tags = [\n  \"a\",\n]\n[[contacts]]\nname = \"x\"\n[[contacts]]\nopted_out = true";
        assert_eq!(
            annotate(text, CUSTOMER, &Dictionary::default(), Lang::En),
            "tags = [  ‹Tags›\n  \"a\",\n]\n[[contacts]]  ‹Contacts›\nname = \"x\"  ‹Contact›\n[[contacts]]  ‹Contacts›\nopted_out = true  ‹Opted out›"
        );
        assert_eq!(annotate("no = toml = x\n", LEAD, &Dictionary::default(), Lang::En), "no = toml = x\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_of_the_text_is_lost(text in "(\u{feff})?([a-z]{1,8} = (\"[a-z]{0,4}\"|\\[1, 2\\]|[0-9]{1,3})\r?\n|company = \"x\"\n|\\[\\[contacts\\]\\]\n|tags = \\[\"a\",\n\"b\"\\]|.{0,6}\n){0,8}") {
            for kind in KINDS {
                let annotated = annotate(&text, kind, &Dictionary::default(), Lang::Zh);
                prop_assert_eq!(plain(&annotated), text.as_str());
            }
        }
    }
}
