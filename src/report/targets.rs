//! `targets` (业绩达成): what the company, departments and people were to sell and to receive, and what they did.

use super::currency::foreign;
use super::deals::Deal;
use super::table::{Amount, figures, quotient};
use super::view::View;
use super::{Report, Unit};
use crate::record::{Label, Money, OPPORTUNITY, Record, TARGET, USER};
use crate::rules::target::{Months, Whom, sum};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};

/// The report.
pub const REPORT: Report = Report {
    name: "targets",
    title: Label::new("Targets", "业绩达成"),
    about: Label::new(
        "Sales and receipts against targets, run rate, and the gap against the weighted pipeline",
        "销售与回款的目标、达成率、预计达成，以及缺口与加权商机的对比",
    ),
    filters: OPPORTUNITY,
    unit: Some(Unit::Month),
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Target: the sum of the months of `kehu target plan`; empty where none is set, and for a period that is not whole \
             months of one year. A department's and the company's are those set for them, not sums of others.",
            "目标：`kehu target plan` 所定各月之和；未设定时为空，期间不是同一年内的整月时也为空。部门与公司的目标以其自身设定为准，不由下级相加。",
        ),
        Label::new(
            "Won: actual amounts of opportunities closed as won in the period, for their owner now. Received: receipts of \
             contracts in the period less what was paid back, for the contract's owner now. Achieved: of the target.",
            "成交：期间内成交商机的实际成交金额，计入现负责人。回款：期间内合同收款减退款，计入合同现负责人。达成率：占目标的比例。",
        ),
        Label::new(
            "Run rate: won ÷ days of the period that have passed, today included, × all its days. Gap: target less won, never \
             below nothing. Weighted: amount × probability of open opportunities expected to close by the end of the period. \
             Uncovered: gap less weighted, never below nothing.",
            "预计：成交 ÷ 期间内已过天数（含今日）× 期间总天数。缺口：目标减成交，不低于零。加权商机：预计在期末之前成交的在手商机，金额 × 概率。\
             未覆盖：缺口减加权商机，不低于零。",
        ),
        Label::new(
            "Only amounts in the repository's currency are added up. Department: that of the user's record. What was reached by \
             people whose deals you may not read is left empty.",
            "仅汇总仓库币种的金额。部门：取自用户记录。成交与回款含有您无权读取的商机时留空。",
        ),
    ],
    sheets,
};

figures! {
    /// What was reached, and what may still be.
    Reached {
        won: Amount,
        received: Amount,
        weighted: Amount,
    }
}

/// Whose row it is; the company first, then departments, then people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    Company,
    Department(String),
    Person(String),
}

/// A row with what was to be reached.
struct Line {
    row: Row,
    sales: Option<Money>,
    receipts: Option<Money>,
    /// None where not all of it is among the records.
    reached: Option<Reached>,
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let lines = lines(view);
    vec![sales(&lines, view), gap(&lines, view), receipts(&lines, view)]
}

/// Returns the rows that have a target or reached anything.
fn lines(view: &View<'_>) -> Vec<Line> {
    let mut reached = reached(view);
    let mut aims: BTreeMap<Row, &Record> = BTreeMap::new();
    let targets = view.snapshot.records(TARGET).iter();
    for target in targets.filter(|target| view.admits(target.text("user"))) {
        let row = match Whom::of(target) {
            Some(Whom::Company) => Row::Company,
            Some(Whom::Department(name)) => Row::Department(name),
            Some(Whom::Person(login)) => Row::Person(login),
            None => continue,
        };
        if months(view).is_some_and(|months| target.integer("year") == Some(i64::from(months.year))) {
            reached.entry(row.clone()).or_default();
            aims.insert(row, target);
        }
    }
    let aim =
        |row: &Row, field: &str| aims.get(row).zip(months(view)).and_then(|(aim, months)| sum(aim, &months, field));
    let lines = reached.into_iter().map(|(row, reached)| {
        let (sales, receipts) = (aim(&row, "sales"), aim(&row, "receipts"));
        let reached = is_seen(&row, view).then_some(reached);
        Line { row, sales, receipts, reached }
    });
    lines.collect()
}

/// Tells whether all that a row's people reached is among the records.
fn is_seen(row: &Row, view: &View<'_>) -> bool {
    match row {
        Row::Company => view.sees(None),
        Row::Person(login) => view.sees(Some(&[login])),
        Row::Department(name) => {
            let users = view.snapshot.records(USER).iter().filter(|user| user.text("department") == Some(name));
            view.sees(Some(&users.map(|user| user.number.as_str()).collect::<Vec<_>>()))
        }
    }
}

/// Returns the whole months that the period is.
fn months(view: &View<'_>) -> Option<Months> {
    Months::between(view.period.start()?, view.period.end()?)
}

/// Adds up what was reached by each person, department and the company.
fn reached(view: &View<'_>) -> BTreeMap<Row, Reached> {
    let users = view.snapshot.records(USER).iter();
    let departments: HashMap<&str, &str> =
        users.filter_map(|user| Some((user.number.as_str(), user.text("department")?))).collect();
    let mut all: BTreeMap<Row, Reached> = BTreeMap::new();
    let mut add = |owner: Option<&str>, one: &Reached| {
        let department = owner.and_then(|login| departments.get(login)).map(|name| Row::Department(name.to_string()));
        let person = owner.map(|login| Row::Person(login.to_string()));
        for row in [person, department, view.is_whole().then_some(Row::Company)].into_iter().flatten() {
            *all.entry(row).or_default() += one;
        }
    };
    for deal in view.deals() {
        let mut one = Reached::default();
        if deal.is_won() && view.period.holds(deal.closed_on()) {
            one.won += deal.worth();
        }
        one.weighted += deal.weighted().filter(|_| is_expected(&deal, view));
        if one != Reached::default() {
            add(deal.record.text("owner"), &one);
        }
    }
    for contract in view.contracts().into_iter().filter(|contract| foreign(contract, view.snapshot).is_none()) {
        let mut one = Reached::default();
        let receipts = contract.rows("receipts").iter();
        for receipt in receipts.filter(|receipt| view.period.holds(receipt.date("received_on"))) {
            one.received += receipt.money("amount");
        }
        if one != Reached::default() {
            add(contract.text("owner"), &one);
        }
    }
    all
}

/// Tells whether an open opportunity is expected to close by the end of the period.
fn is_expected(deal: &Deal<'_>, view: &View<'_>) -> bool {
    deal.is_open() && deal.record.date("expected_on").is_some_and(|day| day <= view.period.to)
}

fn sales(lines: &[Line], view: &View<'_>) -> Sheet {
    let mut columns = whom();
    columns.extend([
        Column::of("target", "Target", "目标", ColumnType::Money),
        Column::of("won", "Won", "成交", ColumnType::Money),
        Column::of("achieved", "Achieved", "达成率", ColumnType::Ratio),
        Column::of("run_rate", "Run rate", "预计", ColumnType::Money),
    ]);
    let mut sheet = Sheet::new("sales", Label::new("Sales", "销售").into(), columns);
    sheet.rows.extend(lines.iter().map(|line| {
        let won = line.reached.as_ref().map(|reached| reached.won);
        let mut row = names(line, view);
        row.extend([
            line.sales.map_or(Cell::Empty, Cell::Money),
            won.map_or(Cell::Empty, Amount::cell),
            won.map_or(Cell::Empty, |won| share(won, line.sales)),
            won.and_then(|won| run_rate(won, view)).map_or(Cell::Empty, Cell::Money),
        ]);
        row
    }));
    sheet
}

fn gap(lines: &[Line], view: &View<'_>) -> Sheet {
    let mut columns = whom();
    columns.extend([
        Column::of("gap", "Gap", "缺口", ColumnType::Money),
        Column::of("weighted", "Weighted", "加权商机", ColumnType::Money),
        Column::of("uncovered", "Uncovered", "未覆盖", ColumnType::Money),
    ]);
    let mut sheet = Sheet::new("gap", Label::new("Gap against the pipeline", "缺口与商机").into(), columns);
    sheet.rows.extend(lines.iter().map(|line| {
        let mut row = names(line, view);
        let Some(Reached { won, weighted, .. }) = line.reached else {
            row.extend([Cell::Empty, Cell::Empty, Cell::Empty]);
            return row;
        };
        let gap = line.sales.map(|target| less(target.0, won.0));
        row.extend([
            gap.map_or(Cell::Empty, Cell::Money),
            weighted.cell(),
            gap.map_or(Cell::Empty, |gap| Cell::Money(less(gap.0, weighted.0))),
        ]);
        row
    }));
    sheet
}

fn receipts(lines: &[Line], view: &View<'_>) -> Sheet {
    let mut columns = whom();
    columns.extend([
        Column::of("target", "Target", "目标", ColumnType::Money),
        Column::of("received", "Received", "回款", ColumnType::Money),
        Column::of("achieved", "Achieved", "达成率", ColumnType::Ratio),
        Column::of("gap", "Gap", "缺口", ColumnType::Money),
    ]);
    let mut sheet = Sheet::new("receipts", Label::new("Receipts", "回款").into(), columns);
    sheet.rows.extend(lines.iter().map(|line| {
        let received = line.reached.as_ref().map(|reached| reached.received);
        let gap = line.receipts.zip(received).map(|(target, received)| less(target.0, received.0));
        let mut row = names(line, view);
        row.extend([
            line.receipts.map_or(Cell::Empty, Cell::Money),
            received.map_or(Cell::Empty, Amount::cell),
            received.map_or(Cell::Empty, |received| share(received, line.receipts)),
            gap.map_or(Cell::Empty, Cell::Money),
        ]);
        row
    }));
    sheet
}

fn whom() -> Vec<Column> {
    vec![Column::text("scope", "Of", "层级"), Column::text("whom", "Whom", "对象").weighing(Weight::Main)]
}

fn names(line: &Line, view: &View<'_>) -> Vec<Cell> {
    let (scope, name) = match &line.row {
        Row::Company => ("company", Cell::Empty),
        Row::Department(name) => ("department", Cell::text(name.as_str())),
        Row::Person(login) => {
            let user = view.snapshot.find(login).filter(|record| record.kind == USER);
            ("person", Cell::text(user.map_or(login.as_str(), Record::title)))
        }
    };
    let label = view.snapshot.config.dictionary.words("target_scope", scope);
    vec![Cell::Label(scope.into(), label), name]
}

fn share(part: Amount, target: Option<Money>) -> Cell {
    target.map_or(Cell::Empty, |target| quotient(part.0, target.0))
}

/// Returns the difference, never below nothing.
fn less(from: Decimal, what: Decimal) -> Money {
    Money(from.saturating_sub(what).max(Decimal::ZERO))
}

/// Returns what is won by the end of the period if it goes on as it did; nothing where the period has no ends.
fn run_rate(won: Amount, view: &View<'_>) -> Option<Money> {
    let (first, last): (NaiveDate, NaiveDate) = (view.period.start()?, view.period.end()?);
    let today = view.snapshot.as_of.today();
    let days = |to: NaiveDate| Decimal::from((to - first).num_days() + 1);
    if today < first {
        return None;
    }
    let rate = won.0.checked_mul(days(last))?.checked_div(days(today.min(last)))?;
    Some(Money(rate.round_dp(2)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{contract, lines, opportunity, record, run, sheet, snapshot_of};
    use super::super::{Input, Period, PeriodFlags};
    use super::*;
    use crate::record::{MONTH, Number, RECEIPT, Row as Fields, Value};
    use crate::rules::Snapshot;

    fn target(number: &str, words: &str, months: &[(i64, &str, &str)]) -> Record {
        let mut target = Record::new(TARGET, Number::parse(number).unwrap());
        target.set("year", Value::Integer(2026));
        for word in words.split_whitespace() {
            let (key, text) = word.split_once('=').unwrap();
            target.set(key, Value::text(text));
        }
        let row = |(month, sales, receipts): &(i64, &str, &str)| {
            let mut row = Fields::new(MONTH);
            row.set("month", Value::Integer(*month));
            for (key, text) in [("sales", sales), ("receipts", receipts)] {
                Money::parse(text).into_iter().for_each(|amount| drop(row.set(key, Value::Money(amount))));
            }
            row
        };
        target.set("months", Value::Rows(months.iter().map(row).collect()));
        target
    }

    /// A contract of rep.a of which so much was received on some days.
    fn received(receipts: &[(&str, &str)]) -> Record {
        let mut contract = contract(1, "status=signed owner=rep.a amount=60000", &[], &[]);
        let row = |(day, amount): &(&str, &str)| {
            let mut row = Fields::new(RECEIPT);
            row.set("received_on", Value::Date(day.parse().unwrap()));
            row.set("amount", Value::Money(Money::parse(amount).unwrap()));
            row
        };
        contract.set("receipts", Value::Rows(receipts.iter().map(row).collect()));
        contract
    }

    /// March 2026 as of the 18th: 60,000 won and 20,000 received by rep.a of the east, 10,000 won by rep.x of nowhere.
    fn snapshot() -> Snapshot {
        snapshot_of(vec![
            record(USER, "rep.a", "name=甲 department=华东"),
            record(USER, "rep.b", "name=乙 department=华东"),
            opportunity(1, "stage=won owner=rep.a amount=1 actual_amount=60000 closed_on=2026-03-10"),
            opportunity(2, "stage=won owner=rep.x amount=10000 closed_on=2026-03-01"),
            opportunity(3, "stage=won owner=rep.a amount=7 closed_on=2026-02-28"),
            opportunity(4, "stage=negotiation owner=rep.a amount=50000 expected_on=2026-03-31"),
            opportunity(5, "stage=negotiation owner=rep.a amount=9000 expected_on=2026-04-01"),
            opportunity(6, "stage=lost owner=rep.a amount=9000 closed_on=2026-03-02"),
            received(&[("2026-03-11", "25000"), ("2026-03-12", "-5000"), ("2026-02-12", "9")]),
            target("2026-company", "scope=company", &[(3, "310000", "")]),
            target("2026-华东", "scope=department department=华东", &[(2, "1", ""), (3, "100000", "40000")]),
            target("2026-rep.a", "scope=person user=rep.a", &[(3, "80000", "10000")]),
            target("2026-rep.b", "scope=person user=rep.b", &[(3, "20000", "")]),
        ])
    }

    #[test]
    fn what_was_reached_of_what_was_to_be() {
        let document = run(&REPORT, &snapshot());
        assert_eq!(
            lines(sheet(&document, "sales")),
            [
                "company · 310,000.00 70,000.00 22.6% 120,555.56",
                "department 华东 100,000.00 60,000.00 60.0% 103,333.33",
                "person 甲 80,000.00 60,000.00 75.0% 103,333.33",
                "person 乙 20,000.00 0.00 0.0% 0.00",
                "person rep.x · 10,000.00 · 17,222.22"
            ]
        );
        assert_eq!(
            lines(sheet(&document, "gap")),
            [
                "company · 240,000.00 35,000.00 205,000.00",
                "department 华东 40,000.00 35,000.00 5,000.00",
                "person 甲 20,000.00 35,000.00 0.00",
                "person 乙 20,000.00 0.00 20,000.00",
                "person rep.x · 0.00 ·"
            ]
        );
        assert_eq!(
            lines(sheet(&document, "receipts")),
            [
                "company · · 20,000.00 · ·",
                "department 华东 40,000.00 20,000.00 50.0% 20,000.00",
                "person 甲 10,000.00 20,000.00 200.0% 0.00",
                "person 乙 · 0.00 · ·",
                "person rep.x · 0.00 · ·",
            ]
        );
    }

    #[test]
    fn a_quarter_is_its_months_and_a_week_has_no_target() {
        let snapshot = snapshot();
        let of = |flags: PeriodFlags<'_>| {
            let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
            let document = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
            lines(sheet(&document, "sales"))
        };
        let quarter = of(PeriodFlags { quarter: Some("2026-Q1"), ..PeriodFlags::default() });
        assert!(quarter[1].starts_with("department 华东 100,001.00 60,007.00 60.0%"), "{quarter:?}");
        let week = of(PeriodFlags { week: Some("2026-W11"), ..PeriodFlags::default() });
        assert!(week[0].starts_with("company · · 60,000.00 · 60,000.00"), "{week:?}");
    }

    #[test]
    fn of_one_person_only_what_is_that_persons() {
        let snapshot = snapshot();
        let document = REPORT.run(&Input { owner: Some("rep.b"), ..Input::new(&snapshot) }).unwrap();
        assert_eq!(lines(sheet(&document, "sales")).len(), 1);
    }
}
