//! Targets (业绩目标): whose, for which months, and how an amount for several months is shared. DOMAIN: analysis.
//!
//! A target for a quarter or a year is shared evenly among its months, to the cent; the last month takes what is left.
//! What a period's target is, is the sum of its whole months.

use crate::record::{MONTH, Money, Number, Record, Row, Value};
use crate::rules::contract::total;
use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};
use std::ops::RangeInclusive;

/// Whose a target is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Everybody's.
    Company,
    /// A department's, by its name.
    Department(String),
    /// A user's, by the login.
    Person(String),
}

/// The months of a year that something is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Months {
    /// The year.
    pub year: i32,
    /// The months, 1 to 12.
    pub months: RangeInclusive<u32>,
}

impl Whom {
    /// Returns the key of its scope in the dictionary `target_scope`.
    pub fn scope(&self) -> &'static str {
        match self {
            Whom::Company => "company",
            Whom::Department(_) => "department",
            Whom::Person(_) => "person",
        }
    }

    /// Returns whose a target is.
    pub fn of(target: &Record) -> Option<Whom> {
        match target.text("scope")? {
            "company" => Some(Whom::Company),
            "department" => Some(Whom::Department(target.text("department")?.to_string())),
            "person" => Some(Whom::Person(target.text("user")?.to_string())),
            _ => None,
        }
    }

    /// Returns the number of its target of a year: `2026-li.ming`, `2026-华东`, `2026-company`.
    ///
    /// What no number may hold becomes `_`; nothing when nothing is left.
    pub fn number(&self, year: i32) -> Option<Number> {
        let name = match self {
            Whom::Company => "company",
            Whom::Department(name) | Whom::Person(name) => name.trim(),
        };
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name: String = name.chars().map(|c| if fits(c) { c } else { '_' }).collect();
        Number::parse(&format!("{year}-{name}")).filter(|_| !name.is_empty())
    }
}

impl Months {
    /// Returns the whole months of one year that days are; nothing when they are anything else.
    pub fn between(first: NaiveDate, last: NaiveDate) -> Option<Months> {
        let next = last.checked_add_days(Days::new(1))?;
        let is_whole = first.day() == 1 && next.day() == 1 && first.year() == last.year() && first <= last;
        is_whole.then(|| Months { year: first.year(), months: first.month()..=last.month() })
    }

    /// Returns how many they are.
    pub fn count(&self) -> u32 {
        self.months.end() - self.months.start() + 1
    }
}

/// Shares an amount evenly, to the cent: the first shares, however many, come to what they would unrounded, rounded once; so
/// a quarter of a year's 10,000,000 is 2,500,000.00.
pub fn shares(amount: Money, count: u32) -> Vec<Money> {
    let up_to = |months: u32| {
        let share = Decimal::from(months) / Decimal::from(count.max(1));
        // A share is below one, so that no amount there is can overflow.
        let exact = amount.0.checked_mul(Decimal::from(months)).map(|all| all / Decimal::from(count.max(1)));
        exact.unwrap_or(amount.0 * share).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    };
    (0..count).map(|month| Money(up_to(month + 1) - up_to(month))).collect()
}

/// Sets a field of a target, `sales` or `receipts`, for some months; the months stay in order.
pub fn set(target: &mut Record, months: &Months, field: &str, amount: Money) {
    let mut rows = target.rows("months").to_vec();
    for (month, share) in months.months.clone().zip(shares(amount, months.count())) {
        let at = rows.iter().position(|row| row.integer("month") == Some(i64::from(month)));
        let at = at.unwrap_or_else(|| {
            let mut row = Row::new(MONTH);
            row.set("month", Value::Integer(i64::from(month)));
            rows.push(row);
            rows.len() - 1
        });
        rows[at].set(field, Value::Money(share));
    }
    rows.sort_by_key(|row| row.integer("month"));
    target.set("months", Value::Rows(rows));
}

/// Returns the sum of a field of a target over some months; nothing when no month states it, or the year is another.
pub fn sum(target: &Record, months: &Months, field: &str) -> Option<Money> {
    let is_meant = |row: &&Row| {
        let month = row.integer("month").and_then(|month| u32::try_from(month).ok());
        month.is_some_and(|month| months.months.contains(&month))
    };
    let year = target.integer("year").filter(|year| *year == i64::from(months.year));
    let rows = target.rows("months").iter().filter(|_| year.is_some()).filter(is_meant);
    let amounts: Vec<Money> = rows.filter_map(|row| row.money(field)).collect();
    (!amounts.is_empty()).then(|| amounts.into_iter().sum())
}

/// Returns what all months of a target come to together; nothing where none says it.
pub fn whole(target: &Record, field: &str) -> Option<Money> {
    let amounts: Vec<Money> = target.rows("months").iter().filter_map(|month| month.money(field)).collect();
    (!amounts.is_empty()).then(|| total(amounts))
}

/// Returns the months a target is for: `2026`, `2026-Q1`, `2026-03`, `2026-01..2026-05`; a gap among them is not told.
pub fn period(target: &Record) -> Option<String> {
    let Some(Value::Integer(year)) = target.get("year") else { return None };
    let months: Vec<i64> = target.rows("months").iter().filter_map(month_of).collect();
    let (first, last) = (*months.iter().min()?, *months.iter().max()?);
    Some(match (first, last) {
        (1, 12) => format!("{year}"),
        (first, last) if first % 3 == 1 && last == first + 2 => format!("{year}-Q{}", last / 3),
        (first, last) if first == last => format!("{year}-{first:02}"),
        (first, last) => format!("{year}-{first:02}..{year}-{last:02}"),
    })
}

fn month_of(row: &Row) -> Option<i64> {
    match row.get("month") {
        Some(Value::Integer(month)) => Some(*month),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::TARGET;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    #[test]
    fn whole_months_of_one_year() {
        for (first, last, months) in [
            ("2026-03-01", "2026-03-31", Some(3..=3)),
            ("2026-01-01", "2026-03-31", Some(1..=3)),
            ("2026-01-01", "2026-12-31", Some(1..=12)),
            ("2024-02-01", "2024-02-29", Some(2..=2)),
            ("2024-02-01", "2024-02-28", None),
            ("2026-03-02", "2026-03-31", None),
            ("2025-12-01", "2026-01-31", None),
        ] {
            assert_eq!(Months::between(day(first), day(last)).map(|months| months.months), months, "{first} {last}");
        }
    }

    #[test]
    fn a_target_has_one_file_a_year() {
        let number = |whom: Whom| whom.number(2026).map(|number| number.to_string());
        assert_eq!(number(Whom::Company).as_deref(), Some("2026-company"));
        assert_eq!(number(Whom::Person("li.ming".into())).as_deref(), Some("2026-li.ming"));
        assert_eq!(number(Whom::Department("华东 一部".into())).as_deref(), Some("2026-华东_一部"));
        assert_eq!(number(Whom::Department(" ".into())), None);
    }

    #[test]
    fn months_are_set_and_summed() {
        let mut target = Record::new(TARGET, Number::parse("2026-company").unwrap());
        target.set("year", Value::Integer(2026));
        let months = |first: &str, last: &str| Months::between(day(first), day(last)).unwrap();
        let quarter = months("2026-01-01", "2026-03-31");
        set(&mut target, &quarter, "sales", money("100000"));
        set(&mut target, &months("2026-02-01", "2026-02-28"), "sales", money("40000"));
        set(&mut target, &months("2026-05-01", "2026-05-31"), "receipts", money("7"));
        let told: Vec<String> = target
            .rows("months")
            .iter()
            .map(|row| format!("{:?} {:?}", row.integer("month").unwrap(), row.money("sales").map(|m| m.to_string())))
            .collect();
        assert_eq!(told, ["1 Some(\"33333.33\")", "2 Some(\"40000.00\")", "3 Some(\"33333.33\")", "5 None"]);
        assert_eq!(sum(&target, &quarter, "sales"), Some(money("106666.66")));
        assert_eq!(sum(&target, &quarter, "receipts"), None);
        assert_eq!(sum(&target, &months("2025-01-01", "2025-12-31"), "sales"), None, "another year");
    }

    proptest! {
        #[test]
        fn shares_add_up(cents in -1_000_000_000i64..1_000_000_000_000, count in 1u32..13) {
            let amount = Money(Decimal::new(cents, 2));
            let shares = shares(amount, count);
            prop_assert_eq!(shares.len(), count as usize);
            let even = amount.0 / Decimal::from(count);
            prop_assert!(shares.iter().all(|share| (share.0 - even).abs() <= Decimal::new(1, 2)), "{shares:?}");
            let half: Decimal = shares.iter().take(count as usize / 2).map(|share| share.0).sum();
            prop_assert!(count % 2 > 0 || (half - amount.0 / Decimal::TWO).abs() < Decimal::new(1, 2));
            prop_assert_eq!(shares.into_iter().sum::<Money>(), amount);
        }
    }
}
