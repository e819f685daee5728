//! A payment plan as it is written: `预付款:30%:2026-05-10`, name, amount or share, day.
//!
//! Shares are rounded to the cent; where shares and amounts come to the whole, the last share takes the rest of a cent.
//! `rest` is what the others leave.

use super::total;
use crate::record::{Failure, INSTALMENT, Money, Result, Row, Value, halve_width};
use crate::words;
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};

/// What an instalment amounts to, as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Share {
    Amount(Money),
    /// Per cent of the contract's amount.
    PerCent(Decimal),
    Rest,
}

/// Words for what the others leave.
const REST: [&str; 4] = ["rest", "其余", "余款", "余额"];

/// Reads the instalments of a contract of this amount, days by `day`.
///
/// Fails with exit code 2 for one that cannot be read, 6 when they do not come to the amount, one of them is nothing, or
/// two are called the same.
pub fn read(items: &[String], amount: Money, day: &dyn Fn(&str) -> Result<NaiveDate>) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    let mut shares = Vec::new();
    for item in items {
        let (name, share, due) = split(item).ok_or_else(|| unreadable(item))?;
        if rows.iter().any(|row| row.text("name") == Some(name)) {
            return Err(Failure::invalid(words!("two instalments are called `{name}`", "有两期都叫“{name}”")));
        }
        let mut row = Row::new(INSTALMENT);
        row.set("name", Value::text(name));
        row.set("due_on", Value::Date(day(due)?));
        rows.push(row);
        let share_of = read_share(share).ok_or_else(|| unreadable(item))?;
        if matches!(share_of, Share::Amount(amount) if !amount.is_in_cents()) {
            return Err(fraction(share));
        }
        shares.push(share_of);
    }
    for (row, part) in rows.iter_mut().zip(amounts(&shares, amount)?) {
        row.set("amount", Value::Money(part));
    }
    match rows.iter().find(|row| row.money("amount").is_none_or(|part| part <= Money::default())) {
        None => Ok(rows),
        Some(row) => {
            let name = row.text("name").unwrap_or_default();
            Err(Failure::invalid(words!("the instalment `{name}` is nothing", "“{name}”没有金额")))
        }
    }
}

/// Returns the failure of an amount with fractions of a cent.
pub fn fraction(typed: &str) -> Failure {
    Failure::invalid(words!("`{typed}` has fractions of a cent", "“{typed}”不足一分的部分无法收付"))
        .hint(words!("write at most two decimals", "金额最多两位小数"))
}

/// Splits an item at its last two colons.
fn split(item: &str) -> Option<(&str, &str, &str)> {
    let (rest, day) = item.rsplit_once([':', '：'])?;
    let (name, share) = rest.rsplit_once([':', '：'])?;
    let all = (name.trim(), share.trim(), day.trim());
    (!all.0.is_empty()).then_some(all)
}

fn read_share(text: &str) -> Option<Share> {
    let text = halve_width(text);
    if REST.contains(&text.to_lowercase().as_str()) {
        return Some(Share::Rest);
    }
    match text.strip_suffix('%') {
        Some(share) => share.trim().parse().ok().map(Share::PerCent),
        None => Money::parse(&text).map(Share::Amount),
    }
}

/// Turns shares into amounts that come to the whole.
fn amounts(shares: &[Share], whole: Money) -> Result<Vec<Money>> {
    let exact = |share: &Share| match share {
        Share::Amount(amount) => Some(amount.0),
        Share::PerCent(share) => whole.0.checked_mul(*share)?.checked_div(Decimal::ONE_HUNDRED),
        Share::Rest => Some(Decimal::ZERO),
    };
    let too_large = || Failure::invalid(words!("an amount is too large", "金额过大"));
    let exact: Vec<Decimal> = shares.iter().map(exact).collect::<Option<_>>().ok_or_else(too_large)?;
    let rounded = exact.iter().map(|part| part.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero));
    let mut parts: Vec<Money> = rounded.map(Money).collect();
    let is = |wanted: fn(&Share) -> bool| shares.iter().enumerate().filter(move |(_, share)| wanted(share));
    let mut rests = is(|share| *share == Share::Rest);
    let taker = match (rests.next(), rests.next()) {
        (Some(_), Some(_)) => {
            return Err(Failure::invalid(words!("only one instalment is the rest", "只能有一期为余款")));
        }
        (Some((at, _)), None) => Some(at),
        // Only what rounding made of a whole is made good, not what was forgotten.
        (None, _) if total(exact.iter().copied().map(Money)) == whole => {
            is(|share| matches!(share, Share::PerCent(_))).next_back().map(|(at, _)| at)
        }
        (None, _) => None,
    };
    if let Some(at) = taker {
        let others = total(parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| *part));
        parts[at] = Money(whole.0.saturating_sub(others.0));
    }
    let planned = total(parts.iter().copied());
    if planned == whole {
        return Ok(parts);
    }
    Err(apart(planned, whole))
}

/// Says that a plan does not come to the amount.
fn apart(planned: Money, whole: Money) -> Failure {
    let lack = Money(whole.0.saturating_sub(planned.0));
    Failure::invalid(words!(
        "the instalments come to {planned}, the contract to {whole}: {lack} apart",
        "分期合计 {planned}，合同金额 {whole}，相差 {lack}"
    ))
    .hint(words!(
        "`balance:rest:2026-06-30` takes what the others leave",
        "写作 `尾款:其余:2026-06-30` 的一期为其余各期之外的余款"
    ))
}

fn unreadable(item: &str) -> Failure {
    Failure::usage(words!("`{item}` is no instalment", "“{item}”不是分期付款")).hint(words!(
        "write `name:amount:day`, such as `deposit:30%:2026-05-10` or `balance:84000:2026-06-30`",
        "请写成 `名称:金额:日期`，例如 `预付款:30%:2026-05-10`、`尾款:8.4万:2026-06-30`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(amount: &str, items: &[&str]) -> std::result::Result<Vec<String>, String> {
        let items: Vec<String> = items.iter().map(|item| (*item).to_string()).collect();
        let day = |text: &str| text.parse().map_err(|_| Failure::usage(words!("no day", "无")));
        let rows = read(&items, Money::parse(amount).unwrap(), &day);
        let told = |row: &Row| {
            format!("{} {} {}", row.text("name").unwrap(), row.money("amount").unwrap(), row.date("due_on").unwrap())
        };
        rows.map(|rows| rows.iter().map(told).collect()).map_err(|failure| failure.message.en.to_string())
    }

    #[test]
    fn shares_amounts_and_the_rest() {
        assert_eq!(
            plan("120000", &["预付款：30％：2026-05-10", "到货款:60%:2026-06-10", "质保金: 1.2万 :2027-05-10"])
                .unwrap(),
            ["预付款 36000.00 2026-05-10", "到货款 72000.00 2026-06-10", "质保金 12000.00 2027-05-10"]
        );
        assert_eq!(
            plan("100.01", &["a:50%:2026-05-10", "b:25%:2026-05-11", "c:25%:2026-05-12"]).unwrap(),
            ["a 50.01 2026-05-10", "b 25.00 2026-05-11", "c 25.00 2026-05-12"]
        );
        assert_eq!(
            plan("100", &["a:33.33%:2026-05-10", "b:33.33%:2026-05-11", "尾款:其余:2026-05-12"]).unwrap()[2],
            "尾款 33.34 2026-05-12"
        );
        for (items, why) in [
            (&["a:50%:2026-05-10"][..], "the instalments come to 50.00, the contract to 100.00: 50.00 apart"),
            (
                &["a:100:2026-05-10", "b:1:2026-05-11"],
                "the instalments come to 101.00, the contract to 100.00: -1.00 apart",
            ),
            (&["a:100:2026-05-10", "b:rest:2026-05-11"], "the instalment `b` is nothing"),
            (&["a:200:2026-05-10", "b:rest:2026-05-11"], "the instalment `b` is nothing"),
            (&["a:rest:2026-05-10", "b:rest:2026-05-11"], "only one instalment is the rest"),
            (&["a:50%:2026-05-10", "a:50%:2026-05-11"], "two instalments are called `a`"),
            (&["a:50%:2026-02-30"], "no day"),
            (&["a:much:2026-05-10"], "`a:much:2026-05-10` is no instalment"),
            (&["100%:2026-05-10"], "`100%:2026-05-10` is no instalment"),
            (&[":100%:2026-05-10"], "`:100%:2026-05-10` is no instalment"),
        ] {
            assert_eq!(plan("100", items), Err(why.to_string()), "{items:?}");
        }
    }

    proptest! {
        #[test]
        fn whole_shares_come_to_the_amount(cents in 100_000_i64..1_000_000_000_000, cuts in prop::collection::vec(1_u32..100, 0..6)) {
            let mut cuts = cuts;
            cuts.extend([0, 100]);
            cuts.sort_unstable();
            cuts.dedup();
            let items: Vec<String> =
                cuts.windows(2).enumerate().map(|(at, pair)| format!("p{at}:{}%:2026-05-10", pair[1] - pair[0])).collect();
            let amount = Money(Decimal::new(cents, 2));
            let rows = read(&items, amount, &|text| Ok(text.parse().unwrap())).unwrap();
            prop_assert_eq!(total(rows.iter().map(|row| row.money("amount").unwrap())), amount);
            for (row, pair) in rows.iter().zip(cuts.windows(2)) {
                let exact = amount.0 * Decimal::from(pair[1] - pair[0]) / Decimal::ONE_HUNDRED;
                let apart = (row.money("amount").unwrap().0 - exact).abs();
                prop_assert!(apart < Decimal::new(5, 2), "{}", apart);
            }
        }
    }
}
