//! `forecast` (销售预测): what is won, promised and possible, by month and quarter.

use super::axis::Axis;
use super::deals::{Deal, of_other_currencies};
use super::table::{Amount, Figure, Table, figures};
use super::units::Units;
use super::view::View;
use super::{Report, Unit};
use crate::record::{Label, OPPORTUNITY};
use crate::sheet::Sheet;
use crate::words;
use chrono::NaiveDate;

/// The report.
pub const REPORT: Report = Report {
    name: "forecast",
    title: Label::new("Forecast", "销售预测"),
    about: Label::new(
        "Won so far, commit, best case and weighted, by month and quarter of the close",
        "按成交月份与季度：已成交、承诺、最佳情况与加权金额",
    ),
    filters: OPPORTUNITY,
    unit: Some(Unit::Year),
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Won: amounts of opportunities won, in the month they were closed. All others are of open opportunities, in \
             the month they are expected to close, also where that has passed.",
            "已成交：已成交商机的实际成交金额，计入其关闭月份。其余各项为在手商机，计入其预计成交月份（含已过去者）。",
        ),
        Label::new(
            "Commit: open ones with a probability of 70 % or more (negotiation, or their own probability), at their full \
             amount. Best case: all open ones at their full amount. Weighted: amount × probability.",
            "承诺：成交概率不低于 70% 的在手商机（商务谈判阶段，或自定概率达到者），按全额计。最佳情况：全部在手商机，按全额计。\
             加权金额：金额 × 成交概率。",
        ),
        Label::new(
            "Commit and weighted are parts of the best case, and none of them contains what is won. Only amounts in the \
             repository's currency are added up; others are listed apart.",
            "承诺与加权金额均包含于最佳情况之内，三者都不含已成交金额。仅汇总仓库币种的金额，其他币种单列。",
        ),
        Label::new(
            "The year of today unless a period is given; open opportunities outside it are counted below.",
            "未指定期间时为当年；预计成交日期不在期间内的在手商机另行列出。",
        ),
    ],
    sheets,
};

figures! {
    /// What a month or quarter brings.
    Outlook {
        won: Amount,
        open: usize,
        commit: Amount,
        best: Amount,
        weighted: Amount,
    }
}

impl Outlook {
    fn count(&mut self, deal: &Deal<'_>) {
        if deal.is_won() {
            self.won += deal.worth();
            return;
        }
        self.open += 1;
        self.commit += deal.worth().filter(|_| deal.is_committed());
        self.best += deal.worth();
        self.weighted += deal.weighted();
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let (mut within, mut outside) = (Vec::new(), Vec::new());
    for deal in view.deals() {
        if view.period.holds(day(&deal)) {
            within.push(deal);
        } else if deal.is_open() {
            outside.push(deal);
        }
    }
    within.retain(|deal| !deal.is_lost());
    let mut sheets = vec![
        by(Unit::Month, &within, "months", Label::new("By month", "按月份")),
        by(Unit::Quarter, &within, "quarters", Label::new("By quarter", "按季度")),
    ];
    sheets.extend(beside(view, &outside));
    sheets.extend(of_other_currencies(&within));
    sheets
}

/// Returns the day an opportunity counts on: that of its close, or the one expected.
fn day(deal: &Deal<'_>) -> Option<NaiveDate> {
    if deal.is_open() { deal.record.date("expected_on") } else { deal.closed_on() }
}

/// Adds opportunities up by a calendar unit.
fn by(unit: Unit, deals: &[Deal<'_>], key: &str, title: Label) -> Sheet {
    let units = Units::of(unit, deals.iter().filter_map(day));
    let axis = match unit {
        Unit::Quarter => units.axis("quarter", Label::new("Quarter", "季度")),
        _ => units.axis("month", Label::new("Month", "月份")),
    };
    let mut table = Table::<1, Outlook>::new([&axis]);
    for deal in deals {
        table.at([units.name(day(deal))]).count(deal);
    }
    table.draw(key, title, columns())
}

/// Adds up what is open and expected before the period, after it, or on no day; nothing when there is none.
fn beside(view: &View<'_>, outside: &[Deal<'_>]) -> Option<Sheet> {
    let when =
        [("before", words!("before the period", "早于该期间")), ("after", words!("after the period", "晚于该期间"))];
    let axis = Axis::keys("expected", Label::new("Expected", "预计成交"), words!("no day", "未填日期"), when);
    let mut table = Table::<1, Outlook>::new([&axis]);
    for deal in outside {
        let place = day(deal).map(|day| if day < view.period.from { "before" } else { "after" });
        table.at([place]).count(deal);
    }
    // Nothing of it is won.
    let columns = columns().into_iter().skip(1).collect();
    let sheet = table.draw("outside", Label::new("Open, not in the period", "期间之外的在手商机"), columns);
    Some(sheet).filter(|sheet| !sheet.rows.is_empty())
}

fn columns() -> Vec<Figure<Outlook>> {
    vec![
        Figure::amount("won", "Won", "已成交", |row: &Outlook| row.won),
        Figure::count("open", "Open", "在手", |row: &Outlook| row.open),
        Figure::amount("commit", "Commit", "承诺", |row: &Outlook| row.commit),
        Figure::amount("best", "Best case", "最佳情况", |row: &Outlook| row.best),
        Figure::amount("weighted", "Weighted", "加权金额", |row: &Outlook| row.weighted),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{lines, opportunity, run, sales, sheet, snapshot_of};
    use super::super::{Input, Period};
    use super::*;

    #[test]
    fn months_quarters_and_what_is_not_in_the_year() {
        let document = run(&REPORT, &sales());
        for (key, rows) in [
            (
                "months",
                &[
                    "2026-03 100,000.00 2 200,000.00 280,000.00 156,000.00",
                    "2026-04 0.00 1 0.00 0.00 0.00",
                    "total 100,000.00 3 200,000.00 280,000.00 156,000.00",
                ][..],
            ),
            (
                "quarters",
                &[
                    "2026-Q1 100,000.00 2 200,000.00 280,000.00 156,000.00",
                    "2026-Q2 0.00 1 0.00 0.00 0.00",
                    "total 100,000.00 3 200,000.00 280,000.00 156,000.00",
                ],
            ),
            ("outside", &["- 1 10,000.00 10,000.00 8,000.00", "total 1 10,000.00 10,000.00 8,000.00"]),
            ("other_currencies", &["USD 1 60,000.50 24,000.20 0 0.00"]),
        ] {
            assert_eq!(lines(sheet(&document, key)), rows, "{key}");
        }
    }

    #[test]
    fn all_time_holds_everything() {
        let snapshot = sales();
        let document = REPORT.run(&Input { period: Some(Period::all_time()), ..Input::new(&snapshot) }).unwrap();
        let months = lines(sheet(&document, "months"));
        assert_eq!(months[0], "2025-12 30,000.00 0 0.00 0.00 0.00");
        assert_eq!(months[3], "- 0.00 1 10,000.00 10,000.00 8,000.00");
        assert!(document.sheets.iter().all(|sheet| sheet.key != "outside"));
    }

    #[test]
    fn seventy_per_cent_is_a_commitment() {
        let of = |n: u32, chance: i64| {
            opportunity(n, &format!("stage=needs probability={chance} amount=100 expected_on=2026-03-31"))
        };
        let document = run(&REPORT, &snapshot_of(vec![of(1, 69), of(2, 70), of(3, 100)]));
        assert_eq!(lines(sheet(&document, "months"))[0], "2026-03 0.00 3 200.00 300.00 239.00");
    }

    #[test]
    fn what_is_lost_is_no_forecast() {
        let lost = opportunity(1, "stage=lost amount=100 expected_on=2026-03-31 closed_on=2026-03-01");
        let document = run(&REPORT, &snapshot_of(vec![lost]));
        assert!(document.sheets.iter().all(|sheet| sheet.rows.is_empty()));
    }
}
