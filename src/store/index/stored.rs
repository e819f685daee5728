//! Records and findings as the index keeps them: fields by place, texts borrowed from the chunk.

use crate::record::{Field, Finding, Money, Problem, Row, Severity, Value, Words, table_fields};
use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The codes of findings that follow from a file's content alone, and so may be kept.
const CODES: [&str; 6] = ["toml-syntax", "conflict-marker", "encoding", "unknown-field", "type-mismatch", "too-large"];

/// A row.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredRow<'a> {
    #[serde(borrow)]
    values: Vec<(u16, StoredValue<'a>)>,
    custom: Vec<(&'a str, StoredValue<'a>)>,
}

/// A value.
#[derive(Serialize, Deserialize)]
enum StoredValue<'a> {
    Text(&'a str),
    Integer(i64),
    Flag(bool),
    Money([u8; 16]),
    /// Days from the first of January of year 1.
    Date(i32),
    /// Seconds since 1970, nanoseconds, seconds east of UTC.
    Moment(i64, u32, i32),
    #[serde(borrow)]
    Texts(Vec<&'a str>),
    Rows(Vec<StoredRow<'a>>),
    Odd(&'a str),
}

impl<'a> StoredRow<'a> {
    /// Borrows a row to be written.
    pub(super) fn new(row: &'a Row) -> StoredRow<'a> {
        let values = row.placed().iter().map(|(at, value)| (*at, StoredValue::new(value)));
        let custom = row.custom().iter().map(|(name, value)| (&**name, StoredValue::new(value)));
        StoredRow { values: values.collect(), custom: custom.collect() }
    }

    /// Makes the row; nothing when it does not fit the declaration.
    pub(super) fn row(self, fields: &'static [Field]) -> Option<Row> {
        let mut values = Vec::with_capacity(self.values.len());
        for (at, value) in self.values {
            values.push((at, value.value(table_fields(fields.get(usize::from(at))?))?));
        }
        let custom = self.custom.into_iter().map(|(name, value)| Some((name.into(), value.value(None)?)));
        Row::from_parts(fields, values, custom.collect::<Option<_>>()?)
    }
}

impl<'a> StoredValue<'a> {
    fn new(value: &'a Value) -> StoredValue<'a> {
        match value {
            Value::Text(text) => StoredValue::Text(text),
            Value::Integer(n) => StoredValue::Integer(*n),
            Value::Flag(yes) => StoredValue::Flag(*yes),
            Value::Money(money) => StoredValue::Money(money.0.serialize()),
            Value::Date(day) => StoredValue::Date(chrono::Datelike::num_days_from_ce(day)),
            Value::Moment(at) => {
                StoredValue::Moment(at.timestamp(), at.timestamp_subsec_nanos(), at.offset().local_minus_utc())
            }
            Value::Texts(texts) => StoredValue::Texts(texts.iter().map(|text| &**text).collect()),
            Value::Rows(rows) => StoredValue::Rows(rows.iter().map(StoredRow::new).collect()),
            Value::Odd(toml) => StoredValue::Odd(toml),
        }
    }

    /// Makes the value; `inner` are the fields of a table field's rows.
    fn value(self, inner: Option<&'static [Field]>) -> Option<Value> {
        Some(match self {
            StoredValue::Text(text) => Value::text(text),
            StoredValue::Integer(n) => Value::Integer(n),
            StoredValue::Flag(yes) => Value::Flag(yes),
            StoredValue::Money(bytes) => Value::Money(Money(Decimal::deserialize(bytes))),
            StoredValue::Date(days) => Value::Date(NaiveDate::from_num_days_from_ce_opt(days)?),
            StoredValue::Moment(seconds, nanos, offset) => {
                let utc = DateTime::from_timestamp(seconds, nanos)?;
                Value::Moment(utc.with_timezone(&FixedOffset::east_opt(offset)?))
            }
            StoredValue::Texts(texts) => Value::Texts(texts.into_iter().map(Into::into).collect()),
            StoredValue::Rows(rows) => {
                let inner = inner?;
                Value::Rows(rows.into_iter().map(|row| row.row(inner)).collect::<Option<_>>()?)
            }
            StoredValue::Odd(toml) => Value::Odd(toml.into()),
        })
    }
}

/// A finding, without its path.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredFinding<'a> {
    line: usize,
    column: usize,
    code: &'a str,
    error: bool,
    field: Option<&'a str>,
    message: (&'a str, &'a str),
    mend: Option<(&'a str, &'a str)>,
}

impl<'a> StoredFinding<'a> {
    /// Borrows a finding to be written.
    pub(super) fn new(finding: &'a Finding) -> StoredFinding<'a> {
        let problem = &finding.problem;
        StoredFinding {
            line: finding.line,
            column: finding.column,
            code: problem.code,
            error: problem.severity == Severity::Error,
            field: problem.field.as_deref(),
            message: pair(&problem.message),
            mend: problem.mend.as_ref().map(pair),
        }
    }

    /// Makes the finding; nothing when its code is not known.
    pub(super) fn finding(self, path: &str) -> Option<Finding> {
        let problem = Problem {
            code: CODES.into_iter().find(|code| *code == self.code)?,
            severity: if self.error { Severity::Error } else { Severity::Warning },
            field: self.field.map(Into::into),
            message: words(self.message),
            mend: self.mend.map(words),
        };
        Some(Finding { path: path.into(), line: self.line, column: self.column, problem })
    }
}

fn pair(words: &Words) -> (&str, &str) {
    (&words.en, &words.zh)
}

fn words((en, zh): (&str, &str)) -> Words {
    Words { en: en.to_string().into(), zh: zh.to_string().into() }
}
