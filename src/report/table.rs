//! Figures counted by the places of one or more sides, drawn as a sheet with its sums.
//!
//! *Invariant:* the total is the sum of the rows' figures, and a share in it is made of those sums;
//! so the parts always add up to the whole.

use super::axis::{Axis, Place};
use crate::record::{Label, Money, Words};
use crate::rules::model::Grade;
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// Declares a row's figures: fields that start at nothing and add up.
macro_rules! figures {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name { $($(#[$doc])* pub $field: $ty),* }

        impl std::ops::AddAssign<&$name> for $name {
            fn add_assign(&mut self, other: &$name) {
                $(self.$field += &other.$field;)*
            }
        }
    };
}
pub(super) use figures;

/// Counts by a running number: of a grade, best first, or of a step of the funnel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PerRank(Vec<usize>);

impl PerRank {
    /// Counts one more of a rank.
    pub fn count(&mut self, rank: usize) {
        if self.0.len() <= rank {
            self.0.resize(rank + 1, 0);
        }
        self.0[rank] += 1;
    }

    /// Returns the count of a rank.
    pub fn get(&self, rank: usize) -> usize {
        self.0.get(rank).copied().unwrap_or(0)
    }
}

impl AddAssign<&PerRank> for PerRank {
    fn add_assign(&mut self, other: &PerRank) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += theirs;
        }
    }
}

/// A sum of money in the repository's currency; ends at the largest there is, since what records say ends no report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub Decimal);

impl Amount {
    /// Returns it as a cell.
    pub fn cell(self) -> Cell {
        Cell::Money(Money(self.0))
    }
}

impl AddAssign<&Amount> for Amount {
    fn add_assign(&mut self, other: &Amount) {
        self.0 = self.0.saturating_add(other.0);
    }
}

/// Adds an amount that may not be stated.
impl AddAssign<Option<Money>> for Amount {
    fn add_assign(&mut self, money: Option<Money>) {
        self.0 = self.0.saturating_add(money.unwrap_or_default().0);
    }
}

/// Makes the share `part` of `whole`, empty when there is no whole.
pub fn quotient(part: Decimal, whole: Decimal) -> Cell {
    part.checked_div(whole).map_or(Cell::Empty, Cell::Ratio)
}

/// How a cell is made of a row's figures.
type CellOf<F> = Box<dyn Fn(&F) -> Cell>;

/// A column of a table: its heading, and how its cell is made of a row's figures.
pub struct Figure<F> {
    column: Column,
    cell: CellOf<F>,
}

impl<F> Figure<F> {
    /// Makes a column of any cells.
    pub fn of(column: Column, cell: impl Fn(&F) -> Cell + 'static) -> Figure<F> {
        Figure { column, cell: Box::new(cell) }
    }

    /// Makes a column of counts.
    pub fn count(key: &str, en: &'static str, zh: &'static str, get: impl Fn(&F) -> usize + 'static) -> Figure<F> {
        let column = Column::of(key, en, zh, ColumnType::Integer);
        Figure { column, cell: Box::new(move |row| Cell::count(get(row))) }
    }

    /// Makes a column of shares, part and whole; empty where there is no whole.
    pub fn share(
        key: &str,
        en: &'static str,
        zh: &'static str,
        get: impl Fn(&F) -> (usize, usize) + 'static,
    ) -> Figure<F> {
        let column = Column::of(key, en, zh, ColumnType::Ratio);
        let cell = move |row: &F| {
            let (part, whole) = get(row);
            Cell::share(part, whole)
        };
        Figure { column, cell: Box::new(cell) }
    }

    /// Makes a column of counts under a heading that is data.
    pub fn count_of(column: Column, get: impl Fn(&F) -> usize + 'static) -> Figure<F> {
        Figure { column, cell: Box::new(move |row| Cell::count(get(row))) }
    }

    /// Makes a column of sums of money.
    pub fn amount(key: &str, en: &'static str, zh: &'static str, get: impl Fn(&F) -> Amount + 'static) -> Figure<F> {
        Figure::money(key, en, zh, move |row| get(row).cell())
    }

    /// Makes a column of amounts.
    pub fn money(key: &str, en: &'static str, zh: &'static str, cell: impl Fn(&F) -> Cell + 'static) -> Figure<F> {
        Figure { column: Column::of(key, en, zh, ColumnType::Money), cell: Box::new(cell) }
    }

    /// Makes a column of means, sum and count, to one decimal; empty where there is nothing to divide by.
    pub fn mean(
        key: &str,
        en: &'static str,
        zh: &'static str,
        get: impl Fn(&F) -> (Decimal, usize) + 'static,
    ) -> Figure<F> {
        let column = Column::of(key, en, zh, ColumnType::Decimal);
        let cell = move |row: &F| match get(row) {
            (_, 0) => Cell::Empty,
            (sum, count) => Cell::Decimal((sum / Decimal::from(count)).round_dp(1)),
        };
        Figure { column, cell: Box::new(cell) }
    }

    /// Makes one column of counts a grade, best first.
    pub fn grades(grades: &[Grade], get: impl Fn(&F) -> &PerRank + Copy + 'static) -> Vec<Figure<F>> {
        let one = |(at, grade): (usize, &Grade)| {
            let column = Column::new(format!("grade_{}", grade.key), Words::same(&grade.key), ColumnType::Integer);
            Figure::count_of(column, move |row| get(row).get(at))
        };
        grades.iter().enumerate().map(one).collect()
    }
}

/// Figures by the places of `N` sides.
pub struct Table<'s, 'a, const N: usize, F> {
    sides: [&'s Axis<'a>; N],
    rows: BTreeMap<[Place<'a>; N], F>,
}

impl<'s, 'a, const N: usize, F: Default + for<'f> AddAssign<&'f F>> Table<'s, 'a, N, F> {
    /// Makes a table without rows.
    pub fn new(sides: [&'s Axis<'a>; N]) -> Self {
        Table { sides, rows: BTreeMap::new() }
    }

    /// Returns the figures of the row of these keys, a new one where there is none yet.
    pub fn at(&mut self, keys: [Option<&'a str>; N]) -> &mut F {
        self.rows.entry(self.places(keys)).or_default()
    }

    /// Returns the figures of the row of these keys, if there is one.
    pub fn get(&mut self, keys: [Option<&'a str>; N]) -> Option<&mut F> {
        self.rows.get_mut(&self.places(keys))
    }

    fn places(&self, keys: [Option<&'a str>; N]) -> [Place<'a>; N] {
        std::array::from_fn(|at| self.sides[at].place(keys[at]))
    }

    /// Returns the sum of all rows.
    pub fn total(&self) -> F {
        let mut total = F::default();
        for row in self.rows.values() {
            total += row;
        }
        total
    }

    /// Draws the rows and, where there are any, their total.
    pub fn draw(self, key: &str, title: Label, figures: Vec<Figure<F>>) -> Sheet {
        let columns = self.sides.iter().map(|side| side.column());
        let columns = columns.chain(figures.iter().map(|figure| figure.column.clone())).collect();
        let mut sheet = Sheet::new(key, title.into(), columns);
        let cells = |row: &F| figures.iter().map(|figure| (figure.cell)(row)).collect::<Vec<_>>();
        for (places, row) in &self.rows {
            let names = self.sides.iter().zip(places).map(|(side, place)| side.cell(*place));
            sheet.rows.push(names.chain(cells(row)).collect());
        }
        if !self.rows.is_empty() {
            let mut names = vec![Cell::Empty; N];
            names[0] = Cell::Label("total".into(), words!("Total", "合计"));
            sheet.total = Some(names.into_iter().chain(cells(&self.total())).collect());
        }
        sheet
    }
}
