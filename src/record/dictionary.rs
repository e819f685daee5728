//! Dictionaries: the keys a field may hold, with what people call them.
//!
//! Values are stored as keys and shown as labels; input takes key, label or alias in either language.
//! The defaults lie in `rules/defaults/dictionary.toml`; a repository's own in `config/dictionary.toml`.

use super::money::halve_width;
use super::words::{Lang, Words};
use foldhash::HashMap;
use std::sync::OnceLock;

/// How alike two names must be, from 0 to 1 by Jaro–Winkler, for one to be offered for the other.
const ALIKE: f64 = 0.7;

/// How far behind the best a name may be and still be offered beside it.
const BEHIND: f64 = 0.1;

/// One entry of a dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What is stored.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// Other names accepted on input.
    pub aliases: Vec<String>,
    /// The key of the entry it belongs to (a source's group, a ticket kind's department), if any.
    pub group: Option<String>,
}

impl Entry {
    /// Returns the label with the key a person may type: `展会 (exhibition)`.
    pub fn named(&self, lang: Lang) -> String {
        let label = self.label.get(lang);
        if label == self.key { label.to_string() } else { format!("{label} ({})", self.key) }
    }
}

/// The entries of one dictionary, in the order of the file, with a look-up by any name.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    list: Vec<Entry>,
    by_name: OnceLock<HashMap<String, usize>>,
}

impl Entries {
    /// Collects entries; the first to claim a name keeps it, keys before labels before aliases.
    pub fn new(list: Vec<Entry>) -> Entries {
        Entries { list, by_name: OnceLock::new() }
    }

    /// Returns the places of the entries by their folded names; made when first asked, which many commands never do.
    fn by_name(&self) -> &HashMap<String, usize> {
        self.by_name.get_or_init(|| {
            let names: [fn(&Entry) -> Vec<&str>; 3] = [
                |entry| vec![&entry.key],
                |entry| vec![&entry.label.en, &entry.label.zh],
                |entry| entry.aliases.iter().map(String::as_str).collect(),
            ];
            let mut by_name = HashMap::default();
            for names in names {
                for (at, entry) in self.list.iter().enumerate() {
                    for name in names(entry) {
                        by_name.entry(fold_name(name)).or_insert(at);
                    }
                }
            }
            by_name
        })
    }

    /// Returns the entries in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.list.iter()
    }

    /// Returns the entry with exactly this key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.list.iter().find(|entry| entry.key == key)
    }

    /// Returns the entry that `text` names by key, label or alias in either language, without case, width and spaces.
    pub fn find(&self, text: &str) -> Option<&Entry> {
        self.by_name().get(&fold_name(text)).map(|at| &self.list[*at])
    }

    /// Returns up to three entries, named, most like `text`, best first and none far behind it, for an error message.
    pub fn nearest(&self, text: &str, lang: Lang) -> Vec<String> {
        let wanted = fold_name(text);
        let mut scored: Vec<(f64, usize)> = self
            .by_name()
            .iter()
            .map(|(name, at)| (strsim::jaro_winkler(name, &wanted), *at))
            .filter(|(score, _)| *score > ALIKE)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let best = scored.first().map_or(1.0, |(score, _)| *score);
        let mut seen = Vec::new();
        for (score, at) in scored {
            if score >= best - BEHIND && !seen.contains(&at) {
                seen.push(at);
            }
        }
        seen.truncate(3);
        seen.into_iter().map(|at| self.list[at].named(lang)).collect()
    }
}

/// All dictionaries of a repository, by name.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// The entries of each dictionary.
    pub entries: HashMap<String, Entries>,
}

impl Dictionary {
    /// Returns the named dictionary.
    pub fn get(&self, name: &str) -> Option<&Entries> {
        self.entries.get(name)
    }

    /// Returns the label of a key, the key itself where it is not known.
    pub fn label<'a>(&'a self, name: &str, key: &'a str, lang: Lang) -> &'a str {
        self.get(name).and_then(|entries| entries.get(key)).map_or(key, |entry| entry.label.get(lang))
    }

    /// Returns the label of a key in both languages, the key itself where it is not known.
    pub fn words(&self, name: &str, key: &str) -> Words {
        self.get(name)
            .and_then(|entries| entries.get(key))
            .map_or_else(|| Words::same(key), |entry| entry.label.clone())
    }
}

/// Tells whether a field of this dictionary takes other values too: tags are free, the dictionary names those declared.
pub fn is_free(name: &str) -> bool {
    name == "tag"
}

/// Folds a name for comparison: half width, lower case, without spaces, `_`, `-`, `/` and brackets.
pub fn fold_name(text: &str) -> String {
    let ignored =
        |c: char| c.is_whitespace() || matches!(c, '_' | '-' | '/' | '(' | ')' | '[' | ']' | '*' | ':' | '\u{feff}');
    let text = halve_width(text);
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !ignored(*c)) {
        if c.is_ascii() { folded.push(c.to_ascii_lowercase()) } else { folded.extend(c.to_lowercase()) }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    fn sources() -> Entries {
        let entry = |key: &str, label: Words, aliases: &[&str]| Entry {
            key: key.into(),
            label,
            aliases: aliases.iter().map(|a| a.to_string()).collect(),
            group: None,
        };
        Entries::new(vec![
            entry("exhibition", words!("Exhibition", "展会"), &["trade show", "展览会"]),
            entry("web_form", words!("Web form", "官网表单"), &["官网注册"]),
        ])
    }

    #[test]
    fn any_name_finds_the_key() {
        let sources = sources();
        for name in ["exhibition", "展会", "Trade Show", "EXHIBITION", "展 览 会"] {
            assert_eq!(sources.find(name).map(|e| e.key.as_str()), Some("exhibition"), "{name}");
        }
        assert_eq!(sources.find("web-form").unwrap().key, "web_form");
        assert!(sources.find("电话").is_none());
    }

    #[test]
    fn nearest_names() {
        assert_eq!(sources().nearest("exibition", Lang::Zh), ["展会 (exhibition)"]);
        assert!(sources().nearest("zzz", Lang::En).is_empty());
    }
}
