//! The ways a table may be written in TOML, `a = { b = 1 }`, `a.b = 1` and `[a]`, brought to one.

use super::tree::{Document, Id};
use crate::store::codec::usual_layout;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Pair,
    Dotted,
    Header,
}

/// Rewrites keys at the top that not all versions write in the same form, in all of them; returns the texts, or
/// nothing when there are none.
pub(super) fn align(texts: [Option<&str>; 3], documents: [Option<&Document>; 3]) -> Option<[Option<String>; 3]> {
    let forms = documents.map(|document| document.map(forms).unwrap_or_default());
    let keys: BTreeSet<&str> = forms.iter().flat_map(|forms| forms.keys().copied()).collect();
    let differs = |key: &&&str| {
        let used: BTreeSet<_> = forms.iter().filter_map(|forms| forms.get(**key)).collect();
        used.len() > 1
    };
    let differing: Vec<&str> = keys.iter().filter(differs).copied().collect();
    if differing.is_empty() {
        return None;
    }
    let rewrite = |text: &str| differing.iter().fold(text.to_string(), |text, key| usual_layout(&text, key));
    Some(texts.map(|text| text.map(rewrite)))
}

fn forms(document: &Document) -> BTreeMap<&str, BTreeSet<Form>> {
    let mut forms: BTreeMap<&str, BTreeSet<Form>> = BTreeMap::new();
    for item in &document.items {
        let form = match &item.id {
            Id::Pair(path) if path.len() == 1 => Form::Pair,
            Id::Pair(_) => Form::Dotted,
            _ => Form::Header,
        };
        if let Some(key) = item.id.path().first() {
            forms.entry(key).or_default().insert(form);
        }
    }
    forms
}
