//! The words of a text, as they are compared in a search: Chinese is cut into those of a dictionary, with the shorter ones
//! inside them and those across; other scripts are parted at what is neither letter nor digit, English is brought to its
//! stem.
//!
//! Width, case and traditional characters make no difference: `退貨` is `退货`, `ＵＳＢ` is `usb`, `returned` is `return`.
//! No word is guessed that the dictionary lacks: guessed from its neighbours, the same name would be cut in one
//! sentence and not in another, and not be found.

use crate::record::halve_width;
use crate::rules::dedupe::simplify;
use jieba_rs::{Jieba, TokenizeMode};
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::BTreeSet;
use std::ops::Range;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it is compared.
    pub text: Box<str>,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
}

/// Cuts texts into words. Making one reads a dictionary of 5 MB, so it is made once, by who searches.
pub struct Segmenter {
    jieba: Jieba,
    stemmer: Stemmer,
}

/// What a character is to the cutting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A Chinese character.
    Han,
    /// A letter or digit of another script.
    Letter,
    /// Anything else, which parts words.
    Mark,
}

/// A character as it is compared, and where it stands.
type Placed = (char, Range<usize>);

impl Segmenter {
    /// Reads the dictionary.
    #[expect(clippy::new_without_default, reason = "reading a dictionary is nothing to do by default")]
    pub fn new() -> Segmenter {
        Segmenter { jieba: Jieba::new(), stemmer: Stemmer::create(Algorithm::English) }
    }

    /// Returns the words of a text in its order; of those that begin together the shorter first.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let places = text.char_indices().map(|(at, c)| at..at + c.len_utf8());
        let folded: Vec<Placed> = halve_width(text).chars().map(simplify).zip(places).collect();
        let runs = folded.chunk_by(|(a, _), (b, _)| class(*a) == class(*b));
        runs.flat_map(|run| match run.first().map(|(c, _)| class(*c)) {
            Some(Class::Han) => self.cut(run),
            Some(Class::Letter) => vec![self.stem(run)],
            Some(Class::Mark) | None => Vec::new(),
        })
        .collect()
    }

    /// Cuts Chinese as jieba does for a search engine, and adds the words that stand across its cuts: `退货运费` is cut into
    /// `退` and `货运费`, and who looks for `退货` means it none the less.
    fn cut(&self, run: &[Placed]) -> Vec<Word> {
        let text: String = run.iter().map(|(c, _)| c).collect();
        let best = self.jieba.tokenize(&text, TokenizeMode::Search, false);
        let across = self.jieba.cut_all(&text).into_iter().filter(|token| token.end - token.start > 1);
        let all: BTreeSet<(usize, usize)> =
            best.into_iter().chain(across).map(|token| (token.start, token.end)).collect();
        all.into_iter()
            .filter_map(|(start, end)| {
                let part = run.get(start..end)?;
                Some(Word { text: part.iter().map(|(c, _)| *c).collect::<String>().into(), at: place(part)? })
            })
            .collect()
    }

    fn stem(&self, run: &[Placed]) -> Word {
        let text: String = run.iter().flat_map(|(c, _)| c.to_lowercase()).collect();
        let text = if text.bytes().all(|b| b.is_ascii_lowercase()) { self.stemmer.stem(&text) } else { text.into() };
        Word { text: text.into(), at: place(run).unwrap_or_default() }
    }
}

/// Returns where characters stand together.
fn place(run: &[Placed]) -> Option<Range<usize>> {
    let ((_, first), (_, last)) = run.first().zip(run.last())?;
    Some(first.start..last.end)
}

fn class(c: char) -> Class {
    match c {
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Class::Han,
        c if c.is_alphanumeric() => Class::Letter,
        _ => Class::Mark,
    }
}
