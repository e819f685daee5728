//! A filter that was read: names found, values typed; and its canonical text.

use super::days::Days;
use super::lexer::is_bare;
use super::schema::FieldRef;
use super::text::fold;
use crate::record::Money;
use chrono::{DateTime, FixedOffset};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::fmt;

/// A filter over rows of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What must hold.
    pub expr: Expr,
    pub(super) fields: BTreeSet<String>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of these, two at least, none of them `All`.
    All(Vec<Expr>),
    /// Any of these, two at least, none of them `Any`.
    Any(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// A comparison.
    Test(Test),
}

/// A comparison of a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The field.
    pub field: FieldRef,
    /// How it is compared.
    pub op: Op,
    /// With what: one operand, none for `is missing`, one or more for `in`.
    pub operands: Vec<Operand>,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Eq,
    /// `!=`, the opposite of `=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `~`
    Contains,
    /// `has`
    Has,
    /// `in (…)`
    In,
    /// `not in (…)`, the opposite of `in`
    NotIn,
    /// `is missing`
    Missing,
    /// `is not missing`
    Present,
}

/// What a field is compared with, typed as the field.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// Text as written, and folded.
    Text(String, String),
    /// A key, and the keys of the entries that belong to it, itself first.
    Key(String, Vec<String>),
    /// A part of a key or its names as written and folded, and the keys it is a part of.
    KeyPart(String, String, Vec<String>),
    /// A number.
    Number(Decimal),
    /// An amount.
    Money(Money),
    /// Yes or no.
    Flag(bool),
    /// Days, and the moments at which they begin and end.
    Days(Days, [DateTime<FixedOffset>; 2]),
    /// A moment.
    Moment(DateTime<FixedOffset>),
    /// Text that a custom field may be compared with as whatever it is.
    Custom(Box<Guess>),
}

/// What a text may be, all at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// As written.
    pub text: String,
    /// Folded.
    pub folded: String,
    /// The number it is, if any.
    pub number: Option<Decimal>,
    /// Yes or no, if it is.
    pub flag: Option<bool>,
    /// The days it names, if any.
    pub days: Option<(Days, [DateTime<FixedOffset>; 2])>,
}

impl Filter {
    /// Returns the canonical names of the fields it asks for.
    pub fn fields(&self) -> &BTreeSet<String> {
        &self.fields
    }
}

impl Op {
    /// Returns the word or sign.
    pub fn sign(self) -> &'static str {
        match self {
            Op::Eq => "=",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::Contains => "~",
            Op::Has => "has",
            Op::In => "in",
            Op::NotIn => "not in",
            Op::Missing => "is missing",
            Op::Present => "is not missing",
        }
    }

    /// Tells whether it asks which comes first.
    pub fn is_order(self) -> bool {
        matches!(self, Op::Lt | Op::Le | Op::Gt | Op::Ge)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            Expr::All(parts) => (parts, " and "),
            Expr::Any(parts) => (parts, " or "),
            Expr::Not(inner) => {
                f.write_str("not ")?;
                return write_part(f, inner);
            }
            Expr::Test(test) => return test.fmt(f),
        };
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                f.write_str(word)?;
            }
            write_part(f, part)?;
        }
        Ok(())
    }
}

fn write_part(f: &mut fmt::Formatter<'_>, part: &Expr) -> fmt::Result {
    match part {
        Expr::All(_) | Expr::Any(_) => write!(f, "({part})"),
        _ => write!(f, "{part}"),
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", quoted(&self.field.key), self.op.sign())?;
        let several = matches!(self.op, Op::In | Op::NotIn);
        for (at, operand) in self.operands.iter().enumerate() {
            let before = match (several, at) {
                (true, 0) => " (",
                (true, _) => ", ",
                (false, _) => " ",
            };
            write!(f, "{before}{operand}")?;
        }
        f.write_str(if several { ")" } else { "" })
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Text(text, folded) if is_self(folded) => write!(f, "\"{text}\""),
            Operand::Text(text, _) | Operand::Key(text, _) | Operand::KeyPart(text, ..) => f.write_str(&quoted(text)),
            Operand::Custom(guess) => f.write_str(&quoted(&guess.text)),
            Operand::Number(number) => write!(f, "{}", number.normalize()),
            Operand::Money(money) => write!(f, "{money}"),
            Operand::Flag(flag) => f.write_str(if *flag { "yes" } else { "no" }),
            Operand::Days(days, _) => write!(f, "{days}"),
            Operand::Moment(moment) => f.write_str(&moment.to_rfc3339()),
        }
    }
}

/// Tells whether a bare value, folded, names the user who asks.
pub(super) fn is_self(folded: &str) -> bool {
    matches!(fold(folded).as_str(), "me" | "我")
}

/// Returns the text, in quotes where it would not be read as one word.
fn quoted(text: &str) -> String {
    if is_bare(text) { text.to_string() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
