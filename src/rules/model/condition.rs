//! A condition in a model: a filter over the stored fields of a lead, and the place it stands at.

use crate::query::{Context, Expr, Fault, Filter, Op, Operand, read};
use crate::record::{Dictionary, Finding, LEAD, Problem, Row};
use crate::rules::listing::RecordSchema;
use rust_decimal::Decimal;

/// A condition over the stored fields of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    filter: Filter,
    place: Place,
}

/// Where a text stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub path: String,
    pub line: usize,
    pub column: usize,
    /// Whether the text stands there letter by letter, so that a place in it can be counted on from here.
    pub verbatim: bool,
}

/// The values of a number field that a condition takes, each end with whether it is left out.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    low: Option<(Decimal, bool)>,
    high: Option<(Decimal, bool)>,
}

impl Condition {
    /// Reads a condition; days counted from today and `me` are refused.
    pub(super) fn read(text: &str, place: Place) -> Result<Condition, Finding> {
        match read(text, &RecordSchema::stored(LEAD, None), &Context::default()) {
            Ok(filter) => Ok(Condition { text: text.to_string(), filter, place }),
            Err(fault) => Err(place.finding(fault)),
        }
    }

    /// Reads the condition again with the keys of the dictionary; returns what it does not know.
    pub(super) fn bind(&mut self, dictionary: &Dictionary) -> Option<Finding> {
        match read(&self.text, &RecordSchema::stored(LEAD, Some(dictionary)), &Context::default()) {
            Ok(filter) => {
                self.filter = filter;
                None
            }
            Err(fault) => Some(self.place.finding(fault)),
        }
    }

    /// Returns the filter.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Tells whether it holds for a lead.
    pub fn holds(&self, lead: &Row) -> bool {
        self.filter.matches(lead)
    }

    /// Tells whether it plainly holds wherever `other` does: the same condition, or a wider range of one field.
    ///
    /// What it cannot tell, such as about different fields, it denies.
    pub(super) fn covers(&self, other: &Condition) -> bool {
        if self.filter == other.filter {
            return true;
        }
        match (range(&self.filter), range(&other.filter)) {
            (Some((one, wide)), Some((two, narrow))) => one == two && wide.holds(&narrow),
            _ => false,
        }
    }
}

impl Place {
    fn finding(&self, fault: Fault) -> Finding {
        let column = self.column + if self.verbatim { fault.at.start + 1 } else { 0 };
        let problem = Problem::error("scoring-condition", "", fault.message);
        let problem = Problem { field: None, mend: fault.hints.into_iter().next(), ..problem };
        Finding { path: self.path.clone(), line: self.line, column, problem }
    }
}

/// Returns the range of a filter that is a comparison of one field with a number.
fn range(filter: &Filter) -> Option<(&str, Range)> {
    let Expr::Test(test) = &filter.expr else { return None };
    let number = match test.operands.first()? {
        Operand::Number(number) => *number,
        Operand::Money(money) => money.0,
        _ => return None,
    };
    let (low, high) = match test.op {
        Op::Eq => (Some((number, false)), Some((number, false))),
        Op::Ge => (Some((number, false)), None),
        Op::Gt => (Some((number, true)), None),
        Op::Le => (None, Some((number, false))),
        Op::Lt => (None, Some((number, true))),
        _ => return None,
    };
    Some((&test.field.key, Range { low, high }))
}

impl Range {
    /// Tells whether all of `inner` lies within.
    fn holds(&self, inner: &Range) -> bool {
        let low = match (self.low, inner.low) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((outer, open)), Some((inner, inner_open))) => outer < inner || outer == inner && open <= inner_open,
        };
        let high = match (self.high, inner.high) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((outer, open)), Some((inner, inner_open))) => outer > inner || outer == inner && open <= inner_open,
        };
        low && high
    }
}
