//! The words and signs of a filter.

use super::ast::Op;
use super::fault::Fault;
use super::text::fold;
use crate::words;
use std::ops::Range;
use winnow::combinator::{alt, not, preceded, repeat, terminated};
use winnow::prelude::*;
use winnow::stream::{LocatingSlice, Location};
use winnow::token::{any, none_of, one_of, take_while};

/// A word or sign with its place in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub at: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// Bare text: a keyword, a name or a value.
    Word(String),
    /// Text in quotes: a name or a value.
    Quoted(String),
    /// A comparison.
    Sign(Op),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
}

type Input<'a> = LocatingSlice<&'a str>;

/// Words of the language, which as names must stand in quotes.
const KEYWORDS: [&str; 7] = ["and", "or", "not", "in", "has", "is", "missing"];

/// Splits a filter into words and signs, full-width ones taken as their half-width forms.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut input = LocatingSlice::new(text);
    let mut found = Vec::new();
    loop {
        skip_space(&mut input);
        let start = input.current_token_start();
        if input.is_empty() {
            return Ok(found);
        }
        let Ok(kind) = token(&mut input) else { return Err(unreadable(text, start)) };
        found.push(Token { kind, at: start..input.current_token_start() });
    }
}

/// Tells whether `text` is read as one bare word and no keyword.
pub(super) fn is_bare(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '+' | ':' | '%');
    !text.is_empty() && text.chars().all(plain) && !KEYWORDS.contains(&fold(text).as_str())
}

fn skip_space(input: &mut Input<'_>) {
    let spaces: winnow::Result<&str> = take_while(0.., char::is_whitespace).parse_next(input);
    debug_assert!(spaces.is_ok(), "no space at all is fine too");
}

fn token(input: &mut Input<'_>) -> winnow::Result<TokenKind> {
    alt((
        one_of(['(', '（']).value(TokenKind::Open),
        one_of([')', '）']).value(TokenKind::Close),
        one_of([',', '，', '、']).value(TokenKind::Comma),
        sign.map(TokenKind::Sign),
        quoted.map(TokenKind::Quoted),
        word.map(TokenKind::Word),
    ))
    .parse_next(input)
}

fn sign(input: &mut Input<'_>) -> winnow::Result<Op> {
    let equals = || one_of(['=', '＝']);
    let less = || one_of(['<', '＜']);
    let greater = || one_of(['>', '＞']);
    let two = alt((
        (one_of(['!', '！']), equals()).value(Op::Ne),
        (less(), greater()).value(Op::Ne),
        (less(), equals()).value(Op::Le),
        (greater(), equals()).value(Op::Ge),
        (equals(), equals()).value(Op::Eq),
    ));
    let one = alt((
        '≠'.value(Op::Ne),
        '≤'.value(Op::Le),
        '≥'.value(Op::Ge),
        less().value(Op::Lt),
        greater().value(Op::Gt),
        equals().value(Op::Eq),
        one_of(['~', '～']).value(Op::Contains),
    ));
    alt((two, one)).parse_next(input)
}

/// Reads text in quotes; the closing quote, doubled, stands for itself.
fn quoted(input: &mut Input<'_>) -> winnow::Result<String> {
    let open: char = any.verify(|c| closing(*c).is_some()).parse_next(input)?;
    let close = closing(open).unwrap_or(open);
    let content = repeat(0.., alt((none_of(close), preceded(close, close)))).fold(String::new, pushed);
    terminated(content, close).parse_next(input)
}

/// Reads bare text, up to a space, a sign, a bracket, a comma or a double quote.
fn word(input: &mut Input<'_>) -> winnow::Result<String> {
    let exclamation = |c: char| matches!(c, '!' | '！');
    let plain = none_of(move |c: char| is_stop(c) || exclamation(c));
    let lone = (one_of(exclamation), not(one_of(['=', '＝']))).map(|(c, ())| c);
    let text = repeat(1.., alt((plain, lone))).fold(String::new, pushed);
    preceded(not(one_of(|c: char| closing(c).is_some())), text).parse_next(input)
}

fn pushed(mut text: String, c: char) -> String {
    text.push(c);
    text
}

fn is_stop(c: char) -> bool {
    c.is_whitespace() || "()（）,，、=＝<＜>＞~～≠≤≥\"＂“”「」".contains(c)
}

/// Returns the quote that ends what `open` begins.
fn closing(open: char) -> Option<char> {
    match open {
        '"' | '\'' | '＂' | '＇' | '”' | '’' => Some(open),
        '“' => Some('”'),
        '‘' => Some('’'),
        '「' => Some('」'),
        _ => None,
    }
}

/// Makes the fault for text that begins no token: a quote without end, or a lone `!`.
fn unreadable(text: &str, start: usize) -> Fault {
    let c = text[start..].chars().next().unwrap_or(' ');
    let at = start..start + c.len_utf8();
    match closing(c) {
        Some(close) => Fault::new(text, at, words!("the quote is not closed by `{close}`", "缺少结束引号 `{close}`")),
        None => Fault::new(text, at, words!("`{c}` is not understood here", "此处无法理解“{c}”")),
    }
}
