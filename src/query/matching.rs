//! Asking a row whether it fits a filter.

use super::ast::{Expr, Filter, Guess, Op, Operand, Test};
use super::days::Days;
use super::schema::{Datum, Values};
use super::text::{fold, is_folded, natural_cmp};
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::cmp::Ordering;

impl Filter {
    /// Tells whether the row fits.
    pub fn matches(&self, row: &dyn Values) -> bool {
        self.expr.matches(row)
    }
}

impl Expr {
    fn matches(&self, row: &dyn Values) -> bool {
        match self {
            Expr::All(parts) => parts.iter().all(|part| part.matches(row)),
            Expr::Any(parts) => parts.iter().any(|part| part.matches(row)),
            Expr::Not(inner) => !inner.matches(row),
            Expr::Test(test) => test.matches(row),
        }
    }
}

impl Test {
    fn matches(&self, row: &dyn Values) -> bool {
        let fits = |op: Op| row.any(&self.field.key, &mut |datum| self.operands.iter().any(|o| o.fits(op, datum)));
        match self.op {
            Op::Present => row.any(&self.field.key, &mut |_| true),
            Op::Missing => !row.any(&self.field.key, &mut |_| true),
            Op::Ne | Op::NotIn => !fits(Op::Eq),
            Op::In | Op::Has => fits(Op::Eq),
            op => fits(op),
        }
    }
}

impl Operand {
    fn fits(&self, op: Op, datum: Datum<'_>) -> bool {
        match (self, datum) {
            (Operand::Text(_, folded), Datum::Text(found)) => fits_text(op, found, folded),
            (Operand::Key(_, keys), Datum::Text(found)) => keys.iter().any(|key| key == found),
            (Operand::KeyPart(_, folded, keys), Datum::Text(found)) => {
                keys.iter().any(|key| key == found) || fold(found).contains(folded)
            }
            (Operand::Number(number), Datum::Number(found)) => holds(op, found.cmp(number)),
            (Operand::Money(money), Datum::Number(found)) => holds(op, found.cmp(&money.0)),
            (Operand::Flag(flag), Datum::Flag(found)) => *flag == found,
            (Operand::Days(days, _), Datum::Date(found)) => holds(op, place(found, days)),
            (Operand::Days(_, bounds), Datum::Moment(found)) => holds(op, place_of_moment(found, bounds)),
            (Operand::Moment(moment), Datum::Moment(found)) => holds(op, found.cmp(moment)),
            (Operand::Custom(guess), found) => fits_guess(op, found, guess),
            _ => false,
        }
    }
}

fn fits_text(op: Op, found: &str, folded: &str) -> bool {
    match op {
        Op::Eq => is_folded(found, folded),
        Op::Contains => fold(found).contains(folded),
        _ => holds(op, natural_cmp(&fold(found), folded)),
    }
}

/// Compares a custom value as what it is; a text that is a number with a number, as such.
fn fits_guess(op: Op, found: Datum<'_>, guess: &Guess) -> bool {
    match found {
        Datum::Text(found) => match (guess.number, crate::record::Money::parse(found)) {
            (Some(number), Some(found)) if op != Op::Contains => holds(op, found.0.cmp(&number)),
            _ => fits_text(op, found, &guess.folded),
        },
        Datum::Number(found) => guess.number.is_some_and(|number| holds(op, found.cmp(&number))),
        Datum::Flag(found) => op == Op::Eq && guess.flag == Some(found),
        Datum::Date(found) => guess.days.is_some_and(|(days, _)| holds(op, place(found, &days))),
        Datum::Moment(found) => guess.days.is_some_and(|(_, bounds)| holds(op, place_of_moment(found, &bounds))),
        Datum::Table => false,
    }
}

/// Tells whether the comparison holds when the value stands so to the operand.
fn holds(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        _ => false,
    }
}

/// Places a day before, within or after days.
fn place(day: NaiveDate, days: &Days) -> Ordering {
    if day < days.first {
        Ordering::Less
    } else if day > days.last {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// Places a moment before, within or after days, given by their begin and end.
fn place_of_moment(moment: DateTime<FixedOffset>, [start, end]: &[DateTime<FixedOffset>; 2]) -> Ordering {
    if moment < *start {
        Ordering::Less
    } else if moment >= *end {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}
