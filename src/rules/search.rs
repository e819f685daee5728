//! Search (检索): documents ranked by how well they answer some words.
//!
//! The measure is BM25 with fields: what a word counts in a field is its count there times the weight of the field, and
//! the length of a document is weighed alike, so that a title counts as if it were written as often as its weight says.
//!
//! ```text
//! score = Σ over the query's words of  ln(1 + (N − n + ½) / (n + ½)) · f · (k₁ + 1) / (f + k₁ · (1 − b + b · L / A))
//! ```
//!
//! N documents, n of them with the word, f the weighed count of the word in the document, L the weighed length of the
//! document and A the mean of all; k₁ = 1.2, b = 0.75. Sources: S. E. Robertson, S. Walker, K. Spärck Jones and others,
//! "Okapi at TREC-3" (1994), for the measure; S. Robertson, H. Zaragoza and M. Taylor, "Simple BM25 extension to multiple
//! weighted fields" (2004), for the fields. The 1 in the logarithm keeps a word that most documents have from counting
//! against those.
//!
//! *Invariants:* a document without any of the words is not found; those of one score stay in the order given; of a query
//! of one word, a document that gets that word once more never scores less than before. (Of several words it may: what one
//! of them adds to the length, all are measured by.)
//!
//! *Absent on purpose:* records and words of languages: what a word is, [`Segmenter`] says.

mod snippet;
mod words;

#[cfg(test)]
mod tests;

pub use snippet::snippet;
pub use words::{Segmenter, Word};

use std::collections::{BTreeSet, HashMap};

/// How soon a word said again counts for less.
const K1: f64 = 1.2;
/// How much of a document's length is held against it.
const B: f64 = 0.75;

/// A field of a document: its words, and as how many each of them counts.
#[derive(Debug, Clone)]
pub struct Part {
    /// The words, in order.
    pub words: Vec<Word>,
    /// The weight of each.
    pub weight: u32,
}

/// A document that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Its place among the documents given.
    pub at: usize,
    /// How well it answers; above 0.
    pub score: f64,
}

/// Returns the documents that have any word of the query, the best first, those of one score in the order given.
pub fn rank(documents: &[Vec<Part>], query: &[Word]) -> Vec<Hit> {
    let wanted: BTreeSet<&str> = query.iter().map(|word| &*word.text).collect();
    let counted: Vec<Counted<'_>> = documents.iter().map(|parts| Counted::new(parts, &wanted)).collect();
    let total: u64 = counted.iter().map(|one| one.length).sum();
    let mean = total as f64 / documents.len().max(1) as f64;
    let weights: Vec<(&str, f64)> = wanted
        .into_iter()
        .map(|word| (word, rarity(documents.len(), counted.iter().filter(|one| one.counts.contains_key(word)).count())))
        .collect();
    let score = |one: &Counted<'_>| {
        let reach = K1 * (1.0 - B + B * one.length as f64 / mean);
        let told = weights.iter().filter_map(|(word, weight)| Some((weight, *one.counts.get(word)? as f64)));
        told.map(|(weight, count)| weight * count * (K1 + 1.0) / (count + reach)).sum::<f64>()
    };
    let found = counted.iter().enumerate().filter(|(_, one)| !one.counts.is_empty());
    let mut hits: Vec<Hit> = found.map(|(at, one)| Hit { at, score: score(one) }).collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
    hits
}

/// Returns what a word that `having` of `all` documents have tells; above 0.
fn rarity(all: usize, having: usize) -> f64 {
    let (all, having) = (all as f64, having as f64);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}

/// A document as the formula takes it: its weighed length, and the weighed counts of the words it has of the query.
struct Counted<'a> {
    length: u64,
    counts: HashMap<&'a str, u64>,
}

impl<'a> Counted<'a> {
    fn new(parts: &'a [Part], wanted: &BTreeSet<&str>) -> Counted<'a> {
        let mut counted = Counted { length: 0, counts: HashMap::new() };
        for Part { words, weight } in parts {
            counted.length += words.len() as u64 * u64::from(*weight);
            for word in words.iter().filter(|word| wanted.contains(&*word.text)) {
                *counted.counts.entry(&word.text).or_insert(0) += u64::from(*weight);
            }
        }
        counted
    }
}
