//! Reading a filter: the grammar over the tokens.

use super::ast::{Expr, Filter, Op, Test};
use super::fault::Fault;
use super::lexer::{Token, TokenKind, tokens};
use super::resolve;
use super::schema::{FieldRef, Names, Schema};
use super::text::fold;
use crate::record::{Result, Words};
use crate::words;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::ops::Range;

/// How deep brackets and `not` may nest: far beyond any use, far from the end of the stack.
const MAX_DEPTH: usize = 100;

/// What the meaning of a filter depends on besides its text.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    /// The day `today-7d` counts from; none where such days are refused, as in files.
    pub today: Option<NaiveDate>,
    /// The login `me` stands for.
    pub me: Option<&'a str>,
    /// Who may be named otherwise than by login or number; none where nobody is, as in files.
    pub names: Option<&'a dyn Names>,
}

/// Reads a filter from the command line, days counted from `today`.
///
/// Fails with exit code 2 and the place marked when it is not understood, a name or key is not known, or a
/// value does not fit its field.
pub fn parse(text: &str, schema: &dyn Schema, today: NaiveDate) -> Result<Filter> {
    parse_in(text, schema, &Context { today: Some(today), ..Context::default() })
}

/// Reads a filter in a context; fails as [`parse`] does.
pub fn parse_in(text: &str, schema: &dyn Schema, context: &Context<'_>) -> Result<Filter> {
    read(text, schema, context).map_err(|fault| fault.into_failure(text))
}

/// Reads a filter; a mistake comes with its place, for those who know where the filter stands in a file.
pub fn read(text: &str, schema: &dyn Schema, context: &Context<'_>) -> std::result::Result<Filter, Fault> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, at: 0, depth: 0, schema, context, fields: BTreeSet::new() };
    let expr = parser.any()?;
    match parser.peek() {
        None => Ok(Filter { expr, fields: parser.fields }),
        Some(_) => Err(parser.surprise(words!("`and`, `or` or the end", "`and`、`or` 或结尾"))),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    schema: &'a dyn Schema,
    context: &'a Context<'a>,
    fields: BTreeSet<String>,
}

type Parsed<T> = std::result::Result<T, Fault>;

impl<'a> Parser<'a> {
    fn any(&mut self) -> Parsed<Expr> {
        let mut parts = Vec::new();
        loop {
            match self.all()? {
                Expr::Any(inner) => parts.extend(inner),
                part => parts.push(part),
            }
            if !self.take_word("or") {
                return Ok(one_or(parts, Expr::Any));
            }
        }
    }

    fn all(&mut self) -> Parsed<Expr> {
        let mut parts = Vec::new();
        loop {
            match self.not()? {
                Expr::All(inner) => parts.extend(inner),
                part => parts.push(part),
            }
            if !self.take_word("and") {
                return Ok(one_or(parts, Expr::All));
            }
        }
    }

    fn not(&mut self) -> Parsed<Expr> {
        let place = self.place();
        let negated = self.take_word("not");
        if !negated && self.peek() != Some(&TokenKind::Open) {
            return self.test().map(Expr::Test);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = words!("nested deeper than {MAX_DEPTH}", "嵌套超过 {MAX_DEPTH} 层");
            return Err(Fault::new(self.text, place, message));
        }
        let inner = if negated { Expr::Not(Box::new(self.not()?)) } else { self.group()? };
        self.depth -= 1;
        Ok(inner)
    }

    fn group(&mut self) -> Parsed<Expr> {
        self.at += 1;
        let inner = self.any()?;
        self.expect(&TokenKind::Close, words!("`)`", "`)`"))?;
        Ok(inner)
    }

    fn test(&mut self) -> Parsed<Test> {
        let field = self.field()?;
        let place = self.place();
        let op = self.op()?;
        resolve::check_op(&field, op).map_err(|message| Fault::new(self.text, place, message))?;
        let operands = match op {
            Op::Missing | Op::Present => Vec::new(),
            Op::In | Op::NotIn => self.list(&field, op)?,
            _ => vec![self.operand(&field, op)?],
        };
        self.fields.insert(field.key.clone());
        Ok(Test { field, op, operands })
    }

    fn field(&mut self) -> Parsed<FieldRef> {
        let place = self.place();
        let name = match self.peek() {
            Some(TokenKind::Word(name) | TokenKind::Quoted(name)) => name,
            _ => return Err(self.surprise(words!("the name of a field", "字段名"))),
        };
        self.at += 1;
        let unknown = || resolve::unknown_field(self.text, place, name, self.schema);
        self.schema.find(name).ok_or_else(unknown)
    }

    fn op(&mut self) -> Parsed<Op> {
        if let Some(TokenKind::Sign(op)) = self.peek() {
            self.at += 1;
            return Ok(*op);
        }
        for (words, op) in [
            (&["has"][..], Op::Has),
            (&["in"], Op::In),
            (&["not", "in"], Op::NotIn),
            (&["is", "missing"], Op::Missing),
            (&["is", "not", "missing"], Op::Present),
        ] {
            if self.take_words(words) {
                return Ok(op);
            }
        }
        Err(self.surprise(words!(
            "a comparison such as `=`, `~`, `in` or `is missing`",
            "`=`、`~`、`in`、`is missing` 等比较"
        )))
    }

    fn list(&mut self, field: &FieldRef, op: Op) -> Parsed<Vec<super::Operand>> {
        self.expect(&TokenKind::Open, words!("`(`", "`(`"))?;
        let mut operands = vec![self.operand(field, op)?];
        while self.peek() == Some(&TokenKind::Comma) {
            self.at += 1;
            operands.push(self.operand(field, op)?);
        }
        self.expect(&TokenKind::Close, words!("`,` or `)`", "`,` 或 `)`"))?;
        Ok(operands)
    }

    fn operand(&mut self, field: &FieldRef, op: Op) -> Parsed<super::Operand> {
        let place = self.place();
        let (text, bare) = match self.peek() {
            Some(TokenKind::Word(text)) => (text, true),
            Some(TokenKind::Quoted(text)) => (text, false),
            _ => return Err(self.surprise(words!("a value", "值"))),
        };
        self.at += 1;
        let value = resolve::Written { text, bare };
        resolve::operand(field, op, value, self.schema, self.context)
            .map_err(|wrong| Fault::new(self.text, place, wrong.message).hint(wrong.hint))
    }

    fn peek(&self) -> Option<&'a TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    /// Returns the place of the next token, or the end.
    fn place(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.text.len()..self.text.len(), |token| token.at.clone())
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.take_words(&[word])
    }

    /// Takes these words, or none of them.
    fn take_words(&mut self, words: &[&str]) -> bool {
        let next = self.tokens.get(self.at..).unwrap_or_default();
        let fits = next.len() >= words.len()
            && words.iter().zip(next).all(|(word, token)| match &token.kind {
                TokenKind::Word(found) => fold(found) == *word,
                _ => false,
            });
        self.at += if fits { words.len() } else { 0 };
        fits
    }

    fn expect(&mut self, wanted: &TokenKind, what: Words) -> Parsed<()> {
        if self.peek() != Some(wanted) {
            return Err(self.surprise(what));
        }
        self.at += 1;
        Ok(())
    }

    /// Makes the fault that something else was expected here.
    fn surprise(&self, wanted: Words) -> Fault {
        let place = self.place();
        let Words { en, zh } = wanted;
        let message = match self.text.get(place.clone()).filter(|found| !found.is_empty()) {
            Some(found) => {
                let found = crate::record::input::shorten(found);
                words!("expected {en}, found `{found}`", "此处应为{zh}，而不是“{found}”")
            }
            None => words!("expected {en}, found the end", "此处应为{zh}，但条件已结束"),
        };
        let after_value = matches!(self.peek(), Some(TokenKind::Word(_))) && self.at > 2;
        let hint = words!("put a value with spaces in quotes", "含空格的值请加引号");
        Fault::new(self.text, place, message).hint(after_value.then_some(hint))
    }
}

fn one_or(mut parts: Vec<Expr>, several: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.len() {
        1 => parts.remove(0),
        _ => several(parts),
    }
}
