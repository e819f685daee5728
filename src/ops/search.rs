//! The knowledge base, searched: which articles answer some words, and where they say so.

use super::Session;
use crate::record::{ARTICLE, Failure, Finding, Record, Result};
use crate::rules::listing::value_words;
use crate::rules::search::{Part, Segmenter, Word, rank, snippet};
use crate::words;

/// The fields that are searched, with what a word in each counts.
const FIELDS: [(&str, u32); 4] = [("title", 3), ("question", 2), ("tags", 2), ("answer", 1)];

/// The fields a snippet is taken from, those that tell most first; the title stands beside it anyway.
const SHOWN: [&str; 3] = ["question", "answer", "tags"];

/// What is asked for.
pub struct Question<'a> {
    /// The words; those of each are cut out of it.
    pub words: &'a [String],
    /// Which articles are looked through.
    pub scope: Scope,
    /// At most so many.
    pub limit: usize,
}

/// Which articles are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those that are published.
    Published,
    /// Drafts and what is retired, too.
    All,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The article.
    pub article: Record,
    /// How well it answers; above 0.
    pub score: f64,
    /// The key of the field the snippet is of.
    pub field: &'static str,
    /// The place where it has the words.
    pub snippet: String,
}

/// Returns the articles that have any of the words, the best first, with how many there are without the limit.
///
/// Fails with exit code 2 when there is nothing but marks to search for.
pub fn search(session: &Session, question: &Question<'_>) -> Result<(Vec<Found>, usize, Vec<Finding>)> {
    let (snapshot, findings) = session.snapshot(&[ARTICLE])?;
    let segmenter = Segmenter::new();
    let query = segmenter.words(&question.words.join(" "));
    if query.is_empty() {
        return Err(Failure::usage(words!("there is no word to search for", "没有可检索的词")));
    }
    let is_meant = |one: &&Record| question.scope == Scope::All || one.text("status") == Some("published");
    let articles: Vec<&Record> = snapshot.records(ARTICLE).iter().filter(is_meant).collect();
    let part = |article: &Record, (key, weight): (&str, u32)| Part {
        words: segmenter.words(&said(session, article, key)),
        weight,
    };
    let documents: Vec<Vec<Part>> =
        articles.iter().map(|one| FIELDS.into_iter().map(|field| part(one, field)).collect()).collect();
    let hits = rank(&documents, &query);
    let count = hits.len();
    let found = hits.into_iter().take(question.limit).filter_map(|hit| {
        let (article, score) = (*articles.get(hit.at)?, hit.score);
        let (field, snippet) = best_place(session, article, &segmenter, &query);
        Some(Found { article: article.clone(), score, field, snippet })
    });
    Ok((found.collect(), count, findings))
}

/// Returns the field of an article that has the most of the words, and the place there; the beginning of the answer where
/// only the title has any.
fn best_place(session: &Session, article: &Record, segmenter: &Segmenter, query: &[Word]) -> (&'static str, String) {
    let fields = SHOWN.map(|key| {
        let text = said(session, article, key);
        let words = segmenter.words(&text);
        (key, text, words)
    });
    let told = |words: &[Word]| {
        let mut found: Vec<&str> = words.iter().filter(|one| has(query, one)).map(|one| &*one.text).collect();
        found.sort_unstable();
        found.dedup();
        found.len()
    };
    // Of several with as many, `max_by_key` takes the last.
    let best = fields.iter().rev().max_by_key(|(_, _, words)| told(words)).filter(|(_, _, words)| told(words) > 0);
    let shown = best.or_else(|| fields.iter().find(|(key, ..)| *key == "answer"));
    shown.map_or(("answer", String::new()), |(key, text, words)| (*key, snippet(text, words, query)))
}

fn has(query: &[Word], word: &Word) -> bool {
    query.iter().any(|one| one.text == word.text)
}

/// Returns what a field of an article says; of tags the labels in both languages.
fn said(session: &Session, article: &Record, key: &str) -> String {
    let Some((field, value)) = ARTICLE.field(key).zip(article.get(key)) else { return String::new() };
    if !field.is_list() {
        return article.text(key).unwrap_or_default().to_string();
    }
    let words = value_words(Some(field), value, &session.config.dictionary);
    if words.en == words.zh { words.en.into_owned() } else { format!("{} {}", words.zh, words.en) }
}
