//! `contracts` (合同分析): how contracts stand, when they were signed, and which are to be renewed.

use super::axis::Axis;
use super::currency::foreign;
use super::table::{Amount, Figure, Table, figures};
use super::units::Units;
use super::view::View;
use super::{Report, Unit};
use crate::record::{CONTRACT, Label, Record, Words};
use crate::rules::contract::{Payments, Standing, receivable, renewal_day, renews, standing};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use chrono::NaiveDate;
use std::collections::HashSet;

/// The report.
pub const REPORT: Report = Report {
    name: "contracts",
    title: Label::new("Contracts", "合同分析"),
    about: Label::new(
        "Contracts by standing, owner and month of signature; renewals of the next 30, 60 and 90 days",
        "按状态、负责人与签订月份统计合同；未来 30、60、90 天内的续约",
    ),
    filters: CONTRACT,
    unit: None,
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Contracts: all there are; with a period, those signed in it. Standing: as of the day of the report, by the first \
             and the last day of the contract, not as stored.",
            "合同：现有全部合同；指定期间时，为签订日期在期间内者。状态：截至报表日，按合同起止日期推算，而非所存状态。",
        ),
        Label::new(
            "Received: all receipts less what was paid back. Outstanding: what is still to be paid of the plan, by the rules \
             of the report `receivables`, which tells its age; nothing of drafts.",
            "已收：全部收款减去退款。未收：付款计划中尚未付清的部分，草案不计；规则与账龄见报表 `receivables`。",
        ),
        Label::new(
            "Renewals: contracts signed, running or expired, whose renewal day (else the day after the last) comes within \
             the days that config/cadence.toml reminds before, and that no other contract that was signed renews.",
            "续约：已签订、履行中或已到期，续约日（缺省为结束日期次日）在 config/cadence.toml 所定提醒天数之内，且尚无已签订的续签合同者。",
        ),
        Label::new(
            "Only amounts in the repository's currency are added up; contracts in others are counted.",
            "仅汇总仓库币种的金额；其他币种的合同只计个数。",
        ),
    ],
    sheets,
};

figures! {
    /// Contracts of one row.
    Signed {
        contracts: usize,
        amount: Amount,
        received: Amount,
        outstanding: Amount,
    }
}

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let mut contracts = view.contracts();
    contracts.retain(|contract| view.period.holds(contract.date("signed_on")));
    let today = view.snapshot.as_of.today();
    let title = Label::new;
    let standings = Axis::dictionary(view, "contract_status", "standing", title("Standing", "状态"));
    let owners = Axis::people(view, "owner", title("Owner", "负责人"));
    let units = Units::of(Unit::Month, contracts.iter().filter_map(|one| one.date("signed_on")));
    let months = units.axis("month", title("Signed", "签订月份"));
    let month = |one: &Record| units.name(one.date("signed_on"));
    let binding: Vec<&Record> = contracts.iter().copied().filter(|one| standing(one, today).is_binding()).collect();
    vec![
        by(view, &standings, &contracts, |one| Some(standing(one, today).key())).draw(
            "standing",
            title("By standing", "按状态"),
            columns(),
        ),
        by(view, &owners, &binding, |one| one.text("owner")).draw(
            "owners",
            title("Signed contracts by owner", "已签合同（按负责人）"),
            columns(),
        ),
        by(view, &months, &binding, month).draw("months", title("By month of signature", "按签订月份"), columns()),
        renewals(view, &contracts),
        renewal_list(view, &contracts),
    ]
}

/// Adds contracts up by a key.
fn by<'s, 'a>(
    view: &View<'_>,
    axis: &'s Axis<'a>,
    contracts: &[&'a Record],
    key: impl Fn(&'a Record) -> Option<&'a str>,
) -> Table<'s, 'a, 1, Signed> {
    let mut table = Table::<1, Signed>::new([axis]);
    for contract in contracts {
        count(table.at([key(contract)]), contract, view);
    }
    table
}

fn count(row: &mut Signed, contract: &Record, view: &View<'_>) {
    row.contracts += 1;
    if foreign(contract, view.snapshot).is_some() {
        return;
    }
    row.amount += contract.money("amount");
    row.received += Some(Payments::of(contract).received);
    for instalment in receivable(contract, view.snapshot.as_of.today()) {
        row.outstanding += Some(instalment.outstanding());
    }
}

/// Returns the contracts that are to be renewed within the days reminded before, with the days left, the nearest first.
fn to_renew<'a>(view: &View<'a>, contracts: &[&'a Record]) -> Vec<(i64, NaiveDate, &'a Record)> {
    let today = view.snapshot.as_of.today();
    let all = view.snapshot.records(CONTRACT).iter();
    let renewed: HashSet<&str> = all.filter_map(|contract| renews(contract, today)).collect();
    let longest = view.snapshot.config.cadence.renewal_days.iter().max().copied().unwrap_or_default();
    let mut due: Vec<_> = contracts
        .iter()
        .filter(|one| !matches!(standing(one, today), Standing::Draft | Standing::Terminated))
        .filter(|one| !renewed.contains(one.number.as_str()))
        .filter_map(|one| {
            let day = renewal_day(one)?;
            let left = (day - today).num_days();
            (0..=longest).contains(&left).then_some((left, day, *one))
        })
        .collect();
    due.sort_by_key(|(left, _, one)| (*left, &one.number));
    due
}

/// Counts renewals by how near they are.
fn renewals(view: &View<'_>, contracts: &[&Record]) -> Sheet {
    let mut ends = view.snapshot.config.cadence.renewal_days.clone();
    ends.sort_unstable();
    ends.dedup();
    let names: Vec<String> = ends.iter().map(i64::to_string).collect();
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
    let label = |(from, to): (i64, &i64)| -> Words { words!("{from} to {to} days", "{from}–{to} 天") };
    let known = names.iter().map(String::as_str).zip(starts.zip(&ends).map(label));
    let axis = Axis::keys("within", Label::new("In", "时间"), Words::default(), known);
    let mut table = Table::<1, Signed>::new([&axis]);
    for (left, _, contract) in to_renew(view, contracts) {
        let band = ends.iter().position(|end| left <= *end).and_then(|at| names.get(at));
        count(table.at([band.map(String::as_str)]), contract, view);
    }
    let columns = columns().into_iter().take(2).collect();
    table.draw("renewals", Label::new("Renewals", "续约"), columns)
}

/// Lists the contracts to be renewed.
fn renewal_list(view: &View<'_>, contracts: &[&Record]) -> Sheet {
    let owners = Axis::people(view, "owner", Label::new("Owner", "负责人"));
    let columns = vec![
        Column::text("number", "Number", "编号"),
        Column::text("customer", "Customer", "客户").weighing(Weight::Main),
        owners.column(),
        Column::of("amount", "Amount", "金额", ColumnType::Money),
        Column::of("renewal_on", "Renewal", "续约日期", ColumnType::Date),
        Column::of("left", "Days", "剩余天数", ColumnType::Integer),
    ];
    let mut sheet = Sheet::new("to_renew", Label::new("To be renewed", "待续约合同").into(), columns);
    let own = |one: &Record| one.money("amount").filter(|_| foreign(one, view.snapshot).is_none());
    let row = |(left, day, one): (i64, NaiveDate, &Record)| {
        vec![
            Cell::text(one.number.as_str()),
            Cell::text(view.name_of_customer(one)),
            owners.cell(owners.place(one.text("owner"))),
            own(one).map_or(Cell::Empty, Cell::Money),
            Cell::Date(day),
            Cell::Integer(left),
        ]
    };
    sheet.rows = to_renew(view, contracts).into_iter().map(row).collect();
    sheet.whole = true;
    sheet
}

fn columns() -> Vec<Figure<Signed>> {
    vec![
        Figure::count("contracts", "Contracts", "合同", |row: &Signed| row.contracts),
        Figure::amount("amount", "Amount", "合同金额", |row: &Signed| row.amount),
        Figure::amount("received", "Received", "已收", |row: &Signed| row.received),
        Figure::amount("outstanding", "Outstanding", "未收", |row: &Signed| row.outstanding),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{contract, lines, run, run_where, sales, sheet, snapshot_of};
    use super::super::{Input, Period, PeriodFlags};
    use super::*;

    #[test]
    fn standing_owners_months_and_renewals() {
        let document = run(&REPORT, &sales());
        for (key, rows) in [
            (
                "standing",
                &[
                    "draft 1 6,000.00 0.00 0.00",
                    "signed 1 800.00 900.00 0.00",
                    "active 2 9,000.00 3,300.00 5,700.00",
                    "expired 1 5,000.00 0.00 5,000.00",
                    "terminated 1 1,000.00 0.00 400.00",
                    "total 6 21,800.00 4,200.00 11,100.00",
                ][..],
            ),
            (
                "owners",
                &[
                    "rep.a 3 10,800.00 4,200.00 6,100.00",
                    "rep.b 2 5,000.00 0.00 5,000.00",
                    "total 5 15,800.00 4,200.00 11,100.00",
                ],
            ),
            (
                "months",
                &[
                    "2025-11 1 5,000.00 0.00 5,000.00",
                    "2025-12 1 1,000.00 0.00 400.00",
                    "2026-01 1 9,000.00 3,300.00 5,700.00",
                    "2026-03 2 800.00 900.00 0.00",
                    "total 5 15,800.00 4,200.00 11,100.00",
                ],
            ),
            ("renewals", &["30 1 9,000.00", "90 1 0.00", "total 2 9,000.00"]),
            (
                "to_renew",
                &[
                    "CON-2026-001 示例客户1 rep.a 9,000.00 2026-04-11 24",
                    "CON-2026-005 示例客户3 rep.b · 2026-06-11 85",
                ],
            ),
        ] {
            assert_eq!(lines(sheet(&document, key)), rows, "{key}");
        }
    }

    #[test]
    fn a_period_is_of_the_signature() {
        let snapshot = sales();
        let flags = PeriodFlags { month: Some("2026-03"), ..PeriodFlags::default() };
        let period = Period::parse(&flags, snapshot.as_of.today()).unwrap();
        let document = REPORT.run(&Input { period, ..Input::new(&snapshot) }).unwrap();
        assert_eq!(lines(sheet(&document, "standing")).last().unwrap(), "total 2 800.00 900.00 0.00");
        let mine = run_where(&REPORT, &snapshot, "customer = B2B-2026-002");
        assert_eq!(lines(sheet(&mine, "owners"))[0], "rep.a 1 1,000.00 0.00 400.00");
    }

    #[test]
    fn renewals_by_the_day() {
        let ending =
            |n: u32, day: &str, words: &str| contract(n, &format!("status=signed renewal_on={day} {words}"), &[], &[]);
        let all = vec![
            ending(1, "2026-03-17", ""),
            ending(2, "2026-03-18", ""),
            ending(3, "2026-04-17", ""),
            ending(4, "2026-04-18", ""),
            ending(5, "2026-06-16", ""),
            ending(6, "2026-06-17", ""),
            ending(7, "2026-04-17", ""),
            ending(8, "2027-01-01", "renews=CON-2026-007"),
        ];
        let document = run(&REPORT, &snapshot_of(all));
        assert_eq!(lines(sheet(&document, "renewals")), ["30 2 0.00", "60 1 0.00", "90 1 0.00", "total 4 0.00"]);
        let days = |line: &String| line.rsplit(' ').next().unwrap().parse::<i64>().unwrap();
        assert_eq!(lines(sheet(&document, "to_renew")).iter().map(days).collect::<Vec<_>>(), [0, 30, 31, 90]);
    }
}
