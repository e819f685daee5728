//! A typed table: what lists and reports make, and outputs draw.
//!
//! Reports compute sheets; outputs draw them. A cell keeps its type until it is drawn, so that a
//! spreadsheet gets numbers and days, JSON gets exact text, and a terminal gets aligned columns.

pub mod formula;

use crate::record::{Label, Lang, Money, Words};
use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing known.
    Empty,
    /// Text that is data: a name, a number of a record.
    Text(String),
    /// Text in both languages: a label of a dictionary key, with the key itself for JSON.
    Label(String, Words),
    /// A count.
    Integer(i64),
    /// A number that is for or against: `+2`.
    Signed(i64),
    /// A plain decimal: points, days.
    Decimal(Decimal),
    /// A share, 0.6315 for 63.15 %.
    Ratio(Decimal),
    /// An amount.
    Money(Money),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Moment(DateTime<FixedOffset>),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    List(Vec<String>),
}

/// What the cells of a column are, which decides alignment and number format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Left-aligned.
    Text,
    /// Right-aligned count.
    Integer,
    /// Right-aligned decimal.
    Decimal,
    /// Right-aligned per cent.
    Ratio,
    /// Right-aligned amount.
    Money,
    /// A day.
    Date,
    /// A moment.
    Moment,
}

impl ColumnType {
    /// Tells whether the column is drawn flush right.
    pub fn is_number(self) -> bool {
        matches!(self, ColumnType::Integer | ColumnType::Decimal | ColumnType::Ratio | ColumnType::Money)
    }
}

/// A column of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name in JSON, snake_case.
    pub key: String,
    /// Its heading.
    pub label: Words,
    /// What its cells are.
    pub ty: ColumnType,
    /// What becomes of it where a screen is too narrow.
    pub weight: Weight,
}

/// What a narrow screen takes from a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// It is cut only when no other column can be.
    Main,
    /// It is cut where it is wide.
    #[default]
    Usual,
    /// It is left out before the main column is cut.
    Spare,
}

impl Column {
    /// Makes a column.
    pub fn new(key: impl Into<String>, label: impl Into<Words>, ty: ColumnType) -> Column {
        Column { key: key.into(), label: label.into(), ty, weight: Weight::default() }
    }

    /// Makes a column with a heading in both languages.
    pub fn of(key: impl Into<String>, en: &'static str, zh: &'static str, ty: ColumnType) -> Column {
        Column::new(key, Label::new(en, zh), ty)
    }

    /// Makes a column of texts with a heading in both languages.
    pub fn text(key: impl Into<String>, en: &'static str, zh: &'static str) -> Column {
        Column::of(key, en, zh, ColumnType::Text)
    }

    /// Returns the column with another weight.
    pub fn weighing(self, weight: Weight) -> Column {
        Column { weight, ..self }
    }
}

/// A table with named, typed columns; every row has one cell a column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Its name in JSON and as a worksheet, snake_case.
    pub key: String,
    /// Its heading; empty for none.
    pub title: Words,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// A last row of sums, one cell a column, where sums make sense.
    pub total: Option<Vec<Cell>>,
    /// What is printed under it: definitions, what was left out.
    pub notes: Vec<Words>,
    /// Whether a screen breaks long texts into lines rather than cut them: a card has nowhere else to show them.
    pub whole: bool,
    /// Whether a screen leaves the headings out: labels beside their values need none.
    pub headless: bool,
}

/// What a report returns: facts, tables and the definition, all as of one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// The name typed on the command line: `weekly`.
    pub name: String,
    /// Its heading.
    pub title: Words,
    /// Lines under the heading, label and value: period, as of, commit, filters.
    pub facts: Vec<Fact>,
    /// Its tables, in order.
    pub sheets: Vec<Sheet>,
    /// The definition of every figure, printed under the tables.
    pub definition: Vec<Words>,
}

/// A line under a document's heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its name in JSON, snake_case.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// Its value.
    pub value: Cell,
}

impl Fact {
    /// Makes a fact.
    pub fn new(key: impl Into<String>, label: impl Into<Words>, value: Cell) -> Fact {
        Fact { key: key.into(), label: label.into(), value }
    }
}

impl Sheet {
    /// Makes a sheet without rows.
    pub fn new(key: impl Into<String>, title: Words, columns: Vec<Column>) -> Sheet {
        Sheet { key: key.into(), title, columns, ..Sheet::default() }
    }

    /// Keeps the columns at places for which `keep` holds, with their cells.
    pub fn keep_columns(&mut self, keep: impl Fn(usize) -> bool) {
        fn pick<T>(all: &mut Vec<T>, keep: &impl Fn(usize) -> bool) {
            let mut at = 0..;
            all.retain(|_| at.next().is_some_and(keep));
        }
        pick(&mut self.columns, &keep);
        self.rows.iter_mut().chain(&mut self.total).for_each(|row| pick(row, &keep));
    }

    /// Leaves out the columns in which no row has anything, if there are rows.
    pub fn drop_empty_columns(&mut self) {
        let is_filled = |at: usize| self.rows.iter().any(|row| row.get(at).is_some_and(|cell| *cell != Cell::Empty));
        let filled: Vec<bool> = (0..self.columns.len()).map(is_filled).collect();
        if filled.contains(&true) {
            self.keep_columns(|at| filled[at]);
        }
    }
}

impl Cell {
    /// Makes a text cell.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// Makes a text cell from what may be absent.
    pub fn maybe(text: Option<&str>) -> Cell {
        text.map_or(Cell::Empty, Cell::text)
    }

    /// Makes a count.
    pub fn count(count: usize) -> Cell {
        Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Makes the share `part` of `whole`, empty when there is no whole.
    pub fn share(part: usize, whole: usize) -> Cell {
        if whole == 0 { Cell::Empty } else { Cell::Ratio(Decimal::from(part) / Decimal::from(whole)) }
    }

    /// Returns the text a person reads, in `lang`: per cent with one decimal, money with two decimals
    /// and thousands marks, moments to the minute.
    pub fn display(&self, lang: Lang) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Label(_, words) => words.get(lang).to_string(),
            Cell::Integer(n) => n.to_string(),
            Cell::Signed(0) => "0".to_string(),
            Cell::Signed(n) => format!("{n:+}"),
            Cell::Decimal(n) => n.normalize().to_string(),
            Cell::Ratio(share) => match share.checked_mul(Decimal::ONE_HUNDRED) {
                Some(per_cent) => format!("{:.1}%", round(per_cent, 1)),
                None => share.to_string(),
            },
            Cell::Money(money) => group_thousands(&format!("{:.2}", round(money.0, 2))),
            Cell::Date(day) => day.to_string(),
            Cell::Moment(moment) => moment.format("%Y-%m-%d %H:%M").to_string(),
            Cell::Flag(yes) => match (lang, yes) {
                (Lang::En, true) => "yes",
                (Lang::En, false) => "no",
                (Lang::Zh, true) => "是",
                (Lang::Zh, false) => "否",
            }
            .to_string(),
            Cell::List(texts) => texts.join(if lang == Lang::Zh { "、" } else { ", " }),
        }
    }
}

/// Rounds half away from zero, as people do; formatting a decimal with a precision cuts it instead.
fn round(number: Decimal, places: u32) -> Decimal {
    number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

/// Groups the digits before the point by three: `-1234567.00` → `-1,234,567.00`.
fn group_thousands(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::from(sign);
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(c);
    }
    if !fraction.is_empty() {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped() {
        let money = |n: i64| Cell::Money(Money(Decimal::new(n, 2))).display(Lang::En);
        assert_eq!(money(123456789), "1,234,567.89");
        assert_eq!(money(-100000), "-1,000.00");
        assert_eq!(money(99900), "999.00");
        assert_eq!(Cell::Money(Money(Decimal::new(1_005, 3))).display(Lang::En), "1.01");
    }

    #[test]
    fn empty_columns_are_dropped() {
        let column = |key: &str| Column::new(key, Words::same(key), ColumnType::Text);
        let mut sheet = Sheet::new("x", Words::default(), vec![column("a"), column("b"), column("c")]);
        sheet.drop_empty_columns();
        assert_eq!(sheet.columns.len(), 3, "headings of nothing stay");
        sheet.rows.push(vec![Cell::text("1"), Cell::Empty, Cell::text("2")]);
        sheet.drop_empty_columns();
        assert_eq!(sheet.columns.iter().map(|column| column.key.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(sheet.rows, [[Cell::text("1"), Cell::text("2")]]);
    }

    #[test]
    fn shares() {
        assert_eq!(Cell::share(1, 3).display(Lang::En), "33.3%");
        assert_eq!(Cell::share(2, 3).display(Lang::En), "66.7%");
        assert_eq!(Cell::share(0, 0), Cell::Empty);
        assert_eq!(Cell::Ratio(Decimal::MAX).display(Lang::En), Decimal::MAX.to_string());
    }
}
