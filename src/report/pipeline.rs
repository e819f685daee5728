//! `pipeline` (商机管道): what is open, by stage, owner and expected month, and what has slipped.

use super::axis::Axis;
use super::deals::{Deal, of_other_currencies};
use super::table::{Amount, Figure, Table, figures};
use super::units::Units;
use super::view::View;
use super::{Report, Unit};
use crate::record::{Label, OPPORTUNITY};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use chrono::NaiveDate;
use std::cmp::Reverse;

/// The report.
pub const REPORT: Report = Report {
    name: "pipeline",
    title: Label::new("Pipeline", "商机管道"),
    about: Label::new(
        "Open opportunities by stage, owner and expected month, weighted by probability; what has slipped",
        "在手商机按阶段、负责人与预计成交月份的个数、金额与加权金额；逾期未成交的商机",
    ),
    filters: OPPORTUNITY,
    unit: None,
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Open: opportunities neither won nor lost, as of now; with a period, those expected to close in it.",
            "在手：截至目前既未成交也未失败的商机；指定期间时，为预计成交日期在期间内者。",
        ),
        Label::new(
            "Weighted: the amount times the probability, that of the stage unless the opportunity has its own. Only \
             amounts in the repository's currency are added up; others are listed apart.",
            "加权金额：金额 × 成交概率；概率取阶段的概率，商机另有概率时取其自身。仅汇总仓库币种的金额，其他币种单列。",
        ),
        Label::new(
            "Slipped: open ones whose expected close is before the day of the report. Late: days since then. The list \
             names the ten of the largest amounts.",
            "逾期：预计成交日期早于报表日的在手商机。逾期天数：自该日起的天数。清单列出金额最大的十个。",
        ),
    ],
    sheets,
};

/// How many of what has slipped are named.
const NAMED: usize = 10;

figures! {
    /// Open opportunities of one row.
    Open {
        open: usize,
        amount: Amount,
        weighted: Amount,
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let mut open = view.deals();
    open.retain(|deal| deal.is_open() && view.period.holds(expected(deal)));
    let today = view.snapshot.as_of.today();
    let mut slipped = open.clone();
    slipped.retain(|deal| days_late(deal, today) > 0);
    let stages = Axis::dictionary(view, "stage", "stage", Label::new("Stage", "阶段"));
    let owners = Axis::people(view, "owner", Label::new("Owner", "负责人"));
    let units = Units::of(Unit::Month, open.iter().filter_map(expected));
    let months = units.axis("month", Label::new("Expected", "预计月份"));
    let title = Label::new;
    let mut sheets = vec![
        by(&stages, &open, |deal| deal.record.text("stage")).draw("stages", title("By stage", "按阶段"), columns()),
        by(&owners, &open, |deal| deal.record.text("owner")).draw("owners", title("By owner", "按负责人"), columns()),
        by(&months, &open, |deal| units.name(expected(deal))).draw("months", title("By month", "按月份"), columns()),
        by(&stages, &slipped, |deal| deal.record.text("stage")).draw("slipped", title("Slipped", "逾期"), columns()),
        largest(view, slipped, today),
    ];
    sheets.extend(of_other_currencies(&open));
    sheets
}

/// Returns the day an opportunity is expected to be won.
fn expected(deal: &Deal<'_>) -> Option<NaiveDate> {
    deal.record.date("expected_on")
}

/// Returns for how many days the expected close has passed; nothing or less where it has not.
fn days_late(deal: &Deal<'_>, today: NaiveDate) -> i64 {
    expected(deal).map_or(0, |day| (today - day).num_days())
}

/// Adds opportunities up by a key.
fn by<'s, 'a>(
    axis: &'s Axis<'a>,
    open: &[Deal<'a>],
    key: impl Fn(&Deal<'a>) -> Option<&'a str>,
) -> Table<'s, 'a, 1, Open> {
    let mut table = Table::new([axis]);
    for deal in open {
        let row: &mut Open = table.at([key(deal)]);
        row.open += 1;
        row.amount += deal.worth();
        row.weighted += deal.weighted();
    }
    table
}

fn columns() -> Vec<Figure<Open>> {
    vec![
        Figure::count("open", "Open", "在手", |row: &Open| row.open),
        Figure::amount("amount", "Amount", "金额", |row: &Open| row.amount),
        Figure::amount("weighted", "Weighted", "加权金额", |row: &Open| row.weighted),
    ]
}

/// Lists the largest of what has slipped; what states no amount in the repository's currency comes last.
fn largest(view: &View<'_>, mut slipped: Vec<Deal<'_>>, today: NaiveDate) -> Sheet {
    slipped.sort_by_key(|deal| (Reverse(deal.worth()), Reverse(days_late(deal, today)), &deal.record.number));
    let owners = Axis::people(view, "owner", Label::new("Owner", "负责人"));
    let columns = vec![
        Column::text("number", "Number", "编号"),
        Column::text("name", "Opportunity", "商机").weighing(Weight::Main),
        owners.column(),
        Column::of("amount", "Amount", "金额", ColumnType::Money),
        Column::of("expected_on", "Expected", "预计成交", ColumnType::Date),
        Column::of("late", "Late", "逾期天数", ColumnType::Integer),
    ];
    let mut sheet = Sheet::new("largest", Label::new("Largest slipped", "金额最大的逾期商机").into(), columns);
    let row = |deal: &Deal<'_>| {
        vec![
            Cell::text(deal.record.number.as_str()),
            Cell::text(deal.record.title()),
            owners.cell(owners.place(deal.record.text("owner"))),
            deal.worth().map_or(Cell::Empty, Cell::Money),
            expected(deal).map_or(Cell::Empty, Cell::Date),
            Cell::Integer(days_late(deal, today)),
        ]
    };
    sheet.rows = slipped.iter().take(NAMED).map(row).collect();
    sheet.whole = true;
    sheet
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{lines, opportunity, run, run_where, sales, sheet, snapshot_of};
    use super::super::{Input, Period, PeriodFlags};
    use super::*;

    #[test]
    fn open_opportunities_on_every_side() {
        let document = run(&REPORT, &sales());
        for (key, rows) in [
            (
                "stages",
                &[
                    "needs 1 80,000.00 16,000.00",
                    "proposal 2 10,000.00 8,000.00",
                    "negotiation 1 200,000.00 140,000.00",
                    "total 4 290,000.00 164,000.00",
                ][..],
            ),
            (
                "owners",
                &["rep.a 2 210,000.00 148,000.00", "rep.b 2 80,000.00 16,000.00", "total 4 290,000.00 164,000.00"],
            ),
            (
                "months",
                &[
                    "2026-03 2 280,000.00 156,000.00",
                    "2026-04 1 0.00 0.00",
                    "- 1 10,000.00 8,000.00",
                    "total 4 290,000.00 164,000.00",
                ],
            ),
            ("slipped", &["needs 1 80,000.00 16,000.00", "total 1 80,000.00 16,000.00"]),
            ("largest", &["OPP-2026-004 商机4 rep.b 80,000.00 2026-03-10 8"]),
            ("other_currencies", &["USD 1 60,000.50 24,000.20 0 0.00"]),
        ] {
            assert_eq!(lines(sheet(&document, key)), rows, "{key}");
        }
    }

    #[test]
    fn a_period_is_of_the_expected_close() {
        let snapshot = sales();
        let flags = PeriodFlags { month: Some("2026-03"), ..PeriodFlags::default() };
        let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
        let document = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
        assert_eq!(lines(sheet(&document, "stages")).last().unwrap(), "total 2 280,000.00 156,000.00");
        assert!(document.sheets.iter().all(|sheet| sheet.key != "other_currencies"));
    }

    #[test]
    fn some_opportunities_only() {
        let document = run_where(&REPORT, &sales(), "amount >= 80000");
        assert_eq!(lines(sheet(&document, "stages")).last().unwrap(), "total 2 280,000.00 156,000.00");
    }

    #[test]
    fn ten_of_what_has_slipped_the_largest_first() {
        let late =
            |n: u32| opportunity(n, &format!("stage=needs expected_on=2026-03-{n:02} amount={}", 1000 * (n / 2)));
        let none = opportunity(20, "stage=needs expected_on=2026-01-01");
        let today = opportunity(18, "stage=needs expected_on=2026-03-18 amount=9000000");
        let document = run(&REPORT, &snapshot_of((1..=11).map(late).chain([none, today]).collect()));
        let largest = lines(sheet(&document, "largest"));
        let number = |line: &String| line.split(' ').next().unwrap()[9..].parse::<u32>().unwrap();
        let numbers: Vec<u32> = largest.iter().map(number).collect();
        assert_eq!(numbers, [10, 11, 8, 9, 6, 7, 4, 5, 2, 3], "the longer late of two as large first, ten of them");
        assert_eq!(lines(sheet(&document, "slipped"))[0], "needs 12 30,000.00 6,000.00");
    }

    #[test]
    fn nothing_is_nothing() {
        let document = run(&REPORT, &snapshot_of(vec![]));
        assert!(document.sheets.iter().all(|sheet| sheet.rows.is_empty() && sheet.total.is_none()));
    }

    #[test]
    fn the_largest_amount_there_is_does_not_end_the_report() {
        let huge = |n: u32| opportunity(n, "stage=needs expected_on=2026-03-01 amount=79228162514264337593543950335");
        run(&REPORT, &snapshot_of((1..=3).map(huge).collect()));
    }
}
