//! The filter language: one for list, report, smart tags, segments, assignment and bulk changes.
//!
//! `grade = A and acquired_on >= 2026-01-01 and tags has 展会` is read by [`parse`] against a
//! [`Schema`] (what the fields are called and what they hold) into a [`Filter`], which asks a row of
//! [`Values`]. Names, keys, amounts and days are resolved while reading, so that matching compares
//! typed values only and a mistake is shown before any record is read.
//!
//! *Grammar*
//!
//! ```text
//! filter  = and { "or" and }
//! and     = not { "and" not }
//! not     = "not" not | "(" filter ")" | test
//! test    = name ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "has" ) value
//!         | name [ "not" ] "in" "(" value { "," value } ")"
//!         | name "is" [ "not" ] "missing"
//! ```
//!
//! *Invariants:* a filter prints in a canonical form that reads back as the same filter; no text makes
//! reading panic or recurse without bound; `a != b` is exactly `not a = b`, so it holds where `a` is
//! missing, while every other comparison with a missing value is false; a field with many values fits
//! when any one of them does.
//!
//! *Absent on purpose:* clock and user, which the [`Context`] carries; the rules that compute fields,
//! which stand behind [`Values`].

mod ast;
mod days;
mod fault;
mod lexer;
mod matching;
mod parser;
mod resolve;
mod schema;
mod text;

pub use ast::{Expr, Filter, Op, Operand, Test};
pub use days::Days;
pub use fault::Fault;
pub use parser::{Context, parse, parse_in, read};
pub use resolve::nearest_names;
pub use schema::{Datum, FieldRef, Names, Person, Schema, Type, Values, visit_value};
pub use text::{fold, natural_cmp};

#[cfg(test)]
mod tests;
